"""A chapter's cells, edited and run in the page by mouse and keyboard, with the site's own Python.

The tests share one page and run in their order: starting Python takes seconds.
"""

import re
from collections.abc import Iterator

import nbformat
import page_facts
import pytest
from bs4 import BeautifulSoup, SoupStrainer
from conftest import ROOT
from page_run import LISTEN, shown
from playwright.sync_api import BrowserContext, Locator, Page, Route, expect

from book.live.chapters import reason
from book.notebooks import code_cells, read

CHAPTER = "chapters/question.html"
pytestmark = pytest.mark.usefixtures("patience")
BEFORE_RUN = re.compile(r"(editor|python|worker)\.mjs|live\.json|pyodide|\.tar\.xz|\.ipynb")


@pytest.fixture(scope="module")
def opened(profile: BrowserContext, address: str) -> Iterator[tuple[Page, page_facts.Log]]:
    """Return a chapter that stays open, and what the browser logs of it."""
    page = profile.new_page()
    log = page_facts.Log()
    log.listen(page)
    page.goto(f"{address}/{CHAPTER}")
    page_facts.settle(page)
    expect(button(page, "Run cell 3")).to_be_visible()
    yield page, log
    page.close()


@pytest.fixture
def chapter(opened: tuple[Page, page_facts.Log]) -> Page:
    """Return the page of the chapter."""
    return opened[0]


def button(page: Page, name: str) -> Locator:
    """Return the button of this name."""
    # Not by its role: a page of ten thousand elements is slow to be asked for their roles.
    return page.locator(f'button[aria-label="{name}"], button:text-is("{name}")')


def press(page: Page, name: str) -> None:
    """Press the button of this name."""
    button(page, name).click()


def group(page: Page, number: int) -> Locator:
    """Return the buttons of a cell, and what is said beside them."""
    return page.locator(f'[role="group"][aria-label="Cell {number}"]')


def editor_of(page: Page, number: int) -> Locator:
    """Return the editor of a cell."""
    return page.locator(f'[role="textbox"][aria-label^="Code of cell {number}."]')


def said(page: Page, number: int) -> Locator:
    """Return what is said of a cell."""
    return group(page, number).locator(".live-said")


def output(page: Page, number: int) -> Locator:
    """Return the outputs of a cell."""
    return page.locator(".bd-article .cell").nth(number - 1).locator(".cell_output")


def write(page: Page, number: int, code: str) -> None:
    """Write code into a cell's editor, over what stands there."""
    if button(page, f"Edit cell {number}").is_visible():
        press(page, f"Edit cell {number}")
    editor = editor_of(page, number)
    editor.focus()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(code)


@pytest.mark.parametrize("path", sorted((ROOT / "chapters").glob("*.ipynb")), ids=lambda p: p.stem)
def test_a_cell_knows_its_place_in_the_notebook(html, path):
    stored = nbformat.read(path, as_version=4).cells
    page = (html / "chapters" / f"{path.stem}.html").read_text(encoding="utf-8")
    only = SoupStrainer(class_=re.compile("cell"))
    cells = BeautifulSoup(page, "html.parser", parse_only=only).select(".cell")
    assert cells
    for cell in cells:
        source = stored[int(cell["id"].removeprefix("cell-"))].source
        shown = cell.select_one(".cell_input pre")
        assert shown is None or shown.text.strip() == source.strip()


def test_nothing_is_loaded_before_the_reader_asks(opened):
    _, log = opened
    assert any("live/cells.mjs" in url for url in log.requests)
    assert [url for url in log.requests if BEFORE_RUN.search(url)] == []


def test_a_cell_runs_and_loading_is_seen(chapter):
    status = chapter.locator(".live-python")
    press(chapter, "Run cell 3")
    expect(status).to_contain_text(re.compile(r"Loading Python\.\s*\d+\.\d of \d+\.\d MB"))
    expect(status.get_by_role("progressbar")).to_be_visible()
    expect(said(chapter, 3)).to_have_text("has run")
    expect(status.get_by_role("status")).to_have_text("Cell 3 has run.")
    expect(status.get_by_role("progressbar")).to_be_hidden()


def test_a_result_is_as_the_stored_one(chapter):
    stored = output(chapter, 4).inner_text()
    press(chapter, "Run cell 4")
    expect(said(chapter, 4)).to_have_text("your result")
    assert output(chapter, 4).inner_text().strip() == stored.strip()


def test_a_result_that_is_not_the_stored_one_is_noticed(chapter):
    stored = code_cells(read(ROOT / "chapters" / "question.ipynb"))[3]
    chapter.evaluate(LISTEN)
    for source, is_stored in ((stored.source, True), ("print(row.size)", False)):
        write(chapter, 4, source)
        press(chapter, "Run cell 4")
        chapter.wait_for_function("source => answers.at(-1)?.[0] === source", arg=source)
        _, outputs = chapter.evaluate("answers.at(-1)")
        assert (shown(outputs) == shown(stored.outputs)) is is_stored
    press(chapter, "Reset cell 4")


