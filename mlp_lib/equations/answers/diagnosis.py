"""The diagnosis of a reader's formula: its verdict, its first wrong step, and the smallest fix.

The formula is parsed, never executed. It is judged at several random networks of pairwise different
sizes against derivatives taken by complex step, and at extreme ones; a suggestion is shown only
after it has been judged right in the same way.
"""

import re
from dataclasses import replace

import numpy as np

from mlp_lib.equations.answers.answer import Asked, Diagnosis, with_remark
from mlp_lib.equations.answers.claims import named_by
from mlp_lib.equations.answers.findings import first_finding, is_right
from mlp_lib.equations.answers.hints import titles_without_answer, without_answer
from mlp_lib.equations.answers.suggestions import with_the_whole_mended
from mlp_lib.equations.answers.typed import error_as_typed, found_as_typed, with_readers_signs
from mlp_lib.equations.arrays import DoesNotFit, evaluate
from mlp_lib.equations.letters import free_letters, has_letters
from mlp_lib.equations.numpy_code.reader import early_name, overwritten
from mlp_lib.equations.routes import close, shown_name
from mlp_lib.equations.setting import Labels, Loss, Setting, Setup, setting
from mlp_lib.equations.tables import Table
from mlp_lib.equations.texts.reading import as_here, numbers_for_sizes, read, said_shapes
from mlp_lib.equations.texts.shapes_beside import fits
from mlp_lib.equations.texts.spelling import OWN_ROW
from mlp_lib.equations.tree import ONES, EquationError, Kronecker

# A line that begins with a sign, as one does that is to go on with the line before.
SIGN_FIRST = re.compile(r"\n[ \t]*+([+-])")
KRONECKER = re.compile(r"\\otimes(?![A-Za-z])")
LEADING_MINUS = re.compile(r"\\\\(?=\s*-)(?! \\!)")


def diagnose(
    attempt: str,
    target: str,
    *,
    setup: Setup = "row",
    loss: Loss = "sum",
    labels: Labels = "sum to 1",
    suggest: bool = True,
) -> Diagnosis:
    """Tell whether a formula for a derivative is right and, if not, where it goes wrong and why.

    `attempt` is NumPy text, LaTeX or plain text such as (ŷ − y) W₂ᵀ: a formula, an equation, a
    chain of them, or lines that name their parts. `target` is a derivative's name such as dJ_dW1.
    `setup` is "row" (x is (1, D_x)), "vec" (x is (D_x,)) or "batch" (x is (N, D_x)); `loss` is
    "sum" or "mean" over the batch. Rows of y sum to 1 unless `labels` is "any".

    With `suggest=False`, as in an exercise, nothing that is said holds the right formula.

    Raises TypeError for an attempt that is no text, ValueError for a target, setup, loss or labels
    that there is none of. An attempt that can't be read gets the verdict "unusable input".
    """
    if not isinstance(attempt, str):
        raise TypeError(
            f"attempt is {type(attempt).__name__}, expected the formula's text, because it is "
            "read and never executed"
        )
    where = setting(setup, loss, labels)
    asked = Asked(target, where.target(target), where)
    text, plain = attempt, False
    try:
        text, plain, sign = as_here(attempt, where.table)
        with np.errstate(all="ignore"):
            found = of_text(text, asked, suggest)
            found = with_what_is_beside(found, text, attempt, asked.where)
            if sign:
                found = with_remark(found, f"{sign} is read as the product whose shapes fit there.")
            shown = found_as_typed(found, attempt, plain, asked.where.table)
            return with_readers_signs(shown, attempt, asked)
    except EquationError as error:
        shown = EquationError(error.message, error.text or text, error.span)
        shown = error_as_typed(shown, attempt, plain)
        return Diagnosis(text, target, False, "unusable input", str(shown))


def of_text(text: str, asked: Asked, suggest: bool) -> Diagnosis:
    """Return the diagnosis of a text in the spelling that is read.

    Raises EquationError for what can't be read.
    """
    text = with_rows_apart(text, asked)
    outer = with_outer_products(text, asked)
    found, count, asked = in_either_meaning_of_ones(outer, asked, suggest)
    if outer != text:
        found, text = with_remark(found, "⊗ is read as the outer product of two rows."), outer
    if not suggest:
        found = without_the_answer(found)
    elif not found.ok:
        found = with_the_whole_mended(found, text, asked, count)
    if found.notation != "numpy":
        return found
    if found.ok:
        return with_order_of_lines(found, text, asked.where.table)
    found = with_lines_that_end(found, text, asked, suggest)
    return with_what_is_overwritten(found, text, asked.where)


def in_either_meaning_of_ones(
    text: str, asked: Asked, suggest: bool
) -> tuple[Diagnosis, int, Asked]:
    """Return the first finding, how many sides there are, and with which meaning of 𝟏 it is so.

    𝟏 is the book's row, or the column that many courses have where only that fits.
    """
    found, count = first_finding(text, asked, suggest)
    if not found.ok and blames_ones(found):
        with_column = asked._replace(where=asked.where.but(column_of_ones=True))
        other, others = first_finding(text, with_column, suggest)
        if other.ok or (found.verdict == "shape" and other.verdict != "shape"):
            said = "𝟏 is read as a column of ones; in the book it is a row."
            return with_remark(other, said), others, with_column
    return found, count, asked


