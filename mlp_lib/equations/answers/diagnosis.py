"""The diagnosis of a reader's formula: its verdict, its first wrong step, and the smallest fix.

The formula is parsed, never executed. It is judged at several random networks of pairwise different
sizes against derivatives taken by complex step, and at extreme ones; a suggestion is shown only
after it has been judged right in the same way.
"""

import re
from dataclasses import dataclass, replace
from typing import Literal, NamedTuple

import numpy as np

from mlp_lib.equations.answers.claims import (
    Claim,
    another_name,
    claims,
    named_by,
)
from mlp_lib.equations.answers.edits import LEFT
from mlp_lib.equations.answers.explaining import Explanation, FirstWrong, Step
from mlp_lib.equations.answers.hints import titles_without_answer, without_answer
from mlp_lib.equations.answers.judging import Judged, first_misfit, value_with_parts
from mlp_lib.equations.answers.mistakes import MISTAKES, Mistake
from mlp_lib.equations.answers.recognition import is_call, symbols_in
from mlp_lib.equations.answers.search import (
    GIVEN_TO_ITSELF,
    made_to_fit,
    mistake_of_letters,
    smallest,
    with_other_letters,
)
from mlp_lib.equations.arrays import Array, DoesNotFit, Rules, evaluate
from mlp_lib.equations.check import check_links
from mlp_lib.equations.evaluate import ShapeError, point
from mlp_lib.equations.latex import named_parts, names_given
from mlp_lib.equations.letters import as_array, claimed_by, free_letters, has_letters
from mlp_lib.equations.numpy_code.lines import names_of_lines
from mlp_lib.equations.numpy_code.reader import (
    demands,
    early_name,
    overwritten,
    parse_numpy,
    slopes,
    unnamed_answer,
)
from mlp_lib.equations.printing import plain
from mlp_lib.equations.routes import close, on_a_route, shown_name
from mlp_lib.equations.setting import Labels, Loss, Setting, Setup, setting
from mlp_lib.equations.tables import Table
from mlp_lib.equations.texts.languages import is_other_code
from mlp_lib.equations.texts.pasted import holders, in_holders
from mlp_lib.equations.texts.readers_signs import in_readers_signs
from mlp_lib.equations.texts.reading import (
    as_here,
    as_plain_text,
    as_typed,
    numbers_for_sizes,
    own_parts,
    read,
    said_shapes,
    without_marks,
)
from mlp_lib.equations.texts.shapes_beside import fits
from mlp_lib.equations.texts.spelling import OWN_ROW
from mlp_lib.equations.tree import (
    ONES,
    Contract,
    Equation,
    EquationError,
    Indexed,
    Node,
    Partial,
    SizeOf,
    Symbol,
    Transpose,
)

Notation = Literal[Rules, "plain"]
#: Every verdict that a diagnosis can have.
VERDICTS = (
    "right", "right for one example only", "shape", "transposed", "broadcast", "sign", "factor",
    "another quantity", "value", "numerically unstable", "ambiguous grouping", "unusable input",
)  # fmt: skip

IN_NUMPY = (
    "All of it is written as NumPy here: @ is the matrix product, * goes entry by entry, and .T is "
    "the transpose."
)
UPDATE = re.compile(r"\s*([Wb]\d)\s*([-+]=|=\s*\1\s*[-+])")
# A step of gradient ascent.
STEP_UP = re.compile(r"^(\s*([Wb]\d)\s*(?:=\s*\2\s*)?)\+", re.MULTILINE)
# A line of NumPy text that gives a name of one's own, and what does nothing in a formula.
ASSIGNED = re.compile(r"(?!d[A-Z_]|d[zhxab]\d?\b)([A-Za-z]\w*)\s*=(?!=)")
# A row of LaTeX that names a part.
ROW_NAME = re.compile(r"\s*((?:\\delta|\\mathit\{\w+\}|[A-Za-z])(?:_(?:\w|\{\w+\}))?)\s*&?=")
BEGIN = re.compile(r"(?:\s*\\begin\{aligned\})?\s*")
# What code for a batch has of each row's local Jacobian: its diagonal, or what all rows share.
OF_EACH_ROW = {
    ("h", "z_1"): "h * (1 - h)", ("z_2", "h"): "W2.T", ("z_1", "x"): "W1.T",
    ("z_1", "W_1"): "x", ("z_2", "W_2"): "h",
}  # fmt: skip
# A line that changes what a name of one's own is.
CHANGED = re.compile(r"(\s*)([A-Za-z]\w*)\s*(?:[-+*/@]|\*\*)=")
# A line that begins with a sign, as one does that is to go on with the line before.
SIGN_FIRST = re.compile(r"\n[ \t]*+([+-])")
DOUBLE_TRANSPOSE = re.compile(r"(?:\.T){2}\b")
LEADING_MINUS = re.compile(r"\\\\(?=\s*-)(?! \\!)")
ONE_TIMES = re.compile(r"(?<![\w.])1 \* ")


