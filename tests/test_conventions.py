"""The book's equations, rewritten for other conventions, hold there; its wrong ones fail there."""

from functools import cache
from pathlib import Path

import numpy as np
import pytest

from mlp_lib.equations import EquationError, check, question
from mlp_lib.equations.chapters import displays
from mlp_lib.equations.conventions import (
    columns,
    denominator,
    mirrored,
    out_in,
    to_columns,
    to_out_in,
    transposed,
)
from mlp_lib.equations.evaluate import Evaluation, Value, computed, point
from mlp_lib.equations.latex import parse_latex
from mlp_lib.equations.printing import latex

CHAPTERS = sorted((Path(__file__).parents[1] / "chapters").glob("*.ipynb"))
EQUATIONS = [
    pytest.param(display, id=f"{display.chapter}-{display.label}")
    for path in CHAPTERS
    for display in displays(path)
    if not display.prose and not display.table.columns and not display.table.denominator
]


@cache
def with_weights_out_in(display):
    """Return the text, or None where it needs a transposed tensor; any other error is an error."""
    try:
        return to_out_in(display.text, display.table)
    except EquationError as error:
        if "third-order tensor" in str(error):
            return None
        raise


@pytest.mark.parametrize("display", EQUATIONS)
def test_equation_in_columns(display):
    text = to_columns(display.text, display.table)
    assert check(text, columns(display.table)).failure == display.wrong


@pytest.mark.parametrize("display", EQUATIONS)
def test_equation_with_weights_out_in(display):
    text = with_weights_out_in(display)
    if text is not None:
        assert check(text, out_in(display.table)).failure == display.wrong


def test_few_equations_need_a_transposed_tensor():
    refused = [with_weights_out_in(parameter.values[0]) is None for parameter in EQUATIONS]
    assert 0 < sum(refused) < len(refused) / 4


@pytest.mark.parametrize("display", EQUATIONS)
def test_mirrored_twice_is_the_formula_itself(display):
    for equation in parse_latex(display.text, display.table):
        for side in equation.sides:
            twice = mirrored(mirrored(side, display.table), columns(display.table))
            if "vec" not in display.text:
                assert twice == side


@pytest.mark.parametrize("table", [question(), question("N", "mean")], ids=["row", "batch"])
@pytest.mark.parametrize(
    "text",
    [
        r"\hat y - y",
        r"h W_2",
        r"\frac{\partial z_1}{\partial W_1}",
        r"\frac{\partial J}{\partial W_2}",
        r"\frac{\partial \hat y}{\partial z_2}",
        r"\operatorname{vec}(W_1)",
        r"I_H \otimes x",
        r"\sigma'(z_1) \circ h",
        r"\operatorname{logsoftmax}(z_2)",
    ],
)
def test_mirrored_value_has_its_axes_reversed(text, table):
    here = point(table, 0)
    there = {
        name: Value(value.array.T, value.axes[::-1])
        for name, value in here.values.items()
        if name in [entry.name for entry in table.free()]
    }
    mirror = columns(table)
    there = computed(mirror, here.sizes, there, frozenset())
    (equation,) = parse_latex(text, table)
    value = Evaluation(table, here.sizes, here.values).side(equation.sides[0])
    reflected = Evaluation(mirror, here.sizes, there).side(mirrored(equation.sides[0], table))
    assert reflected.axes == value.axes[::-1]
    np.testing.assert_allclose(reflected.array, value.array.T, rtol=1e-12)


