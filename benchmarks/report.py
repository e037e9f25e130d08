"""Turn the stored runs into what is read: `python -m benchmarks.report` writes tables and plots.

The chapters show these files; nothing in them is written by hand.
"""

import json
from functools import partial
from html import escape
from typing import NamedTuple

import numpy as np

from benchmarks.__main__ import RESULTS
from benchmarks.cluster import ROUNDS, ROWS
from benchmarks.gradient import SIZES
from benchmarks.machine import in_words
from mlp_lib.figures import curves

PEERS = ("textbook", "scikit-learn", "PyTorch", "JAX")


def stored(name: str) -> dict:
    """Return a stored run."""
    return json.loads((RESULTS / f"{name}.json").read_text(encoding="utf-8"))


def ratio(seconds: dict[str, list[float]], above: str, below: str) -> str:
    """Return the median of the ratios, round by round, and the range of their middle half."""
    ratios = np.array(seconds[above]) / np.array(seconds[below])
    low, middle, high = np.quantile(ratios, (0.25, 0.5, 0.75))
    return f"{short(middle)} ({short(low)}–{short(high)})"


def short(number: float) -> str:
    """Return a number with two decimals, without them from 100."""
    return f"{number:.2f}" if number < 100 else f"{number:.0f}"


class Table(NamedTuple):
    """A table that is read in the terminal and in a page: its head, its rows, a note below."""

    head: list[str]
    rows: list[list[str]]
    note: str

    def text(self) -> str:
        """Return the table with its columns set flush, for a terminal."""
        lines = [self.head, *self.rows]
        widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
        padded = (map(str.rjust, cells, widths) for cells in lines)
        return "\n".join("  ".join(cells) for cells in padded) + f"\n\n{self.note}\n"

    def html(self) -> str:
        """Return the table for a page; it scrolls by itself where it is wider than the page."""
        head = "".join(f'<th scope="col">{escape(cell)}</th>' for cell in self.head)
        rows = "\n".join(
            f"<tr>{''.join(f'<td>{small_range(cell)}</td>' for cell in cells)}</tr>"
            for cells in self.rows
        )
        # A reader without a mouse scrolls what has the focus.
        opening = '<div class="measured" style="overflow-x:auto" tabindex="0" role="group" '
        return (
            f'{opening}aria-label="Measurements">\n<table class="table">\n'
            f"<thead><tr>{head}</tr></thead>\n<tbody>\n{rows}\n</tbody>\n</table>\n</div>\n"
            f"<p>{escape(self.note)}</p>\n"
        )


def small_range(cell: str) -> str:
    """Set a range in brackets smaller, on a line of its own."""
    value, bracket, rest = escape(cell).partition(" (")
    return f"{value}<br><small>{rest.rstrip(')')}</small>" if bracket else value


def gradient_table(run: dict, threads: int) -> Table:
    """One row for each size and dtype on so many threads: time, the limit, the peers."""
    measured = [row for row in run["rows"] if row["threads"] == threads]
    rows = []
    for row in measured:
        seconds = row["seconds"]
        rows.append(
            [
                f"{row['size']}, {row['dtype']}",
                duration(float(np.median(seconds["workspace"]))),
                ratio(seconds, "workspace", "products"),
                *(ratio(seconds, name, "workspace") for name in PEERS),
            ]
        )
    sizes = "; ".join(
        f"{name}: {', '.join(map(str, SIZES[name]))}"
        for name in dict.fromkeys(row["size"] for row in measured)
    )
    note = (
        f"Threads: {threads}. Sizes N, D_x, H, D_y: {sizes}. Each ratio is a median over rounds, "
        f"with the middle half of the rounds below it. {in_words(run['machine'])}"
    )
    head = ["size, dtype", "step", "step / products", *(f"{name} / step" for name in PEERS)]
    return Table(head, rows, note)


def memory_table(run: dict) -> Table:
    """The peak of one step in units of one (N, H) array."""
    names = [name for name in run["memory"][0] if name not in ("size", "one hidden array")]
    rows = [
        [
            row["size"],
            f"{row['one hidden array'] / 2**20:.3g} MiB",
            *(f"{row[name] / row['one hidden array']:.2f}" for name in names),
        ]
        for row in run["memory"]
        if row["size"] in "cde"
    ]
    return Table(
        ["size", "one (N, H) array", *names], rows, "Peaks in float32, as tracemalloc counts."
    )


def training_table(run: dict) -> Table:
    """One row for each dtype and number of epochs: test accuracies, time, the others over it."""
    rows = []
    for row in run["rows"]:
        accuracy, seconds = row["accuracy"], row["seconds"]
        rows.append(
            [
                f"{row['dtype']}, {row['epochs']}",
                *(
                    f"{100 * accuracy[name]:.1f}%"
                    for name in ("mlp_lib", "scikit-learn", "PyTorch")
                ),
                duration(float(np.median(seconds["mlp_lib"]))),
                *(ratio(seconds, name, "mlp_lib") for name in ("scikit-learn", "PyTorch")),
                ratio(seconds, "mlp_lib, progress bar", "mlp_lib"),
            ]
        )
    head = ["dtype, epochs", "mlp_lib right", "scikit-learn right", "PyTorch right"]
    head += ["time of mlp_lib", "scikit-learn / mlp_lib", "PyTorch / mlp_lib"]
    head += ["time with / without the progress bar"]
    note = f"Right: the share of the test set. The bar is mlp_lib's own. {in_words(run['machine'])}"
    return Table(head, rows, note)


