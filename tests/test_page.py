"""What the pages' own extension changes in a page before it is written."""

from types import SimpleNamespace

from docutils import nodes
from docutils.core import publish_doctree

from book.page import (
    ExerciseContentIsNoSection,
    from_anywhere,
    with_marks,
    with_numbers,
    with_titles_kept,
)
from mlp_lib.figures import Drawing


def test_the_content_of_an_exercise_is_a_box_and_a_section_stays_one():
    document = publish_doctree("")
    exercise = nodes.section("", nodes.paragraph(text="How many?"), ids=["exercise-content"])
    document += nodes.section("", nodes.title(text="Exercises"), exercise, ids=["exercises"])
    ExerciseContentIsNoSection(document).apply()
    (section,) = document.findall(nodes.section)
    assert section["ids"] == ["exercises"]
    (box,) = document.findall(nodes.container)
    assert (box["classes"], box["ids"]) == (["exercise-content"], [])
    assert box.astext() == "How many?"


def test_links_of_the_page_for_lost_addresses_begin_at_the_site_s_root():
    app = SimpleNamespace(
        config=SimpleNamespace(notfound_pagename="404", notfound_urls_prefix="/site/")
    )
    for page, inner in (("404", "/site/index.html"), ("index", "index.html")):
        document = publish_doctree("")
        document += nodes.reference(text="a", internal=True, refuri="index.html")
        document += nodes.reference(text="b", refuri="https://other.invalid/")
        from_anywhere(app, document, page)
        found = [reference["refuri"] for reference in document.findall(nodes.reference)]
        assert found == [inner, "https://other.invalid/"]


def test_drawings_have_the_chapter_s_number_and_their_own():
    captions = ("", "A")
    drawings = [Drawing("<svg><g></g></svg>", "alt", each)._repr_html_() for each in captions]
    page = with_numbers("<p>one</p>".join(drawings), (6,))
    number = '<figcaption><span class="caption-number">Figure 6.{}</span>{}</figcaption></figure>'
    assert number.format(1, "") in page
    assert number.format(2, " A") in page
    assert 'id="figure-6-2"' in page
    assert page.count("<figcaption>") == 2
    assert with_numbers(drawings[1], None) == drawings[1]


def test_an_output_that_marks_a_place_is_told_apart():
    marked, plain = "<pre><span></span>False\n  h x\n    ^\n</pre>", "<pre>h^2\nx ^ y\n</pre>"
    page = with_marks(f"{plain}<p>a\n^\n</p>{marked}{plain}")
    assert page.count('<pre class="marked">') == 1
    assert "</p>" + marked.replace("<pre>", '<pre class="marked">') in page


def test_titles_of_drawings_are_told_apart_and_no_others():
    page = "<head><title>A</title></head><svg role='img'>\n<title>B</title><a><title>C</title></a>"
    found = with_titles_kept(page.replace("<a>", "<a href='c'>"))
    assert found.count('<title class="nohighlight">') == 2
    assert "<title>A</title>" in found
