"""Derivations as people type them: lines that name their parts, ∂ as d, names in plain text."""

import re
import time
from itertools import pairwise

import pytest

from mlp_lib.equations import EquationError, check, diagnose
from mlp_lib.equations.numpy_code.functions import FUNCTIONS

DELTAS = "δ2 = ŷ − y\nδ1 = δ2 W2ᵀ ∘ h ∘ (1 − h)\n∂J/∂W1 = xᵀ δ1"
DELTAS_IN_LATEX = (
    r"\delta^{(2)} = \hat y - y \\ \delta^{(1)} = \delta^{(2)} W_2^T \odot h \odot (1-h) \\ "
    r"\frac{\partial J}{\partial W_1} = x^T \delta^{(1)}"
)
ALIGNED = (
    "\\begin{align}\n\\delta_2 &= \\hat y - y \\\\\n"
    "\\delta_1 &= \\delta_2 W_2^T \\odot h\n\\odot (1-h) \\\\\n"
    "\\frac{\\partial J}{\\partial W_1} &= x^T \\delta_1\n\\end{align}"
)
RIGHT = [
    # The chain rule, with ∂ or with d, of the loss under each of its names.
    ("∂J/∂W1 = ∂J/∂z2 ∂z2/∂h ∂h/∂z1 ∂z1/∂W1", "dJ_dW1", "row"),
    ("dJ/dW1 = dJ/dz2 dz2/dh dh/dz1 dz1/dW1", "dJ_dW1", "row"),
    ("∂L/∂W1 = ∂L/∂a2 · ∂a2/∂z2 · ∂z2/∂a1 · ∂a1/∂z1 · ∂z1/∂W1", "dJ_dW1", "row"),
    ("dL/dz2 @ dz2/dh", "dJ_dh", "row"),
    ("dloss/dW1 = x.T @ dloss/dz1", "dJ_dW1", "row"),
    ("dE/dW1 = x^T dE/dz1", "dJ_dW1", "row"),
    ("∂ℒ/∂W₁ = xᵀ ∂ℒ/∂z₁", "dJ_dW1", "row"),
    ("dJ/dz1 W1^T", "dJ_dx", "row"),
    (r"\frac{\partial L}{\partial W^{[2]}} = A^{[1]T} dZ^{[2]}", "dJ_dW2", "batch"),
    (r"dW_2 = h^T dz_2", "dJ_dW2", "row"),
    (r"\left( dZ^{[2]T} A^{[1]} \right)^T", "dJ_dW2", "batch"),
    (r"dA^{[1]} \odot A^{[1]} \odot (1 - A^{[1]})", "dJ_dz1", "batch"),
    (r"\nabla_{W_1} L = x^T \delta_1", "dJ_dW1", "row"),
    (r"\nabla_{W_1} \mathcal{L} = x^T \delta_1", "dJ_dW1", "row"),
    ("∇_W1 J = x^T δ_1", "dJ_dW1", "row"),
    ("∇W₁ L = xᵀ δ₁", "dJ_dW1", "row"),
    # Names beside signs that only plain text has.
    ("(yhat − y) · W2ᵀ", "dJ_dh", "row"),
    ("(ŷ−y) W2^T", "dJ_dh", "row"),
    ("Xᵀ((Ŷ − Y)W₂ᵀ ⊙ H ⊙ (1−H))", "dJ_dW1", "batch"),
    ("(ŷ − y) W2ᵀ ∘ sigmoid'(Z1)", "dJ_dz1", "batch"),
    ("a1ᵀ (a2 − y)", "dJ_dW2", "row"),
    ("jnp.dot(x.T, dJ_dz1)", "dJ_dW1", "row"),
    ("x^T ((yhat - y) W2^T \\circ sigmoid'(z1))", "dJ_dW1", "row"),
    ("½ (2 ŷ − 2 y)", "dJ_dz2", "row"),
    ("∂J/∂B2 = ŷ − y", "dJ_db2", "row"),
    # Lines that name their parts.
    (DELTAS, "dJ_dW1", "row"),
    (DELTAS_IN_LATEX, "dJ_dW1", "row"),
    (DELTAS_IN_LATEX.replace(r"\\", "\n"), "dJ_dW1", "row"),
    ("e = \\hat y - y\n\\frac{\\partial J}{\\partial W_2}\n= h^T e", "dJ_dW2", "row"),
    ("\\frac{\\partial J}{\\partial W_1}\n= x^T\n\\left((\\hat y - y) W_2^T \\circ h \\circ (1 - h)"
     "\\right)", "dJ_dW1", "row"),
    (ALIGNED, "dJ_dW1", "row"),
    ("e =\n\\hat y - y\n\\frac{\\partial J}{\\partial W_2} = h^T e", "dJ_dW2", "row"),
    ("\\frac{\\partial J}{\\partial z_2} = \\hat y - y\n\\frac{\\partial J}{\\partial W_2} = h^T "
     "\\frac{\\partial J}{\\partial z_2}", "dJ_dW2", "row"),
    ("\\frac{\\partial J}{\\partial h_j} =\n\\sum_{k=1}^{D_y} (\\hat y_k - y_k) W_{2,jk}",
     "dJ_dh", "row"),
    (r"\delta_2 = \hat y - y \\ h_i \delta_{2,k}", "dJ_dW2", "row"),
    (r"\delta = \hat y - y \\ h^T \delta", "dJ_dW2", "row"),
    (r"\delta_k = \hat y_k - y_k \\ h_i \delta_k", "dJ_dW2", "row"),
    (r"\delta = \hat y - y \\ h_i \delta_k", "dJ_dW2", "row"),
    (r"g = \hat y_k (\delta_{ki} - \hat y_i)", "dyhat_dz2", "row"),
    ("a = x W₁ + b₁\ns = σ(a)\ndiag(s ∘ (1 − s))", "dh_dz1", "row"),
    (r"e = \hat y - y, \quad g = e W_2^T \odot h \odot (1-h)", "dJ_dz1", "row"),
    # The usual names of the errors, where no line gives them to something.
    ("δ_1 = δ_2 W_2^T ⊙ σ'(z_1)", "dJ_dz1", "row"),
    ("δ¹ = δ² (W²)ᵀ ⊙ σ'(z¹)", "dJ_dz1", "row"),
    (r"\delta^{[1]} = \delta^{[2]} W^{[2]T} \odot A^{[1]} \odot (1 - A^{[1]})", "dJ_dz1", "batch"),
    ("grad = x.T @ (delta2 @ W2.T * dsigmoid(z1))", "dJ_dW1", "row"),
    # Signs that give a value.
    ("δ := ŷ − y\nhᵀ δ", "dJ_dW2", "row"),
    ("d = yhat - y\ndW2 <- h.T @ d", "dJ_dW2", "row"),
    (r"\delta \gets \hat y - y \\ h^T \delta", "dJ_dW2", "row"),
    # What is explained behind the formula.
    (r"\frac{\partial J}{\partial W_2} = h^T \delta, \text{ where } \delta = \hat y - y.",
     "dJ_dW2", "row"),
    (r"h^T (\hat y - y) \quad \text{with} \quad h = \sigma(z_1)", "dJ_dW2", "row"),
    ("x.T @ a where a = b * h * (1 - h) and b = (yhat - y) @ W2.T", "dJ_dW1", "row"),
    ("x.T @ a, where b = (yhat - y) @ W2.T and a = b * h * (1 - h)", "dJ_dW1", "row"),
    ("xᵀ δ, where δ = e W₂ᵀ ∘ h ∘ (1 − h) and e = ŷ − y", "dJ_dW1", "row"),
    # Indices.
    ("x_i δ_kj", "dz1_dW1", "row"),
    ("hᵢ (ŷₖ − yₖ)", "dJ_dW2", "row"),
]  # fmt: skip


@pytest.mark.parametrize(("attempt", "target", "setup"), RIGHT)
def test_a_right_derivation_is_right(attempt, target, setup):
    found = diagnose(attempt, target, setup=setup)
    assert found.verdict == "right", found.message


# attempt, what is changed in it, by what, the verdict, the first wrong step, the mended line
WRONG = [
    (DELTAS, "ŷ − y", "y − ŷ", "sign", "y − ŷ", "δ₂ = ŷ − y"),
    (DELTAS, "W2ᵀ", "W2", "shape", "δ₂ W₂", "δ₁ = δ₂ W₂ᵀ ∘ h ∘ (1 − h)"),
    (DELTAS, "xᵀ δ1", "δ1ᵀ x", "transposed", "δ₁ᵀ x", "xᵀ δ₁"),
    (DELTAS_IN_LATEX, r"\hat y - y", r"y - \hat y", "sign", r"y - \hat y", r"\hat y - y"),
    (DELTAS_IN_LATEX, "W_2^T", "W_2", "shape", r"\delta_2 W_2", "W_2^T"),
]


@pytest.mark.parametrize(("attempt", "old", "new", "verdict", "step", "mended"), WRONG)
def test_the_line_that_is_wrong_is_found_and_mended(attempt, old, new, verdict, step, mended):
    found = diagnose(attempt.replace(old, new), "dJ_dW1")
    assert found.verdict == verdict
    assert found.first_wrong.text == step
    assert diagnose(found.suggestion, "dJ_dW1").ok
    if mended:
        assert mended in found.suggestion


