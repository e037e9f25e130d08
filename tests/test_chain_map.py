"""The map on the landing page leads to what is there, and nowhere else."""

from types import SimpleNamespace

import pytest
from docutils import nodes
from sphinx.errors import ExtensionError

from book.chain_map import link


@pytest.fixture
def app():
    """Return what the map asks of Sphinx, for a book with one chapter and one equation."""
    return SimpleNamespace(
        env=SimpleNamespace(
            titles={"chapters/sigmoid": nodes.title(text="The sigmoid")},
            domaindata={"math": {"objects": {"eq-A": ("chapters/sigmoid", 1)}}},
        ),
        builder=SimpleNamespace(get_relative_uri=lambda page, target: f"{target}.html"),
    )


def test_the_map_links_to_documents_and_equations(app):
    assert link(app, "index", "chapters/sigmoid") == ("chapters/sigmoid.html", "The sigmoid")
    address, _ = link(app, "index", "chapters/sigmoid", "eq-A")
    assert address == "chapters/sigmoid.html#equation-eq-a"


def test_the_map_refuses_what_is_not_there(app):
    with pytest.raises(ExtensionError, match="no document is called chapters/nowhere"):
        link(app, "index", "chapters/nowhere")
    with pytest.raises(ExtensionError, match="chapters/sigmoid has no equation eq-B"):
        link(app, "index", "chapters/sigmoid", "eq-B")
