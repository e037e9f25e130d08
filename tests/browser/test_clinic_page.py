"""The clinic's page: attempts typed, clicked and linked, diagnosed by the site's own Python."""

import inspect
import re
from collections.abc import Iterator
from urllib.parse import parse_qs, urlencode

import page_facts
import pytest
from conftest import WINDOW
from playwright.sync_api import BrowserContext, Page, expect

from mlp_lib import jacobians
from mlp_lib.equations import diagnose
from mlp_lib.network import Gradients

pytestmark = pytest.mark.usefixtures("patience")
QUESTION = (
    r"\frac{\partial J}{\partial \boldsymbol{W_1}} = \left( \hat{\boldsymbol{y}} - \boldsymbol{y} "
    r"\right) \cdot W_2^T \circ h \circ (1 -h) \cdot \frac{\partial \boldsymbol{z_1}}{\partial "
    r"\boldsymbol{W_1}}"
)
# right, shape, value, LaTeX, nonsense
ATTEMPTS = [
    ("x.T @ ((yhat - y) @ W2.T * h * (1 - h))", "dJ_dW1"),
    ("(yhat - y) @ W2", "dJ_dh"),
    ("x.T @ ((yhat - y) @ W2.T)", "dJ_dW1"),
    (QUESTION, "dJ_dW1"),
    ("<b>what</b> is it?", "dJ_dz2"),
]


@pytest.fixture(scope="module")
def opened(profile: BrowserContext, address: str) -> Iterator[tuple[Page, page_facts.Log]]:
    """Return the clinic, which stays open, and what the browser logs of it."""
    page = profile.new_page()
    log = page_facts.Log()
    log.listen(page)
    page.goto(f"{address}/clinic.html")
    page_facts.settle(page)
    yield page, log
    page.close()


@pytest.fixture
def clinic(opened: tuple[Page, page_facts.Log]) -> Page:
    """Return the page of the clinic."""
    return opened[0]


def said(page: Page):
    """Return what is said beside the button, and read aloud."""
    return page.locator("form.clinic").get_by_role("status")


def test_nothing_is_loaded_before_the_reader_asks(opened):
    _, log = opened
    assert any("clinic.mjs" in url for url in log.requests)
    assert not any(re.search(r"python\.mjs|live\.json|pyodide", url) for url in log.requests)


def test_a_button_can_not_be_pressed_before_it_does_something(blank, address):
    blank.route("**/clinic.mjs", lambda route: route.abort())
    blank.goto(f"{address}/clinic.html")
    page_facts.settle(blank)
    for button in blank.locator("form.clinic button").all():
        expect(button).to_be_disabled()


BEYOND_THE_FORM = """() => {
    const right = (each) => each.getBoundingClientRect().right;
    const end = right(document.querySelector("#clinic-attempt"));
    const choices = [...document.querySelectorAll(".clinic-choices select")];
    return [choices.length, choices.filter((each) => right(each) > end + 1).length];
}"""


def test_the_choices_stay_within_the_form(blank, address):
    blank.goto(f"{address}/clinic.html")
    # At some widths the sidebar moves in, and the form grows narrower meanwhile: here, at once.
    blank.add_style_tag(content="* { transition: none !important }")
    for width in (360, 768, 1000, 1100, 1280, 1440):
        blank.set_viewport_size({"width": width, "height": 900})
        assert blank.evaluate(BEYOND_THE_FORM) == [4, 0], width


def test_the_choices_are_those_of_the_library(clinic):
    links = {name for name, _ in inspect.getmembers(jacobians, inspect.isfunction)}
    known = {name for name in links if re.fullmatch(r"d\w+_d\w+", name)} | set(Gradients._fields)
    options = "all => all.map(option => option.value)"
    targets = clinic.locator("#clinic-target option").evaluate_all(options)
    assert set(targets) == known
    for name in ("setup", "loss", "labels"):
        values = clinic.locator(f"#clinic-{name} option").evaluate_all(options)
        assert values[0] == inspect.signature(diagnose).parameters[name].default
        for value in values:
            diagnose("yhat - y", "dJ_dz2", **{name: value})


