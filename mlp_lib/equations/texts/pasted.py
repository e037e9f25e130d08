"""What comes along when a derivation is pasted: fences, prompts, numbering, words between formulas.

Only what stands around the formulas goes; what is said in them stays as it is.
"""

import ast
import re
import textwrap
import warnings
from collections.abc import Callable, Iterator, Sequence
from itertools import tee

from mlp_lib.equations.brackets import closing, depths
from mlp_lib.equations.texts.cases import without_cases
from mlp_lib.equations.texts.characters import usual_characters
from mlp_lib.equations.texts.languages import as_numpy
from mlp_lib.equations.texts.numbering import without_numbers_of_lines
from mlp_lib.equations.texts.prose import COMMENT, formulas_in, gives_several
from mlp_lib.equations.texts.spelling import CODE, LAYER_BELOW, OWN_ROW
from mlp_lib.equations.texts.surroundings import formula_alone, in_braces
from mlp_lib.equations.texts.telling_words import refuse_changed_part, refuse_telling_words
from mlp_lib.equations.tree import LATEX_COMMENT

FENCE = re.compile(r"^\s*```.*$|^\s*(?:>>>|\.\.\.|In \[\d*\]:)[ ]?|`", re.MULTILINE)
BLANK = re.compile(r"\n(?:[^\S\n]*+\n)++")
AFTER_EQUALS = re.compile(r"(?<![=<>!:])=[ \t]*\n\s*")
# What leads from one formula to the next. Spaces that are taken aren't given back: with many of
# them a search would take very long.
ARROW = (
    r"\\(?:Rightarrow|Longrightarrow|implies|therefore|iff|Leftrightarrow|to|rightarrow)"
    r"(?![A-Za-z])|[⇒⟹→∴⟶]"
)
WORDS = (
    r"so that|such that|hence|thus|therefore|then|so|we get|we have|which gives|giving|it follows "
    r"that|and finally|finally|(?:(?:dann|damit|somit|also|daher|daraus) )?(?:erhalten wir|ergibt "
    r"sich|folgt)|(?:dann|damit|somit|also|daher)(?: (?:ist|gilt))?|(?:so )?gilt(?: dann)?"
)
LEADS_ON = re.compile(
    rf"\s*+,?\s*+(?:\\q?quad\s*+)?(?:{ARROW}|\\(?:text|mbox|textrm)\s*\{{[\s,]*+(?:{WORDS})\s*+[,:]?\s*+\}}"
    rf"|(?<![\w.\\{{])(?:{WORDS})(?![\w(.])[,:]?)\s*+(?:\\q?quad(?![A-Za-z])\s*+)?",
    re.IGNORECASE,
)
# What two equations on one line have between them: two displays, a comma, a semicolon, wide space.
DISPLAYS = re.compile(r"\$\$\s*+\$\$|\\\]\s*+\\\[")
QUADS = r"(?:\\q?quad(?![A-Za-z])\s*+)"
BETWEEN = re.compile(
    rf"\\\\|\n|(?:[,;]\s*+)?{QUADS}*+\\(?:text|mbox|textrm)\s*\{{\s*and\s*\}}\s*+{QUADS}*+"
    rf"|(?:[,;]\s*+)?{QUADS}++|(?<!\\),(?=\s)\s*+|(?<!\\);\s*+"
)
# No equation begins with these words, or with n = 1, …, N, and none ends with them.
TEXT_COMMAND = r"\\(?:text|mbox|textrm)(?![A-Za-z])"
NO_EQUATION = re.compile(rf"\s*+(?:{TEXT_COMMAND}|(?:where|with|and)\b|\w\s*+=\s*+\d)")
EQUATION = re.compile(r"[^,=\n]*=")
WORD_LAST = re.compile(rf"(?:{TEXT_COMMAND}\s*\{{[^{{}}]*\}}|(?<![\w\\{{])(?:where|with|and))\s*\Z")
# What may stand behind the end of a row: the space to the next one.
ROW_SPACE = re.compile(r"\\\\\s*\[\s*-?[\d.]+\s*(?:pt|em|ex|mm|cm|in)\s*\]")
END_OF_LINE = re.compile(r"(?<=[\w)\]}'ᵀ₁₂])[ \t]*+[.,;](?=[ \t]*+$)", re.MULTILINE)
# Where code holds its arrays.
HELD = re.compile(
    r"\bself\.(?=[A-Za-z])|\b(?:self\.)?(?:(?P<gradient>grads?|gradients?|g)|[A-Za-z_]\w*+)"
    r"""(?:\[|\.get\()\s*(?P<quote>['"])(?P<name>\w+)(?P=quote)\s*[\])]"""
)
HELD_NAME = re.compile(rf"(?:{HELD.pattern})(?P<of_self>\w*)")
# The name of an argument, or of an entry: dict(dW2=…).
KEYWORD = re.compile(r"(?<=[(,])\s*+\w++=(?!=)")
# A line that takes arrays out of where they are held: A1 = A1 is left of it.
TAKEN_OUT = re.compile(r"^[ \t]*+(\w+(?:, \w+)*+) = \1[ \t]*+;?[ \t]*+(?:\n|\Z)", re.MULTILINE)
# A line that puts another array where W2 is held.
PUT_BACK = re.compile(
    r"""^(?P<space>[ \t]*+)(?:self\.)?(?:params|parameters|model)"""
    r"""(?P<key>\[(?P<quote>['"])(?P<name>\w++)(?P=quote)\]) = [^\n]*+(?:\n|\Z)""",
    re.MULTILINE,
)
LATEX = re.compile(r"\\[A-Za-z]")
# Code that goes on in the next line: behind a backslash, or with an =.
AFTER_BACKSLASH = re.compile(r"(?<!\\)\\[ \t]*+\n")
ON_NEXT_LINE = re.compile(r"\n[ \t]*+=(?!=)[ \t]*+")
IS_CODE = re.compile(rf"{CODE.pattern}|\*|\.shape\b")
SHAPE = re.compile(r"[\s\w\\]*\\times[\s\w\\]*|[A-Z](?:_\w)?")
ONE_PART = re.compile(
    r"\s*(?:\\hat\s*(?:\{\w\}|\w)|[A-Za-z]|\\frac\s*\{[^{}]*\}\s*\{[^{}]*\})(?:[_^](?:\w|\{[^{}]*\}))*\s*"
)
# German words in front of another equation.
WORD_FOR = {"mit": "where", "wobei": "where", "und": "and"}
WITH = re.compile(rf"(?<=[\s,])(?:{'|'.join(WORD_FOR)})(?=\s++[^=\n]{{1,20}}=)")
DELTA = re.compile(r"\s*\\delta\s*[_^]?.{0,9}")
# Texts in code, and what stands behind a #. A quote behind a name is MATLAB's transpose.
TEXT = (
    r"""(?<![\w)\]}'.])[bfru]{0,2}(?:\"{3}.*?\"{3}|'{3}.*?'{3}|"(?:[^"\\\n]|\\.)*+"|'(?:[^'\\\n]|\\.)*+')"""
)
TEXT_OR_COMMENT = re.compile(rf"(?P<text>{TEXT})|[ \t]*+#[^\n]*+", re.DOTALL)
DOCSTRING = re.compile(rf"^[ \t]*+{TEXT}[ \t]*+(?:\n|\Z)", re.MULTILINE | re.DOTALL)
TOLD = re.compile(r"(?P<space>^[ \t]*+|(?<=;)[ \t]*+)(?:print[ \t]*+(?=\()|assert\b)", re.MULTILINE)
AFTER_SIGN = re.compile(r";[ \t]*+")
IN_A_LINE = re.compile(rf"{TEXT}|[()\[\]{{}}\n;]", re.DOTALL)
TALL = {"boxed": "", "underbrace": "_", "overbrace": "^"}


