"""The search for the smallest change that makes a formula right.

Each change is first tried at one network, then at all, and what is suggested is read again from the
text that is shown: a suggestion is judged exactly as an attempt is.
"""

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from functools import cache, partial
from itertools import chain, islice, pairwise

import numpy as np

from mlp_lib.equations.answers.edits import (
    PRODUCTS,
    Edit,
    Place,
    letter_edits,
    local_edits,
    places,
    replaced,
    replaced_everywhere,
    with_delta,
    with_factor,
    with_inserted,
    written,
)
from mlp_lib.equations.answers.judging import Judged, Outcome, first_misfit
from mlp_lib.equations.answers.recognition import is_call, symbols_in
from mlp_lib.equations.arrays import Array, DoesNotFit, Rules, evaluate, value_of
from mlp_lib.equations.entries import entries_of, factors_in
from mlp_lib.equations.known import usual_letters
from mlp_lib.equations.latex import by_name
from mlp_lib.equations.letters import (
    all_letters,
    as_array,
    axes_of_letters,
    axes_with,
    claimed_by,
    free_letters,
    has_letters,
)
from mlp_lib.equations.numpy_code.expressions import scales
from mlp_lib.equations.numpy_code.lines import names_of_lines
from mlp_lib.equations.numpy_code.names import names, numpy_name
from mlp_lib.equations.numpy_code.printing import numpy
from mlp_lib.equations.numpy_code.reader import parse_numpy
from mlp_lib.equations.printing import latex
from mlp_lib.equations.routes import TOLERANCE, close, on_a_route, worth_a_line
from mlp_lib.equations.setting import Setting, setting
from mlp_lib.equations.texts.reading import own_parts, read
from mlp_lib.equations.tree import (
    ONES,
    Call,
    Compare,
    Contract,
    Delta,
    Divide,
    Elementwise,
    EquationError,
    Indexed,
    Negate,
    Node,
    Number,
    OverLetters,
    Partial,
    SizeOf,
    Span,
    Subscript,
    Subtract,
    Sum,
    Symbol,
    Transpose,
)

MOST_PAIRS = 4000
# A formula with more parts than this is no slip in a derivation, and takes many seconds.
MOST_NODES = 150
# Lines that are mended one after the other, and ways to mend one that are tried.
MOST_LINES = 3
MOST_TRIED = 3
# A price, and how late it was found; the change; the text.
Priced = tuple[tuple[float, int], Edit | None, str]
# Parts of a formula in indices, each of which is tried with every other letter.
MOST_PARTS = 80

# Ways to go on from a part that is right so far: "…" is the part.
CONTINUED = (
    "… @ W2.T", "… * h * (1 - h)", "… * h", "… * (1 - h)", "x.T @ (…)", "h.T @ (…)", "… @ W1.T",
    "np.outer(x, …)", "np.outer(h, …)", "W2 @ (…)", "W1 @ (…)", "np.sum(…, axis=0)",
    "np.sum(…, axis=0, keepdims=True)", "…[0]", "… - y", "… * yhat", "np.diagflat(…)",
)  # fmt: skip
# What may stand in the place of a part that is something else.
PIECES = (
    "yhat - y", "h * (1 - h)", "W2.T", "W1.T", "x.T", "h.T", "yhat", "(yhat - y) @ W2.T",
    "(yhat - y) @ W2.T * h * (1 - h)", "-y / yhat", "1 - h",
)  # fmt: skip
OF_ANY_LABELS = (
    "np.sum(y)", "yhat * np.sum(y) - y", "yhat * np.sum(y, axis=1, keepdims=True) - y",
)  # fmt: skip
# Links of the chain, for a formula that multiplies derivatives by name.
LINKS = ("… @ dyhat_dz2", "… @ dz2_dh", "… @ dh_dz1", "… @ dz1_dx")
# The local Jacobians of one row, for a formula that is something else.
LOCAL = (
    "np.diagflat(yhat) - np.outer(yhat, yhat)", "np.diagflat(h * (1 - h))",
    "np.einsum('i,kj->kij', np.ravel(x), np.eye(H))",
    "np.einsum('i,kj->kij', np.ravel(h), np.eye(D_y))", "np.eye(H)", "np.eye(D_y)",
)  # fmt: skip
LOCAL_IN_LATEX = ("np.diagflat(yhat) - yhat.T @ yhat",)  # LaTeX has no sign for np.outer
# The gradient by each quantity, from the one before it: "…" is what is had so far.
NEXT = {
    ("z_2", "h"): "… @ W2.T",
    ("h", "z_1"): "… * h * (1 - h)",
    ("z_1", "x"): "… @ W1.T",
    ("z_1", "W_1"): "x.T @ …",
    ("z_2", "W_2"): "h.T @ …",
    ("z_1", "b_1"): "…",
    ("z_2", "b_2"): "…",
}
WAY = {
    "z_2": (), "h": ("z_2",), "z_1": ("z_2", "h"), "x": ("z_2", "h", "z_1"),
    "W_1": ("z_2", "h", "z_1"), "b_1": ("z_2", "h", "z_1"), "W_2": ("z_2",), "b_2": ("z_2",),
}  # fmt: skip
# A line that is left of an update: W2 = W2.
GIVEN_TO_ITSELF = re.compile(r"^(\w+) = \1(?:\n|\Z)", re.MULTILINE)
# A name in code that is no attribute.
WORD = re.compile(r"(?<![\w.])[A-Za-z_]\w*")
# The symbol that holds a place open in the texts above: none of them uses it.
HOLE = ("z2", Symbol("z_2"))


