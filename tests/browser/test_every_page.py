"""Every page of the book, opened in Chromium, read by axe-core, and its cells run by a reader.

The tests of a page share it and run in their order: to open it takes a second, to run it some more.
"""

from collections.abc import Iterator

import page_facts
import pytest
from accessibility import (
    BUT_COLOURS,
    THEMES,
    WIDTHS,
    empty_drawings,
    empty_formulas,
    fill_formulas,
    resize_to,
    take_out_words_and_lines,
    violations,
)
from conftest import ROOT
from page_run import Reader, shown, skeleton
from playwright.sync_api import BrowserContext, Page

from book.build import documents
from book.live.chapters import reason
from book.notebooks import code_cells, read

PAGES = [*documents(ROOT), "genindex", "search"]
NARROW = {"width": 360, "height": 740}
MOST_BYTES = 600_000
MARKED = ".cell_output pre.marked"
# The page on which axe reads what is inside of formulas, and each word of code.
IN_FULL = "chapters/tensor"


@pytest.fixture(scope="module", params=[pytest.param(name, id=f"page:{name}") for name in PAGES])
def name(request: pytest.FixtureRequest) -> str:
    """Return the name of a page."""
    return request.param


@pytest.fixture(scope="module")
def opened(
    name: str, profile: BrowserContext, address: str
) -> Iterator[tuple[Page, page_facts.Log]]:
    """Return the page, opened and settled, and what is logged meanwhile and afterwards."""
    page = profile.new_page()
    page.set_viewport_size(NARROW)
    log = page_facts.Log()
    log.listen(page)
    page.goto(f"{address}/{name}.html")
    page_facts.settle(page)
    yield page, log
    page.close()


@pytest.fixture
def page(opened: tuple[Page, page_facts.Log]) -> Page:
    """Return the page."""
    return opened[0]


@pytest.fixture
def log(opened: tuple[Page, page_facts.Log]) -> page_facts.Log:
    """Return what was logged."""
    return opened[1]


def test_the_mathematics_is_set(page):
    assert page_facts.unset_formulas(page) == []
    assert page_facts.source_left_in_text(page) == []


def test_the_mathematics_has_no_error(page):
    assert page_facts.wrong_formulas(page) == []


def test_the_mathematics_can_be_read_aloud(page):
    mute = "all => all.filter(each => !each.querySelector('mjx-assistive-mml math')).length"
    assert page.locator("mjx-container").evaluate_all(mute) == 0


def test_what_is_wrong_on_purpose_says_so(page):
    assert page_facts.unmarked_wrong_equations(page) == []


def test_images_are_there_and_have_a_text(page):
    assert page_facts.missing_images(page) == []
    assert page_facts.images_without_text(page) == []


def test_the_page_fits_a_telephone(page):
    assert page_facts.too_wide(page) == []
    assert page_facts.stops_apart(page) == []
    with page_facts.wide_letters(page):
        assert page_facts.too_wide(page) == []


def test_the_page_is_accessible_as_it_comes(page, name, record_property):
    if name != IN_FULL:
        empty_formulas(page)
        take_out_words_and_lines(page)
    resize_to(page, WIDTHS[0])
    assert violations(page, **BUT_COLOURS) == []
    if name != IN_FULL:
        # What a run shows is compared with what is shown before it.
        fill_formulas(page, ".cell_output")
    record_property("read by axe", {f"pages as they come, {WIDTHS[0]} pixels wide": 1})


def test_the_page_is_light(log, name, record_property):
    total = log.weight.total()
    record_property("kB of a page before any Run, compressed", {name: round(total / 1000)})
    assert total < MOST_BYTES, f"{total:,} bytes\n{log.weight.heaviest()}"


def test_every_cell_shows_in_the_page_what_is_stored(page, name, record_property):
    notebook = ROOT / f"{name}.ipynb"
    if not notebook.exists() or reason(notebook):
        buttons = page.get_by_role("button", name="Run cell 1", exact=True).count()
        assert buttons == notebook.exists()
        return
    reader = Reader(page)
    marked = page.locator(MARKED).count()
    before = reader.displayed()
    answers = reader.run_all()
    cells = code_cells(read(notebook))
    assert [source for source, _ in answers] == [cell.source for cell in cells]
    for cell, (_, outputs) in zip(cells, answers, strict=True):
        assert shown(outputs) == shown(cell.outputs), cell.id
    assert reader.displayed() == before
    # The build and the page's script tell by themselves which outputs mark a place with carets.
    assert page.locator(MARKED).count() == marked
    outputs = sum(len(cell.outputs) for cell in cells)
    record_property("run in the page", {"chapters": 1, "cells": len(cells), "outputs": outputs})


# What a chapter's page shows from here on are the results of the run.


@pytest.mark.parametrize("width", WIDTHS[1:])
def test_the_page_is_accessible_at_other_widths(page, width, record_property):
    empty_drawings(page)
    empty_formulas(page)
    resize_to(page, width)
    assert violations(page, **BUT_COLOURS) == []
    record_property("read by axe", {f"pages after their run, {width} pixels wide": 1})


def test_the_console_is_silent(log):
    assert log.errors == []


def test_no_other_host_is_asked(log, address):
    assert log.requests
    assert log.foreign(address) == []


# The last of a page's tests: it takes out of the page what isn't read, and what the theme's scripts
# may look for a moment later.


def test_its_colours_can_be_told_apart(page, looks, record_property):
    resize_to(page, WIDTHS[-1])
    assert looks.unreadable(page) == {}
    record_property("read by axe", {f"pages in {theme} colours": 1 for theme in THEMES})


def test_the_chapters_have_mathematics(blank, address):
    blank.goto(f"{address}/chapters/forward.html")
    page_facts.settle(blank)
    assert page_facts.formulas(blank) > 0
    assert blank.locator("mjx-container").count() >= page_facts.formulas(blank)


def test_a_wrong_equation_says_what_is_wrong(blank, address):
    blank.goto(f"{address}/chapters/sigmoid.html")
    notes = blank.locator(".wrong-note").all_text_contents()
    assert {"Wrong shape, on purpose", "Wrong value, on purpose"} == set(notes)
    assert len(notes) == blank.locator("[id^='equation-wrong-']").count()


def test_the_formulas_of_a_ledger_are_set(blank, address):
    blank.goto(f"{address}/chapters/question.html")
    page_facts.settle(blank)
    formulas = blank.locator(".ledger .math")
    assert formulas.count() > 10
    assert blank.locator(".ledger .math mjx-container").count() == formulas.count()


def test_a_drawing_that_differs_is_noticed():
    drawing = '<figure class="drawing"><svg><path id="a1" d="M 1.5 2"/><use href="#a1"/></svg>'
    assert skeleton(drawing) == skeleton(drawing.replace("a1", "b22").replace("1.5", "1.49"))
    for wrong in (drawing.replace("M", "L"), drawing.replace("<use", "<text")):
        assert skeleton(wrong) != skeleton(drawing)


def test_an_output_that_is_shown_otherwise_is_noticed(blank, address):
    blank.goto(f"{address}/chapters/question.html")
    page_facts.settle(blank)
    reader = Reader(blank)
    before = reader.displayed()
    assert reader.displayed() == before
    blank.locator(".cell_output").last.evaluate("output => { output.innerText += '.' }")
    assert reader.displayed() != before
