"""Index letters that don't fit: a verdict each time, and a fix in the names and the place of it."""

import pytest

from mlp_lib.equations import diagnose

DELTA = r"\delta_{2,k} = \hat y_k - y_k \\ "
OF_ROWS = r"\delta_{2,nk} = \hat y_{nk} - y_{nk} \\ "
HIDDEN = DELTA + r"\delta_{1,j} = h_j (1 - h_j) \sum_k \delta_{2,k} W_{2,jk} \\ "
BY_H, BY_W1, BY_W2 = (
    rf"\frac{{\partial J}}{{\partial {by}}} = " for by in ("h_{j}", "W_{1,ij}", "W_{2,jk}")
)


@pytest.mark.parametrize("suggest", [False, True])
@pytest.mark.parametrize(
    ("attempt", "target"),
    [
        (r"\sum_k (\hat y_{nk} - y_{nk})", "dJ_dz2"),
        (r"\sum_k (\hat y_{nk} - y_{nk})", "dJ_dh"),
        (r"\sum_j h_{nj}", "dJ_dh"),
        (r"h_{nj}", "dJ_dz2"),
        (r"\sum_k \hat y_{nk}", "dJ_dyhat"),
        (r"\sum_j (\hat y_{nk} - y_{nk}) W_{2,jk}", "dJ_dh"),
        (r"\sum_j \sum_i x_{ni} W_{1,ij}", "dJ_dz1"),
        ("δ₂ₙₖ = ŷₙₖ − yₙₖ\nΣₖ δ₂ₙₖ W₁ⱼₖ", "dJ_dh"),
    ],
)
def test_a_number_for_each_row_is_no_matrix(attempt, target, suggest):
    found = diagnose(attempt, target, setup="batch", suggest=suggest)
    assert found.verdict == "shape"
    if found.suggestion is not None:
        assert diagnose(found.suggestion, target, setup="batch").ok


@pytest.mark.parametrize(
    ("right", "sign", "target"),
    [
        (r"\hat y_n - y_n", r"y_n - \hat y_n", "dJ_dz2"),
        (r"(\hat y_n - y_n) W_2^T", r"(y_n - \hat y_n) W_2^T", "dJ_dh"),
        # A line of sums and index letters is no line of words.
        ("δ₂ₙₖ = ŷₙₖ − yₙₖ\nΣₖ δ₂ₙₖ W₂ⱼₖ", "δ₂ₙₖ = yₙₖ − ŷₙₖ\nΣₖ δ₂ₙₖ W₂ⱼₖ", "dJ_dh"),
    ],
)
def test_a_whole_row_for_each_letter_is_one(right, sign, target):
    assert diagnose(right, target, setup="batch").ok
    assert diagnose(sign, target, setup="batch").verdict == "sign"


# The target, the setting, the rows above, the side that is wrong, and what it is mended to.
MENDED = [
    ("dJ_dh", "row", DELTA + BY_H, r"\sum_{k} \delta_{2,k}", r"\sum_{k} \delta_{2,k} W_{2,jk}"),
    ("dJ_dh", "row", DELTA + BY_H, r"\sum_{k=1}^{H} \delta_{2,k} W_{2,jk}",
     r"\sum_{k=1}^{D_y} \delta_{2,k} W_{2,jk}"),
    ("dJ_dh", "row", BY_H, r"\sum_{k=1}^{H} (\hat y_k - y_k) W_{2,jk}",
     r"\sum_{k=1}^{D_y} (\hat y_k - y_k) W_{2,jk}"),
    ("dJ_dh", "row", DELTA + BY_H, r"\sum_{i=1}^{D_y} \delta_{2,k} W_{2,jk}",
     r"\sum_{k=1}^{D_y} \delta_{2,k} W_{2,jk}"),
    ("dJ_dh", "row", DELTA + BY_H, r"\sum_k \delta_{2,i} W_{2,jk}",
     r"\sum_k \delta_{2,k} W_{2,jk}"),
    ("dJ_dh", "row", DELTA + BY_H, r"\delta_{2,k} W_{2,jk}", r"\sum_{k} \delta_{2,k} W_{2,jk}"),
    ("dJ_dx", "row", HIDDEN + r"\frac{\partial J}{\partial x_i} = ", r"W_{1,ij} \delta_{1,j}",
     r"\sum_{j} W_{1,ij} \delta_{1,j}"),
    ("dJ_dW1", "row", HIDDEN + BY_W1, r"x_j \delta_{1,i}", r"x_{i} \delta_{1,j}"),
    ("dJ_dW1", "row", HIDDEN + BY_W1, r"x_i \delta_{1,i}", r"x_{i} \delta_{1,j}"),
    ("dJ_dW1", "row", HIDDEN + BY_W1, r"\delta_{1,j}", r"x_{i} \delta_{1,j}"),
    ("dJ_dW2", "batch", OF_ROWS + BY_W2, r"\sum_{n} \delta_{2,nk}",
     r"\sum_{n} \delta_{2,nk} h_{nj}"),
    ("dJ_dW2", "batch", OF_ROWS + BY_W2, r"\sum_{n=1}^{H} h_{nj} \delta_{2,nk}",
     r"\sum_{n=1}^{N} h_{nj} \delta_{2,nk}"),
    ("dJ_dW2", "batch", OF_ROWS + BY_W2, r"h_{nj} \delta_{2,nk}",
     r"\sum_{n} h_{nj} \delta_{2,nk}"),
]  # fmt: skip


