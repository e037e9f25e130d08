"""The names in NumPy text, and what they stand for in the book."""

import re
from functools import cache

from mlp_lib.equations.tables import Table

# How people write the same symbol.
SPELLINGS = {
    **dict.fromkeys(("y_hat", "ŷ", "Yhat", "Y_hat", "y_pred", "Y_pred"), r"\hat y"),
    **dict.fromkeys(("a2", "A2", "probs"), r"\hat y"), **dict.fromkeys(("a1", "A1"), "h"),
    "y_true": "y", "Y_true": "y", "Z1": "z_1", "Z2": "z_2", "w1": "W_1", "w2": "W_2",
    "Dx": "D_x", "Dy": "D_y", "m": "N",
}  # fmt: skip
# Other names of a gradient: grad_W1, gW1, W1_grad.
GRADIENT = re.compile(r"(?:g|grad|nabla)_?([Ww][12]|b[12])|([Ww][12]|b[12])_grad")
# What the network is given, where no line has to say what it is.
GIVEN = ("x", "y", "W_1", "b_1", "W_2", "b_2")
COSTS = {"L", "E", "C", "loss", "cost"}


def numpy_name(name: str) -> str:
    r"""Return a symbol's name in NumPy text: W_1 is W1, \hat y is yhat, D_x stays as it is."""
    if name.startswith(r"\hat "):
        return name.removeprefix(r"\hat ") + "hat"
    return re.sub(r"_(\d)", r"\1", name)


@cache
def names(table: Table) -> dict[str, str]:
    """Return every name that NumPy text may use for a symbol or a size, and what it stands for."""
    found = {numpy_name(name): name for name in table.symbols}
    found |= {size: size for size in table.sizes[0]}
    # A batch is often written with capitals.
    found |= {name.upper(): name for name in ("x", "y") if name in table.symbols}
    known = set(found.values())
    return {text: name for text, name in SPELLINGS.items() if name in known} | found
