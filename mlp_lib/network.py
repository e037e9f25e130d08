"""The question's network: z1 = x W1 + b1, h = σ(z1), z2 = h W2 + b2, ŷ = softmax(z2), J = CE(y, ŷ).

Rows are examples: x is (N, D_x) and y is (N, D_y), and one example is the case N = 1. W1 is
(D_x, H), b1 is (H,), W2 is (H, D_y), b2 is (D_y,). A gradient of J has the shape of what J is
differentiated by.
"""

from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

from mlp_lib.arguments import Array, check_labels, check_parameters_and_input

Reduction = Literal["mean", "sum"]


class Parameters(NamedTuple):
    """W1 (D_x, H), b1 (H,), W2 (H, D_y) and b2 (D_y,), as one immutable record."""

    W1: Array
    b1: Array
    W2: Array
    b2: Array


class Forward(NamedTuple):
    """Every intermediate of the forward pass: z1, h (N, H) and z2, yhat (N, D_y)."""

    z1: Array
    h: Array
    z2: Array
    yhat: Array


class Gradients(NamedTuple):
    """Every gradient of J, in the order in which the chain rule reaches it."""

    dJ_dz2: Array
    dJ_dW2: Array
    dJ_db2: Array
    dJ_dh: Array
    dJ_dz1: Array
    dJ_dW1: Array
    dJ_db1: Array
    dJ_dx: Array


def initialise(
    rng: np.random.Generator, D_x: int, H: int, D_y: int, dtype: DTypeLike = np.float64
) -> Parameters:
    """Draw each layer's parameters uniformly from ±√(6 / (inputs + outputs)), Glorot's bound.

    The biases are drawn too: a zero hides mistakes in whatever it multiplies.
    """
    for name, size in {"D_x": D_x, "H": H, "D_y": D_y}.items():
        if size < 1:
            raise ValueError(
                f"initialise: {name} is {size}, expected at least 1, because an axis of "
                "that length would leave W1 or W2 without entries"
            )

    def draw(bound: float, *shape: int) -> Array:
        return rng.uniform(-bound, bound, shape).astype(dtype)

    bound1, bound2 = np.sqrt(6 / (D_x + H)), np.sqrt(6 / (H + D_y))
    return Parameters(
        W1=draw(bound1, D_x, H), b1=draw(bound1, H), W2=draw(bound2, H, D_y), b2=draw(bound2, D_y)
    )


def sigmoid(z: Array) -> Array:
    """σ(z) = 1 / (1 + exp(−z)) = (1 + tanh(z/2)) / 2, which no z overflows. (The sigmoid.)"""
    return 0.5 * (1.0 + np.tanh(0.5 * z))


def log_softmax(z: Array) -> Array:
    """log softmax(z)_k = z_k − m − log Σ_i exp(z_i − m) in each row, with m the row's maximum."""
    shifted = z - np.real(z).max(axis=1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))


def softmax(z: Array) -> Array:
    """softmax(z)_k = exp(z_k − m) / Σ_i exp(z_i − m) in each row; m, its maximum, cancels."""
    e = np.exp(z - np.real(z).max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def forward(parameters: Parameters, x: Array) -> Forward:
    """Compute z1 = x W1 + b1, h = σ(z1), z2 = h W2 + b2, ŷ = softmax(z2) for x (N, D_x).

    Raises TypeError or ValueError, with the reason, for an x or parameters that do not fit.
    (Chapter: The forward pass, equations eq-z1 to eq-yhat.)
    """
    W1, b1, W2, b2 = parameters
    check_parameters_and_input(*parameters, x)
    z1 = x @ W1 + b1
    h = sigmoid(z1)
    z2 = h @ W2 + b2
    yhat = softmax(z2)
    return Forward(z1, h, z2, yhat)


def cross_entropy(y: Array, z2: Array, reduction: Reduction = "mean") -> np.inexact:
    """J = −Σ_k y_k log ŷ_k of each row, averaged ("mean") or added ("sum") over the N rows.

    It takes z2, not ŷ = softmax(z2): log ŷ_k is −inf once ŷ_k underflows, and 0 · (−inf) is nan,
    while log_softmax(z2) stays finite. (Chapter: Softmax and cross-entropy, equation eq-loss.)
    """
    check_labels(y, z2.shape)
    J = -(y * log_softmax(z2)).sum()
    return J / divisor(reduction, len(y))


def loss(parameters: Parameters, x: Array, y: Array, reduction: Reduction = "mean") -> np.inexact:
    """Return J as a function of the parameters, the input x (N, D_x) and the labels y (N, D_y)."""
    return cross_entropy(y, forward(parameters, x).z2, reduction)


def gradients(
    parameters: Parameters, x: Array, y: Array, reduction: Reduction = "mean"
) -> Gradients:
    """Compute every gradient of J, each with the shape of what J is differentiated by.

    The rows of y must sum to 1: ŷ − y needs it. (Chapter: Putting the chain together; one line a
    link, in the chain's own order.)
    """
    _, h, _, yhat = forward(parameters, x)
    check_labels(y, yhat.shape)
    W1, W2 = parameters.W1, parameters.W2

    dJ_dz2 = (yhat - y) / divisor(reduction, len(y))
    dJ_dW2 = h.T @ dJ_dz2
    dJ_db2 = dJ_dz2.sum(axis=0)
    dJ_dh = dJ_dz2 @ W2.T
    dJ_dz1 = dJ_dh * h * (1 - h)
    dJ_dW1 = x.T @ dJ_dz1
    dJ_db1 = dJ_dz1.sum(axis=0)
    dJ_dx = dJ_dz1 @ W1.T
    return Gradients(dJ_dz2, dJ_dW2, dJ_db2, dJ_dh, dJ_dz1, dJ_dW1, dJ_db1, dJ_dx)


def divisor(reduction: Reduction, N: int) -> int:
    """Return what the sum over N rows is divided by: N for "mean", 1 for "sum"."""
    if reduction not in ("mean", "sum"):
        raise ValueError(
            f"reduction is {reduction!r}, expected 'mean' or 'sum', because J is either "
            "the average or the sum of the N rows' losses"
        )
    return N if reduction == "mean" else 1


def one_hot(labels: ArrayLike, D_y: int) -> NDArray[np.float64]:
    """Turn N class indices 0 … D_y−1 into N rows of length D_y with a single 1 in each."""
    indices = np.asarray(labels)
    if indices.ndim != 1 or not np.issubdtype(indices.dtype, np.integer):
        raise ValueError(
            f"one_hot: labels has shape {indices.shape} and dtype {indices.dtype}, expected "
            "N integers (N,), because each is the index of a class; rows that are "
            "one-hot already need no conversion"
        )
    if indices.size and not (indices.min() >= 0 and indices.max() < D_y):
        raise ValueError(
            f"one_hot: labels run from {indices.min()} to {indices.max()}, expected "
            f"0 to {D_y - 1}, because D_y = {D_y}"
        )
    return np.eye(D_y)[indices]
