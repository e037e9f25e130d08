"""The built book behind a local server, and a browser that reaches nothing else."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import BinaryIO

import pytest
from accessibility import Looks
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from book.build import HTML, build
from book.chromium import FLAGS, find

ROOT = Path(__file__).parents[2]
PATIENCE = 60_000  # milliseconds
WINDOW = {"width": 1280, "height": 900}


class QuietHandler(SimpleHTTPRequestHandler):
    """Serve files without a line on the terminal for each."""

    def log_message(self, *_: object) -> None:
        pass

    def copyfile(self, source: BinaryIO, outputfile: BinaryIO) -> None:
        """Send a file; a browser may have left the page before it is there."""
        with suppress(BrokenPipeError, ConnectionResetError):
            super().copyfile(source, outputfile)


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve the folder on 127.0.0.1 and yield the address, with no slash at its end."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(QuietHandler, directory=folder))
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture(scope="session")
def html(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Path:
    """Build the book, once for all processes of this test run, and return the pages' folder."""
    shared = tmp_path_factory.getbasetemp()
    if hasattr(request.config, "workerinput"):
        shared = shared.parent
    with (shared / "book.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        built = shared / "book.built"
        if not built.exists():
            build(ROOT)
            built.touch()
    return ROOT / HTML


@pytest.fixture(scope="session")
def address(html: Path) -> Iterator[str]:
    """Return the address under which the book is served."""
    with served(html) as url:
        yield url


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Return a headless Chromium."""
    path = find()
    assert path, "no Chromium found: run `make test`, which installs one"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def profile(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[BrowserContext]:
    """Return a browser that keeps what it has loaded and compiled, as a reader's does."""
    context = kept_profile(browser, tmp_path_factory.mktemp("profile"))
    yield context
    context.close()


def kept_profile(browser: Browser, folder: Path) -> BrowserContext:
    """Return a browser that keeps what it has loaded in the folder."""
    return browser.browser_type.launch_persistent_context(
        folder, executable_path=find(), args=list(FLAGS), viewport=WINDOW
    )


@pytest.fixture(scope="session")
def looks() -> Looks:
    """Return the looks of the texts that could be read on the pages opened so far."""
    return Looks()


@pytest.fixture(scope="module")
def patience() -> Iterator[None]:
    """Wait as long as Python may take to start, on a machine that does other things as well."""
    expect.set_options(timeout=PATIENCE)
    yield
    expect.set_options(timeout=5000)


@pytest.fixture
def blank(profile: BrowserContext) -> Iterator[Page]:
    """Return an empty page."""
    page = profile.new_page()
    yield page
    page.close()


@pytest.fixture
def alien(browser: Browser) -> Iterator[Page]:
    """Return an empty page in a browser that knows nothing and allows nothing yet."""
    context = browser.new_context(viewport=WINDOW)
    yield context.new_page()
    context.close()
