"""LaTeX text → tree. Text is only ever parsed; nothing runs it."""

import re
from dataclasses import dataclass, fields, replace
from functools import cache
from importlib.resources import files

from lark import Lark, Transformer, v_args
from lark.exceptions import UnexpectedInput, VisitError

from mlp_lib.equations.tables import Table
from mlp_lib.equations.tree import (
    Add,
    Apply,
    Claim,
    Contract,
    Delta,
    Divide,
    Elementwise,
    Equation,
    EquationError,
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

MAX_LENGTH = 2000
MAX_DEPTH = 40

# Spelling without meaning: what it matches is replaced by as many spaces.
MEANINGLESS = re.compile(
    r"%[^\n]*|(?<!\\)\\(?:left|right|bigl?|bigr|Bigl?|Bigr)(?![A-Za-z])\.?|(?<!\\)\\[,;:!> ]"
    r"|\\q?quad(?![A-Za-z])"
    r"|\\begin\{aligned\}|\\end\{aligned\}|\\boldsymbol(?![A-Za-z])|\\mathbf(?!\{1\}|[A-Za-z])|&"
)
# A new line of `aligned` that begins with a relation or an operation continues the line before it.
CONTINUATION = re.compile(r"\\\\(?=\s*(?:=|\+|-|\\cdot|\\circ|\\odot|\\in))")


@dataclass(frozen=True)
class Spelled(Node):
    """A letter with its subscripts, before the table says which symbol and indices it is."""

    base: str
    subscripts: tuple[str, ...] = ()


def blanked(pattern: re.Pattern, text: str) -> str:
    """Replace what matches by as many spaces, so that positions stay."""
    return pattern.sub(lambda match: re.sub(r"[^\n]", " ", match.group()), text)


@cache
def grammar() -> Lark:
    """Return the parser, built once."""
    text = files("mlp_lib.equations").joinpath("latex.lark").read_text(encoding="utf-8")
    return Lark(text, parser="lalr", propagate_positions=True, maybe_placeholders=True)


def parse_latex(text: str, table: Table) -> list[Equation]:
    """Return the equations that the LaTeX text states, one for each chain in it.

    Raises EquationError that quotes the text with a caret under the place.
    """
    if len(text) > MAX_LENGTH:
        raise EquationError(
            f"the formula has {len(text)} characters, at most {MAX_LENGTH} are read"
        )
    depth = deepest = 0
    for character in text:
        depth += (character in "({[") - (character in ")}]")
        deepest = max(deepest, depth)
    if deepest > MAX_DEPTH:
        raise EquationError(f"the formula is {deepest} brackets deep, at most {MAX_DEPTH} are read")
    plain = blanked(CONTINUATION, blanked(MEANINGLESS, text))
    try:
        tree = grammar().parse(plain)
        rows = Builder(text).transform(tree)
    except UnexpectedInput as error:
        place = error.pos_in_stream if error.pos_in_stream is not None else len(text)
        known = sorted(getattr(error, "accepts", None) or getattr(error, "allowed", None) or ())
        raise EquationError(
            f"cannot read the formula here; what may stand here: {', '.join(known)}",
            text,
            (place, place + 1),
        ) from None
    except VisitError as error:
        if isinstance(error.orig_exc, EquationError):
            raise error.orig_exc from None
        raise
    return [Equation(tuple(resolve(side, table, text) for side in sides), text) for sides in rows]


@v_args(meta=True)
class Builder(Transformer):
    """Turn lark's tree into ours, with the place of each part in the text."""

    def __init__(self, text: str):
        super().__init__()
        self.text = text

    def start(self, meta, parts):
        return [part for part in parts if isinstance(part, tuple)]

    def chain(self, meta, parts):
        return tuple(part for part in parts if isinstance(part, Node))

    def membership(self, meta, parts):
        return (Claim(parts[0], parts[-1], span=place(meta)),)

    def side(self, meta, parts):
        return parts[0]

    def group(self, meta, parts):
        return parts[0]

    def negate(self, meta, parts):
        return Negate(parts[0], span=place(meta))

    def add(self, meta, parts):
        return Add(*parts, span=place(meta))

    def subtract(self, meta, parts):
        return Subtract(*parts, span=place(meta))

    def contract(self, meta, parts):
        return Contract(parts[0], parts[-1], span=place(meta))

    def elementwise(self, meta, parts):
        return Elementwise(parts[0], parts[-1], span=place(meta))

    def kronecker(self, meta, parts):
        return Kronecker(parts[0], parts[-1], span=place(meta))

    def divide(self, meta, parts):
        return Divide(*parts[1:], span=place(meta))

    def partial(self, meta, parts):
        return Partial(parts[2], parts[4], span=place(meta))

    def partial_of(self, meta, parts):
        return Partial(parts[4], parts[3], span=place(meta))

    def claim(self, meta, parts):
        return Claim(parts[1], parts[2], span=place(meta))

    def shape(self, meta, parts):
        return tuple(part for part in parts if isinstance(part, str) and part != "\\times")

    def exponent_shape(self, meta, parts):
        return parts[0] if isinstance(parts[0], tuple) else (parts[0],)

    def size(self, meta, parts):
        return "_".join(str(part) for part in parts if part is not None)

    def limit(self, meta, parts):
        return parts[0]

    def letter(self, meta, parts):
        return str(parts[0])

    def sum(self, meta, parts):
        _, letter, limit, body = parts
        return Sum(letter, limit, body, span=place(meta))

    def sum_bounded(self, meta, parts):
        _, letter, _, first, limit, body = parts
        if first not in (None, "1"):
            raise EquationError("a sum starts at 1 here", self.text, place(meta))
        return Sum(str(letter), limit, body, span=place(meta))

    def apply_to_bracket(self, meta, parts):
        name, argument, *scripts = parts
        called = Apply(function_name(name), argument, span=place(meta))
        return self.scripted(meta, [called, *scripts])

    def apply_to_plain(self, meta, parts):
        name, *argument = parts
        return Apply(function_name(name), self.scripted(meta, argument), span=place(meta))

    def number(self, meta, parts):
        return Number(float(parts[0]), span=place(meta))

    def letter_atom(self, meta, parts):
        return Spelled(str(parts[0]), span=place(meta))

    def ones(self, meta, parts):
        return Spelled(r"\mathbf{1}", span=place(meta))

    def delta(self, meta, parts):
        return Spelled(r"\delta", span=place(meta))

    def identity(self, meta, parts):
        return Identity(re.sub(r"[{}]", "", parts[0][2:]), span=place(meta))

    def hat(self, meta, parts):
        if not isinstance(parts[1], Spelled) or parts[1].subscripts:
            raise EquationError("a hat stands on one letter", self.text, place(meta))
        return Spelled(rf"\hat {parts[1].base}", span=place(meta))

    def sub_one(self, meta, parts):
        return ("sub", (str(parts[0]),))

    def sub_many(self, meta, parts):
        return ("sub", tuple(str(part) for part in parts))

    def transpose(self, meta, parts):
        return ("transpose", None)

    def sup_letter(self, meta, parts):
        if parts[0] != "T":
            raise EquationError(
                f"the exponent {parts[0]} is unknown; T is a transpose", self.text, place(meta)
            )
        return ("transpose", None)

    def sup_number(self, meta, parts):
        number = str(parts[-1])
        if not number.isdigit() or int(number) > 9:
            raise EquationError(
                f"the exponent {number} is not a whole number up to 9", self.text, place(meta)
            )
        return ("power", int(number))

    def scripted(self, meta, parts):
        """Add the scripts to the part they stand on, the first one first."""
        node, *scripts = parts
        for kind, value in scripts:
            if kind == "sub":
                node = self.subscripted(node, value, place(meta))
            elif kind == "transpose":
                node = Transpose(node, span=place(meta))
            else:
                node = Power(node, value, span=place(meta))
        return node

    def subscripted(self, node: Node, subscripts: tuple[str, ...], span) -> Node:
        """Add subscripts to a letter; to anything else they are indices."""
        if isinstance(node, Spelled):
            return replace(node, subscripts=node.subscripts + subscripts, span=span)
        return Indexed(node, subscripts, span=span)


def function_name(command: str) -> str:
    """Return the name of a function without its LaTeX."""
    return re.sub(r"\\(operatorname\{)?|\}", "", command)


def place(meta) -> tuple[int, int]:
    """Return where lark found a part."""
    return (meta.start_pos, meta.end_pos)


def resolve(node: Node, table: Table, text: str) -> Node:
    """Replace every spelled letter by the table's symbol and its indices."""
    if isinstance(node, Spelled):
        return resolved_symbol(node, table, text)
    changes = {
        each.name: resolve(value, table, text)
        for each in fields(node)
        if isinstance(value := getattr(node, each.name), Node)
    }
    return replace(node, **changes)


def resolved_symbol(spelled: Spelled, table: Table, text: str) -> Node:
    """Split a letter's subscripts into the symbol's own, which the table knows, and indices."""
    letters = tuple(each for each in spelled.subscripts if each != ",")
    if spelled.base == r"\delta":
        if len(letters) != 2:
            raise EquationError("δ takes two indices", text, spelled.span)
        return Delta(*letters, span=spelled.span)
    known = {*table.symbols, *table.sizes[0], *([r"\mathbf{1}"] if table.ones else [])}
    for own in (1, 0):
        name = "_".join((spelled.base, *letters[:own]))
        if len(letters) >= own and name in known:
            symbol, indices = Symbol(name, span=spelled.span), letters[own:]
            if not all(index.isalpha() for index in indices):
                raise EquationError(
                    f"{name} takes letters as indices, got {', '.join(indices)}", text, spelled.span
                )
            return Indexed(symbol, indices, span=spelled.span) if indices else symbol
    raise EquationError(
        f"unknown symbol {spelled.base}{'_' if letters else ''}{''.join(letters)}; "
        f"known here: {', '.join(sorted(known))}",
        text,
        spelled.span,
    )
