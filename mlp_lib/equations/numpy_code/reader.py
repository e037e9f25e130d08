"""NumPy text → tree: the same tree as from LaTeX. Text is only ever parsed; nothing runs it.

What has a sign in mathematics becomes that sign's node (`@` is Contract, `.T` Transpose, np.kron
Kronecker, np.diagflat a diag); any other NumPy function that is read here becomes a Call.
"""

import ast
import builtins
from collections.abc import Sequence
from functools import lru_cache
from itertools import takewhile
from typing import NamedTuple

from mlp_lib.equations.evaluate import forward_equations
from mlp_lib.equations.numpy_code.assignments import RAISES
from mlp_lib.equations.numpy_code.calls import imported_from_numpy
from mlp_lib.equations.numpy_code.drawn import Drawn
from mlp_lib.equations.numpy_code.expressions import Demand
from mlp_lib.equations.numpy_code.functions import FUNCTIONS
from mlp_lib.equations.numpy_code.lines import (
    BLOCKS,
    RATES,
    errors_first,
    executed,
    gives_one_of,
    gradient_of_step,
    in_place,
    is_beside,
    is_told,
    layers_said,
    names_given,
    returns_several,
    used_early,
    uses,
)
from mlp_lib.equations.numpy_code.names import names
from mlp_lib.equations.numpy_code.own_calls import OwnCalls, Slope
from mlp_lib.equations.numpy_code.own_functions import code_of
from mlp_lib.equations.numpy_code.shared_arrays import Views, used_before_given
from mlp_lib.equations.numpy_code.syntax import (
    python_tree,
    refuse_before_parsing,
    refuse_large_tree,
)
from mlp_lib.equations.numpy_code.told import names_in
from mlp_lib.equations.tables import Table
from mlp_lib.equations.tree import Equation, EquationError, Node, Number, Partial, Span, Symbol

WHOLE_ARRAYS = "a line gives a whole array, not a part of one"
# A number for the learning rate in an update: which one doesn't matter.
RATE = 0.1


class Read(NamedTuple):
    """What a text says: its equations, what its other lines name, what Python asks of shapes.

    `overwritten` are the given symbols that a line makes something else of, and what. `unnamed` is
    where the answer stands, if none of several values, or of a def's, is named. `slopes` are the
    calls of a slope of the book's where the reader's own activation may be another.
    """

    equations: tuple[Equation, ...]
    own: tuple[Node, ...]
    demands: tuple[Demand, ...]
    overwritten: tuple[tuple[Symbol, Node], ...]
    unnamed: Span | None
    slopes: tuple[Slope, ...]


def parse_numpy(text: str, table: Table) -> list[Equation]:
    """Return what the NumPy text states: one equation, or one for each line that names a known one.

    A line may give a name to a part, `d1 = …`, and later lines use it. Raises EquationError that
    quotes the text with a caret under the place.
    """
    refuse_before_parsing(text)
    return list(parsed(text, table).equations)


def parts_of_lines(text: str, table: Table) -> tuple[Node, ...]:
    """Return what lines of NumPy text give a name of their own to, and what is given anew later."""
    return parsed(text, table).own


def demands(text: str, table: Table) -> tuple[Demand, ...]:
    """Return what Python asks of the shapes in a text that can be read."""
    return parsed(text, table).demands


def overwritten(text: str, table: Table) -> tuple[tuple[Symbol, Node], ...]:
    """Return the given symbols that lines of a text make something else of, and what they make."""
    return parsed(text, table).overwritten


def slopes(text: str, table: Table) -> tuple[Slope, ...]:
    """Return the calls of a slope of the book's beside an activation of the reader's own."""
    return parsed(text, table).slopes


def unnamed_answer(text: str, table: Table) -> Span | None:
    """Return where a text that can be read ends with several values, or in a def, or None.

    Which value is the answer isn't said there.
    """
    return parsed(text, table).unnamed


@lru_cache(maxsize=1024)
def parsed(text: str, table: Table) -> Read:
    """Return what a text that isn't too long says; the same trees for the same text."""
    module, text_read, offset = python_tree(text)
    refuse_large_tree(module, text)
    reader = Reader(text, text_read, offset, table)
    equations = reader.equations(module)
    return Read(tuple(equations), tuple(reader.own), tuple(reader.demands),
                tuple(reader.overwritten), reader.unnamed,
                tuple(filter(None, reader.slopes.values())))  # fmt: skip


def early_name(text: str, table: Table) -> str:
    """Return the name that a line of a derivation uses before the line that says it, or ""."""
    module, _, _ = python_tree(text)
    lines = [line for line in code_of(module, names(table)).lines if not is_beside(line)]
    return used_early(lines, names(table))


