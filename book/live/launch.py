"""Where a chapter's launch links lead: JupyterLite among the pages, Binder, a copy for Colab."""

from pathlib import Path
from typing import Any

from sphinx.application import Sphinx

from book.live.colab import BRANCH
from book.live.site import is_available


def adapt_links(
    app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: object
) -> None:
    """Change the links that the theme has made, where this repository's layout differs."""
    options = app.config["html_theme_options"]
    main = options["repository_branch"]
    for group in context.get("header_buttons", []):
        if group.get("label") == "launch-buttons":
            buttons = group["buttons"]
            if not is_available(Path(app.outdir)):
                buttons[:] = [each for each in buttons if each["text"] != "JupyterLite"]
            for button in buttons:
                button["url"] = adapted(button["text"], button["url"], main, context["pathto"])


def adapted(name: str, url: str, main: str, pathto: Any) -> str:
    """Return the address for one launcher.

    JupyterLite's is among the pages, wherever they are served: it is written from this page on.
    Colab has no way to install a package before it opens a notebook, so it opens a copy that does.
    """
    if name == "JupyterLite":
        entry, question, query = url.partition("?")
        return pathto(entry, 1) + question + query
    if name == "Colab":
        return url.replace(f"/blob/{main}/", f"/blob/{BRANCH}/")
    return url
