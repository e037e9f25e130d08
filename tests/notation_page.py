"""The tables of the page Notation, as its Markdown has them."""

from pathlib import Path

PAGE = Path(__file__).parents[1] / "notation.md"


def tables(page: str) -> dict[str, list[dict[str, str]]]:
    """Return the rows of each table of the page, by the section that it stands in."""
    found = {}
    for section in page.split("\n## ")[1:]:
        title, _, text = section.partition("\n")
        lines = [
            [cell.strip() for cell in line.strip("| ").split(" | ")]
            for line in text.splitlines()
            if line.startswith("|")
        ]
        found[title] = [dict(zip(lines[0], line, strict=True)) for line in lines[2:]]
    return found


TABLES = tables(PAGE.read_text(encoding="utf-8"))
