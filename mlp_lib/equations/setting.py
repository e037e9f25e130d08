"""Where an attempt is judged: several random networks, and what the target is at each of them.

The truth is differentiation of the table's forward equations by complex step, never a closed form.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property
from itertools import combinations_with_replacement
from typing import Literal

import numpy as np

from mlp_lib.equations.arrays import Array, Arrays, Rules
from mlp_lib.equations.evaluate import Point, Value, computed
from mlp_lib.equations.numpy_code.names import names as numpy_names
from mlp_lib.equations.tables import Table, question
from mlp_lib.equations.tree import ONES, EquationError, OverLetters, Partial, Symbol

Setup = Literal["row", "vec", "batch"]
Loss = Literal["sum", "mean"]
Labels = Literal["sum to 1", "any"]

# ŷ underflows, and h is 0 or 1 to the last digit.
EXTREME = 2000.0
# Where |z| is around 10, a slip that small inputs hide shows.
LARGE = 4.0


@dataclass(frozen=True, eq=False)
class Network:
    """One network: all its values by name, and its derivatives as they are asked for.

    A formula's 𝟏, as long as there are examples, is a row; or a column, where `column_of_ones`.
    """

    point: Point
    setup: Setup
    column_of_ones: bool = False

    @cached_property
    def derivatives(self) -> dict[tuple[str, str], Value]:
        """Return the derivatives found so far."""
        return {}

    def derivative(self, of: str, by: str) -> Value:
        """Return ∂of/∂by, computed once."""
        if (of, by) not in self.derivatives:
            evaluation = self.point.evaluation()
            self.derivatives[of, by] = evaluation.evaluate(Partial(Symbol(of), Symbol(by)))
        return self.derivatives[of, by]

    @cached_property
    def numpy(self) -> Arrays:
        """Return the values as code holds them: a bias has one axis, and so has a vec's row."""
        values = {name: self.as_code(name, value) for name, value in self.point.values.items()}
        values |= self.ones()
        return Arrays(values, self.code_derivative, self.point.sizes, "numpy")

    @cached_property
    def book(self) -> Arrays:
        """Return the values as the text has them: every vector is a row."""
        values = {name: value.array for name, value in self.point.values.items()} | self.ones()
        return Arrays(
            values,
            lambda of, by: self.derivative(of, by).array,
            self.point.sizes,
            "book",
            self.over_letters,
        )

    def ones(self) -> dict[str, Array]:
        """Return the row of ones, or the column, if the table has one."""
        axis = self.point.table.ones
        if not axis:
            return {}
        row = np.ones((1, self.point.sizes[axis]))
        return {ONES: row.T if self.column_of_ones else row}

    def over_letters(self, node: OverLetters) -> Array:
        """Return a formula in indices as an array, one axis for each of its free letters.

        One letter alone makes a row, as every vector of the book is one.
        """
        letters = node.letters
        evaluation = self.point.evaluation()
        evaluation.axis_of = dict(zip(letters, node.axes[: len(letters)], strict=True))
        value = evaluation.side(node.body)
        if len(letters) == 1 and value.axes[:1] == ("1",):
            # One row for each example.
            return value.array.reshape(-1, value.array.shape[-1])
        if value.axes and not letters:
            return value.array.reshape(value.array.shape[-len(value.axes) :])
        if value.axes:
            raise EquationError("one part has index letters, another has none", span=node.span)
        if letters and len(letters) != len(node.axes):
            raise EquationError("this is a number where a row is wanted", span=node.span)
        order = [evaluation.letters.index(letter) for letter in letters]
        rest = [n for n in range(value.array.ndim) if n not in order]
        if any(value.array.shape[n] != 1 for n in rest):
            message = "an index is neither summed over nor one of the target's"
            raise EquationError(message, span=node.span)
        array = np.transpose(value.array, [*rest, *order]).reshape(
            [value.array.shape[n] for n in order]
        )
        array = np.broadcast_to(array, [self.point.sizes[axis] for axis in node.axes])
        return array[None] if array.ndim == 1 else array

    def arrays(self, rules: Rules) -> Arrays:
        """Return the values by the rules of the text."""
        return self.numpy if rules == "numpy" else self.book

    def code_derivative(self, of: str, by: str) -> Array:
        """Return ∂of/∂by as code holds it: a gradient has the shape of what it is taken by."""
        value = self.derivative(of, by)
        return self.as_code(by, value) if not self.point.values[of].axes else value.array

    def as_code(self, name: str, value: Value) -> Array:
        """Return a value with the axes that code gives to the symbol."""
        one_axis = self.setup == "vec" or is_bias(name, self.point.table)
        return value.array[0] if one_axis and value.axes[:1] == ("1",) else value.array


