"""J and its gradients by the four parameters, in arrays that are allocated once for many steps.

Each comment in `loss_and_gradients` is a line of `network.py`; what follows it does the same in
place. Two names for one array say that the second quantity takes the memory of the first: z1 and
h share one (N, H) buffer, ∂J/∂h and ∂J/∂z1 the other, and there is no third of that size.
"""

from collections.abc import Iterator
from copy import copy
from math import prod
from typing import NamedTuple

import numpy as np
from numpy.typing import DTypeLike

from mlp_lib.arguments import Array
from mlp_lib.network import Parameters, Reduction, divisor

NAMES = (*Parameters._fields, "x", "y")


class ParameterGradients(NamedTuple):
    """dJ_dW1 (D_x, H), dJ_db1 (H,), dJ_dW2 (H, D_y), dJ_db2 (D_y,), in the parameters' order."""

    dJ_dW1: Array
    dJ_db1: Array
    dJ_dW2: Array
    dJ_db2: Array


class Workspace:
    """The arrays of one step: all that N rows, D_x inputs, H hidden units and D_y outputs need."""

    def __init__(self, N: int, D_x: int, H: int, D_y: int, dtype: DTypeLike = np.float64) -> None:
        """Raise ValueError for a size below 1, TypeError for a dtype but float32 and float64."""
        for name, size in {"N": N, "D_x": D_x, "H": H, "D_y": D_y}.items():
            if size < 1:
                raise ValueError(
                    f"Workspace: {name} is {size}, expected at least 1, because an axis of that "
                    "length would leave an array without entries"
                )
        self.dtype = np.dtype(dtype)
        if self.dtype not in (np.float32, np.float64):
            raise TypeError(
                f"Workspace: dtype is {self.dtype}, expected float32 or float64, because the "
                "products of these are the fast ones"
            )

        self.dtypes = [self.dtype] * len(NAMES)

        def empty(*shape: int) -> Array:
            return np.empty(shape, self.dtype)

        self.D_x, self.H, self.D_y = D_x, H, D_y
        # The four gradients lie in one vector, so that an update takes one pass and not four.
        self.gradient_vector = empty(D_x * H + H + H * D_y + D_y)
        self.gradients = ParameterGradients(*split(self.gradient_vector, D_x, H, D_y))
        self.hidden, self.hidden_gradient = empty(N, H), empty(N, H)
        self.output, self.labels = empty(N, D_y), empty(N, D_y)
        self.row_max, self.row_sum = empty(N, 1), empty(N, 1)
        self.ones, self.ones_column = np.ones(N, self.dtype), np.ones((D_y, 1), self.dtype)
        self.use(N)

    def use(self, N: int) -> None:
        """Set what depends on the number of rows but is no array of that length."""
        D_x, H, D_y = self.D_x, self.H, self.D_y
        self.shapes = [(D_x, H), (H,), (H, D_y), (D_y,), (N, D_x), (N, D_y)]
        # Arrays, because NumPy converts a Python number anew in each call.
        self.one, self.half, self.N = (np.array(value, self.dtype) for value in (1, 0.5, N))

    def rows(self, N: int) -> "Workspace":
        """Return a workspace for N rows that uses the memory of this one's first N rows."""
        if not 1 <= N <= len(self.ones):
            raise ValueError(
                f"Workspace.rows: N is {N}, expected 1 to {len(self.ones)}, because it has memory "
                "for that many rows"
            )
        part = copy(self)
        for name in (
            "hidden", "hidden_gradient", "output", "labels", "row_max", "row_sum", "ones",
        ):  # fmt: skip
            setattr(part, name, getattr(self, name)[:N])
        part.use(N)
        return part

    def loss_and_gradients(
        self, parameters: Parameters, x: Array, y: Array, reduction: Reduction = "mean"
    ) -> tuple[np.floating, ParameterGradients]:
        """Compute what `loss` and `gradients` do; x is (N, D_x), and the rows of y sum to 1.

        The gradients are the workspace's own arrays: the next call overwrites them. Values are not
        looked at, so a nan goes on into J. Raises ValueError or TypeError for another shape or
        dtype than the workspace has. (Chapter: Putting the chain together.)
        """
        self.check((*parameters, x, y))
        W1, b1, W2, b2 = parameters
        dJ_dW1, dJ_db1, dJ_dW2, dJ_db2 = self.gradients
        z1 = h = h_rest = self.hidden
        dJ_dh = dJ_dz1 = self.hidden_gradient
        z2 = shifted = e = dJ_dz2 = self.output
        m, total, log_total = self.row_max, self.row_sum, self.row_max
        one, half, ones = self.one, self.half, self.ones

        # z1 = x @ W1 + b1
        x.dot(W1, out=z1)
        z1 += b1
        # h = 0.5 * (1.0 + tanh(0.5 * z1))
        z1 *= half
        np.tanh(z1, out=h)
        h += one
        h *= half
        # z2 = h @ W2 + b2
        h.dot(W2, out=z2)
        z2 += b2
        # shifted = z2 - z2.max(axis=1, keepdims=True)
        np.maximum.reduce(z2, axis=1, keepdims=True, out=m)
        shifted -= m
        # J = -(y * (shifted - log(exp(shifted).sum(axis=1, keepdims=True)))).sum()
        J = -np.vdot(y, shifted)
        np.exp(shifted, out=e)
        e.dot(self.ones_column, out=total)
        np.log(total, out=log_total)
        J += ones.dot(log_total)[0]  # once for each row, as each row of y sums to 1
        # dJ_dz2 = (yhat - y) / N, with yhat = e / total: e / (N * total) - y / N
        if divisor(reduction, len(y)) != 1:
            J /= self.N
            total *= self.N
            y = np.divide(y, self.N, out=self.labels)
        e /= total
        dJ_dz2 -= y
        # dJ_dW2 = h.T @ dJ_dz2
        h.T.dot(dJ_dz2, out=dJ_dW2)
        # dJ_db2 = dJ_dz2.sum(axis=0)
        ones.dot(dJ_dz2, out=dJ_db2)
        # dJ_dh = dJ_dz2 @ W2.T
        dJ_dz2.dot(W2.T, out=dJ_dh)
        # dJ_dz1 = dJ_dh * h * (1 - h)
        dJ_dz1 *= h
        np.subtract(one, h, out=h_rest)
        dJ_dz1 *= h_rest
        # dJ_dW1 = x.T @ dJ_dz1
        x.T.dot(dJ_dz1, out=dJ_dW1)
        # dJ_db1 = dJ_dz1.sum(axis=0)
        ones.dot(dJ_dz1, out=dJ_db1)
        return J, self.gradients

    def check(self, arrays: tuple[Array, ...]) -> None:
        """Refuse arrays W1, b1, W2, b2, x, y of another shape or dtype than the buffers have."""
        if (
            [array.shape for array in arrays] == self.shapes
            and [array.dtype for array in arrays] == self.dtypes
        ):  # fmt: skip
            return
        for name, array, shape in zip(NAMES, arrays, self.shapes, strict=True):
            if array.shape != shape:
                raise ValueError(
                    f"Workspace: {name} has shape {array.shape}, expected {shape}, because the "
                    "workspace was allocated for these sizes; rows(N) takes fewer rows"
                )
            if array.dtype != self.dtype:
                raise TypeError(
                    f"Workspace: {name} is {array.dtype}, expected {self.dtype}, because the "
                    "results are written into arrays of that dtype"
                )


