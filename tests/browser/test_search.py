"""The search of the book, in Chromium."""

import re
import unicodedata
from html import unescape

import page_facts
import pytest
from playwright.sync_api import Page, expect


def results(page: Page, address: str, words: str) -> list[str]:
    """Search for the words and return the addresses of the pages found."""
    page.goto(f"{address}/search.html?q={words}")
    expect(page.locator("#search-results .search-summary")).to_contain_text("Search finished")
    return page.locator("#search-results li a").evaluate_all("all => all.map(a => a.href)")


def test_search_finds_third_order(alien, address):
    log = page_facts.Log()
    log.listen(alien)
    found = results(alien, address, "third-order")
    assert any("/chapters/tensor.html" in url for url in found)
    assert log.errors == []


def test_what_is_found_is_shown_with_its_text_alone(alien, address):
    assert results(alien, address, "Kronecker")
    pieces = alien.locator("#search-results .context").all_text_contents()
    assert any("kronecker" in piece.lower() for piece in pieces)
    around = ("Suggest edit", "  ", r"\(", r"\[", "% batch")
    assert not [piece for piece in pieces for part in around if part in piece]


@pytest.mark.parametrize(
    ("latex", "signs"),
    [
        (r"\frac{\partial J}{\partial W_{1,ij}}", "∂J/∂W₁,ᵢⱼ"),
        (r"\left( \hat y - y \right) \cdot W_2^T \circ h", "(ŷ − y) · W₂ᵀ ∘ h"),
        (r"D_x\times H", "D_x×H"),
        (r"\sum_{k=1}^{D_y} \log\hat{y}_k", "Σ_(k=1)^(D_y) logŷₖ"),
        (r"\frac{1 - h}{2}", "(1 − h)/2"),
        (r"\frac{\alpha}{2N}\sum_n W^2", "α/(2N) Σₙ W²"),
    ],
)
def test_a_formula_is_shown_in_signs(alien, address, latex, signs):
    alien.goto(f"{address}/search.html")
    found = alien.evaluate("latex => inSigns(latex)", latex)
    assert found == unicodedata.normalize("NFD", signs)


def test_no_formula_is_shown_as_latex(alien, address, html):
    pages = [*html.glob("*.html"), *html.glob("chapters/*.html")]
    formula = re.compile(r'<span class="math[^>]*>\\\((.+?)\\\)</span>', re.DOTALL)
    latex = {unescape(each) for page in pages for each in formula.findall(page.read_text())}
    assert len(latex) > 500
    alien.goto(f"{address}/search.html")
    signs = alien.evaluate("all => all.map(inSigns)", sorted(latex))
    assert not [each for each in signs if set(each) & set("\\{}$")]


def test_what_is_typed_is_not_under_the_glass(alien, address):
    alien.goto(f"{address}/search.html?q=third")
    glass, field = alien.locator(
        "main form.bd-search .fa-magnifying-glass, main form.bd-search input"
    ).all()
    padding = field.evaluate("field => parseFloat(getComputedStyle(field).paddingLeft)")
    box = glass.bounding_box()
    assert box["x"] + box["width"] < field.bounding_box()["x"] + padding


def test_search_finds_nothing_that_is_not_there(alien, address):
    alien.goto(f"{address}/search.html?q=quaternionic")
    expect(alien.locator("#search-results")).to_contain_text("did not match any documents")
    assert alien.locator("#search-results li").count() == 0


def test_the_search_button_opens_the_search(alien, address):
    alien.goto(f"{address}/index.html")
    alien.get_by_role("button", name="Search").first.click()
    alien.keyboard.type("third-order")
    alien.keyboard.press("Enter")
    alien.wait_for_url("**/search.html?q=third-order*")
    expect(alien.locator("#search-results li").first).to_be_visible()


def test_what_was_searched_for_is_marked_and_can_be_read(alien, address, looks):
    log = page_facts.Log()
    log.listen(alien)
    assert results(alien, address, "third")
    expect(alien.locator("#search-results .context").first).to_be_visible()
    # The landing page has the word in its text, in links and in the title of a drawing.
    alien.goto(f"{address}/index.html")
    expect(alien.locator("main a span.highlighted").first).to_be_visible()
    page_facts.settle(alien)
    assert looks.unreadable(alien) == {}
    assert log.errors == []
