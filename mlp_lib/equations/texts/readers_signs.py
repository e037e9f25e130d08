"""A suggestion in the reader's own signs: X for x, ⊙ for ∘."""

import re

# What is read as what, in plain text and in LaTeX.
PLAIN = (
    ("X", "x"), ("Y", "y"), ("Ŷ", "ŷ"), ("H", "h"), ("⊙", "∘"), ("A₁", "h"), ("A₂", "ŷ"),
    ("L", "J"), ("m", "N"),
)  # fmt: skip
LATEX = (
    (r"\mathbf{X}", "x"), (r"\mathbf X", "x"), ("X", "x"),
    (r"\mathbf Y", r"\mathbf y"), (r"\mathbf{Y}", "y"), ("Y", "y"),
    (r"\hat Y", r"\hat y"), ("H", "h"), (r"\odot", r"\circ"), (r"\mathcal{L}", "J"),
    (r"\mathcal L", "J"), ("L", "J"),
)  # fmt: skip
HAT = re.compile(r"\\(?:wide)?hat\s*(?:\{\s*(\w)\s*\}|(\w))")


def in_readers_signs(suggestion: str, attempt: str, is_plain: bool) -> str:
    """Return a suggestion with each sign that the attempt has, where it lacks the book's."""
    for own, here in PLAIN if is_plain else LATEX:
        if is_in(own, attempt) and not is_in(here, attempt):
            suggestion = token(here).sub(lambda _, own=own: own, hats_alike(suggestion))
    return suggestion


def is_in(sign: str, text: str) -> bool:
    """Tell whether a sign stands in a text, as no part of another name and as no subscript."""
    return bool(token(sign).search(hats_alike(text)))


def token(sign: str) -> re.Pattern[str]:
    """Return what finds a sign; a letter under a hat is another one."""
    before = r"(?<![A-Za-z\\])(?<!_)(?<!_\{)(?<!\\hat )(?<!\\mathbf )" if sign.isalpha() else ""
    after = r"(?![A-Za-z])" if sign[-1].isalpha() else ""
    return re.compile(f"{before}{re.escape(sign)}{after}")


def hats_alike(text: str) -> str:
    """Return LaTeX with each hat as it is written here."""
    return HAT.sub(lambda found: rf"\hat {found[1] or found[2]}", text)
