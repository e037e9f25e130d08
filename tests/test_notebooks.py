"""The chapters are stored as a fresh run leaves them, and nbval compares every output of them."""

import re
from copy import deepcopy
from pathlib import Path

import pytest
from nbclient.exceptions import CellExecutionError
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from book.notebooks import executed, faults, normalised, read, run, text_of

CHAPTERS = sorted((Path(__file__).parents[1] / "chapters").glob("*.ipynb"))


def test_there_are_chapters():
    assert CHAPTERS


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_chapter_is_compared_in_full(path):
    assert faults(read(path)) == []


def result(count: int = 2, **data: str):
    """Return the result of a cell, each format under its name with _ for /."""
    formats = {name.replace("_", "/", 1): text for name, text in data.items()}
    return new_output("execute_result", formats, execution_count=count)


def notebook(source: str = "1 + 1", count: int | None = 2, output=None, **metadata):
    """Return a notebook in normal form whose second code cell is the one described."""
    first = new_code_cell("x = 1", execution_count=1, id="first")
    second = new_code_cell(
        source, execution_count=count, outputs=[output] if output else [], id="second"
    )
    second.metadata.update(metadata)
    text = new_markdown_cell("# Title", id="title")
    return kept_metadata(normalised(new_notebook(cells=[text, first, second])), metadata)


def kept_metadata(found, metadata):
    """Return the notebook with the metadata that normalising would have dropped."""
    found.cells[-1].metadata.update(metadata)
    return found


@pytest.mark.parametrize(
    "output",
    [
        None,
        result(text_plain="2"),
        result(text_plain="a figure", text_html="<svg></svg><p>a/b and 1/(1 + e)</p>"),
        new_output("stream", name="stdout", text="H/D_x and x /y, 0.5 s, 0x1f\n"),
        new_output("display_data", {"image/svg+xml": "<svg></svg>"}),
    ],
)
def test_good_notebook(output):
    assert faults(notebook(output=output)) == []


@pytest.mark.parametrize(
    ("wrong", "fault"),
    [
        (notebook(count=None), "execution count None, expected 2"),
        (notebook(count=5), "execution count 5, expected 2"),
        (notebook(count=1), "execution count 1, expected 2"),
        (notebook(count=None, output=result()), "outputs without an execution count"),
        (notebook(output=result(3)), "a result with execution count 3, expected 2"),
    ],
)
def test_counts(wrong, fault):
    assert f"code cell 2: {fault}" in faults(wrong)


@pytest.mark.parametrize(
    "tag",
    [
        "nbval-skip",
        "nbval-ignore-output",
        "nbval-raises-exception",
        "nbval-check-output",
        "raises-exception",
        "skip-execution",
    ],
)
def test_tags(tag):
    assert faults(notebook(tags=["hide-input", tag])) == [f"code cell 2: tag {tag}"]


@pytest.mark.parametrize(
    "marker",
    ["NBVAL_SKIP", "NBVAL_IGNORE_OUTPUT", "NBVAL_RAISES_EXCEPTION", "NBVAL_CHECK_OUTPUT"],
)
def test_comments(marker):
    assert any("an nbval comment" in fault for fault in faults(notebook(f"#  {marker}\n1 + 1")))


@pytest.mark.parametrize(
    ("output", "fault"),
    [
        (result(image_png="iVBORw0KGgo="), "an output that isn't compared, image/png"),
        (result(image_jpeg="/9j/4AAQ"), "an output that isn't compared, image/jpeg"),
        (
            new_output("display_data", {"application/vnd.jupyter.widget-view+json": {}}),
            "an output that isn't compared, application/vnd.jupyter.widget-view+json",
        ),
        (new_output("stream", name="stderr", text="hello"), "text on stderr"),
        (new_output("error", ename="ValueError", evalue="bad"), "an error, ValueError"),
    ],
)
def test_kinds_of_output(output, fault):
    assert f"code cell 2: {fault}" in faults(notebook(output=output))


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("RuntimeWarning: overflow encountered in exp", "a warning"),
        ("Traceback (most recent call last):\n", "a traceback"),
        ("<Drawing object at 0x7f3a5c0b2d90>", "an object's address"),
        ("saved to /home/ada/book/figure.svg", "an absolute path"),
        ("'/tmp/ipykernel_77/1.py'", "an absolute path"),
        ('File "/usr/lib/python3.11/abc.py"', "an absolute path"),
        (r"C:\Users\ada", "an absolute path"),
        ("file:///data/x", "an absolute path"),
        ("Wall time: 3 ms", "a timing"),
        ("1.2 µs ± 0.3 µs per loop", "a timing"),
        ("1%\r2%", "a carriage return"),
    ],
)
@pytest.mark.parametrize("kind", ["stream", "text/plain", "text/html"])
def test_texts_that_another_run_may_change(kind, text, fault):
    output = (
        new_output("stream", name="stdout", text=text)
        if kind == "stream"
        else new_output("display_data", {kind: text})
    )
    found = faults(notebook(output=output))
    assert any(line.startswith(f"code cell 2: {fault}") for line in found)


