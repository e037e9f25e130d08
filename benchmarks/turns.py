"""Processes that measure in turn: A B C A B C …, so that a slow moment of the machine hits all.

Each contestant has a process of its own, with its own thread pool, and waits while another one
measures. The processes of one group may use the same `threads` cores.
"""

import multiprocessing
import os
import time
from collections.abc import Callable
from importlib import import_module
from multiprocessing.connection import Connection

THREAD_VARIABLES = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
# Threads of a pool go on spinning for a while after their last product.
PAUSE = 0.05


class Group:
    """One process for each name; `prepare` and `measure` speak to them one after the other."""

    def __init__(self, module: str, names: list[str], threads: int) -> None:
        context = multiprocessing.get_context("spawn")
        self.threads, self.pipes, self.processes = threads, {}, []
        before = {name: os.environ.get(name) for name in THREAD_VARIABLES}
        os.environ.update(dict.fromkeys(THREAD_VARIABLES, str(threads)))
        for name in names:
            self.pipes[name], theirs = context.Pipe()
            process = context.Process(
                target=serve, args=(theirs, module, name, threads), daemon=True
            )
            process.start()
            self.processes.append(process)
        for name, value in before.items():
            os.environ.pop(name) if value is None else os.environ.update({name: value})

    def __enter__(self) -> "Group":
        return self

    def __exit__(self, *exception: object) -> None:
        for pipe in self.pipes.values():
            pipe.send(("stop", None))
        for process in self.processes:
            process.join()

    def prepare(self, name: str, case: dict) -> object:
        """Let one contestant prepare a case; return what its `summary` of the first step says."""
        return self.ask(name, "prepare", case)

    def measure(self, name: str, calls: int) -> float:
        """Let one contestant take `calls` steps and return the seconds for one."""
        if self.threads > 1:
            time.sleep(PAUSE)
        return self.ask(name, "measure", calls)

    def ask(self, name: str, order: str, value: object) -> object:
        """Send an order to one process and return its answer."""
        self.pipes[name].send((order, value))
        kind, answer = self.pipes[name].recv()
        if kind == "error":
            raise RuntimeError(f"{name}: {answer}")
        return answer


def serve(pipe: Connection, module: str, name: str, threads: int) -> None:
    """Answer orders until "stop"; `module` has `prepare(name, case) -> (step, summary)`."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:threads])
    prepare = import_module(module).prepare
    step: Callable[[], object] | None = None
    while (order := pipe.recv())[0] != "stop":
        try:
            if order[0] == "prepare":
                step, answer = None, None  # the arrays of the case before go first
                step, answer = prepare(name, order[1], threads)
            else:
                answer = seconds(step, order[1])
            pipe.send(("answer", answer))
        except Exception as error:  # the measuring process must hear of every failure
            pipe.send(("error", repr(error)))


def seconds(step: Callable[[], object], calls: int) -> float:
    """Return the mean time of `calls` steps in a row."""
    start = time.perf_counter()
    for _ in range(calls):
        step()
    return (time.perf_counter() - start) / calls
