"""Numbers of equations, (2), (4.2a), (iv): they go; one that could be a factor is refused."""

import re
from itertools import pairwise

from mlp_lib.equations.tree import EquationError

IN_BRACKETS = (
    r"[(\[]\s*(?:(?:[Ee]q\.?[\s~]*)?[1-9]\d{0,2}(?:[.-]\d{1,3}){0,3}\s?[a-z]?|i{1,3}|iv|vi{0,3}|ix"
    r"|\*{1,3}|\\(?:ast|star|dagger)\s*)'?\s*[)\]]"
)
NUMBER = rf"(?:{IN_BRACKETS}|\\(?:text|mbox|textrm|textbf|mathrm)\s*\{{\s*{IN_BRACKETS}\s*\}})"
# What sets a number apart from the formula, in LaTeX and in plain text.
APART = r"(?:(?:\\q?quad(?![A-Za-z])|&)\s*+)++"
WIDE = r"(?:[ \t]{2,}+|\t[ \t]*+)"
END_OF_ROW = r"(?=\s*+[.,;]?\s*+(?:\\\\|\\end(?![A-Za-z])|\\\]|\$|\n|\Z))"
BEHIND = re.compile(rf"{APART}{NUMBER}(?:{END_OF_ROW}|(?=\s*+\\q?quad(?![A-Za-z])))")
ROW_BEGINS = r"(?:\A|\\\\|\n|\\begin\s*\{\w+\*?\})"
IN_FRONT = re.compile(rf"(?P<before>{ROW_BEGINS}\s*+)(?P<number>{NUMBER})\s*+{APART}")
# Beside a display, where no formula is.
BESIDE_DISPLAY = re.compile(
    rf"(?P<end>\$|\\\])\s*+{NUMBER}(?=\s*+(?:\n|\Z))|\A\s*+{NUMBER}\s*+(?=\$|\\\[)"
)
EQNO = re.compile(r"\\l?eqno(?![A-Za-z])[ \t]*+(?:\([^()\n]*\)|[\w.*]*)")
FRONT_OF_LINE = re.compile(
    rf"^(?P<before>[ \t]*+)(?P<number>{IN_BRACKETS}){WIDE}(?=\S)", re.MULTILINE
)
END_OF_LINE = re.compile(
    rf"^(?P<before>(?=\S).*?\S){WIDE}(?P<number>{IN_BRACKETS})[ \t]*+$", re.MULTILINE
)
# The last brackets of rows, whatever stands between: they are numbers where they count up.
LAST = re.compile(
    rf"(?<=[^\s,\\&])(?:[ \t]*+,)?(?:[ \t]|\\[ ,;:]|~)++(?:…|\.{{3,}}|\\l?dots(?![A-Za-z]))?[ \t]*+"
    rf"(?P<number>{IN_BRACKETS})(?:(?=[ \t]*+[.,;]?[ \t]*+\n)|{END_OF_ROW})"
)
COUNTED = re.compile(
    r"(?P<before>(?:.*[.-])?)(?P<last>\d+|[ivx]+|\*+)|(?P<main>.*\d)(?P<part>[a-z])"
)
ROMAN = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix")
ALONE = re.compile(rf"[\s&]*+(?P<number>{NUMBER}|(?P<decimal>[(\[]\s*0\.\d+\s*[)\]]))[\s.]*+")
OWN_LINE = re.compile(rf"\n[ \t]*+(?P<number>{NUMBER})[ \t]*+(?=\n|\Z)")
COULD_BE_FACTOR = re.compile(r"[(\[]\s*\d+(?:\.\d+)?\s*[)\]]")
# A row that begins with a derivative, or with one name, and says what that is.
EQUATION = re.compile(
    r"[\s&]*+(?:\\begin\{\w++\*?\}\s*+)?"
    r"(?:(?:\\[dt]?frac\s*+\{\s*+(?:\\partial|\\mathrm|\\text|d)|\\nabla|\\partial|[∂∇])[^=]*+="
    r"|[^\s=+-]{1,40}+\s*+&?=)"
)


def without_numbers_of_rows(latex: str) -> str:
    r"""Return LaTeX without the numbers that \quad or & sets apart, or that are rows themselves.

    Behind a row that is where numbers stand; in front of a lone formula it could be a factor.
    """
    latex = BESIDE_DISPLAY.sub(lambda found: found["end"] or "", EQNO.sub("", latex))
    latex = without_counted(latex)
    latex = BEHIND.sub("", latex)
    several = len(IN_FRONT.findall(latex)) > 1
    for found in IN_FRONT.finditer(latex):
        if not (several or EQUATION.match(latex, found.end())):
            refuse_factor(found)
    latex = without_rows_of_numbers(IN_FRONT.sub(r"\g<before>", latex), r"\\")
    for found in OWN_LINE.finditer(latex):
        refuse_factor(found)
    return latex


def without_numbers_of_lines(text: str) -> str:
    """Return plain text without the numbers that wide space sets apart, or that are lines."""

    def bare(found: re.Match[str]) -> str:
        if "=" not in found["before"]:
            refuse_factor(found)
        return found["before"]

    text = without_counted(text)
    for found in FRONT_OF_LINE.finditer(text):
        refuse_factor(found)
    return without_rows_of_numbers(END_OF_LINE.sub(bare, text), "\n")


def without_counted(text: str) -> str:
    """Return a text without the brackets that end several equations and count up: (1), (2), (3)."""
    found = list(LAST.finditer(text))
    counts = [count_of(each["number"]) for each in found]
    if len(found) < 2 or any(two != (one[0], one[1] + 1) for one, two in pairwise(counts)):
        return text
    starts = [0, *(each.end() for each in found[:-1])]
    rows = (text[start : each.start()] for start, each in zip(starts, found, strict=True))
    return LAST.sub("", text) if all("=" in row for row in rows) else text


def count_of(number: str) -> tuple[str, int]:
    """Return a number of an equation as what stands in front of what counts, and that: (2.1)."""
    inner = re.sub(r"[Ee]q\.?|[\s~()\[\]']", "", number)
    found = COUNTED.fullmatch(inner)
    if found is None:
        return inner, 0
    if found["part"]:
        return found["main"], ord(found["part"])
    last = found["last"]
    if last in ROMAN:
        return found["before"], ROMAN.index(last) + 1
    return found["before"], int(last) if last.isdigit() else len(last)


def without_rows_of_numbers(text: str, end: str) -> str:
    """Return a text without the rows that are the number of the equation above or below."""
    rows = text.split(end)
    numbers = {place for place, row in enumerate(rows) if ALONE.fullmatch(row)}
    formulas = [place for place, row in enumerate(rows) if place not in numbers and row.strip()]
    if not formulas:
        return text
    for place in numbers:
        behind = next((rows[other] for other in formulas if other > place), None)
        beside = rows[formulas[-1]] if behind is None else behind
        found = ALONE.fullmatch(rows[place])
        names = EQUATION.match(beside) or (behind is None and "=" in beside)
        if found["decimal"] or not names:
            refuse_factor(found)
    return end.join(row for place, row in enumerate(rows) if place not in numbers)


def refuse_factor(found: re.Match[str]) -> None:
    """Refuse the number of a formula that could be a factor of it."""
    number = found["number"]
    if COULD_BE_FACTOR.fullmatch(number):
        raise EquationError(
            f"{number} could be the formula's number, or a factor: leave it out, or write "
            f"{number.strip('()[] ')} without brackets",
            found.string,
            found.span("number"),
        )
