"""What code prints or asserts: the names that no line gives, the attributes that aren't there.

Python's own syntax trees go in; nothing is evaluated.
"""

import ast
from collections.abc import Container

import numpy as np


def names_in(module: ast.Module) -> set[str]:
    """Return the names that a text gives to anything: by =, for, def, import, as a parameter."""
    found: set[str] = set()
    for part in ast.walk(module):
        match part:
            case ast.Name(name, ast.Store()) | ast.arg(name) | ast.FunctionDef(name):
                found.add(name)
            case ast.ClassDef(name):
                found.add(name)
            case ast.alias(name, other):
                found.add(other or name.split(".")[0])
    return found


def misspelt_name(told: ast.expr, given: set[str]) -> ast.Name | None:
    """Return the first name that no line gives, and that is one but for capitals: dw2 for dW2."""
    alike = {name.lower() for name in given}
    for part in ast.walk(told):
        match part:
            case ast.Name(name, ast.Load()) if name not in given and name.lower() in alike:
                return part
    return None


def missing_attribute(told: ast.expr, arrays: Container[str]) -> ast.Attribute | None:
    """Return the first attribute that an array, or NumPy, doesn't have: dW2.shpe, or None."""
    for part in ast.walk(told):
        match part:
            case ast.Attribute(ast.Name("np" | "numpy"), name):
                has = hasattr(np, name)
            case ast.Attribute(ast.Attribute(ast.Name("np" | "numpy"), module), name):
                has = not hasattr(np, module) or hasattr(getattr(np, module), name)
            case ast.Attribute(base, name) if is_array(base, arrays):
                has = hasattr(np.ndarray, name)
            case _:
                continue
        if not has:
            return part
    return None


def is_array(node: ast.expr, arrays: Container[str]) -> bool:
    """Tell whether this is an array's name, or the transpose of one."""
    while isinstance(node, ast.Attribute) and node.attr == "T":
        node = node.value
    return isinstance(node, ast.Name) and node.id in arrays
