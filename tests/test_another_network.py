"""Parser and evaluator know no network: other layers and another loss are a table too."""

import pytest

from mlp_lib.equations import EquationError, check
from mlp_lib.equations.latex import parse_latex
from mlp_lib.equations.printing import latex
from mlp_lib.equations.tables import Entry, Table, deep, question

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


TANH = question(activation=r"\tanh")
RELU = question(activation=r"\operatorname{relu}")


@pytest.mark.parametrize(
    ("table", "text", "failure"),
    [
        (TANH, r"\frac{\partial h}{\partial z_1} = \operatorname{diag}(1 - h \circ h)", ""),
        (TANH, r"\frac{\partial h}{\partial z_1} = \operatorname{diag}(\tanh'(z_1))", ""),
        (TANH, r"\frac{\partial h}{\partial z_1} = \operatorname{diag}(h \circ (1 - h))", "value"),
        (RELU, r"h = \operatorname{relu}(z_1)", ""),
        (
            RELU,
            r"\frac{\partial h}{\partial z_1} = \operatorname{diag}(\operatorname{relu}'(z_1))",
            "",
        ),
        (RELU, r"\frac{\partial h}{\partial z_1} = \operatorname{diag}(h)", "value"),
        (RELU, r"h = \operatorname{relu}'(z_1) \circ z_1", ""),
        (
            deep(),
            r"\frac{\partial J}{\partial z_1} ="
            r" \frac{\partial J}{\partial z_2} W_2^T \circ (1 - h_1 \circ h_1)",
            "",
        ),
        (
            deep(),
            r"\frac{\partial J}{\partial z_1} ="
            r" \frac{\partial J}{\partial z_2} W_2^T \circ (1 - h_1) \circ h_1",
            "value",
        ),
        (
            deep(),
            r"\frac{\partial J}{\partial z_1} ="
            r" \frac{\partial J}{\partial z_2} W_3^T \circ (1 - h_1 \circ h_1)",
            "shape",
        ),
        (deep(), r"\frac{\partial z_2}{\partial h_1} \in \mathbb{R}^{H_2\times H_{1}}", ""),
        (deep(), r"\frac{\partial z_2}{\partial b_2} = I_{H_2}", ""),
        (deep("N", "mean"), r"\frac{\partial J}{\partial z_3} = \frac{1}{N} (\hat y - y)", ""),
        (deep("N"), r"\frac{\partial J}{\partial z_3} = \frac{1}{N} (\hat y - y)", "value"),
    ],
)  # fmt: skip
def test_other_activations_and_more_layers(table, text, failure):
    assert check(text, table).failure == failure


@pytest.mark.parametrize(
    "text", [r"\operatorname{relu}'(z_1)", r"\operatorname{relu} z_1", r"\tanh'(x)"]
)
def test_other_activations_print_as_they_are_read(text):
    (equation,) = parse_latex(text, RELU)
    (again,) = parse_latex(latex(equation.sides[0]), RELU)
    assert again.sides == equation.sides
