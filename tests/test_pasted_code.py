"""What pasted Python code means: what its lines change, its functions, what Python would raise."""

import time

import pytest

from mlp_lib.equations import diagnose


def found_in(lines, target, loss="sum", setup="batch"):
    """Return the diagnosis of code for a batch."""
    return diagnose(lines, target, setup=setup, loss=loss)


def test_an_error_that_is_said_twice_has_in_each_line_what_was_said_above():
    lines = (
        "delta2 = yhat - y\ndelta1 = delta2 @ W2.T{}\ndW1 = X.T @ delta1\n"
        "delta1 = delta2 @ W2.T * h * (1 - h)\ndb1 = delta1.sum(0)"
    )
    found = found_in(lines.format(""), "dJ_dW1")
    assert found.mistake.name == "slope missing"
    assert found_in(lines.format(" * h * (1 - h)"), "dJ_dW1").ok
    assert found_in(lines.format(""), "dJ_db1").verdict != "right"  # dW1 is still wrong
    again = "delta2 = {}\ndW2 = h.T @ delta2\ndelta2 = {}"
    assert found_in(again.format("yhat - y", "y - yhat"), "dJ_dW2").ok
    assert found_in(again.format("y - yhat", "yhat - y"), "dJ_dW2").mistake.name == "sign"


@pytest.mark.parametrize(
    ("lines", "target", "own"),
    [("dz2 = err = yhat - y\nerr *= 1 / N\ndW2 = h.T @ dz2", "dJ_dW2",
      "dz2 = err = yhat - y\nerr = err * 1 / N\ndW2 = h.T @ dz2"),
     ("import numpy\ng = yhat - y\nt = numpy.transpose(g)\nt *= 2\ndW2 = h.T @ g", "dJ_dW2",
      "import numpy\ng = yhat - y\nt = numpy.copy(g)\nt *= 2\ndW2 = h.T @ g"),
     ("dz2 = yhat - y\ndh = dz1 = dz2 @ W2.T\ndz1 *= h * (1 - h)\ndx = dz1 @ W1.T\ndh", "dJ_dx",
      "dz2 = yhat - y\ndh = dz1 = dz2 @ W2.T\ndz1 = dz1 * h * (1 - h)\ndx = dz1 @ W1.T\ndh")],
)  # fmt: skip
def test_one_array_may_have_several_names(lines, target, own):
    assert "one array here" in found_in(lines, target).message
    assert found_in(own, target).ok
    assert not found_in(own.replace("yhat - y", "y - yhat"), target).ok


def test_a_number_is_not_changed_in_place():
    lines = "dW2 = db2 = 0\ndW2 += h.T @ (yhat - y)\ndb2 += (yhat - y).sum(0)"
    for target in ("dJ_dW2", "dJ_db2"):
        assert found_in(lines, target).ok
        assert not found_in(lines.replace("yhat - y", "y - yhat"), target).ok


REMARKS = [
    "# multiply with the slope\n{}", "{}  # with softmax", "{}  # ŷ − y", "{}  # Σₙ, where y = 1",
    "{}  # shape {{N, H}}", "{}  # 1 - h^2", "{}  # \\hat{{y}} - y", "{}  # the examples' sum",
    "{}\nprint('slope', dz1)", "{}\nprint('# 1',\n      dz1, '\\n')", "{}\nassert 1, 'no slope'",
    "def slope():\n    \"\"\"Return h' * dh, where ŷ is \\\\hat y.\"\"\"\n    {}\n    return dz1",
    "\'\'\'dJ/dz1 = ...\'\'\'\n{}", "{}\nif 1 == 1:\n    print('slope')\n",
    "# δ₁ = δ₂ W₂ᵀ ∘ h\n\n{}  # h' * (y - yhat)",
]  # fmt: skip


@pytest.mark.parametrize("around", REMARKS)
def test_comments_and_what_is_printed_say_nothing(around):
    line = "dz1 = dJ_dh * h * (1 - h)"
    assert found_in(around.format(line), "dJ_dz1").ok
    found = found_in(around.format(line.replace("1 - h", "h")), "dJ_dz1")
    assert found.mistake.name == "slope wrong"
    assert found_in(around.format("dz1 = dJ_dh.transpose() * h"), "dJ_dz1").verdict == "shape"


def test_a_comment_is_no_part_of_the_code():
    lines = "dW1 = X.T @ delta{}where delta = dJ_dh * h * (1 - h)"
    assert found_in(lines.format(", "), "dJ_dW1").ok
    assert "unknown name delta" in found_in(lines.format("  # "), "dJ_dW1").message


