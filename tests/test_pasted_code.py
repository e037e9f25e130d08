"""What pasted Python code means: what its lines change, its own functions, what NumPy would raise."""

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
