"""The search of the book, in Chromium."""

from playwright.sync_api import Page, expect


def results(page: Page, address: str, words: str) -> list[str]:
    """Search for the words and return the addresses of the pages found."""
    page.goto(f"{address}/search.html?q={words}")
    expect(page.locator("#search-results .search-summary")).to_contain_text("Search finished")
    return page.locator("#search-results li a").evaluate_all("all => all.map(a => a.href)")


def test_search_finds_third_order(blank, address):
    found = results(blank, address, "third-order")
    assert any("/chapters/tensor.html" in url for url in found)


def test_search_finds_nothing_that_is_not_there(blank, address):
    blank.goto(f"{address}/search.html?q=quaternionic")
    expect(blank.locator("#search-results")).to_contain_text("did not match any documents")
    assert blank.locator("#search-results li").count() == 0


def test_the_search_button_opens_the_search(blank, address):
    blank.goto(f"{address}/index.html")
    blank.get_by_role("button", name="Search").first.click()
    blank.keyboard.type("third-order")
    blank.keyboard.press("Enter")
    blank.wait_for_url("**/search.html?q=third-order*")
    expect(blank.locator("#search-results li").first).to_be_visible()
