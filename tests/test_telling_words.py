"""Words beside a formula: those that change what it is are refused, others say nothing."""

import pytest

from mlp_lib.equations import diagnose
from mlp_lib.equations.texts.telling_words import refuse_telling_words
from mlp_lib.equations.tree import EquationError

FORMULA = "hᵀ (ŷ − y)"
LATEX = r"h^T (\hat y - y)"
TELLING = [
    "averaged over the batch:\n{}", "{}\naveraged over the batch", "{}, averaged over the batch",
    "the factor is 2: {}", "the transpose of {}", "sum over n of: {}", "{} divided by N",
    "the negative of: {}", "{} with the sign flipped", "{}\nand then transposed",
    "{}\nup to a factor 2", "scaled by N: {}", "{} (scaled by the learning rate)", "half of: {}",
    "the first row of: {}", "the diagonal of this:\n{}", "we get minus the following: {}",
    "This gives, averaged over the batch, {}", "{}\ntimes two, so this is it", "ohne 1 / N: {}",
    "the gradient, multiplied by 3: {}", "per example: {}", "everything but the sum: {}",
    "Divide by N: {}", "Now multiply by 2:\n{}", "two of these: {}", "Hälfte von: {}",
    "gemittelt: {}", "bis auf den Faktor: {}", "Dividing by N: {}", "Over N, the gradient: {}",
    "the logarithm: {}", "the softmax: {}", "{} (wrong sign)", "{} (first column only)",
    "{} (but h replaced by x)", "{} (with y and ŷ the other way round)", "not correct: {}",
    "The wrong formula is: {}", "Wir müssen noch durch N teilen: {}", "Zweimal: {}",
    "Durchschnitt über den Batch: {}", "multipliziert mit 2: {}", "Das ist falsch: {}",
    "nur für die erste Zeile: {}", "{} (mit anderem Vorzeichen)", "{}\nDavon das Mittel",
    "{} (gespiegelt und verdoppelt)", "{}\nDas Vorzeichen muss noch gedreht werden",
    "{}\ndas Ganze noch durch N", "negiert: {}", "Gegenteil: {}", "this isn't right: {}",
    "{} (the sign is changed)",
]  # fmt: skip
HARMLESS = [
    "So we get {}", "By the chain rule, the gradient is {}", "{} where h = sigmoid(z1)",
    "The gradient is: {}", "Summing over all paths gives: {}", "Dividing by one, we get {}",
    "We average nothing here, so: {}", "Since rows of y sum to 1:\n{}", "Do I need the mean?\n{}",
    "With the summed loss and softmax:\n{}", "Without loss of generality:\n{}",
    "I am not sure about the order: {}", "What is wrong with this: {}", "Is this wrong?\n{}",
    "The normal way: {}", "Answer: {}. Is the sign right?",
]


@pytest.mark.parametrize("words", TELLING)
@pytest.mark.parametrize("formula", [FORMULA, "h.T @ (yhat - y)"])
def test_words_that_change_a_formula_are_not_passed_over(words, formula):
    assert diagnose(words.format(formula), "dJ_dW2", setup="batch").verdict == "unusable input"


@pytest.mark.parametrize("words", HARMLESS)
def test_words_that_lead_to_a_formula_say_nothing(words):
    assert diagnose(words.format(FORMULA), "dJ_dW2", setup="batch").ok
    wrong = diagnose(words.format("hᵀ (y − ŷ)"), "dJ_dW2", setup="batch", suggest=False)
    assert wrong.verdict == "sign"


@pytest.mark.parametrize(
    "lead",
    ["averaged over the batch: ", "Multiply by the error:\n", "Half of this is known: ", "sums: "],
)
def test_an_equation_says_for_itself_what_it_is(lead):
    for setup in ("row", "batch"):
        assert diagnose(f"{lead}∂J/∂W₂ = {FORMULA}", "dJ_dW2", setup=setup).ok
    wrong = diagnose(f"{lead}∂J/∂W₂ = {FORMULA}", "dJ_dW2", setup="batch", loss="mean")
    assert wrong.verdict == "factor"
    assert diagnose(f"{lead}{FORMULA}", "dJ_dW2").verdict == "unusable input"


@pytest.mark.parametrize("lead", ["the negative of: ", "twice the following: hᵀ = ", "half of:\n"])
def test_but_not_of_what_it_is_said_to_be_a_part(lead):
    assert not diagnose(f"{lead}∂J/∂W₂ = {FORMULA}", "dJ_dW2").ok


@pytest.mark.parametrize("comment", ["% summed over the batch", "// divided by N"])
def test_a_comment_says_nothing(comment):
    assert diagnose(f"{LATEX} {comment}", "dJ_dW2").ok


