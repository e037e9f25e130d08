"""J and its parameter gradients as a sum over shards, on the machines of a Dask cluster.

The gradient of a sum of losses is the sum of the gradients, so each worker adds up those of its own
rows, and a tree adds up the workers' sums. Arrays are Dask arrays cut by rows; a chunk is read,
used and dropped, so that all of them together need not fit into any memory. (Chapter: Summing over
machines.)
"""

import logging
from collections.abc import Iterator
from concurrent.futures import CancelledError
from os import PathLike
from time import sleep
from typing import NamedTuple

import numpy as np

from mlp_lib.arguments import Array
from mlp_lib.network import Parameters, Reduction, divisor
from mlp_lib.workspace import ParameterGradients, Workspace

try:
    import dask.array as da
    from dask import delayed
    from dask.delayed import Delayed
    from distributed import Client, KilledWorker
except ImportError as error:
    raise ImportError(
        "mlp_lib.parallel needs Dask: pip install 'dask[array,distributed]'"
    ) from error

# How many sums one task of the tree adds.
FAN_IN = 4
# A shard is worked through in blocks of so many rows: the (N, H) buffers stay that small.
BLOCK = 1024
# How often a step starts again after every copy of its parameters died with the workers.
ATTEMPTS = 4
# Seconds before the next attempt: a new process has to start.
PAUSE = 1.0


class Total(NamedTuple):
    """What a shard sends up the tree: its rows, the sum of their losses and of their gradients."""

    N: int
    J: np.floating
    gradients: ParameterGradients


def connect(
    address: str | None = None, workers: int = 2, memory_limit: str | int = "auto"
) -> Client:
    """Connect to the scheduler at `address`, or start `workers` processes here, on 127.0.0.1.

    `memory_limit` is that of one started process, in bytes or as "1GiB". Closing the client stops
    the processes that it started. A scheduler runs what it is sent: give its address to nobody
    whose code you would not run.
    """
    if address is not None:
        return Client(address)
    return Client(
        n_workers=workers,
        threads_per_worker=1,
        memory_limit=memory_limit,
        host="127.0.0.1",
        dashboard_address="127.0.0.1:0",
        silence_logs=logging.CRITICAL,  # what fails in a step is raised by the step
    )


def from_npy(path: str | PathLike[str], rows: int) -> da.Array:
    """Return the matrix in a .npy file as a Dask array of chunks of `rows` rows.

    The file must be readable at that path on each worker. No chunk is read before it is needed.
    """
    if rows < 1:
        raise ValueError(f"from_npy: rows is {rows}, expected at least 1, or no chunk has a row")
    matrix = np.load(path, mmap_mode="r")
    if matrix.ndim != 2:
        raise ValueError(
            f"from_npy: {path} has shape {matrix.shape}, expected (N, D), because an example is a "
            "row"
        )
    N, D = matrix.shape
    chunks = [
        da.from_delayed(
            delayed(read_rows)(path, start, min(start + rows, N)),
            (min(rows, N - start), D),
            matrix.dtype,
        )
        for start in range(0, N, rows)
    ]
    return da.concatenate(chunks)


def read_rows(path: str | PathLike[str], start: int, stop: int) -> Array:
    """Copy rows start … stop−1 from the file; the rest of it is never read."""
    return np.array(np.load(path, mmap_mode="r")[start:stop])


def loss_and_gradients(
    client: Client, parameters: Parameters, x: da.Array, y: da.Array, reduction: Reduction = "mean"
) -> tuple[np.floating, ParameterGradients]:
    """Compute J and its parameter gradients over all rows of x (N, D_x) and y (N, D_y).

    Both are cut by rows, in the same places. The order of the sums depends on the chunks and not
    on the workers, so a step that lost a worker gives the same numbers.
    """
    return reduced(sum_of_shards(client, parameters, shards(x, y)), reduction)


