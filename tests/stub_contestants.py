"""Contestants for the tests of the measuring processes."""

import os


def prepare(name, described, threads):
    1 / described["number"]
    summary = {"pid": os.getpid(), "threads": os.environ["OMP_NUM_THREADS"], **described}
    return (lambda: None), summary
