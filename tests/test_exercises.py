"""The exercises of every chapter: an attempt to mend and a hidden solution, no code cut off."""

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
JUDGED = re.compile(r"\b(diagnose|check)\(")
RIGHT = re.compile(r"^assert found\.(ok|holds)$", re.MULTILINE)
# How many characters of code a page of 1280 pixels shows in a line: in the text, in a cell that is
# opened by a click, and in a solution.
WIDTH, WIDTH_IN_OPENED, WIDTH_IN_SOLUTION = 83, 81, 80
OPENED = {"hide-cell", "hide-input"}


def faults(notebook: NotebookNode) -> list[str]:
    """Return what is wrong with the exercises of a notebook."""
    found, exercises, solutions = [], [], []
    exercise, solution, attempted, mended = "", "", set(), set()
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            if END in cell.source:
                solution = ""
            for label in EXERCISE.findall(cell.source):
                exercise = label
                exercises.append(label)
            for label, hidden in SOLUTION.findall(cell.source):
                exercise, solution = "", label
                solutions.append(label)
                if not hidden:
                    found.append(f"{label}: its solution isn't hidden")
        elif JUDGED.search(cell.source):
            if exercise:
                attempted.add(exercise)
                found += attempt_faults(cell, exercise)
            elif solution and RIGHT.search(cell.source):
                mended.add(solution)
        found += width_faults(cell, WIDTH_IN_SOLUTION if solution else WIDTH)
    if not 3 <= len(exercises) <= 6:
        found.append(f"{len(exercises)} exercises, expected 3 to 6")
    if exercises != solutions:
        found.append(f"solutions to {solutions}, expected to {exercises}")
    if solution:
        found.append(f"{solution}: its solution doesn't end")
    for label in exercises:
        if label not in attempted:
            found.append(f"{label}: no attempt to mend")
        if label not in mended:
            found.append(f"{label}: no solution that is asserted to be right")
    return found


def attempt_faults(cell: NotebookNode, label: str) -> list[str]:
    """Name an attempt that is right, or that the clinic mends at once."""
    html = "".join(output.get("data", {}).get("text/html", "") for output in cell.outputs)
    printed = "".join(output.get("text", "") for output in cell.outputs)
    wrong = "diagnosis-wrong" in html or printed.startswith("False ")
    found = [] if wrong else [f"{label}: the attempt isn't wrong"]
    return [*found, f"{label}: the answer is given away"] if "This is right:" in html else found


def width_faults(cell: NotebookNode, width: int) -> list[str]:
    """Name the lines of code that are cut off on the page."""
    tags = set(cell.metadata.get("tags", []))
    if cell.cell_type != "code" or "remove-input" in tags:
        return []
    width = min(width, WIDTH_IN_OPENED) if tags & OPENED else width
    return [f"cut off: {line}" for line in cell.source.split("\n") if len(line) > width]


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_exercises_of_the_chapter(path):
    assert faults(read(path)) == []


def test_there_are_chapters():
    assert CHAPTERS


def attempt(shown: str = "diagnosis-wrong", source: str = 'diagnose("h", "dJ_dW2")'):
    """Return the cell of an attempt with the answer of the clinic."""
    html = f'<div class="{shown}"></div>'
    output = new_output("execute_result", {"text/html": html}, execution_count=1)
    return new_code_cell(source, outputs=[output])


def checked(printed: str):
    """Return the cell of an attempt that `check` judges, with what it prints."""
    output = new_output("stream", name="stdout", text=printed)
    return new_code_cell("found = check(attempt, deep())\nprint(found.holds)", outputs=[output])


def notebook(
    labels=("a", "b", "c"),
    solved=("a", "b", "c"),
    attempted=("a", "b", "c"),
    start=":class: dropdown\n",
    end=END,
    tried=None,
    right="assert found.ok",
) -> NotebookNode:
    """Return a notebook with exercises; `tried`, `right` and `end` are those of the last one."""
    cells = []
    for label in labels:
        last = label == labels[-1]
        cells.append(new_markdown_cell(f"```{{exercise}} Title\n:label: {label}\n\nWhat?\n```"))
        if label in attempted:
            cells.append(tried if tried and last else attempt())
        if label in solved:
            asserted = right if last else "assert found.ok"
            cells.append(new_markdown_cell(f"```{{solution-start}} {label}\n{start}```"))
            cells.append(new_code_cell(f'found = diagnose("h.T", "dJ_dW2")\n{asserted}'))
            cells.append(new_markdown_cell(f"```{end if last else END}\n```"))
    return new_notebook(cells=cells)


def test_a_good_notebook():
    assert faults(notebook()) == []


def test_an_exercise_that_check_judges():
    assert faults(notebook(tried=checked("False H meets D_y"), right="assert found.holds")) == []


def test_a_check_behind_the_last_solution_is_no_attempt():
    more = notebook()
    more.cells.append(checked("True"))
    assert faults(more) == []
    more.cells.append(notebook(labels=("d",), solved=("d",), attempted=()).cells[0])
    assert "d: no attempt to mend" in faults(more)


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
        (notebook(attempted=("a", "c")), "b: no attempt to mend"),
        (notebook(attempted=("a", "b")), "c: no attempt to mend"),
        (notebook(tried=new_code_cell("print(h)")), "c: no attempt to mend"),
        (notebook(tried=checked("True")), "c: the attempt isn't wrong"),
        (notebook(right="found"), "c: no solution that is asserted to be right"),
        (notebook(right="assert found"), "c: no solution that is asserted to be right"),
        (notebook(solved=("a", "c")), "b: no solution that is asserted to be right"),
        (
            notebook(tried=attempt(source="diagnose(" + 75 * "h")),
            "cut off: diagnose(" + 75 * "h",
        ),
        (notebook(right="#" + 80 * "h"), "cut off: #" + 80 * "h"),
    ],
)
def test_a_fault_is_named(wrong, fault):
    assert fault in faults(wrong)


@pytest.mark.parametrize(("tags", "found"), [([], []), (["hide-cell"], ["cut off: " + 82 * "h"])])
def test_a_cell_that_is_opened_shows_a_shorter_line(tags, found):
    cell = new_code_cell(82 * "h", metadata={"tags": tags})
    assert width_faults(cell, WIDTH) == found
