"""What a browser finds on one page: each function returns the faults of one kind."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from page_weight import Weight
from playwright.sync_api import ConsoleMessage, Page, Request

WIDE = """
() => {
  const own = element => element.closest("mjx-assistive-mml") === null;
  const scrolls = element => ["auto", "scroll"].includes(getComputedStyle(element).overflowX);
  const inScroller = element => {
    for (let node = element.parentElement; node; node = node.parentElement) {
      if (node !== document.body && node !== document.documentElement && scrolls(node)
          && node.getBoundingClientRect().right <= innerWidth + 1) return true;
    }
    return false;
  };
  // Not the sidebars: on a telephone they wait beyond the edge until they are opened.
  const root = document.querySelector(".bd-article-container") ?? document.body;
  return [...root.querySelectorAll("*")]
    .filter(element => element.getBoundingClientRect().right > innerWidth + 1)
    .filter(element => own(element) && !inScroller(element))
    .map(element => element.outerHTML.slice(0, 120));
}
"""


@dataclass
class Log:
    """What the browser reports while it opens and lays out a page."""

    requests: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    weight: Weight = field(default_factory=Weight)

    def listen(self, page: Page) -> None:
        """Record every request, console error, uncaught exception and failed answer."""
        page.on("request", self.add_request)
        page.on("console", self.add_message)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("response", self.weight.add)

    def add_request(self, request: Request) -> None:
        """Record the address; data and blobs ask no host for anything."""
        if not request.url.startswith(("data:", "blob:")):
            self.requests.append(request.url)

    def add_message(self, message: ConsoleMessage) -> None:
        """Record the message if it is a warning or an error."""
        if message.type in ("error", "warning"):
            self.errors.append(f"{message.type}: {message.text}")

    def foreign(self, address: str) -> list[str]:
        """Return the requests to any host but the book's own."""
        return [url for url in self.requests if not url.startswith(address)]


def settle(page: Page) -> None:
    """Wait until the page's scripts have done their part: formulas, their fonts, the buttons.

    Not for a silent network: that takes half a second more on each page.
    """
    page.evaluate(
        """async () => {
            await window.MathJax?.startup?.promise;
            await document.fonts.ready;
        }"""
    )
    page.wait_for_function(
        """() => document.querySelector(".live-bar, .live-note") !== null
            || document.querySelector("script[src*='live/start.js']") === null
            || document.querySelector(".cell[id^='cell-'] .cell_input") === null"""
    )


def formulas(page: Page) -> int:
    """Count the formulas that the page's source has."""
    return page.locator(".math").count()


def unset_formulas(page: Page) -> list[str]:
    """Return the formulas that MathJax has left as LaTeX source."""
    return page.locator(".math:not(:has(mjx-container))").all_text_contents()


def source_left_in_text(page: Page) -> list[str]:
    """Return the paragraphs, items and table cells in which LaTeX delimiters can be read."""
    delimiters = r"/\$\$|\\\(|\\\[|\\begin\{/"
    return page.evaluate(
        f"""() => [...document.querySelectorAll("main p, main li, main td, main h1, main h2")]
        .filter(element => !element.querySelector("code"))
        .map(element => element.innerText).filter(text => {delimiters}.test(text))"""
    )


def stops_apart(page: Page) -> list[str]:
    """Return the formulas after which a comma or a full stop may begin a new line."""
    return page.locator("main span.math").evaluate_all(
        "all => all.filter(formula => {"
        " const next = formula.nextSibling, line = formula.parentElement;"
        " const stop = next?.nodeType === Node.TEXT_NODE && /^[.,;:!?)]/.test(next.data);"
        " return stop && getComputedStyle(line).whiteSpace !== 'nowrap';"
        "}).map(formula => formula.parentElement.innerText.slice(0, 80))"
    )


def wrong_formulas(page: Page) -> list[str]:
    """Return the messages of MathJax's errors, unknown commands among them."""
    errors = page.locator("mjx-merror, [data-mjx-error]")
    unknown = page.locator("mjx-container mjx-mtext[style*='red']")
    return [*errors.all_text_contents(), *unknown.evaluate_all("all => all.map(e => e.outerHTML)")]


def unmarked_wrong_equations(page: Page) -> list[str]:
    """Return the equations whose label says that they are wrong and that no visible note marks."""
    return page.locator("[id^='equation-wrong-']").evaluate_all(
        "all => all.filter(equation => {"
        " const note = equation.closest('.wrong-equation')?.querySelector('.wrong-note');"
        " return !note?.textContent.startsWith('Wrong ')"
        " || getComputedStyle(note).display === 'none'"
        "}).map(equation => equation.id)"
    )


def missing_images(page: Page) -> list[str]:
    """Return the addresses of the images that have no pixels."""
    return page.locator("img").evaluate_all(
        "all => all.filter(image => !image.complete || image.naturalWidth === 0)"
        ".map(image => image.src)"
    )


def images_without_text(page: Page) -> list[str]:
    """Return the images and drawings in the text that have no alternative text."""
    return page.locator("main img, main figure svg, main .cell_output svg").evaluate_all(
        "all => all.filter(image => !(image.alt || image.ariaLabel"
        " || image.getAttribute('aria-labelledby') || image.querySelector('title')"
        " || image.ariaHidden === 'true'))"
        ".map(image => image.outerHTML.slice(0, 120))"
    )


@contextmanager
def wide_letters(page: Page) -> Iterator[None]:
    """Set the text as wide as WCAG's rule 1.4.12 has it: a reader's font may be wider than ours."""
    style = page.add_style_tag(content="* {letter-spacing: 0.12em; word-spacing: 0.16em}")
    yield
    style.evaluate("style => style.remove()")


def too_wide(page: Page) -> list[str]:
    """Return what reaches beyond the page's right edge and doesn't scroll in itself."""
    return page.evaluate(WIDE)
