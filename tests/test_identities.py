"""Lines on the way that state an identity are judged, and so are names that are given twice."""

import pytest

from mlp_lib.equations import diagnose

BY_Z1 = "∂J/∂z₁ = (ŷ − y)W₂ᵀ ∘ σ'(z₁)"
BY_W2 = "∂J/∂W₂ = hᵀ(ŷ − y)"
BY_Z1_IN_LATEX = r"\delta_1 = (\hat y - y)W_2^T \odot \sigma'(z_1)"
SOFTMAX_ENTRY = r"\frac{\partial \hat y_i}{\partial z_{2,i}} = \hat y_i(1 %s \hat y_i) \\ "


@pytest.mark.parametrize("setup", ["row", "batch"])
@pytest.mark.parametrize(
    ("text", "target", "wrong"),
    [
        (f"σ'(z₁) = h ∘ (1 + h)\n{BY_Z1}", "dJ_dz1", "h ∘ (1 + h)"),
        (f"{BY_Z1}, where σ'(z₁) = 1 − h²", "dJ_dz1", "1 − h²"),
        (f"σ'(z) = σ(z)(1 + σ(z))\n{BY_Z1}", "dJ_dz1", "σ(z₁) (1 + σ(z₁))"),
        (f"softmax(z₂) = σ(z₂)\n{BY_W2}", "dJ_dW2", "σ(z₂)"),
        (f"ŷ − y = y − ŷ\n{BY_W2}", "dJ_dW2", "y − ŷ"),
        (f"hᵀ = h\n{BY_W2}", "dJ_dW2", "h"),
        (f"{BY_W2}\nhᵀ = h", "dJ_dW2", "h"),
        ("σ(z₁) = z₁\n∂J/∂W₂ = σ(z₁)ᵀ(ŷ − y)", "dJ_dW2", "z₁"),
        ("W₂ᵀ = W₂\n∂J/∂h = (ŷ − y)W₂ᵀ", "dJ_dh", "W₂"),
        (f"h ∘ (1 − h) = 1 − h²\n{BY_Z1}", "dJ_dz1", "1 − h²"),
        ("δ₂ = y − ŷ = ŷ − y\n∂J/∂W₂ = hᵀ δ₂", "dJ_dW2", "ŷ − y"),
        (rf"\sigma'(z_1) = h \odot h \\ {BY_Z1_IN_LATEX}", "dJ_dz1", r"h \circ h"),
        (
            rf"\sigma'(z_1) = \sigma(z_1)(1+\sigma(z_1)) \\ {BY_Z1_IN_LATEX}",
            "dJ_dz1",
            r"\sigma\left( z_1 \right) \left( 1 + \sigma\left( z_1 \right) \right)",
        ),
        (
            rf"{BY_Z1_IN_LATEX} \quad \text{{with }} \sigma'(z_1) = 1 - h^2",
            "dJ_dz1",
            "1 - h^{2}",
        ),
        (
            SOFTMAX_ENTRY % "+" + r"\frac{\partial J}{\partial z_2} = \hat y - y",
            "dJ_dz2",
            r"\hat y_{i} \left( 1 + \hat y_{i} \right)",
        ),
        ("W₂ δ₂ = ∂J/∂h\nδ₂ = ŷ − y\n∂J/∂W₂ = hᵀ δ₂", "dJ_dW2", "W₂ δ₂"),
        ("Σ_k y_k = 2\n∂J/∂z₂ = ŷ − y", "dJ_dz2", "2"),
    ],
)
def test_a_line_that_states_a_false_identity_is_the_first_wrong_step(text, target, wrong, setup):
    found = diagnose(text, target, setup=setup)
    assert not found.ok
    assert found.verdict in ("value", "shape")
    assert found.first_wrong.text == wrong
    assert found.suggestion is None or diagnose(found.suggestion, target, setup=setup).ok
    assert diagnose(text, target, setup=setup, suggest=False).suggestion is None


