"""Calls of the reader's own functions: a call is what the lines of the function return."""

import ast
from typing import NamedTuple

from mlp_lib.equations.numpy_code.assignments import RAISES, Assignments
from mlp_lib.equations.numpy_code.expressions import Value
from mlp_lib.equations.numpy_code.functions import FUNCTIONS, SAME
from mlp_lib.equations.numpy_code.lines import (
    executed,
    in_place,
    is_beside,
    is_dictionary,
    is_told,
    names_given,
)
from mlp_lib.equations.numpy_code.own_functions import Function, Place
from mlp_lib.equations.numpy_code.shared_arrays import Views, shared_array
from mlp_lib.equations.tables import Table
from mlp_lib.equations.tree import Apply, Node, Span, Symbol, refuse_large

MOST_CALLS = 100  # of the reader's own functions


class Frame(NamedTuple):
    """What the names in a function that is called stand for: values, and what is no array."""

    names: dict[str, Value]
    constants: dict[str, object]
    parameters: frozenset[str]


class Slope(NamedTuple):
    """A call of the book's slope, where the reader's own activation may be another function.

    `own` and `usual` are the reader's activation and the book's, at z_1.
    """

    called: str
    activation: str
    own: Node
    usual: Node
    span: Span


class OwnCalls(Assignments):
    """Read calls of the reader's own functions."""

    def __init__(self, text: str, text_read: str, offset: int, table: Table):
        super().__init__(text, text_read, offset, table)
        self.views = Views(self.functions)
        self.calls = 0
        self.outside: dict[str, Value] | None = None  # the names outside of one that is called
        self.frames: dict[Place, Frame | None] = {}  # of those that are being called
        self.slopes: dict[str, Slope | None] = {}  # by the name of the reader's function

    def call(self, node: ast.Call) -> Node:
        """Read a call, and note the reader's own activation for a slope of the book's."""
        read = super().call(node)
        if isinstance(read, Apply) and read.function.endswith("'"):
            self.note_slope(node, read.function)
        return read

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
        names, others = (around.names, around.constants) if around else (self.outside, {})
        self.local = {name: each for name, each in names.items() if name not in constants}
        self.local |= arguments
        self.constants = {name: each for name, each in others.items() if name not in arguments}
        self.constants |= constants
        self.parameters = frozenset(arguments)
        frame = self.frames.get(function.place)
        self.frames[function.place] = Frame(self.local, self.constants, self.parameters)
        try:
            value = self.returned(node, function)
        finally:  # what is printed is passed over if it can't be read
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
            is_given = name in frame.constants or name in frame.parameters
            if not is_given and frame.names.get(name) is self.outside.get(name):
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
                case ast.Return(ast.expr() as value) if not is_dictionary(value):
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
            case ast.Assign([ast.Tuple()], ast.Tuple(members)):
                own.difference_update(names_given(line))
                self.unpacked(line, tuple(map(self.value, members)), [])
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

    def refuse_shared(self, lines: list[ast.stmt]) -> None:
        """Refuse a line that changes an array under one of its names, where another is used."""
        lines = [line for line in lines if not is_told(line)]
        if (shared := shared_array(lines, self.views)) is not None:
            raise self.fail(
                shared.line,
                f"{shared.name} and {shared.other} are one array here, and this line changes both; "
                f"{shared.name} = {shared.name} … makes a new one",
            )

    def note_slope(self, node: ast.Call, slope: str) -> None:
        """Remember the reader's own activation, where the book's slope of it is called."""
        for name, function in self.functions.items():
            usual = FUNCTIONS.get(SAME.get(name, name))
            if slope != f"{usual}'" or len(function.parameters) != 1 or name in self.slopes:
                continue
            self.slopes[name] = None  # it may call the slope itself
            z, demands = Symbol("z_1"), list(self.demands)
            own = self.with_arguments(node, function, {function.parameters[0]: z}, {})
            self.demands = demands
            if not isinstance(own, tuple):
                called = self.text[slice(*self.span(node.func))]
                self.slopes[name] = Slope(called, name, own, Apply(usual, z), self.span(node))
