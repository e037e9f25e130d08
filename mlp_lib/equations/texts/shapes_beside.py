"""The shapes that a reader writes behind formulas: h.T @ d  # (H, D_y), or hᵀ δ ∈ ℝ^{H×D_y}."""

import re
from collections.abc import Iterator
from typing import NamedTuple

SIZE = r"(?:[A-Z](?:_?[a-zA-Z0-9]|_\{\w\})?|\d+|[dmn](?:_?\w)?)"
SIZES = rf"{SIZE}(?:(?:[ \t]*+(?:×|,|\\times)[ \t]*+|[ \t]++x[ \t]++){SIZE})++"
SHAPED = r"(?:(?:of |a |which is |has )*+(?:shape|size|dimensions?)?[ :]*+)"
# Without a mark in front, a shape has ×, and a letter, or an x between sizes.
CROSSED = (
    rf"[(\[]{SHAPED}(?:(?=[^)\]]*[A-Za-z]){SIZE}(?:[ \t]*+(?:×|\\times)[ \t]*+{SIZE})++"
    rf"|(?=[^)\]]*[A-Z]){SIZE}(?:[ \t]++x[ \t]++{SIZE})++)[)\]]"
)
IN_BRACKETS = rf"[(\[]{SHAPED}{SIZES}[)\]]"
# In a comment it may be said whose shape it is, or from which it comes: dW1.shape = (D_x, H).
SAID = r"(?:->|→|=|:|(?<!\w)(?:is|has)(?!\w))"
NAMED = rf"(?:[^\n]{{0,80}}{SAID}[ \t]*+)?"
BODY = r"(?:\{(?:[^{}\n]|\{[^{}\n]*+\})*+\}|\([^()\n]*+\)|[^\s,;\\]*+)"
REALS = r"(?:∈|\\in(?![A-Za-z]))[ \t]*+(?:[ℝR]|\\mathbb[ \t]*+(?:\{[ \t]*+R[ \t]*+\}|R))"
MEMBER = rf"[ \t]*+{REALS}[ \t]*+\^?[ \t]*+{BODY}"
# Sizes in brackets with a comma, which no product has.
LISTED = rf"[(\[](?=[^)\]\n]*[A-Z]){SIZE}(?:[ \t]*+,[ \t]*+{SIZE})++[)\]]"
END = r"(?:[ \t.]*+$|[ \t]*+(?=\\\\|\\end(?![A-Za-z])))"
SHAPE_BEHIND = re.compile(
    rf"(?:(?<![ \t])[ \t]++(?:(?:\#|//|%)[ \t]*+{NAMED}|(?:--|→|:)[ \t]*+)"
    rf"{SHAPED}(?:{IN_BRACKETS}|{SIZES})"
    rf"|(?:(?<=[)\]ᵀ₁₂δ])[ \t]++|(?<![ \t])[ \t]{{2,}}+|\\q?quad[ \t]*+){CROSSED}"
    rf"|(?:(?<=\w)[ \t]++\(|,[ \t]*+){SHAPED}{SIZE}[ \t]*+×[ \t]*+{SIZE}\)?"
    rf"|(?<![ \t]){MEMBER}|(?<=[^\s,(])[ \t]{{2,}}+{LISTED}"
    r"|,?(?<![ \t])[ \t]++(?:with|and|of|has)[ \t]++(?:the[ \t]++)?(?:shape|size|dimensions?)"
    rf"[ :]++(?:{IN_BRACKETS}|{SIZES})"
    r"|(?<![ \t])[ \t]*+(?:\\q?quad[ \t]*+){0,3}+\\text[ \t]*+"
    rf"\{{[ (\[]*+{SHAPED}\$?{SIZES}\$?[ )\]]*+\}})"
    rf"{END}",
    re.MULTILINE,
)
# A quantity by itself that is said to have a shape: …, where W₂ ∈ ℝ^{H×D_y}.
WORD = r"(?:where|with|and|wobei|mit|und)"
QUANTITY = (
    r"(?:[∂d]\w{1,4}+[ \t]*+/[ \t]*+[∂d]\w{1,6}+|\\[dt]?frac[ \t]*+\{[^{}\n]{1,40}\}[ \t]*+"
    r"\{[^{}\n]{1,40}(?:\{[^{}\n]{1,20}\})?[^{}\n]{0,9}\}"
    r"|(?:\\(?:hat|mathbf)[ \t]*+(?:\{\w\}|\w)|\\delta|[A-Za-zŷŶδ])"
    r"(?:[_^](?:\w|\{\w{1,3}\})|[₁₂ᵀ]|\d)*+)"
)
STATED = re.compile(
    r"(?:^[ \t]*+|[,;.][ \t]*+|(?<=\s)|\\\\\s*+)(?:\\q?quad[ \t]*+){0,3}+"
    rf"(?:(?<!\w){WORD}[ \t]++|\\text[ \t]*+\{{[ \t]*+{WORD}[ \t]*+\}}[ \t]*+)?(?:\\[ ,;:])?"
    rf"(?P<what>{QUANTITY}){MEMBER}(?=[ \t.]*+(?:$|[,;]|\\\\|\\end|\\q?quad|\\text|(?:and|und)\b))",
    re.MULTILINE,
)
ONE_SIZE = re.compile(rf"(?<![\w_]){SIZE}(?![\w_])")


class Beside(NamedTuple):
    """A shape that is written behind a formula, and the text up to it."""

    before: str
    sizes: tuple[str, ...]


def without_shapes(text: str) -> str:
    """Return a text without the shapes behind its formulas, and without those that are stated."""
    rest = without_stated(text)
    return SHAPE_BEHIND.sub("", rest if rest.strip() else text)


def without_stated(text: str) -> str:
    """Return a text without what is said of the shapes of single quantities."""
    return STATED.sub(lambda found: "" if sets_apart(found) else found[0], text)


def sets_apart(found: re.Match[str]) -> bool:
    """Tell whether more than a space stands between a formula and a quantity that has a shape."""
    lead = found.string[found.start() : found.start("what")]
    begins_line = not found.string[: found.start()].rpartition("\n")[2].strip()
    return bool(lead.strip()) or begins_line


def shapes_beside(text: str) -> Iterator[Beside]:
    """Yield each shape behind a formula with its sizes as the book writes them: D_x for Dx."""
    row = r" \\ " if "\\" in text else "\n"
    for found in STATED.finditer(text):
        if sets_apart(found):
            before = without_shapes(text[: found.start()])
            yield Beside(f"{before}{row}{found['what']}", sizes_of(found[0]))
    for found in SHAPE_BEHIND.finditer(without_stated(text)):
        yield Beside(found.string[: found.start()], sizes_of(found[0]))


def sizes_of(shape: str) -> tuple[str, ...]:
    """Return the sizes of a shape as the book writes them."""
    sizes = ONE_SIZE.findall(re.split(rf"{REALS}|{SAID}", shape)[-1])
    return tuple(re.sub(r"^([A-Z])_?\{?(\w)\}?$", r"\1_\2", size) for size in sizes)


def fits(sizes: tuple[str, ...], shape: tuple[int, ...], known: dict[str, int]) -> bool:
    """Tell whether an array of this shape may have the sizes; numbers and others' names may be any.

    A row may have one axis or two.
    """
    said = [known.get(size, 1 if size == "1" else None) for size in sizes]
    if None in said:
        return True
    if len(said) == len(shape):
        return said == list(shape)
    return [size for size in said if size != 1] == [size for size in shape if size != 1]
