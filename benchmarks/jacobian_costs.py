"""Time and memory of ∂J/∂W1 for one row, by dense Jacobians and without them."""

from collections.abc import Callable
from functools import reduce

import numpy as np
from tqdm import tqdm

from benchmarks.gradient import peak
from benchmarks.turns import seconds
from mlp_lib.arguments import Array
from mlp_lib.gradient_check import assert_same
from mlp_lib.jacobians import chain, contract, dh_dz1, dJ_dyhat, dyhat_dz2, dz1_dW1, dz2_dh
from mlp_lib.network import Forward, Parameters, forward, initialise

D_x, D_y = 256, 10
H_SIZES = (16, 32, 64, 128, 256, 512)
ROUNDS = 5


def left_to_right(parameters: Parameters, x: Array, y: Array, found: Forward) -> Array:
    """Multiply the dense factors as they are written: a row stays on the left all the way."""
    return chain(*factors(parameters, x, y, found))


def right_to_left(parameters: Parameters, x: Array, y: Array, found: Forward) -> Array:
    """Multiply the same factors from the other end: a third-order tensor all the way."""
    return reduce(lambda right, left: contract(left, right), factors(parameters, x, y, found)[::-1])


def contracted(parameters: Parameters, x: Array, y: Array, found: Forward) -> Array:
    """Compute the same gradient as network.py does, without a dense Jacobian."""
    dJ_dz2 = found.yhat - y
    dJ_dz1 = dJ_dz2 @ parameters.W2.T * found.h * (1 - found.h)
    return x.T @ dJ_dz1


def factors(parameters: Parameters, x: Array, y: Array, found: Forward) -> list[Array]:
    """Return the dense Jacobians from J to W1, outermost first."""
    return [
        dJ_dyhat(y, found.yhat),
        dyhat_dz2(found.yhat),
        dz2_dh(parameters.W2),
        dh_dz1(found.h),
        dz1_dW1(x, found.h.size),
    ]


WAYS = {
    "left to right": left_to_right,
    "right to left": right_to_left,
    "contracted": contracted,
}


def measure() -> list[dict]:
    """Measure each H: median seconds and peak bytes of each way, the ways in turn."""
    return [measure_size(H) for H in tqdm(H_SIZES, desc="Jacobians", unit="size")]


def measure_size(H: int) -> dict:
    """Measure one H, after a check that all three ways give one gradient."""
    rng = np.random.default_rng(0)
    parameters = initialise(rng, D_x, H, D_y)
    x, y = rng.normal(size=(1, D_x)), rng.dirichlet(np.ones(D_y), size=1)
    found = forward(parameters, x)
    steps = {name: step_of(way, parameters, x, y, found) for name, way in WAYS.items()}
    for name, step in steps.items():
        assert_same(step(), steps["contracted"](), name)
    calls = {name: max(1, round(0.05 / seconds(step, 1))) for name, step in steps.items()}
    times = {name: [] for name in steps}
    for _ in range(ROUNDS):
        for name, step in steps.items():
            times[name].append(seconds(step, calls[name]))
    return {
        "H": H,
        "D_x": D_x,
        "D_y": D_y,
        "seconds": {name: float(np.median(values)) for name, values in times.items()},
        "bytes": {name: peak(step) for name, step in steps.items()},
    }


def step_of(way: Callable[..., Array], *arguments: object) -> Callable[[], Array]:
    """Return the way as a function without arguments."""
    return lambda: way(*arguments)
