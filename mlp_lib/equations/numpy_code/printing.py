"""Tree → NumPy text. Reading what is printed gives the same tree again.

NumPy has no index letters and no underbraces: a tree with letters is refused, and of a claim about
a shape only what it is about is printed.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from mlp_lib.equations.numpy_code.expressions import scales
from mlp_lib.equations.numpy_code.functions import FUNCTIONS, STACKS, TUPLED
from mlp_lib.equations.numpy_code.names import numpy_name
from mlp_lib.equations.tables import Table
from mlp_lib.equations.tree import (
    ONES,
    Add,
    Apply,
    Call,
    Claim,
    Compare,
    Contract,
    Divide,
    Elementwise,
    EquationError,
    Identity,
    Kronecker,
    Negate,
    Node,
    Number,
    Partial,
    Power,
    ShapeOf,
    SizeOf,
    Subscript,
    Subtract,
    Symbol,
    Transpose,
)

# How tightly Python holds a node together.
COMPARISON, SUM, PRODUCT, SIGN, POWER, ATOM = range(6)
OUTSIDE_NUMPY = {
    "sigmoid", "softmax", "log_softmax", "relu", "sigmoid_prime", "tanh_prime", "relu_prime",
}  # fmt: skip

Written = tuple[str, int]
Quote = Callable[[Node], str | None]


def numpy(
    node: Node,
    table: Table,
    quote: Quote = lambda node: None,
    spelling: Mapping[str, str] = MappingProxyType({}),
) -> str:
    """Return the node as NumPy text.

    `quote` may give a part's text as its writer had it, `spelling` a symbol's name.
    """
    return Printer(table, quote, spelling).written(node)[0]


class Printer:
    """Write a tree as NumPy text."""

    def __init__(self, table: Table, quote: Quote, spelling: Mapping[str, str]):
        self.table, self.quote, self.spelling = table, quote, spelling

    def within(self, node: Node, binding: int) -> str:
        """Return the node's text, in brackets if it binds less than its place asks for."""
        text, own = self.written(node)
        return text if own >= binding else f"({text})"

    def written(self, node: Node) -> Written:
        """Return the node's text and how tightly it holds together."""
        text, binding = self.printed(node)
        quoted = self.quote(node)
        return (text if quoted is None else quoted), binding

    def printed(self, node: Node) -> Written:
        """Return the node's text, its parts quoted where they can be."""
        match node:
            case Number(value):
                return (f"{value:.0f}" if value == int(value) else repr(value)), ATOM
            case Symbol(name) if name == ONES:
                return f"np.ones((1, {self.table.ones}))", ATOM
            case Symbol(name):
                return self.spelling.get(name, numpy_name(name)), ATOM
            case Identity(axis):
                return f"np.eye({axis})", ATOM
            case Partial(Symbol(of), Symbol(by)):
                return f"d{numpy_name(of)}_d{numpy_name(by)}", ATOM
            case Compare(left, sign, right):
                return f"{self.within(left, SUM)} {sign} {self.within(right, SUM)}", COMPARISON
            case Add(left, right):
                return f"{self.within(left, SUM)} + {self.within(right, PRODUCT)}", SUM
            case Subtract(left, right):
                return f"{self.within(left, SUM)} - {self.within(right, PRODUCT)}", SUM
            case Contract() | Elementwise() | Divide():
                return self.product(node)
            case Negate(body):
                return f"-{self.within(body, SIGN)}", SIGN
            case Power(base, exponent):
                return f"{self.within(base, ATOM)} ** {exponent}", POWER
            case Call("power", (base, exponent)):
                return f"{self.within(base, ATOM)} ** {self.within(exponent, SIGN)}", POWER
            case Transpose(body):
                return f"{self.within(body, ATOM)}.T", ATOM
            case Claim(body, _):
                return self.written(body)
            case Kronecker(left, right):
                return f"np.kron({self.arguments((left, right))})", ATOM
            case Apply() | Call():
                return self.called(node), ATOM
            case SizeOf(base, axis):
                inside = self.within(base, ATOM)
                return (f"{inside}.size" if axis is None else f"{inside}.shape[{axis}]"), ATOM
            case ShapeOf(base):
                return f"{self.within(base, ATOM)}.shape", ATOM
            case Subscript(base, items):
                inside = ", ".join(map(self.item, items))
                return f"{self.within(base, ATOM)}[{inside}]", ATOM
        raise EquationError(
            f"NumPy text has nothing for {type(node).__name__.lower()}: write it in matrix form",
            span=node.span,
        )

    def product(self, node: Contract | Elementwise | Divide) -> Written:
        """Write a product; a number scales with *, and a ∘ with a number needs its own name."""
        by_number = scales(node.left, self.table) or scales(node.right, self.table)
        if isinstance(node, Elementwise) and by_number:
            return f"np.multiply({self.arguments((node.left, node.right))})", ATOM
        sign = {Contract: "*" if by_number else "@", Elementwise: "*", Divide: "/"}[type(node)]
        return f"{self.within(node.left, PRODUCT)} {sign} {self.within(node.right, SIGN)}", PRODUCT

    def arguments(self, nodes: tuple[Node, ...]) -> str:
        """Write arguments, separated by commas."""
        return ", ".join(self.written(node)[0] for node in nodes)

    def called(self, node: Apply | Call) -> str:
        """Write a function with its arguments."""
        if isinstance(node, Apply):
            if node.function == "vec":
                return f'{self.within(node.argument, ATOM)}.reshape(-1, 1, order="F")'
            name = {ours: theirs for theirs, ours in FUNCTIONS.items()}[node.function]
            prefix = "" if name in OUTSIDE_NUMPY else "np."
            return f"{prefix}{name}({self.arguments((node.argument,))})"
        return self.numpy_call(node)

    def numpy_call(self, node: Call) -> str:
        """Write one of NumPy's functions."""
        keywords = dict(node.keywords)
        linear = "linalg." if node.function in ("pinv", "inv") else ""
        if node.function == "einsum":
            return f'np.einsum("{keywords["subscripts"]}", {self.arguments(node.arguments)})'
        named = "".join(f", {key}={value!r}" for key, value in keywords.items())
        if node.function == "reshape":
            base, *sizes = node.arguments
            return f"{self.within(base, ATOM)}.reshape({self.arguments(tuple(sizes))}{named})"
        if node.function in TUPLED:
            first = 0 if node.function in (*STACKS, "ones", "zeros") else 1
            array = "".join(f"{self.arguments((each,))}, " for each in node.arguments[:first])
            members = self.arguments(node.arguments[first:])
            inside = f"[{members}]" if node.function in STACKS else f"({members})"
            return f"np.{node.function}({array}{inside}{named})"
        package = "" if node.function == "float" else "np."
        return f"{package}{linear}{node.function}({self.arguments(node.arguments)}{named})"

    def item(self, item: object) -> str:
        """Write one item in brackets."""
        if isinstance(item, slice):
            ends = [("" if each is None else str(each)) for each in (item.start, item.stop)]
            return ":".join(ends) + ("" if item.step is None else f":{item.step}")
        if item is ...:
            return "..."
        return self.written(item)[0] if isinstance(item, Node) else str(item)