class Asked(NamedTuple):
    """What an attempt is judged as: a formula for this target, in this setting."""

    target: str
    goal: Partial
    where: Setting


@dataclass(frozen=True)
class Diagnosis:
    """What the clinic says about an attempt."""

    attempt: str
    target: str
    ok: bool
    verdict: str
    message: str
    trace: tuple[Step, ...] = ()
    first_wrong: FirstWrong | None = None
    mistake: Mistake | None = None
    suggestion: str | None = None
    remark: str = ""
    notation: Notation = "numpy"

    def __str__(self) -> str:
        from mlp_lib.equations.answers.shown import as_text

        return as_text(self)

    __repr__ = __str__

    def _repr_html_(self) -> str:
        from mlp_lib.equations.answers.shown import as_html

        return as_html(self)


def diagnose(
    attempt: str,
    target: str,
    *,
    setup: Setup = "row",
    loss: Loss = "sum",
    labels: Labels = "sum to 1",
    suggest: bool = True,
) -> Diagnosis:
    """Tell whether a formula for a derivative is right and, if not, where it goes wrong and why.

    `attempt` is NumPy text, LaTeX or plain text such as (ŷ − y) W₂ᵀ: a formula, an equation, a
    chain of them, or lines that name their parts. `target` is a derivative's name such as dJ_dW1.
    `setup` is "row" (x is (1, D_x)), "vec" (x is (D_x,)) or "batch" (x is (N, D_x)); `loss` is
    "sum" or "mean" over the batch. Rows of y sum to 1 unless `labels` is "any".

    With `suggest=False`, as in an exercise, nothing that is said holds the right formula.

    Raises TypeError for an attempt that is no text, ValueError for a target, setup, loss or labels
    that there is none of. An attempt that can't be read gets the verdict "unusable input".
    """
    if not isinstance(attempt, str):
        raise TypeError(
            f"attempt is {type(attempt).__name__}, expected the formula's text, because it is "
            "read and never executed"
        )
    where = setting(setup, loss, labels)
    asked = Asked(target, where.target(target), where)
    text = attempt
    try:
        text, plain, sign = as_here(attempt, where.table)
        with np.errstate(all="ignore"):
            found = of_text(text, asked, suggest)
            found = with_what_is_beside(found, text, attempt, asked.where)
            if sign:
                found = with_remark(found, f"{sign} is read as the product whose shapes fit there.")
            shown = found_as_typed(found, attempt, plain, asked.where.table)
            return with_readers_signs(shown, attempt, asked)
    except EquationError as error:
        shown = EquationError(error.message, error.text or text, error.span)
        shown = as_typed(shown, attempt)
        return Diagnosis(text, target, False, "unusable input", str(shown))


def of_text(text: str, asked: Asked, suggest: bool) -> Diagnosis:
    """Return the diagnosis of a text in the spelling that is read.

    Raises EquationError for what can't be read.
    """
    text = with_rows_apart(text, asked)
    found, count, asked = in_either_meaning_of_ones(text, asked, suggest)
    if not suggest:
        found = without_the_answer(found)
    elif not found.ok:
        found = with_the_whole_mended(found, text, asked, count)
    if found.notation != "numpy":
        return found
    if found.ok:
        return with_order_of_lines(found, text, asked.where.table)
    found = with_lines_that_end(found, text, asked, suggest)
    return with_what_is_overwritten(found, text, asked.where)


