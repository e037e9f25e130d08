"""Random and malicious text: a tree, a report or an EquationError comes back, and in time."""

import warnings

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlp_lib.equations import EquationError
from tests import fuzz

WHATEVER = st.text() | st.lists(st.sampled_from(fuzz.TOKENS)).map(" ".join)


def test_a_short_run_finds_nothing():
    answers, longest, faults = fuzz.run(3000, seed=1)
    assert not faults, "\n".join(f"{each.text!r}\n{each.problem}" for each in faults[:5])
    assert longest < fuzz.SECONDS
    # The texts are no mere noise: each front end reads some of them, and each answer occurs.
    for answer in (("latex", "a tree"), ("numpy", "a tree"), ("check", "holds"),
                   ("typed", "a tree")):  # fmt: skip
        assert answers[answer] > 10, answers
    for failure in ("shape", "value", "vacuous", "refused"):
        assert answers["check", failure] > 10, answers


@pytest.mark.parametrize("front_end", fuzz.FRONT_ENDS)
@settings(derandomize=True, deadline=None, max_examples=300)
@given(text=WHATEVER)
def test_text_of_any_kind_is_answered(front_end, text):
    _, _, fault = fuzz.answer(front_end, text, fuzz.TABLES[0])
    assert fault is None, fault


def test_the_same_seed_gives_the_same_texts():
    one, other = fuzz.texts(7), fuzz.texts(7)
    assert [next(one) for _ in range(200)] == [next(other) for _ in range(200)]


def raise_recursion(text, table):
    return raise_recursion(text, table)


def warn(text, table):
    warnings.warn("overflow", RuntimeWarning, stacklevel=1)


def say_nothing(text, table):
    raise EquationError("")


@pytest.mark.parametrize(
    ("front_end", "problem"),
    [
        (raise_recursion, "RecursionError"),
        (warn, "RuntimeWarning"),
        (say_nothing, "without words"),
    ],
)
def test_what_a_front_end_must_not_do_is_found(monkeypatch, front_end, problem):
    monkeypatch.setitem(fuzz.FRONT_ENDS, "broken", front_end)
    _, _, fault = fuzz.answer("broken", "x", fuzz.TABLES[0])
    assert problem in fault.problem


def test_an_answer_that_takes_too_long_is_found(monkeypatch):
    monkeypatch.setitem(fuzz.FRONT_ENDS, "slow", lambda text, table: sum(range(10**6)))
    monkeypatch.setattr(fuzz, "SECONDS", 1e-4)
    _, _, fault = fuzz.answer("slow", "x", fuzz.TABLES[0])
    assert "took " in fault.problem
