"""Build the HTML pages from the stored outputs, with warnings as errors.

`python -m book.build` builds the book of the current folder into `_build/html`.
"""

import subprocess
import sys
from pathlib import Path
from shutil import rmtree

from sphinx_external_toc.parsing import parse_toc_yaml

HTML = Path("_build") / "html"


def documents(root: Path) -> list[str]:
    """Return the documents that `_toc.yml` lists, without their suffix, in its order."""
    return [str(Path(name).with_suffix("")) for name in parse_toc_yaml(root / "_toc.yml")]


def missing_pages(root: Path) -> list[str]:
    """Return the documents of the book that have no page, or a page without a heading."""
    pages = {name: root / HTML / f"{name}.html" for name in documents(root)}
    return [
        name
        for name, page in pages.items()
        if not page.is_file() or "<h1" not in page.read_text(encoding="utf-8")
    ]


def build(root: Path) -> Path:
    """Build the book from nothing and return its first page.

    Nothing is kept of an earlier build: Sphinx reports a warning only when it reads the page anew.
    Raises CalledProcessError when Sphinx fails or warns, RuntimeError when pages are missing.
    """
    rmtree(root / "_build", ignore_errors=True)
    command = [Path(sys.executable).with_name("jupyter-book"), "build"]
    subprocess.run([*command, "--quiet", "-W", "-n", "--keep-going", "."], cwd=root, check=True)
    if missing := missing_pages(root):
        raise RuntimeError(f"the build left out {', '.join(missing)}")
    return root / HTML / f"{documents(root)[0]}.html"


def main() -> None:
    """Build the book of the current folder and say where to open it."""
    try:
        first = build(Path.cwd())
    except (subprocess.CalledProcessError, RuntimeError) as failure:
        raise SystemExit(f"The book was not built: {failure}") from failure
    print(f"\nThe book is built. Open it at\n  {first.as_uri()}")


if __name__ == "__main__":
    main()
