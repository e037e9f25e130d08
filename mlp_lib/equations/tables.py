"""The symbols of a network, as one table: spelling, shape by axis names, and how each is computed.

Nothing else in this package knows a network. A derivative's ground truth is differentiation of the
table's own forward equations.
"""

from dataclasses import dataclass
from functools import cache, cached_property

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
    labels: tuple[str, ...] = ()  # symbols each of whose examples sums to 1
    ones: str = ""  # the axis of the row of ones, if there is one
    columns: bool = False  # an example is a column: softmax runs down, diag takes a column
    denominator: bool = False  # a derivative has the input's axes first

    @cached_property
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
                along = 0 if self.columns else -1
                value = np.abs(value) / np.abs(value).sum(axis=along, keepdims=True)
            values[entry.name] = value
        return values


SIZES = (
    {"D_x": 4, "H": 5, "D_y": 3, "N": 7},
    {"D_x": 3, "H": 4, "D_y": 6, "N": 5},
    {"D_x": 6, "H": 3, "D_y": 5, "N": 4},
)
DEEP_SIZES = (
    {"D_x": 4, "H_1": 5, "H_2": 6, "D_y": 3, "N": 7},
    {"D_x": 6, "H_1": 4, "H_2": 7, "D_y": 5, "N": 3},
)
PROBABILITIES = r"\operatorname{{softmax}}(z_{})"


@cache
def question(rows: str = "1", reduction: str = "sum", activation: str = r"\sigma") -> Table:
    """Return the question's network: `rows` is "1" or "N", `reduction` is "sum" or "mean".

    Another `activation` than σ makes it another network with the same symbols.
    """
    return Table(
        name=f"question, {activation}, {'one row' if rows == '1' else f'batch, {reduction}'}",
        entries=(
            Entry("x", (rows, "D_x"), "input"),
            Entry("y", (rows, "D_y"), "labels, each row summing to 1"),
            Entry("W_1", ("D_x", "H"), "weights of the hidden layer"),
            Entry("b_1", ("1", "H"), "bias of the hidden layer"),
            Entry("W_2", ("H", "D_y"), "weights of the output layer"),
            Entry("b_2", ("1", "D_y"), "bias of the output layer"),
            Entry("z_1", (rows, "H"), "hidden pre-activation", affine("x", "1", rows)),
            Entry("h", (rows, "H"), "hidden activation", f"{activation}(z_1)"),
            Entry("z_2", (rows, "D_y"), "logits", affine("h", "2", rows)),
            Entry(r"\hat y", (rows, "D_y"), "predicted probabilities", PROBABILITIES.format(2)),
            Entry("J", (), "loss", loss(rows, reduction)),
        ),
        sizes=SIZES,
        labels=("y",),
        ones="N" if rows == "N" else "",
    )


@cache
def deep(rows: str = "1", reduction: str = "sum") -> Table:
    """Return a network of two hidden layers, h_1 = tanh(z_1) and h_2 = relu(z_2)."""
    return Table(
        name=f"two hidden layers, {'one row' if rows == '1' else f'batch, {reduction}'}",
        entries=(
            Entry("x", (rows, "D_x"), "input"),
            Entry("y", (rows, "D_y"), "labels, each row summing to 1"),
            Entry("W_1", ("D_x", "H_1"), "weights of the first hidden layer"),
            Entry("b_1", ("1", "H_1"), "bias of the first hidden layer"),
            Entry("W_2", ("H_1", "H_2"), "weights of the second hidden layer"),
            Entry("b_2", ("1", "H_2"), "bias of the second hidden layer"),
            Entry("W_3", ("H_2", "D_y"), "weights of the output layer"),
            Entry("b_3", ("1", "D_y"), "bias of the output layer"),
            Entry("z_1", (rows, "H_1"), "first pre-activation", affine("x", "1", rows)),
            Entry("h_1", (rows, "H_1"), "first activation", r"\tanh(z_1)"),
            Entry("z_2", (rows, "H_2"), "second pre-activation", affine("h_1", "2", rows)),
            Entry("h_2", (rows, "H_2"), "second activation", r"\operatorname{relu}(z_2)"),
            Entry("z_3", (rows, "D_y"), "logits", affine("h_2", "3", rows)),
            Entry(r"\hat y", (rows, "D_y"), "predicted probabilities", PROBABILITIES.format(3)),
            Entry("J", (), "loss", loss(rows, reduction)),
        ),
        sizes=DEEP_SIZES,
        labels=("y",),
        ones="N" if rows == "N" else "",
    )


def affine(layer_input: str, layer: str, rows: str) -> str:
    """Return the formula of a pre-activation; in a batch the bias is added to each row."""
    ones = r"\mathbf{1}^T " if rows == "N" else ""
    return f"{layer_input} W_{layer} + {ones}b_{layer}"


def loss(rows: str, reduction: str) -> str:
    """Return the formula of the cross-entropy of one row, or of N rows, summed or averaged."""
    if rows == "1":
        return r"-\sum_k y_k \log \hat y_k"
    total = r"-\sum_n \sum_k y_{nk} \log \hat y_{nk}"
    return rf"\frac{{1}}{{N}} \left( {total} \right)" if reduction == "mean" else total
