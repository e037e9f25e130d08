"""The reader's own functions in NumPy code: which are called, and which are the derivation itself.

Python's own syntax trees go in and come out; nothing is evaluated.
"""

import ast
from collections import Counter
from collections.abc import Container, Iterable, Iterator, Sequence
from typing import NamedTuple

from mlp_lib.equations.numpy_code.lines import (
    BLOCKS,
    ERROR,
    PARAMETER,
    RATES,
    Passed,
    executed,
    is_beside,
    names_given,
    returns_several,
    said,
    until_return,
    uses,
)

Place = tuple[int, int]


class Function(NamedTuple):
    """A def, or a lambda with a name: its parameters, and their values where none is given.

    `around` are the functions and classes around it, by the places where they begin.
    """

    name: str
    by_place: tuple[str, ...]  # the parameters that a call may give by their place
    by_name: tuple[str, ...]
    usual: dict[str, ast.expr]
    lines: list[ast.stmt]
    place: Place
    around: tuple[Place, ...]
    is_method: bool = False
    is_only: bool = True  # no other one has this name, as a method of another class may
    of_outer: tuple[str, ...] = ()  # names of the function around it that it uses

    @property
    def parameters(self) -> tuple[str, ...]:
        """Return the names of all parameters, in order."""
        return tuple(dict.fromkeys((*self.by_place, *self.by_name)))

    def takes_any(self, known: Container[str]) -> bool:
        """Tell whether a parameter that the function uses is no name of the network."""
        given = RATES.union(*map(names_given, self.lines))
        others = (
            name
            for name in self.parameters
            if name not in known and name not in given and not is_gradient(name, known)
        )
        return any(uses(line, name) for name in others for line in self.lines)

    def is_readable(self, known: Container[str]) -> bool:
        """Tell whether the lines may be a derivation as they stand, without arguments."""
        return not self.takes_any(known) and not any(
            isinstance(line, (*BLOCKS, ast.Raise)) for line in self.lines
        )

    def says_a_gradient(self, known: Container[str]) -> bool:
        """Tell whether a line gives a gradient's name, dW1 or dJ_dW1, to something."""
        parts = (part for line in self.lines for part in ast.walk(line))
        return any(
            isinstance(part, ast.Name)
            and isinstance(part.ctx, ast.Store)
            and is_gradient(part.id, known)
            for part in parts
        )

    def used_unbound(self) -> str:
        """Return the first name of its own that a line uses before one gives it, or "".

        Of a method nothing is said, as h may have been self.h; nor of W2, which may have been
        params["W2"].
        """
        own = set().union(*map(names_stored, self.lines))
        own = set() if self.is_method else {each for each in own if not PARAMETER.fullmatch(each)}
        given = set(self.parameters)
        for line in until_return(self.lines):
            used = names_loaded(line) & own - given
            if used and not isinstance(line, ast.FunctionDef):
                return min(used)
            given |= names_stored(line)
        return ""

    def returns_one(self) -> bool:
        """Tell whether the function ends with one value."""
        *_, last = self.lines
        return isinstance(last, ast.Return) and not returns_several(last)

    def given(self, call: ast.Call) -> dict[str, ast.expr] | None:
        """Return what a call gives to each parameter, or None where it doesn't fit."""
        by_name = {each.arg: each.value for each in call.keywords}
        by_place = dict(zip(self.by_place, call.args, strict=False))
        found = {**self.usual, **by_place, **by_name}
        # Python has the value that a name had at the def, which may be another one by now.
        if any(not isinstance(found.get(name), ast.Constant) and found.get(name) is value
               for name, value in self.usual.items()):  # fmt: skip
            return None
        fits = len(call.args) == len(by_place) and by_name.keys() <= set(self.by_name)
        fits = fits and not by_place.keys() & by_name.keys()
        return found if fits and found.keys() == set(self.parameters) else None


def names_stored(line: ast.stmt) -> set[str]:
    """Return the names that a line of a function makes its own, in blocks and by import too."""
    found, waiting = set(), [line]
    while waiting:
        part = waiting.pop()
        match part:
            case ast.FunctionDef(name) | ast.ClassDef(name):
                found.add(name)
                continue
            case ast.Lambda():
                continue
            case ast.Name(name, ast.Store() | ast.Del()):
                found.add(name)
            case ast.alias(name, other):
                found.add(other or name)
        waiting += ast.iter_child_nodes(part)
    return found


def names_loaded(line: ast.stmt) -> set[str]:
    """Return the names that a line uses."""
    return {
        part.id
        for part in ast.walk(line)
        if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Load)
    }


class Code(NamedTuple):
    """The lines that say a derivation, and the functions that they may call.

    `below` is a function under all these lines that says nothing, as nothing calls it. `refused` is
    a call of a function where Python has none of that name, and why.
    """

    lines: list[ast.stmt]
    functions: dict[str, Function]
    below: Function | None
    refused: tuple[ast.Call, str] | None


