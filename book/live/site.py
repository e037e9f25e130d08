"""Write the site's own Python among the built pages, and `live.json`, which tells what is there."""

import json
import sys
from base64 import b64encode
from hashlib import sha256
from pathlib import Path
from shutil import copyfile
from typing import Any

from book.live.bytecode import STANDARD_LIBRARY, with_bytecode
from book.live.lite import place_packages
from book.live.packs import modules_that_import, packed, packs
from book.live.sources import SOURCES, Source, UnavailableError, gather, pins, sums

# In the folder of the project; git ignores it, and `make clean` leaves it: it was downloaded.
CACHE = Path(".cache") / "live"
MANIFEST = "live.json"
# Where the pages' worker and the files that it loads are, from the pages' folder.
FOLDER = Path("_static") / "live"
# The part of Python's standard library, compiled, that Python begins with.
START = "start"
# The pack that a page loads only when a cell's imports need it, and what else is imported from it.
ON_DEMAND = "matplotlib"
ALSO = ("PIL", "mpl_toolkits", "pylab")


def place(root: Path, target: Path, sources: dict[str, Source] = SOURCES) -> dict[str, Any]:
    """Write Python for the pages of the project `root` into `target` and return its manifest.

    Where Pyodide's files can't be had, the manifest says so, and why, and nothing else is written.
    """
    target.mkdir(parents=True, exist_ok=True)
    try:
        manifest = placed(root, target, sources)
    except UnavailableError as reason:
        manifest = {"available": False, "reason": str(reason)}
        print(f"Live code isn't in this build: {reason}", file=sys.stderr)
    (target / MANIFEST).write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")
    return manifest


def placed(root: Path, target: Path, sources: dict[str, Source]) -> dict[str, Any]:
    """Write the core and the packs and return the manifest that names them."""
    pinned = pins()
    found = gather(root / CACHE, sums(pinned), sources)
    core = target / f"pyodide-{pinned['version']}"
    core.mkdir(exist_ok=True)
    for name in pinned["core"]:
        copyfile(found[name], core / name)
    place_packages(root, core, pinned, found)
    start, contents = with_bytecode(packs(root, pinned, found, root / CACHE), pinned, root / CACHE)
    files = {name: packed(name, content, root / CACHE) for name, content in contents.items()}
    start_name = f"{START}-{sha256(start).hexdigest()[:12]}.zip"
    (target / start_name).write_bytes(start)
    for path in files.values():
        copyfile(path, target / path.name)
    return {
        "available": True,
        "lock": {"info": pinned["info"], "packages": {}},
        "core": {
            f"{core.name}/{name}": (core / name).stat().st_size
            for name in pinned["core"]
            if name != STANDARD_LIBRARY
        }
        | {start_name: len(start)},
        "packs": {
            name: {
                "file": path.name,
                "size": path.stat().st_size,
                "integrity": integrity(path),
                "for": needed_by(name, root),
            }
            for name, path in files.items()
        },
    }


def is_available(html: Path) -> bool:
    """Tell whether the pages in the folder have Python."""
    manifest = html / FOLDER / MANIFEST
    return manifest.is_file() and json.loads(manifest.read_text(encoding="utf-8"))["available"]


def integrity(path: Path) -> str:
    """Return the file's sum in the form by which a browser checks it."""
    return "sha256-" + b64encode(sha256(path.read_bytes()).digest()).decode()


def needed_by(pack: str, root: Path) -> list[str] | None:
    """Return the modules for which the pack is needed; None if every cell may need it."""
    if pack != ON_DEMAND:
        return None
    return [pack, *ALSO, *modules_that_import(pack, root / "mlp_lib")]
