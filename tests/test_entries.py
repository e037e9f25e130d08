"""The entries of each derivative in index notation, in whatever letters someone uses."""

import pytest

from mlp_lib.equations import check
from mlp_lib.equations.entries import ENTRIES, GRADIENTS, entries_of
from mlp_lib.equations.printing import latex
from mlp_lib.equations.setting import setting
from mlp_lib.equations.tree import Indexed, Partial, Symbol

SETTINGS = [("row", "sum"), ("batch", "sum"), ("batch", "mean")]
GOALS = [
    (*of_and_by, own, setup, loss)
    for setup, loss in SETTINGS
    for of_and_by, (own, _) in [
        *(ENTRIES.items() if setup == "row" else ()),
        *((("J", by), entry) for by, entry in GRADIENTS.items()),
    ]
]


def assert_are_the_entries(goal, letters, where) -> None:
    """Check the entries against the derivative itself, whose letters are these."""
    entries = entries_of(goal, tuple(letters), where)
    equation = f"{latex(Indexed(goal, tuple(letters)))} = {latex(entries)}"
    report = check(equation, where.table)
    assert report.holds, f"{equation}: {report.message}"


@pytest.mark.parametrize(("of", "by", "own", "setup", "loss"), GOALS)
def test_entries_are_those_of_the_derivative_in_any_letters(of, by, own, setup, loss):
    where, goal = setting(setup, loss), Partial(Symbol(of), Symbol(by))
    own = own if setup == "batch" else own.replace("n", "")
    # Their own letters, the same in another order, and letters that the sums would have used.
    for letters in dict.fromkeys((own, own[::-1], "kjn"[: len(own)], "pqr"[: len(own)])):
        assert_are_the_entries(goal, letters, where)


@pytest.mark.parametrize("letters", ["", "i", "ijk", "ii"])
def test_other_letters_than_one_for_each_axis_have_no_entries(letters):
    goal = Partial(Symbol("J"), Symbol("W_1"))
    assert entries_of(goal, tuple(letters), setting("row")) is None


def test_what_the_book_has_no_entries_of_has_none():
    one_row, batch = setting("row"), setting("batch")
    assert entries_of(Partial(Symbol("x"), Symbol("h")), ("i", "j"), one_row) is None
    assert entries_of(Partial(Symbol("J"), Symbol("y")), ("k",), one_row) is None
    assert entries_of(Partial(Symbol("h"), Symbol("z_1")), ("k", "j"), batch) is None
