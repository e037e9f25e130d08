"""The calls in NumPy text: NumPy's functions, methods of arrays, and Python's own sum and max.

What NumPy takes otherwise, or doesn't have, is refused.
"""

import ast
import difflib
import re
from types import ModuleType

import numpy as np

from mlp_lib.equations.numpy_code.expressions import Demand, Expressions, is_numpy, scales
from mlp_lib.equations.numpy_code.functions import (
    CALLS,
    ENTRYWISE,
    FUNCTIONS,
    LARGER_OF,
    METHODS,
    NAMED_PLACES,
    OF_FUNCTIONS,
    OPERATIONS,
    PAIR,
    PYTHONS,
    SAME,
    STACKS,
    TUPLED,
    WITH_AXIS,
    Signature,
)
from mlp_lib.equations.tables import Table
from mlp_lib.equations.tree import (
    ONES,
    Apply,
    Call,
    Identity,
    Negate,
    Node,
    Number,
    Power,
    ShapeOf,
    SizeOf,
    Span,
    Symbol,
    Transpose,
)


class Calls(Expressions):
    """Read calls of functions that aren't the reader's own."""

    def __init__(self, text: str, text_read: str, offset: int, table: Table):
        super().__init__(text, text_read, offset, table)
        self.numpys: set[str] = set()  # what is NumPy's without np. in front

    def call(self, node: ast.Call) -> Node:
        """Read np.f(…), f(…) and a.f(…)."""
        match node.func:
            case ast.Attribute(ast.Attribute(value, "linalg"), name) if is_numpy(value):
                base: list[Node] = []
                self.refuse_what_numpy_lacks(node, name, np.linalg)
            case ast.Attribute(value, name) if is_numpy(value):
                base = []
                self.refuse_what_numpy_lacks(node, name, np)
                self.refuse_other_arguments(node, name)
            case ast.Attribute(ast.Attribute(value, of), method) if is_numpy(value) and (
                of, method
            ) in OF_FUNCTIONS:
                base, name = [], OF_FUNCTIONS[of, method]
            case ast.Attribute(_, "T" | "mT"):
                raise self.fail(node.func, "a * or @ is missing behind this")
            case ast.Attribute(value, "astype") if is_of_floats(node):
                return self.read(value)
            case ast.Attribute(value, name):
                base = [self.read(value)]
                if name not in METHODS:
                    raise self.fail(node.func, f"the method .{name} isn't read here; "
                                    f"{', '.join(sorted(METHODS))}")  # fmt: skip
            case ast.Name() if self.calls_own(node):
                return self.one(node)
            case ast.Name(name) if name in self.known or name in self.local:
                raise self.fail(node.func, f"{name} is no function: a * or @ is missing behind it")
            case ast.Name(name):
                base = []
                if name == "len" and len(node.args) == 1:
                    return SizeOf(self.read(node.args[0]), 0, span=self.span(node))
                if name in PYTHONS and name not in self.numpys:
                    if name in LARGER_OF and len(node.args) > 1:
                        return self.of_numbers(node, LARGER_OF[name])
                    return self.over_first_axis(node, name)
            case ast.BinOp() | ast.Call():
                raise self.fail(node.func, "a * or @ is missing behind this")
            case _:
                raise self.fail(node, "only NumPy's functions are called here")
        return self.called(node, SAME.get(name, name), base)

    def over_first_axis(self, node: ast.Call, name: str) -> Node:
        """Read Python's own sum, max or min of an array, which go over its first axis."""
        match node.args:
            case [_] | [_, ast.Constant(0)] if not node.keywords:
                pass
            case [_, _] if not node.keywords:
                raise self.fail(node, f"Python's own {name} adds what stands behind the comma: "
                                f"write np.{name}(…, axis=0)")  # fmt: skip
            case _:
                raise self.fail(node, f"this is Python's own {name}, which has no axis: write "
                                f"np.{name}")  # fmt: skip
        array, span = self.read(node.args[0]), self.span(node)
        if name != "sum":
            words = (
                f"Python's own {name} compares the rows of {{}} as wholes, and raises: write "
                f"np.{name}"
            )
            instead = f"np.{self.text[slice(*span)]}"
            self.demands.append(Demand(
                (array,), lambda array: array.ndim == 1 or array.shape[:1] == (1,), words, span,
                instead,
            ))  # fmt: skip
        return Call(name, (array,), (("axis", 0),), span=span)

    def of_numbers(self, node: ast.Call, name: str) -> Node:
        """Read Python's own max(N, 1), which compares numbers and no arrays."""
        first, *others = map(self.read, node.args)
        if node.keywords or not all(scales(each, self.table) for each in (first, *others)):
            raise self.fail(node, f"Python's own {node.func.id} takes numbers: write np.{name} for "
                            f"arrays, np.{node.func.id}(…, axis=1) for the entries of one")
        for other in others:
            first = Call(name, (first, other), span=self.span(node))
        return first

    def refuse_what_numpy_lacks(self, node: ast.Call, name: str, module: ModuleType) -> None:
        """Refuse a function that is read here under a name that NumPy doesn't have."""
        own = SAME.get(name, name)
        if hasattr(module, name) or own not in {*CALLS, *FUNCTIONS, "array"}:
            return
        start, end = self.span(node.func)
        said = f"NumPy has no {self.text[start:end]}"
        if own in FUNCTIONS:
            said += f": a function of one's own is written {name}(…), without np."
        elif hasattr(np, name) or hasattr(np.linalg, name):
            said += f": it is np.{'' if hasattr(np, name) else 'linalg.'}{name}"
        elif name in METHODS:
            said += f": it is a method, a.{name}()"
        else:
            said += f"; {name}(…) is Python's own"
        raise self.fail(node.func, said)

    def refuse_other_arguments(self, node: ast.Call, name: str) -> None:
        """Refuse arguments that NumPy takes otherwise: np.zeros(H, D_y), where a tuple is due."""
        several = [each for each in node.args if not isinstance(each, ast.Tuple | ast.List)]
        text = ", ".join(self.text[slice(*self.span(each))] for each in node.args)
        first = self.text[slice(*self.span(node.args[0]))] if node.args else ""
        rest = text.removeprefix(f"{first}, ")
        right = ""
        if name in ("zeros", "ones") and len(several) > 1:
            right = f"(({text}))"
        elif name in ("reshape", "transpose", "broadcast_to") and len(several) > 2:
            right = f"({first}, ({rest}))"
        elif name in STACKS and len(several) == len(node.args) > 0:
            right = f"(({text}))" if len(several) > 1 else "((a, b))"
        if right:
            raise self.fail(node, f"np.{name} takes these as one tuple: np.{name}{right}")
        if name == "expand_dims" and len(node.args) + len(node.keywords) < 2:
            raise self.fail(node, "np.expand_dims is told the axis: np.expand_dims(a, axis=0)")
        match name, node.args:
            case "power", [base, ast.UnaryOp(ast.USub(), ast.Constant(int()))] if self.counts(base):
                raise self.fail(node, "np.power of whole numbers takes no power below 0: write "
                                "** or a division")  # fmt: skip

    def counts(self, node: ast.expr) -> bool:
        """Tell whether this is a whole number in Python: a size, 2, or made of these."""
        match node:
            case ast.Constant(value):
                return isinstance(value, int)
            case ast.BinOp(left, ast.Add() | ast.Sub() | ast.Mult(), right):
                return self.counts(left) and self.counts(right)
            case ast.Name(name) if name in self.local:
                return scales(self.local[name], self.table)
            case ast.Name(name):
                return self.known.get(name) in self.table.sizes[0]
            case ast.Call(ast.Name("len")) | ast.Attribute(_, "size"):
                return True
            case ast.Subscript(ast.Attribute(_, "shape")):
                return True
        return False

    def called(self, node: ast.Call, name: str, base: list[Node]) -> Node:
        """Return the node of a function with its arguments."""
        span = self.span(node)
        keywords = {each.arg: each.value for each in node.keywords}
        if None in keywords or any(isinstance(each, ast.Starred) for each in node.args):
            raise self.fail(node, "arguments with * aren't read here")
        if name == "einsum":
            return self.einsum(node, span)
        match name, node.args:
            case "size", [array]:
                return SizeOf(self.read(array), None, span=span)
            case "size", [array, axis]:
                return SizeOf(self.read(array), self.whole(axis), span=span)
            case "shape", [array]:
                return ShapeOf(self.read(array), span=span)
        arguments = base + self.arguments(node, name, keywords, len(base))
        method = getattr(node.func, "attr", "")
        if name == "tensordot" and method == "outer":
            keywords["axes"] = ast.Constant(0)
        if method == "reduce":
            keywords.setdefault("axis", ast.Constant(0))
        read = self.keywords(node, name, keywords)
        if name == "transpose" and len(arguments) == 1:
            return Transpose(arguments[0], span=span)
        if name == "array" and len(arguments) == 1 and not read:
            return arguments[0]
        if FUNCTIONS.get(name) in ("softmax", "logsoftmax") and read.get("axis") in (1, -1):
            del read["axis"]  # each row by itself, as here
        if name in FUNCTIONS or name in ("-", "**2"):
            self.expect(node, name, arguments, read, ENTRYWISE)
            return self.function(name, arguments[0], span)
        if name in OPERATIONS:
            self.expect(node, name, arguments, read, PAIR)
            if name == "matmul":
                self.refuse_scalar(node, *arguments)
            return OPERATIONS[name](*arguments, span=span)
        if name not in CALLS:
            known = [
                each for each in sorted({*CALLS, *FUNCTIONS, *OPERATIONS, *SAME})
                if each in FUNCTIONS or hasattr(np, each)
            ]  # fmt: skip
            close = difflib.get_close_matches(name, known, n=3, cutoff=0.75)
            meant = " or ".join(f"np.{each}" if hasattr(np, each) else each for each in close)
            hint = f"; did you mean {meant}?" if close else ", and none that is has such a name"
            raise self.fail(node.func, f"the function {name} isn't read here{hint}")
        if read.get("order") == "C":
            del read["order"]  # NumPy's own order
        match name, arguments, read:
            case "reshape", [part, Negate(Number(1.0)), Number(1.0)], {"order": "F"}:
                return Apply("vec", part, span=span)
        self.expect(node, name, arguments, read, CALLS[name])
        match name, arguments:
            case "eye", [Symbol(size)] if size in self.table.sizes[0]:
                return Identity(size, span=span)
        if name == "ones" and arguments == [Number(1.0), Symbol(self.table.ones)]:
            return Symbol(ONES, span=span)
        return Call(name, tuple(arguments), tuple(sorted(read.items())), span=span)

    def function(self, name: str, argument: Node, span: Span) -> Node:
        """Return the node of a function of one argument that mathematics has a sign for."""
        if name == "-":
            return Negate(argument, span=span)
        if name == "**2":
            return Power(argument, 2, span=span)
        return Apply(FUNCTIONS[name], argument, span=span)

    def arguments(
        self, node: ast.Call, name: str, keywords: dict, before: int
    ) -> list[Node]:
        """Read the arguments; a tuple of sizes or of arrays stands for its members."""
        found: list[Node] = []
        positional = list(node.args)
        for keyword, places in NAMED_PLACES.items():
            if keyword in keywords and len(positional) + before in places:
                positional.append(keywords.pop(keyword))
        for number, each in enumerate(positional):
            inside = isinstance(each, ast.Tuple | ast.List)
            if inside and name in TUPLED and not (name == "concatenate" and number):
                found += [self.read(member) for member in each.elts]
            elif name in WITH_AXIS and number + before == (2 if name == "tensordot" else 1):
                # A positional argument behind the arrays is the axis.
                keywords["axes" if name == "tensordot" else "axis"] = each
            else:
                found.append(self.read(each))
        return found

    def keywords(self, node: ast.Call, name: str, keywords: dict) -> dict[str, object]:
        """Read the keywords: axis, axes, keepdims and order."""
        read: dict[str, object] = {}
        for key, value in keywords.items():
            match key, value:
                case (("axis" | "axes"), ast.Constant(None)):
                    read[key] = None
                case "axis", ast.List():
                    raise self.fail(value, "several axes are a tuple: for a list NumPy raises")
                case (("axis" | "axes"), _):
                    read[key] = self.axes(value)
                case "keepdims", ast.Constant((bool() | 0 | 1) as flag):
                    read[key] = bool(flag)
                case "order", ast.Constant("F" | "C" as order):
                    read[key] = order
                case _:
                    raise self.fail(value, f"the keyword {key} of {name} isn't read here this way")
        return {key: value for key, value in read.items() if value is not False}

    def axes(self, value: ast.expr) -> object:
        """Read an axis, several, or, for tensordot, some of each array."""
        if isinstance(value, ast.Tuple | ast.List) and len(value.elts) <= 3:
            return tuple(map(self.axes, value.elts))
        return self.whole(value)

    def expect(self, node, name: str, arguments: list, keywords: dict, wanted: Signature) -> None:
        """Refuse a wrong number of arguments, and a keyword that the function doesn't take."""
        if not wanted.least <= len(arguments) <= wanted.most:
            many = f"{wanted.least}" + (f" to {wanted.most}" if wanted.most > wanted.least else "")
            noun = "argument" if many == "1" else "arguments"
            raise self.fail(node, f"{name} takes {many} {noun} here, got {len(arguments)}")
        for key in keywords:
            if key not in wanted.keywords:
                raise self.fail(node, f"{name} takes no keyword {key} here")

    def einsum(self, node: ast.Call, span: Span) -> Call:
        """Read np.einsum with its subscripts, of at most eight letters."""
        match node.args:
            case [ast.Constant(str(subscripts)), *operands]:
                text = subscripts.replace(" ", "")
            case _:
                raise self.fail(node, "einsum takes its subscripts first, as 'ni,nj->ij'")
        if not re.fullmatch(r"[A-Za-z]*(,[A-Za-z]*){0,5}(->[A-Za-z]*)?", text):
            raise self.fail(node, "einsum's subscripts are letters, as in 'ni,nj->ij'")
        if len(set(text) - set(",->")) > 8:
            raise self.fail(node, "einsum is read with at most eight letters")
        arguments = [self.read(each) for each in operands]
        self.expect(node, "einsum", arguments, {}, CALLS["einsum"])
        if len(arguments) != len(text.split("->")[0].split(",")):
            raise self.fail(node, f"einsum's subscripts {subscripts!r} are for another number of "
                            f"arrays than {len(arguments)}")  # fmt: skip
        return Call("einsum", tuple(arguments), (("subscripts", text),), span=span)


def is_of_floats(call: ast.Call) -> bool:
    """Tell whether a.astype(…) only says how exact the numbers are."""
    match call.args:
        case [ast.Name("float") | ast.Attribute(_, "float32" | "float64")] if not call.keywords:
            return True
    return False


def imported_from_numpy(module: ast.Module) -> set[str]:
    """Return the names that a module has from NumPy without np. in front."""
    lines = (line for line in ast.walk(module) if isinstance(line, ast.ImportFrom))
    names = {
        each.asname or each.name
        for line in lines
        if (line.module or "").split(".")[0] in ("numpy", "jax")
        for each in line.names
    }
    return names | PYTHONS if "*" in names else names
