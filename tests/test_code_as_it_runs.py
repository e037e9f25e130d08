"""Code is judged as Python would run it: what would raise, or change an array, isn't right."""

import time

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
    (f"def g(self, a): return a * (1 - a)\n{DZ1}", f"{SLOPE}\n{DZ1}", "g is a method"),
    (f"def g(a):\n    del a\n    return a * (1 - a)\n{DZ1}", f"{SLOPE}\n{DZ1}", "isn't read"),
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
     "this line raises"),
    (f"e = 1\ndef g(a):\n    r = a * (e - a)\n    e = 2\n    return r\n{DZ1}",
     f"e = 1\ndef g(a):\n    r = a * (e - a)\n    return r\n{DZ1}", "g uses e above its own line"),
    (f"def g(a):\n    r = q(a)\n    def q(b): return b * (1 - b)\n    return r\n{DZ1}",
     f"def g(a):\n    def q(b): return b * (1 - b)\n    r = q(a)\n    return r\n{DZ1}",
     "g uses q above its own line"),
    (f"def g(a):\n    r = a * (1 - h)\n    h: float = 1\n    return r\n{DZ1}", f"{SLOPE}\n{DZ1}",
     "g uses h above its own line"),
    (f"def g(a):\n    return a * (1 - h)\n    h = 1\n{DZ1}", f"{SLOPE}\n{DZ1}",
     "g uses h above its own line"),
    (f"def g(a, /): return a * (1 - a)\n{DZ1.replace('(h)', '(a=h)')}",
     f"def g(a, /): return a * (1 - a)\n{DZ1}", "g is read with a"),
    (f"def g(*, a): return a * (1 - a)\n{DZ1}",
     f"def g(*, a): return a * (1 - a)\n{DZ1.replace('(h)', '(a=h)')}", "g is read with a"),
    ("def back(X, y):\n    dW2 = h.T @ (yhat - y)\n    raise ValueError\n    return dW2, y\n"
     "dW2, y = back(X, y)", "def back(X, y):\n    dW2 = h.T @ (yhat - y)\n    return dW2, y\n"
     "dW2, y = back(X, y)", "this line raises"),
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


KEPT = [
    ("cache = (z1, h)", "z1, h = cache", "h, z1 = cache"),
    ("cache = z1, h", "(z1, h) = cache", "(h, z1) = cache"),
    ("cache = [z1, h]", "[z1, h] = cache", "[h, z1] = cache"),
    ("cache = []\ncache.append(h)\ncache.append(z1)", "h, z1 = cache", "z1, h = cache"),
    ("cache = (z1, h)", "h = cache[1]", "h = cache[0]"),
    ("cache = (z1, (h, yhat))", "_, c = cache\nh, _ = c", "_, c = cache\n_, h = c"),
    ("cache = (z1, h)", "c = cache\nh = c[-1]", "c = cache\nh = c[-2]"),
    ("def forward(X):\n    z1 = X @ W1 + b1\n    return z1, sigmoid(z1)", "z1, h = forward(X)",
     "h, z1 = forward(X)"),
    ("def forward(X):\n    return X @ W1 + b1, sigmoid(X @ W1 + b1)\nout = forward(X)",
     "z1, h = out", "h, z1 = out"),
    ("cache = (z1, h)\ndef slope(c):\n    a, b = c\n    return b", "h = slope(cache)",
     "h = slope((h, z1))"),
]  # fmt: skip


@pytest.mark.parametrize(("kept", "taken", "swapped"), KEPT)
def test_what_is_taken_out_is_what_was_kept_in_that_place(kept, taken, swapped):
    line = "dz1 = dJ_dh * h * (1 - h)"
    assert found_in(f"{kept}\n{taken}\n{line}", "dJ_dz1").ok
    found = found_in(f"{kept}\n{swapped}\n{line}", "dJ_dz1")
    assert not found.ok
    assert found.verdict in ("value", "shape")
    assert not found_in(f"{kept}\n{taken}\n{line.replace('1 - h', 'h')}", "dJ_dz1").ok


@pytest.mark.parametrize(
    ("lines", "words"),
    [("cache = (z1, h, W2)\nz1, h = cache", "3 values are given to 2 names"),
     ("cache = (z1, h)\nz1, *h = cache", "are as many names"),
     ("cache = (q, z1)\nh, z1 = cache", "what h gets isn't known"),
     ("cache = (z1, h)\nh = cache[2]", "this entry isn't known"),
     ("cache = (h, z1)\nh = cache + 1", "cache is several values"),
     ("h = (z1, h)", "h is one array here"), ("dh = dJ_dz2 @ W2.T,", "dh is one array here"),
     ("def f(a): return a, a\ndh = f(h)", "dh is one array here")],
)  # fmt: skip
def test_what_cannot_be_taken_out_is_refused(lines, words):
    found = found_in(f"{lines}\ndz1 = dJ_dh * h * (1 - h)", "dJ_dz1")
    assert found.verdict == "unusable input"
    assert words in found.message


