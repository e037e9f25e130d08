"""Every mistake in an equation of the book is rejected, unless algebra says that it is none."""

from collections import Counter
from importlib import import_module
from pathlib import Path

import pytest

from mlp_lib.equations import EquationError, check, question
from mlp_lib.equations.chapters import Display, displays
from mlp_lib.equations.evaluate import Evaluation, Value
from mlp_lib.equations.latex import parse_latex
from mlp_lib.equations.printing import latex
from tests.equation_algebra import Original
from tests.text_mutants import mutants

CHECK = import_module("mlp_lib.equations.check")  # the package has a function of that name
CHAPTERS = sorted((Path(__file__).parents[1] / "chapters").glob("*.ipynb"))
# (label, the changed equation): why it says the same, where no rule of the algebra knows it.
LISTED: dict[tuple[str, str], str] = {}


def checked(display: Display) -> tuple[Counter, list[str]]:
    """Return what became of each mutant, and those on which check and algebra differ."""
    figures, wrong = Counter(), []
    for equation in parse_latex(display.text, display.table):
        original = Original(equation.sides, display.table)
        for change, sides in mutants(equation.sides, display.table):
            text = " = ".join(latex(side) for side in sides)
            try:
                assert [each.sides for each in parse_latex(text, display.table)] == [sides]
                holds = check(text, display.table).holds
            except EquationError:
                holds = False
            rule = LISTED.get((display.label, text)) or original.same(sides)
            figures["tried"] += 1
            figures["equivalent" if rule else "rejected"] += holds == bool(rule)
            if holds != bool(rule):
                problem = f"is rejected, but is the same: {rule}" if rule else "is not rejected"
                wrong.append(f"{display.chapter}, {display.label}: {change}: {text}\n  {problem}")
    return figures, wrong


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_no_mistake_in_an_equation_of_the_book_is_accepted(path, record_property):
    figures, wrong = Counter(), []
    for display in displays(path):
        if not display.prose and not display.wrong:
            found, problems = checked(display)
            figures += found
            wrong += problems
    assert not wrong, "\n".join(wrong)
    record_property("mutants of the text", dict(figures))


def test_every_listed_mutant_is_one():
    found = {
        (display.label, " = ".join(latex(side) for side in sides))
        for path in CHAPTERS
        for display in displays(path)
        if display.label in {label for label, _ in LISTED}
        for equation in parse_latex(display.text, display.table)
        for _, sides in mutants(equation.sides, display.table)
    }
    assert LISTED.keys() <= found


GRADIENT = Display(
    "chapter", "eq-a", r"\frac{\partial J}{\partial W_1} = x^T \frac{\partial J}{\partial z_1}"
)
BATCH = Display(
    "chapter", "eq-b", "% batch mean\n" r"\frac{\partial J}{\partial z_2} = \frac{1}{N}(\hat y - y)"
)
ENTRY = Display("chapter", "eq-c", r"\frac{\partial z_{1,k}}{\partial W_{1,ij}} = x_i \delta_{kj}")
SHAPE = Display(
    "chapter", "eq-d", r"\underbrace{\hat y^T}_{D_y\times 1} \in \mathbb{R}^{D_y\times 1}"
)


def test_every_kind_of_mistake_is_tried():
    kinds = {
        change
        for display in (GRADIENT, BATCH, ENTRY, SHAPE)
        for equation in parse_latex(display.text, display.table)
        for change, _ in mutants(equation.sides, display.table)
    }
    assert kinds >= {
        "drop a transpose",
        "add a transpose",
        "swap two factors",
        "drop a factor",
        "flip a sign",
        r"exchange \cdot, \circ and \otimes",
        "another symbol",
        "exchange two symbols",
        "another index",
        "exchange two indices",
        "change a size",
        "drop a 1/N",
    }


def test_a_check_that_accepts_everything_is_noticed(monkeypatch):
    monkeypatch.setattr(CHECK, "compare", lambda *_: ("", ""))
    for display in (GRADIENT, BATCH, ENTRY):
        figures, wrong = checked(display)
        assert any("is not rejected" in each for each in wrong), figures


def test_an_evaluator_that_ignores_signs_is_noticed(monkeypatch):
    monkeypatch.setattr(Evaluation, "on_negate", lambda self, node: self.evaluate(node.body))
    _, wrong = checked(GRADIENT)
    assert any("flip a sign" in each and "is not rejected" in each for each in wrong)


