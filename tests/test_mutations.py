"""The mutation proof's own checks, and a fast part of it."""

import ast
import shutil

import pytest

from tests.mutations import (
    EQUIVALENT,
    FILES,
    ROOT,
    UNIT_TESTS,
    applied,
    caught,
    chapter_checks,
    mutants,
    survivors,
    users,
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


MISTAKE = next(m for m in mutants() if (m.old, m.new) == ("yhat - y", "(y - yhat)"))
NOTHING = MISTAKE._replace(new="(yhat - y)")


def test_a_change_that_changes_nothing_survives_and_a_mistake_does_not():
    assert survivors([NOTHING, MISTAKE], lambda _: UNIT_TESTS[:1], jobs=1) == [NOTHING]


def test_chapters_alone_catch_a_sample():
    sample = [next(m for m in mutants() if m.file == file) for file in FILES]
    assert survivors(sample, one_chapter, jobs=2) == []


def one_chapter(function: str) -> list[str]:
    """Return one chapter that uses the functions of both files, for the unchanged tree too."""
    return chapter_checks("dJ_dyhat")[:2]


def test_chapters_that_use_a_function_come_first():
    assert users("contract") == {"contract", "chain"}
    assert "loss" in users("softmax") & users("forward")
    assert chapter_checks("dyhat_dz2")[:2] == ["--nbval", "chapters/softmax.ipynb"]
    every = {f"chapters/{path.name}" for path in (ROOT / "chapters").glob("*.ipynb")}
    assert set(chapter_checks("dz1_dW1")[1:]) == set(chapter_checks()[1:]) == every


def test_a_run_that_checked_nothing_is_an_error():
    with pytest.raises(RuntimeError, match="pytest ended with"):
        survivors([MISTAKE], lambda _: ["tests/no_such_file.py"], jobs=1)


def test_a_kernel_that_does_not_start_has_seen_no_mistake(tmp_path):
    shutil.copytree(ROOT / "chapters", tmp_path / "chapters")
    for path in (tmp_path / "chapters").glob("*.ipynb"):
        path.write_text(path.read_text("utf-8").replace('"name": "python3"', '"name": "none"'))
    with pytest.raises(RuntimeError, match="none"):
        caught(tmp_path, chapter_checks()[:2])
