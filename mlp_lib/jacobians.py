"""Each local Jacobian of the network for one example, as a dense array.

Layout: output axes first, then input axes, the row axis of the single example dropped; so
∂f/∂x[k, i] = ∂f_k/∂x_i, and ∂f/∂W[k, i, j] = ∂f_k/∂W_ij. The gradient of the scalar J is a row.
Every argument that is a row has shape (1, D); `chain` multiplies the factors left to right.
Whatever would take more than MOST_BYTES is refused. (Chapter: What a Jacobian costs.)
"""

from functools import reduce
from math import prod

import numpy as np
from numpy.typing import DTypeLike

from mlp_lib.arguments import Array, check_array, expect

# The largest dense Jacobian that is built: 1 GiB.
MOST_BYTES = 2**30


def dJ_dyhat(y: Array, yhat: Array) -> Array:
    """∂J/∂ŷ[k] = −y_k / ŷ_k, shape (1, D_y).

    (Chapter: Softmax and cross-entropy, equation eq-dJ-dyhat.)
    """
    check_row("y", y)
    check_row("yhat", yhat)
    expect("y", y, f"(1, D_y) = {yhat.shape}", y.shape == yhat.shape, "yhat has that shape")
    return -y / yhat


def dyhat_dz2(yhat: Array) -> Array:
    """∂ŷ/∂z2[k, i] = ŷ_k (δ_ki − ŷ_i), shape (D_y, D_y).

    (Chapter: Softmax and cross-entropy, equation eq-dyhat-dz2.)
    """
    check_row("yhat", yhat)
    check_size("dyhat_dz2", (yhat.size, yhat.size), yhat.dtype)
    return np.diagflat(yhat) - yhat.T @ yhat


def dz2_dh(W2: Array) -> Array:
    """∂z2/∂h[k, i] = W2_ik, so it is W2ᵀ, shape (D_y, H).

    (Chapter: The output layer, equation eq-dz2-dh.)
    """
    check_array("W2", W2, 2)
    return W2.T


def dz2_dW2(h: Array, D_y: int) -> Array:
    """∂z2/∂W2[k, i, j] = h_i δ_kj, shape (D_y, H, D_y).

    (Chapter: The output layer, equation eq-dz2-dW2.)
    """
    return row_by_weights("dz2_dW2", "h", h, D_y)


def dz2_db2(D_y: int) -> Array:
    """∂z2/∂b2[k, j] = δ_kj, shape (D_y, D_y).

    (Chapter: The output layer, equation eq-dz2-db2.)
    """
    check_size("dz2_db2", (D_y, D_y))
    return np.eye(D_y)


def dh_dz1(h: Array) -> Array:
    """∂h/∂z1[k, i] = h_k (1 − h_k) δ_ki, shape (H, H).

    (Chapter: The sigmoid, equation eq-dh-dz1.)
    """
    check_row("h", h)
    check_size("dh_dz1", (h.size, h.size), h.dtype)
    return np.diagflat(h * (1 - h))


def dz1_dx(W1: Array) -> Array:
    """∂z1/∂x[k, i] = W1_ik, so it is W1ᵀ, shape (H, D_x).

    (Chapter: Putting the chain together, equation eq-dz1-dx.)
    """
    check_array("W1", W1, 2)
    return W1.T


def dz1_dW1(x: Array, H: int) -> Array:
    """∂z1/∂W1[k, i, j] = x_i δ_kj, shape (H, D_x, H).

    (Chapter: The third-order tensor, equation eq-dz1-dW1.)
    """
    return row_by_weights("dz1_dW1", "x", x, H)


def dz1_db1(H: int) -> Array:
    """∂z1/∂b1[k, j] = δ_kj, shape (H, H).

    (Chapter: Putting the chain together, equation eq-dz1-db1.)
    """
    check_size("dz1_db1", (H, H))
    return np.eye(H)


def chain(*factors: Array) -> Array:
    """Multiply the factors of a chain rule, outermost first, as they are written.

    Each product sums over the last axis of the left factor and the first axis of the right one:
    (∂f/∂g · ∂g/∂W)[k, i, j] = Σ_l ∂f/∂g[k, l] ∂g/∂W[l, i, j]. Where the left factor is a row (1, D)
    and the right one has three axes, the row axis is dropped: (1, H) · (H, D_x, H) is (D_x, H).
    Raises ValueError where the two axes differ, or where there are no factors.
    """
    if not factors:
        raise ValueError(
            "chain: got no factors, expected at least one, because a product of nothing "
            "has no shape"
        )
    return reduce(contract, factors)


def contract(left: Array, right: Array) -> Array:
    """Sum over the last axis of left and the first of right; a row times a tensor drops its 1.

    Raises ValueError if the two axes have different lengths. (Chapter: Putting the chain together.)
    """
    if left.shape[-1] != right.shape[0]:
        raise ValueError(
            f"chain: a factor of shape {left.shape} meets one of shape {right.shape}, "
            f"expected {left.shape[-1]} at the front of the second, because its first "
            "axis is summed against the last axis of the first"
        )
    check_size("chain", left.shape[:-1] + right.shape[1:], np.result_type(left, right))
    product = np.tensordot(left, right, axes=1)
    return product[0] if right.ndim == 3 and len(left) == 1 else product


def row_by_weights(jacobian: str, name: str, row: Array, outputs: int) -> Array:
    """∂(row · W)/∂W[k, i, j] = row_i δ_kj, shape (outputs, inputs, outputs)."""
    check_row(name, row)
    check_size(jacobian, (outputs, row.size, outputs), row.dtype)
    return np.einsum("i,kj->kij", row[0], np.eye(outputs, dtype=row.dtype))


def check_row(name: str, row: Array) -> None:
    """Refuse a batch: the dense Jacobian of N rows has another axis of length N on each side."""
    check_array(name, row, 2)
    expect(name, row, "(1, D)", len(row) == 1, "a local Jacobian here is that of one example")


def check_size(name: str, shape: tuple[int, ...], dtype: DTypeLike = np.float64) -> None:
    """Refuse a dense array of more than MOST_BYTES, and say what it would take."""
    entries = prod(shape)
    needed = entries * np.dtype(dtype).itemsize
    if needed > MOST_BYTES:
        raise ValueError(
            f"{name}: its shape {shape} has {entries:,} entries and would take "
            f"{needed / 2**30:,.1f} GiB in {np.dtype(dtype)}, expected at most "
            f"{MOST_BYTES / 2**30:g} GiB, because dense Jacobians are here for reading; "
            "network.gradients computes the same gradients without them"
        )
