"""Small changes of a reader's own formula, the cheapest first: what the search for a fix tries.

A change replaces one part of the tree. The text of the result is the reader's own text with that
part written anew, so brackets, spaces and names elsewhere stay as they were.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import reduce
from itertools import chain, combinations, permutations
from typing import NamedTuple

from mlp_lib.equations.numpy_code.functions import OVER_AXIS
from mlp_lib.equations.printing import sum_sign
from mlp_lib.equations.tables import Table
from mlp_lib.equations.tree import (
    Add,
    Apply,
    Call,
    Claim,
    Compare,
    Contract,
    Delta,
    Divide,
    Elementwise,
    Indexed,
    Kronecker,
    Negate,
    Node,
    Number,
    Power,
    SizeOf,
    Span,
    Subscript,
    Subtract,
    Sum,
    Symbol,
    Transpose,
    field_names,
    free_letters,
)

PRODUCTS = (Contract, Elementwise)
# Functions along an axis that people take where the sum belongs.
EXTREMES = ("max", "min", "prod", "argmax")
BINARY = (Add, Subtract, Contract, Elementwise, Divide, Kronecker)


class Edit(NamedTuple):
    """One change: the part that is replaced, by what, what kind of change, and how large it is."""

    old: Node
    new: Node
    kind: str
    cost: float


def local_edits(node: Node, table: Table, numpy: bool) -> Iterator[Edit]:
    """Yield the small changes of one part: each keeps the part's own operands."""
    for new, kind, cost in chain(
        transposes(node), orders(node), kinds_of_product(node), groupings(node), signs(node),
        dropped(node), symbols(node, table), numbers(node), activations(node),
        calls(node) if numpy else (),
    ):  # fmt: skip
        if numpy or not isinstance(new, Call):
            yield Edit(node, new, kind, cost)


Change = tuple[Node, str, float]


def transposes(node: Node) -> Iterator[Change]:
    """Insert or drop a transpose."""
    if isinstance(node, Transpose):
        yield node.body, "transpose", 1.0
    elif isinstance(node, PRODUCTS):
        yield Transpose(node), "transpose", 1.6
    elif not isinstance(node, Number | Negate | Compare):
        yield Transpose(node), "transpose", 1.0


def is_different(node: Node) -> bool:
    """Tell whether this is 1 − δ, which says that two letters differ, and is no slip."""
    return isinstance(node, Subtract) and isinstance(node.right, Delta)


def orders(node: Node) -> Iterator[Change]:
    """Swap the operands; move a factor to the other side, transposed."""
    if isinstance(node, Contract | Subtract | Kronecker) and not is_different(node):
        yield type(node)(node.right, node.left), "order", 1.0
    elif isinstance(node, Divide):
        yield upside_down(node), "upside down", 1.0
    if isinstance(node, PRODUCTS):
        left, right = node.left, node.right
        for one, other in (
            (turned(right), left), (right, turned(left)), (turned(right), turned(left)),
            (turned(left), right), (left, turned(right)), (turned(left), turned(right)),
        ):  # fmt: skip
            yield Contract(one, other), "order", 1.4
    if isinstance(node, Call) and node.function in ("dot", "outer", "inner"):
        one, other = node.arguments
        yield replace(node, arguments=(other, one)), "order", 1.0
        for first, second in ((turned(one), other), (one, turned(other)), (turned(other), one)):
            yield replace(node, arguments=(first, second)), "order", 1.4


def bare(node: Node) -> Node:
    """Return the part without a transpose around it."""
    return node.body if isinstance(node, Transpose) else node


def upside_down(node: Divide) -> Node:
    """Exchange what is divided and by what; a minus stays in front."""
    if isinstance(node.left, Negate):
        return Divide(Negate(node.right), node.left.body)
    return Divide(node.right, node.left)


def turned(node: Node) -> Node:
    """Return the transpose, without a transpose of a transpose; a number in front stays there."""
    match node:
        case Transpose(body):
            return body
        case Contract(Number() | Divide(Number(), Number() | Symbol()) as number, body):
            return Contract(number, turned(body))
    return Transpose(node)


