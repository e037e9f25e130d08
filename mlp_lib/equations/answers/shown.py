"""How a diagnosis is shown: as text in a terminal, as HTML in a notebook, as plain data."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from textwrap import dedent
from typing import TYPE_CHECKING, Any

from mlp_lib.equations.latex import parse_latex
from mlp_lib.equations.printing import plain
from mlp_lib.equations.tables import question
from mlp_lib.equations.tree import EquationError

if TYPE_CHECKING:
    from mlp_lib.equations.answers.answer import Diagnosis


def as_text(diagnosis: "Diagnosis") -> str:
    """Return the diagnosis as lines for a terminal; LaTeX is written as plain text."""
    lines = [f"{opening(diagnosis)} {diagnosis.message}"]
    if diagnosis.trace:
        rows = [step._replace(text=for_terminal(step.text, diagnosis)) for step in diagnosis.trace]
        lines += ["", *aligned([("sub-expression", "shape", "is"), *rows])]
    if diagnosis.first_wrong is not None:
        if diagnosis.first_wrong.so_far:
            words, colon, part = diagnosis.first_wrong.so_far.partition(": ")
            lines += ["", f"{words}{colon}{for_terminal(part, diagnosis)}."]
        lines += ["", f"First wrong step: {for_terminal(diagnosis.first_wrong.text, diagnosis)}"]
    if diagnosis.mistake is not None:
        lines += ["", f"{diagnosis.mistake.title}. {diagnosis.mistake.explanation}"]
        lines += [f"See {diagnosis.mistake.link}"]
    if diagnosis.suggestion is not None:
        first, *others = lines_in_place(diagnosis.suggestion)
        if others:
            lines += ["", "This is right:", *(f"  {line}" for line in (first, *others))]
        else:
            lines += ["", f"This is right: {first}"]
    if diagnosis.remark:
        lines += ["", diagnosis.remark]
    return "\n".join(lines)


def for_terminal(text: str, diagnosis: "Diagnosis") -> str:
    """Return a piece of the reader's text on one line; LaTeX as plain text, if it can be read."""
    if diagnosis.notation == "book" and text:
        try:
            return plain(parse_latex(text, question("N"))[0].sides[0])
        except EquationError:
            pass
    return one_line(text)


def lines_in_place(text: str) -> list[str]:
    """Return the lines of a text without the margin that they share."""
    return dedent(text).strip("\n").rstrip().split("\n")


def one_line(text: str) -> str:
    """Return a text without its line breaks."""
    return re.sub(r"\s*\n\s*", " ", text)


def aligned(rows: list[tuple[str, str, str]]) -> list[str]:
    """Return rows as lines whose columns begin below one another."""
    cells = [[one_line(cell) for cell in row] for row in rows]
    widths = [max(len(row[column]) for row in cells) for column in range(2)]
    return [f"{a:<{widths[0]}}  {b:<{widths[1]}}  {c}".rstrip() for a, b, c in cells]


def opening(diagnosis: "Diagnosis") -> str:
    """Return the verdict with what parts it from the message, which is a sentence or an error's."""
    return diagnosis.verdict.capitalize() + (":" if diagnosis.verdict == "unusable input" else ".")


def as_html(diagnosis: "Diagnosis") -> str:
    """Return the diagnosis as HTML: the verdict, the trace as a table, mistake and suggestion."""
    state = "right" if diagnosis.ok else "wrong"
    parts = [
        f'<div class="diagnosis diagnosis-{state}" role="group" aria-label="Diagnosis">',
        f"<p><strong>{escape(opening(diagnosis))}</strong> {said(diagnosis.message)}</p>",
    ]
    if diagnosis.trace:
        parts.append(table(diagnosis))
    if diagnosis.first_wrong is not None:
        so_far = diagnosis.first_wrong.so_far
        before = f"{quoted_after_colon(so_far, diagnosis)}<br>" if so_far else ""
        wrong = formula(diagnosis.first_wrong.text, diagnosis)
        parts.append(f"<p>{before}First wrong step: {wrong}</p>")
    if diagnosis.mistake is not None:
        parts.append(
            f"<p><strong>{together(diagnosis.mistake.title)}.</strong> "
            f"{escape(diagnosis.mistake.explanation)} "
            f'<a href="{escape(diagnosis.mistake.link)}">Where the book treats it</a>.</p>'
        )
    if diagnosis.suggestion is not None:
        parts.append(f"<div>This is right: {whole(diagnosis.suggestion, diagnosis)}</div>")
    if diagnosis.remark:
        parts.append(f"<p>{escape(diagnosis.remark)}</p>")
    return "\n".join([*parts, "</div>"])


