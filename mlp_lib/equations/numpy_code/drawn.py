"""Arrays that are drawn at random, or begin as zeros: the sizes that a line says they have.

Python's own syntax trees go in and come out; nothing is evaluated.
"""

import ast
from collections.abc import Sequence

# Draws that take each size by itself, and at which place others take all of them as one.
SIZES_APART = {"rand", "randn"}
SIZES_AT = {
    "zeros": 0, "random": 0, "random_sample": 0, "standard_normal": 0,
    "normal": 2, "uniform": 2, "randint": 2, "integers": 2,
}  # fmt: skip


class Drawn(ast.Assign):
    """A line W1 = np.random.randn(D_x, H), from which training starts."""


def is_random(value: ast.expr) -> bool:
    """Tell whether this is a call of np.random times a number, or np.array of the reader's data."""
    return draw_in(value) is not None


def draw_in(value: ast.expr) -> ast.Call | ast.Subscript | None:
    """Return what is drawn, or an array of data, without a number that scales it."""
    match value:
        case ast.Call(ast.Attribute(inner, "astype"), [_]):
            return draw_in(inner)
        case ast.Subscript(ast.Call(ast.Attribute(_, "eye"), [_]), labels) if is_random(labels):
            return value
        case ast.BinOp(left, ast.Mult() | ast.Div(), right) if is_root(right):
            return draw_in(left)
        case ast.BinOp(left, ast.Mult(), right) if is_root(left):
            return draw_in(right)
        case ast.Call(ast.Attribute(ast.Attribute(ast.Name("np" | "numpy"), "random"))):
            return value
        case ast.Call(ast.Attribute(ast.Name("rng"), method)) if (
            method in SIZES_APART | SIZES_AT.keys()
        ):
            return value
        case ast.Call(ast.Attribute(ast.Name("np" | "numpy"), "array"), [ast.List(rows), *_]) if (
            rows and all(map(is_data, rows))
        ):
            return value
    return None


def is_data(part: ast.expr) -> bool:
    """Tell whether this is a number, or a row of numbers, that the reader's own data have."""
    match part:
        case ast.List(numbers):
            return all(is_data(each) and not isinstance(each, ast.List) for each in numbers)
        case ast.UnaryOp(ast.USub(), ast.Constant(value)) | ast.Constant(value):
            return isinstance(value, int | float)
    return False


def is_root(value: ast.expr) -> bool:
    """Tell whether this is a number, or a square root, as they scale random weights."""
    return isinstance(value, ast.Constant) or (
        isinstance(value, ast.Call) and getattr(value.func, "attr", "") == "sqrt"
    )


def sizes_of(call: ast.Call | ast.Subscript) -> Sequence[ast.expr] | None:
    """Return the sizes that a draw, or np.zeros, is given, or None where they aren't seen."""
    if isinstance(call, ast.Subscript):  # np.eye(D_y)[labels]
        rows = sizes_of(draw_in(call.slice))
        return None if rows is None else [*rows, *call.value.args]
    name = getattr(call.func, "attr", "")
    by_name = {each.arg: each.value for each in call.keywords}
    if None in by_name or any(isinstance(each, ast.Starred) for each in call.args):
        return None
    if name in SIZES_APART:
        return call.args
    if name == "array":
        return sizes_of_data(call.args[0])
    if name not in SIZES_AT:
        return None
    given = [by_name[key] for key in ("size", "shape") if key in by_name]
    match [*given, *call.args[SIZES_AT[name] :]]:
        case []:
            return []
        case [ast.Tuple(sizes) | ast.List(sizes), *_]:
            return sizes
        case [ast.Name() | ast.Constant() | ast.Subscript() | ast.BinOp() as size, *_]:
            return [size]
    return None


def sizes_of_data(data: ast.List) -> Sequence[ast.expr] | None:
    """Return how many rows data have, and how many numbers each row, or None if rows differ."""
    rows = [row.elts for row in data.elts if isinstance(row, ast.List)]
    sizes = [len(data.elts)] if not rows else [len(rows), len(rows[0])]
    if rows and (len(rows) < len(data.elts) or any(len(row) != len(rows[0]) for row in rows)):
        return None
    return [ast.copy_location(ast.Constant(size), data) for size in sizes]


def taken_otherwise(call: ast.Call | ast.Subscript) -> bool:
    """Tell whether Python raises, as sizes are one tuple where each is due by itself, or apart."""
    if isinstance(call, ast.Subscript):
        return False
    name = getattr(call.func, "attr", "")
    if name in SIZES_APART:
        return any(isinstance(each, ast.Tuple | ast.List) for each in call.args)
    return SIZES_AT.get(name) == 0 and len(call.args) > 1 and isinstance(
        call.args[1], ast.Name | ast.Constant
    )