@pytest.mark.parametrize(
    "text",
    ["h' * (yhat - y)  # the error", "h' * (yhat - y)", "δ₂ = ŷ − y # the error\nhᵀ δ₂",
     "dW2 = np.einsum('nh,nk->hk', h, yhat - y)", "dW2 = einsum('nh,nk->hk', h, yhat - y) * 1"],
)  # fmt: skip
def test_a_quote_in_a_text_is_no_transpose(text):
    assert found_in(text, "dJ_dW2").ok
    turned = text.replace("yhat - y", "y - yhat").replace("ŷ − y", "y − ŷ")
    assert found_in(turned, "dJ_dW2").mistake.name == "sign"


@pytest.mark.parametrize(
    "text", ["#" * 1900, "'" * 1900, '"' * 1899, "'\"" * 900, "print(" * 300, "\nprint(" * 250,
             '"""\'\'\' ' * 250, "'\\" * 900, " #'" * 600]
)  # fmt: skip
def test_many_quotes_take_no_time(text):
    began = time.process_time()
    diagnose(text, "dJ_dW1", suggest=False)
    assert time.process_time() - began < 2


SIGMOID = "def sigmoid(z):\n    return 1 / (1 + np.exp(-z))\n"
SLOPE = "def sigmoid_derivative(x):\n    return x * (1 - x)\n"
NONLIN = (
    "def nonlin(x, deriv=False):\n    if deriv == True:\n        return x * (1 - x)\n"
    "    return 1 / (1 + np.exp(-x))\n"
)
OWN = [
    # code, target, what is changed in it, by what
    (SLOPE + "dz1 = (yhat - y) @ W2.T * sigmoid_derivative(h)", "dJ_dz1", "(h)", "(z1)"),
    (SLOPE + "dz1 = (yhat - y) @ W2.T * sigmoid_derivative(h)", "dJ_dz1", "1 - x", "x"),
    (SIGMOID + "h = sigmoid(X @ W1 + b1)\ndW2 = h.T @ (yhat - y)", "dJ_dW2", "-z", "z"),
    (SIGMOID + "a = sigmoid(z1)\ndz1 = dJ_dh * a * (1 - a)", "dJ_dz1",
     "1 / (1 + np.exp(-z))", "np.tanh(z)"),
    (SIGMOID + "def d(z): return sigmoid(z) * (1 - sigmoid(z))\ndz1 = dJ_dh * d(z1)", "dJ_dz1",
     "1 - sigmoid", "sigmoid"),
    ("def softmax(z2):\n    e = np.exp(z2 - np.max(z2, axis=1, keepdims=True))\n"
     "    return e / np.sum(e, axis=1, keepdims=True)\ndz2 = softmax(z2) - y", "dJ_dz2",
     "e, axis=1", "e, axis=0"),
    ("g = lambda a, slope=1: a * (slope - a)\ndz1 = dJ_dh * g(h)", "dJ_dz1", "g(h)", "g(h, 2)"),
    ("g = lambda a, slope=1: a * (slope - a)\ndz1 = dJ_dh * g(h)", "dJ_dz1", "=1", "=2"),
    (NONLIN + "dz1 = dJ_dh * nonlin(h, deriv=True)", "dJ_dz1", "=True", "=False"),
    (NONLIN + "dz1 = dJ_dh * nonlin(nonlin(z1), True)", "dJ_dz1", ", True)", ")"),
    # A name of the function is none outside of it, and the other way round.
    ("e = yhat - y\ndef f(h):\n    e = h\n    return e * (1 - h)\ndz1 = e @ W2.T * f(h)", "dJ_dz1",
     "e = h\n", "e = 2\n"),
    ("scale = 1 / N\ndef mean(a):\n    return scale * a\ndz2 = N * mean(yhat - y)", "dJ_dz2",
     "1 / N", "2 / N"),
    ("def f(a):\n    def g(b): return b * h\n    return g(1 - a)\ndz1 = dJ_dh * f(h)", "dJ_dz1",
     "1 - a", "a"),
    # In place it changes what it made, and no other array.
    ("def slope(a):\n    s = a.copy()\n    s *= 1 - a\n    return s\ndz1 = dJ_dh * slope(h)",
     "dJ_dz1", "1 - a", "a"),
    # The derivation in a def, called or not, with others beside it.
    (SLOPE + "def backward(X, y, W2):\n    dz1 = (yhat - y) @ W2.T * sigmoid_derivative(h)\n"
     "    return X.T @ dz1\ndW1 = backward(X, y, W2)", "dJ_dW1", "W2.T *", "W2 *"),
    (SLOPE + "def backward(X, y, cache):\n    dz1 = (yhat - y) @ W2.T * sigmoid_derivative(h)\n"
     "    dW1 = X.T @ dz1\n    return dW1, dz1\ngrads = backward(X, y, cache)", "dJ_dW1",
     "yhat - y", "y - yhat"),
    ("def cost(p, t):\n    for i in range(3):\n        t = t + p\n    return t\n"
     "def backward(X, y):\n    dW2 = h.T @ (yhat - y)\n    return dW2", "dJ_dW2", "h.T", "h"),
    ("class Net:\n    def __init__(self, n):\n        self.W1 = np.random.randn(n, 4)\n"
     "    def slope(self, a):\n        return a * (1 - a)\n    def backward(self, X, y):\n"
     "        dz1 = self.dJ_dh * self.slope(self.h)\n        dW1 = X.T @ dz1\n        return dW1",
     "dJ_dW1", "1 - a", "a"),
    (SIGMOID + "dz1 = dJ_dh * sigmoid_prime(z1)", "dJ_dz1", "np.exp(-z)", "np.exp(z)"),
]  # fmt: skip


