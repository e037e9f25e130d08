"""Tree → LaTeX, and tree → plain text. Reading what is printed gives the same tree again."""

import re
import unicodedata

from mlp_lib.equations.texts.spelling import SHORT
from mlp_lib.equations.tree import (
    ONES,
    Add,
    Apply,
    Claim,
    Contract,
    Delta,
    Divide,
    Elementwise,
    Identity,
    Indexed,
    Kronecker,
    Negate,
    Node,
    Number,
    Partial,
    Power,
    Subtract,
    Sum,
    Symbol,
    Transpose,
)

# How tightly a node holds together: what binds less than its place asks for is put in brackets.
# SCRIPTED is one part with what is raised or lowered behind it.
SUM, PRODUCT, FACTOR, SCRIPTED, ATOM = range(5)
# A name of a reader's own that isn't one Latin letter: error, grad_out, Δ_2.
OWN_NAME = re.compile(r"(?P<name>(?![A-Za-z](?:_|$))[^\W\d]\w*?)(?P<layer>_\d)?")
PRODUCTS = {Contract: " ", Elementwise: r" \circ ", Kronecker: r" \otimes "}


def latex(node: Node) -> str:
    """Return the node as LaTeX."""
    return written(node)[0]


def within(node: Node, binding: int) -> str:
    """Return the node's LaTeX, in brackets if it binds less than its place asks for."""
    text, own = written(node)
    return text if own >= binding else rf"\left( {text} \right)"


def written(node: Node) -> tuple[str, int]:
    """Return the node's LaTeX and how tightly it holds together."""
    match node:
        case Number(value):
            return f"{value:g}", ATOM
        case Symbol(name):
            return spelled(name), ATOM if "_" not in name else FACTOR
        case Identity(axis):
            return f"I_{{{axis}}}", ATOM
        case Delta(first, second):
            return rf"\delta_{{{first}{second}}}", FACTOR
        case Indexed(base, letters):
            return indexed(base, "".join(letters)), FACTOR
        case Partial(of, by):
            if isinstance(of, Add | Subtract | Negate | Contract | Elementwise | Kronecker | Sum):
                operator = rf"\frac{{\partial}}{{\partial {within(by, FACTOR)}}}"
                return rf"{operator} \left[ {latex(of)} \right]", PRODUCT
            return rf"\frac{{\partial {within(of, FACTOR)}}}{{\partial {within(by, FACTOR)}}}", ATOM
        case Negate(body):
            return f"-{within(body, PRODUCT)}", SUM
        case Add(left, right):
            return f"{within(left, SUM)} + {within(right, PRODUCT)}", SUM
        case Subtract(left, right):
            return f"{within(left, SUM)} - {within(right, PRODUCT)}", SUM
        case Contract() | Elementwise() | Kronecker():
            return product(node), PRODUCT
        case Divide(left, right):
            return rf"\frac{{{latex(left)}}}{{{latex(right)}}}", ATOM
        case Power(base, exponent):
            return f"{within(base, ATOM)}^{{{exponent}}}", FACTOR
        case Transpose(body):
            return f"{script_base(body)}^T", FACTOR
        case Apply(function, argument):
            return rf"{function_text(function)}\left( {latex(argument)} \right)", FACTOR
        case Sum(_, _, body):
            # A sum reaches to the next + or −, so nothing may follow it in a product.
            return f"{sum_sign(node)} {within(body, PRODUCT)}", SUM
        case Claim(body, shape):
            sizes = r" \times ".join(shape)
            inside = within(body, PRODUCT)  # a sum keeps its brackets, which people look for
            return rf"\underbrace{{{inside}}}_{{{sizes}}}", ATOM
    raise TypeError(f"latex: node is {type(node).__name__}, expected a node of the tree")


def sum_sign(node: Sum) -> str:
    """Return the sign of a sum with its letter and bounds."""
    bounds = rf"_{{{node.letter}=1}}^{{{node.upper}}}" if node.upper else f"_{{{node.letter}}}"
    return rf"\sum{bounds}"


def spelled(name: str) -> str:
    """Return a symbol's name as LaTeX, with what says that several letters are one name."""
    own = OWN_NAME.fullmatch(name)
    return rf"\mathit{{{own['name']}}}{own['layer'] or ''}" if own else name


def product(node: Contract | Elementwise | Kronecker) -> str:
    """Write a product; its right factor is bracketed if it is a product itself."""
    right = within(node.right, FACTOR)
    sign = PRODUCTS[type(node)]
    # 2 3 would be read as two numbers only because of the space: a dot is clearer.
    if isinstance(node, Contract) and right[0].isdigit():
        sign = r" \cdot "
    return f"{within(node.left, binding_of_left(node))}{sign}{right}"


def binding_of_left(node: Contract | Elementwise | Kronecker) -> int:
    """Return how tightly a product's left factor has to hold together.

    a ∘ b W is read from the left, but many read bW first: brackets say which is meant.
    """
    return FACTOR if isinstance(node, Contract) and isinstance(node.left, Elementwise) else PRODUCT


def script_base(body: Node) -> str:
    """Return what a transpose is written on: a symbol's own subscript comes before it."""
    if isinstance(body, Partial | Divide):
        return rf"\left( {latex(body)} \right)"
    if isinstance(body, Symbol | Apply):
        return written(body)[0]
    return within(body, ATOM)


