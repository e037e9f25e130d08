"""The expressions of NumPy text: names, numbers, operations, what stands in brackets.

Calls are read elsewhere, by a class that is made of this one.
"""

import ast
import difflib
import re
from abc import ABC, abstractmethod
from collections.abc import Callable
from types import EllipsisType
from typing import NamedTuple

from mlp_lib.equations.arrays import NO_MASK, OF_NUMBERS
from mlp_lib.equations.numpy_code.functions import METHODS, TOTALS
from mlp_lib.equations.numpy_code.lines import ERROR, InPlace
from mlp_lib.equations.numpy_code.names import COSTS, GRADIENT, SPELLINGS, names
from mlp_lib.equations.numpy_code.own_functions import Function
from mlp_lib.equations.numpy_code.syntax import ENDS_WITH_ITS_LINE
from mlp_lib.equations.tables import Table
from mlp_lib.equations.tree import (
    Add,
    Call,
    Compare,
    Contract,
    Divide,
    Elementwise,
    EquationError,
    Negate,
    Node,
    Number,
    Partial,
    Power,
    ShapeOf,
    SizeOf,
    Span,
    Subscript,
    Subtract,
    Symbol,
    Transpose,
)

LARGEST_WHOLE = 10_000
LARGEST_NUMBER = 1e9
KINDS: dict[type[ast.expr], str] = {
    ast.IfExp: "a choice with if", ast.ListComp: "a list made by for",
    ast.GeneratorExp: "a run of for", ast.Lambda: "a lambda", ast.Dict: "a dictionary",
    ast.List: "a list", ast.Tuple: "a tuple", ast.Set: "a set", ast.NamedExpr: "a := in brackets",
    ast.JoinedStr: "a text", ast.BoolOp: "and or or", ast.Await: "await", ast.Yield: "yield",
}  # fmt: skip
SIGNS = {ast.Gt: ">", ast.GtE: ">=", ast.Lt: "<", ast.LtE: "<=", ast.Eq: "=="}
OTHER_LIBRARIES = {"torch", "tf", "F", "nn", "K", "keras", "tensorflow"}
# What a name stands for: an array, or several that are kept together, of which some aren't known.
Kept = tuple["Value | None", ...]
Value = Node | Kept


class Demand(NamedTuple):
    """What Python asks of values where the formula has one all the same.

    `holds` is asked of the values of the parts; `words` has a {} for the shape of each of these.
    """

    parts: tuple[Node, ...]
    holds: Callable[..., bool]
    words: str
    span: Span
    instead: str
    verdict: str = "shape"


