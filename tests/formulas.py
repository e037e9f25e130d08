"""Formulas for the gradients, right and wrong, put together from choices of each factor.

Whether one is right is judged here without the clinic: NumPy evaluates it, central differences are
the truth.
"""

from collections.abc import Iterator
from functools import cache
from itertools import product
from typing import NamedTuple

import numpy as np

from mlp_lib import cross_entropy, numerical_jacobian
from mlp_lib.network import sigmoid, softmax

# A constant that is a size of one network is none of the other.
SIZES = ({"D_x": 4, "H": 5, "D_y": 3, "N": 7}, {"D_x": 6, "H": 3, "D_y": 5, "N": 4})
TARGETS = ("dJ_dz2", "dJ_dW2", "dJ_db2", "dJ_dh", "dJ_dz1", "dJ_dW1", "dJ_db1", "dJ_dx")


class Case(NamedTuple):
    """A formula, what it is for, and in which setup."""

    text: str
    target: str
    setup: str
    loss: str


# The first choice of each factor is a right one; * marks what is right for one row alone.
ERRORS = (
    "(yhat - y)", "(y - yhat)", "(-y / yhat)", "yhat", "(yhat + y)", "((yhat - y) * yhat)",
    "(z2 - y)", "(yhat - y) ** 2", "np.abs(yhat - y)", "((yhat - y) * yhat * (1 - yhat))",
    "(yhat - 2 * y)", "(yhat - np.argmax(y))", "y * (yhat - y)", "(sigmoid(z2) - y)",
)  # fmt: skip
WEIGHTS = (
    "@ W2.T", "@ W2", "@ -W2.T", "@ W2.reshape(W2.shape[1], W2.shape[0])", "@ (W2.T * 2)", "",
    "@ np.linalg.pinv(W2)", "@ (W2 - 0.1 * h.T @ (yhat - y)).T", "* W2.T",
    "@ (W2 - 0.001 * h.T @ (yhat - y)).T",
)  # fmt: skip
SLOPES = (
    "* h * (1 - h)", "", "* h", "* (1 - h)", "* z1 * (1 - z1)", "* (1 - h ** 2)", "* h * (1 + h)",
    "* h * (h - 1)", "* h ** 2 * (1 - h)", "@ (h * (1 - h))", "* h * (1 - z1)", "* sigmoid(h)",
    "* (z1 > 0)", "* h * (1 - h) * h * (1 - h)", "+ h * (1 - h)",
)  # fmt: skip
SCALES = (
    "{}", "{} / 2", "2 * {}", "{} / len(x)", "{} * len(x)", "{} / yhat.size", "-{}", "{} / 7",
    "{} * D_x / 4",
)  # fmt: skip
LAST = {
    "W": (
        "{i}.T @ ({d})", "({d}).T @ {i}", "({d}) @ {i}", "{o}.T @ ({d})", "({d}) * {i}",
        "(({d}).T @ {i}).reshape({W}.shape)", "{W} * ({d})", "({d})", "({d}) @ {W}.T",
        "np.outer(np.mean({i}, axis=0), np.mean({d}, axis=0))", "{W}", "{i}.T * ({d})",
    ),
    "b": (
        "np.sum({d}, axis=0)", "np.sum({d})", "np.sum({d}, axis=1)", "{b} * ({d})", "({d})",
        "np.mean({d}, axis=0)", "{i}.T @ ({d})", "np.max({d}, axis=0)", "({d})[0]",
    ),
    "x": ("({d}) @ {W}.T", "({d}) @ {W}", "{W} @ ({d})", "({d})", "({d}) @ -{W}.T"),
    "z": ("{d}", "np.sum({d}, axis=0)", "({d}).T", "np.mean({d}, axis=0, keepdims=True)"),
}  # fmt: skip

RIGHT_ERRORS = (
    "(yhat - y)", "-(y - yhat)", "np.subtract(yhat, y)", "(-y + yhat)", "(softmax(z2) - y)",
    "(yhat * np.sum(y, axis=1, keepdims=True) - y)", "(1 * yhat - y)",
)  # fmt: skip
RIGHT_BACK = (
    "{e} @ W2.T", "np.dot({e}, W2.T)", "np.einsum('nk,jk->nj', {e}, W2)", "(W2 @ ({e}).T).T",
    "np.matmul({e}, np.transpose(W2))", "({e}).dot(W2.T)",
)  # fmt: skip
RIGHT_SLOPES = (
    "{d} * h * (1 - h)", "({d}) * (h - h ** 2)", "({d}) * (1 - h) * h", "(1 - h) * ({d}) * h",
    "h * (1 - h) * ({d})", "np.multiply({d}, h * (1 - h))",
    "({d}) * sigmoid(z1) * (1 - sigmoid(z1))", "({d}) * h - ({d}) * h * h",
)  # fmt: skip
RIGHT_LAST = {
    "W": (
        "{i}.T @ ({d})", "np.dot({i}.T, {d})", "np.einsum('ni,nj->ij', {i}, {d})",
        "(({d}).T @ {i}).T", "np.transpose({i}).dot({d})", "np.tensordot({i}.T, {d}, 1)",
    ),
    "b": (
        "np.sum({d}, axis=0)", "({d}).sum(0)", "np.ones((1, N)) @ ({d})", "np.einsum('nj->j', {d})",
        "({d}).sum(axis=0, keepdims=True)",
    ),
    "x": ("({d}) @ {W}.T", "np.dot({d}, {W}.T)", "({W} @ ({d}).T).T"),
    "z": ("{d}", "1 * ({d})"),
}  # fmt: skip


