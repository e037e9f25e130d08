"""A shape that is written behind a formula is compared with the formula's."""

import time

import pytest

from mlp_lib.equations import diagnose

BATCH = {"setup": "batch"}
CODE = "dW1 = x.T @ ((yhat - y) @ W2.T * h * (1 - h))"
# a formula, and how a shape is written behind it
BESIDE = [
    ("dJ/dW1 = x^T delta1", "   (A x B)"), ("∂J/∂W₁ = xᵀ δ₁", " ∈ ℝ^{A×B}"), ("xᵀ δ₁", " (A×B)"),
    ("∂J/∂W₁ = xᵀ δ₁", "   (A x B)"), ("dW1 = x^T delta1", "  # (A, B)"), ("xᵀ δ₁", " : A×B"),
    (CODE, "  # shape (A, B)"), (CODE, "  # (A, B)"), (CODE, "  # dW1.shape = (A, B)"),
    (CODE, "  # dW1: A x B"), (CODE, "  # (A, N) @ (N, B) -> (A, B)"), (CODE, "  # W1 is (A, B)"),
    (CODE, "  # -> (A, B)"), ("xᵀ δ₁", " [A×B]"), (CODE, "  # shape: (A, B)"),
    (r"x^T \delta_1", r" \quad (A \times B)"), (r"x^T \delta_1", r" \in \mathbb{R}^{A \times B}"),
    (r"\frac{\partial J}{\partial W_1} = x^T \delta_1", r" \in \mathbb{R}^{A \times B}"),
    (r"\frac{\partial J}{\partial W_1} = x^T \delta_1", r" \in \mathbb R^{A\times B}"),
    ("∂J/∂W₁ = xᵀ δ₁", " ∈ R^(A x B)"), ("∂J/∂W₁ = xᵀ δ₁", " ∈ ℝ^{A x B}"), ("xᵀ δ₁", "   [A, B]"),
    (r"x^T \delta_1", r" \quad \text{(shape $A \times B$)}"), ("xᵀ δ₁", " with shape (A, B)"),
    ("∂J/∂W₁ = xᵀ δ₁", ", W₁ ∈ ℝ^{A×B}"), ("xᵀ δ₁", ", wobei ∂J/∂W₁ ∈ ℝ^{A×B}"),
    (r"\frac{\partial J}{\partial W_1} = x^T \delta_1", r",\quad W_1 \in \mathbb{R}^{A \times B}"),
    (r"x^T \delta_1", r", \text{ where } W_1 \in \mathbb{R}^{A \times B}"),
]  # fmt: skip


def with_sizes(shape: str, first: str, second: str) -> str:
    """Return a shape with these sizes in it."""
    return shape.replace("A", first).replace("B", second)


@pytest.mark.parametrize(("formula", "shape"), BESIDE)
def test_a_false_shape_beside_a_right_formula_is_said(formula, shape):
    right = formula + with_sizes(shape, "D_x", "H")
    assert diagnose(right, "dJ_dW1", **BATCH).ok
    found = diagnose(formula + with_sizes(shape, "H", "D_x"), "dJ_dW1", **BATCH)
    assert found.verdict == "shape"
    assert "H×D_x" in found.message
    assert "D_x×H" in found.message
    turned = right.replace("x^T", "-x^T").replace("xᵀ", "−xᵀ").replace("x.T", "-x.T")
    assert diagnose(turned, "dJ_dW1", **BATCH, suggest=False).verdict == "sign"


def test_a_shape_of_a_line_on_the_way_is_compared():
    lines = "d = yhat - y  # {}\ndW2 = h.T @ d  # (H, D_y)"
    assert diagnose(lines.format("(N, D_y)"), "dJ_dW2", **BATCH).ok
    found = diagnose(lines.format("(D_y, N)"), "dJ_dW2", **BATCH)
    assert found.message.startswith("The formula is right, but a shape")
    assert found.message.endswith("it is N×D_y, not D_y×N.")


@pytest.mark.parametrize("shape", ["(20, 30)", "(n, m)", "(K, d_h)", "(1, D_y)", "(Dy, 1, 1)"])
def test_a_shape_in_other_sizes_may_be_any_and_a_row_has_one_axis_or_two(shape):
    assert diagnose(f"np.sum(yhat - y, axis=0)  # {shape}", "dJ_db2", **BATCH).ok


def test_a_shape_of_a_batch_may_stand_beside_one_row():
    assert diagnose("d = yhat - y  # (N, D_y)\ndh = d @ W2.T  # (N, H)", "dJ_dh").ok
    assert not diagnose("d = yhat - y  # (1, D_y)\ndh = d @ W2.T  # (1, D_x)", "dJ_dh").ok


def test_a_product_of_letters_is_no_shape():
    assert diagnose("hᵀ (ŷ − y) (2 x 3)", "dJ_dW2", **BATCH).verdict != "right"
    assert diagnose("∂J/∂h = (ŷ − y) W₂ᵀ (N x H)", "dJ_dh", **BATCH).ok


def test_many_shapes_take_no_time():
    lines = "d = yhat - y  # (N, D_y)\n" * 70 + "dW2 = h.T @ d"
    began = time.process_time()
    assert diagnose(lines, "dJ_dW2", **BATCH).ok
    assert time.process_time() - began < 4


def test_shapes_of_several_quantities_are_compared():
    text = "∂J/∂W₂ = hᵀ (ŷ − y) where h ∈ ℝ^{1×H}, ŷ ∈ ℝ^{1×D_y}"
    assert diagnose(text, "dJ_dW2").ok
    assert diagnose(text.replace("1×D_y", "1×H"), "dJ_dW2").verdict == "shape"
    named = "δ₂ = ŷ − y\nδ₂ ∈ ℝ^{N×D_y}\n∂J/∂W₂ = hᵀ δ₂"
    assert diagnose(named, "dJ_dW2", **BATCH).ok
    assert diagnose(named.replace("N×D_y", "D_y×N"), "dJ_dW2", **BATCH).verdict == "shape"
    assert diagnose(named.replace("ŷ − y", "y − ŷ"), "dJ_dW2", **BATCH).verdict == "sign"


def test_a_false_shape_behind_latex_is_said_as_behind_plain_text():
    for text in (r"\mathbf 1 (\hat y - y) \in \mathbb{R}^{H}", "𝟏 (ŷ − y) ∈ ℝ^H"):
        found = diagnose(text, "dJ_db2", **BATCH)
        assert found.message.endswith("it is 1×D_y, not H.")