@pytest.mark.parametrize(("lines", "target", "old", "new"), OWN)
def test_a_function_of_ones_own_is_what_its_body_says(lines, target, old, new):
    found = found_in(lines, target)
    assert found.ok, found.message
    changed = lines.replace(old, new)
    assert changed != lines
    assert not found_in(changed, target).ok


def test_what_is_wrong_in_a_function_is_mended_there():
    found = found_in(SLOPE.replace("1 - x", "1 + x") + "dJ_dh * sigmoid_derivative(h)", "dJ_dz1")
    assert found.suggestion == SLOPE + "dJ_dh * sigmoid_derivative(h)"
    found = found_in(SLOPE + "dJ_dh * sigmoid_derivative(z1)", "dJ_dz1")
    assert found.mistake.name == "slope of the pre-activation"
    assert found_in(found.suggestion, "dJ_dz1").ok


LOOP = "def f(a):\n    for i in range(3):\n        a = a + 1\n    return a\n"
UNREAD = [
    (LOOP + "dW2 = f(h).T @ (yhat - y)", "f is called, and this isn't read in a function"),
    ("def f(a):\n    a *= 2\n    return a\nh.T @ f(yhat - y) / 2", "f changes a in place"),
    ("def f(a):\n    b = a\n    b *= 2\n    return b\nh.T @ f(yhat - y)", "f changes b in place"),
    ("def f(a): return f(a)\nf(h)", "at most 100 calls"),
    ("def f(a, b): return a @ b\nf(h.T)", "f is read with a, b, each of them once"),
    ("def f(a): return a\nf(h, a=h)", "f is read with a, each of them once"),
    ("def f(a): return a, a\nh.T @ f(yhat - y)", "if it returns one value"),
    ("def f(a):\n    b = a\nh.T @ f(yhat - y)", "if it returns one value"),
    ("def f(a, y=None): return a - y\nh.T @ f(yhat)", "y is None here, and no number"),
    ("class A:\n    def f(a): return a\nclass B:\n    def f(a): return -a\nf(h)", "two functions"),
]  # fmt: skip


@pytest.mark.parametrize(("lines", "words"), UNREAD)
def test_a_function_that_is_more_than_formulas_is_refused_where_it_is_called(lines, words):
    found = found_in(lines, "dJ_dW2")
    assert found.verdict == "unusable input"
    assert words in found.message
    assert found_in(LOOP + "h.T @ (yhat - y)", "dJ_dW2").ok


@pytest.mark.parametrize("first", ["return a + a", "return h", "return a * a.T"])
def test_functions_that_call_each_other_many_times_are_refused_at_once(first):
    again = "def f{0}(a): return f{1}(f{1}(a))"
    lines = [f"def f0(a): {first}", *(again.format(n, n - 1) for n in range(1, 30))]
    began = time.process_time()
    assert found_in("\n".join([*lines, "f29(h)"]), "dJ_dh").verdict == "unusable input"
    assert time.process_time() - began < 2


GROWN = [
    ("db2 = np.zeros(D_y)\ndb2 += yhat - y", "dJ_db2", "row", "db2 = db2 + (yhat - y)"),
    ("db2 = np.zeros_like(b2)\ndb2 += np.sum(yhat - y, axis=0, keepdims=True)", "dJ_db2", "batch",
     "db2 = db2 + np.sum(yhat - y, axis=0, keepdims=True)"),
    ("dW2 = h.T.copy()\ndW2 *= yhat - y", "dJ_dW2", "row", "dW2 = dW2 * (yhat - y)"),
    ("def f(a):\n    s = np.zeros(D_y)\n    s -= a\n    return s\n-f(yhat - y)", "dJ_db2", "row",
     "    s = s - a"),
]  # fmt: skip


@pytest.mark.parametrize(("lines", "target", "setup", "instead"), GROWN)
def test_an_array_that_is_changed_in_place_keeps_its_shape(lines, target, setup, instead):
    found = found_in(lines, target, setup=setup)
    assert found.verdict == "shape"
    assert "in place can't change its shape" in found.message
    assert instead in found.suggestion
    assert found_in(found.suggestion, target, setup=setup).ok
    turned = lines.replace("yhat - y", "y - yhat")
    assert found_in(turned, target, setup=setup).mistake.name == "sign"
    mended = found_in(turned, target, setup=setup).suggestion
    assert mended is None or found_in(mended, target, setup=setup).ok


