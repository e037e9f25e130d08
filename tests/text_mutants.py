"""Mistakes in an equation, one at a time, on its tree: a dropped transpose, swapped factors, …"""

from collections.abc import Iterator
from dataclasses import fields, replace
from itertools import combinations
from typing import NamedTuple

from mlp_lib.equations.tables import Table
from mlp_lib.equations.tree import (
    Add,
    Apply,
    Claim,
    Contract,
    Delta,
    Divide,
    Elementwise,
    Identity,
    Indexed,
    Kronecker,
    Negate,
    Node,
    Partial,
    Subtract,
    Sum,
    Symbol,
    Transpose,
)

PRODUCTS = (Contract, Elementwise, Kronecker)
Sides = tuple[Node, ...]
Path = tuple[int | str, ...]


class Mutant(NamedTuple):
    """One change of an equation: what was done, and the sides after it."""

    change: str
    sides: Sides


def mutants(sides: Sides, table: Table) -> list[Mutant]:
    """Return every mutant of an equation, each tree once."""
    found: dict[Sides, Mutant] = {}
    for mutant in all_changes(sides, table):
        if mutant.sides != sides:
            found.setdefault(mutant.sides, mutant)
    return list(found.values())


def all_changes(sides: Sides, table: Table) -> Iterator[Mutant]:
    """Yield the changes, the local ones first."""
    for number, side in enumerate(sides):
        for change, changed in local(side, table):
            yield Mutant(change, (*sides[:number], changed, *sides[number + 1 :]))
        if not isinstance(side, Negate):
            yield Mutant("flip a sign", (*sides[:number], Negate(side), *sides[number + 1 :]))
    yield from exchanged_symbols(sides, table)
    yield from exchanged_letters(sides)


def local(node: Node, table: Table, in_product: bool = False) -> Iterator[tuple[str, Node]]:
    """Yield each change inside of one side; a product is looked at once, as a whole."""
    yield from here(node, table)
    if isinstance(node, PRODUCTS) and not in_product:
        yield from in_a_product(*factors(node))
    for each in fields(node):
        child = getattr(node, each.name)
        if isinstance(child, Node) and not (isinstance(node, Partial) and each.name == "by"):
            inside = isinstance(node, PRODUCTS) and each.name == "left"
            for change, changed in local(child, table, inside):
                yield change, replace(node, **{each.name: changed})


def here(node: Node, table: Table) -> Iterator[tuple[str, Node]]:
    """Yield the changes of one node that leave its parts alone."""
    sizes = (*table.sizes[0], "1")
    match node:
        case Transpose(body):
            yield "drop a transpose", body
        case Symbol() | Partial() | Identity() | Apply() | Add() | Subtract():
            yield "add a transpose", Transpose(node)
    match node:
        case Add(left, right):
            yield "flip a sign", Subtract(left, right)
            yield "flip a sign", Add(Negate(left), right)
            yield "drop a term", left
            yield "drop a term", right
        case Subtract(left, right):
            yield "flip a sign", Add(left, right)
            yield "flip a sign", Subtract(Negate(left), right)
            yield "drop a term", left
            yield "drop a term", Negate(right)
        case Negate(body):
            yield "flip a sign", body
        case Divide(left, right):
            yield "drop a divisor", left
            yield "swap two factors", Divide(right, left)
        case Claim(body, shape):
            for place, size in enumerate(shape):
                for other in sizes:
                    if other != size:
                        changed = (*shape[:place], other, *shape[place + 1 :])
                        yield "change a size", Claim(body, changed)
        case Sum(letter, upper, body):
            for other in sizes[:-1]:
                if upper and other != upper:
                    yield "change a size", Sum(letter, other, body)
            yield "drop a sum", body
        case Identity(axis):
            yield from (("change a size", Identity(other)) for other in sizes[:-1] if other != axis)


def factors(node: Node) -> tuple[list[Node], list[type]]:
    """Return the factors of a product from left to right, and the operations between them."""
    if not isinstance(node, PRODUCTS):
        return [node], []
    left, operations = factors(node.left)
    return [*left, node.right], [*operations, type(node)]


def multiplied(parts: list[Node], operations: list[type]) -> Node:
    """Return the product, grouped to the left."""
    result = parts[0]
    for operation, part in zip(operations, parts[1:], strict=True):
        result = operation(result, part)
    return result


