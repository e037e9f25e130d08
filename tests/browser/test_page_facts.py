"""Each check of a page refuses a page that is wrong in that way."""

import page_facts
import pytest
from conftest import served

PAGE = '<!doctype html><link rel="icon" href="data:,"><title>A page</title><main>{}</main>'
PIXEL = "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"
MATHJAX = (
    "<script>window.MathJax = {options: {processHtmlClass: 'math'}}</script>"
    '<script defer src="/_static/mathjax/tex-mml-chtml.js"></script>'
)


@pytest.fixture
def look(blank, tmp_path):
    """Return a function that opens a page with this content and returns it with its log."""

    def opened(content: str):
        (tmp_path / "page.html").write_text(PAGE.format(content), encoding="utf-8")
        log = page_facts.Log()
        log.listen(blank)
        with served(tmp_path) as address:
            blank.goto(f"{address}/page.html")
            page_facts.settle(blank)
        return blank, log, address

    return opened


@pytest.fixture
def set_formula(blank, html, address):
    """Return a function that sets one formula with the book's own MathJax."""

    def opened(latex: str):
        blank.route(
            f"{address}/formula.html",
            lambda route: route.fulfill(
                body=PAGE.format(rf'<div class="math">\[{latex}\]</div>') + MATHJAX,
                content_type="text/html",
            ),
        )
        blank.goto(f"{address}/formula.html")
        page_facts.settle(blank)
        return blank

    return opened


def test_a_good_page_has_no_fault(look):
    page, log, address = look(f'<p>Text</p><img src="{PIXEL}" alt="a dot">')
    assert log.errors == []
    assert log.foreign(address) == []
    assert page_facts.missing_images(page) == []
    assert page_facts.images_without_text(page) == []
    assert page_facts.too_wide(page) == []


def test_formula_without_mathjax(look):
    page, _, _ = look(r'<span class="math">\(x\)</span><p>and $$y$$</p>')
    assert page_facts.unset_formulas(page) == [r"\(x\)"]
    assert page_facts.source_left_in_text(page) == ["and $$y$$"]


def test_good_formula(set_formula):
    page = set_formula(r"\boldsymbol{x} % a note to the tests" + "\n")
    assert page_facts.unset_formulas(page) == []
    assert page_facts.wrong_formulas(page) == []
    assert "note" not in page.locator("mjx-container").inner_text()


@pytest.mark.parametrize("latex", [r"\frac{1}", r"\begin{aligned} x", r"\unknowncommand{x}"])
def test_wrong_formula(set_formula, latex):
    assert page_facts.wrong_formulas(set_formula(latex))


def test_formula_that_never_ends(set_formula):
    assert page_facts.unset_formulas(set_formula(r"\frac{1}{"))


@pytest.mark.parametrize(
    ("page", "unmarked"),
    [
        ("{}", 1),
        ('<div class="wrong-equation">{}</div>', 1),
        ('<div class="wrong-equation"><p class="wrong-note" hidden>Wrong shape</p>{}</div>', 1),
        ('<div class="wrong-equation"><p class="wrong-note">Wrong shape</p>{}</div>', 0),
    ],
)
def test_wrong_equation_without_a_mark(look, page, unmarked):
    opened, _, _ = look(page.format('<div id="equation-wrong-a">x</div>'))
    assert len(page_facts.unmarked_wrong_equations(opened)) == unmarked


@pytest.mark.parametrize(
    ("together", "apart"), [("white-space: nowrap", 0), ("white-space: normal", 1)]
)
def test_stop_apart_from_its_formula(look, together, apart):
    box = '<b style="display: inline-block; width: 58px">x</b>'
    span = f'<span class="math-and-stop" style="{together}"><span class="math">{box}</span>,</span>'
    page, _, _ = look(f'<p style="width: 60px">{span}</p>')
    assert len(page_facts.stops_apart(page)) == apart


def test_stop_that_may_be_apart_from_its_formula(look):
    page, _, _ = look('<p><span class="math">x</span>, and</p>')
    assert len(page_facts.stops_apart(page)) == 1


def test_console_error(look):
    _, log, _ = look("<script>console.error('broken')</script>")
    assert log.errors == ["error: broken"]


def test_uncaught_exception(look):
    _, log, _ = look("<script>throw new Error('broken')</script>")
    assert log.errors == ["broken"]


def test_request_to_another_host(look):
    _, log, address = look('<script src="https://cdn.example.org/x.js"></script>')
    assert log.foreign(address) == ["https://cdn.example.org/x.js"]
    assert any("ERR_NAME_NOT_RESOLVED" in error for error in log.errors)


def test_missing_image(look):
    page, _, address = look('<img src="gone.png" alt="gone">')
    assert page_facts.missing_images(page) == [f"{address}/gone.png"]


@pytest.mark.parametrize(
    "image", [f'<img src="{PIXEL}">', '<figure><svg viewBox="0 0 1 1"></svg></figure>']
)
def test_image_without_text(look, image):
    page, _, _ = look(image)
    assert len(page_facts.images_without_text(page)) == 1


@pytest.mark.parametrize("clip", ["visible", "hidden"])
def test_too_wide(look, clip):
    page, _, _ = look(f'<div style="overflow-x: {clip}"><p style="width: 3000px">wide</p></div>')
    assert any("wide" in element for element in page_facts.too_wide(page))


def test_too_wide_in_another_font(look):
    page, _, _ = look('<p style="width: max-content">words that fill the page exactly</p>')
    edge = page.locator("p").evaluate("p => Math.ceil(p.getBoundingClientRect().right)")
    page.set_viewport_size({"width": edge, "height": 300})
    assert page_facts.too_wide(page) == []
    with page_facts.wide_letters(page):
        assert len(page_facts.too_wide(page)) == 1
    assert page_facts.too_wide(page) == []


def test_wide_in_a_scroller(look):
    page, _, _ = look('<div style="overflow-x: auto"><p style="width: 3000px">wide</p></div>')
    assert page_facts.too_wide(page) == []


def test_every_file_is_weighed(blank, tmp_path):
    (tmp_path / "script.js").write_text("// " + "a word " * 3000)
    (tmp_path / "font.woff").write_bytes(bytes(5000))
    style = "<style>@font-face {font-family: f; src: url(font.woff)} p {font-family: f}</style>"
    page = PAGE.format("<p>Text</p><script src=script.js></script>") + style
    (tmp_path / "page.html").write_text(page)
    log = page_facts.Log()
    log.listen(blank)
    with served(tmp_path) as address:
        blank.goto(f"{address}/page.html")
        page_facts.settle(blank)
        sizes = {url.rpartition("/")[2]: size for url, size in log.weight.files().items()}
    assert set(sizes) == {"page.html", "script.js", "font.woff"}
    assert sizes["font.woff"] == 5000
    assert 0 < sizes["script.js"] < 1000
    assert log.weight.heaviest().splitlines()[0].endswith("/font.woff")
