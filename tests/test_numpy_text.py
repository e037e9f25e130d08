"""NumPy text reads as the same tree as LaTeX, is printed again, and is never executed."""

from pathlib import Path

import numpy as np
import pytest

from mlp_lib.equations import EquationError, question
from mlp_lib.equations.arrays import CALLED, Arrays, DoesNotFit, evaluate
from mlp_lib.equations.chapters import displays
from mlp_lib.equations.latex import parse_latex
from mlp_lib.equations.numpy_code.functions import CALLS
from mlp_lib.equations.numpy_code.printing import numpy
from mlp_lib.equations.numpy_code.reader import parse_numpy
from mlp_lib.equations.tree import Claim, Delta, Indexed, Node, Partial, Sum, Symbol
from tests.test_clinic import CONFUSIONS

CHAPTERS = sorted((Path(__file__).parents[1] / "chapters").glob("*.ipynb"))
BATCH = question("N")

SAME = [
    ("x @ W1 + b1", "x W_1 + b_1"),
    ("(yhat - y) @ W2.T * h * (1 - h)", r"(\hat y - y) W_2^T \circ h \circ (1 - h)"),
    ("x.T @ dJ_dz1", r"x^T \frac{\partial J}{\partial z_1}"),
    ("np.diagflat(h) - np.kron(h.T, h)", r"\operatorname{diag}(h) - h^T \otimes h"),
    ("-np.log(yhat) / 2", r"\frac{-\log \hat y}{2}"),
    ("softmax(h @ W2 + b2)", r"\operatorname{softmax}(h W_2 + b_2)"),
    ('W1.reshape(-1, 1, order="F")', r"\operatorname{vec}(W_1)"),
    ("np.eye(H) @ W2", "I_H W_2"),
    ("h ** 2", "h^2"),
    ("np.ones((1, N)) @ h", r"\mathbf{1} h"),
    ("2 * h", r"2 \cdot h"),
    ("np.multiply(x, x)", r"x \circ x"),
]


@pytest.mark.parametrize(("text", "latex"), SAME)
def test_same_tree_as_latex(text, latex):
    assert parse_numpy(text, BATCH)[0].sides == parse_latex(latex, BATCH)[0].sides


def has(node: Node, *kinds: type) -> bool:
    return any(isinstance(each, kinds) for each in node.walk())


def in_numpy_too(node: Node) -> bool:
    """Tell whether NumPy text has something for every part: no letters, no underbrace."""
    whole = all(
        isinstance(each.of, Symbol) and isinstance(each.by, Symbol)
        for each in node.walk()
        if isinstance(each, Partial)
    )
    return whole and not has(node, Indexed, Sum, Delta, Claim)


def test_the_books_equations_are_printed_as_numpy_and_read_again():
    count = 0
    for path in CHAPTERS:
        for display in displays(path):
            if display.prose:
                continue
            for equation in parse_latex(display.text, display.table):
                for side in filter(in_numpy_too, equation.sides):
                    text = numpy(side, display.table)
                    assert parse_numpy(text, display.table)[0].sides == (side,), text
                    count += 1
    assert count > 50


CALLED_TEXTS = [
    "h[:, None] * y[:, :, None]", "np.concatenate([b2, W2], axis=0)", "W1.reshape(W1.shape)",
    "np.sum(x, axis=0, keepdims=True)", "(z1 > 0) * h", "np.where(z1 > 0, h, 1 - h)",
    "np.eye(3)[np.argmax(y, axis=1)]", "h[1:3, ::2]", "np.linalg.pinv(W2)",
    "np.squeeze(b1, axis=0)",
    "np.einsum('ni,nj->ij', x, h)", "np.vstack([b2, W2]).T", "x.shape[0] * yhat.size",
    "np.exp(z2 - np.max(z2, axis=1, keepdims=True))", "np.tensordot(x.T, h, 1)",
    "a = 1 - h\nh * a", "np.tensordot(x, h, axes=([0], [0]))", "x.transpose(1, 0)",
    "np.clip(yhat, 0.1, 0.9)", "np.multiply.outer(x, h)", "np.add.reduce(x, axis=0)", "sum(x)",
    "np.average(x, axis=0)", "np.round(yhat)", "np.asarray(x)", "np.sum(a=x, axis=0)",
    "np.ones(shape=(1, 7))", "np.dot(x.T, b=h)", "np.einsum('ni,nj,nk,nj,ni->ik', x, h, y, h, x)",
    "np.power(h, -1)", "-h.T @ (yhat - y) / len(x)", "(z1 > 0) + (h > 0)", "(z1 > 0) * (h > 0)",
    "(z1 > 0) @ (W2 > 0)", "((z1 > 0) + (h > 0)) * h", "1 - (z1 > 0)", "(z1 > 0) ** 2 / 2",
    "-1.0 * (z1 > 0)", "np.sum(z1 > 0, axis=0)", "x.shape[0] // 2 * x", "h[len(h) - 1]",
    "h.reshape(len(h) * 2 // 2, -1)", "np.ones((len(x), h.shape[1]))", "h / max(len(h), 1)",
    "h * min(2, len(h), 3.5)", "h / float(len(h))", "np.floor_divide(h, 0.1)", "len(h) ** -1 * h",
]  # fmt: skip


