"""Copies of the chapters for Colab, which install `mlp_lib` in their first cell.

`python -m book.live.colab FOLDER` writes them into the folder. They are made from the stored
notebooks and kept on a branch of their own, so the notebooks in `chapters` hold nothing of it.
"""

import sys
from pathlib import Path

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell
from yaml import safe_load

from book.notebooks import code_cells, read, text_of

BRANCH = "colab"
# What a chapter reads beside it, such as other chapters, comes with the whole repository.
INSTALL = """\
# Colab starts without this book's package: fetch the book, install it, and go to its chapters.
!git clone --quiet --depth 1 --branch {branch} {repository} book
%pip install --quiet "./book[equations,figures,parallel,progress]"
%cd -q book/chapters"""


def for_colab(notebook: NotebookNode, repository: str, branch: str) -> NotebookNode:
    """Return the notebook with a first cell that fetches the book, and without outputs."""
    source = INSTALL.format(repository=repository, branch=branch)
    notebook.cells.insert(0, new_code_cell(source, id="install"))
    for cell in code_cells(notebook):
        cell.outputs, cell.execution_count = [], None
    return notebook


def write_copies(root: Path, folder: Path) -> list[Path]:
    """Write a copy of every chapter into `folder`/chapters and return their paths."""
    about = safe_load((root / "_config.yml").read_text(encoding="utf-8"))["repository"]
    written = []
    for path in sorted((root / "chapters").glob("*.ipynb")):
        target = folder / "chapters" / path.name
        target.parent.mkdir(parents=True, exist_ok=True)
        copy = for_colab(read(path), about["url"], about["branch"])
        target.write_text(text_of(copy), encoding="utf-8")
        written.append(target)
    return written


if __name__ == "__main__":
    print(*write_copies(Path.cwd(), Path(sys.argv[1])), sep="\n")
