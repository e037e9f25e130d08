"""What the chapters' sentences state in passing: sums of numbers, and the shapes of quantities."""

import re
from pathlib import Path
from typing import NamedTuple

import pytest

from mlp_lib.equations import check
from mlp_lib.equations.chapters import DISPLAY, Display, displays, texts, without_code
from mlp_lib.equations.tables import Table, question
from tests.scalar_latex import read

CHAPTERS = sorted((Path(__file__).parents[1] / "chapters").glob("*.ipynb"))
INLINE = re.compile(r"(?<!\$)\$([^$]+)\$(?!\$)")
# Numbers, and what is done to them.
NUMERIC = re.compile(r"(?:\d|[.+\-=/()\s]|\{,\}|\\cdot|\\approx|\^)+")
NUMBER = re.compile(r"\d+(?:\{,\}\d+)*(?:\.\d+)?")
SIZE = r"(?:1|N|D_x|D_y|H_1|H_2|H)"
SHAPED = re.compile(
    rf"(?<!\$)\$([^$]+)\$(?:,? (?:is|are|of shape|has shape|has the shape))\s+"
    rf"\$({SIZE}(?:\s*\\times\s*{SIZE})+)\$(?!\s(?:times|by)\b)"
)


class Stated(NamedTuple):
    """A statement of a sentence, and the networks that it may be about."""

    chapter: str
    text: str
    shape: str
    tables: tuple[Table, ...]


def stated(pattern: re.Pattern[str]) -> list[Stated]:
    """Return what stands in the sentences, not in displays or code.

    A sentence is about the network of the display that comes next in its cell, or else of the last
    one before it; in a cell without a display, about any of its chapter's.
    """
    found = []
    for path in CHAPTERS:
        everywhere = dict.fromkeys(display.table for display in displays(path) if not display.prose)
        for cell in texts(path):
            source = without_code(cell)
            places = [
                (each.start(), Display(path.stem, "", each["text"]).table)
                for each in DISPLAY.finditer(source)
            ]
            for match in pattern.finditer(hidden(source)):
                near = [table for place, table in places if place > match.start()][:1]
                near = near or [table for _, table in places][-1:] or everywhere
                shape = match[2] if pattern.groups > 1 else ""
                found.append(Stated(path.stem, match[1], shape, tuple(near)))
    return found


def hidden(source: str) -> str:
    """Return the text with blanks in the place of each display."""
    return DISPLAY.sub(lambda match: " " * len(match[0]), source)


# Statements about networks of other sizes than the chapter's, where an axis has length 1.
OTHER_SIZES = {("batch", r"\hat y", r"N\times 1"), ("question", "b_1", r"1\times 1")}
SUMS = [each for each in stated(INLINE) if "=" in each.text and NUMERIC.fullmatch(each.text)]
SHAPES = [each for each in stated(SHAPED) if each[:3] not in OTHER_SIZES]


@pytest.mark.parametrize("sum_", SUMS, ids=lambda each: f"{each.chapter}: {each.text}")
def test_a_sum_in_a_sentence_is_right(sum_):
    assert_adds_up(sum_.text)


def assert_adds_up(text: str) -> None:
    """Compare the sides of an equation between numbers, to half of the last digit of the last."""
    symbols = {}
    for number in NUMBER.findall(text):
        symbols[number] = float(number.replace("{,}", ""))
    first, *others = read(text, symbols)[::2]
    rounded = re.search(r"\.(\d+)$", text)
    bound = 0.501 / 10 ** len(rounded[1]) if rounded else 1e-9
    assert others == pytest.approx([first] * len(others), rel=0, abs=bound)


@pytest.mark.parametrize(
    "text", ["2 + 2 = 5", r"3\cdot 4 = 7{,}840{,}000", r"0.1\cdot 2 = 0.3", "6/8 = 0.57", "1-2 = 1"]
)
def test_a_wrong_sum_is_refused(text):
    with pytest.raises(AssertionError):
        assert_adds_up(text)


def has_shape(stated: Stated) -> bool:
    """Tell whether the quantity has the shape in a network that the sentence may be about."""
    quantity = re.sub(
        r"\\partial ([^/]+?) ?/ ?\\partial ((?:\\hat )?\w+)",
        r"\\frac{\\partial \1}{\\partial \2}",
        stated.text.split("=")[0],
    )
    claim = rf"{quantity} \in \mathbb{{R}}^{{{stated.shape}}}"
    batch = (question("N"),) if "N" in stated.shape else ()
    return any(check(claim, table).holds for table in (*stated.tables, *batch))


@pytest.mark.parametrize(
    "shape", SHAPES, ids=lambda each: f"{each.chapter}: {each.text}: {each.shape}"
)
def test_a_shape_in_a_sentence_is_right(shape):
    assert has_shape(shape)


@pytest.mark.parametrize("shape", SHAPES, ids=lambda each: f"{each.chapter}: {each.text}")
def test_a_shape_in_a_sentence_that_is_turned_round_is_refused(shape):
    sizes = re.split(r"\s*\\times\s*", shape.shape)
    if sizes != sizes[::-1]:
        assert not has_shape(shape._replace(shape=r" \times ".join(reversed(sizes))))


def test_sums_and_shapes_are_found():
    assert len(SUMS) >= 20
    assert len(SHAPES) >= 15
