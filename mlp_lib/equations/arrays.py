"""Tree → plain NumPy arrays, by the rules of the text that the tree was read from.

NumPy text is evaluated as NumPy does, with its broadcasting. A formula of mathematics is evaluated
by the book's rules: a product contracts the last axis with the first, ∘ takes equal shapes. The
sizes of a network differ pairwise, so equal lengths are equal names.
"""

import math
from collections.abc import Callable
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from mlp_lib.equations.evaluate import FUNCTIONS
from mlp_lib.equations.numpy_code.functions import OVER_AXIS
from mlp_lib.equations.tree import (
    Add,
    Apply,
    Call,
    Claim,
    Compare,
    Contract,
    Divide,
    Elementwise,
    EquationError,
    Identity,
    Kronecker,
    Negate,
    Node,
    Number,
    OverLetters,
    Partial,
    Power,
    ShapeOf,
    SizeOf,
    Subscript,
    Subtract,
    Sum,
    Symbol,
    Transpose,
)

Array = NDArray[np.float64]
Rules = Literal["numpy", "book"]

MAX_ELEMENTS = 100_000
NO_MINUS = "a comparison is True or False in NumPy, which has no minus: write 1.0 * in front of it"
NO_MASK = "a mask isn't read in brackets: its values tell how many entries it takes"
NO_INDEX = "a whole number stands here: in Python / makes none, // does"
# Functions that make a number of numbers, and from which argument on a function takes sizes.
OF_NUMBERS = ("maximum", "minimum", "floor_divide", "float")
SIZES_FROM = {
    "ones": 0, "zeros": 0, "eye": 0, "reshape": 1, "broadcast_to": 1, "transpose": 1, "swapaxes": 1,
}  # fmt: skip
WORDS = {
    Add: "{} is added to {}", Subtract: "{1} is subtracted from {0}",
    Elementwise: "{} is multiplied entry by entry with {}", Divide: "{} is divided by {}",
}  # fmt: skip


class DoesNotFit(Exception):  # noqa: N818 - a finding about the reader's formula, not a fault
    """Shapes that don't fit, at this node; `words` has a {} for each of the shapes."""

    def __init__(self, node: Node, words: str, *shapes: tuple[int, ...]):
        super().__init__(words)
        self.node, self.words, self.shapes = node, words, shapes


class Arrays(NamedTuple):
    """The values of a network's symbols and of its derivatives, as plain arrays.

    `letters` evaluates a formula in indices, for all values of its free letters.
    """

    symbols: dict[str, Array]
    partial: Callable[[str, str], Array]
    sizes: dict[str, int]
    rules: Rules
    letters: Callable[[OverLetters], Array] | None = None


def evaluate(node: Node, at: Arrays, found: dict[int, Array] | None = None) -> Array:
    """Return the value of a node in numbers, 1 and 0 for a comparison.

    `found` holds what `value_of` gave for parts, by id. Raises what `value_of` raises.
    """
    return in_numbers(value_of(node, at, found))


def in_numbers(value: Array) -> Array:
    """Return a value with 1 for True and 0 for False."""
    return value.astype(float) if value.dtype == bool else value


def value_of(node: Node, at: Arrays, found: dict[int, Array] | None = None) -> Array:
    """Return the value of a node as NumPy has it: a comparison is of booleans, a size is whole.

    Raises DoesNotFit where shapes don't fit, and EquationError for what has no value.
    """
    known = found or {}

    def of(part: Node) -> Array:
        if (value := known.get(id(part))) is not None:
            return value
        if (rule := EVALUATORS.get(type(part))) is None:
            raise EquationError("index letters have no value as plain arrays", span=part.span)
        return np.asarray(rule(part, at, of))

    return of(node)


Inner = Callable[[Node], Array]


def symbol(node: Symbol, at: Arrays, of: Inner) -> Array:
    if node.name in at.symbols:
        return at.symbols[node.name]
    if node.name in at.sizes:
        return np.asarray(at.sizes[node.name])
    raise EquationError(f"{node.name} has no value here", span=node.span)


def partial(node: Partial, at: Arrays, of: Inner) -> Array:
    if isinstance(node.of, Symbol) and isinstance(node.by, Symbol):
        return at.partial(node.of.name, node.by.name)
    raise EquationError("the derivative of one symbol by another is read here", span=node.span)


