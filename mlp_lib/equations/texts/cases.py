r"""Cases as one formula: what holds where k = l, and elsewhere, and the slope of ReLU.

\begin{cases} a & k = l \\ b & k \neq l \end{cases} is \delta_{kl} a + (1 - \delta_{kl}) b.
"""

import re
from typing import NamedTuple

CASES = re.compile(
    r"\\begin\s*\{(?P<name>d?cases)\}(?P<cases>.*?)\\end\s*\{(?P=name)\}"
    r"|\\left\s*\\\{\s*\\begin\s*\{array\}\s*\{[lcr\s]{1,9}\}(?P<array>.*?)\\end\s*\{array\}"
    r"\s*\\right\s*\.",
    re.DOTALL,
)
ROW_END = re.compile(r"\\\\(?:\s*\[[^\[\]]*\])?")
IN_TEXT = re.compile(r"\\(?:text|mbox|textrm|mathrm)\s*\{([^{}]*)\}")
ASIDE = re.compile(
    r"\$|\\[,;:! ]|\\q?quad(?![A-Za-z])|(?<![\\\w])(?:if|for|when|where|falls|für|wenn)(?!\w)"
)
SUBSCRIPT = re.compile(r"_\s*(\w|\{[^{}]*\})")
SAME = re.compile(r"([a-z])\s*=\s*([a-z])")
DIFFERENT = re.compile(r"([a-z])\s*(?:\\neq?(?![A-Za-z])|\\not\s*=|≠)\s*([a-z])")
ELSEWHERE = re.compile(r"otherwise|else|sonst|andernfalls")
# A if i = j, B otherwise, in plain text.
VALUE = r"[^=,;\n]{1,200}?"
IN_WORDS = re.compile(
    rf"=[ \t]*+(?P<same>{VALUE}),?[ \t]++(?:if|for|when|falls|für|wenn)[ \t]++{SAME.pattern}"
    rf"(?:[,;][ \t]*+|[ \t]++)(?:(?:and|und)[ \t]++)?(?:(?:{ELSEWHERE.pattern}):?[ \t]++"
    rf"(?P<behind>{VALUE})|(?P<different>{VALUE}),?[ \t]++(?:{ELSEWHERE.pattern}))[ \t.]*+$",
    re.MULTILINE,
)
PRE_ACTIVATION = r"([zZ](?:_(?:\w|\{[\w,]+\})|\^\{[(\[]\d[)\]]\})*+)\s*"
POSITIVE = re.compile(PRE_ACTIVATION + r"(?:>|\\geq?(?![A-Za-z])|≥)\s*0")
NEGATIVE = re.compile(PRE_ACTIVATION + r"(?:<|\\leq?(?![A-Za-z])|≤)\s*0")


def without_cases(latex: str) -> str:
    """Return a text with one formula for each two cases that one can be written for."""
    if "\\" not in latex:
        return IN_WORDS.sub(one_formula_of_words, latex)
    return CASES.sub(lambda found: one_formula(found) or found[0], latex)


def one_formula_of_words(found: re.Match[str]) -> str:
    """Return = A if i = j, B otherwise as one formula."""
    letters, different = found[2] + found[3], found["different"] or found["behind"]
    delta = f"δ_{{{letters}}}"
    return f"= {delta} ({found['same']}) + (1 − {delta}) ({different})"


def one_formula(found: re.Match[str]) -> str | None:
    """Return two cases as one formula, or None for what isn't known to be one."""
    rows = [row for row in ROW_END.split(found["cases"] or found["array"] or "") if row.strip()]
    cells = [row.split("&") for row in rows]
    if len(cells) != 2 or any(len(row) != 2 for row in cells):
        return None
    values = [value.strip(" ,;\n") for value, _ in cells]
    conditions = [condition(of) for _, of in cells]
    for holds, fails in ((SAME, DIFFERENT), (POSITIVE, NEGATIVE)):
        if (of := what_holds_first(conditions, holds, fails)) is None:
            continue
        first, second = values if of.is_first else reversed(values)
        if holds is SAME:
            return with_kronecker(found, of.parts, first, second)
        is_slope = (first, second) == ("1", "0")
        return rf"\operatorname{{relu}}'\left( {of.parts[0]} \right) " if is_slope else None
    return None


class Condition(NamedTuple):
    """What a condition is about, and whether the first of two cases is the one where it holds."""

    parts: tuple[str, ...]
    is_first: bool


def what_holds_first(
    conditions: list[str], holds: re.Pattern[str], fails: re.Pattern[str]
) -> Condition | None:
    """Return the condition of two cases if one is where it holds, and the other where it fails."""
    here = [(holds.fullmatch(each), fails.fullmatch(each)) for each in conditions]
    about = {tuple(sorted(each.groups())) for pair in here for each in pair if each}
    kinds = [
        "holds" if one else "fails" if other else "else" if ELSEWHERE.fullmatch(each) else "unknown"
        for each, (one, other) in zip(conditions, here, strict=True)
    ]
    if len(about) != 1 or kinds[0] == kinds[1] or "unknown" in kinds:
        return None
    return Condition(about.pop(), kinds[0] == "holds" or kinds[1] == "fails")


def with_kronecker(
    found: re.Match[str], letters: tuple[str, ...], same: str, different: str
) -> str | None:
    """Return what holds for the same and for different letters, which are indices elsewhere."""
    around = found.string[: found.start()] + same + different
    subscripts = "".join(SUBSCRIPT.findall(around))
    if not set(letters) <= set(subscripts):
        return None
    delta = rf"\delta_{{{''.join(letters)}}}"
    return (
        rf"\left[ {delta} \left( {same} \right) + \left( 1 - {delta} \right) "
        rf"\left( {different} \right) \right] "
    )


def condition(text: str) -> str:
    """Return a condition without the words and the space around it."""
    return ASIDE.sub(" ", IN_TEXT.sub(r"\1", text)).strip(" ,.;\n")
