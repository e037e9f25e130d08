"""The workspace against the plain form of network.py, and its promises about memory."""

import re
import tracemalloc

import numpy as np
import pytest

from mlp_lib.gradient_check import assert_same
from mlp_lib.network import Parameters, gradients, initialise, loss, one_hot
from mlp_lib.workspace import Workspace

D_x, H, D_y, N = 4, 5, 3, 7
# Of the largest entry; the two forms round in another order.
ROUNDING = {np.float32: 1e-5, np.float64: 1e-13}
NAMES = ("dJ_dW1", "dJ_db1", "dJ_dW2", "dJ_db2")


def example(N=N, dtype=np.float64, sizes=(D_x, H, D_y)):
    rng = np.random.default_rng(3)
    parameters = initialise(rng, *sizes, dtype)
    x = rng.normal(size=(N, sizes[0])).astype(dtype)
    return parameters, x, rng.dirichlet(np.ones(sizes[2]), size=N).astype(dtype)


def assert_as_plain(workspace, parameters, x, y, reduction):
    J, found = workspace.loss_and_gradients(parameters, x, y, reduction)
    rounding = ROUNDING[x.dtype.type]
    assert_same(J, loss(parameters, x, y, reduction), "J", rounding)
    plain = gradients(parameters, x, y, reduction)
    for name, array in zip(NAMES, found, strict=True):
        assert_same(array, getattr(plain, name), name, rounding)
    assert {J.dtype, *(array.dtype for array in found)} == {x.dtype}


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("reduction", ["mean", "sum"])
@pytest.mark.parametrize("rows", [1, 2, N])
def test_it_is_the_plain_form(rows, reduction, dtype):
    case = example(rows, dtype)
    assert_as_plain(Workspace(rows, D_x, H, D_y, dtype), *case, reduction)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_it_is_the_plain_form_at_larger_sizes_and_with_one_hot_rows(dtype):
    sizes = (20, 64, 10)
    parameters, x, _ = example(32, dtype, sizes)
    y = one_hot(np.arange(32) % 10, 10).astype(dtype)
    assert_as_plain(Workspace(32, *sizes, dtype), parameters, x, y, "mean")


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("reduction", ["mean", "sum"])
def test_logits_of_ten_thousand_neither_overflow_nor_vanish(reduction, dtype):
    parameters, x, _ = example(dtype=dtype)
    far = parameters._replace(
        W1=parameters.W1 * dtype(1e4), b2=np.array([1e4, -1e4, 0], dtype), W2=parameters.W2 * 100
    )
    y = one_hot([0, 1, 2, 0, 1, 2, 1], D_y).astype(dtype)
    workspace = Workspace(N, D_x, H, D_y, dtype)
    assert_as_plain(workspace, far, x, y, reduction)
    assert workspace.loss_and_gradients(far, x, y, reduction)[0] > 1e4


def test_nothing_is_left_over_from_the_step_before():
    parameters, x, y = example()
    workspace = Workspace(N, D_x, H, D_y)
    other = parameters._replace(W1=parameters.W1 * -3)
    first = [array.copy() for array in workspace.loss_and_gradients(parameters, x, y)[1]]
    workspace.loss_and_gradients(other, x, y, "sum")
    assert_as_plain(workspace, other, x, y, "mean")
    _, again = workspace.loss_and_gradients(parameters, x, y)
    for before, after in zip(first, again, strict=True):
        np.testing.assert_array_equal(before, after)


def test_it_changes_none_of_its_arguments():
    parameters, x, y = example()
    before = [array.copy() for array in (*parameters, x, y)]
    Workspace(N, D_x, H, D_y).loss_and_gradients(parameters, x, y)
    for array, copy in zip((*parameters, x, y), before, strict=True):
        np.testing.assert_array_equal(array, copy)


def test_fewer_rows_use_the_same_memory():
    parameters, x, y = example()
    workspace = Workspace(N, D_x, H, D_y)
    part = workspace.rows(3)
    assert np.shares_memory(part.hidden, workspace.hidden)
    assert_as_plain(part, parameters, x[:3], y[:3], "mean")
    assert_as_plain(workspace, parameters, x, y, "mean")
    assert_as_plain(workspace.rows(N), parameters, x, y, "sum")


def test_a_step_allocates_no_hidden_layer_and_the_workspace_holds_two():
    sizes, rows = (6, 500, 3), 300
    hidden = rows * 500 * 8
    parameters, x, y = example(rows, np.float64, sizes)
    gradients(parameters, x, y)
    tracemalloc.start()
    workspace = Workspace(rows, *sizes)
    held = tracemalloc.get_traced_memory()[0]
    tracemalloc.reset_peak()
    workspace.loss_and_gradients(parameters, x, y)
    step = tracemalloc.get_traced_memory()[1] - held
    tracemalloc.reset_peak()
    gradients(parameters, x, y)
    plain = tracemalloc.get_traced_memory()[1] - held
    tracemalloc.stop()
    assert 2 * hidden <= held < 2.2 * hidden
    assert step < 0.1 * hidden  # NumPy itself works through 64 KiB at a time
    # The measure sees what it should: the plain form holds more than two at once.
    assert plain > 3 * hidden


def test_every_buffer_is_needed_to_agree():
    """A wrong array in any place of the workspace shows up as another number."""
    parameters, x, y = example()
    for name in ("one", "half", "N", "ones", "ones_column"):
        workspace = Workspace(N, D_x, H, D_y)
        setattr(workspace, name, getattr(workspace, name) * 1.25)
        with pytest.raises(AssertionError):
            assert_as_plain(workspace, parameters, x, y, "mean")


@pytest.mark.parametrize(
    ("error", "text", "call"),
    [
        (ValueError, "Workspace: N is 0, expected", lambda w, p, x, y: Workspace(0, 4, 5, 3)),
        (ValueError, "Workspace: D_y is -1", lambda w, p, x, y: Workspace(7, 4, 5, -1)),
        (
            TypeError,
            "Workspace: dtype is int64, expected float32 or float64",
            lambda w, p, x, y: Workspace(7, 4, 5, 3, np.int64),
        ),
        (ValueError, "rows: N is 8, expected 1 to 7", lambda w, p, x, y: w.rows(8)),
        (ValueError, "rows: N is 0, expected 1 to 7", lambda w, p, x, y: w.rows(0)),
        (
            ValueError,
            "x has shape (6, 4), expected (7, 4)",
            lambda w, p, x, y: w.loss_and_gradients(p, x[1:], y[1:]),
        ),
        (
            ValueError,
            "W2 has shape (3, 5), expected (5, 3)",
            lambda w, p, x, y: w.loss_and_gradients(Parameters(p.W1, p.b1, p.W2.T, p.b2), x, y),
        ),
        (
            TypeError,
            "y is float32, expected float64",
            lambda w, p, x, y: w.loss_and_gradients(p, x, y.astype(np.float32)),
        ),
        (
            ValueError,
            "reduction is 'max'",
            lambda w, p, x, y: w.loss_and_gradients(p, x, y, "max"),
        ),
    ],
)
def test_what_does_not_fit_is_refused_with_the_reason(error, text, call):
    with pytest.raises(error, match=re.escape(text)):
        call(Workspace(N, D_x, H, D_y), *example())
