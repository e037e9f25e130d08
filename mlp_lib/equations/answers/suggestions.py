"""A suggestion for a text of several lines: all of them right, under the reader's own names."""

import re
from collections.abc import Iterator
from dataclasses import replace

from mlp_lib.equations.answers.answer import Asked, Diagnosis
from mlp_lib.equations.answers.findings import first_finding, is_right
from mlp_lib.equations.answers.judging import Judged
from mlp_lib.equations.answers.updates import updates_last
from mlp_lib.equations.answers.written import GIVEN_TO_ITSELF
from mlp_lib.equations.latex import named_parts
from mlp_lib.equations.letters import free_letters, has_letters
from mlp_lib.equations.numpy_code.lines import names_of_lines
from mlp_lib.equations.routes import on_a_route
from mlp_lib.equations.setting import Setting
from mlp_lib.equations.texts.reading import own_parts, read
from mlp_lib.equations.tree import EquationError, Partial, Symbol

# A step of gradient ascent.
STEP_UP = re.compile(r"^(\s*([Wb]\d)\s*(?:=\s*\2\s*)?)\+", re.MULTILINE)
# A line of NumPy text that gives a name of one's own, and what does nothing in a formula.
ASSIGNED = re.compile(r"(?!d[A-Z_]|d[zhxab]\d?\b)([A-Za-z]\w*)\s*=(?!=)")
# A row of LaTeX that names a part.
ROW_NAME = re.compile(r"\s*((?:\\delta|\\mathit\{\w+\}|[A-Za-z])(?:_(?:\w|\{\w+\}))?)\s*&?=")
BEGIN = re.compile(r"(?:\s*\\begin\{aligned\})?\s*")
# A line that changes what a name of one's own is.
CHANGED = re.compile(r"(\s*)([A-Za-z]\w*)\s*(?:[-+*/@]|\*\*)=")
DOUBLE_TRANSPOSE = re.compile(r"(?:\.T){2}\b")
ONE_TIMES = re.compile(r"(?<![\w.])1 \* |(?<![\w.^_{}\\])1 (?:\\cdot )?(?=[A-Za-z\\(])")
# What stands in front of a name or a derivative on the left of a row.
LEFT_FACTOR = re.compile(
    r"(\s*(?:\\begin\{aligned\}\s*)?)(?:-|N(?![A-Za-z_])|\d+)\s*(?:\\cdot(?![A-Za-z])\s*)?"
    r"(?=[A-Za-z\\])"
)


def with_the_whole_mended(found: Diagnosis, text: str, asked: Asked, count: int) -> Diagnosis:
    """Return the diagnosis of a wrong text with a suggestion in which every line is right."""
    if found.mistake is not None and found.mistake.name == "updated weights":
        later = updates_last(text)
        if is_right(later, asked):
            found = replace(found, suggestion=later)
    if found.verdict == "sign" and STEP_UP.search(text):
        down = STEP_UP.sub(r"\1-", text)
        if is_right(down, asked):
            found, count = replace(found, suggestion=down), 1
    if found.verdict in ("sign", "factor") and found.notation == "book":
        bare = (each for each in without_factors_on_the_left(text) if is_right(each, asked))
        if (mended := next(bare, None)) is not None:
            return replace(found, suggestion=mended)
    if found.suggestion is None:
        return found
    try:
        mended = mended_as_a_whole(text, found.suggestion, asked, count)
        if mended is not None:
            mended = tidy(text, with_names(text, mended), asked)
    except EquationError:
        mended = None  # nobody can be told to write what can't be read
    return replace(found, suggestion=mended)


def without_factors_on_the_left(latex: str) -> Iterator[str]:
    """Yield LaTeX without the sign, the number or the N in front of what a row names."""
    rows = latex.split(r"\\")
    for number, row in enumerate(rows):
        if (factor := LEFT_FACTOR.match(row)) and "=" in row:
            bare = factor[1] + row[factor.end() :]
            yield r"\\".join([*rows[:number], bare, *rows[number + 1 :]])


