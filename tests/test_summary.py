"""The summary has every gradient and every local Jacobian, and no mistake in it goes unseen."""

import re
from collections import Counter
from pathlib import Path

from mlp_lib import Gradients, jacobians
from mlp_lib.equations.chapters import displays
from mlp_lib.equations.latex import parse_latex
from mlp_lib.equations.letters import claimed_by
from mlp_lib.equations.numpy_code.names import numpy_name
from mlp_lib.equations.tree import Claim
from tests.test_text_mutants import checked

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "summary.md"
DISPLAYS = {display.label: display for display in displays(PAGE)}


def derivatives(label: str) -> list[str]:
    """Return the derivatives that the lines of a display begin with, by their names in code."""
    display = DISPLAYS[label]
    found = []
    for equation in parse_latex(display.text, display.table):
        first = equation.sides[0]
        claimed, _ = claimed_by(first.body if isinstance(first, Claim) else first)
        found.append(f"d{numpy_name(claimed.of.name)}_d{numpy_name(claimed.by.name)}")
    return found


def test_every_gradient_is_there_for_one_example_and_for_a_batch():
    assert derivatives("eq-summary-gradients") == list(Gradients._fields)
    assert derivatives("eq-summary-batch-gradients") == list(Gradients._fields)


def test_every_gradient_says_its_shape():
    for label in ("eq-summary-gradients", "eq-summary-batch-gradients"):
        display = DISPLAYS[label]
        sides = [each.sides[0] for each in parse_latex(display.text, display.table)]
        assert all(isinstance(side, Claim) for side in sides)


def test_every_local_jacobian_is_there():
    found = derivatives("eq-summary-jacobians") + derivatives("eq-summary-tensors")
    assert set(found) == {name for name in vars(jacobians) if re.fullmatch(r"d\w+_d\w+", name)}


def test_no_mistake_in_an_equation_of_the_summary_is_accepted(record_property):
    figures, wrong = Counter(), []
    for display in DISPLAYS.values():
        found, problems = checked(display)
        figures += found
        wrong += problems
    assert not wrong, "\n".join(wrong)
    assert figures["rejected"] > 500
    record_property("mutants of the summary", dict(figures))


def test_the_code_is_the_library_s_own():
    page = PAGE.read_text(encoding="utf-8")
    assert page.count("```{literalinclude} mlp_lib/network.py") == 2
    source = (ROOT / "mlp_lib" / "network.py").read_text(encoding="utf-8")
    for edge in re.findall(r"^:(?:start|end)-at: (.*)$", page, re.MULTILINE):
        assert source.count(edge) == 1, edge
