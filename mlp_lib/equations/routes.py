"""The values that right derivations pass through: by them the first wrong step is found."""

import math
import re
from functools import cache
from typing import NamedTuple

import numpy as np

from mlp_lib.equations.arrays import Array, Rules, evaluate
from mlp_lib.equations.known import names as known_names
from mlp_lib.equations.numpy_code.reader import parse_numpy
from mlp_lib.equations.printing import latex
from mlp_lib.equations.setting import Setting
from mlp_lib.equations.tree import (
    Identity,
    Negate,
    Node,
    Number,
    Partial,
    ShapeOf,
    SizeOf,
    Subtract,
    Symbol,
    Transpose,
)

# Right formulas agree to rounding, about 1e-15; a slip of 1e-6 is one.
TOLERANCE = 1e-9


def close(one: Array, other: Array) -> bool:
    """Compare two values of the same shape by their norms; nan and ∞ are close to nothing."""
    if one.shape != other.shape:
        return False
    scale = length(one) + length(other)
    if not math.isfinite(scale):
        return False
    return length(one - other) <= TOLERANCE * max(scale, TOLERANCE)


def length(array: Array) -> float:
    """Return the norm of all entries as one vector, in a fraction of np.linalg.norm's time."""
    return math.sqrt(np.vdot(array, array))


def worth_a_line(node: Node) -> bool:
    """Tell whether a part is more than a symbol, its transpose, or 1 − a symbol."""
    match node:
        case Symbol() | Number() | Identity() | ShapeOf() | SizeOf():
            return False
        case Transpose(Symbol()) | Negate(Number() | Symbol()):
            return False
        case Subtract(Number(), Symbol()):
            return False
    return True


def known_with(values: list[Array], where: Setting, rules: Rules) -> Node | None:
    """Return the known quantity that has these values at all ordinary networks, or None."""
    known = known_by_shape(where, rules).get(values[0].shape, ())
    return next((name for name, candidate in known if candidate.has(values)), None)


class Candidate(NamedTuple):
    """The values of a quantity at all ordinary networks; of the first, one entry and the length."""

    values: list[Array]
    first: float
    length: float

    def has(self, values: list[Array]) -> bool:
        """Tell whether these are the same values; most that aren't begin with another entry."""
        apart = abs(values[0].item(0) - self.first) if values[0].size else 0.0
        return apart <= 3 * TOLERANCE * max(self.length, 1.0) and all(
            map(close, values, self.values)
        )


def candidate(values: list[Array]) -> Candidate:
    """Return the values with what is looked at first."""
    first = values[0].item(0) if values[0].size else 0.0
    return Candidate(values, first, length(values[0]))


Known = list[tuple[Node, list[Array]]]


@cache
def known_by_shape(
    where: Setting, rules: Rules
) -> dict[tuple[int, ...], list[tuple[Node, Candidate]]]:
    """Return the known quantities by their shape at the first network."""
    found: dict[tuple[int, ...], list[tuple[Node, Candidate]]] = {}
    for name, arrays in known_arrays(where, rules):
        found.setdefault(arrays[0].shape, []).append((name, candidate(arrays)))
    return found


@cache
def known_arrays(where: Setting, rules: Rules) -> Known:
    """Return the known quantities with their values: symbols, gradients of J, one row's Jacobians.

    In a batch a Jacobian of rows by rows has four axes, and nobody writes it.
    """
    found = []
    for name in known_names(where.table):
        if where.setup == "batch" and isinstance(name, Partial) and name.of != Symbol("J"):
            continue
        arrays = [evaluate(name, network.arrays(rules)) for network in where.ordinary]
        found.append((name, arrays))
    return found


