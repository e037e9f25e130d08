"""The check itself: it passes what is right, and each mistake fails with its likely cause."""

import re

import numpy as np
import pytest

from mlp_lib.gradient_check import (
    TOLERANCE,
    assert_jacobian,
    assert_same,
    likely_cause,
    numerical_jacobian,
    row_layout,
)

A = np.array([[0.5, -1.25, 2.0], [1.5, 0.75, -0.5]])
x = np.array([[0.3, -0.7]])


def linear(row):
    return row @ A


@pytest.mark.parametrize("method", TOLERANCE)
def test_a_linear_function_has_its_matrix(method):
    jacobian = numerical_jacobian(linear, x, method)
    assert jacobian.shape == (1, 3, 1, 2)
    for k, i in np.ndindex(3, 2):
        assert jacobian[0, k, 0, i] == pytest.approx(A[i, k], rel=1e-9)


@pytest.mark.parametrize("method", TOLERANCE)
def test_a_product_has_both_terms(method):
    # f(a, b) = (a² b, a + b³) at (0.3, −0.7): by hand, [[2ab, a²], [1, 3b²]].
    def f(v):
        return np.stack([v[0] ** 2 * v[1], v[0] + v[1] ** 3])

    expected = np.array([[-0.42, 0.09], [1.0, 1.47]])
    assert_same(numerical_jacobian(f, x[0], method), expected, "f", 1e-8)


def test_a_scalar_function_has_the_shape_of_its_argument():
    assert numerical_jacobian(lambda a: (a**2).sum(), A).shape == A.shape


def test_the_step_is_used_and_the_argument_is_left_alone():
    before = x.copy()
    # (x + ε)³ − (x − ε)³ over 2ε is 3x² + ε²: with ε = 0.1, too large by 0.01.
    slope = numerical_jacobian(lambda a: a**3, x[0, :1], step=0.1)
    assert slope[0, 0] == pytest.approx(3 * 0.3**2 + 0.01, rel=1e-9)
    np.testing.assert_array_equal(x, before)


def test_row_layout_drops_ones_and_keeps_a_gradient_a_row():
    assert row_layout(np.ones((1, 3, 1, 2))).shape == (3, 2)
    assert row_layout(np.ones((1, 3))).shape == (1, 3)
    assert row_layout(np.ones(3)).shape == (1, 3)


def test_assert_jacobian_takes_both_layouts():
    assert_jacobian(A.T, linear, x)
    assert_jacobian(A.T[None, :, None, :], linear, x, method="complex")


@pytest.mark.parametrize("method", TOLERANCE)
def test_an_error_just_above_the_tolerance_fails_and_below_passes(method):
    almost = A.T.copy()
    almost[0, 0] += 0.2 * TOLERANCE[method]
    assert_jacobian(almost, linear, x, method=method)
    almost[0, 0] += 4 * TOLERANCE[method]
    with pytest.raises(AssertionError, match=r"at index \(0, 0\)"):
        assert_jacobian(almost, linear, x, method=method)


@pytest.mark.parametrize(
    ("text", "claimed"),
    [
        ("J: shape (2, 3), expected (3, 2); it is the transpose of what is expected", A),
        ("(2, 3), expected (3, 2); the values are right and only", A.T.reshape(2, 3)),
        ("(3, 3), expected (3, 2); look for a missing product or transpose", np.ones((3, 3))),
        ("J: at index (2, 0) it is -2, expected 2; the sign is flipped", -A.T),
        ("it is 7 times what is expected: look for N, 1/N or a 2", 7 * A.T),
        ("it is 0.5 times what is expected", A.T / 2),
        ("expected 2; right shape, wrong value: look for", np.where(A.T == 2, 9.0, A.T)),
        (
            "at index (1, 0) it is nan, expected -1.25; it holds nan",
            np.where(A.T < -1, np.nan, A.T),
        ),
        ("it is inf, expected 2; it holds nan or inf", np.where(A.T == 2, np.inf, A.T)),
        ("right shape, wrong value", np.zeros((3, 2))),
    ],
)
def test_each_mistake_fails_with_its_likely_cause(text, claimed):
    with pytest.raises(AssertionError, match=re.escape(text)):
        assert_jacobian(claimed, linear, x, "J")
    with pytest.raises(AssertionError, match=re.escape(text)):
        assert_same(claimed, A.T, "J")


@pytest.mark.parametrize("method", TOLERANCE)
def test_the_gradient_by_a_vector_is_expected_to_be_one(method):
    def total(vector):
        return (vector**3).sum()

    vector = np.array([0.5, -1.25, 2.0])
    right = 3 * vector**2
    assert_jacobian(right, total, vector, method=method)
    assert_jacobian(right[None], total, vector, method=method)
    said = r"expected \(3,\); look for .* a sum that is missing"
    for claimed in (np.stack([right, right]), right.sum(), np.ones(2)):
        with pytest.raises(AssertionError, match=said):
            assert_jacobian(claimed, total, vector, method=method)


def test_a_square_transpose_is_named():
    square = np.array([[1.0, 2.0], [3.0, 4.0]])
    with pytest.raises(AssertionError, match="it is the transpose"):
        assert_same(square.T, square)
    assert likely_cause(square.T, square, 1e-7) == "; it is the transpose of what is expected"


def test_of_equal_differences_the_first_is_named_whatever_the_rounding():
    expected = np.array([1.0, 1.0, 1.0])
    above = np.nextafter(3.0, 4.0)
    for claimed in ([1.0, 3.0, above], [1.0, above, 3.0]):
        with pytest.raises(AssertionError, match=r"at index \(1,\)"):
            assert_same(np.array(claimed), expected)
    with pytest.raises(AssertionError, match=r"at index \(2,\)"):
        assert_same(np.array([1.0, 3.0, 3.1]), expected)


def test_arrays_without_entries_are_the_same_if_their_shapes_are():
    assert_same(np.zeros((0, 2)), np.zeros((0, 2)))
    with pytest.raises(AssertionError, match=r"shape \(0, 2\), expected \(2, 0\)"):
        assert_same(np.zeros((0, 2)), np.zeros((2, 0)))


def test_zeros_expected_accept_only_zeros():
    assert_same(np.zeros(2), np.zeros(2))
    with pytest.raises(AssertionError, match="at index"):
        assert_same(np.array([0.0, 1e-300]), np.zeros(2))


def test_a_function_that_drops_the_imaginary_part_is_refused():
    with pytest.raises(TypeError, match="f returned real numbers for a complex x"):
        numerical_jacobian(np.abs, x, "complex")


@pytest.mark.parametrize(
    ("error", "text", "call"),
    [
        (ValueError, "method is 'forward'", lambda: numerical_jacobian(linear, x, "forward")),
        (TypeError, "x is dtype int64", lambda: numerical_jacobian(linear, x.astype("int64"))),
        (TypeError, "x is list", lambda: numerical_jacobian(linear, [[0.3, -0.7]])),
        (
            ValueError,
            "x has nan at index (0, 1)",
            lambda: numerical_jacobian(linear, x * [1, np.nan]),
        ),
    ],
)
def test_wrong_arguments_are_refused(error, text, call):
    with pytest.raises(error, match=re.escape(text)):
        call()


def test_a_tensor_with_its_axes_turned_round_is_no_transpose():
    tensor = np.arange(24.0).reshape(2, 3, 4)
    with pytest.raises(AssertionError) as failed:
        assert_same(tensor.T, tensor)
    assert "transpose of" not in str(failed.value)
