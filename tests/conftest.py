"""What all tests share: who runs which of them, quiet for what is timed, a summary of figures."""

import fcntl
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

# How a test's name says that it belongs to a page.
PAGE = re.compile(r"page:[\w/]+")


def pytest_configure(config: pytest.Config) -> None:
    """Make the marker known, and keep the order in which the tests are collected."""
    config.addinivalue_line("markers", "alone: no other test runs meanwhile, because it is timed")
    config.option.loadscopereorder = False


def file_or_page(nodeid: str) -> str:
    """Return the page of the book that the test is of, or else its file."""
    page = PAGE.search(nodeid)
    return page[0] if page else nodeid.partition("::")[0]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the file that is timed, and end with what needs the built pages.

    One process builds them then, for what is timed, and no other has to wait until they are there.
    The pages come last, because each takes little: no process has to wait for another in the end.
    """
    timed, built = set(), set()
    for item in items:
        if item.get_closest_marker("alone"):
            timed.add(file_or_page(item.nodeid))
        if "html" in getattr(item, "fixturenames", ()):
            built.add(file_or_page(item.nodeid))

    def turn(item: pytest.Item) -> tuple[bool, bool, bool]:
        place = file_or_page(item.nodeid)
        return place not in timed, place in built, PAGE.fullmatch(place) is not None

    items.sort(key=turn)


class ByFileOrPage(LoadScopeScheduling):
    """Leave the tests of a file to one process, and those of one page of the book to another."""

    def _split_scope(self, nodeid: str) -> str:
        return file_or_page(nodeid)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> ByFileOrPage:
    """Return what deals the tests out to the processes."""
    return ByFileOrPage(config, log)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """Keep the other processes of this run waiting while a test runs that is marked `alone`."""
    if not hasattr(item.config, "workerinput"):
        return (yield)
    shared = Path(item.config.option.basetemp).parent
    kind = fcntl.LOCK_EX if item.get_closest_marker("alone") else fcntl.LOCK_SH
    with (shared / "room.lock").open("w") as room:
        # Who waits for an empty room holds the door: otherwise it might never be empty.
        with (shared / "door.lock").open("w") as door:
            fcntl.flock(door, fcntl.LOCK_EX)
            fcntl.flock(room, kind)
        return (yield)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what the tests counted, added up over them, and what they measured."""
    counted: dict[str, Counter] = defaultdict(Counter)
    for report in terminalreporter.stats.get("passed", []):
        for name, figures in getattr(report, "user_properties", []):
            if isinstance(figures, dict):
                counted[name] += Counter(figures)
            else:
                terminalreporter.write_line(f"{name}: {figures}")
    for name, figures in counted.items():
        words = ", ".join(f"{number} {what}" for what, number in figures.items())
        terminalreporter.write_line(f"{name}: {words}")
