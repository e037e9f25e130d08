"""Which notation a reader's text is in, and what it says."""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from mlp_lib.equations.arrays import Rules
from mlp_lib.equations.latex import (
    MAX_LENGTH,
    moved_to_the_right,
    parse_derivation,
    parsed_with,
    parts_of_rows,
    read_lines,
)
from mlp_lib.equations.letters import claimed_by
from mlp_lib.equations.numpy_code.lines import spaced_chains
from mlp_lib.equations.numpy_code.names import SPELLINGS
from mlp_lib.equations.numpy_code.reader import parse_numpy, parts_of_lines
from mlp_lib.equations.numpy_code.syntax import python_tree, refuse_before_parsing
from mlp_lib.equations.printing import plain
from mlp_lib.equations.tables import Table
from mlp_lib.equations.texts.bounds_of_sums import sizes_by_number, with_sizes
from mlp_lib.equations.texts.characters import usual_characters
from mlp_lib.equations.texts.matlab import ENTRYWISE, MATLAB, numpy_of_matlab, with_transposes
from mlp_lib.equations.texts.pasted import FENCE, derivation_in
from mlp_lib.equations.texts.plain_text import MissingError, latex_of_plain, own_names, refuse_words
from mlp_lib.equations.texts.products_by_shape import EITHER, with_products_that_fit
from mlp_lib.equations.texts.shapes_beside import shapes_beside
from mlp_lib.equations.texts.spelling import (
    CODE,
    OWN_ROW,
    QUOTIENT,
    SHORT,
    code_as_here,
    explained_first,
    latex_as_here,
    names_as_latex,
    plain_as_here,
)
from mlp_lib.equations.tree import Equation, EquationError, Node, Symbol

ONLY_IN_LATEX = ("\\", "^", "_{", "{")
MARK = r"\, "  # says nothing but that a text is LaTeX
# Signs that people type, or copy from a page, where they write neither NumPy nor LaTeX.
ONLY_IN_PLAIN_TEXT = "∂∇∘⊙⊗·−ᵀ₁₂²ᵢⱼₖₗₙΣσ×½"


def names_of(symbol: str) -> list[str]:
    """Return the names of several letters that only NumPy text has for a symbol."""
    return [name for name, known in SPELLINGS.items() if known == symbol and len(name) > 2]


# What NumPy text calls ŷ and y by, and an error by its letter's name.
NAMES_IN_CODE = {name: re.compile(rf"(?<![A-Za-z_])(d?)(?:{'|'.join(each)})(?![A-Za-z0-9_])")
                 for name, each in (("yhat", names_of(r"\hat y")), ("y", names_of("y")))}
DELTA = re.compile(r"(?<![A-Za-z\\])delta(?![A-Za-z])")
# A transpose, and a quotient with a value, as Python has neither: there * may be either product.
NO_PYTHON = re.compile(
    r"[A-Za-z0-9_)\]]\s*\^\s*(?:T(?![A-Za-z0-9_])|\{\s*T\s*\})"
    r"|^[ \t]*+d\w+[ \t]*+/[ \t]*+d\w+[ \t]*+=(?!=)",
    re.MULTILINE,
)
# h' (ŷ − y), where no slope of a pre-activation is left, and transpose(h).
TURNED = re.compile(r"((?<![A-Za-z])[A-Za-zŷδ]|[)\]₁₂])'(?=\s*\()")
SUM_OVER = re.compile(r"(?<![\w.])sum_([a-z])(?=\s*\()")
TRANSPOSE_OF = re.compile(r"(?<![A-Za-z.])transpose\s*(\([^()]*+\))")
# A line that gives a name to a part, and one that goes on in the next line.
NAMING = re.compile(r"\s*(?:\\delta|\\hat\s*\w|[A-Za-z])\s*(?:_\s*(?:\w|\{[\w,]+\}))?\s*&?=")
CONTINUED = re.compile(r"(?:[=+({\[-]|\\(?:cdot|circ|odot|left\s*[(\[]))\s*$")
OPENS = re.compile(r"\\begin\{\w+\}\s*$")
IN_BRACES = re.compile(r"\{[^{}]*\}")
# dz_2, as it is marked where it is read as a derivative.
SHORT_NAME = re.compile(
    rf"\\frac\{{\\partial J\}}\{{\\partial ([zh](?:_\d)?){re.escape(SHORT)}\}}"
)
TOKEN = re.compile(r"\\[A-Za-z]+|.", re.DOTALL)
# The letters of a learning rate and of a penalty's weight.
RATE = re.compile(r"\\(?:eta|alpha|lambda)(?![A-Za-z])|[ηαλ]")


