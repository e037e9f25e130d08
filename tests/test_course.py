"""Every chapter says what it teaches and needs, has exercises with solutions, and leads on."""

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
EXERCISE = re.compile(r"\{exercise\}.*\n:label: (\S+)")
SOLUTION = re.compile(r"\{solution(?:-start)?\} (\S+)\n:class: dropdown$", re.MULTILINE)


def cells_of(name: str) -> list[tuple[str, str]]:
    """Return each cell of a chapter as its type and its source."""
    return [(cell.cell_type, cell.source) for cell in read(ROOT / f"{name}.ipynb").cells]


def faults(cells: list[tuple[str, str]], following: str | None) -> list[str]:
    """Name what a chapter lacks; `following` is the next chapter, None after the last one."""
    text = "\n\n".join(source for kind, source in cells if kind == "markdown")
    # A line that is broken in the source is none on the page.
    found = [f"no {part!r}" for part in PARTS if part not in text.replace("\n", " ")]
    exercises, solutions = EXERCISE.findall(text), SOLUTION.findall(text)
    if not 3 <= len(exercises) <= 6:
        found.append(f"{len(exercises)} exercises, expected 3 to 6")
    if exercises != solutions:
        found.append(f"hidden solutions {solutions} to exercises {exercises}")
    targets = [match["target"] for match in NEXT.finditer(cells[-1][1])]
    if len(targets) != 1 or (following and targets[0] != f"{Path(following).name}.ipynb"):
        found.append(f"next {targets}, expected {following}")
    return found + unchecked_answers(cells)


def unchecked_answers(cells: list[tuple[str, str]]) -> list[str]:
    """Name the hidden answers to the clinic that nothing asserts to be right."""
    found, inside = [], False
    for kind, source in cells:
        if kind == "markdown":
            inside = source.rfind("{solution-start}") > source.rfind("{solution-end}") or (
                inside and "{solution-end}" not in source
            )
        elif inside and "diagnose(" in source and "\nassert " not in source:
            found.append(f"an answer that nothing asserts: {source}")
    return found


@pytest.mark.parametrize(
    ("name", "following"),
    [pytest.param(*pair, id=pair[0]) for pair in zip_longest(CHAPTERS, CHAPTERS[1:])],
)
def test_chapter_is_whole(name, following):
    assert faults(cells_of(name), following) == []


ANSWER = 'answer = diagnose("yhat - y", "dJ_dz2")\nassert answer.ok'
WHOLE = [
    ("markdown", "# Title\n\n**You will be able to**\n\n- read.\n"),
    ("markdown", "**You need** nothing. Reading\ntime: 5 minutes."),
    ("markdown", "## Exercises\n\n```{exercise} One\n:label: ex-1\n```"),
    ("markdown", "```{solution} ex-1\n:class: dropdown\n```"),
    ("markdown", "```{exercise} Two\n:label: ex-2\n```"),
    ("markdown", "```{solution} ex-2\n:class: dropdown\n```"),
    ("markdown", "```{exercise} Three\n:label: ex-3\n```"),
    ("markdown", "```{solution-start} ex-3\n:class: dropdown\n```"),
    ("code", ANSWER),
    ("markdown", "```{solution-end}\n```"),
    ("markdown", "## Recap\n\n[Next: The second](second.ipynb)"),
]


def test_a_whole_chapter_has_no_fault():
    assert faults(WHOLE, "chapters/second") == []
    assert faults(WHOLE, None) == []


@pytest.mark.parametrize(
    ("written", "changed", "fault"),
    [
        ("**You will be able to**", "", r"no '\*\*You will be able to\*\*'"),
        ("**You need** nothing", "", r"no '\*\*You need\*\*'"),
        ("Reading\ntime: 5 minutes", "", "no 'Reading time: '"),
        ("## Recap", "", "no '## Recap'"),
        ("{exercise} Two", "{note} Two", "2 exercises, expected 3 to 6"),
        ("```{solution} ex-1", "```{solution} ex-9", "hidden solutions"),
        ("ex-1\n:class: dropdown", "ex-1", "hidden solutions"),
        ("second.ipynb", "third.ipynb", r"next \['third.ipynb'\], expected chapters/second"),
        ("[Next: The second](second.ipynb)", "", r"next \[\], expected chapters/second"),
        ("\nassert answer.ok", "", "an answer that nothing asserts"),
    ],
)
def test_a_chapter_that_lacks_something_is_refused(written, changed, fault):
    cells = [(kind, source.replace(written, changed)) for kind, source in WHOLE]
    assert cells != WHOLE
    assert any(re.match(fault, each) for each in faults(cells, "chapters/second"))
