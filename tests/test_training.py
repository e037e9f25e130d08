"""Gradient descent: its steps by numerical gradients, its order, its record, what it refuses."""

import re
import subprocess
import sys

import numpy as np
import pytest

from mlp_lib import assert_same, gradients, initialise, loss, numerical_jacobian, one_hot
from mlp_lib.digits import load_digits
from mlp_lib.network import Parameters
from mlp_lib.training import (
    descend,
    measure,
    minibatches,
    predict,
    progress_bar,
    step,
    train,
    updates_in_epoch,
)

D_x, H, D_y, N = 4, 5, 3, 7


def settings(**changed):
    return {
        "epochs": 2,
        "batch_size": 3,
        "learning_rate": 0.5,
        "rng": np.random.default_rng(1),
        **changed,
    }


@pytest.fixture
def example():
    rng = np.random.default_rng(0)
    parameters = initialise(rng, D_x, H, D_y)
    return parameters, rng.normal(size=(N, D_x)), one_hot(rng.integers(D_y, size=N), D_y)


def numerical_gradients(parameters, x, y):
    def by(name):
        def J(value):
            return loss(parameters._replace(**{name: value}), x, y)

        return numerical_jacobian(J, getattr(parameters, name), "complex")

    return Parameters(*(by(name) for name in Parameters._fields))


def assert_same_parameters(found, expected):
    for name in Parameters._fields:
        assert_same(getattr(found, name), getattr(expected, name), name, 1e-12)


def test_one_step_is_the_update_by_hand():
    one = Parameters(*(np.full(2, value) for value in (1.0, 2.0, 3.0, 4.0)))
    velocity = Parameters(*(np.full(2, value) for value in (10.0, 20.0, 30.0, 40.0)))

    class Slopes:
        dJ_dW1, dJ_db1, dJ_dW2, dJ_db2 = (np.full(2, v) for v in (100.0, 200.0, 300.0, 400.0))

    # V = 0.5 · 10 + 100 = 105 and W = 1 − 0.25 · 105 = −25.25; the others are 2, 3 and 4 times it.
    parameters, velocity = step(one, velocity, Slopes, learning_rate=0.25, momentum=0.5)
    for k, name in enumerate(Parameters._fields, start=1):
        np.testing.assert_array_equal(getattr(velocity, name), [105.0 * k] * 2)
        np.testing.assert_array_equal(getattr(parameters, name), [-25.25 * k] * 2)


def test_one_epoch_of_one_batch_is_a_step_along_the_numerical_gradient(example):
    found = train(*example, **settings(epochs=1, batch_size=N, learning_rate=0.3)).parameters
    slopes = numerical_gradients(*example)
    expected = (W - 0.3 * dJ for W, dJ in zip(example[0], slopes, strict=True))
    assert_same_parameters(found, Parameters(*expected))


def test_momentum_keeps_a_part_of_the_step_before(example):
    parameters, x, y = example
    first = numerical_gradients(*example)
    once = Parameters(*(W - 0.3 * V for W, V in zip(parameters, first, strict=True)))
    second = numerical_gradients(once, x, y)
    velocity = [0.9 * V + dJ for V, dJ in zip(first, second, strict=True)]
    expected = Parameters(*(W - 0.3 * V for W, V in zip(once, velocity, strict=True)))

    two = settings(epochs=2, batch_size=N, learning_rate=0.3)
    assert_same_parameters(train(*example, **two, momentum=0.9).parameters, expected)
    with pytest.raises(AssertionError, match="right shape, wrong value"):
        assert_same_parameters(train(*example, **two).parameters, expected)


def test_the_loss_of_digits_falls_and_against_the_gradient_it_rises():
    (x, y, _), test = load_digits(np.float32)
    parameters = initialise(np.random.default_rng(0), 64, 20, 10, np.float32)
    watch = {"training": (x, y), "test": test[:2]}
    run = train(parameters, x, y, **settings(batch_size=50, epochs=3), watch=watch)
    for loss_of, accuracy in run.curves.values():
        assert (np.diff(loss_of) < 0).all()
        assert loss_of[-1] < 0.5 * loss_of[0]
        assert accuracy[0] < 0.2 < 0.6 < accuracy[-1]

    def uphill(*of):
        g = gradients(*of)
        return g._replace(
            **{f"dJ_d{name}": -getattr(g, f"dJ_d{name}") for name in parameters._fields}
        )

    run = train(parameters, x, y, **settings(batch_size=50, epochs=1), gradient=uphill)
    assert np.diff(run.curves["training"].loss) > 0


def test_the_record_is_what_was_measured(example):
    parameters, x, y = example
    few = x[:2], y[:2]
    run = train(*example, **settings(), watch={"all": (x, y), "few": few})
    passed = [parameters, *descend(*example, **settings())]
    ends = [passed[0], passed[3], passed[6]]
    assert_same_parameters(run.parameters, passed[-1])
    for name, pair in {"all": (x, y), "few": few}.items():
        pairs = np.array([measure(p, *pair) for p in ends])
        # `train` takes its steps in a workspace, which rounds in another order than `descend`.
        np.testing.assert_array_max_ulp(np.array(run.curves[name]).T, pairs, 16)
    assert list(train(*example, **settings()).curves) == ["training"]
    assert train(*example, **settings(), watch={}).curves == {}