def smallest(judged: Judged) -> tuple[Edit | None, str | None]:
    """Return the change that explains best what is wrong, and the text that is suggested.

    The two differ where the smallest change leads to a formula that is nan on extreme inputs.
    """
    return Search(judged).smallest()


def made_to_fit(judged: Judged) -> Iterator[str]:
    """Yield the reader's text with a part, whose shapes don't fit, as a step of a derivation."""
    search = Search(judged)
    edits = [edit for node in search.nodes() for edit in search.slips(node)]
    for edit in sorted(edits, key=lambda edit: edit.cost):
        root = replaced(edit.old, edit.new, search.places)
        values = search.values_everywhere(root)
        # What has neither a label nor the loss in it may be meant as anything.
        if values is None or not symbols_in(root) & {"y", "J"}:
            continue
        if on_a_route(values, judged.where, judged.rules):
            texts = (search.shown(edit, brackets) for brackets in ("", "…", "(…)"))
            yield from (text for text in texts if text is not None)


class Search:
    """The search for one formula."""

    def __init__(self, judged: Judged):
        self.judged = judged
        self.where: Setting = judged.where
        self.rules: Rules = judged.rules
        self.root, self.attempt = judged.root, judged.attempt
        self.outcome: Outcome = judged.outcome
        self.places = places(self.root)
        self.at = judged.formula.at(0)
        self.found = judged.formula.found[0]
        self.wanted = judged.wanted[0]
        self.numpy = self.rules == "numpy"
        self.letters = all_letters(self.root)
        counted = Counter(map(id, self.root.walk()))
        self.shared = {part for part, count in counted.items() if count > 1}
        self.names = judged.names
        self.before = self.lines_before(self.attempt)
        self.own = self.own_names()
        self.right_parts = {
            id(node)
            for node, values in judged.done
            if not isinstance(node, Number | Symbol)
            and on_a_route(values, judged.where, judged.rules)
        }

    def smallest(self) -> tuple[Edit | None, str | None]:
        """Try single changes, then lines, a change with a last step, pairs, and going on."""
        if sum(1 for _ in self.root.walk()) > MOST_NODES:
            return None, None
        ways = [self.singles, self.in_letters]
        if not isinstance(self.root, OverLetters):
            ways = [self.singles, self.with_last_step, self.pairs, self.continued]
        explaining: Priced = ((np.inf, 0), None, "")
        # What has no 1/N where the loss is a mean is no slip in one line or another.
        in_lines = self.numpy and not self.is_undivided()
        for tried in ways:
            telling, best = self.cheapest(tried())
            explaining = min(explaining, telling, key=lambda priced: priced[0])
            may_be_lines = in_lines and tried == self.singles
            may_be_lines = may_be_lines and (best is None or self.drops_names(best[1]))
            if may_be_lines and (mended := self.line_by_line()) is not None:
                return mended
            if best is not None:
                return explaining[1], best[2]
        return explaining[1], None

    def cheapest(self, tried: list[Edit]) -> tuple[Priced, Priced | None]:
        """Return the cheapest change that leads to the target, and that is right everywhere."""
        explaining: Priced = ((np.inf, 0), None, "")
        best: Priced | None = None
        for number, edit in enumerate(sorted(tried, key=lambda edit: edit.cost)):
            if best is not None and edit.cost > best[0][0] + 0.5:
                break
            shown = self.text(edit)
            if shown is None:
                continue
            text, stable = shown
            # Of two equal ones the outer is better: it stands behind what was right.
            price = (round(self.price(edit, text), 6), -number)
            if price < explaining[0]:
                explaining = (price, edit, text)
            if stable and (best is None or price < best[0]):
                best = (price, edit, text)
        return explaining, best

    def is_undivided(self) -> bool:
        """Tell whether the loss is a mean, and nothing in the formula is divided by N."""
        return self.where.loss == "mean" and not any(
            node == Symbol("N") or isinstance(node, SizeOf) or is_call(node, "mean")
            for node in self.root.walk()
        )

    def drops_names(self, edit: Edit) -> bool:
        """Tell whether a change spells out what a name stands for."""
        named = {part.span for part in self.own}
        before, after = ({node.span for node in root.walk()} for root in (edit.old, edit.new))
        return edit.kind == "piece" and bool(named & before) and not named & after

    def line_by_line(self, most: int = MOST_LINES) -> tuple[Edit, str] | None:
        """Mend a line above that is wrong, and then what uses it: the first way that leads there.

        The change of that line and the text are returned.
        """
        part = self.first_wrong_line()
        for edit, text in islice(self.lines_mended(part), MOST_TRIED) if part and most else ():
            root = self.read_again(text)
            judged = Judged(text, self.judged.goal, root, self.where, self.rules, self.judged.place)
            if judged.verdict()[0] == "right":
                return edit, text
            search = Search(judged)
            if not search.wrong_lines():
                _, single = search.cheapest(search.singles())
                if single is not None:
                    return edit, single[2]
            if (rest := search.line_by_line(most - 1)) is not None:
                return edit, rest[1]
        return None

    def first_wrong_line(self) -> Node | None:
        """Return the first part with a name, used in the formula, that is on no right route.

        If there is none, the first one that is no known quantity: a step may be missing in it.
        """
        unknown = (
            part for part, values in self.lines_used()
            if symbols_in(part) & {"y", "J"} and values and not self.judged.is_gradient(values)
        )  # fmt: skip
        return next(iter(self.wrong_lines()), None) or next(unknown, None)

    def wrong_lines(self) -> list[Node]:
        """Return the parts with a name, used in the formula, that are on no right route."""
        return [
            part for part, values in self.lines_used()
            if not values or not on_a_route(values, self.where, self.rules)
        ]  # fmt: skip

    def lines_used(self) -> list[tuple[Node, list[Array] | None]]:
        """Return the parts with a name that the formula uses, in order, with their values."""
        used = {node.span: node for node in self.root.walk() if node is not self.root}
        parts = [used[part.span] for part in sorted(self.own, key=lambda part: part.span)
                 if part.span in used]  # fmt: skip
        return [(part, self.values_everywhere(part)) for part in parts]

    def lines_mended(self, part: Node) -> Iterator[tuple[Edit, str]]:
        """Yield the text with a part as a step of a derivation: one change for each such step."""
        inside, parts = places(part), {id(node): node for node in part.walk()}
        edits = [
            edit for node in parts.values()
            for edit in chain(self.slips(node), self.added(node), self.pieces(node))
        ]  # fmt: skip
        seen: list[list[Array]] = []
        # Of h * h the second one is written as 1 - h.
        for edit in sorted(edits, key=lambda edit: (edit.cost, -edit.old.span[0])):
            changed = replaced(edit.old, edit.new, inside)
            if self.evaluated(changed) is None:
                continue
            values = self.values_everywhere(changed)
            if values is None or not self.is_step(edit, part, values):
                continue
            if any(all(map(close, values, others)) for others in seen):
                continue
            for brackets in ("", "…", "(…)"):
                text = self.shown(edit, brackets)
                if text is not None and self.read_again(text) == self.meant(edit):
                    seen.append(values)
                    yield edit, text
                    break

    def is_step(self, edit: Edit, part: Node, values: list[Array]) -> bool:
        """Tell whether a changed part is a step: with a label in it, a gradient of the loss."""
        if symbols_in(part) & {"y", "J"}:
            return self.judged.is_gradient(values)
        is_more = not isinstance(edit.new, Number | Symbol) or edit.old is not part
        return is_more and on_a_route(values, self.where, self.rules)

    def price(self, edit: Edit, text: str) -> float:
        """Return how large a change is.

        Shorter text is better, what a batch can use too, what leaves right parts as they are, and
        what needs no broadcasting.
        """
        price = edit.cost + 0.01 * len(text) + 0.5 * (not self.right_for_batch(text))
        is_right = id(edit.old) in self.right_parts or is_usual_difference(edit.old)
        if edit.kind != "factor added" and is_right:
            price += 0.3
        if isinstance(edit.new, Transpose):
            price += 0.5 * (self.axes_of(edit.new.body) < 2) + 1.0 * self.in_transpose(edit.old)
        whole = replaced(edit.old, edit.new, self.places)
        # No derivative of this network compares anything.
        price += any(isinstance(node, Compare) for node in whole.walk())
        return price + 0.2 * self.broadcasts(whole) - 0.3 * self.goes_on(edit)

    def in_transpose(self, node: Node) -> bool:
        """Tell whether a part stands in one that is transposed, which its own may undo.

        A transpose of a transpose, W2.T.T, is no question: it goes.
        """
        if is_transposed(self.places.get(id(node))):
            return False
        while (place := self.places.get(id(node))) is not None:
            node = place.parent
            if isinstance(node, Transpose) or is_call(node, "transpose"):
                return True
        return False

    def axes_of(self, node: Node) -> int:
        """Return how many axes a part has; 2 where it has no value."""
        value = self.evaluated(node)
        return 2 if value is None else value.ndim

    def broadcasts(self, root: Node) -> bool:
        """Tell whether arrays of different shapes meet entry by entry."""
        for node in root.walk():
            if isinstance(node, Elementwise):
                one, other = self.evaluated(node.left), self.evaluated(node.right)
                if one is not None and other is not None and one.shape != other.shape:
                    return True
        return False

    def goes_on(self, edit: Edit) -> bool:
        """Tell whether the change goes on from the last gradient that is right to the target."""
        goal = self.judged.goal
        values = next((found for node, found in self.judged.done if node is edit.old), None)
        if edit.kind != "factor added" or values is None or goal.of != Symbol("J"):
            return False
        known = self.judged.known(values)
        if not isinstance(known, Partial) or (known.by.name, goal.by.name) not in NEXT:
            return False
        return edit.new == self.step(known.by.name, goal.by.name, edit.old)

    def right_for_batch(self, text: str) -> bool:
        """Tell whether a formula for one row is right for a batch too, where that is a question."""
        goal = self.judged.goal
        if self.where.setup == "batch" or goal.of != Symbol("J") or goal.by.name[0] == "b":
            return True
        batch = setting("batch", "sum", self.where.labels)
        try:
            (equation, *_), rules = read(text, batch.table)
        except EquationError:
            return False
        return Outcome(goal, batch, rules).right(equation.sides[-1], batch.ordinary[:1])

    # What is tried

    def singles(self) -> list[Edit]:
        """Return the single changes that give the target's value at one network."""
        found = [*self.scales(), *self.right_part()]
        for edit in self.all_single():
            value = self.value(edit)
            if value is not None and self.outcome.accepts(value, self.wanted):
                found.append(self.without_remains(edit))
        return found

    def without_remains(self, edit: Edit) -> Edit:
        """Return the change of the whole part around, if nothing of that is needed any more.

        np.maximum(z1, 0) isn't mended inside, to np.maximum(h * (1 - h), 0).
        """
        while (place := self.places.get(id(edit.old))) is not None and is_wrapping(place.parent):
            wider = edit._replace(old=place.parent)
            value = self.value(wider)
            if value is None or not self.outcome.accepts(value, self.wanted):
                break
            edit = wider
        return edit

    def right_part(self) -> Iterator[Edit]:
        """Yield a part that is the target already, in the place of the whole."""
        for node, values in self.judged.done:
            whole = node is self.root or isinstance(node, OverLetters)
            if not whole and all(map(self.outcome.accepts, values, self.judged.wanted)):
                yield Edit(self.root, node, "factor dropped", 1.1)

    def all_single(self) -> Iterator[Edit]:
        """Yield every small change of every part, added factors and whole pieces included."""
        if isinstance(self.root, OverLetters) and len(self.nodes()) > MOST_PARTS:
            return
        factors = self.factors_in_letters() if isinstance(self.root, OverLetters) else ()
        for node in self.nodes():
            if isinstance(self.root, OverLetters):
                place = self.places.get(id(node))
                if place is None or not isinstance(place.parent, Indexed):
                    yield from local_edits(node, self.where.table, self.numpy)
                    yield from letter_edits(node, self.letters, self.where.table)
                    yield from (each for factor in factors for each in with_factor(node, factor))
                continue
            yield from self.slips(node)
            if not isinstance(node, Number) or node is self.root:
                yield from self.added(node)
                yield from self.pieces(node)
            yield from self.other_names(node)

    def factors_in_letters(self) -> list[Node]:
        """Return the factors of a gradient's entries in this formula's letters, own names first."""
        if self.judged.goal.of != Symbol("J"):
            return []
        first, _ = self.judged.stands
        own = [part for span, part in self.judged.defined.items()
               if span in self.judged.named and span[1] <= first]  # fmt: skip
        return [*own, *factors_in(axes_of_letters(self.root, self.where.table), self.where)]

    def other_names(self, node: Node) -> Iterator[Edit]:
        """Yield another part that the reader has named, in the place of a part or as a factor."""
        place = self.places.get(id(node))
        if node is self.root or node.span in self.names or node.span in self.judged.named:
            for named in self.own:
                above = named.span[1] <= node.span[0] or not self.numpy
                if above and named != node and not any(each is node for each in named.walk()):
                    yield Edit(node, Elementwise(named, node), "factor added", 1.5)
                    if node is self.root and self.judged.is_bare_name:
                        yield Edit(node, named, "piece", 1.4)
        in_name = place is not None and isinstance(place.parent, Partial)
        for named in self.own if place is not None and not in_name else ():
            user = place.parent
            above = named.span[1] <= user.span[0] or not self.numpy
            if named != node and above and not any(each is user for each in named.walk()):
                yield Edit(user, replaced(node, named, {id(node): place}), "piece", 1.4)

    def slips(self, node: Node) -> Iterator[Edit]:
        """Yield the small changes of a part that people make by mistake."""
        place = self.places.get(id(node))
        for edit in local_edits(node, self.where.table, self.numpy):
            if isinstance(edit.new, Transpose) and is_transposed(place):
                continue  # y.T.T
            # Another name in a derivative's is another quantity: no small change.
            inside = place is not None and isinstance(place.parent, Partial)
            yield edit._replace(cost=edit.cost + 0.6 * inside)

    def nodes(self) -> list[Node]:
        """Return the parts, each once, the innermost first."""
        found = {id(node): node for node in self.root.walk()}
        return [node for node in found.values() if not isinstance(node, OverLetters)]

    def added(self, node: Node) -> Iterator[Edit]:
        """Yield the part with a factor or a step added."""
        if not self.numpy and self.where.table.ones and not scales(node, self.where.table):
            yield Edit(node, Contract(Symbol(ONES), node), "axis", 1.1)
        by_name = self.where.setup != "batch" and any(
            isinstance(each, Partial) and each.of != Symbol("J") for each in self.root.walk()
        )
        for text in CONTINUED + (LINKS if by_name else ()):
            tree = template(text, self.where)
            if self.fits_notation(tree):
                # A chain of derivatives by name goes on by name.
                cost = 1.6 - 0.5 * (text in LINKS and self.judged.names_only())
                yield Edit(node, filled(tree, node), "factor added", cost)

    def pieces(self, node: Node) -> Iterator[Edit]:
        """Yield the part replaced by a whole piece: the larger what is replaced, the later."""
        size = sum(1 for _ in node.walk())
        local: tuple[str, ...] = ()
        if self.judged.goal.of != Symbol("J"):
            local = LOCAL if self.numpy else LOCAL + LOCAL_IN_LATEX
        for text in PIECES + local + (OF_ANY_LABELS if self.where.labels == "any" else ()):
            tree = template(text, self.where)
            if self.fits_notation(tree):
                yield Edit(node, tree, "piece", 2.0 + 0.15 * size)
        for given in {id(part): part for part in node.walk()}.values():
            by_symbol = isinstance(given, Partial) and isinstance(given.by, Symbol)
            if by_symbol and given.of == Symbol("J") and given is not node:
                for tree in self.from_given(given.by.name, given):
                    yield Edit(node, tree, "piece", 1.9 + 0.15 * size)

    def from_given(self, one: str, tree: Node) -> Iterator[Node]:
        """Yield every gradient that follows from the one that the reader has, by the chain."""
        for begin, other in NEXT:
            if begin == one:
                led = self.step(one, other, tree)
                yield led
                yield from self.from_given(other, led)

    def fits_notation(self, tree: Node) -> bool:
        """Tell whether a piece can be written in the reader's notation."""
        return self.numpy or not any(isinstance(node, Call | Subscript) for node in tree.walk())

    def scales(self) -> Iterator[Edit]:
        """Yield the whole formula with the factor taken back that it has too much."""
        if self.judged.error is not None:
            return
        ratio = self.judged.ratio()
        if ratio is None:
            return
        whole = self.root.body if isinstance(self.root, OverLetters) else self.root
        if np.allclose(ratio, -1):
            yield Edit(whole, Negate(whole), "sign", 1.3)
        yield from (Edit(whole, new, "scale", 1.2) for new in self.rescaled(whole, ratio[0]))

    def rescaled(self, whole: Node, ratio: float) -> Iterator[Node]:
        """Yield the formula with a factor taken back that has this value at the first network."""
        sizes = self.where.ordinary[0].point.sizes
        N, entries = sizes.get("N", 1), sizes.get("N", 1) * sizes["D_y"]
        rows = self.count("x", 0)
        if isinstance(whole, Divide) and isinstance(whole.right, Number) and whole.right.value:
            # What is divided by a number of its own loses that first.
            yield from self.rescaled(whole.left, ratio * whole.right.value)
        below = self.evaluated(whole.right) if isinstance(whole, Divide) else None
        if below is not None and not below.ndim and np.isclose(ratio * below, 1):
            yield whole.left
            return
        product = whole
        while isinstance(product, Contract | Elementwise):
            factor = self.evaluated(product.left)
            if factor is not None and not factor.ndim and np.isclose(ratio, factor):
                yield replaced(product, product.right, places(whole))
                return
            product = product.left
        for value, new in (
            (N, Divide(whole, rows)),
            (1 / N, Contract(rows, whole)),
            (entries, Divide(whole, self.count(r"\hat y", None))),
            (1 / entries, Contract(self.count(r"\hat y", None), whole)),
            (2.0, Divide(whole, Number(2.0))),
            (0.5, Contract(Number(2.0), whole)),
        ):
            if np.isclose(ratio, value):
                yield new

    def count(self, symbol: str, axis: int | None) -> Node:
        """Return the number of rows, or of entries, in the reader's notation."""
        if self.numpy and (axis is None or "N" not in WORD.findall(self.attempt)):
            return SizeOf(Symbol(symbol), axis)
        return Symbol("N") if axis == 0 else Contract(Symbol("N"), Symbol("D_y"))

    def with_last_step(self) -> list[Edit]:
        """Return single changes after which one more step at the end leads to the target."""
        found = []
        for edit in self.all_single():
            if edit.old is self.root:
                continue
            value = self.value(edit)
            if value is None:
                continue
            for new in self.last_steps(edit, value):
                found.append(Edit(self.root, new, edit.kind, edit.cost + 1))
        return found

    def last_steps(self, edit: Edit, value: Array) -> Iterator[Node]:
        """Yield the changed formula with a transpose, a minus or a factor at the end, if right."""
        if value.ndim == 2 and close(value.T, self.wanted):
            yield Transpose(replaced(edit.old, edit.new, self.places))
        if value.shape == self.wanted.shape and np.isfinite(value).all():
            ratio = float(np.vdot(value, self.wanted) / np.vdot(self.wanted, self.wanted))
            if abs(ratio) > TOLERANCE and close(value, ratio * self.wanted):
                whole = replaced(edit.old, edit.new, self.places)
                if np.isclose(ratio, -1):
                    yield from self.with_sign_flipped(whole)
                yield from self.rescaled(whole, ratio)

    def with_sign_flipped(self, whole: Node) -> Iterator[Node]:
        """Yield a formula with a difference turned around that is wrong, or else with a minus."""
        found = places(whole)
        differences = [
            node
            for node in whole.walk()
            if isinstance(node, Subtract) and id(node) not in self.right_parts
        ]
        for node in differences:
            yield replaced(node, Subtract(node.right, node.left), found)
        if not differences:
            yield Negate(whole)

    def pairs(self) -> list[Edit]:
        """Return pairs of changes, at most a fixed number of them, that lead to the target."""
        first = [
            edit
            for node in self.nodes()
            for edit in local_edits(node, self.where.table, self.numpy)
            if edit.cost <= 1.2
        ]
        first.sort(key=lambda edit: edit.cost)
        found, tried = [], 0
        for edit in first:
            changed = replaced(edit.old, edit.new, self.places)
            changed_places = places(changed)
            known = {id(node) for node in edit.old.walk()}
            values = self.values_of_parts(changed)
            for node in {id(each): each for each in changed.walk()}.values():
                if id(node) in known and node is not edit.new:
                    continue
                for second in local_edits(node, self.where.table, self.numpy):
                    if second.cost > 1.4:
                        continue
                    tried += 1
                    if tried > MOST_PAIRS:
                        return found
                    whole = replaced(second.old, second.new, changed_places)
                    value = self.evaluated(whole, values)
                    if value is not None and self.outcome.accepts(value, self.wanted):
                        kind, cost = edit.kind, edit.cost + second.cost
                        found.append(Edit(self.root, whole, kind, cost))
        return found

    def continued(self) -> list[Edit]:
        """Return the largest part that is right so far, led on to the target."""
        goal = self.judged.goal
        if goal.of != Symbol("J") or goal.by.name not in WAY:
            return []
        way = (*WAY[goal.by.name], goal.by.name)
        found = []
        for node, values in (*self.judged.done, *self.named_above()):
            known = self.judged.known(values) if worth_a_line(node) else None
            if isinstance(known, Partial) and known.of == Symbol("J") and known.by.name in way:
                had = way.index(known.by.name)
                tree = self.led(node, way[had:])
                found.append(Edit(self.root, tree, "factor added", 5.0 - 0.1 * had))
        found.append(Edit(self.root, self.led(self.start(), way), "written anew", 9.0))
        return found

    def named_above(self) -> Iterator[tuple[Node, list[Array]]]:
        """Yield the parts that lines of code above give a name to, with their values."""
        for node in self.own if self.numpy else ():
            values = self.values_everywhere(node)
            if values is not None and node.span[1] <= self.root.span[0]:
                yield node, values

    def in_letters(self) -> list[Edit]:
        """Return the target's formula in indices, with the letters of this one."""
        body = self.root.body
        new = entries_of(self.judged.goal, self.root.letters, self.where)
        return [Edit(body, new, "written anew", 9.0)] if new is not None else []

    def start(self) -> Node:
        """Return ∂J/∂z₂, where every way begins."""
        general = "yhat * np.sum(y, axis=-1, keepdims=True) - y"
        tree = template(general if self.where.labels == "any" else "yhat - y", self.where)
        if self.where.setup == "batch" and self.where.loss == "mean":
            return Divide(tree, self.count("x", 0))
        return tree

    def led(self, tree: Node, way: tuple[str, ...]) -> Node:
        """Return the gradient by the last quantity of the way, from the one by the first."""
        for one, other in pairwise(way):
            tree = self.step(one, other, tree)
        return tree

    def step(self, one: str, other: str, tree: Node) -> Node:
        """Return the gradient by `other` from the one by `one`."""
        text = NEXT[one, other]
        if self.where.setup == "vec" and ".T @" in text:
            text = text.replace("x.T @ …", "np.outer(x, …)").replace("h.T @ …", "np.outer(h, …)")
        if other in ("b_1", "b_2") and self.where.setup == "batch":
            if not self.numpy:
                return Contract(Symbol(ONES), tree)
            text = "np.sum(…, axis=0)"
        return filled(template(text, self.where), tree)

    # What comes out

    def value(self, edit: Edit) -> Array | None:
        """Return the changed formula's value at one network, or None where it has none."""
        return self.evaluated(self.meant(edit))

    def meant(self, edit: Edit) -> Node:
        """Return the changed formula; what stands in it twice, by a line's name, changes twice."""
        if edit.kind == "activation" and id(edit.old) in self.shared:
            return replaced_everywhere(self.root, edit.old, edit.new)
        return replaced(edit.old, edit.new, self.places)

    def evaluated(self, root: Node, found: dict[int, Array] | None = None) -> Array | None:
        """Return a formula's value at one network, or None where it has none.

        `found` holds the values of parts that are known already, by id.
        """
        try:
            return evaluate(root, self.at, self.found if found is None else found)
        except (DoesNotFit, EquationError):
            return None

    def values_everywhere(self, root: Node) -> list[Array] | None:
        """Return a formula's value at each ordinary network, or None where it has none."""
        try:
            return [evaluate(root, network.arrays(self.rules)) for network in self.where.ordinary]
        except (DoesNotFit, EquationError):
            return None

    def values_of_parts(self, root: Node) -> dict[int, Array]:
        """Return the value of each part of a changed formula that has one, by id."""
        found = dict(self.found)
        for node in root.walk():
            if id(node) not in found:
                with suppress(DoesNotFit, EquationError):
                    found[id(node)] = value_of(node, self.at, found)
        return found

    def write(self, edit: Edit, node: Node, quote) -> str:
        """Return a part in the reader's notation, with the reader's spelling of x and y."""
        if not self.numpy:
            if not self.fits_notation(node):
                raise EquationError("this has no sign in LaTeX")
            # Brackets and scripts of LaTeX are written anew.
            return latex(by_name(node, self.named_outside(edit), self.judged.defined))
        return numpy(node, self.where.table, quote, self.spelling())

    def named_outside(self, edit: Edit) -> dict[Span, Node]:
        """Return the names that rows give to parts; what stands in the changed part is written."""
        first, last = edit.old.span
        named, bare = self.judged.named, self.judged.bare_name
        found = {span: name for span, name in named.items() if not first <= span[0] < last}
        return found if bare is None else found | {self.judged.stands: named[bare]}

    def spelling(self) -> dict[str, str]:
        """Return the names as the reader writes them: X and Y, where the reader does."""
        inside = {
            id(part) for node in self.root.walk() if isinstance(node, Partial)
            for part in node.children()
        }  # fmt: skip
        used, known = {}, names(self.where.table)
        for node in self.root.walk():
            text = self.attempt[slice(*node.span)]
            # In a function of the reader's it has the name of a parameter there.
            own = isinstance(node, Symbol) and known.get(text) == node.name
            if own and id(node) not in inside:
                used[node.name] = text
        if "X" in used.values() or "Y" in used.values():
            used = {"x": "X", "y": "Y"} | used
        return self.spelled_elsewhere() | used

    def spelled_elsewhere(self) -> dict[str, str]:
        """Return how the reader's code spells what it doesn't have under the book's name."""
        known, given = names(self.where.table), set(self.names.values())
        words = set(WORD.findall(self.attempt)) - given
        found = {known[word]: word for word in sorted(words) if word in known}
        usual = {name for name in found if numpy_name(name) in words | given}
        return {name: word for name, word in found.items() if name not in usual}

    def as_judged(self, root: Node) -> Node:
        """Return a formula in indices as the array that it was judged as."""
        if isinstance(self.root, OverLetters):
            return replace(self.root, body=root)
        return root

    def shown(self, edit: Edit, brackets: str = "…") -> str | None:
        """Return the reader's text with the change."""
        try:
            if self.drops_minus(edit):
                first, last = edit.old.span
                bare = self.attempt[first:last].lstrip().removeprefix("-").lstrip()
                return self.attempt[:first] + bare + self.attempt[last:] if brackets == "" else None
            write = partial(self.write, edit)
            if brackets == "" and isinstance(self.root, OverLetters) and is_inserted(edit):
                return with_inserted(edit, self.attempt, write)
            text = written(edit, self.attempt, write, brackets, self.names)
        except EquationError:
            return None
        if text is None:
            return None
        if '"' not in self.attempt:
            text = text.replace('"', "'")
        return GIVEN_TO_ITSELF.sub("", text)

    def drops_minus(self, edit: Edit) -> bool:
        """Tell whether a product of LaTeX loses the minus in front: the rest stays as it is."""
        is_product = isinstance(edit.old, Negate) and isinstance(edit.old.body, PRODUCTS)
        return not self.numpy and is_product and edit.new is edit.old.body

    def text(self, edit: Edit) -> tuple[str, bool] | None:
        """Return the changed text if, read again, it is right; and whether on extreme inputs too.

        A text that is read as the changed formula comes before one that is right as another one.
        """
        meant = self.meant(edit)
        others = []
        for brackets in ("", "…", "(…)"):
            text = self.shown(edit, brackets)
            root = None if text is None else self.read_again(text)
            if root is not None and (self.lines_before(text) != self.before or self.spoils(text)):
                # What is wrong is not the line that says a part, but what is made of it.
                edit = self.in_place(edit)
                text = self.shown(edit, brackets)
                root = None if text is None else self.read_again(text)
            if root is None:
                continue
            if root == meant:
                return self.if_right(text, root)
            # A product of entries needs no brackets.
            if isinstance(root, OverLetters) and (found := self.if_right(text, root)):
                return found
            others.append((text, root))
        found = (self.if_right(text, root) for text, root in others)
        return next((each for each in found if each is not None), None)

    def own_names(self) -> list[Node]:
        """Return the parts that lines give a name to, those above the judged one included."""
        if not self.attempt:
            return []
        stated = (sides[-1] for sides in self.before if len(sides) > 1)
        named = [part for part in stated if part.span in self.names]
        return named + self.judged.own_parts()

    def spoils(self, text: str) -> bool:
        """Tell whether a part with a name, which may be used elsewhere, has no value any more.

        Nor may a line such as h = sigmoid(z1) that is right give another value.
        """
        parts = own_parts(text, self.where.table, self.rules)
        whole = [part for part in parts if not (has_letters(part) and free_letters(part))]
        if first_misfit(whole, self.at) is not None:
            return True
        return self.numpy and bool(self.forward_lines(self.attempt) - self.forward_lines(text))

    def forward_lines(self, text: str) -> set[str]:
        """Return the symbols of the network that lines of code say rightly what they are."""
        known = names(self.where.table)
        spans = names_of_lines(text)
        right = set()
        for part in own_parts(text, self.where.table, "numpy"):
            symbol = known.get(spans.get(part.span, ""), "")
            value = self.evaluated(part) if symbol in self.at.symbols else None
            if value is not None and close(value, self.at.symbols[symbol]):
                right.add(symbol)
        return right

    def lines_before(self, text: str) -> list[tuple[Node, ...]]:
        """Return what the lines above the one that is judged say, all of them right."""
        equations, _ = read(text, self.where.table)
        return [equation.sides for equation in equations[: self.judged.place[0]]]

    def in_place(self, edit: Edit) -> Edit:
        """Return the change as one of the step that uses a part which another line names."""
        place = self.places.get(id(edit.old))
        if place is None:
            return edit._replace(old=edit.old.with_part("span", self.judged.stands))
        return edit._replace(
            old=place.parent, new=replaced(edit.old, edit.new, {id(edit.old): place})
        )

    def if_right(self, text: str, root: Node) -> tuple[str, bool] | None:
        """Return the text, and whether it is right on extreme inputs, if it is right at all."""
        if not self.outcome.right_everywhere(root):
            return None
        # The chain rule by its factors' names says how to get there, not how to compute it.
        return text, self.outcome.stable(root) or self.judged.names_only()

    def read_again(self, text: str) -> Node | None:
        """Return the side that a text has in the place of the one that is judged, or None."""
        try:
            equations, rules = read(text, self.where.table)
        except EquationError:
            return None
        line, side = self.judged.place
        if -line > len(equations) or side >= len(equations[line].sides):
            return None
        root = self.as_judged(equations[line].sides[side])
        # That ∂J/∂b has the values of a row's ∂J/∂z is no step of the chain.
        by_bias = {Partial(Symbol("J"), Symbol(bias)) for bias in ("b_1", "b_2")}
        given = {claimed_by(each)[0] for each in root.walk()}
        borrowed = (given & by_bias) - {claimed_by(each)[0] for each in self.root.walk()}
        if rules != self.rules or self.judged.goal in given or borrowed:
            return None
        return root


