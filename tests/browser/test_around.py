"""The landing page's map, the summary's sheet, the page for lost addresses, and code that links."""

import json
import re
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path
from threading import Thread

import page_facts
import pytest
from bs4 import BeautifulSoup, SoupStrainer
from conftest import ROOT, served
from matplotlib.colors import to_rgb
from matplotlib.image import imread
from page_links import Anchors
from playwright.sync_api import Browser, Page, expect
from pypdf import PdfReader

from book.build import documents

SITE = "every-jacobian-has-a-shape"


@pytest.fixture
def landing(blank: Page, address: str) -> Page:
    """Return the landing page, opened."""
    blank.goto(f"{address}/index.html")
    return blank


def test_every_part_of_the_map_leads_where_its_name_says(landing, html):
    found = landing.locator("figure.drawing svg a").evaluate_all(
        "all => all.map(link => [link.getAttribute('aria-label'), link.href.baseVal])"
    )
    assert len(found) == 20
    for name, target in found:
        path, _, fragment = target.partition("#")
        text = (html / path).read_text(encoding="utf-8")
        # The first heading of the highest level is for print alone.
        _, heading = BeautifulSoup(text, "html.parser", parse_only=SoupStrainer("h1"))("h1")
        assert heading.get_text().endswith(f"{name.rpartition(': ')[2]}#")
        assert not fragment or fragment in Anchors(text).ids


def test_the_map_is_reached_and_followed_by_keyboard(landing):
    landing.locator("figure.drawing svg a").first.focus()
    landing.keyboard.press("Tab")
    fill = "a => getComputedStyle(a.querySelector('rect')).strokeWidth"
    focused = landing.evaluate_handle("document.activeElement")
    assert focused.evaluate("a => a.closest('figure.drawing') !== null")
    assert focused.evaluate(fill) == "2px"
    assert landing.locator("figure.drawing svg a:not(:focus)").first.evaluate(fill) != "2px"
    name = focused.evaluate("a => a.getAttribute('aria-label')")
    landing.keyboard.press("Enter")
    expect(landing.locator("h1").first).to_contain_text(name.rpartition(": ")[2])


def test_the_map_s_links_are_large_enough_on_a_telephone(landing):
    landing.set_viewport_size({"width": 360, "height": 740})
    boxes = landing.locator("figure.drawing svg a rect").evaluate_all(
        "all => all.map(rect => rect.getBoundingClientRect()).map(box => [box.width, box.height])"
    )
    assert min(min(box) for box in boxes) >= 24  # WCAG 2.5.8


def test_the_summary_prints_on_one_sheet(blank, address, tmp_path):
    blank.goto(f"{address}/summary.html")
    page_facts.settle(blank)
    for sheet in ("A4", "Letter"):
        blank.pdf(path=tmp_path / "summary.pdf", format=sheet)
        printed = PdfReader(tmp_path / "summary.pdf").pages
        assert len(printed) == 1, sheet
        text = printed[0].extract_text()
        assert "dJ_dz2 = (yhat - y) / divisor(reduction, len(y))" in text
        assert "dJ_dx = dJ_dz1 @ W1.T" in text


def test_a_page_that_is_no_sheet_prints_on_several(blank, address, tmp_path):
    blank.goto(f"{address}/notation.html")
    page_facts.settle(blank)
    blank.pdf(path=tmp_path / "notation.pdf", format="A4")
    assert len(PdfReader(tmp_path / "notation.pdf").pages) > 1


PRINTED = """() => [
    document.documentElement.dataset.theme,
    [...document.querySelectorAll("main details")].every(each => each.open),
]"""


def test_a_dark_page_is_printed_light_and_unfolded(blank, address):
    blank.emulate_media(color_scheme="dark")
    blank.goto(f"{address}/chapters/batch.html")
    page_facts.settle(blank)
    assert blank.evaluate(PRINTED) == ["dark", False]
    blank.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert blank.evaluate(PRINTED) == ["light", True]
    blank.evaluate("dispatchEvent(new Event('afterprint'))")
    assert blank.evaluate(PRINTED) == ["dark", False]


def test_no_code_is_cut_off_on_paper(blank, address):
    blank.emulate_media(media="print")
    blank.set_viewport_size({"width": 718, "height": 1000})  # A4 between margins of a centimetre
    blank.goto(f"{address}/chapters/deeper.html")
    page_facts.settle(blank)
    wider = "all => all.filter(each => each.scrollWidth > each.clientWidth + 1).length"
    assert blank.locator("article pre").evaluate_all(wider) == 0


class LostHandler(SimpleHTTPRequestHandler):
    """Answer as GitHub Pages does: what isn't there gets the page 404.html."""

    def log_message(self, *_: object) -> None:
        pass

    def send_error(self, code: int, *_: object) -> None:
        body = (Path(self.directory) / SITE / "404.html").read_bytes()
        self.send_response(code)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(body)