def test_by_keyboard_a_cell_is_edited_and_run(chapter):
    group(chapter, 4).get_by_role("button", name="Edit cell 4").focus()
    chapter.keyboard.press("Enter")
    editor = editor_of(chapter, 4)
    expect(editor).to_be_focused()
    chapter.keyboard.press("Control+End")
    chapter.keyboard.type("\nprint(6 * 7")
    chapter.keyboard.press("Shift+Enter")
    expect(output(chapter, 4)).to_contain_text("42")
    expect(editor).to_be_focused()
    chapter.keyboard.press("Escape")
    expect(button(chapter, "Run cell 4")).to_be_focused()


def test_tab_leaves_the_editor(chapter):
    editor = editor_of(chapter, 4)
    editor.focus()
    chapter.keyboard.press("Tab")
    expect(button(chapter, "Run cell 4")).to_be_focused()
    chapter.keyboard.press("Shift+Tab")
    expect(editor).to_be_focused()


def test_an_error_is_shown_and_says_what_may_be_missing(chapter):
    write(chapter, 4, "1 / 0")
    press(chapter, "Run cell 4")
    expect(output(chapter, 4).locator(".traceback")).to_contain_text("ZeroDivisionError")
    # The first cell, a drawing whose code the page doesn't show, hasn't run.
    expect(said(chapter, 4)).to_have_text("an error: not all cells above have run")


def test_an_error_names_the_cell_as_the_page_does(chapter):
    write(chapter, 4, "def one(x):\n    return 1 / x")
    press(chapter, "Run cell 4")
    expect(said(chapter, 4)).to_have_text("has run")
    write(chapter, 6, "one(0)")
    press(chapter, "Run cell 6")
    traceback = output(chapter, 6).locator(".traceback")
    expect(traceback).to_contain_text(re.compile(r'"cell 6(, run \d+)?", line 1'))
    expect(traceback).to_contain_text(re.compile(r'"cell 4(, run \d+)?", line 2'))
    for number in (4, 6):
        press(chapter, f"Reset cell {number}")


def test_all_above_runs_what_the_page_does_not_show_too(chapter):
    drawing = output(chapter, 1).locator("svg")
    drawing.evaluate("svg => { svg.dataset.stored = 'yes' }")
    write(chapter, 4, "row = (yhat - y) @ W2.T * h * (1 - h)")
    group(chapter, 5).get_by_role("button", name="Run all above cell 5").focus()
    chapter.keyboard.press("Enter")
    expect(said(chapter, 5)).to_have_text("all above has run")
    expect(drawing).to_be_visible()
    assert drawing.get_attribute("data-stored") is None
    assert drawing.get_attribute("aria-label")


def test_an_error_ends_the_run_above(chapter):
    write(chapter, 4, "1 / 0")
    press(chapter, "Run all above cell 6")
    expect(said(chapter, 6)).to_have_text("Cell 4 above ended with an error or was stopped")
    expect(said(chapter, 5)).to_have_text("not run")


def test_an_endless_loop_is_stopped_and_the_reader_goes_on(chapter):
    write(chapter, 4, "print('begun', flush=True)\nwhile True:\n    pass")
    press(chapter, "Run cell 4")
    expect(output(chapter, 4)).to_contain_text("begun")
    press(chapter, "Stop cell 4")
    expect(said(chapter, 4)).to_have_text("stopped")
    expect(button(chapter, "Run cell 4")).to_be_focused()
    write(chapter, 4, "print('yhat' in globals())")
    press(chapter, "Run cell 4")
    expect(output(chapter, 4)).to_contain_text("False")


def test_restart_forgets_every_name(chapter):
    write(chapter, 4, "kept = 1")
    press(chapter, "Run cell 4")
    expect(said(chapter, 4)).to_have_text("has run")
    press(chapter, "Restart Python")
    write(chapter, 4, "kept")
    press(chapter, "Run cell 4")
    expect(output(chapter, 4)).to_contain_text("NameError")


def test_each_kind_of_output_is_shown(chapter):
    write(
        chapter,
        4,
        "from IPython.display import Math\n"
        "from mlp_lib.equations import diagnose\n"
        "display(Math(r'\\frac{1}{2}'))\n"
        "print('<b>text</b>')\n"
        "diagnose('yhat - y', 'dJ_dz2')",
    )
    press(chapter, "Run cell 4")
    shown = output(chapter, 4)
    expect(shown.locator(".diagnosis-right table")).to_be_visible()
    expect(shown.locator(".text_latex mjx-container math mfrac")).to_be_attached()
    expect(shown.locator(".stream")).to_have_text("<b>text</b>\n")
    assert shown.locator(".output").evaluate_all("all => all.map(e => e.classList[1])") == [
        "text_latex",
        "stream",
        "text_html",
    ]


