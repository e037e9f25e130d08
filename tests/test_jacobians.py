"""Each local Jacobian against the numerical one, loops over δ, and the whole chain."""

import re

import numpy as np
import pytest

from mlp_lib import jacobians
from mlp_lib.gradient_check import assert_jacobian, assert_same
from mlp_lib.network import forward, gradients, initialise, sigmoid, softmax

D_x, H, D_y = 4, 5, 3
RNG = np.random.default_rng(2)
PARAMETERS = initialise(RNG, D_x, H, D_y)
W1, b1, W2, b2 = PARAMETERS
X, Y = RNG.normal(size=(1, D_x)), RNG.dirichlet(np.ones(D_y), size=1)
Z1, h, Z2, YHAT = forward(PARAMETERS, X)

# name: the claim, the function of one array, and where it is differentiated.
LOCAL = {
    "dJ_dyhat": (jacobians.dJ_dyhat(Y, YHAT), lambda a: -(Y * np.log(a)).sum(), YHAT),
    "dyhat_dz2": (jacobians.dyhat_dz2(YHAT), softmax, Z2),
    "dz2_dh": (jacobians.dz2_dh(W2), lambda a: a @ W2 + b2, h),
    "dz2_dW2": (jacobians.dz2_dW2(h, D_y), lambda a: h @ a + b2, W2),
    "dz2_db2": (jacobians.dz2_db2(D_y), lambda a: h @ W2 + a, b2),
    "dh_dz1": (jacobians.dh_dz1(h), sigmoid, Z1),
    "dz1_dx": (jacobians.dz1_dx(W1), lambda a: a @ W1 + b1, X),
    "dz1_dW1": (jacobians.dz1_dW1(X, H), lambda a: X @ a + b1, W1),
    "dz1_db1": (jacobians.dz1_db1(H), lambda a: X @ W1 + a, b1),
}
TO_Z2 = (LOCAL["dJ_dyhat"][0], LOCAL["dyhat_dz2"][0])
TO_Z1 = (*TO_Z2, LOCAL["dz2_dh"][0], LOCAL["dh_dz1"][0])


@pytest.mark.parametrize("method", ["central", "complex"])
@pytest.mark.parametrize("name", LOCAL)
def test_each_is_the_numerical_one(name, method):
    claim, f, x = LOCAL[name]
    assert_jacobian(claim, f, x, name, method)
    with pytest.raises(AssertionError, match="the sign is flipped"):
        assert_jacobian(-claim, f, x, name, method)


@pytest.mark.parametrize("name", LOCAL)
def test_the_docstring_has_the_shape_of_the_array(name):
    sizes = {"1": 1, "D_x": D_x, "H": H, "D_y": D_y}
    first_line = getattr(jacobians, name).__doc__.splitlines()[0]
    axes = re.search(r"shape \(([^)]+)\)", first_line)[1].split(", ")
    assert LOCAL[name][0].shape == tuple(sizes[axis] for axis in axes)


def test_entries_are_the_loop_over_delta():
    yhat, x, hidden = YHAT[0].tolist(), X[0].tolist(), h[0].tolist()
    for k in range(D_y):
        assert LOCAL["dJ_dyhat"][0][0, k] == pytest.approx(-Y[0, k] / yhat[k], rel=1e-14)
        for i in range(D_y):
            expected = yhat[k] * ((k == i) - yhat[i])
            assert LOCAL["dyhat_dz2"][0][k, i] == pytest.approx(expected, rel=1e-13)
    for k, i, j in np.ndindex(H, D_x, H):
        assert LOCAL["dz1_dW1"][0][k, i, j] == (x[i] if k == j else 0)
    for k, i, j in np.ndindex(D_y, H, D_y):
        assert LOCAL["dz2_dW2"][0][k, i, j] == (hidden[i] if k == j else 0)
    for k, i in np.ndindex(H, H):
        expected = hidden[k] * (1 - hidden[k]) if k == i else 0
        assert LOCAL["dh_dz1"][0][k, i] == pytest.approx(expected, rel=1e-14)


@pytest.mark.parametrize(
    ("name", "factors"),
    [
        ("dJ_dz2", TO_Z2),
        ("dJ_dW2", (*TO_Z2, LOCAL["dz2_dW2"][0])),
        ("dJ_db2", (*TO_Z2, LOCAL["dz2_db2"][0])),
        ("dJ_dh", (*TO_Z2, LOCAL["dz2_dh"][0])),
        ("dJ_dz1", TO_Z1),
        ("dJ_dW1", (*TO_Z1, LOCAL["dz1_dW1"][0])),
        ("dJ_db1", (*TO_Z1, LOCAL["dz1_db1"][0])),
        ("dJ_dx", (*TO_Z1, LOCAL["dz1_dx"][0])),
    ],
)
def test_the_chain_of_dense_factors_is_the_gradient(name, factors):
    expected = getattr(gradients(PARAMETERS, X, Y), name)
    claim = jacobians.chain(*factors)
    # A bias has no row axis of its own; the chain's gradient of it is a row.
    assert_same(claim.reshape(expected.shape) if expected.ndim == 1 else claim, expected, name)


