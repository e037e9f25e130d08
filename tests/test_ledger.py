"""The ledger says what each sub-expression is, from the chapter's own text."""

import json
from pathlib import Path

import pytest
from test_another_network import DEEP

from mlp_lib.equations import EquationError, check, ledger, question
from mlp_lib.equations.chapters import displays
from mlp_lib.equations.known import letters_for, usual_letters
from mlp_lib.equations.ledger_table import shape_words, step_plain
from mlp_lib.equations.printing import plain
from mlp_lib.equations.tree import Partial, Symbol

ROOT = Path(__file__).parents[1]
EQUATIONS = [
    each
    for path in sorted((ROOT / "chapters").glob("*.ipynb"))
    for each in displays(path)
    if not each.prose
]

ASKED = (
    r"\frac{\partial J}{\partial \boldsymbol{W_1}} = \left( \hat{\boldsymbol{y}} - \boldsymbol{y}"
    r" \right) \cdot W_2^T \circ h \circ (1 -h) \cdot"
    r" \frac{\partial \boldsymbol{z_1}}{\partial \boldsymbol{W_1}}"
)


def rows(found):
    """Return expression, shape and name of each step."""
    return [
        (step_plain(step), shape_words(step), plain(step.known) if step.known else "")
        for each in found.traces
        for step in each.steps
    ]


@pytest.fixture
def chapter(tmp_path):
    """Return a function that writes a chapter with these markdown cells into a folder."""

    def written(name, *cells, folder="."):
        place = tmp_path / folder
        place.mkdir(exist_ok=True)
        cells = [{"cell_type": "markdown", "metadata": {}, "source": cell} for cell in cells]
        (place / f"{name}.ipynb").write_text(json.dumps({"cells": cells}), encoding="utf-8")
        return tmp_path

    return written


TRACE = [
    ("ŷ − y", "1×D_y", "∂J/∂z₂"),
    ("(ŷ − y) · W₂ᵀ", "1×H", "∂J/∂h"),
    ("… ∘ h", "1×H", ""),
    ("… ∘ (1 − h)", "1×H", "∂J/∂z₁"),
    ("∂z₁/∂W₁", "H×D_x×H", ""),
    ("… · ∂z₁/∂W₁", "D_x×H", "∂J/∂W₁"),
]


@pytest.mark.parametrize(
    "found", [lambda: ledger(latex=ASKED), lambda: in_book("eq-question-asked")]
)
def test_the_formula_that_was_asked_about(found):
    assert found().holds
    assert rows(found()) == TRACE


def in_book(label):
    return ledger(label, folder=ROOT)


def test_text_is_aligned():
    assert repr(in_book("eq-question-asked")) == (
        "Shape ledger of eq-question-asked: holds\n"
        "sub-expression  shape    index order              is      check\n"
        "ŷ − y           1×D_y    [j]: ∂J/∂z₂,ⱼ            ∂J/∂z₂\n"
        "(ŷ − y) · W₂ᵀ   1×H      [j]: ∂J/∂hⱼ              ∂J/∂h\n"
        "… ∘ h           1×H      [j]\n"
        "… ∘ (1 − h)     1×H      [j]: ∂J/∂z₁,ⱼ            ∂J/∂z₁\n"
        "∂z₁/∂W₁         H×D_x×H  [k, i, j]: ∂z₁,ₖ/∂W₁,ᵢⱼ\n"
        "… · ∂z₁/∂W₁     D_x×H    [i, j]: ∂J/∂W₁,ᵢⱼ        ∂J/∂W₁\n"
        "∂J/∂W₁ = ((ŷ − y) W₂ᵀ ∘ h ∘ (1 − h)) ∂z₁/∂W₁: ✓ shape D_x×H, ✓ value"
    )


@pytest.mark.parametrize(
    "display", [pytest.param(each, id=f"{each.chapter}-{each.label}") for each in EQUATIONS]
)
def test_the_ledger_agrees_with_the_check(display):
    found = in_book(display.label)
    assert found.holds == check(display.text, display.table).holds == (not display.wrong)
    assert found.verdict.startswith("wrong on purpose: " if display.wrong else "holds")
    assert any(each.steps for each in found.traces)
    assert "nan" not in repr(found)


