"""MATLAB's signs as NumPy has them: .* is *, * is @, ' is .T, and axes are counted from 1."""

import re

# A transpose behind a name, and an operation entry by entry.
TRANSPOSED = re.compile(r"(?<=[\w)\]])'(?![\w(])")
ENTRYWISE = ".*"
MATLAB = re.compile(rf"{TRANSPOSED.pattern}|(?<!\d)\.[*/^]")
PERCENT = re.compile(r"(?<![ \t])[ \t]*+%[^\n]*+")
SEMICOLON = re.compile(r";[ \t]*+(?:%|$)", re.MULTILINE)
# In MATLAB and Julia axes are counted from 1.
OVER_AXIS = re.compile(r"(?<![\w.])(sum|mean|size)\(")
OF_NUMPY = re.compile(r"(?<![\w.])(sum|mean)\((?=[^\n]*axis=)")
LAST_AXIS = re.compile(r",\s*+(?:dims\s*+=\s*+)?([12])\s*+$")
# A number beside what was *: in MATLAB it scales.
NUMBER = r"\(\s*+[\d.]++\s*+(?:/\s*+\w++\s*+)?\)|(?<![\w.])[\d.]++(?:\s*+/\s*+[Nm]\b)?"
SCALED = re.compile(rf"({NUMBER})(\s*+)@|@(\s*+)({NUMBER})(?!\w)")


def with_transposes(text: str) -> str:
    """Return a text with .T for each '."""
    return TRANSPOSED.sub(".T", text)


def axis_from_zero(module: str, name: str, inside: str) -> str:
    """Return np.sum(d, axis=0) for sum(d, 1), and size(d, 0) for size(d, 1)."""
    axis = LAST_AXIS.search(inside)
    if axis is None:
        return f"{name}({inside})"
    array, number = inside[: axis.start()], int(axis[1]) - 1
    if name == "size":
        return f"size({array}, {number})"
    return f"{module}{name}({array}, axis={number})"


def code_of_matlab(text: str) -> str:
    """Return MATLAB's formula as NumPy text: .* is *, * is @, and ' is .T."""
    text = re.sub(r"(?<!\.)\*", "@", with_transposes(text))
    return text.replace(ENTRYWISE, "*").replace("./", "/").replace(".^", "**")


def numpy_of_matlab(text: str) -> str:
    """Return MATLAB's formula as NumPy text, in which a number scales with *."""
    return OF_NUMPY.sub(r"np.\1(", SCALED.sub(scaled, code_of_matlab(text)))


def scaled(match: re.Match[str]) -> str:
    """Return a number with * in place of the @ beside it."""
    return f"{match[1]}{match[2]}*" if match[1] else f"*{match[3]}{match[4]}"