def cluster_table(run: dict) -> Table:
    """One row for each network: time of a row, time beside it, and from where two machines pay."""
    head = ["H", "parameters", "r", "c", "pays from N", "and on 1 Gbit/s (computed)"]
    rows = []
    for row in run["rows"]:
        r, c = row["seconds of a row"], row["seconds of an empty step"]
        # 8 bytes a number, down and up; 125e6 bytes a second.
        on_network = c + 2 * 8 * row["parameters"] / 125e6
        share = r * (1 - 1 / row["workers"])
        rows.append(
            [
                str(row["H"]),
                f"{row['parameters']:,}",
                duration(r),
                duration(c),
                f"{c / share:,.0f}",
                f"{on_network / share:,.0f}",
            ]
        )
    (sizes,) = {(row["D_x"], row["D_y"]) for row in run["rows"]}
    note = (
        f"D_x, D_y: {sizes[0]}, {sizes[1]}. r over a batch of {ROWS} rows. Medians of {ROUNDS} "
        f"rounds, measured once. {in_words(run['machine'])}"
    )
    return Table(head, rows, note)


def house_table(run: dict) -> Table:
    """One row for each command."""
    rows = [[row["command"], duration(row["seconds"])] for row in run["rows"]]
    return Table(["command", "time"], rows, in_words(run["machine"]))


def training_plot(run: dict) -> str:
    """Draw the test accuracy over the time of the training, in float32."""
    rows = [row for row in run["rows"] if row["dtype"] == "float32"]
    names = ("mlp_lib", "scikit-learn", "PyTorch")
    times = {name: [float(np.median(row["seconds"][name])) for row in rows] for name in names}
    every = np.unique(np.concatenate(list(times.values())))
    lines = {
        name: np.interp(
            np.log(every), np.log(times[name]), [row["accuracy"][name] for row in rows], left=0.1
        )
        for name in names
    }
    return curves(
        every,
        lines,
        "seconds",
        "accuracy on the test set",
        alt="Three rising curves of test accuracy over time on a logarithmic axis. They have the "
        "same form; mlp_lib's lies leftmost, then scikit-learn's, then PyTorch's.",
        log=("x",),
    ).svg


def duration(seconds: float) -> str:
    """Return a time with three digits and its unit."""
    for unit, size in (("s", 1.0), ("ms", 1e-3), ("µs", 1e-6)):
        if seconds >= size:
            return f"{seconds / size:.3g} {unit}"
    return f"{seconds / 1e-9:.3g} ns"


def gradient_plot(run: dict) -> str:
    """Draw every contestant's time over the products' time, for float32 and one thread."""
    rows = [row for row in run["rows"] if row["dtype"] == "float32" and row["threads"] == 1]
    sizes = np.array([multiplications(*SIZES[row["size"]]) for row in rows], float)
    lines = {
        name: np.array(
            [
                np.median(np.array(row["seconds"][name]) / np.array(row["seconds"]["products"]))
                for row in rows
            ]
        )
        for name in ("workspace", *PEERS)
    }
    drawing = curves(
        sizes,
        lines,
        "multiplications in the five products",
        "time / time of the five products",
        alt="Five curves: each contestant's time over that of the five matrix products. From the "
        "second size to the third all fall to between 1.06 and 1.34; then four stay between 1 and "
        "1.21, and the textbook's rises to 1.44 at the largest size.",
        log=("x", "y"),
    )
    return drawing.svg


def multiplications(N: int, D_x: int, H: int, D_y: int) -> int:
    """Return the number of multiplications in the five matrix products of one step."""
    return N * H * (2 * D_x + 3 * D_y)


# Each file with the run that it is made from and how.
TABLES = {
    "gradient_one_thread.html": ("gradient", partial(gradient_table, threads=1)),
    "gradient_two_threads.html": ("gradient", partial(gradient_table, threads=2)),
    "memory.html": ("gradient", memory_table),
    "training.html": ("training", training_table),
    "cluster.html": ("cluster", cluster_table),
    "house.html": ("house", house_table),
}
PLOTS = {
    "gradient.svg": ("gradient", gradient_plot),
    "training.svg": ("training", training_plot),
}


def main() -> None:
    """Write every table and plot, and print the tables."""
    for file, (name, plot) in PLOTS.items():
        (RESULTS / file).write_text(plot(stored(name)) + "\n", encoding="utf-8")
    for file, (name, made) in TABLES.items():
        table = made(stored(name))
        (RESULTS / file).write_text(table.html(), encoding="utf-8")
        print(f"{file}\n\n{table.text()}")


if __name__ == "__main__":
    main()
