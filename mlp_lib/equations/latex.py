"""LaTeX text → tree. Text is only ever parsed; nothing runs it."""

import re
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, replace
from difflib import get_close_matches
from functools import cache, lru_cache
from importlib.resources import files
from typing import NamedTuple

from lark import Lark, Tree
from lark.exceptions import UnexpectedCharacters, UnexpectedToken

from mlp_lib.equations.tables import Table
from mlp_lib.equations.texts.spelling import OWN_ROW, SHORT
from mlp_lib.equations.tree import (
    LATEX_COMMENT,
    ONES,
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
    Span,
    Subtract,
    Sum,
    Symbol,
    Transpose,
    free_letters,
    refuse_large,
)

MAX_LENGTH = 2000
MAX_DEPTH = 40  # brackets inside brackets
MAX_LEVELS = 120  # levels of the tree: whatever walks through it calls itself so often
MAX_SYMBOLS = 200
MAX_SCRIPTS = 4  # on one letter or bracket
MAX_DIGITS = 15  # more than a float holds

# Spelling without meaning: what it matches is replaced by as many spaces.
MEANINGLESS = re.compile(
    r"(?<!\\)\\(?:left|right|bigl?|bigr|Bigl?|Bigr)(?![A-Za-z])\.?|(?<!\\)\\[,;:!> ]"
    r"|\\q?quad(?![A-Za-z])"
    r"|\\begin\{aligned\}|\\end\{aligned\}|\\boldsymbol(?![A-Za-z])|\\mathbf(?!\{1\}|[A-Za-z])|&"
)
# A δ with two letters that a row says: an error for each example, and not Kronecker's.
ERROR_OF_ROWS = re.compile(r"\\delta_[a-z]_[a-z]")
LONGEST_NAME = 60  # of letters in a row's left side, such as \frac{\partial J}{\partial z_2}
# A new line of `aligned` that begins with a relation or an operation continues the line before it.
CONTINUATION = re.compile(r"\\\\(?=\s*(?:=|\+|-|\\cdot|\\circ|\\odot|\\in))")


BRACKET = re.compile(
    r"(?:\\(?P<sided>left|right)(?![A-Za-z])\s*)?(?P<sign>[(){}\[\]])"
    r"|\\(?P<open>left|right)(?![A-Za-z])\s*\.|\\[A-Za-z]+|\\.",
    re.DOTALL,
)
# The bounds behind a Σ.
LIMITS = re.compile(r"(?:\s*[_^]\s*(?:\{[^{}]*(?:\{[^{}]*\}[^{}]*)?\}|\\?\w))*")
LEAVES = {"letter_atom", "name_atom", "number", "ones", "delta", "identity"}
PARTNER = {"(": ")", "[": "]", "{": "}"}
COMMAND = re.compile(
    r"\\(?P<group>operatorname|mathrm|text|mathbb|mathbf|begin|end)\s*\{(?P<name>[^{}]*)\}|\\(?:[A-Za-z]+|[^\\]|$)|\\\\",
    re.DOTALL,
)
NAMED = ("diag", "logsoftmax", "relu", "softmax", "vec")
GROUPS = {
    **dict.fromkeys(("operatorname", "mathrm", "text"), NAMED),
    "mathbb": ("R",),
    "mathbf": ("1",),
    "begin": ("aligned",),
    "end": ("aligned",),
}
SPELLED = (
    "frac dfrac tfrac partial sum cdot circ odot otimes hat delta sigma tanh exp log underbrace"
    " times top in operatorname mathbb mathit"
)
COMMANDS = (*(f"\\{name}" for name in SPELLED.split()), r"\\")
KNOWN = r"\frac, \sum, \hat, products such as \cdot and \circ, functions such as \sigma"
# What is told of a command that many write, and that stands for nothing here.
NOT_READ = {
    **dict.fromkeys((r"\neq", r"\ne"), "a sum that leaves an index out isn't read: write the whole "
                    r"sum, \sum_k, less the term that it has too much"),
    **dict.fromkeys((r"\newcommand", r"\renewcommand", r"\def", r"\DeclareMathOperator"),
                    "macros aren't expanded: write out what they stand for"),
    r"\begin{cases}": "cases aren't read but for k = l and k ≠ l: write one formula that holds "
                      r"for every entry, with y or with Kronecker's \delta_{jk}",
    **dict.fromkeys((r"\begin{array}", r"\begin{pmatrix}", r"\begin{bmatrix}", r"\begin{matrix}"),
                    "a matrix that is written out entry by entry isn't read"),
    r"\nabla": r"a gradient is written with what it is by and of: \nabla_{W_2} J",
    **dict.fromkeys((r"\dots", r"\ldots", r"\cdots"), "dots aren't read: write a sum with \\sum"),
}  # fmt: skip
UNEQUAL = (r"\neq", r"\ne")
AT_A_POINT = re.compile(r"\\right\s*+(?:\||\\[rv]vert(?![A-Za-z]))")
# The names that the grammar gives to what may come next, in words; the order is that of a message.
WORDS = {
    **dict.fromkeys(("LETTER", "NAME", "HAT", "ONES", "IDENTITY", "DELTA"), "a symbol"),
    "NUMBER": "a number",
    "FRAC": r"\frac",
    "SUM": r"\sum",
    "FUNCTION": r"a function such as \sigma",
    "UNDERBRACE": r"\underbrace",
    **dict.fromkeys(("LPAR", "LSQB"), "( or ["),
    "LBRACE": "{",
    "PARTIAL": r"\partial",
    "TRANSPOSE": r"T or \top",
    "REALS": r"\mathbb{R}",
    "PLUS": "+",
    "MINUS": "-",
    "CDOT": r"\cdot",
    "CIRC": r"\circ",
    "OTIMES": r"\otimes",
    "TIMES": r"\times",
    "UNDERSCORE": "_",
    "CIRCUMFLEX": "^",
    "COMMA": ",",
    "COLON": ":",
    "RPAR": ")",
    "RSQB": "]",
    "RBRACE": "}",
    "EQUALS": "=",
    "IN": r"\in",
    "NEWROW": r"\\",
    "$END": "the end",
}


