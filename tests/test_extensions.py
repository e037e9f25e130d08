"""The book's own extensions in a small book: what each of them makes of a page is there."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
import yaml
from bs4 import BeautifulSoup
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from book.build import HTML
from mlp_lib.figures import Drawing

ROOT = Path(__file__).parents[1]
CONTENTS = """format: jb-book
root: index
options: {numbered: true}
chapters: [{file: chapters/one}, {file: reference}, {file: "404"}]
"""
PAGES = {
    "index": "# The book\n\nIts sentence.\n\n```{chain-map}\n:alt: the chain\n"
    "dh_dz1: chapters/one\n```\n",
    "404": "# Not found\n\n[One](chapters/one.ipynb)\n",
    "reference": "# The package\n\n```{eval-rst}\n.. automodule:: mlp_lib.network\n"
    "   :members: Parameters, sigmoid, loss\n```\n",
}
CHAPTER = r"""# The sigmoid

Words come first.

$$
% wrong value: the sign
h = -x
$$ (wrong-a)

Here is $x$. And more.
"""


@pytest.fixture(scope="module")
def html(tmp_path_factory):
    """Return the folder of the pages of a book that has the extensions, but no Python in it."""
    folder = tmp_path_factory.mktemp("extensions")
    config = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))
    del config["sphinx"]["local_extensions"]["book.live.extension"]
    config["sphinx"]["config"]["extensions"].remove("book.live.extension")
    (folder / "_config.yml").write_text(yaml.safe_dump(config), encoding="utf-8")
    (folder / "_toc.yml").write_text(CONTENTS)
    for name, text in PAGES.items():
        (folder / f"{name}.md").write_text(text)
    shutil.copy(ROOT / "references.bib", folder)
    shutil.copytree(ROOT / "_static", folder / "_static")
    shutil.copytree(ROOT / "book" / "templates", folder / "book" / "templates")
    drawing = {"text/html": Drawing("<svg><g></g></svg>", "alt", "A")._repr_html_()}
    shown = new_output("display_data", data=drawing)
    printed = new_output("stream", text="h x\n  ^\n")
    cells = [
        new_markdown_cell(CHAPTER),
        new_code_cell("print(1)", outputs=[printed, shown], execution_count=1),
    ]
    kernel = {"name": "python3", "display_name": "Python 3"}
    about = {"kernelspec": kernel, "language_info": {"name": "python"}}
    notebook = new_notebook(cells=cells, metadata=about)
    (folder / "chapters").mkdir()
    nbformat.write(notebook, folder / "chapters" / "one.ipynb")
    setting = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "book.build"]
    done = subprocess.run(command, cwd=folder, env=setting, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return folder / HTML


@pytest.fixture(scope="module")
def chapter(html):
    """Return the page of the chapter."""
    return read(html / "chapters" / "one.html")


def read(page: Path) -> BeautifulSoup:
    """Return a page."""
    return BeautifulSoup(page.read_text(encoding="utf-8"), "html.parser")


def test_what_is_wrong_on_purpose_is_marked(chapter):
    (box,) = chapter.select(".wrong-equation")
    assert box.select_one(".wrong-note").text == "Wrong value, on purpose"
    assert box.select_one("#equation-wrong-a")
    assert "h = -x" in box.text


def test_a_stop_stays_with_its_formula_and_the_rest_behind_it(chapter):
    (span,) = chapter.select(".math-and-stop")
    assert span.text == r"\(x\)."
    assert span.parent.text == r"Here is \(x\). And more."


def test_a_code_cell_has_its_place_as_an_id_and_no_other_cell_has(chapter):
    (cell,) = chapter.select("[id^=cell-]")
    assert cell["id"] == "cell-1"
    assert "print" in cell.text


def test_outputs_are_finished(chapter):
    assert "^" in chapter.select_one("pre.marked").text
    assert chapter.select_one("figure#figure-1-1 .caption-number").text == "Figure 1.1"


@pytest.mark.parametrize("name", ["index", "chapters/one", "reference", "404", "search"])
def test_every_page_has_its_policy_and_loads_nothing_from_elsewhere(html, name):
    page = read(html / f"{name}.html")
    (policy,) = page.select("head > meta[http-equiv=Content-Security-Policy]")
    assert policy["content"].startswith("default-src 'none'; ")
    loaded = [each["src"] for each in page.select("script[src]")]
    loaded += [each["href"] for each in page.select("link[rel=stylesheet]")]
    assert any("book.css" in each for each in loaded)
    assert any("doctools.js" in each for each in loaded)
    assert not [each for each in loaded if "//" in each]
    # Only the page that searches has the script for it.
    assert any("searchtools.js" in each for each in loaded) == (name == "search")
    assert not [each for each in loaded if "fontawesome.js" in each]
    for icon in page.select("i[class*=fa-]"):
        assert icon["aria-hidden"] == "true"


def test_a_page_is_described_by_its_first_sentence_and_a_card_once(html):
    for name, words in {"index": "Its sentence.", "chapters/one": "Words come first."}.items():
        page = read(html / f"{name}.html")
        for kind in ('name="description"', 'property="og:description"'):
            assert [each["content"] for each in page.select(f"meta[{kind}]")] == [words]
    assert (html / "_static" / "card.png").read_bytes()[1:4] == b"PNG"


def test_mathjax_and_the_icons_are_beside_the_pages(html):
    assert (html / "_static" / "mathjax" / "tex-mml-chtml.js").exists()
    assert {path.name for path in (html / "_static" / "icons").iterdir()} == {
        "solid.woff",
        "brands.woff",
    }


def test_the_map_is_drawn_with_its_links(html):
    drawing = read(html / "index.html").select_one("figure.drawing svg")
    assert drawing["aria-label"] == "the chain"
    assert {link["href"] for link in drawing.select("a[href]")} == {"chapters/one.html"}
    assert "nohighlight" in str(drawing.select_one("a > title"))


def test_links_of_the_page_for_lost_addresses_begin_at_the_root(html):
    link = read(html / "404.html").select_one("article p a.internal")
    assert link["href"] == "/every-jacobian-has-a-shape/chapters/one.html"


def test_the_reference_has_signatures_and_docstrings_with_links(html):
    page = read(html / "reference.html")
    names = {each["id"].rpartition(".")[2] for each in page.select("dt.sig-object")}
    assert names == {"Parameters", "sigmoid", "loss"}  # a record's fields have no entries
    assert "Alias for" not in page.text
    signature = page.find(id="mlp_lib.network.loss").text
    assert "reduction: Literal['mean', 'sum'] = 'mean'" in signature
    assert "→ np.inexact" in signature
    assert "σ(z) = 1 / (1 + exp(−z)) = (1 + tanh(z/2)) / 2" in page.text
