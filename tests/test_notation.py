"""The page Notation says what the tables of symbols, the package and the chapters say."""

import json
import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

from book.build import documents
from mlp_lib import Gradients, Parameters, jacobians
from mlp_lib.equations.chapters import displays
from mlp_lib.equations.latex import parse_latex
from mlp_lib.equations.letters import claimed_by
from mlp_lib.equations.numpy_code.names import numpy_name
from mlp_lib.equations.tables import DEEP_SIZES, SIZES, deep, question
from mlp_lib.equations.tree import Partial, Symbol
from tests.notation_page import TABLES

ROOT = Path(__file__).parents[1]
MATH = re.compile(r"\$\$.*?\$\$|\$[^$]+\$", re.DOTALL)
NAMES = {numpy_name(name): name for name in question().symbols}


def shape(axes: tuple[str, ...]) -> str:
    """Return a shape as the page writes it."""
    product = r"\times ".join(axes)
    return f"${product}$" if axes else "a number"


def quantities(names: list[str], network) -> list[dict[str, str]]:
    """Return the rows, without PyTorch and chapter, that the table of a network gives."""
    one, batch = network("1").symbols, network("N").symbols
    return [
        {
            "Symbol": f"${name}$",
            "Meaning": one[name].meaning,
            "One example": shape(one[name].shape),
            "A batch": shape(batch[name].shape),
            "NumPy": f"`{numpy_name(name)}`",
        }
        for name in names
    ]


def without(rows: list[dict[str, str]], *columns: str) -> list[dict[str, str]]:
    """Return the rows without these columns."""
    return [{name: row[name] for name in row if name not in columns} for row in rows]


def test_the_quantities_are_those_of_the_table():
    rows = without(TABLES["Quantities"], "PyTorch", "First in")
    assert rows == quantities(list(question().symbols), question)


def test_with_two_hidden_layers_what_is_new_is_listed():
    new = [name for name in deep().symbols if name not in question().symbols]
    rows = without(TABLES["With two hidden layers"], "First in")
    assert rows == quantities(new, deep)


def test_the_sizes_are_those_of_the_tables():
    sizes = [row["Symbol"].strip("$") for row in TABLES["Sizes"]]
    assert sorted(sizes) == sorted({*SIZES[0], *DEEP_SIZES[0]})


class Derivative(NamedTuple):
    """A derivative with its shapes for one example and for a batch."""

    name: str
    of: str
    by: str

    @property
    def symbol(self) -> str:
        return rf"$\partial {self.of}/\partial {self.by}$"

    def shape(self, rows: str) -> str:
        """Return the output's axes, then the input's, without row axes; for J the input's."""
        symbols = question(rows).symbols
        if self.of == "J":
            return shape(symbols[self.by].shape)
        return shape(tuple(a for n in (self.of, self.by) for a in symbols[n].shape if a != "1"))


def derivative(name: str) -> Derivative:
    """Return the derivative with that name in code."""
    of, by = name.removeprefix("d").split("_d")
    return Derivative(name, NAMES[of], NAMES[by])


def test_the_gradients_are_those_of_the_library():
    assert without(TABLES["Gradients"], "PyTorch", "Derived in") == [
        {
            "Symbol": each.symbol,
            "One example": each.shape("1"),
            "A batch": each.shape("N"),
            "NumPy": f"`{each.name}`",
        }
        for each in map(derivative, Gradients._fields)
    ]


def test_the_local_jacobians_are_those_of_the_library():
    names = [name for name in vars(jacobians) if re.fullmatch(r"d\w+_d\w+", name)]
    assert without(TABLES["Local Jacobians"], "Derived in") == [
        {"Symbol": each.symbol, "One example": each.shape("1"), "NumPy": f"`{each.name}`"}
        for each in map(derivative, names)
    ]


def chapter(cell: str) -> tuple[str, str]:
    """Return title and document of the chapter that a cell of the table links to."""
    return re.match(r"\[([^]]+)\]\((chapters/\w+)\)", cell).groups()