def test_what_is_kept_is_the_same_array():
    lines = "d = yhat - y\ncache = (h, d)\n{} = cache\ne {}\ndW2 = h.T @ d"
    for taken in ("a, e", "h, e"):
        assert "one array here" in found_in(lines.format(taken, "*= 2"), "dJ_dW2").message
        assert found_in(lines.format(taken, "= e * 2"), "dJ_dW2").ok
    assert not found_in(lines.format("e, d", "*= 2"), "dJ_dW2").ok


SEVERAL = [
    ("def forward(X, W1, b1):\n    h = sigmoid(X @ W1 + b1)\n    return softmax(h @ W2 + b2), h\n"
     "yhat, h = forward(X, W1, b1)\ndW2 = h.T @ (yhat - y)", "dJ_dW2", "yhat, h =", "h, yhat ="),
    ("def forward(X):\n    h = sigmoid(X @ W1 + b1)\n    cache = (h, W2)\n"
     "    return softmax(h @ W2 + b2), cache\np, c = forward(X)\na, W = c\ndh = (p - y) @ W.T",
     "dJ_dh", "a, W = c", "W, a = c"),
    ("def backward(X, y):\n    dz2 = yhat - y\n    return h.T @ dz2, dz2.sum(0)\n"
     "dW2, db2 = backward(X, y)", "dJ_dW2", "dW2, db2 =", "db2, dW2 ="),
    ("def backward(X, y):\n    dz2 = yhat - y\n    return h.T @ dz2, dz2.sum(0)\n"
     "dW2 = backward(X, y)[0]", "dJ_dW2", "[0]", "[1]"),
    ("def f(a):\n    return a, 1 - a\np, q = f(h)\ndz1 = dJ_dh * p * q", "dJ_dz1", "1 - a", "a"),
]  # fmt: skip


@pytest.mark.parametrize(("lines", "target", "old", "new"), SEVERAL)
def test_a_function_may_return_several_values(lines, target, old, new):
    found = found_in(lines, target)
    assert found.ok, found.message
    changed = lines.replace(old, new)
    assert changed != lines
    assert not found_in(changed, target).ok
    turned = lines.replace("- y", "+ y")
    assert turned == lines or not found_in(turned, target).ok


CLOSURES = [
    ("def outer(d):\n    def inner(a): return a * d\n    return inner(1 - h)\n"
     "dz1 = dJ_dh * outer(h)", "dJ_dz1", "a * d", "a + d"),
    ("d = 2\ndef outer(d):\n    g = lambda a: a * d\n    return g(1 - h)\n"
     "dz1 = dJ_dh * outer(h)", "dJ_dz1", "outer(h)", "outer(2)"),
    ("def backward(X, y):\n    d2 = yhat - y\n    def through(W): return d2 @ W.T\n"
     "    dz1 = through(W2) * h * (1 - h)\n    return X.T @ dz1\ndW1 = backward(X, y)", "dJ_dW1",
     "W.T", "W"),
    ("def backward(X, y):\n    d2 = yhat - y\n    def through(W): return d2 @ W.T\n"
     "    dz1 = through(W2) * h * (1 - h)\n    dW1 = X.T @ dz1\n    return dW1, dz1", "dJ_dW1",
     "yhat - y", "y - yhat"),
]  # fmt: skip


@pytest.mark.parametrize(("lines", "target", "old", "new"), CLOSURES)
def test_a_function_in_a_function_has_the_names_around_it(lines, target, old, new):
    found = found_in(lines, target)
    assert found.ok, found.message
    assert not found_in(lines.replace(old, new), target).ok


def test_what_a_function_in_a_function_gets_may_have_the_same_name_outside():
    lines = "d = {}\ndef f(d):\n    def g(a): return a.T @ d\n    return g(h)\ndW2 = f(d)"
    assert found_in(lines.format("yhat - y"), "dJ_dW2").ok
    assert found_in(lines.format("y - yhat"), "dJ_dW2").verdict == "sign"


