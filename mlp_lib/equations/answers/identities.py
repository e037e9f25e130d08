"""Lines on the way that state an identity: two expressions that are no derivative by its name."""

from collections.abc import Sequence
from dataclasses import replace

from mlp_lib.equations.answers.answer import Asked, Diagnosis
from mlp_lib.equations.answers.claims import Claim
from mlp_lib.equations.answers.edits import Edit, places, replaced
from mlp_lib.equations.answers.explaining import Explanation, FirstWrong
from mlp_lib.equations.answers.judging import Formula, Judged, Outcome
from mlp_lib.equations.answers.mistakes import MISTAKES, mistake_in
from mlp_lib.equations.answers.search import smallest
from mlp_lib.equations.arrays import Array, DoesNotFit, Rules, evaluate
from mlp_lib.equations.check import check_links
from mlp_lib.equations.letters import has_letters
from mlp_lib.equations.printing import latex, plain
from mlp_lib.equations.routes import close
from mlp_lib.equations.setting import Network, Setting, setting
from mlp_lib.equations.tree import (
    ONES,
    Apply,
    Contract,
    Elementwise,
    Equation,
    Node,
    Partial,
    Subtract,
    Symbol,
    Transpose,
)


def wrong_identity(
    claim: Claim, attempt: str, rules: Rules, asked: Asked, suggest: bool
) -> Diagnosis | None:
    """Return the diagnosis of a line whose sides aren't the same, or None where they are.

    Raises EquationError for what has no value here.
    """
    where, pair = asked.where, (claim.equals, claim.side)
    if rules == "numpy" or are_same(Equation(pair, attempt), where, rules):
        return None
    if any(map(has_letters, pair)):
        failure = check_links(Equation(pair, attempt), where.table).failure
        return different(claim, attempt, asked, failure)
    left, right = (as_meant(side, where, rules) for side in pair)
    for side in (left, right):
        judged = Judged(attempt, asked.goal, side, where, rules, claim.place)
        if judged.error is not None:
            return misfit(claim, judged, asked)
    judged.expects(SameAs(left, asked.goal, where, rules))
    found = different(claim, attempt, asked, "value" if judged.same_shapes() else "shape")
    if not suggest:
        return found
    edit, suggestion = smallest(judged)
    name = (edit and mistake_of(edit, judged)) or found.mistake.name
    if is_of_any_row(claim.equals):
        suggestion = None  # it would be of z₁
    return replace(found, mistake=mistake_in(MISTAKES[name], asked.goal), suggestion=suggestion)


def is_of_any_row(side: Node) -> bool:
    """Tell whether a side is a function of any row, σ'(z): it stands nowhere as it is read."""
    return isinstance(side, Apply) and side.argument.span == (0, 0)


def mistake_of(edit: Edit, judged: Judged) -> str:
    """Return the name of the mistake that a change mends, or ""."""
    if edit.kind == "order" and isinstance(edit.old, Subtract):
        return "sign inside"
    return Explanation(judged).name_of_edit(edit)


def are_same(equation: Equation, where: Setting, rules: Rules) -> bool:
    """Tell whether both sides of an equation have the same value at all networks.

    Raises EquationError for what has no value here.
    """
    left, right = equation.sides
    if left == right:
        return True
    if has_letters(left) or has_letters(right):
        # Of a batch the letters may be those of one row.
        tables = (where.table, setting("row", "sum", where.labels).table)
        reports = (check_links(equation, table) for table in tables)
        return any(each.holds or each.failure == "vacuous" for each in reports)
    left, right = (as_meant(side, where, rules) for side in (left, right))
    same = SameAs(left, Partial(Symbol("J"), Symbol("z_2")), where, rules)
    try:
        return all(
            same.accepts(evaluate(right, network.arrays(rules)), same.expected(network))
            for network in where.ordinary
        )
    except DoesNotFit:
        return False


def as_meant(node: Node, where: Setting, rules: Rules) -> Node:
    """Return a side with what many leave out: a bias in each row, and the sign of ∘.

    Rows of one shape that stand side by side, σ(z)(1 − σ(z)), have no other product.
    """
    node = with_biases_repeated(node, where, rules)
    error = Formula(node, rules, where).steps()[1]
    while error is not None and isinstance(error.node, Contract):
        product = error.node
        if len({value_shape(part, where, rules) for part in product.children()}) > 1:
            break
        entries = Elementwise(product.left, product.right, span=product.span)
        node = replaced(product, entries, places(node))
        error = Formula(node, rules, where).steps()[1]
    return node


def value_shape(node: Node, where: Setting, rules: Rules) -> tuple[int, ...]:
    """Return a part's shape at the first network."""
    return evaluate(node, where.ordinary[0].arrays(rules)).shape


class SameAs(Outcome):
    """How the values of a formula stand to those of another one."""

    def __init__(self, other: Node, goal: Partial, where: Setting, rules: Rules):
        super().__init__(goal, where, rules)
        self.other = other

    def expected(self, network: Network) -> Array:
        """Return the other formula's value at a network."""
        return evaluate(self.other, network.arrays(self.rules))

    def right(self, root: Node, networks: Sequence[Network]) -> bool:
        """Tell whether a formula has the other one's value at these networks."""
        return super().right(as_meant(root, self.where, self.rules), networks)

    def accepts(self, value: Array, expected: Array) -> bool:
        """Tell whether two values are the same; a number may have axes of one entry."""
        if value.size == expected.size == 1:
            value, expected = value.reshape(()), expected.reshape(())
        return close(value, expected)


def misfit(claim: Claim, judged: Judged, asked: Asked) -> Diagnosis:
    """Return the diagnosis of a line in one side of which two parts don't fit."""
    found, node = different(claim, judged.attempt, asked, "shape"), judged.error.node
    _, message = judged.verdict_of_misfit()
    return replace(found, message=message,
                   first_wrong=FirstWrong(judged.source(node), node.span, ""))  # fmt: skip


def different(claim: Claim, attempt: str, asked: Asked, verdict: str) -> Diagnosis:
    """Return the diagnosis of a line whose sides differ in their shapes or their values."""
    said = f"{plain(claim.equals)} is said to be {plain(claim.side)}, and it isn't: "
    said += f"the {verdict}s differ."
    return Diagnosis(
        attempt,
        asked.target,
        ok=False,
        verdict=verdict,
        message=said,
        first_wrong=FirstWrong(latex(claim.side), claim.side.span, ""),
        mistake=mistake_in(MISTAKES[verdict], asked.goal),
        notation="book",
    )


def with_biases_repeated(node: Node, where: Setting, rules: Rules) -> Node:
    """Return a formula of a batch with the column of ones before each bias, as many leave out."""
    if rules == "numpy" or where.setup != "batch":
        return node
    ones = Symbol(ONES) if where.column_of_ones else Transpose(Symbol(ONES))
    return with_ones_at_biases(node, ones)


def with_ones_at_biases(node: Node, ones: Node) -> Node:
    """Return a formula with these ones before each bias that has none."""
    if node in (Symbol("b_1"), Symbol("b_2")):
        return Contract(ones, node, span=node.span)
    if isinstance(node, Contract) and node.left == ones:
        return node
    return node.with_parts(lambda part: with_ones_at_biases(part, ones))