@pytest.mark.parametrize(
    ("lines", "target"),
    [("db2 = np.zeros(D_y)\ndb2 += (yhat - y).sum(0)", "dJ_db2"),
     ("db2 = 0\ndb2 += (yhat - y).sum(0)", "dJ_db2"),
     ("dz2 = yhat - y\ndz2 -= dz2.sum(axis=0, keepdims=True) * 0", "dJ_dz2"),
     ("db2 = np.sum(yhat - y, axis=0)\nb2 -= lr * db2[None]", "dJ_db2")],
)  # fmt: skip
def test_an_array_that_keeps_its_shape_may_be_changed(lines, target):
    assert found_in(lines, target).ok
    assert not found_in(lines.replace("yhat - y", "y - yhat"), target).ok


NOT_IN_NUMPY = [
    ("np.zeros(H, D_y) + h.T @ (yhat - y)", "dJ_dW2", "np.zeros((H, D_y))"),
    ("h.T @ (yhat - y) * np.ones(1, D_y)", "dJ_dW2", "np.ones((1, D_y))"),
    ("np.transpose(h, 1, 0) @ (yhat - y)", "dJ_dW2", "np.transpose(h, (1, 0))"),
    ("np.reshape(h.T, H, N) @ (yhat - y)", "dJ_dW2", "np.reshape(h.T, (H, N))"),
    ("np.vstack(h.T @ (yhat - y))", "dJ_dW2", "np.vstack((a, b))"),
    ("np.expand_dims(h, axis=0)[0].T @ (yhat - np.expand_dims(y)[0])", "dJ_dW2", "told the axis"),
    ("np.sigmoid(z1).T @ (yhat - y)", "dJ_dW2", "sigmoid(…), without np."),
    ("h.T @ (np.softmax(z2) - y)", "dJ_dW2", "NumPy has no np.softmax: "),
    ("dJ_dh * np.dsigmoid(z1)", "dJ_dz1", "NumPy has no np.dsigmoid"),
    ("np.flatten(np.sum(yhat - y, axis=0))", "dJ_db2", "it is a method, a.flatten()"),
    ("h.T @ (yhat - y) @ np.inv(np.eye(D_y))", "dJ_dW2", "it is np.linalg.inv"),
    ("h.T @ (yhat - y) / np.float(1)", "dJ_dW2", "NumPy has no np.float"),
    ("sum(yhat - y, axis=0)", "dJ_db2", "Python's own sum, which has no axis: write np.sum"),
    ("h.T @ (yhat - y) * N * np.power(N, -1)", "dJ_dW2", "no power below 0"),
    ("h.T @ (yhat - y) * 2 * np.power(2, -1)", "dJ_dW2", "no power below 0"),
]  # fmt: skip


@pytest.mark.parametrize(("attempt", "target", "words"), NOT_IN_NUMPY)
def test_a_call_that_numpy_takes_otherwise_is_refused(attempt, target, words):
    found = found_in(attempt, target)
    assert found.verdict == "unusable input"
    assert words in found.message


IN_NUMPY = [
    ("np.zeros((H, D_y)) + h.T @ (yhat - y)", "dJ_dW2"), ("np.transpose(h, (1, 0)) @ (yhat - y)",
     "dJ_dW2"), ("h.transpose(1, 0) @ (yhat - y)", "dJ_dW2"),
    ("np.reshape(h.T, (H, N)) @ (yhat - y)", "dJ_dW2"),
    ("np.concatenate([h.T @ (yhat - y)])", "dJ_dW2"), ("sum(yhat - y)", "dJ_db2"),
    ("sum(yhat - y, 0)", "dJ_db2"),
    ("from numpy import *\nsum(yhat - y, axis=0)", "dJ_db2"),
    ("from numpy import sum\nsum(yhat - y, axis=0)", "dJ_db2"),
    ("h.T @ (yhat - y) / np.float64(1)", "dJ_dW2"),
    ("h.T @ (yhat - y) * N * np.power(N, -1.0)", "dJ_dW2"),
    ("h.T @ (yhat - y) * N * float(N) ** -1", "dJ_dW2"),
    ("from scipy.special import softmax\nh.T @ (softmax(z2, axis=1) - y)", "dJ_dW2"),
]  # fmt: skip


@pytest.mark.parametrize(("attempt", "target"), IN_NUMPY)
def test_a_call_as_numpy_takes_it_is_read(attempt, target):
    found = found_in(attempt, target)
    assert found.ok, found.message
    assert not found_in(attempt.replace("- y)", "+ y)").replace("- y,", "+ y,"), target).ok


