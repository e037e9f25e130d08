"""The digits: the numbers of their source, and how they are handed out."""

import tomllib
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest

from mlp_lib.digits import load_digits

ROOT = Path(__file__).parents[1]
# Of the 1797 rows of 65 numbers, one byte each, as scikit-learn 1.9.1 distributes them.
SOURCE = "68aea062d35a127749050fa0e52dca09d6569ac08092c925610e0954e172dde2"
# How many examples each class has, as the UCI repository says of its test set.
COUNTS = [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]


@pytest.fixture(scope="module")
def parts():
    return load_digits()


def numbers(parts):
    x, labels = (
        np.concatenate([getattr(part, name) for part in parts]) for name in ("x", "labels")
    )
    return np.column_stack([16 * x, labels]).astype(np.uint8)


def test_the_numbers_are_those_of_the_source(parts):
    rows = numbers(parts)
    assert rows.shape == (1797, 65)
    assert sha256(rows.tobytes()).hexdigest() == SOURCE
    rows[-1, -1] += 1
    assert sha256(rows.tobytes()).hexdigest() != SOURCE


def test_each_class_has_as_many_as_the_source_says(parts):
    assert np.bincount(numbers(parts)[:, -1]).tolist() == COUNTS


def test_shapes_and_range(parts):
    for part, rows in zip(parts, (1500, 297), strict=True):
        assert (part.x.shape, part.y.shape, part.labels.shape) == (
            (rows, 64),
            (rows, 10),
            (rows,),
        )
        assert (part.x.min(), part.x.max()) == (0, 1)


def test_one_hot_rows_and_labels_agree(parts):
    for part in parts:
        np.testing.assert_array_equal(part.y.argmax(axis=1), part.labels)
        np.testing.assert_array_equal(part.y.sum(axis=1), 1)


def test_the_first_picture_is_a_zero(parts):
    training, _ = parts
    assert training.labels[0] == 0
    picture = training.x[0].reshape(8, 8)
    assert picture[3:5, 3:5].max() < 0.1 < 0.5 < picture[0, 3]


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_dtype_is_the_one_asked_for(dtype):
    assert {array.dtype for part in load_digits(dtype) for array in part[:2]} == {np.dtype(dtype)}


def test_data_source_and_licence_are_in_the_package():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    patterns = project["tool"]["setuptools"]["package-data"]["mlp_lib"]
    packed = {path.name for pattern in patterns for path in (ROOT / "mlp_lib").glob(pattern)}
    assert {"digits.csv.gz", "README.md"} <= packed
    assert sum(path.stat().st_size for path in (ROOT / "mlp_lib" / "data").iterdir()) < 100_000
    notice = (ROOT / "mlp_lib" / "data" / "README.md").read_text(encoding="utf-8")
    assert "10.24432/C50P49" in notice
    assert "CC BY 4.0" in notice
    assert project["project"]["license"].endswith("CC-BY-4.0")
