"""The verdict: how the values of a formula stand to those of its target, at all networks."""

import re
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from functools import cached_property

import numpy as np

from mlp_lib.equations.answers import edits
from mlp_lib.equations.arrays import (
    Array,
    Arrays,
    DoesNotFit,
    Rules,
    evaluate,
    in_numbers,
    value_of,
)
from mlp_lib.equations.latex import by_name, named_parts
from mlp_lib.equations.numpy_code.lines import names_of_lines
from mlp_lib.equations.printing import latex, plain
from mlp_lib.equations.routes import TOLERANCE, close, known_with, on_a_route, shown_name
from mlp_lib.equations.setting import Network, Setting
from mlp_lib.equations.texts.reading import own_parts
from mlp_lib.equations.tree import (
    ONES,
    EquationError,
    Node,
    OverLetters,
    Partial,
    ShapeOf,
    Span,
    Sum,
    Symbol,
    Transpose,
)

# Sizes that a factor is made of, with their powers.
SIZE_PRODUCTS = (
    *(((size, power),) for size in ("N", "D_y", "H", "D_x") for power in (1, -1)),
    *((("N", sign), (size, sign)) for size in ("D_y", "H", "D_x") for sign in (1, -1)),
    (("N", 2),), (("N", -2),), (("H", 1), ("D_y", 1)), (("H", -1), ("D_y", -1)),
    *((("N", 1), (size, -1)) for size in ("D_y", "H", "D_x")),
    (("D_x", 1), ("H", 1)), (("D_x", -1), ("H", -1)),
)  # fmt: skip
# A name as it is typed: q, delta2, \delta_2.
NAME = re.compile(r"\\?\w+(?:_\{[\w,]+\})?")
# A constant is shown as a fraction up to these.
LARGEST_NUMERATOR, LARGEST_DENOMINATOR = 99, 10_000


class Formula:
    """A reader's formula in a setting: its tree, and the value of each part at each network."""

    def __init__(self, root: Node, rules: Rules, where: Setting):
        self.root, self.rules, self.where = root, rules, where
        self.found: list[dict[int, Array]] = [{} for _ in where.ordinary]

    def at(self, number: int) -> Arrays:
        """Return the values of the network of that number."""
        return self.where.ordinary[number].arrays(self.rules)

    def values(self, node: Node) -> list[Array]:
        """Return the value of a part at each ordinary network, and remember it."""
        with np.errstate(all="ignore"):
            for number, found in enumerate(self.found):
                if id(node) not in found:
                    found[id(node)] = value_of(node, self.at(number), found)
        return [in_numbers(found[id(node)]) for found in self.found]

    def steps(self) -> tuple[list[tuple[Node, list[Array]]], DoesNotFit | None]:
        """Return each part with its values, the innermost first, up to one that doesn't fit."""
        seen: set[int] = set()
        done = []
        for node in evaluated_parts(self.root):
            if id(node) in seen or isinstance(node, ShapeOf):
                continue
            seen.add(id(node))
            try:
                done.append((node, self.values(node)))
            except DoesNotFit as error:
                return done, error
        return done, None


def evaluated_parts(root: Node) -> Iterator[Node]:
    """Yield the parts that have a value of their own: of a formula in indices, only the whole."""
    if not isinstance(root, OverLetters | Sum):
        for child in root.children():
            yield from evaluated_parts(child)
    yield root


def first_misfit(parts: Iterable[Node], at: Arrays) -> Node | None:
    """Return the first of these parts whose shapes don't fit; what they share is computed once.

    What has no value for another reason, such as h.shape, is passed over.
    """
    found: dict[int, Array] = {}
    for part in parts:
        try:
            value_with_parts(part, at, found)
        except DoesNotFit:
            return part
        except EquationError:
            continue
    return None


def value_with_parts(root: Node, at: Arrays, found: dict[int, Array]) -> Array:
    """Return a formula's value, and keep that of each of its parts, by id, for other formulas."""
    if id(root) not in found:
        for part in () if isinstance(root, OverLetters | Sum) else root.children():
            value_with_parts(part, at, found)
        found[id(root)] = evaluate(root, at, found)
    return found[id(root)]


def ratios(values: list[Array], wanted: list[Array]) -> list[float] | None:
    """Return value / wanted at each network where it is one number, or None.

    The 1 of a row that is wanted without it counts for nothing.
    """
    found = []
    for value, right in zip(values, wanted, strict=True):
        if value.shape not in (right.shape, (1, *right.shape)):
            return None
        value = value.reshape(right.shape)
        ratio = float(np.vdot(value, right) / np.vdot(right, right))
        if not abs(ratio) > TOLERANCE or not close(value, ratio * right):
            return None
        found.append(ratio)
    return found


