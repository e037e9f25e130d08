"""The symbols of a network, as one table: spelling, shape by axis names, and how each is computed.

Nothing else in this package knows a network. A derivative's ground truth is differentiation of the
table's own forward equations.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np


@dataclass(frozen=True)
class Entry:
    """One symbol: its shape by axis names, its meaning and, if it is computed, its formula."""

    name: str
    shape: tuple[str, ...]
    meaning: str
    formula: str = ""


@dataclass(frozen=True, eq=False)  # compared and hashed as one object, for the caches
class Table:
    """The symbols in the order in which they are computed, and the sizes to try them at."""

    name: str
    entries: tuple[Entry, ...]
    sizes: tuple[dict[str, int], ...]
    labels: tuple[str, ...] = ()  # symbols whose rows sum to 1
    ones: str = ""  # the axis of the row of ones, if there is one

    @property
    def symbols(self) -> dict[str, Entry]:
        """Return the entries by name."""
        return {entry.name: entry for entry in self.entries}

    def free(self) -> tuple[Entry, ...]:
        """Return the symbols that are given, not computed."""
        return tuple(entry for entry in self.entries if not entry.formula)

    def computed(self) -> tuple[Entry, ...]:
        """Return the symbols that have a formula, in the order in which they are computed."""
        return tuple(entry for entry in self.entries if entry.formula)

    def draw(self, number: int) -> dict[str, np.ndarray]:
        """Return random values of the given symbols at the sizes of that number, none of them 0."""
        rng = np.random.default_rng(number)
        sizes = self.sizes[number]
        values = {}
        for entry in self.free():
            shape = tuple(sizes.get(axis, 1) for axis in entry.shape)
            value = rng.uniform(0.2, 1.2, shape) * rng.choice([-1.0, 1.0], shape)
            if entry.name in self.labels:
                value = np.abs(value) / np.abs(value).sum(axis=-1, keepdims=True)
            values[entry.name] = value
        return values


SIZES = (
    {"D_x": 4, "H": 5, "D_y": 3, "N": 7},
    {"D_x": 3, "H": 4, "D_y": 6, "N": 5},
    {"D_x": 6, "H": 3, "D_y": 5, "N": 4},
)


@cache
def question(rows: str = "1", reduction: str = "sum") -> Table:
    """Return the question's network: `rows` is "1" or "N", `reduction` is "sum" or "mean"."""
    bias1, bias2 = (r"\mathbf{1}^T b_1", r"\mathbf{1}^T b_2") if rows == "N" else ("b_1", "b_2")
    if rows == "N":
        loss = r"-\sum_n \sum_k y_{nk} \log \hat y_{nk}"
        loss = r"\frac{1}{N} \left( " + loss + r" \right)" if reduction == "mean" else loss
    else:
        loss = r"-\sum_k y_k \log \hat y_k"
    return Table(
        name=f"question, {'one row' if rows == '1' else f'batch, {reduction}'}",
        entries=(
            Entry("x", (rows, "D_x"), "input"),
            Entry("y", (rows, "D_y"), "labels, each row summing to 1"),
            Entry("W_1", ("D_x", "H"), "weights of the hidden layer"),
            Entry("b_1", ("1", "H"), "bias of the hidden layer"),
            Entry("W_2", ("H", "D_y"), "weights of the output layer"),
            Entry("b_2", ("1", "D_y"), "bias of the output layer"),
            Entry("z_1", (rows, "H"), "hidden pre-activation", f"x W_1 + {bias1}"),
            Entry("h", (rows, "H"), "hidden activation", r"\sigma(z_1)"),
            Entry("z_2", (rows, "D_y"), "logits", f"h W_2 + {bias2}"),
            Entry(
                r"\hat y", (rows, "D_y"), "predicted probabilities", r"\operatorname{softmax}(z_2)"
            ),
            Entry("J", (), "cost", loss),
        ),
        sizes=SIZES,
        labels=("y",),
        ones="N" if rows == "N" else "",
    )
