"""The trace of an equation: what each sub-expression is, in the order of evaluation."""

from dataclasses import dataclass, fields, replace
from itertools import pairwise

from mlp_lib.equations.check import Report, compare, with_zero
from mlp_lib.equations.evaluate import Evaluation, Value, point
from mlp_lib.equations.known import name_of, name_of_entries
from mlp_lib.equations.letters import free_letters
from mlp_lib.equations.tables import Table
from mlp_lib.equations.tree import (
    Add,
    Claim,
    Contract,
    Delta,
    Equation,
    EquationError,
    Identity,
    Indexed,
    Negate,
    Node,
    Number,
    Partial,
    Power,
    Subtract,
    Symbol,
    Transpose,
)

ELLIPSIS = Symbol("…")  # what the rows above have said already
MAX_LEAVES = 2  # of a part that is written again where it is used


@dataclass(frozen=True)
class Step:
    """One sub-expression: its shape, its index letters, which known quantity it is.

    `shown` is the expression with a long first part left out. `axes` is None, and `problem` says
    why, if it has no value. `claimed` is the shape that the text says it has, if it does.
    """

    node: Node
    shown: Node
    axes: tuple[str, ...] | None = None
    letters: tuple[tuple[str, str], ...] = ()  # each free letter with the axis that it ranges over
    known: Node | None = None
    claimed: tuple[str, ...] | None = None
    contracts: bool = False  # a product that sums over an axis
    problem: str = ""

    @property
    def holds(self) -> bool:
        """Tell whether it has a value, and the shape that the text says."""
        return self.axes is not None and self.claimed in (None, self.axes)


@dataclass(frozen=True)
class Link:
    """Two neighbouring sides of a chain, and whether they are equal in shape and value."""

    left: Node
    right: Node
    axes: tuple[tuple[str, ...] | None, tuple[str, ...] | None]
    report: Report


@dataclass(frozen=True)
class Trace:
    """The steps and the links of one chain; `problem` says why none could be evaluated."""

    steps: tuple[Step, ...]
    links: tuple[Link, ...]
    problem: str = ""

    @property
    def holds(self) -> bool:
        """Tell whether every step and every link does."""
        return (
            not self.problem
            and all(step.holds for step in self.steps)
            and all(link.report.holds for link in self.links)
        )


class Recorder(Evaluation):
    """An evaluation that keeps what became of each sub-expression, in the order of evaluation."""

    def __init__(self, table: Table, number: int, text: str):
        where = point(table, number)
        super().__init__(table, where.sizes, where.values, text=text, moved=where.moved)
        self.outcomes: dict[Node, Value | str] = {}  # a value, or what is wrong
        self.claims: dict[Node, tuple[str, ...]] = {}

    def evaluate(self, node: Node) -> Value:
        """Return the value of a sub-expression and keep it, or what is wrong with it."""
        bare = without_claims(node)
        if isinstance(known := self.outcomes.get(bare), Value) and not isinstance(node, Claim):
            return known
        count = len(self.outcomes)
        try:
            value = super().evaluate(node)
        except EquationError as error:
            if not any(isinstance(each, str) for each in list(self.outcomes.values())[count:]):
                self.outcomes[bare] = error.message  # nothing inside has failed, so this has
            raise
        return self.outcomes.setdefault(bare, value)

    def on_claim(self, node: Claim) -> Value:
        """Keep the claim and go on, whether it holds or not: the step says so."""
        self.claims[without_claims(node)] = () if node.shape in (("1",), ("1", "1")) else node.shape
        return self.evaluate(node.body)


def trace(equation: Equation, table: Table) -> Trace:
    """Evaluate one chain at every network of the table and say what each part of it is."""
    runs = [Recorder(table, number, equation.text) for number in range(len(table.sizes))]
    for run in runs:
        try:
            run.find_letters(*equation.sides)
        except EquationError as error:
            return Trace((), (), error.message)
        for side in equation.sides:
            try:
                run.evaluate(side)
            except EquationError:
                continue  # the step that failed has kept the message
    sides = [without_claims(side) for side in equation.sides]
    rows = [node for node in runs[0].outcomes if has_row(node, sides, runs[0])]
    order = tuple(dict.fromkeys(letter for side in sides for letter in free_letters(side)))
    steps = tuple(step(node, rows, runs, order) for node in rows)
    return Trace(steps, tuple(link(*pair, runs) for pair in pairwise(sides)))