class Text(NamedTuple):
    """A reader's text as it is read here, and whether it was plain text, (ŷ − y) W₂ᵀ.

    `sign` is one for either product, read as the one that fits.
    """

    text: str
    plain: bool
    sign: str = ""


def as_here(text: str, table: Table) -> Text:
    """Return NumPy text and LaTeX in the spelling that is read, and plain text as LaTeX.

    Raises EquationError for plain text that can't be read.
    """
    if len(text) > MAX_LENGTH:
        return Text(text, False)
    text = explained_first(derivation_in(text))
    if re.search(r"\\[A-Za-z(\[$]|\$", text):
        refuse_rate(text)
        return latex_text(marked(lines_apart(latex_as_here(names_as_latex(text)))), table)
    if CODE.search(text):
        return Text(with_transposes_if_needed(spaced_chains(code_as_here(text)), table), False)
    if (code := code_with_other_signs(text, table)) is not None:
        return Text(code, False)
    if any(sign in text for sign in ONLY_IN_PLAIN_TEXT) or is_matlab(text):
        return plain_text(text, table)
    if "*" in text and NO_PYTHON.search(text) and (found := plain_text_that_fits(text, table)):
        return found
    # A δ may be a name in Python.
    try:
        parse_numpy(code := spaced_chains(code_as_here(text)), table)
    except EquationError:
        text = with_usual_names(text)
        is_plain = TURNED.search(text) or own_names(text)
        is_plain = is_plain and "\\" not in text and not is_python(text)
        if any(sign in text for sign in ("δ", "ᵀ", "ŷ", "Ŷ", "𝟏", "Σ")) or is_plain:
            return plain_text(text, table)
        if any(sign in text for sign in ONLY_IN_LATEX) or QUOTIENT.search(text):
            if "\\" not in text:
                refuse_words(plain_as_here(text))
            return latex_text(lines_apart(latex_as_here(names_as_latex(text))), table)
        return Text(text, False)
    return Text(code, False)


def is_python(text: str) -> bool:
    """Tell whether Python's parser takes the text, whatever it says."""
    try:
        refuse_before_parsing(text)
        python_tree(text)
    except EquationError:
        return False
    return True


def with_usual_names(text: str) -> str:
    """Return plain text with the book's names for those that only NumPy text knows: y_pred."""
    for name, others in NAMES_IN_CODE.items():
        text = others.sub(rf"\1{name}", text)
    return SUM_OVER.sub(r"Σ_\1 ", TRANSPOSE_OF.sub(r"\1ᵀ", DELTA.sub("δ", text)))


def with_transposes_if_needed(code: str, table: Table) -> str:
    """Return NumPy text with .T for each ', as MATLAB has it, if it can be read only so."""
    if not MATLAB.search(code):
        return code
    for text in (code, with_transposes(code)):
        try:
            parse_numpy(text, table)
        except EquationError:
            continue
        return text
    return code


def is_matlab(text: str) -> bool:
    """Tell whether a text has MATLAB's signs and isn't Python, which has quotes around texts."""
    return bool(MATLAB.search(text)) and not is_python(text)