@pytest.mark.parametrize(
    ("attempt", "words"),
    [
        ("d = ŷ − y\nhᵀ e", "unknown symbol e"),
        (r"\delta = \delta W_2^T \\ h^T \delta", "this δ is said by itself"),
        (r"d = \hat y - y \\ h_i d_2", "d takes letters as indices, got 2"),
        ("(ŷ − y) * W2", "* could be either product"),
        (r"\hat y \circ (I - \hat y)", "takes its size as its index: I_{D_x}, I_{H}"),
    ("diag(ŷ)(I − diag(ŷ))", "takes its size as its index"),
    ("torch.mm(h.t(), yhat - y)", "torch isn't read here, only NumPy"),
        ("-np.log(yhat[y == 1])", "a mask isn't read in brackets"),
    ],
)
def test_what_no_line_says_is_refused(attempt, words):
    found = diagnose(attempt, "dJ_dW2")
    assert found.verdict == "unusable input"
    assert words in found.message


def test_what_is_explained_behind_a_wrong_formula_is_mended_there():
    found = diagnose("xᵀ δ₁, where δ₁ = (ŷ − y) W₂ᵀ ∘ h", "dJ_dW1")
    assert found.verdict == "value"
    assert found.suggestion == "δ₁ = (ŷ − y) W₂ᵀ ∘ h ∘ (1 − h)\nxᵀ δ₁"


@pytest.mark.parametrize(
    "attempt", ["x.T @ a where a = b and b = a", "where", "where d = 3", "x.T @ d where d"]
)
def test_an_explanation_that_explains_nothing_is_refused(attempt):
    assert diagnose(attempt, "dJ_dW1").verdict == "unusable input"


def test_where_is_a_function_of_numpy_too():
    found = diagnose("np.where(y == 1, yhat - 1, yhat)", "dJ_dz2")
    assert found.verdict == "value"
    assert found.message == "This is ∂J/∂z₂ for one-hot labels only."


@pytest.mark.parametrize(
    ("attempt", "sign"),
    [(r"W_1 \leftarrow W_1 - \eta x^T \delta_1", r"\eta"), ("W₁ ← W₁ − α xᵀ δ₁", "α")],
)
def test_the_rate_of_a_step_is_refused_in_words(attempt, sign):
    found = diagnose(attempt, "dJ_dW1")
    assert found.verdict == "unusable input"
    assert found.message.startswith(f"{sign} is no part of a gradient here")


def test_a_rate_may_have_its_greek_letter_in_python():
    found = diagnose("W1 = W1 - η * x.T @ dJ_dz1", "dJ_dW1")
    assert found.mistake.name == "update for its gradient"


IN_LETTERS = r"\frac{\partial J}{\partial z_{1,j}} = \frac{\partial J}{\partial h_{j}} "
CIRCULAR = [
    (r"\frac{\partial J}{\partial z_{2,k}}", "dJ_dz2"),
    ("∂J/∂z₂ₖ", "dJ_dz2"),
    (r"\frac{\partial J}{\partial z_{2,i}} = \sum_k \frac{\partial J}{\partial z_{2,k}} "
     r"\delta_{ki}", "dJ_dz2"),
    (r"\frac{\partial \hat y_i}{\partial z_{2,j}} = \frac{\partial \hat y_i}{\partial z_{2,j}}",
     "dyhat_dz2"),
]  # fmt: skip


@pytest.mark.parametrize(("attempt", "target"), CIRCULAR)
def test_a_derivative_in_letters_does_not_say_what_it_is_itself(attempt, target):
    found = diagnose(attempt, target)
    assert found.verdict == "unusable input"
    assert "to say what it is" in found.message


def test_no_suggestion_is_circular_or_borrows_a_bias():
    suggestion = diagnose(IN_LETTERS, "dJ_dz1").suggestion
    assert "b_" not in suggestion
    assert diagnose(suggestion, "dJ_dz1").ok


CALLED = [
    ("∂J/∂W₂ = xᵀ δ₁", "dJ_dW1", "∂J/∂W₂"),
    ("dJ_dW2 = x.T @ dJ_dz1", "dJ_dW1", "∂J/∂W₂"),
    ("dW2 = x.T @ dJ_dz1", "dJ_dW1", "∂J/∂W₂"),
    (r"J = \hat y - y", "dJ_dz2", "J"),
    (r"\frac{\partial z_1}{\partial x} = W_2^T", "dz2_dh", "∂z₁/∂x"),
    (r"\frac{\partial J}{\partial W_{1,ij}} = h_i (\hat y_j - y_j)", "dJ_dW2", "∂J/∂W₁"),
]


@pytest.mark.parametrize(("attempt", "target", "name"), CALLED)
def test_a_right_formula_under_the_name_of_another_quantity_is_told_so(attempt, target, name):
    found = diagnose(attempt, target)
    assert (found.ok, found.verdict) == (False, "another quantity")
    assert found.message.endswith(f"but the line says that it is {name}.")


def test_a_variable_in_python_may_be_called_like_a_symbol():
    assert diagnose("h1 = h\nW1 = x.T @ dJ_dz1", "dJ_dW1").ok


TOP_DOWN = [
    ("∂J/∂W₁ = xᵀ δ₁\nδ₁ = δ₂ W₂ᵀ ∘ h{slope}\nδ₂ = {error}", "ŷ − y", "y − ŷ", " ∘ (1 − h)"),
    ("dJ_dW1 = x.T @ delta1\ndelta1 = delta2 @ W2.T * h{slope}\ndelta2 = {error}",
     "yhat - y", "y - yhat", " * (1 - h)"),
    (r"\frac{{\partial J}}{{\partial W_1}} = x^T d \\ d = e W_2^T \circ h{slope} \\ e = {error}",
     r"\hat y - y", r"y - \hat y", r" \circ (1 - h)"),
]  # fmt: skip


@pytest.mark.parametrize(("lines", "right", "wrong", "slope"), TOP_DOWN)
def test_lines_from_the_target_down_to_its_parts_are_all_judged(lines, right, wrong, slope):
    assert diagnose(lines.format(slope=slope, error=right), "dJ_dW1").ok
    found = diagnose(lines.format(slope=slope, error=wrong), "dJ_dW1")
    assert found.mistake.name == "sign"
    assert diagnose(found.suggestion, "dJ_dW1").ok
    found = diagnose(lines.format(slope="", error=right), "dJ_dW1")
    assert found.mistake.name == "slope incomplete"


BY_ENTRY = [
    (IN_LETTERS + r"\frac{\partial h_j}{\partial z_{1,j}}", "dJ_dz1"),
    (r"\frac{\partial J}{\partial W_{1,ij}} = \frac{\partial J}{\partial z_{1,j}} "
     r"\frac{\partial z_{1,j}}{\partial W_{1,ij}} = \frac{\partial J}{\partial z_{1,j}} x_i",
     "dJ_dW1"),
    (r"\frac{\partial h_j}{\partial z_{1,j}} = h_j (1 - h_j) \\ " + IN_LETTERS + "h_j (1 - h_j)",
     "dJ_dz1"),
]  # fmt: skip


@pytest.mark.parametrize(("attempt", "target"), BY_ENTRY)
def test_the_chain_rule_of_one_entry_is_right(attempt, target):
    assert diagnose(attempt, target).ok
    assert not diagnose(attempt.replace("x_i", "x_j").replace("1 - h", "2 - h") + " + 1", target).ok


@pytest.mark.parametrize(
    ("attempt", "target"),
    [(r"\frac{\partial h_i}{\partial z_{1,i}} = h_i(1-h_i)", "dh_dz1"),
     ("∂hᵢ/∂z₁,ᵢ = hᵢ(1−hᵢ)", "dh_dz1"),
     (r"\frac{\partial J}{\partial W_{2,jj}} = (\hat y_j-y_j) h_j", "dJ_dW2")],
)  # fmt: skip
def test_entries_with_equal_indices_are_no_whole_derivative(attempt, target):
    found = diagnose(attempt, target)
    assert found.verdict == "unusable input"
    assert "only the entries with equal indices" in found.message


@pytest.mark.parametrize(
    "attempt", [r"\sum_j \frac{\partial J}{\partial z_{1,j}}", "Σⱼ ∂J/∂z₁,ⱼ"]
)
def test_a_gradient_in_letters_may_stand_in_a_wrong_formula(attempt):
    found = diagnose(attempt, "dJ_db1")
    assert found.verdict == "shape"
    assert diagnose(found.suggestion, "dJ_db1").ok


@pytest.mark.parametrize(
    ("attempt", "target", "suggestion"),
    [("1 − y", "dJ_dz2", "ŷ − y"), ("1 − h", "dJ_dz1", "(ŷ − y) W₂ᵀ ∘ h ∘ (1 − h)"),
     ("$y - 1$", "dJ_dz2", r"\hat y - y")],
)  # fmt: skip
def test_a_formula_without_a_sign_of_its_notation_is_answered_in_it(attempt, target, suggestion):
    found = diagnose(attempt, target)
    assert (found.verdict, found.suggestion) == ("value", suggestion)
    assert found.mistake.name != "softmax over the examples"


def test_a_changed_letter_keeps_the_brackets_behind_a_sum():
    attempt = r"\sum_{n=1}^N h_{ni} \sum_{n=1}^N (\hat y_{nj} - y_{nj})"
    found = diagnose(attempt, "dJ_dW2", setup="batch")
    assert diagnose(found.suggestion, "dJ_dW2", setup="batch").ok


