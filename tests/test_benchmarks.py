"""The measuring machinery, with contestants that take no time; no test depends on a clock."""

import json
import re
from pathlib import Path

import numpy as np
import pytest

from benchmarks import contestants, gradient, jacobian_costs, report
from benchmarks.machine import describe, in_words
from benchmarks.turns import Group
from mlp_lib.gradient_check import assert_same
from mlp_lib.network import gradients, loss

RESULTS = Path(report.RESULTS)


@pytest.mark.parametrize("name", ["workspace", "textbook"])
def test_the_contestants_here_compute_the_gradient(name):
    parameters, x, y = gradient.case("b", "float64")
    J, found = contestants.CONTESTANTS[name](parameters, x, y)()
    assert_same(J, loss(parameters, x, y), "J", 1e-12)
    plain = gradients(parameters, x, y)
    for array, expected in zip(found, ("dJ_dW1", "dJ_db1", "dJ_dW2", "dJ_db2"), strict=True):
        assert_same(array, getattr(plain, expected), expected, 1e-12)


def test_the_limit_is_the_five_products():
    parameters, x, y = gradient.case("b", "float64")
    assert contestants.products(parameters, x, y)() is None


def test_contestants_of_different_numbers_are_not_compared():
    good = {"workspace": [1.0, 2.0], "products": None, "other": [1.0, 2.0 + 1e-9]}
    gradient.assert_agreement(good, "float64")
    with pytest.raises(RuntimeError, match=r"other computes \[1.0, 2.1\], expected"):
        gradient.assert_agreement({**good, "other": [1.0, 2.1]}, "float64")


def test_each_contestant_measures_in_a_process_of_its_own():
    with Group("tests.stub_contestants", ["first", "second"], 1) as group:
        first, second = (group.prepare(name, {"number": 3}) for name in ("first", "second"))
        assert first["number"] == second["number"] == 3
        assert first["pid"] != second["pid"]
        assert first["threads"] == second["threads"] == "1"
        assert group.measure("first", 5) >= 0
        assert group.prepare("first", {"number": 4})["number"] == 4
        with pytest.raises(RuntimeError, match="second: ZeroDivisionError"):
            group.prepare("second", {"number": 0})


def test_the_three_ways_of_the_chapter_are_counted():
    row = jacobian_costs.measure_size(16)
    assert set(row["seconds"]) == set(row["bytes"]) == set(jacobian_costs.WAYS)
    assert row["bytes"]["left to right"] > row["D_x"] * 16 * 16 * 8 > row["bytes"]["contracted"]


def test_memory_is_measured_in_bytes():
    held = gradient.peak(lambda: np.ones(10_000))
    assert 80_000 <= held < 90_000


def test_a_ratio_is_taken_round_by_round():
    seconds = {"a": [2.0, 30.0, 4.0], "b": [1.0, 10.0, 4.0]}
    assert report.ratio(seconds, "a", "b") == "2.00 (1.50–2.50)"


@pytest.mark.parametrize(
    ("seconds", "text"), [(2.5, "2.5 s"), (0.0123, "12.3 ms"), (4.56e-5, "45.6 µs"), (7e-9, "7 ns")]
)
def test_durations_have_their_unit(seconds, text):
    assert report.duration(seconds) == text


@pytest.mark.parametrize("file", report.TABLES)
def test_a_table_in_the_book_is_made_of_the_stored_run(file):
    name, made = report.TABLES[file]
    assert (RESULTS / file).read_text(encoding="utf-8") == made(report.stored(name)).html()


@pytest.mark.parametrize("file", report.PLOTS)
def test_a_plot_in_the_book_is_made_of_the_stored_run(file):
    name, plot = report.PLOTS[file]
    assert (RESULTS / file).read_text(encoding="utf-8") == plot(report.stored(name)) + "\n"


def test_a_table_reads_alike_in_the_terminal_and_in_a_page():
    table = report.Table(["a", "longer"], [["1 < 2", "3.00 (2.50–4.00)"]], "A note.")
    assert table.text() == "    a            longer\n1 < 2  3.00 (2.50–4.00)\n\nA note.\n"
    assert "<td>1 &lt; 2</td><td>3.00<br><small>2.50–4.00</small></td>" in table.html()


@pytest.mark.parametrize("path", sorted(RESULTS.glob("*.json")), ids=lambda path: path.stem)
def test_a_stored_run_says_when_and_where(path):
    run = json.loads(path.read_text(encoding="utf-8"))
    words = in_words(run["machine"])
    assert re.fullmatch(r"Measured on \d{4}-\d\d-\d\d on .+ with \d+ cores.*; Python 3.+", words)
    assert run["rows"]
    assert run["took_seconds"] > 0


def test_this_machine_is_described():
    assert in_words(describe()).startswith("Measured on 20")
    assert "numpy" in describe()["versions"]
