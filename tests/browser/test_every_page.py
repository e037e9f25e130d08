"""Every page of the book, opened in Chromium."""

from collections.abc import Iterator

import page_facts
import pytest
from conftest import ROOT
from playwright.sync_api import Browser, Page

from book.build import documents

PAGES = [*documents(ROOT), "genindex", "search"]
NARROW = {"width": 360, "height": 740}
MOST_BYTES = 600_000


@pytest.fixture(scope="module", params=PAGES)
def opened(
    request: pytest.FixtureRequest, browser: Browser, address: str
) -> Iterator[tuple[Page, page_facts.Log]]:
    """Return the page, opened and settled, and what was logged meanwhile."""
    page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
    log = page_facts.Log()
    log.listen(page)
    page.goto(f"{address}/{request.param}.html")
    page_facts.settle(page)
    yield page, log
    page.context.close()


def test_the_mathematics_is_set(opened):
    page, _ = opened
    assert page_facts.unset_formulas(page) == []
    assert page_facts.source_left_in_text(page) == []


def test_the_mathematics_has_no_error(opened):
    page, _ = opened
    assert page_facts.wrong_formulas(page) == []


def test_what_is_wrong_on_purpose_says_so(opened):
    page, _ = opened
    assert page_facts.unmarked_wrong_equations(page) == []


def test_the_console_is_silent(opened):
    _, log = opened
    assert log.errors == []


def test_no_other_host_is_asked(opened, address):
    _, log = opened
    assert log.requests
    assert log.foreign(address) == []


def test_the_page_is_light(opened, request, record_property):
    _, log = opened
    name = request.node.callspec.params["opened"]
    total = log.weight.total()
    record_property("kB of a page before any Run, compressed", {name: round(total / 1000)})
    assert total < MOST_BYTES, f"{total:,} bytes\n{log.weight.heaviest()}"


def test_images_are_there_and_have_a_text(opened):
    page, _ = opened
    assert page_facts.missing_images(page) == []
    assert page_facts.images_without_text(page) == []


def test_the_page_fits_a_telephone(opened):
    page, _ = opened
    page.set_viewport_size(NARROW)
    assert page_facts.too_wide(page) == []
    assert page_facts.stops_apart(page) == []
    page_facts.widen_letters(page)
    assert page_facts.too_wide(page) == []


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