class Reader(OwnCalls):
    """Read the lines of a derivation: what each of them states."""

    def __init__(self, text: str, text_read: str, offset: int, table: Table):
        super().__init__(text, text_read, offset, table)
        self.unnamed: Span | None = None
        self.several_returned: ast.stmt | None = None
        self.beside: dict[int, list[ast.stmt]] = {}  # what is run below each line, by the line's id

    def equations(self, module: ast.Module) -> list[Equation]:
        """Read every line; a line that gives a name to a part states nothing by itself.

        Behind the derivation there may be updates. W1 -= lr * V1 says that V1 is ∂J/∂W1.
        """
        stated, self.functions, below, refused = code_of(module, self.known)
        if refused is not None:
            raise self.fail(*refused)
        self.views = Views(self.functions)
        if below is not None:
            self.unnamed = self.span(below.lines[-1])
        self.numpys = imported_from_numpy(module)
        self.named = names_in(module)
        self.refuse_shared(stated)
        self.refuse_drawn_anew(module)
        lines = errors_first(self.derivation_of(stated))
        self.errors = layers_said(lines)
        updates = list(takewhile(self.is_update, reversed(lines)))[::-1]
        derivation = lines[: len(lines) - len(updates)]
        if not derivation and len(updates) == 1:
            updates, derivation = [], lines
        steps = [gradient_of_step(update.value) for update in updates]
        taken = {step.id for step in steps if isinstance(step, ast.Name)}
        own = [number for number, line in enumerate(derivation) if not gives_one_of(taken, line)]
        about = own[-1] if own else len(derivation) - 1
        found = self.run_below(None, lines)
        for number, line in enumerate(derivation):
            found += self.stated(line, derivation[number + 1 :], number == about)
            found += self.run_below(line, derivation[number + 1 :])
        found = [*self.stated_by(updates), *found]
        for update in updates:
            found += self.run_below(update, [])
        if not found:
            raise EquationError("there is no formula in the text")
        several = self.several_returned
        if several is not None and not any(isinstance(each.sides[0], Partial) for each in found):
            raise self.fail(several, "of several values none has a derivative's name, such as dW1")
        return found

    def refuse_drawn_anew(self, module: ast.Module) -> None:
        """Refuse a line that draws W2 below one that uses W2, or what is computed from it.

        The lines above have another value of it than those below.
        """
        outside = [line for line in module.body
                   if not isinstance(line, ast.FunctionDef | ast.ClassDef)]  # fmt: skip
        lines = [line for line in executed(outside) if not is_told(line)]
        for number, line in enumerate(lines):
            if not isinstance(line, Drawn) or (name := line.targets[0].id) not in self.known:
                continue
            symbol = self.known[name]
            made = {symbol, *self.computed_from(symbol)}
            for early in (each for each, known in self.known.items() if known in made):
                if used_before_given(early, lines[:number]):
                    raise self.fail(line, f"{early} is used above, and {name} has another "
                                    "value from this line on")  # fmt: skip

    def computed_from(self, name: str) -> set[str]:
        """Return the symbols that the network computes from this one."""
        made = {name}
        for other, formula in forward_equations(self.table):
            if any(isinstance(node, Symbol) and node.name in made for node in formula.walk()):
                made.add(other)
        return made - {name}

    def derivation_of(self, stated: Sequence[ast.stmt]) -> list[ast.stmt]:
        """Return the lines that say something, and remember those that are beside each of them."""
        lines: list[ast.stmt] = []
        for number, line in enumerate(stated):
            if returns_several(line):
                self.several_returned = self.several_returned or line
                is_first = self.several_returned is line
                if is_first and all(map(is_beside, stated[number + 1 :])):
                    self.unnamed = self.span(line)
            elif is_beside(line):
                self.beside.setdefault(id(lines[-1]) if lines else 0, []).append(line)
            else:
                lines.append(self.as_assignment(line, stated[number + 1 :]))
        return lines

    def stated(self, line: ast.stmt, later: Sequence[ast.stmt], about: bool) -> list[Equation]:
        """Return what a line states; one that gives a name to a part states nothing by itself."""
        match line:
            case ast.Expr(ast.Compare(left, signs, others)) if all(
                isinstance(sign, ast.Eq) for sign in signs
            ):
                if len(signs) == 1 or not self.is_own_name(left):
                    others = [left, *others]
                elif not about:
                    raise self.fail(left, "a name of one's own is said once: write a line for "
                                    "each formula")  # fmt: skip
                return [Equation(tuple(self.read(side) for side in others), self.text)]
            case ast.Expr(value):
                return [Equation((self.read_whole(value),), self.text)]
            case ast.Assign([ast.Tuple()], ast.Tuple(values)):
                if any(uses(line.value, name) and name not in self.local | self.known
                       for name in names_given(line)):  # fmt: skip
                    raise self.fail(line, "a name is given and used in one line, and has no value "
                                    "before")  # fmt: skip
                return self.unpacked(line, tuple(map(self.value, values)), later)
            case ast.AugAssign(ast.Subscript() as part, ast.Sub(), ast.Constant(1)):
                raise self.fail(part, f"{WHOLE_ARRAYS}; rows of y are one-hot here, so 1 less "
                                "at each row's class is yhat - y")  # fmt: skip
            case ast.Assign([ast.Subscript() as part]) | ast.AugAssign(ast.Subscript() as part):
                raise self.fail(part, WHOLE_ARRAYS)
            case ast.Assign(targets, value) if self.keeps_several(value) or self.calls_own(value):
                read = self.value(value)
                if isinstance(read, tuple):
                    return self.unpacked(line, read, later)
                whole = read.with_part("span", self.span(value))
                return self.given_to(targets, whole, later, about)
            case ast.Assign([target], ast.Call(ast.Name() as function)) if (
                self.is_own_name(function)
                and function.id not in {*FUNCTIONS, *dir(builtins)}
                and self.is_forward_pass(target)
            ):
                return []
            case ast.Assign(targets, value):
                read = self.with_rate(value) if self.is_update(line) else self.read_whole(value)
                return self.given_to(targets, read, later, about)
            case _ if type(line) in BLOCKS:
                raise self.fail(line, f"what stands behind {BLOCKS[type(line)]} isn't read: "
                                "write formulas of whole arrays")  # fmt: skip
            case ast.Raise():
                raise self.fail(line, RAISES)
        raise self.fail(line, "a line is a formula or name = formula")

    def run_below(self, line: ast.stmt | None, later: Sequence[ast.stmt]) -> list[Equation]:
        """Read what is run below a line, or above all of them, and says nothing by itself."""
        beside = self.beside.get(0 if line is None else id(line), [])
        return [equation for each in beside for equation in self.run_line(each, later)]

    def is_forward_pass(self, target: ast.expr) -> bool:
        """Tell whether this gets what the network computes, of a function that isn't pasted."""
        names = target.elts if isinstance(target, ast.Tuple) else []
        computed = {entry.name for entry in self.table.computed()}
        symbols = [self.symbol_of(each) if isinstance(each, ast.Name) else None for each in names]
        return bool(symbols) and all(
            symbol is not None and symbol.name in computed for symbol in symbols
        )

    def is_own_name(self, node: ast.expr) -> bool:
        """Tell whether this is a name that says nothing yet."""
        return (
            isinstance(node, ast.Name)
            and node.id not in self.known | self.local
            and self.derivative(node.id, self.span(node)) is None
        )

    def as_assignment(self, line: ast.stmt, later: Sequence[ast.stmt]) -> ast.stmt:
        """Return dW1 /= … as dW1 = dW1 / …, and any other line as it is.

        That h *= 1 - h changes a symbol says something only to later lines that use it.
        """
        match line:
            case ast.AugAssign(ast.Name(name) as target, operation, step):
                value = in_place(target, operation, step)
                update = ast.Assign([target], ast.copy_location(value, line))
                used = name not in self.known or any(uses(each, name) for each in later)
                if used or self.is_update(update):
                    return ast.copy_location(update, line)
        return line

    def is_update(self, line: ast.stmt) -> bool:
        """Tell whether a line adds a step to a parameter: W1 = W1 - …."""
        match line:
            case ast.Assign([ast.Name(name)], ast.BinOp(ast.Name(same), ast.Sub() | ast.Add())):
                return name == same and self.known.get(name, "")[:2] in ("W_", "b_")
        return False

    def with_rate(self, value: ast.expr) -> Node:
        """Read the right side of an update, in which lr is the learning rate: any number."""
        names = {name: Number(RATE) for name in RATES if name not in self.local | self.known}
        self.local |= names
        read = self.read(value)
        self.local = {name: node for name, node in self.local.items() if name not in names}
        return read

    def stated_by(self, updates: list[ast.Assign]) -> list[Equation]:
        """Return what updates behind the derivation say of the gradients that they take off."""
        stated = []
        for update in updates:
            step = gradient_of_step(update.value)
            if step is None:
                raise self.fail(update, "a step is read as a rate times a gradient: W1 - lr * dW1")
            span = self.span(update.targets[0])
            parameter = Symbol(self.known[update.targets[0].id], span=span)
            gradient = Partial(Symbol("J"), parameter, span=span)
            if not (isinstance(step, ast.Name) and self.derivative(step.id, span) == gradient):
                stated.append(Equation((gradient, self.with_rate(step)), self.text))
            # What comes later gets the changed parameter.
            self.local[update.targets[0].id] = self.with_rate(update.value)
        return stated