def test_measure_and_predict(example):
    parameters, x, _ = example
    classes = predict(parameters, x)
    J, accuracy = measure(parameters, x, one_hot(classes, D_y))
    assert accuracy == 1
    assert loss(parameters, x, one_hot(classes, D_y)) == J
    classes[:2] = (classes[:2] + 1) % D_y
    assert measure(parameters, x, one_hot(classes, D_y))[1] == pytest.approx((N - 2) / N)


def test_every_row_comes_once_in_an_epoch_and_in_another_order_in_the_next():
    rng = np.random.default_rng(0)
    one, other = (list(minibatches(N, 3, rng)) for _ in range(2))
    assert [len(rows) for rows in one] == [3, 3, 1]
    assert len(one) == updates_in_epoch(N, 3)
    for epoch in (one, other):
        assert sorted(np.concatenate(epoch)) == list(range(N))
    assert np.concatenate(one).tolist() != np.concatenate(other).tolist()


@pytest.mark.parametrize(("rows", "size", "batches"), [(7, 3, 3), (6, 3, 2), (7, 7, 1), (7, 1, 7)])
def test_batches_in_an_epoch(rows, size, batches):
    assert updates_in_epoch(rows, size) == batches


def test_the_same_generator_gives_the_same_run(example):
    one, same = (train(*example, **settings()).parameters for _ in range(2))
    other = train(*example, **settings(rng=np.random.default_rng(2))).parameters
    for name in Parameters._fields:
        np.testing.assert_array_equal(getattr(one, name), getattr(same, name))
        assert (getattr(one, name) != getattr(other, name)).all()


def test_what_is_given_and_what_is_passed_stays_as_it_is(example):
    before = [array.copy() for array in (*example[0], *example[1:])]
    passed = list(descend(*example, **settings(), momentum=0.9))
    for array, copy in zip((*example[0], *example[1:]), before, strict=True):
        np.testing.assert_array_equal(array, copy)
    for number, parameters in enumerate(descend(*example, **settings(), momentum=0.9)):
        assert_same_parameters(passed[number], parameters)
    assert not np.shares_memory(passed[0].W1, passed[1].W1)


@pytest.mark.parametrize("number", [float, np.float32, np.float64])
def test_float32_stays_float32(example, number):
    parameters, x, y = example
    single = Parameters(*(array.astype(np.float32) for array in parameters))
    run = train(
        single,
        x.astype(np.float32),
        y.astype(np.float32),
        **settings(learning_rate=number(0.5), momentum=number(0.9)),
    )
    assert {array.dtype for array in run.parameters} == {np.dtype(np.float32)}
    double = train(*example, **settings(momentum=0.9)).parameters
    for array, expected in zip(run.parameters, double, strict=True):
        assert_same(array, expected, tolerance=1e-4)


@pytest.mark.parametrize("momentum", [0.0, 0.9])
def test_another_gradient_function_may_reuse_its_arrays(example, momentum):
    buffers = gradients(*example)

    def in_buffers(*of):
        for buffer, array in zip(buffers, gradients(*of), strict=True):
            if buffer.shape == array.shape:
                buffer[...] = array
        return buffers

    plain = train(*example, **settings(momentum=momentum)).parameters
    reused = train(*example, **settings(momentum=momentum), gradient=in_buffers).parameters
    assert_same_parameters(reused, plain)


def test_the_bar_counts_every_update_and_changes_nothing(example, capsys):
    plain = train(*example, **settings()).parameters
    assert capsys.readouterr() == ("", "")
    with_bar = train(*example, **settings(), progress=True).parameters
    assert_same_parameters(with_bar, plain)
    out, err = capsys.readouterr()
    assert out == ""
    assert "100%" in err
    assert "6/6" in err


def test_without_tqdm_only_the_bar_is_refused(example):
    program = """
import sys
sys.modules.update(dict.fromkeys(("tqdm", "matplotlib", "lark")))
import numpy as np
from mlp_lib import initialise
from mlp_lib.digits import load_digits
from mlp_lib.training import train
(x, y, _), _ = load_digits()
rng = np.random.default_rng(0)
of = initialise(rng, 64, 20, 10), x, y
run = train(*of, epochs=1, batch_size=500, learning_rate=0.5, rng=rng)
print(run.curves["training"].loss.shape)
train(*of, epochs=1, batch_size=500, learning_rate=0.5, rng=rng, progress=True)
"""
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert run.stdout == "(2,)\n"
    assert run.returncode == 1
    assert "ImportError: progress=True needs tqdm: pip install tqdm" in run.stderr


