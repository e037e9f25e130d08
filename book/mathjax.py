"""The part of MathJax that the pages load, taken from an installed package, not from a CDN."""

from importlib.metadata import distribution
from pathlib import Path
from shutil import copytree

SOURCE = "sphinx-mathjax-offline"
PARTS = (
    "tex-mml-chtml.js",
    "input/tex/extensions",  # loaded when a command such as \boldsymbol first needs one
    "output/chtml/fonts/woff-v2",
)
LICENSE = Path(__file__).with_name("mathjax_license.txt")


def copy_mathjax(target: Path) -> None:
    """Copy MathJax and its licence into the folder `target`.

    Raises FileNotFoundError when the package no longer has one of the parts.
    """
    source = Path(str(distribution(SOURCE).locate_file(f"{SOURCE}/static/mathjax")))
    for part in PARTS:
        if (source / part).is_dir():
            copytree(source / part, target / part, dirs_exist_ok=True)
        else:
            (target / part).parent.mkdir(parents=True, exist_ok=True)
            (target / part).write_bytes((source / part).read_bytes())
    (target / "LICENSE").write_text(LICENSE.read_text(encoding="utf-8"), encoding="utf-8")
