"""Tree → value: an array with a name for each axis, so that shapes match by name, never by size.

Index letters are further axes in front of the named ones, one for each letter of the formula, so a
formula in indices is evaluated for all values of its indices at once. A derivative is taken by
complex step through the table's forward equations, never from a closed form.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from math import isfinite, prod
from typing import NamedTuple

import numpy as np

from mlp_lib.equations.latex import parse_latex
from mlp_lib.equations.tables import Table
from mlp_lib.equations.tree import (
    ONES,
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
    Span,
    Subtract,
    Sum,
    Symbol,
    Transpose,
)
from mlp_lib.network import log_softmax, sigmoid, softmax

COMPLEX_STEP = 1e-30
# What one sub-expression may hold, asked before it is computed. The book's largest has 1225.
MAX_ENTRIES = 200_000
MAX_LETTERS = 8


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
    # A complex z is near the real axis: which side of 0 it is on, its real part says.
    "relu": lambda z: np.where(np.real(z) > 0, z, 0),
    "relu'": lambda z: np.where(np.real(z) > 0, 1.0, 0.0),
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
    moved: dict[str, dict[str, Value]] = field(default_factory=dict)
    """By symbol: all values after a step of each of its entries, along one more leading axis."""

    def evaluation(self, text: str = "") -> "Evaluation":
        """Return an evaluation of the formulas of this text."""
        return Evaluation(self.table, self.sizes, self.values, text=text, moved=self.moved)


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

    def __init__(
        self, table, sizes, values, base_lead=0, text="", axis_of=None, moved=None, axes=None
    ):
        self.table, self.sizes, self.values = table, sizes, values
        self.base_lead, self.text = base_lead, text
        self.moved = {} if moved is None else moved
        self.indexed_axes: dict[Node, tuple[str, ...]] = {} if axes is None else axes
        self.largest = 0.0  # the largest entry of any sub-expression so far
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
        sums: list[Sum] = []
        for root in nodes:
            for node in root.walk():
                if isinstance(node, Indexed):
                    bound.append(node)
                elif isinstance(node, Delta):
                    pairs.append(node)
                elif isinstance(node, Sum) and node.upper:
                    sums.append(node)
        stands = [
            (letter, axis, node.span)
            for node in bound
            for letter, axis in zip(node.letters, self.axes_to_index(node), strict=True)
        ]
        for node in filter(self.is_row_of_batch, bound):
            # Where its letter ranges over another axis, the row's other index is what is missing.
            axes = {axis for letter, axis, _ in stands if letter in node.letters}
            if axes != {self.table.ones}:
                raise self.wrong_number(node, self.axes_without_letters(node.base))
        bounds = [(node.letter, node.upper, node.sign) for node in sums]
        # A bound that fits to no part of what is summed is what is wrong, not those parts.
        wrong = [each for each in bounds if not fits(each, stands)]
        for each in (*(each for each in bounds if each not in wrong), *stands, *wrong):
            self.note(found, *each)
        known = -1
        while known < len(found):
            known = len(found)
            for delta in pairs:
                for one, other in ((delta.first, delta.second), (delta.second, delta.first)):
                    if one in found:
                        self.note(found, other, found[one], delta.span)
        if len(found) > MAX_LETTERS:
            raise EquationError(
                f"the formula has {len(found)} index letters, at most {MAX_LETTERS} are read",
                self.text,
            )
        self.axis_of, self.letters = found, sorted(found)

    def note(self, found: dict[str, str], letter: str, axis: str, span: Span) -> None:
        """Record the axis of a letter, and refuse a letter that stands on two axes."""
        if found.setdefault(letter, axis) != axis:
            raise ShapeError(
                f"the index {letter} ranges over {found[letter]} and over {axis}",
                self.text,
                span,
            )

    def is_row_of_batch(self, node: Indexed) -> bool:
        """Tell whether this is the row of one example, as h_n is of h, with N rows."""
        if len(node.letters) != 1 or not self.table.ones or self.table.columns:
            return False
        axes = self.axes_without_letters(node.base)
        return len(axes) == 2 and axes[0] == self.table.ones

    def axes_to_index(self, node: Indexed) -> tuple[str, ...]:
        """Return the axes that the letters of an indexed quantity stand on."""
        axes = self.axes_without_letters(node.base)
        if self.is_row_of_batch(node):
            return axes[:1]
        if len(node.letters) == 1 and self.is_vector(axes):
            axes = without_ones(axes)
        if len(axes) != len(node.letters):
            raise self.wrong_number(node, axes)
        return axes

    def wrong_number(self, node: Indexed, axes: tuple[str, ...]) -> ShapeError:
        """Return the error that says how many indices a quantity has, and how many axes."""
        return self.fail(
            node,
            f"{counted(len(node.letters), 'index', 'indices')} on a quantity of shape "
            f"{shape_text(axes)}, which has {counted(len(axes), 'axis', 'axes')}",
        )

    def axes_without_letters(self, node: Node) -> tuple[str, ...]:
        """Return the axes of what is indexed: a symbol's or a derivative's are known beforehand."""
        symbols = self.table.symbols
        if isinstance(node, Symbol) and node.name in symbols:
            return symbols[node.name].shape
        if (
            isinstance(node, Partial)
            and isinstance(node.by, Symbol)
            and isinstance(node.of, Symbol)
            and {node.of.name, node.by.name} <= symbols.keys()
        ):
            of, by = symbols[node.of.name].shape, symbols[node.by.name].shape
            return layout_axes(of, by, self.table.denominator)
        if node not in self.indexed_axes:
            inner = Evaluation(
                *(self.table, self.sizes, self.values, self.base_lead, self.text),
                moved=self.moved,
                axes=self.indexed_axes,
            )
            self.indexed_axes[node] = inner.side(node).axes
        return self.indexed_axes[node]

    def size(self, axis: str) -> int:
        """Return the length of an axis, which may run over two others."""
        return prod(self.sizes.get(part, 1) for part in axis.split("·"))

    def fail(self, node: Node, message: str) -> ShapeError:
        """Return the error that says what does not fit, with the place."""
        return ShapeError(message, self.text, node.span)

    def lead(self, array: np.ndarray, axes: tuple[str, ...]) -> Value:
        """Put as many axes of length 1 in front as there are letters."""
        missing = self.base_lead + len(self.letters) + len(axes) - array.ndim
        return Value(array.reshape((1,) * missing + array.shape), axes)

    def evaluate(self, node: Node) -> Value:
        """Return the value of a sub-expression."""
        if (rule := getattr(self, "on_" + type(node).__name__.lower(), None)) is None:
            raise self.fail(node, "this belongs to NumPy text")
        value = rule(node)
        largest = float(np.abs(value.array).max())
        if largest > self.largest and isfinite(largest):
            self.largest = largest
        return value

    def afford(self, node: Node, *shapes: tuple[int, ...]) -> None:
        """Refuse, before it is computed, what has more entries than MAX_ENTRIES."""
        entries = prod(np.broadcast_shapes(*shapes))
        if entries > MAX_ENTRIES:
            raise EquationError(
                f"this has {entries} entries here, at most {MAX_ENTRIES} are computed",
                self.text,
                node.span,
            )

    def on_number(self, node: Number) -> Value:
        return self.lead(np.asarray(node.value), ())

    def on_symbol(self, node: Symbol) -> Value:
        if node.name == ONES:
            size = self.sizes[self.table.ones]
            if self.table.columns:
                return self.lead(np.ones((size, 1)), (self.table.ones, "1"))
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
        eye = np.eye(self.size(self.axis_of[node.first]))
        axes = (self.axis_of[node.first],) * 2
        return self.spread(node, Value(eye, axes), (node.first, node.second))

    def is_vector(self, axes: tuple[str, ...]) -> bool:
        """Tell whether these are the axes of what takes one index: a row, in columns a column."""
        return len(axes) == 2 and axes[-1 if self.table.columns else 0] == "1"

    def on_indexed(self, node: Indexed) -> Value:
        value = self.evaluate(node.base)
        if len(node.letters) == 1 and self.is_vector(value.axes):
            value = ones_dropped(value)
        if self.is_row_of_batch(node):
            return self.row_of_batch(node, value)
        if len(value.axes) != len(node.letters):
            raise self.fail(node, f"{len(node.letters)} indices on {shape_text(value.axes)}")
        return self.spread(node, value, node.letters)

    def row_of_batch(self, node: Indexed, value: Value) -> Value:
        """Return the row of one example, 1×H, for each value of its letter."""
        array = value.array
        missing = self.base_lead + len(self.letters) + 2 - array.ndim
        array = array.reshape((1,) * missing + array.shape)
        place = self.base_lead + self.letters.index(node.letters[0])
        if array.shape[place] != 1:
            raise self.fail(node, "an index is used inside and outside of a bracket")
        return Value(np.swapaxes(array, place, -2), ("1", value.axes[1]))

    def spread(
        self, node: Node, value: Value, letters: tuple[str, ...], inside: bool = False
    ) -> Value:
        """Move each named axis to the leading axis of its letter; a letter twice is a diagonal.

        A letter that is `inside` the value already, as j is in ∂h_j/∂z_{1,j}, makes one too.
        """
        total = self.base_lead + len(self.letters)
        array = value.array
        if len(value.lead) < total:
            array = array.reshape((1,) * (total - len(value.lead)) + array.shape)
        target = {letter: self.base_lead + self.letters.index(letter) for letter in letters}
        twice = [place for place in target.values() if array.shape[place] != 1]
        if twice and not inside:
            raise self.fail(node, "an index is used inside and outside of a bracket")
        once = [place for place in target.values() if place not in twice]
        squeezed = array.squeeze(axis=tuple(once))
        rest = [place for place in range(total) if place not in once]
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
        slope = ones_dropped(slope) if len(letters) == 1 else slope
        if len(slope.axes) != len(letters):
            raise self.fail(node, f"{len(letters)} indices on {shape_text(slope.axes)}")
        return self.spread(node, slope, letters, inside=isinstance(node.of, Indexed))

    def slope(self, of: Node, by: str) -> Value:
        """Differentiate by complex step: one more leading axis, one place for each entry of by."""
        if self.base_lead:
            raise self.fail(of, "a derivative inside another derivative or a forward equation")
        base = self.values[by]
        count = base.array.size
        if by not in self.moved:
            self.moved[by] = self.after_steps(by)
        inner = Evaluation(self.table, self.sizes, self.moved[by], 1, self.text, self.axis_of)
        value = inner.evaluate(of)
        self.afford(of, (*value.array.shape[1:], count))
        slopes = value.array.imag / COMPLEX_STEP
        if slopes.shape[0] == 1:
            slopes = np.broadcast_to(slopes, (count, *slopes.shape[1:]))
        slopes = np.moveaxis(slopes, 0, -1).reshape(slopes.shape[1:] + base.array.shape)
        slope = Value(slopes, value.axes + base.axes)
        return in_layout(slope, value.axes, base.axes, self.table.denominator)

    def after_steps(self, by: str) -> dict[str, Value]:
        """Return all values after a step of each entry of the symbol, one after the other."""
        base = self.values[by]
        count = base.array.size
        steps = np.eye(count).reshape((count, *base.array.shape)) * COMPLEX_STEP * 1j
        lead = {name: Value(value.array[None], value.axes) for name, value in self.values.items()}
        lead[by] = Value(base.array[None] + steps, base.axes)
        given = {entry.name: lead[entry.name] for entry in self.table.free()} | {by: lead[by]}
        return computed(self.table, self.sizes, given, frozenset({by}))

    def on_add(self, node: Add) -> Value:
        return self.entrywise(node, np.add, "{} is added to {}")

    def on_subtract(self, node: Subtract) -> Value:
        return self.entrywise(node, np.subtract, "{1} is subtracted from {0}")

    def on_elementwise(self, node: Elementwise) -> Value:
        return self.entrywise(node, np.multiply, "{} is multiplied entry by entry with {}")

    def on_divide(self, node: Divide) -> Value:
        return self.entrywise(node, np.divide, "{} is divided by {}")

    def entrywise(self, node, operation, words: str) -> Value:
        """Combine two values entry by entry: equal shapes, or one a scalar."""
        left, right = self.evaluate(node.left), self.evaluate(node.right)
        if left.axes and right.axes and left.axes != right.axes:
            shapes = map(shape_text, (left.axes, right.axes))
            raise self.fail(node, words.format(*shapes))
        return self.combined(node, operation, left, right)

    def combined(self, node, operation, left: Value, right: Value) -> Value:
        """Combine two values of one shape, or a scalar and another."""
        pair = aligned(left, right)
        self.afford(node, pair[0].shape, pair[1].shape)
        return Value(operation(*pair), left.axes or right.axes)

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
            return self.combined(node, np.multiply, left, right)
        if left.axes[-1] != right.axes[0]:
            raise self.fail(
                node,
                f"{shape_text(left.axes)} · {shape_text(right.axes)}: "
                f"{left.axes[-1]} meets {right.axes[0]}",
            )
        flat_left = left.array.reshape((*left.lead, -1, left.array.shape[-1]))
        flat_right = right.array.reshape((*right.lead, right.array.shape[len(right.lead)], -1))
        lead = np.broadcast_shapes(left.lead, right.lead)
        self.afford(node, (*lead, flat_left.shape[-2], flat_right.shape[-1]))
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
        if axes[-1] == "1" and len(left.axes) > 2:
            return Value(np.squeeze(value.array, axis=-1), axes[:-1])
        return value

    def on_kronecker(self, node: Kronecker) -> Value:
        left, right = self.evaluate(node.left), self.evaluate(node.right)
        if len(left.axes) != 2 or len(right.axes) != 2:
            raise self.fail(
                node,
                f"⊗ takes two matrices, got {shape_text(left.axes)}, {shape_text(right.axes)}",
            )
        a, b = left.array[..., :, None, :, None], right.array[..., None, :, None, :]
        self.afford(node, a.shape, b.shape)
        product = a * b
        *lead, a, b, c, d = product.shape
        axes = tuple(joined(one, two) for one, two in zip(left.axes, right.axes, strict=True))
        return Value(product.reshape((*lead, a * b, c * d)), axes)

    def on_apply(self, node: Apply) -> Value:
        array, axes = self.evaluate(node.argument)
        if node.function == "diag":
            vector, one = ("column", 1) if self.table.columns else ("row", 0)
            if len(axes) != 2 or axes[one] != "1":
                raise self.fail(node, f"diag takes a {vector}, got {shape_text(axes)}")
            column = array if self.table.columns else array.swapaxes(-1, -2)
            size, axis = column.shape[-2], axes[1 - one]
            self.afford(node, (*array.shape[:-2], size, size))
            return Value(column * np.eye(size), (axis, axis))
        if node.function == "vec":
            if len(axes) != 2:
                raise self.fail(node, f"vec takes a matrix, got {shape_text(axes)}")
            # Column-major: the columns under one another.
            column = array.swapaxes(-1, -2).reshape((*array.shape[:-2], -1, 1))
            return Value(column, (joined(axes[1], axes[0]), "1"))
        if node.function == "softmax" and not axes:
            raise self.fail(node, "softmax takes a row, got a scalar")
        if node.function in ("softmax", "logsoftmax") and self.table.columns:
            # An example is a column there.
            turned = FUNCTIONS[node.function](array.swapaxes(-1, -2))
            return Value(turned.swapaxes(-1, -2), axes)
        return Value(FUNCTIONS[node.function](array), axes)

    def on_sum(self, node: Sum) -> Value:
        if node.letter not in self.letters:
            raise self.fail(node, f"nothing says what the index {node.letter} ranges over")
        if any(isinstance(each, Sum) and each.letter == node.letter for each in node.body.walk()):
            raise self.fail(node, f"the index {node.letter} is summed over twice")
        array, axes = self.evaluate(node.body)
        place = self.base_lead + self.letters.index(node.letter)
        if array.shape[place] == 1:
            array = array * self.size(self.axis_of[node.letter])
        return Value(array.sum(axis=place, keepdims=True), axes)

    def on_claim(self, node: Claim) -> Value:
        value = self.evaluate(node.body)
        claimed = () if node.shape in (("1",), ("1", "1")) else node.shape
        if value.axes != claimed:
            raise self.fail(
                node, f"said to be {shape_text(claimed)}, but it is {shape_text(value.axes)}"
            )
        return value


def fits(bound: tuple[str, str, Span], stands: list[tuple[str, str, Span]]) -> bool:
    """Tell whether a sum's letter ranges as far as the bound says in some place, or in none."""
    axes = {axis for letter, axis, _ in stands if letter == bound[0]}
    return not axes or bound[1] in axes


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