def in_either_meaning_of_ones(
    text: str, asked: Asked, suggest: bool
) -> tuple[Diagnosis, int, Asked]:
    """Return the first finding, how many sides there are, and with which meaning of 𝟏 it is so.

    𝟏 is the book's row, or the column that many courses have where only that fits.
    """
    found, count = first_finding(text, asked, suggest)
    if not found.ok and blames_ones(found):
        with_column = asked._replace(where=asked.where.but(column_of_ones=True))
        other, others = first_finding(text, with_column, suggest)
        if other.ok or (found.verdict == "shape" and other.verdict != "shape"):
            said = "𝟏 is read as a column of ones; in the book it is a row."
            return with_remark(other, said), others, with_column
    return found, count, asked


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
    if found.suggestion is None:
        return found
    mended = mended_as_a_whole(text, found.suggestion, asked, count)
    if mended is not None:
        mended = tidy(text, with_names(text, mended), asked)
    return replace(found, suggestion=mended)


def found_as_typed(found: Diagnosis, attempt: str, plain: bool, table: Table) -> Diagnosis:
    """Return the diagnosis with the attempt and its parts as they were typed, where that can be."""
    if plain:
        return in_plain_text(found, attempt, table)
    if not found.ok and found.notation == "numpy" and is_other_code(attempt):
        found = with_remark(found, IN_NUMPY)
    return held_as_before(unmarked(found, attempt), holders(attempt))


def with_what_is_beside(found: Diagnosis, text: str, attempt: str, where: Setting) -> Diagnosis:
    """Return the diagnosis of a right formula with what is said of sizes in it and beside it."""
    if found.ok and found.notation == "book":
        found = with_numbers_for_sizes(found, text, where.table)
    return with_shapes_beside(found, attempt, where) if found.ok else found


def with_readers_signs(found: Diagnosis, attempt: str, asked: Asked) -> Diagnosis:
    """Return the diagnosis of a formula whose suggestion has the reader's own signs, X for x."""
    if found.notation == "numpy" or found.suggestion is None:
        return found
    own = in_readers_signs(found.suggestion, attempt, found.notation == "plain")
    try:
        text = as_here(own, asked.where.table).text
    except EquationError:
        return found
    is_read = own != found.suggestion and is_right(text, asked)
    return replace(found, suggestion=own) if is_read else found


def with_rows_apart(text: str, asked: Asked) -> str:
    """Return LaTeX whose rows that begin with a minus are rows of their own, if it is right so.

    Below a row that names the target such a row goes on with it.
    """
    apart = LEADING_MINUS.sub(lambda match: OWN_ROW, text)
    if apart == text or is_right(text, asked) or not is_right(apart, asked):
        return text
    equations, _ = read(apart, asked.where.table)
    is_named = any(named_by(equation, asked.goal)[0] == asked.goal for equation in equations)
    return text if is_named else apart


def with_order_of_lines(found: Diagnosis, text: str, table: Table) -> Diagnosis:
    """Return the diagnosis of right code with a remark on a line that stands too low to run."""
    if not (name := early_name(text, table)):
        return found
    said = f"Python reads from the top: {name} is used above the line that says what it is."
    return with_remark(found, said)


def with_numbers_for_sizes(found: Diagnosis, text: str, table: Table) -> Diagnosis:
    """Return the diagnosis of a right formula with a remark on sums that end at a number."""
    said = [
        f"A sum has {number} terms: it is right where {size} is {number}."
        for size, number in numbers_for_sizes(text, table).items()
    ]
    return with_remark(found, " ".join(said))


