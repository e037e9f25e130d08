"""Sphinx extension: pages that load nothing from another host and read well.

`templates/` beside this file holds the pieces of the theme that it replaces.
"""

import gc
import re
from itertools import count
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms import SphinxTransform

from book.icons import with_font_icons, write_icons
from book.mathjax import copy_mathjax
from book.policy import with_policy

# docutils writes a role that ARIA 1.2 no longer has.
OLD_ROLE, ROLE = ' role="doc-biblioentry"', ' role="listitem"'
STOP = re.compile(r"^[.,;:!?)\]’”]+")
DRAWING = re.compile(
    r'<figure (class="drawing".*?</svg>\s*)(?:<figcaption>(.*?)</figcaption>)?(?=</figure>)',
    re.DOTALL,
)
TITLE = re.compile(r"(<svg [^>]*>\s*<title|<a [^>]*><title)>")
# An output with a line that holds nothing but carets, under the line that they mark.
MARKED = re.compile(r"<pre>(?=(?:(?!</pre>).)*\n *\^+\n)", re.DOTALL)
WRONG = re.compile(r"^\s*% wrong (shape|value): ", re.MULTILINE)


class MarkWrongEquations(SphinxTransform):
    """Put a visible note above each equation that is wrong on purpose: its label says wrong-…"""

    default_priority = 400

    def apply(self, **kwargs: Any) -> None:
        """Wrap the equation in a box with the note, which is text and so is read aloud too."""
        for equation in list(self.document.findall(nodes.math_block)):
            if str(equation.get("label", "")).startswith("wrong-"):
                kind = WRONG.search(equation.astext())
                note = f"Wrong {kind[1]}, on purpose" if kind else "Wrong, on purpose"
                box = nodes.container(classes=["wrong-equation"])
                equation.parent.replace(equation, box)
                box += [nodes.paragraph(text=note, classes=["wrong-note"]), equation]


class KeepStopsWithFormulas(SphinxTransform):
    """Keep a formula and the punctuation after it in one line: MathJax's boxes let it wrap."""

    default_priority = 400

    def apply(self, **kwargs: Any) -> None:
        """Wrap each formula that a full stop or the like follows in a span, together with it."""
        for formula in list(self.document.findall(nodes.math)):
            after = formula.next_node(descend=False, siblings=True)
            stop = isinstance(after, nodes.Text) and STOP.match(after)
            if stop:
                span = nodes.inline(classes=["math-and-stop"])
                formula.parent.replace(formula, span)
                span += [formula, nodes.Text(stop[0])]
                # By place: `replace` takes the first text that reads the same, such as another ".".
                place = span.parent.index(span) + 1
                span.parent[place] = nodes.Text(after[stop.end() :])


class NumberCells(SphinxTransform):
    """Give each code cell of a notebook an id with its place there: the page's scripts need it."""

    default_priority = 400

    def apply(self, **kwargs: Any) -> None:
        """Add the id, which is an anchor too."""
        for cell in self.document.findall(nodes.container):
            if cell.get("nb_element") == "cell_code":
                cell["ids"].append(f"cell-{cell['cell_index']}")


class ExerciseContentIsNoSection(SphinxTransform):
    """Make a plain box of the section without a title that sphinx-exercise wraps its content in.

    Every such section of a page has the same id, and code that reads sections expects a title.
    """

    default_priority = 400

    def apply(self, **kwargs: Any) -> None:
        """Replace the sections that have one of the two ids."""
        for section in list(self.document.findall(nodes.section)):
            if section["ids"] in (["exercise-content"], ["solution-content"]):
                box = nodes.container("", *section.children, classes=section["ids"])
                section.parent.replace(section, box)  # replace_self would keep the id


def place_mathjax(app: Sphinx) -> None:
    """Put MathJax where `mathjax_path` says, before the first page asks for it."""
    copy_mathjax(Path(app.outdir) / "_static" / "mathjax")


