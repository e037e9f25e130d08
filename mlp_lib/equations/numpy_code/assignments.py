"""Lines of NumPy text that give values to names, keep them, take them out, print and assert."""

import ast
from collections.abc import Callable, Sequence

import numpy as np

from mlp_lib.equations.arrays import Array
from mlp_lib.equations.numpy_code.calls import Calls
from mlp_lib.equations.numpy_code.drawn import Drawn, draw_in, sizes_of, taken_otherwise
from mlp_lib.equations.numpy_code.expressions import Demand, Kept, Value, is_numpy
from mlp_lib.equations.numpy_code.lines import Passed, given_again, gives_one_of
from mlp_lib.equations.numpy_code.names import GIVEN
from mlp_lib.equations.numpy_code.told import missing_attribute, misspelt_name
from mlp_lib.equations.tables import Entry, Table
from mlp_lib.equations.tree import (
    Call,
    Equation,
    EquationError,
    Node,
    Number,
    Partial,
    ShapeOf,
    SizeOf,
    Symbol,
    refuse_large,
)

RAISES = "this line raises, and nothing is computed below it"


class UnknownSizeError(Exception):
    """An array is drawn with a size that isn't read here."""


class Assignments(Calls):
    """Read what lines give to names, and what is run beside a derivation."""

    def __init__(self, text: str, text_read: str, offset: int, table: Table):
        super().__init__(text, text_read, offset, table)
        self.own: list[Node] = []  # what lines say that state nothing of a known quantity
        self.overwritten: list[tuple[Symbol, Node]] = []
        self.named: set[str] = set()  # what the lines give a name to, all of them
        self.lengths: dict[str, float] = {}  # the reader's own number for a size

    def assigned(
        self, targets: list[ast.expr], value: Node, last: bool, again: bool
    ) -> tuple[Node, ...]:
        """Return the sides that an assignment states, and remember a new name.

        A name that is given `again` in a later line states nothing yet.
        """
        stated = []
        for target in targets:
            if not isinstance(target, ast.Name):
                raise self.fail(target, "what a formula is given to is a name")
            if is_numpy(target):
                raise self.fail(target, f"{target.id} is NumPy, and this makes it something else")
            known = self.derivative(target.id, self.span(target))
            if known is None and target.id in self.known:
                known = Symbol(self.known[target.id], span=self.span(target))
                if known.name in (*GIVEN, *self.table.sizes[0]) and not last:
                    self.overwritten.append((known, value))
            # A symbol that gets another value on the way, as W2 = W2 - …, is not asked about.
            if known is not None and (last or isinstance(known, Partial)) and not again:
                stated.append(known)
            refuse_large(value, self.text)
            self.local[target.id] = value
        return (*stated, value) if stated or last else ()

    def given_to(
        self, targets: list[ast.expr], value: Node, later: Sequence[ast.stmt], about: bool
    ) -> list[Equation]:
        """Return what a line states that gives one value to a name, or to several."""
        sides = self.assigned(targets, value, about, given_again(targets, later))
        if sides:
            return [Equation(sides, self.text)]
        self.own.append(value)
        return []

    def unpacked(
        self, line: ast.Assign, values: Kept, later: Sequence[ast.stmt]
    ) -> list[Equation]:
        """Return what a line states that gives several names to as many values: h, yhat = …."""
        (target, *others), found = line.targets, []
        if isinstance(target, ast.Name):
            for each in line.targets:
                self.keep(each, values)
            return []
        targets = getattr(target, "elts", [])
        if others or not all(isinstance(each, ast.Name) for each in targets):
            raise self.fail(target, "what several values are given to are as many names")
        if len(targets) != len(values):
            raise self.fail(line, f"{len(values)} values are given to {len(targets)} names, and "
                            "Python raises")  # fmt: skip
        for each, value in zip(targets, values, strict=True):
            if value is None and each.id in self.known:
                raise self.fail(each, f"what {each.id} gets isn't known here")
            is_kept = self.local.get(each.id) is value or value == self.symbol_of(each)
            if isinstance(value, tuple):
                found += self.unpacked(ast.Assign([each], line.value), value, later)
            elif value is None or is_kept:
                continue
            else:
                found += self.given_to([each], value, later, about=False)
        return found

    def keep(self, target: ast.expr, values: Value) -> None:
        """Remember what a name keeps together; what the network or a derivation has is an array."""
        name = target.id if isinstance(target, ast.Name) else ""
        if not name or name in self.known or self.derivative(name, self.span(target)) is not None:
            raise self.fail(target, f"{name or 'this'} is one array here, and gets several values")
        self.local[name] = values

    def symbol_of(self, name: ast.Name) -> Node | None:
        """Return the symbol that a name is where no line gives it another value, or None."""
        given = name.id in self.local or name.id not in self.known
        return None if given else Symbol(self.known[name.id])

    def run_line(self, line: ast.stmt, later: Sequence[ast.stmt]) -> list[Equation]:
        """Read a line that keeps arrays or takes them out, that prints, or asserts something."""
        match line:
            case Passed([ast.Name(name)], ast.Name(given)):
                if given in self.local:
                    self.local[name] = self.local[given]
            case Drawn([ast.Name(name)], value):
                self.draw(line, name, draw_in(value) or value)
            case ast.Assign([ast.Name() as target], value):
                self.keep(target, self.value(value))
            case ast.Expr(ast.Call(ast.Attribute(ast.Name(name), "append"), [value])):
                is_read = self.show(value)
                if isinstance(kept := self.local.get(name), tuple):
                    self.local[name] = (*kept, self.value(value) if is_read else None)
            case ast.Assign([targets], ast.Name(holder) as value):
                taken = [getattr(each, "id", "") for each in targets.elts]
                if isinstance(kept := self.local.get(holder), tuple):
                    return self.unpacked(line, kept, later)
                # X, h = cache takes out what has these names.
                if holder in self.known | self.local or any(name in self.local for name in taken):
                    self.read(value)
                    raise self.fail(line, f"{holder} is one array here, and no several values")
            case ast.Expr(ast.Call(_, values)):
                for value in values:
                    self.refuse_what_raises(value, later)
                    self.show(value)
            case ast.Assert(test):
                self.refuse_what_raises(test, later)
                self.expect_to_hold(test)
        return []

    def draw(self, line: Drawn, name: str, call: ast.Call) -> None:
        """Remember what shape a given array begins with, where a line says its sizes."""
        if name in self.local:
            raise self.fail(line, f"{name} is given above, and this line makes it another array")
        if taken_otherwise(call):
            called = self.text[slice(*self.span(call.func))]
            raise self.fail(call, f"{called} doesn't take its sizes this way: "
                            "np.random.randn(a, b), np.zeros((a, b))")  # fmt: skip
        entry = self.table.symbols.get(self.known.get(name, ""))
        sizes = sizes_of(call)
        if entry is None or sizes is None:
            return
        axes = ["1"] * (len(sizes) - len(entry.shape)) + [*entry.shape]
        try:
            drawn = [self.size(size, axis, entry) for size, axis in
                     zip(sizes, axes[len(axes) - len(sizes) :], strict=True)]  # fmt: skip
        except UnknownSizeError:
            return
        begins = Call("zeros", tuple(drawn), span=self.span(call)) if drawn else Number(0.0)
        symbol = Symbol(entry.name, span=self.span(line.targets[0]))
        fit = same_shapes
        if is_bias(symbol):
            fit = same_but_for_a_row
            if len(drawn) == 2:
                self.rows.add(name)
        words = f"{name} is {{}}, and in the network it is {{}}"
        self.demands.append(Demand((begins, symbol), fit, words, self.span(line), ""))

    def size(self, node: ast.expr, axis: str, entry: Entry) -> Node:
        """Read a size that an array is drawn with; the reader's own are what the axis has there.

        Raises UnknownSizeError for what isn't one name or number.
        """
        span = self.span(node)
        try:
            read = self.read(node)
        except EquationError:
            if not isinstance(node, ast.Name):
                raise UnknownSizeError from None
            read = Number(1.0) if axis == "1" else Symbol(axis, span=span)
            self.local[node.id] = read
            return read
        if not any(isinstance(each, Number) and each.value > 1 for each in read.walk()):
            return read
        if not isinstance(read, Number):
            raise UnknownSizeError
        if axis == "1":
            return read if entry.name.startswith("b_") else Number(1.0)
        if self.lengths.setdefault(axis, read.value) != read.value:
            had = self.lengths[axis]
            raise self.fail(node, f"{axis} is {had:g} above, and {read.value:g} here")
        return Symbol(axis, span=span)

    def refuse_what_raises(self, told: ast.expr, later: Sequence[ast.stmt]) -> None:
        """Refuse a name or an attribute in what is printed or asserted that isn't there."""
        names = {part.id for part in ast.walk(told) if isinstance(part, ast.Name)}
        span = self.span(told)
        gradients = {name for name in names if self.derivative(name, span) is not None}
        if (missing := misspelt_name(told, self.named - {"x", "y"})) is not None:
            raise self.fail(missing, f"no line gives {missing.id}, and Python raises")
        for name in sorted(names - self.local.keys() - self.known.keys()):
            if any(gives_one_of({name}, line) for line in later):
                raise self.fail(told, f"{name} is used above the line that gives it, and Python "
                                "raises")  # fmt: skip
        numbers = {name for name in names if self.known.get(name) in (*self.table.sizes[0], "J")}
        arrays = names & (gradients | self.known.keys()) - numbers
        if (attribute := missing_attribute(told, arrays)) is not None:
            raise self.fail(attribute, f"there is no {ast.unparse(attribute)}, and Python raises")

    def show(self, node: ast.expr) -> bool:
        """Tell whether what is printed or appended can be read, and remember it: Python may raise.

        Several values that are kept together are none that could.
        """
        before = len(self.demands)
        try:
            read = self.value(node)
        except EquationError:
            del self.demands[before:]
            return False
        if isinstance(read, Node):
            self.own.append(read.base if isinstance(read, ShapeOf | SizeOf) else read)
        return True

    def expect_to_hold(self, test: ast.expr) -> None:
        """Remember what is asserted of shapes and values; what can't be read is passed over."""
        if self.holds(test) is False:
            raise self.fail(test, RAISES)
        match test:
            case ast.BoolOp(ast.And(), parts):
                for part in parts:
                    self.expect_to_hold(part)
                return
            case ast.Compare(one, [ast.Eq()], [other]) if (
                (is_shape(one) and isinstance(other, ast.List))
                or (isinstance(one, ast.List) and is_shape(other))
            ):
                raise self.fail(test, "a shape is a tuple and equals no list: the assertion is "
                                "False, and Python raises")  # fmt: skip
            case ast.Compare(first, [_, _, *_] as signs, others):
                for left, sign, right in zip([first, *others], signs, others, strict=False):
                    pair = ast.Compare(left, [sign], [right])
                    self.expect_to_hold(ast.copy_location(pair, test))
                return
        before = len(self.demands)
        try:
            parts, holds, is_of_shapes = self.asserted(test)
        except EquationError:
            del self.demands[before:]
            return
        self.own += parts
        # The sizes of the reader's own data aren't known here.
        if not any(isinstance(node, Number) and node.value > 1
                   for part in parts for node in part.walk()):  # fmt: skip
            verdict = "shape" if is_of_shapes else "value"
            words = "the assertion is False, and Python raises"
            self.demands.append(Demand(parts, holds, words, self.span(test), "", verdict))

    def asserted(self, test: ast.expr) -> tuple[tuple[Node, ...], Callable[..., bool], bool]:
        """Return the parts of what is asserted, when it holds, and whether it is about shapes."""
        match test:
            case ast.UnaryOp(ast.Not(), inner):
                parts, holds, is_of_shapes = self.asserted(inner)
                return parts, lambda *values: not holds(*values), is_of_shapes
            case ast.Compare(left, [ast.Eq() | ast.NotEq() as sign], [right]) if (
                is_shape(left) and is_shape(right)
            ):
                same = isinstance(sign, ast.Eq)
                parts = self.shaped(left), self.shaped(right)
                # A bias may have the 1 of a row.
                fit = same_lengths if any(map(is_bias, parts)) else same_shapes
                return parts, lambda a, b: fit(a, b) == same, True
            case ast.Compare(ast.Attribute(array, "ndim"), [ast.Eq()], [ast.Constant(number)]):
                return (self.read(array),), lambda array: array.ndim == number, True
            case (
                ast.Call(ast.Attribute(ast.Name("np"), "allclose" | "array_equal"), [one, other])
                | ast.Call(ast.Attribute(ast.Compare(one, [ast.Eq()], [other]), "all"), [])
                | ast.Call(ast.Attribute(ast.Name("np"), "all"),
                           [ast.Compare(one, [ast.Eq()], [other])])
            ):  # fmt: skip
                return (self.read(one), self.read(other)), are_close, False
            case ast.Compare(one, [ast.Eq() | ast.NotEq() as sign], [other]):
                holds = are_close_numbers if isinstance(sign, ast.Eq) else are_other_numbers
                is_of_shapes = any(is_shape(getattr(each, "value", None)) for each in (one, other))
                return (self.read(one), self.read(other)), holds, is_of_shapes
        return (self.read(test),), is_true, False

    def shaped(self, node: ast.expr) -> Node:
        """Read an array that has this shape."""
        if isinstance(node, ast.Tuple):
            return Call("zeros", tuple(map(self.read, node.elts)), span=self.span(node))
        return self.read(node.value if isinstance(node, ast.Attribute) else node.args[0])


