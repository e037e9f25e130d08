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