@pytest.mark.parametrize(
    "text", CALLED_TEXTS + [each[k] for each in CONFUSIONS for k in ("wrong", "right")]
)
def test_printed_and_read_again(text):
    side = parse_numpy(text, BATCH)[-1].sides[-1]
    printed = numpy(side, BATCH)
    assert parse_numpy(printed, BATCH)[-1].sides[-1] == side, printed


def test_every_function_that_is_read_is_evaluated():
    assert set(CALLS) == set(CALLED)


def arrays() -> Arrays:
    rng = np.random.default_rng(0)
    sizes = BATCH.sizes[0]
    symbols = {
        entry.name: rng.normal(size=[sizes.get(axis, 1) for axis in entry.shape])
        for entry in BATCH.entries
    }
    return Arrays(symbols, lambda of, by: symbols[by], sizes, "numpy")


@pytest.mark.parametrize("text", CALLED_TEXTS)
def test_values_are_numpys_own(text):
    at = arrays()
    names = {name.replace(r"\hat y", "yhat").replace("_", ""): v for name, v in at.symbols.items()}
    lines = text.split("\n")
    for line in lines[:-1]:
        name, _, formula = line.partition("=")
        names[name.strip()] = eval(formula, {"np": np, **names})
    wanted = eval(lines[-1], {"np": np, **names})
    side = parse_numpy(text, BATCH)[-1].sides[-1]
    with np.errstate(all="ignore"):
        np.testing.assert_allclose(evaluate(side, at), wanted)


def test_what_does_not_fit_is_named():
    side = parse_numpy("x @ W2", BATCH)[0].sides[0]
    with pytest.raises(DoesNotFit) as error:
        evaluate(side, arrays())
    assert error.value.node is side
    assert error.value.shapes == ((7, 4), (5, 3))


@pytest.mark.parametrize(
    ("text", "message", "caret"),
    [
        ("x @ W3", "unknown name W3; did you mean W", (4, 6)),
        ("np.hadamard(x, x)", "the function hadamard isn't read here", (0, 11)),
        ("x.dtype", "the attribute .dtype isn't read here", (0, 7)),
        ("2 @ x", "@ takes no scalar", (0, 5)),
        ("x ** W1", "an exponent is a number between -9 and 9", (5, 7)),
        ("np.sum(x, a=0)", "the keyword a of sum isn't read here this way", (12, 13)),
        ("np.sum(x, 2000)", "a whole number of at most 1000", (10, 14)),
        ("np.outer(x)", "outer takes 2 arguments here, got 1", (0, 11)),
        ("np.einsum('ni->i', x, h)", "einsum's subscripts 'ni->i' are for another number", (0, 24)),
        ("x if y else h", "a choice with if isn't read here", (0, 13)),
        ("ŷ @ foo", "unknown name foo", (4, 7)),
        ("h / max(h, 1)", "Python's own max takes numbers: write np.maximum for arrays", (4, 13)),
        ("sum(h, 1)", "Python's own sum adds what stands behind the comma", (0, 9)),
    ],
)
def test_messages_quote_the_place(text, message, caret):
    with pytest.raises(EquationError) as error:
        parse_numpy(text, BATCH)
    assert message in str(error.value)
    assert error.value.span == caret
    assert "^" * (caret[1] - caret[0]) in str(error.value)


@pytest.mark.parametrize(
    ("text", "message", "part"),
    [
        ("(z1 > 0) - (h > 0)", "NumPy, which has no minus", "(z1 > 0) - (h > 0)"),
        ("x @ -(W1 > 0)", "NumPy, which has no minus", "-(W1 > 0)"),
        ("m = z1 > 0\nh[m]", "a mask isn't read in brackets", "z1 > 0"),
        ("h[0.5]", "a whole number stands here", "0.5"),
        ("h[len(h) / 1 - 1]", "a whole number stands here", "len(h) / 1 - 1"),
        ("h.reshape(len(h) / 1, -1)", "a whole number stands here", "len(h) / 1"),
        ("np.ones(N / 1)", "a whole number stands here", "N / 1"),
        ("np.ones((3, 2.0))", "a whole number stands here", "2.0"),
        ("np.eye(H / 1)", "a whole number stands here", "H / 1"),
    ],
)
def test_what_numpy_raises_for_has_no_value(text, message, part):
    side = parse_numpy(text, BATCH)[-1].sides[-1]
    with pytest.raises(EquationError) as error:
        evaluate(side, arrays())
    assert message in error.value.message
    start, end = error.value.span
    assert text[start:end].strip("()") == part.strip("()")


def test_float_takes_one_number():
    with pytest.raises(DoesNotFit):
        evaluate(parse_numpy("float(h)", BATCH)[0].sides[0], arrays())