@dataclass(frozen=True)
class Spelled(Node):
    """A letter with its subscripts, before the table says which symbol and indices it is."""

    base: str
    subscripts: tuple[str, ...] = ()

    def letters(self) -> tuple[str, ...]:
        """Return the subscripts without the commas between them."""
        return tuple(each for each in self.subscripts if each != ",")


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
    refuse_long(text)
    return list(parsed(text, table))


def refuse_long(text: str) -> None:
    """Refuse a text with more characters than are read."""
    if len(text) > MAX_LENGTH:
        raise EquationError(
            f"the formula has {len(text)} characters, at most {MAX_LENGTH} are read"
        )


@lru_cache(maxsize=1024)
def parsed(text: str, table: Table) -> tuple[Equation, ...]:
    """Return the equations of a text that isn't too long; the same trees for the same text."""
    return tuple(
        Equation(tuple(resolve(side, table, text) for side in sides), text)
        for sides in rows_of(text)
    )


def parse_derivation(text: str, table: Table) -> list[Equation]:
    r"""Return the equations of lines that may give a name to a part: `\delta = \hat y - y`.

    In the lines below, the name stands for the part. Raises EquationError as `parse_latex` does.
    """
    return read_lines(text, table).equations


def parts_of_rows(text: str, table: Table) -> list[Node]:
    """Return what lines of LaTeX give a name of their own to."""
    return read_lines(text, table).own


class Lines(NamedTuple):
    """What lines state, and what they give a name to.

    `twice` are a name and its two parts, where a line uses only one of them.
    """

    equations: list[Equation]
    own: list[Node]
    twice: list[tuple[Symbol, Equation]]


def read_lines(text: str, table: Table) -> Lines:
    """Return what the lines say."""
    refuse_long(text)
    rows = parts_first(rows_with_names(text, table), table)
    found: list[Equation] = []
    own: list[Node] = []
    limits = limits_of_sums(rows, known_names(table))
    parts = Parts({name: Symbol(name) for name in limits}, errors_said(rows))
    values: dict[Node, Node] = {}
    named = Named(text)
    for number, (first, *others) in enumerate(rows, start=1):
        name = new_name(first, table) if others else ""
        refuse_circular_name(first, others, text)
        said = others if name else [first, *others]
        known = with_argument(first, others, table, parts)
        sides = [resolved_side(side, table, text, known) for side in said]
        begin, end = first.span
        if others and SHORT in text[begin:end]:
            # dz_2 is what its line says, as a name in code is.
            sides = [sides[0], *(with_values(side, values) for side in sides[1:])]
            values[sides[0]] = sides[-1]
        else:
            sides = [with_values(side, values) for side in sides]
        for side in sides:
            refuse_large(side, text)
        if name:
            refuse_other_letters(first, sides[-1], text)
            parts[name] = sides[-1]
        named.read(name, said, sides[-1], first.span)
        is_stated = not name or number == len(rows) or isinstance(sides[0], Partial)
        if is_stated or len(sides) > 1:
            found.append(Equation(tuple(sides), text))
        if not is_stated:
            own.append(sides[-1])
    return Lines(found, own, named.twice())


