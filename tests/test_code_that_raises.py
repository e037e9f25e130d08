"""Code that Python doesn't run to its end, or in which a name changes below its use."""

import pytest

from mlp_lib.equations import diagnose

FORWARD = (
    "z1 = X @ W1 + b1\nh = 1 / (1 + np.exp(-z1))\nz2 = h @ W2 + b2\n"
    "e = np.exp(z2 - z2.max(axis=1, keepdims=True))\nyhat = e / e.sum(axis=1, keepdims=True)\n"
)
BACKWARD = "dz2 = yhat - y\ndz1 = dz2 @ W2.T * h * (1 - h)\ndW1 = X.T @ dz1"
BEGINNINGS = [
    ("W1 = np.random.randn({}, {})", "D_x H", "H D_x"),
    ("W1 = np.random.randn({}, {}) * 0.01", "D_x H", "H D_x"),
    ("W1 = np.random.normal(0, 0.1, ({}, {}))", "X.shape[1] H", "H X.shape[1]"),
    ("rng = np.random.default_rng(0)\nW1 = rng.normal(size=({}, {}))", "D_x H", "H D_x"),
    ("b1 = np.zeros(({}, {}))", "1 H", "H 1"), ("b1 = np.zeros({}{})", "H ", "D_y "),
    ("X = np.random.randn(m, n_in)\nW1 = np.random.rand({}, {})", "n_in n_h", "n_h n_in"),
    ("n, k = 4, 5\nX = np.random.randn(10, n)\nW1 = np.random.randn({}, {})", "n k", "k n"),
    ("W2 = np.zeros(({}, {}))", "H D_y", "D_y H"),
]  # fmt: skip


def found_in(attempt, target, setup="batch"):
    return diagnose(attempt, target, setup=setup)


@pytest.mark.parametrize(("line", "right", "wrong"), BEGINNINGS)
def test_the_sizes_of_an_array_that_is_drawn_are_its_own(line, right, wrong):
    begin = line.format(*right.split(" ")) + "\n"
    assert found_in(begin + FORWARD + BACKWARD, "dJ_dW1").ok
    assert not found_in(line.format(*wrong.split(" ")) + "\n" + FORWARD + BACKWARD, "dJ_dW1").ok
    turned = BACKWARD.replace("yhat - y", "y - yhat")
    assert found_in(begin + FORWARD + turned, "dJ_dW1").verdict == "sign"


@pytest.mark.parametrize(
    ("line", "words"),
    [("X = np.random.randn(D_x, N)", "X is D_x×N"), ("W1 = np.random.randn((D_x, H))", "sizes"),
     ("W2 = np.zeros(H, D_y)", "one tuple"), ("y = np.random.randint(0, D_y, N)", "y is (N,)"),
     ("W1 = np.random.standard_normal(D_x, H)", "sizes")],
)  # fmt: skip
def test_an_array_that_is_drawn_otherwise_is_not_the_networks(line, words):
    found = found_in(f"{line}\n{BACKWARD}", "dJ_dW1")
    assert not found.ok
    assert words in found.message


def test_no_array_is_drawn_anew_below_its_use():
    lines = "dz2 = yhat - y\n{}dh = dz2 @ W2.T"
    drawn = "W2 = np.random.randn(H, D_y)\n"
    assert found_in(drawn + lines.format(""), "dJ_dh").ok
    assert "another value" in found_in(lines.format(drawn), "dJ_dh").message
    called = f"def back(yhat, y, W2):\n    return (yhat - y) @ W2.T\n{drawn}dh = back(yhat, y, W2)"
    assert found_in(called, "dJ_dh").ok
    assert not found_in(called.replace("yhat - y", "y - yhat"), "dJ_dh").ok


@pytest.mark.parametrize("axis", ["axis={}", "{}"])
def test_several_axes_are_no_list(axis):
    text = f"np.sum(yhat - y, {axis})"
    assert found_in(text.format("(0,)"), "dJ_db2").ok
    assert "NumPy raises" in found_in(text.format("[0]"), "dJ_db2").message
    assert not found_in(text.format("(1,)"), "dJ_db2").ok
    assert found_in("np.tensordot(h, yhat - y, axes=([0], [0]))", "dJ_dW2").ok


