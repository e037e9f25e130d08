"""What the installed libraries say now, compared with mlp_lib and with what is stored.

`make peers` runs this file. Its name keeps it out of `make test`, which has none of the libraries.
"""

import json

import numpy as np
import pytest

from mlp_lib import assert_same
from tests.peers.libraries import answers, first_layer_tensors, problem, pytorch, scikit_learn
from tests.peers.record import STORED
from tests.test_peers import assert_agrees

GIVEN = problem()
NOW = answers(GIVEN)
TENSORS = first_layer_tensors(GIVEN)
THEN = json.loads(STORED.read_text(encoding="utf-8"))
EXACT = 1e-12


@pytest.mark.parametrize("answer", NOW, ids=lambda answer: f"{answer.library}, {answer.setting}")
def test_library_agrees(answer):
    assert_agrees(answer._asdict(), GIVEN.parameters, GIVEN.x, GIVEN.labels)


@pytest.mark.parametrize(
    ("now", "then"),
    [*zip(NOW, THEN["answers"], strict=True)],
    ids=[f"{answer.library}, {answer.setting}" for answer in NOW],
)
def test_stored_answer_is_what_the_library_says(now, then):
    assert (now.library, now.setting) == (then["library"], then["setting"])
    np.testing.assert_allclose(now.loss, then["loss"], rtol=EXACT)
    assert list(now.gradients) == list(then["gradients"])
    for name, gradient in now.gradients.items():
        assert_same(gradient, then["gradients"][name], name, EXACT)


def test_stored_versions_are_those_that_are_pinned():
    assert [now.version for now in NOW] == [then["version"] for then in THEN["answers"]]


def test_stored_problem_is_the_one_solved():
    stored = THEN["problem"]
    for name, value in {**GIVEN.parameters._asdict(), "x": GIVEN.x}.items():
        assert_same(np.array(stored[name]), value, name, EXACT)
    assert stored["labels"] == GIVEN.labels.tolist()


@pytest.mark.parametrize("library", TENSORS)
def test_stored_tensor_is_what_the_library_says(library):
    assert_same(TENSORS[library], THEN["dz1_dW1"][library], library, EXACT)


@pytest.mark.parametrize("solve", [pytorch, scikit_learn])
def test_another_problem_has_another_answer(solve):
    other = solve(GIVEN._replace(x=GIVEN.x + 0.01))
    with pytest.raises(AssertionError):
        assert_agrees(other._asdict(), GIVEN.parameters, GIVEN.x, GIVEN.labels)