def with_argument(
    first: Node, others: list[Node], table: Table, parts: "Parts", named: bool = False
) -> "Parts":
    """Return the names with the argument of the function that a row says, as in σ'(z) = …

    The row says it of any argument, the network's own among them. `named` keeps the name.
    """
    argument = first.argument if isinstance(first, Apply) and others else None
    if not isinstance(argument, Spelled):
        return parts
    base = replace(argument, subscripts=tuple(filter(str.isdigit, argument.letters())))
    if new_name(base, table) != argument.base or argument.base in parts:
        return parts
    layer = "z_2" if "softmax" in first.function else "z_1"
    meant = Symbol(argument.base if named else layer)
    return Parts({**parts, argument.base: meant}, parts.errors)


@dataclass
class Naming:
    """A name that a row gives to a part, and whether a row uses it below."""

    name: str
    part: Node
    span: Span
    used: bool = False

    def is_in(self, sides: list[Node]) -> bool:
        """Tell whether the sides have the name in them, with any letters where it has letters."""
        if not free_letters(self.part):
            return self.name in names_used(sides)
        base, *letters = self.name.split("_")
        spelled = (node for side in sides for node in side.walk() if isinstance(node, Spelled))
        return any((each.base, len(each.letters())) == (base, len(letters)) for each in spelled)


class Named:
    """The names that rows give, in order."""

    def __init__(self, text: str):
        self.text = text
        self.latest: dict[str, Naming] = {}
        self.again: list[tuple[Naming, Naming]] = []

    def read(self, name: str, sides: list[Node], part: Node, span: Span) -> None:
        """Go on to a row that uses names, and gives one, or none, to a part."""
        used = {each.name for each in self.latest.values() if each.is_in(sides)}
        for each in used:
            self.latest[each].used = True
        if not name:
            return
        # e = e W₂ᵀ goes on from what e was.
        new = Naming(name, part, span, used=name in used)
        if name in self.latest:
            self.again.append((self.latest[name], new))
        self.latest[name] = new

    def twice(self) -> list[tuple[Symbol, Equation]]:
        """Return each name that is given again though one of its two parts isn't used, and both.

        What is said to be a derivative may then be said to be its formula.
        """
        return [
            (Symbol(other.name, span=other.span), Equation((one.part, other.part), self.text))
            for one, other in self.again
            if not other.used or not (one.used or isinstance(one.part, Partial))
        ]


def resolved_side(side: Node, table: Table, text: str, parts: "Parts") -> Node:
    """Return a whole side, which stands there even as a name."""
    node = resolve(side, table, text, parts)
    return node.with_part("span", side.span) if isinstance(side, Spelled) else node


class Parts(dict[str, Node]):
    """The parts that have a name, and the layers whose δ a row says, "" for a δ without one."""

    def __init__(
        self, named: Mapping[str, Node] | None = None, errors: Set[str] = frozenset()
    ):
        super().__init__(named or {})
        self.errors = errors


def errors_said(rows: list[tuple[Node, ...]]) -> set[str]:
    """Return each δ with a layer, and the bare one, that a row says, in whatever way."""
    found = set()
    for first, *others in rows:
        alone = [first, *others] if not isinstance(first, Partial) else [first]
        for side in alone if others else ():
            if isinstance(side, Negate | Transpose):
                side = side.body
            if isinstance(side, Contract) and isinstance(side.left, Number):
                side = side.right
            if isinstance(side, Spelled) and side.base == r"\delta" and not is_kronecker(side):
                found.add("".join(letter for letter in side.letters()[:1] if letter.isdigit()))
    return found


def refuse_circular_name(first: Node, others: list[Node], text: str) -> None:
    """Refuse a row that says what a name is by the name itself."""
    if not isinstance(first, Spelled) or first.base != r"\delta":
        return
    for side in others:
        for node in side.walk():
            if isinstance(node, Spelled) and (node.base, node.letters()) == (
                first.base,
                first.letters(),
            ):
                raise EquationError("this δ is said by itself", text, node.span)


def refuse_other_letters(name: Spelled, part: Node, text: str) -> None:
    """Refuse δ_k = ŷ_k − y_j, whose right side has a letter that the name lacks, and the reverse.

    The name has one too many where the right side sums over it.
    """
    own = set(filter(str.isalpha, name.letters()))
    free = set(free_letters(part))
    bound = {node.letter for node in part.walk() if isinstance(node, Sum)}
    if twice := sorted(own & bound - free):
        raise EquationError(
            f"the index {twice[0]} is summed over, and the name has it too", text, part.span
        )
    if own and free and free - own:
        left = sorted(free - own)[0]
        raise EquationError(
            f"the index {left} is neither summed over nor one of the name's", text, part.span
        )


