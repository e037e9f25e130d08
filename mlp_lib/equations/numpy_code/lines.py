"""Lines of NumPy code: which say something of a derivation, in which order, and which are steps.

Python's own syntax trees go in and come out; nothing is evaluated.
"""

import ast
import re
from collections.abc import Container, Sequence

from mlp_lib.equations.brackets import outside
from mlp_lib.equations.numpy_code.drawn import Drawn, is_random

# Usual names of ∂J/∂z₁ and ∂J/∂z₂, where no line says what they are.
ERROR = re.compile(r"delta_?([12])")
# Names of the learning rate in an update.
RATES = {"lr", "alpha", "α", "eta", "η", "learning_rate", "rate"}
# What may begin as an array of zeros, and is no longer one when it is trained.
PARAMETER = re.compile("[WwbB][12]")
# What the network computes, which no line draws at random.
COMPUTED = re.compile(r"[zZaA][12]|[hH]|y_?hat|probs")
# A line of text that gives a name to a formula.
NAMED_LINE = re.compile(r"^[ \t]*(\w+)[ \t]*=[ \t]*(\S.*?)[ \t]*;?$", re.MULTILINE)
# What begins a block of lines that may be run several times, or not at all.
BLOCKS: dict[type[ast.stmt], str] = {
    ast.For: "for", ast.While: "while", ast.If: "if", ast.With: "with", ast.Try: "try",
}  # fmt: skip
# What holds where a comparison doesn't.
OPPOSITE = {ast.Gt: ast.LtE, ast.LtE: ast.Gt, ast.Lt: ast.GtE, ast.GtE: ast.Lt}


class InPlace(ast.BinOp):
    """What a line a += b gives to a, as a + b."""


def in_place(target: ast.Name, operation: ast.operator, step: ast.expr) -> InPlace:
    """Return what a += b gives to a."""
    before = ast.copy_location(ast.Name(target.id, ast.Load()), target)
    return InPlace(before, operation, step)


class Passed(ast.Assign):
    """What a call gives to a parameter, c = cache."""


def chains_in(text: str) -> list[int]:
    """Return where = stands outside of brackets in lines that have several: a = b = c + d."""
    found: list[int] = []
    for start, line in lines_outside_of_brackets(text):
        equals = outside(line, "=", forgiving=True)
        places = [start + place for place in equals if is_single(line, place)]
        if len(places) > 1:
            found += places
    return found


def lines_outside_of_brackets(text: str) -> list[tuple[int, str]]:
    """Return each line with its place; one that a bracket holds together is one."""
    start, found = 0, []
    for place in outside(text + "\n", "\n", forgiving=True):
        found.append((start, text[start:place]))
        start = place + 1
    return found


def is_single(text: str, place: int) -> bool:
    """Tell whether the = in a place is no part of another sign, as in == or +=."""
    before, after = text[max(0, place - 1) : place], text[place + 1 : place + 2]
    return after != "=" and (not before or before not in "=<>!:+-*/@%")


def spaced_chains(text: str) -> str:
    """Return code with spaces around the = of a chain, a = b = c."""
    for place in reversed(chains_in(text)):
        before = "" if text[:place].endswith(" ") else " "
        after = "" if text[place + 1 :].startswith(" ") else " "
        text = text[:place] + before + "=" + after + text[place + 1 :]
    return text


def chains_as_equations(text: str) -> str:
    """Return code with == for each = of a chain, where all stays in its place."""
    signs = list(text)
    for place in chains_in(text):
        if text[place + 1 : place + 2] == " ":
            signs[place + 1] = "="
    return "".join(signs)


def is_beside(line: ast.stmt) -> bool:
    """Tell whether a line says nothing of a derivation, and Python has to be able to run it.

    It keeps arrays, cache = (z1, h), takes them out, prints, or asserts something.
    """
    match line:
        case Passed() | Drawn() | ast.Assign([ast.Name()], ast.Tuple() | ast.List()):
            return True
        case ast.Assign([ast.Tuple() | ast.List()], ast.Name()):
            return True
        case ast.Expr(ast.Call(ast.Attribute(ast.Name(), "append"))):
            return True
    return is_told(line)


def is_told(line: ast.stmt) -> bool:
    """Tell whether a line prints or asserts something."""
    match line:
        case ast.Assert() | ast.Expr(ast.Call(ast.Name("print"))):
            return True
    return False


def said(lines: Sequence[ast.stmt], aside: Container[str] = ()) -> list[ast.stmt]:
    """Return the lines that say something: no imports or prints, and those inside of functions.

    Functions of the names in `aside` are passed over, and so is what only holds arrays: cache = {}.
    """
    return [line for line in executed(lines, aside) if not is_beside(line)]


