"""The tree that a formula is: what LaTeX text is parsed into, and what is evaluated.

Every node holds its span, the place in the text that it was read from; spans don't take part in
comparisons, so two formulas are the same tree when they say the same.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from typing import NamedTuple

Span = tuple[int, int]


@dataclass(frozen=True)
class Node:
    """One sub-expression."""

    span: Span = field(default=(0, 0), compare=False, kw_only=True)

    def children(self) -> Iterator["Node"]:
        """Yield the sub-expressions that this one is made of, in the order of the text."""
        for each in fields(self):
            value = getattr(self, each.name)
            if isinstance(value, Node):
                yield value

    def walk(self) -> Iterator["Node"]:
        """Yield every sub-expression, the innermost first: the order of evaluation."""
        for child in self.children():
            yield from child.walk()
        yield self


@dataclass(frozen=True)
class Number(Node):
    """A number as it is written."""

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
    """Σ over a letter, up to `upper` if the text says so."""

    letter: str
    upper: str | None
    body: Node


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
    """Return the line of text that the span starts in, with carets under the span."""
    start, end = span
    begin = text.rfind("\n", 0, start) + 1
    stop = text.find("\n", start)
    line = text[begin : stop if stop >= 0 else len(text)]
    carets = max(1, min(end, begin + len(line)) - start)
    return f"  {line}\n  {' ' * (start - begin)}{'^' * carets}"