@pytest.mark.parametrize(
    ("attempt", "target", "setup", "ok", "words"),
    [("np.outer(h, (yhat - y).mT)", "dJ_dW2", "vec", False, "(D_y,) is no matrix"),
     ("h.mT @ (yhat - y)", "dJ_dW2", "row", True, ""),
     ("yhat - y + 0 * max(z2)", "dJ_dz2", "batch", False, "write np.max"),
     ("yhat - y + 0 * min(z2)", "dJ_dz2", "vec", True, ""),
     ("yhat - y + 0 * np.max(z2)", "dJ_dz2", "batch", True, "")],
)  # fmt: skip
def test_what_python_raises_on_is_not_right(attempt, target, setup, ok, words):
    found = found_in(attempt, target, setup=setup)
    assert found.ok == ok, found.message
    assert words in found.message
    assert not found_in(attempt.replace("yhat - y", "y - yhat"), target, setup=setup).ok


def test_a_misspelt_function_is_no_hint_to_one_that_numpy_lacks():
    assert "did you mean" not in found_in("yhat - np.float32(y)", "dJ_dz2").message
    assert "did you mean np.outer?" in found_in("np.outter(h, y)", "dJ_dW2").message


ANSWER = "dW2 = h.T @ (yhat - y)"
SAYS_NOTHING = [
    "N, D = X.shape\n{}", "_, H = h.shape\n{}", "grads = {{}}\n{}\nreturn grads",
    "X, h, yhat = cache\n{}", "A1 = cache.get('A1')\n{}", "dW2 = None\n{}", "np.random.seed(0)\n{}",
    "W2 = np.random.randn(H, D_y) * 0.01\n{}", "cache = (z1, h)\n{}\ncosts.append(0.1)",
    "class Net:\n    def backward(self, X, y):\n        {}\n        return dW2", "del z2\n{}",
    "grads = {{}}\n{}\ngrads['dW2'] = dW2\nreturn grads",
]  # fmt: skip


@pytest.mark.parametrize("around", SAYS_NOTHING)
def test_lines_that_say_nothing_of_the_derivation_are_passed_over(around):
    assert found_in(around.format(ANSWER), "dJ_dW2").ok
    turned = ANSWER.replace("yhat - y", "y - yhat")
    assert found_in(around.format(turned), "dJ_dW2").mistake.name == "sign"
    assert found_in(around.format(ANSWER.replace("h.T", "h")), "dJ_dW2").verdict == "shape"


def test_the_sizes_of_an_array_may_be_taken_together():
    lines = "m, n = {}.shape\ndW2 = h.T @ (yhat - y) / {}"
    assert found_in(lines.format("X", "m"), "dJ_dW2", "mean").ok
    assert found_in(lines.format("X", "n"), "dJ_dW2", "mean").verdict == "factor"
    assert found_in(lines.format("W2", "m"), "dJ_dW2", "mean").verdict == "factor"


@pytest.mark.parametrize(
    ("lines", "words"),
    [("W, c = cache\ndh = (yhat - y) @ W.T", "unknown name W"),
     ("h = 2 * h\nh, c = cache\ndh = (yhat - y) @ W2.T", "unknown name cache"),
     ("for i in range(N):\n    dh = (yhat - y) @ W2.T", "what stands behind for isn't read"),
     ("if N > 1:\n    dh = (yhat - y) @ W2.T", "what stands behind if isn't read"),
     ("dh = np.random.randn(N, H) * ((yhat - y) @ W2.T)", "np.random")],
)  # fmt: skip
def test_lines_that_may_say_something_are_refused(lines, words):
    found = found_in(lines, "dJ_dh")
    assert found.verdict == "unusable input"
    assert words in found.message


def test_an_array_of_the_network_may_be_changed_in_place():
    lines = "h *= 1 - h\ndz1 = dJ_dh * h"
    assert found_in(lines, "dJ_dz1").ok
    assert not found_in(lines.replace("1 - h", "h"), "dJ_dz1").ok
    assert found_in("yhat -= y\nh.T @ yhat", "dJ_dW2").ok
    assert "one array here" in found_in("a = h\nh *= 1 - h\na.T @ (yhat - y)", "dJ_dW2").message