def with_what_is_beside(found: Diagnosis, text: str, attempt: str, where: Setting) -> Diagnosis:
    """Return the diagnosis of a right formula with what is said of sizes in it and beside it."""
    if found.ok and found.notation == "book":
        found = with_numbers_for_sizes(found, text, where.table)
    return with_shapes_beside(found, attempt, where) if found.ok else found


def with_rows_apart(text: str, asked: Asked) -> str:
    """Return LaTeX whose rows that begin with a minus are rows of their own, if it is right so.

    Below a row that names the target such a row goes on with it.
    """
    apart = LEADING_MINUS.sub(lambda match: OWN_ROW, text)
    if apart == text or is_right(text, asked) or not is_right(apart, asked):
        return text
    equations, _ = read(apart, asked.where.table)
    is_named = any(named_by(equation, asked.goal)[0] == asked.goal for equation in equations)
    return text if is_named else apart


def with_outer_products(text: str, asked: Asked) -> str:
    """Return LaTeX with xᵀ δ for x ⊗ δ, where Kronecker's product doesn't fit and this one does."""
    outer = KRONECKER.sub(r"^T \\cdot ", text)
    if outer == text:
        return text
    try:
        equations, _ = read(text, asked.where.table)
        one, other = (
            first_finding(each, asked, suggest=False)[0].verdict for each in (text, outer)
        )
    except EquationError:
        return text
    nodes = (node for equation in equations for side in equation.sides for node in side.walk())
    of_rows = (has_letters(node) for node in nodes if isinstance(node, Kronecker))
    if asked.where.setup == "batch" and not all(of_rows):
        return text  # a batch has no outer product with another one
    return outer if one == "shape" and other in ("right", "sign", "factor") else text


def with_order_of_lines(found: Diagnosis, text: str, table: Table) -> Diagnosis:
    """Return the diagnosis of right code with a remark on a line that stands too low to run."""
    if not (name := early_name(text, table)):
        return found
    said = f"Python reads from the top: {name} is used above the line that says what it is."
    return with_remark(found, said)


def with_numbers_for_sizes(found: Diagnosis, text: str, table: Table) -> Diagnosis:
    """Return the diagnosis of a right formula with a remark on sums that end at a number."""
    said = [
        f"A sum has {number} terms: it is right where {size} is {number}."
        for size, number in numbers_for_sizes(text, table).items()
    ]
    return with_remark(found, " ".join(said))


def with_shapes_beside(found: Diagnosis, attempt: str, where: Setting) -> Diagnosis:
    """Return the diagnosis of a right formula that has a false shape written beside it."""
    for part, rules, sizes in said_shapes(attempt, where.table):
        if has_letters(part) and free_letters(part):
            continue
        try:
            shapes = [evaluate(part, network.arrays(rules)).shape for network in where.ordinary]
        except (DoesNotFit, EquationError):
            continue
        if where.setup != "batch" and "N" in sizes:
            continue  # said of a batch, which one row may be
        networks = zip(shapes, where.ordinary, strict=True)
        if not all(fits(sizes, shape, network.point.sizes) for shape, network in networks):
            said = (
                "The formula is right, but a shape that is written beside it isn't: it is "
                f"{where.shape_name(shapes)}, not {'×'.join(sizes)}."
            )
            return replace(found, ok=False, verdict="shape", message=said)
    return found


def with_lines_that_end(found: Diagnosis, text: str, asked: Asked, suggest: bool) -> Diagnosis:
    """Return the diagnosis of wrong code that is right if a line went on where it ends."""
    joined = SIGN_FIRST.sub(r" \1", text)
    if joined == text or not is_right(joined, asked):
        return found
    said = "Python ends a formula at the end of its line; the next one, which begins with a sign, "
    said += "is a formula of its own."
    return replace(with_remark(found, said), suggestion=joined if suggest else None)


def without_the_answer(found: Diagnosis) -> Diagnosis:
    """Return the diagnosis with a hint in the place of what holds the right formula."""
    return replace(
        found,
        mistake=found.mistake and without_answer(found.mistake),
        remark=titles_without_answer(found.remark),
    )


def with_what_is_overwritten(found: Diagnosis, text: str, where: Setting) -> Diagnosis:
    """Return the diagnosis of wrong code with a remark on a line that makes x another array."""
    at = where.ordinary[0].arrays("numpy")
    for symbol, made in overwritten(text, where.table):
        try:
            same = close(evaluate(made, at), evaluate(symbol, at))
        except (DoesNotFit, EquationError):
            same = False
        is_update = found.mistake is not None and found.mistake.name == "updated weights"
        if not same and not is_update:
            line = text.split("\n")[text.count("\n", 0, made.span[0])].strip()
            said = f"{shown_name(symbol)} is given, and a line overwrites it: {line}."
            return with_remark(found, said)
    return found


def blames_ones(found: Diagnosis) -> bool:
    """Tell whether what doesn't fit has 𝟏 in it."""
    blamed = found.first_wrong
    return "𝟏" in found.message or (blamed is not None and ONES in blamed.text)
