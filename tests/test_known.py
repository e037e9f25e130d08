"""A value is recognised as the quantity that it is at every network, and as no other."""

import pytest

from mlp_lib.equations import question
from mlp_lib.equations.evaluate import Evaluation, Value, point
from mlp_lib.equations.known import known_quantities, name_of, names
from mlp_lib.equations.latex import parse_latex
from mlp_lib.equations.printing import latex


def values(text, table):
    ((side,), _) = parse_latex(text, table)[0]
    points = [point(table, number) for number in range(len(table.sizes))]
    return [Evaluation(table, each.sizes, each.values).side(side) for each in points]


def name(text, *batch):
    found = name_of(values(text, question(*batch)), question(*batch))
    return found and latex(found)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x", "x"),
        (r"\hat y - y", r"\frac{\partial J}{\partial z_2}"),
        (r"(\hat y - y) W_2^T", r"\frac{\partial J}{\partial h}"),
        ("W_2^T", r"\frac{\partial z_2}{\partial h}"),
        (r"\operatorname{diag}(h \circ (1 - h))", r"\frac{\partial h}{\partial z_1}"),
        (r"h^T (\hat y - y)", r"\frac{\partial J}{\partial W_2}"),
        (r"-\sum_k y_k \log \hat y_k", "J"),
        ("x W_1 + b_1", "z_1"),
        (r"y - \hat y", None),
        ("1 - h", None),
        ("x^T", None),
        (r"\sum_k y_k z_{1,i}", None),
    ],
)
def test_one_row(text, expected):
    assert name(text) == expected


@pytest.mark.parametrize(
    ("reduction", "expected"), [("sum", r"\frac{\partial J}{\partial z_2}"), ("mean", None)]
)
def test_batch(reduction, expected):
    assert name(r"\hat y - y", "N", reduction) == expected


def test_equal_at_one_network_is_not_enough():
    first, *rest = values(r"\hat y - y", question())
    other = [Value(value.array * 2, value.axes) for value in rest]
    assert name_of([first, *rest], question())
    assert name_of([first, *other], question()) is None


def test_every_name_has_a_value_that_is_not_zero_and_is_computed_once():
    for number in range(len(question().sizes)):
        known = known_quantities(question(), number)
        assert tuple(known) == names(question())
        assert all(value.array.any() for value in known.values())
        assert known_quantities(question(), number) is known