def kinds_of_product(node: Node) -> Iterator[Change]:
    """Exchange @ and *, or take a product for a sum; give the outer product its name."""
    if isinstance(node, Contract):
        yield Elementwise(node.left, node.right), "kind of product", 1.05
    elif isinstance(node, Elementwise):
        yield Contract(node.left, node.right), "kind of product", 1.0
    elif isinstance(node, Add):
        kind = Contract if any(isinstance(each, Indexed) for each in node.walk()) else Elementwise
        yield kind(node.left, node.right), "kind of product", 1.0
    if isinstance(node, Contract):
        # A row times a column is one number; with * the two are rows.
        for one, other in ((node.left, node.right), (node.right, node.left)):
            if isinstance(other, Transpose):
                yield Elementwise(one, other.body), "kind of product", 1.3
    if isinstance(node, PRODUCTS):
        for part in (node.right, node.left):
            for symbol in ("x", "h"):
                yield Contract(Transpose(Symbol(symbol)), part), "symbol", 1.8
        for one, other in ((node.left, node.right), (node.right, node.left)):
            yield Call("outer", (bare(one), bare(other))), "kind of product", 1.6
    if isinstance(node, Elementwise):
        # ∘ with a row scales columns; its diagonal matrix in front scales rows.
        scaled = [(node.left, node.right), (node.right, node.left)]
        if isinstance(node.left, Elementwise):
            scaled.append((Elementwise(node.left.right, node.right), node.left.left))
        for row, matrix in scaled:
            yield Contract(Apply("diag", row), matrix), "side", 1.5


def groupings(node: Node) -> Iterator[Change]:
    """Set the brackets of two products the other way, or around a difference."""
    if isinstance(node, Add | Subtract) and isinstance(node.left, PRODUCTS):
        product = node.left
        inner = type(node)(product.right, node.right)
        # h * 1 is a scaling; with brackets around 1 - h it is a product entry by entry.
        kind = Elementwise if isinstance(product.right, Number) else type(product)
        # h + (1 - h) is 1.
        if node.right != Subtract(Number(1.0), product.right):
            yield kind(product.left, inner), "brackets", 0.9
    if isinstance(node, Add | Subtract) and isinstance(node.right, PRODUCTS):
        # ŷ − y W₂ᵀ ∘ h, with the brackets around ŷ − y forgotten.
        yield with_first_factor(node, node.right), "brackets", 0.9
    if isinstance(node, PRODUCTS):
        left, right = node.left, node.right
        if isinstance(left, PRODUCTS):
            inner = type(node)(left.right, right)
            yield type(left)(left.left, inner), "grouping", 0.9
            # a ∘ b · c, with c meant for b's partner: a ∘ (…) moved behind the product.
            yield type(left)(type(node)(left.left, right), left.right), "grouping", 1.2
            if isinstance(left.left, PRODUCTS):
                far = left.left
                tail = type(node)(type(left)(far.right, left.right), right)
                yield type(far)(far.left, tail), "grouping", 1.3
                tail = type(node)(left.right, right)
                yield type(far)(far.left, type(left)(far.right, tail)), "grouping", 1.3
        if isinstance(right, PRODUCTS):
            yield type(right)(type(node)(left, right.left), right.right), "grouping", 0.9
    if isinstance(node, Contract) and isinstance(node.left, Contract):
        factors = run_of(node)
        if len(factors) > 2:
            yield reduce(Contract, reversed(factors)), "order", 1.3


def with_first_factor(node: Add | Subtract, product: Node) -> Node:
    """Return the product on the right of a sum with the sum ended by its first factor."""
    if isinstance(product, PRODUCTS):
        return type(product)(with_first_factor(node, product.left), product.right)
    return type(node)(node.left, product)


def run_of(node: Node) -> list[Node]:
    """Return the factors of a run of matrix products that is read from the left."""
    if isinstance(node, Contract):
        return [*run_of(node.left), node.right]
    return [node]


# Six products in a row can be bracketed in 132 ways.
LONGEST_RUN = 6


