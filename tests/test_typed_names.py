"""Plain text with names of several letters, with other characters, and with ' for a transpose."""

import re

import pytest

from mlp_lib.equations import diagnose
from mlp_lib.equations.texts.characters import usual_characters

NAMED = [
    ("delta2 = yhat - y\ndelta1 = delta2 W2^T ∘ h ∘ (1-h)\ndJ/dW1 = x^T delta1", "dJ_dW1"),
    ("delta_2 = yhat - y\ndelta_1 = delta_2 W2^T ∘ h ∘ (1-h)\ndJ/dW1 = x^T delta_1", "dJ_dW1"),
    ("delta = ŷ − y\nhᵀ delta", "dJ_dW2"),
    ("error = ŷ − y\n∂J/∂W₂ = hᵀ error", "dJ_dW2"),
    ("error = yhat - y\ndJ/dW2 = h^T error", "dJ_dW2"),
    ("err2 = ŷ − y\nerr1 = err2 W₂ᵀ ∘ h ∘ (1 − h)\n∂J/∂W₁ = xᵀ err1", "dJ_dW1"),
    ("d2 = ŷ − y\nd1 = d2 W₂ᵀ ∘ h ∘ (1 − h)\n∂J/∂W₁ = xᵀ d1", "dJ_dW1"),
    ("grad_out = ŷ − y\ngrad_h = grad_out W₂ᵀ\ngrad_h ∘ h ∘ (1 − h)", "dJ_dz1"),
    ("ε = ŷ − y\n∂J/∂W₂ = hᵀ ε", "dJ_dW2"),
    ("Δ₂ = ŷ − y\n∂J/∂W₂ = hᵀ Δ₂", "dJ_dW2"),
    ("errₖ = ŷₖ − yₖ\n∂J/∂W₂,ⱼₖ = hⱼ errₖ", "dJ_dW2"),
    ("∂J/∂W₂ = hᵀ err, where err = ŷ − y", "dJ_dW2"),
    ("out = softmax(z₂)\nerr = ŷ − y\n∂J/∂W₂ = hᵀ err", "dJ_dW2"),
    ("dJ/dW1 = x^T ((y_pred - y_true) W2^T ∘ h ∘ (1−h))", "dJ_dW1"),
    ("dJ/dW2 = a1^T (y_pred - y_true)", "dJ_dW2"),
    ("h^T (probs − Y_true)", "dJ_dW2"),
]
CHARACTERS = [
    ("(ŷ − y) ⋅ W₂ᵀ ◦ h ◦ (1 − h)", "dJ_dz1"),
    ("(ŷ − y) W₂ᵀ ○ h ⨀ (1 − h)", "dJ_dz1"),
    ("(ŷ − y) W₂ᵀ ∘ h ∘ (𝟏 − h)", "dJ_dz1"),
    ("(ŷ − y) W₂ᵀ .* h .* (1 − h)", "dJ_dz1"),
    ("h.T @ (yhat \u2011 y)", "dJ_dW2"),
    ("\ufeffhᵀ\u200b (ŷ \u2010 y)\u2060", "dJ_dW2"),
    ("h.T\u00a0@\u2009(yhat\u202f- y)", "dJ_dW2"),
    ("ｈ^T （ŷ － y）", "dJ_dW2"),
    ("𝜕𝐽/𝜕𝑊₂ = ℎᵀ (𝑦̂ − 𝑦)", "dJ_dW2"),
    ("𝛅₂ = ŷ − y\n𝜕𝐽/𝜕𝐖₂ = 𝐡ᵀ 𝛅₂", "dJ_dW2"),
    ("∂J/∂W₂ = hᵗ (ŷ − y)", "dJ_dW2"),
    ("h^⊤ (ŷ − y)", "dJ_dW2"),
    ("“h.T @ (yhat - y)”", "dJ_dW2"),
    ("‘h.T @ (yhat - y)’", "dJ_dW2"),
    ('"h.T @ (yhat - y)"', "dJ_dW2"),
]
TURNED = [
    ("h' (yhat - y)", "dJ_dW2"),
    ("h’ (ŷ − y)", "dJ_dW2"),
    ("dJ/dW2 = h' (yhat - y)", "dJ_dW2"),
    ("h'(yhat - y)", "dJ_dW2"),
    ("transpose(h) (yhat - y)", "dJ_dW2"),
    ("∂J/∂W₂ = transpose(h) · (ŷ − y)", "dJ_dW2"),
]
ERROR = re.compile(r"(ŷₖ|ŷ|𝑦̂|yhat|y_pred|probs|out)(\W{2,}?|\W)(yₖ|𝑦|y_true|Y_true|y)(?![\u0302h])")


