"""What is printed reads as the same tree."""

from pathlib import Path

import pytest

from mlp_lib.equations.chapters import displays
from mlp_lib.equations.latex import parse_latex
from mlp_lib.equations.printing import latex, plain
from mlp_lib.equations.tables import question
from mlp_lib.equations.tree import (
    Contract,
    Delta,
    Divide,
    Identity,
    Indexed,
    Node,
    Number,
    Partial,
    Power,
    Sum,
    Symbol,
    Transpose,
)

CHAPTERS = sorted((Path(__file__).parents[1] / "chapters").glob("*.ipynb"))
EQUATIONS = [each for path in CHAPTERS for each in displays(path) if not each.prose]


@pytest.mark.parametrize(
    "display", [pytest.param(each, id=f"{each.chapter}-{each.label}") for each in EQUATIONS]
)
def test_equation_of_the_book_prints_as_itself(display):
    for equation in parse_latex(display.text, display.table):
        for side in equation.sides:
            ((again,), _) = parse_latex(latex(side), display.table)[0]
            assert again == side


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        (r"(1-h)^2", r"\left( 1 - h \right)^{2}"),
        (r"x \cdot W_1 \cdot (W_2 \circ W_2)", r"x W_1 \left( W_2 \circ W_2 \right)"),
        (r"(W_1^T)^T", r"\left( W_1^T \right)^T"),
        (r"-(x - x)", r"-\left( x - x \right)"),
        (r"\left(\sum_k y_k\right) y_i", r"\left( \sum_{k} y_{k} \right) y_{i}"),
        (r"\sigma(z_1)^2", r"\left( \sigma\left( z_1 \right) \right)^{2}"),
        (r"h \circ (h \circ h)", r"h \circ \left( h \circ h \right)"),
        (r"2 \cdot 3", r"2 \cdot 3"),
    ],
)
def test_brackets_stand_where_they_are_needed(text, printed):
    ((side,), _) = parse_latex(text, question())[0]
    assert latex(side) == printed
    assert parse_latex(printed, question())[0].sides == (side,)


H, W, HAT, OWN = Symbol("h"), Symbol("W_2"), Symbol(r"\hat y"), Symbol("error_1")
H_J, W_JK = Indexed(H, ("j",)), Indexed(W, ("j", "k"))
# How tightly each name binds: what it is printed as below a power, a transpose, a quotient and ∂,
# in LaTeX and as plain text. A name with a subscript of its own is no base of a power.
NAMES = [
    (H, "h^{2}", "h²"), (HAT, r"\hat y^{2}", "ŷ²"), (W, r"\left( W_2 \right)^{2}", "W₂²"),
    (Symbol("error"), r"\mathit{error}^{2}", "error²"),
    (OWN, r"\left( \mathit{error}_1 \right)^{2}", "error₁²"),
    (H_J, r"\left( h_{j} \right)^{2}", "hⱼ²"), (W_JK, r"\left( W_{2,jk} \right)^{2}", "W₂,ⱼₖ²"),
    (Delta("j", "k"), r"\left( \delta_{jk} \right)^{2}", "δⱼₖ²"),
    (Identity("H"), "I_{H}^{2}", "I_H²"), (Number(3.0), "3^{2}", "3²"),
]  # fmt: skip


@pytest.mark.parametrize(("node", "squared", "in_plain_text"), NAMES)
def test_a_name_binds_as_tightly_as_its_scripts_let_it(node, squared, in_plain_text):
    assert latex(Power(node, 2)) == squared
    assert plain(Power(node, 2)) == in_plain_text
    # In a product, below a sum and in a quotient no name needs brackets.
    for whole in (Contract(H, node), Contract(node, H), Sum("j", None, node), Divide(node, H)):
        assert r"\left" not in latex(whole)
        assert "(" not in plain(whole)


@pytest.mark.parametrize(
    ("node", "printed", "in_plain_text"),
    [
        (Transpose(W), "W_2^T", "W₂ᵀ"), (Transpose(HAT), r"\hat y^T", "ŷᵀ"),
        (Transpose(Transpose(W)), r"\left( W_2^T \right)^T", "(W₂ᵀ)ᵀ"),
        (Transpose(Power(H, 2)), r"\left( h^{2} \right)^T", "(h²)ᵀ"),
        (Partial(Symbol("J"), W), r"\frac{\partial J}{\partial W_2}", "∂J/∂W₂"),
        (Partial(Symbol("J"), W_JK), r"\frac{\partial J}{\partial W_{2,jk}}", "∂J/∂W₂,ⱼₖ"),
        (Divide(W, HAT), r"\frac{W_2}{\hat y}", "W₂/ŷ"),
    ],
)  # fmt: skip
def test_scripts_and_quotients_of_names_have_brackets_where_they_need_them(
    node: Node, printed: str, in_plain_text: str
):
    assert latex(node) == printed
    assert plain(node) == in_plain_text
