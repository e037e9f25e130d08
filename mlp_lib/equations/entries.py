"""The entries of each derivative in index notation, with letters of one's own."""

import re
from collections.abc import Iterator
from itertools import product

from mlp_lib.equations.latex import parse_latex
from mlp_lib.equations.setting import Setting
from mlp_lib.equations.tree import Node, Partial

# For one row: the letters of the derivative's axes, and the entry. Other letters are summed over.
ENTRIES = {
    (r"\hat y", "z_2"): ("kj", r"\hat y_k (\delta_{kj} - \hat y_j)"),
    ("h", "z_1"): ("kj", r"\delta_{kj} h_k (1 - h_k)"),
    ("z_2", "h"): ("kj", "W_{2,jk}"),
    ("z_1", "x"): ("ji", "W_{1,ij}"),
    ("z_1", "W_1"): ("kij", r"x_i \delta_{kj}"),
    ("z_2", "W_2"): ("kij", r"h_i \delta_{kj}"),
    ("z_1", "b_1"): ("kj", r"\delta_{kj}"),
    ("z_2", "b_2"): ("kj", r"\delta_{kj}"),
}
# For N rows: n is the row.
AT_HIDDEN = (
    r"\sum_k (\hat y_{nk} - y_{nk}) W_{2,jk}",
    r"\sum_k (\hat y_{nk} - y_{nk}) W_{2,jk} h_{nj} (1 - h_{nj})",
)
GRADIENTS = {
    r"\hat y": ("nk", r"-\frac{y_{nk}}{\hat y_{nk}}"),
    "z_2": ("nk", r"\hat y_{nk} - y_{nk}"),
    "W_2": ("jk", r"\sum_n h_{nj} (\hat y_{nk} - y_{nk})"),
    "b_2": ("k", r"\sum_n (\hat y_{nk} - y_{nk})"),
    "h": ("nj", AT_HIDDEN[0]),
    "z_1": ("nj", AT_HIDDEN[1]),
    "W_1": ("ij", rf"\sum_n x_{{ni}} {AT_HIDDEN[1]}"),
    "b_1": ("j", rf"\sum_n {AT_HIDDEN[1]}"),
    "x": ("ni", rf"\sum_j W_{{1,ij}} {AT_HIDDEN[1]}"),
}
# What one of these entries may lack, by the letters of its own.
FACTORS = (
    ("nk", r"\hat y_{nk} - y_{nk}"), ("nj", "h_{nj}"), ("nj", "1 - h_{nj}"),
    ("nj", "h_{nj} (1 - h_{nj})"), ("jk", "W_{2,jk}"), ("ij", "W_{1,ij}"), ("ni", "x_{ni}"),
    ("nj", AT_HIDDEN[0]),
)  # fmt: skip
AXES = {"n": "N", "k": "D_y", "j": "H", "i": "D_x"}
SPARE = "kljimnpq"
# Index letters: one behind _, or some in its braces.
LETTERS = re.compile(r"(?<=_)[a-z]|(?<=_\{)[a-z\d,]+(?=\})")


def entries_of(goal: Partial, letters: tuple[str, ...], where: Setting) -> Node | None:
    """Return the derivative's entries in these letters, or None where the book has no formula."""
    batch = where.setup == "batch"
    of, by = goal.of.name, goal.by.name
    if of != "J":
        own, text = ENTRIES.get((of, by), ("", ""))
        if batch:
            return None
    else:
        own, text = GRADIENTS.get(by, ("", ""))
        if not batch:
            own, text = own.replace("n", ""), text.replace(r"\sum_n ", "").replace("{n", "{")
        elif where.loss == "mean":
            text = rf"\frac{{1}}{{N}} \left( {text} \right)"
    if not text or len(own) != len(letters) or len(set(letters)) != len(letters):
        return None
    return parse_latex(with_letters(text, own, letters), where.table)[0].sides[0]


def factors_in(axis_of: dict[str, str], where: Setting) -> Iterator[Node]:
    """Yield the factors of a gradient's entries in the letters that range over their axes."""
    for own, text in FACTORS:
        if where.setup != "batch":
            own, text = own.replace("n", ""), text.replace("{n", "{")
        choices = [
            [letter for letter, axis in axis_of.items() if axis == AXES[each]] for each in own
        ]
        for letters in product(*choices):
            yield parse_latex(with_letters(text, own, letters), where.table)[0].sides[0]


def with_letters(text: str, own: str, letters: tuple[str, ...]) -> str:
    """Return the text with these letters for its own, and spare ones for those summed over."""
    taken = dict(zip(own, letters, strict=True))
    for letter in "nkji":
        if letter not in taken:
            free = (each for each in letter + SPARE if each not in taken.values())
            taken[letter] = next(free)
    return LETTERS.sub(lambda match: match[0].translate(str.maketrans(taken)), text)