def test_timings_of_cells():
    wrong = notebook(execution={"iopub.execute_input": "2026-01-01T00:00:00Z"})
    assert faults(wrong) == ["the notebook isn't in normal form: run `make notebooks`"]


def test_two_cells_of_one_id():
    wrong = notebook()
    wrong.cells[1].id = wrong.cells[2].id
    assert faults(wrong) == ["two cells have the same id"]


def test_no_code_cell():
    assert faults(normalised(new_notebook())) == ["the notebook has no code cell"]


def test_normalising_twice_changes_nothing():
    raw = notebook(output=result(text_plain="2"))
    del raw.cells[0]["id"]
    raw.cells[1].metadata.update(collapsed=True, tags=["hide-input"])
    raw.metadata.language_info["version"] = "3.11.7"
    raw.cells[2].outputs[0].metadata = {"isolated": True}
    once = normalised(raw)
    assert text_of(normalised(deepcopy(once))) == text_of(once)
    assert once.cells[0].id == normalised(raw).cells[0].id
    assert once.cells[1].metadata == {"tags": ["hide-input"]}
    assert once.metadata.language_info == {"name": "python", "pygments_lexer": "ipython3"}
    assert once.cells[2].outputs[0].metadata == {}


def test_an_id_that_is_missing_follows_from_the_cell_and_its_place():
    raw = notebook()
    for cell in raw.cells[:2]:
        del cell["id"]
    raw.cells[1].update(cell_type="markdown", source=raw.cells[0].source)
    first, second, third = (cell.id for cell in normalised(raw).cells)
    assert all(re.fullmatch("[0-9a-f]{8}", each) for each in (first, second))
    assert first != second
    assert third == raw.cells[2].id


def test_neighbouring_streams_are_joined():
    parts = [("stdout", "a"), ("stdout", "b"), ("stderr", "c"), ("stdout", "d")]
    raw = notebook()
    raw.cells[2].outputs = [new_output("stream", name=name, text=text) for name, text in parts]
    joined = [(output.name, output.text) for output in normalised(raw).cells[2].outputs]
    assert joined == [("stdout", "ab"), ("stderr", "c"), ("stdout", "d")]


@pytest.fixture
def stored(tmp_path):
    """Return the path of a notebook that hasn't been executed."""
    path = tmp_path / "chapter.ipynb"
    sources = ["print('a', flush=True)\nprint('b')", "from pathlib import Path\nPath('x').exists()"]
    cells = [new_code_cell(source) for source in sources]
    path.write_text(text_of(new_notebook(cells=cells)), encoding="utf-8")
    return path


def test_run_stores_what_a_fresh_kernel_prints_and_does_so_once(stored):
    (stored.parent / "x").touch()
    assert faults(read(stored))
    assert run([stored], check=False) == [stored]
    assert faults(read(stored)) == []
    first, second = read(stored).cells
    assert first.outputs[0].text == "a\nb\n"
    assert second.outputs[0].data["text/plain"] == "True"
    assert run([stored], check=False) == []


def test_check_writes_nothing(stored):
    before = stored.read_bytes()
    assert run([stored], check=True) == [stored]
    assert stored.read_bytes() == before


def test_a_failing_cell_stops_the_run():
    with pytest.raises(CellExecutionError, match="division by zero"):
        executed(new_notebook(cells=[new_code_cell("1 / 0")]), Path.cwd())
