"""What is refused, and the words in which it is refused."""

import re

import numpy as np
import pytest

from mlp_lib.arguments import check_array, check_labels, check_parameters_and_input

GOOD = {
    "W1": np.ones((4, 5)),
    "b1": np.ones(5),
    "W2": np.ones((5, 3)),
    "b2": np.ones(3),
    "x": np.ones((7, 4)),
}


def test_what_fits_is_accepted():
    check_parameters_and_input(**GOOD)
    check_labels(np.full((7, 4), 0.25), (7, 4))
    check_array("x", np.ones((1, 2), np.complex128), 2)


@pytest.mark.parametrize(
    ("name", "array", "text"),
    [
        ("W1", np.ones(4), "W1 has shape (4,), expected 2 axes, because weights are matrices"),
        ("b1", np.ones((1, 5)), "b1 has shape (1, 5), expected 1 axis, because weights"),
        ("x", np.ones(4), "x has shape (4,), expected 2 axes, because an example is a row (1, D)"),
        ("b1", np.ones(4), "b1 has shape (4,), expected (H,) = (5,), because W1 is"),
        ("W2", np.ones((4, 3)), "W2 has shape (4, 3), expected (H, D_y) = (5, 3), because W1 is"),
        ("b2", np.ones(5), "b2 has shape (5,), expected (D_y,) = (3,), because W2 is"),
        (
            "x",
            np.ones((7, 3)),
            "x has shape (7, 3), expected (N, D_x) = (7, 4), because W1 is (D_x, H) = (4, 5)",
        ),
        ("x", np.ones((0, 4)), "expected at least one row, because an empty batch has no loss"),
        ("x", np.full((7, 4), np.inf), "x has inf at index (0, 0), expected finite numbers"),
    ],
)
def test_what_does_not_fit_is_refused(name, array, text):
    with pytest.raises(ValueError, match=re.escape(text)):
        check_parameters_and_input(**{**GOOD, name: array})


@pytest.mark.parametrize(
    ("array", "text"),
    [
        (np.ones((7, 4), int), "x is dtype int64, expected a floating-point NumPy array"),
        ([[1.0]], "x is list, expected a floating-point NumPy array"),
        (1.0, "x = np.asarray(x, float) makes one"),
    ],
)
def test_what_is_no_float_array_is_refused(array, text):
    with pytest.raises(TypeError, match=re.escape(text)):
        check_parameters_and_input(**{**GOOD, "x": array})


@pytest.mark.parametrize(
    ("y", "text"),
    [
        (np.arange(7), "these look like class indices; expected rows (N, D_y) = (7, 2)"),
        (np.full((7, 3), 1 / 3), "y has shape (7, 3), expected (N, D_y) = (7, 2), because"),
        (np.full((7, 2), 0.6), "y: row 0 sums to 1.2, expected 1, because ∂J/∂z2 = ŷ − y holds"),
        (np.ones(7), "y has shape (7,), expected 2 axes, because an example is a row"),
    ],
)
def test_labels_that_do_not_fit_are_refused(y, text):
    with pytest.raises(ValueError, match=re.escape(text)):
        check_labels(y, (7, 2))


def test_the_first_wrong_row_of_labels_is_named_and_rounding_is_forgiven():
    y = np.full((7, 2), 0.5)
    y[3, 0] = 0.5005
    check_labels(y, (7, 2))
    y[4, 0] = 0.502
    with pytest.raises(ValueError, match=r"row 4 sums to 1\.002"):
        check_labels(y, (7, 2))
