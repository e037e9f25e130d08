"""A softmax that overflows gets each row's maximum taken off, and the search takes no long time."""

import time

import pytest

from mlp_lib.equations import diagnose

MEAN = {"setup": "batch", "loss": "mean"}
SOFTMAX = "def softmax(z):\n    e = np.exp({})\n    return e / e.sum(axis=1, keepdims=True)\n\n"
STEPS = (
    "z1 = X @ W1 + b1\nh = sigmoid(z1)\nz2 = h @ W2 + b2\nyhat = softmax(z2)\n"
    "dz2 = (yhat - y) / N\ndW2 = h.T @ dz2\ndb2 = dz2.sum(axis=0)\n"
    "dz1 = dz2 @ W2.T * h * (1 - h)\ndW1 = X.T @ dz1\ndb1 = dz1.sum(axis=0)\n"
    "W1 -= lr * dW1\nb1 -= lr * db1\nW2 -= lr * dW2\nb2 -= lr * db2"
)
RIGHT = SOFTMAX.format("z - z.max(axis=1, keepdims=True)") + STEPS
SLIPS = [
    ("yhat - y", "y - yhat"), ("* h * (1 - h)", "* h"), (" / N", ""), ("X.T @", "X @"),
    ("W2.T * h", "W2.T * z1"), ("+ b2", "- b2"), ("sum(axis=0)", "sum(axis=1)"),
]  # fmt: skip


@pytest.mark.parametrize("logits", ["z", "z - z.max()", "z - np.max(z)"])
def test_each_rows_maximum_is_taken_off(logits):
    code = SOFTMAX.format(logits) + STEPS
    began = time.process_time()
    found = diagnose(code, "dJ_dW1", **MEAN)
    assert time.process_time() - began < 3
    assert found.verdict == "numerically unstable"
    assert "np.exp(z - z.max(axis=1, keepdims=True))" in found.suggestion
    assert diagnose(found.suggestion, "dJ_dW1", **MEAN).ok
    turned = diagnose(code.replace("yhat - y", "y - yhat"), "dJ_dW1", **MEAN)
    assert (turned.verdict, turned.first_wrong.text) == ("sign", "y - yhat")
    assert diagnose(turned.suggestion, "dJ_dW1", **MEAN).ok


@pytest.mark.parametrize("setup", ["row", "batch"])
def test_a_softmax_in_one_line_is_mended_too(setup):
    line = "dz2 = np.exp(z2) / np.sum(np.exp(z2), axis=1, keepdims=True) - y"
    found = diagnose(line, "dJ_dz2", setup=setup)
    assert found.suggestion.count("z2.max(axis=1, keepdims=True)") == 2
    assert diagnose(found.suggestion, "dJ_dz2", setup=setup).ok


@pytest.mark.parametrize(("old", "new"), SLIPS)
@pytest.mark.parametrize("text", [RIGHT, SOFTMAX.format("z - z.max()") + STEPS])
def test_a_slip_in_a_long_text_is_found_in_short_time(text, old, new):
    began = time.process_time()
    found = diagnose(text.replace(old, new), "dJ_dW1", **MEAN)
    assert time.process_time() - began < 5
    assert not found.ok
    assert found.suggestion is None or diagnose(found.suggestion, "dJ_dW1", **MEAN).ok


def test_a_known_mistake_beside_it_keeps_its_name():
    found = diagnose("np.exp(z2) / np.sum(np.exp(z2)) - Y", "dJ_dz2", setup="batch")
    assert found.mistake.name == "softmax over the whole batch"
    assert diagnose(found.suggestion, "dJ_dz2", setup="batch").ok
