"""NumPy's functions that are read here: under which names, and with which arguments."""

from typing import NamedTuple

from mlp_lib.equations.tree import Add, Contract, Divide, Elementwise, Kronecker, Node, Subtract

# Of several names of a function the last is the one in which suggestions are written.
FUNCTIONS = {
    **dict.fromkeys(("dsigmoid", "d_sigmoid", "sigmoid_derivative", "sigmoid_grad"), "sigma'"),
    "exp": "exp", "log": "log", "tanh": "tanh", "sigmoid": "sigma", "softmax": "softmax",
    "log_softmax": "logsoftmax", "diagflat": "diag", "sigmoid_prime": "sigma'",
    "tanh_prime": "tanh'", "relu": "relu", "relu_prime": "relu'",
}  # fmt: skip
OPERATIONS: dict[str, type[Node]] = {
    "add": Add, "subtract": Subtract, "multiply": Elementwise, "divide": Divide,
    "true_divide": Divide, "matmul": Contract, "kron": Kronecker,
}  # fmt: skip


class Signature(NamedTuple):
    """How many arguments a function takes here, and which keywords."""

    least: int
    most: int
    keywords: tuple[str, ...] = ()


# What makes one number of all along an axis, or of all that there is.
TOTALS = ("sum", "mean", "max", "min", "prod")
OVER_AXIS = (*TOTALS, "argmax")
LARGER_OF = {"max": "maximum", "min": "minimum"}
ENTRYWISE, PAIR, SHAPED = Signature(1, 1), Signature(2, 2), Signature(1, 4)
CALLS = {
    **dict.fromkeys(OVER_AXIS, Signature(1, 1, ("axis", "keepdims"))),
    "abs": ENTRYWISE, "sqrt": ENTRYWISE, "sign": ENTRYWISE, "round": ENTRYWISE, "maximum": PAIR,
    "minimum": PAIR, "power": PAIR, "floor_divide": PAIR, "float": ENTRYWISE,
    "where": Signature(3, 3), "clip": Signature(3, 3),
    "dot": PAIR, "inner": PAIR, "outer": PAIR, "tensordot": Signature(2, 2, ("axes",)),
    "einsum": Signature(1, 6, ("subscripts",)),
    "reshape": Signature(2, 5, ("order",)), "ravel": Signature(1, 1, ("order",)),
    "squeeze": Signature(1, 1, ("axis",)), "expand_dims": Signature(1, 1, ("axis",)),
    "atleast_2d": ENTRYWISE, "swapaxes": Signature(3, 3), "broadcast_to": Signature(2, 5),
    "transpose": Signature(3, 5),
    "vstack": SHAPED, "hstack": SHAPED, "concatenate": Signature(1, 4, ("axis",)),
    "eye": ENTRYWISE, "ones": SHAPED, "zeros": SHAPED, "ones_like": ENTRYWISE,
    "zeros_like": ENTRYWISE, "diag": ENTRYWISE, "pinv": ENTRYWISE, "inv": ENTRYWISE,
}  # fmt: skip
# Names of the same function, and np.linalg's.
SAME = {
    "identity": "eye", "amax": "max", "amin": "min", "absolute": "abs", "flatten": "ravel",
    "negative": "-", "square": "**2", "average": "mean", "sigma": "sigmoid", "expit": "sigmoid",
    "asarray": "array", "copy": "array", "float64": "array",
}  # fmt: skip
METHODS = {
    *OVER_AXIS, "dot", "reshape", "ravel", "flatten", "squeeze", "swapaxes", "transpose", "copy",
    "clip", "round",
}
# Methods of NumPy's own functions: np.multiply.outer keeps all axes of both.
OF_FUNCTIONS = {("multiply", "outer"): "tensordot", ("add", "reduce"): "sum"}  # fmt: skip
# Python's own functions of these names go over the first axis.
PYTHONS = {"sum", *LARGER_OF}
STACKS = {"vstack", "hstack", "concatenate"}
# Arguments that may be given by name: at which places they stand.
NAMED_PLACES = {"a": (0,), "b": (1,), "newshape": (1,), "shape": (0, 1)}
# Functions that take a tuple for several arguments, and functions whose next argument is the axis.
TUPLED = {*STACKS, "reshape", "ones", "zeros", "broadcast_to", "transpose"}
WITH_AXIS = {name for name, each in CALLS.items() if {"axis", "axes"} & set(each.keywords)}
