"""What one step on a cluster costs beside its arithmetic: parameters down, gradients up.

A step over shards of a single row has next to no arithmetic, so its time is communication and
scheduling. It is measured for growing networks, on a cluster of two processes of one machine.
"""

import time

import dask.array as da
import numpy as np
from tqdm import tqdm

from mlp_lib.network import initialise, one_hot
from mlp_lib.parallel import connect, loss_and_gradients
from mlp_lib.workspace import Workspace

D_x, D_y = 784, 10
H_SIZES = (16, 64, 256, 1024)
WORKERS = 2
ROUNDS = 15
# A batch on which the arithmetic of a row is measured, in one process with one thread.
ROWS = 512


def measure() -> list[dict]:
    """Measure each H: median seconds of an almost empty step, and of one row's arithmetic."""
    with connect(workers=WORKERS) as client:
        return [measure_size(client, H) for H in tqdm(H_SIZES, desc="cluster", unit="size")]


def measure_size(client: object, H: int) -> dict:
    """Measure one H; the first step, which opens connections, is not counted."""
    rng = np.random.default_rng(0)
    parameters = initialise(rng, D_x, H, D_y)
    x, y = rng.normal(size=(ROWS, D_x)), one_hot(rng.integers(D_y, size=ROWS), D_y)
    x_rows, y_rows = (da.from_array(array[:WORKERS], chunks=(1, -1)) for array in (x, y))
    space = Workspace(ROWS, D_x, H, D_y)
    step, row = [], []
    for _ in range(ROUNDS + 1):
        step.append(seconds(lambda: loss_and_gradients(client, parameters, x_rows, y_rows)))
        row.append(seconds(lambda: space.loss_and_gradients(parameters, x, y)) / ROWS)
    return {
        "H": H,
        "D_x": D_x,
        "D_y": D_y,
        "workers": WORKERS,
        "parameters": sum(array.size for array in parameters),
        "seconds of an empty step": float(np.median(step[1:])),
        "seconds of a row": float(np.median(row[1:])),
    }


def seconds(call: object) -> float:
    """Return the time of one call."""
    start = time.perf_counter()
    call()
    return time.perf_counter() - start
