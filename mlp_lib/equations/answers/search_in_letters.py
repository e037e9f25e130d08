"""The search for a fix where only letters of indices are wrong."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import chain

from mlp_lib.equations.answers.candidates import MOST_PARTS
from mlp_lib.equations.answers.edits import (
    Edit,
    letter_edits,
    places,
    replaced,
    with_delta,
    with_factor,
    with_inserted,
    written,
)
from mlp_lib.equations.answers.judging import Outcome
from mlp_lib.equations.answers.written import is_inserted
from mlp_lib.equations.entries import entries_of, factors_in
from mlp_lib.equations.known import usual_letters
from mlp_lib.equations.letters import all_letters, as_array, axes_with, free_letters
from mlp_lib.equations.printing import latex
from mlp_lib.equations.setting import Setting
from mlp_lib.equations.texts.reading import read
from mlp_lib.equations.tree import Delta, EquationError, Indexed, Node, Partial, Sum, Symbol


def with_other_letters(
    attempt: str, goal: Partial, letters: tuple[str, ...], side: Node, where: Setting
) -> str | None:
    """Return a formula in indices that is right: with one letter changed, or a sum added.

    If there is none, the target's formula with the letters of its left side.
    """
    outcome = Outcome(goal, where, "book")
    found = places(side)
    best: tuple[float, int, str] | None = None
    known = letters_for_delta(side, goal, letters, where)
    factors = list(factors_of_entries(goal, letters, side, where))
    parts = list({id(each): each for each in side.walk()}.values())
    for number, node in enumerate(parts if len(parts) <= MOST_PARTS else ()):
        place = found.get(id(node))
        if place is not None and isinstance(place.parent, Indexed):
            continue
        deltas = with_delta(side, known) if node is side else ()
        added = (edit for factor in factors for edit in with_factor(node, factor))
        for edit in chain(letter_edits(node, known, where.table), deltas, added):
            meant = replaced(edit.old, edit.new, found)
            try:
                if not outcome.right_everywhere(as_array(meant, goal, letters, where.table)):
                    continue
            except EquationError:
                continue
            if (text := read_as(meant, edit, attempt, where)) is not None:
                # Of two equal ones the outer is better: it stands beside what was there.
                price = (round(edit.cost + 0.01 * len(text), 6), -number, text)
                best = min(best or price, price)
    if best is not None:
        return best[-1]
    new = entries_of(goal, letters or usual_letters(goal, where.table), where)
    if new is None:
        return None
    start, end = side.span
    return attempt[:start] + latex(new) + attempt[end:]


def read_as(meant: Node, edit: Edit, attempt: str, where: Setting) -> str | None:
    """Return the changed LaTeX, in brackets if it is read as meant only in these, or None."""
    if is_inserted(edit) and not isinstance(edit.new.right, Delta):
        return with_inserted(edit, attempt, lambda part, quote: latex(part))
    for brackets in ("…", "(…)"):
        text = written(edit, attempt, lambda part, quote: latex(part), brackets, {})
        try:
            equations, _ = read(text, where.table)
        except EquationError:
            continue
        if any(meant in equation.sides for equation in equations):
            return text
    return None


def mistake_of_letters(goal: Partial, letters: tuple[str, ...], side: Node, where: Setting) -> str:
    """Return the mistake in a formula whose letters don't fit.

    It is another layer's row, or a missing δ, where that alone mends it, or else a letter.
    """
    outcome = Outcome(goal, where, "book")
    found = places(side)

    def mends(new: Node) -> bool:
        try:
            root = as_array(new, goal, letters, where.table)
            return outcome.right(root, where.ordinary)
        except EquationError:
            return False

    row = Symbol({"W_1": "x", "W_2": "h"}.get(goal.by.name, ""))
    others = [node for node in side.walk() if isinstance(node, Indexed) and node.base != row]
    if row.name and any(mends(replaced(node, replace(node, base=row), found)) for node in others):
        return "wrong row in the outer product"
    known = letters_for_delta(side, goal, letters, where)
    if any(mends(edit.new) for edit in with_delta(side, known)):
        return "δ missing"
    sums = (node for node in side.walk() if isinstance(node, Sum))
    others = (
        replaced(edit.old, edit.new, found)
        for node in sums for edit in letter_edits(node, known, where.table)
    )  # fmt: skip
    if outcome.of_bias and any(map(mends, others)):
        return "bias summed over the wrong axis"
    added = (
        replaced(edit.old, edit.new, found)
        for factor in factors_of_entries(goal, letters, side, where)
        for node in side.walk()
        for edit in with_factor(node, factor)
    )
    if any(map(mends, added)):
        return "factor missing"
    return "index letters"


def factors_of_entries(
    goal: Partial, letters: tuple[str, ...], side: Node, where: Setting
) -> Iterator[Node]:
    """Yield what a formula whose letters don't fit may lack: a factor that has those left over."""
    try:
        axis_of = axes_with(goal, letters, side, where.table)
    except EquationError:
        return
    missing = set(letters) - set(free_letters(side))
    for factor in factors_in(axis_of, where) if goal.of == Symbol("J") else ():
        if missing & set(free_letters(factor)) or not missing:
            yield factor


def letters_for_delta(
    side: Node, goal: Partial, letters: tuple[str, ...], where: Setting
) -> tuple[str, ...]:
    """Return the letters of a formula, and those of the target where they are not on the left.

    A letter that stands nowhere yet may be one of a δ.
    """
    usual = () if letters else usual_letters(goal, where.table)
    more = usual if len(free_letters(side)) < len(usual) else ()
    return tuple(dict.fromkeys((*letters, *all_letters(side), *more)))