@pytest.mark.parametrize(("attempt", "target"), NAMED + CHARACTERS + TURNED)
def test_what_is_typed_is_read(attempt, target):
    found = diagnose(attempt, target)
    assert found.ok, found.message


@pytest.mark.parametrize(("attempt", "target"), NAMED + CHARACTERS + TURNED)
def test_a_sign_in_what_is_typed_is_found_and_mended(attempt, target):
    turned = ERROR.sub(r"\3\2\1", attempt)
    assert turned != attempt
    found = diagnose(turned, target)
    assert found.mistake.name == "sign", found.message
    assert diagnose(found.suggestion, target).ok
    assert "mathit" not in found.suggestion


@pytest.mark.parametrize(
    ("attempt", "target", "suggestion"),
    [
        ("error = ŷ − y\n∂J/∂W₂ = h error", "dJ_dW2", "error = ŷ − y\n∂J/∂W₂ = hᵀ error"),
        ("err = ŷ − y\nd1 = err W₂ᵀ ∘ h\nxᵀ d1", "dJ_dW1",
         "err = ŷ − y\nd1 = err W₂ᵀ ∘ h ∘ (1 − h)\nxᵀ d1"),
        ("Δ₂ = ŷ − y\n∂J/∂W₂ = h Δ₂", "dJ_dW2", "Δ₂ = ŷ − y\n∂J/∂W₂ = hᵀ Δ₂"),
    ],
)  # fmt: skip
def test_a_name_of_several_letters_stands_in_the_suggestion(attempt, target, suggestion):
    assert diagnose(attempt, target).suggestion == suggestion


def test_code_keeps_its_own_names():
    found = diagnose("delta2 = y - y_pred\ndb2 = delta2", "dJ_db2")
    assert found.suggestion == "delta2 = y_pred - y\ndb2 = delta2"
    assert found.notation == "numpy"


def test_a_product_on_the_left_of_an_equation_is_no_name():
    assert diagnose("xW₁ = z₁ − b₁\nxᵀ δ₁", "dJ_dW1").ok


@pytest.mark.parametrize(
    ("attempt", "words"),
    [("hᵀ err", "err is no name here"), ("h^T error", "error is no name here"),
     ("It should be hᵀ (ŷ − y)", "should is no name here"),
     ("softmex(z2) - y", "the function softmex isn't read here; did you mean softmax"),
     ("np.foo(z2)", "the function foo isn't read here, and none that is has such a name\n")],
)  # fmt: skip
def test_a_word_that_says_nothing_is_named(attempt, words):
    assert diagnose(attempt, "dJ_dW2").message.startswith(words)


@pytest.mark.parametrize(
    ("attempt", "target", "ok"),
    [("∂J/∂h ∘ h'(z₁)", "dJ_dz1", True), ("∂J/∂h ∘ tanh'(z₁)", "dJ_dz1", False),
     ("∂J/∂h ∘ σ' (z₁)", "dJ_dz1", True), ("h' (z₁)", "dJ_dW2", False)],
)  # fmt: skip
def test_a_prime_on_a_function_is_its_slope(attempt, target, ok):
    assert diagnose(attempt, target).ok == ok


@pytest.mark.parametrize("text", ["W₂ᵀ h²", "ŷₖ δ⁽²⁾", "ℒ ℝ 𝟏", "h' − y", "a 'b' c"])
def test_characters_of_their_own_stay(text):
    assert usual_characters(text) == text


@pytest.mark.parametrize(
    ("attempt", "words"),
    [("exp(z₂)/Σ_k exp(z₂ₖ) − y", "a sum stands in brackets here: (Σₖ …)\n"),
     ("∂J ∂h", "this can't stand here: / is missing\n"),
     ("h ∘ (1 − h", "the text ends: ) is missing\n"),
     ("∂J/", "the text ends: ∂ is missing\n"),
     ("∂J/∂z₂ ≠ ŷ − y", "cannot read '≠' in plain text\n  ∂J/∂z₂ ≠ ŷ − y\n         ^"),
     ("∂J/∂ö = ŷ − y", "cannot read 'ö' in plain text\n  ∂J/∂ö = ŷ − y\n      ^")],
)  # fmt: skip
def test_what_is_missing_is_said_in_words(attempt, words):
    assert diagnose(attempt, "dJ_dz2").message.startswith(words)