def test_a_check_that_rejects_what_is_the_same_is_noticed(monkeypatch):
    def scalars_only(self, node):
        array, axes = self.evaluate(node.body)
        return Value(array.swapaxes(-1, -2) if axes else array * 2, axes[::-1])

    monkeypatch.setattr(Evaluation, "on_transpose", scalars_only)
    _, wrong = checked(Display("chapter", "eq-e", r"J = -\sum_k y_k \log \hat y_k"))
    assert any("is rejected, but is the same" in each for each in wrong)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (r"z_1 = x W_1 + b_1", r"z_1 = b_1 + x W_1"),
        (r"z_1 = x W_1 + b_1", r"z_1 = (W_1^T x^T)^T + b_1"),
        (r"h = h \circ (1-h)", r"h = h - h^2"),
        (r"h = x W_1 \circ h", r"h = x W_1 \operatorname{diag}(h)"),
        (r"h_k = \sum_i x_i W_{1,ik}", r"h_j = \sum_m x_m W_{1,mj}"),
        (r"x_i \delta_{kj} h_k = W_{1,ij} h_k", r"x_i \delta_{kj} h_j = W_{1,ij} h_k"),
        (r"z_1^T = (I_H \otimes x) \operatorname{vec}(W_1)", r"z_1^T = W_1^T x^T"),
        (r"\frac{\partial J}{\partial b_1} = h", r"\frac{\partial J}{\partial z_1} = h"),
        (r"I_H = \frac{\partial h}{\partial z_1}", r"I_H = \frac{\partial h}{\partial z_1}^T"),
        (r"h_k y_i = \frac{y_i}{\hat y_i} \hat y_i z_{1,k}", r"h_k y_i = y_i z_{1,k}"),
        (r"J \hat y = y", r"J \hat y = \left( \sum_k y_k \right) y"),
        (r"J = x x^T", r"J = \sum_i x_i^2"),
        (
            r"\frac{\partial J}{\partial z_1} = h",
            r"\frac{\partial J}{\partial z_2} \frac{\partial z_2}{\partial z_1} = h",
        ),
        (
            r"I_H = \frac{\partial}{\partial z_1} [(\hat y - y) W_2^T]",
            r"I_H = W_2 \frac{\partial}{\partial z_1} [\hat y + y]",
        ),
        (
            r"I_H = \frac{\partial}{\partial z_1} [h \circ h]",
            r"I_H = 2 \operatorname{diag}(h \circ h \circ (1 - h))",
        ),
    ],
)
def test_algebra_knows_the_same_equation(one, other):
    original, changed = (parse_latex(text, question())[0].sides for text in (one, other))
    assert Original(original, question()).same(changed)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (r"z_1 = x W_1 + b_1", r"z_1 = x W_1 - b_1"),
        (r"z_1 = x W_1 + b_1", r"z_1 = W_1 x + b_1"),
        (
            r"\frac{\partial J}{\partial z_2} = \hat y - y",
            r"\frac{\partial J}{\partial z_2} = y - \hat y",
        ),
        (
            r"\frac{\partial J}{\partial z_2} = \hat y - y",
            r"\frac{\partial J}{\partial \hat y} = \hat y - y",
        ),
        (r"h = \sigma(z_1)", r"h = \sigma(b_1)"),
        (r"h \circ h = h", r"h h^T = h"),
        (r"\hat y^T y = \hat y^T \hat y", r"y^T \hat y = \hat y^T \hat y"),
        (r"x_i \delta_{kj} = W_{1,ij} h_k", r"x_i \delta_{kj} = W_{1,ij} z_{1,k}"),
        (r"J = \left( \sum_k h_k \right) \left( \sum_k h_k \right)", r"J = \sum_k h_k h_k"),
        (r"J = \exp(x x^T)", r"J = \exp(-x x^T)"),
        (r"\frac{\partial z_1}{\partial x} = W_1^T", r"\frac{\partial z_1}{\partial x} = W_1"),
        (r"\frac{1}{2} h = z_1", r"h = z_1"),
        (r"\frac{\partial J}{\partial z_1} = h", r"\frac{\partial J}{\partial h} = h"),
        (
            r"I_H = \frac{\partial}{\partial z_1} [(\hat y - y) W_2^T]",
            r"I_H = W_2 \frac{\partial}{\partial h} \hat y",
        ),
        (r"J = \sum_k \sigma'(z_{1,k})", r"J = \sum_k h_k"),
    ],
)
def test_algebra_knows_another_equation(one, other):
    original, changed = (parse_latex(text, question())[0].sides for text in (one, other))
    assert not Original(original, question()).same(changed)