def code_of(module: ast.Module, known: Container[str]) -> Code:
    """Return the lines of a module that say something, and the reader's functions.

    A function that is called has its say at its calls. One that nothing calls is the derivation in
    a def, or it is there for something else: then it says nothing if other lines say something.
    """
    found = list(functions_in(module))
    count = Counter(each.name for each in found)
    functions = {each.name: each._replace(is_only=count[each.name] == 1) for each in found}
    aside = {
        name
        for name, each in functions.items()
        if name == "__init__"
        or not (each.says_a_gradient(known) or each.is_readable(known))
    }
    outside = said(module.body, functions)
    waiting = outside + [
        line for name, each in functions.items() if name not in aside for line in each.lines
    ]
    one = [line for line in outside if not is_unpacking(line)]
    given = {*known, *(name for line in one for name in names_given(line))}
    called = called_by(waiting, functions)
    for dropped in (called | aside, called):
        lines = [
            part
            for line in executed(module.body, dropped)
            for part in in_place_of_call(line, functions, given)
        ]
        if not all(map(is_beside, lines)):
            break
    last = max((line.lineno for line in lines if not is_beside(line)), default=0)
    unsaid = (functions[name] for name in functions if name in (aside - called) & dropped)
    below = next((each for each in unsaid if each.lines[0].lineno > last), None)
    in_functions = [line for name in called for line in functions[name].lines]
    read = [*executed(module.body, dropped), *in_functions]
    refused = call_out_of_reach(read, module, functions) or call_above(module, functions)
    return Code(lines, functions, below, refused)


def call_out_of_reach(
    lines: Iterable[ast.stmt], module: ast.Module, functions: dict[str, Function]
) -> tuple[ast.Call, str] | None:
    """Return the first call of a function that Python doesn't know there, and why, or None.

    A method may be called in all of its class, as its self. is gone.
    """
    around = places_around(module)
    for part in (part for line in lines for part in ast.walk(line)):
        match part:
            case ast.Call(ast.Name(name)) if (function := functions.get(name)) is not None:
                outside = around.get(id(part), ())[: len(function.around)]
                if function.is_only and outside != function.around:
                    return part, f"{name} is known only inside of what it is defined in"
                if function.is_method and not around.get(id(part)):
                    return part, f"{name} is a method, and this call has no object in front"
    return None


def call_above(
    module: ast.Module, functions: dict[str, Function]
) -> tuple[ast.Call, str] | None:
    """Return the first call that runs above the def of a function that it needs, or None."""
    for line in module.body:
        if isinstance(line, ast.FunctionDef | ast.ClassDef):
            continue
        for name in sorted(called_by([line], functions)):
            if functions[name].is_only and functions[name].place > (line.lineno, line.col_offset):
                call = next(part for part in ast.walk(line) if isinstance(part, ast.Call))
                return call, f"{name} is called above its def, where Python has no {name} yet"
    return None


def called_by(lines: Iterable[ast.stmt], functions: dict[str, Function]) -> set[str]:
    """Return the functions that lines call, and those that these call."""
    waiting, called = list(lines), set[str]()
    while waiting:
        new = {name for name in calls_in(waiting.pop()) if name in functions} - called
        waiting += [line for name in new for line in functions[name].lines]
        called |= new
    return called


def functions_in(module: ast.Module) -> Iterator[Function]:
    """Yield the functions of a module, those of its classes and functions too."""
    around, places = names_around(module), places_around(module)
    for part in ast.walk(module):
        match part:
            case ast.FunctionDef(name, arguments, body, decorators) if not any(
                ast.unparse(each) != "staticmethod" for each in decorators
            ):
                lines = body
            case ast.Assign([ast.Name(name)], ast.Lambda(arguments, value)):
                lines = [ast.copy_location(ast.Return(value), value)]
            case _:
                continue
        by_place = [each.arg for each in (*arguments.posonlyargs, *arguments.args)]
        by_name = [each.arg for each in (*arguments.args, *arguments.kwonlyargs)]
        # No call that is read here gives *rest anything: a function that uses it is refused.
        rest = [each.arg for each in (arguments.vararg, arguments.kwarg) if each is not None]
        by_name += [name for name in rest if any(uses(line, name) for line in lines)]
        usual = dict(zip(reversed(by_place), reversed(arguments.defaults), strict=False))
        usual |= {
            each.arg: value
            for each, value in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
            if value is not None
        }
        names = {*by_place, *by_name}.union(*map(names_given, lines))
        outer = sorted(
            each for each in around.get(id(part), set()) - names
            if any(uses(line, each) for line in lines)
        )  # fmt: skip
        is_method = by_place[:1] in (["self"], ["cls"])
        by_place, by_name = map(without_self, (by_place, by_name))
        place = part.lineno, part.col_offset
        yield Function(name, by_place, by_name, usual, lines, place, places[id(part)],
                       is_method, of_outer=tuple(outer))  # fmt: skip