def bracketings(node: Contract | Elementwise) -> Iterator[Node]:
    """Yield every other way to set brackets in a run of products that is read from the left."""
    factors: list[Node] = []
    kinds: list[type] = []
    inside: Node = node
    while isinstance(inside, PRODUCTS):
        factors.insert(0, inside.right)
        kinds.insert(0, type(inside))
        inside = inside.left
    factors.insert(0, inside)
    if len(kinds) <= LONGEST_RUN:
        for new in bracketed(factors, kinds):
            if new != node:
                yield new


def bracketed(factors: list[Node], kinds: list[type]) -> Iterator[Node]:
    """Yield every way to bracket these factors, with these kinds of product between them."""
    if not kinds:
        yield factors[0]
    for last, kind in enumerate(kinds):
        for left in bracketed(factors[: last + 1], kinds[:last]):
            for right in bracketed(factors[last + 1 :], kinds[last + 1 :]):
                yield kind(left, right)


def signs(node: Node) -> Iterator[Change]:
    """Flip a sign."""
    if isinstance(node, Negate):
        yield node.body, "sign", 1.0
    elif not isinstance(node, Number | Symbol):
        yield Negate(node), "sign", 1.3
    if isinstance(node, Add):
        yield Subtract(node.left, node.right), "sign", 1.0
    elif isinstance(node, Subtract):
        yield Add(node.left, node.right), "sign", 1.0


def dropped(node: Node) -> Iterator[Change]:
    """Drop an operand, a power or a function."""
    if isinstance(node, BINARY):
        product = isinstance(node, Contract | Elementwise | Divide | Kronecker)
        kind = "factor dropped" if product else "term dropped"
        if not isinstance(node.left, Number):
            yield node.left, kind, 1.1
        if not isinstance(node, Divide):
            yield node.right, kind, 1.2
    elif isinstance(node, Power):
        yield node.base, "dropped", 1.1
    elif isinstance(node, Apply):
        yield node.argument, "dropped", 1.3
    elif isinstance(node, Claim):
        yield node.body, "dropped", 2.0
    elif isinstance(node, Sum) and node.letter not in free_letters(node.body):
        yield node.body, "dropped", 1.0


def symbols(node: Node, table: Table) -> Iterator[Change]:
    """Replace a symbol by another one, first by one of the same shape."""
    if isinstance(node, Symbol) and node.name in table.symbols:
        shape = table.symbols[node.name].shape
        for entry in table.entries:
            if entry.name != node.name and entry.shape:
                cost = 1.2 if entry.shape == shape else 1.5
                yield Symbol(entry.name), "symbol", cost


def numbers(node: Node) -> Iterator[Change]:
    """Change a number or an exponent by one, and a scale of 2."""
    if isinstance(node, Number):
        for value in (1.0, 2.0, node.value + 1, node.value - 1):
            if value != node.value and value >= 0:
                yield Number(value), "number", 1.3
    elif isinstance(node, SizeOf) and node.axis != 0:
        yield replace(node, axis=0), "number", 1.0
    elif isinstance(node, Power):
        for exponent in {2, node.exponent + 1, max(0, node.exponent - 1)} - {node.exponent}:
            yield replace(node, exponent=exponent), "number", 1.3


def activations(node: Node) -> Iterator[Change]:
    """Exchange tanh or ReLU, or its slope, for the sigmoid of the network."""
    match node:
        case Apply("tanh" | "relu", argument) | Call("maximum", [Number(0.0), argument]):
            yield Apply("sigma", argument), "activation", 1.0
        case Call("maximum", [argument, Number(0.0)]):
            yield Apply("sigma", argument), "activation", 1.0
        case Apply("tanh'" | "relu'", argument):
            yield Apply("sigma'", argument), "activation", 1.0
        case Apply("sigma", argument) if Symbol("W_2") in argument.walk():
            yield Apply("softmax", argument), "activation", 1.0