def layer(target: str) -> dict[str, str]:
    """Return the names that the last step uses: input, output, weights and bias of the layer."""
    if target in ("dJ_dW2", "dJ_db2", "dJ_dh"):
        return {"i": "h", "o": "yhat", "W": "W2", "b": "b2"}
    return {"i": "x", "o": "h", "W": "W1", "b": "b1"}


def last_kind(target: str) -> str:
    """Return which kind of last step leads to the target."""
    return {"dJ_dh": "x", "dJ_dz1": "z", "dJ_dz2": "z"}.get(target, target[4])


def through_hidden(target: str) -> bool:
    """Tell whether the way to the target passes the hidden layer."""
    return target in ("dJ_dz1", "dJ_dW1", "dJ_db1", "dJ_dx")


def put_together(target: str, error: str, weights: str, slope: str, last: str, scale: str) -> str:
    """Return the text of one choice of every factor."""
    before = f"{error} {weights} {slope}".strip() if through_hidden(target) else error
    return scale.format(last.format(d=before, **layer(target)))


def choices(target: str) -> tuple[tuple[str, ...], ...]:
    """Return what may stand in the place of each factor; the first of each makes it right."""
    hidden = through_hidden(target)
    return (
        ERRORS, WEIGHTS if hidden else ("",), SLOPES if hidden else ("",),
        LAST[last_kind(target)], SCALES,
    )  # fmt: skip


def in_each_setup(target: str, chosen: tuple[str, ...]) -> Iterator[Case]:
    """Yield the formula of these choices for a row, a batch with its sum, and with its mean."""
    text = put_together(target, *chosen)
    yield Case(text, target, "row", "sum")
    yield Case(text, target, "batch", "sum")
    yield Case(text, target, "batch", "mean")


def sample_of_choices(count: int) -> list[Case]:
    """Return some of all combinations of the choices, right ones among them, each in one setup."""
    chosen = [(target, each) for target in TARGETS for each in product(*choices(target))]
    numbers = np.random.default_rng(0).choice(3 * len(chosen), size=count, replace=False)
    return [[*in_each_setup(*chosen[number // 3])][number % 3] for number in numbers]


def one_other_choice() -> Iterator[Case]:
    """Yield the formulas in which at most one factor is another than the right one."""
    for target in TARGETS:
        options = choices(target)
        right = tuple(each[0] for each in options)
        others = [
            (*right[:place], other, *right[place + 1 :])
            for place, each in enumerate(options)
            for other in each[1:]
        ]
        # The factor 1/N of the mean is one that every slip may come with.
        for chosen in (right, *others):
            yield from in_each_setup(target, chosen)
            if chosen[-1] == "{}":
                text = put_together(target, *chosen[:-1], "({}) / len(x)")
                yield Case(text, target, "batch", "mean")


def right_ways() -> Iterator[Case]:
    """Yield right formulas that are written in different ways."""
    for target in TARGETS:
        hidden = through_hidden(target)
        for error, back, slope, last in product(
            RIGHT_ERRORS, RIGHT_BACK if hidden else ("{e}",),
            RIGHT_SLOPES if hidden else ("{d}",), RIGHT_LAST[last_kind(target)],
        ):  # fmt: skip
            before = slope.format(d=back.format(e=error))
            text = last.format(d=before, **layer(target))
            yield Case(text, target, "batch", "sum")
            yield Case(f"({text}) / len(x)", target, "batch", "mean")


@cache
def network(number: int, rows: int) -> dict[str, np.ndarray]:
    """Return the values of a network with soft labels and nothing zero."""
    rng = np.random.default_rng(7 + number)
    D_x, H, D_y, _ = SIZES[number].values()
    v = {
        "x": rng.normal(size=(rows, D_x)), "W1": rng.normal(size=(D_x, H)),
        "b1": rng.normal(size=H), "W2": rng.normal(size=(H, D_y)), "b2": rng.normal(size=D_y),
        "y": rng.dirichlet(np.ones(D_y), size=rows),
    }  # fmt: skip
    v["z1"] = v["x"] @ v["W1"] + v["b1"]
    v["h"] = sigmoid(v["z1"])
    v["z2"] = v["h"] @ v["W2"] + v["b2"]
    v["yhat"] = softmax(v["z2"])
    return v


@cache
def truth(target: str, number: int, rows: int, loss: str) -> np.ndarray:
    """Return the target by central differences."""
    v = network(number, rows)
    name = target.removeprefix("dJ_d")

    def J(value: np.ndarray) -> np.ndarray:
        w = {**v, name: value}
        z1 = w["z1"] if name == "z1" else w["x"] @ w["W1"] + w["b1"]
        h = w["h"] if name == "h" else sigmoid(z1)
        z2 = w["z2"] if name == "z2" else h @ w["W2"] + w["b2"]
        return cross_entropy(v["y"], z2, loss)

    return numerical_jacobian(J, v[name])


def is_right(case: Case) -> bool:
    """Tell whether NumPy's value of the formula is the gradient by central differences."""
    return all(is_right_at(case, number) for number in range(len(SIZES)))


def is_right_at(case: Case, number: int) -> bool:
    """Tell whether the formula is right at one network."""
    rows = 1 if case.setup == "row" else SIZES[number]["N"]
    sizes = SIZES[number] | {"N": rows}
    values = network(number, rows)
    names = {**values, **sizes, "np": np, "sigmoid": sigmoid, "softmax": softmax}
    names |= {"X": values["x"], "Y": values["y"]}
    with np.errstate(all="ignore"):
        try:
            value = np.asarray(eval(case.text, names))
        except (ValueError, IndexError, np.linalg.LinAlgError):
            return False
    wanted = truth(case.target, number, rows, case.loss)
    if case.target[4] == "b" and value.shape == (1, *wanted.shape):
        value = value[0]
    return value.shape == wanted.shape and bool(np.allclose(value, wanted, rtol=1e-5, atol=1e-7))
