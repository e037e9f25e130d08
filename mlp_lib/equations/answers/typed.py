"""A diagnosis in the reader's own notation and spelling, where it was brought to the book's."""

import re
from dataclasses import replace

from mlp_lib.equations.answers.answer import Asked, Diagnosis, with_remark
from mlp_lib.equations.answers.explaining import FirstWrong
from mlp_lib.equations.answers.findings import is_right
from mlp_lib.equations.latex import names_given
from mlp_lib.equations.tables import Table
from mlp_lib.equations.texts.languages import is_other_code
from mlp_lib.equations.texts.pasted import holders, in_holders
from mlp_lib.equations.texts.readers_signs import in_readers_signs
from mlp_lib.equations.texts.reading import as_here, as_plain_text, as_typed, without_marks
from mlp_lib.equations.tree import EquationError

IN_NUMPY = (
    "All of it is written as NumPy here: @ is the matrix product, * goes entry by entry, and .T is "
    "the transpose."
)


def found_as_typed(found: Diagnosis, attempt: str, plain: bool, table: Table) -> Diagnosis:
    """Return the diagnosis with the attempt and its parts as they were typed, where that can be."""
    if plain:
        return in_plain_text(found, attempt, table)
    if not found.ok and found.notation == "numpy" and is_other_code(attempt):
        found = with_remark(found, IN_NUMPY)
    return held_as_before(unmarked(found, attempt), holders(attempt))


def with_readers_signs(found: Diagnosis, attempt: str, asked: Asked) -> Diagnosis:
    """Return the diagnosis of a formula whose suggestion has the reader's own signs, X for x."""
    if found.notation == "numpy" or found.suggestion is None:
        return found
    own = in_readers_signs(found.suggestion, attempt, found.notation == "plain")
    try:
        text = as_here(own, asked.where.table).text
    except EquationError:
        return found
    is_read = own != found.suggestion and is_right_with_either_ones(text, asked)
    return replace(found, suggestion=own) if is_read else found


def is_right_with_either_ones(text: str, asked: Asked) -> bool:
    """Tell whether a text is right where 𝟏 is the book's row, or where it is a column."""
    with_column = asked._replace(where=asked.where.but(column_of_ones=True))
    return is_right(text, asked) or is_right(text, with_column)


def unmarked(found: Diagnosis, typed: str) -> Diagnosis:
    """Return the diagnosis without the signs that its text got to be read as it is meant."""
    sentence, is_quoted, _ = found.message.partition("\n")
    if is_quoted and found.first_wrong is not None:
        error = EquationError(sentence, found.attempt, found.first_wrong.span)
        found = replace(found, message=str(as_typed(error, typed)))
    first = found.first_wrong
    return replace(
        found,
        attempt=without_marks(found.attempt),
        trace=tuple(step._replace(text=without_marks(step.text)) for step in found.trace),
        first_wrong=first and first._replace(text=without_marks(first.text)),
        suggestion=found.suggestion and without_marks(found.suggestion),
    )


def held_as_before(found: Diagnosis, names: dict[str, str]) -> Diagnosis:
    """Return the diagnosis of code with each array where the reader holds it: cache["A1"]."""
    if found.notation != "numpy" or not names:
        return found
    first, message = found.first_wrong, found.message
    attempt = in_holders(found.attempt, names)
    if first is not None:
        text = in_holders(first.text, names)
        message = message.replace(f"In {first.text} the", f"In {text} the")
        words, colon, part = first.so_far.partition(": ")
        start = attempt.find(text)
        so_far = words + colon + in_holders(part, names)
        first = FirstWrong(text, (start, start + len(text)), so_far)
    return replace(
        found,
        attempt=attempt,
        message=message,
        trace=tuple(step._replace(text=in_holders(step.text, names)) for step in found.trace),
        first_wrong=first,
        suggestion=found.suggestion and in_holders(found.suggestion, names),
    )


def in_plain_text(found: Diagnosis, attempt: str, table: Table) -> Diagnosis:
    """Return the diagnosis of a formula in plain text with every part of it as plain text."""
    names = names_given(found.attempt, table)
    first = found.first_wrong
    if first is not None:
        text = as_plain_text(first.text, table, names)
        start = attempt.find(text)
        span = (start, start + len(text)) if start >= 0 else (0, len(attempt))
        words, colon, part = first.so_far.partition(": ")
        so_far = words + colon + (as_plain_text(part, table, names) if part else "")
        first = FirstWrong(text, span, so_far)
    return replace(
        found,
        attempt=attempt,
        # What is quoted below a sentence is LaTeX; the first wrong step says where it is.
        message=re.sub(r"\\sum_(\w)", r"Σ_\1", found.message.partition("\n")[0]),
        notation="plain",
        trace=tuple(
            step._replace(text=as_plain_text(step.text, table, names)) for step in found.trace
        ),
        first_wrong=first,
        suggestion=found.suggestion and as_plain_text(found.suggestion, table, names),
    )
