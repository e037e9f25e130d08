"""What Python's parser makes of NumPy text, and what is refused before: too long, or no Python."""

import ast
import re
import warnings

from mlp_lib.equations.brackets import depths
from mlp_lib.equations.numpy_code.lines import chains_as_equations
from mlp_lib.equations.tree import EquationError

MAX_LENGTH = 2000
MAX_DEPTH = 40
MAX_NODES = 300
ENDS_WITH_ITS_LINE = (
    "Python ends a formula at the end of its line: one that goes on in the next line has brackets "
    "around it"
)


def refuse_before_parsing(text: str) -> None:
    """Refuse what is too long, too deep, or no text that Python's parser takes."""
    if len(text) > MAX_LENGTH:
        raise EquationError(
            f"the formula has {len(text)} characters, at most {MAX_LENGTH} are read"
        )
    if not text.strip():
        raise EquationError("there is no formula in the text")
    deepest = max(depths(text))
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
        raise EquationError(ENDS_WITH_ITS_LINE, text, line.span(1))
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
