"""Tree → LaTeX. Reading what is printed gives the same tree again."""

from mlp_lib.equations.tree import (
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
SUM, PRODUCT, FACTOR, ATOM = range(4)
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
            return name, ATOM if "_" not in name else FACTOR
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
        case Sum(letter, upper, body):
            bounds = rf"_{{{letter}=1}}^{{{upper}}}" if upper else f"_{{{letter}}}"
            # A sum reaches to the next + or −, so nothing may follow it in a product.
            return rf"\sum{bounds} {within(body, PRODUCT)}", SUM
        case Claim(body, shape):
            sizes = r" \times ".join(shape)
            return rf"\underbrace{{{latex(body)}}}_{{{sizes}}}", ATOM
    raise TypeError(f"latex: node is {type(node).__name__}, expected a node of the tree")


def product(node: Contract | Elementwise | Kronecker) -> str:
    """Write a product; its right factor is bracketed if it is a product itself."""
    right = within(node.right, FACTOR)
    sign = PRODUCTS[type(node)]
    # 2 3 would be read as two numbers only because of the space: a dot is clearer.
    if isinstance(node, Contract) and right[0].isdigit():
        sign = r" \cdot "
    return f"{within(node.left, PRODUCT)}{sign}{right}"


def script_base(body: Node) -> str:
    """Return what a transpose is written on: a symbol's own subscript comes before it."""
    if isinstance(body, Symbol | Apply):
        return written(body)[0]
    return within(body, ATOM)


def indexed(base: Node, letters: str) -> str:
    """Write indices behind a symbol's own subscript, W_{1,ij}, or on brackets."""
    if isinstance(base, Symbol):
        letter, _, own = base.name.partition("_")
        return f"{letter}_{{{f'{own},' if own else ''}{letters}}}"
    return rf"\left[ {latex(base)} \right]_{{{letters}}}"


def function_text(function: str) -> str:
    """Return the LaTeX of a function's name."""
    if function in ("softmax", "diag", "vec"):
        return rf"\operatorname{{{function}}}"
    return rf"\{function}"
