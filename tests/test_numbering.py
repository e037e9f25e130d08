"""The number of an equation is no factor, and a factor no number; which of them it is must show."""

import pytest

from mlp_lib.equations import diagnose

LATEX = r"h^T (\hat y - y)"
NAMED = rf"\frac{{\partial J}}{{\partial W_2}} = {LATEX}"
PLAIN = "hᵀ (ŷ − y)"
EITHER = "could be the formula's number, or a factor"


def turned(text: str) -> str:
    """Return the text with the error at the output turned round."""
    return text.replace(r"\hat y - y", r"y - \hat y").replace("ŷ − y", "y − ŷ")


@pytest.mark.parametrize(
    "attempt",
    [
        rf"(2) \quad {NAMED}", rf"{NAMED} \\ (2)", rf"(2) \\ {NAMED}", rf"{LATEX} \quad (2)",
        r"(1) \quad \delta = \hat y - y \\ (2) \quad h^T \delta", rf"(iv) \quad {LATEX}",
        r"\delta = \hat y - y \\ (1) \\ \frac{\partial J}{\partial W_2} = h^T \delta \\ (2)",
        f"(2)   ∂J/∂W₂ = {PLAIN}", f"∂J/∂W₂ = {PLAIN}   (2)", f"(2)\n∂J/∂W₂ = {PLAIN}",
        f"∂J/∂W₂ = {PLAIN}\n(2)", f"∂J/∂W₂ = {PLAIN}   (4.2a)", f"{PLAIN}   (iv)",
        rf"\begin{{align}} (2) & \quad {NAMED} \end{{align}}", rf"\[ {LATEX} \] (2)",
        rf"$${LATEX}$$ (2)", rf"(2) $${NAMED}$$",
        "δ = ŷ − y   (1)\n∂J/∂W₂ = hᵀ δ   (2)",
    ],
)  # fmt: skip
def test_a_number_of_an_equation_goes(attempt):
    assert diagnose(attempt, "dJ_dW2").ok
    assert diagnose(turned(attempt), "dJ_dW2", suggest=False).verdict == "sign"


@pytest.mark.parametrize(
    "attempt",
    [
        rf"(2) \quad {LATEX}", rf"{LATEX} \\ (2)", rf"(2) \\ {LATEX}", f"{NAMED}\n(2)",
        rf"(2) \quad {LATEX} = \frac{{\partial J}}{{\partial W_2}}", rf"(0.5) \\ {LATEX}",
        rf"\begin{{align}} (2) && {LATEX} \end{{align}}",
        f"(2)   {PLAIN}", f"{PLAIN}   (2)", f"(2)\n{PLAIN}", f"{PLAIN}\n(2)", f"{PLAIN}\t[2]",
    ],
)  # fmt: skip
def test_a_number_that_could_be_a_factor_is_refused(attempt):
    found = diagnose(attempt, "dJ_dW2")
    assert found.verdict == "unusable input"
    assert EITHER in found.message


@pytest.mark.parametrize(
    "attempt",
    [
        f"(2) {LATEX}", f"{LATEX} (2)", rf"2 \quad {LATEX}", rf"{NAMED} \quad (0.5)",
        f"(2) {PLAIN}", f"{PLAIN} (2)", f"∂J/∂W₂ = {PLAIN} (2)",
    ],
)  # fmt: skip
def test_a_factor_beside_a_formula_is_one(attempt):
    assert diagnose(attempt, "dJ_dW2").verdict == "factor"


COUNTED = [
    "δ₂ = ŷ − y{} (1)\nδ₁ = δ₂W₂ᵀ ⊙ h ⊙ (1−h){} (2)\n∂J/∂W₁ = xᵀδ₁{} (3)",
    "δ₂ = ŷ − y{} (2.1)\nδ₁ = δ₂W₂ᵀ ⊙ h ⊙ (1−h){} (2.2)\n∂J/∂W₁ = xᵀδ₁{} (2.3)",
    "δ₂ = ŷ − y{} (4a)\nδ₁ = δ₂W₂ᵀ ⊙ h ⊙ (1−h){} (4b)\n∂J/∂W₁ = xᵀδ₁{} (4c)",
    "δ₁ = (ŷ − y)W₂ᵀ ⊙ h ⊙ (1−h){} [iii]\n∂J/∂W₁ = xᵀδ₁{} [iv]",
    r"\delta_2 = \hat y - y{} (7) \\ \delta_1 = \delta_2 W_2^T \odot h \odot (1-h){} (8) \\ "
    r"\frac{{\partial J}}{{\partial W_1}} = x^T \delta_1{} (9)",
]


@pytest.mark.parametrize("attempt", COUNTED)
@pytest.mark.parametrize("between", ["", ",", " …", ".", r"   "])
def test_last_brackets_that_count_up_are_numbers(attempt, between):
    text = attempt.format(*[between] * attempt.count("{}"))
    assert diagnose(text, "dJ_dW1").ok
    assert diagnose(turned(text), "dJ_dW1", suggest=False).verdict == "sign"


def test_but_not_those_that_do_not():
    text = COUNTED[0].format("", "", "")
    assert diagnose(text.replace("(3)", "(4)"), "dJ_dW1").verdict == "factor"
    assert diagnose(text.replace("(2)", "(1)"), "dJ_dW1").verdict == "factor"
    assert diagnose("δ₂ = ŷ − y\n∂J/∂W₂ = hᵀ δ₂ (2)", "dJ_dW2").verdict == "factor"
