"""The glossary: its order, and that each chapter that it names explains the term."""

import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "glossary.md").read_text(encoding="utf-8").partition(":::{glossary}\n")[2]
ENTRIES = dict(re.findall(r"^(\S.*)\n((?:  .*\n)+)", PAGE, re.MULTILINE))
# What the chapters write for a term.
WRITTEN = {"Kronecker delta": r"\delta", "vec": r"\operatorname{vec}"}


def words(document: str) -> str:
    """Return the text cells of a chapter on one line, without emphasis."""
    cells = json.loads((ROOT / f"{document}.ipynb").read_text(encoding="utf-8"))["cells"]
    text = " ".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")
    return " ".join(text.replace("*", "").split())


def explains(document: str, term: str) -> bool:
    """Tell whether the chapter's text has the term."""
    return WRITTEN.get(term, term).lower() in words(document).lower()


@pytest.mark.parametrize("term", ENTRIES)
def test_the_chapter_that_an_entry_names_has_the_term(term):
    (named,) = re.findall(r"→ \[([^]]*)\]\((chapters/\w+)\)\s*$", ENTRIES[term])
    title, document = named
    assert words(document).startswith(f"# {title} ")
    assert explains(document, term)


def test_a_chapter_without_the_term_is_told_apart():
    assert explains("chapters/machines", "shard")
    assert not explains("chapters/sigmoid", "shard")


def test_the_terms_are_in_order_and_none_is_lost():
    assert len(ENTRIES) >= 40
    assert list(ENTRIES) == sorted(ENTRIES, key=str.lower)
    assert {"Jacobian", "numerator layout", "contraction", "one-hot", "logit"} <= set(ENTRIES)
