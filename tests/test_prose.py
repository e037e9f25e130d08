"""Words, list marks, quotation marks and shapes around formulas say nothing of them."""

import pytest

from mlp_lib.equations import diagnose
from mlp_lib.equations.texts.prose import formulas_in

ERROR = "ŷ − y"
RIGHT = [
    "**dJ/dW2** = h^T (yhat - y)", "*dJ/dW2* = h^T (yhat - y)", "> dJ/dW2 = h.T @ (yhat - y)",
    ">> dJ_dW2 = h.T @ (yhat - y)", "> δ₂ = ŷ − y\n> ∂J/∂W₂ = hᵀ δ₂", "=> ∂J/∂W₂ = hᵀ (ŷ − y)",
    "-> ∂J/∂W₂ = hᵀ (ŷ − y)", "Answer: ∂J/∂W₂ = hᵀ (ŷ − y)", "**Answer:** dJ/dW2 = h^T (yhat - y)",
    "Now, dJ_dW2 = np.einsum('ij,ik->jk', h, yhat - y)", "Answer (b): ∂J/∂W₂ = hᵀ (ŷ − y)",
    "Answer: dJ_dW2 = h.T @ (yhat - y)", "Lösung: hᵀ (ŷ − y)",
    "Answer:\nh.T @ (yhat - y)", "Gradient of J w.r.t. W₂: hᵀ (ŷ − y)", "∂J/∂W₂: hᵀ (ŷ − y)",
    "dW2: h.T @ (yhat - y)", "The answer is h.T @ (yhat - y)", "I think the answer is hᵀ (ŷ − y)",
    "a) δ₂ = ŷ − y\nb) ∂J/∂W₂ = hᵀ δ₂", "(i) δ₂ = ŷ − y\n(ii) hᵀ δ₂", "① δ₂ = ŷ − y\n② hᵀ δ₂",
    "a) dz2 = yhat - y\nb) dW2 = h.T @ dz2", "1. ∂J/∂W₂ = hᵀ (ŷ − y)", "• ∂J/∂W₂ = hᵀ (ŷ − y)",
    "Schritt 1: δ₂ = ŷ − y\nSchritt 2: ∂J/∂W₂ = hᵀ δ₂", "1. The error: δ₂ = ŷ − y\n2. So: hᵀ δ₂",
    "Step 1 - the error: δ₂ = ŷ − y\nStep 2 - the weights: ∂J/∂W₂ = hᵀ δ₂",
    "By the chain rule, dJ/dW2 = h^T (yhat - y)", "Now, dJ/dW2 = h^T (yhat - y)",
    "So, by the chain rule, we get: ∂J/∂W₂ = hᵀ (ŷ − y)", "Let δ₂ = ŷ − y. Then ∂J/∂W₂ = hᵀ δ₂.",
    "With δ₂ = ŷ − y, ∂J/∂W₂ = hᵀ δ₂", "∂J/∂W₂ = hᵀ δ with δ = ŷ − y",
    "∂J/∂W₂ = hᵀ δ mit δ = ŷ − y", "∂J/∂W₂ = hᵀ δ, wobei δ = ŷ − y und h = σ(z₁)",
    "The error at the output is\nδ₂ = ŷ − y\nand so we find\n∂J/∂W₂ = hᵀ δ₂",
    "First the error:\n    dz2 = yhat - y\nThen the weights:\n    dW2 = h.T @ dz2",
    "## Solution\n\nThe error is\n\n$$\\delta_2 = \\hat y - y$$\n\nand hence\n\n"
    "$$\\frac{\\partial J}{\\partial W_2} = h^T \\delta_2$$",
    "a) $\\delta_2 = \\hat y - y$\nb) $\\frac{\\partial J}{\\partial W_2} = h^T \\delta_2$",
    *(f"∂J/∂W₂ = hᵀ (ŷ − y){end}" for end in (
        " ✓", " ∎", "□", " (QED)", ". QED", " q.e.d.", "  (H × D_y)", " ∈ ℝ^{H×D_y}", " : H×D_y",
        "  # H x D_y", "  // (H, D_y)", " (shape H × D_y)", ", which is H × D_y",
        " # the chain rule",
    )),
    "δ₂ = ŷ − y (the error)\n∂J/∂W₂ = hᵀ δ₂", "dJ_dW2 = h.T @ (yhat - y)  // (H, D_y)",
]  # fmt: skip