class Expressions(ABC):
    """Turn Python's tree into ours, with the place of each part in the reader's text."""

    def __init__(self, text: str, text_read: str, offset: int, table: Table):
        self.text, self.table, self.offset = text, table, offset
        self.lines = text_read.splitlines(keepends=True)
        self.starts = [0]
        for line in self.lines:
            self.starts.append(self.starts[-1] + len(line))
        self.known = names(table)
        self.local: dict[str, Value] = {}
        self.errors: set[str] = set()  # the layers whose delta a line says
        self.demands: list[Demand] = []
        self.rows: set[str] = set()  # the biases that a line makes a row of, 1×H
        self.functions: dict[str, Function] = {}  # the reader's own
        self.parameters: frozenset[str] = frozenset()  # of one that is called
        self.constants: dict[str, object] = {}  # what its parameters are where that is no array

    @abstractmethod
    def call(self, node: ast.Call) -> Node:
        """Read a call."""

    @abstractmethod
    def inlined(self, node: ast.Call, function: Function) -> Value:
        """Read a call of the reader's own function."""

    def span(self, node: ast.AST) -> Span:
        """Return where a part stands; Python counts columns in bytes."""
        ends = []
        for line, column in (
            (node.lineno, node.col_offset),
            (node.end_lineno, node.end_col_offset),
        ):
            characters = len(self.lines[line - 1].encode()[:column].decode(errors="ignore"))
            ends.append(self.starts[line - 1] + characters - self.offset)
        return ends[0], ends[1]

    def fail(self, node: ast.AST, message: str) -> EquationError:
        """Return the error that says what can't be read, with the place."""
        return EquationError(message, self.text, self.span(node))

    def read_whole(self, node: ast.expr) -> Node:
        """Return our node for the whole formula of a line, which stands there even as a name."""
        return self.read(node).with_part("span", self.span(node))

    def read(self, node: ast.expr) -> Node:
        """Return our node for one of Python's."""
        match node:
            case ast.Constant(bool() | str() | bytes() | complex() | None):
                raise self.fail(node, f"{node.value!r} is no number")
            case ast.Constant(int() | float()):
                return self.number(node)
            case ast.Name():
                return self.name(node)
            case ast.UnaryOp(ast.USub(), operand):
                return Negate(self.read(operand), span=self.span(node))
            case ast.UnaryOp(ast.UAdd(), operand):
                return self.read(operand)
            case ast.BinOp(left, ast.Pow(), right):
                return self.power(node, self.read(left), right)
            case InPlace(ast.Name(name) as left, operation, right):
                old = self.read(left)
                new = self.operation(node, old, operation, self.read(right))
                # A bias that the reader makes a row of is one there, and not here.
                if name not in self.rows and not is_made_a_row(right, self.known.get(name, "")):
                    self.ask_for_the_same_shape(node, name, old, new)
                return new
            case ast.BinOp(left, operation, right):
                return self.operation(node, self.read(left), operation, self.read(right))
            case ast.Compare(left, [sign], [right]) if type(sign) in SIGNS:
                return Compare(
                    self.read(left), SIGNS[type(sign)], self.read(right), span=self.span(node)
                )
            case ast.Attribute():
                return self.attribute(node)
            case ast.Subscript(base):
                if self.several(base) is not None:
                    return self.one(node)
                return self.subscript(node)
            case ast.Call():
                return self.call(node)
            case ast.IfExp(test, body, other) if (holds := self.holds(test)) is not None:
                return self.read(body if holds else other)
            case ast.Starred():
                raise self.fail(node, ENDS_WITH_ITS_LINE)
        kind = KINDS.get(type(node), "this")
        raise self.fail(
            node,
            f"{kind} isn't read here: a formula is made of names, numbers, + - * / @ **, .T and "
            "NumPy's functions",
        )

    def value(self, node: ast.expr) -> Value:
        """Return our node for one of Python's, or the values that it keeps together."""
        match node:
            case ast.Name(name) if self.keeps_several(node):
                return self.local[name]
            case ast.Tuple(members) | ast.List(members):
                return tuple(self.value_if_known(member) for member in members)
            case ast.Call(ast.Name(name)) if self.calls_own(node):
                return self.inlined(node, self.functions[name])
            case ast.Subscript(ast.Name() | ast.Call() as base, index) if isinstance(
                kept := self.several(base), tuple
            ):
                number = self.whole(index)
                if not -len(kept) <= number < len(kept) or kept[number] is None:
                    raise self.fail(node, "this entry isn't known here")
                return kept[number]
        return self.read(node)

    def several(self, node: ast.expr) -> Kept | None:
        """Return the values that a name or a call of the reader's own function has, or None."""
        if not self.keeps_several(node) and not self.calls_own(node):
            return None
        kept = self.value(node)
        return kept if isinstance(kept, tuple) else None

    def value_if_known(self, node: ast.expr) -> Value | None:
        """Return a value, and None for a name that nothing is known of."""
        try:
            return self.value(node)
        except EquationError:
            if isinstance(node, ast.Name) and node.id not in self.local:
                return None
            raise

    def keeps_several(self, node: ast.expr) -> bool:
        """Tell whether this is the name of values that are kept together: cache."""
        return isinstance(node, ast.Name) and isinstance(self.local.get(node.id), tuple)

    def calls_own(self, node: ast.expr) -> bool:
        """Tell whether this is a call of the reader's own function."""
        match node:
            case ast.Call(ast.Name(name)):
                return name in self.functions and name not in self.local
        return False

    def one(self, node: ast.expr) -> Node:
        """Return the value of what may have several, where one stands."""
        value = self.value(node)
        if isinstance(value, tuple):
            if isinstance(node, ast.Call):
                raise self.fail(node, f"{node.func.id} is read here if it returns one value")
            raise self.fail(node, "these are several values")
        return value

    def holds(self, test: ast.expr) -> bool | None:
        """Tell whether what stands behind an if is so, or None where that depends on arrays."""
        match test:
            case ast.Constant(value):
                return bool(value)
            case ast.Name(name) if name in self.constants:
                return bool(self.constants[name])
            case ast.UnaryOp(ast.Not(), inner) if (holds := self.holds(inner)) is not None:
                return not holds
            case ast.Compare(ast.Name(name), [ast.Eq() | ast.Is()], [ast.Constant(value)]) if (
                name in self.constants
            ):
                return self.constants[name] == value
        return None

    def ask_for_the_same_shape(self, node: InPlace, name: str, old: Node, new: Node) -> None:
        """Remember that a line in place leaves the array's shape as it is; a number has none."""
        sign = ast.unparse(ast.BinOp(ast.Name("a"), node.op, ast.Name("b")))[2:-2]
        step = self.text[slice(*self.span(node.right))]
        step = f"({step})" if isinstance(node.right, ast.BinOp | ast.UnaryOp) else step
        words = (
            f"{name} is {{}}, and {name} {sign} … would be {{}}: a line that changes {name} in "
            "place can't change its shape, and NumPy raises"
        )
        self.demands.append(Demand(
            (old, new), lambda old, new: not old.ndim or old.shape == new.shape, words,
            self.span(node), f"{name} = {name} {sign} {step}",
        ))  # fmt: skip

    def number(self, node: ast.Constant) -> Number:
        """Read a number of ordinary size."""
        if abs(node.value) > LARGEST_NUMBER:
            raise self.fail(node, f"numbers up to {LARGEST_NUMBER:g} are read")
        # What may be an index or a size stays whole; whole numbers of NumPy would overflow.
        whole = isinstance(node.value, int) and abs(node.value) <= LARGEST_WHOLE
        return Number(node.value if whole else float(node.value), span=self.span(node))

    def name(self, node: ast.Name) -> Node:
        """Read a name: of an earlier line, of the table, or of a derivative."""
        span = self.span(node)
        if node.id in self.local:
            value = self.local[node.id]
            if isinstance(value, tuple):
                raise self.fail(node, f"{node.id} is several values")
            # In a function a symbol has the parameter's name.
            named_so = node.id in self.parameters and isinstance(value, Symbol)
            return value.with_part("span", span) if named_so else value
        if node.id in self.constants:
            raise self.fail(node, f"{node.id} is {self.constants[node.id]!r} here, and no number")
        if node.id in self.known:
            return Symbol(self.known[node.id], span=span)
        if (partial := self.derivative(node.id, span)) is not None:
            return partial
        error = ERROR.fullmatch(node.id)
        if error and (other := same_error(error, self.local)) is not None:
            return other
        if error and error[1] not in self.errors:
            return Partial(Symbol("J"), Symbol(f"z_{error[1]}"), span=span)
        if node.id in OTHER_LIBRARIES:
            raise self.fail(node, f"{node.id} isn't read here, only NumPy: write np.matmul or @")
        close = difflib.get_close_matches(node.id, sorted(self.known), n=1, cutoff=0.5)
        hint = f"; did you mean {close[0]}?" if close else ""
        usual = [name for name in self.known if name not in SPELLINGS]
        raise self.fail(
            node,
            f"unknown name {node.id}{hint}\nknown here: {', '.join(sorted(usual))}, and "
            "derivatives as dJ_dz1",
        )

    def derivative(self, text: str, span: Span) -> Partial | None:
        """Return the derivative that a name such as dJ_dW1 stands for, if it is one."""
        # Many courses write dW1 for dJ_dW1.
        match = re.fullmatch(r"d(\w+)_d(\w+)", text) or re.fullmatch(r"d(J?)(\w+)", text)
        if gradient := GRADIENT.fullmatch(text):
            match = re.fullmatch("()(.+)", gradient[1] or gradient[2])
        if match is None:
            return None
        names = ["J" if part in COSTS or not part else part for part in match.groups()]
        if all(name in self.known for name in names) and self.known[names[1]] != "y":
            of, by = (Symbol(self.known[name], span=span) for name in names)
            if by.name in self.table.symbols and of.name in self.table.symbols:
                return Partial(of, by, span=span)
        return None

    def power(self, node: ast.BinOp, base: Node, exponent: ast.expr) -> Node:
        """Read a power: a whole number up to 9, or another number of that size."""
        read = self.read(exponent)
        number = -read.body.value if is_negative(read) else getattr(read, "value", None)
        if number is None or abs(number) > 9:
            raise self.fail(exponent, "an exponent is a number between -9 and 9")
        if number == int(number) and number >= 0:
            return Power(base, int(number), span=self.span(node))
        return Call("power", (base, read), span=self.span(node))

    def operation(self, node: ast.BinOp, left: Node, operation: ast.operator, right: Node) -> Node:
        """Read + - * / @; a number in front scales, as it does in mathematics."""
        kinds: dict[type, type[Node]] = {
            ast.Add: Add, ast.Sub: Subtract, ast.Div: Divide, ast.MatMult: Contract,
            ast.Mult: Elementwise,
        }  # fmt: skip
        if isinstance(operation, ast.BitXor):
            raise self.fail(node, "^ is no power in NumPy: write **")
        if isinstance(operation, ast.FloorDiv):
            if left == Number(1.0) and self.counts(node.right) and not isinstance(right, Number):
                raise self.fail(node, "// rounds down, and 1 // m is 0 where m is more than 1: "
                                "write /")  # fmt: skip
            return Call("floor_divide", (left, right), span=self.span(node))
        if type(operation) not in kinds:
            raise self.fail(node, "the operations read here are + - * / // @ and **")
        kind = kinds[type(operation)]
        if kind is Elementwise and (scales(left, self.table) or scales(right, self.table)):
            kind = Contract
        elif kind is Contract:
            self.refuse_scalar(node, left, right)
        return kind(left, right, span=self.span(node))

    def refuse_scalar(self, node: ast.expr, *factors: Node) -> None:
        """Refuse a number as a factor of a matrix product."""
        for factor in factors:
            if scales(factor, self.table) or is_total(factor):
                raise self.fail(node, "@ takes no scalar: NumPy multiplies by a number with *")

    def attribute(self, node: ast.Attribute) -> Node:
        """Read .T, .shape and .size, and np.newaxis nowhere but in brackets."""
        if is_numpy(node.value):
            raise self.fail(node, f"np.{node.attr} is a function, or isn't read here")
        if node.attr in METHODS:
            raise self.fail(node, f"the () behind .{node.attr} are missing")
        if node.attr not in ("T", "mT", "shape", "size"):
            raise self.fail(node, f"the attribute .{node.attr} isn't read here; .T, .shape, .size")
        base, span = self.read(node.value), self.span(node)
        if node.attr in ("T", "mT") and scales(base, self.table):
            raise self.fail(node, "a size is a number and has no transpose")
        if node.attr == "mT":
            words = "{} is no matrix, and .mT swaps the two axes of one"
            self.demands.append(Demand((base,), lambda base: base.ndim == 2, words, span, ""))
        if node.attr in ("T", "mT"):
            return Transpose(base, span=span)
        return ShapeOf(base, span=span) if node.attr == "shape" else SizeOf(base, None, span=span)

    def subscript(self, node: ast.Subscript) -> Node:
        """Read .shape[axis] and a[…]."""
        parts = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        items = tuple(self.item(part) for part in parts)
        base = self.read(node.value)
        if isinstance(base, ShapeOf):
            if len(items) != 1 or not isinstance(items[0], int) or not -3 <= items[0] <= 2:
                raise self.fail(node.slice, "a shape takes one small whole number in brackets")
            return SizeOf(base.base, items[0], span=self.span(node))
        if len(items) > 4:
            raise self.fail(node.slice, "at most four items in brackets are read")
        return Subscript(base, items, span=self.span(node))

    def item(self, node: ast.expr) -> object:
        """Read one item in brackets."""
        match node:
            case ast.Slice(lower, upper, step):
                return slice(*(None if x is None else self.whole(x) for x in (lower, upper, step)))
            case ast.Constant(None | EllipsisType() as value):
                return value
            case ast.Attribute(value, "newaxis") if is_numpy(value):
                return None
            case ast.Constant(int()) | ast.UnaryOp(ast.USub(), ast.Constant(int())):
                return self.whole(node)
            case ast.Compare():
                raise self.fail(node, NO_MASK)
        return self.read(node)

    def whole(self, node: ast.expr) -> int:
        """Read a whole number that counts axes or entries."""
        match node:
            case ast.Constant(bool()):
                pass
            case ast.Constant(int(value)) if value <= 1000:
                return value
            case ast.UnaryOp(ast.USub(), ast.Constant(int(value))) if value <= 1000:
                return -value
        raise self.fail(node, "a whole number of at most 1000 stands here")


