"""Letters that a reader's sums go up to, K or n, each of which is a size under another name."""

from mlp_lib.equations.evaluate import ShapeError, point
from mlp_lib.equations.tables import Table
from mlp_lib.equations.tree import (
    Divide,
    Equation,
    EquationError,
    Indexed,
    Node,
    Number,
    Sum,
    Symbol,
)


def with_sizes(equations: list[Equation], table: Table) -> list[Equation]:
    """Return equations with the size for each letter of one's own that a sum goes up to.

    Which size that is says the axis that the sum's letter ranges over. A number from 2 on is taken
    for that size too: the network's own sizes have no numbers here. So is the number of examples
    that a sum is divided by. Raises EquationError for a letter that stands elsewhere and is no
    size, or two, for one that is an index, for a sum of one term, and for two numbers that would be
    one size.
    """
    sums = sums_to_others(equations, table)
    if not sums:
        return equations
    for node in sums:
        refuse_no_size(node, equations)
    examples = sizes_by_number(equations, table).get(table.ones or "", "")
    meant: dict[str, set[str]] = {}
    for node in sums:
        meant.setdefault(node.upper, set()).update(filter(None, [range_of(node, table)]))
    return [
        Equation(
            tuple(
                with_divisor(with_size(side, meant, table, equation.text), examples, table)
                for side in equation.sides
            ),
            equation.text,
        )
        for equation in equations
    ]


def with_divisor(node: Node, examples: str, table: Table) -> Node:
    """Return a formula divided by N where it is divided by the number of examples in a sum.

    A ½ may be that of a square.
    """
    if not examples or examples == "2":
        return node
    node = node.with_parts(lambda part: with_divisor(part, examples, table))
    if isinstance(node, Divide) and node.right == Number(float(examples)):
        return node.with_part("right", Symbol(table.ones, span=node.right.span))
    return node


def sums_to_others(equations: list[Equation], table: Table) -> list[Sum]:
    """Return the sums that go up to something else than a size of the network."""
    return [
        node
        for equation in equations
        for side in equation.sides
        for node in side.walk()
        if isinstance(node, Sum) and node.upper and node.upper not in table.sizes[0]
    ]


def sizes_by_number(equations: list[Equation], table: Table) -> dict[str, str]:
    """Return the sizes that sums say by a number of terms, D_y: 10.

    Raises EquationError where two sums over the same axis have different numbers of terms.
    """
    found: dict[str, str] = {}
    for node in sums_to_others(equations, table):
        axis = range_of(node, table) if node.upper.isdigit() else None
        if axis is not None and found.setdefault(axis, node.upper) != node.upper:
            raise EquationError(
                f"this sum has {node.upper} terms, another one over the same axis has "
                f"{found[axis]}: write {axis} for the size",
                equations[0].text,
                node.sign,
            )
    return found


def refuse_no_size(node: Sum, equations: list[Equation]) -> None:
    """Refuse a sum up to an index, or up to a number that is no length of an axis."""
    used = {
        letter
        for equation in equations
        for side in equation.sides
        for each in side.walk()
        if isinstance(each, Indexed)
        for letter in each.letters
    }
    if node.upper in used:
        raise EquationError(
            f"the sum goes up to {node.upper}, which is an index here", equations[0].text, node.span
        )
    if node.upper.isdigit() and int(node.upper) < 2:
        raise EquationError("this sum has one term at most", equations[0].text, node.span)


def range_of(node: Sum, table: Table) -> str | None:
    """Return the axis that a sum's letter stands on, in the first place where it does."""
    for each in node.body.walk():
        if isinstance(each, Indexed) and node.letter in each.letters:
            try:
                axes = point(table, 0).evaluation().axes_to_index(each)
            except ShapeError:
                continue
            return axes[each.letters.index(node.letter)]
    return None


def with_size(node: Node, meant: dict[str, set[str]], table: Table, text: str) -> Node:
    """Return a formula with the size that each letter means in place of it."""
    if isinstance(node, Symbol) and node.name in meant and node.name not in table.symbols:
        sizes = sorted(meant[node.name])
        if len(sizes) != 1:
            which = f"it would be {' and '.join(sizes)}" if sizes else "no index says so"
            raise EquationError(f"{node.name} is no one size here: {which}", text, node.span)
        return Symbol(sizes[0], span=node.span)
    node = node.with_parts(lambda part: with_size(part, meant, table, text))
    if isinstance(node, Sum) and node.upper in meant:
        return node.with_part("upper", range_of(node, table))
    return node