def without_self(names: Iterable[str]) -> tuple[str, ...]:
    """Return parameters without the object that a method belongs to."""
    return tuple(name for name in names if name not in ("self", "cls"))


def places_around(module: ast.Module) -> dict[int, tuple[Place, ...]]:
    """Return the places of the functions and classes around each part of a module, by its id."""
    found: dict[int, tuple[Place, ...]] = {}
    waiting: list[tuple[ast.AST, tuple[Place, ...]]] = [(module, ())]
    while waiting:
        part, around = waiting.pop()
        found[id(part)] = around
        if isinstance(part, ast.FunctionDef | ast.ClassDef):
            around = (*around, (part.lineno, part.col_offset))
        waiting += [(each, around) for each in ast.iter_child_nodes(part)]
    return found


def names_around(module: ast.Module) -> dict[int, set[str]]:
    """Return the names that the functions around each def or lambda have, by its id."""
    found: dict[int, set[str]] = {}
    for part in ast.walk(module):
        if isinstance(part, ast.FunctionDef):
            own = {each.arg for each in part.args.args}
            inside = [each for line in part.body for each in ast.walk(line)]
            own |= {each.id for each in inside
                    if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store)}
            for each in inside:
                found.setdefault(id(each), set()).update(own - {"self", "cls"})
    return found


def is_gradient(name: str, known: Container[str]) -> bool:
    """Tell whether a name is a gradient's: dW1, dJ_dW1, delta1."""
    letter = name.removeprefix("dJ_")
    return (letter.startswith("d") and letter[1:] in known) or bool(ERROR.fullmatch(name))


def calls_in(line: ast.stmt) -> Iterator[str]:
    """Yield the names of the functions that a line calls."""
    for part in ast.walk(line):
        match part:
            case ast.Call(ast.Name(name)):
                yield name


def in_place_of_call(
    line: ast.stmt, functions: dict[str, Function], known: Container[str]
) -> Sequence[ast.stmt]:
    """Return the lines of a function for one that only calls it, with the names that it has anyway.

    `known` are the network's names and those that lines give.
    A function of several values, grads = backward(X, y), is read so, and any other line as it is.
    """
    match line:
        case ast.Expr(ast.Call(ast.Name(name), arguments, [])) | ast.Assign(
            _, ast.Call(ast.Name(name), arguments, [])
        ) if (function := functions.get(name)) and not (
            function.returns_one() or function.used_unbound()
        ):
            same = len(arguments) == len(function.parameters) and all(
                is_unknown(given, known) or (isinstance(given, ast.Name) and given.id == own)
                for given, own in zip(arguments, function.parameters, strict=True)
            )
            if same and not function.takes_any(known) and takes_what_is_returned(line, function):
                lines = executed(until_return(function.lines), functions)
                return [*other_names(arguments, function), *lines, *kept(line, function)]
    return [line]


def other_names(arguments: Sequence[ast.expr], function: Function) -> Iterator[ast.stmt]:
    """Yield c = cache for a parameter c that gets what is called cache where it is called."""
    for given, own in zip(arguments, function.by_place, strict=True):
        if given.id != own:
            target = ast.copy_location(ast.Name(own, ast.Store()), given)
            yield ast.copy_location(Passed([target], given), given)


def kept(line: ast.stmt, function: Function) -> Iterator[ast.stmt]:
    """Yield out = (h, yhat) for out = forward(X), where the function returns these."""
    match line, function.lines[-1]:
        case ast.Assign([ast.Name()] as targets), ast.Return(ast.Tuple() as values):
            yield ast.copy_location(ast.Assign(targets, values), line)


def takes_what_is_returned(line: ast.stmt, function: Function) -> bool:
    """Tell whether a line gives what a function returns the names that it has there, in order."""
    match line, function.lines[-1]:
        case ast.Assign([ast.Tuple(targets)]), ast.Return(ast.Tuple(values)):
            return [ast.unparse(each) for each in targets] == [ast.unparse(each) for each in values]
        case ast.Assign([ast.Name(name)]), ast.Return(ast.Tuple()):
            return not name.startswith("d")
    return True


def is_unpacking(line: ast.stmt) -> bool:
    """Tell whether a line gives names to the values of one formula: h, yhat = forward(X)."""
    return isinstance(line, ast.Assign) and isinstance(line.targets[0], ast.Tuple | ast.List)


def is_unknown(part: ast.expr, known: Container[str]) -> bool:
    """Tell whether this is a name of nothing in the network, such as cache."""
    return isinstance(part, ast.Name) and part.id not in known