def entrywise(operation: Callable[[Array, Array], Array]) -> Callable:
    """Return the evaluator of an operation entry by entry."""

    def value(node, at: Arrays, of: Inner) -> Array:
        left, right = of(node.left), of(node.right)
        words = WORDS.get(type(node), "{} is compared with {}")
        if at.rules == "book" and left.shape != right.shape and left.ndim and right.ndim:
            raise DoesNotFit(node, words, left.shape, right.shape)
        try:
            # Two arrays make at most as many numbers as the product of theirs.
            many = left.size * right.size > MAX_ELEMENTS
            shape = np.broadcast_shapes(left.shape, right.shape) if many else ()
            if math.prod(shape) <= MAX_ELEMENTS:
                return operation(left, right)
        except ValueError:
            raise DoesNotFit(node, words, left.shape, right.shape) from None
        except TypeError:
            raise EquationError(NO_MINUS, span=node.span) from None
        raise too_many(math.prod(shape), node)

    return value


def contract(node: Contract, at: Arrays, of: Inner) -> Array:
    left, right = of(node.left), of(node.right)
    if not left.ndim or not right.ndim:
        if at.rules == "numpy" and not (is_scale(node.left, at) or is_scale(node.right, at)):
            raise DoesNotFit(node, "{} meets {}, and @ takes no scalar", left.shape, right.shape)
        return left * right
    tensor = at.rules == "book" and right.ndim > 2
    first = 0 if at.rules == "book" else max(0, right.ndim - 2)
    if left.shape[-1] != right.shape[first]:
        stack = "; NumPy takes the right one as a stack of matrices" if first else ""
        raise DoesNotFit(node, "{} meets {}" + stack * (right.ndim > 2), left.shape, right.shape)
    bounded(math.prod(left.shape[:-1]) * math.prod(right.shape[1:]), node)
    if at.rules == "numpy":
        try:
            return left @ right
        except ValueError:
            words = "the stacks of matrices {} and {} don't fit"
            raise DoesNotFit(node, words, left.shape, right.shape) from None
    product = np.tensordot(left, right, 1)
    if product.shape == (1, 1):
        return product[0, 0]
    return product[0] if tensor and product.shape[0] == 1 else product


def negated(node: Negate, at: Arrays, of: Inner) -> Array:
    body = of(node.body)
    if body.dtype == bool:
        raise EquationError(NO_MINUS, span=node.span)
    return -body


def is_scale(node: Node, at: Arrays) -> bool:
    """Tell whether this is a number by its looks: in front of an array it has a * in code."""
    match node:
        case Number() | SizeOf():
            return True
        case Symbol(name):
            return name in at.sizes or not at.symbols[name].ndim
        case Negate(body) | Power(body, _):
            return is_scale(body, at)
        case Divide(left, right) | Contract(left, right) | Add(left, right) | Subtract(left, right):
            return is_scale(left, at) and is_scale(right, at)
        case Call(function, arguments) if function in OF_NUMBERS:
            return all(is_scale(each, at) for each in arguments)
    return False


def transpose(node: Transpose, at: Arrays, of: Inner) -> Array:
    body = of(node.body)
    if at.rules == "book" and body.ndim > 2:
        raise DoesNotFit(node, "a transpose of a tensor {}: which axes?", body.shape)
    return body.T


def kronecker(node: Kronecker, at: Arrays, of: Inner) -> Array:
    left, right = of(node.left), of(node.right)
    bounded(left.size * right.size, node)
    return np.kron(left, right)


def apply(node: Apply, at: Arrays, of: Inner) -> Array:
    argument = in_numbers(of(node.argument))
    if node.function == "diag":
        if at.rules == "book" and (argument.ndim != 2 or len(argument) != 1):
            raise DoesNotFit(node, "diag takes a row, got {}", argument.shape)
        bounded(argument.size**2, node)
        return np.diagflat(argument)
    if node.function == "vec":
        return argument.reshape(-1, 1, order="F")
    if node.function in ("softmax", "logsoftmax") and not argument.ndim:
        raise DoesNotFit(node, "softmax takes a row, got {}", ())
    return FUNCTIONS[node.function](argument)


