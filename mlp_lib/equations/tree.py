"""The tree that a formula is: what LaTeX text is parsed into, and what is evaluated.

Every node holds its span, the place in the text that it was read from; spans don't take part in
comparisons, so two formulas are the same tree when they say the same.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, fields
from functools import cache
from typing import NamedTuple

Span = tuple[int, int]
MAX_PARTS = 1500  # of a formula when each name is replaced by what it stands for
MAX_DEPTH_OF_PARTS = 120
ONES = r"\mathbf{1}"  # the row of ones, one for each example
LATEX_COMMENT = re.compile(r"(?<!\\)%[^\n]*")
QUOTED = 160  # characters of a line that an error quotes
SPELLING_BEFORE = re.compile(r"\\(left|[bB]igl?|boldsymbol|mathbf)\s*$")


@cache
def field_names(kind: type) -> tuple[str, ...]:
    """Return the names of the fields of one kind of node, without its span."""
    return tuple(each.name for each in fields(kind) if each.name != "span")


@dataclass(frozen=True)
class Node:
    """One sub-expression."""

    span: Span = field(default=(0, 0), compare=False, kw_only=True)

    def children(self) -> list["Node"]:
        """Return the sub-expressions that this one is made of, in the order of the text."""
        found = []
        for name in field_names(type(self)):
            value = getattr(self, name)
            if isinstance(value, Node):
                found.append(value)
            elif isinstance(value, tuple):
                found += [part for part in value if isinstance(part, Node)]
        return found

    def with_part(self, name: str, value: object) -> "Node":
        """Return this node with one field changed."""
        # It takes a third of dataclasses.replace's time.
        new = object.__new__(type(self))
        vars(new).update(vars(self))
        vars(new)[name] = value
        return new

    def with_parts(self, change: Callable[["Node"], "Node"]) -> "Node":
        """Return this node with each sub-expression changed."""
        node = self
        for name in field_names(type(self)):
            value = getattr(self, name)
            if isinstance(value, Node):
                node = node.with_part(name, change(value))
            elif isinstance(value, tuple) and any(isinstance(part, Node) for part in value):
                parts = tuple(change(part) if isinstance(part, Node) else part for part in value)
                node = node.with_part(name, parts)
        return node

    def walk(self) -> Iterator["Node"]:
        """Return every sub-expression, the innermost first: the order of evaluation."""
        found: list[Node] = [self]
        # Each node stands before its parts, and these from right to left: the other way round.
        waiting = self.children()
        while waiting:
            node = waiting.pop()
            found.append(node)
            waiting += node.children()
        return reversed(found)


@dataclass(frozen=True)
class Number(Node):
    """A number as it is written; a whole one in Python is an int."""

    value: float


@dataclass(frozen=True)
class Symbol(Node):
    """A symbol of the table, by its name there."""

    name: str


@dataclass(frozen=True)
class Identity(Node):
    """The identity matrix with one axis twice."""

    axis: str


@dataclass(frozen=True)
class Delta(Node):
    """Kronecker's δ_ij: 1 where i = j, else 0."""

    first: str
    second: str


@dataclass(frozen=True)
class Indexed(Node):
    """The entry of `base` at the indices, one letter an axis."""

    base: Node
    letters: tuple[str, ...]


@dataclass(frozen=True)
class Partial(Node):
    """∂of/∂by, output axes first, then input axes."""

    of: Node
    by: Node


@dataclass(frozen=True)
class Add(Node):
    """Left + right."""

    left: Node
    right: Node


@dataclass(frozen=True)
class Subtract(Node):
    """Left − right."""

    left: Node
    right: Node


@dataclass(frozen=True)
class Negate(Node):
    """−body."""

    body: Node


@dataclass(frozen=True)
class Contract(Node):
    """Left · right: the last axis of left is summed against the first axis of right."""

    left: Node
    right: Node


@dataclass(frozen=True)
class Elementwise(Node):
    """Left ∘ right, entry by entry."""

    left: Node
    right: Node


@dataclass(frozen=True)
class Kronecker(Node):
    """Left ⊗ right."""

    left: Node
    right: Node


@dataclass(frozen=True)
class Divide(Node):
    """Left / right, entry by entry or by a scalar."""

    left: Node
    right: Node


@dataclass(frozen=True)
class Power(Node):
    """Base to a whole power, entry by entry."""

    base: Node
    exponent: int


@dataclass(frozen=True)
class Transpose(Node):
    """The transpose of a matrix."""

    body: Node