STEPS = [
    ("e = yhat - y\nW2 -= h.T @ e", "sum"),
    ("dz2 = yhat - y\nW2 = W2 - h.T @ dz2", "sum"),
    ("e = y - yhat\nW2 -= -lr * h.T @ e", "sum"),
    ("e = y - yhat\nW2 += lr * h.T @ e", "sum"),
    ("dz2 = yhat - y\nW2 = W2 - np.multiply(lr, h.T @ dz2)", "sum"),
    # A name that is refined from line to line states what it is in its last one.
    ("dW2 = h.T @ (yhat - y)\ndW2 = dW2 / N", "mean"),
    ("dW2 = h.T @ (yhat - y)\ndW2 /= m", "mean"),
    ("dW2 = np.zeros_like(W2)\ndW2 += h.T @ (yhat - y)", "sum"),
    ("dz2 = yhat\ndz2 -= y\ndW2 = h.T @ dz2", "sum"),
]


@pytest.mark.parametrize(("lines", "loss"), STEPS)
def test_steps_and_names_that_are_refined_are_read(lines, loss):
    found = diagnose(lines, "dJ_dW2", setup="batch", loss=loss)
    assert found.message == "This is ∂J/∂W₂, H×D_y."
    wrong = lines.replace("h.T", "(h + 1).T")
    assert diagnose(wrong, "dJ_dW2", setup="batch", loss=loss).verdict == "value"


@pytest.mark.parametrize(
    "step", ["W2 = W2 + 0.1 * dW2", "W2 += lr * dW2", "W2 -= -0.1 * dW2", "W2 -= dW2 * -lr"]
)
def test_a_step_that_leads_up_is_told_so(step):
    found = diagnose(f"dW2 = h.T @ (yhat - y)\n{step}", "dJ_dW2", setup="batch")
    assert found.mistake.name == "sign"


def test_a_step_in_which_the_rate_is_no_factor_is_refused():
    found = diagnose("d = yhat - y\nW2 -= np.tanh(lr * h.T @ d)", "dJ_dW2")
    assert "a step is read as a rate times a gradient" in found.message


@pytest.mark.parametrize(
    "attempt", ["np.sum(y) @ (yhat - y)", "np.matmul(np.sum(y), yhat - y)", "-y.sum() @ yhat",
                "(yhat - y) @ (yhat - y).mean()"],
)  # fmt: skip
def test_a_number_is_no_factor_of_a_matrix_product(attempt):
    assert "@ takes no scalar" in diagnose(attempt, "dJ_dz2").message


def test_reduce_goes_over_the_first_axis():
    assert diagnose("np.add.reduce(yhat - y)", "dJ_db2", setup="batch").ok
    assert not diagnose("np.add.reduce(yhat - y, axis=1)", "dJ_db2", setup="batch").ok


def test_a_delta_may_be_a_name_in_python():
    found = diagnose("δ = yhat - y\nδ * 1.0", "dJ_dz2")
    assert (found.verdict, found.notation) == ("right", "numpy")


def test_a_quotient_of_names_that_lines_have_given_is_one():
    lines = "dz2 = yhat - y\ndh = dz2 @ W2.T\nratio = dh / dh\ndh * ratio"
    found = diagnose(lines, "dJ_dh")
    assert found.ok
    assert found.attempt == lines


def test_an_equation_of_the_book_gives_no_name_to_a_part():
    with pytest.raises(EquationError, match="unknown symbol e"):
        check(r"e = \hat y - y \\ \frac{\partial J}{\partial z_2} = e")


NAMES = "abcdefgijklmnopqrstuvwz"
HUGE = [
    "a0 = x @ W1\n" + "".join(f"a{n + 1} = a{n} + a{n}\n" for n in range(40)) + "a40",
    "a0 = z1\n" + "".join(f"a{n + 1} = -a{n}\n" for n in range(130)) + "a130",
    r"a = h \\ " + r" \\ ".join(f"{new} = {old} + {old}" for old, new in pairwise(NAMES)),
]


@pytest.mark.parametrize("attempt", HUGE, ids=["doubled", "nested", "doubled in LaTeX"])
def test_names_that_make_a_formula_huge_are_refused_at_once(attempt):
    found = diagnose(attempt, "dJ_dh")
    assert found.verdict == "unusable input"
    assert "with each name replaced by its formula" in found.message


def test_jacobians_that_are_multiplied_entry_by_entry_are_told_so():
    found = diagnose("dJ/dyhat * dyhat/dz2 * dz2/dh", "dJ_dh")
    assert found.mistake.name == "product of the wrong kind"
    found = diagnose("dL/dz2 * dz2/dh", "dJ_dh")
    assert (found.attempt, found.suggestion) == ("dJ_dz2 * dz2_dh", "dJ_dz2 @ dz2_dh")


def test_lines_of_latex_are_set_below_one_another():
    found = diagnose(DELTAS_IN_LATEX.replace("W_2^T", "W_2"), "dJ_dW1")
    assert r"This is right: <span" in found._repr_html_()
    assert found._repr_html_().count(r"\\ &amp; ") == 2
    again = diagnose(ALIGNED.replace("W_2^T", "W_2"), "dJ_dW1")
    assert again._repr_html_().count(r"\begin{aligned}") == 1
    assert r"aligned" not in diagnose(r"h^T (y - \hat y)", "dJ_dW2")._repr_html_()


def test_an_error_by_its_usual_name_says_nothing_about_itself():
    found = diagnose("δ₁", "dJ_dz1")
    assert "the formula uses ∂J/∂z₁ to say what it is" in found.message


def test_a_slope_is_suggested_by_its_usual_name():
    assert diagnose("dJ_dh @ dsigmoid(z1)", "dJ_dz1").suggestion == "dJ_dh * dsigmoid(z1)"
    names = {ours: theirs for theirs, ours in FUNCTIONS.items()}
    assert names["sigma'"] == "sigmoid_prime"


MISSING_OPERATIONS = [
    ("(yhat - y) @ W2.T * (1 - h^2)", "dJ_dz1", "^ is no power in NumPy: write **"),
    ("dJ_dh * h(1 - h)", "dJ_dz1", "h is no function: a * or @ is missing behind it"),
    ("h.T (yhat - y)", "dJ_dW2", "a * or @ is missing behind this"),
    ("(yhat - y)(W2.T)", "dJ_dh", "a * or @ is missing behind this"),
]


@pytest.mark.parametrize(("attempt", "target", "words"), MISSING_OPERATIONS)
def test_an_operation_that_python_has_not_is_named(attempt, target, words):
    assert diagnose(attempt, target).message.startswith(words)


TIDY = [
    # A line that nothing uses any more, and which may not even run.
    ("delta = (yhat - y) @ W2 * h * (1 - h)\nx.T @ delta", "dJ_dW1", "mean",
     "x.T @ ((yhat - y) @ W2.T * h * (1 - h)) / x.shape[0]"),
    ("2 * (yhat - y)", "dJ_dz2", "mean", "(yhat - y) / x.shape[0]"),
    ("yhat - y @ W2.T", "dJ_dh", "sum", "(yhat - y) @ W2.T"),
    ("dJ_dh * (h > 0)", "dJ_dz1", "sum", "dJ_dh * h * (1 - h)"),
    (r"\frac{1}{N} \sum_n (\hat y_{nk} - y_{nk})", "dJ_db2", "sum",
     r"\sum_{n} \left( \hat y_{nk} - y_{nk} \right)"),
]  # fmt: skip


@pytest.mark.parametrize(("attempt", "target", "loss", "suggestion"), TIDY)
def test_a_suggestion_has_nothing_in_it_that_does_nothing(attempt, target, loss, suggestion):
    assert diagnose(attempt, target, setup="batch", loss=loss).suggestion == suggestion


def test_a_transpose_of_a_transpose_is_not_suggested():
    assert diagnose("W1.T @ (yhat - y)", "dJ_dh", setup="vec").suggestion == "W2 @ (yhat - y)"


@pytest.mark.parametrize(
    ("attempt", "target", "mistake"),
    [("yhat - y @ W2.T", "dJ_dh", "brackets missing"),
     ("yhat - y @ W2.T * h * (1 - h)", "dJ_dz1", "brackets missing"),
     ("dJ_dh * (h > 0)", "dJ_dz1", "slope of ReLU")],
)  # fmt: skip
def test_what_was_meant_is_named(attempt, target, mistake):
    assert diagnose(attempt, target, setup="batch").mistake.name == mistake


@pytest.mark.parametrize(
    ("attempt", "target", "setup", "words"),
    [(r"h \circ (\mathbf{1}^T - h)", "dJ_dz1", "batch", "𝟏 is a row of N ones"),
     (r"x \delta_1^T", "dJ_dW1", "vec", "A vector is read as a row here."),
     ("W₂ (ŷ − y)", "dJ_dh", "vec", "A vector is read as a row here.")],
)  # fmt: skip
def test_what_is_a_row_here_and_a_column_elsewhere_is_said(attempt, target, setup, words):
    found = diagnose(attempt, target, setup=setup)
    assert found.verdict == "shape"
    assert words in found.message


