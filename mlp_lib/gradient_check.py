"""Numerical Jacobians, and an assertion that tells a wrong derivative from a right one.

Nothing here knows the network: `f` is any function of one array. (Chapter: Gradient checking.)
"""

from collections.abc import Callable
from typing import Literal

import numpy as np

from mlp_lib.arguments import Array, check_array

# Relative errors that a right derivative stays under in float64, with a factor of about 100 to
# spare; every mistake that the book shows is at least 100 times larger.
TOLERANCE = {"central": 1e-7, "complex": 1e-11}
# The complex step subtracts nothing, so its step can be far below rounding.
COMPLEX_STEP = 1e-30


def numerical_jacobian(
    f: Callable[[Array], Array],
    x: Array,
    method: Literal["central", "complex"] = "central",
    step: float | None = None,
) -> Array:
    """Differentiate f at x, entry by entry: ∂f/∂x has shape(f) + shape(x), output axes first.

    central: (f(x + ε e) − f(x − ε e)) / 2ε, with ε the cube root of x's machine precision;
    complex: Im f(x + iε e) / ε, exact to rounding, for an f that is analytic and accepts complex x.
    Raises ValueError for another method, and TypeError where f drops the imaginary part.
    """
    if method not in TOLERANCE:
        raise ValueError(
            f"numerical_jacobian: method is {method!r}, expected 'central' or 'complex', "
            "because these are the two that are implemented"
        )
    check_array("x", x, np.ndim(x))
    if step is None:
        step = COMPLEX_STEP if method == "complex" else float(np.finfo(x.dtype).eps) ** (1 / 3)
    slope = complex_slope if method == "complex" else central_slope
    columns = [slope(f, x, index, step) for index in np.ndindex(x.shape)]
    return np.stack(columns, axis=-1).reshape(columns[0].shape + x.shape)


def central_slope(f: Callable[[Array], Array], x: Array, index: tuple, step: float) -> Array:
    """(f(x + ε e) − f(x − ε e)) / 2ε, where e is 1 at `index` and 0 elsewhere."""
    above, below = x.copy(), x.copy()
    above[index] += step
    below[index] -= step
    # The distance that was really stepped: x + ε is rounded.
    return np.asarray((f(above) - f(below)) / (above[index] - below[index]))


def complex_slope(f: Callable[[Array], Array], x: Array, index: tuple, step: float) -> Array:
    """Im f(x + iε e) / ε, where e is 1 at `index` and 0 elsewhere."""
    shifted = x.astype(complex)
    shifted[index] += 1j * step
    value = np.asarray(f(shifted))
    if not np.iscomplexobj(value):
        raise TypeError(
            "numerical_jacobian: f returned real numbers for a complex x, expected complex "
            "ones, because the complex step reads the derivative off the imaginary part"
        )
    return value.imag / step


def row_layout(jacobian: Array) -> Array:
    """Drop the axes of length 1, the row axes of a single example; a gradient stays a row (1, D).

    So (1, D_y, 1, H) becomes (D_y, H), and (1, D_y) stays as it is. Every size must exceed 1.
    """
    dropped = np.squeeze(jacobian)
    return dropped if dropped.ndim > 1 else dropped.reshape(1, -1)


def assert_jacobian(
    claimed: Array,
    f: Callable[[Array], Array],
    x: Array,
    name: str = "Jacobian",
    method: Literal["central", "complex"] = "central",
) -> None:
    """Compare a claimed ∂f/∂x with the numerical one, without row axes if the claim has none.

    Raises AssertionError as `assert_same` does.
    """
    numerical = numerical_jacobian(f, x, method)
    laid_out, shape = row_layout(numerical), np.shape(claimed)
    # A vector is made a row only where a row is claimed: another claim is told the vector's shape.
    if numerical.shape != shape and (numerical.ndim > 1 or laid_out.shape == shape):
        numerical = laid_out
    assert_same(claimed, numerical, name, TOLERANCE[method])


def assert_same(
    claimed: Array, expected: Array, name: str = "array", tolerance: float = TOLERANCE["central"]
) -> None:
    """Compare shapes first, then values: max |claimed − expected| ≤ tolerance · max |expected|.

    Raises AssertionError that gives both shapes, or the worst index with both values, and the
    likely cause.
    """
    claimed, expected = np.asarray(claimed), np.asarray(expected)
    if claimed.shape != expected.shape:
        raise AssertionError(
            f"{name}: shape {claimed.shape}, expected {expected.shape}"
            f"{likely_cause(claimed, expected, tolerance)}"
        )
    difference = np.abs(claimed - expected)
    # Written so that a nan anywhere fails too.
    if not (difference <= tolerance * np.abs(expected).max(initial=0.0)).all():
        worst = np.nan_to_num(difference, nan=np.inf)
        # The first of those that are equal but for rounding, so that every machine names the same.
        largest = worst >= worst.max() * (1 - TOLERANCE["central"])
        index = np.unravel_index(largest.argmax(), worst.shape)
        at = tuple(int(i) for i in index)
        raise AssertionError(
            f"{name}: at index {at} it is {claimed[index]:.6g}, expected "
            f"{expected[index]:.6g}{likely_cause(claimed, expected, tolerance)}"
        )


def likely_cause(claimed: Array, expected: Array, tolerance: float) -> str:
    """Name what one change would make `claimed` equal to `expected`, or return an empty string."""
    scale = tolerance * np.abs(expected).max(initial=0.0)

    def same(a: Array) -> bool:
        return a.shape == expected.shape and bool((np.abs(a - expected) <= scale).all())

    if not np.isfinite(claimed).all():
        return "; it holds nan or inf: look for an overflow, or a division by 0"
    if claimed.ndim == 2 and same(claimed.T):
        return "; it is the transpose of what is expected"
    if claimed.size == expected.size and same(claimed.reshape(expected.shape)):
        return "; the values are right and only the shape differs"
    if claimed.shape != expected.shape:
        return (
            "; look for a missing product or transpose, or a sum that is missing or goes over the "
            "wrong axis"
        )
    if same(-claimed):
        return "; the sign is flipped"
    # Where all that is expected is 0, no factor leads there.
    square = float(np.vdot(expected, expected).real)
    factor = float(np.vdot(expected, claimed).real) / square if square else 0.0
    if factor and same(claimed / factor):
        return f"; it is {factor:.6g} times what is expected: look for N, 1/N or a 2"
    return (
        "; right shape, wrong value: look for a factor that is missing, misplaced or one too many, "
        "a reshape, or a mean where a sum belongs"
    )
