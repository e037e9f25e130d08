"""LaTeX as it is found elsewhere: what stands around formulas, and other spellings."""

import time

import pytest

from mlp_lib.equations import diagnose
from mlp_lib.equations.texts.surroundings import formula_alone
from tests.changed import TURNED, TURNED_IN_LETTERS, Change, assert_only_as_it_stands

WEIGHTS = r"\frac{\partial J}{\partial W_2} = h^T (\hat y - y)"
JACOBIAN = r"\frac{\partial \hat y_j}{\partial z_{2,k}} = \hat y_j ("
# an attempt that is right, its target, what is changed in it, by what, and what that is called
READ = [
    # The number of an equation.
    (WEIGHTS + r" \qquad (2)", "dJ_dW2", "", TURNED),
    (WEIGHTS + r" \hfill (4.2a)", "dJ_dW2", "", TURNED),
    (WEIGHTS + r", \quad (*)", "dJ_dW2", "", TURNED),
    (WEIGHTS + r" \hspace{1cm} \text{(2)}", "dJ_dW2", "", TURNED),
    (WEIGHTS + r" \qquad (Eq. 2)", "dJ_dW2", "", TURNED),
    (WEIGHTS + r" \quad [iv]", "dJ_dW2", "", TURNED),
    (WEIGHTS + r" \eqno(2)", "dJ_dW2", "", TURNED),
    (WEIGHTS + r" \tag*{(2)}", "dJ_dW2", "", TURNED),
    (r"h^T (\hat y - y) \quad (2)", "dJ_dW2", "",
     ("h^T", r"\tfrac12 h^T", "factor")),
    (r"\begin{align} \delta &= \hat y - y & (1) \\ \frac{\partial J}{\partial W_2} &= h^T \delta "
     r"&& (2) \end{align}", "dJ_dW2", "", TURNED),
    (r"(1) \quad \delta = \hat y - y \\ (2) \quad h^T \delta", "dJ_dW2", "", TURNED),
    # Two equations on one line.
    (r"\delta = \hat y - y \quad \frac{\partial J}{\partial W_2} = h^T \delta", "dJ_dW2", "",
     TURNED),
    (r"\delta = \hat y - y, \qquad \frac{\partial J}{\partial W_2} = h^T \delta \qquad (2)",
     "dJ_dW2", "", TURNED),
    (r"\delta = \hat y - y; \frac{\partial J}{\partial W_2} = h^T \delta", "dJ_dW2", "", TURNED),
    (r"\delta = \hat y - y \quad (1) \qquad \frac{\partial J}{\partial W_2} = h^T \delta",
     "dJ_dW2", "", TURNED),
    (r"\delta = \hat y - y \quad\text{and}\quad \frac{\partial J}{\partial W_2} = h^T \delta",
     "dJ_dW2", "", TURNED),
    (r"\frac{\partial J}{\partial W_1} = x^T a, \text{ where } a = b \odot h \odot (1-h), \quad "
     r"b = (\hat y - y) W_2^T", "dJ_dW1", "", TURNED),
    ("δ = ŷ − y; ∂J/∂W₂ = hᵀ δ", "dJ_dW2", "", ("ŷ − y", "y − ŷ", "sign")),
    (r"h^T \, (\hat y - y) = \frac{\partial J}{\partial W_2}", "dJ_dW2", "", TURNED),
    # Derivatives, and the loss.
    (r"\nabla_{\hat{y}} J = -y / \hat y", "dJ_dyhat", "", ("= -y", "= y", "sign")),
    (r"\nabla_{W_{2}} J(\theta) = h^T (\hat y - y)", "dJ_dW2", "", TURNED),
    (r"\frac{\mathrm dJ}{\mathrm dh} = (\hat y - y) W_2^T", "dJ_dh", "", TURNED),
    (r"\frac{\partial CE(y, \hat y)}{\partial h} = (\hat y - y) W_2^T", "dJ_dh", "", TURNED),
    (r"\frac{\partial J(\theta)}{\partial h} = (\hat y - y) W_2^T", "dJ_dh", "", TURNED),
    (r"{\partial J \over \partial W_2} = {1 \over N} h^T (\hat y - y)", "dJ_dW2", "mean",
     (r"{1 \over N} ", "", "1/N missing")),
    (r"\tfrac1N \times h^T (\hat y - y)", "dJ_dW2", "mean", TURNED),
    # Letters side by side, layers above letters, transposes.
    (r"(\hat y-y)W_2^T \odot \sigma'(XW_1+b_1)", "dJ_dz1", "", (r"\sigma'", r"\sigma", "slope")),
    (r"\frac{\partial C}{\partial W^2_{jk}} = a^1_j (a^2_k - y_k)", "dJ_dW2", "",
     ("a^2_k - y_k", "y_k - a^2_k", "sign")),
    (r"\frac{\partial C}{\partial W_{jk}^2} = a^{1}_j \delta_k^2", "dJ_dW2", "",
     ("= a", "= -a", "sign")),
    (r"\delta^2 = a^2 - y \\ \delta^1 = \delta^2 (w^2)^T \odot \sigma'(z^1) \\ "
     r"\frac{\partial C}{\partial w^1_{ij}} = x_i \delta^1_j", "dJ_dW1", "",
     ("a^2 - y", "y - a^2", "sign")),
    (r"(a^1)^T (a^{2} - y)", "dJ_dW2", "", ("a^{2} - y", "y - a^{2}", "sign")),
    (r"\left( \delta^{(2)T} h \right)^T", "dJ_dW2", "", (r" \right)^T", r" \right)", "transpose")),
    (r"\sum_k (\hat y_k - y_k) W^T_{2,kj}", "dJ_dh", "", TURNED_IN_LETTERS),
    (r"\sum_k (\hat y_k - y_k) W^{(2)\top}_{kj}", "dJ_dh", "", ("_{kj}", "_{jk}", "index")),
    (r"(\hat y - y) W^{(2)^\top}", "dJ_dh", "", TURNED),
    (r"(\hat y - y) W^{(2)}{}^\top", "dJ_dh", "", TURNED),
    (r"(\hat y - y) W^{(2)\,\top}", "dJ_dh", "", TURNED),
    (r"\vec\delta = \hat y - y \\ h^T \vec\delta", "dJ_dW2", "", TURNED),
    # Slopes and squares.
    (r"(\hat Y-Y) W^{[2]T} \odot g^{[1]\prime}(Z^{[1]})", "dJ_dz1", "batch",
     (r"\hat Y-Y", r"Y-\hat Y", "sign")),
    (r"(\hat Y-Y) W^{[2]T} \odot g^{[1]'}(Z^{[1]})", "dJ_dz1", "batch",
     (r"\hat Y-Y", r"Y-\hat Y", "sign")),
    (r"(\hat y - y) W_2^T \odot \phi'(z_1)", "dJ_dz1", "", TURNED),
    (r"(\hat y - y) W_2^T \odot (\sigma(z_1) - \sigma^2(z_1))", "dJ_dz1", "",
     (r"\sigma(z_1) - \sigma^2(z_1)", r"\sigma^2(z_1) - \sigma(z_1)", "sign")),
    (r"\frac{\partial J}{\partial h} \odot (h - h^2)", "dJ_dz1", "",
     ("h - h^2", "1 - h^2", "tanh")),
    (r"a_j = \sigma(z_{1,j}) \\ \frac{\partial J}{\partial h_j} (a_j - a_j^2)", "dJ_dz1", "",
     ("a_j - a_j^2", "a_j^2 - a_j", "sign")),
    (r"a = \sigma(z_1) \\ \frac{\partial J}{\partial h} \odot (a - a^2)", "dJ_dz1", "",
     ("a - a^2", "1 - a^2", "tanh")),
    # Kronecker's delta.
    *((JACOBIAN + same + r" - \hat y_k)", "dyhat_dz2", "",
       (same + r" - \hat y_k", r"\hat y_k - " + same, "sign"))
      for same in (r"\mathbb{1}[j=k]", r"1_{j=k}", r"\mathbf 1_{j=k}", r"\mathbb 1_{\{j=k\}}",
                   r"\mathbf{1}\left[ j = k \right]", r"\mathbb{I}(j=k)", "[j=k]")),
    # What stands around a formula.
    (r"\begin{equation}\label{eq:dW2} " + WEIGHTS + r"\end{equation}", "dJ_dW2", "", TURNED),
    (WEIGHTS + r" \label{eq:dJ/dW2 = 3}", "dJ_dW2", "", TURNED),
    (r"\frac{\partial J}{\partial W_2} \overset{\text{chain rule}}{=} h^T (\hat y - y)",
     "dJ_dW2", "", TURNED),
    (r"\frac{\partial J}{\partial W_2} \stackrel{(1)}{=} h^T (\hat y - y) \notag", "dJ_dW2", "",
     TURNED),
    (r"{\color{red} h^T} \textcolor{blue}{(\hat y - y)}", "dJ_dW2", "", TURNED),
    (r"\begin{array}{rcl} \delta & = & \hat y - y \\ \frac{\partial J}{\partial W_2} & = & h^T "
     r"\delta \end{array}", "dJ_dW2", "", TURNED),
    (WEIGHTS + r" \quad \text{(outer product)}", "dJ_dW2", "", TURNED),
    (WEIGHTS + r" \text{, since } z_2 = h W_2 + b_2", "dJ_dW2", "", TURNED),
    (r"\text{Chain rule: } " + WEIGHTS, "dJ_dW2", "", TURNED),
    (r"$$\delta = \hat y - y$$ and so $$\frac{\partial J}{\partial W_2} = h^T\delta$$", "dJ_dW2",
     "", TURNED),
    (r"\[\frac{\partial J}{\partial W_2} = h^T\delta\] where \[\delta = \hat y - y\]", "dJ_dW2",
     "", TURNED),
    (r"We have $\delta = \hat y - y$, so $\frac{\partial J}{\partial W_2} = h^T\delta$.", "dJ_dW2",
     "", TURNED),
]  # fmt: skip