def same_error(error: re.Match[str], local: dict[str, Node]) -> Node | None:
    """Return what delta_1 is if a line says what delta1 is, or the other way round."""
    names = (f"delta{error[1]}", f"delta_{error[1]}")
    return next((local[name] for name in names if name in local), None)


def is_numpy(node: ast.expr) -> bool:
    """Tell whether this is the name np, or numpy."""
    return isinstance(node, ast.Name) and node.id in ("np", "numpy")


def is_negative(node: Node) -> bool:
    """Tell whether this is a number with a minus in front."""
    return isinstance(node, Negate) and isinstance(node.body, Number)


def is_made_a_row(step: ast.expr, name: str) -> bool:
    """Tell whether a bias is a row, as a line that changes it makes a gradient one: db1[None]."""
    return name.startswith("b_") and any(
        isinstance(part, ast.Subscript)
        and isinstance(part.slice, ast.Constant)
        and part.slice.value is None
        for part in ast.walk(step)
    )


def is_total(node: Node) -> bool:
    """Tell whether this is a sum, a mean or the like over all entries."""
    match node:
        case Call(function, [_], keywords):
            return function in TOTALS and not dict(keywords).get("keepdims") and (
                dict(keywords).get("axis") is None
            )
        case Negate(body) | Power(body, _):
            return is_total(body)
    return False


def scales(node: Node, table: Table) -> bool:
    """Tell whether this is a number by its looks: a number, a size, a cost, or made of these."""
    match node:
        case Number() | SizeOf():
            return True
        case Symbol(name):
            entry = table.symbols.get(name)
            return name in table.sizes[0] or (entry is not None and not entry.shape)
        case Negate(body) | Power(body, _):
            return scales(body, table)
        case Divide(left, right) | Contract(left, right) | Add(left, right) | Subtract(left, right):
            return scales(left, table) and scales(right, table)
        case Call(function, arguments) if function in OF_NUMBERS:
            return all(scales(each, table) for each in arguments)
    return False
