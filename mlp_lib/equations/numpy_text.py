"""NumPy text → tree: the same tree as from LaTeX. Text is only ever parsed; nothing runs it.

What has a sign in mathematics becomes that sign's node (`@` is Contract, `.T` Transpose, np.kron
Kronecker, np.diagflat a diag); any other NumPy function that is read here becomes a Call.
"""

import ast
import difflib
import re
import warnings
from collections.abc import Callable, Sequence
from functools import cache, lru_cache
from itertools import takewhile
from types import EllipsisType, ModuleType
from typing import NamedTuple

import numpy as np

from mlp_lib.equations.arrays import (
    NO_MASK,
    OF_NUMBERS,
    Array,
    Arrays,
    DoesNotFit,
    evaluate,
)
from mlp_lib.equations.numpy_lines import (
    ERROR,
    RATES,
    InPlace,
    Passed,
    chains_as_equations,
    errors_first,
    executed,
    given_again,
    gives_one_of,
    gradient_of_step,
    is_beside,
    is_told,
    layers_said,
    names_given,
    returns_several,
    used_early,
    uses,
)
from mlp_lib.equations.own_functions import Function, Place, code_of
from mlp_lib.equations.shared_arrays import Views, shared_array
from mlp_lib.equations.tables import Table
from mlp_lib.equations.tree import (
    ONES,
    Add,
    Apply,
    Call,
    Compare,
    Contract,
    Divide,
    Elementwise,
    Equation,
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
    Span,
    Subscript,
    Subtract,
    Symbol,
    Transpose,
    refuse_large,
)

MAX_LENGTH = 2000
MAX_DEPTH = 40
MAX_NODES = 300
LARGEST_WHOLE = 10_000
LARGEST_NUMBER = 1e9
MOST_CALLS = 100  # of the reader's own functions
# Of several names of a function the last is the one in which suggestions are written.
FUNCTIONS = {
    **dict.fromkeys(("dsigmoid", "d_sigmoid", "sigmoid_derivative", "sigmoid_grad"), "sigma'"),
    "exp": "exp", "log": "log", "tanh": "tanh", "sigmoid": "sigma", "softmax": "softmax",
    "log_softmax": "logsoftmax", "diagflat": "diag", "sigmoid_prime": "sigma'",
    "tanh_prime": "tanh'", "relu": "relu", "relu_prime": "relu'",
}  # fmt: skip
OPERATIONS: dict[str, type[Node]] = {
    "add": Add, "subtract": Subtract, "multiply": Elementwise, "divide": Divide,
    "true_divide": Divide, "matmul": Contract, "kron": Kronecker,
}  # fmt: skip


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


class Frame(NamedTuple):
    """What the names in a function that is called stand for: values, and what is no array."""

    names: dict[str, Value]
    constants: dict[str, object]


class Signature(NamedTuple):
    """How many arguments a function takes here, and which keywords."""

    least: int
    most: int
    keywords: tuple[str, ...] = ()


