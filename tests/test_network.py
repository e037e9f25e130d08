"""The network against slow loops in plain Python, finite differences, and its own promises."""

import math
import re

import numpy as np
import pytest

from mlp_lib.gradient_check import assert_jacobian, assert_same, numerical_jacobian
from mlp_lib.network import (
    Parameters,
    cross_entropy,
    divisor,
    forward,
    gradients,
    initialise,
    log_softmax,
    loss,
    one_hot,
    sigmoid,
    softmax,
)

D_x, H, D_y, N = 4, 5, 3, 7


@pytest.fixture
def example():
    rng = np.random.default_rng(1)
    parameters = initialise(rng, D_x, H, D_y)
    return parameters, rng.normal(size=(N, D_x)), rng.dirichlet(np.ones(D_y), size=N)


def slow_forward(parameters, row):
    """One row by loops over floats, with each sum written out."""
    W1, b1, W2, b2 = (array.tolist() for array in parameters)
    z1 = [sum(row[i] * W1[i][j] for i in range(D_x)) + b1[j] for j in range(H)]
    h = [1 / (1 + math.exp(-z)) for z in z1]
    z2 = [sum(h[j] * W2[j][k] for j in range(H)) + b2[k] for k in range(D_y)]
    total = sum(math.exp(z) for z in z2)
    return z1, h, z2, [math.exp(z) / total for z in z2]


def slow_gradients(parameters, x, y, scale):
    """Every gradient by loops: one addition for each row and each path through the network."""
    W1, _, W2, _ = (array.tolist() for array in parameters)
    dz2, dh, dz1, dx = np.zeros((N, D_y)), np.zeros((N, H)), np.zeros((N, H)), np.zeros((N, D_x))
    dW1, db1, dW2, db2 = np.zeros((D_x, H)), np.zeros(H), np.zeros((H, D_y)), np.zeros(D_y)
    for n in range(N):
        _, h, _, yhat = slow_forward(parameters, x[n].tolist())
        for k in range(D_y):
            dz2[n, k] = scale * (yhat[k] - y[n, k])
            db2[k] += dz2[n, k]
        for j in range(H):
            for k in range(D_y):
                dW2[j, k] += h[j] * dz2[n, k]
                dh[n, j] += dz2[n, k] * W2[j][k]
            dz1[n, j] = dh[n, j] * h[j] * (1 - h[j])
            db1[j] += dz1[n, j]
            for i in range(D_x):
                dW1[i, j] += x[n, i] * dz1[n, j]
                dx[n, i] += dz1[n, j] * W1[i][j]
    return dz2, dW2, db2, dh, dz1, dW1, db1, dx


def test_forward_is_the_loop(example):
    parameters, x, _ = example
    rows = [slow_forward(parameters, row.tolist()) for row in x]
    for name, array, slow in zip(
        ("z1", "h", "z2", "yhat"), forward(parameters, x), zip(*rows, strict=True), strict=True
    ):
        assert_same(array, np.array(slow), name, 1e-12)


@pytest.mark.parametrize(("reduction", "scale"), [("mean", 1 / N), ("sum", 1.0)])
def test_gradients_are_the_loop(example, reduction, scale):
    found = gradients(*example, reduction)
    for name, array, slow in zip(
        found._fields, found, slow_gradients(*example, scale), strict=True
    ):
        assert_same(array, slow, name, 1e-12)


@pytest.mark.parametrize(("reduction", "scale"), [("mean", 1 / N), ("sum", 1.0)])
def test_loss_is_the_loop(example, reduction, scale):
    parameters, x, y = example
    J = 0.0
    for row, label in zip(x.tolist(), y.tolist(), strict=True):
        yhat = slow_forward(parameters, row)[3]
        J -= sum(label[k] * math.log(yhat[k]) for k in range(D_y))
    assert loss(parameters, x, y, reduction) == pytest.approx(scale * J, rel=1e-12)


def test_mean_is_the_default(example):
    assert loss(*example) == loss(*example, "mean")
    assert cross_entropy(example[2], forward(*example[:2]).z2) == loss(*example, "mean")
    assert_same(gradients(*example).dJ_dW1, gradients(*example, "mean").dJ_dW1)


@pytest.mark.parametrize("reduction", ["mean", "sum"])
@pytest.mark.parametrize("method", ["central", "complex"])
@pytest.mark.parametrize("name", ["W1", "b1", "W2", "b2"])
def test_parameter_gradients_are_the_numerical_ones(example, name, method, reduction):
    parameters, x, y = example
    claimed = getattr(gradients(*example, reduction), f"dJ_d{name}")
    value = getattr(parameters, name)

    def J(array):
        # The complex step reaches one parameter; the others stay real.
        return loss(parameters._replace(**{name: array}), x, y, reduction)

    assert_jacobian(claimed, J, value, f"dJ_d{name}", method)
    with pytest.raises(AssertionError, match=r"the sign is flipped"):
        assert_jacobian(-claimed, J, value, f"dJ_d{name}", method)


def test_gradient_of_x_is_the_numerical_one(example):
    parameters, x, y = example
    assert_jacobian(gradients(*example).dJ_dx, lambda a: loss(parameters, a, y), x, "dJ_dx")


