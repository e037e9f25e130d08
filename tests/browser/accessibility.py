"""What axe-core finds on a page, at each width and in each theme."""

from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import JSHandle, Page

WIDTHS = (1440, 768, 320)
THEMES = ("light", "dark")
# Rules that look at colours don't depend on the width, and the others not on the colours.
COLOURS = ["color-contrast", "link-in-text-block"]
BUT_COLOURS = {"rules": {name: {"enabled": False} for name in COLOURS}}
ONLY_COLOURS = {"runOnly": COLOURS}
# The first of all texts that look alike: within tags of the same names and classes, and in the
# same colours and size. Where one can be read, so can the others.
ONE_OF_EACH = """() => {
    const paths = new Map([[document.documentElement, ""]]);
    const path = (element) => {
        if (!paths.has(element)) {
            const { localName, className } = element;
            paths.set(element, `${path(element.parentElement)} ${localName}.${className}`);
        }
        return paths.get(element);
    };
    const firsts = new Map();
    for (const element of document.body.querySelectorAll("*")) {
        const hasText = (node) => node.nodeType === Node.TEXT_NODE && node.data.trim() !== "";
        if (![...element.childNodes].some(hasText)) continue;
        const { color, backgroundColor, fontSize, fontWeight, opacity } = getComputedStyle(element);
        const look = [path(element), color, backgroundColor, fontSize, fontWeight, opacity].join();
        if (!firsts.has(look)) firsts.set(look, element);
    }
    return { include: [...firsts.values()] };
}"""


def violations(page: Page, where: JSHandle | None = None, **options: Any) -> list[str]:
    """Return what axe finds, as `rule: element`, on the page or only in a part of it."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    # Only an experimental rule, which isn't on, needs the style sheets loaded once more.
    options = {"resultTypes": ["violations"], "preload": False, **options}
    return page.evaluate(
        """async ([where, options]) => {
            const { violations } = await axe.run(where ?? document, options);
            return violations.flatMap(({ id, nodes }) =>
                nodes.map(({ html }) => `${id}: ${html.slice(0, 160)}`));
        }""",
        [where, options],
    )


def unreadable(page: Page) -> dict[str, list[str]]:
    """Return, for each theme in which there are some, the texts whose colours are too alike."""
    found = {}
    for theme in THEMES:
        in_theme(page, theme)
        found[theme] = violations(page, page.evaluate_handle(ONE_OF_EACH), **ONLY_COLOURS)
    return {theme: texts for theme, texts in found.items() if texts}


def narrow_to(page: Page, width: int) -> None:
    """Give the page this width, and the theme the time to let the keyboard reach what scrolls."""
    page.set_viewport_size({"width": width, "height": 900})
    page.wait_for_function(
        """() => [...document.querySelectorAll("main pre")].every(pre =>
            pre.scrollWidth <= pre.clientWidth || pre.tabIndex === 0)"""
    )


def in_theme(page: Page, theme: str) -> None:
    """Show the page in light or dark, at once: a colour on its way to another isn't meant."""
    page.add_style_tag(content="*, ::before, ::after { transition: none !important }")
    page.evaluate("theme => { document.documentElement.dataset.theme = theme }", theme)


def empty_drawings_and_code(page: Page) -> None:
    """Take out what drawings hold, and the tags of words of code: the same at each width."""
    page.evaluate(
        """() => {
            for (const pre of document.querySelectorAll(".highlight pre")) {
                pre.textContent = pre.textContent;
            }
            for (const drawing of document.querySelectorAll("figure.drawing svg:not(:has(a))")) {
                drawing.replaceChildren();
            }
        }"""
    )


def empty_formulas(page: Page, formulas: str = "mjx-container") -> None:
    """Take out what MathJax has put into these formulas, and leave them as large as they are.

    There is a lot of it, and it is the same on every page.
    """
    page.evaluate(
        """(formulas) => {
            const all = [...document.querySelectorAll(`:is(${formulas}) > mjx-math`)];
            const boxes = all.map(each => each.getBoundingClientRect());
            all.forEach((each, n) => {
                const size = `width: ${boxes[n].width}px; height: ${boxes[n].height}px`;
                each.style.cssText += `; display: inline-block; ${size}`;
                each.replaceChildren();
            });
            const spoken = document.querySelectorAll(`:is(${formulas}) > mjx-assistive-mml > math`);
            for (const each of spoken) each.replaceChildren();
        }""",
        formulas,
    )


def empty_code(page: Page) -> None:
    """Take out the code, whose colours are the same on every page."""
    page.evaluate(
        """() => {
            for (const pre of document.querySelectorAll(".highlight pre")) pre.replaceChildren();
        }"""
    )
