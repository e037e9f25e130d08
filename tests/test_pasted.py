"""What people paste: fences, prompts, numbered lists, words between formulas, other spellings."""

import re
import time

import pytest

from mlp_lib.equations import diagnose
from mlp_lib.equations.texts.pasted import derivation_in

WHERE = {
    "": {}, "batch": {"setup": "batch"}, "mean": {"setup": "batch", "loss": "mean"},
}  # fmt: skip
RIGHT = [
    ("h' @ (yhat - y)", "dJ_dW2", ""),
    ("x' @ ((yhat - y) @ W2' * h * (1 - h))", "dJ_dW1", ""),
    (r"\delta^{(2)}_k = \hat y_k - y_k \\ \frac{\partial J}{\partial W_{2,jk}} = h_j "
     r"\delta^{(2)}_k", "dJ_dW2", ""),
    (r"\delta_{2,k} = \hat y_k - y_k \\ h_j \delta_{2,k}", "dJ_dW2", ""),
    (r"h_j \delta_{2k}", "dJ_dW2", ""),
    (r"h_j \delta_k^{(2)}", "dJ_dW2", ""),
    (r"x_i \delta_{1,j}", "dJ_dW1", ""),
    (r"x_i \delta^{[1]}_j", "dJ_dW1", ""),
    (r"\frac{\partial J}{\partial h_j} = \sum_k \delta^{(2)}_k W_{jk}^{(2)}", "dJ_dh", ""),
    (r"\delta_2 W^T_2", "dJ_dh", ""),
    (r"\delta_2 W^{T}_{2}", "dJ_dh", ""),
    (r"\delta_2 (W^2)^T", "dJ_dh", ""),
    (r"\delta^2 (W^2)^T", "dJ_dh", ""),
    (r"\sum_k \delta^{(2)}_k w^{(2)}_{jk}", "dJ_dh", ""),
    (r"\nabla_{W^{(2)}} J = h^T \delta_2", "dJ_dW2", ""),
    (r"\nabla_{W_2} \mathcal{L} = h^T \delta_2", "dJ_dW2", ""),
    ("dW1 = x^T dz1", "dJ_dW1", ""),
    ("dz2 = ŷ − y\ndW2 = hᵀ dz2", "dJ_dW2", ""),
    ("dh = (yhat - y) W2^T", "dJ_dh", ""),
    ("diag(yhat) - yhat^T yhat", "dyhat_dz2", ""),
    ("(yhat-y)W2'", "dJ_dh", ""),
    ("δ₂ = ŷ − y\n\nδ₁ = δ₂ W₂ᵀ ∘ h ∘ (1 − h)\n\nxᵀ δ₁", "dJ_dW1", ""),
    ("∂J/∂W₂ =\nhᵀ (ŷ − y)", "dJ_dW2", ""),
    ("\\delta_2 = \\hat{y} - y % error\n\\frac{\\partial J}{\\partial W_2} = h^T \\delta_2",
     "dJ_dW2", ""),
    ("d = \\hat y - y % error\nh^T d", "dJ_dW2", ""),
    ("\\begin{align*}\n\\delta_2 &= \\hat{y} - y, \\\\\n\\frac{\\partial J}{\\partial W_2} "
     "&= h^T \\delta_2. \\\\\n\\end{align*}", "dJ_dW2", ""),
    ("\\begin{align}\n\\delta_2 &= \\hat{y} - y \\\\[4pt]\n\\frac{\\partial J}{\\partial "
     "W_2} &= h^T \\delta_2\n\\end{align}", "dJ_dW2", ""),
    ("\\begin{aligned}[t]\n\\delta_2 &= \\hat{y} - y \\\\\n\\frac{\\partial J}{\\partial "
     "W_2} &= h^T \\delta_2\n\\end{aligned}", "dJ_dW2", ""),
    (r"\hat y - y\;", "dJ_dz2", ""),
    (r"\hat y - y \, ,", "dJ_dz2", ""),
    ("hᵀ (ŷ − y).", "dJ_dW2", ""),
    ("hᵀ (ŷ − y);", "dJ_dW2", ""),
    ("1. δ₂ = ŷ − y\n2. hᵀ δ₂", "dJ_dW2", ""),
    ("(1) δ₂ = ŷ − y\n(2) hᵀ δ₂", "dJ_dW2", ""),
    ("1) δ₂ = ŷ − y\n2) hᵀ δ₂", "dJ_dW2", ""),
    ("Step 1: δ₂ = ŷ − y\nStep 2: ∂J/∂W₂ = hᵀ δ₂", "dJ_dW2", ""),
    ("- δ₂ = ŷ − y\n- ∂J/∂W₂ = hᵀ δ₂", "dJ_dW2", ""),
    (r"\delta_2 = \hat y - y \Rightarrow \frac{\partial J}{\partial W_2} = h^T \delta_2",
     "dJ_dW2", ""),
    (r"\delta_2 = \hat y - y \implies \frac{\partial J}{\partial W_2} = h^T \delta_2",
     "dJ_dW2", ""),
    ("δ₂ = ŷ − y ⇒ ∂J/∂W₂ = hᵀ δ₂", "dJ_dW2", ""),
    ("δ₂ = ŷ − y → ∂J/∂W₂ = hᵀ δ₂", "dJ_dW2", ""),
    (r"\therefore \frac{\partial J}{\partial W_2} = h^T (\hat y - y)", "dJ_dW2", ""),
    (r"\delta_2 \equiv \hat y - y \\ h^T \delta_2", "dJ_dW2", ""),
    (r"\boxed{\frac{\partial J}{\partial W_2} = h^T (\hat y - y)}", "dJ_dW2", ""),
    (r"\delta_2 = \hat y - y \text{ so that } \frac{\partial J}{\partial W_2} = h^T \delta_2",
     "dJ_dW2", ""),
    (r"\underbrace{(\hat y - y)}_{\text{error}} W_2^T", "dJ_dh", ""),
    (r"h^T \underbrace{(\hat y - y)}_{\frac{\partial J}{\partial z_2}}", "dJ_dW2", ""),
    (r"h^T \bigg( \hat y - y \bigg)", "dJ_dW2", ""),
    (r"h^T \biggl( \hat y - y \biggr)", "dJ_dW2", ""),
    (r"{\bf h}^{\rm T} ({\bf \hat y} - {\bf y})", "dJ_dW2", ""),
    (r"\mathbf{h}^t (\hat{\mathbf{y}} - \mathbf{y})", "dJ_dW2", ""),
    (r"h^T~(\hat y - y)", "dJ_dW2", ""),
    (r"\operatorname{Diag}(\hat y) - \hat y^T \hat y", "dyhat_dz2", ""),
    (r"x^T \boldsymbol{\delta}^{(1)}", "dJ_dW1", ""),
    (r"\frac{\partial L_{CE}}{\partial W_2} = h^T (\hat y - y)", "dJ_dW2", ""),
    (r"\frac{\partial \mathcal{L}_{CE}}{\partial W_2} = h^T (\hat y - y)", "dJ_dW2", ""),
    (r"\frac{\partial \text{Loss}}{\partial W_2} = h^T (\hat y - y)", "dJ_dW2", ""),
    (r"\frac{\partial \mathrm{CE}}{\partial W_2} = h^T (\hat y - y)", "dJ_dW2", ""),
    (r"\partial_{W_2} J = h^T (\hat y - y)", "dJ_dW2", ""),
    (r"\pdv{J}{W_2} = h^T (\hat y - y)", "dJ_dW2", ""),
    (r"h^T(\hat y-y) = \frac{\partial J}{\partial W_2}", "dJ_dW2", ""),
    ("hᵀ(ŷ−y) = ∂J/∂W₂", "dJ_dW2", ""),
    ("h.T @ (yhat - y) == dJ_dW2", "dJ_dW2", ""),
    ("∂J/∂hⱼ = ∑ₖ (ŷₖ − yₖ) W₂,ⱼₖ", "dJ_dh", ""),
    ("h⊤ (ŷ − y)", "dJ_dW2", ""),
    ("δ₂ W⁽²⁾ᵀ", "dJ_dh", ""),
    ("δ⁽²⁾ (W⁽²⁾)ᵀ", "dJ_dh", ""),
    ("hᵀ (ŷ – y)", "dJ_dW2", ""),
    ("hᵀ • (ŷ − y)", "dJ_dW2", ""),
    ("((yhat - y) * W2') .* h .* (1 - h)", "dJ_dz1", ""),
    ("h' * (yhat - y)", "dJ_dW2", ""),
    ("xT ((ŷ − y) W2T ∘ h ∘ (1 − h))", "dJ_dW1", ""),
    ("−y ⊘ ŷ", "dJ_dyhat", ""),
    ("1/m A1ᵀ (A2 − Y)", "dJ_dW2", "mean"),
    ("1/N hᵀ (ŷ − y)", "dJ_dW2", "mean"),
    (r"-y / \hat y", "dJ_dyhat", ""),
    (r"-y \oslash \hat y", "dJ_dyhat", ""),
    (r"dZ^{[2]} = A^{[2]} - Y \\ dW^{[2]} = \frac{1}{m} A^{[1]T} dZ^{[2]}", "dJ_dW2", "mean"),
    (r"dz_2 = \hat y - y \\ dW_2 = \frac{1}{m} h^T dz_2", "dJ_dW2", "mean"),
    ("jnp.sum(yhat - y, axis=0)", "dJ_db2", "batch"),
    ("jnp.outer(h, yhat - y)", "dJ_dW2", ""),
    ("dJ_dh ⊙ h ⊙ (1-h)", "dJ_dz1", ""),
    ("dJ_dh * σ(z1) * (1 - σ(z1))", "dJ_dz1", ""),
    ("return h.T @ (yhat - y)", "dJ_dW2", ""),
    ("import numpy as np\ndW2 = h.T @ (yhat - y)\nreturn dW2", "dJ_dW2", ""),
    ("dz2: np.ndarray = yhat - y\ndW2 = h.T @ dz2", "dJ_dW2", ""),
    (">>> dz2 = yhat - y\n>>> dW2 = h.T @ dz2", "dJ_dW2", ""),
    ("```python\ndW2 = h.T @ (yhat - y)\n```", "dJ_dW2", ""),
    ("`h.T @ (yhat - y)`", "dJ_dW2", ""),
    ("dW2 = self.h.T @ (yhat - y)", "dJ_dW2", ""),
    ("dz2 = yhat - y\ndW2 = h.T @ dz2\nself.W2 -= lr * dW2", "dJ_dW2", ""),
    ("dW2 = h.T @ (yhat - y)\nprint(dW2.shape)", "dJ_dW2", ""),
    ("dW2, db2 = h.T @ (yhat - y), np.sum(yhat - y, axis=0)", "dJ_dW2", ""),
    ("np.sum(yhat - y, axis=0, keepdims=1)", "dJ_db2", "batch"),
    ("softmax(z2, axis=1) - y", "dJ_dz2", "batch"),
    ("h.T @ (yhat – y)", "dJ_dW2", ""),
    ("h.mT @ (yhat - y)", "dJ_dW2", ""),
    ("h.T @ (yhat − y)", "dJ_dW2", ""),
]  # fmt: skip
# The error at the output in each spelling, and turned round.
ERROR = re.compile(
    r"(\\hat\s*\{?y\}?|\\hat\{\\mathbf\{y\}\}|\{\\bf \\hat y\}|ŷ|yhat|A2|A\^\{\[2\]\})"
    r"(_k|ₖ)?(\s*&?[-−–]\s*)(\\mathbf\{y\}|\{\\bf y\}|y|Y)(_k|ₖ)?(?!hat)"
)