def claim(node: Claim, at: Arrays, of: Inner) -> Array:
    value = of(node.body)
    said = () if set(node.shape) == {"1"} else node.shape
    for axis in said:
        if axis not in at.sizes and axis != "1":
            sizes = ", ".join(at.sizes)
            raise EquationError(f"{axis} is no size here; {sizes} are", span=node.span)
    lengths = [at.sizes[axis] for axis in said if axis != "1"]
    # A vector of code is a row of the book: it may lack an axis of length 1.
    exact = [at.sizes.get(axis, 1) for axis in node.shape]
    whole = value.ndim == len(exact) and list(value.shape) != exact
    if whole or [length for length in value.shape if length != 1] != lengths:
        raise DoesNotFit(node, f"{{}} is said to be {'×'.join(node.shape)}", value.shape)
    return value


def size_of(node: SizeOf, at: Arrays, of: Inner) -> Array:
    shape = of(node.base).shape
    if node.axis is None:
        return np.asarray(math.prod(shape))
    if not -len(shape) <= node.axis < len(shape):
        raise DoesNotFit(node, f"{{}} has no axis {node.axis}", shape)
    return np.asarray(shape[node.axis])


def subscript(node: Subscript, at: Arrays, of: Inner) -> Array:
    base = of(node.base)
    items = tuple(of(item) if isinstance(item, Node) else item for item in node.items)
    for given, item in zip(node.items, items, strict=True):
        if isinstance(given, Node) and item.dtype.kind not in "iu":
            problem = NO_MASK if item.dtype == bool else NO_INDEX
            raise EquationError(problem, span=given.span)
    bounded(base.size * math.prod(np.size(item) for item in items if item is not None), node)
    try:
        return base[items]
    except (IndexError, ValueError):
        raise DoesNotFit(node, "{} has no such entries", base.shape) from None


def call(node: Call, at: Arrays, of: Inner) -> Array:
    arguments: list = [
        of(each.base).shape if isinstance(each, ShapeOf) else of(each) for each in node.arguments
    ]
    keywords = dict(node.keywords)
    if at.rules == "book":
        raise EquationError(f"{node.function} belongs to NumPy", span=node.span)
    first = SIZES_FROM.get(node.function, len(arguments))
    for given, each in zip(node.arguments[first:], arguments[first:], strict=True):
        if np.size(each) == 1 and np.asarray(each).dtype.kind not in "iu":
            raise EquationError(NO_INDEX, span=given.span)
    try:
        count = elements(node.function, arguments, keywords)
        if count <= MAX_ELEMENTS:
            return CALLED[node.function](*arguments, **keywords)
    except (ValueError, IndexError, TypeError, np.linalg.LinAlgError):
        shapes = [each.shape for each in arguments if isinstance(each, np.ndarray)]
        words = f"np.{node.function} doesn't take " + ", ".join("{}" for _ in shapes)
        raise DoesNotFit(node, words, *shapes) from None
    raise too_many(count, node)


def over_letters(node: OverLetters, at: Arrays, of: Inner) -> Array:
    if at.letters is None:
        raise EquationError("index letters belong to the book's notation", span=node.span)
    return at.letters(node)


def closed_sum(node: Sum, at: Arrays, of: Inner) -> Array:
    """Evaluate a sum over all its letters, which is a number and may stand among matrices."""
    return over_letters(OverLetters(node, (), (), span=node.span), at, of)


def elements(function: str, arguments: list, keywords: dict) -> float:
    """Return how many numbers a call will make at most, before it makes them."""
    if function == "einsum":
        sizes = {}
        for letters, array in zip(
            keywords["subscripts"].split("->")[0].split(","), arguments, strict=True
        ):
            sizes |= dict(zip(letters, np.shape(array), strict=True))
        return math.prod(sizes.values())
    if function in ("ones", "zeros", "broadcast_to", "reshape"):
        return math.prod(whole(arguments[function in ("broadcast_to", "reshape") :]))
    if function == "eye":
        return float(arguments[0]) ** 2
    if function in ("maximum", "minimum", "power", "floor_divide", "where", "clip"):
        return math.prod(np.broadcast_shapes(*(np.shape(each) for each in arguments)))
    if function in ("outer", "tensordot", "dot", "inner", "diag"):
        return math.prod(np.size(each) for each in arguments) ** (1 + (function == "diag"))
    return sum(np.size(each) for each in arguments)