def split(vector: Array, D_x: int, H: int, D_y: int) -> list[Array]:
    """Return views of a vector's parts in the shapes of W1, b1, W2, b2."""
    shapes = (D_x, H), (H,), (H, D_y), (D_y,)
    ends = np.cumsum([prod(shape) for shape in shapes])[:-1]
    return [part.reshape(shape) for part, shape in zip(np.split(vector, ends), shapes, strict=True)]


def descend_in_place(
    parameters: Parameters,
    x: Array,
    y: Array,
    *,
    epochs: int,
    batch_size: int,
    learning_rate: float,
    momentum: float,
    rng: np.random.Generator,
) -> Iterator[Parameters]:
    """Take the updates of `training.descend` in one workspace, and yield after each of them.

    What is yielded are always the same arrays, and the next update changes them. The arguments are
    those of `descend`, and have been checked. (Chapter: Training it.)
    """
    (N, D_x), (H, D_y), dtype = x.shape, parameters.W2.shape, x.dtype
    full = Workspace(batch_size, D_x, H, D_y, dtype)
    x_full, y_full = np.empty((batch_size, D_x), dtype), np.empty((batch_size, D_y), dtype)
    V_change = full.gradient_vector
    W = np.concatenate([array.ravel() for array in parameters])
    V = np.zeros_like(W)
    current = Parameters(*split(W, D_x, H, D_y))
    learning_rate, momentum = np.array(learning_rate, dtype), np.array(momentum, dtype)

    for _ in range(epochs):
        order = rng.permutation(N)
        for start in range(0, N, batch_size):
            rows = order[start : start + batch_size]
            space = full if len(rows) == batch_size else full.rows(len(rows))
            x_rows, y_rows = x_full[: len(rows)], y_full[: len(rows)]
            # "clip" takes the same rows and spares the copy with which NumPy guards `out`.
            x.take(rows, axis=0, out=x_rows, mode="clip")
            y.take(rows, axis=0, out=y_rows, mode="clip")
            space.loss_and_gradients(current, x_rows, y_rows)
            # V = momentum * V + dJ_dW
            V *= momentum
            V += V_change
            # W = W - learning_rate * V
            W -= np.multiply(V, learning_rate, out=V_change)
            yield current