def indexed(base: Node, letters: str) -> str:
    """Write indices behind a symbol's own subscript, W_{1,ij}, or on brackets."""
    if isinstance(base, Symbol):
        named = OWN_NAME.fullmatch(base.name)
        letter, _, own = base.name.partition("_")
        if named:
            letter, own = spelled(named["name"]), (named["layer"] or "").removeprefix("_")
        return f"{letter}_{{{f'{own},' if own else ''}{letters}}}"
    return rf"\left[ {latex(base)} \right]_{{{letters}}}"


def function_text(function: str) -> str:
    """Return the LaTeX of a function's name."""
    name, prime = function.removesuffix("'"), "'" * function.endswith("'")
    if name in ("softmax", "logsoftmax", "diag", "vec", "relu"):
        return rf"\operatorname{{{name}}}{prime}"
    return rf"\{name}{prime}"


SUBSCRIPTS = str.maketrans("0123456789aehijklmnoprstuvx", "₀₁₂₃₄₅₆₇₈₉ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ")
SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
PLAIN_PRODUCTS = {Contract: " ", Elementwise: " ∘ ", Kronecker: " ⊗ "}
HAT = "\N{COMBINING CIRCUMFLEX ACCENT}"


def plain(node: Node) -> str:
    """Return the node as text for a terminal: (ŷ − y) W₂ᵀ ∘ h ∘ (1 − h)."""
    return plain_written(node)[0]


def plain_within(node: Node, binding: int) -> str:
    """Return the node's plain text, in brackets if it binds less than its place asks for."""
    text, own = plain_written(node)
    return text if own >= binding else f"({text})"


def plain_written(node: Node) -> tuple[str, int]:
    """Return the node's plain text and how tightly it holds together."""
    match node:
        case Number(value):
            return f"{value:g}", ATOM
        case Symbol(name):
            return plain_name(name), ATOM
        case Identity(axis):
            return f"I_{axis}", ATOM
        case Delta(first, second):
            return f"δ{subscript(first + second)}", ATOM
        case Indexed(Symbol(name), letters):
            own = "," if "_" in name else ""
            return f"{plain_name(name)}{own}{subscript(''.join(letters))}", ATOM
        case Indexed(base, letters):
            return f"[{plain(base)}]{subscript(''.join(letters))}", ATOM
        case Partial(_, Symbol(name)) if name.endswith(SHORT):
            return f"d{plain_name(name.removesuffix(SHORT))}", ATOM
        case Partial(of, by):
            if isinstance(of, Add | Subtract | Negate | Contract | Elementwise | Kronecker | Sum):
                return f"∂/∂{plain_within(by, SCRIPTED)} [{plain(of)}]", PRODUCT
            return f"∂{plain_within(of, SCRIPTED)}/∂{plain_within(by, SCRIPTED)}", FACTOR
        case Negate(body):
            return f"−{plain_within(body, PRODUCT)}", SUM
        case Add(left, right):
            return f"{plain_within(left, SUM)} + {plain_within(right, PRODUCT)}", SUM
        case Subtract(left, right):
            return f"{plain_within(left, SUM)} − {plain_within(right, PRODUCT)}", SUM
        case Contract(left, right) | Elementwise(left, right) | Kronecker(left, right):
            second = plain_within(right, FACTOR)
            dot = isinstance(node, Contract) and second[0].isdigit()
            sign = " · " if dot else PLAIN_PRODUCTS[type(node)]
            return f"{plain_within(left, binding_of_left(node))}{sign}{second}", PRODUCT
        case Divide(left, right):
            # In a product it stands in brackets, or 1/N h could be read as 1/(N h).
            return f"{plain_within(left, SCRIPTED)}/{plain_within(right, SCRIPTED)}", SUM
        case Power(base, exponent):
            return f"{plain_within(base, ATOM)}{str(exponent).translate(SUPERSCRIPTS)}", SCRIPTED
        case Transpose(body):
            bare = isinstance(body, Apply)
            return f"{plain(body) if bare else plain_within(body, ATOM)}ᵀ", SCRIPTED
        case Apply(function, argument):
            return f"{function.replace('sigma', 'σ')}({plain(argument)})", SCRIPTED
        case Sum(letter, upper, body):
            bounds = f"_{{{letter}=1}}^{{{upper}}}" if upper else subscript(letter)
            return f"Σ{bounds} {plain_within(body, PRODUCT)}", SUM
        case Claim(body, shape):
            return f"({plain(body)} : {'×'.join(shape)})", ATOM
    raise TypeError(f"plain: node is {type(node).__name__}, expected a node of the tree")


def plain_name(name: str) -> str:
    """Write a symbol's name: W₁, ŷ, D_x, and a bold 1 for the row of ones."""
    if name == ONES:
        return "𝟏"
    letter, _, own = name.partition("_")
    letter = letter.replace(r"\delta", "δ")
    if letter.startswith(r"\hat "):
        letter = unicodedata.normalize("NFC", letter.removeprefix(r"\hat ") + HAT)
    return letter + (own.translate(SUBSCRIPTS) if own.isdigit() else f"_{own}" if own else "")


def subscript(letters: str) -> str:
    """Write indices as small letters; Unicode has none for q and some others."""
    small = letters.translate(SUBSCRIPTS)
    return small if not small.isascii() and not set(small) & set(letters) else f"_{{{letters}}}"
