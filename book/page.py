"""Sphinx extension: pages that load nothing from another host and that a screen reader can follow.

`templates/` beside this file holds the pieces of the theme that it replaces.
"""

from pathlib import Path
from typing import Any

from sphinx.application import Sphinx

from book.mathjax import copy_mathjax


def place_mathjax(app: Sphinx) -> None:
    """Put MathJax where `mathjax_path` says, before the first page asks for it."""
    copy_mathjax(Path(app.outdir) / "_static" / "mathjax")


def drop_third_parties(
    app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: object
) -> None:
    """Take every script and style sheet of another host out of the page."""
    for kind in ("script_files", "css_files"):
        context[kind] = [file for file in context[kind] if is_own(file)]


def is_own(file: Any) -> bool:
    """Tell whether a script or style sheet comes from the book's own pages."""
    return "//" not in str(getattr(file, "filename", None) or file)


def setup(app: Sphinx) -> dict[str, bool]:
    """Connect the extension to Sphinx."""
    app.connect("builder-inited", place_mathjax)
    # After the extensions that add scripts on the same event.
    app.connect("html-page-context", drop_third_parties, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
