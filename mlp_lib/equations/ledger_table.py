"""Traces → a table: HTML with mathematics for a notebook and the page, aligned text elsewhere."""

from collections.abc import Callable
from html import escape

from mlp_lib.equations.evaluate import shape_text
from mlp_lib.equations.known import entry_of, letters_for, usual_letters
from mlp_lib.equations.printing import FACTOR, PRODUCT, latex, plain, plain_within, within
from mlp_lib.equations.tables import Table
from mlp_lib.equations.trace import Link, Step, Trace
from mlp_lib.equations.tree import Node, Partial, Symbol

HEADINGS = ("sub-expression", "shape", "index order", "is", "check")


def as_html(label: str, verdict: str, traces: tuple[Trace, ...], table: Table) -> str:
    r"""Return the ledger as an HTML table whose formulas stand in \( … \).

    The class `math` lets MathJax set them on the page; JupyterLab sets them anyway.
    """
    name = f"Shape ledger of {label}"
    heads = "".join(f'<th scope="col">{each}</th>' for each in HEADINGS)
    bodies = "".join(html_body(each, table) for each in traces)
    return (
        f'<div class="ledger" role="group" tabindex="0" aria-label="{escape(name)}"'
        ' style="overflow-x: auto">\n<table>\n'
        f"<caption><span>{escape(name)}: {escape(verdict)}</span></caption>\n"
        f"<thead><tr>{heads}</tr></thead>\n{bodies}</table>\n</div>"
    )


def html_body(trace: Trace, table: Table) -> str:
    """Return the rows of one chain: its steps, then its links."""
    rows = [html_row(step, table) for step in trace.steps]
    rows += [
        f'<tr class="link"><td colspan="4">{html_math(link_latex(link))}</td>'
        f"<td>{link_html(link)}</td></tr>"
        for link in trace.links
    ]
    if trace.problem:
        rows.append(f'<tr><td colspan="5">✗ {escape(trace.problem)}</td></tr>')
    return "\n".join(["<tbody>", *rows, "</tbody>\n"])


def html_row(step: Step, table: Table) -> str:
    """Return the row of one step."""
    cells = (
        html_math(step_latex(step)),
        html_math(axes_latex(step.axes)) if step.axes else shape_words(step),
        html_math(order_latex(step, table)),
        html_math(latex(step.known)) if step.known else "",
        escape(step_check(step)),
    )
    return f"<tr>{''.join(f'<td>{each}</td>' for each in cells)}</tr>"


def html_math(text: str) -> str:
    """Return LaTeX for MathJax, nothing for nothing."""
    return rf'<span class="math">\({escape(text)}\)</span>' if text else ""


def as_text(label: str, verdict: str, traces: tuple[Trace, ...], table: Table) -> str:
    """Return the ledger as aligned text."""
    lines = [f"Shape ledger of {label}: {verdict}"]
    for trace in traces:
        rows = [text_row(step, table) for step in trace.steps]
        widths = [max(map(len, column)) for column in zip(HEADINGS, *rows, strict=True)]
        for row in (HEADINGS, *rows) if rows else ():
            cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
            lines.append("  ".join(cells).rstrip())
        lines += [
            f"{plain(link.left)} = {plain(link.right)}: {link_check(link)}" for link in trace.links
        ]
        lines += [f"✗ {trace.problem}"] if trace.problem else []
    return "\n".join(lines)


def text_row(step: Step, table: Table) -> tuple[str, ...]:
    """Return the cells of one step."""
    name = plain(step.known) if step.known else ""
    return step_plain(step), shape_words(step), order_plain(step, table), name, step_check(step)


def shape_words(step: Step) -> str:
    """Return the shape as words, a dash if there is none."""
    return "–" if step.axes is None else shape_text(step.axes)


def axes_latex(axes: tuple[str, ...]) -> str:
    r"""Return a shape as LaTeX; an axis that runs over two, H·D_x, stays together."""
    return r" \times ".join(axis.replace("·", r" \! \cdot \! ") for axis in axes)


def step_latex(step: Step) -> str:
    """Return the expression as LaTeX, with a dot where an axis is summed over."""
    text = contraction(step.shown, within, r" \cdot ") if step.contracts else latex(step.shown)
    return text.replace("…", r"\ldots ")


def step_plain(step: Step) -> str:
    """Return the expression as plain text, with a dot where an axis is summed over."""
    return contraction(step.shown, plain_within, " · ") if step.contracts else plain(step.shown)


def contraction(node: Node, write: Callable[[Node, int], str], dot: str) -> str:
    """Write a product with a dot between its factors."""
    return f"{write(node.left, PRODUCT)}{dot}{write(node.right, FACTOR)}"


def link_latex(link: Link) -> str:
    """Return the link as LaTeX."""
    return f"{latex(link.left)} = {latex(link.right)}"


def order_latex(step: Step, table: Table) -> str:
    """Return the index order as LaTeX, with the entry that the indices name."""
    if step.letters:
        return r",\; ".join(rf"{letter} \le {axis}" for letter, axis in step.letters)
    letters, entry = index_order(step, table)
    return f"[{', '.join(letters)}]" + (rf":\; {latex(entry)}" if entry else "") if letters else ""


def order_plain(step: Step, table: Table) -> str:
    """Return the index order as plain text."""
    if step.letters:
        return ", ".join(f"{letter} ≤ {axis}" for letter, axis in step.letters)
    letters, entry = index_order(step, table)
    return f"[{', '.join(letters)}]" + (f": {plain(entry)}" if entry else "") if letters else ""


def index_order(step: Step, table: Table) -> tuple[tuple[str, ...], Node | None]:
    """Return a letter for each axis but the 1 of a row, and the entry of the quantity it is."""
    name = step.known or step.node
    if (isinstance(name, Symbol) and name.name in table.symbols) or (
        isinstance(name, Partial) and isinstance(name.of, Symbol) and isinstance(name.by, Symbol)
    ):
        letters = usual_letters(name, table)
        return letters, entry_of(name, letters, table)
    return letters_for(step.axes or (), table), None


def step_check(step: Step) -> str:
    """Say what is wrong with a step, or whether it has the shape that the text claims."""
    if step.problem:
        return f"✗ {step.problem}"
    if step.claimed is None:
        return ""
    return "✓ as written" if step.holds else f"✗ written {shape_text(step.claimed)}"


def link_check(link: Link, shape: str | None = None) -> str:
    """Say whether shape and value of a link agree; `shape` is how its shape is written."""
    if link.report.failure == "shape":
        return f"✗ shape: {link.report.message}"
    shape = shape_text(link.axes[0]) if shape is None else shape
    named = f" {shape}" if link.axes[0] else ""
    return f"✓ shape{named}, {'✓' if link.report.holds else '✗'} value"


def link_html(link: Link) -> str:
    """Say the same with the shape as mathematics."""
    if link.report.failure == "shape":
        return escape(link_check(link))
    shape = html_math(axes_latex(link.axes[0]))
    together = f'<span class="math-and-stop">{shape},</span>'
    return link_check(link, shape).replace(f"{shape},", together)
