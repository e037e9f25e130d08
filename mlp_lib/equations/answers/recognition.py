"""How a known mistake is recognised: by the value that it leads to, or by the parts that don't fit.

By value: the gradient is put together from its factors, with one or two of them replaced by what
people write in their place, and compared with the attempt, however that is written.
"""

import math
from collections.abc import Callable
from functools import cache, lru_cache
from itertools import combinations
from typing import NamedTuple

import numpy as np

from mlp_lib.equations.arrays import Array, evaluate
from mlp_lib.equations.numpy_code.reader import parse_numpy
from mlp_lib.equations.routes import TOLERANCE, close
from mlp_lib.equations.setting import Network, Setting
from mlp_lib.equations.tree import (
    Add,
    Apply,
    Call,
    Contract,
    Divide,
    Elementwise,
    Node,
    Number,
    Partial,
    Subtract,
    Symbol,
    Transpose,
)

# What people write in the place of a factor, as NumPy text over rows, with the mistake that it is.
# g stands for ∂J/∂ŷ or ŷ − y; the first line of each factor is the right one.
OUTPUT_ERRORS = {
    "yhat - y": "",
    "y - yhat": "sign",
    "-y / yhat": "softmax skipped",
    "y / yhat": "softmax skipped",
    "-y * (1 - yhat)": "softmax diagonal only",
    "-y / yhat * sigmoid_prime(z2)": "sigmoid for softmax",
    "(yhat - y) * sigmoid_prime(z2)": "output slope on ŷ − y",
    "(yhat - y) * yhat * (1 - yhat)": "output slope on ŷ − y",
    "(yhat - y) * yhat - yhat * np.sum((yhat - y) * yhat, axis=1, keepdims=True)":
        "softmax Jacobian twice",
    "-y / yhat * z2 + z2 * np.sum(y / yhat * z2, axis=1, keepdims=True)":
        "softmax Jacobian of the logits",
    "(yhat - y) * (1 - (yhat - y))": "slope of the error",
    "softmax(yhat) - y": "softmax twice",
    "-1 / yhat": "every class for the true one",
    "1 / yhat": "every class for the true one",
    "yhat": "label forgotten",
    "y": "prediction forgotten",
    "yhat + y": "label added",
    "z2 - y": "softmax not applied",
    "np.exp(z2) - y": "softmax not normalised",
    "sigmoid(z2) - y": "sigmoid for softmax",
    "np.exp(z2) / np.sum(np.exp(z2)) - y": "softmax over the whole batch",
    "np.exp(z2) / np.sum(np.exp(z2), axis=0, keepdims=True) - y": "softmax over the examples",
    "np.exp(z2) / np.sum(np.exp(z2), axis=0) - y": "softmax over the examples",
    "yhat - 1": "1 for the label",
    "yhat - np.argmax(y, axis=1)[:, None]": "class index",
    "yhat - np.argmax(y)": "class index",
    "(yhat - y) / (yhat * (1 - yhat))": "binary cross-entropy",
    "-y / yhat + (1 - y) / (1 - yhat)": "binary cross-entropy",
    "(yhat - y) ** 2": "squared error",
    "np.abs(yhat - y)": "squared error",
    "-y * np.log(yhat)": "loss for its gradient",
    "y * np.log(yhat)": "loss for its gradient",
    "-np.log(yhat)": "loss for its gradient",
    "yhat * (1 - yhat)": "output slope on ŷ − y",
    "yhat * (yhat - y)": "output slope on ŷ − y",
    "(yhat - y) * (1 - yhat)": "output slope on ŷ − y",
    "y * (yhat - y)": "softmax diagonal only",
    "-y / yhat * (np.sum(yhat * yhat) * 0 + 1) * yhat": "softmax diagonal only",
    "-y / yhat * (yhat * (1 - yhat))": "softmax diagonal only",
}  # fmt: skip
SLOPES = {
    "h * (1 - h)": "",
    "1 + 0 * h": "slope missing",
    "h": "slope incomplete",
    "1 - h": "slope incomplete",
    "z1 * (1 - z1)": "slope of the pre-activation",
    "sigmoid(h) * (1 - sigmoid(h))": "slope of the activation",
    "1 - h ** 2": "slope of tanh",
    "1 - z1 ** 2": "slope of tanh",
    "1 - np.tanh(z1) ** 2": "slope of tanh",
    "(z1 > 0)": "slope of ReLU",
    "(h > 0)": "slope of ReLU",
    "h ** 2 * (1 - h) ** 2": "slope twice",
    "h * h": "slope wrong",
    "(1 - h) * (1 - h)": "slope wrong",
    "h * (1 + h)": "slope wrong",
    "h * (1 - h) ** 2": "slope wrong",
    "h ** 2 * (1 - h)": "slope wrong",
    "h * (h - 1)": "sign",
    "1 - 2 * h": "slope wrong",
    "z1": "activation for its slope",
    "np.maximum(z1, 0)": "activation for its slope",
    "np.tanh(z1)": "activation for its slope",
    "sigmoid(h)": "slope of the activation",
    "h * (1 - sigmoid(h))": "slope of the activation",
    "sigmoid(h) * (1 - h)": "slope of the activation",
    "np.exp(-z1)": "slope wrong",
    "1 / (h * (1 - h))": "slope wrong",
    "z1 * (1 - h)": "slope of the pre-activation",
    "h * (1 - z1)": "slope of the pre-activation",
}  # fmt: skip
AT_OUTPUT = {
    "-1 / yhat": "every class for the true one",
    "1 / yhat": "every class for the true one",
    "-yhat / y": "quotient upside down",
    "yhat / y": "quotient upside down",
    "-y * np.log(yhat)": "loss for its gradient",
    "y * np.log(yhat)": "loss for its gradient",
    "-np.log(yhat)": "loss for its gradient",
    "np.log(yhat)": "loss for its gradient",
    "-y / yhat + (1 - y) / (1 - yhat)": "binary cross-entropy",
    "(yhat - y) / (yhat * (1 - yhat))": "binary cross-entropy",
}
WEIGHTS = {
    "W2.T": "",
    "np.reshape(W2, W2.T.shape)": "reshape for transpose",
    "np.linalg.pinv(W2)": "pseudo-inverse",
}
INPUTS = {
    "W_1": {"x": "", "h": "wrong row in the outer product", "z1": "wrong row in the outer product",
            "yhat": "wrong row in the outer product", "y": "wrong row in the outer product",
            "z2": "wrong row in the outer product"},
    "W_2": {"h": "", "x": "wrong row in the outer product", "z1": "wrong row in the outer product",
            "yhat": "wrong row in the outer product", "y": "wrong row in the outer product",
            "z2": "wrong row in the outer product", "1 - h": "wrong row in the outer product"},
}  # fmt: skip


