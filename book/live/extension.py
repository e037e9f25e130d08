"""Sphinx extension: Python for the pages, placed where their worker looks for it."""

from pathlib import Path

from sphinx.application import Sphinx

from book.live.site import place


def place_python(app: Sphinx) -> None:
    """Put Python, or the reason why it isn't there, beside the worker's own files."""
    if app.builder.format == "html":
        place(Path(app.confdir), Path(app.outdir) / "_static" / "live")


def setup(app: Sphinx) -> dict[str, bool]:
    """Connect the extension to Sphinx."""
    app.connect("builder-inited", place_python)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