def derivation_in(text: str) -> str:
    """Return what a pasted text says, without what stands around its formulas."""
    text = without_asides(FENCE.sub("", usual_characters(text)))
    told = as_numpy(without_cases(text))
    text = formulas_in(told)
    text = re.sub("⁽([¹²])⁾", lambda match: match[1].translate(LAYER_BELOW), text)
    is_latex = bool(LATEX.search(text))
    if not is_latex:
        text = AFTER_BACKSLASH.sub("  ", text)
    if is_latex:
        text = ROW_SPACE.sub(r"\\\\", LATEX_COMMENT.sub("", text))
        text = without_labels(formula_alone(text))
    elif is_code(text):
        text = put_back_last(ON_NEXT_LINE.sub(" = ", text))
        taken = HELD.sub(held, text)
        text = textwrap.dedent(TAKEN_OUT.sub("", taken) if taken != text else text)
    text = AFTER_EQUALS.sub("= ", BLANK.sub("\n", text))
    if is_latex or not is_code(text):
        text = text if is_latex else without_numbers_of_lines(text)
        text = WITH.sub(lambda match: WORD_FOR[match[0]], COMMENT.sub("", text))
        text = equations_apart(text, r" \\ " if is_latex else "\n")
        text = LEADS_ON.sub(latex_row if is_latex else plain_row, END_OF_LINE.sub("", text))
        text = re.sub(r"\\\\(?:\s*+\\\\)++", r"\\\\", BLANK.sub("\n", text))
        text = re.sub(r"\A(?:[ \t]*+(?:\n|\\\\))++|(?:\s|\\\\)++\Z", "", text)
    refuse_telling_words(without_labels(told) if is_latex else told, text)
    return text


