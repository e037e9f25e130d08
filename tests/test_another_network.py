"""Parser and evaluator know no network: two tanh layers and squared error are a table too."""

import pytest

from mlp_lib.equations import EquationError, check
from mlp_lib.equations.tables import Entry, Table

DEEP = Table(
    name="two tanh layers, squared error",
    entries=(
        Entry("x", ("1", "D"), "input"),
        Entry("t", ("1", "K"), "target"),
        Entry("A", ("D", "L"), "weights of the first layer"),
        Entry("B", ("L", "M"), "weights of the second layer"),
        Entry("C", ("M", "K"), "weights of the output"),
        Entry("c", ("1", "K"), "bias of the output"),
        Entry("u", ("1", "L"), "first hidden layer", r"\tanh(x A)"),
        Entry("v", ("1", "M"), "second hidden layer", r"\tanh(u B)"),
        Entry("w", ("1", "K"), "output", "v C + c"),
        Entry("E", (), "squared error", r"\frac{1}{2} \sum_k (w - t)_k (w - t)_k"),
    ),
    sizes=({"D": 3, "L": 4, "M": 6, "K": 5}, {"D": 6, "L": 5, "M": 3, "K": 4}),
)


@pytest.mark.parametrize(
    "text",
    [
        r"\frac{\partial E}{\partial w} = w - t",
        r"\frac{\partial E}{\partial C} = v^T (w - t)",
        r"\frac{\partial v}{\partial u} = \operatorname{diag}(1 - v \circ v) B^T",
        r"\frac{\partial E}{\partial B} = u^T \left[ (w - t) C^T \circ (1 - v \circ v) \right]",
        r"\frac{\partial E}{\partial A} ="
        r" x^T \left[ \left( (w - t) C^T \circ (1 - v \circ v) \right)"
        r" B^T \circ (1 - u^2) \right]",
        r"\frac{\partial w_k}{\partial C_{ij}} = v_i \delta_{kj}",
    ],
)
def test_right_equation_holds(text):
    assert check(text, DEEP).holds


@pytest.mark.parametrize(
    ("text", "failure"),
    [
        (r"\frac{\partial E}{\partial w} = t - w", "value"),
        (r"\frac{\partial E}{\partial w} = 2 (w - t)", "value"),
        (r"\frac{\partial E}{\partial C} = (w - t)^T v", "shape"),
        (r"\frac{\partial v}{\partial u} = \operatorname{diag}(v \circ (1 - v)) B^T", "value"),
    ],
)
def test_wrong_equation_fails(text, failure):
    assert check(text, DEEP).failure == failure


def test_symbols_of_the_question_are_unknown_here():
    with pytest.raises(EquationError, match="unknown symbol h; known here: A, B, C"):
        check("h = x", DEEP)