def turned(text: str) -> str:
    """Return the text with y − ŷ for ŷ − y, wherever that stands."""
    return ERROR.sub(
        lambda m: f"{m[4]}{m[5] or ''}{m[3]}{m[1]}{m[2] or ''}", text
    )


@pytest.mark.parametrize(("attempt", "target", "where"), RIGHT)
def test_what_is_pasted_is_read(attempt, target, where):
    found = diagnose(attempt, target, **WHERE[where])
    assert found.ok, found.message


@pytest.mark.parametrize(
    ("attempt", "target", "where"), [case for case in RIGHT if turned(case[0]) != case[0]]
)
def test_a_sign_in_what_is_pasted_is_found(attempt, target, where):
    found = diagnose(turned(attempt), target, **WHERE[where], suggest=False)
    assert found.mistake is not None, found.message
    assert found.mistake.name.startswith("sign"), found.message


def test_most_of_what_is_pasted_can_be_turned():
    assert sum(turned(attempt) != attempt for attempt, *_ in RIGHT) > 60


FUNCTION = '''
import numpy as np

def backward(x, y, cache):
    """Return the gradients."""
    A1, A2 = cache["A1"], cache['A2']
    dz2 = A2 - y
    self.W2 -= lr * A1.T @ dz2
    print("done")
    return A1.T @ dz2
'''
ASIDE = [
    (FUNCTION, "dJ_dW2", ""),
    ("dz2 = yhat - y  # the error\ngrads['dW2'] = h.T @ dz2", "dJ_dW2", ""),
    ("dz2 = yhat - y\ndW2 = h.T @ dz2\nassert dW2.shape == W2.shape\nreturn dW2, dz2",
     "dJ_dW2", ""),
    (r"\begin{aligned} e &= \hat y - y \\ \underbrace{h^T e}_{H \times D_y} \end{aligned}",
     "dJ_dW2", ""),
    ("- (y − ŷ) W₂ᵀ", "dJ_dh", ""),
    ("-(y - yhat)", "dJ_dz2", ""),
    (r"\overbrace{\hat y - y}^{\text{error}} W_2^T", "dJ_dh", ""),
]  # fmt: skip


