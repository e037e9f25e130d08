"""The reference has every name that readers import, as the source writes it."""

import ast
import json
import re
from pathlib import Path

from docutils import nodes
from docutils.core import publish_doctree

import mlp_lib.equations
from book.reference import as_rst, chapters, write_signature
from mlp_lib import network
from mlp_lib.equations.answers.answer import Diagnosis
from mlp_lib.equations.answers.diagnosis import diagnose
from mlp_lib.workspace import Workspace

ROOT = Path(__file__).parents[1]
REFERENCE = (ROOT / "reference.md").read_text(encoding="utf-8")
DOCUMENTED = {
    module: set(names.split(", "))
    for module, names in re.findall(
        r"^\.\. automodule:: (\S+)\n   :members: (.*)$", REFERENCE, re.MULTILINE
    )
}


def imported_names() -> dict[str, set[str]]:
    """Return the names that the chapters' code imports from each module of the package."""
    found: dict[str, set[str]] = {}
    for path in (ROOT / "chapters").glob("*.ipynb"):
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            if cell["cell_type"] == "code":
                for node in ast.walk(ast.parse("".join(cell["source"]))):
                    if isinstance(node, ast.ImportFrom) and node.module.startswith("mlp_lib"):
                        found.setdefault(node.module, set()).update(a.name for a in node.names)
    return found


def undocumented(module: str, names: set[str]) -> set[str]:
    """Return the names that the reference hasn't, among those that are no modules."""
    everything = set().union(*DOCUMENTED.values())
    known = everything if module == "mlp_lib" else DOCUMENTED.get(module, set())
    modules = {name.rpartition(".")[2] for name in DOCUMENTED}
    return names - known - modules


def test_every_name_that_a_chapter_imports_is_in_the_reference():
    found = imported_names()
    assert "diagnose" in found["mlp_lib.equations"]
    assert {name for module in found for name in undocumented(module, found[module])} == set()


def test_every_public_name_is_in_the_reference():
    assert undocumented("mlp_lib", set(mlp_lib.__all__)) == set()
    assert undocumented("mlp_lib.equations", set(mlp_lib.equations.__all__)) == set()


def test_a_name_that_is_left_out_is_found():
    assert undocumented("mlp_lib.equations", {"check", "nonsense"}) == {"nonsense"}
    assert undocumented("mlp_lib.figures", {"forward"}) == {"forward"}


def test_signatures_have_the_types_of_the_source():
    def signature(what, obj):
        return write_signature(None, what, "", obj, None, "(...)", "")

    parameters = "~mlp_lib.network.Parameters"
    assert signature("function", network.loss) == (
        f"(parameters: {parameters}, x: Array, y: Array, "
        "reduction: Literal['mean', 'sum']='mean')",
        "np.inexact",
    )
    assert signature("class", network.Forward) == ("(z1: Array, h: Array, z2: Array, yhat: Array)",
                                                   "")  # fmt: skip
    assert signature("class", Workspace)[0].startswith("(N: int, D_x: int, H: int, D_y: int,")
    assert signature("method", Workspace.rows)[0] == "(N: int)"
    assert "suggest: bool=True" in signature("function", diagnose)[0]
    assert "ok: bool" in signature("class", Diagnosis)[0]
    assert "remark: str = ''" in signature("class", Diagnosis)[0]


TITLES = {"The sigmoid": "chapters/sigmoid"}


def test_a_docstring_is_shown_as_it_is():
    text = "∂h/∂z1[k, i] = h_k (1 − h_k) * δ_ki, |x|, a_ and `x_ * y` (Chapter: The sigmoid.)"
    doctree = publish_doctree(as_rst(text, {}).replace(":doc:", ":emphasis:"))
    assert doctree.astext() == text.replace("`", "").replace(
        "The sigmoid", "The sigmoid </The sigmoid>"
    )
    (code,) = doctree.findall(nodes.literal)
    assert code.astext() == "x_ * y"


def test_a_docstring_links_to_its_chapter_and_equation():
    text = "(Chapter: The sigmoid, equation eq-dh-dz1.)"
    assert as_rst(text, TITLES) == (
        "(Chapter: :doc:`The sigmoid </chapters/sigmoid>`, equation :eq:`eq-dh-dz1`.)"
    )


def test_chapters_are_known_by_their_titles():
    assert chapters(ROOT)["The sigmoid"] == "chapters/sigmoid"
    assert len(chapters(ROOT)) == len(list((ROOT / "chapters").glob("*.ipynb")))


def test_every_chapter_that_a_docstring_names_exists():
    named = {
        " ".join(title.split())
        for path in (ROOT / "mlp_lib").rglob("*.py")
        for title in re.findall(r"\(Chapter: ([^,;.)]+)", path.read_text(encoding="utf-8"))
    }
    assert "What a Jacobian costs" in named
    assert named <= set(chapters(ROOT))