@pytest.mark.parametrize(
    ("attempt", "is_refused"),
    [
        (LATEX + r" \text{ averaged over the batch}", True),
        (LATEX + r" \quad \text{(up to sign)}", True),
        (r"\text{Twice the gradient: } " + LATEX, True),
        (LATEX + r" \label{eq:mean}", False),
        (r"\underbrace{h^T}_{\text{transposed}} (\hat y - y)", False),
        (r"\text{Summing over } n \text{ gives: } " + LATEX, True),
        (r"\text{Summing gives: } " + LATEX, False),
        (r"\text{Mit umgedrehtem Vorzeichen: } " + LATEX, True),
        (LATEX + r" \quad \text{(Vorzeichen gedreht)}", True),
        (r"\partial J/\partial W_2 = " + LATEX + r" \quad \text{(dividiert durch $N$)}", True),
        (r"\underbrace{h^T}_{\text{doubled}} (\hat y - y)", True),
        (r"\underbrace{h^T}_{\text{the layer's output}} (\hat y - y)", False),
    ],
)
def test_words_in_latex_are_read_as_others_are(attempt, is_refused):
    found = diagnose(attempt, "dJ_dW2", setup="batch")
    assert found.verdict == ("unusable input" if is_refused else "right")


@pytest.mark.parametrize(
    "code",
    [
        "dW2 = h.T @ (yhat - y)  # summed over the batch", "half = h.T\nhalf @ (yhat - y)",
        '"""The mean is left out."""\nh.T @ (yhat - y)', "total = yhat - y\nh.T @ total",
    ],
)  # fmt: skip
def test_names_and_comments_of_code_are_no_telling_words(code):
    assert diagnose(code, "dJ_dW2", setup="batch").ok


def test_the_words_are_quoted_and_what_to_type_is_said():
    with pytest.raises(EquationError, match=r"the words “divided” .* leave them out") as refused:
        refuse_telling_words("divided by N: x", "x")
    assert refused.value.span == (0, 7)


@pytest.mark.parametrize(
    ("attempt", "target", "loss"),
    [
        ("∂J/∂W₂ = (1/N) hᵀ (ŷ − y)  (averaged over the batch)", "dJ_dW2", "mean"),
        ("Averaged over the batch, the gradient is\n∂J/∂W₂ = 1/N hᵀ (ŷ − y)", "dJ_dW2", "mean"),
        ("∂J/∂W₂ = hᵀ (ŷ − y) / N\n(divided by the number of rows)", "dJ_dW2", "mean"),
        ("∂J/∂b₂ = Σₙ (ŷₙ − yₙ)\n(summed over all examples)", "dJ_db2", "sum"),
        ("δ₂ = ŷ − y\n∂J/∂W₂ = hᵀ δ₂ (transpose so shapes match)", "dJ_dW2", "sum"),
        (r"\frac{\partial J}{\partial W_2} = \frac{1}{N} h^T (\hat y - y) \quad \text{(averaged)}",
         "dJ_dW2", "mean"),
    ],
)  # fmt: skip
def test_words_may_repeat_what_the_formula_has(attempt, target, loss):
    assert diagnose(attempt, target, setup="batch", loss=loss).ok
    turned = attempt.replace("ŷ − y", "y − ŷ").replace("ŷₙ − yₙ", "yₙ − ŷₙ")
    turned = turned.replace(r"\hat y - y", r"y - \hat y")
    found = diagnose(turned, target, setup="batch", loss=loss, suggest=False)
    assert found.verdict == "sign"


@pytest.mark.parametrize(
    "attempt",
    [
        "∂J/∂W₂ = hᵀ (ŷ − y)  (averaged over the batch)", "∂J/∂W₂ = hᵀ (ŷ − y) (not the answer)",
        "∂J/∂W₂ = (1/N) hᵀ (ŷ − y)\nNow divide by N again", "The wrong one: ∂J/∂W₂ = hᵀ (ŷ − y)",
        "∂J/∂W₂ = hᵀ (ŷ − y) (and then transposed)", "averaged, this is: (1/N) hᵀ (ŷ − y)",
    ],
)  # fmt: skip
def test_but_not_add_to_it(attempt):
    found = diagnose(attempt, "dJ_dW2", setup="batch", loss="mean")
    assert found.verdict == "unusable input"


def test_the_caret_is_below_the_words_and_not_below_a_command():
    text = r"\sum_n h_n^T (\hat y_n - y_n) \quad \text{(a sum over the batch, halved)}"
    with pytest.raises(EquationError, match="sum") as refused:
        refuse_telling_words(text, text)
    assert refused.value.span == (text.index("sum over"), text.index(" over"))
    found = diagnose(r"\text{durch } N \text{ geteilt: } h^T (\hat y - y)", "dJ_dW2", setup="batch")
    assert "durch N" in found.message
