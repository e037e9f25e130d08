"""Tree → value: an array with a name for each axis, so that shapes match by name, never by size.

Index letters are further axes in front of the named ones, one for each letter of the formula, so a
formula in indices is evaluated for all values of its indices at once. A derivative is taken by
complex step through the table's forward equations, never from a closed form.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

import numpy as np

from mlp_lib.equations.latex import parse_latex
from mlp_lib.equations.tables import Table
from mlp_lib.equations.tree import (
    Add,
    Apply,
    Claim,
    Contract,
    Delta,
    Divide,
    Elementwise,
    EquationError,
    Identity,
    Indexed,
    Kronecker,
    Negate,
    Node,
    Number,
    Partial,
    Power,
    Subtract,
    Sum,
    Symbol,
    Transpose,
)
from mlp_lib.network import log_softmax, sigmoid, softmax

COMPLEX_STEP = 1e-30


class Value(NamedTuple):
    """An array whose last axes have these names; the axes in front of them belong to letters."""

    array: np.ndarray
    axes: tuple[str, ...]

    @property
    def lead(self) -> tuple[int, ...]:
        """Return the lengths of the axes that belong to letters."""
        return self.array.shape[: self.array.ndim - len(self.axes)]


class ShapeError(EquationError):
    """Two shapes that don't fit; the message names both."""


def shape_text(axes: tuple[str, ...]) -> str:
    """Return a shape as people write it: 1×H, D_x×H, or "a scalar"."""
    return "×".join(axes) if axes else "a scalar"


def over_rows(function: Callable[[np.ndarray], np.ndarray]) -> Callable[[np.ndarray], np.ndarray]:
    """Apply a function of rows (N, D) to arrays with more axes in front."""
    return lambda z: function(z.reshape(-1, z.shape[-1])).reshape(z.shape)


FUNCTIONS = {
    "sigma": sigmoid,
    "sigma'": lambda z: sigmoid(z) * (1 - sigmoid(z)),
    "tanh": np.tanh,
    "tanh'": lambda z: 1 - np.tanh(z) ** 2,
    "exp": np.exp,
    "log": np.log,
    "softmax": over_rows(softmax),
    "logsoftmax": over_rows(log_softmax),
}


@dataclass(frozen=True)
class Point:
    """The values of all symbols of a table at one random network."""

    table: Table
    sizes: dict[str, int]
    values: dict[str, Value]


@cache
def point(table: Table, number: int) -> Point:
    """Return the network of that number, computed once."""
    sizes = table.sizes[number]
    given = {
        name: Value(array, table.symbols[name].shape) for name, array in table.draw(number).items()
    }
    return Point(table, sizes, computed(table, sizes, given, frozenset()))


@cache
def forward_equations(table: Table) -> tuple[tuple[str, Node], ...]:
    """Return each computed symbol with the tree of its formula."""
    return tuple(
        (entry.name, parse_latex(entry.formula, table)[0].sides[0]) for entry in table.computed()
    )


def computed(
    table: Table, sizes: dict[str, int], given: dict[str, Value], held: frozenset[str]
) -> dict[str, Value]:
    """Compute the forward equations from the given values; a held symbol keeps its given value."""
    values = dict(given)
    for name, formula in forward_equations(table):
        if name not in held:
            lead = max(len(value.lead) for value in values.values())
            array, axes = Evaluation(table, sizes, values, base_lead=lead).side(formula)
            # The letters of the formula are all summed over: their axes have length 1.
            array = array.reshape(array.shape[:lead] + array.shape[array.ndim - len(axes) :])
            values[name] = Value(array, axes)
    return values


