"""MATLAB, Julia and R: their signs and functions as NumPy has them. Only spelling changes."""

import re
from collections.abc import Callable
from functools import partial

from mlp_lib.equations.spelling import CODE, MATLAB, code_of_matlab
from mlp_lib.equations.tree import EquationError

PERCENT = re.compile(r"(?<![ \t])[ \t]*+%[^\n]*+")
SEMICOLON = re.compile(r";[ \t]*+(?:%|$)", re.MULTILINE)
# Julia's dots, for one entry after the other: 1 .- h, exp.(z2).
DOTTED = re.compile(r"(?:(?<=\s)|(?<![\d\s]))\.(?=[-+])|(?<=\w)\.(?=\()")
R_ONLY = re.compile(r"%\*%|(?<![\w.])(?:col|row)(?:Sums|Means)\(")
R_FUNCTIONS = {
    "t": ("transpose", ""), "sum": ("sum", ""), "mean": ("mean", ""),
    **{f"{way}{kind}s": (kind.lower(), f", axis={axis}")
       for way, axis in (("col", 0), ("row", 1)) for kind in ("Sum", "Mean")},
}  # fmt: skip
R_CALL = re.compile(rf"(?<![\w.])({'|'.join(R_FUNCTIONS)})\(")
# In MATLAB and Julia axes are counted from 1.
OVER_AXIS = re.compile(r"(?<![\w.])(sum|mean|size)\(")
OF_NUMPY = re.compile(r"(?<![\w.])(sum|mean)\((?=[^\n]*axis=)")
INNERMOST = re.compile(r"\([^()]*\)")
LAST_AXIS = re.compile(r",\s*+(?:dims\s*+=\s*+)?([12])\s*+$")
# A number beside what was *: in MATLAB it scales.
NUMBER = r"\(\s*+[\d.]++\s*+(?:/\s*+\w++\s*+)?\)|(?<![\w.])[\d.]++(?:\s*+/\s*+[Nm]\b)?"
SCALED = re.compile(rf"({NUMBER})(\s*+)@|@(\s*+)({NUMBER})(?!\w)")


def as_numpy(text: str) -> str:
    """Return code of R as NumPy text, and MATLAB's and Julia's without what NumPy has otherwise."""
    if CODE.search(text) or "\\" in text:
        return text
    if R_ONLY.search(text):
        return of_r(text)
    is_matlab = bool(MATLAB.search(text) or SEMICOLON.search(text))
    if is_matlab or "dims" in text:
        # Text with np. in it is NumPy's, where * isn't MATLAB's.
        module = "" if MATLAB.search(text) else "np."
        text = each_call(OVER_AXIS, text, partial(axis_from_zero, module))
    if is_matlab or text.lstrip().startswith("%"):
        text = PERCENT.sub("", text)  # in Python % is an operation
    return DOTTED.sub("", text)


def of_r(text: str) -> str:
    """Return code of R as NumPy text.

    Raises EquationError where %*%, which R takes before *, stands beside it without brackets.
    """
    inside = text
    while (pair := INNERMOST.search(inside)) or inside:
        part = pair[0] if pair else inside
        for line in part.split("\n"):
            if "%*%" in line and "*" in line.replace("%*%", ""):
                raise EquationError("in R %*% comes before *: brackets have to say it", text)
        inside = inside.replace(part, "x") if pair else ""

    def named(name: str, inside: str) -> str:
        numpy, axis = R_FUNCTIONS[name]
        return f"np.{numpy}({inside}{axis})"

    return each_call(R_CALL, text.replace("%*%", "@").replace("^", "**"), named)


def axis_from_zero(module: str, name: str, inside: str) -> str:
    """Return np.sum(d, axis=0) for sum(d, 1), and size(d, 0) for size(d, 1)."""
    axis = LAST_AXIS.search(inside)
    if axis is None:
        return f"{name}({inside})"
    array, number = inside[: axis.start()], int(axis[1]) - 1
    if name == "size":
        return f"size({array}, {number})"
    return f"{module}{name}({array}, axis={number})"


def each_call(pattern: re.Pattern[str], text: str, change: Callable[[str, str], str]) -> str:
    """Return a text with each call that a pattern finds the beginning of, changed from inside."""
    for found in reversed(list(pattern.finditer(text))):
        depth = 1
        for place in range(found.end(), len(text)):
            depth += (text[place] == "(") - (text[place] == ")")
            if not depth:
                inside = text[found.end() : place]
                text = text[: found.start()] + change(found[1], inside) + text[place + 1 :]
                break
    return text


def numpy_of_matlab(text: str) -> str:
    """Return MATLAB's formula as NumPy text, in which a number scales with *."""
    return OF_NUMPY.sub(r"np.\1(", SCALED.sub(scaled, code_of_matlab(text)))


def scaled(match: re.Match[str]) -> str:
    """Return a number with * in place of the @ beside it."""
    return f"{match[1]}{match[2]}*" if match[1] else f"*{match[3]}{match[4]}"
