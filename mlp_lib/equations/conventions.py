"""A formula of this book in other conventions, rewritten as a tree and never by hand.

There are two rewritings, each with the network that its results are checked against.

Columns (`to_columns`): an example is a column, weights are (outputs, inputs), and a derivative has
the input's axes first. Every array is the book's with its axes reversed, so every product is turned
round: (AB)ᵀ = BᵀAᵀ.

Stored weights (`to_out_in`): rows as in the book, but weights are (outputs, inputs), as PyTorch
stores them. W becomes Wᵀ, and an equation whose left side is then transposed is transposed as a
whole.

(Chapter: Other conventions.)
"""

from collections.abc import Callable
from dataclasses import fields, replace
from functools import cache

from mlp_lib.equations.evaluate import Evaluation, point
from mlp_lib.equations.latex import parse_latex
from mlp_lib.equations.printing import latex
from mlp_lib.equations.tables import Entry, Table, question
from mlp_lib.equations.tree import (
    Apply,
    Claim,
    Contract,
    Delta,
    EquationError,
    Identity,
    Indexed,
    Node,
    Number,
    Partial,
    Symbol,
    Transpose,
)

ROWWISE = ("softmax", "logsoftmax", "diag", "vec")  # functions that are not applied entry by entry


def to_columns(text: str, table: Table | None = None) -> str:
    """Return the LaTeX equation with every array transposed: (AB)ᵀ = BᵀAᵀ turns each product round.

    `table` is the network that `text` is about, the question's for one row if none is given. The
    result is about `columns(table)`. Raises EquationError for a text that cannot be read.
    """
    table = table or question()

    def translate(sides: list[Node]) -> list[Node]:
        return [mirrored(right_grouped(side, table), table) for side in sides]

    return rewritten(text, table, translate)


def to_out_in(text: str, table: Table | None = None) -> str:
    """Return the LaTeX equation for weights that are stored transposed, (outputs, inputs).

    The result is about `out_in(table)`. Raises EquationError for a text that cannot be read, and
    where a third-order tensor would have to be transposed.
    """
    table = table or question()

    def translate(sides: list[Node]) -> list[Node]:
        if not is_transpose(weights_transposed(sides[0], table)):
            return [weights_transposed(side, table) for side in sides]
        # The whole equation is transposed, so that its left side stands without a T.
        sides = [right_grouped(side, table) for side in sides]
        return [transposed(weights_transposed(side, table), table) for side in sides]

    return rewritten(text, table, translate)


@cache
def columns(table: Table) -> Table:
    """Return the network whose every array is the transpose of that of `table`."""
    return replace(
        table,
        name=f"{table.name}, columns",
        entries=tuple(
            replace(
                entry,
                shape=entry.shape[::-1],
                formula=entry.formula and to_columns(entry.formula, table),
            )
            for entry in table.entries
        ),
        columns=True,
        denominator=True,
    )


@cache
def out_in(table: Table) -> Table:
    """Return the same network with each weight matrix stored transposed."""
    return replace(
        table,
        name=f"{table.name}, weights (outputs, inputs)",
        entries=tuple(
            replace(
                entry,
                shape=entry.shape[::-1] if is_weight(entry) else entry.shape,
                formula=entry.formula and to_out_in(entry.formula, table),
            )
            for entry in table.entries
        ),
    )


@cache
def numerator(table: Table) -> Table:
    """Return the same network with its derivatives in numerator layout: output axes first."""
    return replace(table, name=f"{table.name}, numerator layout", denominator=False)


@cache
def denominator(table: Table) -> Table:
    """Return the same network with its derivatives in denominator layout: input axes first."""
    return replace(table, name=f"{table.name}, denominator layout", denominator=True)


def rewritten(text: str, table: Table, translate: Callable[[list[Node]], list[Node]]) -> str:
    """Return the equations of the text with each chain of sides translated."""
    return r" \\ ".join(
        " = ".join(latex(side) for side in translate(list(equation.sides)))
        for equation in parse_latex(text, table)
    )