class Evaluation:
    """The evaluation of formulas at one network."""

    def __init__(self, table, sizes, values, base_lead=0, text="", axis_of=None):
        self.table, self.sizes, self.values = table, sizes, values
        self.base_lead, self.text = base_lead, text
        self.axis_of: dict[str, str] = dict(axis_of or {})
        self.letters: list[str] = sorted(self.axis_of)

    def side(self, node: Node) -> Value:
        """Evaluate one side of an equation, after finding the axis of each of its letters."""
        self.find_letters(node)
        return self.evaluate(node)

    def find_letters(self, *nodes: Node) -> None:
        """Find which axis each index letter ranges over, from where it stands."""
        found: dict[str, str] = dict(self.axis_of)
        pairs: list[Delta] = []
        bound: list[Indexed] = []
        for root in nodes:
            for node in root.walk():
                if isinstance(node, Indexed):
                    bound.append(node)
                elif isinstance(node, Delta):
                    pairs.append(node)
                elif isinstance(node, Sum) and node.upper:
                    self.note(found, node.letter, node.upper, node)
        for node in bound:
            axes = self.axes_to_index(node)
            for letter, axis in zip(node.letters, axes, strict=True):
                self.note(found, letter, axis, node)
        for _ in pairs:
            for delta in pairs:
                for one, other in ((delta.first, delta.second), (delta.second, delta.first)):
                    if one in found:
                        self.note(found, other, found[one], delta)
        self.axis_of, self.letters = found, sorted(found)

    def note(self, found: dict[str, str], letter: str, axis: str, node: Node) -> None:
        """Record the axis of a letter, and refuse a letter that stands on two axes."""
        if found.setdefault(letter, axis) != axis:
            raise ShapeError(
                f"the index {letter} ranges over {found[letter]} and over {axis}",
                self.text,
                node.span,
            )

    def axes_to_index(self, node: Indexed) -> tuple[str, ...]:
        """Return the axes that the letters of an indexed quantity stand on."""
        axes = self.axes_without_letters(node.base)
        axes = axes[1:] if len(axes) == 2 and axes[0] == "1" and len(node.letters) == 1 else axes
        if len(axes) != len(node.letters):
            raise ShapeError(
                f"{len(node.letters)} indices on a quantity of shape {shape_text(axes)}",
                self.text,
                node.span,
            )
        return axes

    def axes_without_letters(self, node: Node) -> tuple[str, ...]:
        """Return the axes of what is indexed: a symbol's or a derivative's are known beforehand."""
        symbols = self.table.symbols
        if isinstance(node, Symbol) and node.name in symbols:
            return symbols[node.name].shape
        if (
            isinstance(node, Partial)
            and isinstance(node.by, Symbol)
            and isinstance(node.of, Symbol)
        ):
            return layout_axes(symbols[node.of.name].shape, symbols[node.by.name].shape)
        inner = Evaluation(self.table, self.sizes, self.values, self.base_lead, self.text)
        return inner.side(node).axes

    def fail(self, node: Node, message: str) -> ShapeError:
        """Return the error that says what does not fit, with the place."""
        return ShapeError(message, self.text, node.span)

    def lead(self, array: np.ndarray, axes: tuple[str, ...]) -> Value:
        """Put as many axes of length 1 in front as there are letters."""
        missing = self.base_lead + len(self.letters) + len(axes) - array.ndim
        return Value(array.reshape((1,) * missing + array.shape), axes)

    def evaluate(self, node: Node) -> Value:
        """Return the value of a sub-expression."""
        return getattr(self, "on_" + type(node).__name__.lower())(node)

    def on_number(self, node: Number) -> Value:
        return self.lead(np.asarray(node.value), ())

    def on_symbol(self, node: Symbol) -> Value:
        if node.name == r"\mathbf{1}":
            size = self.sizes[self.table.ones]
            return self.lead(np.ones((1, size)), ("1", self.table.ones))
        if node.name in self.sizes and node.name not in self.values:
            return self.lead(np.asarray(float(self.sizes[node.name])), ())
        array, axes = self.values[node.name]
        own = array.ndim - len(axes)
        # A value's own leading axes (of a perturbation) stay in front of those of the letters.
        shape = array.shape[:own] + (1,) * (self.base_lead - own + len(self.letters))
        return Value(array.reshape(shape + array.shape[own:]), axes)

    def on_identity(self, node: Identity) -> Value:
        if node.axis not in self.sizes:
            raise self.fail(node, f"I takes one of the sizes {', '.join(self.sizes)}")
        return self.lead(np.eye(self.sizes[node.axis]), (node.axis, node.axis))

    def on_delta(self, node: Delta) -> Value:
        for letter in (node.first, node.second):
            if letter not in self.axis_of:
                raise self.fail(node, f"nothing says what the index {letter} ranges over")
        eye = np.eye(self.sizes[self.axis_of[node.first]])
        return self.spread(Value(eye, (self.axis_of[node.first],) * 2), (node.first, node.second))

    def on_indexed(self, node: Indexed) -> Value:
        value = self.evaluate(node.base)
        if len(value.axes) == 2 and value.axes[0] == "1" and len(node.letters) == 1:
            value = Value(np.squeeze(value.array, axis=-2), value.axes[1:])
        if len(value.axes) != len(node.letters):
            raise self.fail(node, f"{len(node.letters)} indices on {shape_text(value.axes)}")
        return self.spread(value, node.letters)

    def spread(self, value: Value, letters: tuple[str, ...]) -> Value:
        """Move each named axis to the leading axis of its letter; a letter twice is a diagonal."""
        total = self.base_lead + len(self.letters)
        array = value.array
        if len(value.lead) < total:
            array = array.reshape((1,) * (total - len(value.lead)) + array.shape)
        target = {letter: self.base_lead + self.letters.index(letter) for letter in letters}
        for place in target.values():
            if array.shape[place] != 1:
                raise self.fail(Symbol(""), "an index is used inside and outside of a bracket")
        squeezed = array.squeeze(axis=tuple(target.values()))
        rest = [place for place in range(total) if place not in target.values()]
        ids = rest + [target[letter] for letter in letters]
        result = np.einsum(squeezed, ids, sorted(set(ids)))
        return Value(result, ())

    def on_partial(self, node: Partial) -> Value:
        by, letters = (
            (node.by.base, node.by.letters) if isinstance(node.by, Indexed) else (node.by, ())
        )
        if not isinstance(by, Symbol) or by.name not in self.table.symbols:
            raise self.fail(node, "a derivative is taken by a symbol of the table")
        slope = self.slope(node.of, by.name)
        if not letters:
            return slope
        return self.spread(row_dropped(slope, len(letters)), letters)

    def slope(self, of: Node, by: str) -> Value:
        """Differentiate by complex step: one more leading axis, one place for each entry of by."""
        if self.base_lead:
            raise self.fail(of, "a derivative inside the forward equations")
        base = self.values[by]
        count = base.array.size
        steps = np.eye(count).reshape((count, *base.array.shape)) * COMPLEX_STEP * 1j
        lead = {name: Value(value.array[None], value.axes) for name, value in self.values.items()}
        lead[by] = Value(base.array[None] + steps, base.axes)
        given = {entry.name: lead[entry.name] for entry in self.table.free()} | {by: lead[by]}
        values = computed(self.table, self.sizes, given, frozenset({by}))
        inner = Evaluation(self.table, self.sizes, values, 1, self.text, self.axis_of)
        value = inner.evaluate(of)
        slopes = value.array.imag / COMPLEX_STEP
        if slopes.shape[0] == 1:
            slopes = np.broadcast_to(slopes, (count, *slopes.shape[1:]))
        slopes = np.moveaxis(slopes, 0, -1).reshape(slopes.shape[1:] + base.array.shape)
        return in_layout(Value(slopes, value.axes + base.axes), value.axes, base.axes)

    def on_add(self, node: Add) -> Value:
        return self.entrywise(node, np.add, "added to")

    def on_subtract(self, node: Subtract) -> Value:
        return self.entrywise(node, np.subtract, "subtracted with")

    def on_elementwise(self, node: Elementwise) -> Value:
        return self.entrywise(node, np.multiply, "multiplied entry by entry with")

    def on_divide(self, node: Divide) -> Value:
        return self.entrywise(node, np.divide, "divided by")

    def entrywise(self, node, operation, words: str) -> Value:
        """Combine two values entry by entry: equal shapes, or one a scalar."""
        left, right = self.evaluate(node.left), self.evaluate(node.right)
        if left.axes and right.axes and left.axes != right.axes:
            raise self.fail(node, f"{shape_text(left.axes)} is {words} {shape_text(right.axes)}")
        return Value(operation(*aligned(left, right)), left.axes or right.axes)

    def on_negate(self, node: Negate) -> Value:
        array, axes = self.evaluate(node.body)
        return Value(-array, axes)

    def on_power(self, node: Power) -> Value:
        array, axes = self.evaluate(node.base)
        return Value(array**node.exponent, axes)

    def on_transpose(self, node: Transpose) -> Value:
        array, axes = self.evaluate(node.body)
        if len(axes) > 2:
            raise self.fail(node, f"a transpose of a tensor {shape_text(axes)}: which axes?")
        return Value(np.swapaxes(array, -1, -2) if axes else array, axes[::-1])

    def on_contract(self, node: Contract) -> Value:
        left, right = self.evaluate(node.left), self.evaluate(node.right)
        if not left.axes or not right.axes:
            return Value(np.multiply(*aligned(left, right)), left.axes or right.axes)
        if left.axes[-1] != right.axes[0]:
            raise self.fail(
                node,
                f"{shape_text(left.axes)} · {shape_text(right.axes)}: "
                f"{left.axes[-1]} meets {right.axes[0]}",
            )
        flat_left = left.array.reshape((*left.lead, -1, left.array.shape[-1]))
        flat_right = right.array.reshape((*right.lead, right.array.shape[len(right.lead)], -1))
        product = flat_left @ flat_right
        shape = (
            product.shape[:-2]
            + left.array.shape[len(left.lead) : -1]
            + right.array.shape[len(right.lead) + 1 :]
        )
        axes = left.axes[:-1] + right.axes[1:]
        value = Value(product.reshape(shape), axes)
        if axes == ("1", "1"):
            return Value(value.array[..., 0, 0], ())
        if axes[0] == "1" and len(right.axes) > 2:
            return Value(np.squeeze(value.array, axis=value.array.ndim - len(axes)), axes[1:])
        return value

    def on_kronecker(self, node: Kronecker) -> Value:
        left, right = self.evaluate(node.left), self.evaluate(node.right)
        if len(left.axes) != 2 or len(right.axes) != 2:
            raise self.fail(
                node,
                f"⊗ takes two matrices, got {shape_text(left.axes)}, {shape_text(right.axes)}",
            )
        product = left.array[..., :, None, :, None] * right.array[..., None, :, None, :]
        *lead, a, b, c, d = product.shape
        axes = tuple(joined(one, two) for one, two in zip(left.axes, right.axes, strict=True))
        return Value(product.reshape((*lead, a * b, c * d)), axes)

    def on_apply(self, node: Apply) -> Value:
        array, axes = self.evaluate(node.argument)
        if node.function == "diag":
            if len(axes) != 2 or axes[0] != "1":
                raise self.fail(node, f"diag takes a row, got {shape_text(axes)}")
            return Value(array.swapaxes(-1, -2) * np.eye(array.shape[-1]), (axes[1], axes[1]))
        if node.function == "vec":
            if len(axes) != 2:
                raise self.fail(node, f"vec takes a matrix, got {shape_text(axes)}")
            # Column-major: the columns under one another.
            column = array.swapaxes(-1, -2).reshape((*array.shape[:-2], -1, 1))
            return Value(column, (joined(axes[1], axes[0]), "1"))
        if node.function == "softmax" and not axes:
            raise self.fail(node, "softmax takes a row, got a scalar")
        return Value(FUNCTIONS[node.function](array), axes)

    def on_sum(self, node: Sum) -> Value:
        if node.letter not in self.letters:
            raise self.fail(node, f"nothing says what the index {node.letter} ranges over")
        array, axes = self.evaluate(node.body)
        place = self.base_lead + self.letters.index(node.letter)
        if array.shape[place] == 1:
            array = array * self.sizes[self.axis_of[node.letter]]
        return Value(array.sum(axis=place, keepdims=True), axes)

    def on_claim(self, node: Claim) -> Value:
        value = self.evaluate(node.body)
        claimed = () if node.shape in (("1",), ("1", "1")) else node.shape
        if value.axes != claimed:
            raise self.fail(
                node, f"said to be {shape_text(claimed)}, but it is {shape_text(value.axes)}"
            )
        return value


