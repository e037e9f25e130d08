"""The check of an equation: shapes by name first, then values at several random networks."""

from itertools import pairwise
from typing import NamedTuple

import numpy as np

from mlp_lib.equations.evaluate import Evaluation, Value, point, shape_text
from mlp_lib.equations.latex import parse_latex
from mlp_lib.equations.tables import Table, question
from mlp_lib.equations.tree import Equation, EquationError, quoted

# Both sides are exact to rounding (derivatives come by complex step); mistakes are above 1e-3.
TOLERANCE = 1e-9


class Report(NamedTuple):
    """Whether an equation holds and, if not, whether shape or value fails, where and why."""

    holds: bool
    failure: str = ""  # "", "shape" or "value"
    message: str = ""


def check(text: str, table: Table | None = None) -> Report:
    """Compare both sides of each link of the LaTeX equation, shapes first, then values.

    Raises EquationError for a text that cannot be read.
    """
    table = table or question()
    for equation in parse_latex(text, table):
        report = check_links(equation, table)
        if not report.holds:
            return report
    return Report(True)


def check_links(equation: Equation, table: Table) -> Report:
    """Check each link of one chain at every network of the table."""
    for number in range(len(table.sizes)):
        where = point(table, number)
        evaluation = Evaluation(table, where.sizes, where.values, text=equation.text)
        try:
            evaluation.find_letters(*equation.sides)
            values = [evaluation.evaluate(side) for side in equation.sides]
        except EquationError as error:
            return Report(False, "shape", str(error))
        for (left, right), (a, b) in zip(pairwise(equation.sides), pairwise(values), strict=True):
            report = compare(a, b)
            if not report.holds:
                return report._replace(
                    message=f"{report.message}\n{quoted(equation.text, left.span)}"
                    f"\n{quoted(equation.text, right.span)}"
                )
    return Report(True)


def compare(left: Value, right: Value) -> Report:
    """Compare the two sides of one link."""
    if left.axes != right.axes:
        return Report(
            False,
            "shape",
            f"left is {shape_text(left.axes)}, right is {shape_text(right.axes)}",
        )
    if left.lead != right.lead:
        return Report(False, "shape", "the two sides have different free indices")
    difference = np.linalg.norm(left.array - right.array)
    scale = np.linalg.norm(left.array) + np.linalg.norm(right.array)
    if not difference <= TOLERANCE * max(scale, TOLERANCE):
        index = np.unravel_index(np.abs(left.array - right.array).argmax(), left.array.shape)
        return Report(
            False,
            "value",
            f"the values differ: {left.array[index]:.6g} on the left, "
            f"{right.array[index]:.6g} on the right",
        )
    return Report(True)
