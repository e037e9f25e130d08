"""PyTorch, JAX and scikit-learn say what mlp_lib says: their stored answers, number for number.

The answers come from `python -m tests.peers.record`; `make peers` asks the libraries themselves.
"""

import json
import os
import re
import subprocess
import sys
from copy import deepcopy
from pathlib import Path

import numpy as np
import pytest

from mlp_lib import Parameters, assert_same, gradients, loss, one_hot
from mlp_lib.jacobians import dz1_dW1

ROOT = Path(__file__).parents[1]
STORED = json.loads((ROOT / "chapters/peers.json").read_text(encoding="utf-8"))
GIVEN = {name: np.array(value) for name, value in STORED["problem"].items()}
PARAMETERS = Parameters(GIVEN["W1"], GIVEN["b1"], GIVEN["W2"], GIVEN["b2"])
EXACT = 1e-12  # all of them compute in float64


def assert_agrees(answer: dict, parameters: Parameters, x: np.ndarray, labels: np.ndarray) -> None:
    """Compare one library's loss and gradients, in its own shapes, with mlp_lib's."""
    y = one_hot(labels, parameters.W2.shape[1])
    reduction = "sum" if answer["setting"] == "reduction=sum" else "mean"
    mine = gradients(parameters, x, y, reduction)._asdict()
    my_loss = loss(parameters, x, y, reduction)
    if answer["library"] == "scikit-learn":
        # Its penalty α/2N · Σ W² is part of the loss; biases are left out.
        alpha = float(answer["setting"].removeprefix("alpha="))
        for name in ("W1", "W2"):
            W = getattr(parameters, name)
            my_loss = my_loss + alpha / (2 * len(x)) * (W**2).sum()
            mine[f"dJ_d{name}"] = mine[f"dJ_d{name}"] + alpha / len(x) * W
    np.testing.assert_allclose(answer["loss"], my_loss, rtol=EXACT)
    for name, gradient in answer["gradients"].items():
        turned = answer["library"] == "PyTorch" and name in ("dJ_dW1", "dJ_dW2")
        assert_same(gradient, mine[name].T if turned else mine[name], name, EXACT)


@pytest.mark.parametrize(
    "answer", STORED["answers"], ids=lambda answer: f"{answer['library']}, {answer['setting']}"
)
def test_stored_answer_agrees(answer):
    assert {"dJ_dW1", "dJ_db1", "dJ_dW2", "dJ_db2"} <= set(answer["gradients"])
    assert_agrees(answer, PARAMETERS, GIVEN["x"], GIVEN["labels"])


def test_every_library_has_answered():
    asked = [(answer["library"], answer["setting"]) for answer in STORED["answers"]]
    assert asked == [
        ("PyTorch", "reduction=mean"),
        ("PyTorch", "reduction=sum"),
        ("JAX", "mean"),
        ("scikit-learn", "alpha=0"),
        ("scikit-learn", "alpha=0.5"),
    ]


def test_sizes_differ_and_every_class_occurs():
    sizes = [*GIVEN["x"].shape, *GIVEN["W2"].shape]
    assert len(set(sizes)) == 4
    assert set(GIVEN["labels"]) == set(range(GIVEN["W2"].shape[1]))


def test_tensors_have_the_outputs_axis_first():
    expected = dz1_dW1(GIVEN["x"][:1], GIVEN["W1"].shape[1])
    assert_same(STORED["dz1_dW1"]["JAX"], expected, "JAX", EXACT)
    # Its weights are stored (H, D_x), so the last two axes come the other way round.
    assert_same(STORED["dz1_dW1"]["PyTorch"], expected.swapaxes(1, 2), "PyTorch", EXACT)


@pytest.mark.parametrize("place", range(len(STORED["answers"])))
@pytest.mark.parametrize("name", ["dJ_dW1", "dJ_db2"])
def test_one_wrong_number_is_seen(place, name):
    wrong = deepcopy(STORED["answers"][place])
    gradient = np.array(wrong["gradients"][name])
    gradient.flat[1] *= 1 + 1e-9
    wrong["gradients"][name] = gradient
    with pytest.raises(AssertionError, match=name):
        assert_agrees(wrong, PARAMETERS, GIVEN["x"], GIVEN["labels"])


def test_a_setting_that_is_not_the_stored_one_is_seen():
    wrong = STORED["answers"][1] | {"setting": "reduction=mean"}
    with pytest.raises(AssertionError):
        assert_agrees(wrong, PARAMETERS, GIVEN["x"], GIVEN["labels"])


def test_pinned_versions_are_the_stored_ones():
    pins = dict(
        line.split("==")
        for line in (ROOT / "requirements-peers.txt").read_text().split()
        if "==" in line
    )
    packages = {"PyTorch": "torch", "JAX": "jax", "scikit-learn": "scikit-learn"}
    for answer in STORED["answers"]:
        assert answer["version"] == pins[packages[answer["library"]]]


def test_the_libraries_are_asked_without_what_only_the_ordinary_tests_need(tmp_path):
    (tmp_path / "xdist.py").write_text("raise ImportError('there is no xdist')")
    (asked,) = re.findall(r"-m pytest (.*live\.py)", (ROOT / "Makefile").read_text())
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *asked.split()]
    without = {"PYTHONPATH": str(tmp_path), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    done = subprocess.run(
        command, cwd=ROOT, env=os.environ | without, capture_output=True, text=True
    )
    # All that is missing here is the first of the libraries.
    assert "No module named 'torch'" in done.stdout
    assert "xdist" not in done.stdout + done.stderr
