"""Sphinx extension: the directive `chain-map`, the way through the book as a drawing with links.

A line of the directive is `dh_dz1: chapters/sigmoid` or `z1: chapters/forward eq-z1`: a part of
the drawing, the document that it leads to and, if one is named, the equation there.
"""

from typing import Any

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinx.util.docutils import SphinxDirective

from mlp_lib.figures import Link, chain_map


class ChainMap(nodes.General, nodes.Element):
    """Where the drawing will stand: its addresses are known once every page has been read."""


class ChainMapDirective(SphinxDirective):
    """Read the lines and the text that says what the drawing shows."""

    has_content = True
    option_spec = {"alt": directives.unchanged_required}  # noqa: RUF012, as docutils has it

    def run(self) -> list[nodes.Node]:
        """Return the place for the drawing."""
        targets = {}
        for line in self.content:
            part, colon, target = line.partition(":")
            if not colon or len(target.split()) not in (1, 2):
                raise self.error(f"chain-map: a line is {line!r}, expected part: document [eq-…]")
            targets[part.strip()] = target.split()
        return [ChainMap(targets=targets, alt=self.options["alt"])]


def draw(app: Sphinx, doctree: nodes.document, page: str) -> None:
    """Put the drawing with the addresses of its links into the page."""
    for place in doctree.findall(ChainMap):
        links = {part: link(app, page, *target) for part, target in place["targets"].items()}
        drawing = chain_map(links, alt=place["alt"])
        place.replace_self(nodes.raw("", drawing._repr_html_(), format="html"))


def link(app: Sphinx, page: str, document: str, equation: str = "") -> Link:
    """Return the address of the document, seen from the page, and its title.

    Raises ExtensionError for a document that there isn't and an equation that it hasn't.
    """
    if document not in app.env.titles:
        raise ExtensionError(f"chain-map: no document is called {document}")
    address = app.builder.get_relative_uri(page, document)
    if equation:
        known = app.env.domaindata["math"]["objects"].get(equation)
        if known is None or known[0] != document:
            raise ExtensionError(f"chain-map: {document} has no equation {equation}")
        address += f"#{nodes.make_id(f'equation-{equation}')}"
    return Link(address, app.env.titles[document].astext())


def setup(app: Sphinx) -> dict[str, Any]:
    """Connect the extension to Sphinx."""
    app.add_node(ChainMap)
    app.add_directive("chain-map", ChainMapDirective)
    app.connect("doctree-resolved", draw)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
