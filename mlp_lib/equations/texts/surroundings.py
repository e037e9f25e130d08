r"""What LaTeX sets around a formula and says nothing of it: numbers, labels, colours, words.

Only text goes in and comes out; what a formula says stays as it is.
"""

import re
from collections.abc import Callable

from mlp_lib.equations.brackets import closing
from mlp_lib.equations.texts.numbering import APART, END_OF_ROW, without_numbers_of_rows
from mlp_lib.equations.texts.prose import LET_WORDS
from mlp_lib.equations.texts.spelling import EXPLAINS

# Words behind a formula, and in front of it.
TEXT = r"\\(?:text|mbox|textrm|textit|textbf)\s*+"
REMARK = re.compile(
    rf"(?:{APART}{TEXT}\{{|{TEXT}\{{\s*(?:[(\[,;]|[A-Za-z]+\s+[A-Za-z]))[^{{}}]*\}}{END_OF_ROW}"
)
HEADING = re.compile(
    rf"((?:\A|\\\\|\n)\s*+){TEXT}\{{(?:[^{{}}]*:|[ \t]*+{LET_WORDS})\s*\}}", re.IGNORECASE
)
# Formulas that are set off from a sentence around them.
DISPLAY = re.compile(
    r"\$\$([^$]*+)\$\$|(?<!\\)\\\[((?:[^\\]|\\(?!\]))*+)\\\]|(?<!\$)\$([^$]*+)\$(?!\$)"
)
SENTENCE = re.compile(r"[^=\\{}^_$]*")
ARRAY = re.compile(
    r"(?<!\\\{)(?<!\\\{ )\\begin\s*\{array\}\s*(?:\[[tbc]\]\s*)?\{[rcl\s]{1,9}\}(.*?)"
    r"\\end\s*\{array\}",
    re.DOTALL,
)
COLOUR_NAME = r"(?:\[[^\[\]{}]*\]\s*)?"
RELATIONS = {"=", ":=", r"\equiv", r"\triangleq"}
OVER = re.compile(r"\\over(?![A-Za-z])")

# What each command with its arguments is without what it only sets around them.
Made = Callable[[list[str]], str | None]
COMMANDS: tuple[tuple[re.Pattern[str], int, Made], ...] = (
    (re.compile(r"\\(?:label|tag\*?|[hv]?phantom)"), 1, lambda _: " "),
    (re.compile(r"\\[hv]space\*?"), 1, lambda _: r"\quad "),
    (re.compile(rf"(?=\{{\s*\\color\s*{COLOUR_NAME}\{{)"), 1, lambda bodies: f" {bodies[0]} "),
    (re.compile(rf"\\(?:textcolor|mathcolor|color)\s*{COLOUR_NAME}"), 2,
     lambda bodies: f" {bodies[1]} "),
    (re.compile(rf"\\color\s*{COLOUR_NAME}"), 1, lambda _: " "),
    (re.compile(r"\\(?:overset|underset|stackrel)"), 2,
     lambda bodies: bodies[1] if bodies[1].strip() in RELATIONS else None),
)  # fmt: skip


def formula_alone(text: str) -> str:
    """Return LaTeX without what stands around its formulas."""
    text = formulas_of_a_sentence(text)
    for command, count, made in COMMANDS:
        text = with_arguments(text, command, count, made)
    text = re.sub(r"\\(mathrm|mathit|text|operatorname)\s+d(?=[A-Za-z\\])(?!iag)", r"\\\1{d}", text)
    text = re.sub(r"\\hfill?(?![A-Za-z])", r"\\quad ", text)
    text = ARRAY.sub(alignment, text)
    text = HEADING.sub(r"\1", REMARK.sub("", without_numbers_of_rows(text)))
    return fractions_of_over(text)


def formulas_of_a_sentence(text: str) -> str:
    r"""Return the formulas of a sentence, $$a = b$$ and so $$c = d$$, as rows.

    Where a word says that the next one explains the last, it stays.
    """
    found = list(DISPLAY.finditer(text))
    ends = [0, *(place for each in found for place in each.span()), len(text)]
    words = [text[start:end] for start, end in zip(ends[::2], ends[1::2], strict=True)]
    inside = [next(filter(None, each.groups()), "") for each in found]
    is_sentence = any(map(str.isalpha, "".join(words))) and all(map(SENTENCE.fullmatch, words))
    if not found or not is_sentence or not all("=" in each for each in inside):
        return text
    rows = inside[0]
    for word, formula in zip(words[1:], inside[1:], strict=False):
        explains = re.search(rf"\b({EXPLAINS})\W*\Z", word)
        rows += (rf" \text{{ {explains[1]} }} " if explains else r" \\ ") + formula
    return rows


def with_arguments(text: str, command: re.Pattern[str], count: int, made: Made) -> str:
    """Return a text with what is made of each command's arguments, None leaves it, in place."""
    start = 0
    while found := command.search(text, start):
        end, bodies = found.end(), []
        while len(bodies) < count and (inside := in_braces(text, end)):
            body, end = inside
            bodies.append(body)
        new = made(bodies) if len(bodies) == count else None
        start = found.end() + (found.end() == found.start()) if new is None else found.start()
        if new is not None:
            text = text[: found.start()] + new + text[end:]
    return text


def alignment(match: re.Match[str]) -> str:
    """Return an array whose rows are equations as lines; another one stays a matrix."""
    first = match[1].split(r"\\")[0]
    return rf"\begin{{aligned}}{match[1]}\end{{aligned}}" if "=" in first else match[0]


def fractions_of_over(text: str) -> str:
    r"""Return \frac{a}{b} for each {a \over b}."""
    start = 0
    while found := OVER.search(text, start):
        start = found.end()
        # From behind, the brace that opens is the one that closes.
        before = closing(text[: found.start()][::-1], 0, "}{")
        opening = -1 if before is None else found.start() - 1 - before
        if opening >= 0 and (inside := in_braces(text, opening)):
            above, below = text[opening + 1 : found.start()], text[found.end() : inside[1] - 1]
            made = rf"\frac{{{above.strip()}}}{{{below.strip()}}}"
            text = text[:opening] + made + text[inside[1] :]
            start = opening
    return text


def in_braces(text: str, start: int) -> tuple[str, int] | None:
    """Return what stands in the braces that open behind a place, and where they end, or None."""
    opening = start
    while text[opening : opening + 1].isspace():
        opening += 1
    if text[opening : opening + 1] != "{":
        return None
    end = closing(text, opening + 1, "{}")
    return None if end is None else (text[opening + 1 : end], end + 1)
