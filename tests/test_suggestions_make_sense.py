"""No suggestion takes a part from itself, or makes an array only to take its size."""

import pytest

from mlp_lib.equations import diagnose

MEAN = {"setup": "batch", "loss": "mean"}


@pytest.mark.parametrize(
    ("text", "target"),
    [("(yhat - y) / len(N)", "dJ_dz2"), ("n, m = X.shape\ndW2 = h.T @ (yhat - y) / m", "dJ_dW2"),
     ("dW2 = h.T @ (yhat - y) / X.shape[1]", "dJ_dW2"),
     ("dW2 = h.T @ (yhat - y) / len(h.T)", "dJ_dW2")],
)  # fmt: skip
def test_a_size_is_taken_of_an_array_that_is_there(text, target):
    found = diagnose(text, target, **MEAN)
    assert not found.ok
    assert found.suggestion.count(".T") == text.replace("len(h.T)", "len(h)").count(".T")
    assert "len(N" not in found.suggestion
    assert diagnose(found.suggestion, target, **MEAN).ok


def test_an_update_above_what_uses_the_parameter_comes_last():
    update = "W1 -= lr * X.T @ ((yhat - y) @ W2.T * h * (1 - h))\n"
    lines = "h = sigmoid(X @ W1 + b1)\ndW2 = h.T @ (yhat - y)"
    found = diagnose(update + lines, "dJ_dW2", setup="batch")
    assert not found.ok
    assert found.suggestion == f"{lines}\n{update}".strip()
    turned = lines.replace("yhat - y", "y - yhat")
    assert not diagnose(update + turned, "dJ_dW2", setup="batch").ok


def test_a_guard_is_no_matter_of_one_hot_labels():
    found = diagnose("-y / (yhat + 1e-12)", "dJ_dyhat", setup="batch")
    assert found.mistake.name == "clipped"
    assert diagnose("yhat - (y > 0.5)", "dJ_dz2", setup="batch").mistake.name == "one-hot only"
