"""How deep in brackets a place is, and rows that begin with a sign."""

import pytest

from mlp_lib.equations.brackets import closing, depths, outside
from mlp_lib.equations.latex import is_own_row


@pytest.mark.parametrize(
    ("text", "deep", "forgiving"),
    [("a(b)", [0, 1, 1, 0], [0, 1, 1, 0]), ("[{}]", [1, 2, 1, 0], [1, 2, 1, 0]),
     (")(", [-1, 0], [0, 1]), ("", [], [])],
)  # fmt: skip
def test_how_many_brackets_are_open(text, deep, forgiving):
    assert list(depths(text)) == deep
    assert list(depths(text, forgiving=True)) == forgiving


def test_what_stands_outside_of_brackets():
    assert outside("a, (b, c), d", ",") == [1, 9]
    assert outside("a) , b", ",") == []
    assert outside("a) , b", ",", forgiving=True) == [3]


@pytest.mark.parametrize(
    ("text", "start", "kinds", "end"),
    [("f(a(b)c)", 2, "()", 7), ("{a}}", 1, "{}", 2), ("(a]", 1, "()", None), ("(a]", 1, "()[]", 2),
     ("(a", 1, "()", None), ("b{a", 0, "}{", 1)],
)  # fmt: skip
def test_where_a_bracket_is_closed(text, start, kinds, end):
    assert closing(text, start, kinds) == end


@pytest.mark.parametrize(
    ("name", "is_own"),
    [("d", True), ("", False), ("d" * 60, True), ("d" * 61, False),
     (" { d } ", True), ("e", False)],
)  # fmt: skip
def test_a_row_that_begins_with_a_minus_is_its_own_if_it_uses_the_name_above(name, is_own):
    after = "d" * len(name) if set(name) == {"d"} else "d"
    rows = rf"{name} = x \\ - {after} h"
    assert is_own_row(rows, rows, rows.index(r"\\")) == is_own
