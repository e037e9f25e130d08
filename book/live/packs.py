"""The packs: archives that the page's worker unpacks beside Python's standard library.

One archive of many packages, compressed as a whole by xz, is a third smaller than their wheels.
"""

import ast
import json
import lzma
import re
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

from book.live.fonts import cut_down
from book.live.pin import closure
from book.live.sources import store
from book.live.wheels import (
    NOT_NEEDED,
    Files,
    installed_files,
    own_files,
    tarred,
    thinned,
    unzipped,
)

# Where the packs' files lie in the page's Python, and where its cells run.
PACKAGES = "lib/python{}/site-packages/"
BOOK = "home/pyodide/book/"
# What chapters read, from the folder `chapters`; of notebooks the text only.
DATA = ("chapters/*.ipynb", "chapters/*.json", "benchmarks/results/*")
# The pure packages that cells import, in the versions that the project pins.
PURE = ("lark", "tqdm")
# IPython's own modules for displaying; the folder `in_page` has what they need of the rest.
IPYTHON = (
    "IPython/display.py",
    "IPython/core/display.py",
    "IPython/core/display_functions.py",
    "IPython/core/release.py",
    "IPython/lib/display.py",
    "IPython/lib/pretty.py",
    "IPython/testing/skipdoctest.py",
)
IN_PAGE = Path(__file__).with_name("in_page")
# Of these packages the folder has what stands in for a part that is left out.
STOOD_IN_FOR = ("IPython", "numpy")
# Whoever unpacks a pack needs memory for the whole dictionary, on a telephone too: preset 9 alone
# has one of 64 MiB, and no pack is larger than this.
XZ = {"id": lzma.FILTER_LZMA2, "preset": 9, "dict_size": 1 << 24}
LARGE_FONT = re.compile(r"/(DejaVuSans(Mono)?(-\w+)?|STIX\w+)\.ttf$")


def packs(
    root: Path, pinned: dict[str, Any], found: dict[str, Path], cache: Path
) -> dict[str, Files]:
    """Return the files of each pack, under their paths in the page's Python.

    `found` has the files of Pyodide; the cache keeps the fonts that are cut down.
    """
    packages = pinned["packages"]
    version = ".".join(pinned["info"]["python"].split(".")[:2])

    def beside_python(files: Files) -> Files:
        return {PACKAGES.format(version) + path: content for path, content in files.items()}

    def official(names: list[str]) -> Files:
        return beside_python(
            {
                path: content
                for name in names
                for path, content in thinned(
                    name, unzipped(found[packages[name]["file_name"]].read_bytes())
                ).items()
            }
        )

    numpy = closure(packages, ["numpy"])
    drawing = [
        name
        for name in closure(packages, ["matplotlib"])
        if name not in numpy and name not in NOT_NEEDED
    ]
    pure = [thinned(name, installed_files(name)) for name in PURE]
    book = [own_files(root), *pure, installed_files("ipython", IPYTHON), in_page()]
    fonts_and_code = {
        path: cut_down(content, cache) if LARGE_FONT.search(path) else content
        for path, content in official(drawing).items()
    }
    return {
        "numpy": official(numpy),
        "matplotlib": fonts_and_code,
        "book": beside_python({path: text for files in book for path, text in files.items()})
        | data(root),
    }


def in_page() -> Files:
    """Return the modules that run the cells, and what stands in for parts of packages."""
    paths = {path: path.relative_to(IN_PAGE) for path in IN_PAGE.rglob("*.py")}
    return {
        (inner if inner.parts[0] in STOOD_IN_FOR else "in_page" / inner).as_posix(): (
            path.read_bytes()
        )
        for path, inner in paths.items()
    }


def data(root: Path) -> Files:
    """Return the files that chapters read, where their cells find them."""
    return {
        BOOK + path.relative_to(root).as_posix(): without_outputs(path)
        for pattern in DATA
        for path in sorted(root.glob(pattern))
    }


def without_outputs(path: Path) -> bytes:
    """Return the file's content, of a notebook without its outputs."""
    content = path.read_bytes()
    if path.suffix != ".ipynb":
        return content
    notebook = json.loads(content)
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            cell |= {"outputs": [], "execution_count": None}
    return json.dumps(notebook, ensure_ascii=False).encode()


def packed(name: str, files: Files, cache: Path) -> Path:
    """Return the pack as a file of the cache, whose name follows from what is in it."""
    raw = tarred(files)
    target = cache / f"{name}-{sha256(raw).hexdigest()[:12]}.tar.xz"
    if not target.exists():
        for old in cache.glob(f"{name}-*.tar.xz"):
            old.unlink()
        store(target, lzma.compress(raw, filters=[XZ]))
    return target


def modules_that_import(package: str, library: Path) -> list[str]:
    """Return the modules of a library that import a package, themselves or by other modules."""
    imported = {
        ".".join(path.relative_to(library.parent).with_suffix("").parts).removesuffix(
            ".__init__"
        ): set(imports(path))
        for path in library.rglob("*.py")
    }
    found: set[str] = set()
    while new := {
        module
        for module, names in imported.items()
        if module not in found
        and any(name.partition(".")[0] == package or name in found for name in names)
    }:
        found |= new
    return sorted(found)


def imports(path: Path) -> Iterator[str]:
    """Yield the name of every module that a file may import, and of what it takes from one."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
