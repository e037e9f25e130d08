"""When are two equations the same by algebra alone? Trees are compared in a normal form.

The normal form is index notation: a sum of products of entries, as Σ_k (ŷ_k − y_k) W_jk h_j. Every
symbol and every derivative is an unknown of which nothing is known but its shape and the rules
below, so nothing here uses the evaluator or knows that an equation of the book holds. Two equations
with one normal form differ at most in
- a transpose of a scalar, of a symmetric matrix (diag, I, ŷᵀŷ) or of a product: (AB)ᵀ = BᵀAᵀ,
- the order of scalars, of entries, of elementwise factors, and of the terms of a sum,
- how a product is written: contraction, `∘` with a diagonal, outer product, ⊗ and vec, indices,
- the names of letters that are summed over, and of letters that a δ makes equal,
- factors that cancel: (y_k / ŷ_k) ŷ_k.

What is known of the symbols is read from the table:
- rows of labels sum to 1, and so do rows that a softmax gives;
- ∂s/∂s is the identity, and ∂s/∂t is 0 where s isn't computed from t; ∂sᵀ has the entries of ∂s;
- the derivative of a formula is what the rules for sums and products say: ∂z_k/∂W_ij = x_i δ_kj for
  z = xW + b; where s is computed from t by way of u alone, ∂s/∂t = ∂s/∂u · ∂u/∂t;
- that of an elementwise function of t by t is diagonal: h(1 − h) for σ, 1 − h² for tanh, for relu
  an unknown that is 0 or 1 and the same at relu(t); that of softmax(t) by t is symmetric, and 0
  between two examples;
- a derivative by a bias that is added to one row, z = … + b, is the derivative by z.

A changed chain a = b' = c says the same if each of its links has one normal form on both sides, or
is the difference of two sides of the unchanged chain, once its free letters are renamed.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import count, pairwise, permutations

from mlp_lib.equations.latex import parse_latex
from mlp_lib.equations.tables import Table
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

ONES = r"\mathbf{1}"
MAX_DUMMIES = 6
SYMMETRIC = "symmetric "
ZERO_OR_ONE = "0 or 1: "  # its powers are itself


class NoMeaningError(Exception):
    """The tree breaks a rule of shapes or indices, or has no normal form here."""


@dataclass(frozen=True, order=True)
class Atom:
    """One unknown: its name, its indices, and for a function the forms that it is applied to."""

    name: str
    indices: tuple[str, ...] = ()
    arguments: tuple["Form", ...] = ()

    def renamed(self, names: dict[str, str]) -> "Atom":
        """Return the atom with other names of its indices."""
        if not names:
            return self
        indices = tuple(names.get(index, index) for index in self.indices)
        if self.name == "δ" or self.name.startswith(SYMMETRIC):
            half = len(indices) // 2
            indices = tuple(
                name for part in sorted((indices[:half], indices[half:])) for name in part
            )
        return Atom(self.name, indices, tuple(form.renamed(names) for form in self.arguments))

    def uses(self) -> Iterator[str]:
        """Yield the indices, those inside of the arguments too."""
        yield from self.indices
        for form in self.arguments:
            for term in form.terms:
                for atom in term.powers:
                    yield from (index for index in atom.uses() if index not in term.dummies)


@dataclass
class Term:
    """A coefficient times powers of atoms, summed over the dummies, each with its axis."""

    coefficient: Fraction = Fraction(1)
    powers: dict[Atom, int] = field(default_factory=dict)
    dummies: dict[str, str] = field(default_factory=dict)

    def times(self, other: "Term") -> "Term":
        """Return the product; the dummies of the two are different ones."""
        powers = dict(self.powers)
        for atom, power in other.powers.items():
            powers[atom] = powers.get(atom, 0) + power
            if atom.name.startswith(ZERO_OR_ONE):
                powers[atom] = min(powers[atom], 1)
        return Term(
            self.coefficient * other.coefficient,
            {atom: power for atom, power in powers.items() if power},
            self.dummies | other.dummies,
        )

    def renamed(self, names: dict[str, str]) -> "Term":
        """Return the term with other names of its indices, dummies among them."""
        result = Term(self.coefficient)
        for atom, power in self.powers.items():
            result = result.times(Term(powers={atom.renamed(names): power}))
        result.dummies = {names.get(name, name): axis for name, axis in self.dummies.items()}
        return result

    def key(self) -> tuple:
        """Return what two equal terms have in common but their coefficient."""
        return tuple(sorted(self.powers.items())), tuple(sorted(self.dummies.items()))


@dataclass(frozen=True)
class Form:
    """A sum of terms in normal form."""

    key: tuple
    terms: tuple[Term, ...] = field(compare=False, hash=False)

    def __lt__(self, other: "Form") -> bool:
        return repr(self.key) < repr(other.key)

    def renamed(self, names: dict[str, str]) -> "Form":
        """Return the form with other names of its free indices."""
        free = {index for term in self.terms for atom in term.powers for index in atom.uses()}
        if not free & names.keys():
            return self
        return normal([term.renamed(names) for term in self.terms], frozenset())

    def height(self) -> int:
        """Return how many forms stand inside each other."""
        inner = [each.height() for term in self.terms for a in term.powers for each in a.arguments]
        return 1 + max(inner, default=0)


Labels = frozenset[tuple[str, int]]  # symbols that sum to 1, each with the place of that index


def normal(terms: list[Term], labels: Labels) -> Form:
    """Return the normal form of a sum of terms; labels sum to 1 over the index at their place."""
    found: dict[tuple, Term] = {}
    for term in terms:
        term = least_names(reduced(term, labels))
        if (key := term.key()) in found:
            term.coefficient += found[key].coefficient
        found[key] = term
    kept = {key: term for key, term in found.items() if term.coefficient}
    order = sorted(kept, key=repr)
    return Form(
        tuple((kept[key].coefficient, key) for key in order), tuple(kept[key] for key in order)
    )


def reduced(term: Term, labels: Labels) -> Term:
    """Carry out every δ, every sum over labels and every sum over nothing."""
    summed_at = dict(labels)
    changed = True
    while changed:
        changed = False
        for atom in term.powers:
            if atom.name == "δ":
                rest = Term(
                    term.coefficient,
                    {a: p for a, p in term.powers.items() if a != atom},
                    dict(term.dummies),
                )
                one, other = atom.indices
                if one == other:  # 1; what is summed over stays a dummy
                    term, changed = rest, True
                    break
                gone, stays = (one, other) if one in term.dummies else (other, one)
                uses = {index for a in rest.powers for index in a.uses()}
                if gone in term.dummies:
                    rest.dummies.pop(gone)
                    term, changed = rest.renamed({gone: stays}), True
                    break
                if gone in uses:
                    smaller, larger = sorted((one, other))
                    if larger in uses:
                        term = rest.renamed({larger: smaller}).times(Term(powers={atom: 1}))
                        changed = True
                        break
            elif atom.name in summed_at and term.powers[atom] == 1:
                last = atom.indices[summed_at[atom.name]]
                uses = [index for a in term.powers for index in a.uses()]
                if last in term.dummies and uses.count(last) == 1:
                    powers = {a: p for a, p in term.powers.items() if a != atom}
                    dummies = {name: axis for name, axis in term.dummies.items() if name != last}
                    term, changed = Term(term.coefficient, powers, dummies), True
                    break
    uses = {index for atom in term.powers for index in atom.uses()}
    for name, axis in list(term.dummies.items()):
        if name not in uses:
            del term.dummies[name]
            term = term.times(Term(powers={Atom(axis): 1}))
    return term


def least_names(term: Term) -> Term:
    """Name the dummies so that the term comes first in order: their names carry no meaning."""
    if not term.dummies:
        return term
    if len(term.dummies) > MAX_DUMMIES:
        raise NoMeaningError("too many sums")
    height = 1 + max((form.height() for atom in term.powers for form in atom.arguments), default=0)
    names = [f"!{height}.{number}" for number in range(len(term.dummies))]
    tries = [
        term.renamed(dict(zip(order, names, strict=True))) for order in permutations(term.dummies)
    ]
    return min(tries, key=lambda each: repr(each.key()))


@dataclass
class Algebra:
    """The rules of shapes and products for the symbols of one table."""

    table: Table
    axis_of: dict[str, str] = field(default_factory=dict)
    fresh: Iterator[int] = field(default_factory=count)

    def __post_init__(self):
        self.entries = self.table.symbols
        self.formulas = {
            entry.name: parse_latex(entry.formula, self.table)[0].sides[0]
            for entry in self.table.computed()
        }
        rows = {
            n for n, f in self.formulas.items() if isinstance(f, Apply) and f.function == "softmax"
        }
        # A vector of the table has its 1 here, and an example its number in the batch.
        self.one = -1 if self.table.columns else 0
        self.sum_to_1 = frozenset((n, -1 - self.one) for n in {*self.table.labels, *rows})
        self.forms: dict[tuple, Form] = {}

    def sources(self, name: str) -> set[str]:
        """Return the symbols that a symbol is computed from, itself among them."""
        formula = self.formulas.get(name)
        inner = [n.name for n in formula.walk() if isinstance(n, Symbol)] if formula else []
        return {name}.union(*(self.sources(each) for each in inner))

    def sum_of_bias(self, name: str) -> str:
        """Return z for a bias b whose only use is z = … + b with one row; else the name."""
        users = [
            (user, formula)
            for user, formula in self.formulas.items()
            if any(isinstance(n, Symbol) and n.name == name for n in formula.walk())
        ]
        match users:
            case [(user, Add(_, Symbol(last)))] if (
                last == name and self.entries[user].shape == self.entries[name].shape
            ):
                return user
        return name

    # Shapes and letters -------------------------------------------------------------------------

    def note(self, letter: str, axis: str) -> None:
        """Record which axis a letter ranges over."""
        if self.axis_of.setdefault(letter, axis) != axis:
            raise NoMeaningError(f"{letter} on two axes")

    def letters(self, *roots: Node) -> None:
        """Find the axis of each letter."""
        nodes = [node for root in roots for node in root.walk()]
        for node in nodes:
            if isinstance(node, Indexed):
                axes = self.axes(node.base)
                if len(node.letters) == 1 and len(axes) == 2 and axes[self.one] == "1":
                    axes = (axes[1 + self.one],)
                if len(axes) != len(node.letters):
                    raise NoMeaningError("indices")
                for letter, axis in zip(node.letters, axes, strict=True):
                    self.note(letter, axis)
            elif isinstance(node, Sum) and node.upper:
                self.note(node.letter, node.upper)
        deltas = [node for node in nodes if isinstance(node, Delta)]
        for _ in deltas:
            for delta in deltas:
                for one, other in ((delta.first, delta.second), (delta.second, delta.first)):
                    if one in self.axis_of:
                        self.note(other, self.axis_of[one])

    def free(self, node: Node) -> set[str]:
        """Return the letters that are free in a sub-expression."""
        match node:
            case Sum(letter, _, body):
                return self.free(body) - {letter}
            case Delta(one, other):
                return {one, other}
            case Indexed(base, letters):
                return self.free(base) | set(letters)
        return set().union(*(self.free(child) for child in node.children()))

    def axes(self, node: Node) -> tuple[str, ...]:
        """Return the shape, or raise NoMeaningError."""
        match node:
            case Number() | Delta():
                return ()
            case Symbol(name):
                if name == ONES:
                    return (self.table.ones, "1") if self.table.columns else ("1", self.table.ones)
                return self.entries[name].shape if name in self.entries else ()
            case Identity(axis):
                if axis not in self.table.sizes[0]:
                    raise NoMeaningError("no such size")
                return (axis, axis)
            case Indexed(base, letters):
                self.axes(base)
                if self.free(base) & set(letters):
                    raise NoMeaningError("index inside and outside of brackets")
                return ()
            case Partial(of, by):
                return self.axes_of_partial(of, by)
            case Negate(body) | Power(body, _):
                return self.axes(body)
            case Transpose(body):
                axes = self.axes(body)
                if len(axes) > 2:
                    raise NoMeaningError("transpose of a tensor")
                return axes[::-1]
            case (
                Add(left, right)
                | Subtract(left, right)
                | Elementwise(left, right)
                | Divide(left, right)
            ):
                a, b = self.axes(left), self.axes(right)
                if a and b and a != b:
                    raise NoMeaningError("shapes")
                return a or b
            case Contract(left, right):
                a, b = self.axes(left), self.axes(right)
                if not a or not b:
                    return a or b
                if a[-1] != b[0]:
                    raise NoMeaningError("shapes")
                axes = a[:-1] + b[1:]
                if axes == ("1", "1"):
                    return ()
                if axes[0] == "1" and len(b) > 2:
                    return axes[1:]
                return axes[:-1] if axes[-1] == "1" and len(a) > 2 else axes
            case Kronecker(left, right):
                a, b = self.axes(left), self.axes(right)
                if len(a) != 2 or len(b) != 2:
                    raise NoMeaningError("⊗")
                return joined(a[0], b[0]), joined(a[1], b[1])
            case Apply(function, argument):
                return self.axes_of_value(function, self.axes(argument))
            case Sum(letter, _, body):
                if letter not in self.axis_of or any(
                    isinstance(inner, Sum) and inner.letter == letter for inner in body.walk()
                ):
                    raise NoMeaningError("a sum over what?")
                return self.axes(body)
            case Claim(body, shape):
                axes = self.axes(body)
                if axes != (() if shape in (("1",), ("1", "1")) else shape):
                    raise NoMeaningError("claim")
                return axes
        raise NoMeaningError(type(node).__name__)

    def axes_of_partial(self, of: Node, by: Node) -> tuple[str, ...]:
        """Return the shape of a derivative."""
        base = by.base if isinstance(by, Indexed) else by
        if not isinstance(base, Symbol) or base.name not in self.entries:
            raise NoMeaningError("derivative by what?")
        axes = self.axes(of)
        if isinstance(by, Indexed):
            if axes or self.free(of) & set(by.letters):
                raise NoMeaningError("derivative by an entry")
            return ()
        parts = axes, self.entries[base.name].shape
        first, second = parts[::-1] if self.table.denominator else parts
        axes = tuple(axis for axis in first + second if axis != "1")
        if len(axes) != 1:
            return axes
        return (*axes, "1") if self.table.denominator else ("1", *axes)

    def axes_of_value(self, function: str, axes: tuple[str, ...]) -> tuple[str, ...]:
        """Return the shape of a function's value."""
        if function == "diag":
            if len(axes) != 2 or axes[self.one] != "1":
                raise NoMeaningError("diag")
            return (axes[1 + self.one],) * 2
        if function == "vec":
            if len(axes) != 2:
                raise NoMeaningError("vec")
            return (joined(axes[1], axes[0]), "1")
        if function == "softmax" and not axes:
            raise NoMeaningError("softmax")
        return axes

    # Entries ------------------------------------------------------------------------------------

    def dummies(self, axis: str) -> dict[str, str]:
        """Return a new dummy for each simple axis of an axis."""
        return {f"~{next(self.fresh)}": each for each in simple((axis,))}

    def form(self, node: Node, out: tuple[str, ...]) -> Form:
        """Return the normal form of the entry at the indices `out`."""
        return normal(self.entry(node, out), self.sum_to_1)

    def entry(self, node: Node, out: tuple[str, ...]) -> list[Term]:
        """Return the entry at the indices `out`, one for each simple axis, as a sum of terms."""
        match node:
            case Number(value):
                return [Term(Fraction(value))]
            case Symbol(name):
                return [Term()] if name == ONES else [Term(powers={Atom(name, out): 1})]
            case Identity():
                return [delta(*out)]
            case Delta(first, second):
                return [delta(first, second)]
            case Indexed(base, letters):
                return self.entry(base, letters)
            case Partial(of, by):
                return self.entry_of_partial(of, by, out)
            case Negate(body):
                return scaled(self.entry(body, out), -1)
            case Add(left, right):
                return self.scalar_or(left, out) + self.scalar_or(right, out)
            case Subtract(left, right):
                return self.scalar_or(left, out) + scaled(self.scalar_or(right, out), -1)
            case Elementwise(left, right):
                return product(self.scalar_or(left, out), self.scalar_or(right, out))
            case Divide(left, right):
                return product(self.scalar_or(left, out), self.inverse(self.scalar_or(right, out)))
            case Power(base, exponent):
                result = [Term()]
                for _ in range(exponent):
                    result = product(result, self.entry(base, out))
                return result
            case Transpose(body):
                cut = len(simple(self.axes(node)[:1]))
                return self.entry(body, out[cut:] + out[:cut])
            case Contract(left, right):
                a, b = self.axes(left), self.axes(right)
                if not a or not b:
                    return product(self.scalar_or(left, out), self.scalar_or(right, out))
                inner, cut = self.dummies(a[-1]), len(simple(a[:-1]))
                terms = product(
                    self.entry(left, (*out[:cut], *inner)), self.entry(right, (*inner, *out[cut:]))
                )
                return [Term(t.coefficient, t.powers, t.dummies | inner) for t in terms]
            case Kronecker(left, right):
                (a, b), (c, d) = self.axes(left), self.axes(right)
                parts, rest = [], list(out)
                for axis in (a, c, b, d):
                    parts.append(rest[: len(simple((axis,)))])
                    rest = rest[len(simple((axis,))) :]
                one, two, three, four = map(tuple, parts)
                return product(self.entry(left, one + three), self.entry(right, two + four))
            case Apply(function, argument):
                return self.entry_of_value(function, argument, out)
            case Sum(letter, _, body):
                return self.summed(letter, self.entry(body, out))
            case Claim(body):
                return self.entry(body, out)
        raise NoMeaningError(type(node).__name__)

    def scalar_or(self, node: Node, out: tuple[str, ...]) -> list[Term]:
        """Return the entry, which for a scalar has no indices."""
        return self.entry(node, out if self.axes(node) else ())

    def summed(self, letter: str, terms: list[Term]) -> list[Term]:
        """Sum over a letter: it becomes a dummy."""
        result = []
        for term in terms:
            ((dummy, axis),) = self.dummies(self.axis_of[letter]).items()
            renamed = term.renamed({letter: dummy})
            renamed.dummies[dummy] = axis
            result.append(renamed)
        return result

    def inverse(self, terms: list[Term]) -> list[Term]:
        """Return 1 / terms: of one product without sums factor by factor."""
        form = normal(terms, self.sum_to_1)
        if len(form.terms) == 1 and not form.terms[0].dummies:
            (term,) = form.terms
            return [
                Term(1 / term.coefficient, {atom: -power for atom, power in term.powers.items()})
            ]
        return [Term(powers={Atom("sum", (), (form,)): -1})]

    def entry_of_value(self, function: str, argument: Node, out: tuple[str, ...]) -> list[Term]:
        """Return the entry of a function's value."""
        axes = self.axes(argument)
        if function == "diag":
            return product([delta(*out)], self.entry(argument, out[:1]))
        if function == "vec":
            cut = len(simple(axes[1:]))
            return self.entry(argument, out[cut:] + out[:cut])
        if function == "softmax":
            place = (-1 - self.one) % len(out)
            inner = self.form(argument, (*out[:place], "§row", *out[place + 1 :]))
            return [Term(powers={Atom(function, (out[place],), (inner,)): 1})]
        if function.endswith("'") and isinstance(argument, Symbol):
            for name, formula in self.formulas.items():
                match formula:
                    case Apply(f, inner) if f"{f}'" == function and inner == argument:
                        return self.slope(name, out)
            match self.formulas.get(argument.name):
                case Apply("relu") if function == "relu'":  # relu(t) > 0 where t > 0
                    return self.slope(argument.name, out)
        return [Term(powers={Atom(function, (), (self.form(argument, out),)): 1})]

    def entry_of_partial(self, of: Node, by: Node, out: tuple[str, ...]) -> list[Term]:
        """Return the entry of a derivative: an unknown of its own, or what the table tells."""
        symbol, letters = (by.base, by.letters) if isinstance(by, Indexed) else (by, None)
        cut = len(simple(self.axes(of)))
        outputs, inputs = out[:cut], out[cut:]
        if self.table.denominator:
            cut = len(out) - cut
            outputs, inputs = out[cut:], out[:cut]
        by_indices = inputs if letters is None else letters
        base, indices = (of.base, of.letters) if isinstance(of, Indexed) else (of, outputs)
        if isinstance(base, Transpose):
            first = len(simple(self.axes(base)[:1]))
            base, indices = base.body, indices[first:] + indices[:first]
        if not isinstance(base, Symbol):
            terms = self.entry(base, indices)
            slopes = self.differentiated(terms, symbol.name, by_indices)
            if slopes is not None:
                return slopes
            inner = normal(terms, self.sum_to_1)
            return [Term(powers={Atom(f"∂ by {symbol.name}", by_indices, (inner,)): 1})]
        if base.name not in self.entries:
            raise NoMeaningError("derivative of what?")
        if base.name == symbol.name:
            return [identity(indices, by_indices)]
        if symbol.name not in self.sources(base.name):
            return []
        if (total := self.sum_of_bias(symbol.name)) != symbol.name:
            by = replace(by, base=Symbol(total)) if letters else Symbol(total)
            return self.entry_of_partial(of, by, out)
        if link := self.only_way(base.name, symbol.name):
            return self.chained(base.name, link, symbol.name, indices, by_indices)
        if (
            known := self.known_derivative(base.name, symbol.name, indices, by_indices)
        ) is not None:
            return known
        name = f"∂{base.name} by {symbol.name}"
        return [Term(powers={Atom(name, (*indices, *by_indices)): 1})]

    def differentiated(
        self, terms: list[Term], by: str, by_indices: tuple[str, ...]
    ) -> list[Term] | None:
        """Return the derivative of a sum of products, or None where a factor's isn't known."""
        result = []
        for term in terms:
            for atom, power in term.powers.items():
                slope = self.slope_of_atom(atom, by, by_indices)
                if slope is None:
                    return None
                powers = {each: n for each, n in term.powers.items() if each != atom}
                powers |= {atom: power - 1} if power != 1 else {}
                rest = Term(term.coefficient * power, powers, dict(term.dummies))
                result += product([rest], slope)
        return result

    def slope_of_atom(
        self, atom: Atom, by: str, by_indices: tuple[str, ...]
    ) -> list[Term] | None:
        """Return the derivative of one factor: nothing if it doesn't depend on the symbol."""
        if atom.name in self.entries:
            entry = Indexed(Symbol(atom.name), atom.indices)
            return self.entry_of_partial(entry, Indexed(Symbol(by), by_indices), ())
        constant = atom.name == "δ" or atom.name in self.table.sizes[0]
        return [] if constant else None

    def only_way(self, name: str, by: str) -> str:
        """Return the one symbol in a formula by way of which it depends on `by`, or ""."""
        formula = self.formulas[name]
        used = {node.name for node in formula.walk() if isinstance(node, Symbol)}
        ways = [each for each in used if by in self.sources(each)]
        return ways[0] if len(ways) == 1 and by not in used else ""

    def chained(
        self, name: str, link: str, by: str, indices: tuple[str, ...], by_indices: tuple[str, ...]
    ) -> list[Term]:
        """Return ∂name/∂link · ∂link/∂by."""
        axes = simple(self.entries[link].shape)
        inner = {f"~{next(self.fresh)}": axis for axis in axes}
        middle = Indexed(Symbol(link), tuple(inner))
        outer = self.entry_of_partial(Indexed(Symbol(name), indices), middle, ())
        rest = self.entry_of_partial(middle, Indexed(Symbol(by), by_indices), ())
        return [
            Term(each.coefficient, each.powers, each.dummies | inner)
            for each in product(outer, rest)
        ]

    def slope(self, name: str, indices: tuple[str, ...]) -> list[Term]:
        """Return the entry of f'(t) for a symbol that is f(t), entry by entry."""
        value = Term(powers={Atom(name, indices): 1})
        square = value.times(value)
        match self.formulas[name].function:
            case "sigma":
                return [value, *scaled([square], -1)]
            case "tanh":
                return [Term(), *scaled([square], -1)]
            case "exp":
                return [value]
        return [Term(powers={Atom(f"{ZERO_OR_ONE}slope of {name}", indices): 1})]

    def known_derivative(
        self, name: str, by: str, indices: tuple[str, ...], by_indices: tuple[str, ...]
    ) -> list[Term] | None:
        """Return the derivative that the formula of `name` shows at once, or None."""
        formula = self.formulas[name]
        others = {n.name for n in formula.walk() if isinstance(n, Symbol)} - {by}
        if any(by in self.sources(other) for other in others):
            return None
        match formula:
            case Apply("sigma" | "tanh" | "exp" | "relu", Symbol(inner)) if inner == by:
                return product(self.slope(name, indices), [identity(indices, by_indices)])
            case Apply("softmax", Symbol(inner)) if inner == by:
                return [self.slope_of_softmax(name, indices, by_indices)]
        result: list[Term] = []
        inner = Algebra(self.table, fresh=self.fresh)
        inner.letters(formula)
        for term in inner.entry(formula, indices):
            if any(
                each.arguments or (each.name == by and power != 1)
                for each, power in term.powers.items()
            ):
                return None  # a power, or inside of a function: an unknown
            for atom in term.powers:
                if atom.name == by:
                    rest = {each: power for each, power in term.powers.items() if each != atom}
                    fresh = {each: f"~{next(self.fresh)}" for each in term.dummies}
                    rule = Term(term.coefficient, rest, dict(term.dummies))
                    result.append(rule.times(identity(atom.indices, by_indices)).renamed(fresh))
        return result

    def slope_of_softmax(
        self, name: str, indices: tuple[str, ...], by_indices: tuple[str, ...]
    ) -> Term:
        """Return the unknown ∂ŷ_k/∂z_l, the same with k and l exchanged; 0 between two examples."""
        rule = Term()
        if len(indices) == 2:
            rule = delta(indices[self.one], by_indices[self.one])
            of_example, place = list(by_indices), self.one
            of_example[place] = indices[place]
            by_indices = tuple(of_example)
        unknown = Atom(f"{SYMMETRIC}∂{name}", (*indices, *by_indices)).renamed({"": ""})
        return rule.times(Term(powers={unknown: 1}))