@pytest.mark.parametrize(("target", "setup", "above", "wrong", "right"), MENDED)
def test_a_wrong_letter_is_mended_where_it_stands(target, setup, above, wrong, right):
    found = diagnose(above + wrong, target, setup=setup)
    assert found.verdict == "shape"
    assert found.first_wrong.text in wrong
    assert found.suggestion == above + right
    assert diagnose(above + right, target, setup=setup).ok
    assert diagnose(above + "-" + right, target, setup=setup).verdict == "sign"


@pytest.mark.parametrize(
    "wrong",
    [r"\sum_k \delta_{2,k} W_{1,jk}", r"\sum_k \delta_{2,k} W_{2,kj}",
     r"\sum_k \delta_{2,j} W_{2,jk}"],
)  # fmt: skip
def test_a_name_that_does_not_fit_is_mended_in_its_own_row(wrong):
    def rows(of_g):
        return rf"{DELTA}g_j = {of_g} \\ {BY_W1}x_i g_j h_j (1 - h_j)"

    found = diagnose(rows(wrong), "dJ_dW1")
    assert found.verdict == "shape"
    assert found.first_wrong.text in wrong
    mended = found.suggestion.replace(r"\delta_{2,{k}}", r"\delta_{2,k}")
    assert mended == rows(r"\sum_k \delta_{2,k} W_{2,jk}")


@pytest.mark.parametrize(
    ("attempt", "target", "setup"),
    [
        *((above + wrong, target, setup) for target, setup, above, wrong, _ in MENDED),
        ("g = (yhat - y) @ W2.T\nd = g * h + (1 - h)\ndW1 = x.T @ d", "dJ_dW1", "batch"),
        ("δ₂ₖ = yₖ − ŷₖ\n∂J/∂W₂ⱼₖ = hⱼ δ₂ₖ", "dJ_dW2", "row"),
        ("v = (ŷ − y) W₂ᵀ\n∂J/∂W₁ = xᵀ (v ∘ (1 − h))", "dJ_dW1", "row"),
        (r"\frac{1}{N} \sum_k (\hat y_{nk} - y_{nk}) W_{2,jk}", "dJ_dh", "batch"),
        (r"\delta_2 = \hat y - y \\ \delta_1 = \delta_2 W_2 \circ h \\ x^T \delta_1", "dJ_dW1",
         "row"),
    ],
)  # fmt: skip
def test_the_search_for_a_fix_changes_no_verdict(attempt, target, setup):
    found, bare = (
        diagnose(attempt, target, setup=setup, suggest=suggest) for suggest in (True, False)
    )
    assert not found.ok
    assert (found.verdict, found.message) == (bare.verdict, bare.message)


@pytest.mark.parametrize("suggest", [False, True])
@pytest.mark.parametrize(
    ("side", "wrong"),
    [
        (r"h_{nk} (1 - h_{nj}) (\sum_k \delta_{2,nk} W_{2,jk})", "h_{nk}"),
        (r"h_{nj} (1 - h_{nk}) (\sum_k \delta_{2,nk} W_{2,jk})", "h_{nk}"),
        (r"h_{nj} (1 - h_{nj}) (\sum_k \delta_{2,nk} W_{1,jk})", "W_{1,jk}"),
    ],
)
def test_the_part_is_wrong_whose_letter_stands_on_another_axis_than_elsewhere(
    side, wrong, suggest
):
    by_z = r"\frac{\partial J}{\partial z_{1,nj}} = "
    found = diagnose(OF_ROWS + by_z + side, "dJ_dz1", setup="batch", suggest=suggest)
    assert found.first_wrong.text == wrong
