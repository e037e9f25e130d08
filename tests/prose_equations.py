"""What each display that is marked as prose says, as a fact that its own text is put to.

The check of equations passes these over, because their symbols are no network's. Each function
takes the text, computes its sides, and compares them with what they are said to be.
"""

import re
from collections.abc import Callable
from itertools import product

import numpy as np
import pytest

from mlp_lib.equations import check
from mlp_lib.equations.chapters import table_of
from mlp_lib.network import Parameters, gradients, initialise, loss, one_hot
from mlp_lib.training import step
from tests.scalar_latex import Entries, read

# 1·w³ and so on: a cubic, of which the series stop where the chapter writes the dots.
CUBICS = [(2.0, 3.0, -4.0, 5.0), (-2.0, -3.0, 4.0, -5.0), (-1.0, 2.0, 3.0, 7.0)]
W, EPSILON = 0.7, 0.01
D_x, H, D_y, N = 4, 5, 3, 7
DJ_DW1 = r"\frac{\partial J}{\partial W_1}"


def slopes(coefficients: tuple[float, ...]) -> dict[str, object]:
    """Return f and its derivatives, w and ε, as the chapter writes them."""
    f = np.poly1d(coefficients)
    derivatives = {"f" + "'" * order: f.deriv(order) for order in (1, 2, 3)}
    return {"f": f, **derivatives, "w": W, r"\varepsilon": EPSILON, "i": 1j}


def same(sides: list, *relations: str) -> None:
    """Compare each two sides, between which these relations stand."""
    assert sides[1::2] == list(relations)
    assert sides[0] == pytest.approx(sides[2], rel=1e-9)


def central(text: str) -> None:
    for square in ((3.0, -4.0, 5.0), (-1.0, 2.0, 7.0)):  # of a parabola the difference is exact
        same(read(text, slopes(square)), r"\approx")


def taylor(text: str) -> None:
    for cubic, sign in product(CUBICS, (1, -1)):
        same(read(text, {**slopes(cubic), r"\pm": sign}), "=")


def central_error(text: str) -> None:
    for cubic in CUBICS:
        same(read(text, slopes(cubic)), "=")


def complex_step(text: str) -> None:
    for cubic in CUBICS:
        same(read(text, {**slopes(cubic), r"\operatorname{Im}": np.imag}), "=")


def two_errors(text: str) -> None:
    u = 1e-6
    for cubic in CUBICS:
        f = np.poly1d(cubic)
        above, below, slope = f(W + EPSILON), f(W - EPSILON), f.deriv()(W)
        worst = max(
            abs((above * (1 + one * u) - below * (1 + other * u)) / (2 * EPSILON) - slope)
            for one, other in product((1, -1), repeat=2)
        )
        (bound,) = read(text, {**slopes(cubic), "u": u})
        assert bound == pytest.approx(worst, rel=1e-3)


def relative(text: str) -> None:
    a = np.array([[1.0, -2.0], [3.0, 0.5]])
    for b, r in ((a, 0.0), (-a, 1.0), (3 * a, 0.5), (a / 3, 0.5)):
        same(read(text, {"a": a, "b": b, "r": r}), "=")


def example() -> tuple[Parameters, np.ndarray, np.ndarray]:
    """Return parameters, rows x and labels y."""
    rng = np.random.default_rng(1)
    labels = one_hot(rng.integers(D_y, size=N), D_y)
    return initialise(rng, D_x, H, D_y), rng.normal(size=(N, D_x)), labels


def direction(text: str) -> None:
    parameters, x, y = example()
    V = np.random.default_rng(2).normal(size=(D_x, H))
    known = {
        DJ_DW1: gradients(parameters, x, y).dJ_dW1,
        "J": lambda W1: loss(parameters._replace(W1=W1), x, y),
        **{"V": V, "W_1": parameters.W1, r"\varepsilon": 1e-5, "D_x": D_x, "H": H},
    }
    summed, relation, slope = read(text, known)
    assert relation == r"\approx"
    assert summed == pytest.approx(slope, rel=1e-7)


def one_step(text: str) -> None:
    parameters, x, y = example()
    dJ = gradients(parameters, x, y)
    velocity = Parameters(*map(np.zeros_like, parameters))
    after, _ = step(parameters, velocity, dJ, 0.3)
    sides = read(text, {DJ_DW1: dJ.dJ_dW1, "W_1": parameters.W1, r"\eta": 0.3})
    assert sides[1] == r"\leftarrow"
    assert sides[0] is parameters.W1
    assert sides[2] == pytest.approx(after.W1)


