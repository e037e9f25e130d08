"""Chains of equations in NumPy text, and code of MATLAB, Julia and R."""

import time

import pytest

from mlp_lib.equations import diagnose

# attempt, target, setup, what is changed in it, by what, the verdict then
CODE = [
    ("dJ_dW2 = h.T @ dJ_dz2 = h.T @ (yhat - y)", "dJ_dW2", "row",
     "yhat - y", "y - yhat", "sign"),
    ("dJ_dW2 = h.T @ dJ_dz2 = h.T @ (yhat - y)", "dJ_dW2", "row", "h.T @ dJ", "h @ dJ", "shape"),
    ("dJ_dW2=h.T@dJ_dz2=h.T@(yhat-y)", "dJ_dW2", "row", "yhat-y", "y-yhat", "sign"),
    ("dW2 = h.T @ dz2\n    = h.T @ (yhat - y)", "dJ_dW2", "row", "dz2", "dz2 / 2", "factor"),
    ("dz2 = a2 - y = yhat - y\ndW2 = h.T @ dz2", "dJ_dW2", "row", "a2 - y", "y - a2", "sign"),
    ("grad = h.T @ dz2 = h.T @ (yhat - y)", "dJ_dW2", "row", "@ dz2", "@ -dz2", "sign"),
    ("db2 = np.sum(dz2, axis=0) = (yhat - y).sum(axis=0)", "dJ_db2", "batch", "(yhat", "2 * (yhat",
     "factor"),
    ("dz2 = yhat \\\n - y", "dJ_dz2", "row", "- y", "+ y", "value"),
    ("dz2 = yhat \\\n - y\nh.T @ dz2", "dJ_dW2", "row", "- y", "+ y", "value"),
    ("a, b = yhat, y\na - b", "dJ_dz2", "row", "a - b", "b - a", "sign"),
    ("d2 = yhat - y; % error\ndW2 = h' * d2;", "dJ_dW2", "row", "yhat - y", "y - yhat", "sign"),
    ("% the error\nd2 = yhat - y;\ndW2 = h' * d2;", "dJ_dW2", "row", "h'", "h", "shape"),
    ("dW2 = 1/m * h' * (yhat - y);", "dJ_dW2", "mean", "1/m", "2/m", "factor"),
    ("dW2 = (1/m) * (h' * (yhat - y));", "dJ_dW2", "mean", "1/m", "2/m", "factor"),
    ("d2 = yhat - y;\ndb2 = sum(d2, 1);", "dJ_db2", "batch", ", 1", ", 2", "shape"),
    ("d2 = yhat - y;\ndb2 = sum(d2);", "dJ_db2", "batch", "sum(d2)", "sum(d2, 2)", "shape"),
    ("d1 = ((yhat - y) * W2') .* h .* (1 - h);\ndb1 = sum(d1, 1) / size(x, 1);", "dJ_db1", "mean",
     "size(x, 1)", "size(x, 2)", "factor"),
    ("(yhat .- y) * W2' .* h .* (1 .- h)", "dJ_dz1", "row", "yhat .- y", "y .- yhat", "sign"),
    ("h' * (yhat .- y)", "dJ_dW2", "row", "yhat .- y", "y .- yhat", "sign"),
    ("dh = (yhat .- y) * W2'\ndh .* sigmoid.(z1) .* (1 .- sigmoid.(z1))", "dJ_dz1", "row",
     " .* sigmoid.(z1) .*", " .*", "value"),
    ("sum(yhat .- y, dims=1)", "dJ_db2", "batch", "dims=1", "dims=2", "shape"),
    ("t(h) %*% (yhat - y)", "dJ_dW2", "row", "yhat - y", "y - yhat", "sign"),
    ("d1 <- ((yhat - y) %*% t(W2)) * h * (1 - h)\ncolSums(d1)", "dJ_db1", "batch", "h * (1 - h)",
     "h", "value"),
    ("colMeans(yhat - y)", "dJ_db2", "mean", "colMeans", "colSums", "factor"),
]  # fmt: skip


@pytest.mark.parametrize(("attempt", "target", "setup", "old", "new", "verdict"), CODE)
def test_code_of_another_kind_is_read(attempt, target, setup, old, new, verdict):
    where = {"setup": "batch", "loss": "mean"} if setup == "mean" else {"setup": setup}
    found = diagnose(attempt, target, **where)
    assert found.ok, found.message
    assert old in attempt
    wrong = diagnose(attempt.replace(old, new), target, **where)
    assert wrong.verdict == verdict, wrong.message
    assert wrong.suggestion is None or diagnose(wrong.suggestion, target, **where).ok


def test_a_suggestion_keeps_the_chain():
    found = diagnose("dJ_dW2 = h.T @ dJ_dz2 = h.T @ (y - yhat)", "dJ_dW2")
    assert found.suggestion == "dJ_dW2 = h.T @ dJ_dz2 = h.T @ (yhat - y)"
    assert found.first_wrong.text == "y - yhat"


@pytest.mark.parametrize(
    ("attempt", "words"),
    [("d = y - yhat = yhat - y\nh.T @ d", "a name of one's own is said once"),
     ("foo == yhat - y", "unknown name foo"),
     ("a, b = b, a\na - b", "a name is given and used in one line")],
)  # fmt: skip
def test_a_name_that_no_line_says_once_is_refused(attempt, words):
    assert diagnose(attempt, "dJ_dW2").message.startswith(words)


@pytest.mark.parametrize(
    "text", ["sum(" * 490, "t(%*%" * 390, "a = " * 490, "=" * 1990, "1 @ " * 490 + "'",
             "( 1 / " * 300,
             "sum(x, 1), " * 180 + ";", "%" * 1990, ".-" * 990, "is " * 660, "aaa bbb, " * 220,
             "✓ " * 990, ", of " * 390, "aa. " * 490 + "Bb", "(1, 2) " * 280, "let " * 490,
             "transpose(" * 198, "a'( " * 490, "ａ" * 1990, "aa" * 990 + "=", "=> " * 660],
    ids=lambda text: text[:8],
)  # fmt: skip
def test_much_of_it_takes_no_time(text):
    began = time.process_time()
    diagnose(text, "dJ_dW1", suggest=False)
    assert time.process_time() - began < 1


def test_r_takes_its_matrix_product_first():
    found = diagnose("dx <- dJ_dh * h * (1 - h) %*% t(W1)", "dJ_dx", setup="batch")
    assert "in R %*% comes before *" in found.message
    assert diagnose("dx <- (dJ_dh * h * (1 - h)) %*% t(W1)", "dJ_dx", setup="batch").ok
