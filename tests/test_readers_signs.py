"""A suggestion has the reader's own signs where they are not the book's."""

import pytest

from mlp_lib.equations import diagnose
from mlp_lib.equations.texts.readers_signs import in_readers_signs

LEFT = r"\frac{\partial J}{\partial W_1} = "


@pytest.mark.parametrize(
    ("attempt", "target", "suggestion"),
    [
        ("∂J/∂W₂ = Hᵀ (Y - Ŷ)", "dJ_dW2", "∂J/∂W₂ = Hᵀ (Ŷ − Y)"),
        ("∂J/∂W₁ = Xᵀ ((Ŷ - Y) W₂ᵀ ⊙ H)", "dJ_dW1", "∂J/∂W₁ = Xᵀ ((Ŷ − Y) W₂ᵀ ⊙ H ⊙ (1 − H))"),
        ("∂J/∂W₂ = hᵀ (y − ŷ)", "dJ_dW2", "∂J/∂W₂ = hᵀ (ŷ − y)"),
        (LEFT + r"X^T ((Y - \hat{Y}) W_2^T \odot H \odot (1 - H))", "dJ_dW1",
         LEFT + r"X^T ((\hat Y - Y) W_2^T \odot H \odot (1 - H))"),
        (LEFT + r"x^T ((\hat y - y) W_2^T \circ h)", "dJ_dW1",
         LEFT + r"x^T ((\hat y - y) W_2^T \circ (h \circ \left( 1 - h \right)))"),
        (LEFT + r"x^T ((\hat y - y) W_2^T \odot h)", "dJ_dW1",
         LEFT + r"x^T ((\hat y - y) W_2^T \odot (h \odot \left( 1 - h \right)))"),
    ],
)  # fmt: skip
def test_a_suggestion_has_the_readers_signs(attempt, target, suggestion):
    found = diagnose(attempt, target, setup="batch")
    assert found.suggestion == suggestion
    assert diagnose(suggestion, target, setup="batch").ok


def test_sizes_and_names_stay_as_they_are():
    assert in_readers_signs(r"\hat y_x \in D_x", "X Y", is_plain=False) == r"\hat y_x \in D_x"
    assert in_readers_signs("max x", "X", is_plain=True) == "max X"
    assert in_readers_signs("x ∘ X", "x X ∘ ⊙", is_plain=True) == "x ∘ X"


@pytest.mark.parametrize(
    ("attempt", "target", "suggestion"),
    [
        (
            "δ₂ = Ŷ − Y\nδ₁ = δ₂ W₂ᵀ ⊙ H ⊙ (1 − H)\n∂J/∂b₁ = 𝟏ᵀ δ₁",
            "dJ_db1",
            "δ₂ = Ŷ − Y\nδ₁ = δ₂ W₂ᵀ ⊙ H ⊙ (1 − H)\n∂J/∂b₁ = (𝟏ᵀ δ₁)/N",
        ),
        (
            "∂L/∂W₁ = 1/m Xᵀ[(A₂ − Y)W₂ᵀ ⊙ A₁ ⊙ A₁]",
            "dJ_dW1",
            "∂L/∂W₁ = (1/m) Xᵀ ((A₂ − Y) W₂ᵀ ⊙ A₁ ⊙ (1 − A₁))",
        ),
        (
            r"\frac{\partial \mathcal L}{\partial W_2} = \frac{1}{N} \mathbf X^T (\hat{Y} - Y)",
            "dJ_dW2",
            r"\frac{\partial \mathcal L}{\partial W_2} = \frac{1}{N} \mathbf h^T (\hat Y - Y)",
        ),
    ],
)
def test_activations_the_loss_and_columns_of_ones_are_the_readers(attempt, target, suggestion):
    found = diagnose(attempt, target, setup="batch", loss="mean")
    assert found.suggestion == suggestion
    assert diagnose(suggestion, target, setup="batch", loss="mean").ok
