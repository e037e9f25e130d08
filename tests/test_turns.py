"""A test that is timed runs alone, and tests that belong together run in one process."""

import os
import subprocess
import sys
from itertools import product
from pathlib import Path

import pytest

CONFTEST = Path(__file__).with_name("conftest.py")
# Each test writes when it began and ended; a file's tests say which process ran them.
FILE = """
import os, time
import pytest

{mark}
@pytest.mark.parametrize("n", {params})
def test_a(n):
    begun = time.monotonic()
    time.sleep(0.4)
    with open("{name}", "a") as file:
        print(begun, time.monotonic(), os.getpid(), file=file)
"""


def run(folder: Path, *files: tuple[str, str, list[str]]) -> dict[str, list[tuple]]:
    """Run files of tests in two processes, each with a mark and parameters; return their notes."""
    (folder / "conftest.py").write_text(CONFTEST.read_text(encoding="utf-8"), encoding="utf-8")
    for name, mark, params in files:
        (folder / f"test_{name}.py").write_text(FILE.format(mark=mark, name=name, params=params))
    command = [sys.executable, "-m", "pytest", "-p", "xdist", "--numprocesses", "2"]
    # The other plugins would take longer than these tests.
    environment = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    done = subprocess.run(
        [*command, "-p", "no:cacheprovider"], cwd=folder, env=environment, capture_output=True
    )
    assert done.returncode == 0, done.stdout.decode()
    return {
        name: [
            (float(begun), float(ended), int(process))
            for begun, ended, process in map(str.split, (folder / name).read_text().splitlines())
        ]
        for name, *_ in files
    }


@pytest.mark.parametrize(("mark", "together"), [("@pytest.mark.alone", False), ("", True)])
def test_what_is_marked_runs_alone(tmp_path, mark, together):
    found = run(tmp_path, ("first", mark, ["a", "b"]), ("second", "", ["a", "b"]))
    overlaps = [
        max(a[0], b[0]) < min(a[1], b[1]) for a, b in product(found["first"], found["second"])
    ]
    assert any(overlaps) is together
    processes = {name: {process for *_, process in rows} for name, rows in found.items()}
    assert [len(each) for each in processes.values()] == [1, 1]
    assert processes["first"] != processes["second"]


def test_the_pages_of_a_file_are_dealt_out(tmp_path):
    found = run(tmp_path, ("first", "", ["page:a", "page:b"]))
    assert len({process for *_, process in found["first"]}) == 2
