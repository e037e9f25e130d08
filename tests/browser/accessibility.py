"""What axe-core finds on a page, at each width and in each theme."""

from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

WIDTHS = (1440, 768, 320)
THEMES = ("light", "dark")
# Rules that look at colours don't depend on the width, and the others not on the colours.
COLOURS = ["color-contrast", "link-in-text-block"]
BUT_COLOURS = {"rules": {name: {"enabled": False} for name in COLOURS}}
ONLY_COLOURS = {"runOnly": COLOURS}
# The colours of code are the same on every page: they are looked at where code has run.
ALIKE_EVERYWHERE = [[".highlight pre"]]


def violations(page: Page, but: list[list[str]] | None = None, **options: Any) -> list[str]:
    """Return what axe finds, as `rule: element`, `but` in what these selectors name."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    # Only an experimental rule, which isn't on, needs the style sheets loaded once more.
    options = {"resultTypes": ["violations"], "preload": False, **options}
    return page.evaluate(
        """async ([but, options]) => {
            const { violations } = await axe.run(but ? { exclude: but } : document, options);
            return violations.flatMap(({ id, nodes }) =>
                nodes.map(({ html }) => `${id}: ${html.slice(0, 160)}`));
        }""",
        [but, options],
    )


def narrow_to(page: Page, width: int) -> None:
    """Give the page this width, and the theme the time to let the keyboard reach what scrolls."""
    page.set_viewport_size({"width": width, "height": 900})
    page.wait_for_function(
        """() => [...document.querySelectorAll("main pre")].every(pre =>
            pre.scrollWidth <= pre.clientWidth || pre.tabIndex === 0)"""
    )


def in_theme(page: Page, theme: str) -> None:
    """Show the page in light or dark, when the change of colours has ended."""
    page.evaluate(
        """async (theme) => {
            document.documentElement.dataset.theme = theme;
            const moving = () =>
                document.getAnimations().filter((each) => each instanceof CSSTransition);
            // A colour that is inherited begins to change again with each step of its parent's.
            for (let all = moving(); all.length; all = moving()) {
                await Promise.allSettled(all.map((each) => each.finished));
            }
        }""",
        theme,
    )


def empty_formulas(page: Page) -> None:
    """Take out what formulas hold and leave their places as large as they are.

    What is in a formula is the same at each width, and there is a lot of it.
    """
    page.evaluate(
        """() => {
            const all = [...document.querySelectorAll("mjx-container > mjx-math")];
            const boxes = all.map(each => each.getBoundingClientRect());
            all.forEach((each, n) => {
                const size = `width: ${boxes[n].width}px; height: ${boxes[n].height}px`;
                each.style.cssText += `; display: inline-block; ${size}`;
                each.replaceChildren();
            });
            for (const each of document.querySelectorAll("mjx-assistive-mml > math")) {
                each.replaceChildren();
            }
        }"""
    )