def test_a_figure_is_drawn(chapter):
    write(chapter, 4, "import matplotlib.pyplot as plt\n_ = plt.plot([1, 3, 2])")
    press(chapter, "Run cell 4")
    expect(output(chapter, 4).locator("svg, img")).to_be_visible()


def test_markup_of_an_output_can_run_nothing_in_the_page(chapter):
    write(
        chapter,
        4,
        "from IPython.display import HTML\n"
        "HTML('<b id=marked>markup</b>'\n"
        '     \'<img src="data:," alt=x onerror="document.title = `taken`">\'\n'
        "     '<svg><script>document.title = `taken`</script></svg>')",
    )
    with chapter.expect_console_message(lambda message: "Content Security" in message.text):
        press(chapter, "Run cell 4")
    expect(chapter.locator("#marked")).to_be_visible()
    assert "taken" not in chapter.title()


def test_reset_brings_text_and_stored_output_back(chapter):
    press(chapter, "Reset cell 4")
    expect(editor_of(chapter, 4)).to_have_count(0)
    assert output(chapter, 4).inner_text().strip() == "(1, 5)"
    expect(chapter.locator("#cell-8 .cell_input pre")).to_be_visible()
    press(chapter, "Edit cell 4")
    expect(editor_of(chapter, 4)).to_contain_text("row.shape")


def test_endless_printing_is_cut_and_can_be_stopped(chapter):
    write(chapter, 4, "while True:\n    print('again and again')")
    press(chapter, "Run cell 4")
    expect(output(chapter, 4)).to_contain_text("left out")
    press(chapter, "Stop cell 4")
    expect(said(chapter, 4)).to_have_text("stopped")
    assert len(output(chapter, 4).inner_text()) < 1e6


def test_the_log_is_clean(opened, address):
    _, log = opened
    assert log.foreign(address) == []
    # But for the handler that one test wrote, and that was refused.
    assert ["inline event handler" in error for error in log.errors] == [True]


def test_a_hidden_cell_is_edited_inside_its_solution(blank, address):
    # That it runs there is seen in test_every_page.py.
    blank.goto(f"{address}/chapters/conventions.html")
    hidden = blank.locator(".cell.tag_hide-cell").first
    hidden.locator("summary").click()
    hidden.get_by_role("button", name=re.compile("^Edit cell")).click()
    editor = hidden.locator("[role=textbox]")
    expect(editor).to_be_focused()
    blank.keyboard.press("Control+a")
    blank.keyboard.insert_text("print(2 + 3)")
    expect(editor).to_have_text("print(2 + 3)")


def without_python(route: Route) -> None:
    """Answer as a build that has no Python."""
    route.fulfill(json={"available": False, "reason": "its files could not be had"})


def test_without_python_the_buttons_say_so_and_nothing_is_lost(blank, address):
    log = page_facts.Log()
    log.listen(blank)
    blank.route("**/live.json", without_python)
    blank.goto(f"{address}/{CHAPTER}")
    stored = output(blank, 4).inner_html()
    press(blank, "Run cell 4")
    missing = "Python can't run here: live code isn't in this build: its files could not be had"
    expect(said(blank, 4)).to_have_text(missing)
    expect(blank.locator(".live-python").get_by_role("status")).to_have_text(missing)
    assert output(blank, 4).inner_html() == stored
    press(blank, "Edit cell 4")
    expect(editor_of(blank, 4)).to_be_focused()
    assert log.errors == []


def test_a_chapter_that_can_not_run_in_a_page_says_why(blank, address):
    log = page_facts.Log()
    log.listen(blank)
    blank.goto(f"{address}/chapters/machines.html")
    press(blank, "Run cell 1")
    expect(said(blank, 1)).to_have_text(reason(ROOT / "chapters" / "machines.ipynb"))
    press(blank, "Run all above cell 2")
    expect(said(blank, 2)).to_have_text(reason(ROOT / "chapters" / "machines.ipynb"))
    assert not any("pyodide" in url for url in log.requests)


def test_when_a_file_does_not_arrive_the_bar_says_so(alien, address):
    alien.route("**/numpy-*.tar.xz", lambda route: route.abort())
    alien.goto(f"{address}/{CHAPTER}")
    press(alien, "Run cell 4")
    status = alien.locator(".live-python").get_by_role("status")
    expect(status).to_contain_text("Python can't run here")


def test_opened_as_a_file_the_page_says_how_to_serve_it(blank, html):
    blank.goto((html / CHAPTER).as_uri())
    assert blank.locator(".live-bar").count() == 0
    expect(blank.locator(".live-note")).to_contain_text("python -m http.server --bind 127.0.0.1")


def test_a_page_without_cells_has_no_buttons(blank, address):
    blank.goto(f"{address}/index.html")
    page_facts.settle(blank)
    assert blank.locator(".live-bar, .live-python, .live-note").count() == 0