def with_shapes_beside(found: Diagnosis, attempt: str, where: Setting) -> Diagnosis:
    """Return the diagnosis of a right formula that has a false shape written beside it."""
    for part, rules, sizes in said_shapes(attempt, where.table):
        if has_letters(part) and free_letters(part):
            continue
        try:
            shapes = [evaluate(part, network.arrays(rules)).shape for network in where.ordinary]
        except (DoesNotFit, EquationError):
            continue
        if where.setup != "batch" and "N" in sizes:
            continue  # said of a batch, which one row may be
        networks = zip(shapes, where.ordinary, strict=True)
        if not all(fits(sizes, shape, network.point.sizes) for shape, network in networks):
            said = (
                "The formula is right, but a shape that is written beside it isn't: it is "
                f"{where.shape_name(shapes)}, not {'×'.join(sizes)}."
            )
            return replace(found, ok=False, verdict="shape", message=said)
    return found


def with_lines_that_end(found: Diagnosis, text: str, asked: Asked, suggest: bool) -> Diagnosis:
    """Return the diagnosis of wrong code that is right if a line went on where it ends."""
    joined = SIGN_FIRST.sub(r" \1", text)
    if joined == text or not is_right(joined, asked):
        return found
    said = "Python ends a formula at the end of its line; the next one, which begins with a sign, "
    said += "is a formula of its own."
    return replace(with_remark(found, said), suggestion=joined if suggest else None)


def with_remark(found: Diagnosis, said: str) -> Diagnosis:
    """Return the diagnosis with one more remark."""
    return replace(found, remark=f"{found.remark} {said}".strip())


def without_the_answer(found: Diagnosis) -> Diagnosis:
    """Return the diagnosis with a hint in the place of what holds the right formula."""
    return replace(
        found,
        mistake=found.mistake and without_answer(found.mistake),
        remark=titles_without_answer(found.remark),
    )


def with_what_is_overwritten(found: Diagnosis, text: str, where: Setting) -> Diagnosis:
    """Return the diagnosis of wrong code with a remark on a line that makes x another array."""
    at = where.ordinary[0].arrays("numpy")
    for symbol, made in overwritten(text, where.table):
        try:
            same = close(evaluate(made, at), evaluate(symbol, at))
        except (DoesNotFit, EquationError):
            same = False
        is_update = found.mistake is not None and found.mistake.name == "updated weights"
        if not same and not is_update:
            line = text.split("\n")[text.count("\n", 0, made.span[0])].strip()
            said = f"{shown_name(symbol)} is given, and a line overwrites it: {line}."
            return with_remark(found, said)
    return found


def blames_ones(found: Diagnosis) -> bool:
    """Tell whether what doesn't fit has 𝟏 in it."""
    blamed = found.first_wrong
    return "𝟏" in found.message or (blamed is not None and ONES in blamed.text)


def is_right(text: str, asked: Asked) -> bool:
    """Tell whether a text can be read and is right."""
    try:
        return first_finding(text, asked, suggest=False)[0].ok
    except EquationError:
        return False


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


def updates_last(text: str) -> str:
    """Return lines of which those that update a parameter, W2 -= … or W2 = W2 - …, come last."""
    lines = [line for line in text.split("\n") if line.strip()]
    updates = [line for line in lines if UPDATE.match(line)]
    return "\n".join([line for line in lines if line not in updates] + updates)


def unmarked(found: Diagnosis, typed: str) -> Diagnosis:
    """Return the diagnosis without the signs that its text got to be read as it is meant."""
    sentence, is_quoted, _ = found.message.partition("\n")
    if is_quoted and found.first_wrong is not None:
        error = EquationError(sentence, found.attempt, found.first_wrong.span)
        found = replace(found, message=str(as_typed(error, typed)))
    first = found.first_wrong
    return replace(
        found,
        attempt=without_marks(found.attempt),
        trace=tuple(step._replace(text=without_marks(step.text)) for step in found.trace),
        first_wrong=first and first._replace(text=without_marks(first.text)),
        suggestion=found.suggestion and without_marks(found.suggestion),
    )


