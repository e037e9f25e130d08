"""Sphinx extension: Python for the pages, and JupyterLite, placed where the pages look for them."""

import json
from pathlib import Path

from sphinx.application import Sphinx

from book.live.lite import build_lite
from book.live.site import MANIFEST, place


def place_python(app: Sphinx) -> None:
    """Put Python, or the reason why it isn't there, beside the worker's own files."""
    if app.builder.format == "html":
        place(Path(app.confdir), Path(app.outdir) / "_static" / "live")


def place_lite(app: Sphinx, failure: Exception | None) -> None:
    """Build JupyterLite beside the pages, if their Python is there."""
    html = Path(app.outdir)
    manifest = html / "_static" / "live" / MANIFEST
    if failure is None and manifest.is_file():
        found = json.loads(manifest.read_text(encoding="utf-8"))
        if found["available"]:
            entry = next(iter(found["core"]))
            build_lite(Path(app.confdir), html, f"_static/live/{entry}")


def setup(app: Sphinx) -> dict[str, bool]:
    """Connect the extension to Sphinx."""
    app.connect("builder-inited", place_python)
    app.connect("build-finished", place_lite)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