def calls(node: Node) -> Iterator[Change]:
    """Change a call's axis, its keepdims, einsum's letters, or take another function."""
    if isinstance(node, Subscript):
        yield Call("sum", (node.base,), (("axis", 0),)), "axis", 1.0
        yield node.base, "dropped", 1.1
    if not isinstance(node, Call):
        return
    keywords = dict(node.keywords)
    if node.function in OVER_AXIS:
        for axis in (0, 1, -1, None):
            for keepdims in (False, True):
                changed = {"axis": axis} if axis is not None else {}
                changed |= {"keepdims": True} if keepdims else {}
                if changed != keywords:
                    new = replace(node, keywords=tuple(sorted(changed.items())))
                    yield new, "axis", 1.0 + 0.1 * (axis is None) + 0.05 * keepdims
        yield node.arguments[0], "call dropped", 1.2
        if node.function in EXTREMES:
            yield replace(node, function="sum"), "no sum", 0.9
        if node.function == "mean":
            yield Divide(node.arguments[0], SizeOf(Symbol("x"), 0)), "call dropped", 1.3
            yield replace(node, function="sum"), "function", 1.0
        if node.function == "sum":
            yield replace(node, function="mean"), "function", 1.0
    elif node.function == "diag":
        yield Apply("diag", node.arguments[0]), "function", 1.0
        yield node.arguments[0], "dropped", 1.2
    elif node.function == "reshape":
        if not keywords:
            yield replace(node, keywords=(("order", "F"),)), "order of storage", 0.8
        yield node.arguments[0], "dropped", 1.3
        yield turned(node.arguments[0]), "transpose", 0.9
    elif node.function == "einsum":
        yield from einsums(node, str(keywords["subscripts"]))
    elif node.function in ("dot", "outer", "inner"):
        yield Contract(*node.arguments), "kind of product", 1.2
        yield Elementwise(*node.arguments), "kind of product", 1.2
        yield Call("outer", tuple(map(bare, node.arguments))), "kind of product", 1.1
    elif node.function in ("vstack", "hstack", "concatenate"):
        for part in node.arguments:
            yield part, "dropped", 1.2
    elif node.function in ("pinv", "inv"):
        yield turned(node.arguments[0]), "transpose", 1.2
    if len(node.arguments) == 1 and node.function not in ("sum", "mean"):
        yield node.arguments[0], "dropped", 1.4


def einsums(node: Call, text: str) -> Iterator[Change]:
    """Change a letter of einsum, or the order of an array's, or leave one out behind the arrow."""
    letters = sorted({each for each in text if each.isalpha()})
    inside, _, result = text.partition("->")
    for place, old in enumerate(text):
        for new in letters:
            if old.isalpha() and new != old:
                changed = text[:place] + new + text[place + 1 :]
                # What a sum keeps is less to change than the letters of an array.
                cost = 0.95 if place > len(inside) else 1.0
                yield replace(node, keywords=(("subscripts", changed),)), "letters", cost
    operands = inside.split(",")
    changes = [f"{inside}->{result[:n]}{result[n + 1 :]}" for n in range(len(result))]
    if 2 <= len(result) <= 3:
        orders_of_result = ("".join(order) for order in permutations(result))
        changes += [f"{inside}->{order}" for order in orders_of_result if order != result]
    for number, operand in enumerate(operands):
        if len(operand) == 2:
            other = ",".join((*operands[:number], operand[::-1], *operands[number + 1 :]))
            changes.append(f"{other}->{result}" if result else other)
    for changed in changes:
        yield replace(node, keywords=(("subscripts", changed),)), "letters", 1.0


def letter_edits(node: Node, letters: tuple[str, ...], table: Table) -> Iterator[Edit]:
    """Yield the part with a letter changed, two exchanged, a sum added, or another symbol."""
    if isinstance(node, Indexed):
        yield from other_symbols(node, table)
        for place, old in enumerate(node.letters):
            for new in letters:
                if new != old:
                    changed = (*node.letters[:place], new, *node.letters[place + 1 :])
                    yield Edit(node, replace(node, letters=changed), "letters", 1.0)
        if len(node.letters) == 2:
            yield Edit(node, replace(node, letters=node.letters[::-1]), "transpose", 1.0)
    elif isinstance(node, Delta):
        for new in letters:
            yield Edit(node, Delta(new, node.second), "letters", 1.0)
            yield Edit(node, Delta(node.first, new), "letters", 1.0)
    elif isinstance(node, Sum):
        yield Edit(node, node.body, "dropped", 1.2)
        for new in letters:
            for upper in tuple(table.sizes[0]) if node.upper else (None,):
                if (new, upper) != (node.letter, node.upper):
                    yield Edit(node, replace(node, letter=new, upper=upper), "letters", 1.0)
    for letter in free_letters(node):
        yield Edit(node, Sum(letter, None, node), "sum", 1.1)