def test_a_sum_is_written_in_the_notation_of_the_reader():
    assert "a sum is written Σ_k" in diagnose("W₂,ⱼₖ (ŷₖ − yₖ)", "dJ_dh").message
    assert r"a sum is written \sum_k" in diagnose(r"W_{2,jk} (\hat y_k - y_k)", "dJ_dh").message


# What each says of δ, or of the network, isn't what stands there: none is right.
NOT_RIGHT = [
    ("δ₁ = (ŷ − y) W₂ᵀ\n∂J/∂W₁ᵢⱼ = xᵢ δ₁ⱼ", "dJ_dW1", "row"),
    (r"\delta_2 = y - \hat y \\ h_j \delta_{2,k}", "dJ_dW2", "row"),
    (r"\delta_{1,j} = \sum_k (\hat y_k - y_k) W_{2,jk} \\ x^T \delta_1", "dJ_dW1", "row"),
    (r"h_j \delta_{2,k} \\ \delta_{2,l} = y_l - \hat y_l", "dJ_dW2", "row"),
    ("∂J/∂W₂ = hᵀ δ₂\nδ₂ = y − ŷ\nδ₂ = −(ŷ − y)", "dJ_dW2", "row"),
    ("y − ŷ = δ₂\n∂J/∂W₂ = hᵀ δ₂", "dJ_dW2", "row"),
    ("−δ₂ = ŷ − y\nhᵀ δ₂", "dJ_dW2", "row"),
    (r"2\delta_2 = \hat y - y \\ h^T \delta_2", "dJ_dW2", "row"),
    (r"\delta_2^T = y - \hat y \\ h^T \delta_2", "dJ_dW2", "row"),
    ("δ₂ = δ₂\nhᵀ δ₂", "dJ_dW2", "row"),
    ("∂J/∂W₁ = xᵀ δ₁\nδ₁ = δ₁ W₂ᵀ ∘ h ∘ (1 − h)", "dJ_dW1", "row"),
    ("δ = y − ŷ\nhᵀ δ²", "dJ_dW2", "row"),
    ("δ_o = ŷ − y\nhᵀ δ_h", "dJ_dW2", "row"),
    ("delta1 = (yhat - y) @ W2.T\ndW1 = x.T @ delta_1", "dJ_dW1", "row"),
    ("delta_2 = y - yhat\nh.T @ delta2", "dJ_dW2", "row"),
    (r"\delta_k = \hat y_k - y_j \\ \frac{\partial J}{\partial z_{2,j}} = \delta_j",
     "dJ_dz2", "row"),
    (r"\delta_j = (\hat y_k - y_k) W_{2,jk} h_j (1-h_j) \\ \sum_k x_i \delta_j", "dJ_dW1", "row"),
    ("δ₂ = ∂J/∂z₂ = y − ŷ\n∂J/∂W₂ = −hᵀ δ₂", "dJ_dW2", "row"),
    ("∂J/∂W₂ = hᵀ(ŷ − y)\nh = tanh(z₁)", "dJ_dW2", "row"),
    ("dJ_dW2 = h.T @ (yhat - y)\nyhat = sigmoid(z2)", "dJ_dW2", "row"),
    (r"\hat y_k = \sigma(z_{2,k}) \\ h^T (\hat y - y)", "dJ_dW2", "row"),
    ("J = Σₖ (ŷₖ − yₖ)²\n∂J/∂z₂ = ŷ − y", "dJ_dz2", "row"),
    (r"\frac{\partial L_{MSE}}{\partial z_2} = \hat y - y", "dJ_dz2", "row"),
    # Steps change what comes after them, and arrays that have two names.
    ("g = yhat - y\nW2 -= 0.1 * h.T @ g\nW1 -= 0.1 * x.T @ ((g @ W2.T) * h * (1 - h))",
     "dJ_dW1", "row"),
    ("old = W2\ndz2 = yhat - y\nW2 -= 0.1 * h.T @ dz2\ndh = dz2 @ old.T", "dJ_dh", "row"),
    ("a = h[:]\na *= 1 - a\ndW2 = h.T @ (yhat - y)", "dJ_dW2", "row"),
    ("g = yhat - y\nt = g.T\nt *= 2\ndW2 = h.T @ g", "dJ_dW2", "row"),
    ("g = yhat - y\ng, dW1 = (g @ W2.T) * h * (1 - h), x.T @ g", "dJ_dW1", "row"),
    ("dW2 = h.T @ (yhat - y)\nW1 -= lr * dW2", "dJ_dW2", "row"),
    ("dh = (yhat - y) @ grads['W2'].T", "dJ_dh", "row"),
    ("import numpy as np; h = 2 * h\nh.T @ (yhat - y)", "dJ_dW2", "row"),
    ("def sigmoid(z): return np.tanh(z)\n(yhat - y) @ W2.T * sigmoid_prime(z1)", "dJ_dz1", "row"),
    ("g = yhat - y\nA = h.T @ g\nB = g\nreturn A, B", "dJ_dW2", "row"),
    (r"-\boxed{y + \hat y}", "dJ_dz2", "row"),
    (r"\underbrace{y - \hat y}_{\delta_2} \\ h^T \delta_2", "dJ_dW2", "row"),
    (r"\underbrace{h^T}_{1 \times H} (\hat y - y)", "dJ_dW2", "row"),
]  # fmt: skip


@pytest.mark.parametrize(("attempt", "target", "setup"), NOT_RIGHT)
def test_what_is_said_otherwise_is_not_right(attempt, target, setup):
    assert not diagnose(attempt, target, setup=setup).ok


ALL_THE_SAME = [
    (r"\delta_2 = \hat y - y \\ h_j \delta_{2,k}", "dJ_dW2", "row"),
    ("δ² = ŷ − y\nhᵀ δ²", "dJ_dW2", "row"),
    ("δ_o = ŷ − y\nhᵀ δ_o", "dJ_dW2", "row"),
    ("old = W2.copy()\ndz2 = yhat - y\nW2 -= 0.1 * h.T @ dz2\ndh = dz2 @ old.T", "dJ_dh", "row"),
    ("d = yhat\nd -= y\nh.T @ d", "dJ_dW2", "row"),
    ("delta2 = yhat - y\ndelta1 = delta2 @ W2.T\ndelta1 *= h * (1 - h)\nx.T @ delta1",
     "dJ_dW1", "row"),
    ("a, b = yhat - y, h\ndW2 = b.T @ a", "dJ_dW2", "row"),
    ("g = yhat - y\ngW2 = h.T @ g\ngb2 = g\nreturn gW2, gb2", "dJ_dW2", "row"),
    ("dW1 = h.T @ (yhat - y)\ndW1 = x.T @ ((yhat - y) @ W2.T * h * (1 - h))", "dJ_dW1", "row"),
    ("W1 -= 0.1 * x.T @ ((yhat - y) @ W2.T * h * (1 - h))\nW2 -= 0.1 * h.T @ (yhat - y)",
     "dJ_dW1", "row"),
    ("dy = yhat - y\ndW2 = h.T @ dy", "dJ_dW2", "row"),
    (r"\frac{\partial J}{\partial W_2} = h^T (\hat y - y), \quad h = \sigma(z_1)", "dJ_dW2", "row"),
    ("hᵀ (ŷ − y) where hⱼ = σ(z₁,ⱼ)", "dJ_dW2", "row"),
    (r"h \circ (1-h) \circ \underbrace{(\hat y - y) W_2^T}_{\text{error}}", "dJ_dz1", "row"),
    (r"h^T \boxed{\hat y - y}", "dJ_dW2", "row"),
    (r"\overbrace{h^T}^{H \times 1} (\hat y - y)", "dJ_dW2", "row"),
    (r"\delta_2 W_2^T \odot\mathbf{h}\odot(1-\mathbf{h})", "dJ_dz1", "row"),
    ("- hᵀ (y\n- ŷ)", "dJ_dW2", "row"),
]  # fmt: skip


@pytest.mark.parametrize(("attempt", "target", "setup"), ALL_THE_SAME)
def test_what_is_said_in_another_way_is_right(attempt, target, setup):
    found = diagnose(attempt, target, setup=setup)
    assert found.ok, found.message


def test_a_suggestion_leaves_the_lines_that_others_need():
    lines = "g = y - yhat\nother = 2 * g\ngW2 = h.T @ g\ndb2 = g"
    assert diagnose(lines, "dJ_db2").suggestion == lines.replace("y - yhat", "yhat - y")
    found = diagnose("g = yhat - y\ng += h\ndW2 = h.T @ g", "dJ_dW2")
    assert all("=" in line for line in found.suggestion.split("\n"))


def test_a_very_long_formula_is_not_searched():
    began = time.process_time()
    assert diagnose("x " * 111, "dJ_dW2").suggestion is None
    assert time.process_time() - began < 2


@pytest.mark.parametrize(
    ("attempt", "ok"),
    [("(y @ np.ones(D_y)) @ (yhat - y)", False), ("(yhat - y) @ (y @ np.ones(D_y))", False),
     ("s = y @ np.ones(D_y)\ns @ (yhat - y)", False), ("(y @ np.ones(D_y)) * (yhat - y)", True),
     ("s = y @ np.ones(D_y)\n1 / s * (yhat - y)", True), ("D_y * (yhat - y) / D_y", True)],
)  # fmt: skip
def test_the_number_that_two_vectors_make_is_no_factor_of_a_matrix_product(attempt, ok):
    found = diagnose(attempt, "dJ_dz2", setup="vec")
    assert found.ok == ok
    assert ok or found.message.endswith("@ takes no scalar.")


