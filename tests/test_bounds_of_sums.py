"""The bounds of sums: letters of the reader's own, numbers, and sizes, right and wrong ones."""

import pytest

from mlp_lib.equations import diagnose
from tests.changed import TURNED, TURNED_IN_LETTERS, Change, assert_only_as_it_stands

HIDDEN = r"\frac{\partial J}{\partial h_j} = "
TERM = r" (\hat y_k - y_k) W_{2,jk}"
SUMMED = Change(r"h_{ij} (\hat y_{ik} - y_{ik})", r"h_{ij} (y_{ik} - \hat y_{ik})", "sign")
# an attempt that is right, its target, and what is changed in it
READ = [
    (HIDDEN + r"\sum_{k=1}^{K}" + TERM, "dJ_dh", "", TURNED_IN_LETTERS),
    (HIDDEN + r"\sum_{k=1}^{n_y}" + TERM, "dJ_dh", "", TURNED_IN_LETTERS),
    (HIDDEN + r"\sum_{k=1}^{n_{out}}" + TERM, "dJ_dh", "", TURNED_IN_LETTERS),
    (HIDDEN + r"\sum_{k=1}^{n^{[2]}}" + TERM, "dJ_dh", "", TURNED_IN_LETTERS),
    (HIDDEN + r"\sum_{k=1}^n" + TERM, "dJ_dh", "", TURNED_IN_LETTERS),
    (HIDDEN + r"\sum_{k=0}^{9}" + TERM, "dJ_dh", "", TURNED_IN_LETTERS),
    (HIDDEN + r"\sum_{k=0}^{D_y-1}" + TERM, "dJ_dh", "", TURNED_IN_LETTERS),
    (HIDDEN + r"\sum^{K}_{k=1}" + TERM, "dJ_dh", "", TURNED_IN_LETTERS),
    ("∂J/∂hⱼ = Σ_{k=1}^{K} (ŷₖ − yₖ) W₂,ⱼₖ", "dJ_dh", "", ("ŷₖ − yₖ", "yₖ − ŷₖ", "sign")),
    (r"\frac1n \sum_{i=1}^n h_{ij} (\hat y_{ik} - y_{ik})", "dJ_dW2", "mean", SUMMED),
    (r"\frac{1}{B} \sum_{i=1}^{B} h_{ij} (\hat y_{ik} - y_{ik})", "dJ_dW2", "mean", SUMMED),
    (r"\frac{1}{m} \sum_{i=1}^{m} h_{ij} (\hat y_{ik} - y_{ik})", "dJ_dW2", "mean",
     (r"\frac{1}{m} ", "", "1/N missing")),
    (r"J = -\frac1n \sum_{i=1}^n \sum_{k=1}^K y_{ik} \log \hat y_{ik} \\ "
     r"\frac{1}{n} h^T (\hat y - y)", "dJ_dW2", "mean", TURNED),
    (r"J = -\sum_{n,k} y_{nk} \log \hat y_{nk} \\ h^T (\hat y - y)", "dJ_dW2", "batch", TURNED),
]  # fmt: skip


@pytest.mark.parametrize(("attempt", "target", "where", "change"), READ)
def test_a_sum_goes_as_far_as_its_letter_does(attempt, target, where, change):
    assert_only_as_it_stands(attempt, target, where, Change(*change))


def test_a_letter_that_a_sum_goes_up_to_is_that_size_elsewhere():
    found = diagnose(r"\frac{1}{n} \sum_{k=1}^{n} (\hat y_k - y_k) W_{2,jk}", "dJ_dh")
    assert found.message == "This is 1/D_y times ∂J/∂h."


@pytest.mark.parametrize("bound", [r"\sum_{k=1}^{H}", r"\sum_{k=1}^{N}", r"\sum_{k=0}^{D_x-1}"])
def test_a_wrong_bound_is_itself_the_first_wrong_step(bound):
    found = diagnose(HIDDEN + bound + TERM, "dJ_dh")
    assert (found.verdict, found.first_wrong.text) == ("shape", bound)
    assert diagnose(found.suggestion, "dJ_dh").ok


