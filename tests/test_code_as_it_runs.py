"""Code is judged as Python would run it: what would raise, or change an array, isn't right."""

import pytest

from mlp_lib.equations import diagnose


def found_in(lines, target, loss="sum", setup="batch"):
    """Return the diagnosis of code for a batch."""
    return diagnose(lines, target, setup=setup, loss=loss, suggest=False)


ALIASES = [
    "def f(a): return a\nd = yhat - y\ne = f(d)", "f = lambda a: a.T\nd = yhat - y\ne = f(d)",
    "def f(a):\n    b = a[:]\n    return b\nd = yhat - y\ne = f(d)",
    "def g(a): return a\ndef f(b, c): return g(c)\nd = yhat - y\ne = f(h, d)",
    "d = yhat - y\ne = d if 1 else h", "d = yhat - y\ne = np.einsum('nk->kn', d)",
    "def f(a, turn=False):\n    if turn == True:\n        return a.T\n    return 2 * a\n"
    "d = yhat - y\ne = f(d, True)",
]  # fmt: skip


@pytest.mark.parametrize("lines", ALIASES)
def test_an_array_that_a_call_gives_back_is_the_same_one(lines):
    ends = "{}\ndW2 = h.T @ d"
    assert "one array here" in found_in(lines + ends.format("\ne *= 2"), "dJ_dW2").message
    assert found_in(lines + ends.format("\ne = e * 2"), "dJ_dW2").ok
    turned = lines.replace("yhat - y", "y - yhat")
    assert not found_in(turned + ends.format("\ne = e * 2"), "dJ_dW2").ok


@pytest.mark.parametrize("made", ["2 * a", "a.copy()", "np.exp(a)"])
def test_an_array_that_a_function_makes_is_its_own(made):
    lines = f"def f(a): return {made}\nd = yhat - y\ne = f(d)\ne *= 2\ndW2 = h.T @ d"
    assert found_in(lines, "dJ_dW2").ok
    assert not found_in(lines.replace("h.T @ d", "h.T @ e"), "dJ_dW2").ok


def test_functions_that_give_back_what_they_get_many_times_take_no_time():
    again = "def f{0}(a): return f{1}(f{1}(a))"
    lines = ["def f0(a): return a", *(again.format(n, n - 1) for n in range(1, 30))]
    calls = "def f(a): return f(a)\nd = yhat - y\ne = {}(d)\ne *= 2\ndW2 = h.T @ d"
    for name in ("f29", "f"):
        code = "\n".join([*lines, calls.format(name)])
        assert found_in(code, "dJ_dW2").verdict == "unusable input"