def drop_third_parties(
    app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: object
) -> None:
    """Take every script and style sheet of another host out of the page."""
    for kind in ("script_files", "css_files"):
        context[kind] = [file for file in context[kind] if is_own(file)]


def drop_search(
    app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: object
) -> None:
    """Take the search page's script out of the others: Jupyter Book adds it to every page."""
    if page != "search":
        files = context["script_files"]
        context["script_files"] = [each for each in files if "search.js" not in path_of(each)]


def finish_pages(app: Sphinx, failure: Exception | None) -> None:
    """Give each written page numbers, icons, roles that are known today and, last, its policy."""
    if failure is None:
        names = [*app.env.found_docs, "genindex", "search"]
        pages = [Path(app.builder.get_outfilename(name)) for name in names]
        texts = [with_font_icons(page.read_text(encoding="utf-8")) for page in pages]
        chapters = [app.env.toc_secnumbers.get(name, {}).get("") for name in names]
        texts = map(with_titles_kept, map(with_marks, texts))
        texts = [with_numbers(*pair) for pair in zip(texts, chapters, strict=True)]
        for page, text in zip(pages, texts, strict=True):
            page.write_text(with_policy(text.replace(OLD_ROLE, ROLE)), encoding="utf-8")
        write_icons(Path(app.outdir) / "_static", texts)


def with_marks(page: str) -> str:
    """Return a page whose outputs that mark a place with carets are told apart: they don't wrap."""
    return MARKED.sub('<pre class="marked">', page)


def with_titles_kept(page: str) -> str:
    """Return a page whose drawings' titles stay as they are when what was searched for is marked.

    Sphinx's script would put a frame there, fail, and mark nothing that comes after it.
    """
    return TITLE.sub(r'\1 class="nohighlight">', page)


def with_numbers(page: str, chapter: tuple[int, ...] | None) -> str:
    """Return a chapter's page with its drawings numbered as its equations are: Figure 6.1."""
    if not chapter:
        return page
    numbers = (".".join(map(str, (*chapter, number))) for number in count(1))

    def numbered(drawing: re.Match[str]) -> str:
        number = next(numbers)
        name = f'<span class="caption-number">Figure {number}</span> {drawing[2] or ""}'.strip()
        anchor = f"figure-{number.replace('.', '-')}"
        return f'<figure id="{anchor}" {drawing[1]}<figcaption>{name}</figcaption>'

    return DRAWING.sub(numbered, page)


def from_anywhere(app: Sphinx, doctree: nodes.document, page: str) -> None:
    """Begin the links of the page 404 at the site's root: it is shown at any address."""
    if page == app.config.notfound_pagename:
        for reference in doctree.findall(nodes.reference):
            if reference.get("internal"):
                reference["refuri"] = app.config.notfound_urls_prefix + reference["refuri"]


def is_own(file: Any) -> bool:
    """Tell whether a script or style sheet comes from the book's own pages."""
    return "//" not in path_of(file)


def path_of(file: Any) -> str:
    """Return the path or address of a script or style sheet, as Sphinx knows it."""
    return str(getattr(file, "filename", None) or file)


def setup(app: Sphinx) -> dict[str, bool]:
    """Connect the extension to Sphinx."""
    # Most of what a build makes stays until its end: to look again and again for what could be
    # collected takes a tenth of its time.
    gc.set_threshold(100_000, 20, 20)
    app.add_transform(MarkWrongEquations)
    app.add_transform(KeepStopsWithFormulas)
    app.add_transform(NumberCells)
    app.add_transform(ExerciseContentIsNoSection)
    app.setup_extension("notfound.extension")
    app.connect("builder-inited", place_mathjax)
    app.connect("doctree-resolved", from_anywhere)
    # After the extensions that add scripts on the same event.
    app.connect("html-page-context", drop_third_parties, priority=900)
    app.connect("html-page-context", drop_search, priority=901)
    app.connect("build-finished", finish_pages, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
