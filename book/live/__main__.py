"""`python -m book.live` gathers what the pages' Python is made of, before a build needs it."""

from pathlib import Path

from book.live.site import CACHE
from book.live.sources import UnavailableError, gather, pins, sums

try:
    files = gather(Path.cwd() / CACHE, sums(pins()))
except UnavailableError as reason:
    raise SystemExit(f"Live code won't be in the pages: {reason}") from reason
print(f"Python for the pages: {len(files)} files are in {CACHE}, each with its official sum")