@pytest.mark.parametrize(("attempt", "target", "where"), ASIDE)
def test_what_stands_aside_says_nothing(attempt, target, where):
    assert diagnose(attempt, target, **WHERE[where]).ok


@pytest.mark.parametrize(
    "text",
    [
        "- a\nb", "1. a\nb", "(1 - h) * x", "so_far = h", "x @ then",
        r"\underbrace{x}_{1 \times D_x}",
        "np.where(y, h, x)", "h.T @ (yhat - y)", "a = 1.\nb = a * 2.",
    ],
)  # fmt: skip
def test_what_belongs_to_a_formula_stays(text):
    assert derivation_in(text) == text


def test_an_underbrace_that_says_a_wrong_shape_is_still_refused():
    found = diagnose(r"\underbrace{h^T (\hat y - y)}_{D_y \times H}", "dJ_dW2")
    assert found.verdict == "shape"
    assert found.message.endswith("H×D_y is said to be D_y×H.")
    assert diagnose(r"\underbrace{h^T (\hat y - y)}_{H \times D_y}", "dJ_dW2").ok


@pytest.mark.parametrize(
    "text",
    [" " * 1900 + "x", "x" + " " * 1900, "\n" * 1900 + "x", "x ,; " * 380, r"\text{" * 380,
     r"\underbrace{" * 160, r"\boxed{x}_" * 190, r"\\ " * 600, "```\n" * 480, "1. \n" * 480,
     "so then hence " * 130, r"\quad " * 310, "a = \n" * 380, "∴" * 1900, "'" * 1900, ".*" * 950,
     "W^{(1)}_" * 240, r"\delta_k^{(2)" * 150, "δ_k = x\n" * 200],
    ids=lambda text: text[:8].strip() or "spaces",
)  # fmt: skip
def test_much_of_what_stands_aside_takes_no_time(text):
    began = time.process_time()
    diagnose(text, "dJ_dW1", suggest=False)
    assert time.process_time() - began < 2


