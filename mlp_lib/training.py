"""Minibatch gradient descent: draw rows, ask for the gradients, take a step against them.

`descend` never changes parameters in place, so every set that it passes can be kept. Where the
gradients come from is an argument: any function of (parameters, x, y) that has the four.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from mlp_lib.arguments import Array, check_labels, check_parameters_and_input
from mlp_lib.network import Parameters, cross_entropy, forward, gradients
from mlp_lib.workspace import descend_in_place

# What it returns has at least dJ_dW1, dJ_db1, dJ_dW2 and dJ_db2, as `Gradients` has.
GradientFunction = Callable[[Parameters, Array, Array], Any]


class Curve(NamedTuple):
    """Loss and accuracy (epochs + 1,) on one set of examples; entry 0 is before the first step."""

    loss: Array
    accuracy: Array


class Training(NamedTuple):
    """The parameters after the last step, and one curve for each set that was watched."""

    parameters: Parameters
    curves: dict[str, Curve]


def train(
    parameters: Parameters,
    x: Array,
    y: Array,
    *,
    epochs: int,
    batch_size: int,
    learning_rate: float,
    rng: np.random.Generator,
    momentum: float = 0.0,
    watch: Mapping[str, tuple[Array, Array]] | None = None,
    gradient: GradientFunction | None = None,
    progress: bool = False,
) -> Training:
    """Descend for `epochs` passes over x (N, D_x) and y (N, D_y); record loss and accuracy.

    `watch` names pairs (x, y) to measure before the first step and after each epoch; by default it
    is {"training": (x, y)}, and {} measures nothing. Without a `gradient` the updates are those of
    `descend` with `gradients`, in one workspace: the same to rounding, and faster. `progress` draws
    a bar on stderr with tqdm.
    Raises what `descend` raises, the same for a watched pair, and ImportError without tqdm.
    (Chapter: Training it.)
    """
    check_examples(parameters, x, y)
    check_settings(len(x), epochs, batch_size, learning_rate, momentum, rng)
    in_place = gradient is None and x.dtype in (np.float32, np.float64)
    way = descend_in_place if in_place else partial(descend, gradient=gradient or gradients)
    updates = way(
        parameters,
        x,
        y,
        epochs=epochs,
        batch_size=batch_size,
        learning_rate=learning_rate,
        momentum=momentum,
        rng=rng,
    )
    watched = {"training": (x, y)} if watch is None else watch
    for name, pair in watched.items():
        check_examples(parameters, *pair, f"watch[{name!r}]: ")
    in_epoch = updates_in_epoch(len(x), batch_size)
    if progress:
        updates = progress_bar(updates, epochs * in_epoch)

    measured = {name: [measure(parameters, *pair)] for name, pair in watched.items()}
    for number, parameters in enumerate(updates, start=1):
        if number % in_epoch == 0:
            for name, pair in watched.items():
                measured[name].append(measure(parameters, *pair))
    curves = {name: Curve(*np.array(pairs).T) for name, pairs in measured.items()}
    return Training(parameters, curves)


def descend(
    parameters: Parameters,
    x: Array,
    y: Array,
    *,
    epochs: int,
    batch_size: int,
    learning_rate: float,
    rng: np.random.Generator,
    momentum: float = 0.0,
    gradient: GradientFunction = gradients,
) -> Iterator[Parameters]:
    """Yield the parameters after each update: `epochs` passes over the rows, in batches.

    Raises ValueError or TypeError, with the reason, for parameters, x or y that do not fit or have
    different dtypes, and for settings with which no descent is possible.
    """
    check_examples(parameters, x, y)
    check_settings(len(x), epochs, batch_size, learning_rate, momentum, rng)
    # As Python's own numbers they leave float32 arrays float32.
    learning_rate, momentum = float(learning_rate), float(momentum)

    def updates(parameters: Parameters) -> Iterator[Parameters]:
        velocity = Parameters(*(np.zeros_like(array) for array in parameters))
        for _ in range(epochs):
            for rows in minibatches(len(x), batch_size, rng):
                dJ = gradient(parameters, x[rows], y[rows])
                parameters, velocity = step(parameters, velocity, dJ, learning_rate, momentum)
                yield parameters

    return updates(parameters)


def step(
    parameters: Parameters,
    velocity: Parameters,
    dJ: Any,
    learning_rate: float,
    momentum: float = 0.0,
) -> tuple[Parameters, Parameters]:
    """Return the next parameters and velocity: V ← momentum · V + ∂J/∂W, W ← W − learning_rate · V.

    Without momentum V is the gradient, and the step is W ← W − learning_rate · ∂J/∂W. A velocity
    has the shapes of the parameters. (Chapter: Training it, equations eq-step and eq-momentum.)
    """
    W1, b1, W2, b2 = parameters
    V_W1, V_b1, V_W2, V_b2 = velocity

    V_W1 = momentum * V_W1 + dJ.dJ_dW1
    V_b1 = momentum * V_b1 + dJ.dJ_db1
    V_W2 = momentum * V_W2 + dJ.dJ_dW2
    V_b2 = momentum * V_b2 + dJ.dJ_db2

    W1 = W1 - learning_rate * V_W1
    b1 = b1 - learning_rate * V_b1
    W2 = W2 - learning_rate * V_W2
    b2 = b2 - learning_rate * V_b2
    return Parameters(W1, b1, W2, b2), Parameters(V_W1, V_b1, V_W2, V_b2)


def minibatches(N: int, batch_size: int, rng: np.random.Generator) -> Iterator[NDArray[np.integer]]:
    """Yield the indices 0 … N−1 in a new random order, `batch_size` at a time; the rest is last."""
    order = rng.permutation(N)
    for start in range(0, N, batch_size):
        yield order[start : start + batch_size]


def updates_in_epoch(N: int, batch_size: int) -> int:
    """Return how many batches N rows make, a last shorter one included: ⌈N / batch_size⌉."""
    return -(-N // batch_size)


def predict(parameters: Parameters, x: Array) -> NDArray[np.integer]:
    """Return the class (N,) of each row: where ŷ is largest, which is where z2 is."""
    return forward(parameters, x).z2.argmax(axis=1)


def measure(parameters: Parameters, x: Array, y: Array) -> tuple[np.inexact, np.floating]:
    """Return J, averaged over the rows, and the accuracy: the share of rows predicted as y says."""
    z2 = forward(parameters, x).z2
    return cross_entropy(y, z2), (z2.argmax(axis=1) == y.argmax(axis=1)).mean()


def progress_bar(updates: Iterable[Parameters], total: int) -> Iterator[Parameters]:
    """Pass the updates on and draw a bar on stderr meanwhile; raise ImportError without tqdm."""
    try:
        from tqdm import tqdm
    except ImportError as error:
        raise ImportError("progress=True needs tqdm: pip install tqdm") from error
    return iter(tqdm(updates, total=total, unit="update", bar_format="{l_bar}{bar:30}{r_bar}"))


def check_examples(parameters: Parameters, x: Array, y: Array, where: str = "") -> None:
    """Refuse x and y that do not fit the parameters or each other, or mix dtypes, and say why."""
    try:
        check_parameters_and_input(*parameters, x)
        check_labels(y, (len(x), parameters.W2.shape[1]))
    except (TypeError, ValueError) as error:
        raise type(error)(f"{where}{error}") from error
    dtype = parameters.W1.dtype
    for name, array in {**parameters._asdict(), "x": x, "y": y}.items():
        if array.dtype != dtype:
            raise TypeError(
                f"{where}{name} has dtype {array.dtype}, expected {dtype}, because W1 has it, and "
                "a mixture turns float32 parameters into float64 at the first step; "
                f"{name}.astype(W1.dtype) converts"
            )


def check_settings(
    N: int,
    epochs: int,
    batch_size: int,
    learning_rate: float,
    momentum: float,
    rng: np.random.Generator,
) -> None:
    """Refuse numbers with which no descent is possible, and an rng that is no Generator."""
    if not isinstance(rng, np.random.Generator):
        raise TypeError(
            f"rng is {type(rng).__name__}, expected a numpy.random.Generator, because it orders "
            "the rows; np.random.default_rng(0) makes the same order in each run"
        )
    for name, number in {"epochs": epochs, "batch_size": batch_size}.items():
        if not isinstance(number, int | np.integer):
            raise TypeError(
                f"{name} is {number!r}, expected a whole number, because it counts "
                f"{'passes over the rows' if name == 'epochs' else 'rows'}"
            )
    wanted = {
        "epochs": (epochs, epochs >= 1, "at least 1", "no epoch makes no update"),
        "batch_size": (
            batch_size,
            1 <= batch_size <= N,
            f"1 to N = {N}",
            f"each batch is drawn from the N = {N} rows of x without repetition",
        ),
        "learning_rate": (
            learning_rate,
            0 < learning_rate < np.inf,
            "a finite number above 0",
            "a step goes against the gradient, and 0 goes nowhere",
        ),
        "momentum": (
            momentum,
            0 <= momentum < 1,
            "0 up to but not including 1",
            "the velocity adds up momentum⁰ + momentum¹ + …, which is finite only below 1",
        ),
    }
    for name, (value, fits, range_, because) in wanted.items():
        if not fits:
            raise ValueError(f"{name} is {value}, expected {range_}, because {because}")