def parts_first(rows: list[tuple[Node, ...]], table: Table) -> list[tuple[Node, ...]]:
    """Return the rows with each that names a part before those that use the name.

    A name that is given twice keeps its place, and so do names that explain each other.
    """
    named = [new_name(first, table) if others else "" for first, *others in rows]
    waiting = list(range(len(rows)))
    ordered = []
    while waiting:
        missing = {named[number] for number in waiting} - {""}
        missing = {name for name in missing if named.count(name) == 1}
        ready = (n for n in waiting if not missing & names_used(rows[n][bool(named[n]) :]))
        ordered.append(next(ready, waiting[0]))
        waiting.remove(ordered[-1])
    return [rows[number] for number in ordered]


def with_values(node: Node, values: dict[Node, Node]) -> Node:
    """Return a formula with each derivative that has a value in place of it."""
    if node in values:
        return values[node]
    return node.with_parts(lambda part: with_values(part, values))


def names_used(sides: Iterable[Node]) -> set[str]:
    """Return each letter of the sides with its first subscripts, as names of parts are given."""
    found = set()
    for side in sides:
        for node in side.walk():
            if isinstance(node, Spelled):
                letters = node.letters()
                found |= {"_".join((node.base, *letters[:n])) for n in range(len(letters) + 1)}
    return found


def parsed_with(text: str, table: Table, names: Iterable[str]) -> list[Equation]:
    """Return the equations of a text in which there are names of parts; they stay as they are."""
    rows = rows_of(text)
    names = {*names, *limits_of_sums(rows, known_names(table))}
    parts = Parts({name: Symbol(name) for name in names})
    found = []
    for first, *others in rows:
        known = with_argument(first, others, table, parts, named=True)
        sides = (resolve(side, table, text, known) for side in (first, *others))
        found.append(Equation(tuple(sides), text))
    return found


def limits_of_sums(rows: list[tuple[Node, ...]], known: Set[str]) -> set[str]:
    """Return the letters of one's own that sums go up to: K in \\sum_{k=1}^K."""
    return {
        node.upper
        for row in rows
        for side in row
        for node in side.walk()
        if isinstance(node, Sum) and node.upper and not node.upper.isdigit()
    } - known


def names_given(text: str, table: Table) -> set[str]:
    """Return the names that lines of a derivation give to parts of it."""
    rows = rows_with_names(text, table)
    return {new_name(first, table) for first, *others in rows if others} - {""}


def named_parts(text: str, table: Table) -> dict[Span, Node]:
    """Return what rows give a name to: where that stands, and its name as a node.

    Left out is a name that two rows give.
    """
    found: list[tuple[Span, Node]] = []
    for first, *others in rows_with_names(text, table):
        if not others:
            continue
        begin, end = first.span
        if SHORT in text[begin:end] and isinstance(first, Partial):
            symbol = resolve(first.by, table, text)
            if isinstance(symbol, Symbol):
                found.append((others[-1].span, short_name(symbol)))
        elif name := new_name(first, table):
            letters = tuple(filter(str.isalpha, first.letters()))
            bare = "_".join((first.base, *(each for each in first.letters() if each.isdigit())))
            node = Indexed(Symbol(bare), letters) if letters else Symbol(name)
            found.append((others[-1].span, node))
    names = [name for _, name in found]
    return {span: name for span, name in found if names.count(name) == 1}


def short_name(by: Symbol) -> Partial:
    """Return dz_2 as a node: it is written with its mark, and read as what its row says."""
    return Partial(Symbol("J"), Symbol(by.name + SHORT))


def by_name(node: Node, named: Mapping[Span, Node], said: Mapping[Span, Node]) -> Node:
    """Return a formula with each part that has a name replaced by that.

    `said` are the parts as their rows say them: with other index letters the name has these, too.
    """
    if node.span in named:
        name = name_for(node, named[node.span], said.get(node.span, node))
        if name is not None:
            return name
    return node.with_parts(lambda part: by_name(part, named, said)) if named else node


def name_for(node: Node, name: Node, said: Node) -> Node | None:
    """Return the name of a part in the part's own index letters, or None for what is another part.

    Where δ_k says what ŷ_k − y_k is, ŷ_i − y_i is δ_i.
    """
    if node == said:
        return name
    if not isinstance(name, Indexed):
        return None
    letters = dict(zip(free_letters(said), free_letters(node), strict=False))
    return renamed(name, letters) if renamed(said, letters) == node else None


