"""Sphinx extension: Python for the pages, and JupyterLite, placed where the pages look for them."""

import json
from pathlib import Path

from sphinx.application import Sphinx

from book.live.launch import adapt_links
from book.live.lite import build_lite
from book.live.site import FOLDER, MANIFEST, is_available, place


def place_python(app: Sphinx) -> None:
    """Put Python, or the reason why it isn't there, beside the worker's own files."""
    if app.builder.format == "html":
        place(Path(app.confdir), Path(app.outdir) / FOLDER)


def place_lite(app: Sphinx, failure: Exception | None) -> None:
    """Build JupyterLite beside the pages, if their Python is there."""
    html = Path(app.outdir)
    if failure is None and is_available(html):
        manifest = json.loads((html / FOLDER / MANIFEST).read_text(encoding="utf-8"))
        entry = next(iter(manifest["core"]))
        build_lite(Path(app.confdir), html, (FOLDER / entry).as_posix())


def setup(app: Sphinx) -> dict[str, bool]:
    """Connect the extension to Sphinx."""
    app.connect("builder-inited", place_python)
    # After the theme has made the links.
    app.connect("html-page-context", adapt_links, priority=900)
    app.connect("build-finished", place_lite)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