def is_bias(name: str, table: Table) -> bool:
    """Tell whether a given symbol is one row for all examples, and no example itself."""
    entry = table.symbols[name]
    return not entry.formula and entry.shape[:1] == ("1",) and name not in ("x", "y")


class Setting:
    """The networks at which an attempt is judged, for one setup, loss and kind of labels.

    Their 𝟏 is a row, or a column, where `column_of_ones`.
    """

    def __init__(self, setup: Setup, loss: Loss, labels: Labels, column_of_ones: bool = False):
        self.setup, self.loss, self.labels = setup, loss, labels
        self.column_of_ones = column_of_ones
        self.table = question("N" if setup == "batch" else "1", loss)

    @cached_property
    def ordinary(self) -> tuple[Network, ...]:
        """Return networks of pairwise different sizes with nothing zero; the last has large z."""
        given = [
            self.with_labels(self.table.draw(number)) for number in range(len(self.table.sizes))
        ]
        large = {
            name: array * (LARGE if name in ("x", "W_2") else 1.0)
            for name, array in self.table.draw(0).items()
        }
        networks = [self.network(number, values) for number, values in enumerate(given)]
        return (*networks, self.network(0, self.with_labels(large)))

    @cached_property
    def varied(self) -> tuple[Network, ...]:
        """Return networks with numbers of every size and peaked labels, and some with one-hot ones.

        A formula that depends on where a value lies, such as y > 0.5, shows there.
        """
        return (*(self.network(number, self.wide(number)) for number in range(2)), *self.one_hot)

    def wide(self, number: int) -> dict[str, Array]:
        """Return given values between 0.01 and 3, and labels of which one is near 1."""
        rng = np.random.default_rng(100 + number)
        values = {}
        for entry in self.table.free():
            shape = self.table.draw(number)[entry.name].shape
            value = 10.0 ** rng.uniform(-2, 0.5, shape) * rng.choice([-1.0, 1.0], shape)
            if entry.name in self.table.labels:
                value = np.abs(value) / np.abs(value).sum(axis=-1, keepdims=True)
            values[entry.name] = value
        return self.with_labels(values)

    @cached_property
    def unnormalised(self) -> tuple[Network, ...]:
        """Return networks whose labels don't sum to 1."""
        given = [self.table.draw(number) for number in range(2)]
        return tuple(
            self.network(number, values | {"y": values["y"] * uneven(values["y"].shape)})
            for number, values in enumerate(given)
        )

    @cached_property
    def one_hot(self) -> tuple[Network, ...]:
        """Return networks whose labels are one-hot."""
        given = [self.table.draw(number) for number in range(2)]
        return tuple(
            self.network(number, values | {"y": largest_is_one(values["y"])})
            for number, values in enumerate(given)
        )

    @cached_property
    def one_row(self) -> tuple[Network, ...]:
        """Return batches of one row."""
        sizes = tuple(sizes | {"N": 1} for sizes in self.table.sizes[:2])
        table = replace(self.table, sizes=sizes)
        return tuple(
            self.network_at(point_at(table, sizes[number], table.draw(number)))
            for number in range(2)
        )

    @cached_property
    def extreme(self) -> tuple[Network, ...]:
        """Return networks with a logit, or a hidden pre-activation, of ±2000 in all rows or in one.

        ŷ underflows there, so J is written as a formula of z_2 that doesn't pass through ŷ.
        """
        table = stable(self.table)
        found = []
        for name in ("b_1", "b_2"):
            for sign in (1, -1):
                values = self.with_labels(self.table.draw(1))
                values[name] = values[name] * 0 + 0.5
                values[name][0, 0] = sign * EXTREME
                found.append(values)
        if self.setup == "batch":
            found += [self.first_row_extreme(sign * EXTREME) for sign in (1, -1)]
        sizes = self.table.sizes[1]
        return tuple(self.network_at(point_at(table, sizes, values)) for values in found)

    def first_row_extreme(self, logit: float) -> dict[str, Array]:
        """Return values at which a logit of the first row is this large, and no other row's is.

        The first hidden unit is on in that row and off in the others, and has one heavy weight.
        """
        values = self.with_labels(self.table.draw(1))
        values["x"][:, 0] = -1.0
        values["x"][0, 0] = 1.0
        values["W_1"][:, 0] = 0.0
        values["W_1"][0, 0] = -np.log(np.finfo(float).eps)
        values["W_2"][0, 0] = logit
        return values

    def but(self, **changes: object) -> "Setting":
        """Return this setting with something else in it, such as column_of_ones=True."""
        names = ("setup", "loss", "labels", "column_of_ones")
        return setting(**{name: getattr(self, name) for name in names} | changes)

    def with_labels(self, values: dict[str, Array]) -> dict[str, Array]:
        """Return the values with labels that don't sum to 1, where any are allowed."""
        if self.labels == "any":
            return values | {"y": values["y"] * uneven(values["y"].shape)}
        return values

    def network(self, number: int, given: dict[str, Array]) -> Network:
        """Return the network with these given values."""
        return self.network_at(point_at(self.table, self.table.sizes[number], given))

    def network_at(self, point: Point) -> Network:
        """Return the network with these values."""
        return Network(point, self.setup, self.column_of_ones)

    def target(self, name: str) -> Partial:
        """Return the derivative that a target's name stands for.

        Raises ValueError for a name that is none.
        """
        known = numpy_names(self.table)
        parts = name.removeprefix("d").split("_d", 1)
        if name.startswith("d") and len(parts) == 2 and all(part in known for part in parts):
            of, by = (known[part] for part in parts)
            if of in self.table.symbols and by in self.table.symbols:
                return Partial(Symbol(of), Symbol(by))
        raise ValueError(
            f"target is {name!r}, expected the name of a derivative such as dJ_dW1, because the "
            "attempt is compared with that derivative of the network"
        )

    @cached_property
    def axis_names(self) -> dict[tuple[int, ...], str]:
        """Return the name of an axis by its lengths at all ordinary networks."""
        sizes = [network.point.sizes for network in self.ordinary]
        lengths = {name: tuple(each[name] for each in sizes) for name in sizes[0]}
        found = {}
        for one, other in combinations_with_replacement(lengths, 2):
            product = tuple(a * b for a, b in zip(lengths[one], lengths[other], strict=True))
            total = tuple(a + b for a, b in zip(lengths[one], lengths[other], strict=True))
            found[product] = f"{one}·{other}"
            found[total] = f"{one}+{other}" if one != other else f"2{one}"
        for name, values in lengths.items():
            found[tuple(value + 1 for value in values)] = f"{name}+1"
            for less in (1, 2, 3):
                found.setdefault(tuple(value - less for value in values), f"{name}−{less}")
        found |= {values: name for name, values in lengths.items()}
        return found

    def shape_name(self, shapes: Sequence[tuple[int, ...]]) -> str:
        """Return a shape by the names of its axes, from the shapes at all ordinary networks."""
        if len({len(shape) for shape in shapes}) != 1:
            return "?"
        axes = [self.axis_name(lengths) for lengths in zip(*shapes, strict=True)]
        if not axes:
            return "a scalar"
        if len(axes) == 1:
            return f"({axes[0]},)"
        return "×".join(f"({axis})" if set(axis) & set("+−") else axis for axis in axes)

    def axis_name(self, lengths: tuple[int, ...]) -> str:
        """Return the name of an axis: a size, a sum or product of two, or a number."""
        if len(set(lengths)) == 1:
            return str(lengths[0])
        return self.axis_names.get(lengths, "?")