@dataclass(frozen=True)
class Apply(Node):
    """A function of one argument, by its name."""

    function: str
    argument: Node


@dataclass(frozen=True)
class Sum(Node):
    """Σ over a letter, up to `upper` if the text says so; `sign` is where Σ and its bounds are."""

    letter: str
    upper: str | None
    body: Node
    sign: Span = field(default=(0, 0), compare=False, kw_only=True)


@dataclass(frozen=True)
class OverLetters(Node):
    """The array of a formula in indices: its value for all values of these free letters.

    Each letter ranges over the axis in the same place of `axes`.
    """

    body: Node
    letters: tuple[str, ...]
    axes: tuple[str, ...]


@dataclass(frozen=True)
class Call(Node):
    """A NumPy function that mathematics has no sign for, by its name, with its keywords."""

    function: str
    arguments: tuple[Node, ...]
    keywords: tuple[tuple[str, object], ...] = ()

    def keyword(self, name: str, default: object = None) -> object:
        """Return the value of a keyword, or the default where it isn't given."""
        return dict(self.keywords).get(name, default)


@dataclass(frozen=True)
class Subscript(Node):
    """NumPy's base[…]: whole numbers, slices, None for a new axis, or a node of whole numbers."""

    base: Node
    items: tuple[object, ...]


@dataclass(frozen=True)
class SizeOf(Node):
    """NumPy's base.shape[axis], or base.size where no axis is given."""

    base: Node
    axis: int | None


@dataclass(frozen=True)
class ShapeOf(Node):
    """NumPy's base.shape, all sizes together."""

    base: Node


@dataclass(frozen=True)
class Compare(Node):
    """Left < right and its like: 1 where it is so, else 0."""

    left: Node
    sign: str
    right: Node


@dataclass(frozen=True)
class Claim(Node):
    """A body with the shape that the text says it has."""

    body: Node
    shape: tuple[str, ...]


class Equation(NamedTuple):
    """A chain of sides, each said to equal the next; one side alone claims only its shapes."""

    sides: tuple[Node, ...]
    text: str


class EquationError(ValueError):
    """What is wrong with a formula, quoted with a caret under the place."""

    def __init__(self, message: str, text: str = "", span: Span = (0, 0)):
        self.message, self.text, self.span = message, text, span
        super().__init__(message + (f"\n{quoted(text, span)}" if text else ""))


def quoted(text: str, span: Span) -> str:
    """Return the line of text that the span starts in, with carets under the span.

    Of a long line it is the part around the span; what is no character to print is shown as �.
    """
    start, end = span
    begin = text.rfind("\n", 0, start) + 1
    stop = text.find("\n", start)
    stop = stop if stop >= 0 else len(text)
    if stop - begin > QUOTED:
        begin = max(begin, start - QUOTED // 2)
        stop = min(stop, begin + QUOTED)
    line = "".join(
        each if each.isprintable() else " " if each.isspace() else "\N{REPLACEMENT CHARACTER}"
        for each in text[begin:stop]
    )
    carets = max(1, min(end, stop) - start)
    return f"  {line}\n  {' ' * (start - begin)}{'^' * carets}"


def snippet(text: str, span: Span) -> str:
    """Return what the span says, on one line, with the spelling (\\left) in front of it."""
    start, end = span
    if spelling := SPELLING_BEFORE.search(text[:start]):
        start = spelling.start()
    return " ".join(re.sub(rf"{LATEX_COMMENT.pattern}|\\\\|&", " ", text[start:end]).split())


def refuse_large(formula: Node, text: str) -> None:
    """Refuse a formula that its names make too large: a = x x, b = a a, c = b b, and so on."""
    level, count, depth = [formula], 0, 0
    while level:
        count, depth = count + len(level), depth + 1
        if count > MAX_PARTS or depth > MAX_DEPTH_OF_PARTS:
            raise EquationError(
                f"with each name replaced by its formula there are more than {MAX_PARTS} parts, or "
                f"they are nested deeper than {MAX_DEPTH_OF_PARTS}",
                text,
                formula.span,
            )
        level = [part for each in level for part in each.children()]


def free_letters(node: Node) -> tuple[str, ...]:
    """Return the letters that no sum binds, in the order in which they are met."""
    match node:
        case Delta(first, second):
            return tuple(dict.fromkeys((first, second)))
        case Sum(letter, _, body):
            return tuple(each for each in free_letters(body) if each != letter)
    own = node.letters if isinstance(node, Indexed) else ()
    inner = [letter for child in node.children() for letter in free_letters(child)]
    return tuple(dict.fromkeys((*inner, *own)))