def with_names(attempt: str, suggestion: str) -> str:
    """Return a suggestion whose formulas in place of d *= … give the name to what they are."""
    old, new = attempt.split("\n"), suggestion.split("\n")
    if len(old) != len(new):
        return suggestion
    changed = [CHANGED.match(line) for line in old]
    return "\n".join(
        f"{name[1]}{name[2]} = {after.strip()}" if name and after != before and "=" not in after
        else after
        for name, before, after in zip(changed, old, new, strict=True)
    )  # fmt: skip


def tidy(attempt: str, suggestion: str, asked: Asked) -> str:
    """Return a suggestion without what does nothing in it: a double .T, 1 *, W2 = W2.

    Nor is a wrong line left that another one had used and none uses any more.
    """
    used = with_used_lines(attempt, suggestion, right_names(suggestion, asked.where))
    own = GIVEN_TO_ITSELF.sub("", suggestion)
    own = own if own == suggestion else own.rstrip("\n")
    for text in (used, own, DOUBLE_TRANSPOSE.sub("", suggestion), ONE_TIMES.sub("", suggestion)):
        if text != suggestion and is_right(text, asked):
            return tidy(attempt, text, asked)
    return suggestion


def right_names(text: str, where: Setting) -> set[str]:
    """Return the names that lines give to what is right somewhere in a derivation."""
    _, rules = read(text, where.table)
    if rules == "numpy":
        names = names_of_lines(text)
    else:
        named = named_parts(text, where.table).items()
        names = {span: node.name for span, node in named if isinstance(node, Symbol)}
    right = set()
    for part in own_parts(text, where.table, rules):
        if part.span in names and not (has_letters(part) and free_letters(part)):
            judged = Judged("", Partial(Symbol("J"), Symbol("z_2")), part, where, rules)
            if judged.error is None and on_a_route(judged.values, where, rules):
                right.add(without_braces(names[part.span]))
    return right


def with_used_lines(attempt: str, suggestion: str, right: set[str]) -> str:
    """Return a suggestion without the lines that name what others had used and none uses now.

    Those that give the names in `right` stay.
    """
    is_latex = r"\\" in suggestion
    end, name_of = (r"\\", ROW_NAME) if is_latex else ("\n", ASSIGNED)
    before = BEGIN.match(suggestion)[0] if is_latex else ""
    lines = suggestion.removeprefix(before).split(end)
    named = [name_of.match(line) for line in lines]
    before_change = attempt.split(end)
    had_use = {without_braces(name[1]) for name in named if name and uses(before_change, name[1])}
    used = end.join(
        line
        for number, (line, name) in enumerate(zip(lines, named, strict=True))
        if name is None
        or without_braces(name[1]) not in had_use - right
        or number == len(lines) - 1
        or uses(lines[number + 1 :], name[1])
    )
    return before + (used.lstrip() if is_latex else used)


def uses(lines: list[str], name: str) -> bool:
    """Tell whether one of the lines has the name in it and doesn't only give it."""
    used = re.compile(rf"(?<!\w){re.escape(without_braces(name))}(?!\w)(?!\s*&?=[^=])")
    return any(used.search(without_braces(line)) for line in lines)


def without_braces(latex: str) -> str:
    """Return LaTeX with one-letter subscripts as they are written here: \\delta_2."""
    return re.sub(r"_\{(\w)\}", r"_\1", latex)


def mended_as_a_whole(text: str, suggestion: str, asked: Asked, count: int) -> str | None:
    """Return a suggestion in which each line is right, or None if there is none.

    One line or link is mended; the others are judged and mended in turn, or go if none uses them.
    """
    if count == 1:
        used = with_used_lines(text, suggestion, right_names(suggestion, asked.where))
        for each in (suggestion, used):
            if is_right(each, asked):
                return each
    return all_mended(suggestion, asked, count)


def all_mended(suggestion: str, asked: Asked, most: int) -> str | None:
    """Return a derivation with every further wrong side mended, or None if one can't be."""
    for _ in range(most + 1):
        found, _ = first_finding(suggestion, asked, suggest=True)
        if found.ok:
            return suggestion
        if found.suggestion is None:
            return None
        suggestion = found.suggestion
    return None