@pytest.mark.parametrize("attempt", RIGHT)
def test_what_stands_around_a_formula_says_nothing(attempt):
    found = diagnose(attempt, "dJ_dW2")
    assert found.ok, found.message
    for error, turned in (
        (ERROR, "y − ŷ"), ("yhat - y", "y - yhat"), (r"\hat y - y", r"y - \hat y")
    ):  # fmt: skip
        attempt = attempt.replace(error, turned)
    assert diagnose(attempt, "dJ_dW2", suggest=False).mistake.name == "sign"


def by_the_other_weights(attempt: str) -> str:
    """Return the attempt with another name on the left of its last line."""
    return attempt.replace("W₂", "W₁").replace("W2", "W1").replace("W_2", "W_1")


# Those whose last line names the target with an equals sign.
NAMED = [
    attempt for attempt in RIGHT
    if by_the_other_weights(attempt) != attempt and "=" in attempt.split("\n")[-1]
]  # fmt: skip


@pytest.mark.parametrize("attempt", NAMED)
def test_the_name_behind_the_words_is_judged(attempt):
    assert not diagnose(by_the_other_weights(attempt), "dJ_dW2", suggest=False).ok


def test_most_texts_name_the_target():
    assert len(NAMED) >= 45


@pytest.mark.parametrize(
    "text",
    [
        "np.where(y, h, x)", "e, g = yhat - y, h", "Err, g = yhat - y, h", "softmax(z2), y",
        "x W₁ h", "dz2: np.ndarray = yhat - y", "def f(x, y):\n    return x, y", "h[:, None] * y",
        "np.reshape(h,\n  (H, 1)\n)", "(x W₁ : 1×H) + b₁", "2 ** h ** 2", "(a\nb) * h",
        "grad = h\nslope = y\ngrad slope", "import numpy as np", '"""Return the gradients, all."""',
        "- h ᵀ", "1. - h", "(1) h", "x > y", "δ₂ W₂ᵀ\n∘ h", "log ŷ, y = h", "for one, other in x:",
    ],
)  # fmt: skip
def test_what_is_a_formula_or_code_stays(text):
    assert formulas_in(text) == text


def test_a_text_of_words_alone_is_refused():
    assert diagnose("I think it is the other one", "dJ_dW2").verdict == "unusable input"


@pytest.mark.parametrize(
    ("attempt", "target", "verdict"),
    [
        ("ŷ − y (divided by N)", "dJ_dz2", "unusable input"),
        ("twice: (ŷ − y)", "dJ_dz2", "unusable input"),
        (r"\text{twice: } \hat y - y", "dJ_dz2", "unusable input"),
        ("minus the gradient is hᵀ (ŷ − y)", "dJ_dW2", "unusable input"),
        ("hᵀ (ŷ − y) (2 · 3)", "dJ_dW2", "factor"),
        ("hᵀ (ŷ − y) (2 × 3)", "dJ_dW2", "unusable input"),
        ("hᵀ (ŷ − y) (H × D_y)", "dJ_dW2", "right"),
        ("(2) hᵀ (ŷ − y) = ∂J/∂W₂", "dJ_dW2", "factor"),
        ("(2) ∂J/∂W₂ = hᵀ (ŷ − y)", "dJ_dW2", "right"),
    ],
)
def test_what_changes_a_formula_is_not_passed_over(attempt, target, verdict):
    assert diagnose(attempt, target, setup="batch").verdict == verdict


