"""A diagnosis in the reader's own notation and spelling, where it was brought to the book's."""

import re
from dataclasses import replace

from mlp_lib.equations.answers.answer import Asked, Diagnosis, with_remark
from mlp_lib.equations.answers.explaining import FirstWrong
from mlp_lib.equations.answers.findings import is_right
from mlp_lib.equations.latex import names_given
from mlp_lib.equations.printing import SUBSCRIPTS
from mlp_lib.equations.tables import Table
from mlp_lib.equations.texts.languages import is_other_code
from mlp_lib.equations.texts.pasted import holders, in_holders
from mlp_lib.equations.texts.plain_text import RAISED, SMALL
from mlp_lib.equations.texts.readers_signs import in_readers_signs
from mlp_lib.equations.texts.reading import as_here, as_plain_text, as_typed, without_marks
from mlp_lib.equations.tree import EquationError

IN_NUMPY = (
    "All of it is written as NumPy here: @ is the matrix product, * goes entry by entry, and .T is "
    "the transpose."
)
# Signs of plain text beside those of LaTeX.
IN_PLAIN_TEXT = {
    r"\hat y": "ŷ", r"\delta": "δ", r"\sum": "Σ", r"\sigma": "σ", r"\circ": "∘", r"\cdot": "·",
    r"\left": "", r"\right": "", r"\mathit": "",
}  # fmt: skip
ON_THE_LINE = SMALL | RAISED | {"−": "-"}
AS_LETTERS = str.maketrans(SMALL)
LOW = "".join(SMALL)
# A letter with what is set low behind it, W₂ⱼₖ, W_{2,jk} or W₂,ⱼₖ.
WITH_INDICES = re.compile(
    rf"([^\W\d_{LOW}])((?:,?[{LOW}]++|_[A-Za-z0-9](?!\w)|_[A-Za-z0-9](?=_)|_\{{[A-Za-z0-9,]++\}})++)"
)
# A layer's number with index letters right behind it.
TOGETHER = re.compile(r"[₀-₉][^,₀-₉]")


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
    """Return the diagnosis of a formula in plain text with every part of it as it is typed."""
    names = names_given(found.attempt, table)

    def typed(latex: str) -> str:
        try:
            text = as_plain_text(latex, table, names)
        except EquationError:
            text = latex.replace(r"\sum", "Σ")  # the sign and the bounds alone
        return in_readers_spelling(text, attempt)

    first = found.first_wrong
    if first is not None:
        text = typed(first.text)
        words, colon, part = first.so_far.partition(": ")
        so_far = words + colon + (typed(part) if part else "")
        first = FirstWrong(text, place_in(attempt, text), so_far)
    return replace(
        found,
        attempt=attempt,
        # What is quoted below a sentence is LaTeX; the first wrong step says where it is.
        message=re.sub(r"\\sum_(\w)", r"Σ_\1", found.message.partition("\n")[0]),
        notation="plain",
        trace=tuple(step._replace(text=typed(step.text)) for step in found.trace),
        first_wrong=first,
        suggestion=found.suggestion and typed(found.suggestion),
    )


def in_readers_spelling(text: str, attempt: str) -> str:
    """Return plain text with each letter's indices as the reader types them: W₂ⱼₖ for W₂,ⱼₖ.

    Where the reader sets a layer and indices apart nowhere, those that are new aren't, either.
    """
    typed = {spelling_of(each): each[0] for each in WITH_INDICES.finditer(attempt)}
    together = any(TOGETHER.search(each) for each in typed.values())
    together = together and not any("," in each for each in typed.values())

    def spelled(match: re.Match[str]) -> str:
        key = base, low = spelling_of(match)
        small = low.translate(SUBSCRIPTS)
        if key not in typed and together and len(low) > 1 and not set(small) & set(low):
            return base + small
        return typed.get(key, match[0])

    return WITH_INDICES.sub(spelled, text)


def spelling_of(match: re.Match[str]) -> tuple[str, str]:
    """Return a letter and what is set low behind it, however that is typed: W and 2jk."""
    return match[1], re.sub(r"[_,{}]", "", match[2]).translate(AS_LETTERS)


def place_in(attempt: str, part: str) -> tuple[int, int]:
    """Return where a part stands in a text, its spaces aside; all of the text if it doesn't."""
    return found_in(attempt, part) or (0, len(attempt))


def found_in(attempt: str, part: str) -> tuple[int, int] | None:
    """Return where a part stands in a text, spaces and spellings of indices aside, or None."""
    places = [place for place, sign in enumerate(attempt) if bare(sign)]
    signs = "".join(bare(attempt[place]) for place in places)
    start = signs.find(sought) if (sought := "".join(map(bare, part))) else -1
    if start < 0:
        return None
    end = places[start + len(sought) - 1] + 1
    return places[start], end + (attempt[end : end + 1] == "}")


def bare(sign: str) -> str:
    """Return a sign as it is compared: ₂ and ² as 2, and nothing for what only sets it low."""
    return "" if sign.isspace() or sign in "_,{}^" else ON_THE_LINE.get(sign, sign)


def error_as_typed(error: EquationError, attempt: str, plain: bool) -> EquationError:
    """Return the error about a text with what it quotes as it was typed.

    Of plain text nothing is quoted where what is wrong isn't found in it.
    """
    if not plain or error.text == attempt:
        return as_typed(error, attempt)
    marked = error.text[slice(*error.span)]
    for command, sign in IN_PLAIN_TEXT.items():
        marked = marked.replace(command, sign)
    place = found_in(attempt, marked)
    return EquationError(error.message, attempt, place) if place else EquationError(error.message)
