"""What the clinic's form asks for: a diagnosis as data that JSON can hold, and as HTML."""

from typing import Any

from mlp_lib.equations import diagnose
from mlp_lib.equations.answers.shown import as_data, as_html


def diagnosed(**given: str) -> dict[str, Any]:
    """Return `diagnose(**given)` as data and as HTML; the attempt is text, and stays text."""
    found = diagnose(**given)
    return {"data": as_data(found), "html": as_html(found)}