def test_a_part_in_letters_may_be_used_with_others():
    lines = r"\delta_k = \sum_j h_j W_{2,jk} - y_k \\ h_i \delta_"
    assert diagnose(lines + "k", "dJ_dW2").verdict == "value"
    for letter in ("j", "i"):
        found = diagnose(lines + letter, "dJ_dW2")
        if letter == "j":
            assert "one is summed over there" in found.message
        else:
            assert found.verdict in ("value", "shape")
    assert diagnose(r"\delta_k = \hat y_k - y_k \\ h_i \delta_j", "dJ_dW2").ok
    wrong = diagnose(r"\delta_k = y_k - \hat y_k \\ h_i \delta_j", "dJ_dW2")
    assert wrong.mistake.name == "sign"


def test_the_error_of_a_mean_may_leave_the_1_over_N_to_a_later_line_in_latex():
    lines = r"dz_2 = \hat y - y \\ dW_2 = {} h^T dz_2"
    where = WHERE["mean"]
    assert diagnose(lines.replace("{}", r"\frac{1}{m}"), "dJ_dW2", **where).ok
    assert diagnose(lines.replace("{}", ""), "dJ_dW2", **where).verdict == "factor"
    once = lines.replace(r"\hat y - y", r"\frac{1}{N}(\hat y - y)").replace("{}", "")
    assert diagnose(once, "dJ_dW2", **where).ok
    said = r"\frac{\partial J}{\partial z_2} = \hat y - y \\ \frac{1}{N} h^T (\hat y - y)"
    assert not diagnose(said, "dJ_dW2", **where).ok


