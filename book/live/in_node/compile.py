"""Compile what is imported, in the Python of the pages: `compile.mjs` runs this in Node."""

import io
import marshal
import sys
import tarfile
from collections.abc import Collection
from importlib.util import MAGIC_NUMBER, source_hash
from types import ModuleType

# By PEP 552: the file is known by a sum of its source, and nothing looks for the source.
UNCHECKED = (0b01).to_bytes(4, "little")


def imported() -> dict[str, ModuleType]:
    """Return every module that has been imported from a source file, under the file's path."""
    return {
        module.__file__: module
        for module in list(sys.modules.values())
        if str(getattr(module, "__file__", "")).endswith(".py")
        # Not what is built into Python as bytecode.
        and hasattr(module.__loader__, "get_data")
    }


def compiled(path: str, source: bytes, undocumented: bool) -> bytes:
    """Return the bytecode of a module, as Python keeps it in files."""
    code = compile(source, path, "exec", dont_inherit=True, optimize=2 if undocumented else 0)
    return MAGIC_NUMBER + UNCHECKED + source_hash(source) + marshal.dumps(code)


def archive(first: Collection[str], undocumented: Collection[str]) -> bytes:
    """Return the bytecode of all that has been imported, as an archive.

    Of what was imported `first` it stands in the folder `first`, of the rest in `then`. Paths that
    begin as one of `undocumented` lose their docstrings.
    """
    written = io.BytesIO()
    with tarfile.open(fileobj=written, mode="w") as target:
        for path, module in sorted(imported().items()):
            source = module.__loader__.get_data(path)
            bytecode = compiled(path, source, path.startswith(tuple(undocumented)))
            entry = tarfile.TarInfo(("first" if path in first else "then") + path)
            entry.size = len(bytecode)
            target.addfile(entry, io.BytesIO(bytecode))
    return written.getvalue()
