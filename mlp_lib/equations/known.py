"""Which quantity of the network a value is: a symbol of the table, or one's derivative by another.

A value is recognised at every network of the table, so two quantities that agree at one by accident
are told apart.
"""

from collections.abc import Sequence
from functools import cache
from itertools import permutations

from mlp_lib.equations.check import equal
from mlp_lib.equations.evaluate import Value, forward_equations, point
from mlp_lib.equations.tables import Table
from mlp_lib.equations.tree import Indexed, Node, Partial, Symbol


@cache
def names(table: Table) -> tuple[Symbol | Partial, ...]:
    """Return the name of every known quantity, the one to prefer before its equals.

    First come the symbols. Then come the derivatives of a symbol by one that it is computed from:
    those by computed symbols before those by given ones, so that ŷ − y is ∂J/∂z₂, not ∂J/∂b₂.
    """
    sources = computed_from(table)
    computed = [entry.name for entry in table.computed()]
    given = [entry.name for entry in table.free()]
    derivatives = [
        Partial(Symbol(of), Symbol(by))
        for inputs in (computed, given)
        for of in computed
        for by in inputs
        if by in sources[of]
    ]
    return (*map(Symbol, (*given, *computed)), *derivatives)


def computed_from(table: Table) -> dict[str, set[str]]:
    """Return, for each computed symbol, all symbols that its value depends on."""
    sources: dict[str, set[str]] = {}
    for name, formula in forward_equations(table):
        direct = {node.name for node in formula.walk() if isinstance(node, Symbol)}
        sources[name] = direct.union(*(sources.get(each, set()) for each in direct))
    return sources


@cache
def known_quantities(table: Table, number: int) -> dict[Symbol | Partial, Value]:
    """Return the value of each known quantity at the network of that number, computed once.

    Its name is a node of the tree, a `Symbol` or a `Partial` of two: `latex(name)` prints it.
    """
    evaluation = point(table, number).evaluation()
    return {name: evaluation.evaluate(name) for name in names(table)}


def name_of(values: Sequence[Value], table: Table) -> Symbol | Partial | None:
    """Return the known quantity that has these values, or None.

    `values` holds one value for each network of the table, in the order of `table.sizes`. A value
    with index letters is no known quantity here.
    """
    plain = [without_letters(value) for value in values]
    for name in names(table):
        if all(
            value is not None and equal(value, known_quantities(table, number)[name])
            for number, value in enumerate(plain)
        ):
            return name
    return None


def without_letters(value: Value) -> Value | None:
    """Return the value without the axes of letters, or None if it depends on one."""
    if any(length != 1 for length in value.lead):
        return None
    return Value(value.array.reshape(value.array.shape[len(value.lead) :]), value.axes)


def name_of_entries(
    values: Sequence[Value], letters: tuple[str, ...], table: Table
) -> Indexed | Partial | None:
    """Return the known quantity whose entries these are, with the letters on it, or None.

    Each value has one named axis for each letter, in that order: x_i δ_kj is the entry k, i, j of
    ∂z₁/∂W₁.
    """
    for name in names(table):
        axes = indexed_axes(name, table)
        if sorted(axes) != sorted(values[0].axes):
            continue
        for order in permutations(range(len(letters))):
            if tuple(values[0].axes[place] for place in order) == axes and all(
                equal_entries(value, order, known_quantities(table, number)[name])
                for number, value in enumerate(values)
            ):
                return entry_of(name, tuple(letters[place] for place in order), table)
    return None


def equal_entries(value: Value, order: tuple[int, ...], known: Value) -> bool:
    """Tell whether the value, its axes in that order, has the entries of the known one."""
    array = value.array.transpose(order)
    return equal(Value(array.reshape(known.array.shape), known.axes), known)


def indexed_axes(name: Symbol | Partial, table: Table) -> tuple[str, ...]:
    """Return the axes that take an index: all but the 1 of a row."""
    parts = (name.of, name.by) if isinstance(name, Partial) else (name,)
    return tuple(axis for part in parts for axis in table.symbols[part.name].shape if axis != "1")


def entry_of(name: Symbol | Partial, letters: tuple[str, ...], table: Table) -> Node:
    """Return the quantity with an index letter on each axis, ∂z_{1,k}/∂W_{1,ij}."""
    if isinstance(name, Symbol):
        return Indexed(name, letters) if letters else name
    outputs = len(indexed_axes(name.of, table))
    return Partial(
        entry_of(name.of, letters[:outputs], table), entry_of(name.by, letters[outputs:], table)
    )


def usual_letters(name: Symbol | Partial, table: Table) -> tuple[str, ...]:
    """Return the letters that the book puts on a quantity: k on an output, i and j on an input.

    The rows of a batch are n, and m where n is taken.
    """
    if isinstance(name, Symbol):
        return letters_for(table.symbols[name.name].shape, table)
    inputs = letters_for(table.symbols[name.by.name].shape, table)
    outputs = letters_for(table.symbols[name.of.name].shape, table, "klpq")
    return (*outputs, *("m" if each == "n" and "n" in outputs else each for each in inputs))


def letters_for(axes: tuple[str, ...], table: Table, pool: str = "") -> tuple[str, ...]:
    """Return a letter for each axis but the 1 of a row: i and j of a matrix, n of a batch."""
    rows = iter("nm")
    own = sum(axis not in ("1", table.ones) for axis in axes)
    others = iter(pool or {2: "ij", 3: "kij"}.get(own, "jiklpqrs"))
    return tuple(next(rows if axis == table.ones else others) for axis in axes if axis != "1")
