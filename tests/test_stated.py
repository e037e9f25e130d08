"""What the chapters' sentences state in passing: sums, shapes and formulas inside of a line."""

import re
from contextlib import suppress
from itertools import product
from pathlib import Path
from typing import NamedTuple

import pytest

from mlp_lib.equations import EquationError, check
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


# A derivative or a computed quantity, and what a sentence says that it is: a formula, no numbers.
DERIVATIVE = re.compile(r"\\partial ([^/=(]+?) ?/ ?\\partial (\\hat y|\w(?:_(?:\w|\{[^}]*\}))?)")
FORMULA = re.compile(
    r"(?:\\partial [^=(]+|\\frac\{\\partial.+|[zh](?:_\d)?|\\hat y|J) = .*[a-zA-Z].*"
)
# Formulas about any layer, any function or any weights, and a wrong one that its cell asks about.
OF_NO_NETWORK = {
    ("batch", r"J = \sum_n c_n J_n"),
    ("deeper", r"\partial J/\partial W_l = h_{l-1}^T \delta_l"),
    ("deeper", "h_0 = x"),
    ("deeper", "h = f(z)"),
    ("deeper", "h = f(z_1)"),
    ("forward", "h_1 = 1/(1 + e^{-2})"),
    ("forward", "h_2 = 1/(1 + e^{1})"),
    ("forward", r"z_2 = (\log 2, \log 3, \log 5)"),
    ("forward", "z_2 = (a, b)"),
    ("gradient_checking", r"\partial J/\partial h = \frac{1}{N}\left(\hat y - y\right) W_2"),
    ("sigmoid", r"h = \tanh(z_1)"),
    ("sigmoid", r"h = (1 \pm \sqrt{0.6})/2"),
    ("sigmoid", r"z = \log\left(h/(1 - h)\right)"),
    ("training", r"J = -\log\frac{1}{10} = \log 10 \approx 2.303"),
}
FORMULAS = [
    each
    for each in stated(INLINE)
    if FORMULA.fullmatch(each.text) and each[:2] not in OF_NO_NETWORK
]


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
    claim = rf"{fractions(stated.text.split('=')[0])} \in \mathbb{{R}}^{{{stated.shape}}}"
    batch = (question("N"),) if "N" in stated.shape else ()
    return any(check(claim, table).holds for table in (*stated.tables, *batch))


def fractions(text: str) -> str:
    """Return the formula with fractions for a derivative and a quotient that have a slash."""
    text = DERIVATIVE.sub(r"\\frac{\\partial \1}{\\partial \2}", text)
    return text.replace(r"y / \hat y", r"\frac{y}{\hat y}")


def holds(stated: Stated) -> bool:
    """Tell whether the formula holds in a network of its surroundings, or in the question's."""
    formula = fractions(stated.text)
    for table in dict.fromkeys((*stated.tables, question("1"), question("N"))):
        with suppress(EquationError):  # another network may have the symbols
            if check(formula, table).holds:
                return True
    return False


@pytest.mark.parametrize("formula", FORMULAS, ids=lambda each: f"{each.chapter}: {each.text}")
def test_a_formula_in_a_sentence_is_right(formula):
    assert holds(formula)


def test_a_formula_in_a_sentence_that_was_changed_is_refused():
    changes = {"-": "+", "+": "-", "W_1": "W_2", "W_2": "W_1", "^T": "", r"\sigma": r"\tanh"}
    for formula, (old, new) in product(FORMULAS, changes.items()):
        # Among all conventions there is one for weights that are stored the other way round.
        if old in formula.text and formula.chapter != "conventions":
            changed = formula._replace(text=formula.text.replace(old, new, 1))
            assert not holds(changed), changed.text


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
    assert len(FORMULAS) >= 25
    written = {each[:2] for each in stated(INLINE)}
    assert written >= OF_NO_NETWORK
