"""axe-core finds nothing on any page: at three widths, in light and dark, with results of a run.

Rules that look at colours don't depend on the width, and the others not on the colours, so each
kind runs where it may differ. The colours of code are the same on every page: they are looked at
where code has run.
"""

from collections.abc import Iterator
from typing import Any

import page_facts
import pytest
from axe_playwright_python.sync_playwright import Axe
from conftest import ROOT
from playwright.sync_api import Browser, Page, expect

from book.build import documents

PAGES = [*documents(ROOT), "genindex", "search"]
WIDTHS = (1440, 768, 320)
THEMES = ("light", "dark")
COLOURS = ["color-contrast", "link-in-text-block"]
ALIKE_EVERYWHERE = [[".highlight pre"], ["mjx-container"]]
# What a formula holds is the same at each width, and there is a lot of it.
ALIKE_AT_EACH_WIDTH = [["mjx-container > mjx-math"], ["mjx-container > mjx-assistive-mml"]]
PATIENCE = 60_000


@pytest.fixture(scope="module", autouse=True)
def patience() -> Iterator[None]:
    """Wait as long as Python may take to start, on a machine that does other things as well."""
    expect.set_options(timeout=PATIENCE)
    yield
    expect.set_options(timeout=5000)


@pytest.fixture(scope="module", params=PAGES)
def opened(request: pytest.FixtureRequest, browser: Browser, address: str) -> Iterator[Page]:
    """Return the page, opened and settled."""
    context = browser.new_context(viewport={"width": WIDTHS[0], "height": 900})
    page = context.new_page()
    page.goto(f"{address}/{request.param}.html")
    page_facts.settle(page)
    yield page
    context.close()


def violations(page: Page, but: list[list[str]] | None = None, **options: Any) -> list[str]:
    """Return what axe finds, as `rule: element`, `but` in what these selectors name."""
    options = {"resultTypes": ["violations"], **options}
    found = Axe().run(page, context={"exclude": but} if but else None, options=options)
    return [
        f"{violation['id']}: {node['html'][:160]}"
        for violation in found.response["violations"]
        for node in violation["nodes"]
    ]


def narrow_to(page: Page, width: int) -> None:
    """Give the page this width, and the theme the time to let the keyboard reach what scrolls."""
    page.set_viewport_size({"width": width, "height": 900})
    page.wait_for_function(
        """() => [...document.querySelectorAll("main pre")].every(pre =>
            pre.scrollWidth <= pre.clientWidth || pre.tabIndex === 0)"""
    )


def in_theme(page: Page, theme: str) -> None:
    """Show the page in light or dark, when the change of colours has ended."""
    page.evaluate("theme => { document.documentElement.dataset.theme = theme }", theme)
    page.evaluate(
        """() => Promise.all(document.getAnimations()
            .filter(each => each instanceof CSSTransition).map(each => each.finished))"""
    )


@pytest.mark.parametrize("width", WIDTHS)
def test_the_page_is_accessible(opened, width):
    narrow_to(opened, width)
    rules = {name: {"enabled": False} for name in COLOURS}
    alike = ALIKE_AT_EACH_WIDTH if width != WIDTHS[0] else None
    assert violations(opened, alike, rules=rules) == []


@pytest.mark.parametrize("theme", THEMES)
def test_its_colours_can_be_told_apart(opened, theme):
    narrow_to(opened, WIDTHS[0])
    in_theme(opened, theme)
    assert violations(opened, ALIKE_EVERYWHERE, runOnly=COLOURS) == []


def test_its_formulas_can_be_read_aloud(opened):
    mute = "all => all.filter(each => !each.querySelector('mjx-assistive-mml math')).length"
    assert opened.locator("mjx-container").evaluate_all(mute) == 0


@pytest.fixture(scope="module")
def run(browser: Browser, address: str) -> Iterator[Page]:
    """Return a chapter with an open editor, a result and an error."""
    context = browser.new_context(viewport={"width": WIDTHS[0], "height": 900})
    page = context.new_page()
    page.goto(f"{address}/chapters/where_wrong.html")
    page_facts.settle(page)
    page.get_by_role("button", name="Run cell 1", exact=True).click()
    expect(page.locator(".live-said").first).to_have_text("your result")
    page.get_by_role("button", name="Edit cell 2", exact=True).click()
    expect(page.get_by_role("textbox", name="Code of cell 2.")).to_be_focused()
    page.keyboard.type("1 / 0 #")
    page.keyboard.press("Shift+Enter")
    expect(page.locator(".traceback")).to_be_visible()
    yield page
    context.close()


@pytest.fixture(scope="module")
def diagnosed(browser: Browser, address: str) -> Iterator[Page]:
    """Return the clinic with a diagnosis."""
    context = browser.new_context(viewport={"width": WIDTHS[0], "height": 900})
    page = context.new_page()
    page.goto(f"{address}/clinic.html")
    page.get_by_role("button", name="A value that is wrong").click()
    expect(page.locator(".clinic-diagnosis .diagnosis")).to_be_visible()
    yield page
    context.close()


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("name", ["run", "diagnosed"])
def test_what_has_run_is_accessible_and_fits(request, name, theme, width):
    page = request.getfixturevalue(name)
    narrow_to(page, width)
    in_theme(page, theme)
    assert violations(page) == []
    assert page_facts.too_wide(page) == []


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