@pytest.mark.parametrize(("attempt", "target"), ATTEMPTS)
def test_an_attempt_is_diagnosed_as_by_the_library(clinic, attempt, target):
    clinic.get_by_label("Your formula").first.fill(attempt)
    clinic.get_by_label("It should be").select_option(target)
    clinic.get_by_role("button", name="Diagnose").click()
    expected = diagnose(attempt, target)
    verdict, *_ = str(expected).split("\n")
    expect(said(clinic)).to_have_text(verdict)
    shown = clinic.locator(".clinic-diagnosis")
    expect(shown.locator(".diagnosis > p").first).to_contain_text(verdict)
    expect(shown.locator("tbody tr")).to_have_count(len(expected.trace))
    assert shown.locator(".math:not(:has(mjx-container))").count() == 0
    if expected.mistake:
        expect(shown).to_contain_text(expected.mistake.title)
        assert shown.locator("a").get_attribute("href").endswith(
            f"/chapters/{expected.mistake.link}"
        )
    assert shown.locator("b").count() == 0


def test_on_a_telephone_the_diagnosis_is_in_sight_and_as_narrow_as_the_page(clinic):
    clinic.set_viewport_size({"width": 360, "height": 640})
    clinic.evaluate("scrollTo(0, 0)")
    clinic.get_by_role("button", name="A value that is wrong").click()
    verdict = "Value. The shape, D_x×H, is right."
    shown = clinic.locator(".clinic-diagnosis .diagnosis > p").first
    expect(shown).to_contain_text(verdict)
    expect(shown).to_be_in_viewport()
    # Read aloud, and not seen twice.
    expect(said(clinic)).to_contain_text(verdict)
    assert said(clinic).bounding_box()["width"] <= 1
    wide = "x.T @ ((((yhat - y) @ W2.T) * h * (1 - h)) + 0 * ((yhat - y) @ W2.T) * h)"
    clinic.get_by_label("Your formula").first.fill(wide)
    clinic.get_by_role("button", name="Diagnose").click()
    table = clinic.locator(".clinic-diagnosis .wide")
    expect(table.locator("td").last).to_have_text("∂J/∂W₁")
    assert table.evaluate("each => each.scrollWidth <= each.clientWidth")
    clinic.set_viewport_size(WINDOW)


def test_the_first_example_is_the_question(clinic):
    example = clinic.locator(".clinic-examples button").first
    assert example.get_attribute("data-attempt") == QUESTION
    example.focus()
    clinic.keyboard.press("Enter")
    expect(said(clinic)).to_have_text("Right. This is ∂J/∂W₁, D_x×H.")
    expect(clinic.locator(".clinic-diagnosis .math mjx-container")).to_have_count(6)


def test_every_example_can_be_read(clinic):
    examples = clinic.locator(".clinic-examples button")
    verdicts = ["Right", "Shape", "Value", "Factor", "Shape", "Right"]
    assert examples.count() == len(verdicts)
    for n, verdict in enumerate(verdicts):
        examples.nth(n).click()
        expect(said(clinic)).to_have_text(re.compile(rf"^{verdict}\. "))


def test_the_diagnosis_stands_in_the_address(clinic):
    clinic.get_by_label("Your formula").first.fill("d2 = yhat - y\nx.T @ d2")
    clinic.get_by_label("x is").select_option("batch")
    clinic.get_by_label("J of a batch is").select_option("mean")
    clinic.keyboard.press("Tab")
    clinic.get_by_label("Your formula").first.press("Control+Enter")
    clinic.wait_for_url("**#attempt=*")
    given = parse_qs(clinic.url.partition("#")[2])
    assert given["attempt"] == ["d2 = yhat - y\nx.T @ d2"]
    assert (given["setup"], given["loss"]) == (["batch"], ["mean"])


