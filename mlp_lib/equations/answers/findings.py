"""What is found wrong in a text: each side of it is judged, and what Python asks besides."""

from contextlib import suppress
from dataclasses import replace
from typing import NamedTuple

from mlp_lib.equations.answers.answer import Asked, Diagnosis, with_remark
from mlp_lib.equations.answers.claims import Claim, another_name, claims, named_by
from mlp_lib.equations.answers.edits import LEFT
from mlp_lib.equations.answers.explaining import Explanation, FirstWrong
from mlp_lib.equations.answers.identities import are_same, with_biases_repeated, wrong_identity
from mlp_lib.equations.answers.judging import Judged, first_misfit, value_with_parts
from mlp_lib.equations.answers.mistakes import ANYWHERE, MISTAKES, mistake_in
from mlp_lib.equations.answers.recognition import is_call, symbols_in
from mlp_lib.equations.answers.search import made_to_fit, smallest
from mlp_lib.equations.answers.search_in_letters import mistake_of_letters, with_other_letters
from mlp_lib.equations.answers.stable_softmax import with_row_maximum
from mlp_lib.equations.answers.updates import updates_last
from mlp_lib.equations.arrays import Array, DoesNotFit, Rules, evaluate
from mlp_lib.equations.check import check_links
from mlp_lib.equations.evaluate import ShapeError, point
from mlp_lib.equations.letters import as_array, claimed_by, free_letters, has_letters, odd_one
from mlp_lib.equations.numpy_code.reader import demands, parse_numpy, slopes, unnamed_answer
from mlp_lib.equations.printing import plain
from mlp_lib.equations.routes import close, on_a_route, shown_name
from mlp_lib.equations.setting import Setting
from mlp_lib.equations.tables import Table
from mlp_lib.equations.texts.reading import own_parts, read, said_twice
from mlp_lib.equations.tree import (
    Equation,
    EquationError,
    Indexed,
    Node,
    Partial,
    SizeOf,
    Span,
    Symbol,
)

# What code for a batch has of each row's local Jacobian: its diagonal, or what all rows share.
OF_EACH_ROW = {
    ("h", "z_1"): "h * (1 - h)", ("z_2", "h"): "W2.T", ("z_1", "x"): "W1.T",
    ("z_1", "W_1"): "x", ("z_2", "W_2"): "h",
}  # fmt: skip


def is_right(text: str, asked: Asked) -> bool:
    """Tell whether a text can be read and is right."""
    try:
        return first_finding(text, asked, suggest=False)[0].ok
    except EquationError:
        return False


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
    count = sum(claim.equals is None for claim in stated)
    findings = []
    unstable = None
    others = other_codes(attempt, rules, asked) if suggest else []
    for claim in stated:
        finding = finding_of(claim, attempt, rules, asked, suggest and not others)
        found = finding.diagnosis
        if found is not None and not found.ok:
            if found.verdict != "numerically unstable" or claim.goal == asked.goal:
                return mended(claim, found, others, rules, asked), count
            unstable = unstable or (claim, found)
        findings.append(finding)
    if unstable is not None:
        return mended(*unstable, others, rules, asked), count
    judged = [finding for finding in findings if finding.diagnosis is not None]
    if not judged:
        raise EquationError("there is a name but no formula for it", attempt)
    about = [finding for finding in judged if finding.claim.goal == asked.goal]
    result = (about or judged)[-1].diagnosis
    wrong = wrong_besides(result, equations, rules, asked, suggest)
    return wrong or with_remarks(result, findings), count


def other_codes(attempt: str, rules: Rules, asked: Asked) -> list[str]:
    """Return the code with its updates last, and with each row's maximum taken off its logits."""
    if rules != "numpy":
        return []
    stable = list(with_row_maximum(attempt, asked.where.setup))
    later = updates_last(attempt)
    is_moved = later.split("\n") != [line for line in attempt.split("\n") if line.strip()]
    return [later, *stable] if is_moved else stable