BACK = "def back(h, yhat, W2):\n    dz2 = yhat - y\n"
DICTIONARIES = [
    BACK + "    return {'W2': h.T @ dz2, 'b2': dz2.sum(0)}\ngrads = back(h, yhat, W2)",
    BACK + "    return {'W2': h.T @ dz2, 'b2': dz2.sum(0)}\ngrads = back(h, yhat, W2)\n"
    "W2 = W2 - lr * grads['W2']",
    BACK + "    return {'dW2': h.T @ dz2, 'db2': dz2.sum(0)}\ng = back(h, yhat, W2)\n"
    "W2 -= lr * g['dW2']",
    BACK + "    return dict(dW2=h.T @ dz2, db2=dz2.sum(0))\nout = back(h, yhat, W2)\n"
    "W2 -= lr * out['dW2']",
    "def back(c):\n    dz2 = c['yhat'] - y\n    h = c['h']\n"
    "    return {'dW2': h.T @ dz2, 'db2': dz2.sum(0)}",
    "dz2 = yhat - y\nreturn {'dW2': h.T @ dz2, 'db2': dz2.sum(0)}",
    "dz2 = yhat - y\ngrads = {'dW2': h.T @ dz2, 'db2': dz2.sum(0)}\nreturn grads",
    "dz2 = yhat - y\ngrads = {'W2': h.T @ dz2, 'b2': dz2.sum(0)}",
    "dz2 = yhat - y\nreturn dict(dW2=h.T @ dz2, db2=dz2.sum(0))",
    "dz2 = yhat - y\ndW2 = h.T @ dz2\ndb2 = dz2.sum(0)\nreturn {'dW2': dW2, 'db2': db2}",
]  # fmt: skip


@pytest.mark.parametrize("lines", DICTIONARIES)
@pytest.mark.parametrize("target", ["dJ_dW2", "dJ_db2"])
def test_the_keys_of_a_dictionary_name_its_entries(lines, target):
    assert found_in(lines, target).ok
    turned = lines.replace("yhat - y", "y - yhat").replace("c['yhat'] - y", "y - c['yhat']")
    found = found_in(turned, target)
    assert found.mistake.name == "sign"
    assert found_in(found.suggestion, target).ok
    assert not found_in(lines.replace("h.T", "h").replace("sum(0)", "sum(1)"), target).ok


def test_the_names_of_a_tuple_may_be_swapped():
    lines = "a, b = W2, h\na, b = b, a\ndW2 = a.T @ (yhat - y)"
    assert found_in(lines, "dJ_dW2").ok
    assert not found_in(lines.replace("a.T", "b.T"), "dJ_dW2").ok
    inside = "def f(a, b):\n    a, b = b, a\n    return a - b\ndW2 = h.T @ f(y, yhat)"
    assert found_in(inside, "dJ_dW2").ok
    assert found_in(inside.replace("f(y, yhat)", "f(yhat, y)"), "dJ_dW2").mistake.name == "sign"


@pytest.mark.parametrize(
    ("lines", "target", "asked"),
    [("dz2 = yhat - y\nreturn h.T @ dz2, dz2.sum(0)", "dJ_dW2", True),
     ("dz2 = yhat - y\ndW2 = h.T @ dz2\nreturn dW2, dz2.sum(0)", "dJ_dW2", False),
     ("dz2 = yhat - y\ndW2 = h.T @ dz2\nreturn dW2, dz2.sum(0)", "dJ_db2", True),
     ("dz2 = yhat - y\nA = h.T @ dz2\nreturn A, dz2", "dJ_dW2", True)],
)  # fmt: skip
def test_of_several_values_the_reader_is_asked_which_is_meant(lines, target, asked):
    found = found_in(lines, target)
    assert found.ok != asked
    assert ("which of these values is" in found.message) == asked
    assert not found_in(lines.replace("yhat - y", "y - yhat"), target).ok


@pytest.mark.parametrize(
    ("attempt", "target", "words"),
    [("dz1 = (yhat - y) @ W2.T\n* h * (1 - h)", "dJ_dz1", "ends a formula at the end of its line"),
     ("dW2 = h.T\n@ (yhat - y)", "dJ_dW2", "ends a formula at the end of its line"),
     ("dz2 = yhat - y\ndb2 = dz2.sum", "dJ_db2", "the () behind .sum are missing"),
     ("1//m * (yhat - y)", "dJ_dz2", "1 // m is 0 where m is more than 1")],
)  # fmt: skip
def test_what_python_takes_otherwise_than_meant_is_said(attempt, target, words):
    found = found_in(attempt, target)
    assert found.verdict == "unusable input"
    assert words in found.message


@pytest.mark.parametrize("lines", ["dz2 = yhat\n- y", "h.T @ yhat\n- h.T @ y"])
def test_a_line_that_begins_with_a_sign_is_one_of_its_own(lines):
    target = "dJ_dz2" if "dz2" in lines else "dJ_dW2"
    found = found_in(lines, target)
    assert not found.ok
    assert found.suggestion == lines.replace("\n", " ")
    assert "ends a formula at the end of its line" in found.remark
    wrong = found_in(lines.replace("- ", "+ "), target)
    assert "ends a formula" not in wrong.remark
    assert found_in("e = y - yhat\n-h.T @ e", "dJ_dW2").ok