OVER_AXIS = Signature(1, 1, ("axis", "keepdims"))
ENTRYWISE, PAIR, SHAPED = Signature(1, 1), Signature(2, 2), Signature(1, 4)
CALLS = {
    "sum": OVER_AXIS, "mean": OVER_AXIS, "max": OVER_AXIS, "min": OVER_AXIS, "prod": OVER_AXIS,
    "argmax": OVER_AXIS,
    "abs": ENTRYWISE, "sqrt": ENTRYWISE, "sign": ENTRYWISE, "round": ENTRYWISE, "maximum": PAIR,
    "minimum": PAIR, "power": PAIR, "floor_divide": PAIR, "float": ENTRYWISE,
    "where": Signature(3, 3), "clip": Signature(3, 3),
    "dot": PAIR, "inner": PAIR, "outer": PAIR, "tensordot": Signature(2, 2, ("axes",)),
    "einsum": Signature(1, 6, ("subscripts",)),
    "reshape": Signature(2, 5, ("order",)), "ravel": Signature(1, 1, ("order",)),
    "squeeze": Signature(1, 1, ("axis",)), "expand_dims": Signature(1, 1, ("axis",)),
    "atleast_2d": ENTRYWISE, "swapaxes": Signature(3, 3), "broadcast_to": Signature(2, 5),
    "transpose": Signature(3, 5),
    "vstack": SHAPED, "hstack": SHAPED, "concatenate": Signature(1, 4, ("axis",)),
    "eye": ENTRYWISE, "ones": SHAPED, "zeros": SHAPED, "ones_like": ENTRYWISE,
    "zeros_like": ENTRYWISE, "diag": ENTRYWISE, "pinv": ENTRYWISE, "inv": ENTRYWISE,
}  # fmt: skip
# Names of the same function, and np.linalg's.
SAME = {
    "identity": "eye", "amax": "max", "amin": "min", "absolute": "abs", "flatten": "ravel",
    "negative": "-", "square": "**2", "average": "mean", "sigma": "sigmoid", "expit": "sigmoid",
    "asarray": "array", "copy": "array", "float64": "array",
}  # fmt: skip
METHODS = {
    "sum", "mean", "max", "min", "prod", "argmax", "dot", "reshape", "ravel", "flatten", "squeeze",
    "swapaxes", "transpose", "copy", "clip", "round",
}
# Methods of NumPy's own functions: np.multiply.outer keeps all axes of both.
OF_FUNCTIONS = {("multiply", "outer"): "tensordot", ("add", "reduce"): "sum"}  # fmt: skip
# Python's own functions of these names go over the first axis.
PYTHONS = {"sum", "max", "min"}
TOTALS = {"sum", "mean", "max", "min", "prod"}
LARGER_OF = {"max": "maximum", "min": "minimum"}
STACKS = {"vstack", "hstack", "concatenate"}
# Arguments that may be given by name: at which places they stand.
NAMED_PLACES = {"a": (0,), "b": (1,), "newshape": (1,), "shape": (0, 1)}
# Functions that take a tuple for several arguments, and functions whose next argument is the axis.
TUPLED = {*STACKS, "reshape", "ones", "zeros", "broadcast_to", "transpose"}
WITH_AXIS = {name for name, each in CALLS.items() if {"axis", "axes"} & set(each.keywords)}
KINDS: dict[type[ast.expr], str] = {
    ast.IfExp: "a choice with if", ast.ListComp: "a list made by for",
    ast.GeneratorExp: "a run of for", ast.Lambda: "a lambda", ast.Dict: "a dictionary",
    ast.List: "a list", ast.Tuple: "a tuple", ast.Set: "a set", ast.NamedExpr: "a := in brackets",
    ast.JoinedStr: "a text", ast.BoolOp: "and or or", ast.Await: "await", ast.Yield: "yield",
}  # fmt: skip
BLOCKS: dict[type[ast.stmt], str] = {
    ast.For: "for", ast.While: "while", ast.If: "if", ast.With: "with", ast.Try: "try",
}  # fmt: skip
GOES_ON = (
    "Python ends a formula at the end of its line: one that goes on in the next line has brackets "
    "around it"
)
SIGNS = {ast.Gt: ">", ast.GtE: ">=", ast.Lt: "<", ast.LtE: "<=", ast.Eq: "=="}
# How people write the same symbol.
SPELLINGS = {
    **dict.fromkeys(("y_hat", "ŷ", "Yhat", "Y_hat", "y_pred", "Y_pred"), r"\hat y"),
    **dict.fromkeys(("a2", "A2", "probs"), r"\hat y"), **dict.fromkeys(("a1", "A1"), "h"),
    "y_true": "y", "Y_true": "y", "Z1": "z_1", "Z2": "z_2", "w1": "W_1", "w2": "W_2",
    "Dx": "D_x", "Dy": "D_y", "m": "N",
}  # fmt: skip
# Other names of a gradient: grad_W1, gW1, W1_grad.
GRADIENT = re.compile(r"(?:g|grad|nabla)_?([Ww][12]|b[12])|([Ww][12]|b[12])_grad")
# What the network is given, where no line has to say what it is.
GIVEN = ("x", "y", "W_1", "b_1", "W_2", "b_2")
COSTS = {"L", "E", "C", "loss", "cost"}
RAISES = "this line raises, and nothing is computed below it"
OTHER_LIBRARIES = {"torch", "tf", "F", "nn", "K", "keras", "tensorflow"}
WHOLE_ARRAYS = "a line gives a whole array, not a part of one"
# A number for the learning rate in an update: which one doesn't matter.
RATE = 0.1


def numpy_name(name: str) -> str:
    r"""Return a symbol's name in NumPy text: W_1 is W1, \hat y is yhat, D_x stays as it is."""
    if name.startswith(r"\hat "):
        return name.removeprefix(r"\hat ") + "hat"
    return re.sub(r"_(\d)", r"\1", name)


