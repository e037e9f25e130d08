"""Which names in NumPy code share an array: a line in place changes it under all of them.

Python's own syntax trees go in and come out; nothing is evaluated.
"""

import ast
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from mlp_lib.equations.numpy_code.lines import gives_one_of, names_given, uses
from mlp_lib.equations.numpy_code.own_functions import Function, is_unpacking

# What gives back the array that it gets, or a part of it.
VIEWS = {
    "reshape", "ravel", "squeeze", "transpose", "swapaxes", "asarray", "atleast_2d", "expand_dims",
    "broadcast_to",
}  # fmt: skip


class Views:
    """Which arrays a value may be, or be a part of; a function may give back what it gets."""

    def __init__(self, functions: Mapping[str, Function]):
        self.functions = functions
        self.found: dict[str, set[str]] = {}

    def of(self, value: ast.expr) -> set[str]:
        """Return the names of the arrays that a value may be, or be a part of."""
        match value:
            case ast.Name(name):
                return {name}
            case ast.Attribute(base, "T" | "mT") | ast.Subscript(base):
                return self.of(base)
            case ast.IfExp(_, body, other):
                return self.of(body) | self.of(other)
            case ast.Tuple(members) | ast.List(members):
                return set().union(*map(self.of, members))
            case ast.Call(ast.Name(name)) if name in self.functions:
                function = self.functions[name]
                given = function.given(value) or {}
                names = self.given_back(function)
                return set().union(*(self.of(given.get(each, ast.Name(each))) for each in names))
            case ast.Call(ast.Attribute(ast.Name("np" | "numpy"), "einsum"), [_, base]):
                return self.of(base)
            case (
                ast.Call(ast.Attribute(ast.Name("np" | "numpy"), name), [base, *_])
                | ast.Call(ast.Name(name), [base, *_])
                | ast.Call(ast.Attribute(base, name))
            ) if name in VIEWS:
                return self.of(base)
        return set()

    def given_back(self, function: Function) -> set[str]:
        """Return the names, a parameter's or one from outside, of what a function may return."""
        if function.name not in self.found:
            self.found[function.name] = set()  # of one that calls itself
            self.found[function.name] = self.returned(function.lines, {})
        return self.found[function.name]

    def returned(self, lines: Sequence[ast.stmt], own: dict[str, set[str]]) -> set[str]:
        """Return what lines of a function may return; `own` has what its names are views of."""
        found: set[str] = set()
        for line in lines:
            match line:
                case ast.Assign(_, value):
                    views = self.outside(value, own)
                    own |= dict.fromkeys(names_given(line), views)
                case ast.Return(ast.expr() as value):
                    found |= self.outside(value, own)
                case ast.If(_, body, other):
                    branches = dict(own), dict(own)
                    found |= self.returned(body, branches[0]) | self.returned(other, branches[1])
                    for name in {*branches[0], *branches[1]}:
                        own[name] = set().union(*(each.get(name, {name}) for each in branches))
        return found

    def outside(self, value: ast.expr, own: dict[str, set[str]]) -> set[str]:
        """Return the names from outside of a function of the arrays that a value in it may be."""
        return set().union(*(own.get(name, {name}) for name in self.of(value)))


class Shared(NamedTuple):
    """A line that changes an array in place, by one name of it, and another name that is used."""

    line: ast.AugAssign
    name: str
    other: str


def shared_array(lines: Sequence[ast.stmt], views: Views) -> Shared | None:
    """Return the first line that changes in place what a later line uses under another name."""
    owners: dict[str, set[str]] = {}
    kept: dict[str, list[set[str]]] = {}  # the owners of each array that a tuple keeps

    def owners_of(value: ast.expr) -> set[str]:
        return set().union(*(owners.get(base, {base}) for base in views.of(value)))

    for number, line in enumerate(lines):
        match line:
            case ast.Assign([ast.Name(name)], ast.Tuple(members) | ast.List(members)):
                kept[name] = list(map(owners_of, members))
                owners[name] = set().union(*kept[name])
            case ast.Assign([ast.Name(name)], ast.Name(holder)) if holder in kept:
                kept[name], owners[name] = kept[holder], owners[holder]
            case ast.Assign([ast.Name(name)], ast.Subscript(ast.Name(holder), ast.Constant(n))) if (
                n in range(len(kept.get(holder, [])))
            ):
                owners[name] = kept[holder][n] or {name}
            case ast.Expr(ast.Call(ast.Attribute(ast.Name(name), "append"), [member])):
                kept.setdefault(name, []).append(owners_of(member))
                owners[name] = set().union(*kept[name])
            case ast.Assign([ast.Tuple(targets) | ast.List(targets)], ast.Name(name)):
                members = kept.get(name, [])
                owners |= {
                    each.id: its_owners
                    for each, its_owners in zip(targets, members, strict=False)
                    if isinstance(each, ast.Name) and its_owners
                }
            case ast.Assign(_, value):
                bases = owners_of(value)
                # After a = b = 0 each has its own: a number isn't changed in place.
                own = isinstance(value, ast.Constant) or is_unpacking(line)
                owners |= {name: bases or {name if own else f"line {number}"}
                           for name in names_given(line)}  # fmt: skip
            case ast.AugAssign(ast.Name(name)):
                own = owners.get(name, {name})
                others = [each for each, owner in owners.items() if owner & own]
                for other in dict.fromkeys([*others, *sorted(own)]):
                    if other != name and used_before_given(other, lines[number + 1 :]):
                        return Shared(line, name, other)
    return None


def used_before_given(name: str, lines: Sequence[ast.stmt]) -> bool:
    """Tell whether a line uses the name before one gives it to something else."""
    for line in lines:
        if uses(line, name):
            return True
        if gives_one_of({name}, line):
            return False
    return False
