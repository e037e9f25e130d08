"""Every chapter says what it teaches and needs, has exercises with solutions, and leads on."""

import re
from itertools import zip_longest
from pathlib import Path
from typing import NamedTuple

import pytest
from nbformat import NotebookNode

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


class Cell(NamedTuple):
    """A cell's type, its source, and what a code cell shows as plain text."""

    kind: str
    source: str
    shown: str = ""


def cells_of(name: str) -> list[Cell]:
    """Return the cells of a chapter."""
    return [
        Cell(cell.cell_type, cell.source, "".join(map(shown, cell.get("outputs", []))))
        for cell in read(ROOT / f"{name}.ipynb").cells
    ]


def shown(output: NotebookNode) -> str:
    """Return a result as plain text, and nothing for printed text."""
    return output.get("data", {}).get("text/plain", "")


def faults(cells: list[Cell], following: str | None) -> list[str]:
    """Name what a chapter lacks; `following` is the next chapter, None after the last one."""
    text = "\n\n".join(cell.source for cell in cells if cell.kind == "markdown")
    # A line that is broken in the source is none on the page.
    found = [f"no {part!r}" for part in PARTS if part not in text.replace("\n", " ")]
    exercises, solutions = EXERCISE.findall(text), SOLUTION.findall(text)
    if not 3 <= len(exercises) <= 6:
        found.append(f"{len(exercises)} exercises, expected 3 to 6")
    if exercises != solutions:
        found.append(f"hidden solutions {solutions} to exercises {exercises}")
    targets = [match["target"] for match in NEXT.finditer(cells[-1].source)]
    if len(targets) != 1 or (following and targets[0] != f"{Path(following).name}.ipynb"):
        found.append(f"next {targets}, expected {following}")
    return found + clinic_faults(cells)


def clinic_faults(cells: list[Cell]) -> list[str]:
    """Name the attempts of exercises that are right, and the answers that nothing asserts."""
    found, in_exercises, in_solution = [], False, False
    for kind, source, answer in cells:
        if kind == "markdown":
            in_exercises = in_exercises or source.startswith("## Exercises")
            start, end = source.rfind("{solution-start}"), source.rfind("{solution-end}")
            in_solution = start > end or (in_solution and end < 0)
        elif in_exercises and "diagnose(" in source:
            if in_solution and "\nassert " not in source:
                found.append(f"an answer that nothing asserts: {source}")
            if not in_solution and answer.startswith("Right."):
                found.append(f"an attempt that is right: {source}")
    return found


@pytest.mark.parametrize(
    ("name", "following"),
    [pytest.param(*pair, id=pair[0]) for pair in zip_longest(CHAPTERS, CHAPTERS[1:])],
)
def test_chapter_is_whole(name, following):
    assert faults(cells_of(name), following) == []


ANSWER = 'answer = diagnose("yhat - y", "dJ_dz2")\nassert answer.ok'
WHOLE = [
    Cell("markdown", "# Title\n\n**You will be able to**\n\n- read.\n"),
    Cell("markdown", "**You need** nothing. Reading\ntime: 5 minutes."),
    Cell("markdown", "## Exercises\n\n```{exercise} One\n:label: ex-1\n```"),
    Cell("markdown", "```{solution} ex-1\n:class: dropdown\n```"),
    Cell("markdown", "```{exercise} Two\n:label: ex-2\n```"),
    Cell("markdown", "```{solution} ex-2\n:class: dropdown\n```"),
    Cell("markdown", "```{exercise} Three\n:label: ex-3\n```"),
    Cell("code", 'diagnose("y - yhat", "dJ_dz2")', "Sign. This is exactly −∂J/∂z₂"),
    Cell("markdown", "```{solution-start} ex-3\n:class: dropdown\n```"),
    Cell("code", ANSWER, "Right. This is ∂J/∂z₂"),
    Cell("markdown", "```{solution-end}\n```"),
    Cell("markdown", "## Recap\n\n[Next: The second](second.ipynb)"),
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
        ("Sign. This is exactly −", "Right. This is ", "an attempt that is right"),
    ],
)
def test_a_chapter_that_lacks_something_is_refused(written, changed, fault):
    cells = [Cell(*(part.replace(written, changed) for part in cell)) for cell in WHOLE]
    assert cells != WHOLE
    assert any(re.match(fault, each) for each in faults(cells, "chapters/second"))