def is_inserted(edit: Edit) -> bool:
    """Tell whether a factor is added beside a part, which stays as it is."""
    return (
        edit.kind == "factor added"
        and isinstance(edit.new, Contract)
        and (edit.new.left is edit.old or edit.new.right is edit.old)
    )


def is_usual_difference(node: Node) -> bool:
    """Tell whether this is ŷ − y or 1 − h, with index letters or without."""
    if not isinstance(node, Subtract):
        return False
    left, right = (each.base if isinstance(each, Indexed) else each for each in node.children())
    return (left, right) in (
        (Symbol(r"\hat y"), Symbol("y")), (Number(1.0), Symbol("h"))
    )  # fmt: skip


def is_wrapping(node: Node) -> bool:
    """Tell whether a part may be left over around another, with nothing to do any more."""
    if isinstance(node, Elementwise):
        return any(
            isinstance(part, Compare)
            or (isinstance(part, Call) and part.function in ("ones", "ones_like"))
            for part in node.children()
        )
    wrapping = ("maximum", "minimum", "abs", "reshape", "squeeze", "clip", "round")
    return isinstance(node, Transpose) or (isinstance(node, Call) and node.function in wrapping)


def is_transposed(place: Place | None) -> bool:
    """Tell whether what stands in this place is transposed."""
    return place is not None and isinstance(place.parent, Transpose)


