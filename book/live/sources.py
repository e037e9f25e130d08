"""Gather Pyodide's files into a cache, from its release site or from a package registry.

`python -m book.live` runs this. Every file is verified against the sums in `pyodide.json`, so any
source will do: what is wrong is refused, whoever sent it. Nothing is fetched twice.
"""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.request import urlopen
from zipfile import ZipFile

from tqdm import tqdm

from book.live.pin import PINNED

RELEASE = "https://cdn.jsdelivr.net/pyodide/v{version}/full/"
SECONDS = 10
BLOCK = 1 << 18
# A package on PyPI whose wheel holds Pyodide whole; the sums of these files are the official ones.
CARRIER = "open-webui==0.12.4"
FOLDER_IN_CARRIER = "open_webui/frontend/pyodide/"

# A source yields names and contents of files; it may stop with an OSError.
Source = Callable[[dict[str, str]], Iterator[tuple[str, bytes]]]


class UnavailableError(Exception):
    """Pyodide's files could not be gathered: the message says which, and why."""


def pins() -> dict[str, Any]:
    """Return the part of Pyodide's official lock file that is pinned."""
    return json.loads(PINNED.read_text(encoding="utf-8"))


def sums(pinned: dict[str, Any]) -> dict[str, str]:
    """Return the sha256 sum of each file that is needed, under the file's name."""
    wheels = {each["file_name"]: each["sha256"] for each in pinned["packages"].values()}
    return pinned["core"] | wheels


def from_release(wanted: dict[str, str]) -> Iterator[tuple[str, bytes]]:
    """Yield each wanted file from the site of Pyodide's releases."""
    base = RELEASE.format(version=pins()["version"])
    for name in wanted:
        with urlopen(base + name, timeout=SECONDS) as answer:
            size = int(answer.headers.get("Content-Length") or 0)
            with tqdm(total=size or None, unit="B", unit_scale=True, desc=name[:40]) as bar:
                content = bytearray()
                while block := answer.read(BLOCK):
                    content += block
                    bar.update(len(block))
        yield name, bytes(content)


def from_registry(wanted: dict[str, str]) -> Iterator[tuple[str, bytes]]:
    """Yield each wanted file out of a wheel of 106 MB, which pip downloads."""
    with TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "pip", "download", "--disable-pip-version-check"]
        # The wheel is only unpacked, never installed, so its own demands don't matter.
        only = ["--no-deps", "--only-binary=:all:", "--ignore-requires-python"]
        try:
            subprocess.run([*command, *only, "--retries=1", "--dest", folder, CARRIER], check=True)
        except subprocess.CalledProcessError as error:
            raise OSError(f"pip could not download {CARRIER}") from error
        (wheel,) = Path(folder).glob("*.whl")
        with ZipFile(wheel) as archive:
            there = set(archive.namelist())
            for name in wanted:
                if FOLDER_IN_CARRIER + name in there:
                    yield name, archive.read(FOLDER_IN_CARRIER + name)


SOURCES: dict[str, Source] = {
    "the site of Pyodide's releases": from_release,
    f"the wheel {CARRIER}": from_registry,
}


def is_right(content: bytes, wanted_sum: str) -> bool:
    """Tell whether the content has the sha256 sum that the official lock names."""
    return sha256(content).hexdigest() == wanted_sum


def missing(cache: Path, wanted: dict[str, str]) -> dict[str, str]:
    """Return the wanted files that the cache doesn't hold, or holds with another sum."""
    return {
        name: wanted_sum
        for name, wanted_sum in wanted.items()
        if not (cache / name).is_file() or not is_right((cache / name).read_bytes(), wanted_sum)
    }


def gather(
    cache: Path, wanted: dict[str, str], sources: dict[str, Source] = SOURCES
) -> dict[str, Path]:
    """Return where each wanted file lies in the cache, fetching and verifying what it lacks.

    `wanted` has the sha256 sum of each file. The sources are asked in turn, each for what is
    missing still. Raises UnavailableError if some file can't be had, or only with another sum.
    """
    cache.mkdir(parents=True, exist_ok=True)
    refusals: list[str] = []
    for source_name, source in sources.items():
        absent = missing(cache, wanted)
        if not absent:
            break
        print(f"Python for the pages: {len(absent)} files from {source_name}", file=sys.stderr)
        try:
            for name, content in source(absent):
                if is_right(content, wanted[name]):
                    store(cache / name, content)
                else:
                    refusals.append(
                        f"{name} from {source_name} is refused: its sha256 sum is "
                        f"{sha256(content).hexdigest()}, expected {wanted[name]}"
                    )
        except OSError as error:
            refusals.append(f"{source_name} doesn't answer: {error}")
    if absent := missing(cache, wanted):
        first, *others = absent
        more = f" and {len(others)} more files" if others else ""
        raise UnavailableError(f"{first}{more} can't be had ({'; '.join(refusals)})")
    return {name: cache / name for name in wanted}


def store(path: Path, content: bytes) -> None:
    """Write the file whole or not at all: a second process may be reading."""
    part = path.with_name(path.name + ".part")
    part.write_bytes(content)
    part.replace(path)
