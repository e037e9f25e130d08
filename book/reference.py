"""Sphinx extension: the reference of `mlp_lib`, as its signatures and docstrings have it.

A docstring is plain text with formulas, not reStructuredText. Where it names a chapter and an
equation, the reference links to both.
"""

import ast
import inspect
import json
import re
import sys
from functools import cache
from pathlib import Path
from textwrap import dedent
from types import ModuleType
from typing import Any, Literal, get_args, get_origin

from sphinx.application import Sphinx

CODE = re.compile(r"`([^`]+)`")
# What reStructuredText would read as markup in plain text: a\ * b, |x|, name_.
MARKUP = re.compile(r"[\\*|]|_(?!\w)")
CHAPTER = re.compile(r"\(Chapter: (?P<title>[^,;.)]+)")
EQUATION = re.compile(r"\beq-[\w-]*\w")


@cache
def chapters(root: Path) -> dict[str, str]:
    """Return the document of each chapter by its title, the heading of its notebook."""
    found = {}
    for path in sorted((root / "chapters").glob("*.ipynb")):
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        heading = "".join(cells[0]["source"]).partition("\n")[0]
        found[heading.removeprefix("# ")] = f"chapters/{path.stem}"
    return found


def as_rst(paragraph: str, titles: dict[str, str]) -> str:
    """Turn a paragraph of plain text into reStructuredText that shows the same text, with links."""
    parts = CODE.split(paragraph)  # text and code in turn
    for place, part in enumerate(parts):
        parts[place] = f"``{part}``" if place % 2 else MARKUP.sub(r"\\\g<0>", part)
    text = EQUATION.sub(r":eq:`\g<0>`", "".join(parts))
    return CHAPTER.sub(lambda match: f"(Chapter: {link(match['title'], titles)}", text)


def link(title: str, titles: dict[str, str]) -> str:
    """Return a link to the chapter; Sphinx refuses one to a chapter that there isn't."""
    return f":doc:`{title} </{titles.get(title, title)}>`"


def write_docstring(
    app: Sphinx, what: str, name: str, obj: Any, options: Any, lines: list[str]
) -> None:
    """Replace the docstring's lines, paragraph by paragraph."""
    paragraphs = re.split(r"\n\s*\n", "\n".join(lines).strip())
    titles = chapters(Path(app.srcdir))
    flowing = [as_rst(" ".join(each.split()), titles) for each in paragraphs]
    lines[:] = "\n\n".join(flowing).split("\n")


def write_signature(
    app: Sphinx, what: str, name: str, obj: Any, options: Any, signature: str, returns: str
) -> tuple[str, str] | None:
    """Return the signature with its types by the names that the source writes them with."""
    if what not in ("function", "method", "class") or signature is None:
        return None
    node = ast.parse(dedent(inspect.getsource(obj))).body[0]
    module = sys.modules[obj.__module__]
    if isinstance(node, ast.ClassDef):
        fields = [each for each in node.body if isinstance(each, ast.AnnAssign)]
        methods = [each for each in node.body if isinstance(each, ast.FunctionDef)]
        init = next((each for each in methods if each.name == "__init__"), None)
        if init is None:
            return f"({', '.join(field(each, module) for each in fields)})", ""
        node = init
    arguments = Qualified(module).visit(node.args)
    if what != "function":
        arguments.args = arguments.args[1:]  # without self
    result = "" if node.returns is None or what == "class" else ast.unparse(
        Qualified(module).visit(node.returns)
    )  # fmt: skip
    return f"({ast.unparse(arguments)})", result


def field(node: ast.AnnAssign, module: ModuleType) -> str:
    """Return a field of a record as an argument."""
    kind = ast.unparse(Qualified(module).visit(node.annotation))
    default = f" = {ast.unparse(node.value)}" if node.value else ""
    return f"{node.target.id}: {kind}{default}"


class Qualified(ast.NodeTransformer):
    """Write the package's own classes with their module, so that Sphinx finds their entries."""

    def __init__(self, module: ModuleType) -> None:
        self.module = module

    def visit_Name(self, node: ast.Name) -> ast.expr:
        """Return the name with its module, if it is a class of the package."""
        named = getattr(self.module, node.id, None)
        if get_origin(named) is Literal:  # a name for a few texts says less than the texts
            return ast.parse(f"Literal{list(get_args(named))}", mode="eval").body
        if inspect.isclass(named) and named.__module__.startswith("mlp_lib."):
            return ast.Name(f"~{named.__module__}.{named.__qualname__}")
        return node


def skip_fields(
    app: Sphinx, what: str, name: str, obj: Any, skip: bool, options: Any
) -> bool | None:
    """Leave out the entries of a record's fields: its signature names them."""
    return True if (inspect.getdoc(obj) or "").startswith("Alias for field number") else None


def setup(app: Sphinx) -> dict[str, bool]:
    """Connect the extension to Sphinx."""
    app.setup_extension("sphinx.ext.autodoc")
    app.setup_extension("sphinx_codeautolink")
    app.connect("autodoc-process-docstring", write_docstring)
    app.connect("autodoc-process-signature", write_signature)
    app.connect("autodoc-skip-member", skip_fields)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