def new_name(side: Node, table: Table) -> str:
    """Return the name that a side is, if it is one that the table doesn't know, or ""."""
    if not isinstance(side, Spelled):
        return ""
    letters = side.letters()
    return "" if symbol_in(known_names(table), side) else "_".join((side.base, *letters))


def rows_with_names(text: str, table: Table) -> list[tuple[Node, ...]]:
    """Return the sides of each row, the name of a part alone on the left: −δ = y − ŷ names δ."""
    rows = []
    for first, *others in rows_of(text):
        moved = moved_to_the_right(first, others)
        rows.append(moved if others and new_name(moved[0], table) else (first, *others))
    return rows


def moved_to_the_right(first: Node, others: list[Node]) -> tuple[Node, ...]:
    """Return −A = B as A = −B, Aᵀ = B as A = Bᵀ, N A = B or A N = B as A = B / N, and so on."""
    match first:
        case Negate(body):
            moved = [Negate(side, span=side.span) for side in others]
        case Transpose(body):
            moved = [Transpose(side, span=side.span) for side in others]
        case Partial(of, Transpose(by)):
            body = replace(first, of=of, by=by)
            moved = [Transpose(side, span=side.span) for side in others]
        case Contract(factor, body) if is_scale(factor):
            moved = [divided(side, factor) for side in others]
        case Contract(body, factor) if is_scale(factor):
            moved = [divided(side, factor) for side in others]
        case Divide(body, factor) if is_size_or_number(factor) and not is_scale(body):
            moved = [Contract(factor, side, span=side.span) for side in others]
        case _:
            return first, *others
    return moved_to_the_right(body, moved)


def divided(side: Node, factor: Node) -> Node:
    """Return a side divided by a number, by N, or by a quotient of them."""
    if not isinstance(factor, Divide):
        return Divide(side, factor, span=side.span)
    product = Contract(factor.right, side, span=side.span)
    return product if factor.left == Number(1.0) else Divide(product, factor.left, span=side.span)


def is_scale(node: Node) -> bool:
    """Tell whether a node is a number, or N, or a quotient of them."""
    parts = node.children() if isinstance(node, Divide) else [node]
    return all(map(is_size_or_number, parts))


def is_size_or_number(node: Node) -> bool:
    """Tell whether a node is a number, or N, before or after names are resolved."""
    return isinstance(node, Number) or node in (Symbol("N"), Spelled("N"))


def is_kronecker(spelled: Spelled) -> bool:
    """Tell whether this is Kronecker's δ: it has two letters as indices."""
    letters = spelled.letters()
    return spelled.base == r"\delta" and len(letters) == 2 and all(map(str.isalpha, letters))


def rows_of(text: str) -> list[tuple[Node, ...]]:
    """Return the sides of each row, in which letters are not yet symbols of a table."""
    bare = blanked(LATEX_COMMENT, text)
    if not bare.strip():
        raise EquationError("the formula is empty")
    refuse_by_name(bare, text)
    match_brackets(bare, text)
    plain = blanked(MEANINGLESS, bare)
    plain = CONTINUATION.sub(
        lambda match: match[0] if is_own_row(bare, plain, match.start()) else "  ", plain
    )
    know_commands(plain, text)
    tree = read(plain, text)
    limit_size(tree)
    return Builder(text).built(tree)


def is_own_row(bare: str, plain: str, place: int) -> bool:
    """Tell whether a row that begins with a sign is a row of its own: it is marked as one.

    So is one that begins with a minus and uses the name that the row before gives: there the name
    can't stand in what it stands for.
    """
    if bare.startswith(OWN_ROW, place):
        return True
    before, after = plain[:place].rpartition(r"\\")[2], plain[place + 2 :].partition(r"\\")[0]
    name, is_named, _ = before.partition("=")
    letters = re.sub(r"[\s{}]", "", name)
    if not is_named or not 0 < len(letters) <= LONGEST_NAME or after.lstrip()[:1] != "-":
        return False
    spaced = r"[\s{}]*+".join(map(re.escape, letters))
    return bool(re.search(rf"(?<![A-Za-z\\]){spaced}(?![A-Za-z])", after))


