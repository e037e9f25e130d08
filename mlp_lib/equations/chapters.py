"""The display equations of a chapter or a page, read from its own text."""

import json
import re
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple

from mlp_lib.equations.check import Report, check
from mlp_lib.equations.conventions import columns, denominator, numerator, out_in
from mlp_lib.equations.tables import Table, deep, question
from mlp_lib.equations.tree import EquationError

DISPLAY = re.compile(r"^\$\$[ \t]*\n(?P<text>.*?)\n\$\$[ \t]*(?:\((?P<label>[^)]+)\))?[ \t]*$",
                     re.MULTILINE | re.DOTALL)  # fmt: skip
FENCE = re.compile(r"^(`{3,}|~{3,})(.*)$")
ANY_DISPLAY = re.compile(r"\$\$|^\\begin\{|^`{3,}\{math\}", re.MULTILINE)
PRAGMA = re.compile(r"^\s*%\s*(?P<words>.*?)\s*$", re.MULTILINE)


# What `% network: …` may name: networks, and conventions in which a network is written.
NETWORKS: dict[str, Callable[[str, str], Table]] = {
    "question": question,
    "tanh": partial(question, activation=r"\tanh"),
    "relu": partial(question, activation=r"\operatorname{relu}"),
    "deep": deep,
}
CONVENTIONS = {
    "columns": columns,
    "out-in": out_in,
    "numerator layout": numerator,
    "denominator layout": denominator,
}


def table_of(names: Sequence[str], rows: str, reduction: str) -> Table:
    """Return the table of the network and the conventions that are named, the question's if none.

    Raises EquationError for a name that isn't known, and for two networks.
    """
    networks = [name for name in names if name in NETWORKS]
    unknown = [name for name in names if name not in NETWORKS and name not in CONVENTIONS]
    if unknown or len(networks) > 1:
        raise EquationError(
            f"network: {', '.join(names)}; known are one of {', '.join(NETWORKS)},"
            f" and the conventions {', '.join(CONVENTIONS)}"
        )
    table = NETWORKS[networks[0] if networks else "question"](rows, reduction)
    for name in names:
        if name in CONVENTIONS:
            table = CONVENTIONS[name](table)
    return table


class Display(NamedTuple):
    """One display equation: its chapter, its label and its LaTeX with the comments in it."""

    chapter: str
    label: str
    text: str

    @property
    def pragmas(self) -> list[str]:
        """Return what the comment lines say."""
        return [match["words"] for match in PRAGMA.finditer(self.text)]

    @property
    def prose(self) -> bool:
        """Tell whether it is marked as prose, with a reason."""
        return any(re.match(r"prose: \S", words) for words in self.pragmas)

    @property
    def wrong(self) -> str:
        """Return "shape" or "value" for an equation that is wrong on purpose, else ""."""
        found = [re.match(r"wrong (shape|value): \S", words) for words in self.pragmas]
        return next((match[1] for match in found if match), "")

    @property
    def table(self) -> Table:
        """Return the table that the comments name: the network, and one row or a batch.

        Raises EquationError for the name of a network that isn't known.
        """
        rows, reduction, networks = "1", "sum", ["question"]
        for words in self.pragmas:
            if words in ("batch", "batch mean"):
                rows, reduction = "N", "mean" if words.endswith("mean") else "sum"
            elif words.startswith("network:"):
                networks = words.removeprefix("network:").split(",")
        return table_of([name.strip() for name in networks], rows, reduction)


def displays(path: Path) -> Iterator[Display]:
    """Yield the display equations of a notebook or a Markdown page, in the order of its text.

    Raises EquationError for a display in a form that isn't read, so that none goes unchecked.
    """
    for text in texts(path):
        source = without_code(text)
        for match in DISPLAY.finditer(source):
            yield Display(path.stem, match["label"] or "", match["text"])
        if left := ANY_DISPLAY.search(DISPLAY.sub("", source)):
            raise EquationError(
                f"{path.stem}: a display equation is $$ on a line of its own, the formula, and"
                f" $$ (label); found {left.group()}"
            )


def texts(path: Path) -> list[str]:
    """Return the text of a Markdown page, or of each text cell of a notebook."""
    content = path.read_text(encoding="utf-8")
    if path.suffix == ".md":
        return [content]
    cells = json.loads(content)["cells"]
    return ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown"]


def without_code(source: str) -> str:
    """Return the text without its fenced code; what stands in a directive's fences is text too."""
    kept, fences = [], []  # the open fences, each with whether it is a directive's
    for line in source.split("\n"):
        match = FENCE.match(line)
        in_code = bool(fences) and not fences[-1][1]
        if match and fences and match[1].startswith(fences[-1][0]) and not match[2].strip():
            fences.pop()
        elif match and not in_code:
            fences.append((match[1], match[2].startswith("{")))
        elif not in_code:
            kept.append(line)
    return "\n".join(kept)


def judge(display: Display) -> Report:
    """Check one display equation as its label and comments say.

    An equation without a label is refused unless it is prose; one that is wrong on purpose must
    fail for the reason that it states.
    """
    if display.prose:
        return Report(True)
    if not display.label:
        return Report(False, "label", "a display equation without a label, and not marked as prose")
    if bool(display.wrong) != display.label.startswith("wrong-"):
        return Report(
            False, "label", "the label starts with wrong- and the comment says why, or neither"
        )
    try:
        report = check(display.text, display.table)
    except EquationError as error:
        return Report(False, "unreadable", str(error))
    if not display.wrong:
        return report
    if report.failure == display.wrong:
        return Report(True)
    return Report(
        False,
        "label",
        f"said to be wrong by its {display.wrong}, but the check says: "
        f"{report.failure or 'it holds'} {report.message}",
    )