def mended(
    claim: Claim, found: Diagnosis, others: list[str], rules: Rules, asked: Asked
) -> Diagnosis:
    """Return the diagnosis of a wrong side with one of the other codes, if that is right.

    If there are some and none is right, the search for a fix is still to be done.
    """
    for code in others:
        if is_right(code, asked):
            is_told = found.mistake is not None and found.mistake.name == "updated weights"
            is_unstable = found.verdict == "numerically unstable"
            mistake = found.mistake if is_told or is_unstable else None
            return replace(found, suggestion=code, mistake=mistake)
    later = updates_last(found.attempt)
    for code in (each for each in others if each != later):
        other, _ = first_finding(code, asked, suggest=True)
        if other.verdict == found.verdict and other.suggestion is not None:
            return with_found_in_other(found, other)
    if not others:
        return found
    return finding_of(claim, found.attempt, rules, asked, suggest=True).diagnosis or found


def with_found_in_other(found: Diagnosis, other: Diagnosis) -> Diagnosis:
    """Return the diagnosis of code with what is found in other code that has only one fault."""
    first, text = found.first_wrong, other.first_wrong and other.first_wrong.text
    if text and found.attempt.count(text) == 1:
        start = found.attempt.index(text)
        first = other.first_wrong._replace(span=(start, start + len(text)))
    mistakes = [each for each in (other.mistake, found.mistake) if each is not None]
    known = [each for each in mistakes if each.name not in ANYWHERE]
    mistake = next(iter(known or mistakes), None)
    return replace(found, suggestion=other.suggestion, first_wrong=first, mistake=mistake)


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
    for name, both in said_twice(attempt, asked.where.table, rules):
        if not are_same(both, asked.where, rules):
            said = f"{plain(name)} is said twice, and not the same both times"
            raise EquationError(said, attempt, name.span)
    for equation in equations if is_named else equations[:-1]:
        refuse_another_network(equation, asked.where, rules, attempt)


def finding_of(claim: Claim, attempt: str, rules: Rules, asked: Asked, suggest: bool) -> Finding:
    """Return what is found about one side; one that says nothing to be judged has no diagnosis."""
    where = asked.where
    if claim.equals is not None:
        return Finding(claim, wrong_identity(claim, attempt, rules, asked, suggest))
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


def misfit_of_letters(
    attempt: str, claim: Claim, error: ShapeError, asked: Asked, suggest: bool
) -> Diagnosis:
    """Diagnose a formula in indices whose letters don't fit; nothing in it has a value."""
    sentence = f"{error.message[0].upper()}{error.message[1:]}."
    start, end = misfit_in_side(attempt, claim, error, asked.where.table)
    # LaTeX's \\left stands before the bracket that it belongs to.
    start = len(LEFT.sub("", attempt[:start]))
    where, suggestion = asked.where, None
    if suggest:
        suggestion = with_other_letters(attempt, claim, where)
    mistake = MISTAKES[mistake_of_letters(claim.goal, claim.letters, claim.side, where)]
    return Diagnosis(
        attempt,
        asked.target,
        ok=False,
        verdict="shape",
        message=str(EquationError(sentence, attempt, (start, end))),
        first_wrong=FirstWrong(attempt[start:end], (start, end), ""),
        mistake=mistake_in(mistake, claim.goal),
        suggestion=suggestion,
        notation="book",
    )


def misfit_in_side(attempt: str, claim: Claim, error: ShapeError, table: Table) -> Span:
    """Return where the letters don't fit: in the side, or in a part with a name that has no value.

    What a name stands for may fit in its own row, and its name not where it is used.
    """
    side, (first, last) = claim.side, claim.side.span
    with suppress(EquationError):
        odd = odd_one(side, claim.goal, claim.letters, table)
        if odd is not None and first <= odd.span[0] < last:
            return odd.span
    if first <= error.span[0] < last:
        return error.span
    for part in own_parts(attempt, table, "book"):
        try:
            point(table, 0).evaluation().side(part)
        except ShapeError as own_error:
            is_inside = part.span[0] <= own_error.span[0] < part.span[1]
            return own_error.span if is_inside else part.span
        except EquationError:
            continue  # it has no value for another reason
    return claim.side.span


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
        side = with_biases_repeated(side, where, rules)
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