@cache
def names(table: Table) -> dict[str, str]:
    """Return every name that NumPy text may use for a symbol or a size, and what it stands for."""
    found = {numpy_name(name): name for name in table.symbols}
    found |= {size: size for size in table.sizes[0]}
    # A batch is often written with capitals.
    found |= {name.upper(): name for name in ("x", "y") if name in table.symbols}
    known = set(found.values())
    return {text: name for text, name in SPELLINGS.items() if name in known} | found


class Read(NamedTuple):
    """What a text says: its equations, what its other lines name, what Python asks of shapes.

    `overwritten` are the given symbols that a line makes something else of, and what. `unnamed` is
    where the answer stands, if none of several values, or of a def's, is named.
    """

    equations: tuple[Equation, ...]
    own: tuple[Node, ...]
    demands: tuple[Demand, ...]
    overwritten: tuple[tuple[Symbol, Node], ...]
    unnamed: Span | None


def parse_numpy(text: str, table: Table) -> list[Equation]:
    """Return what the NumPy text states: one equation, or one for each line that names a known one.

    A line may give a name to a part, `d1 = …`, and later lines use it. Raises EquationError that
    quotes the text with a caret under the place.
    """
    refuse_before_parsing(text)
    return list(parsed(text, table).equations)


def parts_of_lines(text: str, table: Table) -> tuple[Node, ...]:
    """Return what lines of NumPy text give a name of their own to, and what is given anew later."""
    return parsed(text, table).own


def demands(text: str, table: Table) -> tuple[Demand, ...]:
    """Return what Python asks of the shapes in a text that can be read."""
    return parsed(text, table).demands


def overwritten(text: str, table: Table) -> tuple[tuple[Symbol, Node], ...]:
    """Return the given symbols that lines of a text make something else of, and what they make."""
    return parsed(text, table).overwritten


def unnamed_answer(text: str, table: Table) -> Span | None:
    """Return where a text that can be read ends with several values, or in a def, or None.

    Which value is the answer isn't said there.
    """
    return parsed(text, table).unnamed


@lru_cache(maxsize=1024)
def parsed(text: str, table: Table) -> Read:
    """Return what a text that isn't too long says; the same trees for the same text."""
    module, text_read, offset = python_tree(text)
    refuse_large_tree(module, text)
    reader = Reader(text, text_read, offset, table)
    equations = reader.equations(module)
    return Read(tuple(equations), tuple(reader.own), tuple(reader.demands),
                tuple(reader.overwritten), reader.unnamed)  # fmt: skip


def early_name(text: str, table: Table) -> str:
    """Return the name that a line of a derivation uses before the line that says it, or ""."""
    module, _, _ = python_tree(text)
    lines = [line for line in code_of(module, names(table)).lines if not is_beside(line)]
    return used_early(lines, names(table))


def refuse_before_parsing(text: str) -> None:
    """Refuse what is too long, too deep, or no text that Python's parser takes."""
    if len(text) > MAX_LENGTH:
        raise EquationError(
            f"the formula has {len(text)} characters, at most {MAX_LENGTH} are read"
        )
    if not text.strip():
        raise EquationError("there is no formula in the text")
    depth = deepest = 0
    for character in text:
        depth += (character in "({[") - (character in ")}]")
        deepest = max(deepest, depth)
    if deepest > MAX_DEPTH:
        raise EquationError(f"the formula is {deepest} brackets deep, at most {MAX_DEPTH} are read")


def python_tree(text: str) -> tuple[ast.Module, str, int]:
    """Return Python's syntax tree, the text that it was read from, and where ours begins in it."""
    # A formula may be indented, or run over lines without brackets around it.
    bare = text.strip()
    for before, body, after in (
        ("", bare, ""), ("", chains_as_equations(bare), ""), ("(", text, "\n)")
    ):  # fmt: skip
        whole = before + body + after
        try:
            offset = len(before) - (0 if before else text.index(text.strip()))
            with warnings.catch_warnings():
                # Python warns of 1if and its like; here they are refused or read.
                warnings.simplefilter("ignore", SyntaxWarning)
                return ast.parse(whole), whole, offset
        except SyntaxError as error:
            failed = error
        except (ValueError, RecursionError, MemoryError):
            raise EquationError("this is no text that can be read as a formula") from None
    if (bracket := never_closed(text)) is not None:
        place = (bracket, bracket + 1)
        raise EquationError(f"this {text[bracket]} is never closed", text, place)
    at = position(text, failed.lineno or 1, (failed.offset or 1) - 2)
    if (line := re.search(r"\n[ \t]*+(@(?=[ (])|/|\.T\b)", text)) is not None:
        raise EquationError(GOES_ON, text, line.span(1))
    raise EquationError(
        "this is neither NumPy nor LaTeX; it stops making sense here", text, (at, at + 1)
    )


