"""The policy of the pages, as the browser enforces it."""

import page_facts
import pytest
from conftest import ROOT
from playwright.sync_api import Page

from book.build import documents


@pytest.fixture(scope="module")
def page(browser, address):
    """Return a page that stays open."""
    context = browser.new_context()
    opened = context.new_page()
    opened.goto(f"{address}/chapters/question.html")
    page_facts.settle(opened)
    yield opened
    context.close()


def refused(page: Page, action: str) -> str:
    """Do this in the page and return the directive that refuses it, or nothing."""
    return page.evaluate(
        """action => new Promise(resolve => {
            document.addEventListener("securitypolicyviolation",
                event => resolve(event.effectiveDirective), {once: true});
            setTimeout(() => resolve(""), 1000);
            const add = (name, given) =>
                document.body.append(Object.assign(document.createElement(name), given));
            ({
                script: () => add("script", {textContent: "window.taken = true"}),
                handler: () => add("div", {innerHTML: "<img src=x: onerror='window.taken = 1'>"}),
                link: () => {
                    add("a", {href: "javascript:window.taken = 1", id: "link"});
                    document.getElementById("link").click();
                },
                foreign: () => add("script", {src: "https://example.org/a.js"}),
                request: () => fetch("https://example.org/").catch(() => {}),
                image: () => add("img", {src: "https://example.org/a.png"}),
                frame: () => add("iframe", {src: "/index.html"}),
                "own request": () => fetch("/objects.inv"),
            })[action]();
        }).catch(error => String(error))""",
        action,
    )


@pytest.mark.parametrize(
    ("action", "directive"),
    [
        ("script", "script-src-elem"),
        ("handler", "script-src-attr"),
        ("link", "script-src-elem"),
        ("foreign", "script-src-elem"),
        ("request", "connect-src"),
        ("image", "img-src"),
        ("frame", "frame-src"),
        ("own request", ""),
    ],
)
def test_what_comes_later_is_refused(page, action, directive):
    assert refused(page, action) == directive
    assert page.evaluate("window.taken") is None


def test_every_page_has_the_policy(html):
    pages = [*documents(ROOT), "genindex", "search"]
    without = [
        name
        for name in pages
        if "Content-Security-Policy" not in (html / f"{name}.html").read_text(encoding="utf-8")
    ]
    assert without == []


def test_the_theme_still_works(page):
    before = page.evaluate("document.documentElement.dataset.mode")
    page.get_by_role("button", name="Color mode").first.click()
    assert page.evaluate("document.documentElement.dataset.mode") != before
    page.evaluate("window.print = () => { window.printed = true }")
    page.locator("[onclick='window.print()']").evaluate("button => button.click()")
    assert page.evaluate("window.printed")
