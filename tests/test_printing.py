"""What is printed reads as the same tree."""

from pathlib import Path

import pytest

from mlp_lib.equations.chapters import displays
from mlp_lib.equations.latex import parse_latex
from mlp_lib.equations.printing import latex
from mlp_lib.equations.tables import question

CHAPTERS = sorted((Path(__file__).parents[1] / "chapters").glob("*.ipynb"))
EQUATIONS = [each for path in CHAPTERS for each in displays(path) if not each.prose]


@pytest.mark.parametrize(
    "display", [pytest.param(each, id=f"{each.chapter}-{each.label}") for each in EQUATIONS]
)
def test_equation_of_the_book_prints_as_itself(display):
    for equation in parse_latex(display.text, display.table):
        for side in equation.sides:
            ((again,), _) = parse_latex(latex(side), display.table)[0]
            assert again == side


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        (r"(1-h)^2", r"\left( 1 - h \right)^{2}"),
        (r"x \cdot W_1 \cdot (W_2 \circ W_2)", r"x W_1 \left( W_2 \circ W_2 \right)"),
        (r"(W_1^T)^T", r"\left( W_1^T \right)^T"),
        (r"-(x - x)", r"-\left( x - x \right)"),
        (r"\left(\sum_k y_k\right) y_i", r"\left( \sum_{k} y_{k} \right) y_{i}"),
        (r"\sigma(z_1)^2", r"\left( \sigma\left( z_1 \right) \right)^{2}"),
        (r"h \circ (h \circ h)", r"h \circ \left( h \circ h \right)"),
        (r"2 \cdot 3", r"2 \cdot 3"),
    ],
)
def test_brackets_stand_where_they_are_needed(text, printed):
    ((side,), _) = parse_latex(text, question())[0]
    assert latex(side) == printed
    assert parse_latex(printed, question())[0].sides == (side,)
