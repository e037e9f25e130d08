"""The shape ledger of an equation, read from the chapter's own text."""

import json
import re
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from mlp_lib.equations.chapters import Display, displays
from mlp_lib.equations.latex import parse_latex
from mlp_lib.equations.ledger_table import as_html, as_text
from mlp_lib.equations.tables import Table
from mlp_lib.equations.texts.plain_text import latex_of_plain
from mlp_lib.equations.trace import Trace, trace
from mlp_lib.equations.tree import EquationError

LABEL = re.compile(r"\$\$[ \t]*\(([^)\s]+)\)")


@dataclass(frozen=True, repr=False)
class Ledger:
    """The traces of one display: a table in a notebook and on the page, text in a terminal."""

    label: str
    verdict: str
    traces: tuple[Trace, ...]
    table: Table

    @property
    def holds(self) -> bool:
        """Tell whether every shape that the text claims and every link holds."""
        return all(each.holds for each in self.traces)

    def __repr__(self) -> str:
        return as_text(self.label, self.verdict, self.traces, self.table)

    def _repr_html_(self) -> str:
        return as_html(self.label, self.verdict, self.traces, self.table)


def ledger(
    label: str = "",
    *,
    latex: str = "",
    plain: str = "",
    table: Table | None = None,
    folder: Path | None = None,
) -> Ledger:
    r"""Return the shape ledger of an equation of the chapters, or of a formula of your own.

    `ledger("eq-dJ-dW1")` reads the display with that label from the notebooks of the current
    folder, or of its folder `chapters`, as they were last saved. `ledger(latex=r"z_1 = x W_1")`
    and `ledger(plain="z₁ = x W₁")` take a formula. `table` is its network, the question's if left
    out. For each sub-expression, in the order of evaluation, the ledger has the shape by names,
    the index order, and the known quantity whose values it has at every network of the table; then
    for each `=` whether shape and value agree.

    Raises TypeError unless one formula is given, and EquationError for a label that no chapter or
    more than one has and for a formula that cannot be read.
    """
    if sum(map(bool, (label, latex, plain))) != 1:
        raise TypeError("ledger: takes a label, or latex=…, or plain=…: one of them")
    display = find(label, folder) if label else Display("", "", latex or latex_of_plain(plain))
    if display.prose:
        raise EquationError(f"{label} is marked as prose: it is not read as a formula")
    table = table or display.table
    traces = tuple(trace(equation, table) for equation in parse_latex(display.text, table))
    holds = all(each.holds for each in traces)
    return Ledger(label or "the formula", verdict(display, holds), traces, table)


def verdict(display: Display, holds: bool) -> str:
    """Say whether the equation holds and, if it is wrong on purpose, why."""
    said = re.search(r"^wrong (?:shape|value): (.+)", "\n".join(display.pragmas), re.MULTILINE)
    if said:
        return "said to be wrong, but it holds" if holds else f"wrong on purpose: {said[1]}"
    return "holds" if holds else "does not hold"


def find(label: str, folder: Path | None = None) -> Display:
    """Return the display with the label, from the notebooks of the folder or of its chapters.

    Only the chapter that has the label is read in full, so a draft elsewhere does no harm.
    """
    folder = folder or Path.cwd()
    paths = sorted(folder.glob("*.ipynb")) or sorted((folder / "chapters").glob("*.ipynb"))
    if not paths:
        raise EquationError(f"{label}: there is no notebook in this folder or in its chapters")
    places = [(each, path) for path in paths for each in LABEL.findall(markdown(path))]
    having = [path for each, path in places if each == label]
    if len(having) > 1:
        chapters = " and ".join(path.stem for path in having)
        raise EquationError(f"{label} is the label of {len(having)} equations, in {chapters}")
    if not having:
        known = sorted({each for each, _ in places})
        close = get_close_matches(label, known, n=3, cutoff=0.5)
        hint = f"close to it: {', '.join(close)}" if close else f"none of {len(known)} is close"
        raise EquationError(f"no equation has the label {label}; {hint}")
    return next(each for each in displays(having[0]) if each.label == label)


def markdown(path: Path) -> str:
    """Return the text of a notebook without its code."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return "\n".join("".join(each["source"]) for each in cells if each["cell_type"] == "markdown")