def with_other_letters(
    attempt: str, goal: Partial, letters: tuple[str, ...], side: Node, where: Setting
) -> str | None:
    """Return a formula in indices that is right: with one letter changed, or a sum added.

    If there is none, the target's formula with the letters of its left side.
    """
    outcome = Outcome(goal, where, "book")
    found = places(side)
    best: tuple[float, int, str] | None = None
    known = letters_for_delta(side, goal, letters, where)
    factors = list(factors_of_entries(goal, letters, side, where))
    parts = list({id(each): each for each in side.walk()}.values())
    for number, node in enumerate(parts if len(parts) <= MOST_PARTS else ()):
        place = found.get(id(node))
        if place is not None and isinstance(place.parent, Indexed):
            continue
        deltas = with_delta(side, known) if node is side else ()
        added = (edit for factor in factors for edit in with_factor(node, factor))
        for edit in chain(letter_edits(node, known, where.table), deltas, added):
            meant = replaced(edit.old, edit.new, found)
            try:
                if not outcome.right_everywhere(as_array(meant, goal, letters, where.table)):
                    continue
            except EquationError:
                continue
            if (text := read_as(meant, edit, attempt, where)) is not None:
                # Of two equal ones the outer is better: it stands beside what was there.
                price = (round(edit.cost + 0.01 * len(text), 6), -number, text)
                best = min(best or price, price)
    if best is not None:
        return best[-1]
    new = entries_of(goal, letters or usual_letters(goal, where.table), where)
    if new is None:
        return None
    start, end = side.span
    return attempt[:start] + latex(new) + attempt[end:]


