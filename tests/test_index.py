"""Every chapter has entries in the index, and what it says there is spelt in one way."""

import re
from collections import defaultdict
from pathlib import Path

import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell, new_notebook

from book.build import documents
from book.notebooks import read

ROOT = Path(__file__).parents[1]
CHAPTERS = [name for name in documents(ROOT) if name.startswith("chapters/")]
DIRECTIVE = re.compile(r"^```\{index\} (.+)\n```$", re.MULTILINE)
KIND = re.compile(r"^(single|pair|see|seealso): ")
LEAST = 3


def entries(notebook: NotebookNode) -> list[str]:
    """Return what the index has of a notebook, without the kind of each entry."""
    found = []
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            for text in DIRECTIVE.findall(cell.source):
                # A pair is one entry; a line without a kind has entries with commas between them.
                parts = [text] if KIND.match(text) else text.split(", ")
                found += [KIND.sub("", part).lstrip("!").strip() for part in parts]
    return found


def twice_spelt(terms: list[str]) -> list[set[str]]:
    """Return the terms that differ in capitals or a plural s alone."""
    spellings = defaultdict(set)
    for term in terms:
        spellings[term.lower().removesuffix("s")].add(term)
    return [spelt for spelt in spellings.values() if len(spelt) > 1]


@pytest.mark.parametrize("name", CHAPTERS)
def test_the_chapter_has_entries(name):
    assert len(entries(read(ROOT / f"{name}.ipynb"))) >= LEAST


def test_terms_are_spelt_in_one_way():
    every = [term for name in CHAPTERS for term in entries(read(ROOT / f"{name}.ipynb"))]
    heads = [entry.split(";")[0] for entry in every]
    glossary = (ROOT / "glossary.md").read_text(encoding="utf-8")
    heads += re.findall(r"^(?!:::)(\S.*)$", glossary.split(":::{glossary}")[1], re.MULTILINE)
    assert every
    assert twice_spelt(heads) == []


def test_a_notebook_without_entries_is_noticed():
    text = "```{index} pair: mistake; a sign\n```\n\nText.\n\n```{index} a; b, c\n```"
    noted, bare = new_markdown_cell(text), new_markdown_cell("The index of an entry.")
    assert entries(new_notebook(cells=[noted])) == ["mistake; a sign", "a; b", "c"]
    assert entries(new_notebook(cells=[bare])) == []


@pytest.mark.parametrize("pair", [("softmax", "Softmax"), ("label", "labels")])
def test_another_spelling_is_noticed(pair):
    assert twice_spelt([*pair, "loss"]) == [set(pair)]
