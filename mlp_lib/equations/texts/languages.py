"""Julia and R, and what MATLAB shares with them, as NumPy has it. Only spelling changes."""

import re
from collections.abc import Callable
from functools import partial

from mlp_lib.equations.brackets import closing
from mlp_lib.equations.texts.matlab import MATLAB, OVER_AXIS, PERCENT, SEMICOLON, axis_from_zero
from mlp_lib.equations.texts.spelling import CODE
from mlp_lib.equations.tree import EquationError

# Julia's dots, for one entry after the other: 1 .- h, exp.(z2).
DOTTED = re.compile(r"(?:(?<=\s)|(?<![\d\s]))\.(?=[-+])|(?<=\w)\.(?=\()")
R_ONLY = re.compile(r"%\*%|(?<![\w.])(?:col|row)(?:Sums|Means)\(")
R_FUNCTIONS = {
    "t": ("transpose", ""), "sum": ("sum", ""), "mean": ("mean", ""),
    **{f"{way}{kind}s": (kind.lower(), f", axis={axis}")
       for way, axis in (("col", 0), ("row", 1)) for kind in ("Sum", "Mean")},
}  # fmt: skip
R_CALL = re.compile(rf"(?<![\w.])({'|'.join(R_FUNCTIONS)})\(")
INNERMOST = re.compile(r"\([^()]*\)")


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


def is_other_code(text: str) -> bool:
    """Tell whether a text is code of MATLAB, Julia or R, whose products have other signs."""
    if "@" in text or re.search(r"\bnp\.", text):
        return False
    return bool(R_ONLY.search(text) or MATLAB.search(text) or DOTTED.search(text))


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


def each_call(pattern: re.Pattern[str], text: str, change: Callable[[str, str], str]) -> str:
    """Return a text with each call that a pattern finds the beginning of, changed from inside."""
    for found in reversed(list(pattern.finditer(text))):
        end = closing(text, found.end(), "()")
        if end is not None:
            inside = text[found.end() : end]
            text = text[: found.start()] + change(found[1], inside) + text[end + 1 :]
    return text