def identity(indices: tuple[str, ...], others: tuple[str, ...]) -> Term:
    """Return the product of the δ of each pair of indices."""
    result = Term()
    for one, other in zip(indices, others, strict=True):
        result = result.times(delta(one, other))
    return result


def delta(one: str, other: str) -> Term:
    """Return δ as a term."""
    return Term(powers={Atom("δ", tuple(sorted((one, other)))): 1})


def scaled(terms: list[Term], factor: int) -> list[Term]:
    """Return the terms times a number."""
    return [Term(term.coefficient * factor, term.powers, term.dummies) for term in terms]


def product(left: list[Term], right: list[Term]) -> list[Term]:
    """Multiply two sums out."""
    return [one.times(other) for one in left for other in right]


def joined(slow: str, fast: str) -> str:
    """Name the axis that runs over two."""
    return "·".join(axis for axis in (slow, fast) if axis != "1") or "1"


def simple(axes: tuple[str, ...]) -> list[str]:
    """Return the axes that indices stand on: a joined axis is two, an axis of length 1 none."""
    return [part for axis in axes for part in axis.split("·") if part != "1"]


@dataclass
class Chain:
    """The sides of an equation in normal form, and its free letters with their axes."""

    forms: list[Form]
    free: dict[str, str]


def chain(sides: tuple[Node, ...], algebra: Algebra) -> Chain:
    """Return the normal form of each side.

    Raises NoMeaningError for sides whose shapes or letters don't fit.
    """
    algebra.axis_of = {}
    algebra.letters(*sides)
    shapes = {algebra.axes(side) for side in sides}
    frees = {frozenset(algebra.free(side)) for side in sides}
    if len(shapes) > 1 or len(frees) > 1:
        raise NoMeaningError("the sides differ in shape")
    out = tuple(f"§{number}" for number in range(len(simple(shapes.pop()))))
    forms = []
    for side in sides:
        known = (side, tuple(sorted(algebra.axis_of.items())))
        if known not in algebra.forms:
            algebra.forms[known] = algebra.form(side, out)
        forms.append(algebra.forms[known])
    return Chain(forms, {letter: algebra.axis_of[letter] for letter in frees.pop()})


