"""Every link within the book leads somewhere."""

import pytest
from page_links import broken_links


def test_no_link_of_the_book_is_broken(html):
    assert broken_links(html) == []


def test_every_kind_of_good_link(tmp_path):
    (tmp_path / "a.html").write_text(
        '<p id="here"><a href="#here">1</a><a href="b.html#there">2</a>'
        '<a href="https://example.org/gone.html">3</a><a href="mailto:a@example.org">4</a></p>'
    )
    (tmp_path / "b.html").write_text('<p id="there"><a href="">5</a></p>')
    assert broken_links(tmp_path) == []


@pytest.mark.parametrize(
    "address", ["gone.html", "#gone", "b.html#gone", "../a.html/gone.png", "/gone.css"]
)
def test_broken_link(tmp_path, address):
    (tmp_path / "a.html").write_text(f'<p id="here"><a href="{address}">1</a></p>')
    (tmp_path / "b.html").write_text('<p id="there"></p>')
    assert broken_links(tmp_path) == [f"a.html: {address}"]