SLOPES_BY_NAME = [
    (r"\frac{\partial J}{\partial h} \circ h'(z_1)", "row"),
    (r"\delta^{(2)} W^{(2)T} \odot h^{\prime}\left(z^{(1)}\right)", "batch"),
    (r"\frac{\partial J}{\partial h_j} h'(z_{1,j})", "row"),
    ("∂J/∂h ∘ h'(z₁)", "row"),
    ("δ₂W₂ᵀ ⊙ h'(z1)", "batch"),
    ("δ₂W₂ᵀ ⊙ g'(Z₁)", "batch"),
]


@pytest.mark.parametrize(("attempt", "setup"), SLOPES_BY_NAME)
def test_a_prime_in_front_of_a_pre_activation_is_a_derivative(attempt, setup):
    assert diagnose(attempt, "dJ_dz1", setup=setup).ok
    other_layer = attempt.replace("1", "2").replace("₁", "₂")
    assert not diagnose(other_layer, "dJ_dz1", setup=setup).ok


def test_a_prime_in_front_of_an_error_is_a_transpose():
    assert diagnose(r"h'(\hat y - y)", "dJ_dW2").ok
    assert not diagnose(r"h'(\hat y - y)", "dJ_dz2").ok


@pytest.mark.parametrize(
    ("attempt", "target", "setup", "mistake"),
    [("dJ_dyhat * sigmoid_prime(z2)", "dJ_dz2", "row", "sigmoid for softmax"),
     (r"\delta_2 = \nabla_{\hat y} J \odot \sigma'(z_2) \\ h^T \delta_2", "dJ_dW2", "row",
      "sigmoid for softmax"),
     ("np.diagflat(sigmoid_prime(z2))", "dyhat_dz2", "row", "sigmoid for softmax"),
     ("h.T @ ((yhat - y) * dsigmoid(z2))", "dJ_dW2", "batch", "output slope on ŷ − y"),
     ("(ŷ − y) ∘ σ'(z₂)", "dJ_dz2", "row", "output slope on ŷ − y")],
)  # fmt: skip
def test_a_sigmoid_at_the_output_is_named(attempt, target, setup, mistake):
    assert diagnose(attempt, target, setup=setup, suggest=False).mistake.name == mistake


NETWORK = (
    "a1 = {}\na2 = softmax(a1 @ W2 + b2)\ndz2 = a2 - y\ndz1 = dz2 @ W2.T * {}\ndW1 = x.T @ dz1"
)


@pytest.mark.parametrize(
    ("activation", "slope"),
    [("np.tanh(x @ W1 + b1)", "(1 - a1**2)"), ("np.tanh(z1)", "a1 * (1 - a1)"),
     ("np.maximum(0, z1)", "(z1 > 0)"), ("relu(x @ W1 + b1)", "relu_prime(z1)")],
)  # fmt: skip
def test_lines_of_another_network_are_told_which_one_is_meant(activation, slope):
    found = diagnose(NETWORK.format(activation, slope), "dJ_dW1", setup="batch")
    assert (found.verdict, found.mistake.name) == ("value", "another activation")
    assert found.first_wrong.text == activation
    assert found.suggestion.startswith("a1 = sigmoid(")
    assert diagnose(found.suggestion, "dJ_dW1", setup="batch").ok
    assert diagnose(NETWORK.format("sigmoid(z1)", "a1 * (1 - a1)"), "dJ_dW1", setup="batch").ok


@pytest.mark.parametrize(
    ("attempt", "target", "mistake"),
    [("tanh(z₁)ᵀ (ŷ − y)", "dJ_dW2", "another activation"),
     ("a1 = np.where(z1 > 0, z1, 0)\na1.T @ (yhat - y)", "dJ_dW2", "another activation"),
     ("t = np.tanh(z1)\nout = softmax(t @ W2 + b2)\nt.T @ (out - y)", "dJ_dW2",
      "another activation"),
     # In the place of the slope it is another mistake.
     ("dJ_dh * np.tanh(z1)", "dJ_dz1", "activation for its slope"),
     ("dJ_dh * (1 - np.tanh(z1) ** 2)", "dJ_dz1", "slope of tanh")],
)  # fmt: skip
def test_tanh_is_told_from_its_slope(attempt, target, mistake):
    found = diagnose(attempt, target)
    assert found.mistake.name == mistake
    assert "tanh" not in found.suggestion


@pytest.mark.parametrize(
    ("lines", "name"),
    [("dz1 = dz2 @ W2.T * h * (1 - h)\ndz2 = yhat - y\ndW1 = x.T @ dz1", "dz2"),
     ("dW1 = x.T @ delta1\ndelta1 = (yhat - y) @ W2.T * h * (1 - h)", "delta1"),
     ("dz2 = yhat - y\ndz1 = dz2 @ W2.T * h * (1 - h)\ndW1 = x.T @ dz1\nW1 -= lr * dW1", ""),
     ("dz1 = dz2 @ W2.T * h * (1 - h)\ndW1 = x.T @ dz1", "")],
)  # fmt: skip
def test_code_that_uses_a_name_above_its_line_is_told_so(lines, name):
    found = diagnose(lines, "dJ_dW1", setup="batch")
    assert found.ok
    assert (f"{name} is used above the line" in found.remark) == bool(name)
    assert ("Python reads" in found.remark) == bool(name)
    assert not diagnose(lines.replace("1 - h", "2 - h"), "dJ_dW1", setup="batch").ok


def test_what_is_quoted_from_plain_text_is_plain_text():
    found = diagnose("∂J/∂b₂ = Σₖ (ŷₙₖ − yₙₖ)", "dJ_db2", setup="batch")
    assert "\\" not in found.message
    assert found.first_wrong.text == "Σₖ (ŷₙₖ − yₙₖ)"


def test_an_ellipsis_may_stand_for_axes():
    right = "(h[..., None] * (yhat - y)[:, None]).sum(0)"
    assert diagnose(right, "dJ_dW2", setup="batch").ok
    found = diagnose(right.replace("yhat - y", "y - yhat"), "dJ_dW2", setup="batch")
    assert found.suggestion == right
    assert not diagnose(right.replace("[:, None]", "[..., None]"), "dJ_dW2", setup="batch").ok


OTHER_ANSWERS = [
    (r"h^T (y - \hat y) \Rightarrow h^T (\hat y - y)", "sign"),
    ("hᵀ (y − ŷ) ⇒ hᵀ (ŷ − y)", "sign"),
    ("hᵀ (ŷ − y) ⇒ hᵀ (y − ŷ)", "sign"),
    ("∂J/∂W₂ = hᵀ (ŷ − y)\nhᵀ (y − ŷ)", "sign"),
    ("h.T @ (y - yhat)\nh.T @ (yhat - y)", "sign"),
    (r"h_j (y_k - \hat y_k) \Rightarrow h_j (\hat y_k - y_k)", "sign"),
    ("hᵀ (ŷ − y) / 2 ⇒ hᵀ (ŷ − y)", "factor"),
    ("h (ŷ − y) ⇒ hᵀ (ŷ − y)", "shape"),
]


@pytest.mark.parametrize(("attempt", "verdict"), OTHER_ANSWERS)
def test_two_answers_are_both_judged(attempt, verdict):
    found = diagnose(attempt, "dJ_dW2")
    assert found.verdict == verdict
    assert diagnose(found.suggestion, "dJ_dW2").ok


@pytest.mark.parametrize(
    ("attempt", "target", "loss"),
    [("ŷ − y ⇒ hᵀ (ŷ − y)", "dJ_dW2", "sum"), ("(ŷ − y)ᵀ h ⇒ hᵀ (ŷ − y)", "dJ_dW2", "sum"),
     ("hᵀ (ŷ − y) ⇒ (1/N) hᵀ (ŷ − y)", "dJ_dW2", "mean"),
     ("ŷ − y\n(ŷ − y) W₂ᵀ\n(ŷ − y) W₂ᵀ ∘ h\n(ŷ − y) W₂ᵀ ∘ h ∘ (1 − h)", "dJ_dz1", "sum"),
     # A minus behind an arrow begins the next formula.
     ("y − ŷ ⇒ −hᵀ (y − ŷ)", "dJ_dW2", "sum"), ("e = y − ŷ ⇒ −hᵀ e", "dJ_dW2", "sum"),
     (r"e = y - \hat y \implies -h^T e", "dJ_dW2", "sum")],
)  # fmt: skip
def test_steps_on_the_way_are_no_answers(attempt, target, loss):
    assert diagnose(attempt, target, setup="batch", loss=loss).ok
    wrong = re.sub(r"(.*)h", r"\1z₁" if "₁" in attempt or "ᵀ" in attempt else r"\1z_1", attempt)
    assert not diagnose(wrong, target, setup="batch", loss=loss).ok


@pytest.mark.parametrize(
    ("attempt", "target"),
    [("np.log(yhat)\nyhat - y", "dJ_dz2"), ("np.zeros_like(W2)\nh.T @ (yhat - y)", "dJ_dW2"),
     ("y * np.log(yhat)\n-y / yhat", "dJ_dyhat"), ("W2.shape\nh.T @ (yhat - y)", "dJ_dW2")],
)  # fmt: skip
def test_a_value_that_is_looked_at_is_no_answer(attempt, target):
    assert diagnose(attempt, target, setup="batch").ok
    looked_at, answer = attempt.split("\n")
    found = diagnose(f"{looked_at}\n2 * ({answer})\n{answer}", target, setup="batch")
    assert found.verdict == "factor"


