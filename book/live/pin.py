"""Write down what is needed of Pyodide's official lock file.

`npm pack pyodide@VERSION`, then `python -m book.live.pin pyodide-VERSION.tgz`, writes
`pyodide.json` beside this file: the sums by which `sources` verifies every file that it gathers.
"""

import json
import sys
import tarfile
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path
from typing import Any

PINNED = Path(__file__).with_name("pyodide.json")
CORE = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip")
# What the chapters import, and what a kernel in the browser installs with; what these need follows
# from the lock.
WANTED = ("numpy", "matplotlib", "micropip")


def closure(packages: dict[str, Any], wanted: Iterable[str]) -> list[str]:
    """Return the names of the packages and of all that they depend on, in alphabetical order."""
    found: set[str] = set()
    waiting = list(wanted)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += packages[name]["depends"]
    return sorted(found)


def pinned(archive: Path) -> dict[str, Any]:
    """Return what `pyodide.json` is to hold, read from the archive that `npm pack` writes."""
    with tarfile.open(archive) as tar:

        def content(name: str) -> bytes:
            return tar.extractfile(f"package/{name}").read()

        lock = json.loads(content("pyodide-lock.json"))
        return {
            "version": json.loads(content("package.json"))["version"],
            "info": lock["info"],
            "core": {name: sha256(content(name)).hexdigest() for name in CORE},
            "packages": {
                name: lock["packages"][name] for name in closure(lock["packages"], WANTED)
            },
        }


if __name__ == "__main__":
    PINNED.write_text(json.dumps(pinned(Path(sys.argv[1])), indent=1) + "\n", encoding="utf-8")
