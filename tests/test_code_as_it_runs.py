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


DZ1 = "dz1 = dJ_dh * g(h)"
SLOPE = "def g(a): return a * (1 - a)"
RAISING = [
    # what raises, what doesn't, the sentence
    (f"{DZ1}\n{SLOPE}", f"{SLOPE}\n{DZ1}", "g is called above its def"),
    (f"{DZ1}\ng = lambda a: a * (1 - a)", f"g = lambda a: a * (1 - a)\n{DZ1}", "above its def"),
    (f"def g(a): return q(a)\n{DZ1}\ndef q(a): return a * (1 - a)",
     f"def g(a): return q(a)\ndef q(a): return a * (1 - a)\n{DZ1}", "q is called above its def"),
    (f"class A:\n    def g(self, a): return a * (1 - a)\n{DZ1}",
     f"class A:\n    def g(self, a): return a * (1 - a)\n    def back(self):\n        {DZ1}\n"
     "        return dz1", "g is known only inside of"),
    (f"def f(a):\n    def g(b): return b * (1 - b)\n    return g(a)\n{DZ1}",
     "def f(a):\n    def g(b): return b * (1 - b)\n    return g(a)\ndz1 = dJ_dh * f(h)",
     "g is known only inside of"),
    (f"def g(a):\n    raise ValueError\n    return a * (1 - a)\n{DZ1}", f"{SLOPE}\n{DZ1}",
     "g is called, and this isn't read"),
    (f"e = 1\ndef g(a):\n    r = a * (e - a)\n    e = 2\n    return r\n{DZ1}",
     f"e = 1\ndef g(a):\n    r = a * (e - a)\n    return r\n{DZ1}", "g uses e above its own line"),
    (f"def g(a, /): return a * (1 - a)\n{DZ1.replace('(h)', '(a=h)')}",
     f"def g(a, /): return a * (1 - a)\n{DZ1}", "g is read with a"),
    (f"def g(*, a): return a * (1 - a)\n{DZ1}",
     f"def g(*, a): return a * (1 - a)\n{DZ1.replace('(h)', '(a=h)')}", "g is read with a"),
    ("def back(X, y):\n    dW2 = h.T @ (yhat - y)\n    raise ValueError\n    return dW2, y\n"
     "dW2, y = back(X, y)", "def back(X, y):\n    dW2 = h.T @ (yhat - y)\n    return dW2, y\n"
     "dW2, y = back(X, y)", "a line is a formula"),
    ("def back(X, y):\n    dW2 = h.T @ (yhat - y)\n    h = 2\n    return dW2, y\n"
     "dW2, y = back(X, y)", "def back(X, y):\n    dW2 = h.T @ (yhat - y)\n    return dW2, y\n"
     "dW2, y = back(X, y)", "back uses h above its own line"),
]  # fmt: skip


@pytest.mark.parametrize(("raising", "running", "words"), RAISING)
def test_a_call_that_raises_is_refused(raising, running, words):
    target = "dJ_dW2" if "dW2" in running else "dJ_dz1"
    found = found_in(raising, target)
    assert found.verdict == "unusable input"
    assert words in found.message
    assert found_in(running, target).ok
    wrong = running.replace("1 - ", "1 + ").replace("e - ", "e + ").replace("yhat - y", "y - yhat")
    assert not found_in(wrong, target).ok
    assert found_in(wrong, target).verdict != "unusable input"


def test_a_function_that_only_raises_and_that_nothing_calls_is_passed_over():
    stub = "def later(a):\n    raise NotImplementedError\n"
    assert found_in(f"{stub}dW2 = h.T @ (yhat - y)", "dJ_dW2").ok
    assert not found_in(f"{stub}dW2 = h.T @ (y - yhat)", "dJ_dW2").ok