def held_as_before(found: Diagnosis, names: dict[str, str]) -> Diagnosis:
    """Return the diagnosis of code with each array where the reader holds it: cache["A1"]."""
    if found.notation != "numpy" or not names:
        return found
    first, message = found.first_wrong, found.message
    attempt = in_holders(found.attempt, names)
    if first is not None:
        text = in_holders(first.text, names)
        message = message.replace(f"In {first.text} the", f"In {text} the")
        words, colon, part = first.so_far.partition(": ")
        start = attempt.find(text)
        so_far = words + colon + in_holders(part, names)
        first = FirstWrong(text, (start, start + len(text)), so_far)
    return replace(
        found,
        attempt=attempt,
        message=message,
        trace=tuple(step._replace(text=in_holders(step.text, names)) for step in found.trace),
        first_wrong=first,
        suggestion=found.suggestion and in_holders(found.suggestion, names),
    )


def in_plain_text(found: Diagnosis, attempt: str, table: Table) -> Diagnosis:
    """Return the diagnosis of a formula in plain text with every part of it as plain text."""
    names = names_given(found.attempt, table)
    first = found.first_wrong
    if first is not None:
        text = as_plain_text(first.text, table, names)
        start = attempt.find(text)
        span = (start, start + len(text)) if start >= 0 else (0, len(attempt))
        words, colon, part = first.so_far.partition(": ")
        so_far = words + colon + (as_plain_text(part, table, names) if part else "")
        first = FirstWrong(text, span, so_far)
    return replace(
        found,
        attempt=attempt,
        # What is quoted below a sentence is LaTeX; the first wrong step says where it is.
        message=re.sub(r"\\sum_(\w)", r"Σ_\1", found.message.partition("\n")[0]),
        notation="plain",
        trace=tuple(
            step._replace(text=as_plain_text(step.text, table, names)) for step in found.trace
        ),
        first_wrong=first,
        suggestion=found.suggestion and as_plain_text(found.suggestion, table, names),
    )


class Finding(NamedTuple):
    """What is found about one side: its diagnosis, if it is judged, and what it is besides.

    `undivided` says which derivative it is N times of, where the loss is a mean; `returned` which
    other one a last line gives back.
    """

    claim: Claim
    diagnosis: Diagnosis | None
    undivided: str = ""
    returned: str = ""


def first_finding(attempt: str, asked: Asked, suggest: bool) -> tuple[Diagnosis, int]:
    """Return the diagnosis of the first side that is wrong, or of the last, and how many there are.

    A side that is right on ordinary inputs comes after all that are wrong, and after the target's.
    Raises EquationError for what can't be read.
    """
    equations, rules = read(attempt, asked.where.table)
    refuse_what_is_not_asked(equations, rules, attempt, asked)
    stated = list(claims(equations, asked.goal))
    findings = []
    unstable = None
    for claim in stated:
        finding = finding_of(claim, attempt, rules, asked, suggest)
        found = finding.diagnosis
        if found is not None and not found.ok:
            if found.verdict != "numerically unstable" or claim.goal == asked.goal:
                return found, len(stated)
            unstable = unstable or found
        findings.append(finding)
    if unstable is not None:
        return unstable, len(stated)
    judged = [finding for finding in findings if finding.diagnosis is not None]
    if not judged:
        raise EquationError("there is a name but no formula for it", attempt)
    about = [finding for finding in judged if finding.claim.goal == asked.goal]
    result = (about or judged)[-1].diagnosis
    wrong = wrong_besides(result, equations, rules, asked, suggest)
    return wrong or with_remarks(result, findings), len(stated)


def refuse_what_is_not_asked(
    equations: list[Equation], rules: Rules, attempt: str, asked: Asked
) -> None:
    """Refuse code that doesn't say which value is the answer, and lines of another network."""
    if rules == "numpy":
        refuse_slope_of_another(attempt, asked.where)
    is_named = any(named_by(equation, asked.goal)[0] == asked.goal for equation in equations)
    unnamed = None
    if rules == "numpy" and not is_named:
        unnamed = unnamed_answer(attempt, asked.where.table)
    if unnamed:
        raise EquationError(
            f"which of these values is {shown_name(asked.goal)}? Give that one a line of its own: "
            f"{asked.target.replace('dJ_d', 'd')} = …",
            attempt,
            unnamed,
        )
    for equation in equations if is_named else equations[:-1]:
        refuse_another_network(equation, asked.where, rules, attempt)


