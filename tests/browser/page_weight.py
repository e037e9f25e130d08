"""What a page transfers before the reader asks for anything: every file, as a server packs it."""

import gzip
from typing import ClassVar

from playwright.sync_api import Response

# What every page loads has the same bytes each time: it is packed once.
SHARED = "/_static/"
PACKED_ALREADY = (".woff", ".woff2", ".png", ".jpg", ".xz")


class Weight:
    """The bytes of each file that a page loads, after compression by gzip."""

    shared: ClassVar[dict[str, int]] = {}

    def __init__(self) -> None:
        self.answers: dict[str, Response] = {}

    def add(self, response: Response) -> None:
        """Keep the answer; its body is read when all have arrived."""
        if not response.url.startswith(("data:", "blob:")):
            self.answers[response.url] = response

    def files(self) -> dict[str, int]:
        """Return the bytes of each file, the heaviest first."""
        sizes = {url: self.size(url, answer) for url, answer in self.answers.items()}
        return dict(sorted(sizes.items(), key=lambda item: -item[1]))

    def size(self, url: str, answer: Response) -> int:
        """Return the bytes of one file."""
        if SHARED not in url:
            return packed(url, answer.body())
        if url not in self.shared:
            self.shared[url] = packed(url, answer.body())
        return self.shared[url]

    def total(self) -> int:
        """Return the bytes of all files together."""
        return sum(self.files().values())

    def heaviest(self) -> str:
        """Return the heaviest files, one a line."""
        return "\n".join(f"{size:>9,} {url}" for url, size in list(self.files().items())[:5])


def packed(url: str, body: bytes) -> int:
    """Return the length of a body, packed unless it is already."""
    path = url.partition("?")[0]
    return len(body) if path.endswith(PACKED_ALREADY) else len(gzip.compress(body))
