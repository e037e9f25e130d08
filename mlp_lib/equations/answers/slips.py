"""Single slips: one change which alone makes a formula right, tried without a search.

Shapes that don't fit often leave open what happened: a factor on the wrong side, a transpose too
few, or the other product. The change after which the formula is right tells them apart.
"""

from collections.abc import Iterator
from dataclasses import replace
from functools import reduce
from itertools import permutations

import numpy as np

from mlp_lib.equations.answers.edits import EXTREMES, PRODUCTS, groupings, places, replaced, turned
from mlp_lib.equations.answers.judging import Judged
from mlp_lib.equations.answers.recognition import parts, route, symbols_in
from mlp_lib.equations.tree import (
    Add,
    Apply,
    Call,
    Contract,
    Elementwise,
    Kronecker,
    Node,
    OverLetters,
    Subtract,
    Symbol,
    Transpose,
)

Change = tuple[Node, str]
# Five factors have 120 orders.
MOST_FACTORS = 4


class Slips:
    """The single changes of one formula, and which of them makes it right."""

    def __init__(self, judged: Judged):
        self.judged, self.root = judged, judged.root
        self.places = places(judged.root)

    def mistakes(self) -> tuple[str, ...]:
        """Return the mistake of the first change that makes the formula right, or none.

        What is right after it but for its sign, or for a 1/N, has that mistake too.
        """
        if isinstance(self.root, OverLetters):
            return ()
        for node in self.where_it_may_be():
            for new, mistake in self.changes(node):
                ratio = self.judged.ratio_with(replaced(node, new, self.places))
                if ratio is not None and (also := self.judged.mistake_of_ratio(ratio)) != "factor":
                    return (mistake, also) if also else (mistake,)
        return ()

    def where_it_may_be(self) -> Iterator[Node]:
        """Yield the parts that a slip may be in: of a misfit, those around it and inside it."""
        if self.judged.error is None:
            yield from {id(node): node for node in self.root.walk()}.values()
            return
        node = self.judged.error.node
        yield node
        while (place := self.places.get(id(node))) is not None:
            node = place.parent
            if isinstance(node, PRODUCTS):
                yield node
        yield from self.judged.error.node.walk()

    def changes(self, node: Node) -> Iterator[Change]:
        """Yield what may have been meant in the place of a part, and the mistake it then is."""
        match node:
            case Contract():
                yield from self.other_orders(node)
            case Kronecker(left, right):
                yield Kronecker(right, left), "order of a Kronecker product"
            case Call("dot" | "inner"):
                yield from self.changes(Contract(*node.arguments))
            case Add() | Subtract():
                yield from self.one_transposed(node)
                if isinstance(node, Add):
                    yield Elementwise(node.left, node.right), "sum for a product"
                    yield Contract(node.left, node.right), "sum for a product"
                for new, kind, _ in groupings(node):
                    if kind == "brackets":
                        yield new, "brackets missing"
                yield node.left, "term too many"
                if isinstance(node, Add):
                    yield node.right, "term too many"
            case Call(function) if function in EXTREMES:
                yield replace(node, function="sum"), "not summed"
        if isinstance(node, PRODUCTS):
            yield from self.outer_products(node)
            yield from self.one_transposed(node)
            yield from self.other_kinds(node)
            yield from self.other_sides(node)
            yield from other_links(node)

    def other_orders(self, node: Contract) -> Iterator[Change]:
        """Yield the factors of a matrix product in every other order."""
        factors = factors_of(node, Contract)
        if len(factors) <= MOST_FACTORS:
            name = "outer product meant" if self.is_number(node) else "order of a product"
            for order in permutations(factors):
                if list(order) != factors:
                    yield reduce(Contract, order), name

    def outer_products(self, node: Contract | Elementwise) -> Iterator[Change]:
        """Yield the outer product of two rows."""
        one, other = (part.body if isinstance(part, Transpose) else part for part in parts(node))
        if self.is_row(one) and self.is_row(other) and symbols_in(node) <= {r"\hat y"}:
            outer = Call("outer", (one, other))
            numpy = self.judged.rules == "numpy"
            yield outer if numpy else Contract(Transpose(one), other), "outer product meant"

    def one_transposed(self, node: Node) -> Iterator[Change]:
        """Yield an operation with one of its operands transposed; of a product, also both."""
        left, right = parts(node)
        for part, new in ((left, type(node)(turned(left), right)),
                          (right, type(node)(left, turned(right)))):  # fmt: skip
            if isinstance(node, Elementwise) and self.is_row(part):
                continue  # * with a column is an outer product by broadcasting
            weights = isinstance(part, Symbol) and part.name.startswith("W")
            yield new, "weights not transposed" if weights else "transpose missing"
        if isinstance(node, Contract):
            yield Contract(turned(left), turned(right)), "transpose missing"
            if isinstance(left, Symbol) and left.name.startswith("W"):
                yield Contract(right, turned(left)), "weights in front of a row"

    def other_sides(self, node: Contract | Elementwise) -> Iterator[Change]:
        """Yield the product with its row as a diagonal matrix, which scales what is behind it."""
        factors = factors_of(node, type(node))
        rows = [each for each in factors if self.is_row(each)]
        others = [each for each in factors if not self.is_row(each)]
        if not rows or not others:
            return
        if isinstance(node, Elementwise):
            diagonal = Apply("diag", reduce(Elementwise, rows))
            yield Contract(diagonal, reduce(Elementwise, others)), "row for a column"
        else:
            diagonals = [Apply("diag", each) if self.is_row(each) else each for each in factors]
            yield reduce(Contract, diagonals), "diagonal for its matrix"

    def other_kinds(self, node: Contract | Elementwise) -> Iterator[Change]:
        """Yield the other product of the same two factors."""
        left, right = parts(node)
        if isinstance(node, Contract):
            of_slope = any({"h"} <= symbols_in(part) <= {"h", "z_1"} for part in (left, right))
            first_layer = route(self.judged.goal)[0] == "W_1"
            slope = of_slope and first_layer
            name = "matrix product with the slope" if slope else "product of the wrong kind"
            yield Elementwise(left, right), name
        else:
            diagonal = any(map(self.is_diagonal, (left, right)))
            names = ("product of the wrong kind", "entry by entry with a diagonal matrix")
            yield Contract(left, right), names[diagonal]
            for one, other in ((left, right), (right, left)):
                yield Contract(one, turned(other)), "product of the wrong kind"

    # What a part is

    def value(self, node: Node) -> np.ndarray | None:
        """Return the part's value at the first network, if it has one."""
        return self.judged.value_at_first(node)

    def is_number(self, node: Node) -> bool:
        """Tell whether a part is one number."""
        value = self.value(node)
        return value is not None and value.size == 1

    def is_row(self, node: Node) -> bool:
        """Tell whether a part is one row of several entries."""
        value = self.value(node)
        return value is not None and value.size > 1 and value.shape in (
            (value.size,), (1, value.size),
        )  # fmt: skip

    def is_diagonal(self, node: Node) -> bool:
        """Tell whether a part is a diagonal matrix."""
        value = self.value(node)
        if value is None or value.ndim != 2 or value.shape[0] != value.shape[1]:
            return False
        return bool(np.all(value == np.diag(np.diag(value))))


def factors_of(node: Node, kind: type) -> list[Node]:
    """Return the factors of a product of one kind, brackets aside."""
    if isinstance(node, kind):
        return [each for part in parts(node) for each in factors_of(part, kind)]
    return [node]


def other_links(node: Contract | Elementwise) -> Iterator[Change]:
    """Yield a run of products, of both kinds, with its factors in every other order."""
    first, links = node, []
    while isinstance(first, PRODUCTS):
        kind, factor = type(first), first.right
        if kind is Elementwise and links and links[0][0] is Elementwise:
            links[0] = (kind, Elementwise(factor, links[0][1]))  # ∘ h ∘ (1 − h) is one link
        else:
            links.insert(0, (kind, factor))
        first = first.left
    links.insert(0, (Contract, first))
    if len({kind for kind, _ in links}) < 2 or not 3 < len(links) <= MOST_FACTORS:
        return
    for (kind, new), *others in permutations(links):
        if kind is Contract:
            yield reduce(lambda one, link: link[0](one, link[1]), others, new), "order of the links"
