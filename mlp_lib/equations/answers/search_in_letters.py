"""The search for a fix where only letters of indices are wrong."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import chain, combinations

from mlp_lib.equations.answers.candidates import MOST_PARTS
from mlp_lib.equations.answers.claims import Claim
from mlp_lib.equations.answers.edits import (
    Edit,
    Quote,
    is_in,
    is_inserted,
    letter_edits,
    places,
    replaced,
    with_bounds,
    with_delta,
    with_factor,
    with_inserted,
    written,
)
from mlp_lib.equations.answers.judging import Outcome
from mlp_lib.equations.entries import entries_of, factors_in
from mlp_lib.equations.known import usual_letters
from mlp_lib.equations.latex import by_name, name_for, named_parts, renamed
from mlp_lib.equations.letters import all_letters, as_array, axes_with, free_letters
from mlp_lib.equations.printing import latex
from mlp_lib.equations.setting import Setting
from mlp_lib.equations.texts.reading import own_parts, read
from mlp_lib.equations.tree import Delta, EquationError, Indexed, Node, Partial, Sum, Symbol


def with_other_letters(attempt: str, claim: Claim, where: Setting) -> str | None:
    """Return a formula in indices that is right: with one letter changed, or a sum added.

    If there is none, the target's formula with the letters of its left side.
    """
    goal, letters, side = claim.goal, claim.letters, claim.side
    rows = Rows(attempt, claim, where)
    found = places(side)
    best: tuple[float, int, str] | None = None
    known = letters_for_delta(side, goal, letters, where)
    factors = list(factors_of_entries(goal, letters, side, where))
    parts = list({id(each): each for each in side.walk()}.values())
    for number, node in enumerate(parts if len(parts) <= MOST_PARTS else ()):
        place = found.get(id(node))
        if place is not None and isinstance(place.parent, Indexed):
            continue
        of_all = chain(with_delta(side, known), exchanges(side)) if node is side else ()
        added = (edit for factor in factors for edit in with_factor(node, factor))
        names = name_edits(node, rows.named.get(node.span), known)
        for edit in chain(letter_edits(node, known, where.table), of_all, added, names):
            if not rows.is_right(replaced(edit.old, edit.new, found)):
                continue
            if (text := rows.changed(edit)) is not None:
                # Of two equal ones the outer is better: it stands beside what was there.
                price = (round(edit.cost + 0.01 * len(text), 6), -number, text)
                best = min(best or price, price)
    if best is not None:
        return best[-1]
    new = entries_of(goal, letters or usual_letters(goal, where.table), where)
    if new is None:
        return None
    return rows.changed(Edit(side, rows.in_names(new), "written anew", 9.0))


class Rows:
    """Rows of LaTeX of which one side is changed, with the names that they give to parts."""

    def __init__(self, attempt: str, claim: Claim, where: Setting):
        self.attempt, self.claim, self.where = attempt, claim, where
        self.outcome = Outcome(claim.goal, where, "book")
        self.places = places(claim.side)
        self.named = named_parts(attempt, where.table)
        parts = own_parts(attempt, where.table, "book")
        self.said = {part.span: part for part in parts if part.span in self.named}

    def is_right(self, side: Node) -> bool:
        """Tell whether a formula is right in the place of the side."""
        goal, letters = self.claim.goal, self.claim.letters
        try:
            root = as_array(side, goal, letters, self.where.table)
            return self.outcome.right_everywhere(root)
        except EquationError:
            return False

    def changed(self, edit: Edit) -> str | None:
        """Return the rows with a change, if what is read of them then is right, or None.

        What a name stands for is changed in its own row or, as the name itself, where it is used.
        """
        for each in self.row_by_row(edit):
            for text in self.texts(each):
                if self.is_read_as_right(text):
                    return text
        return None

    def row_by_row(self, edit: Edit) -> Iterator[Edit]:
        """Yield the change as one of its own row, then of each that uses it, up to the side.

        In these the smallest part around the name is changed.
        """
        side = self.claim.side
        while True:
            if edit.old is side or edit.old.span not in self.named:
                yield edit
            row = next((span for span in self.named if is_in(edit.old.span, span)), None)
            if row is None or edit.old is side:
                return
            while edit.old is not side and is_in(edit.old.span, row):
                place = self.places[id(edit.old)]
                new = replaced(edit.old, edit.new, {id(edit.old): place})
                edit = edit._replace(old=place.parent, new=new)

    def texts(self, edit: Edit) -> Iterator[str]:
        """Yield the rows with a change, in brackets at last."""
        text = with_bounds(edit, self.attempt)
        if text is None and is_inserted(edit) and not isinstance(edit.new.children()[-1], Delta):
            text = with_inserted(edit, self.attempt, self.write)
        if text is not None:
            yield text
        for brackets in ("…", "(…)"):
            yield written(edit, self.attempt, self.write, brackets, {})

    def write(self, part: Node, quote: Quote) -> str:
        """Return a part as LaTeX, with names for those of its own parts that have one."""
        return latex(by_name(part, self.named, self.said))

    def in_names(self, new: Node) -> Node:
        """Return a formula with the names that other rows give to parts of it."""
        for span, said in self.said.items():
            if span != self.claim.side.span and not isinstance(said, Symbol | Indexed):
                name = name_for(new, self.named[span], said)
                if name is not None:
                    return name
        return new.with_parts(self.in_names)

    def is_read_as_right(self, text: str) -> bool:
        """Tell whether rows can be read, and say what is right in the place of the side."""
        line, side = self.claim.place
        try:
            equations, _ = read(text, self.where.table)
        except EquationError:
            return False
        is_there = -line <= len(equations) and side < len(equations[line].sides)
        return is_there and self.is_right(equations[line].sides[side])


def exchanges(side: Node) -> Iterator[Edit]:
    """Yield the formula with two of its free letters exchanged: x_j δ_i for x_i δ_j."""
    for one, other in combinations(free_letters(side), 2):
        yield Edit(side, renamed(side, {one: other, other: one}), "letters", 1.0)


def name_edits(node: Node, name: Node | None, letters: tuple[str, ...]) -> Iterator[Edit]:
    """Yield a part that is used by its name with another index letter of the name."""
    for old in free_letters(node) if isinstance(name, Indexed) else ():
        for new in letters:
            if new not in all_letters(node):
                yield Edit(node, renamed(node, {old: new}), "letters", 1.0)


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
        if edit.kind != "sum"  # a sum that is missing is no other axis
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