def is_shape(node: ast.AST | None) -> bool:
    """Tell whether this is a shape: a.shape, np.shape(a), or (D_x, H)."""
    match node:
        case ast.Tuple() | ast.Attribute(_, "shape"):
            return True
        case ast.Call(ast.Attribute(module, "shape"), [_], []):
            return is_numpy(module)
    return False


def is_bias(node: Node) -> bool:
    """Tell whether this is a bias as it is given."""
    return isinstance(node, Symbol) and node.name.startswith("b_")


def same_shapes(one: Array, other: Array) -> bool:
    """Tell whether two arrays have the same shape."""
    return one.shape == other.shape


def same_but_for_a_row(one: Array, other: Array) -> bool:
    """Tell whether one array has the shape of the other, or is a row of that."""
    return one.shape in (other.shape, (1, *other.shape))


def same_lengths(one: Array, other: Array) -> bool:
    """Tell whether two arrays have the same shape but for axes of length 1."""
    return np.squeeze(one).shape == np.squeeze(other).shape


def are_close(one: Array, other: Array) -> bool:
    """Tell whether two arrays are equal but for rounding; NumPy raises where shapes don't fit."""
    try:
        return np.allclose(one, other)
    except ValueError:
        return False


def are_close_numbers(one: Array, other: Array) -> bool:
    """Tell whether two numbers are equal; of arrays == is neither True nor False."""
    return max(one.size, other.size) == 1 and are_close(one, other)


def are_other_numbers(one: Array, other: Array) -> bool:
    """Tell whether two numbers differ; of arrays != is neither True nor False."""
    return max(one.size, other.size) == 1 and not are_close(one, other)


def is_true(value: Array) -> bool:
    """Tell whether a number is True; an array of several is neither True nor False."""
    return value.size == 1 and bool(value.all())