def with_delta(node: Node, letters: tuple[str, ...]) -> Iterator[Edit]:
    """Yield the formula with a δ behind it, for two of its letters."""
    for one, other in combinations(letters, 2):
        yield Edit(node, Contract(node, Delta(one, other)), "factor added", 1.2)


def with_factor(node: Node, factor: Node) -> Iterator[Edit]:
    """Yield a part of a formula in indices with a factor beside it, where people write it."""
    names = {each.name for each in factor.walk() if isinstance(each, Symbol)}
    if names & {"y", "x", "W_1"} and not isinstance(factor, Sum):
        yield Edit(node, Contract(factor, node), "factor added", 1.6)
    elif not isinstance(node, Sum):
        # W_2 stands beside the error that goes through it.
        error = isinstance(node, Subtract) and isinstance(node.left, Indexed)
        cost = 1.6 + 0.05 * ("W_2" in names and not error)
        yield Edit(node, Contract(node, factor), "factor added", cost)


def other_symbols(node: Indexed, table: Table) -> Iterator[Edit]:
    """Yield the entry of another symbol with as many axes, and an error in place of its parts."""
    own = table.symbols.get(getattr(node.base, "name", ""))
    if own is None:
        return
    for entry in table.entries:
        if entry.name != own.name and len(entry.shape) == len(own.shape):
            cost = 1.2 if entry.shape == own.shape else 1.5
            yield Edit(node, replace(node, base=Symbol(entry.name)), "symbol", cost)
    if own.name == "h":
        yield Edit(node, Subtract(Number(1.0), node), "piece", 1.5)
    if own.name in ("y", r"\hat y"):
        parts = [replace(node, base=Symbol(name)) for name in (r"\hat y", "y")]
        yield Edit(node, Subtract(*parts), "piece", 1.6)


class Place(NamedTuple):
    """Where a part stands: in which node, in which field, and at which place of a tuple."""

    parent: Node
    name: str
    number: int | None


def places(root: Node) -> dict[int, Place]:
    """Return, for each part of the tree by its id, where it stands."""
    found = {}
    for node in root.walk():
        for name in field_names(type(node)):
            value = getattr(node, name)
            if isinstance(value, Node):
                found[id(value)] = Place(node, name, None)
            elif isinstance(value, tuple):
                for number, part in enumerate(value):
                    if isinstance(part, Node):
                        found[id(part)] = Place(node, name, number)
    return found


def replaced(old: Node, new: Node, found: dict[int, Place]) -> Node:
    """Return the whole tree with one part replaced; all other parts stay the same objects."""
    while (place := found.get(id(old))) is not None:
        value: object = new
        if place.number is not None:
            members = getattr(place.parent, place.name)
            value = (*members[: place.number], new, *members[place.number + 1 :])
        new = place.parent.with_part(place.name, value)
        old = place.parent
    return new


def replaced_everywhere(root: Node, old: Node, new: Node) -> Node:
    """Return the whole tree with a part replaced wherever it stands: a line's name is one part."""
    if root is old:
        return new
    return root.with_parts(lambda part: replaced_everywhere(part, old, new))


METHOD = re.compile(rf"(?<!\bnp)\.(?:{'|'.join(OVER_AXIS)})\(([^()]*)\)$")
OPENS = re.compile(r"(?:\\left\s?)?([(\[]) ?\Z")
CLOSES = re.compile(r" ?(?:\\right\s?)?([)\]])")
PAIRS = {"(": ")", "[": "]"}
LEFT = re.compile(r"\\left\s*$")
CALLED = re.compile(r"[\w\])}']\s*$")
NAME_IN_BRACKETS = re.compile(r"(?<![\w\])])\((\w+)\)")
Quote = Callable[[Node], str | None]