def without_asides(text: str) -> str:
    """Return code without what Python passes over or prints: comments, docstrings, print, assert.

    LaTeX has neither, and a text of comments alone stays as it is. Of Python's code those formulas
    stay that are printed or asserted: they may raise.
    """
    rest = TEXT_OR_COMMENT.sub(lambda match: match["text"] or "", text)
    code = DOCSTRING.sub("", rest)
    kept = without_told(code, formulas_told)
    rest = kept if python_lines(textwrap.dedent(kept)) else without_told(code, lambda told: "")
    return text if LATEX.search(rest) or not rest.strip() else rest


def without_told(text: str, told: Callable[[str], str]) -> str:
    """Return code with what is `told` of each print and assert; a pass if nothing is in a block."""
    parts, start = [], 0
    for match in TOLD.finditer(text):
        if match.start() < start:
            continue  # inside of one
        stop, end, goes_on = len(text), len(text), False
        signs, same = tee(IN_A_LINE.finditer(text, match.end()))
        for sign, depth in zip(signs, depths(each[0] for each in same), strict=True):
            if sign[0] in "\n;" and depth <= 0:
                goes_on, stop = sign[0] == ";", sign.start()
                end = AFTER_SIGN.match(text, stop).end() if goes_on else stop
                break
        opens = text[: match.start()].rstrip().endswith(":")
        formulas = told(text[match.start() : stop].strip())
        if formulas:
            kept, end = match["space"] + formulas, stop
        else:
            kept = match["space"] if goes_on else f"{match['space']}pass" if opens else ""
        parts += [text[start : match.start()], kept]
        start = end
    return "".join([*parts, text[start:]])


def formulas_told(line: str) -> str:
    """Return a print of the formulas in it, or an assert without its text, or "" for neither."""
    try:
        return told_in(python_lines(line))
    except RecursionError:
        return ""


def told_in(lines: list[ast.stmt]) -> str:
    """Return what `formulas_told` does of Python's tree; a very deep one is too deep for it."""
    match lines:
        case [ast.Expr(ast.Call(ast.Name("print"), parts))]:
            formulas = [ast.unparse(each) for each in formulas_of(parts) if may_raise(each)]
            return f"print({', '.join(formulas)})" if formulas else ""
        case [ast.Assert(test)] if not has_text(test):
            return f"assert {ast.unparse(test)}"
    return ""


def formulas_of(parts: Sequence[ast.expr]) -> Iterator[ast.expr]:
    """Yield what is printed, of f"{dW1}", "%s" % dW1 and "{}".format(dW1) what the text gets."""
    for part in parts:
        match part:
            case ast.JoinedStr(values):
                yield from (each.value for each in values if isinstance(each, ast.FormattedValue))
            case ast.BinOp(ast.Constant(str()), ast.Mod(), ast.Tuple(values)):
                yield from values
            case ast.BinOp(ast.Constant(str()), ast.Mod(), value):
                yield value
            case ast.Call(ast.Attribute(ast.Constant(str()), "format"), values):
                yield from values
            case _:
                yield part


def python_lines(text: str) -> list[ast.stmt]:
    """Return Python's lines of a text, or none for what its parser doesn't take."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", SyntaxWarning)
            return ast.parse(text).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []


def may_raise(formula: ast.expr) -> bool:
    """Tell whether this is no text: a name may be one that no line gives, dw2 for dW2."""
    return not isinstance(formula, ast.Constant | ast.Starred) and not has_text(formula)


def has_text(formula: ast.expr) -> bool:
    """Tell whether a formula has a text in it that is no key, as in cache["h"]."""
    keys = [part.slice for part in ast.walk(formula) if isinstance(part, ast.Subscript)]
    return any(
        isinstance(part, ast.JoinedStr)
        or (isinstance(part, ast.Constant) and isinstance(part.value, str) and part not in keys)
        for part in ast.walk(formula)
    )


def is_code(text: str) -> bool:
    """Tell whether a text has a sign of code, or gives several names in one line."""
    return bool(IS_CODE.search(text)) or any(map(gives_several, text.split("\n")))


def equations_apart(text: str, row: str) -> str:
    """Return a text with a new row for each display, and for each equation on the same line."""
    text = DISPLAYS.sub(lambda match: row, text)
    depth_at = list(depths(text))
    found = [match for match in BETWEEN.finditer(text) if depth_at[match.start()] == 0]
    stops = (*(match.start() for match in found[1:]), len(text))
    parts, start, row_start = [], 0, 0
    for match, stop in zip(found, stops, strict=False):
        sides = (row_start, match.start()), (match.end(), stop)
        are_equations = (any(text[n] == "=" and not depth_at[n] for n in range(*s)) for s in sides)
        is_row = begins_a_row(text, match) and (match[0].strip() == "," or all(are_equations))
        parts += [text[start : match.start()], row if is_row else match[0]]
        start = match.end()
        if is_row or match[0] in (r"\\", row):
            row_start = start
    return "".join([*parts, text[start:]])


def begins_a_row(text: str, match: re.Match[str]) -> bool:
    """Tell whether an equation may begin behind what stands between two of them on one line."""
    behind = text[match.end() :]
    return (
        match[0] not in ("\n", r"\\")
        and bool(EQUATION.match(behind))
        and not NO_EQUATION.match(behind)
        and not WORD_LAST.search(text[: match.start()])
    )


def latex_row(match: re.Match[str]) -> str:
    """Return a new row for an arrow, which doesn't go on with the one before it."""
    return f" {OWN_ROW} " if begins_with_minus(match) else r" \\ "


