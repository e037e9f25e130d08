"""What axe-core finds on a page, at each width and in each theme."""

from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import JSHandle, Page

WIDTHS = (320, 768, 1440)
THEMES = ("light", "dark")
# Rules that look at colours don't depend on the width, and the others not on the colours.
COLOURS = ["color-contrast", "link-in-text-block"]
BUT_COLOURS = {"rules": {name: {"enabled": False} for name in COLOURS}}
ONLY_COLOURS = {"runOnly": COLOURS}
# The first of all texts that look alike: within tags of the same names, classes and grounds, and in
# the same colours and size.
ONE_OF_EACH = """() => {
    const paths = new Map([[document.documentElement, ""]]);
    const path = (element) => {
        if (!paths.has(element)) {
            const { localName, className } = element;
            const { backgroundColor, backgroundImage, opacity } = getComputedStyle(element);
            const ground = `${backgroundColor} ${backgroundImage} ${opacity}`;
            const own = ground === "rgba(0, 0, 0, 0) none 1" ? "" : `(${ground})`;
            const outer = path(element.parentElement);
            paths.set(element, `${outer} ${localName}.${className.baseVal ?? className}${own}`);
        }
        return paths.get(element);
    };
    const firsts = new Map();
    for (const element of document.body.querySelectorAll("*")) {
        const hasText = (node) => node.nodeType === Node.TEXT_NODE && node.data.trim() !== "";
        if (![...element.childNodes].some(hasText)) continue;
        const { color, fill, fontSize, fontWeight } = getComputedStyle(element);
        const look = [path(element), color, fill, fontSize, fontWeight].join();
        if (!firsts.has(look)) firsts.set(look, element);
    }
    return firsts;
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


# All but these texts, and what they stand in, is taken out of the page or hidden in its place, and
# shown again: axe is slow on a page with much in it.
OTHERS = """([texts, change]) => {
    const left = new Set();
    for (const text of texts) {
        for (let each = text; each && !left.has(each); each = each.parentElement) left.add(each);
    }
    for (const each of document.body.querySelectorAll("*")) {
        if (left.has(each) || !left.has(each.parentElement)) continue;
        if (change === "take out") each.remove();
        else each.toggleAttribute("data-not-read", change === "hide");
    }
}"""


class Looks:
    """The looks of the texts that can be read: where one can, so can all others that look alike."""

    def __init__(self) -> None:
        self.readable: set[str] = set()

    def unreadable(self, page: Page, keep: bool = False) -> dict[str, list[str]]:
        """Return, for each theme in which there are some, the texts whose colours are too alike.

        What isn't read is taken out of the page, unless it is to be kept: that takes longer.
        """
        looks, texts = {}, {}
        for theme in THEMES:
            in_theme(page, theme)
            firsts = page.evaluate_handle(ONE_OF_EACH)
            found = firsts.evaluate("firsts => [...firsts.keys()]")
            looks[theme] = [look for look in found if look not in self.readable]
            some = "(firsts, looks) => looks.map(look => firsts.get(look))"
            texts[theme] = firsts.evaluate_handle(some, looks[theme])
        both = page.evaluate_handle("texts => texts.flat()", list(texts.values()))
        # Everything keeps its place, also under the mouse.
        page.add_style_tag(content="[data-not-read] { visibility: hidden !important }")
        page.evaluate(OTHERS, [both, "hide" if keep else "take out"])
        faults = {}
        for theme in filter(looks.get, THEMES):
            in_theme(page, theme)
            include = texts[theme].evaluate_handle("include => ({ include })")
            faults[theme] = violations(page, include, **ONLY_COLOURS)
            if not faults[theme]:
                self.readable.update(looks[theme])
        page.evaluate(OTHERS, [both, "show"])
        return {theme: found for theme, found in faults.items() if found}


def resize_to(page: Page, width: int) -> None:
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


def take_out_words_and_lines(page: Page) -> None:
    """Take out the tags of single words of code, and the lines of drawings, that say nothing.

    They are half of a page, and only their colours matter.
    """
    page.evaluate(
        """() => {
            const words = document.querySelectorAll(".highlight pre span");
            for (const word of words) {
                if (word.attributes.length < 2) word.replaceWith(...word.childNodes);
            }
            for (const pre of document.querySelectorAll(".highlight pre")) pre.normalize();
            const lines = "svg :is(path, polyline, use, clipPath):not(a *, [role], [aria-label])";
            for (const line of document.querySelectorAll(`figure.drawing ${lines}`)) line.remove();
        }"""
    )


def empty_drawings(page: Page) -> None:
    """Take out what drawings without links hold: it is the same at each width."""
    page.evaluate(
        """() => {
            for (const drawing of document.querySelectorAll("figure.drawing svg:not(:has(a))")) {
                drawing.replaceChildren();
            }
        }"""
    )


def empty_formulas(page: Page) -> None:
    """Take out what MathJax has put into the formulas, and leave them as large as they are.

    There is a lot of it, and it is the same on every page.
    """
    page.evaluate(
        """() => {
            const both = [":scope > mjx-math", ":scope > mjx-assistive-mml > math"];
            const formulas = document.querySelectorAll("mjx-container:not(:hover)");
            const parts = [...formulas].flatMap(each => both.map(part => each.querySelector(part)));
            const boxes = parts.map(each => each.getBoundingClientRect());
            parts.forEach((each, n) => {
                each.takenOut = [each.style.cssText, [...each.childNodes]];
                if (each.localName === "mjx-math") {
                    const size = `width: ${boxes[n].width}px; height: ${boxes[n].height}px`;
                    each.style.cssText += `; display: inline-block; ${size}`;
                }
                each.replaceChildren();
            });
        }"""
    )


def fill_formulas(page: Page, place: str) -> None:
    """Put back what was taken out of the formulas there."""
    page.evaluate(
        """(place) => {
            for (const each of document.querySelectorAll(`${place} mjx-container *`)) {
                if (!each.takenOut) continue;
                const [style, content] = each.takenOut;
                each.style.cssText = style;
                each.replaceChildren(...content);
            }
        }""",
        place,
    )


def leave_only(page: Page, parts: str) -> None:
    """Take out of the text all but these parts of it, and its heading: axe reads it elsewhere."""
    page.evaluate(
        """(parts) => {
            parts = `h1, ${parts}`;
            for (const each of document.querySelectorAll(".bd-article *")) {
                if (!each.closest(parts) && !each.querySelector(parts)) each.remove();
            }
        }""",
        parts,
    )