@pytest.mark.parametrize(
    ("attempt", "suggestion"),
    [("e = y − ŷ ⇒ −h e", "e = y − ŷ\n⇒ −hᵀ e"),
     (r"e = y - \hat y \Rightarrow -h e", r"e = y - \hat y \\ \Rightarrow -h^T e")],
)  # fmt: skip
def test_a_mended_line_that_begins_with_a_minus_keeps_its_arrow(attempt, suggestion):
    found = diagnose(attempt, "dJ_dW2")
    assert found.suggestion == suggestion
    assert diagnose(suggestion, "dJ_dW2").ok


COLUMNS = [
    r"e = \hat y - y \\ d = W_2^T e \circ h \circ (1 - h) \\ "
    r"\frac{\partial J}{\partial W_1} = d x^T",
    "\\begin{aligned} e &= \\hat y - y \\\\ d &= W_2^T e \\circ h \\circ (1 - h) \\\\\n"
    "\\frac{\\partial J}{\\partial W_1} &= d x^T \\end{aligned}",
    "δ₂ = ŷ − y\nδ₁ = W₂ᵀ δ₂ ∘ h ∘ (1 − h)\n∂J/∂W₁ = δ₁ xᵀ",
]


ROWS = [
    r"e = \hat y - y \\ \frac{\partial J}{\partial W_1} = "
    r"x^T \left( e W_2^T \circ h \circ \left( 1 - h \right) \right)",
    "\\begin{aligned} e &= \\hat y - y \\\\\n\\frac{\\partial J}{\\partial W_1} &= "
    r"x^T \left( e W_2^T \circ h \circ \left( 1 - h \right) \right) \end{aligned}",
    "δ₂ = ŷ − y\n∂J/∂W₁ = xᵀ (δ₂ W₂ᵀ ∘ h ∘ (1 − h))",
]


@pytest.mark.parametrize(("attempt", "mended"), list(zip(COLUMNS, ROWS, strict=True)))
def test_no_wrong_line_that_nothing_uses_is_left_in_a_suggestion(attempt, mended):
    assert diagnose(attempt, "dJ_dW1").suggestion == mended
    assert diagnose(mended, "dJ_dW1").ok


@pytest.mark.parametrize(
    ("lines", "target", "mended"),
    [("dZ2 = A2 - Y\ndA1 = dZ2 @ W2.T\ndW1 = X.T @ dA1", "dJ_dW1",
      "dW1 = X.T @ (dA1 * h * (1 - h))"),
     ("dz1 = (yhat - y) @ W2.T * h * (1 - h)\ndb1 = dz1", "dJ_db1", "db1 = np.sum(dz1, axis=0)"),
     ("dh = (yhat - y) @ W2.T\ndz1 = dh\ndW1 = x.T @ dz1", "dJ_dW1", "dz1 = dh * h * (1 - h)"),
     ("dz1 = (yhat - y) @ W2.T * h * (1 - h)\ndx = dz1", "dJ_dx", "dx = dz1 @ W1.T")],
)  # fmt: skip
def test_a_right_line_is_left_as_it_is_where_a_later_one_is_mended(lines, target, mended):
    found = diagnose(lines, target, setup="batch")
    assert not found.ok
    assert lines.split("\n")[0] in found.suggestion
    assert mended in found.suggestion
    assert diagnose(found.suggestion, target, setup="batch").ok


EACH_ROW = (
    "dJ_dz2 = yhat - y\ndz2_dh = W2.T\ndJ_dh = dJ_dz2 @ dz2_dh\ndh_dz1 = h * (1 - h)\n"
    "dJ_dz1 = dJ_dh * dh_dz1\ndz1_dW1 = x\ndJ_dW1 = dz1_dW1.T @ dJ_dz1"
)


@pytest.mark.parametrize(
    ("old", "new", "ok"),
    [("dW1 = x\n", "dW1 = x\n", True), ("h * (1 - h)", "h", False), ("= W2.T", "= W2", False),
     ("dz1_dW1 = x", "dz1_dW1 = h", False), ("dJ_dh * dh_dz1", "dJ_dh", False)],
)  # fmt: skip
def test_code_for_a_batch_may_have_of_a_local_jacobian_what_each_row_has(old, new, ok):
    found = diagnose(EACH_ROW.replace(old, new), "dJ_dW1", setup="batch")
    assert found.ok == ok, found.message


def test_what_each_row_has_is_no_whole_local_jacobian():
    assert diagnose("dh_dz1 = h * (1 - h)", "dh_dz1", setup="batch").verdict == "shape"
    assert diagnose("dh_dz1 = h * (1 - h)\ndJ_dh * dh_dz1", "dJ_dz1").verdict == "shape"


def test_an_activation_that_two_lines_use_is_mended_where_it_is_said():
    lines = "h = {}(x @ W1 + b1)\nout = softmax(h @ W2 + b2)\ne = out - y\ndW2 = h.T @ e"
    found = diagnose(lines.format("np.tanh"), "dJ_dW2", setup="batch")
    assert found.suggestion == lines.format("sigmoid")
    assert diagnose(found.suggestion, "dJ_dW2", setup="batch").ok
    assert diagnose(lines.format("relu"), "dJ_dW2").mistake.name == "another activation"


@pytest.mark.parametrize(
    ("attempt", "target", "suggestion"),
    [("np.einsum('nk->n', yhat - y)", "dJ_db2", "np.einsum('nk->k', yhat - y)"),
     ("np.einsum('nk,kj->nj', yhat - y, W2)", "dJ_dh", "np.einsum('nk,jk->nj', yhat - y, W2)")],
)  # fmt: skip
def test_einsum_keeps_the_letters_of_its_arrays_where_they_are_right(attempt, target, suggestion):
    assert diagnose(attempt, target, setup="batch").suggestion == suggestion
    assert diagnose(suggestion, target, setup="batch").ok


MASKED = "dz2 = yhat - y\ndA1 = dz2 @ W2.T\ndA1[{}] = 0\ndW1 = X.T @ ({})"


@pytest.mark.parametrize(
    ("where", "last", "name"),
    [("h < 0", "dA1 * h * (1 - h)", None), ("h <= -1", "dA1 * h * (1 - h)", None),
     ("h > 1", "dA1 * h * (1 - h)", None), ("h >= 2", "dA1 * h * (1 - h)", None),
     ("z1 <= 0", "dA1 * h * (1 - h)", "another activation"),
     ("z1 < 0", "dA1", "another activation"), ("h > 0", "dA1 * h * (1 - h)", "")],
)  # fmt: skip
def test_code_may_set_entries_to_0_where_something_holds(where, last, name):
    found = diagnose(MASKED.format(where, last), "dJ_dW1", setup="batch")
    assert found.ok == (name is None), found.message
    if name:
        assert found.mistake.name == name


@pytest.mark.parametrize(
    ("line", "said"),
    [("dz2[range(N), y] -= 1", "one-hot"), ("dz2[0, 1] = 0", "not a part of one"),
     ("dz2[0] += yhat", "not a part of one"), ("dz2[y == 1] = 2", "not a part of one")],
)  # fmt: skip
def test_a_line_that_changes_a_part_of_an_array_is_told_so(line, said):
    found = diagnose(f"dz2 = yhat\n{line}\ndW2 = h.T @ dz2", "dJ_dW2", setup="batch")
    assert found.verdict == "unusable input"
    assert said in found.message
    assert ("one-hot" in found.message) == (said == "one-hot")


def test_setting_entries_to_0_changes_each_name_of_the_array():
    lines = MASKED.format("z1 <= 0", "old * h * (1 - h)").replace("dA1[", "old = dA1\ndA1[")
    assert "one array" in diagnose(lines, "dJ_dW1", setup="batch").message


@pytest.mark.parametrize(
    ("attempt", "verdict", "suggestion"),
    [
        (r"\mathbf{1}^T (\hat y - y)", "right", None),
        (r"1^\top (\hat y - y)", "right", None),
        ("1ᵀ (ŷ − y)", "right", None),
        (r"\mathbf{1}^T (y - \hat y)", "sign", r"\mathbf{1}^T (\hat y - y)"),
        (r"(\hat y - y)^T \mathbf{1}", "transposed", r"\mathbf{1}^T \left( \hat y - y \right)"),
    ],
)
def test_ones_may_be_a_column(attempt, verdict, suggestion):
    found = diagnose(attempt, "dJ_db2", setup="batch")
    assert (found.verdict, found.suggestion) == (verdict, suggestion)
    assert "𝟏 is read as a column of ones; in the book it is a row." in found.remark


def test_ones_are_a_row_where_that_is_right():
    assert "column" not in diagnose(r"\mathbf{1} (\hat y - y)", "dJ_db2", setup="batch").remark
    misfit = diagnose(r"x^T (\hat y - y) \mathbf{1}", "dJ_dW2", setup="batch")
    assert (misfit.verdict, misfit.remark) == ("shape", "")


