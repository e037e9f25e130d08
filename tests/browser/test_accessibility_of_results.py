"""axe-core finds nothing where code has run, where a formula is diagnosed, and without Python."""

from collections.abc import Iterator

import page_facts
import pytest
from accessibility import (
    BUT_COLOURS,
    WIDTHS,
    Looks,
    empty_formulas,
    leave_only,
    resize_to,
    take_out_words_and_lines,
    violations,
)
from playwright.sync_api import BrowserContext, Page, expect

pytestmark = pytest.mark.usefixtures("patience")


@pytest.fixture(scope="module")
def empty(profile: BrowserContext) -> Iterator[Page]:
    """Return an empty page."""
    page = profile.new_page()
    yield page
    page.close()


def run(page: Page, address: str) -> None:
    """Show a chapter with an open editor, a result and an error."""
    page.goto(f"{address}/chapters/where_wrong.html")
    page_facts.settle(page)
    page.get_by_role("button", name="Run cell 1", exact=True).click()
    expect(page.locator(".live-said").first).to_have_text("your result")
    page.get_by_role("button", name="Edit cell 2", exact=True).click()
    expect(page.get_by_role("textbox", name="Code of cell 2.")).to_be_focused()
    page.keyboard.type("1 / 0 #")
    page.keyboard.press("Shift+Enter")
    expect(page.locator(".traceback")).to_be_visible()


def diagnosed(page: Page, address: str) -> None:
    """Show the clinic with a diagnosis."""
    page.goto(f"{address}/clinic.html")
    page.get_by_role("button", name="A value that is wrong").click()
    expect(page.locator(".clinic-diagnosis .diagnosis")).to_be_visible()


def without_python(page: Page, address: str) -> None:
    """Show a chapter of a build that has no Python, where a reader has asked for it."""
    missing = {"available": False, "reason": "its files could not be had"}
    page.route("**/live.json", lambda route: route.fulfill(json=missing))
    page.goto(f"{address}/chapters/sigmoid.html")
    page_facts.settle(page)
    page.locator("button[aria-label^='Run cell']").first.click()
    expect(page.locator(".live-said").first).to_contain_text("Python can't run here")


@pytest.fixture(scope="module", params=[run, diagnosed, without_python])
def shown(request: pytest.FixtureRequest, empty: Page, address: str) -> Page:
    """Return the page when it shows this, without the rest of a chapter's text."""
    request.param(empty, address)
    leave_only(empty, ".clinic, .clinic-diagnosis, .live-python, .cell:has(.live-said:not(:empty))")
    empty_formulas(empty)
    return empty


@pytest.mark.parametrize("width", WIDTHS)
def test_what_is_shown_is_accessible_and_fits(shown, width):
    take_out_words_and_lines(shown)
    resize_to(shown, width)
    assert violations(shown, **BUT_COLOURS) == []
    assert page_facts.too_wide(shown) == []


def test_what_is_shown_can_be_read(shown, looks):
    resize_to(shown, WIDTHS[-1])
    assert looks.unreadable(shown) == {}


def test_what_is_under_the_mouse_and_the_way_back_can_be_read(blank, address, looks):
    blank.goto(f"{address}/chapters/sigmoid.html")
    page_facts.settle(blank)
    link, formula = "p:has(> a.reference)", "div.math"
    leave_only(blank, f"{link}, {formula}")
    empty_formulas(blank)
    # The theme shows it when a reader scrolls up.
    blank.locator("#pst-back-to-top").evaluate("button => { button.style.display = 'block' }")
    for place in ("nav a[href='deeper.html']", f"{link} > a", formula):
        blank.locator(place).first.hover()
        assert looks.unreadable(blank, keep=True) == {}, place


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        ("<img src='data:,'>", "image-alt"),
        ("<button></button>", "button-name"),
        ("<p style='color: #bbb; background: #fff'>pale</p>", "color-contrast"),
        ("<table><tr><th></th><th>b</th></tr><tr><td>1</td><td>2</td></tr></table>", "empty-table"),
    ],
)
def test_a_fault_is_found(blank, content, rule):
    blank.set_content(f"<html lang=en><title>T</title><main><h1>T</h1>{content}</main></html>")
    assert [found.startswith(rule) for found in violations(blank)] == [True]


@pytest.mark.parametrize(
    ("style", "themes"),
    [
        ("p { color: #000 }", []),
        ("p + p { color: #bbb }", ["light", "dark"]),
        ("main { background: #777 } [data-theme=dark] main { background: #fff }", ["light"]),
        ("section { background: #777 }", ["light", "dark"]),
        ("section { background: linear-gradient(#666, #777) }", []),
        ("section { opacity: 0.5 }", ["light", "dark"]),
    ],
)
def test_one_text_that_looks_otherwise_is_found(blank, style, themes):
    texts = "<p class=a>one</p><p class=a>two</p><section><p class=a>three</p></section>"
    blank.set_content(
        f"<html lang=en><title>T</title><style>body {{ background: #fff }} p {{ color: #444 }}"
        f"{style}</style><main><h1>T</h1>{texts}</main></html>"
    )
    found = Looks().unreadable(blank)
    assert list(found) == themes
    assert all("color-contrast: <p" in texts[0] for texts in found.values())


@pytest.mark.parametrize("keep", [True, False])
def test_what_is_not_read_may_be_kept(blank, keep):
    pages = "<p style='color: {0}'>one</p><p style='color: {0}'>two</p>"
    blank.set_content(
        f"<html lang=en><title>T</title><style>body {{ background: #fff }}</style>"
        f"<main><h1>T</h1>{pages.format('#bbb')}</main></html>"
    )
    assert list(Looks().unreadable(blank, keep)) == ["light", "dark"]
    assert blank.locator("p").count() == 1 + keep
    assert blank.locator("[data-not-read]").count() == 0


def test_a_text_is_read_once_on_all_pages_unless_it_could_not_be_read(blank):
    looks = Looks()
    for colour, is_readable in (("#444", True), ("#bbb", False), ("#bbb", False), ("#444", True)):
        blank.set_content(
            f"<html lang=en><title>T</title><style>body {{ background: #fff }}</style>"
            f"<main><h1>T</h1><p style='color: {colour}'>one</p></main></html>"
        )
        before = looks.readable.copy()
        assert (looks.unreadable(blank) == {}) is is_readable
        assert (looks.readable > before) is (before == set())