def test_a_batch_is_the_sum_of_its_rows(example):
    parameters, x, y = example
    batch = gradients(parameters, x, y, "sum")
    rows = [gradients(parameters, x[[n]], y[[n]], "sum") for n in range(N)]
    for name in ("dJ_dW1", "dJ_db1", "dJ_dW2", "dJ_db2"):
        added = sum(getattr(row, name) for row in rows)
        assert_same(getattr(batch, name), added, name, 1e-12)
    for name in ("dJ_dz2", "dJ_dh", "dJ_dz1", "dJ_dx"):
        stacked = np.concatenate([getattr(row, name) for row in rows])
        assert_same(getattr(batch, name), stacked, name, 1e-12)


def test_float32_stays_float32(example):
    single = np.float32
    parameters = initialise(np.random.default_rng(1), D_x, H, D_y, single)
    x, y = (array.astype(single) for array in example[1:])
    found = (*parameters, *forward(parameters, x), *gradients(parameters, x, y))
    assert {array.dtype for array in found} == {np.dtype(single)}
    assert loss(parameters, x, y).dtype == single


def test_logits_of_ten_thousand_neither_overflow_nor_vanish():
    z = np.array([[1e4, -1e4, 0.0]])
    np.testing.assert_array_equal(sigmoid(z), [[1.0, 0.0, 0.5]])
    np.testing.assert_array_equal(softmax(z), [[1.0, 0.0, 0.0]])
    np.testing.assert_array_equal(log_softmax(z), [[0.0, -2e4, -1e4]])
    assert cross_entropy(np.array([[0.0, 1.0, 0.0]]), z) == 2e4
    assert cross_entropy(np.array([[1.0, 0.0, 0.0]]), z) == 0.0


def test_known_digits():
    # σ(0.5) and softmax(0, 1, 2), from Python's decimal module at 30 digits.
    assert sigmoid(np.array([0.5]))[0] == pytest.approx(0.6224593312018546, rel=1e-14)
    expected = [0.09003057317038046, 0.24472847105479765, 0.66524095577482189]
    assert softmax(np.array([[0.0, 1.0, 2.0]]))[0] == pytest.approx(expected, rel=1e-14)


def test_each_row_has_its_own_maximum():
    z = np.array([[1e4, 1e4], [-1e4, -1e4]])
    np.testing.assert_allclose(softmax(z), np.full((2, 2), 0.5), rtol=1e-15)
    np.testing.assert_allclose(log_softmax(z), np.full((2, 2), -math.log(2)), rtol=1e-11)


def test_complex_numbers_pass_through_the_whole_network(example):
    parameters, x, _ = example
    W1 = parameters.W1
    by_complex_step = numerical_jacobian(
        lambda a: forward(parameters._replace(W1=a), x).yhat, W1, "complex"
    )
    by_differences = numerical_jacobian(lambda a: forward(parameters._replace(W1=a), x).yhat, W1)
    assert by_complex_step.shape == (N, D_y, D_x, H)
    assert_same(by_differences, by_complex_step)


def test_initialise_stays_within_glorot_s_bounds_and_fills_them():
    parameters = initialise(np.random.default_rng(0), 40, 50, 30)
    shapes = [array.shape for array in parameters]
    assert shapes == [(40, 50), (50,), (50, 30), (30,)]
    for array, bound in zip(parameters, np.sqrt([6 / 90, 6 / 90, 6 / 80, 6 / 80]), strict=True):
        assert 0.85 * bound < np.abs(array).max() <= bound
        assert array.min() < 0 < array.max()
        assert np.all(array != 0)


def test_one_hot():
    np.testing.assert_array_equal(one_hot([2, 0], 3), [[0, 0, 1], [1, 0, 0]])


def test_divisor():
    assert (divisor("mean", N), divisor("sum", N)) == (N, 1)


def wrong_label_sum(parameters, x, y):
    return gradients(parameters, x, 2 * y)


@pytest.mark.parametrize(
    ("text", "call"),
    [
        ("y: row 0 sums to 2, expected 1", wrong_label_sum),
        ("y has shape (7, 2), expected (N, D_y) = (7, 3)", lambda p, x, y: loss(p, x, y[:, :2])),
        ("one_hot(y, D_y) makes them", lambda p, x, y: gradients(p, x, np.arange(N))),
        ("reduction is 'max', expected 'mean' or 'sum'", lambda p, x, y: loss(p, x, y, "max")),
        ("x has shape (7, 3), expected (N, D_x) = (7, 4)", lambda p, x, y: forward(p, x[:, 1:])),
        ("D_x is 0, expected at least 1", lambda p, x, y: initialise(None, 0, H, D_y)),
        ("H is -1, expected at least 1", lambda p, x, y: initialise(None, D_x, -1, D_y)),
        ("D_y is 0, expected at least 1", lambda p, x, y: initialise(None, D_x, H, 0)),
        ("labels run from 0 to 3, expected 0 to 2", lambda p, x, y: one_hot([0, 3], 3)),
        ("labels run from -1 to 1, expected 0 to 2", lambda p, x, y: one_hot([-1, 1], 3)),
        ("shape (1, 2) and dtype int64", lambda p, x, y: one_hot(np.array([[0, 1]], "int64"), 3)),
        ("shape (1,) and dtype float64", lambda p, x, y: one_hot([0.0], 3)),
        (
            "W2 has shape (3, 5), expected (H, D_y) = (5, 5)",
            lambda p, x, y: forward(Parameters(p.W1, p.b1, p.W2.T, p.b1), x),
        ),
    ],
)
def test_what_does_not_fit_is_refused_with_the_reason(example, text, call):
    with pytest.raises(ValueError, match=re.escape(text)):
        call(*example)
