"""Every display equation of every chapter, each as a test of its own."""

import re
from pathlib import Path

import pytest

from mlp_lib.equations.chapters import Display, displays, judge, without_code

CHAPTERS = sorted((Path(__file__).parents[1] / "chapters").glob("*.ipynb"))
EQUATIONS = [display for path in CHAPTERS for display in displays(path)]


@pytest.mark.parametrize(
    "display", [pytest.param(each, id=f"{each.chapter}-{each.label}") for each in EQUATIONS]
)
def test_equation_of_the_book(display):
    report = judge(display)
    assert report.holds, f"{display.chapter}, {display.label}: {report.message}"


def test_no_labelled_display_is_passed_over():
    text = "".join(path.read_text(encoding="utf-8") for path in CHAPTERS)
    written = re.findall(r"\$\$ \(((?:eq|wrong)-[^)]+)\)", text)
    assert sorted(written) == sorted(each.label for each in EQUATIONS if each.label)


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
    ],
)
def test_a_display_that_is_not_what_it_says_is_refused(label, text, failure):
    report = judge(Display("chapter", label, text))
    assert (report.holds, report.failure) == (False, failure)