def match_brackets(bare: str, text: str) -> None:
    """Refuse a bracket without its partner, and more of them inside each other than are read."""
    waiting: list[tuple[str, bool, tuple[int, int]]] = []  # sign, whether \\left, place
    for found in BRACKET.finditer(bare):
        sign = found["sign"] or ("." if found["open"] else "")
        sided, where = found["sided"] or found["open"], found.span()
        if not sign:
            continue
        if sign in PARTNER or found["open"] == "left":
            if sided == "right":
                raise EquationError(f"\\right is followed by the opening {sign}", text, where)
            waiting.append((sign, bool(sided), where))
            if len(waiting) > MAX_DEPTH:
                raise EquationError(f"at most {MAX_DEPTH} brackets are read inside each other")
            continue
        if not waiting:
            raise EquationError(f"this {sign} closes nothing: no bracket is open", text, where)
        opening, was_sided, begun = waiting.pop()
        if bool(sided) != was_sided:
            word, other = (r"\left", r"\right") if was_sided else (r"\right", r"\left")
            raise EquationError(f"{word} without its {other}", text, begun if was_sided else where)
        if "." not in (opening, sign) and PARTNER[opening] != sign:
            raise EquationError(
                f"{opening} is closed by {PARTNER[opening]}, but here stands {sign}", text, where
            )
    if waiting:
        opening, _, where = waiting[-1]
        raise EquationError(f"this {opening} is never closed", text, where)


def refuse_by_name(bare: str, text: str) -> None:
    """Refuse a command of which it can be told why it isn't read."""
    for found in COMMAND.finditer(bare):
        command = re.sub(r"\s", "", found.group())
        if command in UNEQUAL and bare.count("{", 0, found.start()) == bare.count(
            "}", 0, found.start()
        ):
            why = f"{command} says what a formula isn't; what it is is written with ="
            raise EquationError(why, text, found.span())
        if (why := NOT_READ.get(command)) is not None:
            raise EquationError(why, text, found.span())
    if found := AT_A_POINT.search(bare):
        raise EquationError("a value at one point isn't read", text, found.span())


def know_commands(plain: str, text: str) -> None:
    """Refuse a command that the language doesn't have, and say which ones it has."""
    for found in COMMAND.finditer(plain):
        if found["group"]:
            known: tuple[str, ...] = GROUPS[found["group"]]
            asked, shown = found["name"].strip(), rf"\{found['group']}{{{found['name']}}}"
        else:
            known, asked = COMMANDS, found.group()
            shown = asked
        if asked not in known:
            close = get_close_matches(asked, known, n=1, cutoff=0.7)
            listed = ", ".join(known) if found["group"] else KNOWN
            raise EquationError(
                f"unknown command {shown}; {f'did you mean {close[0]}? ' if close else ''}"
                f"known here: {listed}",
                text,
                found.span(),
            )


def read(plain: str, text: str) -> Tree:
    """Return lark's tree; say in words what may stand where it cannot go on."""
    try:
        return grammar().parse(plain)
    except UnexpectedCharacters as error:
        start = error.pos_in_stream
        problem, place, names = "cannot read the formula here", (start, start + 1), error.allowed
    except UnexpectedToken as error:
        names = error.accepts or error.expected
        if error.token.type == "$END":
            problem, place = "the formula ends too early", (len(plain.rstrip()),) * 2
        else:
            problem, place = (
                "cannot read the formula here",
                (error.token.start_pos, error.token.end_pos),
            )
    words = list(dict.fromkeys(word for name, word in WORDS.items() if name in names))
    expected = f"{', '.join(words[:-1])} or {words[-1]}" if words[1:] else words[0]
    raise EquationError(f"{problem}; expected {expected}", text, place)


def limit_size(tree: Tree) -> None:
    """Refuse a tree with more symbols or more levels than are read."""
    symbols = levels = 0
    level = [tree]
    while level:
        levels += 1
        symbols += sum(each.data in LEAVES for each in level)
        level = [part for each in level for part in each.children if isinstance(part, Tree)]
    if symbols > MAX_SYMBOLS:
        raise EquationError(f"the formula has {symbols} symbols, at most {MAX_SYMBOLS} are read")
    if levels > MAX_LEVELS:
        raise EquationError(
            f"the formula is {levels} operations deep, at most {MAX_LEVELS} are read"
        )