class Factors(NamedTuple):
    """The factors that a gradient is put together from, as rows, at one network."""

    error: Array
    weights: Array
    slope: Array
    layer_input: Array


class Last(NamedTuple):
    """The last step to a target, from the gradient by the pre-activation, and its mistake."""

    mistake: str
    step: Callable[[Array, Factors, dict[str, Array]], Array]


NOT_SENT = "error not sent through the weights"
# In each, d is the gradient by the layer's pre-activation, f the factors, v the network's values.
LAST = {
    "weights": (
        Last("", lambda d, f, v: f.layer_input.T @ d),
        Last("outer product transposed", lambda d, f, v: d.T @ f.layer_input),
        Last("reshape for transpose", lambda d, f, v: (d.T @ f.layer_input).reshape(v["W"].shape)),
        Last("weights times the error", lambda d, f, v: v["W"] * d[:1]),
        Last(
            "product of sums",
            lambda d, f, v: np.outer(f.layer_input.sum(axis=0), d.sum(axis=0)),
        ),
        Last(
            "product of sums",
            lambda d, f, v: np.outer(f.layer_input.mean(axis=0), d.mean(axis=0)),
        ),
        Last(
            "product of sums",
            lambda d, f, v: np.outer(f.layer_input.mean(axis=0), d.sum(axis=0)),
        ),
        Last(
            "product of sums",
            lambda d, f, v: np.outer(f.layer_input.sum(axis=0), d.mean(axis=0)),
        ),
        Last("gradient by the pre-activation", lambda d, f, v: d),
        Last("gradient by the input", lambda d, f, v: d @ v["W"].T),
        Last(NOT_SENT, lambda d, f, v: f.layer_input.T @ f.error),
    ),
    "bias": (
        Last("", lambda d, f, v: d.sum(axis=0)),
        Last("bias not summed", lambda d, f, v: d),
        Last("bias not summed", lambda d, f, v: d[0]),
        Last(NOT_SENT, lambda d, f, v: f.error.sum(axis=0)),
        Last("bias summed over the wrong axis", lambda d, f, v: d.sum(axis=1)),
        Last("bias summed over the wrong axis", lambda d, f, v: d.sum()),
        Last("bias summed over the wrong axis", lambda d, f, v: d.mean()),
        Last("bias summed over the wrong axis", lambda d, f, v: d.mean(axis=1)),
        Last("bias as a factor", lambda d, f, v: v["b"] * d),
        Last("bias as a factor", lambda d, f, v: (v["b"] * d).sum(axis=0)),
        Last("wrong row in the outer product", lambda d, f, v: f.layer_input.T @ d),
        Last("factor missing", lambda d, f, v: np.ones_like(v["b"])),
    ),
    "input": (
        Last("", lambda d, f, v: d @ v["W"].T),
        Last("reshape for transpose", lambda d, f, v: d @ v["W"].reshape(v["W"].T.shape)),
        Last("pseudo-inverse", lambda d, f, v: d @ np.linalg.pinv(v["W"])),
        Last("gradient by the pre-activation", lambda d, f, v: d),
        Last("another quantity", lambda d, f, v: f.layer_input.T @ d),
    ),
    "row": (Last("", lambda d, f, v: d),),
}