def test_chain_is_the_loop():
    left, right = RNG.normal(size=(2, H)), RNG.normal(size=(H, D_x, 3))
    slow = np.zeros((2, D_x, 3))
    for k, i, j, m in np.ndindex(2, D_x, 3, H):
        slow[k, i, j] += left[k, m] * right[m, i, j]
    assert_same(jacobians.chain(left, right), slow, "chain", 1e-13)
    assert_same(jacobians.chain(left[:1], right), slow[0], "chain", 1e-13)
    assert jacobians.chain(left[:1], right[:, :, 0]).shape == (1, D_x)


def test_float32_stays_float32():
    row = h.astype(np.float32)
    for jacobian in (jacobians.dz2_dW2(row, D_y), jacobians.dh_dz1(row), jacobians.dyhat_dz2(row)):
        assert jacobian.dtype == np.float32


@pytest.mark.parametrize(
    ("error", "text", "call"),
    [
        (ValueError, "chain: got no factors", lambda: jacobians.chain()),
        (
            ValueError,
            "a factor of shape (1, 5) meets one of shape (4, 3), expected 5 at the front",
            lambda: jacobians.chain(np.ones((1, 5)), np.ones((4, 3))),
        ),
        (
            ValueError,
            "x has shape (2, 4), expected (1, D), because a local Jacobian here is that of one",
            lambda: jacobians.dz1_dW1(np.ones((2, 4)), H),
        ),
        (ValueError, "h has shape (2, 5)", lambda: jacobians.dh_dz1(np.ones((2, 5)))),
        (ValueError, "h has shape (5,), expected 2", lambda: jacobians.dz2_dW2(np.ones(5), 3)),
        (ValueError, "yhat has shape (2, 3)", lambda: jacobians.dyhat_dz2(np.ones((2, 3)))),
        (
            ValueError,
            "y has shape (1, 3), expected (1, D_y) = (1, 2), because yhat has that shape",
            lambda: jacobians.dJ_dyhat(Y, YHAT[:, :2]),
        ),
        (ValueError, "y has shape (2, 3)", lambda: jacobians.dJ_dyhat(np.ones((2, 3)), YHAT)),
        (ValueError, "yhat has shape (2, 3)", lambda: jacobians.dJ_dyhat(Y, np.ones((2, 3)))),
        (ValueError, "W2 has shape (5,), expected 2", lambda: jacobians.dz2_dh(np.ones(5))),
        (TypeError, "W1 is list", lambda: jacobians.dz1_dx([[1.0]])),
    ],
)
def test_wrong_arguments_are_refused(error, text, call):
    with pytest.raises(error, match=re.escape(text)):
        call()


@pytest.mark.parametrize(
    ("text", "call"),
    [
        (
            "dz1_dW1: its shape (512, 784, 512) has 205,520,896 entries and would take 1.5 GiB",
            lambda: jacobians.dz1_dW1(np.ones((1, 784)), 512),
        ),
        ("dz2_dW2: its shape (700, 784, 700)", lambda: jacobians.dz2_dW2(np.ones((1, 784)), 700)),
        ("dyhat_dz2: its shape (20000, 20000)", lambda: jacobians.dyhat_dz2(np.ones((1, 20000)))),
        ("dh_dz1: its shape (20000, 20000)", lambda: jacobians.dh_dz1(np.ones((1, 20000)))),
        ("3.0 GiB in float64, expected at most 1 GiB", lambda: jacobians.dz2_db2(20000)),
        ("dz2_db2: its shape (20000, 20000)", lambda: jacobians.dz2_db2(20000)),
        ("dz1_db1: its shape (20000, 20000)", lambda: jacobians.dz1_db1(20000)),
        (
            "chain: its shape (9000, 100, 200) has 180,000,000 entries",
            lambda: jacobians.chain(np.ones((9000, 1)), np.ones((1, 100, 200))),
        ),
    ],
)
def test_what_would_not_fit_is_refused_before_it_is_built(text, call):
    with pytest.raises(ValueError, match=re.escape(text)):
        call()


def test_the_limit_counts_bytes(monkeypatch):
    row = np.ones((1, 4))
    monkeypatch.setattr(jacobians, "MOST_BYTES", 5 * 4 * 5 * 8 - 1)
    with pytest.raises(ValueError, match="dz1_dW1"):
        jacobians.dz1_dW1(row, 5)
    assert jacobians.dz1_dW1(row.astype(np.float32), 5).size == 100
    monkeypatch.setattr(jacobians, "MOST_BYTES", 5 * 4 * 5 * 8)
    assert jacobians.dz1_dW1(row, 5).size == 100
