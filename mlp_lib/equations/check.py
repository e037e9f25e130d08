"""The check of an equation: shapes by name first, then values at several random networks."""

from itertools import pairwise
from typing import NamedTuple

import numpy as np

from mlp_lib.equations.evaluate import Evaluation, ShapeError, Value, point, shape_text
from mlp_lib.equations.latex import parse_latex
from mlp_lib.equations.tables import Table, question
from mlp_lib.equations.tree import Claim, Equation, Node, Number, Span, quoted, snippet

# Both sides are exact to rounding (derivatives come by complex step); mistakes are above 1e-3.
TOLERANCE = 1e-9
# What is left, relative to the largest number on the way, where the exact result is 0.
ROUNDING = 1e-13


class Report(NamedTuple):
    """Whether an equation holds and, if not, what fails, where and why.

    `failure` is "shape", "value" or, for an equation that says nothing, "vacuous". `link` and
    `sub_expression` quote the text: for a shape the smallest part that fails, for a value the right
    side, which is said to equal the left one.
    """

    holds: bool
    failure: str = ""
    message: str = ""
    link: str = ""
    sub_expression: str = ""


def check(text: str, table: Table | None = None) -> Report:
    """Compare both sides of each link of the LaTeX equation, shapes first, then values.

    Raises EquationError for a text that cannot be read, or that takes too much to compute.
    """
    table = table or question()
    for equation in parse_latex(text, table):
        report = check_links(equation, table)
        if not report.holds:
            return report
    return Report(True)


def check_links(equation: Equation, table: Table) -> Report:
    """Check each link of one chain at every network of the table."""
    sides, text = equation
    if len(sides) == 1 and not any(isinstance(node, Claim) for node in sides[0].walk()):
        return failed(equation, 0, sides[0], "vacuous", "a formula without = or ∈ states nothing")
    # The links whose sides were 0 at every network so far, and don't say so.
    silent = {
        link
        for link, pair in enumerate(pairwise(sides))
        if sum(is_zero(side) for side in pair) != 1
    }
    # What overflows or is no number fails the comparison: a warning adds nothing.
    with np.errstate(all="ignore"):
        for number in range(len(table.sizes)):
            evaluation = point(table, number).evaluation(text)
            try:
                evaluation.find_letters(*sides)
                values = [evaluation.evaluate(side) for side in sides]
            except ShapeError as error:
                return failed(equation, side_of(equation, error.span), error, "shape")
            for link, pair in enumerate(pairwise(zip(sides, values, strict=True))):
                left, right = with_zero(*pair)
                failure, message = compare(left, right, evaluation)
                if failure:
                    return failed(equation, link, sides[link + 1], failure, message)
                if not negligible(evaluation, left, right):
                    silent.discard(link)
    if silent:
        link = min(silent)
        return failed(
            *(equation, link, sides[link + 1], "vacuous"),
            "both sides are 0 at every network, so that comparing them says nothing about either;"
            " a claim that something vanishes is written = 0",
        )
    return Report(True)


def side_of(equation: Equation, span: Span) -> int:
    """Return the number of the side that the span lies in."""
    ends = [side.span[1] for side in equation.sides]
    return next((number for number, end in enumerate(ends) if span[1] <= end), len(ends) - 1)


def failed(
    equation: Equation, link: int, where: Node | ShapeError, failure: str, message: str = ""
) -> Report:
    """Return the report on a failure, which quotes the link and the sub-expression."""
    sides, text = equation
    link = max(0, min(link, len(sides) - 2))
    quotes = [snippet(text, side.span) for side in sides[link : link + 2]]
    shown = [where.span]
    if failure == "value":
        shown.insert(0, sides[link].span)
    return Report(
        False,
        failure,
        "\n".join(
            [
                message or where.message,
                f"in {snippet(text, where.span)}",
                *([f"of {' = '.join(quotes)}"] if quotes[1:] else []),
                *(quoted(text, span) for span in shown),
            ]
        ),
        " = ".join(quotes),
        snippet(text, where.span),
    )


def compare(left: Value, right: Value, evaluation: Evaluation) -> tuple[str, str]:
    """Return what fails in one link and why; two empty texts if nothing does."""
    if left.axes != right.axes:
        return "shape", f"left is {shape_text(left.axes)}, right is {shape_text(right.axes)}"
    if left.lead != right.lead:
        letters = [
            letter
            for letter, *sizes in zip(evaluation.letters, left.lead, right.lead, strict=True)
            if sizes[0] != sizes[1]
        ]
        return "shape", f"the index {', '.join(letters)} is free on one side only"
    difference = np.abs(left.array - right.array)
    # What is no number, or infinite, never holds.
    if np.isfinite(difference).all() and (
        equal(left, right) or negligible(evaluation, left, right)
    ):
        return "", ""
    wrong = np.where(np.isfinite(difference), difference, np.inf)
    index = np.unravel_index(wrong.argmax(), wrong.shape)
    return (
        "value",
        f"the values differ{entry_text(index, left, evaluation)}: "
        f"{left.array[index]:.6g} on the left, {right.array[index]:.6g} on the right",
    )


def equal(left: Value, right: Value) -> bool:
    """Tell whether two values have the same axes and, up to rounding, the same finite numbers."""
    if left.axes != right.axes or left.array.shape != right.array.shape:
        return False
    scale = np.linalg.norm(left.array) + np.linalg.norm(right.array)
    difference = np.linalg.norm(left.array - right.array)
    return bool(np.isfinite(scale) and difference <= TOLERANCE * scale)


def negligible(evaluation: Evaluation, *values: Value) -> bool:
    """Tell whether the values are 0 up to the rounding of what they are computed from."""
    # A large number that someone wrote doesn't make the random values, which are near 1, small.
    small = min(ROUNDING * evaluation.largest, TOLERANCE)
    return all(np.abs(value.array).max() <= small for value in values)


def with_zero(left: tuple[Node, Value], right: tuple[Node, Value]) -> tuple[Value, Value]:
    """Give a side that is written 0 the shape of the other side."""
    (one, first), (other, second) = left, right
    if is_zero(other):
        return first, Value(np.zeros_like(first.array), first.axes)
    if is_zero(one):
        return Value(np.zeros_like(second.array), second.axes), second
    return first, second


def is_zero(node: Node) -> bool:
    """Tell whether a side is the number 0, as it is written."""
    return isinstance(node, Number) and node.value == 0


def entry_text(index: tuple[np.intp, ...], value: Value, evaluation: Evaluation) -> str:
    """Name an entry: its letters with their values, and its place on the named axes, from 0."""
    count = len(value.lead)
    letters = [
        f"{letter}={place}"
        for letter, place, size in zip(evaluation.letters, index[:count], value.lead, strict=True)
        if size > 1
    ]
    places = ", ".join(str(place) for place in index[count:])
    return (f" at [{', '.join(letters)}]" if letters else "") + (
        f" at entry [{places}] of {shape_text(value.axes)}" if places else ""
    )