def test_an_arrow_may_follow_the_space_behind_a_row():
    text = (
        "\\begin{align}\n\\delta^{(2)} &= \\hat{\\mathbf{y}} - \\mathbf{y} \\\\[4pt]\n"
        "\\Rightarrow \\frac{\\partial L}{\\partial W^{(2)}} &= h^T \\delta^{(2)}\n\\end{align}"
    )
    assert diagnose(text, "dJ_dW2").ok
    assert diagnose(text.replace("h^T", "h"), "dJ_dW2").verdict == "shape"
    # What stands in brackets behind a row is a length, or else a part of the formula.
    assert not diagnose(r"\hat y \\ [1 x] - y", "dJ_dz2").ok


@pytest.mark.parametrize(
    ("text", "read"),
    [(r"\boxed{(a) + (b)}", r"\left( (a) + (b) \right)"), (r"\boxed{(a + b)}", "(a + b)"),
     (r"\boxed{\left[ a + b \right]}", r"\left[ a + b \right]"), (r"\boxed{h_{j}}", "h_{j}"),
     (r"\boxed{a b}", r"\left( a b \right)"), (r"\boxed{a = b}", "a = b")],
)  # fmt: skip
def test_what_stood_in_a_box_keeps_together(text, read):
    assert derivation_in(text) == read


@pytest.mark.parametrize(
    ("lines", "ok"),
    [(r"\delta_{2,k} = \hat y_k - y_k \\ h_i \delta_{2,j}", True),
     (r"\delta_{2,k} = y_k - \hat y_k \\ h_i \delta_{2,j}", False),
     # One layer's error is not the other's.
     (r"\delta_{1,k} = y_k - \hat y_k \\ h_i \delta_{2,j}", True)],
)  # fmt: skip
def test_a_part_of_a_layer_may_be_used_with_another_letter(lines, ok):
    assert diagnose(lines, "dJ_dW2").ok == ok