def table(diagnosis: "Diagnosis") -> str:
    """Return the trace as a table."""
    head = "".join(f'<th scope="col">{each}</th>' for each in ("sub-expression", "shape", "is"))
    rows = "".join(
        f"<tr><td>{formula(step.text, diagnosis)}</td><td>{escape(step.shape)}</td>"
        f"<td>{escape(step.quantity)}</td></tr>"
        for step in diagnosis.trace
    )
    name = "Each sub-expression, in the order of evaluation"
    return (
        f'<div class="wide" role="group" tabindex="0" aria-label="{name}">'
        f"<table><caption><span>{name}</span></caption>"
        f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def formula(text: str, diagnosis: "Diagnosis") -> str:
    """Return a piece of the reader's text: typeset if it is LaTeX, else as code."""
    if diagnosis.notation == "book":
        return rf'<span class="math">\({escape(one_line(text))}\)</span>'
    return f"<code>{escape(one_line(text))}</code>"


def whole(text: str, diagnosis: "Diagnosis") -> str:
    """Return a whole derivation: its lines stay lines."""
    lines = lines_in_place(text)
    if len(lines) > 1 and diagnosis.notation != "book":
        return f'<pre tabindex="0">{escape(chr(10).join(lines))}</pre>'
    text = text.strip()
    return formula(in_rows(text) if diagnosis.notation == "book" else text, diagnosis)


def in_rows(latex: str) -> str:
    """Return LaTeX whose rows, if it has several, are set below one another."""
    rows = latex.split(r"\\")
    if len(rows) < 2 or r"\begin" in latex:
        return latex
    lines = r" \\ ".join(f"& {row.strip()}" for row in rows)
    return rf"\begin{{aligned}} {lines} \end{{aligned}}"


def said(message: str) -> str:
    """Return a message; where it quotes the text with a caret, the lines keep their shape."""
    words, quoted = [], []
    for line in message.split("\n"):
        (quoted if line.startswith("  ") else words).append(escape(line))
    quote = f'<pre tabindex="0">{chr(10).join(quoted)}</pre>' if quoted else ""
    return "<br>".join(words) + quote


def quoted_after_colon(text: str, diagnosis: "Diagnosis") -> str:
    """Return "…: formula" with the formula set as one."""
    words, colon, rest = text.partition(": ")
    return escape(words) + (f"{colon}{formula(rest, diagnosis)}" if colon else "")


def as_data(diagnosis: "Diagnosis") -> dict[str, Any]:
    """Return the diagnosis as what JSON can hold, under the names of its fields."""
    mistake, first = diagnosis.mistake, diagnosis.first_wrong
    return {
        "attempt": diagnosis.attempt,
        "target": diagnosis.target,
        "ok": diagnosis.ok,
        "verdict": diagnosis.verdict,
        "message": diagnosis.message,
        "trace": [step._asdict() for step in diagnosis.trace],
        "first_wrong": None if first is None else first._asdict(),
        "mistake": None if mistake is None else {**mistake._asdict(), "link": mistake.link},
        "suggestion": diagnosis.suggestion,
        "remark": diagnosis.remark,
    }


@dataclass(frozen=True, repr=False)
class Overview:
    """Several diagnoses as one table: what was written, what it is, which mistake."""

    diagnoses: Sequence["Diagnosis"]

    def __repr__(self) -> str:
        rows = [(one_line(each.attempt), each.verdict, title(each)) for each in self.diagnoses]
        return "\n".join(aligned([("written", "verdict", "mistake"), *rows]))

    def _repr_html_(self) -> str:
        heads = ("written, and right", "for", "verdict", "mistake")
        head = "".join(f'<th scope="col">{each}</th>' for each in heads)
        rows = "".join(map(overview_row, self.diagnoses))
        return (
            '<div class="diagnosis overview wide" role="group" tabindex="0"'
            ' aria-label="Diagnoses">'
            f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>"
        )


def overview_row(diagnosis: "Diagnosis") -> str:
    """Return one diagnosis as a row, its mistake with a link to the section about it."""
    linked = ""
    if diagnosis.mistake is not None:
        linked = f'<a href="{escape(diagnosis.mistake.link)}">{together(title(diagnosis))}</a>'
    written = f"✗ {whole(diagnosis.attempt, diagnosis)}"
    if diagnosis.suggestion is not None:
        written += f"<br>✓ {whole(diagnosis.suggestion, diagnosis)}"
    cells = (f"<code>{escape(diagnosis.target)}</code>", escape(diagnosis.verdict), linked)
    return f"<tr><td>{written}</td>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"


def together(title: str) -> str:
    """Return a title as HTML in which a difference such as ŷ − y isn't broken between two lines."""
    return escape(title).replace(" − ", "&nbsp;−&nbsp;")


def title(diagnosis: "Diagnosis") -> str:
    """Return the title of a diagnosis's mistake, or nothing."""
    return diagnosis.mistake.title if diagnosis.mistake is not None else ""
