"""Lines of code that update a parameter, and the code in which they come last."""

import re

UPDATE = re.compile(r"\s*([Wb]\d)\s*([-+]=|=\s*\1\s*[-+])")


def updates_last(text: str) -> str:
    """Return lines of which those that update a parameter, W2 -= … or W2 = W2 - …, come last."""
    lines = [line for line in text.split("\n") if line.strip()]
    updates = [line for line in lines if UPDATE.match(line)]
    return "\n".join([line for line in lines if line not in updates] + updates)