def whole(sizes: list) -> tuple[int, ...]:
    """Return sizes as whole numbers; the shape of an array stands for several."""
    found: list[int] = []
    for each in sizes:
        found += list(each) if isinstance(each, tuple) else [int(each)]
    return tuple(found)


def bounded(count: float, node: Node) -> None:
    """Refuse an array that would be far larger than any in a small network."""
    if count > MAX_ELEMENTS:
        raise too_many(count, node)


def too_many(count: float, node: Node) -> EquationError:
    """Return the error that says how many numbers a part would make."""
    return EquationError(
        f"this would make {count:.0f} numbers; at most {MAX_ELEMENTS} are made", span=node.span
    )


def stacked(function: Callable) -> Callable:
    """Return NumPy's stacking of arrays that come as arguments of their own."""
    return lambda *arrays, **keywords: function(arrays, **keywords)


def one_number(value: Array) -> float:
    """Return Python's float of a number; an array has none."""
    if value.ndim:
        raise TypeError
    return float(value)


CALLED: dict[str, Callable] = {
    **{name: getattr(np, name) for name in OVER_AXIS},
    "abs": np.abs, "sqrt": np.sqrt, "sign": np.sign, "round": np.round,
    "maximum": np.maximum, "clip": np.clip, "floor_divide": np.floor_divide, "float": one_number,
    # Of whole numbers NumPy has no power -1, but Python has.
    "minimum": np.minimum, "power": np.float_power, "where": np.where,
    "dot": np.dot, "inner": np.inner, "outer": np.outer, "ravel": np.ravel, "squeeze": np.squeeze,
    "atleast_2d": np.atleast_2d, "ones_like": np.ones_like, "zeros_like": np.zeros_like,
    "diag": np.diag,
    "expand_dims": lambda array, axis=0: np.expand_dims(array, axis),
    "tensordot": lambda left, right, axes=2: np.tensordot(left, right, axes),
    "einsum": lambda *arrays, subscripts: np.einsum(subscripts, *arrays),
    "reshape": lambda array, *sizes, order="C": array.reshape(whole(list(sizes)), order=order),
    "broadcast_to": lambda array, *sizes: np.broadcast_to(array, whole(list(sizes))),
    "ones": lambda *sizes: np.ones(whole(list(sizes))),
    "zeros": lambda *sizes: np.zeros(whole(list(sizes))),
    "transpose": lambda array, *axes: np.transpose(array, whole(list(axes))),
    "swapaxes": lambda array, one, other: np.swapaxes(array, int(one), int(other)),
    "eye": lambda size: np.eye(int(size)),
    "vstack": stacked(np.vstack),
    "hstack": stacked(np.hstack),
    "concatenate": stacked(np.concatenate),
    "pinv": np.linalg.pinv,
    "inv": np.linalg.inv,
}  # fmt: skip
COMPARISONS = {
    ">": np.greater, ">=": np.greater_equal, "<": np.less, "<=": np.less_equal, "==": np.equal,
}  # fmt: skip
EVALUATORS: dict[type[Node], Callable[..., Array]] = {
    OverLetters: over_letters,
    Sum: closed_sum,
    Number: lambda node, at, of: np.asarray(node.value),
    Symbol: symbol,
    Identity: lambda node, at, of: np.eye(at.sizes[node.axis]),
    Partial: partial,
    Add: entrywise(np.add),
    Subtract: entrywise(np.subtract),
    Elementwise: entrywise(np.multiply),
    Divide: entrywise(np.divide),
    Compare: lambda node, at, of: entrywise(COMPARISONS[node.sign])(node, at, of),
    Negate: negated,
    Power: lambda node, at, of: of(node.base) ** node.exponent,
    Transpose: transpose,
    Contract: contract,
    Kronecker: kronecker,
    Apply: apply,
    Call: call,
    Subscript: subscript,
    SizeOf: size_of,
    Claim: claim,
}
