"""⊗ between two rows is the outer product where only that fits, and Kronecker's elsewhere."""

import pytest

from mlp_lib.equations import diagnose

OF_ROWS = r"\frac{\partial J}{\partial W_1} = \sum_n x^{(n)} \otimes \delta_1^{(n)}"
OF_ONE = "∂J/∂W₂ = h ⊗ (ŷ − y)"


@pytest.mark.parametrize(
    ("formula", "target", "setup", "turned"),
    [
        (OF_ROWS, "dJ_dW1", "batch", OF_ROWS.replace(r"\sum", r"-\sum")),
        (OF_ONE, "dJ_dW2", "row", OF_ONE.replace("ŷ − y", "y − ŷ")),
    ],
)
def test_an_outer_product_of_rows_is_read_with_a_remark(formula, target, setup, turned):
    found = diagnose(formula, target, setup=setup)
    assert found.ok
    assert "⊗ is read as the outer product of two rows." in found.remark
    wrong = diagnose(turned, target, setup=setup)
    assert wrong.verdict == "sign"
    assert diagnose(wrong.suggestion, target, setup=setup).ok


@pytest.mark.parametrize(
    ("formula", "target", "setup"),
    [
        (OF_ONE, "dJ_dW2", "batch"),
        ("∂J/∂W₂ = (ŷ − y) ⊗ h", "dJ_dW2", "row"),
        (OF_ROWS.replace("x^{(n)}", "h^{(n)}"), "dJ_dW1", "batch"),
        (r"\frac{\partial J}{\partial W_1} = \sum_n \delta_1^{(n)} \otimes x^{(n)}", "dJ_dW1",
         "batch"),
    ],
)  # fmt: skip
def test_the_order_of_rows_and_whole_batches_are_no_outer_products(formula, target, setup):
    found = diagnose(formula, target, setup=setup)
    assert not found.ok
    assert "outer product of two rows" not in found.remark
