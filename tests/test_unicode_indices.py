"""Index letters in plain text are shown as they are typed, and so is what is quoted of them."""

import pytest

from mlp_lib.equations import diagnose

BY_H = "∂J/∂hⱼ = "


@pytest.mark.parametrize(
    ("attempt", "target", "first", "suggestion"),
    [
        ("δ₂ₖ = yₖ − ŷₖ\n∂J/∂W₂ⱼₖ = hⱼ δ₂ₖ", "dJ_dW2", "yₖ − ŷₖ",
         "δ₂ₖ = ŷₖ − yₖ\n∂J/∂W₂ⱼₖ = hⱼ δ₂ₖ"),
        ("δ₂ₖ = ŷₖ − yₖ\n∂J/∂hⱼ = δ₂ₖ W₂ⱼₖ", "dJ_dh", "δ₂ₖ W₂ⱼₖ",
         "δ₂ₖ = ŷₖ − yₖ\n∂J/∂hⱼ = Σₖ δ₂ₖ W₂ⱼₖ"),
        ("∂J/∂W₂ⱼₖ = hⱼ (yₖ − ŷₖ)", "dJ_dW2", "yₖ − ŷₖ", "∂J/∂W₂ⱼₖ = hⱼ (ŷₖ − yₖ)"),
        ("∂J/∂W₂,ⱼₖ = hⱼ (yₖ − ŷₖ)", "dJ_dW2", "yₖ − ŷₖ", "∂J/∂W₂,ⱼₖ = hⱼ (ŷₖ − yₖ)"),
        ("∂J/∂W_{2,jk} = h_j (y_k−ŷ_k)", "dJ_dW2", "y_k − ŷ_k",
         "∂J/∂W_{2,jk} = h_j (ŷ_k − y_k)"),
        (f"{BY_H}Σ_{{k=1}}^{{H}} (ŷₖ − yₖ) W₂ⱼₖ", "dJ_dh", "Σ_{k=1}^{H}",
         f"{BY_H}Σ_{{k=1}}^{{D_y}} (ŷₖ − yₖ) W₂ⱼₖ"),
        # What is new is spelt as the rest is.
        ("∂J/∂z₁ⱼ = Σₖ (ŷₖ − yₖ) hⱼ (1 − hⱼ)", "dJ_dz1", None,
         "∂J/∂z₁ⱼ = Σₖ (ŷₖ − yₖ) W₂ⱼₖ hⱼ (1 − hⱼ)"),
    ],
)  # fmt: skip
def test_indices_are_shown_as_they_are_typed(attempt, target, first, suggestion):
    found = diagnose(attempt, target)
    assert not found.ok
    assert found.suggestion == suggestion
    assert diagnose(suggestion, target).ok
    if first is not None:
        start, end = found.first_wrong.span
        assert found.first_wrong.text == first
        assert attempt[start:end].replace(" ", "") == first.replace(" ", "")


def test_a_right_formula_has_its_indices_in_the_trace_as_typed():
    found = diagnose("δ₂ₖ = ŷₖ − yₖ\n∂J/∂W₂ⱼₖ = hⱼ δ₂ₖ", "dJ_dW2")
    assert found.ok
    assert [step.text for step in found.trace] == ["hⱼ δ₂ₖ"]


@pytest.mark.parametrize(
    ("attempt", "marked"),
    [
        (f"δ₂ₖ = ŷₖ − yₖ\n{BY_H}Σₖ δ₂ₖ V₂ⱼₖ", "V₂ⱼₖ"),
        (f"δ₂ₖ = ŷₖ − yₖ\n{BY_H}Σₖ δ₃ₖ W₂ⱼₖ", "δ₃ₖ"),
        (f"δ₂ₖ = ŷₖ − yⱼ\n{BY_H}Σₖ δ₂ₖ W₂ⱼₖ", "ŷₖ − yⱼ"),
    ],
)
def test_what_cannot_be_read_is_quoted_as_it_is_typed(attempt, marked):
    found = diagnose(attempt, "dJ_dh")
    assert found.verdict == "unusable input"
    _, quoted, carets = found.message.split("\n")
    start = carets.index("^")
    assert quoted[start : start + carets.count("^")] == marked
    assert "\\" not in quoted