@pytest.mark.parametrize(
    ("text", "in_columns", "with_out_in"),
    [
        ("z_1 = x W_1 + b_1", "z_1 = W_1 x + b_1", "z_1 = x W_1^T + b_1"),
        (
            r"\frac{\partial J}{\partial W_2} = h^T (\hat y - y)",
            r"\frac{\partial J}{\partial W_2} = \left( \hat y - y \right) h^T",
            r"\frac{\partial J}{\partial W_2} = \left( \hat y^T - y^T \right) h",
        ),
        (
            r"\frac{\partial J}{\partial h} = (\hat y - y) W_2^T",
            r"\frac{\partial J}{\partial h} = W_2^T \left( \hat y - y \right)",
            r"\frac{\partial J}{\partial h} = \left( \hat y - y \right) W_2",
        ),
        (
            r"\frac{\partial h}{\partial x} ="
            r" \frac{\partial h}{\partial z_1} \frac{\partial z_1}{\partial x} I_{D_x}",
            r"\frac{\partial h}{\partial x} ="
            r" I_{D_x} \frac{\partial z_1}{\partial x} \frac{\partial h}{\partial z_1}",
            r"\frac{\partial h}{\partial x} ="
            r" \frac{\partial h}{\partial z_1} \frac{\partial z_1}{\partial x} I_{D_x}",
        ),
        (
            r"h (x x^T) = (x x^T) h",
            r"x^T x h = h \left( x^T x \right)",
            r"h \left( x x^T \right) = x x^T h",
        ),
        (
            r"\frac{\partial J}{\partial h_i} = \sum_{k=1}^{D_y} (\hat y - y)_k W_{2,ik}",
            r"\frac{\partial J}{\partial h_{i}} ="
            r" \sum_{k=1}^{D_y} \left[ \hat y - y \right]_{k} W_{2,ki}",
            r"\frac{\partial J}{\partial h_{i}} ="
            r" \sum_{k=1}^{D_y} \left[ \hat y - y \right]_{k} W_{2,ki}",
        ),
    ],
)
def test_what_is_written(text, in_columns, with_out_in):
    assert to_columns(text) == in_columns
    assert to_out_in(text) == with_out_in


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x W_1 W_2", r"W_2^T \left( W_1^T x^T \right)"),
        (r"(\hat y - y) W_2^T \circ h", r"W_2 \left( \hat y^T - y^T \right) \circ h^T"),
        (r"\operatorname{diag}(h) I_H", r"I_{H} \operatorname{diag}\left( h \right)"),
        (r"2 h^T", "2 h"),
        (r"\operatorname{softmax}(z_2)", r"\operatorname{softmax}\left( z_2 \right)^T"),
        (r"\underbrace{h W_2}_{1\times D_y}", r"\underbrace{W_2^T h^T}_{D_y \times 1}"),
    ],
)
def test_transposing_turns_a_product_round(text, expected):
    (equation,) = parse_latex(text, question())
    turned = transposed(equation.sides[0], question())
    assert latex(turned) == expected
    report = check(rf"\left( {text} \right)^T = {expected}")
    assert report.holds, report.message


@pytest.mark.parametrize(
    ("text", "failure"),
    [
        (r"z_1 = x W_1 + b_1", "shape"),
        (r"\frac{\partial J}{\partial W_2} = h (\hat y - y)^T", "shape"),
        (r"\frac{\partial J}{\partial h} = W_2^T (y - \hat y)", "value"),
        (r"\frac{\partial z_2}{\partial h} = W_2", "shape"),
    ],
)
def test_wrong_equation_about_columns_fails(text, failure):
    assert check(text, columns(question())).failure == failure


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        (r"\frac{\partial z_2}{\partial h} = W_2", True),
        (r"\frac{\partial z_2}{\partial h} = W_2^T", False),
        (r"\frac{\partial J}{\partial h} = W_2 (\hat y - y)^T", True),
        (
            r"\frac{\partial J}{\partial W_1} ="
            r"\frac{\partial z_1}{\partial W_1} \frac{\partial J}{\partial z_1}",
            True,
        ),
        (
            r"\frac{\partial J}{\partial W_1} ="
            r"\frac{\partial J}{\partial z_1} \frac{\partial z_1}{\partial W_1}",
            False,
        ),
    ],
)
def test_rows_in_denominator_layout(text, holds):
    assert check(text, denominator(question())).holds is holds


def test_a_tensor_is_not_transposed():
    with pytest.raises(EquationError, match="third-order tensor"):
        to_out_in(r"\frac{\partial J}{\partial W_1} = "
                  r"\frac{\partial J}{\partial z_1} \frac{\partial z_1}{\partial W_1}")  # fmt: skip