def test_a_link_fills_the_form_and_shows_the_diagnosis(clinic, address):
    state = {"attempt": "(yhat - y) / N", "target": "dJ_dz2", "setup": "batch", "loss": "mean"}
    clinic.goto("about:blank")
    clinic.goto(f"{address}/clinic.html#{urlencode(state)}")
    expect(said(clinic)).to_have_text("Right. This is ∂J/∂z₂, N×D_y.")
    for name, value in state.items():
        expect(clinic.locator(f"#clinic-{name}")).to_have_value(value)


def test_a_link_with_nonsense_in_it_does_no_harm(clinic):
    state = {"attempt": "<img src=x onerror=alert(1)>", "target": "<b>", "setup": "house"}
    clinic.evaluate("state => { location.hash = state }", urlencode(state))
    expect(said(clinic)).to_contain_text("Unusable input:")
    expect(clinic.locator("#clinic-target")).to_have_value("dJ_dW1")
    expect(clinic.locator("#clinic-setup")).to_have_value("row")
    assert clinic.locator("form.clinic img").count() == 0


def test_latex_is_typeset_as_it_is_typed(clinic):
    field, preview = clinic.get_by_label("Your formula").first, clinic.locator("#clinic-preview")
    field.fill("")
    expect(preview).to_be_hidden()
    field.press_sequentially(r"x^T (\hat y")
    expect(preview.locator("mjx-container math mover")).to_be_attached()
    field.fill(r"x^T \frac{1}")
    expect(preview).to_contain_text("Not typeset: Missing argument for \\frac")
    field.fill("d = \\hat y - y \\\\\nx^T d")
    expect(preview.locator("mtr")).to_have_count(2)
    field.fill("x.T @ (yhat - y)")
    expect(preview).to_be_hidden()


def test_signs_that_the_page_has_not_had_are_shown(clinic):
    field, preview = clinic.get_by_label("Your formula").first, clinic.locator("#clinic-preview")
    field.fill(r"\Rightarrow \delta^{(2)} = \mathbf{q} \otimes \frac{\partial L}{\partial \Theta}")
    expect(preview.locator("mjx-c").first).to_be_visible()
    shapes = "all => all.map(each => getComputedStyle(each, '::before').content)"
    signs = preview.locator("mjx-c").evaluate_all(shapes)
    assert len(signs) >= 11
    assert not set(signs) & {"none", "normal", '""'}


@pytest.mark.parametrize(
    "latex",
    [
        r"\href{javascript:alert(1)}{x}",
        r"\require{html} x",
        r"\class{btn}{x}",
        r"\cssId{main}{x}",
        r"\style{position:fixed}{x}",
        r"\def\x{\x\x}\x",
        r"\newcommand{\y}{y}",
        r"\unicode{x41}",
        r"\text{<img src=x onerror=alert(1)>} x^2",
    ],
)
def test_the_preview_sets_mathematics_and_nothing_else(clinic, latex):
    clinic.get_by_label("Your formula").first.fill(latex)
    preview = clinic.locator("#clinic-preview")
    if latex.startswith(r"\text"):
        expect(preview.locator("math mtext")).to_have_text("<img src=x onerror=alert(1)>")
    else:
        expect(preview).to_contain_text("Not typeset: Undefined control sequence")
    assert preview.locator("img, a, script, [class~=btn], #main").count() == 0


def test_nothing_is_diagnosed_without_a_formula(clinic):
    clinic.get_by_label("Your formula").first.fill("  ")
    clinic.get_by_role("button", name="Diagnose").click()
    expect(said(clinic)).to_have_text("There is no formula yet.")
    expect(clinic.get_by_label("Your formula").first).to_be_focused()


def test_without_python_the_page_says_so(blank, address):
    answer = {"available": False, "reason": "its files could not be had"}
    blank.route("**/live.json", lambda route: route.fulfill(json=answer))
    blank.goto(f"{address}/clinic.html")
    blank.get_by_role("button", name="The question’s formula").click()
    missing = "Python can't run here: live code isn't in this build: its files could not be had"
    expect(said(blank)).to_have_text(missing)


def test_the_log_is_clean(opened, address):
    _, log = opened
    assert log.foreign(address) == []
    assert log.errors == []