def finding_of(claim: Claim, attempt: str, rules: Rules, asked: Asked, suggest: bool) -> Finding:
    """Return what is found about one side; one that says nothing to be judged has no diagnosis."""
    where = asked.where
    if claim.on_the_way and not is_other_answer(claim, where, rules):
        return Finding(claim, None)
    refuse_circular(claim.side, asked.goal, attempt)
    try:
        side = in_array_form(claim, where.table)
        here = of_the_sum(claim, side, where, rules)
        judged = Judged(attempt, claim.goal, side, here, rules, claim.place)
    except ShapeError as error:
        return Finding(claim, misfit_of_letters(attempt, claim, error, asked, suggest))
    if rules == "numpy" and claim.goal != asked.goal and is_of_each_row(judged):
        return Finding(claim, None)
    if claim.last and (other := other_gradient(judged)):
        return Finding(claim, None, returned=f"The last line is {other}.")
    found = diagnosed(judged, asked.target, suggest)
    if not found.ok and claim.called is not None:
        found = of_another(found, judged, claim.called)
    is_undivided = found.ok and here is not where
    undivided = f"{claim.own_name} is N·{shown_name(claim.goal)}" if is_undivided else ""
    return Finding(claim, found, undivided)


def in_array_form(claim: Claim, table: Table) -> Node:
    """Return the side that is claimed; one in indices as the array that it says the entries of."""
    side = claim.side
    if has_letters(side) and (free_letters(side) or claim.letters):
        return as_array(side, claim.goal, claim.letters, table)
    return side


def wrong_besides(
    result: Diagnosis, equations: list[Equation], rules: Rules, asked: Asked, suggest: bool
) -> Diagnosis | None:
    """Return the diagnosis of a text that is wrong elsewhere than in what it says of derivatives.

    A line that nothing uses doesn't fit, the answer has another name, or Python raises.
    """
    attempt = result.attempt
    if (misfit := misfitting_part(attempt, asked.goal, asked.where, rules)) is not None:
        found = diagnosed(misfit, asked.target, suggest=False)
        if suggest:
            texts = (*made_to_fit(misfit), without_line(attempt, misfit.root.span[0], rules))
            mended = (text for text in texts if is_right(text, asked))
            found = replace(found, suggestion=next(mended, None))
        return found
    if called := another_name(equations, asked.goal, rules):
        said = f"{result.message.removesuffix('.')}, but the line says that it is {called}."
        return replace(result, ok=False, verdict="another quantity", message=said)
    return raised_in_python(attempt, asked, suggest) if rules == "numpy" else None


def with_remarks(result: Diagnosis, findings: list[Finding]) -> Diagnosis:
    """Return the diagnosis of a right text with what is worth saying of its other lines."""
    if undivided := ", ".join(each.undivided for each in findings if each.undivided):
        said = f"{undivided} here; the 1/N comes with a later line."
        result = with_remark(result, said)
    for finding in findings:
        if finding.returned:
            result = with_remark(result, finding.returned)
    return result


def without_line(text: str, place: int, rules: Rules) -> str:
    """Return a derivation without the line, or the row of LaTeX, that has this place."""
    end = "\n" if rules == "numpy" else r"\\"
    lines = text.split(end)
    del lines[text.count(end, 0, place)]
    return end.join(lines).strip()


def misfitting_part(attempt: str, goal: Partial, where: Setting, rules: Rules) -> Judged | None:
    """Return the first part with a name of its own whose shapes don't fit, though none uses it."""
    parts = own_parts(attempt, where.table, rules)
    whole = [part for part in parts if not (has_letters(part) and free_letters(part))]
    for part in (part for part in parts if has_letters(part) and free_letters(part)):
        try:
            point(where.table, 0).evaluation().side(part)
        except ShapeError as error:
            raise EquationError(error.message, attempt, error.span) from None
    misfit = first_misfit(whole, where.ordinary[0].arrays(rules))
    return None if misfit is None else Judged(attempt, goal, misfit, where, rules)


