"""Gradients over a real cluster of two processes against those of one array on one machine."""

import os
import re
import signal
import subprocess
import sys
import time
from threading import Timer

import dask
import dask.array as da
import numpy as np
import psutil
import pytest

from mlp_lib import parallel
from mlp_lib.gradient_check import assert_same
from mlp_lib.network import Parameters, gradients, initialise, loss, one_hot
from mlp_lib.parallel import connect, descend, from_npy, loss_and_gradients

D_x, H, D_y, N = 4, 5, 3, 1100
CHUNK = 90  # the last one has 20 rows
NAMES = ("dJ_dW1", "dJ_db1", "dJ_dW2", "dJ_db2")


@pytest.fixture(scope="module", autouse=True)
def fork_workers():
    """Fork the workers from one process that has imported Dask: each would import it for itself."""
    with dask.config.set({"distributed.worker.multiprocessing-method": "forkserver"}):
        yield


@pytest.fixture(scope="module")
def client():
    with connect(workers=2, memory_limit="1GiB") as client:
        yield client


@pytest.fixture
def example():
    rng = np.random.default_rng(5)
    parameters = initialise(rng, D_x, H, D_y)
    return parameters, rng.normal(size=(N, D_x)), rng.dirichlet(np.ones(D_y), size=N)


def cut(*arrays, rows=CHUNK):
    return [da.from_array(array, chunks=(rows, -1)) for array in arrays]


def worker_pids(client):
    return sorted(client.run(os.getpid).values())


def slow_total(parameters, x, y):
    """A shard that takes long enough for its worker to die meanwhile."""
    time.sleep(0.2)
    return FAST(parameters, x, y)


FAST = parallel.shard_total


def plain_descent(parameters, x, y, learning_rate, epochs, rows):
    """The same steps on one machine, by the plain form."""
    losses = []
    for _ in range(epochs):
        for start in range(0, len(x), rows):
            batch = slice(start, start + rows)
            losses.append(loss(parameters, x[batch], y[batch]))
            found = gradients(parameters, x[batch], y[batch])
            parameters = Parameters(
                *(
                    value - learning_rate * getattr(found, name)
                    for value, name in zip(parameters, NAMES, strict=True)
                )
            )
    return losses, parameters


def test_the_cluster_is_two_processes_on_this_machine_alone(client):
    assert len(worker_pids(client)) == 2
    assert list(client.nthreads().values()) == [1, 1]
    assert os.getpid() not in worker_pids(client)
    listening = [
        connection.laddr.ip
        for pid in (os.getpid(), *worker_pids(client))
        for connection in psutil.Process(pid).net_connections("inet")
        if connection.status == psutil.CONN_LISTEN
    ]
    assert len(listening) >= 3
    assert set(listening) == {"127.0.0.1"}


@pytest.mark.parametrize("reduction", ["mean", "sum"])
@pytest.mark.parametrize("rows", [CHUNK, N, 1])
def test_it_is_the_gradient_of_one_machine(client, example, reduction, rows):
    parameters, x, y = example
    if rows == 1:
        x, y = x[:9], y[:9]
    J, found = loss_and_gradients(client, parameters, *cut(x, y, rows=rows), reduction)
    assert_same(J, loss(parameters, x, y, reduction), "J", 1e-12)
    plain = gradients(parameters, x, y, reduction)
    for name, array in zip(NAMES, found, strict=True):
        assert_same(array, getattr(plain, name), name, 1e-12)


def test_a_chunk_of_several_blocks_is_their_sum(monkeypatch, example):
    parameters, x, y = example
    whole = parallel.shard_total(parameters, x, y)
    monkeypatch.setattr(parallel, "BLOCK", 64)
    blocks = parallel.shard_total(parameters, x, y)
    assert blocks.N == whole.N == N
    for name, one, many in zip(NAMES, whole.gradients, blocks.gradients, strict=True):
        assert_same(many, one, name, 1e-12)


def test_training_is_that_of_one_machine(client, example):
    parameters, x, y = example
    losses, last = plain_descent(parameters, x, y, 0.5, 2, rows=3 * CHUNK)
    steps = list(descend(client, parameters, *cut(x, y), 0.5, 2, chunks_per_step=3))
    assert_same(np.array([J for J, _ in steps]), np.array(losses), "J", 1e-12)
    for name, found, expected in zip(last._fields, steps[-1][1], last, strict=True):
        assert_same(found, expected, name, 1e-12)


@pytest.mark.parametrize("killed", [1, 2])
def test_a_killed_worker_changes_no_number(monkeypatch, client, example, killed):
    parameters, x, y = example
    arrays = cut(x, y)
    undisturbed = [J for J, _ in descend(client, parameters, *arrays, 0.5, 1, 4)]
    monkeypatch.setattr(parallel, "shard_total", slow_total)
    before = worker_pids(client)
    losses = []
    killer = Timer(0.3, kill, [before[:killed]])  # while the second step computes
    for J, _ in descend(client, parameters, *arrays, 0.5, 1, 4):
        losses.append(J)
        if len(losses) == 1:
            killer.start()
    assert not killer.is_alive()
    # Equal to the last bit: the tree adds in one order, whoever computes its leaves.
    assert losses == undisturbed
    client.wait_for_workers(2, timeout=60)
    assert len(set(before) - set(worker_pids(client))) == killed