def plain_row(match: re.Match[str]) -> str:
    """Return a new line for an arrow, or the arrow, where the line begins with a minus."""
    return "⇒ " if begins_with_minus(match) else "\n"


def begins_with_minus(match: re.Match[str]) -> bool:
    """Tell whether a minus stands behind what was found."""
    return match.string[match.end() : match.end() + 1] in ("-", "−")


def put_back_last(text: str) -> str:
    """Return code with params["W2"] = … last where W2 was taken out above: W2 is still the old one.

    A line in place, params["W2"] -= …, changes both.
    """
    for match in reversed([*PUT_BACK.finditer(text)]):
        rest = text[match.end() :].rstrip()
        taken = any(
            match["name"] in re.findall(r"\w+", left) and "[" not in left and match["key"] in right
            for left, _, right in (
                line.partition(" = ") for line in text[: match.start()].split("\n")
            )
        )
        *_, last = rest.split("\n")
        is_level = re.match(r"[ \t]*", last)[0] == match["space"]
        if rest and taken and is_level and match["key"] not in rest:
            text = f"{text[: match.start()]}{rest}\n{match[0].rstrip()}"
    return text


def held(match: re.Match[str]) -> str:
    """Return A1 for cache["A1"], dW2 for grads["W2"], and nothing for self."""
    name = match["name"] or ""
    return f"d{name}" if match["gradient"] and name[0] in "Wb" else name


def holders(text: str) -> dict[str, str]:
    """Return what holds each array, cache["A1"] for A1, where its name stands nowhere alone."""
    found: dict[str, str] = {}
    for match in HELD_NAME.finditer(text):
        found.setdefault(held(match) + match["of_self"], match[0])
    bare = KEYWORD.sub(" ", HELD_NAME.sub(" ", text))
    alone = set(re.findall(r"""(?<!['"\w])\w+""", bare))
    return {name: holder for name, holder in found.items() if name not in alone}


def in_holders(text: str, found: dict[str, str]) -> str:
    """Return code with each of these names as the reader has it."""
    if not found:
        return text
    name = re.compile(rf"""(?<![\w.'"])(?:{'|'.join(found)})(?!\w)""")
    return name.sub(lambda match: found[match[0]], text)


def without_labels(text: str) -> str:
    r"""Return LaTeX without boxes, and without braces under a formula that name no shape."""
    for command, script in TALL.items():
        start = text.find(rf"\{command}")
        while start >= 0:
            inside = in_braces(text, start + len(command) + 1)
            if inside is None:
                break
            body, end = inside
            label = in_braces(text, end + 1) if script and text[end : end + 1] == script else None
            if label is not None and SHAPE.fullmatch(label[0]):
                shown = rf"\underbrace{{{body}}}_{{{label[0]}}}"
                text = text[:start] + shown + text[label[1] :]
                start = text.find(rf"\{command}", start + len(shown))
                continue
            if label is not None:
                refuse_changed_part(body, label[0])
            rest = text[label[1] if label else end :]
            if "=" not in body and not ONE_PART.fullmatch(body) and not is_bracketed(body):
                body = rf"\left( {body} \right)"
            named = label is not None and DELTA.fullmatch(label[0])
            said = named and label[0].strip() in text[:start] + rest
            # What the brace says is a line of its own.
            before = rf"{label[0]} = {body} \\ " if said else ""
            text = before + text[:start] + body + rest
            start = text.find(rf"\{command}", len(before) + start)
    return text


def is_bracketed(text: str) -> bool:
    """Tell whether one pair of brackets stands around the whole of a formula."""
    bare = re.sub(r"\\(?:left|right)\s*", "", text).strip()
    return bare[:1] in ("(", "[") and closing(bare, 1, "()[]") == len(bare) - 1