def test_values_of_a_tuple_that_use_its_names_have_what_they_were_before():
    lines = "e = yhat - y\ne, t, dW2 = 2 * e, 1, h.T @ e"
    assert diagnose(lines, "dJ_dW2").ok
    assert diagnose(lines.replace("yhat - y", "y - yhat"), "dJ_dW2").verdict == "sign"
    assert diagnose(lines.replace("2 * e, 1, h.T", "1, h.T, 2 * h.T"), "dJ_dW2").verdict == "factor"
    unknown = lines.removeprefix("e = yhat - y\n")
    assert "given and used in one line" in diagnose(unknown, "dJ_dW2").message
    assert diagnose("e, t, W = yhat - y, h, W2\ndW2 = t.T @ e", "dJ_dW2").ok


HELD = 'dZ2 = cache["A2"] - Y\ndW2 = np.dot({}, dZ2)'


def test_a_suggestion_has_the_arrays_where_the_reader_holds_them():
    found = diagnose(HELD.format('cache["A1"]'), "dJ_dW2", setup="batch")
    assert found.suggestion == HELD.format('cache["A1"].T')
    assert found.first_wrong.text == 'np.dot(cache["A1"], dZ2)'
    start, end = found.first_wrong.span
    assert found.attempt[start:end] == found.first_wrong.text
    assert diagnose(found.suggestion, "dJ_dW2", setup="batch").ok
    lines = "d = self.yhat - y\ndW1 = x.T @ (d @ self.W2 * self.h * (1 - self.h))"
    suggestion = diagnose(lines, "dJ_dW1", setup="batch").suggestion
    assert suggestion == lines.replace("self.W2", "self.W2.T")


def test_an_array_with_a_name_of_its_own_keeps_it():
    lines = "A1 = cache['A1']\ndW2 = A1 @ (yhat - y)"
    assert diagnose(lines, "dJ_dW2").suggestion == "dW2 = A1.T @ (yhat - y)"


ON_ONE_LINE = [
    r"$$\delta_2 = \hat y - y$$ $$\frac{\partial J}{\partial W_2} = h^T \delta_2$$",
    r"\[ \delta_2 = \hat y - y \] \[ \frac{\partial J}{\partial W_2} = h^T \delta_2 \]",
    r"\delta_2 = \hat y - y, \frac{\partial J}{\partial W_2} = h^T \delta_2",
    "δ₂ = ŷ − y, ∂J/∂W₂ = hᵀ δ₂",
]


@pytest.mark.parametrize("attempt", ON_ONE_LINE)
def test_equations_may_stand_behind_one_another(attempt):
    assert diagnose(attempt, "dJ_dW2").ok
    found = diagnose(turned(attempt), "dJ_dW2")
    assert found.mistake.name == "sign"
    assert diagnose(found.suggestion, "dJ_dW2").ok


@pytest.mark.parametrize("attempt", ["hᵀ (ŷ − y), N = 1", r"h_j (\hat y_k - y_k), k = 1, \dots, K"])
def test_a_range_behind_a_comma_is_no_equation(attempt):
    assert diagnose(attempt, "dJ_dW2").verdict == "unusable input"


@pytest.mark.parametrize(
    ("attempt", "target", "wrong"),
    [(r"\frac{e^{z_{2,k}}}{\sum_l e^{z_{2,l}}} - y_k", "dJ_dz2", "2,l}}}"),
     (r"\frac{\partial J}{\partial h} \circ \frac{e^{-z_1}}{(1 + e^{-z_1})^2}", "dJ_dz1", "^2")],
)  # fmt: skip
def test_e_with_a_pre_activation_above_it_is_the_exponential(attempt, target, wrong):
    assert diagnose(attempt, target).ok
    assert not diagnose(attempt.replace(wrong, wrong.replace("2", "1")), target).ok
    assert diagnose(r"e = \hat y - y \\ h^T e", "dJ_dW2").ok