@cache
def text(document: str) -> str:
    """Return the text cells of a chapter."""
    cells = json.loads((ROOT / f"{document}.ipynb").read_text(encoding="utf-8"))["cells"]
    return "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")


CHAPTERS = [name for name in documents(ROOT) if name.startswith("chapters/")]
LINKED = [
    (row["Symbol"], row.get("First in") or row["Derived in"])
    for rows in TABLES.values()
    for row in rows
]


@pytest.mark.parametrize(("symbol", "cell"), LINKED)
def test_a_chapter_is_called_by_its_title(symbol, cell):
    title, document = chapter(cell)
    assert text(document).startswith(f"# {title}\n")


def core(symbol: str) -> re.Pattern:
    """Return a pattern for what is particular to a symbol: of A \\circ B it is the sign."""
    latex = symbol.split("$")[1]
    signs = re.findall(r"\\(?:circ|otimes|operatorname\{\w+\}|sigma)|\^T", latex)
    if latex == "A B":
        signs = ["x W_1"]
    found = signs[0] if signs else latex
    before = "" if found[0] in r"\^" else r"(?<![\\\w])"
    return re.compile(before + re.escape(found) + r"(?!\w)")


def first_with(symbol: str) -> str:
    """Return the first chapter, in the order of the book, whose formulas have the symbol."""
    pattern = core(symbol)
    return next(
        name for name in CHAPTERS if pattern.search(" ".join(MATH.findall(text(name))))
    )


FIRST = [
    (row["Symbol"], chapter(row["First in"])[1])
    for title in ("Sizes", "Quantities", "Operations")
    for row in TABLES[title]
]


@pytest.mark.parametrize(("symbol", "document"), FIRST)
def test_a_symbol_is_first_in_its_chapter(symbol, document):
    assert first_with(symbol) == document


def test_a_later_chapter_would_not_pass():
    assert first_with(r"$\mathbf{1}$") != "chapters/batch"


@pytest.mark.parametrize("row", TABLES["With two hidden layers"], ids=lambda row: row["Symbol"])
def test_two_hidden_layers_are_first_in_their_chapter(row):
    named = [
        document
        for document in CHAPTERS
        if any("network: deep" in each.pragmas for each in displays(ROOT / f"{document}.ipynb"))
    ]
    _, document = chapter(row["First in"])
    assert named[0] == document
    assert core(row["Symbol"]).search(text(document))


def derives(document: str, label: str, goal: Partial) -> bool:
    """Tell whether the chapter has an equation with that label that begins with the derivative."""
    for display in displays(ROOT / f"{document}.ipynb"):
        if display.label == label:
            first = parse_latex(display.text, display.table)[0].sides[0]
            return claimed_by(getattr(first, "body", first))[0] == goal
    return False


DERIVED = [
    (row["NumPy"].strip("`"), row["Derived in"])
    for title in ("Gradients", "Local Jacobians")
    for row in TABLES[title]
]


@pytest.mark.parametrize(("name", "cell"), DERIVED)
def test_a_derivative_is_derived_in_its_chapter(name, cell):
    each = derivative(name)
    (label,) = re.findall(r"\{eq\}`([^`]+)`", cell)
    assert derives(chapter(cell)[1], label, Partial(Symbol(each.of), Symbol(each.by)))


def test_another_chapter_or_equation_derives_something_else():
    goal = Partial(Symbol("J"), Symbol("W_2"))
    assert derives("chapters/output_layer", "eq-output-dJ-dW2", goal)
    assert not derives("chapters/output_layer", "eq-output-dJ-db2", goal)
    assert not derives("chapters/sigmoid", "eq-output-dJ-dW2", goal)


def test_every_parameter_has_a_name_in_pytorch():
    names = {row["NumPy"].strip("`"): row["PyTorch"] for row in TABLES["Quantities"]}
    assert set(Parameters._fields) <= set(names)
    assert all(re.fullmatch(r"`[^`]+`", name) for name in names.values())