def point_at(table: Table, sizes: dict[str, int], given: dict[str, Array]) -> Point:
    """Return the network with these given values, all others computed."""
    values = {name: Value(array, table.symbols[name].shape) for name, array in given.items()}
    return Point(table, sizes, computed(table, sizes, values, frozenset()))


def uneven(shape: tuple[int, ...]) -> Array:
    """Return factors, one a row, that make rows of labels sum to something else than 1."""
    rows = np.linspace(1.5, 2.5, shape[0]) if len(shape) > 1 else np.asarray([1.7])
    return rows.reshape(-1, 1)


def largest_is_one(labels: Array) -> Array:
    """Return one-hot rows: 1 where the row of labels is largest."""
    return (labels == labels.max(axis=-1, keepdims=True)).astype(float)


@cache
def stable(table: Table) -> Table:
    """Return the table with J as a formula of the logits: log-softmax in place of log ŷ."""
    entries = tuple(
        replace(
            entry,
            formula=entry.formula.replace(
                r"\log \hat y_", r"\left[ \operatorname{logsoftmax}(z_2) \right]_"
            ),
        )
        for entry in table.entries
    )
    return replace(table, entries=entries)


def setting(
    setup: Setup, loss: Loss = "sum", labels: Labels = "sum to 1", column_of_ones: bool = False
) -> Setting:
    """Return the setting, made once.

    Raises ValueError for a setup, loss or labels that there is none of.
    """
    for name, value, allowed in (
        ("setup", setup, ("row", "vec", "batch")),
        ("loss", loss, ("sum", "mean")),
        ("labels", labels, ("sum to 1", "any")),
    ):
        if value not in allowed:
            known = ", ".join(map(repr, allowed))
            raise ValueError(
                f"{name} is {value!r}, expected one of {known}, because it decides what is right"
            )
    return made(setup, loss, labels, column_of_ones)


@cache
def made(setup: Setup, loss: Loss, labels: Labels, column_of_ones: bool) -> Setting:
    """Return a setting, the same one each time."""
    return Setting(setup, loss, labels, column_of_ones)