def route(target: Partial) -> tuple[str, str]:
    """Return the layer of a target (its weights' name) and which kind of last step leads to it."""
    name = target.by.name if isinstance(target.by, Symbol) else ""
    layer = "W_1" if name in ("W_1", "b_1", "x", "z_1") else "W_2"
    kinds = {"W": "weights", "b": "bias", "x": "input", "z": "row", "h": "input"}
    return layer, kinds.get(name[:1], "")


@cache
def parsed(text: str, setting: Setting) -> Node:
    """Return the tree of one of the texts above."""
    return parse_numpy(text, setting.table)[-1].sides[-1]


@cache
def rows(text: str, setting: Setting, network: Network) -> Array:
    """Return the value of one of the texts above, over the book's rows."""
    at = network.book._replace(rules="numpy")
    with np.errstate(all="ignore"):
        return evaluate(parsed(text, setting), at)


def put_together(target, last: Last, texts, setting: Setting, network: Network) -> Array:
    """Return the gradient that these factors give at one network."""
    layer, _ = route(target)
    mean = setting.setup == "batch" and setting.loss == "mean"
    f = Factors(*(rows(text, setting, network) for text in texts))
    d = f.error / (network.point.sizes["N"] if mean else 1)
    if layer == "W_1":
        d = d @ f.weights * f.slope
    values = network.book.symbols
    own = {"W": values[layer], "b": values[layer.replace("W", "b")]}
    return last.step(d, f, own)


class Variant(NamedTuple):
    """One way to put the gradient together, with the mistakes in it."""

    mistakes: tuple[str, ...]
    last: Last
    texts: tuple[str, str, str, str]


@cache
def variants(target: Partial, at_most: int) -> tuple[Variant, ...]:
    """Return the gradients with as many mistakes, each in another factor."""
    layer, kind = route(target)
    if not kind:
        return ()
    first_layer = layer == "W_1"
    choices: tuple[dict, ...] = (
        OUTPUT_ERRORS,
        WEIGHTS if first_layer else {"W2.T": ""},
        SLOPES if first_layer else {"h * (1 - h)": ""},
        INPUTS[layer] if kind == "weights" else {next(iter(INPUTS[layer])): ""},
    )
    right = [next(iter(choice)) for choice in choices]
    # The error of the output layer has no weights to be sent through.
    lasts = [each for each in LAST[kind] if first_layer or each.mistake != NOT_SENT]
    found = []
    for places in combinations(range(5), at_most):
        options: list[list] = [[each] for each in (*right, lasts[0])]
        for place in places:
            wrong = list(choices[place])[1:] if place < 4 else list(lasts[1:])
            options[place] = wrong
        for error in options[0]:
            for weights in options[1]:
                for slope in options[2]:
                    for row in options[3]:
                        for last in options[4]:
                            names = [
                                choices[n][text]
                                for n, text in enumerate((error, weights, slope, row))
                            ]
                            mistakes = tuple(name for name in (*names, last.mistake) if name)
                            found.append(Variant(mistakes, last, (error, weights, slope, row)))
    return tuple(found)