@pytest.mark.parametrize("setup", ["row", "batch"])
@pytest.mark.parametrize(
    ("text", "target"),
    [
        (f"σ'(z₁) = h ∘ (1 − h)\n{BY_Z1}", "dJ_dz1"),
        (f"σ'(z) = σ(z)(1 − σ(z))\n{BY_Z1}", "dJ_dz1"),
        (f"{BY_Z1}, where σ'(z₁) = h − h²", "dJ_dz1"),
        (f"softmax(z₂) = ŷ\n{BY_W2}", "dJ_dW2"),
        (f"softmax(z) = ŷ\n{BY_W2}", "dJ_dW2"),
        (f"σ(x W₁ + b₁) = h\n{BY_W2}", "dJ_dW2"),
        ("δ₂ = ŷ − y = −(y − ŷ)\n∂J/∂W₂ = hᵀ δ₂", "dJ_dW2"),
        (rf"\sigma'(z_1) = \sigma(z_1)(1-\sigma(z_1)) \\ {BY_Z1_IN_LATEX}", "dJ_dz1"),
        (rf"\sigma'(z_i) = \sigma(z_i)(1-\sigma(z_i)) \\ {BY_Z1_IN_LATEX}", "dJ_dz1"),
        (SOFTMAX_ENTRY % "-" + r"\frac{\partial J}{\partial z_2} = \hat y - y", "dJ_dz2"),
        ("Σ_k y_k = 1\n∂J/∂z₂ = ŷ − y", "dJ_dz2"),
    ],
)
def test_a_line_that_states_a_true_identity_is_none(text, target, setup):
    assert diagnose(text, target, setup=setup).ok


def test_a_false_identity_is_mended_where_it_stands():
    found = diagnose(f"σ'(z₁) = h ∘ (1 + h)\n{BY_Z1}", "dJ_dz1")
    assert found.mistake.name == "sign inside"
    assert found.suggestion == "σ'(z₁) = h ∘ (1 − h)\n∂J/∂z₁ = (ŷ − y) W₂ᵀ ∘ σ'(z₁)"


@pytest.mark.parametrize("setup", ["row", "batch"])
@pytest.mark.parametrize(
    "text",
    [
        "δ₂ = ŷ − y\n∂J/∂W₂ = hᵀ δ₂\nδ₂ = y − ŷ",
        "δ₂ = y − ŷ\nδ₂ = ŷ − y\n∂J/∂W₂ = hᵀ δ₂",
        "δ₂ = y − ŷ\nδ₂ = ∂J/∂z₂\n∂J/∂W₂ = hᵀ δ₂",
        "e = ŷ − y\n∂J/∂W₂ = hᵀ e\ne = y − ŷ",
        r"\delta_2 = \hat y - y \\ \frac{\partial J}{\partial W_2} = h^T \delta_2 \\"
        r" \delta_2 = y - \hat y",
    ],
)
def test_a_name_with_two_values_of_which_one_is_not_used_is_refused(text, setup):
    found = diagnose(text, "dJ_dW2", setup=setup)
    assert found.verdict == "unusable input"
    assert "is said twice" in found.message


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("δ₂ = ŷ − y\n∂J/∂W₂ = hᵀ δ₂\nδ₂ = −(y − ŷ)", "dJ_dW2"),
        ("δ₂ = ∂J/∂z₂\nδ₂ = ŷ − y\n∂J/∂W₂ = hᵀ δ₂", "dJ_dW2"),
        ("e = (ŷ − y) W₂ᵀ\ne = e ∘ h ∘ (1 − h)\n∂J/∂W₁ = xᵀ e", "dJ_dW1"),
    ],
)
def test_a_name_is_said_twice_with_one_value_or_goes_on_from_it(text, target):
    assert diagnose(text, target).ok
    assert not diagnose(text.replace("ŷ − y\n", "y − ŷ\n").replace("(ŷ − y)", "(y − ŷ)"), target).ok