def executed(lines: Sequence[ast.stmt], aside: Container[str] = ()) -> list[ast.stmt]:
    """Return the lines that say something, and those that are beside it."""
    found: list[ast.stmt] = []
    holders: set[str] = set()
    for number, line in enumerate(lines):
        if (entries := named_entries(line)) is not None:
            found += entries
            holders |= names_given(line)
            continue
        holders -= names_given(line)
        match line:
            case ast.Assign([ast.Name(name)], value) if is_empty(value) or (
                is_random(value) and not COMPUTED.fullmatch(name)
            ):
                holders.add(name)
                found += [as_drawn(line)] if is_random(value) else []
                found += [line] if is_beside(line) else []
            case ast.Assign([ast.Name(name)], ast.Call(ast.Attribute(_, "zeros"))) if (
                PARAMETER.fullmatch(name) and begins_training(name, lines[number + 1 :])
            ):
                found.append(as_drawn(line))
            case ast.Return(ast.Name(name)) | ast.Expr(ast.Name(name)) if name in holders:
                continue
            case ast.Expr(ast.Call(ast.Attribute(base, "append"))) if not isinstance(
                base, ast.Name
            ):
                continue
            case ast.Expr(value) if is_random(value):
                continue
            case ast.Assign([ast.Tuple(names)], ast.Attribute(_, "shape")):
                found += [axis_of(line, name, axis) for axis, name in enumerate(names)]
            case ast.FunctionDef(name, body=body):
                found += executed(until_return(body), aside) if name not in aside else []
            case ast.ClassDef(body=body):
                found += executed(body, aside)
            case ast.Assign([ast.Name()], ast.Lambda()):
                continue
            case ast.Import() | ast.ImportFrom() | ast.Pass():
                continue
            case ast.Delete(targets) if not any(
                uses(other, each.id)
                for each in targets
                if isinstance(each, ast.Name)
                for other in lines
                if other is not line
            ):
                continue
            case ast.Expr(ast.Constant(str())):
                continue
            case ast.If(ast.Constant(test), body, other):
                found += executed(body if test else other, aside)
            case ast.If(_, body, other) if not said([*body, *other], aside):
                continue
            case ast.AnnAssign(target, _, value):
                if value is not None:
                    found.append(ast.copy_location(ast.Assign([target], value), line))
            case ast.Assign([ast.Tuple(names)], ast.Tuple(values)) if one_by_one(names, values):
                found += [
                    ast.copy_location(ast.Assign([name], value), value)
                    for name, value in zip(names, values, strict=True)
                ]
            case ast.Assign(
                [ast.Subscript(ast.Name() as array, ast.Compare(_, [sign]) as where)],
                ast.Constant(0),
            ) if type(sign) in OPPOSITE:
                found.append(masked(line, array, where))
            case ast.Return(ast.expr() as value) if not returns_several(line):
                found.append(ast.copy_location(ast.Expr(value), line))
            case _:
                found.append(line)
    return found


def as_drawn(line: ast.Assign) -> Drawn:
    """Return a line that draws an array at random, or begins it as zeros, as one that does so."""
    return ast.copy_location(Drawn(line.targets, line.value), line)


def begins_training(name: str, later: Sequence[ast.stmt]) -> bool:
    """Tell whether zeros for a parameter are where training starts, and no other network's.

    A bias often begins so. Weights do if the network is computed from them below, or no formula
    uses them but their own update.
    """
    computes = any(COMPUTED.fullmatch(each) for line in later for each in names_given(line))
    formulas = (
        part
        for line in later
        if not isinstance(line, ast.AugAssign) and name not in names_given(line)
        for part in ast.walk(line)
        if isinstance(part, ast.BinOp | ast.Attribute)
        or (isinstance(part, ast.Call) and isinstance(part.func, ast.Attribute))
    )
    return name[0] in "bB" or computes or not any(uses(each, name) for each in formulas)


def until_return(lines: Sequence[ast.stmt]) -> list[ast.stmt]:
    """Return the lines of a function that are run: none stands below a return."""
    returns = (n for n, line in enumerate(lines) if isinstance(line, ast.Return))
    return [*lines[: next(returns, len(lines)) + 1]]


