"""Measure and store: `python -m benchmarks gradient training jacobians cluster house`.

Each name writes `benchmarks/results/NAME.json`: when and where it was measured, and its rows.
"""

import argparse
import json
import os
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.machine import describe

RESULTS = Path(__file__).with_name("results")


def gradient(options: argparse.Namespace) -> dict:
    """Measure one gradient, beside the peers, and its memory."""
    from benchmarks import gradient

    threads = tuple(count for count in (1, 2) if count <= (os.cpu_count() or 1))
    return {
        "rows": gradient.measure(threads, options.sizes, options.effort),
        "memory": gradient.measure_memory(options.sizes),
    }


def training(options: argparse.Namespace) -> dict:
    """Measure trainings on the digits, beside the peers."""
    from benchmarks import training

    return {"rows": training.measure()}


def jacobians(options: argparse.Namespace) -> dict:
    """Measure the dense chain against the contracted one."""
    from benchmarks import jacobian_costs

    return {"rows": jacobian_costs.measure()}


def cluster(options: argparse.Namespace) -> dict:
    """Measure the communication of a step on a cluster."""
    from benchmarks import cluster

    return {"rows": cluster.measure()}


def house(options: argparse.Namespace) -> dict:
    """Measure the project's own commands."""
    from benchmarks import house

    return {"rows": house.measure()}


MEASUREMENTS: dict[str, Callable[[argparse.Namespace], dict]] = {
    "gradient": gradient,
    "training": training,
    "jacobians": jacobians,
    "cluster": cluster,
    "house": house,
}


def main() -> None:
    """Take the measurements named on the command line, one after the other."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="+", choices=MEASUREMENTS)
    parser.add_argument("--sizes", default="abcde", help="of the gradient, some of abcde")
    parser.add_argument("--effort", type=float, default=1.0, help="factor on the rounds")
    options = parser.parse_args()
    for name in options.names:
        start = time.perf_counter()
        found = MEASUREMENTS[name](options)
        took = round(time.perf_counter() - start)
        text = json.dumps({"machine": describe(), "took_seconds": took, **found}, indent=1)
        (RESULTS / f"{name}.json").write_text(text + "\n", encoding="utf-8")
        print(f"{name}: {took} s")


if __name__ == "__main__":
    main()