def raised_in_python(attempt: str, asked: Asked, suggest: bool) -> Diagnosis | None:
    """Return the diagnosis of right code in which Python raises: shapes are asked for otherwise."""
    where = asked.where
    found: list[dict[int, Array]] = [{} for _ in where.ordinary]
    for demand in demands(attempt, where.table):
        try:
            values = [
                [value_with_parts(part, network.arrays("numpy"), known) for part in demand.parts]
                for network, known in zip(where.ordinary, found, strict=True)
            ]
        except (DoesNotFit, EquationError):
            continue
        if all(demand.holds(*parts) for parts in values):
            continue
        shapes = [
            where.shape_name([value.shape for value in part]) for part in zip(*values, strict=True)
        ]
        start, end = demand.span
        line = attempt[start:end]
        message = f"In {line} {demand.words.format(*shapes)}."
        instead = attempt[:start] + demand.instead + attempt[end:]
        right = suggest and demand.instead and is_right(instead, asked)
        first = FirstWrong(line, demand.span, "")
        return Diagnosis(attempt, asked.target, False, demand.verdict, message, first_wrong=first,
                         suggestion=instead if right else None)  # fmt: skip
    return None


def is_of_each_row(judged: Judged) -> bool:
    """Tell whether a line of a batch's code says what a local Jacobian is made of in each row.

    All of it has four axes or five, and nobody writes that: dh_dz1 = h * (1 - h) are its diagonals.
    """
    text = OF_EACH_ROW.get((judged.goal.of.name, judged.goal.by.name))
    if judged.where.setup != "batch" or judged.error is not None or text is None:
        return False
    tree = parse_numpy(text, judged.where.table)[-1].sides[-1]
    values = [evaluate(tree, network.numpy) for network in judged.where.ordinary]
    return all(map(close, judged.values, values)) or all(
        close(one.T, other) for one, other in zip(judged.values, values, strict=True)
    )


def of_another(found: Diagnosis, judged: Judged, called: Partial) -> Diagnosis:
    """Return the diagnosis of a line that is right for what it names, which isn't the target."""
    own = Judged(judged.attempt, called, judged.root, judged.where, judged.rules)
    if own.verdict()[0] != "right":
        return found
    said = (
        f"This is {shown_name(called)}, as its line says, and right. The target is "
        f"{shown_name(judged.goal)}."
    )
    mistake = MISTAKES["another quantity"]
    return replace(found, verdict="another quantity", message=said, mistake=mistake,
                   first_wrong=None, suggestion=None)  # fmt: skip


def other_gradient(judged: Judged) -> str:
    """Return the name of the other derivative that a formula is, or ""."""
    known = judged.known(judged.values) if judged.error is None else None
    return shown_name(known) if isinstance(known, Partial) and known != judged.goal else ""


def is_other_answer(claim: Claim, where: Setting, rules: Rules) -> bool:
    """Tell whether a formula above the last line is no step of any right derivation.

    It has no value then, or a multiple of the target's, or it is made of the error and has the
    shape of the weights, as only their gradient has.
    """
    side, goal = claim.side, claim.goal
    if any(claimed_by(node)[0] == goal for node in side.walk()):
        return False
    try:
        if has_letters(side) and free_letters(side):
            side = as_array(side, goal, (), where.table)
        judged = Judged("", goal, side, where, rules)
    except EquationError:
        return False
    if judged.error is not None:
        return True
    if not judged.same_shapes() or on_a_route(judged.values, where, rules):
        return False
    of_weights = goal.by.name[0] == "W" and bool(symbols_in(side) & {"y", "J"})
    return of_weights or judged.ratio() is not None


def of_the_sum(claim: Claim, side: Node, where: Setting, rules: Rules) -> Setting:
    """Return the setting of the summed loss for a line that may leave the 1/N to a later one."""
    divided = any(
        node == Symbol("N") or isinstance(node, SizeOf) or is_call(node, "mean")
        for node in claim.side.walk()
    )
    if where.loss == "sum" or not claim.own_name or divided:
        return where
    judged = Judged("", claim.goal, side, where, rules)
    return where if judged.verdict()[0] == "right" else where.but(loss="sum")


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


