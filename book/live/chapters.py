"""Which chapters can't run in a page, and why."""

import json
from pathlib import Path

# A notebook's metadata has the reason under this name; the page shows it.
KEY = "not_in_page"


def reason(notebook: Path) -> str | None:
    """Return why the cells of a notebook can't run in a page, or None if they can."""
    metadata = json.loads(notebook.read_text(encoding="utf-8"))["metadata"]
    found = metadata.get(KEY)
    if found is not None and not (isinstance(found, str) and found.strip()):
        raise ValueError(
            f"{notebook}: {KEY} is {found!r}, expected a sentence, because the page shows it"
        )
    return found