def by_value(
    values: list[Array], target: Partial, setting: Setting, multiples: bool
) -> tuple[str, ...]:
    """Return the mistakes that lead to these values at the ordinary networks, or none.

    One mistake is tried before two. With `multiples` a factor in front of the whole is one, too.
    """
    if target.by == Symbol(r"\hat y"):
        return at_output(values, setting)
    first = np.squeeze(values[0])
    size = np.linalg.norm(first)
    if not np.isfinite(size) or size == 0:
        return ()
    right = np.squeeze(setting.ordinary[0].numpy.partial("J", target.by.name))
    is_multiple_of_right = first.shape == right.shape and (
        parallel(first, right) or parallel(first, -right)
    )
    for at_most in (1, 2):
        found, gradients, sizes = catalogue(target, at_most, setting).get(
            first.shape, ([], first[None], np.ones(1))
        )
        flat = gradients.reshape(len(gradients), -1)
        differences = np.abs(gradients - first).reshape(len(gradients), -1).sum(axis=1)
        for number in np.flatnonzero(differences <= TOLERANCE * np.abs(first).sum()):
            if found and comes_out(found[number], values, target, setting):
                return found[number].mistakes
        if is_multiple_of_right or not multiples:
            continue
        cosines = flat @ first.ravel() / size / sizes
        for number in np.flatnonzero(np.abs(cosines) >= 1 - TOLERANCE):
            if found and (other := multiple(found[number], values, target, setting)):
                return (*found[number].mistakes, other)
    return ()


def at_output(values: list[Array], setting: Setting) -> tuple[str, ...]:
    """Return the mistake in a formula for ∂J/∂ŷ that leads to these values or a multiple."""
    for text, mistake in AT_OUTPUT.items():
        pairs = [
            (np.squeeze(value), np.squeeze(rows(text, setting, network)))
            for value, network in zip(values, setting.ordinary, strict=True)
        ]
        if all(one.shape == other.shape and parallel(one, other) for one, other in pairs):
            return (mistake,)
    return ()


def parallel(one: Array, other: Array) -> bool:
    """Tell whether one value is a positive multiple of the other."""
    product = np.linalg.norm(one) * np.linalg.norm(other)
    return bool(np.vdot(one, other) >= (1 - TOLERANCE) * product > 0)


def multiple(variant: Variant, values: list[Array], target: Partial, setting: Setting) -> str:
    """Return the mistake that makes the values a multiple of a variant's, or "" if they are none.

    The multiple is one number, N or 1/N.
    """
    ratios = []
    for number, value in enumerate(values):
        wanted = expected(variant, target, setting, number)
        if wanted is None or np.squeeze(wanted).shape != np.squeeze(value).shape:
            return ""
        if not np.any(wanted) or not np.isfinite(wanted).all():
            return ""
        ratio = float(np.vdot(wanted, value) / np.vdot(wanted, wanted))
        if not same(value, ratio * wanted):
            return ""
        ratios.append(ratio)
    N = [network.point.sizes.get("N", 1) for network in setting.ordinary]
    if max(ratios) - min(ratios) <= 1e-6 * abs(ratios[0]):
        return "sign" if math.isclose(ratios[0], -1, rel_tol=1e-5) else "factor"
    pairs = list(zip(ratios, N, strict=True))
    if all(math.isclose(ratio, n, rel_tol=1e-5) for ratio, n in pairs):
        return "1/N missing"
    if all(math.isclose(ratio * n, 1, rel_tol=1e-5) for ratio, n in pairs):
        return "1/N twice" if setting.loss == "mean" else "1/N too much"
    return ""


@cache
def catalogue(
    target: Partial, at_most: int, setting: Setting
) -> dict[tuple[int, ...], tuple[list[Variant], Array, Array]]:
    """Return the variants, their values at the first network and how long these are, by shape."""
    right = setting.ordinary[0].numpy.partial("J", target.by.name)
    found: dict[tuple[int, ...], tuple[list, list]] = {}
    for variant in variants(target, at_most):
        value = expected(variant, target, setting, 0)
        if value is not None and np.isfinite(value).all() and not same(value, right):
            listed, gradients = found.setdefault(np.squeeze(value).shape, ([], []))
            listed.append(variant)
            gradients.append(np.squeeze(value))
    return {
        shape: (listed, np.array(gradients), lengths(gradients))
        for shape, (listed, gradients) in found.items()
    }


def lengths(gradients: list[Array]) -> Array:
    """Return how long each gradient is, as a vector; 1 for one that is zero."""
    found = np.array([np.linalg.norm(gradient) for gradient in gradients])
    return np.where(found == 0, 1.0, found)