def in_a_product(parts: list[Node], operations: list[type]) -> Iterator[tuple[str, Node]]:
    """Yield the changes of a product: its factors and what stands between them."""
    for a, b in combinations(range(len(parts)), 2):
        swapped = list(parts)
        swapped[a], swapped[b] = parts[b], parts[a]
        yield "swap two factors", multiplied(swapped, operations)
    for a in range(len(parts)):
        rest = operations[:a] + operations[a + 1 :] if a < len(operations) else operations[:-1]
        dropped = parts[a]
        name = "drop a 1/N" if isinstance(dropped, Divide) else "drop a factor"
        yield name, multiplied(parts[:a] + parts[a + 1 :], rest)
        if a:  # what stood in front of the factor goes, not what stood behind it
            rest = operations[: a - 1] + operations[a:]
            yield name, multiplied(parts[:a] + parts[a + 1 :], rest)
    for a, operation in enumerate(operations):
        for other in PRODUCTS:
            if other is not operation:
                changed = [*operations[:a], other, *operations[a + 1 :]]
                yield r"exchange \cdot, \circ and \otimes", multiplied(parts, changed)


def places(sides: Sides) -> Iterator[tuple[Path, Node]]:
    """Yield every node with the way to it."""
    stack: list[tuple[Path, Node]] = [((n,), side) for n, side in reversed(list(enumerate(sides)))]
    while stack:
        path, node = stack.pop()
        yield path, node
        for each in fields(node):
            if isinstance(child := getattr(node, each.name), Node):
                stack.append(((*path, each.name), child))


def put(sides: Sides, path: Path, node: Node) -> Sides:
    """Return the sides with another node at that place."""
    number, *names = path
    return (*sides[:number], put_in(sides[number], names, node), *sides[number + 1 :])


def put_in(root: Node, names: list[str], node: Node) -> Node:
    """Return the tree with another node at that place."""
    if not names:
        return node
    inner = put_in(getattr(root, names[0]), names[1:], node)
    return replace(root, **{names[0]: inner})


def exchanged_symbols(sides: Sides, table: Table) -> Iterator[Mutant]:
    """Write another symbol of the same shape for one, and exchange two of the equation."""
    shapes = {entry.name: entry.shape for entry in table.entries}
    found = [
        (path, node.name)
        for path, node in places(sides)
        if isinstance(node, Symbol) and node.name in shapes
    ]
    for path, name in found:
        for other in shapes:
            if other != name and shapes[other] == shapes[name]:
                yield Mutant("another symbol", put(sides, path, Symbol(other)))
    for (path, name), (place, other) in combinations(found, 2):
        if other != name and shapes[other] == shapes[name]:
            changed = put(put(sides, path, Symbol(other)), place, Symbol(name))
            yield Mutant("exchange two symbols", changed)


def exchanged_letters(sides: Sides) -> Iterator[Mutant]:
    """Write another letter of the equation for one, and exchange two of them."""
    found = [
        (path, place, letter)
        for path, node in places(sides)
        for place, letter in enumerate(letters_of(node))
    ]
    for path, place, letter in found:
        for other in sorted({each for _, _, each in found} - {letter}):
            yield Mutant("another index", with_letter(sides, path, place, other))
    for (path, place, letter), (path2, place2, other) in combinations(found, 2):
        if letter != other:
            changed = with_letter(with_letter(sides, path, place, other), path2, place2, letter)
            yield Mutant("exchange two indices", changed)


def letters_of(node: Node) -> tuple[str, ...]:
    """Return the index letters that a node itself has."""
    match node:
        case Indexed(_, letters):
            return letters
        case Delta(first, second):
            return (first, second)
        case Sum(letter):
            return (letter,)
    return ()


def with_letter(sides: Sides, path: Path, place: int, letter: str) -> Sides:
    """Return the sides with another letter at one place of one node."""
    node = sides[path[0]]
    for name in path[1:]:
        node = getattr(node, name)
    letters = (*letters_of(node)[:place], letter, *letters_of(node)[place + 1 :])
    match node:
        case Indexed(base):
            changed = Indexed(base, letters)
        case Delta():
            changed = Delta(*letters)
        case Sum(_, upper, body):
            changed = Sum(letters[0], upper, body)
    return put(sides, path, changed)