class Builder:
    """Turn lark's tree into ours, with the place of each part in the text."""

    def __init__(self, text: str):
        self.text = text

    def built(self, tree: Tree):
        """Build the parts first, then what they make: lark's Transformer takes twice the time."""
        parts = [self.built(part) if isinstance(part, Tree) else part for part in tree.children]
        return getattr(self, tree.data)(tree.meta, parts)

    def start(self, meta, parts):
        return [part for part in parts if isinstance(part, tuple)]

    def chain(self, meta, parts):
        return tuple(part for part in parts if isinstance(part, Node))

    def membership(self, meta, parts):
        *others, last = self.chain(meta, parts)
        start, end = last.span if others else place(meta)
        return (*others, Claim(last, parts[-1], span=(start, end)))

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
        """Return the size that a sum goes up to, and by how much it ends before that."""
        return parts[0], float(parts[1]) if parts[1:] and parts[1] is not None else 0

    def letter(self, meta, parts):
        return str(parts[0])

    def sum(self, meta, parts):
        sign, letter, limit, body = parts
        return self.sum_up_to(meta, sign, letter, limit, body)

    def sum_bounded(self, meta, parts):
        sign, letter, _, first, limit, body = parts
        return self.sum_up_to(meta, sign, str(letter), limit, body, first)

    def sum_over_several(self, meta, parts):
        *_, body = parts
        for letter in reversed([str(each) for each in parts[1:-1] if each not in (None, ",")]):
            body = Sum(letter, None, body, span=place(meta))
        return body

    def sum_up_to(self, meta, sign, letter, limit, body, first=None):
        """Return a sum over a letter's whole range, counted from 1 or from 0."""
        upper, less = limit or (None, 0)
        where = (meta.start_pos, LIMITS.match(self.text, sign.end_pos).end())
        # Up to a number, whose meaning only the writer knows, it may start at either.
        is_open = upper is None or upper.isdigit()
        begins = [("1", 0), ("0", 1), ("0", 0)] if is_open else [("1", 0), ("0", 1)]
        if (first or "1", less) not in begins:
            raise EquationError(
                "a sum is read over all values of its letter: from 1 up to a size, or from 0 up to "
                "a size less 1",
                self.text,
                where,
            )
        if upper and upper.isdigit():
            # Counted from 0 there is one term more.
            upper = str(int(upper) + (first == "0"))
        return Sum(letter, upper, body, span=place(meta), sign=where)

    def power_of_function(self, meta, parts):
        """Return the power of a function's value, as \\sigma^2(z) is meant."""
        name, number, argument = (part for part in parts if part is not None)
        called = Apply(function_name(name), argument, span=place(meta))
        return self.scripted(meta, [called, self.sup_number(meta, [number])])

    def apply_to_bracket(self, meta, parts):
        name, argument, *scripts = parts
        called = Apply(function_name(name), argument, span=place(meta))
        return self.scripted(meta, [called, *scripts])

    def apply_to_plain(self, meta, parts):
        name, *argument = parts
        return Apply(function_name(name), self.scripted(meta, argument), span=place(meta))

    def number(self, meta, parts):
        if len(parts[0]) > MAX_DIGITS:
            raise EquationError(f"a number has at most {MAX_DIGITS} digits", self.text, place(meta))
        return Number(float(parts[0]), span=place(meta))

    def letter_atom(self, meta, parts):
        return Spelled(str(parts[0]), span=place(meta))

    def name_atom(self, meta, parts):
        return Spelled(str(parts[0])[len(r"\mathit{") : -1], span=place(meta))

    def ones(self, meta, parts):
        return Spelled(ONES, span=place(meta))

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
        if len(scripts) > MAX_SCRIPTS:
            raise EquationError(f"at most {MAX_SCRIPTS} scripts are read", self.text, place(meta))
        for kind, value in scripts:
            if kind == "sub":
                node = self.subscripted(node, value, place(meta))
            elif kind == "transpose":
                node = transposed(node, place(meta))
            else:
                node = Power(node, value, span=place(meta))
        return node

    def subscripted(self, node: Node, subscripts: tuple[str, ...], span) -> Node:
        """Add subscripts to a letter; to anything else they are indices."""
        if isinstance(node, Spelled):
            return replace(node, subscripts=node.subscripts + subscripts, span=span)
        return Indexed(node, subscripts, span=span)


def transposed(node: Node, span: Span) -> Node:
    """Return the transpose of a part, behind two indices that of what has them: W_{2,kj}^T.

    A number has no transpose, so (W_2^T)_{kj} is meant.
    """
    if isinstance(node, Spelled) and not is_kronecker(node):
        own = tuple(filter(str.isdigit, node.letters()))
        letters = tuple(filter(str.isalpha, node.letters()))
        base = replace(node, subscripts=own)
    elif isinstance(node, Indexed):
        base, letters = node.base, node.letters
    else:
        return Transpose(node, span=span)
    if len(letters) == 2:
        return Indexed(Transpose(base, span=span), letters, span=span)
    return Transpose(node, span=span)


def function_name(command: str) -> str:
    """Return the name of a function without its LaTeX."""
    return re.sub(r"\\((operatorname|mathrm|text)\{)?|\}", "", command)


def place(meta) -> tuple[int, int]:
    """Return where lark found a part."""
    return (meta.start_pos, meta.end_pos)


