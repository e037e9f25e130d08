"""Every chapter says what it teaches and needs, closes with a recap, and leads on to the next.

(What its exercises must have is in test_exercises.py.)
"""

import re
from itertools import zip_longest
from pathlib import Path

import pytest

from book.build import documents
from book.notebooks import read

ROOT = Path(__file__).parents[1]
CHAPTERS = [name for name in documents(ROOT) if name.startswith("chapters/")]
PARTS = (
    "**You will be able to**", "**You need**", "Reading time: ", "## Exercises", "## Recap",
)  # fmt: skip
NEXT = re.compile(r"\[Next: [^\]]+\]\((?P<target>[^)]+)\)")


def texts_of(name: str) -> list[str]:
    """Return the texts of a chapter, one for each cell of text."""
    cells = read(ROOT / f"{name}.ipynb").cells
    return [cell.source for cell in cells if cell.cell_type == "markdown"]


def faults(texts: list[str], following: str | None) -> list[str]:
    """Name what a chapter lacks; `following` is the next chapter, None after the last one."""
    # A line that is broken in the source is none on the page.
    text = " ".join(texts).replace("\n", " ")
    found = [f"no {part!r}" for part in PARTS if part not in text]
    targets = [match["target"] for match in NEXT.finditer(texts[-1])]
    if len(targets) != 1 or (following and targets[0] != f"{Path(following).name}.ipynb"):
        found.append(f"next {targets}, expected {following}")
    return found


@pytest.mark.parametrize(
    ("name", "following"),
    [pytest.param(*pair, id=pair[0]) for pair in zip_longest(CHAPTERS, CHAPTERS[1:])],
)
def test_chapter_is_whole(name, following):
    assert faults(texts_of(name), following) == []


WHOLE = [
    "# Title\n\n**You will be able to**\n\n- read.",
    "**You need** nothing. Reading\ntime: 5 minutes.",
    "## Exercises",
    "## Recap\n\n[Next: The second](second.ipynb)",
]


def test_a_whole_chapter_has_no_fault():
    assert faults(WHOLE, "chapters/second") == []
    assert faults(WHOLE, None) == []


@pytest.mark.parametrize(
    ("written", "changed", "fault"),
    [
        ("**You will be able to**", "", "no '**You will be able to**'"),
        ("**You need** nothing", "", "no '**You need**'"),
        ("Reading\ntime: 5 minutes", "", "no 'Reading time: '"),
        ("## Exercises", "", "no '## Exercises'"),
        ("## Recap", "", "no '## Recap'"),
        ("second.ipynb", "third.ipynb", "next ['third.ipynb'], expected chapters/second"),
        ("[Next: The second](second.ipynb)", "", "next [], expected chapters/second"),
    ],
)
def test_a_chapter_that_lacks_something_is_refused(written, changed, fault):
    texts = [text.replace(written, changed) for text in WHOLE]
    assert texts != WHOLE
    assert fault in faults(texts, "chapters/second")