def has_row(node: Node, sides: list[Node], run: Recorder) -> bool:
    """Tell whether a sub-expression is a step of its own.

    What is read off one symbol is not: W₂ᵀ or 1 − h, unless it is a whole side or the text claims
    its shape. Nor is the quantity that the equation is about, its first side: it is in the link.
    """
    if node in run.claims or isinstance(run.outcomes[node], str):
        return True
    if isinstance(node, Indexed | Delta) or (isinstance(node, Partial) and free_letters(node)):
        return True
    if isinstance(node, Partial):
        return node != sides[0] and not any(
            isinstance(other, Indexed) and other.base == node for other in run.outcomes
        )
    return not is_plain(node) or (node in sides and not isinstance(node, Symbol | Number))


def is_plain(node: Node) -> bool:
    """Tell whether it is one symbol, also transposed, negated, or added to a number."""
    match node:
        case Symbol() | Number() | Identity() | Delta() | Indexed(Symbol(), _):
            return True
        case Transpose(body) | Negate(body) | Power(body, _):
            return is_plain(body)
        case Add(left, right) | Subtract(left, right):
            number = isinstance(left, Number) or isinstance(right, Number)
            return number and is_plain(left) and is_plain(right)
    return False


def step(node: Node, rows: list[Node], runs: list[Recorder], order: tuple[str, ...]) -> Step:
    """Say what one sub-expression is."""
    claimed, shown = runs[0].claims.get(node), shortened(node, rows)
    if isinstance(problem := runs[0].outcomes[node], str):
        product = isinstance(node, Contract)
        return Step(node, shown, claimed=claimed, contracts=product, problem=problem)
    values = [run.outcomes[node] for run in runs]
    free = free_letters(node)
    letters = tuple(sorted(free, key=lambda each: order.index(each) if each in order else -1))
    known = None if says_its_name(node) else found_name(values, letters, runs)
    return Step(
        node,
        shown,
        values[0].axes,
        tuple((letter, runs[0].axis_of[letter]) for letter in letters),
        known,
        claimed,
        contracts=isinstance(node, Contract)
        and all(runs[0].outcomes[part].axes for part in (node.left, node.right)),
    )


def found_name(values: list[Value], letters: tuple[str, ...], runs: list[Recorder]) -> Node | None:
    """Return the known quantity that has the values, with the index letters if there are any."""
    if not letters:
        return name_of(values, runs[0].table)
    if values[0].axes:
        return None  # named axes beside the letters: no quantity is written so
    entries = [by_letters(run, value, letters) for run, value in zip(runs, values, strict=True)]
    return name_of_entries(entries, letters, runs[0].table)


def says_its_name(node: Node) -> bool:
    """Tell whether the expression itself is a symbol or a derivative, with or without indices."""
    base = node.base if isinstance(node, Indexed) else node
    return isinstance(base, Symbol | Number | Delta) or (
        isinstance(base, Partial)
        and all(isinstance(part, Symbol | Indexed) for part in (base.of, base.by))
    )


def by_letters(run: Recorder, value: Value, letters: tuple[str, ...]) -> Value:
    """Return the entries with one named axis for each letter, in the order of the letters."""
    places = [run.letters.index(letter) for letter in letters]
    kept = sorted(places)
    entries = value.array.reshape([value.array.shape[place] for place in kept])
    entries = entries.transpose([kept.index(place) for place in places])
    return Value(entries, tuple(run.axis_of[letter] for letter in letters))


def link(left: Node, right: Node, runs: list[Recorder]) -> Link:
    """Compare two sides at every network."""
    pairs = [(run.outcomes.get(left), run.outcomes.get(right)) for run in runs]
    axes = tuple(value.axes if isinstance(value, Value) else None for value in pairs[0])
    if None in axes:
        which = "left" if axes[0] is None else "right"
        return Link(left, right, axes, Report(False, "shape", f"the {which} side has no value"))
    reports = [
        compare(*with_zero((left, a), (right, b)), run)
        for (a, b), run in zip(pairs, runs, strict=True)
    ]
    failure, message = next((each for each in reports if each[0]), ("", ""))
    return Link(left, right, axes, Report(not failure, failure, message))


def without_claims(node: Node) -> Node:
    """Return the formula without what it says about shapes."""
    if isinstance(node, Claim):
        return without_claims(node.body)
    parts = {each.name: getattr(node, each.name) for each in fields(node)}
    changed = {name: without_claims(part) for name, part in parts.items() if isinstance(part, Node)}
    return replace(node, **changed) if changed else node


def shortened(node: Node, rows: list[Node]) -> Node:
    """Return the expression with … for its first long part that has a row above."""
    for each in fields(node):
        part = getattr(node, each.name)
        if isinstance(part, Node) and part in rows and leaves(part) > MAX_LEAVES:
            return replace(node, **{each.name: ELLIPSIS})
    return node


def leaves(node: Node) -> int:
    """Count the quantities that an expression is made of."""
    if isinstance(node, Number):
        return 0
    if isinstance(node, Partial) or (isinstance(node, Indexed) and is_plain(node)):
        return 1
    return sum(map(leaves, node.children())) or 1