def test_indices_with_what_they_range_over():
    assert repr(ledger(latex=r"\frac{\partial z_{1,k}}{\partial W_{1,ij}} = x_i \delta_{kj}")) == (
        "Shape ledger of the formula: holds\n"
        "sub-expression  shape     index order            is            check\n"
        "∂z₁,ₖ/∂W₁,ᵢⱼ    a scalar  k ≤ H, i ≤ D_x, j ≤ H\n"
        "xᵢ              a scalar  i ≤ D_x\n"
        "δₖⱼ             a scalar  k ≤ H, j ≤ H\n"
        "xᵢ δₖⱼ          a scalar  k ≤ H, i ≤ D_x, j ≤ H  ∂z₁,ₖ/∂W₁,ᵢⱼ\n"
        "∂z₁,ₖ/∂W₁,ᵢⱼ = xᵢ δₖⱼ: ✓ shape, ✓ value"
    )


def test_the_letters_of_a_name_stand_on_the_right_axes():
    found = ledger(latex=r"\sum_{k=1}^{D_y} (\hat y_k - y_k) h_m \delta_{kq}")
    assert rows(found)[-1] == ("Σ_{k=1}^{D_y} …", "a scalar", "∂J/∂W₂,_{mq}")


def test_batch_comes_from_the_comment_in_the_text():
    found = in_book("eq-chain-batch-mean")
    assert rows(found) == [
        ("1/N", "a scalar", ""),
        ("ŷ − y", "N×D_y", ""),
        ("(1/N) (ŷ − y)", "N×D_y", "∂J/∂z₂"),
    ]
    typed = ledger(latex="% batch\n\\frac{\\partial J}{\\partial z_2} = \\hat y - y")
    assert typed.holds
    assert rows(typed) == [("ŷ − y", "N×D_y", "∂J/∂z₂")]
    assert ledger(latex=r"x W_1", table=question("N")).traces[0].steps[0].axes == ("N", "H")


def test_every_link_of_a_chain():
    (found,) = ledger(latex="z_1 = x W_1 + b_1 = x W_1 = b_1").traces
    assert [link.report.failure for link in found.links] == ["", "value", "value"]


def test_rows_of_an_aligned_display():
    text = r"\begin{aligned} z_1 &= x W_1 + b_1 \\ h &= \sigma(z_1) \end{aligned}"
    found = ledger(latex=text)
    assert [len(each.links) for each in found.traces] == [1, 1]
    assert repr(found).count("✓ shape 1×H, ✓ value") == 2


def test_claims_that_hold_and_claims_that_do_not():
    text = r"\underbrace{x}_{1\times D_x} \underbrace{W_1}_{H\times D_x} + b_1"
    found = ledger(latex=text)
    assert not found.holds
    checks = {plain(step.node): (step.holds, step.axes) for step in found.traces[0].steps}
    assert checks["x"] == (True, ("1", "D_x"))
    assert checks["W₁"] == (False, ("D_x", "H"))
    assert "✓ as written" in repr(found)
    assert "✗ written H×D_x" in repr(found)


def test_wrong_shape_shows_where():
    found = in_book("wrong-tensor-x-last")
    *_, last = found.traces[0].steps
    assert (step_plain(last), shape_words(last)) == ("∂J/∂z₁ · x", "–")
    assert last.problem == "1×H · 1×D_x: H meets 1"
    assert repr(found).startswith("Shape ledger of wrong-tensor-x-last: wrong on purpose: ")
    assert repr(found).endswith("✗ shape: the right side has no value")


def test_wrong_value_shows_which_link():
    found = ledger(latex=r"\frac{\partial J}{\partial z_2} = y - \hat y")
    assert found.verdict == "does not hold"
    assert repr(found).endswith("∂J/∂z₂ = y − ŷ: ✓ shape 1×D_y, ✗ value")


def test_the_shapes_of_a_link_are_said_of_their_own_sides():
    found = ledger(latex="z_1 = W_2^T")
    assert repr(found).endswith("z₁ = W₂ᵀ: ✗ shape: left is 1×H, right is D_y×H")


