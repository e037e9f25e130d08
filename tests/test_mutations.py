"""The mutation proof's own checks, and a fast part of it."""

import ast

import pytest

from tests.mutations import (
    EQUIVALENT,
    FILES,
    ROOT,
    UNIT_TESTS,
    Mutant,
    applied,
    mutants,
    survivors,
)


def test_there_are_many_mutants_in_both_files_and_each_is_python(tmp_path):
    (tmp_path / "mlp_lib").mkdir()
    found = mutants()
    assert len(found) >= 40
    assert {m.file for m in found} == set(FILES)
    for mutant in found:
        applied(mutant, tmp_path)
        changed, source = ((tree / mutant.file).read_text("utf-8") for tree in (tmp_path, ROOT))
        assert ast.dump(ast.parse(changed)) != ast.dump(ast.parse(source)), mutant


def test_no_formula_is_left_out():
    functions = {m.function for m in mutants()}
    assert {
        "sigmoid",
        "softmax",
        "log_softmax",
        "forward",
        "cross_entropy",
        "gradients",
    } <= functions
    assert {"dJ_dyhat", "dyhat_dz2", "dz2_dh", "dh_dz1", "dz1_dx", "row_by_weights"} <= functions


@pytest.mark.parametrize(("function", "old", "new"), EQUIVALENT)
def test_an_excused_mutant_is_not_run(function, old, new):
    assert (function, old, new) not in {(m.function, m.old, m.new) for m in mutants()}
    assert any(old in (ROOT / file).read_text("utf-8") for file in FILES)


def test_a_change_that_changes_nothing_survives_and_a_mistake_does_not():
    mistake = next(m for m in mutants() if (m.old, m.new) == ("yhat - y", "(y - yhat)"))
    nothing = Mutant(mistake.file, mistake.function, mistake.start, "yhat - y", "(yhat - y)")
    assert survivors([nothing, mistake], UNIT_TESTS[:1], jobs=1) == [nothing]