def misfit_of_letters(
    attempt: str, claim: Claim, error: ShapeError, asked: Asked, suggest: bool
) -> Diagnosis:
    """Diagnose a formula in indices whose letters don't fit; nothing in it has a value."""
    sentence = f"{error.message[0].upper()}{error.message[1:]}."
    start, end = error.span
    # LaTeX's \\left stands before the bracket that it belongs to.
    start = len(LEFT.sub("", attempt[:start]))
    where, suggestion = asked.where, None
    if suggest:
        suggestion = with_other_letters(attempt, claim.goal, claim.letters, claim.side, where)
    mistake = MISTAKES[mistake_of_letters(claim.goal, claim.letters, claim.side, where)]
    return Diagnosis(
        attempt,
        asked.target,
        ok=False,
        verdict="shape",
        message=str(EquationError(sentence, attempt, error.span)),
        first_wrong=FirstWrong(attempt[start:end], (start, end), ""),
        mistake=mistake.of(claim.goal),
        suggestion=suggestion,
        notation="book",
    )


def refuse_another_network(equation: Equation, where: Setting, rules: Rules, attempt: str) -> None:
    """Refuse a line such as h = tanh(z_1), by which a symbol is another than the network's."""
    first, *others = equation.sides
    if isinstance(first.base if isinstance(first, Indexed) else first, Symbol) and any(
        map(has_letters, others)
    ):
        if others and not check_links(equation, where.table).holds:
            raise EquationError(
                f"in the book's network {plain(first)} is another value", attempt, others[0].span
            )
        return
    if not isinstance(first, Symbol):
        return
    for side in others:
        if rules == "book" and where.setup == "batch":
            ones = Symbol(ONES) if where.column_of_ones else Transpose(Symbol(ONES))
            side = with_biases_repeated(side, ones)
        for network in where.ordinary:
            at = network.arrays(rules)
            try:
                same = close(evaluate(side, at), evaluate(first, at))
            except DoesNotFit:
                same = False
            if not same:
                raise EquationError(
                    f"in the book's network {shown_name(first)} is another value",
                    attempt,
                    side.span,
                )


def refuse_slope_of_another(attempt: str, where: Setting) -> None:
    """Refuse the slope of an activation that the reader's own function has otherwise."""
    at = where.ordinary[0].arrays("numpy")
    for slope in slopes(attempt, where.table):
        try:
            same = close(evaluate(slope.own, at), evaluate(slope.usual, at))
        except (DoesNotFit, EquationError):
            continue  # it says something that has no value here
        if not same:
            raise EquationError(
                f"{slope.called} is read as the book's, and your {slope.activation} is another "
                "function than the book's: say what its slope is",
                attempt,
                slope.span,
            )


def with_biases_repeated(node: Node, ones: Node) -> Node:
    """Return a formula of a batch with the column of ones before each bias, as many leave out."""
    if node in (Symbol("b_1"), Symbol("b_2")):
        return Contract(ones, node, span=node.span)
    if isinstance(node, Contract) and node.left == ones:
        return node
    return node.with_parts(lambda part: with_biases_repeated(part, ones))


def refuse_circular(side: Node, goal: Partial, attempt: str) -> None:
    """Refuse a formula that uses the target to say what the target is."""
    for node in side.walk():
        if claimed_by(node)[0] == goal:
            raise EquationError(
                f"the formula uses {shown_name(goal)} to say what it is", attempt, node.span
            )


def diagnosed(judged: Judged, target: str, suggest: bool) -> Diagnosis:
    """Put together verdict, trace, first wrong step, mistake and suggestion."""
    verdict, message = judged.verdict()
    explanation = Explanation(judged)
    made = {
        "attempt": judged.attempt,
        "target": target,
        "notation": judged.rules,
        "ok": verdict == "right",
        "verdict": verdict,
        "message": message,
        "trace": explanation.trace(),
    }
    if verdict == "right":
        return Diagnosis(**made, remark=explanation.relies_on())
    edit, suggestion = smallest(judged) if suggest else (None, None)
    mistake, also = explanation.mistake(verdict, edit)
    return Diagnosis(
        **made,
        first_wrong=explanation.first_wrong(verdict, edit),
        mistake=mistake,
        suggestion=suggestion,
        remark=also,
    )