@pytest.mark.parametrize(
    ("attempt", "target", "first_wrong", "suggestion"),
    [
        ("d2 = yhat - y\nd1 = d2 @ W2 * h * (1 - h)\ndW2 = h.T @ d2", "dJ_dW2", "d2 @ W2",
         "d2 = yhat - y\nd1 = d2 @ W2.T * h * (1 - h)\ndW2 = h.T @ d2"),
        ("dz2 = yhat - y\ndh = dz2 @ W2\ndh = dz2 @ W2.T", "dJ_dh", "dz2 @ W2",
         "dz2 = yhat - y\ndh = dz2 @ W2.T\ndh = dz2 @ W2.T"),
        ("e = ŷ − y\ng = e W₂\n∂J/∂W₂ = hᵀ e", "dJ_dW2", "e W₂",
         "e = ŷ − y\ng = e W₂ᵀ\n∂J/∂W₂ = hᵀ e"),
        (r"e = \hat y - y \\ g = h e \\ h^T e", "dJ_dW2", "h e",
         r"e = \hat y - y \\ g = h^T e \\ h^T e"),
        ("a = W1 @ W1\nh.T @ (yhat - y)", "dJ_dW2", "W1 @ W1", "h.T @ (yhat - y)"),
        (r"e = \hat y - y \\ a = W_1 W_1 \\ h^T e", "dJ_dW2", "W_1 W_1",
         r"e = \hat y - y \\ h^T e"),
    ],
)  # fmt: skip
def test_a_line_that_nothing_uses_has_to_fit_too(attempt, target, first_wrong, suggestion):
    found = diagnose(attempt, target)
    assert (found.verdict, found.first_wrong.text) == ("shape", first_wrong)
    assert found.suggestion == suggestion


@pytest.mark.parametrize(
    ("attempt", "suggestion"),
    [
        ("δ₂ = ŷ − y\n∂J/∂W₂ = z₁ᵀ δ₂", "δ₂ = ŷ − y\n∂J/∂W₂ = hᵀ δ₂"),
        (r"e = \hat y - y \\ \frac{\partial J}{\partial W_2} = x^T e",
         r"e = \hat y - y \\ \frac{\partial J}{\partial W_2} = h^T e"),
        ("e = y − ŷ\n∂J/∂W₂ = hᵀ e", "e = ŷ − y\n∂J/∂W₂ = hᵀ e"),
    ],
)  # fmt: skip
def test_a_suggestion_keeps_the_names_of_parts(attempt, suggestion):
    assert diagnose(attempt, "dJ_dW2").suggestion == suggestion


def test_dz_keeps_its_name_where_it_is_mended():
    lines = r"dz_2 = \hat y - y \\ dh = dz_2 W_2 \\ dz_1 = dh \odot h \odot (1-h)"
    found = diagnose(lines, "dJ_dz1")
    assert (found.first_wrong.text, found.suggestion) == ("dz_2 W_2", lines.replace("W_2", "W_2^T"))
    assert "In dz₂ W₂ the shapes don't fit" in found.message
    mean = {"setup": "batch", "loss": "mean"}
    found = diagnose(r"dz_2 = \hat y - y \\ dW_2 = h^T dz_2", "dJ_dW2", **mean)
    assert diagnose(found.suggestion, "dJ_dW2", **mean).ok


@pytest.mark.parametrize(
    ("attempt", "target", "setup", "first_wrong", "suggestion"),
    [
        # What a name stands for is wrong, or the use of it.
        ("q = -(yhat - y)\ndb2 = q", "dJ_db2", "row", "-(yhat - y)", "q = yhat - y\ndb2 = q"),
        ("e = y - ŷ\n∂J/∂b₂ = e", "dJ_db2", "row", "y − ŷ", "e = ŷ − y\n∂J/∂b₂ = e"),
        ("q = yhat - y\ndb2 = q", "dJ_db2", "batch", "q",
         "q = yhat - y\ndb2 = np.sum(q, axis=0)"),
        ("e = ŷ − y\n∂J/∂b₂ = e\n∂J/∂W₂ = hᵀ e", "dJ_dW2", "batch", "e",
         "e = ŷ − y\n∂J/∂b₂ = 𝟏 e\n∂J/∂W₂ = hᵀ e"),
        ("g = (yhat - y) @ W2.T\nd = g @ (h * (1 - h))\ndb1 = d", "dJ_db1", "row",
         "g @ (h * (1 - h))", "g = (yhat - y) @ W2.T\nd = g * (h * (1 - h))\ndb1 = d"),
        # Another name of one's own is meant.
        ("delta2 = yhat - y\ndelta1 = delta2 @ W2.T * h * (1 - h)\nx.T @ delta2", "dJ_dW1", "row",
         "x.T @ delta2", "delta2 = yhat - y\ndelta1 = delta2 @ W2.T * h * (1 - h)\nx.T @ delta1"),
        ("δ₂ = ŷ − y\ng = δ₂ W₂ᵀ\ns = h ∘ (1 − h)\nδ₁ = δ₂ ∘ s\nxᵀ δ₁", "dJ_dW1", "row",
         "δ₂ ∘ s", "δ₂ = ŷ − y\ng = δ₂ W₂ᵀ\ns = h ∘ (1 − h)\nδ₁ = g ∘ s\nxᵀ δ₁"),
        # A line of the forward pass is right and stays.
        ("h = sigmoid(z1)\ndz2 = h - y\ndz2 @ W2.T", "dJ_dh", "row", "h - y",
         "h = sigmoid(z1)\ndz2 = yhat - y\ndz2 @ W2.T"),
    ],
)  # fmt: skip
def test_the_line_that_is_meant_is_mended(attempt, target, setup, first_wrong, suggestion):
    found = diagnose(attempt, target, setup=setup)
    assert (found.first_wrong.text, found.suggestion) == (first_wrong, suggestion)


@pytest.mark.parametrize(
    ("attempt", "target", "setting"),
    [
        (r"\frac{\partial J}{\partial h_j} = \sum_k (\hat y_k - y_k) W_{2,kj}^T", "dJ_dh", {}),
        (r"\sum_k (\hat y_k - y_k) (W_2)_{kj}^T", "dJ_dh", {}),
        (r"\left[ (\hat y - y)^T h \right]_{ij}^T", "dJ_dW2", {}),
        (r"\sum_n h_{in}^T (\hat y_{nk} - y_{nk})", "dJ_dW2", {"setup": "batch"}),
        (r"\sum_{n=1}^N h_n^T (\hat y_n - y_n)", "dJ_dW2", {"setup": "batch"}),
        (r"\frac{1}{N} \sum_n (\hat y_n - y_n)", "dJ_db2", {"setup": "batch", "loss": "mean"}),
        (r"\sum_n h^{(n)T} (\hat y^{(n)} - y^{(n)})", "dJ_dW2", {"setup": "batch"}),
        (r"\sum_i h^{(i)}_j (\hat y_k^{(i)} - y_k^{(i)})", "dJ_dW2", {"setup": "batch"}),
        (r"z_2 = h W_2 + b_2 \\ h^T (\hat y - y)", "dJ_dW2", {"setup": "batch"}),
        ("Z₁ = X W₁ + b₁\nH = σ(Z₁)\nHᵀ (Ŷ − Y)", "dJ_dW2", {"setup": "batch"}),
    ],
)
def test_a_row_of_a_batch_and_an_entry_of_a_transpose_are_read(attempt, target, setting):
    assert diagnose(attempt, target, **setting).ok
    turned = attempt
    for labels, probabilities in (("y", r"\hat y"), ("Y", "Ŷ")):
        turned = turned.replace(probabilities, "#").replace(labels, probabilities)
        turned = turned.replace("#", labels)
    assert turned != attempt
    assert diagnose(turned, target, **setting).verdict == "sign"


@pytest.mark.parametrize(
    ("attempt", "target", "setup", "verdict"),
    [
        (r"\frac{\partial J}{\partial h_j} = \sum_k (\hat y_k - y_k) W_{2,jk}^T", "dJ_dh", "row",
         "shape"),
        (r"\sum_n h_{ni}^T (\hat y_{nk} - y_{nk})", "dJ_dW2", "batch", "shape"),
        (r"\frac{\partial J}{\partial W_{2,ij}} = \left[ h^T (\hat y - y) \right]_{ij}^T", "dJ_dW2",
         "row", "shape"),
        (r"\sum_n h_n (\hat y_n - y_n)", "dJ_dW2", "batch", "shape"),
        (r"\sum_n (\hat y_n - y_n)^T h_n", "dJ_dW2", "batch", "transposed"),
        (r"\sum_n (\hat y_n - y_n)", "dJ_db2", "row", "shape"),
        (r"z_2 = h W_2 + b_1 \\ h^T (\hat y - y)", "dJ_dW2", "batch", "unusable input"),
    ],
)  # fmt: skip
def test_their_wrong_forms_are_not_right(attempt, target, setup, verdict):
    assert diagnose(attempt, target, setup=setup).verdict == verdict


def test_a_wrong_part_in_brackets_is_quoted_with_both():
    left = r"\frac{\partial J}{\partial W_{2,ij}} = "
    found = diagnose(left + r"\left[ h^T (\hat y - y) \right]_{ij}^T", "dJ_dW2")
    assert found.first_wrong.text.count(r"\left") == found.first_wrong.text.count(r"\right")


