"""Plain text reads as the tree that it was printed from."""

from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest

from mlp_lib.equations import EquationError, check, diagnose, question
from mlp_lib.equations.chapters import displays
from mlp_lib.equations.latex import MAX_DEPTH, MAX_LENGTH, parse_latex
from mlp_lib.equations.printing import plain
from mlp_lib.equations.texts.plain_text import latex_of_plain, parse_plain

CHAPTERS = sorted((Path(__file__).parents[1] / "chapters").glob("*.ipynb"))
EQUATIONS = [each for path in CHAPTERS for each in displays(path) if not each.prose]


@pytest.mark.parametrize(
    "display", [pytest.param(each, id=f"{each.chapter}-{each.label}") for each in EQUATIONS]
)
def test_equation_of_the_book_reads_as_it_was_printed(display):
    for equation in parse_latex(display.text, display.table):
        printed = " = ".join(map(plain, equation.sides))
        assert "\\" not in printed
        (again,) = parse_plain(printed, display.table)
        assert again.sides == equation.sides


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        (r"(\hat y - y) W_2^T \circ h \circ (1 - h)", "(ŷ − y) W₂ᵀ ∘ h ∘ (1 − h)"),
        (r"\frac{\partial J}{\partial W_1}", "∂J/∂W₁"),
        (r"\frac{\partial z_{1,k}}{\partial W_{1,ij}}", "∂z₁,ₖ/∂W₁,ᵢⱼ"),
        (r"\left[\frac{\partial J}{\partial W_1}\right]_{ij}", "[∂J/∂W₁]ᵢⱼ"),
        (r"\frac{\partial}{\partial h}\left[hW_2+b_2\right]", "∂/∂h [h W₂ + b₂]"),
        (r"\left(\frac{\partial J}{\partial z_1}\right)^T", "(∂J/∂z₁)ᵀ"),
        (r"x_q \delta_{qp}", "x_{q} δ_{qp}"),
        (r"\sum_{k=1}^{D_y} y_k \log \hat y_k", "Σ_{k=1}^{D_y} yₖ log(ŷₖ)"),
        (r"-(x - x)", "−(x − x)"),
        (r"(W_1^T)^T", "(W₁ᵀ)ᵀ"),
        (r"\sigma'(z_1)^2", "(σ'(z₁))²"),
        (r"\frac{1}{2} h^2", "(1/2) h²"),
        (r"2 \cdot 3", "2 · 3"),
        (r"\underbrace{x W_1}_{1 \times H} + b_1", "(x W₁ : 1×H) + b₁"),
        (r"I_{D_x} \otimes x", "I_D_x ⊗ x"),
    ],
)
def test_how_it_is_printed(text, printed):
    ((side,), _) = parse_latex(text, question())[0]
    assert plain(side) == printed
    assert parse_plain(printed, question())[0].sides == (side,)


def test_a_formula_as_people_type_it():
    typed = "∂J/∂W_1 = x^T [(ŷ - y) W_2^T ∘ h ∘ (1 - h)]"
    assert check(latex_of_plain(typed)).holds
    assert check(latex_of_plain(typed.replace("W_2^T", "W_2"))).failure == "shape"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("x @ W₁", "cannot read '@' in plain text\n  x @ W₁\n    ^"),
        ("(x W₁", "expected close here"),
        ("(x W₁]", r"expected ) here"),
        ("x W₁)", "a bracket that was not opened"),
        ("∂∂∂", "expected function or identity or letter or number or open here"),
        ("∂J ∂h", "expected slash here"),
        ("x Q", "unknown symbol Q"),
        ("(" * (MAX_DEPTH + 5) + "x", "brackets deep"),
        ("x" * (MAX_LENGTH + 1), "at most"),
        ("x = =", "cannot read the formula here"),
        ("", "the formula is empty"),
        ("\\x", "cannot read"),
    ],
)
def test_unreadable_text_is_refused(text, message):
    with pytest.raises(EquationError) as caught:
        parse_plain(text, question())
    assert message in str(caught.value)


def test_random_text_gives_a_tree_or_the_error():
    rng = np.random.default_rng(0)
    pieces = [*"xyhJWσ∂Σ/()[]=+−·∘⊗ᵀ²₁ᵢₖ,_^{}:×ŷδ1N \n\\%🙂", "W₁", "z₂", "∂J/∂", "log", "D_y"]
    read = 0
    for _ in range(3000):
        with suppress(EquationError):
            read += bool(parse_plain("".join(rng.choice(pieces, rng.integers(1, 12))), question()))
    assert 20 < read < 2980


@pytest.mark.parametrize(
    "attempt",
    [
        "δ^{(n)} = ŷ^{(n)} − y^{(n)}\n∂J/∂W₂ = Σ_n h^{(n)ᵀ} δ^{(n)}",
        "δ^(n) = ŷ^(n) − y^(n)\n∂J/∂W₂ = Σ_n (h^(n))ᵀ δ^(n)",
        "δ₂^{(n)} = ŷ^{(n)} − y^{(n)}\n∂J/∂W₂ = Σₙ h^{(n)}ᵀ δ₂^{(n)}",
        "∂J/∂W₂ = Σₙ h⁽ⁿ⁾ᵀ (ŷ⁽ⁿ⁾ − y⁽ⁿ⁾)", "∂J/∂W₂ = Σ_i h^{(i)T} (ŷ^{(i)} − y^{(i)})",
    ],
)  # fmt: skip
def test_rows_of_examples_are_read(attempt):
    assert diagnose(attempt, "dJ_dW2", setup="batch").ok
    wrong = attempt.replace("= ŷ", "= −ŷ").replace("(ŷ", "(−ŷ").replace("− y", "+ y")
    assert diagnose(wrong, "dJ_dW2", setup="batch", suggest=False).verdict == "sign"
    mean = diagnose(attempt, "dJ_dW2", setup="batch", loss="mean", suggest=False)
    assert mean.verdict == "factor"


@pytest.mark.parametrize(
    ("attempt", "target"),
    [
        ("dJ/dz1_j = sum_k (yhat_k - y_k) W2_jk h_j (1 - h_j)", "dJ_dz1"),
        ("∇_{W_2} J = h^T (\\hat{y} - y)", "dJ_dW2"), ("∂ŷᵢ/∂zⱼ = ŷᵢ(δᵢⱼ − ŷⱼ)", "dyhat_dz2"),
        (r"\frac{∂J}{∂W_2} = h^⊤ · (\hat y − y)", "dJ_dW2"),
    ],
)  # fmt: skip
def test_letters_and_signs_of_two_notations_are_read(attempt, target):
    assert diagnose(attempt, target).ok
    left, _, right = attempt.partition("= ")
    assert diagnose(f"{left}= -{right}", target, suggest=False).verdict == "sign"
