"""A reader who runs all cells of a chapter in its page, and what they then show."""

import re

from playwright.sync_api import Page

PATIENCE = 120_000
# Keeps what Python answers to each cell; the page runs its cells as it always does.
LISTEN = """async () => {
    const { Python } = await import("/_static/live/python.mjs");
    const run = Python.prototype.run;
    window.answers = [];
    Python.prototype.run = async function (source, options) {
        const answer = await run.call(this, source, options);
        answers.push([source, answer.outputs]);
        return answer;
    };
}"""
OPEN = """() => {
    for (const each of document.querySelectorAll("details")) each.open = true;
    const folded = document.querySelectorAll(".toggle-hidden button.toggle-button");
    for (const each of folded) each.click();
}"""
LAST = ".cell[data-last]"
MARK = """() => [...document.querySelectorAll(".cell:has(.live-bar)")].at(-1).dataset.last = ''"""
DISPLAYED = """all => all.map(cell =>
    [...cell.querySelectorAll(".cell_output")].map(each => each.innerText).join())"""


class Reader:
    """Somebody who has opened a chapter, and all that was folded in it."""

    def __init__(self, page: Page) -> None:
        self.page = page
        page.evaluate(OPEN)
        page.evaluate(MARK)

    def displayed(self) -> list[str]:
        """Return the text that each cell's outputs show."""
        texts = self.page.locator(".bd-article .cell").evaluate_all(DISPLAYED)
        return [" ".join(text.split()) for text in texts]

    def run_all(self) -> list[tuple[str, list[dict]]]:
        """Run all cells by the last one's buttons; return the code and the outputs of each."""
        self.page.evaluate(LISTEN)
        self.press("Run all above", "above")
        assert self.said() == "all above has run"
        self.press("Run cell", "has run|your result|an error")
        return self.page.evaluate("answers")

    def press(self, name: str, said: str) -> None:
        """Press the last cell's button whose name begins so, and wait until this is said there."""
        # By their places: a page of ten thousand elements is slow to be asked for their roles.
        self.page.locator(f"{LAST} button[aria-label^='{name}']").click()
        self.page.wait_for_function(
            "([place, said]) => RegExp(said).test(document.querySelector(place).textContent)",
            arg=[f"{LAST} .live-said", said],
            polling=100,
            timeout=PATIENCE,
        )

    def said(self) -> str:
        """Return what is said beside the last cell's buttons."""
        return self.page.locator(f"{LAST} .live-said").text_content()


def shown(outputs: list[dict]) -> list[object]:
    """Return what a cell shows, without the numbers by which cells are counted."""
    return [
        (output["output_type"], output.get("name"), output.get("text") or formats(output["data"]))
        if output["output_type"] != "error"
        else (output["ename"], output["evalue"])
        for output in outputs
    ]


def formats(data: dict[str, str]) -> dict[str, str]:
    """Return each format; of a drawing's coordinates only where they stand.

    The outlines of letters and the last bits of a logarithm depend on the machine.
    """
    return {
        kind: skeleton(text) if text.startswith('<figure class="drawing">') else text
        for kind, text in data.items()
    }


def skeleton(drawing: str) -> str:
    """Return a drawing with its ids counted anew and # for each number."""
    ids = {name: f"id-{'i' * n}-" for n, name in enumerate(re.findall(r'\bid="([^"]+)"', drawing))}
    for name in sorted(ids, key=len, reverse=True):
        drawing = drawing.replace(name, ids[name])
    return re.sub(r"-?\d+(\.\d+)?(e-?\d+)?", "#", drawing)