def mirrored(node: Node, table: Table) -> Node:
    """Return the formula whose value in `columns(table)` is this one's with its axes reversed.

    A symbol needs no T: it stands for the transposed array there.
    """
    node = with_children(node, lambda child: mirrored(child, table))
    match node:
        case Contract(left, right) if not (is_scalar(left, table) or is_scalar(right, table)):
            return Contract(right, left)
        case Indexed(base, letters):
            return Indexed(base, letters[::-1])
        case Claim(body, shape):
            return Claim(body, shape[::-1])
        case Apply("vec", argument):
            # vec takes a matrix column by column in both conventions.
            return Transpose(Apply("vec", transposed(argument, table)))
    return node


def weights_transposed(node: Node, table: Table) -> Node:
    """Return the formula with Wᵀ for each weight matrix W, and its transposes carried out."""
    match node:
        case Symbol(name) if name in weights(table):
            return Transpose(node)
        case Indexed(Symbol(name), letters) if name in weights(table):
            return Indexed(Symbol(name), letters[::-1])
        case Partial(of, Symbol(name) as by) if name in weights(table):
            if not is_scalar(of, table):
                raise EquationError(
                    f"the derivative by {name} is a third-order tensor, and storing {name}"
                    " transposed would exchange two of its three axes: write it in indices"
                )
            return Transpose(Partial(weights_transposed(of, table), by))
        case Indexed(Partial(of, Symbol(name) as by), letters) if name in weights(table):
            inputs = letters[len(letters) - 2 :][::-1]
            outputs = letters[: len(letters) - 2]
            return Indexed(Partial(weights_transposed(of, table), by), outputs + inputs)
        case Transpose(body):
            return transposed(weights_transposed(body, table), table)
    return with_children(node, lambda child: weights_transposed(child, table))


def transposed(node: Node, table: Table) -> Node:
    """Return the transpose of a formula, carried out: the factors in reverse, each transposed."""
    if is_scalar(node, table):
        return node
    match node:
        case Transpose(body):
            return body
        case Contract(left, right):
            turned = transposed(left, table), transposed(right, table)
            one_is_scalar = is_scalar(left, table) or is_scalar(right, table)
            return Contract(*(turned if one_is_scalar else turned[::-1]))
        case Claim(body, shape):
            return Claim(transposed(body, table), shape[::-1])
        case Identity() | Apply("diag"):
            return node
        case Apply(function) if function in ROWWISE:
            return Transpose(node)
        case Symbol() | Partial():
            return Transpose(node)
    return with_children(node, lambda child: transposed(child, table))


def right_grouped(node: Node, table: Table) -> Node:
    """Return the formula with a(bc) for (ab)c, which turned round is (cb)a: no brackets."""
    node = with_children(node, lambda child: right_grouped(child, table))
    match node:
        case Contract(Contract(a, b), c) if all(
            is_array(each, table) for each in (a, b, c, node.left)
        ):
            return Contract(a, right_grouped(Contract(b, c), table))
    return node


def is_array(node: Node, table: Table) -> bool:
    """Tell whether a formula can be evaluated on its own and has axes: a number only scales."""
    where = point(table, 0)
    try:
        return bool(Evaluation(table, where.sizes, where.values).side(node).axes)
    except EquationError:
        return False


def with_children(node: Node, change: Callable[[Node], Node]) -> Node:
    """Return the node with each sub-expression changed."""
    changes = {
        each.name: change(value)
        for each in fields(node)
        if isinstance(value := getattr(node, each.name), Node)
    }
    return replace(node, **changes)


def is_transpose(node: Node) -> bool:
    """Tell whether a side is a transpose, with or without a claim about its shape."""
    return isinstance(node.body if isinstance(node, Claim) else node, Transpose)


def is_scalar(node: Node, table: Table) -> bool:
    """Tell whether a formula is a number at each value of its indices."""
    match node:
        case Number() | Delta() | Indexed():
            return True
        case Identity():
            return False
        case Apply(function) if function in ROWWISE:
            return False
        case Symbol(name):
            return (
                not table.symbols[name].shape if name in table.symbols else name in table.sizes[0]
            )
    return all(is_scalar(child, table) for child in node.children())


def weights(table: Table) -> frozenset[str]:
    """Return the names of the weight matrices."""
    return frozenset(entry.name for entry in table.entries if is_weight(entry))


def is_weight(entry: Entry) -> bool:
    """Tell whether a symbol is a weight matrix."""
    return entry.name.startswith("W")
