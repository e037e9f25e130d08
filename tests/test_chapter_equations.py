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
from tests.prose_equations import PROSE

ROOT = Path(__file__).parents[1]
# The pages of the book, whichever of the two forms each has.
PAGES = [
    path
    for name in documents(ROOT)
    for path in (ROOT / f"{name}.ipynb", ROOT / f"{name}.md")
    if path.exists()
]
EQUATIONS = [display for path in PAGES for display in displays(path)]
LABELLED = {display.label: display for display in EQUATIONS}


@pytest.mark.parametrize(
    "display", [pytest.param(each, id=f"{each.chapter}-{each.label}") for each in EQUATIONS]
)
def test_equation_of_the_book(display):
    assert_holds(display)


def assert_holds(display: Display) -> None:
    """Fail with the chapter, the label and the report on an equation that isn't what it says."""
    report = judge(display)
    assert report.holds, f"{display.chapter}, {display.label}: {report.message}"


@pytest.mark.parametrize("label", PROSE)
def test_what_is_marked_as_prose_says_what_is_true(label):
    PROSE[label](LABELLED[label].text)


def test_every_display_that_is_marked_as_prose_has_a_check_of_its_own():
    assert {display.label for display in EQUATIONS if display.prose} == set(PROSE)


# A sign, a number, a symbol or a relation, each replaced by another.
OTHER = {
    "-": "+", "+": "-", "2": "3", "3": "2", "6": "3", r"\pm": "+", "=": ">", ">": "=",
    r"\eta": r"\mu", r"\mu": r"\eta", "D_y": "D_x", "H": "D_y", "W_1": "V", "V": "W_1",
    r"\circ": "", "^T": "", "/": "", "N": "M", "M": "N", "b": "a", "u": "w", "'": "",
    r"\leftarrow": "=", "_{l+1}": "_l", r"\sum_{s=1}^{S}": "", "_{ij}": "_{ji}",
}  # fmt: skip


def changed(text: str) -> list[str]:
    """Return the text with one change at a time, behind the comment that marks it."""
    begin = text.index("\n") + 1
    pattern = "|".join(re.escape(each) for each in sorted(OTHER, key=len, reverse=True))
    found = re.finditer(rf"{pattern}|\\[a-z]+", text[begin:])
    return [
        text[: begin + match.start()] + OTHER[match[0]] + text[begin + match.end() :]
        for match in found
        if match[0] in OTHER
    ]


@pytest.mark.parametrize("label", PROSE)
def test_a_change_in_what_is_marked_as_prose_is_noticed(label):
    texts = changed(LABELLED[label].text)
    assert texts
    for text in texts:
        with pytest.raises((AssertionError, SyntaxError, LookupError, EquationError)):
            PROSE[label](text)


SLOPE = r"\circ h \circ (1 - h)"
GROUPED = r"W_2^T \circ h \circ (1 - h)"
LINE = "\n"
BEHIND = r"\operatorname{diag}\left(h\circ\left(1 - h\right)\right)" + LINE
# What one replacement makes right again, in each equation that is wrong on purpose.
MENDED = {
    "wrong-shapes-dJ-dh": ("W_2", "W_2^T"),
    "wrong-softmax-diagonal": (r"-y \circ (1 - \hat y)", r"\hat y - y"),
    "wrong-softmax-twice": (r"\frac{\partial \hat y}{\partial z_2}", ""),
    "wrong-softmax-missing": (r"\partial z_2", r"\partial \hat y"),
    "wrong-output-untransposed": ("W_2", "W_2^T"),
    "wrong-output-dW2-yhat": (r"= \hat y^T", "= h^T"),
    "wrong-output-dW2-x": ("x^T", "h^T"),
    "wrong-sigmoid-grouped": (rf"\left[ {GROUPED} \right]", GROUPED),
    "wrong-sigmoid-z1": (r"z_1 \circ (1 - z_1)", r"h \circ (1 - h)"),
    "wrong-sigmoid-tanh": (r"1 - h^{\circ 2}", r"h - h^{\circ 2}"),
    "wrong-sigmoid-missing": ("W_2^T", GROUPED),
    "wrong-tensor-x-last": (
        r"\frac{\partial J}{\partial z_1} x",
        r"x^T \frac{\partial J}{\partial z_1}",
    ),
    "wrong-tensor-elementwise": (r"x \circ", "x^T"),
    "wrong-tensor-outer-transposed": (
        r"\left(\frac{\partial J}{\partial z_1}\right)^T x",
        r"x^T \frac{\partial J}{\partial z_1}",
    ),
    "wrong-chain-stop": (r"\partial h", r"\partial z_1"),
    "wrong-right-shape-no-slope": ("W_2^T", GROUPED),
    "wrong-right-shape-half-slope": (r"\circ h", SLOPE),
    "wrong-check-sizes": ("W_2", "W_2^T"),
    "wrong-batch-mean-twice": (r"\frac{1}{N}", ""),
    "wrong-batch-bias": (r"= ", r"= \mathbf{1} "),
    "wrong-batch-grouping": (
        r"\left( W_2^T \circ h \circ \left( 1 - h \right) \right)",
        GROUPED,
    ),
    "wrong-training-slope": (
        r"\left(\hat y - y\right) W_2^T",
        rf"\left[ \left(\hat y - y\right) {GROUPED} \right]",
    ),
    "wrong-training-slope-of-h": (r"\sigma'(h)", r"\sigma'(z_1)"),
    "wrong-conventions-copied": (r"\left(\hat y - y\right) h^T", r"h^T \left(\hat y - y\right)"),
    "wrong-deeper-tanh-slope": (r"h \circ \left(1 - h\right)", r"\left(1 - h \circ h\right)"),
    "wrong-deeper-slope-layer": (r"\operatorname{relu}'(z_2)", r"\tanh'(z_1)"),
    "wrong-deeper-gauss-newton": (
        rf"W_2^T{LINE}{BEHIND}",
        rf"W_2^T {BEHIND} + \operatorname{{diag}}((\hat y - y) {GROUPED} \circ (1 - 2h)) ",
    ),
    "wrong-costs-dense-diagonal": (
        r"\left(h \circ \left(1 - h\right)\right)^T \left(h \circ \left(1 - h\right)\right)",
        SLOPE,
    ),
    "wrong-machines-twice": (r"\frac{1}{N}", ""),
}


@pytest.mark.parametrize("label", MENDED)
def test_one_replacement_mends_what_is_wrong_on_purpose(label):
    wrong, right = MENDED[label]
    display = LABELLED[label]
    text = re.sub(r"% wrong.*\n", "", display.text)
    assert text.count(wrong) == 1
    assert_holds(display._replace(label="eq-mended", text=text.replace(wrong, right)))


def test_every_equation_that_is_wrong_on_purpose_can_be_mended():
    assert {display.label for display in EQUATIONS if display.wrong} == set(MENDED)


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
