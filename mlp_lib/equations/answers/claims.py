"""What the lines of a derivation say of derivatives: each side, and what it is said to be."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from mlp_lib.equations.arrays import Rules
from mlp_lib.equations.letters import claimed_by
from mlp_lib.equations.printing import plain
from mlp_lib.equations.routes import shown_name
from mlp_lib.equations.texts.spelling import SHORT
from mlp_lib.equations.tree import Claim as Underbraced
from mlp_lib.equations.tree import Equation, EquationError, Node, Partial, ShapeOf, SizeOf, Symbol

LINE_END = re.compile(r"\n|;|\\\\")


class Claim(NamedTuple):
    """A side, the derivative that it is said to be, with its letters, and where the side stands.

    `own_name` is what an earlier line calls it, where that is short, dz2 for dJ_dz2: many courses
    leave the 1/N of the mean out of dz2 and put it into dW2. `on_the_way` is a formula without a
    name above the last line: a step, or another answer. `last` is the one behind the line that
    names the target, which may be another gradient: a layer gives back ∂J/∂x. `called` is another
    derivative that the line of the target names. `equals` is the expression, such as
    σ'(z₁), that a line on the way says the side is.
    """

    goal: Partial
    letters: tuple[str, ...]
    side: Node
    place: tuple[int, int]
    own_name: str = ""
    on_the_way: bool = False
    last: bool = False
    called: Partial | None = None
    equals: Node | None = None


def claims(equations: list[Equation], goal: Partial) -> Iterator[Claim]:
    """Yield each side with what it is said to be.

    About the target is the line that names it, or else the last one. What the last line returns,
    or shows, is an answer, too.
    """
    named = [named_by(equation, goal) for equation in equations]
    about = max((n for n, (claimed, _) in enumerate(named) if claimed == goal), default=-1)
    about = about if about >= 0 else len(equations) - 1
    answer = last_answer(equations, about)
    # dW2 / N, where a line above says what dW2 is.
    refined = answer is not None and any(
        node is equations[about].sides[-1] for node in answer.walk()
    )
    for number, (equation, (claimed, letters)) in enumerate(zip(equations, named, strict=True)):
        first, *others = equation.sides
        if number != about and claimed is None and not others and first is not answer:
            yield Claim(goal, (), first, (number - len(equations), 0), on_the_way=True)
        if number != about and (claimed is None or not others):
            yield from identities(equation, goal, number - len(equations))
            continue
        if number == about and refined:
            continue
        if len(set(letters)) < len(letters):
            if number != about:
                yield from identities(equation, goal, number - len(equations))
                continue  # it says something of some entries only
            raise EquationError(
                f"{plain(first)} are only the entries with equal indices; give each its own letter",
                equation.text,
                first.span,
            )
        on_right = claimed is not None and claimed_by(left_side(equation))[0] is None
        # A name on the left is no formula, and none on the right if that is the target's.
        has_name = bool(others) and (claimed is not None or isinstance(first, Symbol))
        wanted = goal if number == about or claimed is None else claimed
        name = "" if number == about else equation.text[slice(*first.span)]
        own_name = name if re.fullmatch(r"d([zZaA][12]|h|yhat|[xX])", name) else ""
        if SHORT in name:
            own_name = f"d{plain(claimed.by)}"
        for place, side in enumerate(equation.sides):
            if on_right and side is equation.sides[-1]:
                continue
            if place or not has_name or on_right:
                kept = letters if has_name else ()
                # Lines before it may go when one of them is mended: it is counted from the last.
                called = claimed if has_name and wanted != claimed else None
                where = (number - len(equations), place)
                yield Claim(wanted, kept, side, where, own_name, called=called)
    if answer is not None:
        yield Claim(goal, (), answer, (-1, 0), last=True)


def identities(equation: Equation, goal: Partial, line: int) -> Iterator[Claim]:
    """Yield each further side of a line on the way as what its first side is said to be.

    What lines say of a symbol such as h is asked for elsewhere: it says which network is meant.
    """
    first, *others = equation.sides
    if not isinstance(first, Symbol):
        for place, side in enumerate(others, start=1):
            yield Claim(goal, (), side, (line, place), equals=first)


def last_answer(equations: list[Equation], about: int) -> Node | None:
    """Return the formula without a name that ends the lines: what is returned, or shown.

    It is below the line that names the target, `about`; updates are read before it.
    """
    (answer, *others), text = equations[-1]
    named, *_ = equations[about].sides
    start, _ = answer.span
    before = LINE_END.split(text[:start])[-1]
    below = about < len(equations) - 1 and named.span[0] < start and "=" not in before
    if others or not below or isinstance(answer, ShapeOf | SizeOf):
        return None
    return answer


def another_name(equations: list[Equation], goal: Partial, rules: Rules) -> str:
    """Return what the last line calls the target, if it has another name there, or ""."""
    named = [claimed_by(left_side(equation))[0] for equation in equations]
    *_, last = equations
    first = left_side(last)
    if goal in named or len(last.sides) < 2:
        return ""
    if named[-1] is not None:
        return shown_name(named[-1])
    return shown_name(first) if isinstance(first, Symbol) and rules == "book" else ""


def named_by(equation: Equation, goal: Partial) -> tuple[Partial | None, tuple[str, ...]]:
    """Return the derivative that the left side names, or the right one if that is the target."""
    *_, last = equation.sides
    left, right = claimed_by(left_side(equation)), claimed_by(last)
    return right if left[0] is None and right[0] == goal else left


def left_side(equation: Equation) -> Node:
    """Return what stands on the left of an equation, without a brace under it."""
    first = equation.sides[0]
    return first.body if isinstance(first, Underbraced) else first
