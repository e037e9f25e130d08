"""Cases that one formula can be written for: an index that is another's, and the slope of ReLU."""

import pytest

from mlp_lib.equations import diagnose
from mlp_lib.equations.texts.cases import without_cases

LEFT = r"\frac{\partial \hat y_k}{\partial z_{2,l}} = "
SAME, DIFFERENT = r"\hat y_k (1 - \hat y_k)", r"-\hat y_k \hat y_l"
READ = [
    r"\begin{cases} SAME & k = l \\ OTHER & k \neq l \end{cases}",
    r"\begin{cases} SAME & \text{if } k = l \\ OTHER & \text{otherwise} \end{cases}",
    r"\begin{cases} SAME, & \text{if $k=l$} \\[4pt] OTHER, & \text{else.} \end{cases}",
    r"\begin{cases} OTHER & l \ne k \\ SAME & l = k \end{cases}",
    r"\begin{cases} OTHER & l \ne k \\ SAME & \text{otherwise} \end{cases}",
    r"\begin{dcases} OTHER & \text{otherwise} \\ SAME & \text{for } k=l \\ \end{dcases}",
    r"\left\{ \begin{array}{ll} SAME & k = l \\ OTHER & k \neq l \end{array} \right.",
]  # fmt: skip


@pytest.mark.parametrize("cases", READ)
def test_cases_of_two_indices_are_one_formula(cases):
    cases = cases.replace("SAME", SAME).replace("OTHER", DIFFERENT)
    assert diagnose(LEFT + cases, "dyhat_dz2").ok
    assert diagnose(cases, "dyhat_dz2").ok
    for right, wrong in (
        (DIFFERENT, DIFFERENT[1:]), (SAME, SAME.replace("1 - ", "")), (SAME, DIFFERENT)
    ):  # fmt: skip
        assert not diagnose(LEFT + cases.replace(right, wrong), "dyhat_dz2").ok
    swapped = cases.replace(SAME, "S").replace(DIFFERENT, SAME).replace("S", DIFFERENT)
    assert not diagnose(LEFT + swapped, "dyhat_dz2").ok


@pytest.mark.parametrize(
    "cases",
    [
        r"\begin{cases} 1 & z_1 > 0 \\ 0 & z_1 \leq 0 \end{cases}",
        r"\begin{cases} 0 & z_1 < 0 \\ 1 & \text{otherwise} \end{cases}",
    ],
)
def test_the_slope_of_relu_by_cases_is_that_of_another_activation(cases):
    found = diagnose(rf"(\hat y - y) W_2^T \odot {cases}", "dJ_dz1")
    assert not found.ok
    assert "relu" in found.first_wrong.text
    assert diagnose(found.suggestion, "dJ_dz1").ok


@pytest.mark.parametrize(
    "cases",
    [
        r"\hat y_k - \begin{cases} 1 & k = c \\ 0 & k \neq c \end{cases}",
        r"\begin{cases} \hat y_k & k = l \\ y_l & k \neq j \end{cases}",
        r"\begin{cases} 1 & z_1 > 0 \\ h & z_1 < 0 \end{cases}",
        r"\begin{cases} \hat y_k \\ y_l \end{cases}",
        r"\begin{cases} \hat y_k & k = l \end{cases}",
        r"\begin{cases} \hat y_k & k = l \\ y_l & k = l \end{cases}",
    ],
)
def test_other_cases_are_refused(cases):
    found = diagnose(cases, "dJ_dz2")
    assert "cases aren't read but for" in found.message
    assert without_cases(cases) == cases


@pytest.mark.parametrize(
    "attempt",
    [
        "∂ŷᵢ/∂z₂ⱼ = ŷᵢ(1 − ŷᵢ) if i = j, −ŷᵢŷⱼ otherwise",
        "∂ŷᵢ/∂zⱼ = ŷᵢ(1 − ŷᵢ) falls i = j, sonst −ŷᵢŷⱼ",
        "∂ŷᵢ/∂z₂ⱼ = ŷᵢ(1 − ŷᵢ) for i=j and −ŷᵢŷⱼ otherwise",
        r"\frac{\partial ŷ_i}{\partial z_j} = \begin{cases} \hat y_i (1-\hat y_i) & \text{für } i=j"
        r" \\ -\hat y_i \hat y_j & \text{sonst} \end{cases}",
    ],
)
def test_cases_in_words_are_one_formula_too(attempt):
    assert diagnose(attempt, "dyhat_dz2").ok
    wrong = attempt.replace("−ŷᵢ", "ŷᵢ").replace(r"-\hat y_i \hat", r"\hat y_i \hat")
    assert diagnose(wrong, "dyhat_dz2", suggest=False).verdict == "value"


def test_a_sign_in_cases_is_a_sign():
    found = diagnose(
        r"\frac{\partial \hat y_i}{\partial z_{2,j}} = \begin{cases} \hat y_i (1-\hat y_i) & i=j \\"
        r" \hat y_i \hat y_j & i\neq j\end{cases}",
        "dyhat_dz2",
    )
    assert found.mistake.name == "sign inside"
    assert diagnose(found.suggestion, "dyhat_dz2").ok
