"""Code of a softmax that overflows, with the maximum of each row taken off its logits."""

import ast
from collections.abc import Iterator

from mlp_lib.equations.numpy_code.syntax import python_tree
from mlp_lib.equations.setting import Setup
from mlp_lib.equations.tree import EquationError

MOST_EXPONENTIALS = 6


def with_row_maximum(code: str, setup: Setup) -> Iterator[str]:
    """Yield the code with the logits less their maximum in np.exp, once for each such formula.

    A maximum that is taken of all rows together is each row's own then.
    """
    try:
        module, read, offset = python_tree(code)
    except EquationError:
        return
    logits: dict[str, list[ast.expr]] = {}
    for part in ast.walk(module):
        match part:
            case ast.Call(ast.Attribute(ast.Name("np" | "numpy"), "exp"), [argument], []):
                if not isinstance(argument, ast.UnaryOp):
                    logits.setdefault(ast.unparse(argument), []).append(argument)
    for arguments in [*logits.values()][:MOST_EXPONENTIALS]:
        new = less_its_maximum(arguments[0], setup)
        text = code
        for start, end in sorted((place(each, read, offset) for each in arguments), reverse=True):
            text = text[:start] + new + text[end:]
        if text != code:
            yield text


def less_its_maximum(logits: ast.expr, setup: Setup) -> str:
    """Return logits less the maximum of each row, in place of one of all rows if that is there."""
    axis = "" if setup == "vec" else "axis=1, keepdims=True"
    match logits:
        case ast.BinOp(ast.Name(name), ast.Sub(), ast.Call()):
            return f"{name} - {name}.max({axis})"
        case ast.Name(name):
            return f"{name} - {name}.max({axis})"
    text = ast.unparse(logits)
    comma = ", " if axis else ""
    return f"({text}) - np.max({text}{comma}{axis})"


def place(part: ast.expr, read: str, offset: int) -> tuple[int, int]:
    """Return where a part stands in the code; Python counts columns in bytes."""
    lines = read.splitlines(keepends=True)
    ends = []
    for line, column in (
        (part.lineno, part.col_offset), (part.end_lineno, part.end_col_offset)
    ):  # fmt: skip
        before = lines[line - 1].encode()[:column].decode(errors="ignore")
        ends.append(sum(map(len, lines[: line - 1])) + len(before) - offset)
    return ends[0], ends[1]