def slope_of_a_step(text: str) -> None:
    parameters, x, y = example()
    dJ_dW1 = gradients(parameters, x, y).dJ_dW1

    def J(eta: float) -> float:
        return loss(parameters._replace(W1=parameters.W1 - eta * dJ_dW1), x, y)

    slope = (J(1e-4) - J(-1e-4)) / 2e-4
    known = {r"\left.\frac{dJ}{d\eta}\right|_{\eta = 0}": slope, DJ_DW1: dJ_dW1, "D_x": D_x, "H": H}
    left, relation, right = read(text, known)
    assert relation == "="
    assert left == pytest.approx(right, rel=1e-6)


def momentum(text: str) -> None:
    parameters, x, y = example()
    dJ = gradients(parameters, x, y)
    velocity = Parameters(*(np.cos(array) for array in parameters))
    after, new = step(parameters, velocity, dJ, 0.3, 0.9)
    known = {DJ_DW1: dJ.dJ_dW1, "W_1": parameters.W1, r"\eta": 0.3, r"\mu": 0.9}
    first, second = (read(text, {**known, "V": each.W1}) for each in (velocity, new))
    assert first[1::2] == [r"\leftarrow", r"\\", r"\leftarrow"]
    assert first[0] is velocity.W1
    assert second[4] is parameters.W1
    assert first[2] == pytest.approx(new.W1)
    assert second[6] == pytest.approx(after.W1)


def recursion(text: str) -> None:
    activations = {1: r"\tanh", 2: r"\operatorname{relu}"}
    for layer, activation in activations.items():
        case = re.sub(r"\bl\b|(?<=_)l\b", str(layer), text.replace("l+1", str(layer + 1)))
        case = re.sub(r"\\delta_\{?(\d)\}?", r"\\frac{\\partial J}{\\partial z_\1}", case)
        case = case.replace(f"f_{layer}", activation)
        report = check(re.sub(r"%.*\n", "", case), table_of(["deep"], "1", "sum"))
        assert report.holds, report.message


def multiplications(from_left: bool) -> Callable[[str], None]:
    """Return the check of a count, for a chain that is multiplied from one of its ends."""

    def counted(text: str) -> None:
        for D_x, H, D_y in ((4, 5, 3), (7, 2, 11), (3, 8, 5)):
            shapes = [(1, D_y), (D_y, D_y), (D_y, H), (H, H), (H, D_x * H)]
            count = 0
            while len(shapes) > 1:
                at = 0 if from_left else len(shapes) - 2
                (p, q), (_, r) = shapes[at : at + 2]
                count += p * q * r
                shapes[at : at + 2] = [(p, r)]
            assert read(text, {"D_x": D_x, "H": H, "D_y": D_y}) == [count]

    return counted


def shards(text: str) -> None:
    parameters, x, y = example()
    each = [gradients(parameters, x[n : n + 1], y[n : n + 1]).dJ_dW1 for n in range(N)]
    rows = [[0, 1, 2], [3, 4], [5, 6]]
    known = {
        DJ_DW1: gradients(parameters, x, y, "sum").dJ_dW1,
        r"\frac{\partial J_n}{\partial W_1}": Entries("n", np.array(each)),
        "S": len(rows),
        r"\text{shard } s": lambda letters: rows[letters["s"]],
    }
    same(read(text, known), "=")


def times(text: str) -> None:
    N, M, r, c = 12, 4, 0.5, 0.7
    known = {"N": N, "M": M, "r": r, "c": c, "t_1(N)": 6.0, "t_M(N)": 3 * r + c}
    one, _, right, _, several, _, last = sides = read(text, known)
    assert sides[1::2] == ["=", r"\\", "="]
    assert (one, several) == pytest.approx((right, last))


def pays(text: str) -> None:
    for M, r, c in ((2, 0.5, 0.7), (5, 3.0, 4.0)):
        N, relation, least = read(text, {"N": 9, "M": M, "r": r, "c": c})
        assert (N, relation) == (9, ">")
        assert least * r == pytest.approx(least * r / M + c)


# The label of each display that is marked as prose, and the check of what it says.
PROSE: dict[str, Callable[[str], None]] = {
    "eq-check-central": central,
    "eq-check-taylor": taylor,
    "eq-check-central-error": central_error,
    "eq-check-two-errors": two_errors,
    "eq-check-complex": complex_step,
    "eq-check-relative": relative,
    "eq-check-direction": direction,
    "eq-step": one_step,
    "eq-step-slope": slope_of_a_step,
    "eq-momentum": momentum,
    "eq-deeper-recursion": recursion,
    "eq-costs-left": multiplications(from_left=True),
    "eq-costs-right": multiplications(from_left=False),
    "eq-machines-shards": shards,
    "eq-machines-times": times,
    "eq-machines-pays": pays,
}
