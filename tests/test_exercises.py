"""The exercises of every chapter: hidden solutions, attempts to mend, code that isn't cut off."""

import re
from pathlib import Path

import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from book.build import documents
from book.notebooks import read

ROOT = Path(__file__).parents[1]
CHAPTERS = [ROOT / f"{name}.ipynb" for name in documents(ROOT) if name.startswith("chapters/")]
EXERCISE = re.compile(r"^```+\{exercise\}.*\n:label: (\S+)$", re.MULTILINE)
SOLUTION = re.compile(r"^```+\{solution-start\} (\S+)\n(:class: dropdown\n)?", re.MULTILINE)
END = "{solution-end}"
# How many characters of code a page of 1280 pixels shows in a line, in the text and in a solution.
WIDTH, WIDTH_IN_SOLUTION = 83, 80


def faults(notebook: NotebookNode) -> list[str]:
    """Return what is wrong with the exercises of a notebook."""
    found, exercises, solutions = [], [], []
    solution, to_mend = "", set()
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            if END in cell.source:
                solution = ""
            exercises += EXERCISE.findall(cell.source)
            for label, hidden in SOLUTION.findall(cell.source):
                solution = label
                solutions.append(label)
                if not hidden:
                    found.append(f"{label}: its solution isn't hidden")
        elif "diagnose(" in cell.source and exercises:
            if solution:
                to_mend -= {solution} if "assert found.ok" in cell.source else set()
            else:
                to_mend.add(exercises[-1])
                found += attempt_faults(cell, exercises[-1])
        found += width_faults(cell, WIDTH_IN_SOLUTION if solution else WIDTH)
    if not 3 <= len(exercises) <= 6:
        found.append(f"{len(exercises)} exercises, expected 3 to 6")
    if exercises != solutions:
        found.append(f"solutions to {solutions}, expected to {exercises}")
    if solution:
        found.append(f"{solution}: its solution doesn't end")
    return found + [f"{label}: no solution that is asserted to be right" for label in to_mend]


def attempt_faults(cell: NotebookNode, label: str) -> list[str]:
    """Name an attempt that is right, or that the clinic mends at once."""
    shown = "".join(output.get("data", {}).get("text/html", "") for output in cell.outputs)
    found = [] if "diagnosis-wrong" in shown else [f"{label}: the attempt isn't wrong"]
    return [*found, f"{label}: the answer is given away"] if "This is right:" in shown else found


def width_faults(cell: NotebookNode, width: int) -> list[str]:
    """Name the lines of code that are cut off on the page."""
    if cell.cell_type != "code" or "remove-input" in cell.metadata.get("tags", []):
        return []
    return [f"cut off: {line}" for line in cell.source.split("\n") if len(line) > width]


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_exercises_of_the_chapter(path):
    assert faults(read(path)) == []
    assert "diagnose(" in path.read_text(encoding="utf-8")


def test_there_are_chapters():
    assert CHAPTERS


def attempt(shown: str = "diagnosis-wrong", source: str = 'diagnose("h", "dJ_dW2")'):
    """Return the cell of an attempt with the answer of the clinic."""
    html = f'<div class="{shown}"></div>'
    output = new_output("execute_result", {"text/html": html}, execution_count=1)
    return new_code_cell(source, outputs=[output])


def notebook(
    labels=("a", "b", "c"),
    solved=("a", "b", "c"),
    start=":class: dropdown\n",
    end=END,
    tried=None,
    right="assert found.ok",
) -> NotebookNode:
    """Return a notebook with exercises, the last of which has an attempt and its solution."""
    cells = []
    for label in labels:
        cells.append(new_markdown_cell(f"```{{exercise}} Title\n:label: {label}\n\nWhat?\n```"))
        if label == labels[-1]:
            cells.append(tried or attempt())
        if label in solved:
            cells.append(new_markdown_cell(f"```{{solution-start}} {label}\n{start}```"))
            cells.append(new_code_cell(f'found = diagnose("h.T", "dJ_dW2")\n{right}'))
            cells.append(new_markdown_cell(f"```{end}\n```"))
    return new_notebook(cells=cells)


def test_a_good_notebook():
    assert faults(notebook()) == []


@pytest.mark.parametrize(
    ("wrong", "fault"),
    [
        (notebook(labels=("a", "b"), solved=("a", "b")), "2 exercises, expected 3 to 6"),
        (notebook(solved=("a", "c")), "solutions to ['a', 'c'], expected to ['a', 'b', 'c']"),
        (notebook(start=""), "b: its solution isn't hidden"),
        (notebook(end="{note}"), "c: its solution doesn't end"),
        (notebook(tried=attempt("diagnosis-right")), "c: the attempt isn't wrong"),
        (
            notebook(tried=attempt("diagnosis-wrong\">This is right: <i class=\"")),
            "c: the answer is given away",
        ),
        (notebook(right="found"), "c: no solution that is asserted to be right"),
        (
            notebook(tried=attempt(source="diagnose(" + 75 * "h")),
            "cut off: diagnose(" + 75 * "h",
        ),
        (notebook(right="#" + 80 * "h"), "cut off: #" + 80 * "h"),
    ],
)
def test_a_fault_is_named(wrong, fault):
    assert fault in faults(wrong)
