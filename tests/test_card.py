"""What a message shows of a page: a sentence and a picture."""

from docutils import nodes
from docutils.core import publish_doctree

from book.card import BOOK, HEIGHT, WIDTH, description, draw_card


def page(*children: nodes.Node) -> nodes.document:
    """Return a page with these parts below its heading."""
    document = publish_doctree("")
    document += nodes.section("", nodes.title(text="T"), *children)
    return document


def items(*texts: nodes.Node | str) -> nodes.bullet_list:
    """Return a list; a formula stands for itself."""
    parts = [each if isinstance(each, nodes.Node) else nodes.Text(each) for each in texts]
    return nodes.bullet_list(
        "", *(nodes.list_item("", nodes.paragraph("", "", part)) for part in parts)
    )


def test_a_description_is_made_of_what_has_no_formula():
    formula = nodes.math(text="x")
    you = nodes.paragraph(text="You will be able to")
    said = description(page(you, items("count;", formula, "add.")))
    assert said == "You will be able to count; add."
    assert description(page(you, items(formula))) == BOOK
    with_formula = nodes.paragraph("", "", formula)
    assert description(page(with_formula, nodes.paragraph(text="It is."))) == "It is."
    long = nodes.paragraph(text=f"{'word ' * 60}end.")
    assert description(page(nodes.paragraph(text="Short."), long)) == "Short."
    assert description(page(nodes.section("", long))) == BOOK


def test_the_card_has_the_size_that_its_readers_expect(tmp_path):
    draw_card(tmp_path / "a" / "card.png", "A title")
    header = (tmp_path / "a" / "card.png").read_bytes()[:24]
    assert header[1:4] == b"PNG"
    size = int.from_bytes(header[16:20]), int.from_bytes(header[20:24])
    assert size == (WIDTH, HEIGHT)