def joined(slow: str, fast: str) -> str:
    """Name the axis that runs over two, the second one faster."""
    return "·".join(axis for axis in (slow, fast) if axis != "1") or "1"


def aligned(left: Value, right: Value) -> tuple[np.ndarray, np.ndarray]:
    """Give a scalar as many axes of length 1 as the other value has names."""
    if left.axes and not right.axes:
        return left.array, right.array.reshape(right.array.shape + (1,) * len(left.axes))
    if right.axes and not left.axes:
        return left.array.reshape(left.array.shape + (1,) * len(right.axes)), right.array
    return left.array, right.array


def layout_axes(of: tuple[str, ...], by: tuple[str, ...]) -> tuple[str, ...]:
    """Return the axes of ∂of/∂by: output, then input, row axes dropped; a vector is a row."""
    axes = tuple(axis for axis in of + by if axis != "1")
    return ("1", *axes) if len(axes) == 1 else axes


def in_layout(value: Value, of: tuple[str, ...], by: tuple[str, ...]) -> Value:
    """Drop the row axes of a derivative; a vector result is a row."""
    axes = layout_axes(of, by)
    kept = [
        n
        for axis, n in zip(value.axes, value.array.shape[len(value.lead) :], strict=True)
        if axis != "1"
    ]
    return Value(value.array.reshape((*value.lead, *([1] if len(kept) == 1 else []), *kept)), axes)


def row_dropped(value: Value, letters: int) -> Value:
    """Drop the 1 of a row that takes one index."""
    if len(value.axes) == letters + 1 and value.axes[0] == "1":
        return Value(np.squeeze(value.array, axis=-len(value.axes)), value.axes[1:])
    return value