def named_entries(line: ast.stmt) -> list[ast.stmt] | None:
    """Return dW2 = … and db2 = … for {"dW2": …, "db2": …}, which a line returns or gives a name.

    None for any other line.
    """
    match line:
        case ast.Return(ast.Dict(keys, values)) | ast.Assign([ast.Name()], ast.Dict(keys, values)):
            pass
        case (
            ast.Return(ast.Call(ast.Name("dict"), [], given))
            | ast.Assign([ast.Name()], ast.Call(ast.Name("dict"), [], given))
        ):
            keys = [ast.Constant(each.arg) for each in given]
            values = [each.value for each in given]
        case _:
            return None
    names = [key.value if isinstance(key, ast.Constant) else None for key in keys]
    if not all(isinstance(name, str) and name.isidentifier() for name in names):
        return None
    targets: list[ast.expr] = [
        ast.copy_location(ast.Name(held_as(line, name, value), ast.Store()), value)
        for name, value in zip(names, values, strict=True)
    ]
    if not one_by_one(targets, values):
        return None
    return [
        ast.copy_location(ast.Assign([target], value), value)
        for target, value in zip(targets, values, strict=True)
        if not (isinstance(value, ast.Name) and value.id == target.id)
    ]


def held_as(line: ast.stmt, name: str, value: ast.expr) -> str:
    """Return dW2 for the entry W2 of gradients, and any other name as it is.

    They are gradients if they are called so, or if a function returns a formula without W2 in it.
    """
    if name[0] not in "Wb":
        return name
    of_gradients = isinstance(line, ast.Assign) and names_given(line) & {"grads", "gradients"}
    is_formula = isinstance(value, ast.BinOp | ast.Call) or getattr(value, "id", " ")[0] in "dg"
    returned = isinstance(line, ast.Return) and PARAMETER.fullmatch(name) and is_formula
    is_begun = is_random(value) or getattr(getattr(value, "func", None), "attr", "") == "zeros"
    is_gradient = of_gradients or (returned and not is_begun and not uses(value, name))
    return f"d{name}" if is_gradient else name


def is_empty(value: ast.expr) -> bool:
    """Tell whether this holds nothing yet, or only what has names of its own: {}, None, (z1, h)."""
    match value:
        case ast.Dict(keys):
            return not keys
        case ast.List(members) | ast.Tuple(members):
            return all(isinstance(each, ast.Name) or is_empty(each) for each in members)
        case ast.Constant(None):
            return True
    return False


def axis_of(line: ast.Assign, name: ast.expr, axis: int) -> ast.Assign:
    """Return N = X.shape[0] for the first name of N, D = X.shape."""
    value = ast.Subscript(line.value, ast.copy_location(ast.Constant(axis), line.value))
    return ast.copy_location(ast.Assign([name], ast.copy_location(value, line.value)), line)


def masked(line: ast.Assign, array: ast.Name, where: ast.Compare) -> ast.AugAssign:
    """Return dA1[z1 <= 0] = 0 as dA1 *= z1 > 0, which says the same."""
    opposite = ast.Compare(where.left, [OPPOSITE[type(where.ops[0])]()], where.comparators)
    target = ast.copy_location(ast.Name(array.id, ast.Store()), array)
    step = ast.copy_location(opposite, where)
    return ast.copy_location(ast.AugAssign(target, ast.Mult(), step), line)


def one_by_one(names: list[ast.expr], values: list[ast.expr]) -> bool:
    """Tell whether a, b = x, y says the same as a line for each: none uses a name before it."""
    return len(names) == len(values) and not any(
        isinstance(name, ast.Name) and uses(value, name.id)
        for number, name in enumerate(names)
        for value in values[number + 1 :]
    )


def returns_several(line: ast.stmt) -> bool:
    """Tell whether a line returns several values."""
    return isinstance(line, ast.Return) and (
        isinstance(line.value, ast.Tuple | ast.List) or is_dictionary(line.value)
    )


def is_dictionary(value: ast.expr | None) -> bool:
    """Tell whether this is a dictionary: {"dW2": …}, or dict(dW2=…)."""
    match value:
        case ast.Dict() | ast.Call(ast.Name("dict")):
            return True
    return False


def errors_first(lines: list[ast.stmt]) -> list[ast.stmt]:
    """Return the lines with each that first says what delta1 or delta2 is before its users."""
    ordered = list(lines)
    for place, line in enumerate(lines):
        match line:
            case ast.Assign([ast.Name(name)], value) if ERROR.fullmatch(name) and not any(
                gives_one_of({name}, above) for above in lines[:place]
            ):
                users = [number for number, each in enumerate(ordered) if uses(each, name)]
                if users and users[0] < ordered.index(line) and not uses(value, name):
                    ordered.remove(line)
                    ordered.insert(users[0], line)
    return ordered