def comes_out(variant: Variant, values: list[Array], target: Partial, setting: Setting) -> bool:
    """Tell whether the variant has these values at all networks."""
    for number, value in enumerate(values):
        wanted = expected(variant, target, setting, number)
        if wanted is None or not same(value, wanted):
            return False
    return True


@lru_cache(maxsize=4096)
def expected(variant: Variant, target: Partial, setting: Setting, number: int) -> Array | None:
    """Return the variant's value at one network, or None where its factors don't fit."""
    network = setting.ordinary[number]
    try:
        with np.errstate(all="ignore"):
            return put_together(target, variant.last, variant.texts, setting, network)
    except ValueError:
        return None


def same(one: Array, other: Array) -> bool:
    """Compare two values, axes of length 1 aside."""
    return close(np.squeeze(one), np.squeeze(other))


def updated_weights(values: list[Array], target: Partial, setting: Setting) -> bool:
    """Tell whether the values come from W₂ − lr·∂J/∂W₂, with the same lr at all networks.

    With a mean, the step may be N times that: lr times the sum.
    """
    if route(target)[0] != "W_1" and target.by != Symbol("h"):
        return False
    rates = []
    for value, network in zip(values, setting.ordinary, strict=True):
        right = network.numpy.partial("J", target.by.name)
        step = network.book.partial("J", "W_2")
        error = network.book.partial("J", "z_2")
        back = error @ step.T
        if target.by.name != "h":
            h = network.book.symbols["h"]
            back = back * h * (1 - h)
        x = network.book.symbols["x"]
        W_1 = network.book.symbols["W_1"]
        shift = {"W_1": x.T @ back, "b_1": back.sum(axis=0), "x": back @ W_1.T}.get(
            target.by.name, back
        )
        right, value, shift = map(np.squeeze, (right, value, shift))
        if not right.shape == value.shape == shift.shape:
            return False
        difference = right - value
        rate = np.vdot(difference, shift) / np.vdot(shift, shift)
        rates.append(rate)
        if not same(difference, rate * shift):
            return False
    N = [network.point.sizes.get("N", 1) for network in setting.ordinary]
    return bool(rates[0] > 0) and any(
        np.ptp(each) <= 1e-6 * abs(each[0]) for each in (rates, np.divide(rates, N))
    )


class Clash(NamedTuple):
    """Two parts that don't fit: the operation, their shapes by names, and what stands above it."""

    node: Node
    left: str
    right: str
    above: tuple[Node, ...]


def symbols_in(node: Node) -> set[str]:
    """Return the names of the symbols in a formula."""
    return {each.name for each in node.walk() if isinstance(each, Symbol)}


def by_clash(clash: Clash, target: Partial, setting: Setting) -> str:
    """Return the mistake that makes two parts not fit, or ""."""
    if is_call(clash.node, "einsum"):
        return "einsum letters"
    if isinstance(clash.node, Contract) or is_call(clash.node, "dot", "inner"):
        return by_product(clash, target, setting)
    if isinstance(clash.node, Elementwise):
        return by_elementwise(clash, target)
    if isinstance(clash.node, Add | Subtract | Divide):
        return by_difference(clash)
    return ""


def by_product(clash: Clash, target: Partial, setting: Setting) -> str:
    """Return the mistake in a matrix product that doesn't fit."""
    left, right = parts(clash.node)
    last, first = axes_of(clash.left)[-1], axes_of(clash.right)
    weight = {"W_1", "W_2"} & {getattr(right, "name", "")}
    of_input = getattr(right.body if isinstance(right, Transpose) else right, "name", "")
    layer, kind = route(target)
    batch = setting.setup == "batch"
    slopes = [bool(symbols_in(part)) and symbols_in(part) <= {"h", "z_1"} for part in (left, right)]
    if any(
        isinstance(part, Partial) and len(axes_of(shape)) > 2
        for part, shape in ((left, clash.left), (right, clash.right))
    ):
        return "tensor as a stack"
    if batch and any(isinstance(part, Apply) and part.function == "diag" for part in (left, right)):
        return "diagonal matrix of a batch"
    if any(is_call(part, "mean", "sum") for part in (left, right)) and kind == "weights":
        return "product of sums" if batch else "order of a product"
    if clash.left.startswith("(") and clash.right.startswith("(") and kind == "weights":
        return "transpose of one axis"
    if (
        of_input == {"W_1": "x", "W_2": "h"}[layer]
        and kind == "weights"
        and symbols_in(left) & {"y", r"\hat y", "J"}
    ):
        return "column formula on rows" if batch else "order of the factors"
    if of_input == "W_1" and symbols_in(left) & {"y", r"\hat y"} and "W_2" not in symbols_in(left):
        return "error not sent through the weights"
    if weight and last == first[-1]:
        return "weights not transposed"
    if clash.left == clash.right and any(slopes):
        return "matrix product with the slope"
    if clash.left == clash.right:
        return "product of the wrong kind"
    if last == first[-1]:
        return "transpose missing"
    return "order of a product"


