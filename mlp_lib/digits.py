"""The data set of the chapter Training it: 1797 handwritten digits, 8×8 pixels each.

`data/README.md` gives their source (Alpaydin and Kaynak, 1998) and licence, CC BY 4.0.
"""

import gzip
from importlib.resources import files
from typing import NamedTuple

import numpy as np
from numpy.typing import DTypeLike, NDArray

from mlp_lib.arguments import Array
from mlp_lib.network import one_hot

DIGITS = 10
TRAINING_ROWS = 1500
DARKEST = 16


class Digits(NamedTuple):
    """x (N, 64) from 0 for paper to 1 for ink, y (N, 10) one-hot, and labels (N,) from 0 to 9."""

    x: Array
    y: Array
    labels: NDArray[np.integer]


def load_digits(dtype: DTypeLike = np.float64) -> tuple[Digits, Digits]:
    """Read the digits and return two parts: the first 1500 rows to train on, the last 297 to test.

    A row of x holds a picture's pixel rows one after the other; x[n].reshape(8, 8) is the picture.
    The split is the file's own order, without shuffling. (Chapter: Training it.)
    """
    packed = (files("mlp_lib") / "data" / "digits.csv.gz").read_bytes()
    lines = gzip.decompress(packed).decode("ascii").splitlines()
    rows = np.loadtxt(lines, dtype=np.uint8, delimiter=",")
    labels = rows[:, -1].astype(int)
    x = (rows[:, :-1] / DARKEST).astype(dtype)
    y = one_hot(labels, DIGITS).astype(dtype)
    parts = slice(None, TRAINING_ROWS), slice(TRAINING_ROWS, None)
    training, test = (Digits(x[part], y[part], labels[part]) for part in parts)
    return training, test