def test_a_function_may_take_more_than_it_is_given():
    lines = "def f(a, *rest, **others): return {}\ndz1 = dJ_dh * f(h)"
    assert found_in(lines.format("a * (1 - a)"), "dJ_dz1").ok
    assert not found_in(lines.format("a * a"), "dJ_dz1").ok
    for used in ("a * (1 - rest)", "a * (1 - others)"):
        assert found_in(lines.format(used), "dJ_dz1").verdict == "unusable input"
    assert found_in(lines.format("a").replace("* f(h)", "* h * (1 - h)"), "dJ_dz1").ok


def test_what_cannot_be_read_in_a_print_changes_no_name():
    loop = "def f(d):\n    h = 2 * d\n    for i in range(3):\n        h = h + 1\n    return h\n"
    lines = f"{loop}d = yhat - y\nprint(f(h))\ncosts = []\ncosts.append(f(h))\ndW2 = h.T @ d"
    assert found_in(lines, "dJ_dW2").ok
    assert found_in(lines.replace("yhat - y", "y - yhat"), "dJ_dW2").verdict == "sign"


def test_a_name_around_a_function_is_given_before_the_call():
    lines = "e = 1\ndef f(a):\n    def g(b): return b * (e - b)\n{}    return r\ndz1 = dJ_dh * f(h)"
    assert found_in(lines.format("    e = 1\n    r = g(a)\n"), "dJ_dz1").ok
    found = found_in(lines.format("    r = g(a)\n    e = 1\n"), "dJ_dz1")
    assert "g uses e above the line that gives it" in found.message


DW1 = "dW1 = X.T @ (dJ_dh * h * (1 - h))"
TOLD = [
    # what raises, what doesn't, the verdict
    ("assert dW1.shape == b1.shape", "assert dW1.shape == W1.shape, 'shape'", "shape"),
    ("assert dW1.shape == (H, D_x)", "assert dW1.shape == (D_x, H)", "shape"),
    ("assert dW1.shape[0] == H", "assert dW1.shape[1] == H", "shape"),
    ("assert dW1.ndim == 1", "assert dW1.ndim == 2", "shape"),
    ("assert X.shape[1] == D_x and dW1.shape != W1.shape", "assert dW1.shape != b1.shape", "shape"),
    ("assert np.allclose(dW1, b2)", "assert np.allclose(dW1, dW1)", "value"),
    ("assert dW1 == W1", "assert len(dW1) == len(W1)", "value"),
    ("assert dW1.shape == W1.shape == b1.shape", "assert dW1.shape == W1.shape == dW1.shape",
     "shape"),
    ("assert not dW1.shape == W1.shape", "assert not dW1.shape == b1.shape", "shape"),
    ("assert np.shape(dW1) == np.shape(b1)", "assert np.shape(dW1) == W1.shape", "shape"),
    ("assert (dW1 == W1).all()", "assert (dW1 == X.T @ dW1_of).all()", "value"),
    ("assert np.array_equal(dW1, W1)", "assert np.array_equal(dW1, dJ_dW1)", "value"),
    ("assert dW1", "assert N", "value"),
    ("assert dW1.shape[1] != H", "assert dW1.shape[0] != H", "shape"),
    ("assert (dW1 + b2).shape == W1.shape", "assert (dW1 + b1).shape == W1.shape", "shape"),
    ("if True:\n    print(dW1 @ dW1)", "if False:\n    print(dW1 @ dW1)", "shape"),
    ("print('%s' % (dW1 @ dW1))", "print('%s %d' % (dW1.shape, 2))", "shape"),
    ("print('{}'.format(dW1 @ dW1))", "print('{}'.format(dW1 @ dW1.T))", "shape"),
    ("print((dW1 @ W1).shape)", "print((dW1.T @ W1).shape)", "shape"),
    ("log = []\nlog.append(dW1 @ dW1)", "log = []\nlog.append(dW1.sum())", "shape"),
    ("assert False", "assert True", "unusable input"),
    ("print(dW1 + b2)", "print(dW1 + W1)", "shape"),
    ("print('dW1:', dW1 @ dW1)", "print('dW1:', dW1.T @ dW1)", "shape"),
    ("print(f'{dW1 + b2}')", "print(f'{dW1.sum():.3f} {loss}')", "shape"),
    ("print(dW1[100])", "print(dW1[0], costs[-1])", "shape"),
    ("print(1); print(dW1 + y); print(2)", "print(1); print(dW1); print('%d' % 2)", "shape"),
]  # fmt: skip


@pytest.mark.parametrize(("raising", "running", "verdict"), TOLD)
def test_what_is_printed_or_asserted_has_to_run(raising, running, verdict):
    assert found_in(f"{DW1}\n{raising}", "dJ_dW1").verdict == verdict
    assert found_in(f"{DW1}\n{running}", "dJ_dW1").ok
    wrong = DW1.replace("1 - h", "1 + h")
    assert not found_in(f"{wrong}\n{running}", "dJ_dW1").ok