# What right derivations pass through, besides the known quantities.
PIECES = (
    "x @ W1", "h @ W2",
    "yhat - y", "-y", "y / yhat", "-y / yhat", "1 / yhat", "1 - h", "h * (1 - h)", "h * h",
    "dJ_dh * h", "dJ_dh * (1 - h)", "-z1", "np.exp(-z1)", "1 + np.exp(-z1)", "np.exp(z2)",
    "np.sum(np.exp(z2), axis=-1, keepdims=True)", "np.max(z2, axis=-1, keepdims=True)",
    "z2 - np.max(z2, axis=-1, keepdims=True)", "np.exp(z2 - np.max(z2, axis=-1, keepdims=True))",
    "np.sum(np.exp(z2 - np.max(z2, axis=-1, keepdims=True)), axis=-1, keepdims=True)",
    "np.sum(y, axis=-1, keepdims=True)", "yhat * np.sum(y, axis=-1, keepdims=True)",
)  # fmt: skip
PIECES_OF_ONE_ROW = (
    "np.diagflat(yhat)", "np.outer(yhat, yhat)", "np.diagflat(h)", "np.diagflat(1 - h)",
    "W2.T * h", "W2.T * (1 - h)", "W2.T * h * (1 - h)", "np.outer(x, dJ_dh)", "np.outer(x, dJ_dz2)",
    "np.kron(np.eye(H), x)", "np.kron(np.eye(D_y), h)", "np.kron(np.ravel(dJ_dz1), x)",
    "np.kron(np.ravel(dJ_dz2), h)",
)  # fmt: skip


@cache
def right_pieces(where: Setting, rules: Rules) -> list[list[Array]]:
    """Return the values that a right derivation may pass through, for each piece."""
    texts = PIECES if where.setup == "batch" else PIECES + PIECES_OF_ONE_ROW
    trees = [parse_numpy(text, where.table)[-1].sides[-1] for text in texts]
    known = known_arrays(where, rules)
    gradients = [values for name, values in known if is_gradient(name)]
    others = [values for name, values in known if not is_gradient(name)]
    with np.errstate(all="ignore"):
        for tree in trees:
            others.append([evaluate(tree, network.numpy) for network in where.ordinary])
    found = gradients + others
    if where.setup == "batch" and where.loss == "mean":
        # The 1/N may come with any factor, and later than the gradients that it belongs to.
        N = [network.point.sizes["N"] for network in where.ordinary]
        times_N = [[value * n for value, n in zip(values, N, strict=True)] for values in found]
        by_N = [[value / n for value, n in zip(values, N, strict=True)] for values in others]
        return found + times_N + by_N
    return found


def is_gradient(name: Node) -> bool:
    """Tell whether a known quantity is a derivative of J."""
    return isinstance(name, Partial) and name.of == Symbol("J")


@cache
def pieces_by_shape(where: Setting, rules: Rules) -> dict[tuple[int, ...], list[Candidate]]:
    """Return the pieces of right derivations, and their transposes, by shape; 1 is no axis here."""
    found: dict[tuple[int, ...], list[Candidate]] = {}
    for piece in right_pieces(where, rules):
        rows = [np.squeeze(array) for array in piece]
        for arrays in (rows, [array.T for array in rows]) if rows[0].ndim > 1 else (rows,):
            found.setdefault(arrays[0].shape, []).append(candidate(arrays))
    return found


def on_a_route(values: list[Array], where: Setting, rules: Rules) -> bool:
    """Tell whether values are a piece of any right derivation, or its transpose."""
    rows = [np.squeeze(value) for value in values]
    pieces = pieces_by_shape(where, rules).get(rows[0].shape, ())
    return any(piece.has(rows) for piece in pieces)


def shown_name(quantity: Node) -> str:
    """Return a quantity's name in plain letters: ∂J/∂z1, W2."""
    if isinstance(quantity, Partial):
        return f"∂{shown_name(quantity.of)}/∂{shown_name(quantity.by)}"
    if isinstance(quantity, Symbol):
        subscripts = str.maketrans("12", "₁₂")
        name = quantity.name.replace(r"\hat y", "ŷ")
        return re.sub(r"_(\d)", r"\1", name).translate(subscripts)
    return latex(quantity)
