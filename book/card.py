"""Sphinx extension: what a message shows of a page that it links to, a sentence and a picture."""

from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import Any

from docutils import nodes
from matplotlib import style
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from sphinx.application import Sphinx

# What a page says of itself whose every paragraph has a formula.
BOOK = "Backpropagation through one hidden layer, derived one Jacobian at a time."
# A longer description is cut off by most readers of it.
MOST_LETTERS = 200
CARD = "_static/card.png"
WIDTH, HEIGHT = 1200, 630  # pixels, the proportions that the readers of Open Graph expect
FORMULA = (
    r"$\frac{\partial J}{\partial W_1} = (\hat{y} - y) \cdot W_2^T \circ h \circ (1 - h)"
    r" \cdot \frac{\partial z_1}{\partial W_1}$"
)
SHAPES = r"$1 \times H$   times   $H \times D_x \times H$   is   $D_x \times H$"


def draw_card(path: Path, title: str) -> None:
    """Write the card to `path`: the book's title, the question's formula and its shapes.

    The letters are DejaVu's, which come with Matplotlib, so every machine has them.
    """
    with style.context(["default", {"mathtext.fontset": "dejavusans"}]):
        figure = Figure(figsize=(WIDTH / 100, HEIGHT / 100), dpi=100, facecolor="#10243a")
        canvas = FigureCanvasAgg(figure)
        for y, text, size in ((0.79, title, 44), (0.5, FORMULA, 38), (0.2, SHAPES, 30)):
            figure.text(0.5, y, text, ha="center", va="center", size=size, color="white")
        path.parent.mkdir(parents=True, exist_ok=True)
        canvas.print_png(path)


def place_card(app: Sphinx) -> None:
    """Draw the card where the pages' metadata says that it is."""
    draw_card(Path(app.outdir) / CARD, app.config.html_title)


def description(doctree: nodes.document) -> str:
    """Return the page's first sentences that have no formula, as far as they fit, or the book's.

    LaTeX can't be read in a message.
    """
    kept = ""
    for words in sentences(doctree):
        if len(f"{kept} {words}") > MOST_LETTERS:
            break
        kept = f"{kept} {words}".strip()
    return kept or BOOK


def sentences(doctree: nodes.document) -> Iterator[str]:
    """Yield what stands before the first subheading: paragraphs, and lists with what leads to them.

    Neither has a formula. A list is shortened to the items that fit.
    """
    lead = ""
    for node in next(doctree.findall(nodes.section), doctree):
        if isinstance(node, nodes.paragraph):
            lead = plain(node)
            yield lead if lead.endswith((".", "?", "!")) else ""
        elif isinstance(node, nodes.bullet_list) and lead:
            text = lead
            for item in filter(None, map(plain, node)):
                longer = f"{text}{' ' if text == lead else '; '}{item.rstrip(';.')}"
                text = longer if len(longer) < MOST_LETTERS else text
            yield f"{text}." if text != lead else ""


def plain(node: nodes.Element) -> str:
    """Return the node's text on one line, or nothing if it has a formula."""
    if any(True for _ in node.findall(nodes.math)):
        return ""
    return " ".join(node.astext().split())


def describe(
    app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Give the page's metadata its description."""
    if doctree is not None:
        words = description(doctree)
        context["meta"] = {**(context["meta"] or {}), "og:description": words}
        context["metatags"] += f'<meta name="description" content="{escape(words)}" />\n'


def setup(app: Sphinx) -> dict[str, Any]:
    """Connect the extension to Sphinx."""
    app.setup_extension("sphinxext.opengraph")
    app.connect("builder-inited", place_card)
    app.connect("html-page-context", describe, priority=400)  # before what writes the metadata
    return {"parallel_read_safe": True, "parallel_write_safe": True}
