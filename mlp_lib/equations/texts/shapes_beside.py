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
SHAPE_BEHIND = re.compile(
    rf"(?:(?<![ \t])[ \t]++(?:(?:\#|//|%)[ \t]*+{NAMED}|(?:--|→|:)[ \t]*+)"
    rf"{SHAPED}(?:{IN_BRACKETS}|{SIZES})"
    rf"|(?:(?<=[)\]ᵀ₁₂δ])[ \t]++|(?<![ \t])[ \t]{{2,}}+|\\q?quad[ \t]*+){CROSSED}"
    rf"|(?:(?<=\w)[ \t]++\(|,[ \t]*+){SHAPED}{SIZE}[ \t]*+×[ \t]*+{SIZE}\)?"
    r"|(?<![ \t])[ \t]*+∈[ \t]*+[ℝR](?:\^?(?:\{[^{}\n]*+\}|\([^()\n]*+\))|[^\s,;]*+))"
    r"[ \t.]*+$",
    re.MULTILINE,
)
ONE_SIZE = re.compile(rf"(?<![\w_]){SIZE}(?![\w_])")


class Beside(NamedTuple):
    """A shape that is written behind a formula, and the text up to it."""

    before: str
    sizes: tuple[str, ...]


def without_shapes(text: str) -> str:
    """Return a text without the shapes behind its formulas."""
    return SHAPE_BEHIND.sub("", text)


def shapes_beside(text: str) -> Iterator[Beside]:
    """Yield each shape behind a formula with its sizes as the book writes them: D_x for Dx."""
    for found in SHAPE_BEHIND.finditer(text):
        sizes = ONE_SIZE.findall(re.split(SAID, found[0])[-1])
        yield Beside(
            text[: found.start()],
            tuple(re.sub(r"^([A-Z])_?\{?(\w)\}?$", r"\1_\2", size) for size in sizes),
        )


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