def code_with_other_signs(text: str, table: Table) -> str | None:
    """Return NumPy text for MATLAB's, or for NumPy text with σ in it, or None for neither."""
    others = any(sign in text.replace("σ", "") for sign in ONLY_IN_PLAIN_TEXT)
    if others or not ("σ" in text or is_matlab(text)):
        return None
    code = numpy_of_matlab(text) if is_matlab(text) else text
    code = re.sub(r"σ'(?=\()", "sigmoid_prime", code)
    code = code_as_here(re.sub(r"σ(?=\s*\()", "sigmoid", code))
    try:
        parse_numpy(code, table)
    except EquationError:
        return None
    return code


def plain_text(text: str, table: Table) -> Text:
    """Return plain text as LaTeX.

    Raises EquationError for a sign of which it is unclear for which product it stands.
    """
    refuse_rate(text)
    text = with_usual_names(text).replace(ENTRYWISE, "∘")
    text = TURNED.sub(r"\1ᵀ", plain_as_here(text))
    refuse_words(text)
    try:
        latex = latex_of_plain(text)
    except MissingError as error:
        raise error.in_words() from None
    if (fitting := with_products_that_fit(marked(latex), table)) is None:
        for sign in "×*":
            refuse_either_product(text, sign, "·", "∘")
    latex, sign = fitting
    return Text(latex, True, {r"\times": "×", r"\ast": "*"}.get(sign, sign))


def plain_text_that_fits(text: str, table: Table) -> Text | None:
    """Return plain text as LaTeX with the product that fits for each *, or None if none does."""
    try:
        return plain_text(text, table)
    except EquationError:
        return None


def latex_text(latex: str, table: Table) -> Text:
    """Return LaTeX with the product that fits for each sign of either, where that is clear."""
    latex, sign = with_products_that_fit(latex, table) or (latex, "")
    return Text(latex, False, sign)


def marked(latex: str) -> str:
    """Return LaTeX with a sign of its own, so that 1 - h isn't read as NumPy text."""
    return latex if any(sign in latex for sign in ONLY_IN_LATEX) else MARK + latex


def refuse_either_product(text: str, sign: str, matrix: str, entrywise: str) -> None:
    """Refuse a sign that stands for either product."""
    if (place := text.find(sign)) >= 0:
        raise EquationError(
            f"{sign} could be either product: write {matrix} for the matrix product, {entrywise} "
            "for the product entry by entry",
            text,
            (place, place + len(sign)),
        )


def refuse_rate(text: str) -> None:
    """Refuse the letter of a learning rate."""
    if found := RATE.search(text):
        raise EquationError(
            f"{found.group()} is no part of a gradient here: it is the rate of a step, or a "
            "penalty's weight. Write down the gradient alone",
            text,
            found.span(),
        )


def read(text: str, table: Table) -> tuple[list[Equation], Rules]:
    """Return the equations that the text states, and by which rules it is evaluated.

    Raises EquationError for what is neither NumPy nor LaTeX.
    """
    if any(sign in text for sign in ONLY_IN_LATEX) and not CODE.search(text):
        try:
            return derivation(text, table), "book"
        except EquationError as error:
            if sign := EITHER.match(error.text, error.span[0]):
                refuse_either_product(text, sign.group(), r"\cdot", r"\circ")
            raise
    try:
        return parse_numpy(text, table), "numpy"
    except EquationError as error:
        try:
            return derivation(text, table), "book"
        except EquationError:
            raise error from None


def derivation(latex: str, table: Table) -> list[Equation]:
    """Return the equations of LaTeX, each with a derivative alone on its left.

    Sums may go up to letters of the reader's own.
    """
    return with_sizes([alone(each) for each in parse_derivation(latex, table)], table)


def numbers_for_sizes(latex: str, table: Table) -> dict[str, str]:
    """Return the sizes that sums of LaTeX say by numbers, D_y: 10."""
    return sizes_by_number(parse_derivation(latex, table), table)


