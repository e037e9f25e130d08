"""A sign that stands for either product is the one whose shapes fit; else it is refused."""

import time

import pytest

from mlp_lib.equations import diagnose
from mlp_lib.equations.tables import question
from mlp_lib.equations.texts.products_by_shape import with_products_that_fit
from tests.changed import WHERE

SIGNS = [r"\times", r"\ast", "*"]
ERROR = r"(\hat y - y)"
# a formula with one sign for each product, its target, and where
FORMULAS = [
    (rf"h^T SIGN {ERROR}", "dJ_dW2"), (rf"{ERROR} SIGN W_2^T", "dJ_dh"),
    (rf"{ERROR} W_2^T SIGN h SIGN (1 - h)", "dJ_dz1"),
    (rf"x^T SIGN ({ERROR} SIGN W_2^T SIGN h SIGN (1 - h))", "dJ_dW1"),
    (rf"d = {ERROR} SIGN W_2^T \\ \delta_1 = d SIGN (h SIGN (1 - h)) \\ x^T SIGN \delta_1",
     "dJ_dW1"),
    (r"\frac{\partial J}{\partial W_{2,jk}} = \sum_n h_{nj} SIGN (\hat y_{nk} - y_{nk})", "dJ_dW2"),
    (rf"1 SIGN h^T {ERROR}", "dJ_dW2"),
    (rf"\underbrace{{h^T}}_{{H \times N}} SIGN {ERROR} \in \mathbb{{R}}^{{H \times D_y}}",
     "dJ_dW2"),
]  # fmt: skip


@pytest.mark.parametrize("sign", SIGNS)
@pytest.mark.parametrize(("formula", "target"), FORMULAS)
def test_the_product_that_fits_is_read(formula, target, sign):
    attempt = formula.replace("SIGN", sign)
    found = diagnose(attempt, target, setup="batch")
    assert found.ok, found.message
    assert f"{sign} is read as the product whose shapes fit there." in found.remark
    for right, wrong in ((r"\hat y - y", r"y - \hat y"), (r"\hat y_{nk} - y_{nk}",
                         r"y_{nk} - \hat y_{nk}")):  # fmt: skip
        attempt = attempt.replace(right, wrong)
    assert diagnose(attempt, target, setup="batch", suggest=False).verdict == "sign"


@pytest.mark.parametrize("sign", ["×", "*"])
@pytest.mark.parametrize("where", ["", "batch"])
@pytest.mark.parametrize(
    ("attempt", "target"),
    [("hᵀ SIGN (ŷ − y)", "dJ_dW2"), ("(ŷ − y) SIGN W₂ᵀ SIGN h SIGN (1 − h)", "dJ_dz1")],
)
def test_in_plain_text_too(attempt, target, where, sign):
    attempt = attempt.replace("SIGN", sign)
    found = diagnose(attempt, target, **WHERE[where])
    assert found.ok
    assert f"{sign} is read as the product whose shapes fit there." in found.remark
    wrong = diagnose(attempt.replace("ŷ − y", "y − ŷ"), target, **WHERE[where])
    assert wrong.verdict == "sign"
    assert diagnose(wrong.suggestion, target, **WHERE[where]).ok


@pytest.mark.parametrize(
    "attempt",
    [
        r"h \times (\hat y - y)", "h × (ŷ − y)", "(y − ŷ) × W₂", r"(\hat y - y) \ast W_2",
        "(ŷ − y) × q",
    ],
)  # fmt: skip
def test_where_no_product_fits_or_none_is_known_the_sign_is_refused(attempt):
    found = diagnose(attempt, "dJ_dh")
    assert found.verdict == "unusable input"
    assert "could be either product" in found.message


def test_both_products_may_fit():
    square = r"\hat y^T \hat y"
    assert with_products_that_fit(rf"({square}) * ({square})", question()) is None
    assert with_products_that_fit(r"2 * \delta_1", question()) == (r"2 \cdot  \delta_1", "*")


def test_many_signs_take_no_time():
    began = time.process_time()
    diagnose(r"h * " * 400 + "h", "dJ_dh")
    diagnose(r"(h * " * 11 + "h" + ")" * 11 + r" \\ h * h", "dJ_dh")
    assert time.process_time() - began < 3


@pytest.mark.parametrize(
    ("attempt", "target"),
    [
        ("dJ/dW1 = x^T * dJ/dz1", "dJ_dW1"), ("dJ/dW2 = h^T * (yhat - y)", "dJ_dW2"),
        ("dJ/dz1 = (yhat - y) * W2^T * h * (1 - h)", "dJ_dz1"),
        ("dz2 = yhat - y\ndz1 = dz2 * W2^T * h * (1 - h)\ndW1 = x^T * dz1", "dJ_dW1"),
        ("dJ/dz1 = dJ/dh * h * (1 - h)", "dJ_dz1"),
    ],
)  # fmt: skip
def test_a_star_beside_what_python_lacks_is_the_product_that_fits(attempt, target):
    for setup in ("row", "batch"):
        assert diagnose(attempt, target, setup=setup).ok
        lead, equals, last = attempt.rpartition(" = ")
        wrong = f"{lead}{equals}-{last}"
        assert diagnose(wrong, target, setup=setup, suggest=False).verdict == "sign"


def test_but_in_code_it_goes_entry_by_entry():
    found = diagnose("dz1 = (yhat - y) * W2.T * h * (1 - h)", "dJ_dz1", setup="batch")
    assert found.verdict == "shape"
    assert found.notation == "numpy"
    other = diagnose("dJ/dW2 = (yhat - y) * h^T", "dJ_dW2", setup="batch")
    assert not other.ok
