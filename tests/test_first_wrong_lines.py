"""Where a derivation of several lines goes wrong first, what it is, and how it is mended."""

import pytest

from mlp_lib.equations import diagnose

RIGHT = "hᵀ (ŷ − y)"


@pytest.mark.parametrize(
    ("text", "suggestion"),
    [
        ("-δ = ŷ − y\n∂J/∂W₂ = hᵀ δ", "δ = ŷ − y\n∂J/∂W₂ = hᵀ δ"),
        ("N δ = ŷ − y\n∂J/∂W₂ = hᵀ δ", "δ = ŷ − y\n∂J/∂W₂ = hᵀ δ"),
        (f"2 ∂J/∂W₂ = {RIGHT}", f"∂J/∂W₂ = {RIGHT}"),
        (f"N ∂J/∂W₂ = {RIGHT}", f"∂J/∂W₂ = {RIGHT}"),
        (f"∂J/∂W₂ = -1 · {RIGHT}", f"∂J/∂W₂ = {RIGHT}"),
    ],
)
def test_a_factor_in_front_is_dropped_where_it_stands(text, suggestion):
    found = diagnose(text, "dJ_dW2", setup="batch")
    assert not found.ok
    assert found.suggestion == suggestion


@pytest.mark.parametrize(
    ("left", "right", "wrong"),
    [
        ("-2 ∂J/∂W₂", "2 hᵀ (y − ŷ)", "2 hᵀ (ŷ − y)"),
        ("∂J/∂W₂ / 2", "(1/2) hᵀ (ŷ − y)", "hᵀ (ŷ − y)"),
        ("∂J/∂W₂ᵀ", "(ŷ − y)ᵀ h", "hᵀ (ŷ − y)"),
        (r"\frac{1}{N}\frac{\partial J}{\partial W_2}", r"\frac1N h^T (\hat y - y)",
         r"h^T (\hat y - y)"),
        (r"\frac{2}{N}\frac{\partial J}{\partial W_2}", r"\frac2N h^T (\hat y - y)",
         r"\frac1N h^T (\hat y - y)"),
    ],
)  # fmt: skip
def test_what_stands_with_the_target_on_the_left_counts(left, right, wrong):
    assert diagnose(f"{left} = {right}", "dJ_dW2", setup="batch").ok
    found = diagnose(f"{left} = {wrong}", "dJ_dW2", setup="batch")
    assert found.verdict in ("sign", "factor", "transposed", "shape")


def test_a_chain_without_one_of_its_links_lacks_a_factor():
    chain = r"\frac{\partial J}{\partial \hat y}\frac{\partial \hat y}{\partial z_2}%s"
    chain += r"\frac{\partial h}{\partial z_1}"
    for suggest in (True, False):
        found = diagnose(chain % "", "dJ_dz1", suggest=suggest)
        assert found.mistake.name == "factor missing"
    assert diagnose(chain % r"\frac{\partial z_2}{\partial h}", "dJ_dz1").ok


def test_a_sum_of_what_is_summed_already_is_dropped_and_no_mean_is_blamed():
    found = diagnose(r"\sum_{n=1}^{N} h^T (\hat y - y)", "dJ_dW2", setup="batch")
    assert found.mistake.name == "factor"
    assert found.suggestion == r"h^T \left( \hat y - y \right)"


def test_the_mistake_of_a_misfit_is_about_shapes_before_signs():
    found = diagnose("∂J/∂b₂ = y − ŷ\n∂J/∂W₂ = hᵀ (ŷ − y)", "dJ_dW2", setup="batch")
    assert found.verdict == "shape"
    assert found.mistake.name == "bias not summed"
    assert "sign" in found.remark


@pytest.mark.parametrize(
    ("errors", "gradient", "target", "wrong"),
    [
        (r"\delta_2^{(n)} = \hat y^{(n)} - y^{(n)} \\"
         r" \delta_1^{(n)} = \delta_2^{(n)} W_2^\top \odot h^{(n)}",
         r"\frac{\partial J}{\partial W_1} = \sum_{n} x^{(n)\top}\delta_1^{(n)}", "dJ_dW1",
         r"\delta_{2,n} W_2^T \circ h_{n}"),
        (r"\delta^{(n)} = y^{(n)} - \hat y^{(n)}",
         r"\frac{\partial J}{\partial W_2} = \sum_{n=1}^N h^{(n)T} \delta^{(n)}", "dJ_dW2",
         r"y_{n} - \hat y_{n}"),
    ],
)  # fmt: skip
def test_a_wrong_row_of_each_example_is_the_first_wrong_step(errors, gradient, target, wrong):
    found = diagnose(rf"{errors} \\ {gradient}", target, setup="batch")
    assert not found.ok
    assert found.first_wrong.text == wrong


def test_a_sum_over_examples_of_right_rows_is_wrong_itself():
    errors = r"\delta^{(n)} = \hat y^{(n)} - y^{(n)}"
    gradient = r"\frac{\partial J}{\partial W_2} = \sum_{n=1}^N %s^{(n)T} \delta^{(n)}"
    found = diagnose(rf"{errors} \\ {gradient % 'x'}", "dJ_dW2", setup="batch")
    assert r"\sum" in found.first_wrong.text
    assert diagnose(rf"{errors} \\ {gradient % 'h'}", "dJ_dW2", setup="batch").ok