def kill(pids):
    for pid in pids:
        os.kill(pid, signal.SIGKILL)


def test_a_step_that_loses_its_workers_for_good_says_so(monkeypatch, example):
    parameters, x, y = example
    monkeypatch.setattr(parallel, "shard_total", kill_own_worker)
    with connect(workers=2) as short_lived, pytest.raises(RuntimeError, match="4 times in a row"):
        loss_and_gradients(short_lived, parameters, *cut(x[:3], y[:3], rows=3))


def kill_own_worker(parameters, x, y):
    os.kill(os.getpid(), signal.SIGKILL)


def test_a_set_larger_than_the_memory_of_a_worker_streams(tmp_path):
    """Each chunk takes 16 MiB, the set 512 MiB, and a worker may have 320 MiB."""
    rows, chunk, limit = 2**16, 2**11, 320 * 2**20
    rng = np.random.default_rng(6)
    parameters = initialise(rng, 1024, 5, 3)
    block = rng.normal(size=(chunk, 1024))
    y_block = one_hot(rng.integers(3, size=chunk), 3)
    x = np.lib.format.open_memmap(tmp_path / "x.npy", "w+", float, (rows, 1024))
    y = np.lib.format.open_memmap(tmp_path / "y.npy", "w+", float, (rows, 3))
    copies = rows // chunk
    for start in range(0, rows, chunk):
        x[start : start + chunk], y[start : start + chunk] = block, y_block
    assert block.nbytes < limit < x.nbytes
    with connect(workers=2, memory_limit=limit) as client:
        assert {w["memory_limit"] for w in client.scheduler_info()["workers"].values()} == {limit}
        before = worker_pids(client)
        x_chunks, y_chunks = (from_npy(tmp_path / f"{name}.npy", chunk) for name in "xy")
        J, found = loss_and_gradients(client, parameters, x_chunks, y_chunks, "sum")
        assert worker_pids(client) == before  # none was stopped for its memory
    plain = gradients(parameters, block, y_block, "sum")
    assert_same(J, copies * loss(parameters, block, y_block, "sum"), "J", 1e-12)
    for name, array in zip(NAMES, found, strict=True):
        assert_same(array, copies * getattr(plain, name), name, 1e-12)


def test_closing_the_client_stops_the_processes_that_it_started():
    with connect(workers=1) as client:
        pids = worker_pids(client)
        with connect(client.scheduler.address) as second:
            assert worker_pids(second) == pids
        assert worker_pids(client) == pids  # the second one has only left
    assert not any(psutil.pid_exists(pid) for pid in pids)


def test_npy_chunks_are_the_rows_of_the_file(tmp_path):
    matrix = np.arange(35.0).reshape(7, 5)
    np.save(tmp_path / "matrix.npy", matrix)
    chunked = from_npy(tmp_path / "matrix.npy", 3)
    assert chunked.chunks == ((3, 3, 1), (5,))
    np.testing.assert_array_equal(chunked.compute(scheduler="synchronous"), matrix)


@pytest.mark.parametrize(
    ("text", "call"),
    [
        (
            "x has chunks ndarray, expected a Dask array (N, D) cut by rows alone",
            lambda x, y: parallel.shards(np.ones((2, 2)), y),
        ),
        (
            "y has chunks ((90, 90), (2, 1)), expected a Dask array",
            lambda x, y: parallel.shards(x, y.rechunk((90, 2))),
        ),
        (
            "y has chunks of (180,) rows, expected (90, 90) as x has",
            lambda x, y: parallel.shards(x, y.rechunk((180, 3))),
        ),
        ("chunks_per_step is 0, expected at least 1", lambda x, y: next(
            descend(None, None, x, y, 0.1, 1, 0))),
        ("from_npy: rows is 0, expected at least 1", lambda x, y: from_npy("x.npy", 0)),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_refused_with_the_reason(text, call):
    x, y = cut(np.ones((180, D_x)), np.ones((180, D_y)))
    with pytest.raises(ValueError, match=re.escape(text)):
        call(x, y)


def test_a_vector_is_no_matrix(tmp_path):
    np.save(tmp_path / "vector.npy", np.ones(3))
    with pytest.raises(ValueError, match=r"has shape \(3,\), expected \(N, D\)"):
        from_npy(tmp_path / "vector.npy", 2)


def test_without_dask_the_message_says_what_to_install():
    code = "import sys; sys.modules['distributed'] = None; import mlp_lib.parallel"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 1
    message = "ImportError: mlp_lib.parallel needs Dask: pip install 'dask[array,distributed]'"
    assert message in done.stderr