def resolve(node: Node, table: Table, text: str, parts: Parts | None = None) -> Node:
    """Replace every spelled letter by the table's symbol and its indices, or by a named part."""
    if isinstance(node, Spelled):
        return resolved_symbol(node, table, text, parts)
    return node.with_parts(lambda part: resolve(part, table, text, parts))


def resolved_symbol(
    spelled: Spelled, table: Table, text: str, parts: Parts | None
) -> Node:
    """Split a letter's subscripts into the symbol's own, which the table knows, and indices.

    In a derivation, where `parts` are those that have a name, δ₁ and δ₂ are ∂J/∂z₁ and ∂J/∂z₂.
    """
    letters = spelled.letters()
    if (whole := "_".join((spelled.base, *letters))) in (parts or {}):
        part = parts[whole]
        return part.with_part("span", spelled.span) if part == Symbol(whole) else part
    if is_kronecker(spelled) and not any(map(ERROR_OF_ROWS.fullmatch, parts or ())):
        return Delta(*letters, span=spelled.span)
    known = known_names(table)
    if (part := with_other_letters(spelled, parts or {}, text)) is not None:
        return part
    is_error = spelled.base == r"\delta" and f"z_{''.join(letters[:1])}" in known
    if parts is not None and is_error and symbol_in(set(parts), spelled) is None:
        if {"", letters[0]} & parts.errors:
            raise EquationError(
                "what this δ is stands in no line above as it is written here", text, spelled.span
            )
        error = Partial(Symbol("J"), Symbol(f"z_{letters[0]}"), span=spelled.span)
        return Indexed(error, letters[1:], span=spelled.span) if letters[1:] else error
    parts = parts or {}
    if (name := symbol_in(known | parts.keys(), spelled)) is None:
        if spelled.base == r"\delta":
            problem = (
                "δ takes two indices, it is Kronecker's; an error term is written as the "
                r"derivative that it is, such as \frac{\partial J}{\partial z_2}, or a line above "
                "says what it is"
            )
        elif spelled.base == "I" and not letters:
            sizes = ", ".join(f"I_{{{size}}}" for size in table.sizes[0])
            problem = f"an identity matrix takes its size as its index: {sizes}"
        else:
            problem = (
                f"unknown symbol {spelled.base}{'_' if letters else ''}{''.join(letters)}; "
                f"known here: {', '.join(sorted(known))}"
            )
        raise EquationError(problem, text, spelled.span)
    symbol = parts.get(name) or Symbol(name, span=spelled.span)
    indices = letters[name.count("_") :]
    if not all(index.isalpha() for index in indices):
        raise EquationError(
            f"{name} takes letters as indices, got {', '.join(indices)}", text, spelled.span
        )
    return Indexed(symbol, indices, span=spelled.span) if indices else symbol


def with_other_letters(spelled: Spelled, parts: dict[str, Node], text: str) -> Node | None:
    """Return the part that a line names with other letters: δ_k = ŷ_k − y_k says what δ_j is."""
    letters = spelled.letters()
    for name, part in parts.items():
        base, *own = name.split("_")
        own_letters = [letter for letter in own if letter.isalpha()]
        if base != spelled.base or len(own) != len(letters) or not own_letters:
            continue
        others = dict(zip(own, letters, strict=True))
        if set(own_letters) - set(free_letters(part)):
            continue  # a label, as in δ_o, is no index
        if any(one != other for one, other in others.items() if not one.isalpha()):
            continue
        if not all(map(str.isalpha, (others[each] for each in own_letters))):
            continue
        bound = {node.letter for node in part.walk() if isinstance(node, Sum)}
        if bound & {*others, *others.values()}:
            raise EquationError(
                f"{name} was said with other letters, of which one is summed over there; write it "
                "with the same ones",
                text,
                spelled.span,
            )
        return renamed(part, others)
    return None


def renamed(node: Node, letters: dict[str, str]) -> Node:
    """Return a formula in indices with other letters."""
    match node:
        case Indexed():
            node = replace(node, letters=tuple(letters.get(each, each) for each in node.letters))
        case Delta(first, second):
            return replace(
                node, first=letters.get(first, first), second=letters.get(second, second)
            )
    return node.with_parts(lambda part: renamed(part, letters))


def known_names(table: Table) -> set[str]:
    """Return the names of the symbols and sizes that the table has."""
    return {*table.symbols, *table.sizes[0], *([ONES] if table.ones else [])}


def symbol_in(known: set[str], spelled: Spelled) -> str | None:
    """Return the known name that the letter has, with one subscript of its own or none."""
    letters = spelled.letters()
    for own in (1, 0):
        name = "_".join((spelled.base, *letters[:own]))
        if len(letters) >= own and name in known:
            return name
    return None