def axes_of(shape: str) -> list[str]:
    """Return the names of the axes in a shape, D_x×H or (H,)."""
    return shape.strip("(),").split("×")


def by_elementwise(clash: Clash, target: Partial) -> str:
    """Return the mistake in a product entry by entry that doesn't fit."""
    left, right = parts(clash.node)
    both = [symbols_in(left), symbols_in(right)]
    axes = [axes_of(clash.left), axes_of(clash.right)]
    for part, own, other in ((left, *axes), (right, *axes[::-1])):
        if len(own) == 2 and own[0] == own[1] == other[-1]:
            diagonal = isinstance(part, Apply) or part == Partial(Symbol("h"), Symbol("z_1"))
            names = ("product of the wrong kind", "entry by entry with a diagonal matrix")
            return names[diagonal]
        if len(own) > 2 and isinstance(part, Partial):
            return "product of the wrong kind"
    if of_another_layer(clash, target):
        return "slope of the wrong layer"
    layer, kind = route(target)
    if kind == "weights" and Symbol(layer) in (left, right):
        return "weights times the error"
    slopes = [bool(each) and each <= {"h", "z_1"} for each in both]
    weights = ["W_2" in each and each <= {"W_2", "h", "z_1"} for each in both]
    if any(weights) and any(slopes):
        return "grouped with the weights"
    errors = [bool(each & {"y", r"\hat y", "J"}) for each in both]
    summed = axes[0][-1] == axes[1][0] or axes[1][-1] == axes[0][0]
    if "N" in axes[0] and summed and any(isinstance(part, Transpose) for part in (left, right)):
        return "entry by entry over the examples"
    if route(target) == ("W_2", "weights") and any(each == {"h"} for each in both):
        return "input multiplied entry by entry"
    if any(slopes) and any(errors):
        at_hidden = Partial(Symbol("J"), Symbol("h")) in tuple(clash.node.walk())
        if at_hidden or "W_2" in symbols_in(clash.node):
            return "grouping"
        later = set().union(*(symbols_in(node) for node in clash.above))
        if "W_2" in later:
            return "slope before the weights"
        return "error not sent through the weights"
    if any(each <= {"x", "h"} and each for each in both) and route(target)[1] == "weights":
        return "input multiplied entry by entry"
    return "product of the wrong kind"


def of_another_layer(clash: Clash, target: Partial) -> bool:
    """Tell whether this is the slope of σ elsewhere, or part of s(1 − s) with another s than h."""
    if route(target)[0] != "W_1":
        return False
    others = {"x", "y", r"\hat y", "z_2", "W_1", "W_2"}
    for part in parts(clash.node):
        if isinstance(part, Apply) and part.function == "sigma'" and symbols_in(part) & others:
            return True
        if isinstance(part, Symbol) and part.name in others:
            rest = Subtract(Number(1.0), part)
            return any(rest in node.children() for node in clash.above)
        if part in [Subtract(Number(1.0), Symbol(name)) for name in others]:
            return True
    return False


def by_difference(clash: Clash) -> str:
    """Return the mistake in a sum, a difference or a quotient that doesn't fit."""
    calls = [node for node in clash.node.walk() if isinstance(node, Call)]
    if any(call.function == "argmax" for call in calls):
        return "class index"
    if any(call.function in ("sum", "max", "mean") and not call.keyword("keepdims")
           for call in calls):  # fmt: skip
        return "keepdims missing"
    return ""


def parts(node: Node) -> tuple[Node, Node]:
    """Return the two operands of an operation."""
    left, right, *_ = node.children()
    return left, right


def is_call(node: Node, *functions: str) -> bool:
    """Tell whether this is a call of one of the functions."""
    return isinstance(node, Call) and node.function in functions