@pytest.mark.parametrize(("attempt", "target", "where", "change"), READ)
def test_latex_of_another_hand_is_read_and_mended(attempt, target, where, change):
    assert_only_as_it_stands(attempt, target, where, Change(*change))


@pytest.mark.parametrize(
    ("attempt", "target", "words"),
    [
        (r"h^T (\hat y - y) (2)", "dJ_dW2", "This is 2 times"),
        (r"2 \quad h^T (\hat y - y)", "dJ_dW2", "This is 2 times"),
        (r"\nabla_{z_2} J (\hat y - y)", "dJ_dh", "the shapes don't fit"),
        (r"h^T \textcolor{red}{\hat y - y}", "dJ_dW2", "the shapes don't fit"),
    ],
)  # fmt: skip
def test_what_belongs_to_a_formula_is_read_with_it(attempt, target, words):
    assert words in diagnose(attempt, target).message


@pytest.mark.parametrize(
    ("text", "alone"),
    [
        (r"a \label{eq:{x}} b", "a   b"),
        (r"{a {b} \over {c}} d", r"\frac{a {b}}{{c}} d"),
        (r"{{1 \over a} \over b}", r"\frac{\frac{1}{a}}{b}"),
        (r"\color{red}{a} b", " a  b"),
        (r"\overset{a}{b}", r"\overset{a}{b}"),
        (r"f(2)", "f(2)"),
        (r"a \over b", r"a \over b"),
        (r"\textcolor{red}", r"\textcolor{red}"),
    ],
)  # fmt: skip
def test_only_what_stands_around_a_formula_goes(text, alone):
    assert formula_alone(text) == alone


@pytest.mark.parametrize(
    "text",
    [r"\label{" * 280, r"\over" * 390 + "{" * 40, "{" * 700 + r"\over" * 250, r"\quad (1)" * 220,
     r"\quad " * 320 + "(1", r"\text{ a b" * 190, "$$a=b$$ x " * 190, "$" * 1999, ";" * 1999,
     r"\color{a}" * 200, r"{\color{" * 240, r"\begin{array}{r}" * 120, "[a=a" * 490,
     r"\frac1" * 330, r"\nabla_{{" * 220, "a^1" * 650, "W_{ab}^" * 280, "J(" * 990,
     r"\overset{a}" * 180, "1_{" * 650, r"\sum^{" * 330, r"\text{:" * 280, "=;" * 990,
     r"\delta_{a," * 200, r"\frac{" * 330, r"\[a" * 660, "a=b$a" * 400],
    ids=lambda text: text[:9],
)  # fmt: skip
def test_much_around_a_formula_takes_no_time(text):
    began = time.process_time()
    diagnose(text, "dJ_dW1", suggest=False)
    assert time.process_time() - began < 1
