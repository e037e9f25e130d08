"""Left sides that are not the name alone: −δ, δᵀ, N times a derivative, one for each example."""

import pytest

from mlp_lib.equations import diagnose
from tests.changed import Change, assert_only_as_it_stands

ERROR = r"\hat y - y"
DW2 = r"\frac{\partial J}{\partial W_2}"
OF_ONE = r"\hat y^{(n)} - y^{(n)}"
# an attempt that is right, its target, where, and what is changed in it
READ = [
    (rf"-\delta_2 = y - \hat y \\ {DW2} = h^T \delta_2", "dJ_dW2", "",
     ("y - \\hat y", ERROR, "sign")),
    (rf"-e = y - \hat y \\ {DW2} = h^T e", "dJ_dW2", "", ("y - \\hat y", ERROR, "sign")),
    (rf"\delta^T = (\hat y - y)^T \\ {DW2} = h^T \delta", "dJ_dW2", "",
     (ERROR, "y - \\hat y", "sign")),
    (rf"N \delta = \hat y - y \\ {DW2} = h^T \delta", "dJ_dW2", "mean",
     (ERROR, "y - \\hat y", "sign")),
    (rf"\delta N = \hat y - y \\ {DW2} = h^T \delta", "dJ_dW2", "mean",
     (ERROR, "y - \\hat y", "sign")),
    (rf"2 \delta = \hat y - y \\ {DW2} = 2 h^T \delta", "dJ_dW2", "",
     ("= 2 h", "= h", "")),
    ("−δ₂ = y − ŷ\n∂J/∂W₂ = hᵀ δ₂", "dJ_dW2", "", ("y − ŷ", "ŷ − y", "sign")),
    (rf"{DW2} N = h^T ({ERROR})", "dJ_dW2", "mean", (" N =", " =", "1/N missing")),
    (rf"N {DW2} = h^T ({ERROR})", "dJ_dW2", "mean", ("N \\frac", "\\frac", "1/N missing")),
    ("∂J/∂W₂ N = hᵀ (ŷ − y)", "dJ_dW2", "mean", ("ŷ − y", "y − ŷ", "sign")),
    *((rf"\delta{layer}^{{(n)}} = {OF_ONE} \\ {DW2} = \sum_n h^{{(n)T}} \delta{layer}^{{(n)}}",
       "dJ_dW2", "batch", (OF_ONE, r"y^{(n)} - \hat y^{(n)}", "sign")) for layer in ("", "_2")),
    (r"\delta^{(i)}_k = \hat y^{(i)}_k - y^{(i)}_k \\ \frac{\partial J}{\partial "
     r"W_{2,jk}} = \sum_i h^{(i)}_j \delta^{(i)}_k", "dJ_dW2", "batch",
     (r"\hat y^{(i)}_k - y^{(i)}_k", r"y^{(i)}_k - \hat y^{(i)}_k", "sign")),
]  # fmt: skip


@pytest.mark.parametrize(("attempt", "target", "where", "change"), READ)
def test_what_is_named_is_moved_to_be_alone(attempt, target, where, change):
    assert_only_as_it_stands(attempt, target, where, Change(*change))


@pytest.mark.parametrize(
    ("formula", "words"),
    [
        (r"\frac{\partial J}{\partial W_2} \neq h^T (\hat y - y)", "says what a formula isn't"),
        (r"\sum_{k \neq j} (\hat y_k - y_k)", "a sum that leaves an index out"),
        (r"\left. h^T (\hat y - y) \right|_{h=0}", "a value at one point isn't read"),
    ],
)
def test_what_states_no_value_everywhere_is_refused_as_what_it_is(formula, words):
    found = diagnose(formula, "dJ_dW2")
    assert found.verdict == "unusable input"
    assert words in found.message