def test_a_right_bound_tells_which_factor_is_wrong():
    found = diagnose(r"\sum_{i=1}^{H} h_i W_{2,ki} (\hat y_k - y_k)", "dJ_dh")
    assert found.first_wrong.text == "W_{2,ki}"


@pytest.mark.parametrize(
    ("attempt", "words"),
    [
        (r"\sum_{k=0}^{D_y}" + TERM, "from 0 up to a size less 1"),
        (r"\sum_{k=2}^{K}" + TERM, "a sum is read over all values of its letter"),
        (r"\sum_{k=0}^{D_y-1.5}" + TERM, "a sum is read over all values of its letter"),
        (r"\sum_{k=2}" + TERM, "a sum is read over all values of its letter"),
        (r"\frac{1}{n} \sum_{i=1}^n \sum_{k=1}^n h_i \hat y_k", "n is no one size here"),
    ],
)  # fmt: skip
def test_bounds_that_are_not_read_are_refused_in_a_sentence(attempt, words):
    found = diagnose(attempt, "dJ_dh")
    assert found.verdict == "unusable input"
    assert words in found.message.split("\n")[0]


@pytest.mark.parametrize("bound", ["j", "k", "1"])
def test_a_bound_that_is_an_index_or_one_is_no_size(bound):
    summed = rf"\sum_{{k=1}}^{{{bound}}} (\hat y_k - y_k) W_{{2,jk}}"
    formula = rf"\frac{{\partial J}}{{\partial h_j}} = {summed}"
    assert diagnose(formula, "dJ_dh").verdict == "unusable input"


@pytest.mark.parametrize(
    ("bounds", "terms"),
    [("_{k=1}^{10}", 10), ("_{k=0}^{9}", 10), ("_{k=0}^{10}", 11), ("_{k=0}^{1}", 2)],
)
def test_a_sum_up_to_a_number_is_right_for_one_size_only(bounds, terms):
    found = diagnose(HIDDEN + r"\sum" + bounds + TERM, "dJ_dh")
    assert found.ok
    assert f"A sum has {terms} terms: it is right where D_y is {terms}." in found.remark
    plain = diagnose(f"Σ{bounds} (ŷₖ − yₖ) W₂,ⱼₖ", "dJ_dh")
    assert f"it is right where D_y is {terms}." in plain.remark


@pytest.mark.parametrize(
    ("first", "second", "is_read"),
    [("_{k=0}^{9}", "_{l=1}^{10}", True), ("_{k=0}^{10}", "_{l=1}^{10}", False),
     ("_{k=1}^{10}", "_{l=1}^{9}", False), ("_{k=0}^{9}", "_{l=0}^{9}", True)],
)  # fmt: skip
def test_two_numbers_of_terms_over_one_axis_are_refused(first, second, is_read):
    slope = rf"\sum{first} (\hat y_k - y_k) W_{{2,jk}} \sum{second} y_l"
    found = diagnose(slope, "dJ_dh")
    assert found.ok == is_read
    assert is_read or "terms, another one over the same axis has" in found.message


@pytest.mark.parametrize(
    "formula",
    [r"\frac{1}{32}\sum_{n=1}^{32} (\hat y_n - y_n)", "1/32 Σ_{n=1}^{32} (ŷₙ − yₙ)",
     r"\sum_{n=1}^{32} \frac{\hat y_n - y_n}{32}"],
)  # fmt: skip
def test_a_sum_over_examples_is_divided_by_their_number(formula):
    found = diagnose(formula, "dJ_db2", setup="batch", loss="mean")
    assert found.ok
    assert "it is right where N is 32." in found.remark
    assert diagnose(formula, "dJ_db2", setup="batch").mistake.name == "1/N too much"
    another = formula.replace("}{32}", "}{64}").replace("1/32", "1/64")
    assert diagnose(another, "dJ_db2", setup="batch", loss="mean").verdict == "factor"
    turned = formula.replace("-", "+").replace("−", "+")
    assert not diagnose(turned, "dJ_db2", setup="batch", loss="mean").ok