def difference(left: Form, right: Form) -> tuple:
    """Return left − right up to a factor, as a key; an empty one if they are the same."""
    found = {key: coefficient for coefficient, key in left.key}
    for coefficient, key in right.key:
        found[key] = found.get(key, Fraction(0)) - coefficient
    kept = sorted(((key, value) for key, value in found.items() if value), key=repr)
    return tuple((key, value / kept[0][1]) for key, value in kept)


class Original:
    """An equation that holds, with what follows from it by algebra."""

    def __init__(self, sides: tuple[Node, ...], table: Table):
        self.algebra = Algebra(table)
        self.chain = chain(sides, self.algebra)
        self.links = {
            difference(one, other) for one in self.chain.forms for other in self.chain.forms
        }

    def same(self, changed: tuple[Node, ...]) -> str:
        """Return the rule by which the changed equation says the same, or an empty text."""
        try:
            after = chain(changed, self.algebra)
        except NoMeaningError:
            return ""
        if len(after.forms) == 1:
            return "only a shape is claimed, and it has that shape"
        if any(not one.terms and not other.terms for one, other in pairwise(after.forms)):
            return ""  # 0 = 0 is refused as saying nothing
        if after.forms == self.chain.forms:
            return "each side has the normal form that it had"
        for names in renamings(after.free, self.chain.free):
            forms = [form.renamed(names) for form in after.forms]
            found = [difference(one, other) for one, other in pairwise(forms)]
            if not any(found):
                return "both sides have one normal form"
            if all(link in self.links for link in found):
                return "each link follows from the links there were"
        return ""


def renamings(free: dict[str, str], wanted: dict[str, str]) -> Iterator[dict[str, str]]:
    """Yield each way of giving the free letters the names of the others, on the same axes."""
    for names in permutations(sorted(wanted)):
        found = dict(zip(sorted(free), names, strict=False))
        if len(free) == len(wanted) and all(free[old] == wanted[new] for old, new in found.items()):
            yield {old: new for old, new in found.items() if old != new}