@pytest.mark.parametrize(
    ("attempt", "target"),
    [
        ("δ₂ₖ = ŷₖ − yₖ\n∂J/∂z₁ⱼ = hⱼ (1 − hⱼ) (Σₖ δ₂ₖ W₂ⱼₖ)", "dJ_dz1"),
        ("δ₂ₖ = ŷₖ − yₖ\nΣₖ δ₂ₖ W₂ⱼₖ", "dJ_dh"),
        ("∂J/∂hⱼ = Σₖ (ŷₖ − yₖ) W₂ⱼₖ (for each hidden unit)", "dJ_dh"),
    ],
)
def test_letters_below_the_line_make_no_words(attempt, target):
    assert diagnose(attempt, target).ok


@pytest.mark.parametrize(
    ("attempt", "target"),
    [
        ("∂J/∂W₂ⱼₖ = hⱼ (ŷₖ − yₖ) (hⱼ hⱼ)", "dJ_dW2"),
        ("∂J/∂W₂ⱼₖ = hⱼ (ŷₖ − yₖ) (Σᵢ hᵢ)", "dJ_dW2"),
        ("δ₂ₖ = ŷₖ − yₖ\nΣₖ δ₂ₖ W₂ⱼₖ", "dJ_dz2"),
        ("ŷₖ − yₖ\nhⱼ ŷₖ", "dJ_dz2"),
    ],
)
def test_a_product_of_letters_is_no_aside_and_no_sentence(attempt, target):
    found = diagnose(attempt, target)
    assert not found.ok
    assert found.verdict in ("value", "shape")


@pytest.mark.parametrize(
    "asides",
    [
        ("  (error)", "  (backprop through sigmoid)", "  (outer product)"),
        (" (residual)", " (chain rule)", " (gradient)"),
        (" ← error at the output", " ← elementwise product", " <- done"),
        ("  (Fehler)", "  (Kettenregel)", "  (fertig)"),
    ],
)
def test_asides_behind_lines_say_nothing(asides):
    lines = "δ₂ = ŷ − y", "δ₁ = δ₂W₂ᵀ ∘ h ∘ (1−h)", "∂J/∂W₁ = xᵀδ₁"
    text = "\n".join(line + aside for line, aside in zip(lines, asides, strict=True))
    assert diagnose(text, "dJ_dW1").ok
    assert diagnose(text.replace("ŷ − y", "y − ŷ"), "dJ_dW1", suggest=False).verdict == "sign"


def test_but_a_name_in_brackets_is_a_factor_and_a_telling_word_is_refused():
    named = "error = ŷ − y\n∂J/∂W₂ = hᵀ (error)"
    assert diagnose(named, "dJ_dW2").ok
    assert diagnose(named.replace("ŷ − y", "y − ŷ"), "dJ_dW2", suggest=False).verdict == "sign"
    found = diagnose("∂J/∂W₂ = hᵀ (ŷ − y) (negated)", "dJ_dW2")
    assert found.verdict == "unusable input"


@pytest.mark.parametrize(
    "attempt",
    [
        "Mit δ₂ = ŷ − y gilt\n∂J/∂W₂ = hᵀ δ₂", "Mit δ₂ = ŷ − y gilt: ∂J/∂W₂ = hᵀ δ₂",
        "Wir setzen δ₂ := ŷ − y. Dann ist ∂J/∂W₂ = hᵀ δ₂.", "δ₂ = ŷ − y, also ∂J/∂W₂ = hᵀ δ₂",
        "Es sei δ₂ = ŷ − y.\nDann erhalten wir ∂J/∂W₂ = hᵀ δ₂",
        "Wir definieren δ₂ = ŷ − y. Damit gilt ∂J/∂W₂ = hᵀ δ₂.",
        "We set δ₂ = ŷ − y. Then ∂J/∂W₂ = hᵀ δ₂.",
        r"\text{Mit } \delta_2 = ŷ - y \text{ gilt } \nabla_{W_2} J = h^T \delta_2",
    ],
)  # fmt: skip
def test_sentences_that_name_a_part_lead_to_the_formula(attempt):
    assert diagnose(attempt, "dJ_dW2", setup="batch").ok
    turned = attempt.replace("ŷ − y", "y − ŷ").replace("ŷ - y", "y - ŷ")
    assert diagnose(turned, "dJ_dW2", setup="batch", suggest=False).verdict == "sign"
