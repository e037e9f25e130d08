"""Every display equation of every chapter, each as a test of its own."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from book.build import documents
from mlp_lib.equations.chapters import Display, displays, judge, without_code
from mlp_lib.equations.tree import EquationError

ROOT = Path(__file__).parents[1]
# The pages of the book, whichever of the two forms each has.
PAGES = [
    path
    for name in documents(ROOT)
    for path in (ROOT / f"{name}.ipynb", ROOT / f"{name}.md")
    if path.exists()
]
EQUATIONS = [display for path in PAGES for display in displays(path)]


@pytest.mark.parametrize(
    "display", [pytest.param(each, id=f"{each.chapter}-{each.label}") for each in EQUATIONS]
)
def test_equation_of_the_book(display):
    assert_holds(display)


def assert_holds(display: Display) -> None:
    """Fail with the chapter, the label and the report on an equation that isn't what it says."""
    report = judge(display)
    assert report.holds, f"{display.chapter}, {display.label}: {report.message}"


TRANSPOSED = [
    (display, match)
    for display in EQUATIONS
    if not display.prose and not display.wrong
    for match in re.finditer(r"\^T|\^\\top", display.text)
]


@pytest.mark.parametrize(
    ("display", "match"),
    [pytest.param(*each, id=f"{each[0].chapter}-{each[0].label}") for each in TRANSPOSED],
)
def test_an_edited_transpose_fails_and_is_named(display, match):
    text = display.text[: match.start()] + display.text[match.end() :]
    edited = display._replace(text=text)
    with pytest.raises(AssertionError) as caught:
        assert_holds(edited)
    said, report = str(caught.value), judge(edited)
    assert said.startswith(f"{display.chapter}, {display.label}: ")
    assert f"in {report.sub_expression}\n" in said
    # Letter by letter, the sub-expression stands in the edited text.
    assert "".join(report.sub_expression.split()) in "".join(re.sub(r"\\\\|&", "", text).split())


def test_an_edited_transpose_in_a_chapter_is_named_by_the_command(tmp_path):
    notebooks = {path.stem: path for path in PAGES if path.suffix == ".ipynb"}
    display, match = next(each for each in TRANSPOSED if each[0].chapter in notebooks)
    path = notebooks[display.chapter]
    edited = tmp_path / path.name
    text = display.text[: match.start()] + display.text[match.end() :]
    cells = json.loads(path.read_text(encoding="utf-8"))
    for cell in cells["cells"]:
        source = "".join(cell["source"])
        cell["source"] = source.replace(display.text, text)
    edited.write_text(json.dumps(cells), encoding="utf-8")
    command = [sys.executable, "-m", "mlp_lib.equations", str(edited)]
    run = subprocess.run(command, capture_output=True, text=True, encoding="utf-8")
    sub_expression = judge(display._replace(text=text)).sub_expression
    assert run.returncode == 1
    assert f"{display.chapter}: {display.label}: FAILS (" in run.stdout
    assert f"in {sub_expression}\n" in run.stdout
    number = len(list(displays(path)))
    assert run.stdout.endswith(f"{number} equations: {number - 1} hold\n")


def test_no_labelled_display_is_passed_over():
    text = "".join(path.read_text(encoding="utf-8") for path in PAGES)
    written = re.findall(r"\$\$ \(((?:eq|wrong)-[^)]+)\)", text)
    assert sorted(written) == sorted(each.label for each in EQUATIONS if each.label)


def test_every_page_is_read():
    assert len(PAGES) == len(documents(ROOT))
    assert "eq-index-chain" in {each.label for each in EQUATIONS}


def test_a_markdown_page_is_read_as_a_notebook_is(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("# Title\n\n$$\nz_1 = x\n$$ (eq-a)\n", encoding="utf-8")
    assert list(displays(page)) == [Display("page", "eq-a", "z_1 = x")]
    page.write_text("# Title\n\n$$ z_1 = x $$\n", encoding="utf-8")
    with pytest.raises(EquationError, match=r"page: a display equation is \$\$ on a line"):
        list(displays(page))


def test_text_of_a_directive_is_read_and_code_is_not():
    source = "```{solution} ex\n$$\nz_1 = x\n$$ (eq-a)\n```\n```python\n$$\n```\nend"
    assert without_code(source) == "$$\nz_1 = x\n$$ (eq-a)\nend"


def test_labels_are_unique():
    labels = [display.label for display in EQUATIONS if display.label]
    assert len(labels) == len(set(labels))


@pytest.mark.parametrize(
    ("label", "text", "failure"),
    [
        ("", r"z_1 = x W_1 + b_1", "label"),
        ("eq-a", r"z_1 = W_1 x + b_1", "shape"),
        ("eq-a", r"z_1 = x W_1 - b_1", "value"),
        ("eq-a", r"z_1 = x Q + b_1", "unreadable"),
        ("wrong-a", "% wrong shape: it is right\nz_1 = x W_1 + b_1", "label"),
        ("wrong-a", "% wrong value: but its shape is wrong\nz_1 = W_1 x", "label"),
        ("wrong-a", "z_1 = x W_1 + b_1", "label"),
        ("eq-a", "% wrong shape: order\nz_1 = W_1 x", "label"),
        ("eq-a", "% network: columns\nz_1 = x W_1 + b_1", "shape"),
        ("eq-a", r"h = \tanh(z_1)", "value"),
        ("eq-a", "% network: tahn\n" r"h = \tanh(z_1)", "unreadable"),
        ("eq-a", "% network: tanh, relu\n" r"h = \tanh(z_1)", "unreadable"),
    ],
)
def test_a_display_that_is_not_what_it_says_is_refused(label, text, failure):
    report = judge(Display("chapter", label, text))
    assert (report.holds, report.failure) == (False, failure)


@pytest.mark.parametrize(
    "text",
    [
        "% network: columns\nz_1 = W_1 x + b_1",
        "% network: columns\n% batch\n"
        r"\frac{\partial J}{\partial b_1} ="
        r" \frac{\partial J}{\partial z_1} \mathbf{1}",
        "% network: out-in\nz_1 = x W_1^T + b_1",
        "% network: tanh\n" r"h = \tanh(z_1)",
        "% network: tanh, columns\n% batch mean\n" r"h = \tanh(W_1 x + b_1 \mathbf{1}^T)",
        "% network: relu\n" r"h = \operatorname{relu}(z_1)",
        "% network: deep\n" r"h_2 \in \mathbb{R}^{1\times H_2}",
        "% network: denominator layout\n" r"\frac{\partial z_2}{\partial h} = W_2",
        "% network: columns, numerator layout\n" r"\frac{\partial z_2}{\partial h} = W_2",
    ],
)
def test_a_comment_chooses_the_network(text):
    report = judge(Display("chapter", "eq-a", text))
    assert report.holds, report.message