def test_a_whole_network_may_be_pasted():
    lines = '''
import numpy as np

def sigmoid(z):
    """Return σ(z)."""
    return 1 / (1 + np.exp(-z))  # doesn't overflow

def softmax(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)

def forward(X, W1, b1, W2, b2):
    Z1 = X @ W1 + b1
    A1 = sigmoid(Z1)
    A2 = softmax(A1 @ W2 + b2)
    cache = {'Z1': Z1, 'A1': A1, 'A2': A2}
    return A2, cache

def backward(X, Y, cache, W2):
    m = X.shape[0]
    A1, A2 = cache['A1'], cache['A2']
    dZ2 = A2 - Y
    dW2 = A1.T @ dZ2 / m
    db2 = np.sum(dZ2, axis=0, keepdims=True) / m
    dZ1 = dZ2 @ W2.T * A1 * (1 - A1)
    dW1 = X.T @ dZ1 / m
    return {'dW1': dW1, 'dW2': dW2, 'db2': db2}
'''
    calls = "\nA2, cache = forward(X, W1, b1, W2, b2)\ngrads = backward(X, Y, cache, W2)\n"
    train = "\ndef train(n):\n    for i in range(n):\n        grads = backward(X, Y, cache, W2)\n"
    train += "        W2 -= 0.1 * grads['dW2']\n"
    for code in (lines, lines + calls, lines + train):
        for target in ("dJ_dW1", "dJ_dW2", "dJ_db2"):
            assert found_in(code, target, "mean").ok
        wrong = found_in(code.replace("A1 * (1 - A1)", "A1 * (1 + A1)"), "dJ_dW1", "mean")
        assert not wrong.ok
        assert found_in(wrong.suggestion, "dJ_dW1", "mean").ok
        for old, new in (("np.exp(-z)", "np.exp(z)"), ("A2 - Y", "Y - A2"), (".T *", " *")):
            assert not found_in(code.replace(old, new), "dJ_dW1", "mean").ok


def test_a_key_of_a_dictionary_keeps_its_name():
    lines = "cache = {'A1': np.tanh(Z1)}\ndW2 = cache['A1'].T @ (yhat - y)"
    suggestion = found_in(lines, "dJ_dW2").suggestion
    assert suggestion == lines.replace("np.tanh", "sigmoid")
    assert found_in(suggestion, "dJ_dW2").ok


@pytest.mark.parametrize(
    ("step", "ok"),
    [("params['W2'] = W2 - lr * h.T @ dz2", True), ("params['W2'] -= lr * h.T @ dz2", False),
     ("W2 = W2 - lr * h.T @ dz2", False)],
)  # fmt: skip
@pytest.mark.parametrize("taken", ["W2 = params['W2']", "W1, W2 = params['W1'], params['W2']"])
def test_an_array_that_is_put_where_another_was_held_is_no_change_of_that(step, ok, taken):
    lines = f"{taken}\ndz2 = yhat - y\n{step}\ndh = dz2 @ W2.T"
    found = found_in(lines, "dJ_dh")
    assert found.ok == ok, found.message
    assert ok or found.mistake.name == "updated weights"
    assert found_in(lines.replace("yhat - y", "y - yhat"), "dJ_dh").mistake.name == "sign"
    again = f"{lines.replace('W2.T', '{}.T')}\ndh"
    assert not found_in(again.format("params['W2']"), "dJ_dh").ok


LAYER = (
    "class Layer:\n    def forward(self, x):\n        self.h = sigmoid(x @ self.W1 + self.b1)\n"
    "        return self.h\n    def backward(self, {0}):\n"
    "        dz1 = {0} * self.h * (1 - self.h)\n        {1}x.T @ dz1\n"
    "        return dz1 @ self.W1.T"
)


def test_a_gradient_may_be_a_parameter():
    assert found_in(LAYER.format("dh", "dW1 = "), "dJ_dW1").ok
    assert not found_in(LAYER.format("dz2", "dW1 = "), "dJ_dW1").ok
    assert "unknown name g" in found_in(LAYER.format("g", "dW1 = "), "dJ_dW1").message
    lines = "def forward(x): return sigmoid(x @ W1 + b1)\ndef backward(a, b): return a.T @ b"
    assert "which of these values is" in found_in(lines, "dJ_dW1").message
    assert found_in(f"{lines}\nbackward(X, dJ_dz1)", "dJ_dW1").ok
    assert not found_in(f"{lines}\nbackward(dJ_dz1, X)", "dJ_dW1").ok