class Outcome:
    """How the values of a formula stand to those of the target."""

    def __init__(self, goal: Partial, where: Setting, rules: Rules):
        self.goal, self.where, self.rules = goal, where, rules

    def expected(self, network: Network) -> Array:
        """Return the target's value at a network."""
        return network.arrays(self.rules).partial(self.goal.of.name, self.goal.by.name)

    @property
    def of_bias(self) -> bool:
        """Tell whether the target is by a bias, which may keep the 1 of a row."""
        return self.goal.by.name in ("b_1", "b_2")

    def accepts(self, value: Array, expected: Array) -> bool:
        """Tell whether a value is the target's."""
        if self.of_bias and value.ndim == 2 and expected.ndim == 1 and len(value) == 1:
            value = value[0]
        return close(value, expected)

    def right(self, root: Node, networks: Sequence[Network]) -> bool:
        """Tell whether the formula is right at these networks; one without a value isn't."""
        with np.errstate(all="ignore"):
            try:
                return all(
                    self.accepts(evaluate(root, network.arrays(self.rules)), self.expected(network))
                    for network in networks
                )
            except (DoesNotFit, EquationError):
                return False

    def right_everywhere(self, root: Node) -> bool:
        """Tell whether the formula is right at all networks but the extreme ones."""
        return self.right(root, self.where.ordinary) and self.right(root, self.where.varied)

    def stable(self, root: Node) -> bool:
        """Tell whether the formula is right where logits are ±2000."""
        if self.goal.by.name == r"\hat y" or self.goal.of.name != "J":
            return True
        return self.right(root, self.where.extreme)

    def is_finite(self, root: Node) -> bool:
        """Tell whether a part has no infinite entry and no nan where logits are ±2000."""
        with np.errstate(all="ignore"):
            return all(
                np.isfinite(evaluate(root, network.arrays(self.rules))).all()
                for network in self.where.extreme
            )


def is_product(node: Node) -> bool:
    """Tell whether this is a product, of either kind."""
    return isinstance(node, edits.PRODUCTS)


def product_name(constant: float, powers: tuple[tuple[str, int], ...]) -> str:
    """Return a constant times powers of sizes as people write it: N/64, 2·N, 1/(N·D_y), 0.1."""
    above = [size + ("²" if power == 2 else "") for size, power in powers if power > 0]
    below = [size + ("²" if power == -2 else "") for size, power in powers if power < 0]
    size = abs(constant)
    fraction = Fraction(size).limit_denominator(LARGEST_DENOMINATOR)
    is_fraction, is_decimal = (
        np.isclose(float(each), size, rtol=1e-9, atol=0) for each in (fraction, f"{size:.4g}")
    )
    if not is_fraction or fraction.numerator > LARGEST_NUMERATOR or (is_decimal and not powers):
        # 1.000001 is not shown as 1.
        digits = f"{size:.4g}"
        above = [f"{size:.10g}" if digits == "1" and not is_decimal else digits, *above]
    else:
        above = [str(fraction.numerator)] * (fraction.numerator != 1) + above
        below = [str(fraction.denominator)] * (fraction.denominator != 1) + below
    top = "·".join(above) or "1"
    bottom = "·".join(below) if len(below) < 2 else f"({'·'.join(below)})"
    return ("−" if constant < 0 else "") + top + (f"/{bottom}" if below else "")


