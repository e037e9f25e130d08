"""Formulas in indices: which letters are free, and in which order they are the target's axes."""

from collections import Counter

from mlp_lib.equations.evaluate import ShapeError, layout_axes, point
from mlp_lib.equations.known import usual_letters
from mlp_lib.equations.tables import Table
from mlp_lib.equations.tree import (
    Delta,
    Indexed,
    Node,
    OverLetters,
    Partial,
    Sum,
    Symbol,
    free_letters,
)


def has_letters(node: Node) -> bool:
    """Tell whether a formula has index letters."""
    return any(isinstance(each, Indexed | Delta | Sum) for each in node.walk())


def all_letters(node: Node) -> tuple[str, ...]:
    """Return every index letter of a formula, in the order in which they are met."""
    found: list[str] = []
    for each in node.walk():
        match each:
            case Indexed(_, letters):
                found += letters
            case Delta(first, second):
                found += (first, second)
            case Sum(letter, _, _):
                found.append(letter)
    return tuple(dict.fromkeys(found))


def claimed_by(node: Node) -> tuple[Partial | None, tuple[str, ...]]:
    """Return the derivative that a left side names, and its index letters in order.

    ∂J/∂W_{1,ij} and [∂J/∂W_1]_{ij} both name ∂J/∂W_1 with the letters i, j.
    """
    letters: tuple[str, ...] = ()
    if isinstance(node, Indexed):
        node, letters = node.base, node.letters
    if not isinstance(node, Partial):
        return None, ()
    of, by = node.of, node.by
    if isinstance(of, Indexed):
        of, letters = of.base, letters + of.letters
    if isinstance(by, Indexed):
        by, letters = by.base, letters + by.letters
    if isinstance(of, Symbol) and isinstance(by, Symbol):
        return Partial(of, by, span=node.span), letters
    return None, ()


def as_array(node: Node, goal: Partial, letters: tuple[str, ...], table: Table) -> OverLetters:
    """Return the formula as the array of its target, its free letters in the target's order.

    Without letters on a left side, each free letter is the target's axis that it ranges over.
    Raises ShapeError for a letter on two axes, and for free letters that aren't one for each axis.
    """
    free = free_letters(node)
    axes = axes_of_target(goal, table)
    evaluation = point(table, 0).evaluation()
    if len(letters) == len(set(letters)) == len(axes):
        # What stands on the left says what each letter ranges over.
        evaluation.axis_of = dict(zip(letters, axes, strict=True))
    evaluation.find_letters(node)
    if not letters:
        letters = in_order_of(axes, free, evaluation.axis_of)
        usual = usual_letters(goal, table)
        if len(letters) < len(free) and set(free) == set(usual):
            # δ_kj alone doesn't say what its letters range over.
            letters = usual
    if set(free) - set(letters):
        left = sorted(set(free) - set(letters))
        raise ShapeError(
            f"the index {left[0]} is neither summed over nor an axis of the target; a sum is"
            rf" written \sum_{left[0]}",
            span=node.span,
        )
    # ŷ_n is a whole row; Σ_k ŷ_nk is a number for each n.
    indexed = (each for each in node.walk() if isinstance(each, Indexed))
    rows = any(map(evaluation.is_row_of_batch, indexed))
    by_row = rows and len(letters) == 1 and len(axes) == 2 and axes[0] == table.ones
    if set(letters) - set(free) or (len(letters) != len(axes) and not by_row):
        has = f"the {'axis' if len(axes) == 1 else 'axes'} {', '.join(axes)}"
        are = "index is" if len(free) == 1 else "indices are"
        raise ShapeError(
            f"the target has {has}; the formula's free {are} {', '.join(free) or 'none'}",
            span=node.span,
        )
    return OverLetters(node, letters, tuple(axes), span=node.span)


def axes_of_letters(root: OverLetters, table: Table) -> dict[str, str]:
    """Return the axis that each letter of a formula ranges over, those summed over included."""
    evaluation = point(table, 0).evaluation()
    # ŷ_n is a whole row.
    evaluation.axis_of = dict(zip(root.letters, root.axes, strict=False))
    evaluation.find_letters(root.body)
    return evaluation.axis_of


def axes_with(goal: Partial, letters: tuple[str, ...], node: Node, table: Table) -> dict[str, str]:
    """Return the axis of each letter of a formula that is said to be its target with these letters.

    Raises ShapeError for a letter on two axes.
    """
    evaluation = point(table, 0).evaluation()
    axes = axes_of_target(goal, table)
    if len(letters) == len(axes):
        evaluation.axis_of = dict(zip(letters, axes, strict=True))
    evaluation.find_letters(node)
    return evaluation.axis_of


def odd_one(node: Node, goal: Partial, letters: tuple[str, ...], table: Table) -> Node | None:
    """Return the part that has a letter on another axis than the target or most parts have it on.

    Of h_{nk} Σ_k δ_{nk} W_{2,jk} that is h_{nk}. None where as many say the one as the other.
    """
    evaluation = point(table, 0).evaluation()
    indexed = [each for each in node.walk() if isinstance(each, Indexed)]
    stands = [
        (letter, axis, each)
        for each in indexed
        for letter, axis in zip(each.letters, evaluation.axes_to_index(each), strict=True)
    ]
    axes = axes_of_target(goal, table)
    said = dict(zip(letters, axes, strict=True)) if len(letters) == len(axes) else {}
    for letter in dict.fromkeys(letter for letter, _, _ in stands):
        counted = Counter(axis for each, axis, _ in stands if each == letter)
        (most, count), *others = counted.most_common()
        if letter not in said and others and others[0][1] == count:
            continue
        right = said.get(letter, most)
        for each, axis, part in stands:
            if each == letter and axis != right:
                return part
    return None


def axes_of_target(goal: Partial, table: Table) -> list[str]:
    """Return the axes of a derivative, the 1 of a row left out."""
    of, by = (table.symbols[symbol.name].shape for symbol in (goal.of, goal.by))
    return [axis for axis in layout_axes(of, by) if axis != "1"]


def in_order_of(axes: list[str], free: tuple[str, ...], axis_of: dict[str, str]) -> tuple[str, ...]:
    """Return one free letter for each axis; two axes of one name take theirs as they are met."""
    left, found = list(free), []
    for axis in axes:
        letter = next((each for each in left if axis_of.get(each) == axis), None)
        if letter is not None:
            left.remove(letter)
            found.append(letter)
    return tuple(found)