@pytest.mark.parametrize("step", ["np.sum(yhat - y, axis=0, keepdims=True)",
                                  "np.sum(yhat - y, axis=0).reshape(1, -1)"])  # fmt: skip
def test_a_bias_takes_a_row_in_place_only_if_it_is_one(step):
    lines = f"db2 = {step}\nb2 -= lr * db2"
    assert "can't change its shape" in found_in(lines, "dJ_db2").message
    row = "b2 = np.zeros((1, D_y))\n"
    assert found_in(row + lines, "dJ_db2").ok
    assert found_in((row + lines).replace("yhat - y", "y - yhat"), "dJ_db2").verdict == "sign"
    assert found_in(lines.replace("b2 -= lr", "b2 = b2 - lr"), "dJ_db2").ok


ANSWER = "dW2 = h.T @ (yhat - y)"
TOLD = [
    ("assert dW2.shape == W2.shape", "assert dw2.shape == W2.shape"),
    ("assert dW2.shape == (H, D_y)", "assert dW2.shape == [H, D_y]"),
    ("print(f'{{dW2.shape}} {{epoch}}')", "print(f'{{dW2.shpe}}')"),
    ("print(np.linalg.norm(dW2), lr)", "print(np.linalg.nrm(dW2))"),
    ("print('loss', J, dW2.dtype)", "print('loss', J, dW2.dytpe)"),
]


@pytest.mark.parametrize(("right", "wrong"), TOLD)
def test_what_is_told_has_names_and_attributes_that_are_there(right, wrong):
    right, wrong = right.format(), wrong.format()
    assert found_in(f"{ANSWER}\n{right}", "dJ_dW2").ok
    assert not found_in(f"{ANSWER}\n{wrong}", "dJ_dW2").ok
    turned = ANSWER.replace("yhat - y", "y - yhat")
    assert found_in(f"{turned}\n{right}", "dJ_dW2").verdict == "sign"


def test_nothing_is_told_above_the_line_that_gives_it():
    assert found_in(f"print(h.shape)\n{ANSWER}", "dJ_dW2").ok
    assert "above the line" in found_in(f"print(dW2)\n{ANSWER}", "dJ_dW2").message


def test_np_stays_numpy():
    assert found_in("np.dot(h.T, yhat - y)", "dJ_dW2").ok
    assert "is NumPy" in found_in("np = 3\nnp.dot(h.T, yhat - y)", "dJ_dW2").message


OPENINGS = [
    "y = np.eye(D_y)[np.random.randint(0, D_y, N)]", "X = np.array([[0, 0], [0, 1], [1, 0]])",
    "X = X.astype(np.float32)", "W2 = np.random.randn(H, D_y).astype(np.float32)",
    "z1, h, z2, yhat = forward(X)",
]  # fmt: skip


@pytest.mark.parametrize("line", OPENINGS)
def test_a_script_may_begin_with_data_and_a_forward_pass(line):
    assert found_in(f"{line}\n{ANSWER}", "dJ_dW2").ok
    turned = ANSWER.replace("yhat - y", "y - yhat")
    assert found_in(f"{line}\n{turned}", "dJ_dW2").verdict == "sign"
    assert found_in(f"{line}\n{ANSWER.replace('h.T', 'h')}", "dJ_dW2").verdict == "shape"


@pytest.mark.parametrize(
    "line",
    ["y = np.eye(H)[np.random.randint(0, H, N)]", "X = np.array([1, 2, 3])",
     "X = X.astype(int)", "z1, h = sigmoid(X)"],
)  # fmt: skip
def test_other_data_are_not_the_networks(line):
    assert not found_in(f"{line}\n{ANSWER}", "dJ_dW2").ok


@pytest.mark.parametrize("array", ["np.random.randn(H, D_y)", "np.array([[0, 1], [1, 0]])"])
def test_an_answer_is_no_array_that_is_drawn(array):
    assert "is given above" in found_in(f"{ANSWER}\ndW2 = {array}", "dJ_dW2").message