def alone(equation: Equation) -> Equation:
    """Return an equation with a derivative alone on the left: −A = B as A = −B."""
    body, *others = moved_to_the_right(equation.sides[0], list(equation.sides[1:]))
    is_named = others and claimed_by(body)[0] is not None
    return Equation((body, *others), equation.text) if is_named else equation


def own_parts(text: str, table: Table, rules: Rules) -> Iterable[Node]:
    """Return what lines say that give it a name of their own, and state nothing by themselves."""
    if rules == "numpy":
        return parts_of_lines(text, table)
    parts = [Equation((part,), text) for part in parts_of_rows(text, table)]
    return [side for equation in with_sizes(parts, table) for side in equation.sides]


def said_twice(text: str, table: Table, rules: Rules) -> Iterator[tuple[Symbol, Equation]]:
    """Yield each name that lines of LaTeX give to two parts, of which one isn't used, and both."""
    for name, parts in () if rules == "numpy" else read_lines(text, table).twice:
        yield name, *with_sizes([parts], table)


def as_typed(error: EquationError, attempt: str) -> EquationError:
    """Return the error with the attempt as it was typed below it, if what is marked stands there.

    What was rewritten is quoted without the signs that its text got to be read as it is meant.
    """
    if len(attempt) > MAX_LENGTH:
        return error
    start, end = error.span
    before, marked, after = error.text[:start], error.text[start:end], error.text[end:]
    read, typed = places_of(marked, error.text), places_of(marked, attempt)
    if marked.strip() and start in read and len(read) == len(typed):
        place = typed[read.index(start)]
        return EquationError(error.message, attempt, (place, place + len(marked)))
    before, marked, after = map(without_marks, (before, marked, after))
    place = len(before)
    return EquationError(error.message, before + marked + after, (place, place + len(marked)))


def places_of(part: str, text: str) -> list[int]:
    """Return where a part of LaTeX stands in a text, not inside of a command's name."""
    return [each.start() for each in TOKEN.finditer(text) if text.startswith(part, each.start())]


def without_marks(text: str) -> str:
    """Return LaTeX with an arrow and dz_2 again, and without what says nothing."""
    arrow = OWN_ROW.replace(r"\!\,", r"\Rightarrow")
    text = SHORT_NAME.sub(lambda match: f"d{match[1]}", text)
    return text.removeprefix(MARK).replace(SHORT, "").replace(OWN_ROW, arrow)


def said_shapes(text: str, table: Table) -> Iterator[tuple[Node, Rules, tuple[str, ...]]]:
    """Yield each formula that has a shape written behind it, by which rules, and the sizes."""
    for before, sizes in shapes_beside(FENCE.sub("", usual_characters(text))):
        try:
            equations, rules = read(as_here(before, table).text, table)
        except EquationError:
            continue
        yield equations[-1].sides[-1], rules, sizes


def lines_apart(latex: str) -> str:
    """Return LaTeX with a new row for each line that begins another equation, or ends a naming."""
    lines = [line for line in latex.split("\n") if line.strip()]
    if r"\\" in latex or len(lines) < 2:
        return latex
    rows = lines[:1]
    for line in lines[1:]:
        ends = bool(NAMING.match(rows[-1])) and not CONTINUED.search(rows[-1])
        if (ends or "=" in IN_BRACES.sub("", line)) and not OPENS.search(rows[-1]):
            rows.append(line)
        else:
            rows[-1] += "\n" + line
    return " \\\\\n".join(rows)


def as_plain_text(latex: str, table: Table, names: set[str]) -> str:
    """Return LaTeX as plain text, a line for each equation; `names` are those of its parts.

    A line that begins with a minus has an arrow in front, or it would go on with the one before.
    """
    equations = parsed_with(latex, table, names)
    lines = [" = ".join(map(plain, equation.sides)) for equation in equations]
    return "\n".join(lines).replace("\n−", "\n⇒ −")
