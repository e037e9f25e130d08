"""What the installed libraries say now, compared with mlp_lib and with what is stored.

`make peers` runs this file. Its name keeps it out of `make test`, which has none of the libraries.
"""

import json

import numpy as np
import pytest
import torch

from mlp_lib import assert_same, forward, gradients, loss, one_hot
from tests.notation_page import TABLES
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


def in_pytorch() -> dict[str, object]:
    """Solve the problem with the layers and the names that the page Notation takes for granted."""
    (W1, b1, W2, b2), x, labels = GIVEN
    D_x, H, D_y = len(W1), len(b1), len(b2)
    hidden, output = torch.nn.Linear(D_x, H).double(), torch.nn.Linear(H, D_y).double()
    with torch.no_grad():
        for layer, weight, bias in ((hidden, W1, b1), (output, W2, b2)):
            layer.weight.copy_(torch.tensor(weight.T))
            layer.bias.copy_(torch.tensor(bias))
    x, y = torch.tensor(x, requires_grad=True), torch.tensor(one_hot(labels, D_y))
    cross_entropy = torch.nn.functional.cross_entropy
    names = {"torch": torch, "x": x, "y": y, "hidden": hidden, "output": output}
    return names | {"cross_entropy": cross_entropy}


def test_pytorch_has_the_names_of_the_page_notation():
    parameters, x, labels = GIVEN
    y = one_hot(labels, len(parameters.b2))
    right = {"x": x, "y": y, "J": loss(parameters, x, y), **parameters._asdict()}
    right |= forward(parameters, x)._asdict() | gradients(parameters, x, y)._asdict()
    names = in_pytorch()
    for row in TABLES["Quantities"]:
        name, written = row["NumPy"].strip("`"), row["PyTorch"].strip("`")
        value = eval(written, names)
        if name in ("z1", "h", "z2"):
            value.retain_grad()
        names[name] = value
        assert_same(value.detach().numpy(), np.asarray(right[name]), name, EXACT)
    names["J"].backward()
    for row in TABLES["Gradients"]:
        name, written = row["NumPy"].strip("`"), row["PyTorch"].strip("`")
        assert_same(eval(written, names).numpy(), right[name], name, EXACT)
