"""The diagnosis of a reader's formula: its verdict, its first wrong step, and the smallest fix.

The formula is parsed, never executed. It is judged at several random networks of pairwise different
sizes against derivatives taken by complex step, and at extreme ones; a suggestion is shown only
after it has been judged right in the same way.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple

from mlp_lib.equations.arrays import Rules
from mlp_lib.equations.evaluate import ShapeError
from mlp_lib.equations.explaining import Explanation, FirstWrong, Step
from mlp_lib.equations.judging import Judged
from mlp_lib.equations.letters import as_array, claimed_by, has_letters
from mlp_lib.equations.mistakes import MISTAKES, Mistake
from mlp_lib.equations.reading import read, without_plain_text
from mlp_lib.equations.routes import shown_name
from mlp_lib.equations.search import smallest, with_other_letters
from mlp_lib.equations.setting import Labels, Loss, Setting, Setup, setting
from mlp_lib.equations.tree import Claim as Underbraced
from mlp_lib.equations.tree import Equation, EquationError, Node, Partial

VERDICTS = (
    "right", "right for one example only", "shape", "transposed", "broadcast", "sign", "factor",
    "another quantity", "value", "numerically unstable", "ambiguous grouping", "unusable input",
)  # fmt: skip


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
    notation: Rules = "numpy"

    def __str__(self) -> str:
        from mlp_lib.equations.diagnosis_shown import as_text

        return as_text(self)

    __repr__ = __str__

    def _repr_html_(self) -> str:
        from mlp_lib.equations.diagnosis_shown import as_html

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

    Raises TypeError for an attempt that is no text, ValueError for a target, setup, loss or labels
    that there is none of. An attempt that can't be read gets the verdict "unusable input".
    """
    if not isinstance(attempt, str):
        raise TypeError(
            f"attempt is {type(attempt).__name__}, expected the formula's text, because it is "
            "read and never executed"
        )
    where = setting(setup, loss, labels)
    goal = where.target(target)
    try:
        attempt = without_plain_text(attempt)
        equations, rules = read(attempt, where.table)
        result = None
        stated = list(claims(equations, goal))
        for claim in stated:
            refuse_circular(claim.side, goal, attempt)
            side = claim.side
            if has_letters(side):
                try:
                    side = as_array(side, claim.goal, claim.letters, where.table)
                except ShapeError as error:
                    return misfit_of_letters(attempt, target, claim, where, error)
            judged = Judged(attempt, claim.goal, side, where, rules, claim.place)
            result = diagnosed(judged, target, suggest)
            if not result.ok:
                if len(stated) > 1 and result.suggestion is not None:
                    # The first wrong link is mended; the others are judged and mended in turn.
                    mended = diagnose(
                        result.suggestion, target, setup=setup, loss=loss, labels=labels
                    )
                    if not mended.ok:
                        result = replace(result, suggestion=mended.suggestion)
                break
        if result is None:
            raise EquationError("there is a name but no formula for it", attempt)
        return result
    except EquationError as error:
        shown = EquationError(error.message, error.text or attempt, error.span)
        return Diagnosis(attempt, target, False, "unusable input", str(shown))


class Claim(NamedTuple):
    """A side, the derivative that it is said to be, with its letters, and where the side stands."""

    goal: Partial
    letters: tuple[str, ...]
    side: Node
    place: tuple[int, int]


def claims(equations: list[Equation], goal: Partial) -> Iterator[Claim]:
    """Yield each side with what it is said to be; the last line is about the target."""
    for number, equation in enumerate(equations):
        first = equation.sides[0]
        claimed, letters = claimed_by(first.body if isinstance(first, Underbraced) else first)
        named = claimed is not None and len(equation.sides) > 1
        last = number == len(equations) - 1
        for place, side in enumerate(equation.sides):
            if not (named and place == 0):
                wanted = goal if last or not named else claimed
                yield Claim(wanted, letters if named else (), side, (number, place))


def misfit_of_letters(
    attempt: str, target: str, claim: Claim, where: Setting, error: ShapeError
) -> Diagnosis:
    """Diagnose a formula in indices whose letters don't fit; nothing in it has a value."""
    shown = EquationError(error.message, attempt, error.span)
    start, end = error.span
    return Diagnosis(
        attempt,
        target,
        ok=False,
        verdict="shape",
        message=str(shown),
        first_wrong=FirstWrong(attempt[start:end], error.span, ""),
        mistake=MISTAKES["index letters"],
        suggestion=with_other_letters(attempt, claim.goal, claim.letters, claim.side, where),
        notation="book",
    )


def refuse_circular(side: Node, goal: Partial, attempt: str) -> None:
    """Refuse a formula that uses the target to say what the target is."""
    for node in side.walk():
        if node == goal:
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
        first_wrong=explanation.first_wrong(edit),
        mistake=mistake,
        suggestion=suggestion,
        remark=also,
    )
