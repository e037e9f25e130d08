"""The time of one "J and its four parameter gradients", and the memory that it takes."""

import tracemalloc
from functools import partial

import numpy as np
from tqdm import tqdm

from benchmarks.contestants import CONTESTANTS, Step, textbook, workspace
from benchmarks.turns import Group
from mlp_lib.arguments import Array
from mlp_lib.network import Parameters, gradients, initialise, loss, one_hot

# N, D_x, H, D_y
SIZES = {
    "a": (1, 4, 5, 3),
    "b": (32, 20, 64, 10),
    "c": (128, 784, 256, 10),
    "d": (1024, 784, 1024, 10),
    "e": (4096, 1024, 4096, 1000),
}
# Rounds, and the seconds that one contestant takes in each.
EFFORT = {"a": (40, 0.01), "b": (40, 0.02), "c": (25, 0.03), "d": (11, 0.1), "e": (3, 0.0)}
AGREEMENT = {"float32": 2e-3, "float64": 1e-8}


def case(size: str, dtype: str) -> tuple:
    """Draw parameters, x and one-hot y of a size."""
    N, D_x, H, D_y = SIZES[size]
    rng = np.random.default_rng(0)
    parameters = initialise(rng, D_x, H, D_y, dtype)
    x = rng.normal(size=(N, D_x)).astype(dtype)
    return parameters, x, one_hot(rng.integers(D_y, size=N), D_y).astype(dtype)


def prepare(name: str, described: dict, threads: int) -> tuple[Step, list[float] | None]:
    """Prepare one contestant; return its step, and J with the gradients' sizes from a first one."""
    if name == "PyTorch":
        import torch

        torch.set_num_threads(threads)
    step = CONTESTANTS[name](*case(described["size"], described["dtype"]))
    found = step()
    if found is None:
        return step, None
    J, arrays = found
    return step, [float(J), *(float(np.linalg.norm(np.asarray(array))) for array in arrays)]


def measure(threads: tuple[int, ...], sizes: str, effort: float = 1.0) -> list[dict]:
    """Measure every size, dtype and number of threads, all contestants in turn."""
    rows = []
    bar = tqdm(total=len(threads) * len(sizes) * 2, unit="case")
    for count in threads:
        with Group("benchmarks.gradient", list(CONTESTANTS), count) as group:
            for size in sizes:
                for dtype in ("float32", "float64"):
                    bar.set_description(f"size {size}, {dtype}, threads: {count}")
                    rows.append(measure_case(group, size, dtype, effort))
                    bar.update()
    bar.close()
    return rows


def measure_case(group: Group, size: str, dtype: str, effort: float) -> dict:
    """Measure one case: seconds for one step, a list for each contestant, round by round."""
    summaries = {}
    for name in CONTESTANTS:
        summaries[name] = group.prepare(name, {"size": size, "dtype": dtype})
    assert_agreement(summaries, dtype)
    rounds, turn = EFFORT[size]
    rounds = max(3, round(rounds * effort))
    calls = dict.fromkeys(CONTESTANTS, 1)
    if turn:  # the larger sizes take one step a turn
        calls = {name: max(1, round(turn / group.measure(name, 3))) for name in CONTESTANTS}
    seconds = {name: [] for name in CONTESTANTS}
    for _ in range(rounds):
        for name in CONTESTANTS:
            seconds[name].append(group.measure(name, calls[name]))
    return {"size": size, "dtype": dtype, "threads": group.threads, "seconds": seconds}


def assert_agreement(summaries: dict[str, list[float] | None], dtype: str) -> None:
    """Refuse to compare times of contestants that compute different numbers."""
    expected = summaries["workspace"]
    for name, found in summaries.items():
        if found is not None and not np.allclose(found, expected, rtol=AGREEMENT[dtype]):
            raise RuntimeError(f"{name} computes {found}, expected {expected}: J and four norms")


def measure_memory(sizes: str) -> list[dict]:
    """Measure the peak bytes of a step beside those of one (N, H) array, in float32."""
    rows = []
    for size in tqdm(sizes, desc="memory", unit="size"):
        parameters, x, y = case(size, "float32")
        step = workspace(parameters, x, y)
        rows.append(
            {
                "size": size,
                "one hidden array": len(x) * len(parameters.b1) * x.itemsize,
                "workspace, allocated once": peak(partial(workspace, parameters, x, y)),
                "workspace, one step": peak(step),
                "plain form, one step": peak(partial(plain, parameters, x, y)),
                "textbook, one step": peak(textbook(parameters, x, y)),
            }
        )
    return rows


def plain(parameters: Parameters, x: Array, y: Array) -> tuple:
    """Compute J and every gradient in the form that is read: network.py."""
    return loss(parameters, x, y), gradients(parameters, x, y)


def peak(call: Step) -> int:
    """Return the most bytes that NumPy and Python held at once during the call."""
    call()
    tracemalloc.start()
    result = call()
    found = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    del result
    return found
