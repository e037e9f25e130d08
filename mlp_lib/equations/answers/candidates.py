"""What the search for a fix tries: single changes, pairs of them, and ways to go on."""

from collections.abc import Iterator
from functools import cache
from itertools import pairwise

import numpy as np

from mlp_lib.equations.answers.edits import (
    Edit,
    Place,
    letter_edits,
    local_edits,
    places,
    replaced,
    with_factor,
)
from mlp_lib.equations.answers.recognition import is_call
from mlp_lib.equations.answers.written import NEXT, Written
from mlp_lib.equations.arrays import Array
from mlp_lib.equations.entries import entries_of, factors_in
from mlp_lib.equations.letters import axes_of_letters
from mlp_lib.equations.numpy_code.expressions import scales
from mlp_lib.equations.numpy_code.reader import parse_numpy
from mlp_lib.equations.routes import TOLERANCE, close, worth_a_line
from mlp_lib.equations.setting import Setting
from mlp_lib.equations.tree import (
    ONES,
    Call,
    Compare,
    Contract,
    Divide,
    Elementwise,
    Indexed,
    Negate,
    Node,
    Number,
    OverLetters,
    Partial,
    ShapeOf,
    SizeOf,
    Subscript,
    Subtract,
    Symbol,
    Transpose,
)

MOST_PAIRS = 4000
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
WAY = {
    "z_2": (), "h": ("z_2",), "z_1": ("z_2", "h"), "x": ("z_2", "h", "z_1"),
    "W_1": ("z_2", "h", "z_1"), "b_1": ("z_2", "h", "z_1"), "W_2": ("z_2",), "b_2": ("z_2",),
}  # fmt: skip
# The symbol that holds a place open in the texts above: none of them uses it.
HOLE = ("z2", Symbol("z_2"))


class Candidates(Written):
    """The changes of a formula that are tried, in groups of like price."""

    def shown(self, edit: Edit, brackets: str = "…") -> str | None:
        """Return the reader's text with the change, or None for one that nobody would make.

        Nothing is taken from itself, and what is counted is an array, not made for its size.
        """
        place = self.places.get(id(edit.old))
        parent = place.parent if place is not None else None
        sides = parent.children() if isinstance(parent, Subtract) else ()
        is_nothing = any(side is not edit.old and side == edit.new for side in sides) or any(
            isinstance(node, Subtract) and node.left == node.right for node in edit.new.walk()
        )
        if is_nothing or (self.is_counted(edit.old) and not isinstance(edit.new, Symbol)):
            return None
        if any(is_made_to_be_counted(node) for node in edit.new.walk()) and not any(
            is_made_to_be_counted(node) for node in edit.old.walk()
        ):
            return None
        return super().shown(edit, brackets)

    def is_counted(self, node: Node) -> bool:
        """Tell whether a part stands in an array of which a size is taken: X.shape[0]."""
        while (place := self.places.get(id(node))) is not None:
            node = place.parent
            if isinstance(node, SizeOf | ShapeOf):
                return True
        return False

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


def is_made_to_be_counted(node: Node) -> bool:
    """Tell whether this is the size of an array that is no symbol: (-X.T).shape[1]."""
    return isinstance(node, SizeOf | ShapeOf) and not isinstance(node.base, Symbol)


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


@cache
def template(text: str, where: Setting) -> Node:
    """Return the tree of a text in which "…" stands for a part to be filled in."""
    return parse_numpy(text.replace("…", HOLE[0]), where.table)[-1].sides[-1]


def filled(tree: Node, part: Node) -> Node:
    """Return the tree with the part in the place that was left open."""
    if tree == HOLE[1]:
        return part
    return tree.with_part("span", (0, 0)).with_parts(lambda member: filled(member, part))