@pytest.mark.parametrize(
    ("last", "verdict"),
    [
        ("return dW2", "right"),
        ("dW2", "right"),
        ("dW2.shape", "right"),
        ("dz2.sum(axis=0)", "right"),
        ("return dz2 @ W2.T", "right"),
        ("return dz2 @ W2.T * h", "shape"),
        ("return dW2.T", "transposed"),
        ("dW2.T", "transposed"),
        ("return -dW2", "sign"),
        ("return (yhat - y).T @ h", "transposed"),
        ("return 0.5 * dW2", "factor"),
        ("return h", "another quantity"),
        ("total = dz2.sum(axis=1)", "right"),
    ],
)
def test_what_the_last_line_returns_is_the_answer(last, verdict):
    lines = f"def gradient(x, y):\n    dz2 = yhat - y\n    dW2 = h.T @ dz2\n    {last}"
    assert diagnose(lines, "dJ_dW2", setup="batch").verdict == verdict


def test_another_gradient_may_be_returned():
    layer = "dz2 = yhat - y\ndW2 = h.T @ dz2\nreturn dz2 @ W2.T"
    assert "The last line is ∂J/∂h." in diagnose(layer, "dJ_dW2", setup="batch").remark


def test_a_returned_gradient_may_be_refined():
    mean = {"setup": "batch", "loss": "mean"}
    assert diagnose("dW2 = h.T @ (yhat - Y)\nreturn dW2 / N", "dJ_dW2", **mean).ok
    assert diagnose("dW2 = h.T @ (yhat - Y)\nreturn dW2", "dJ_dW2", **mean).verdict == "factor"
    wrong = diagnose("dz2 = y - yhat\ndW2 = h.T @ dz2\nreturn dW2 / N", "dJ_dW2", **mean)
    assert wrong.first_wrong.text == "y - yhat"


@pytest.mark.parametrize(
    ("attempt", "target", "mistake", "suggestion"),
    [
        ("(yhat - Y).sum(axis=1)", "dJ_db2", "bias summed over the wrong axis",
         "(yhat - Y).sum(axis=0)"),
        ("dz2 = yhat - Y\ndz2.sum(1)", "dJ_db2", "bias summed over the wrong axis",
         "dz2 = yhat - Y\ndz2.sum(0)"),
        ("np.sum(yhat - Y, axis=0) @ W2.T", "dJ_dh", "examples summed too early",
         "(yhat - Y) @ W2.T"),
        ("𝟏 (ŷ − y) W₂ᵀ ∘ h ∘ (1 − h)", "dJ_dz1", "examples summed too early",
         "(ŷ − y) W₂ᵀ ∘ h ∘ (1 − h)"),
        ("yhat = sigmoid(h @ W2 + b2)\ndz2 = yhat - y", "dJ_dz2", "sigmoid for softmax",
         "yhat = softmax(h @ W2 + b2)\ndz2 = yhat - y"),
        ("e = yhat - y\nW2 += lr * h.T @ e", "dJ_dW2", "sign",
         "e = yhat - y\nW2 -= lr * h.T @ e"),
        ("dz2 = yhat - y\nd = dz2\nd /= N", "dJ_dz2", "1/N too much",
         "dz2 = yhat - y\nd = dz2"),
    ],
)  # fmt: skip
def test_the_smallest_fix_is_in_the_readers_own_way(attempt, target, mistake, suggestion):
    found = diagnose(attempt, target, setup="batch")
    assert (found.mistake.name, found.suggestion) == (mistake, suggestion)


def test_a_mean_is_divided_by_the_readers_own_n():
    found = diagnose("probs - y / N", "dJ_dz2", setup="batch", loss="mean")
    assert found.suggestion == "(probs - y) / N"