def without_ones(axes: tuple[str, ...]) -> tuple[str, ...]:
    """Return the axes without those of length 1."""
    return tuple(axis for axis in axes if axis != "1")


def ones_dropped(value: Value) -> Value:
    """Drop the axes of length 1: a row or a column takes one index."""
    kept = [
        size
        for axis, size in zip(value.axes, value.array.shape[len(value.lead) :], strict=True)
        if axis != "1"
    ]
    return Value(value.array.reshape((*value.lead, *kept)), without_ones(value.axes))


def layout_axes(
    of: tuple[str, ...], by: tuple[str, ...], denominator: bool = False
) -> tuple[str, ...]:
    """Return the axes of ∂of/∂by, those of length 1 dropped.

    Numerator layout: output, then input, and a vector is a row. Denominator layout: input, then
    output, and a vector is a column.
    """
    axes = without_ones(by + of if denominator else of + by)
    if len(axes) != 1:
        return axes
    return (*axes, "1") if denominator else ("1", *axes)


def in_layout(
    slope: Value, of: tuple[str, ...], by: tuple[str, ...], denominator: bool = False
) -> Value:
    """Bring a derivative, whose axes are those of `of` and then those of `by`, into the layout."""
    if denominator:
        inputs = range(-len(by), 0)
        slope = Value(
            np.moveaxis(slope.array, inputs, range(len(slope.lead), len(slope.lead) + len(by))),
            by + of,
        )
    array = ones_dropped(slope).array
    axes = layout_axes(of, by, denominator)
    lead = array.ndim - len(without_ones(axes))
    if axes[:1] == ("1",):
        array = np.expand_dims(array, lead)
    elif axes[-1:] == ("1",):
        array = np.expand_dims(array, -1)
    return Value(array, axes)


def counted(number: int, one: str, several: str) -> str:
    """Return the number with its noun: 1 index, 2 indices."""
    return f"{number} {one if number == 1 else several}"
