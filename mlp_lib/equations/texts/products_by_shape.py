r"""A sign for either product, \times or *, as the product whose shapes fit there, if one does."""

import re
from typing import NamedTuple

from mlp_lib.equations.evaluate import Evaluation, point
from mlp_lib.equations.latex import read_lines
from mlp_lib.equations.tables import Table
from mlp_lib.equations.tree import Contract, Elementwise, EquationError, Node, Number, Span, Symbol

EITHER = re.compile(r"\\(?:times|ast)(?![A-Za-z])|[*×]")
# A shape has \times, too: below a brace, or above a space.
SHAPE = re.compile(r"(?:\}\s*_|\\mathbb\s*\{\s*R\s*\}\s*\^)\s*\{(?:[^{}]|\{[^{}]*\})*+\}")
MOST = 12  # signs in a text
MATRIX, ENTRYWISE = r"\cdot ", r"\circ "


class Fitting(NamedTuple):
    """LaTeX whose products are known, and a sign that it had for either product, or ""."""

    latex: str
    sign: str


def with_products_that_fit(latex: str, table: Table) -> Fitting | None:
    r"""Return LaTeX with \cdot or \circ for each sign of either product, or None if it is unclear.

    All products group in the same way, so that the shapes on both sides are known before it is.
    """
    shapes = [range(*found.span()) for found in SHAPE.finditer(latex)]
    signs = EITHER.finditer(latex)
    found = [sign for sign in signs if not any(sign.start() in shape for shape in shapes)]
    if not found:
        return Fitting(latex, "")
    if len(found) > MOST:
        return None
    product = replaced(latex, {each.span(): ENTRYWISE for each in found})
    try:
        equations, own, _ = read_lines(product, table)
    except EquationError:
        return None
    # Where the signs stand once each is as long as \circ.
    shift, places = 0, {}
    for each in found:
        places[each.start() + shift] = each.span()
        shift += len(ENTRYWISE) - len(each[0])
    sides = [*own, *(side for equation in equations for side in equation.sides)]
    of_products = signs_of_products(sides, places)
    decided: dict[Span, str] = {}
    evaluation = point(table, 0).evaluation()
    for side in sides:
        decide(side, of_products, evaluation, decided)
    if len(decided) < len(found) or "" in decided.values():
        return None
    return Fitting(replaced(latex, decided), found[0][0])


def signs_of_products(sides: list[Node], places: dict[int, Span]) -> dict[Span, Span]:
    """Return which sign each product is by, by where the product stands: the smallest around it."""
    products = [node for side in sides for node in side.walk() if isinstance(node, Elementwise)]
    signs = {}
    for place, sign in places.items():
        around = [node.span for node in products if node.span[0] <= place < node.span[1]]
        if around:
            signs[min(around, key=lambda span: span[1] - span[0])] = sign
    return signs


def decide(
    node: Node, signs: dict[Span, Span], evaluation: Evaluation, decided: dict[Span, str]
) -> Node:
    """Return a formula with the products that fit, and note them by where their signs stand."""
    node = node.with_parts(lambda part: decide(part, signs, evaluation, decided))
    if not isinstance(node, Elementwise) or node.span not in signs:
        return node
    sign = signs[node.span]
    fits = product_that_fits(node, evaluation)
    decided[sign] = fits if decided.get(sign, fits) == fits else ""
    return Contract(node.left, node.right, span=node.span) if fits == MATRIX else node


def product_that_fits(node: Elementwise, evaluation: Evaluation) -> str:
    """Return the one product that both shapes allow, or "" for none or both.

    Between two numbers, or sizes, it could be a shape that is written beside a formula.
    """
    if is_size(node.left, evaluation) and is_size(node.right, evaluation):
        return ""
    try:
        left, right = (evaluation.side(side).axes for side in (node.left, node.right))
    except EquationError:
        return ""
    if not left or not right:
        return MATRIX  # by a number both products are the same
    may_be = [
        sign for sign, fits in ((MATRIX, left[-1] == right[0]), (ENTRYWISE, left == right)) if fits
    ]
    return may_be[0] if len(may_be) == 1 else ""


def is_size(node: Node, evaluation: Evaluation) -> bool:
    """Tell whether a node is a number, or a size of the network."""
    return isinstance(node, Number) or (
        isinstance(node, Symbol) and node.name in evaluation.table.sizes[0]
    )


def replaced(text: str, new: dict[Span, str]) -> str:
    """Return a text with what stands in these places replaced."""
    for start, end in sorted(new, reverse=True):
        text = text[:start] + new[start, end] + text[end:]
    return text
