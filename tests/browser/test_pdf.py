"""The PDF: tags, bookmarks, sheets, and nothing cut off. A few pages stand for the whole book."""

import re
import shutil
from pathlib import Path

import pytest
from bs4 import BeautifulSoup, SoupStrainer
from conftest import ROOT
from page_links import Anchors
from playwright.sync_api import Browser
from pypdf import PdfReader

from book.build import documents
from book.pdf import HTML, PDF, article, finish, make_pdf, page_numbers, plain, whole_book

CHAPTERS = [name for name in documents(ROOT) if name.startswith("chapters/")]
SOME = ["index", "chapters/question", "summary", CHAPTERS[-1]]
A4 = (595.28, 841.89)  # points


@pytest.fixture(scope="module")
def path(browser: Browser, html: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Print the landing page, the first chapter, the summary and the last chapter."""
    path = tmp_path_factory.mktemp("pdf") / PDF.name
    make_pdf(browser, ROOT, SOME, path)
    return path


@pytest.fixture(scope="module")
def pdf(path: Path) -> PdfReader:
    """Return the printed pages."""
    return PdfReader(path)


@pytest.fixture(scope="module")
def pieces(pdf: PdfReader) -> list[list[tuple[float, str]]]:
    """Return the pieces of text on each printed page, and where each begins, in points."""
    found = []
    for page in pdf.pages:
        found.append([])
        page.extract_text(visitor_text=lambda text, *where: found[-1].append((start(*where), text)))
    return found


@pytest.fixture(scope="module")
def texts(pieces: list[list[tuple[float, str]]]) -> list[str]:
    """Return the text of each printed page."""
    return ["".join(text for _, text in page) for page in pieces]


def heading_of(html: Path, name: str) -> str:
    """Return the first heading of the page, without the link beside it."""
    text = (html / f"{name}.html").read_text(encoding="utf-8")
    # The first heading of the highest level is for print alone.
    _, heading = BeautifulSoup(text, "html.parser", parse_only=SoupStrainer("h1"))("h1")
    return heading.get_text().rstrip("#")


def test_it_is_tagged_and_names_its_language(pdf):
    root = pdf.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/StructTreeRoot"]["/K"]
    assert root["/Lang"] == "en"
    assert pdf.metadata.title == "Every Jacobian Has a Shape"


def test_each_chapter_has_its_bookmark(pdf, texts, html):
    tops = [entry for entry in pdf.outline if not isinstance(entry, list)]
    assert [top.title for top in tops] == [heading_of(html, name) for name in SOME]
    for top, name in zip(tops, SOME, strict=True):
        number = pdf.get_destination_page_number(top)
        heading = "".join(heading_of(html, name).split())
        assert "".join(texts[number].split()).startswith(heading)


def test_the_summary_is_one_sheet(pdf):
    tops = [entry for entry in pdf.outline if not isinstance(entry, list)]
    numbers = [pdf.get_destination_page_number(top) for top in tops]
    assert numbers[3] - numbers[2] == 1


def test_the_contents_have_the_page_numbers(pdf, texts):
    tops = [entry for entry in pdf.outline if not isinstance(entry, list)]
    before = texts[: pdf.get_destination_page_number(tops[1])]
    contents = " ".join(" ".join(before).split())
    for top in tops[1:]:
        assert f"{top.title} {pdf.get_destination_page_number(top) + 1}" in contents


def test_every_sheet_is_a4_and_has_its_number(pdf, texts):
    for number, (page, text) in enumerate(zip(pdf.pages, texts, strict=True), start=1):
        assert tuple(map(float, page.mediabox[2:])) == pytest.approx(A4, abs=1.5)
        assert text.rstrip().endswith(str(number))


def start(page: list[float], text: list[float], *_: object) -> float:
    """Return where a text begins on its sheet, in points from the left edge."""
    return text[4] * page[0] + text[5] * page[2] + page[4]


def test_nothing_stands_beyond_the_margins(pieces):
    left, right = 18 / 25.4 * 72, A4[0] - 18 / 25.4 * 72
    # Words only: the pieces of a brace are drawn in scales of their own.
    seen = [(x, text) for page in pieces for x, text in page if re.search("[A-Za-z]{4}", text)]
    assert len(seen) > 200
    assert [(x, text) for x, text in seen if not left - 2 <= x <= right] == []


def test_the_last_chapter_is_there_to_its_end_with_its_solutions(texts, html):
    page = BeautifulSoup((html / f"{SOME[-1]}.html").read_text(encoding="utf-8"), "html.parser")
    printed = "".join("".join(texts).split())
    for cell in page.select("article div.cell_input pre"):
        for line in cell.get_text().split("\n"):
            assert "".join(line.split()) in printed
    solutions = page.select(".solution p:not(.admonition-title)")
    assert len(solutions) > 2
    for solution in solutions:
        words = re.split(r"\\\(|\W*[“”‘’]", solution.get_text())[0]
        assert "".join(words.split()) in printed


def test_ids_and_links_hold_in_the_whole_book(html):
    book = Anchors(whole_book(html, documents(ROOT)))
    inner = [address for address in book.links if address[0] == "#"]
    assert len(inner) > 500
    assert [address for address in inner if address.removeprefix("#") not in book.ids] == []
    outside = set(book.links) - set(inner)
    assert all(link.startswith(("https://", "http://", "mailto:")) for link in outside), outside


def test_an_article_is_opened_and_its_ids_are_its_own():
    page = BeautifulSoup(
        "<head><link rel=canonical href='https://site/a/b.html'></head><article class=bd-article>"
        "<h1 id=top>T<a class=headerlink href='#top'>#</a></h1><details><p>hidden</p></details>"
        "<a href='c.html#x'>c</a><a href='../search.html'>s</a><label for=top>l</label></article>",
        "html.parser",
    )
    assert str(article(page, "a/b", ["a/b", "a/c"])) == (
        '<article class="bd-article" id="a/b"><h1 id="a/b.top">T</h1><details open="">'
        '<p>hidden</p></details><a href="#a/c.x">c</a><a href="https://site/search.html">s</a>'
        '<label for="a/b.top">l</label></article>'
    )


def test_bookmarks_that_belong_to_other_headings_are_refused(path, pdf, tmp_path):
    copy = tmp_path / "copy.pdf"
    shutil.copy(path, copy)
    with pytest.raises(RuntimeError, match="bookmarks for 1 headings"):
        finish(copy, ["The question"], {})
    wrong = ["Nonsense"] * sum(1 for _ in flat(pdf.outline))
    with pytest.raises(RuntimeError, match="stands for 'Nonsense'"):
        finish(copy, wrong, {})


def flat(outline):
    """Yield every bookmark."""
    for entry in outline:
        if isinstance(entry, list):
            yield from flat(entry)
        else:
            yield entry


def test_a_heading_s_formulas_become_letters():
    assert plain("By 𝑊 2 : three axes") == "By W2: three axes"


def test_a_page_that_is_not_built_is_named(browser, tmp_path):
    with pytest.raises(FileNotFoundError, match="nowhere"):
        make_pdf(browser, tmp_path, ["nowhere"], tmp_path / "book.pdf")
    assert not (tmp_path / HTML).exists()


def test_what_nothing_links_to_has_no_page_number(path):
    assert page_numbers(path, ["nowhere", SOME[1]]).keys() == {SOME[1]}