def descend(
    client: Client,
    parameters: Parameters,
    x: da.Array,
    y: da.Array,
    learning_rate: float,
    epochs: int,
    chunks_per_step: int = 1,
) -> Iterator[tuple[np.floating, Parameters]]:
    """Train by W ← W − η ∂J/∂W; yield each step's J, the mean of its rows, and new parameters.

    A step takes the next `chunks_per_step` chunks, an epoch takes them all, in their order.
    """
    if chunks_per_step < 1:
        raise ValueError(
            f"descend: chunks_per_step is {chunks_per_step}, expected at least 1, or a step has "
            "no rows"
        )
    pairs = shards(x, y)
    for _ in range(epochs):
        for start in range(0, len(pairs), chunks_per_step):
            step = pairs[start : start + chunks_per_step]
            J, gradients = reduced(sum_of_shards(client, parameters, step), "mean")
            parameters = Parameters(
                *(
                    value - value.dtype.type(learning_rate) * gradient
                    for value, gradient in zip(parameters, gradients, strict=True)
                )
            )
            yield J, parameters


def shards(x: da.Array, y: da.Array) -> list[tuple[Delayed, Delayed]]:
    """Return the pairs of chunks of x and y; refuse arrays that are not cut by rows alike."""
    for name, array in {"x": x, "y": y}.items():
        if not isinstance(array, da.Array) or array.ndim != 2 or array.numblocks[1] != 1:
            got = array.chunks if isinstance(array, da.Array) else type(array).__name__
            raise ValueError(
                f"{name} has chunks {got}, expected a Dask array (N, D) cut by rows alone, because "
                f"a row is one example; {name}.rechunk({{1: -1}}) joins its columns"
            )
    if x.chunks[0] != y.chunks[0]:
        raise ValueError(
            f"y has chunks of {y.chunks[0]} rows, expected {x.chunks[0]} as x has, because a "
            "shard needs the labels of its own rows; y.rechunk((x.chunks[0], -1)) cuts it so"
        )
    return list(zip(x.to_delayed()[:, 0], y.to_delayed()[:, 0], strict=True))


def sum_of_shards(
    client: Client, parameters: Parameters, pairs: list[tuple[Delayed, Delayed]]
) -> Total:
    """Send the parameters to every worker once, and add up the shards' sums in a tree.

    What a dead worker had computed is computed again elsewhere. Only where every copy of the
    parameters is lost does the step start again. Raises RuntimeError after ATTEMPTS.
    """
    for _ in range(ATTEMPTS):
        try:
            return sum_once(client, parameters, pairs)
        except (KilledWorker, CancelledError, OSError) as error:  # OSError: a connection broke
            lost = error
            sleep(PAUSE)
    raise RuntimeError(
        f"sum_of_shards: every worker that held the parameters died, {ATTEMPTS} times in a row; "
        "look at the workers' memory limit and at the rows in a chunk"
    ) from lost


def sum_once(client: Client, parameters: Parameters, pairs: list[tuple[Delayed, Delayed]]) -> Total:
    """Take one attempt at the sum."""
    client.wait_for_workers(1)
    # In a list: scatter would send each entry of a tuple on its own.
    (everywhere,) = client.scatter([parameters], broadcast=True, hash=False)
    totals = [delayed(shard_total)(everywhere, x, y) for x, y in pairs]
    while len(totals) > 1:
        totals = [
            delayed(added)(totals[start : start + FAN_IN])
            for start in range(0, len(totals), FAN_IN)
        ]
    return client.compute(totals[0]).result()


def shard_total(parameters: Parameters, x: Array, y: Array) -> Total:
    """Add up the losses and the gradients of one shard's rows, a block at a time."""
    D_x, H = parameters.W1.shape
    space = Workspace(min(BLOCK, len(x)), D_x, H, y.shape[1], x.dtype)
    blocks = [slice(start, start + BLOCK) for start in range(0, len(x), BLOCK)]
    J, gradients = x.dtype.type(0), ParameterGradients(*map(np.zeros_like, parameters))
    for rows in blocks:
        part = space.rows(len(x[rows]))
        J_block, found = part.loss_and_gradients(parameters, x[rows], y[rows], "sum")
        J += J_block
        for total, block in zip(gradients, found, strict=True):
            total += block
    return Total(len(x), J, gradients)


def added(totals: list[Total]) -> Total:
    """Add a few totals, from left to right."""
    rows, losses, gradients = zip(*totals, strict=True)
    by_parameter = zip(*gradients, strict=True)
    return Total(sum(rows), sum(losses), ParameterGradients(*map(sum, by_parameter)))


def reduced(total: Total, reduction: Reduction) -> tuple[np.floating, ParameterGradients]:
    """Divide by the number of rows for "mean"."""
    by = divisor(reduction, total.N)
    return total.J / by, ParameterGradients(*(array / by for array in total.gradients))