@pytest.fixture
def site(html: Path, tmp_path: Path) -> Iterator[str]:
    """Serve the book below the path that it has on GitHub Pages."""
    (tmp_path / SITE).symlink_to(html)
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(LostHandler, directory=tmp_path))
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/{SITE}"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("path", ["nowhere.html", "chapters/nowhere.html", "a/b/c/d"])
def test_a_lost_address_shows_a_page_that_works(blank, site, path):
    log = page_facts.Log()
    log.listen(blank)
    answer = blank.goto(f"{site}/{path}")
    page_facts.settle(blank)
    assert answer.status == 404
    lost = [error for error in log.errors if "404" not in error]
    assert lost == []
    assert len(log.errors) == 1  # the page itself; its style sheets and scripts are there
    assert log.foreign(site) == []
    addresses = blank.locator("a[href^='/'], main a.internal").evaluate_all(
        "all => all.map(a => a.href)"
    )
    assert len(addresses) > 20
    for address in sorted({address.partition("#")[0] for address in addresses}):
        assert blank.request.head(address).status == 200, address
    blank.locator("article a", has_text="The question").click()
    expect(blank.locator("h1").first).to_contain_text("The question")


def test_code_in_a_chapter_links_to_the_reference(blank, address):
    blank.goto(f"{address}/chapters/chain.html")
    link = blank.locator("div.cell_input a", has_text=re.compile("^assert_jacobian$")).first
    link.click()
    blank.wait_for_url("**/reference.html#mlp_lib.gradient_check.assert_jacobian")
    expect(blank.locator("[id='mlp_lib.gradient_check.assert_jacobian']")).to_be_in_viewport()
    assert "chapters/gradient_checking.html" in blank.locator("article").inner_html()


def test_what_a_message_shows_of_a_page(browser: Browser, html: Path):
    with served(html) as address:
        page = browser.new_context(java_script_enabled=False).new_page()
        page.goto(f"{address}/chapters/tensor.html")
        properties = dict(
            page.locator("meta[property^='og:']").evaluate_all(
                "all => all.map(tag => [tag.getAttribute('property'), tag.content])"
            )
        )
        assert properties["og:title"] == "7. The third-order tensor"
        assert properties["og:site_name"] == "Every Jacobian Has a Shape"
        assert "check each by finite differences" in properties["og:description"]
        root = f"https://every-jacobian.github.io/{SITE}/"
        assert properties["og:url"] == f"{root}chapters/tensor.html"
        image = properties["og:image"].removeprefix(root)
        assert page.request.get(f"{address}/{image}").headers["content-type"] == "image/png"
        page.context.close()


@pytest.mark.parametrize("name", documents(ROOT))
def test_a_page_can_be_edited_reported_and_downloaded(html, name):
    source = next(path for path in (f"{name}.ipynb", f"{name}.md") if (ROOT / path).exists())
    text = (html / f"{name}.html").read_text(encoding="utf-8")
    top = SoupStrainer(class_=re.compile("bd-header-article"))
    page = BeautifulSoup(text, "html.parser", parse_only=top)
    links = [link["href"] for link in page.select("a[href]")]
    repository = f"https://github.com/every-jacobian/{SITE}"
    assert f"{repository}/edit/main/{source}" in links
    assert any(link.startswith(f"{repository}/issues/new?") for link in links)
    (download,) = [link for link in links if "_sources/" in link]
    served_source = (html / f"{name}.html").parent / download
    assert served_source.read_bytes() == (ROOT / source).read_bytes()


def test_code_can_be_copied_without_what_links_add(alien, address):
    alien.context.grant_permissions(["clipboard-read", "clipboard-write"])
    alien.goto(f"{address}/chapters/question.html")
    cell = alien.locator("div.cell_input:has(a.sphinx-codeautolink-a)").first
    cell.hover()
    cell.locator("button.copybtn").click()
    copied = alien.evaluate("navigator.clipboard.readText()")
    notebook = json.loads((ROOT / "chapters" / "question.ipynb").read_text(encoding="utf-8"))
    assert copied in ["".join(each["source"]) for each in notebook["cells"]]


SCROLLERS = {
    "drawing": '<div class="text_html"><figure class="drawing"><svg style="{}"/></figure></div>',
    "equation": '<div class="math"><mjx-container><p style="{}"></p></mjx-container></div>',
}


@pytest.mark.parametrize("content", SCROLLERS.values(), ids=SCROLLERS)
@pytest.mark.parametrize(("ground", "text"), [("#ffffff", "#222832"), ("#121212", "#ced6dd")])
def test_an_edge_is_shaded_where_more_lies_behind_it(blank, content, ground, text):
    css = (ROOT / "_static/book.css").read_text(encoding="utf-8")
    blank.set_viewport_size({"width": 360, "height": 740})

    def edges(width: int, scrolled: int) -> list[bool]:
        size = f"display: block; width: {width}px; height: 80px"
        blank.set_content(
            f"<style>{css} mjx-container {{display: block; overflow: auto}}</style>"
            f'<body style="--pst-color-background: {ground}; --pst-color-text-base: {text};'
            f' background: {ground}"><div class="bd-content"><div class="cell_output">'
            f"{content.format(size)}</div></div>"
        )
        scroller = blank.locator(".text_html, mjx-container")
        scroller.evaluate("(element, left) => (element.scrollLeft = left)", scrolled)
        pixels = imread(BytesIO(scroller.screenshot()))[:, :, :3]
        row, plain = pixels[len(pixels) // 2], to_rgb(ground)
        return [bool(abs(row[end] - plain).max() > 0.1) for end in (1, -2)]

    assert edges(900, 0) == [False, True]
    assert edges(900, 200) == [True, True]
    assert edges(900, 9000) == [True, False]
    assert edges(200, 0) == [False, False]
    blank.emulate_media(media="print")
    assert edges(900, 0) == [False, False]
    blank.emulate_media(media="screen")
