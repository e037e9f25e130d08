"""The Content-Security-Policy of the pages: the site's own files, WebAssembly, and nothing else.

A page's few scripts without a file come from the theme. Each is allowed by its hash, taken from the
page as it was written, so a change of the theme needs no change here; a script that anything adds
later has no hash and is refused. Styles stay open: MathJax writes its own as it sets a formula.
"""

import re
from base64 import b64encode
from hashlib import sha256
from html import escape
from html.parser import HTMLParser

RULES = {
    "default-src": "'none'",
    "base-uri": "'none'",
    "connect-src": "'self'",
    "font-src": "'self'",
    "form-action": "'self'",
    "img-src": "'self' data:",
    "manifest-src": "'self'",
    "script-src": "'self' 'wasm-unsafe-eval'",
    "style-src": "'self' 'unsafe-inline'",
    "worker-src": "'self'",
}
# JupyterLab compiles the checks of its settings from text, and shows files and results by addresses
# of their own.
LAB_RULES = RULES | {
    "frame-src": "blob:",
    "img-src": "'self' data: blob:",
    "media-src": "'self' data: blob:",
    "script-src": "'self' 'wasm-unsafe-eval' 'unsafe-eval'",
}
PLACE = re.compile(r'<meta charset="utf-8" ?/?>')


class InlineCode(HTMLParser):
    """The scripts that a page's own text holds, and the handlers that its tags name."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=False)
        self.scripts: set[str] = set()
        self.handlers: set[str] = set()
        self.inside = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note each handler such as onclick; the text of a script without an address follows."""
        self.handlers |= {value or "" for name, value in attrs if name.startswith("on")}
        self.inside = tag == "script" and "src" not in dict(attrs)

    def handle_data(self, data: str) -> None:
        """Note the text of a script."""
        if self.inside:
            self.scripts.add(data)
            self.inside = False

    def handle_endtag(self, tag: str) -> None:
        """Leave an empty script."""
        self.inside = False


def source(code: str) -> str:
    """Return what allows exactly this code."""
    return f"'sha256-{b64encode(sha256(code.encode()).digest()).decode()}'"


def policy(page: str, rules: dict[str, str] = RULES) -> str:
    """Return the policy of a page, with the hashes of the scripts that it was written with."""
    code = InlineCode(page)
    allowed = [rules["script-src"], *sorted(map(source, code.scripts))]
    if code.handlers:
        allowed += ["'unsafe-hashes'", *sorted(map(source, code.handlers))]
    return "; ".join(f"{k} {v}" for k, v in (rules | {"script-src": " ".join(allowed)}).items())


def with_policy(page: str, rules: dict[str, str] = RULES) -> str:
    """Return a page with its policy at the head's beginning, before anything is loaded.

    Raises ValueError when the page has no place for it.
    """
    if (place := PLACE.search(page)) is None:
        raise ValueError(
            'with_policy: the page has no <meta charset="utf-8" />, after which the policy belongs'
        )
    named = 'http-equiv="Content-Security-Policy"'
    rule = f'\n    <meta {named} content="{escape(policy(page, rules))}" />'
    return page[: place.end()] + rule + page[place.end() :]
