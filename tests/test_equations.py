"""LaTeX is parsed into a tree whose shapes and values are checked."""

import pytest

from mlp_lib.equations import EquationError, check, question
from mlp_lib.equations.latex import MAX_LENGTH

ASKED = (
    r"\frac{\partial J}{\partial \boldsymbol{W_1}} = \left( \hat{\boldsymbol{y}} - \boldsymbol{y}"
    r" \right) \cdot W_2^T \circ h \circ (1 -h) \cdot"
    r" \frac{\partial \boldsymbol{z_1}}{\partial \boldsymbol{W_1}}"
)

RIGHT = [
    ASKED,
    r"\frac{\partial J}{\partial W_1} ="
    r" x^T \left[ (\hat y - y) W_2^T \circ h \circ (1 - h) \right]",
    r"\frac{\partial z_{1,k}}{\partial W_{1,ij}} = x_i \delta_{kj}",
    r"\left[\frac{\partial J}{\partial W_1}\right]_{ij} ="
    r" \sum_k \frac{\partial J}{\partial z_{1,k}}"
    r" \frac{\partial z_{1,k}}{\partial W_{1,ij}} = x_i \frac{\partial J}{\partial z_{1,j}}",
    r"J = -\sum_{k=1}^{D_y} y_k \log \hat y_k",
    r"W_1 \in \mathbb{R}^{D_x\times H}",
    r"\underbrace{\hat y - y}_{1\times D_y} = \frac{\partial J}{\partial z_2}",
    r"\begin{aligned} z_1 &= x W_1 + b_1 \\ h &= \sigma(z_1) \end{aligned}",
    r"\frac{\partial}{\partial h}\left[h W_2 + b_2\right] = W_2^T",
    r"\operatorname{vec}(x W_1) = (I_H \otimes x) \operatorname{vec}(W_1)",
    r"\frac{\partial h}{\partial z_1} = \operatorname{diag}(h \circ (1-h))",
    r"\frac{\partial \hat y}{\partial z_2} = \operatorname{diag}(\hat y) - \hat y^T \hat y",
    r"\sigma'(z_1) = h \circ (1-h)",
    r"\sigma(z_1)^2 = h \circ h",
    r"J = -\log \exp \left( \sum_k y_k \log \hat y_k \right)",
]
WRONG = [
    (ASKED.replace("W_2^T", "W_2"), "shape"),
    (ASKED.replace("(1 -h)", "(1 +h)"), "value"),
    (r"\frac{\partial J}{\partial W_1} = (y - \hat y) W_2^T \circ h \circ (1-h) x", "shape"),
    (r"\frac{\partial z_{1,k}}{\partial W_{1,ij}} = x_i \delta_{ki}", "shape"),
    (r"\frac{\partial \hat y}{\partial z_2} = \operatorname{diag}(\hat y)", "value"),
    (r"\underbrace{\hat y - y}_{1\times H} = \frac{\partial J}{\partial z_2}", "shape"),
    (r"z_1 = x W_1 + b_1 = x W_1", "value"),
    (r"W_1 \in \mathbb{R}^{H\times D_x}", "shape"),
    (r"\sigma(z_1)^2 = \sigma(z_1 \circ z_1)", "value"),
    (r"J = -\sum_{k=1}^{H} y_k \log \hat y_k", "shape"),
    (r"\operatorname{vec}(x W_1) = (x \otimes I_H) \operatorname{vec}(W_1)", "shape"),
]


@pytest.mark.parametrize("text", RIGHT)
def test_right_equation_holds(text):
    assert check(text).holds


@pytest.mark.parametrize(("text", "failure"), WRONG)
def test_wrong_equation_fails_for_its_reason(text, failure):
    report = check(text)
    assert (report.holds, report.failure) == (False, failure)


@pytest.mark.parametrize(
    ("reduction", "text", "holds"),
    [
        (
            "sum",
            r"\frac{\partial J}{\partial b_1} = \mathbf{1} \frac{\partial J}{\partial z_1}",
            True,
        ),
        ("sum", r"\frac{\partial J}{\partial z_2} = \hat y - y", True),
        ("mean", r"\frac{\partial J}{\partial z_2} = \frac{1}{N} (\hat y - y)", True),
        ("mean", r"\frac{\partial J}{\partial z_2} = \hat y - y", False),
        ("sum", r"\frac{\partial J}{\partial b_1} = \frac{\partial J}{\partial z_1}", False),
    ],
)
def test_batch(reduction, text, holds):
    assert check(text, question("N", reduction)).holds is holds


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("z_1 = Q", "unknown symbol Q; known here: D_x"),
        ("z_1 = x W_1 + )", "cannot read the formula here"),
        (r"z_1 = \frac{x", "cannot read the formula here"),
        (r"z_1 = \newcommand", "cannot read the formula here"),
        ("x" * (MAX_LENGTH + 1), "at most"),
        ("(" * 100 + "x" + ")" * 100, "brackets deep"),
        (r"W_1^{99} = W_1", "not a whole number up to 9"),
    ],
)
def test_unreadable_text_is_refused_with_the_place(text, message):
    with pytest.raises(EquationError) as caught:
        check(text)
    assert message in str(caught.value)