@pytest.mark.parametrize("told", ["assert loss < 1", "print(loss / N)", "assert X.shape == (99, 4)",
                                  "assert check(dW1), 'no'", "print(*costs)"])  # fmt: skip
def test_what_is_not_known_here_may_be_printed_or_asserted(told):
    assert found_in(f"{DW1}\n{told}", "dJ_dW1").ok
    assert not found_in(f"{DW1.replace('X.T', '-X.T')}\n{told}", "dJ_dW1").ok


def test_a_bias_may_be_asserted_to_have_the_1_of_a_row():
    lines = "db1 = np.sum(dJ_dz1, axis=0, keepdims={})\nassert db1.shape == {}"
    for shape, kept in (("b1.shape", True), ("b1.shape", False), ("(1, H)", True)):
        assert found_in(lines.format(kept, shape), "dJ_db1").ok
    assert found_in(lines.format(False, "(1, H)"), "dJ_db1").verdict == "shape"
    assert found_in(lines.format(True, "b2.shape"), "dJ_db1").verdict == "shape"
    assert not found_in(lines.format(True, "b1.shape").replace("axis=0", "axis=1"), "dJ_db1").ok


def test_a_function_that_is_called_has_to_run_what_it_asserts():
    lines = "def g(a):\n    assert a.shape == {}.shape\n    return a * (1 - a)\ndz1 = dJ_dh * g(h)"
    assert found_in(lines.format("z1"), "dJ_dz1").ok
    assert found_in(lines.format("z2"), "dJ_dz1").verdict == "shape"
    assert not found_in(lines.format("z1").replace("1 - a", "a"), "dJ_dz1").ok


@pytest.mark.parametrize(
    ("line", "symbol"),
    [("W2 = np.zeros((H, D_y))", "W₂"), ("W2 = np.zeros([H, D_y])\nV = W2.T", "W₂"),
     ("y = np.zeros_like(y)", "y"), ("W2 *= 0", "W₂"),
     ("yhat, y = yhat, 0 * y", "y"), ("y = y * 0 + yhat", "y")],
)  # fmt: skip
def test_a_given_array_that_is_overwritten_is_named(line, symbol):
    turned = "V" if "V" in line else "W2.T"
    found = found_in(f"{line}\ndz1 = (yhat - y) @ {turned} * h * (1 - h)", "dJ_dz1")
    assert not found.ok
    assert f"{symbol} is given, and a line overwrites it" in found.remark


@pytest.mark.parametrize(
    "lines",
    ["y = np.asarray(y)", "W2 = np.random.randn(H, D_y)", "W2 = W2.copy()",
     "W1 = np.zeros((D_x, H))\nW2 = np.zeros((H, D_y))\nh = sigmoid(X @ W1 + b1)\n"
     "yhat = softmax(h @ W2 + b2)", "b2 = np.zeros((1, D_y))"],
)  # fmt: skip
def test_a_line_from_which_training_starts_overwrites_nothing(lines):
    ends = "\ndz1 = (yhat - y) @ W2.T * h * (1 - h)"
    found = found_in(lines + ends, "dJ_dz1")
    assert found.ok
    assert "overwrites" not in found.remark
    wrong = found_in(lines + ends.replace("1 - h", "1 + h"), "dJ_dz1")
    assert not wrong.ok
    assert "overwrites" not in wrong.remark


def test_no_line_below_a_return_is_run():
    lines = "def back(X, y):\n    dW2 = h.T @ {}\n    return dW2, y\n    dW2 = h.T @ {}\n"
    for call in ("", "dW2, y = back(X, y)"):
        assert found_in(lines.format("(yhat - y)", "(y - yhat)") + call, "dJ_dW2").ok
        assert not found_in(lines.format("(y - yhat)", "(yhat - y)") + call, "dJ_dW2").ok


DEEP = ["print(" + "-" * 1800 + "1)", "assert " + "not " * 450 + "x", "print(" + "1+" * 900 + "1)",
        "assert " + "2**" * 600 + "2", "print(x" + "[0]" * 600 + ")", "print(x @ x)\n" * 150,
        "c = []\n" + "c.append(h)\n" * 140 + "h",
        "c = (h, h)\n" + "c = (c, c)\n" * 100 + "a, b = c\nh"]  # fmt: skip


@pytest.mark.parametrize("text", DEEP)
def test_what_is_told_very_deep_takes_no_time(text):
    began = time.process_time()
    found_in(text, "dJ_dW1")
    assert time.process_time() - began < 2