class Judged:
    """A formula, judged as a formula for one target.

    `done` holds each part that has a value, the innermost first; `error` is where parts don't fit.
    """

    def __init__(self, attempt, goal, root, where, rules, place=(-1, -1)):
        self.attempt: str = attempt
        self.goal: Partial = goal
        self.root: Node = root
        self.where: Setting = where
        self.rules: Rules = rules
        # Which line of the attempt this is, counted from the last, and which side of it.
        self.place: tuple[int, int] = place
        self.outcome = Outcome(goal, where, rules)
        self.formula = Formula(root, rules, where)
        self.done, self.error = self.formula.steps()
        # A side that is a name stands there; what is wrong with it may be where it is named.
        self.stands, self.bare_name = self.body.span, None
        if (part := self.part_of_bare_name()) is not None:
            if self.error is None and on_a_route(self.values, where, rules):
                self.bare_name = part.span
            else:
                self.root = self.with_span(part.span)
                self.formula = Formula(self.root, rules, where)
                self.done, self.error = self.formula.steps()
        self.expects(self.outcome)

    def expects(self, outcome: Outcome) -> None:
        """Compare the formula's values with those of this outcome."""
        self.outcome = outcome
        self.wanted = [outcome.expected(network) for network in self.where.ordinary]

    @property
    def values(self) -> list[Array]:
        """Return the formula's values at the ordinary networks."""
        return self.done[-1][1]

    @cached_property
    def names(self) -> dict[Span, str]:
        """Return the names that lines of code give to formulas, by where these stand."""
        return names_of_lines(self.attempt) if self.rules == "numpy" else {}

    def values_of(self, node: Node) -> list[Array]:
        """Return the values of another formula at the ordinary networks."""
        return [evaluate(node, network.arrays(self.rules)) for network in self.where.ordinary]

    def own_parts(self) -> list[Node]:
        """Return the parts that have a name of their own."""
        if not self.attempt:
            return []
        spans = self.names.keys() | self.named.keys()
        parts = own_parts(self.attempt, self.where.table, self.rules)
        return [part for part in parts if part.span in spans]

    def part_of_bare_name(self) -> Node | None:
        """Return the part that the whole side gives by its name, or None."""
        if not self.is_bare_name:
            return None
        parts = (part for part in self.own_parts() if part == self.body)
        return next((part for part in parts if part.span != self.body.span), None)

    @property
    def is_bare_name(self) -> bool:
        """Tell whether the whole side is a name."""
        start, end = self.stands
        return bool(NAME.fullmatch(self.attempt[start:end]))

    @property
    def body(self) -> Node:
        """Return the formula, without what says in which order its index letters are axes."""
        return self.root.body if isinstance(self.root, OverLetters) else self.root

    def with_span(self, span: Span) -> Node:
        """Return the formula as one that stands elsewhere."""
        if isinstance(self.root, OverLetters):
            return self.root.with_part("body", self.body.with_part("span", span))
        return self.root.with_part("span", span)

    @cached_property
    def named(self) -> dict[Span, Node]:
        """Return the names that rows of LaTeX give to parts, by where these stand."""
        if self.rules == "numpy" or not self.attempt:
            return {}
        return named_parts(self.attempt, self.where.table)

    def with_names(self, node: Node) -> Node:
        """Return a part with those of its own parts that have a name by that."""
        if not self.named:
            return node
        return node.with_parts(lambda part: by_name(part, self.named, self.defined))

    @cached_property
    def defined(self) -> dict[Span, Node]:
        """Return the parts that have a name, by where they stand."""
        return {part.span: part for part in self.own_parts()}

    def source(self, node: Node) -> str:
        """Return a part as its writer had it; LaTeX is written anew, with its brackets in pairs."""
        if self.rules == "book":
            body = node.body if isinstance(node, OverLetters) else node
            if body is self.body and self.bare_name is not None:
                return latex(self.named[self.bare_name])
            return latex(self.with_names(body))
        start, end = node.span
        return self.attempt[start:end]

    def said(self, node: Node) -> str:
        """Return a part as it stands in a sentence: NumPy text as it is, LaTeX as plain text."""
        if self.rules == "book":
            return plain(self.with_names(node))
        return self.source(node)

    def shape(self, values: list[Array]) -> str:
        """Return a shape by names."""
        return self.where.shape_name([value.shape for value in values])

    def over_rows(self, values: list[Array]) -> list[Array]:
        """Return the values divided by N."""
        return [
            value / network.point.sizes["N"]
            for value, network in zip(values, self.where.ordinary, strict=True)
        ]

    def is_gradient(self, values: list[Array]) -> bool:
        """Tell whether these are the values of a gradient of J; of a mean also N times these."""
        found = [self.known(values)]
        if self.where.loss == "mean" and self.where.setup == "batch":
            found.append(self.known(self.over_rows(values)))
        return any(isinstance(each, Partial) and each.of == Symbol("J") for each in found)

    def known(self, values: list[Array]) -> Node | None:
        """Return the known quantity with these values."""
        return known_with(values, self.where, self.rules)

    def verdict(self) -> tuple[str, str]:
        """Return the verdict, and a sentence that says it of this formula."""
        goal = shown_name(self.goal)
        if self.error is not None:
            return self.verdict_of_misfit()
        if all(map(self.outcome.accepts, self.values, self.wanted)):
            if not self.outcome.right(self.root, self.where.varied):
                return "value", (
                    f"This is {goal} for some inputs only. With other labels, or with smaller or "
                    "larger numbers, it is another value."
                )
            if self.rules == "numpy" and not self.outcome.stable(self.root):
                return "numerically unstable", (
                    f"On ordinary inputs this is {goal}. With logits or hidden pre-activations of "
                    "±2000 it is nan, or another number."
                )
            return "right", f"This is {goal}, {self.shape(self.wanted)}."
        return self.verdict_of_values()

    def names_only(self) -> bool:
        """Tell whether this is the chain rule as text has it: derivatives by name, multiplied."""
        parts = Partial | Symbol | edits.PRODUCTS[0]
        return self.rules == "book" and all(isinstance(node, parts) for node in self.root.walk())

    def verdict_of_misfit(self) -> tuple[str, str]:
        """Return the verdict of a formula with parts that don't fit."""
        shapes = [self.where.shape_name(each) for each in self.misfit_shapes()]
        said = self.error.words.format(*shapes)
        place = self.said(self.error.node)
        message = f"In {place} the shapes don't fit: {said}."
        on_paper = self.rules == "book"
        if on_paper and Transpose(Symbol(ONES)) in self.error.node.children():
            return "shape", f"{message} Here 𝟏 is a row of N ones, which stands in front without ᵀ."
        if self.right_for_one_row():
            one_row = "NumPy broadcasts the 1, and nothing is raised"
            return "right for one example only", (
                f"{message} With one row {one_row if self.rules == 'numpy' else 'it is right'}."
            )
        if self.rules == "book" and self.regrouped():
            return "ambiguous grouping", f"{message} Grouped the other way the formula is right."
        if on_paper and self.where.setup == "vec":
            message += " A vector is read as a row here."
        return "shape", message

    def misfit_shapes(self) -> list[list[tuple[int, ...]]]:
        """Return the shapes that don't fit, each at all networks."""
        at_each = []
        with np.errstate(all="ignore"):
            for number, found in enumerate(self.formula.found):
                try:
                    evaluate(self.error.node, self.formula.at(number), found)
                except DoesNotFit as error:
                    at_each.append(error.shapes)
        return [list(shapes) for shapes in zip(*at_each, strict=True)]

    def one_row(self) -> tuple[Network, ...]:
        """Return the batches of one row, where the setup is a batch."""
        return self.where.one_row if self.where.setup == "batch" else ()

    def right_for_one_row(self) -> bool:
        """Tell whether the formula is right for one example, and the setup is a batch."""
        return bool(self.one_row()) and self.outcome.right(self.root, self.one_row())

    def verdict_of_values(self) -> tuple[str, str]:
        """Return the verdict of a formula that has a value, which isn't the target's."""
        goal = shown_name(self.goal)
        shape, wanted = self.shape(self.values), self.shape(self.wanted)
        if self.rules == "book" and self.regrouped():
            return "ambiguous grouping", (
                "Products and ∘ group from the left, and so the formula is wrong. Grouped another "
                "way it is right: brackets have to say it."
            )
        ratio = self.ratio()
        if ratio is not None:
            return self.verdict_of_ratio(ratio)
        turned = self.ratio_of_transpose()
        if turned is not None and (times := self.ratio_name(turned)) is not None:
            times = {"1": "", "−1": "minus "}.get(times, f"{times} times ")
            what = f"This is {times}the transpose of {goal}"
            return "transposed", f"{what}: {shape}, wanted {wanted}."
        other = self.known(self.values)
        if self.broadcasts():
            also = f" It is {shown_name(other)}." if other is not None else ""
            is_parameter = self.goal.by.name[0] in "Wb"
            where = "A step of gradient descent" if is_parameter else "Where they meet, NumPy"
            return "broadcast", (
                f"The result is {shape}, {goal} is {wanted}.{also} {where} broadcasts the one onto "
                "the other, and nothing is raised."
            )
        if self.where.labels == "sum to 1" and self.outcome.right(self.root, self.where.one_hot):
            return "value", f"This is {goal} for one-hot labels only."
        if other is not None:
            message = f"This is {shown_name(other)}, {shape}, not {goal}, {wanted}."
            return "another quantity", message
        if self.right_for_one_row():
            return "right for one example only", (
                f"For a batch it is {shape}, wanted {wanted}."
                if shape != wanted
                else "For a batch the shape is right and the value is wrong."
            )
        if not self.same_shapes():
            return "shape", f"The result is {shape}, but {goal} is {wanted}."
        return "value", f"The shape, {shape}, is right. The value isn't that of {goal}."

    def same_shapes(self) -> bool:
        """Tell whether the result has the target's shape, the 1 of a bias's row aside."""
        return all(
            value.shape == wanted.shape
            or (self.outcome.of_bias and value.shape == (1, *wanted.shape))
            for value, wanted in zip(self.values, self.wanted, strict=True)
        )

    def broadcasts(self) -> bool:
        """Tell whether target − result runs in NumPy although the shapes differ."""
        if self.rules == "book" or self.goal.of.name != "J" or self.same_shapes():
            return False
        try:
            for value, wanted in zip(self.values, self.wanted, strict=True):
                np.broadcast_shapes(value.shape, wanted.shape)
        except ValueError:
            return False
        return True

    def ratio(self) -> list[float] | None:
        """Return result / target at each network where it is one number, or None."""
        return ratios(self.values, self.wanted) if self.same_shapes() else None

    def ratio_of_transpose(self) -> list[float] | None:
        """Return the ratio of the result's transpose to the target, or None."""
        if any(value.ndim != 2 for value in self.values):
            return None
        return ratios([value.T for value in self.values], self.wanted)

    def value_at_first(self, root: Node) -> Array | None:
        """Return the value that a part, or the formula with a part changed, has at one network."""
        try:
            with np.errstate(all="ignore"):
                return evaluate(root, self.formula.at(0), self.formula.found[0])
        except (DoesNotFit, EquationError):
            return None

    def ratio_with(self, root: Node) -> list[float] | None:
        """Return the ratio that the formula has with a part changed, or None."""
        first = self.value_at_first(root)
        if first is None or ratios([first], self.wanted[:1]) is None:
            return None
        others = range(1, len(self.wanted))
        try:
            with np.errstate(all="ignore"):
                values = [first, *(evaluate(root, self.formula.at(number)) for number in others)]
        except (DoesNotFit, EquationError):
            return None
        return ratios(values, self.wanted)

    def mistake_of_ratio(self, ratio: list[float]) -> str:
        """Return which factor is too much or too little; "" where it is 1."""
        if np.allclose(ratio, 1, rtol=TOLERANCE):
            return ""
        if np.allclose(ratio, -1):
            return "sign" if self.goal.of == Symbol("J") else "sign of a link"
        sizes = [network.point.sizes for network in self.where.ordinary]
        N = np.asarray([size.get("N", 1) for size in sizes])
        if self.where.setup == "batch":
            if np.allclose(ratio, N):
                return "1/N missing" if self.where.loss == "mean" else "factor"
            if np.allclose(ratio, 1 / N):
                return "1/N twice" if self.where.loss == "mean" else "1/N too much"
            D_y = np.asarray([size["D_y"] for size in sizes])
            if np.allclose(ratio, 1 / (N * D_y)) or np.allclose(ratio, 1 / D_y):
                return "mean over all entries"
        return "factor"

    def verdict_of_ratio(self, ratio: list[float]) -> tuple[str, str]:
        """Return the verdict of a result that is a multiple of the target."""
        goal = shown_name(self.goal)
        if np.allclose(ratio, -1):
            return "sign", f"This is exactly −{goal}: the cosine of the two is −1."
        named = self.ratio_name(ratio)
        if named is None:
            return "value", f"This is {goal} times a number that depends on the network's values."
        return "factor", f"This is {named} times {goal}."

    def ratio_name(self, ratio: list[float]) -> str | None:
        """Return the name of a factor: a number, or sizes multiplied and divided."""
        if np.ptp(ratio) <= 1e-6 * abs(ratio[0]):
            return product_name(ratio[0], ())
        sizes = [network.point.sizes for network in self.where.ordinary]
        for powers in SIZE_PRODUCTS:
            if any(axis not in sizes[0] for axis, _ in powers):
                continue
            values = [np.prod([float(size[axis]) ** n for axis, n in powers]) for size in sizes]
            constant = np.asarray(ratio) / values
            if np.ptp(constant) <= 1e-6 * abs(constant[0]):
                return product_name(constant[0], powers)
        return None

    def groupings(self) -> Iterator[Node]:
        """Yield the formula with every other way to set brackets in a run of products."""
        found = edits.places(self.root)
        for node in self.root.walk():
            place = found.get(id(node))
            inside = place is not None and place.name == "left" and is_product(place.parent)
            if is_product(node) and not inside:
                for new in edits.bracketings(node):
                    yield edits.replaced(node, new, found)

    def regrouped(self) -> Node | None:
        """Return a right formula that differs in its brackets only, or None."""
        if isinstance(self.root, OverLetters):
            return None
        for root in self.groupings():
            if self.outcome.right(root, self.where.ordinary):
                return root
        return None

    def other_grouping(self) -> bool:
        """Tell whether other brackets give a formula with a value, and another one."""
        for root in self.groupings():
            try:
                with np.errstate(all="ignore"):
                    value = evaluate(root, self.formula.at(0))
            except (DoesNotFit, EquationError):
                continue
            if not self.outcome.accepts(value, self.wanted[0]):
                return True
        return False
