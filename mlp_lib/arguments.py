"""What the library refuses as an argument, and why: what it got, what it wanted, the reason."""

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.inexact]


def check_parameters_and_input(W1: Array, b1: Array, W2: Array, b2: Array, x: Array) -> None:
    """Refuse parameters and an x whose axes, dtypes or values do not fit, and say why."""
    for name, array, ndim in (
        ("W1", W1, 2),
        ("b1", b1, 1),
        ("W2", W2, 2),
        ("b2", b2, 1),
        ("x", x, 2),
    ):
        check_array(name, array, ndim)
    D_x, H = W1.shape
    D_y = W2.shape[1]
    expect("b1", b1, f"(H,) = ({H},)", b1.shape == (H,), f"W1 is (D_x, H) = {W1.shape}")
    expect("W2", W2, f"(H, D_y) = ({H}, {D_y})", len(W2) == H, f"W1 is (D_x, H) = {W1.shape}")
    expect("b2", b2, f"(D_y,) = ({D_y},)", b2.shape == (D_y,), f"W2 is (H, D_y) = {W2.shape}")
    expect(
        "x", x, f"(N, D_x) = ({len(x)}, {D_x})", x.shape[1] == D_x, f"W1 is (D_x, H) = {W1.shape}"
    )
    expect("x", x, "at least one row", len(x) > 0, "an empty batch has no loss")


def check_labels(y: Array, shape: tuple[int, ...]) -> None:
    """Refuse a y that is not `shape` = (N, D_y) rows that each sum to 1, and say why."""
    if isinstance(y, np.ndarray) and y.ndim == 1 and np.issubdtype(y.dtype, np.integer):
        raise ValueError(
            f"y has shape {y.shape} and dtype {y.dtype}: these look like class indices; "
            f"expected rows (N, D_y) = {shape}, because ŷ − y subtracts row from row; "
            "one_hot(y, D_y) makes them"
        )
    check_array("y", y, 2)
    expect("y", y, f"(N, D_y) = {shape}", y.shape == shape, f"ŷ is (N, D_y) = {shape}")
    sums = y.sum(axis=1)
    wrong = np.flatnonzero(np.abs(sums - 1) > 1e-3)
    if wrong.size:
        raise ValueError(
            f"y: row {wrong[0]} sums to {np.real(sums[wrong[0]]):.6g}, expected 1, because "
            "∂J/∂z2 = ŷ − y holds only where the entries of y sum to 1"
        )


def check_array(name: str, array: Array, ndim: int) -> None:
    """Refuse what is not a finite floating-point array of `ndim` axes."""
    if not isinstance(array, np.ndarray) or not np.issubdtype(array.dtype, np.inexact):
        got = f"dtype {array.dtype}" if isinstance(array, np.ndarray) else type(array).__name__
        raise TypeError(
            f"{name} is {got}, expected a floating-point NumPy array, because integers "
            f"cannot hold a gradient step; {name} = np.asarray({name}, float) makes one"
        )
    expect(
        name,
        array,
        f"{ndim} {'axis' if ndim == 1 else 'axes'}",
        array.ndim == ndim,
        "an example is a row (1, D), a batch is N rows"
        if name not in ("W1", "b1", "W2", "b2")
        else "weights are matrices and biases are vectors",
    )
    if not np.isfinite(array).all():
        index = tuple(int(i) for i in np.argwhere(~np.isfinite(array))[0])
        raise ValueError(
            f"{name} has {array[index]} at index {index}, expected finite numbers, because "
            "one nan or inf spreads to every gradient"
        )


def expect(name: str, array: Array, wanted: str, fits: bool, because: str) -> None:
    """Raise the ValueError that says what `name` has, what was wanted and why, unless it fits."""
    if not fits:
        raise ValueError(f"{name} has shape {array.shape}, expected {wanted}, because {because}")