@pytest.mark.parametrize(
    ("attempt", "target", "setup", "first_wrong", "suggestion"),
    [
        ("e = -(y - yhat)\ndW2 = e.T @ h", "dJ_dW2", "row", "e.T @ h",
         "e = -(y - yhat)\ndW2 = h.T @ e"),
        ("e = −(y − ŷ)\ng = W₂ᵀ e\ng ∘ h ∘ (1 − h)", "dJ_dz1", "batch", "W₂ᵀ e",
         "e = −(y − ŷ)\ng = e W₂ᵀ\ng ∘ h ∘ (1 − h)"),
        ("dJ_dh * h * (1 - h).T", "dJ_dz1", "row", "dJ_dh * h * (1 - h).T",
         "dJ_dh * h * (1 - h)"),
        (r"(\hat y - y) W_2^T \odot \sigma'(z_1)^T", "dJ_dz1", "row",
         r"\left( \hat y - y \right) W_2^T \circ \sigma'\left( z_1 \right)^T",
         r"(\hat y - y) W_2^T \odot \sigma'\left( z_1 \right)"),
        (r"x_i h_j (1 - h_j) \sum_k W_{2,jk} (y_k - \hat y_k)", "dJ_dW1", "row",
         r"y_{k} - \hat y_{k}", r"x_i h_j (1 - h_j) \sum_k W_{2,jk} (\hat y_{k} - y_{k})"),
    ],
)  # fmt: skip
def test_what_is_right_is_not_blamed(attempt, target, setup, first_wrong, suggestion):
    found = diagnose(attempt, target, setup=setup)
    assert (found.first_wrong.text, found.suggestion) == (first_wrong, suggestion)


@pytest.mark.parametrize(
    ("attempt", "target", "verdict"),
    [
        ("e = y − ŷ\n−hᵀ e", "dJ_dW2", "right"),
        ("e = ŷ − y\n−hᵀ e", "dJ_dW2", "sign"),
        (r"\delta_{2} = y - \hat y \\ -\delta_2 W_2^T", "dJ_dh", "right"),
        (r"\frac{\partial J}{\partial z_2} = \hat y - y \\ -h^T \frac{\partial J}{\partial z_2}",
         "dJ_dW2", "sign"),
        # The name isn't used: the row goes on with the one before.
        (r"\frac{\partial J}{\partial z_2} = \hat y \\ - y", "dJ_dz2", "right"),
        (r"h = \sigma(z_1) \\ \frac{\partial J}{\partial z_2} = -y \\ + \hat y", "dJ_dz2", "right"),
        ("2 (ŷ - y)", "dJ_dz2", "factor"),
        ("(1/2) (ŷ - y) 2", "dJ_dz2", "right"),
    ],
)  # fmt: skip
def test_a_row_that_begins_with_a_minus(attempt, target, verdict):
    assert diagnose(attempt, target).verdict == verdict


def test_an_environment_may_have_one_row():
    row = "\\begin{align}\n\\frac{\\partial J}{\\partial W_2} &= h^T (\\hat y - y)\n\\end{align}"
    assert diagnose(row, "dJ_dW2").ok
    assert diagnose(row.replace("h^T", "z_1^T"), "dJ_dW2").verdict == "value"


@pytest.mark.parametrize(
    ("attempt", "target", "setting", "verdict"),
    [
        (r"\left(\frac{\partial J}{\partial W_2}\right)^T = (\hat y - y)^T h", "dJ_dW2", {},
         "right"),
        ("(∂J/∂W₂)ᵀ = (ŷ − y)ᵀ z₁", "dJ_dW2", {}, "value"),
        (r"-\frac{\partial J}{\partial z_2} = y - \hat y", "dJ_dz2", {}, "right"),
        ("−∂J/∂z₂ = ŷ − y", "dJ_dz2", {}, "sign"),
        (r"N \frac{\partial J}{\partial W_2} = h^T (\hat y - y)", "dJ_dW2",
         {"setup": "batch", "loss": "mean"}, "right"),
        (r"2 \frac{\partial J}{\partial W_2} = h^T (\hat y - y)", "dJ_dW2", {}, "factor"),
        (r"-\frac{\partial J}{\partial z_2} = -\frac{\partial J}{\partial z_2}", "dJ_dz2", {},
         "unusable input"),
    ],
)  # fmt: skip
def test_the_left_side_may_be_turned_or_scaled(attempt, target, setting, verdict):
    assert diagnose(attempt, target, **setting).verdict == verdict


@pytest.mark.parametrize(
    ("attempt", "target", "setup", "verdict"),
    [
        ("e = y − ŷ\n∂J/∂W₂ = −hᵀ e\n−e", "dJ_db2", "row", "right"),
        ("h = σ(z₁)\n−(y − ŷ)", "dJ_db2", "row", "right"),
        ("∂J/∂b₂ = ŷ − y\n−(y − ŷ)", "dJ_db2", "row", "factor"),
        ("∂J/∂W₂ = hᵀ (ŷ − y)\n−(y − ŷ)", "dJ_dW2", "row", "shape"),
        (r"\delta_{nk} = \hat y_{nk} - y_{nk} \\ \sum_n h_{ni} \delta_{nj}", "dJ_dW2", "batch",
         "right"),
        (r"\delta_{nk} = y_{nk} - \hat y_{nk} \\ \sum_n h_{ni} \delta_{nj}", "dJ_dW2", "batch",
         "sign"),
        (r"e_{nk} = \sum_n (\hat y_{nk} - y_{nk}) \\ \frac{\partial J}{\partial b_{2,k}} = e_{nk}",
         "dJ_db2", "batch", "unusable input"),
        (r"d_j = \sum_k h_k W_{2,jk} \\ \frac{\partial J}{\partial b_{2,k}} = \hat y_k - y_k",
         "dJ_db2", "row", "unusable input"),
        (r"z_1 = x W_1 + b_1 \\ \frac{\partial J}{\partial b_2} = \mathbf{1}^T (\hat y - y)",
         "dJ_db2", "batch", "right"),
        ("∂J/∂z₂ = ŷ − y", "dJ_dh", "row", "another quantity"),
    ],
)  # fmt: skip
def test_rows_are_read_as_they_are_meant(attempt, target, setup, verdict):
    assert diagnose(attempt, target, setup=setup).verdict == verdict


def test_a_line_that_is_right_for_what_it_names_is_not_mended():
    found = diagnose("dz2 = yhat - y", "dJ_dW2")
    assert found.message == "This is ∂J/∂z₂, as its line says, and right. The target is ∂J/∂W₂."
    assert found.suggestion is None


@pytest.mark.parametrize(
    ("attempt", "target", "setup", "suggestion"),
    [
        ("def f(X, Y, W2, yhat):\n    return W2.T", "dJ_dh", "batch",
         "def f(X, Y, W2, yhat):\n    return (yhat - Y) @ W2.T"),
        ("g = (yhat - y) @ W2.T\ns = h * (1 - h)\ns", "dJ_dz1", "row",
         "g = (yhat - y) @ W2.T\ns = h * (1 - h)\ng * s"),
        (r"-h_j (1-h_j) \sum_k (\hat y_k - y_k) W_{2,jk}", "dJ_dz1", "row",
         r"h_j (1-h_j) \sum_k (\hat y_k - y_k) W_{2,jk}"),
    ],
)  # fmt: skip
def test_a_suggestion_has_the_names_that_are_there(attempt, target, setup, suggestion):
    assert diagnose(attempt, target, setup=setup).suggestion == suggestion


@pytest.mark.parametrize(
    ("attempt", "target", "verdict"),
    [
        (r"\frac{\partial J}{\partial z_{2,n}} = \hat y_n - y_n", "dJ_dz2", "right"),
        (r"\frac{\partial J}{\partial z_{2,n}} = y_n - \hat y_n", "dJ_dz2", "sign"),
        (r"\frac{\partial J}{\partial h_n} = (\hat y_n - y_n) W_2^T", "dJ_dh", "right"),
        (r"\frac{\partial J}{\partial h_n} = (\hat y_n - y_n) W_2", "dJ_dh", "shape"),
    ],
)
def test_a_gradient_may_be_said_row_by_row(attempt, target, verdict):
    assert diagnose(attempt, target, setup="batch").verdict == verdict


@pytest.mark.parametrize(
    ("attempt", "target", "setup", "suggestion"),
    [
        (r"e_k = y_k - \hat y_k \\ \frac{\partial J}{\partial b_{2,k}} = e_k", "dJ_db2", "row",
         r"e_k = \hat y_{k} - y_{k} \\ \frac{\partial J}{\partial b_{2,k}} = e_k"),
        (r"e_k = \hat y_k - y_k \\ \frac{\partial J}{\partial W_{2,jk}} = x_j e_k", "dJ_dW2", "row",
         r"e_k = \hat y_k - y_k \\ \frac{\partial J}{\partial W_{2,jk}} = h_{j} e_k"),
        (r"e_{nk} = \hat y_{nk} - y_{nk} \\ \sum_n z_{1,nj} e_{nk}", "dJ_dW2", "batch",
         r"e_{nk} = \hat y_{nk} - y_{nk} \\ \sum_n h_{nj} e_{nk}"),
    ],
)  # fmt: skip
def test_a_suggestion_in_indices_keeps_the_names_of_parts(attempt, target, setup, suggestion):
    assert diagnose(attempt, target, setup=setup).suggestion == suggestion