def test_the_bar_passes_everything_on(capsys):
    assert list(progress_bar(iter("abc"), 3)) == ["a", "b", "c"]
    assert "3/3" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("error", "text", "changed"),
    [
        (ValueError, "epochs is 0, expected at least 1, because no epoch", {"epochs": 0}),
        (TypeError, "epochs is 1.0, expected a whole number", {"epochs": 1.0}),
        (ValueError, "batch_size is 0, expected 1 to N = 7, because each", {"batch_size": 0}),
        (ValueError, "batch_size is 8, expected 1 to N = 7, because each", {"batch_size": 8}),
        (TypeError, "batch_size is 3.5, expected a whole number", {"batch_size": 3.5}),
        (ValueError, "learning_rate is 0, expected a finite", {"learning_rate": 0}),
        (ValueError, "learning_rate is -0.1, expected a finite", {"learning_rate": -0.1}),
        (ValueError, "learning_rate is nan, expected a finite", {"learning_rate": np.nan}),
        (ValueError, "learning_rate is inf, expected a finite", {"learning_rate": np.inf}),
        (ValueError, "momentum is 1, expected 0 up to but not", {"momentum": 1}),
        (ValueError, "momentum is -0.5, expected 0 up to but not", {"momentum": -0.5}),
        (TypeError, "rng is int, expected a numpy.random.Generator", {"rng": 0}),
    ],
)
def test_settings_without_descent_are_refused(example, error, text, changed):
    for run in (train, descend):
        with pytest.raises(error, match=re.escape(text)):
            run(*example, **settings(**changed))


@pytest.mark.parametrize(
    ("error", "text", "broken"),
    [
        (
            ValueError,
            "x has shape (7, 3), expected (N, D_x) = (7, 4)",
            lambda p, x, y: (p, x[:, 1:], y),
        ),
        (
            ValueError,
            "y has shape (6, 3), expected (N, D_y) = (7, 3)",
            lambda p, x, y: (p, x, y[1:]),
        ),
        (ValueError, "one_hot(y, D_y) makes them", lambda p, x, y: (p, x, y.argmax(axis=1))),
        (ValueError, "W2 has shape (3, 5)", lambda p, x, y: (p._replace(W2=p.W2.T), x, y)),
        (
            TypeError,
            "x has dtype float32, expected float64, because W1 has it",
            lambda p, x, y: (p, x.astype(np.float32), y),
        ),
        (
            TypeError,
            "b2 has dtype float32, expected float64",
            lambda p, x, y: (p._replace(b2=p.b2.astype(np.float32)), x, y),
        ),
        (
            TypeError,
            "y has dtype float32, expected float64",
            lambda p, x, y: (p, x, y.astype(np.float32)),
        ),
    ],
)
def test_examples_that_do_not_fit_are_refused(example, error, text, broken):
    for run in (train, descend):
        with pytest.raises(error, match=re.escape(text)):
            run(*broken(*example), **settings())


def test_a_watched_pair_that_does_not_fit_is_named(example):
    _, x, y = example
    with pytest.raises(ValueError, match=re.escape("watch['test']: y has shape (2, 3), expected")):
        train(*example, **settings(), watch={"training": (x, y), "test": (x, y[:2])})


def test_a_descent_that_diverges_says_where(example):
    def endless(*of):
        return gradients(*of)._replace(dJ_dW2=np.full((H, D_y), np.inf))

    with pytest.raises(ValueError, match="W2 has -inf at index"):
        train(*example, **settings(), gradient=endless)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("momentum", [0.0, 0.9])
@pytest.mark.parametrize("batch_size", [1, 3, N])
def test_in_the_workspace_it_is_the_same_descent(example, batch_size, momentum, dtype):
    parameters, x, y = example
    parameters = Parameters(*(array.astype(dtype) for array in parameters))
    x, y = x.astype(dtype), y.astype(dtype)
    before = [array.copy() for array in (*parameters, x, y)]

    def trained(**changed):
        return train(
            parameters, x, y, **settings(batch_size=batch_size, momentum=momentum, **changed)
        )

    plain, in_place = trained(gradient=gradients), trained()
    tolerance = 1e-4 if dtype == np.float32 else 1e-12
    for found, expected in zip(in_place.parameters, plain.parameters, strict=True):
        assert found.dtype == dtype
        assert_same(found, expected, "parameters", tolerance)
    for found, expected in zip(in_place.curves["training"], plain.curves["training"], strict=True):
        assert_same(found, expected, "curve", tolerance)
    other = trained(learning_rate=0.4).parameters.W1
    with pytest.raises(AssertionError):
        assert_same(other, plain.parameters.W1, "W1", tolerance)
    for array, copy in zip((*parameters, x, y), before, strict=True):
        np.testing.assert_array_equal(array, copy)


def test_a_gradient_of_one_s_own_is_used(example):
    asked = []

    def own(*arguments):
        asked.append(arguments)
        return gradients(*arguments)

    train(*example, **settings(gradient=own))
    assert len(asked) == 2 * updates_in_epoch(N, 3)


def test_complex_parameters_train_in_the_plain_form(example):
    numbers = [array.astype(complex) for array in (*example[0], *example[1:])]
    found = train(Parameters(*numbers[:4]), *numbers[4:], **settings(watch={}))
    assert found.parameters.W1.dtype == complex
    assert_same(found.parameters.W1.real, train(*example, **settings()).parameters.W1, "W1", 1e-12)