def test_letter_on_two_axes():
    found = ledger(latex=r"\frac{\partial z_{1,k}}{\partial W_{1,ij}} = x_i \delta_{ki}")
    assert not found.holds
    assert repr(found).endswith("✗ the index i ranges over D_x and over H")
    assert "✗ the index i ranges over D_x and over H" in found._repr_html_()


def test_said_to_be_wrong_but_right(chapter):
    folder = chapter("one", "$$\n% wrong shape: order\nz_1 = x W_1 + b_1\n$$ (wrong-a)")
    assert ledger("wrong-a", folder=folder).verdict == "said to be wrong, but it holds"


def test_another_network_and_plain_text():
    found = ledger(plain="∂E/∂C = vᵀ (w − t)", table=DEEP)
    assert found.holds
    assert rows(found) == [("w − t", "1×K", "∂E/∂w"), ("vᵀ · (w − t)", "M×K", "∂E/∂C")]


def test_html_is_a_table_with_heads_and_escapes(chapter):
    html = in_book("eq-dJ-dh")._repr_html_()
    assert html.count('<th scope="col">') == 5
    # Nothing but words heads a column or a row: what reads pages aloud finds formulas empty there.
    assert html.count("<th ") == 5
    assert "<caption><span>Shape ledger of eq-dJ-dh: holds</span></caption>" in html
    assert r'<span class="math">\(\left( \hat y - y \right) \cdot W_2^T\)</span>' in html
    folder = chapter("one", "$$\n% wrong shape: <b>no</b> & so on\nz_1 = W_1 x\n$$ (wrong-a)")
    html = ledger("wrong-a", folder=folder)._repr_html_()
    assert "wrong on purpose: &lt;b&gt;no&lt;/b&gt; &amp; so on" in html
    assert "<b>" not in html


def test_chapters_are_found_here_or_in_their_folder(chapter, monkeypatch):
    folder = chapter("one", "$$\nz_1 = x W_1 + b_1\n$$ (eq-a)", folder="chapters")
    monkeypatch.chdir(folder)
    assert ledger("eq-a").holds
    monkeypatch.chdir(folder / "chapters")
    assert ledger("eq-a").holds


def test_a_draft_elsewhere_does_no_harm(chapter):
    chapter("draft", "$$x$$ is not in the form that is read")
    folder = chapter("one", "$$\nz_1 = x W_1 + b_1\n$$ (eq-a)")
    assert ledger("eq-a", folder=folder).holds


@pytest.mark.parametrize(
    ("label", "message"),
    [
        ("eq-frist", "no equation has the label eq-frist; close to it: eq-first"),
        ("zzz", "no equation has the label zzz; none of 3 is close"),
        ("eq-twice", "eq-twice is the label of 2 equations, in one and two"),
        ("eq-prose", "eq-prose is marked as prose"),
    ],
)
def test_label_that_is_not_one_equation(chapter, label, message):
    chapter("one", "$$\nx W_1\n$$ (eq-first)\n\n$$\nx W_1\n$$ (eq-twice)")
    folder = chapter("two", "$$\nz_1\n$$ (eq-twice)", "$$\n% prose: why\nz_1\n$$ (eq-prose)")
    with pytest.raises(EquationError) as caught:
        ledger(label, folder=folder)
    assert message in str(caught.value)


def test_folder_without_notebooks(tmp_path):
    with pytest.raises(EquationError, match="there is no notebook in this folder"):
        ledger("eq-a", folder=tmp_path)


def test_one_formula_is_taken():
    for arguments in ({}, {"label": "eq-a", "latex": "x"}):
        with pytest.raises(TypeError, match="one of them"):
            ledger(**arguments)


def test_unreadable_formula():
    with pytest.raises(EquationError, match="unknown symbol Q"):
        ledger(latex="z_1 = x Q")


def test_index_letters():
    one, batch = question(), question("N")
    assert usual_letters(Partial(Symbol("z_1"), Symbol("W_1")), one) == ("k", "i", "j")
    assert usual_letters(Partial(Symbol("z_1"), Symbol("h")), batch) == ("n", "k", "m", "j")
    assert usual_letters(Partial(Symbol("J"), Symbol("W_1")), batch) == ("i", "j")
    assert letters_for(("H", "D_x", "H"), one) == ("k", "i", "j")
    assert letters_for(("1", "H"), one) == ("j",)
    assert letters_for((), one) == ()