def used_early(lines: Sequence[ast.stmt], known: Container[str]) -> str:
    """Return the first name that a line uses and only a later one gives, or "".

    What is known, such as W2, has a value before the first line.
    """
    given: set[str] = set()
    for number, line in enumerate(lines):
        for later in lines[number + 1 :]:
            for name in sorted(names_given(later) - given):
                if name not in known and uses(line, name):
                    return name
        given |= names_given(line)
    return ""


def names_given(line: ast.stmt) -> set[str]:
    """Return the names that a line gives to a formula."""
    targets = line.targets if isinstance(line, ast.Assign) else ()
    return {
        each.id
        for target in targets
        for each in (target.elts if isinstance(target, ast.Tuple | ast.List) else [target])
        if isinstance(each, ast.Name)
    }


def layers_said(lines: Sequence[ast.stmt]) -> set[str]:
    """Return the layers, "1" or "2", whose delta1 or delta2 a line says."""
    return {
        error[1]
        for line in lines
        if isinstance(line, ast.Assign)
        for target in line.targets
        if isinstance(target, ast.Name) and (error := ERROR.fullmatch(target.id))
    }


def uses(part: ast.AST, name: str) -> bool:
    """Tell whether a line, or a formula, has the name in it and doesn't only give it."""
    return any(
        isinstance(each, ast.Name) and each.id == name and not isinstance(each.ctx, ast.Store)
        for each in ast.walk(part)
    )


def gives_one_of(names: set[str], line: ast.stmt) -> bool:
    """Tell whether a line gives one of these names to a formula."""
    return bool(names_given(line) & names)


def given_again(targets: list[ast.expr], later: Sequence[ast.stmt]) -> bool:
    """Tell whether a later line gives one of the names to another formula: dW2 = dW2 / N."""
    names = {target.id for target in targets if isinstance(target, ast.Name)}
    return any(gives_one_of(names, line) for line in later)


def gradient_of_step(value: ast.BinOp) -> ast.expr | None:
    """Return G of W - lr * G, -G of W + lr * G, and None for a step with no rate in front.

    A step that is made of no rate at all is the gradient itself.
    """
    step = value.right
    gradient = without_rate(step)
    if gradient is None:
        rates = [each for each in ast.walk(step) if isinstance(each, ast.Name) and is_rate(each)]
        gradient = None if rates else step
    if gradient is None or isinstance(value.op, ast.Sub):
        return gradient
    return ast.copy_location(ast.UnaryOp(ast.USub(), gradient), gradient)


def without_rate(step: ast.expr) -> ast.expr | None:
    """Return what an update takes off without the learning rate in front or behind, or None."""
    match step:
        case ast.UnaryOp(ast.USub(), inner) if (rest := without_rate(inner)) is not None:
            return ast.copy_location(ast.UnaryOp(ast.USub(), rest), step)
        case (
            ast.BinOp(left, ast.Mult(), right)
            | ast.Call(ast.Attribute(ast.Name("np"), "multiply"), [left, right], [])
        ) if is_rate(left) or is_rate(right):
            rate, rest = (left, right) if is_rate(left) else (right, left)
            minus = isinstance(rate, ast.UnaryOp)
            return ast.copy_location(ast.UnaryOp(ast.USub(), rest), rest) if minus else rest
        case ast.BinOp(left, ast.Div(), right) if is_rate(left):
            one = ast.copy_location(ast.Constant(1.0), left)
            return ast.copy_location(ast.BinOp(one, ast.Div(), right), step)
        case ast.BinOp(left, ast.Mult() | ast.MatMult() | ast.Div() as operation, right):
            if (inner := without_rate(left)) is not None:
                rest = ast.BinOp(inner, operation, right)
                ast.copy_location(rest, step)
                rest.lineno, rest.col_offset = inner.lineno, inner.col_offset
                return rest
    return None


def is_rate(node: ast.expr) -> bool:
    """Tell whether this is a learning rate: a number, or a name for one."""
    match node:
        case ast.UnaryOp(ast.USub(), operand):
            return is_rate(operand)
        case ast.Name(name):
            return name in RATES
    return isinstance(node, ast.Constant)


def names_of_lines(text: str) -> dict[tuple[int, int], str]:
    """Return the names that lines give to their formulas, by where these stand.

    A name that two lines give means one thing in one place and another in the next.
    """
    found = [(match.span(2), match[1]) for match in NAMED_LINE.finditer(text)]
    names = [name for _, name in found]
    return {span: name for span, name in found if names.count(name) == 1}