@pytest.mark.parametrize(
    ("code", "verdict"),
    [
        ("yhat - y % 3", "unusable input"),
        ("(yhat - y) // 2", "value"),
        ("d2 = yhat - y; % the error\nd2", "right"),
        ("g = None\ng = yhat - y\nother = y - yhat\nreturn g", "right"),
        ("g = None\ng = y - yhat\nother = yhat - y\nreturn g", "sign"),
        ("(yhat - y) * 999999999 ** 3 / 999999999 / 999999999 / 999999999", "right"),
        ("def sigmoid(z):\n    return sigmoid_prime(z)\nsigmoid_prime(z2)", "unusable input"),
    ],
)
def test_what_is_passed_over_is_no_part_of_the_formula(code, verdict):
    assert diagnose(code, "dJ_dz2").verdict == verdict


def test_a_block_is_no_word_in_front_of_a_formula():
    block = "with np.errstate(all='ignore'):\n    dz2 = yhat - y"
    assert "what stands behind with isn't read" in diagnose(block, "dJ_dz2").message


@pytest.mark.parametrize(
    "code",
    ["1//(" * 19 + "h" + ")" * 19, "np.power(" * 18 + "h" + ",-1)" * 18,
     "d = yhat - y\n" + "d *= 1\n" * 116 + "d"],
)  # fmt: skip
def test_long_code_takes_no_long_time(code):
    diagnose("yhat", "dJ_dz2")
    start = time.process_time()
    diagnose(code, "dJ_dz2")
    assert time.process_time() - start < 5


@pytest.mark.parametrize(("body", "is_read"), [("1 / (1 + np.exp(-z)) + 0 * N", True),
                                               ("np.tanh(z)", False)])  # fmt: skip
def test_a_slope_is_that_of_the_readers_own_activation(body, is_read):
    code = f"def sigmoid(z):\n    return {body}\ndJ_dh * sigmoid_prime(z1)"
    assert diagnose(code, "dJ_dz1", setup="batch").ok == is_read


BACKWARD = (
    "def backward(X, y):\n    dz2 = yhat - y\n    dW2 = h.T @ dz2\n    db2 = dz2.sum(axis=0)\n"
    "    return dW2, db2\n"
)


@pytest.mark.parametrize(
    ("code", "target", "verdict"),
    [
        ("d = yhat - y\nprint(d); d = 2 * d\nd", "dJ_dz2", "factor"),
        ("d = y - yhat\nprint('-'); d = -d; print(d)\nd", "dJ_dz2", "right"),
        ("def f(z):\n    print(z); z = 2 * z\n    return z\nf(yhat - y)", "dJ_dz2", "factor"),
        ("q = 2 * y\n" + BACKWARD + "dW2, db2 = backward(X, q)", "dJ_dW2", "value"),
        (BACKWARD + "dW2, db2 = backward(X, y)", "dJ_dW2", "right"),
        (BACKWARD + "db2, dW2 = backward(X, y)", "dJ_dW2", "broadcast"),
        ("k = 2\ndef f(z, k=k):\n    return k * z\nk = 1\nf(yhat - y)", "dJ_dz2",
         "unusable input"),
        ("del y\nyhat - y", "dJ_dz2", "unusable input"),
        ("@twice\ndef f(z):\n    return z\nf(yhat - y)", "dJ_dz2", "unusable input"),
        ("N = N\ndW2", "dJ_db2", "broadcast"),
    ],
)
def test_what_python_does_at_a_call_counts(code, target, verdict):
    assert diagnose(code, target, setup="batch").verdict == verdict


def test_a_suggestion_is_right_as_a_whole():
    lines = "foo = h @ yhat\ndW2 = h.T @ (y - yhat)"
    mended = diagnose(lines, "dJ_dW2", setup="batch").suggestion
    assert diagnose(mended, "dJ_dW2", setup="batch").ok


def test_a_function_in_a_function_is_read_with_its_own_names():
    slope = "def outer(z):\n    def f(q):\n        return q * (1 - q)\n    return f(z)\n"
    assert diagnose(slope + "(yhat - y) @ W2.T * outer(h)", "dJ_dz1", setup="batch").ok
    captured = "def f(y):\n    g = lambda z: z - y\n    return g(yhat)\n{}"
    assert diagnose(captured.format("f(2 * y)"), "dJ_dz2").verdict == "value"
    assert diagnose(captured.format("f(y)"), "dJ_dz2").ok


@pytest.mark.parametrize(
    ("code", "target", "verdict"),
    [
        ("N, D = X.shape\n(yhat - y) / N", "dJ_dz2", "right"),
        ("m, n = W1.shape\n(yhat - y) / m", "dJ_dz2", "factor"),
        ("h = np.random.randn(5, 4)\nh.T @ (yhat - y)", "dJ_dW2", "unusable input"),
        ("W1 = np.random.randn(4, 3)\nh.T @ (yhat - y) / N", "dJ_dW2", "right"),
    ],
)
def test_a_line_of_sizes_or_of_first_weights_is_read(code, target, verdict):
    assert diagnose(code, target, setup="batch", loss="mean").verdict == verdict