def read_as(meant: Node, edit: Edit, attempt: str, where: Setting) -> str | None:
    """Return the changed LaTeX, in brackets if it is read as meant only in these, or None."""
    if is_inserted(edit) and not isinstance(edit.new.right, Delta):
        return with_inserted(edit, attempt, lambda part, quote: latex(part))
    for brackets in ("…", "(…)"):
        text = written(edit, attempt, lambda part, quote: latex(part), brackets, {})
        try:
            equations, _ = read(text, where.table)
        except EquationError:
            continue
        if any(meant in equation.sides for equation in equations):
            return text
    return None


def mistake_of_letters(goal: Partial, letters: tuple[str, ...], side: Node, where: Setting) -> str:
    """Return the mistake in a formula whose letters don't fit.

    It is another layer's row, or a missing δ, where that alone mends it, or else a letter.
    """
    outcome = Outcome(goal, where, "book")
    found = places(side)

    def mends(new: Node) -> bool:
        try:
            root = as_array(new, goal, letters, where.table)
            return outcome.right(root, where.ordinary)
        except EquationError:
            return False

    row = Symbol({"W_1": "x", "W_2": "h"}.get(goal.by.name, ""))
    others = [node for node in side.walk() if isinstance(node, Indexed) and node.base != row]
    if row.name and any(mends(replaced(node, replace(node, base=row), found)) for node in others):
        return "wrong row in the outer product"
    known = letters_for_delta(side, goal, letters, where)
    if any(mends(edit.new) for edit in with_delta(side, known)):
        return "δ missing"
    sums = (node for node in side.walk() if isinstance(node, Sum))
    others = (
        replaced(edit.old, edit.new, found)
        for node in sums for edit in letter_edits(node, known, where.table)
    )  # fmt: skip
    if outcome.of_bias and any(map(mends, others)):
        return "bias summed over the wrong axis"
    added = (
        replaced(edit.old, edit.new, found)
        for factor in factors_of_entries(goal, letters, side, where)
        for node in side.walk()
        for edit in with_factor(node, factor)
    )
    if any(map(mends, added)):
        return "factor missing"
    return "index letters"


