"""The book's table of contents, its build and the files that the pages load."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from docutils import nodes
from docutils.utils import new_document

from book.build import HTML, build, documents, missing_pages
from book.chromium import VARIABLE, find
from book.mathjax import PARTS, copy_mathjax
from book.page import KeepStopsWithFormulas, is_own

ROOT = Path(__file__).parents[1]

CONFIG = """title: A book
execute:
  execute_notebooks: 'off'
bibtex_bibfiles: [references.bib]
"""


@pytest.fixture
def small_book(tmp_path):
    """Return the folder of a book with two pages."""
    return write_small_book(tmp_path)


def write_small_book(folder: Path) -> Path:
    """Write a book with two pages into the folder, and return it."""
    (folder / "_config.yml").write_text(CONFIG)
    (folder / "references.bib").write_text("@misc{somebody2000, title = {A source}, year = 2000}\n")
    (folder / "_toc.yml").write_text("format: jb-book\nroot: index\nchapters:\n- file: second\n")
    (folder / "index.md").write_text("# First\n\n[](second)\n")
    (folder / "second.md").write_text("# Second\n\nText.\n")
    return folder


def test_every_chapter_is_in_the_contents():
    chapters = {f"chapters/{path.stem}" for path in (ROOT / "chapters").glob("*.ipynb")}
    assert chapters
    assert {name for name in documents(ROOT) if name.startswith("chapters/")} == chapters


def test_documents_are_in_reading_order():
    names = documents(ROOT)
    assert names[:3] == ["index", "chapters/question", "chapters/shapes"]
    assert names.index("chapters/tensor") < names.index("chapters/chain")


WARNINGS = {
    "[a link](nowhere.md)": "nowhere.md",
    "{eq}`eq-nowhere`": "eq-nowhere",
    "{cite}`nobody2000`": "nobody2000",
    "#### A heading that skips two levels": "skips two levels|Non-consecutive header level",
}


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """Return the folder of a book that the command has built, and what it said."""
    folder = write_small_book(tmp_path_factory.mktemp("book"))
    return folder, run_build(folder)


def test_a_good_book_is_built_and_the_command_says_where_to_open_it(built):
    folder, done = built
    assert done.returncode == 0
    assert done.stdout.endswith(f"Open it at\n  {(folder / HTML / 'index.html').as_uri()}\n")
    assert missing_pages(folder) == []


def test_every_warning_fails_a_book_that_was_built_and_does_so_again(built, tmp_path, capfd):
    shutil.copytree(built[0], tmp_path, dirs_exist_ok=True)
    (tmp_path / "second.md").write_text("# Second\n\n" + "\n\n".join(WARNINGS))
    (tmp_path / "third.md").write_text("# Outside the contents\n")
    for _ in range(2):
        with pytest.raises(subprocess.CalledProcessError):
            build(tmp_path)
        said = capfd.readouterr().err
        for warning in (*WARNINGS.values(), "third.md"):
            assert re.search(warning, said), warning


def test_one_warning_fails_the_build(small_book):
    (small_book / "second.md").write_text(f"# Second\n\n{next(iter(WARNINGS))}\n")
    with pytest.raises(subprocess.CalledProcessError):
        build(small_book)


def test_a_missing_page_is_named(built, tmp_path):
    shutil.copytree(built[0], tmp_path, dirs_exist_ok=True)
    (tmp_path / HTML / "second.html").unlink()
    assert missing_pages(tmp_path) == ["second"]


def test_an_empty_page_is_named(built, tmp_path):
    shutil.copytree(built[0], tmp_path, dirs_exist_ok=True)
    (tmp_path / HTML / "second.html").write_text("<html><body></body></html>")
    assert missing_pages(tmp_path) == ["second"]


def test_the_command_fails_with_the_build(small_book):
    (small_book / "second.md").unlink()
    done = run_build(small_book)
    assert done.returncode == 1
    assert "The book was not built" in done.stderr


def run_build(folder: Path) -> subprocess.CompletedProcess[str]:
    """Run the command that `make book` runs, in the folder."""
    command = [sys.executable, "-m", "book.build"]
    setting = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run(command, cwd=folder, env=setting, capture_output=True, text=True)


def test_mathjax_is_copied_with_its_licence(tmp_path):
    copy_mathjax(tmp_path)
    assert all((tmp_path / part).exists() for part in PARTS)
    assert "Apache License" in (tmp_path / "LICENSE").read_text()
    assert b"3.2.2" in (tmp_path / "tex-mml-chtml.js").read_bytes()
    assert sum(path.stat().st_size for path in tmp_path.rglob("*") if path.is_file()) < 3e6


@pytest.mark.parametrize(
    ("name", "own"),
    [
        ("_static/book.css", True),
        ("_static/mathjax/tex-mml-chtml.js", True),
        ("https://unpkg.com/thebe@0.8.2/lib/index.js", False),
        ("//fonts.googleapis.com/css?family=Vibur", False),
    ],
)
def test_files_of_other_hosts_are_told_apart(name, own):
    assert is_own(name) is own
    assert is_own(SimpleNamespace(filename=name)) is own


def test_a_stop_is_kept_with_its_formula_and_with_nothing_else():
    document = new_document("page")
    words = [nodes.strong(text="word"), nodes.Text("."), nodes.math(text="u"), nodes.Text(".")]
    document += nodes.paragraph("", "", *words)
    KeepStopsWithFormulas(document).apply()
    assert document.astext() == "word.u."
    (span,) = document.findall(nodes.inline)
    assert span.astext() == "u."


def test_a_named_browser_comes_first(monkeypatch):
    monkeypatch.setenv(VARIABLE, "somewhere/chromium")
    assert find() == "somewhere/chromium"


def test_then_one_on_the_path(monkeypatch, tmp_path):
    monkeypatch.delenv(VARIABLE, raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    command = tmp_path / "google-chrome"
    command.touch(mode=0o755)
    assert find() == str(command)