def is_in(inner: Span, outer: Span) -> bool:
    """Tell whether one part of a text stands in another."""
    return outer[0] <= inner[0] and inner[1] <= outer[1]


def is_inserted(edit: Edit) -> bool:
    """Tell whether a factor is added beside a part, or a sum before it, which stays as it is."""
    old, new = edit.old, edit.new
    if isinstance(new, Sum):
        return new.body is old
    return isinstance(new, Contract) and (new.left is old or new.right is old)


def with_bounds(edit: Edit, text: str) -> str | None:
    """Return the reader's LaTeX with other bounds of a sum, or None for another change."""
    old, new = edit.old, edit.new
    is_sum = isinstance(old, Sum) and isinstance(new, Sum) and new.body is old.body
    if not is_sum or new.upper is None or not old.sign[1]:
        return None
    start, end = old.sign
    return text[:start] + sum_sign(new) + text[end:]


def with_inserted(edit: Edit, text: str, write: Callable[[Node, Quote], str]) -> str:
    """Return the reader's LaTeX, all of it, with a factor beside a part or a sum in front."""
    if isinstance(edit.new, Sum):
        start, _ = with_brackets(text, edit.old.span)
        return f"{text[:start]}{sum_sign(edit.new)} {text[start:]}"
    is_in_front = edit.new.right is edit.old
    factor = edit.new.left if is_in_front else edit.new.right
    new = write(factor, lambda part: None)
    start, end = with_brackets(text, edit.old.span)
    place = start if is_in_front else end
    if isinstance(factor, Subtract) and new == write(replace(factor, span=(0, 0)), lambda _: None):
        new = f"({new})"
    if r"\left" not in text:
        new = new.replace(r"\left( ", "(").replace(r" \right)", ")")
    return text[:place] + (f"{new} " if is_in_front else f" {new}") + text[place:]


def with_brackets(text: str, span: Span) -> Span:
    """Return where a part stands together with the brackets around it alone."""
    start, end = span
    while (opens := OPENS.search(text, 0, start)) and (closes := CLOSES.match(text, end)):
        if PAIRS[opens[1]] != closes[1]:
            break
        start, end = opens.start(), closes.end()
    return start, end


def as_method(edit: Edit, text: str) -> str | None:
    """Return d.sum(axis=0) for d.sum(axis=1), as the reader calls it, or None for what is none."""
    method = METHOD.search(text)
    match edit.old, edit.new:
        case Call(_, [array, *_]), Call(function, [same], keywords) if method and same is array:
            said = dict(keywords)
            bare = method[1].strip().lstrip("-").isdigit() and said.keys() == {"axis"}
            inside = (f"{name}={value}" if not bare else str(value) for name, value in keywords)
            return f"{text[: method.start()]}.{function}({', '.join(inside)})"
    return None


def written(
    edit: Edit,
    text: str,
    write: Callable[[Node, Quote], str],
    brackets: str,
    names: dict[tuple[int, int], str],
) -> str | None:
    """Return the reader's text with the part written anew, in these brackets if any.

    The part's own parts are quoted as the reader wrote them, and by the name that another line
    gives them. The brackets "" take those of the reader away; None where there are none.
    """
    own = {id(node) for node in edit.old.walk()}
    first, last = edit.old.span

    def quote(node: Node) -> str | None:
        start, end = node.span
        if node.span in names and not first <= start < last:
            return names[node.span]
        return text[start:end] if id(node) in own and end > start else None

    start, end = first, last
    # LaTeX's \left stands before the bracket that it belongs to.
    start = len(LEFT.sub("", text[:start]))
    if not brackets:
        around = text[start - 1 : start] == "(" and text[end : end + 1] == ")"
        if not around or CALLED.search(text[: start - 1]):
            return None
        start, end, brackets = start - 1, end + 1, "…"
    before, after = brackets.split("…")
    new = as_method(edit, text[first:last])
    if new is None:
        new = NAME_IN_BRACKETS.sub(r"\1", write(edit.new, quote))
    return text[:start] + before + new + after + text[end:]
