"""The links of the built pages, read from their files."""

from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

HERE = "https://book.invalid/"
# The page for lost addresses names the others by their path on GitHub Pages.
SITE = "every-jacobian-has-a-shape/"


class Anchors(HTMLParser):
    """The ids that a page has, the addresses that it names, and those of them that are links."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: set[str] = set()
        self.addresses: list[str] = []
        self.links: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name == "id" or (tag == "a" and name == "name"):
                self.ids.add(value or "")
            elif name in ("href", "src"):
                self.addresses.append(value or "")
                if name == "href" and tag == "a":
                    self.links.append(value or "")


def broken_links(html: Path) -> list[str]:
    """Return `page: address` for every link within the pages that leads to no file or no id."""
    pages = {
        path.relative_to(html).as_posix(): Anchors(path.read_text(encoding="utf-8"))
        for path in html.rglob("*.html")
        if not {"_static", "lite"}.intersection(path.relative_to(html).parts)
    }
    return [
        f"{name}: {address}"
        for name, anchors in pages.items()
        for target, fragment, address in inner_links(name, anchors)
        if not (html / target).is_file()
        or (fragment and target in pages and fragment not in pages[target].ids)
    ]


def inner_links(name: str, anchors: Anchors) -> Iterator[tuple[str, str, str]]:
    """Yield file, fragment and the address as written, of every link to the book itself."""
    for address in anchors.addresses:
        absolute = urljoin(HERE + name, address)
        if absolute.startswith(HERE):
            parts = urlsplit(absolute)
            target = unquote(parts.path).lstrip("/").removeprefix(SITE)
            yield target or "index.html", unquote(parts.fragment), address