def never_closed(text: str) -> int | None:
    """Return the place of the last bracket that is opened and not closed, or None."""
    waiting: list[int] = []
    for place, character in enumerate(text):
        if character in "([{":
            waiting.append(place)
        elif character in ")]}" and waiting:
            waiting.pop()
    return waiting[-1] if waiting else None


def position(text: str, line: int, column: int) -> int:
    """Return the place in the text of a line and a column, kept within the text."""
    lines = text.splitlines(keepends=True)
    start = sum(len(each) for each in lines[: line - 1])
    return max(0, min(start + column, len(text) - 1))


def refuse_large_tree(module: ast.Module, text: str) -> None:
    """Refuse a tree with too many nodes or too deep, before anything recurses into it."""
    level: list[ast.AST] = [module]
    count = depth = 0
    while level:
        count, depth = count + len(level), depth + 1
        if count > 4 * MAX_NODES or depth > 3 * MAX_DEPTH:
            raise EquationError(f"the formula has more than {MAX_NODES} parts or is nested deeper"
                                f" than {MAX_DEPTH}")  # fmt: skip
        level = [child for node in level for child in ast.iter_child_nodes(node)]


class Reader:
    """Turn Python's tree into ours, with the place of each part in the reader's text."""

    def __init__(self, text: str, text_read: str, offset: int, table: Table):
        self.text, self.table, self.offset = text, table, offset
        self.lines = text_read.splitlines(keepends=True)
        self.starts = [0]
        for line in self.lines:
            self.starts.append(self.starts[-1] + len(line))
        self.known = names(table)
        self.local: dict[str, Value] = {}
        self.own: list[Node] = []  # what lines say that state nothing of a known quantity
        self.errors: set[str] = set()  # the layers whose delta a line says
        self.demands: list[Demand] = []
        self.overwritten: list[tuple[Symbol, Node]] = []
        self.unnamed: Span | None = None
        self.several_returned: ast.stmt | None = None
        self.beside: dict[int, list[ast.stmt]] = {}  # what is run below each line, by the line's id
        self.functions: dict[str, Function] = {}  # the reader's own
        self.views = Views(self.functions)
        self.numpys: set[str] = set()  # what is NumPy's without np. in front
        self.calls = 0  # of these
        self.outside: dict[str, Node] | None = None  # the names outside of one that is called
        self.parameters: frozenset[str] = frozenset()
        self.frames: dict[Place, Frame | None] = {}  # of those that are being called
        self.constants: dict[str, object] = {}  # what its parameters are where that is no array

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

    def equations(self, module: ast.Module) -> list[Equation]:
        """Read every line; a line that gives a name to a part states nothing by itself.

        Behind the derivation there may be updates. W1 -= lr * V1 says that V1 is ∂J/∂W1.
        """
        stated, self.functions, below, refused = code_of(module, self.known)
        if refused is not None:
            raise self.fail(*refused)
        self.views = Views(self.functions)
        if below is not None:
            self.unnamed = self.span(below.lines[-1])
        self.numpys = imported_from_numpy(module)
        self.refuse_shared(stated)
        lines = errors_first(self.derivation_of(stated))
        self.errors = layers_said(lines)
        updates = list(takewhile(self.is_update, reversed(lines)))[::-1]
        derivation = lines[: len(lines) - len(updates)]
        if not derivation and len(updates) == 1:
            updates, derivation = [], lines
        steps = [gradient_of_step(update.value) for update in updates]
        taken = {step.id for step in steps if isinstance(step, ast.Name)}
        own = [number for number, line in enumerate(derivation) if not gives_one_of(taken, line)]
        about = own[-1] if own else len(derivation) - 1
        found = self.run_below(None, lines)
        for number, line in enumerate(derivation):
            found += self.stated(line, derivation[number + 1 :], number == about)
            found += self.run_below(line, derivation[number + 1 :])
        found = [*self.stated_by(updates), *found]
        for update in updates:
            found += self.run_below(update, [])
        if not found:
            raise EquationError("there is no formula in the text")
        several = self.several_returned
        if several is not None and not any(isinstance(each.sides[0], Partial) for each in found):
            raise self.fail(several, "of several values none has a derivative's name, such as dW1")
        return found

    def derivation_of(self, stated: Sequence[ast.stmt]) -> list[ast.stmt]:
        """Return the lines that say something, and remember those that are beside each of them."""
        lines: list[ast.stmt] = []
        for number, line in enumerate(stated):
            if returns_several(line):
                self.several_returned = self.several_returned or line
                is_first = self.several_returned is line
                if is_first and all(map(is_beside, stated[number + 1 :])):
                    self.unnamed = self.span(line)
            elif is_beside(line):
                self.beside.setdefault(id(lines[-1]) if lines else 0, []).append(line)
            else:
                lines.append(self.as_assignment(line, stated[number + 1 :]))
        return lines

    def stated(self, line: ast.stmt, later: Sequence[ast.stmt], about: bool) -> list[Equation]:
        """Return what a line states; one that gives a name to a part states nothing by itself."""
        match line:
            case ast.Expr(ast.Compare(left, signs, others)) if all(
                isinstance(sign, ast.Eq) for sign in signs
            ):
                if len(signs) == 1 or not self.is_own_name(left):
                    others = [left, *others]
                elif not about:
                    raise self.fail(left, "a name of one's own is said once: write a line for "
                                    "each formula")  # fmt: skip
                return [Equation(tuple(self.read(side) for side in others), self.text)]
            case ast.Expr(value):
                return [Equation((self.read_whole(value),), self.text)]
            case ast.Assign([ast.Tuple()], ast.Tuple()):
                raise self.fail(line, "a name is given and used in one line: write a line for "
                                "each name")  # fmt: skip
            case ast.AugAssign(ast.Subscript() as part, ast.Sub(), ast.Constant(1)):
                raise self.fail(part, f"{WHOLE_ARRAYS}; rows of y are one-hot here, so 1 less "
                                "at each row's class is yhat - y")  # fmt: skip
            case ast.Assign([ast.Subscript() as part]) | ast.AugAssign(ast.Subscript() as part):
                raise self.fail(part, WHOLE_ARRAYS)
            case ast.Assign(targets, value) if self.keeps_several(value) or self.calls_own(value):
                read = self.value(value)
                if isinstance(read, tuple):
                    return self.unpacked(line, read, later)
                whole = read.with_part("span", self.span(value))
                return self.given_to(targets, whole, later, about)
            case ast.Assign(targets, value):
                read = self.with_rate(value) if self.is_update(line) else self.read_whole(value)
                return self.given_to(targets, read, later, about)
            case ast.For() | ast.While() | ast.If() | ast.With() | ast.Try():
                raise self.fail(line, f"what stands behind {BLOCKS[type(line)]} isn't read: "
                                "write formulas of whole arrays")  # fmt: skip
            case ast.Raise():
                raise self.fail(line, RAISES)
        raise self.fail(line, "a line is a formula or name = formula")

    def given_to(
        self, targets: list[ast.expr], value: Node, later: Sequence[ast.stmt], about: bool
    ) -> list[Equation]:
        """Return what a line states that gives one value to a name, or to several."""
        sides = self.assigned(targets, value, about, given_again(targets, later))
        if sides:
            return [Equation(sides, self.text)]
        self.own.append(value)
        return []

    def run_below(self, line: ast.stmt | None, later: Sequence[ast.stmt]) -> list[Equation]:
        """Read what is run below a line, or above all of them, and says nothing by itself."""
        beside = self.beside.get(0 if line is None else id(line), [])
        return [equation for each in beside for equation in self.run_line(each, later)]

    def run_line(self, line: ast.stmt, later: Sequence[ast.stmt]) -> list[Equation]:
        """Read a line that keeps arrays or takes them out, that prints, or asserts something."""
        match line:
            case Passed([ast.Name(name)], ast.Name(given)):
                if given in self.local:
                    self.local[name] = self.local[given]
            case ast.Assign([ast.Name(name) as target], value):
                if name in self.known:
                    raise self.fail(target, f"{name} is one array here, and gets several")
                self.local[name] = self.value(value)
            case ast.Expr(ast.Call(ast.Attribute(ast.Name(name), "append"), [value])):
                self.show(value)
                if isinstance(kept := self.local.get(name), tuple):
                    self.local[name] = (*kept, self.value_if_known(value))
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
                    self.show(value)
            case ast.Assert(test):
                self.expect_to_hold(test)
        return []

    def unpacked(
        self, line: ast.Assign, values: Kept, later: Sequence[ast.stmt]
    ) -> list[Equation]:
        """Return what a line states that gives several names to as many values: h, yhat = …."""
        (target, *others), found = line.targets, []
        if isinstance(target, ast.Name):
            if target.id in self.known or others:
                raise self.fail(target, f"{target.id} is one array here, and gets several")
            self.local[target.id] = values
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

    def symbol_of(self, name: ast.Name) -> Node | None:
        """Return the symbol that a name is where no line gives it another value, or None."""
        given = name.id in self.local or name.id not in self.known
        return None if given else Symbol(self.known[name.id])

    def is_own_name(self, node: ast.expr) -> bool:
        """Tell whether this is a name that says nothing yet."""
        return (
            isinstance(node, ast.Name)
            and node.id not in self.known | self.local
            and self.derivative(node.id, self.span(node)) is None
        )

    def refuse_shared(self, lines: list[ast.stmt]) -> None:
        """Refuse a line that changes an array under one of its names, where another is used."""
        lines = [line for line in lines if not is_told(line)]
        if (shared := shared_array(lines, self.views)) is not None:
            raise self.fail(
                shared.line,
                f"{shared.name} and {shared.other} are one array here, and this line changes both; "
                f"{shared.name} = {shared.name} … makes a new one",
            )

    def as_assignment(self, line: ast.stmt, later: Sequence[ast.stmt]) -> ast.stmt:
        """Return dW1 /= … as dW1 = dW1 / …, and any other line as it is.

        That h *= 1 - h changes a symbol says something only to later lines that use it.
        """
        match line:
            case ast.AugAssign(ast.Name(name) as target, operation, step):
                value = in_place(target, operation, step)
                update = ast.Assign([target], ast.copy_location(value, line))
                used = name not in self.known or any(uses(each, name) for each in later)
                if used or self.is_update(update):
                    return ast.copy_location(update, line)
        return line

    def is_update(self, line: ast.stmt) -> bool:
        """Tell whether a line adds a step to a parameter: W1 = W1 - …."""
        match line:
            case ast.Assign([ast.Name(name)], ast.BinOp(ast.Name(same), ast.Sub() | ast.Add())):
                return name == same and self.known.get(name, "")[:2] in ("W_", "b_")
        return False

    def with_rate(self, value: ast.expr) -> Node:
        """Read the right side of an update, in which lr is the learning rate: any number."""
        names = {name: Number(RATE) for name in RATES if name not in self.local | self.known}
        self.local |= names
        read = self.read(value)
        self.local = {name: node for name, node in self.local.items() if name not in names}
        return read

    def stated_by(self, updates: list[ast.Assign]) -> list[Equation]:
        """Return what updates behind the derivation say of the gradients that they take off."""
        stated = []
        for update in updates:
            step = gradient_of_step(update.value)
            if step is None:
                raise self.fail(update, "a step is read as a rate times a gradient: W1 - lr * dW1")
            span = self.span(update.targets[0])
            parameter = Symbol(self.known[update.targets[0].id], span=span)
            gradient = Partial(Symbol("J"), parameter, span=span)
            if not (isinstance(step, ast.Name) and self.derivative(step.id, span) == gradient):
                stated.append(Equation((gradient, self.with_rate(step)), self.text))
            # What comes later gets the changed parameter.
            self.local[update.targets[0].id] = self.with_rate(update.value)
        return stated

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
                # A bias that keeps the 1 of a row is the reader's own way to have it.
                if self.known.get(name, "")[:2] != "b_":
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
                raise self.fail(node, GOES_ON)
        kind = KINDS.get(type(node), "this")
        raise self.fail(
            node,
            f"{kind} isn't read here: a formula is made of names, numbers, + - * / @ **, .T and "
            "NumPy's functions",
        )

    def one(self, node: ast.expr) -> Node:
        """Return the value of what may have several, where one stands."""
        value = self.value(node)
        if isinstance(value, tuple):
            if isinstance(node, ast.Call):
                raise self.fail(node, f"{node.func.id} is read here if it returns one value")
            raise self.fail(node, "these are several values")
        return value

    def show(self, node: ast.expr) -> None:
        """Remember what is printed or appended, where it can be read: Python may raise."""
        before = len(self.demands)
        try:
            read = self.read(node)
            self.own.append(read.base if isinstance(read, ShapeOf | SizeOf) else read)
        except EquationError:
            del self.demands[before:]

    def expect_to_hold(self, test: ast.expr) -> None:
        """Remember what is asserted of shapes and values; what can't be read is passed over."""
        if self.holds(test) is False:
            raise self.fail(test, RAISES)
        match test:
            case ast.BoolOp(ast.And(), parts):
                for part in parts:
                    self.expect_to_hold(part)
                return
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
            case ast.Compare(one, [ast.Eq()], [other]):
                parts = self.read(one), self.read(other)
                return parts, are_close_numbers, any(is_shape(getattr(each, "value", None))
                                                     for each in (one, other))  # fmt: skip
        return (self.read(test),), is_true, False

    def shaped(self, node: ast.expr) -> Node:
        """Read an array that has this shape."""
        if isinstance(node, ast.Tuple):
            return Call("zeros", tuple(map(self.read, node.elts)), span=self.span(node))
        return self.read(node.value if isinstance(node, ast.Attribute) else node.args[0])

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
        self.refuse_slope_of_another(node, SAME.get(name, name))
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

    def inlined(self, node: ast.Call, function: Function) -> Value:
        """Return the formula of the reader's own function, with the arguments of a call in it."""
        if not function.is_only:
            raise self.fail(node, f"two functions are called {function.name} here")
        if unbound := function.used_unbound():
            raise self.fail(node, f"{function.name} uses {unbound} above its own line that gives "
                            "it, and Python raises")  # fmt: skip
        given = function.given(node)
        if given is None:
            takes = ", ".join(function.parameters) or "nothing"
            raise self.fail(node, f"{function.name} is read with {takes}, each of them once")
        constants = {
            name: value.value for name, value in given.items() if isinstance(value, ast.Constant)
        }
        arguments = {
            name: self.value(value)
            for name, value in given.items()
            if type(constants.get(name, 0)) in (int, float)
        }
        return self.with_arguments(node, function, arguments, constants)

    def with_arguments(
        self, node: ast.Call, function: Function, arguments: dict[str, Value], constants: dict
    ) -> Value:
        """Return the formula of the reader's own function with these for its parameters."""
        self.calls += 1
        if self.calls > MOST_CALLS:
            raise self.fail(node, f"at most {MOST_CALLS} calls of your own functions are read")
        before = self.local, self.outside, self.constants, self.parameters
        self.outside = self.local if self.outside is None else self.outside
        around = self.frame_around(node, function)
        names, others = around or (self.outside, {})
        self.local = {name: each for name, each in names.items() if name not in constants}
        self.local |= arguments
        self.constants = {name: each for name, each in others.items() if name not in arguments}
        self.constants |= constants
        self.parameters = frozenset(arguments)
        frame = self.frames.get(function.place)
        self.frames[function.place] = Frame(self.local, self.constants)
        value = self.returned(node, function)
        self.frames[function.place] = frame
        self.local, self.outside, self.constants, self.parameters = before
        for each in value if isinstance(value, tuple) else [value]:
            if isinstance(each, Node):
                refuse_large(each, self.text)
        return value if isinstance(value, tuple) else value.with_part("span", self.span(node))

    def frame_around(self, node: ast.Call, function: Function) -> Frame | None:
        """Return what names are in the function that is called and has this one in it, or None."""
        frames = (self.frames.get(place) for place in reversed(function.around))
        frame = next((each for each in frames if each is not None), None)
        for name in function.of_outer if frame else ():
            if name not in frame.constants and frame.names.get(name) is self.outside.get(name):
                raise self.fail(node, f"{function.name} uses {name} above the line that gives it, "
                                "and Python raises")  # fmt: skip
        return frame

    def returned(self, node: ast.Call, function: Function) -> Value:
        """Return what a function of names and formulas returns, by its names as they are now."""
        self.refuse_shared(executed(function.lines))
        waiting, own = list(function.lines), set()
        while waiting:
            line, *waiting = waiting
            match line:
                case ast.Return(ast.expr() as value) if not isinstance(value, ast.Dict):
                    return self.value(value)
                case ast.Return():
                    break
                case ast.Delete():
                    self.inside(line, own, function.name)
                case ast.If(test, body, other) if (holds := self.holds(test)) is not None:
                    waiting = [*(body if holds else other), *waiting]
                    continue
            for part in executed([line], self.functions):
                self.inside(part, own, function.name)
        raise self.fail(node, f"{function.name} is read here if it returns one value")

    def inside(self, line: ast.stmt, own: set[str], function: str) -> None:
        """Read a line of a function that is called; `own` are the names of arrays that it made."""
        if is_beside(line):
            own.difference_update(names_given(line))
            self.run_line(line, [])
            return
        match line:
            case ast.Assign([ast.Tuple()], ast.Call() as value) if self.calls_own(value):
                own.difference_update(names_given(line))
                if not isinstance(values := self.value(value), tuple):
                    raise self.fail(line, "one array is given to several names")
                self.unpacked(line, values, [])
                return
            case ast.Raise():
                raise self.fail(line, RAISES)
            case ast.Assign(targets, value) if all(isinstance(each, ast.Name) for each in targets):
                names = [each.id for each in targets]
                if self.views.of(value) <= own:
                    own.update(names)
                else:
                    own.difference_update(names)
            case ast.AugAssign(ast.Name(name) as target, operation, step):
                if name not in own:
                    raise self.fail(line, f"{function} changes {name} in place, which is an array "
                                    "of its caller's too")  # fmt: skip
                value = ast.copy_location(in_place(target, operation, step), line)
                names = [name]
            case _:
                raise self.fail(line, f"{function} is called, and this isn't read in a function: "
                                "its lines are name = formula, and return formula")  # fmt: skip
        read = self.value(value)
        if isinstance(read, Node):
            refuse_large(read, self.text)
        self.local |= dict.fromkeys(names, read)

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

    def refuse_slope_of_another(self, node: ast.Call, slope: str) -> None:
        """Refuse the slope of an activation that the reader's own function has otherwise."""
        of, z = FUNCTIONS.get(slope, ""), np.linspace(-2.0, 2.0, 6).reshape(1, 6)
        at = Arrays({"z_1": z}, lambda of, by: z, self.table.sizes[0], "numpy")
        for name, function in self.functions.items():
            usual = FUNCTIONS.get(SAME.get(name, name))
            if of != f"{usual}'" or len(function.parameters) != 1:
                continue
            arguments = {function.parameters[0]: Symbol("z_1")}
            demands = list(self.demands)
            own = self.with_arguments(node, function, arguments, {})
            self.demands = demands
            if isinstance(own, tuple):
                continue
            try:
                same = np.allclose(evaluate(own, at), evaluate(Apply(usual, Symbol("z_1")), at))
            except (DoesNotFit, EquationError):
                continue  # it says something that has no value here
            if not same:
                raise self.fail(node, f"{slope} is read as the book's, and your {name} is another "
                                "function than the book's: say what its slope is")  # fmt: skip

    def of_numbers(self, node: ast.Call, name: str) -> Node:
        """Read Python's own max(N, 1), which compares numbers and no arrays."""
        first, *others = map(self.read, node.args)
        if node.keywords or not all(scales(each, self.table) for each in (first, *others)):
            raise self.fail(node, f"Python's own {node.func.id} takes numbers: write np.{name} for "
                            f"arrays, np.{node.func.id}(…, axis=1) for the entries of one")
        for other in others:
            first = Call(name, (first, other), span=self.span(node))
        return first

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


def is_true(value: Array) -> bool:
    """Tell whether a number is True; an array of several is neither True nor False."""
    return value.size == 1 and bool(value.all())


def same_error(error: re.Match[str], local: dict[str, Node]) -> Node | None:
    """Return what delta_1 is if a line says what delta1 is, or the other way round."""
    names = (f"delta{error[1]}", f"delta_{error[1]}")
    return next((local[name] for name in names if name in local), None)


def in_place(target: ast.Name, operation: ast.operator, step: ast.expr) -> InPlace:
    """Return what a += b gives to a."""
    before = ast.copy_location(ast.Name(target.id, ast.Load()), target)
    return InPlace(before, operation, step)


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


def is_numpy(node: ast.expr) -> bool:
    """Tell whether this is the name np, or numpy."""
    return isinstance(node, ast.Name) and node.id in ("np", "numpy")


def is_negative(node: Node) -> bool:
    """Tell whether this is a number with a minus in front."""
    return isinstance(node, Negate) and isinstance(node.body, Number)


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