def factors_of_entries(
    goal: Partial, letters: tuple[str, ...], side: Node, where: Setting
) -> Iterator[Node]:
    """Yield what a formula whose letters don't fit may lack: a factor that has those left over."""
    try:
        axis_of = axes_with(goal, letters, side, where.table)
    except EquationError:
        return
    missing = set(letters) - set(free_letters(side))
    for factor in factors_in(axis_of, where) if goal.of == Symbol("J") else ():
        if missing & set(free_letters(factor)) or not missing:
            yield factor


def letters_for_delta(
    side: Node, goal: Partial, letters: tuple[str, ...], where: Setting
) -> tuple[str, ...]:
    """Return the letters of a formula, and those of the target where they are not on the left.

    A letter that stands nowhere yet may be one of a δ.
    """
    usual = () if letters else usual_letters(goal, where.table)
    more = usual if len(free_letters(side)) < len(usual) else ()
    return tuple(dict.fromkeys((*letters, *all_letters(side), *more)))


@cache
def template(text: str, where: Setting) -> Node:
    """Return the tree of a text in which "…" stands for a part to be filled in."""
    return parse_numpy(text.replace("…", HOLE[0]), where.table)[-1].sides[-1]


def filled(tree: Node, part: Node) -> Node:
    """Return the tree with the part in the place that was left open."""
    if tree == HOLE[1]:
        return part
    return tree.with_part("span", (0, 0)).with_parts(lambda member: filled(member, part))
