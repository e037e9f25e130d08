"""What the clinic answers, as one value: verdict, message, trace, mistake and suggestion."""

from dataclasses import dataclass, replace
from typing import Literal, NamedTuple

from mlp_lib.equations.answers.explaining import FirstWrong, Step
from mlp_lib.equations.answers.mistakes import Mistake
from mlp_lib.equations.arrays import Rules
from mlp_lib.equations.setting import Setting
from mlp_lib.equations.tree import Partial

Notation = Literal[Rules, "plain"]
#: Every verdict that a diagnosis can have.
VERDICTS = (
    "right", "right for one example only", "shape", "transposed", "broadcast", "sign", "factor",
    "another quantity", "value", "numerically unstable", "ambiguous grouping", "unusable input",
)  # fmt: skip


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


def with_remark(found: Diagnosis, said: str) -> Diagnosis:
    """Return the diagnosis with one more remark."""
    return replace(found, remark=f"{found.remark} {said}".strip())
