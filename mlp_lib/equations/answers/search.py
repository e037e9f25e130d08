"""The search for the smallest change that makes a formula right.

Each change is first tried at one network, then at all, and what is suggested is read again from the
text that is shown: a suggestion is judged exactly as an attempt is.
"""

from collections.abc import Iterator
from itertools import chain, islice

import numpy as np

from mlp_lib.equations.answers.candidates import Candidates
from mlp_lib.equations.answers.edits import Edit, places, replaced
from mlp_lib.equations.answers.judging import Judged
from mlp_lib.equations.answers.recognition import is_call, symbols_in
from mlp_lib.equations.arrays import Array
from mlp_lib.equations.routes import close, on_a_route
from mlp_lib.equations.tree import (
    Compare,
    Elementwise,
    Indexed,
    Node,
    Number,
    OverLetters,
    SizeOf,
    Subtract,
    Symbol,
    Transpose,
)

# A formula with more parts than this is no slip in a derivation, and takes many seconds.
MOST_NODES = 150
# Lines that are mended one after the other, and ways to mend one that are tried.
MOST_LINES = 3
MOST_TRIED = 3
# A price, and how late it was found; the change; the text.
Priced = tuple[tuple[float, int], Edit | None, str]


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


class Search(Candidates):
    """The search for one formula."""

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

    def broadcasts(self, root: Node) -> bool:
        """Tell whether arrays of different shapes meet entry by entry."""
        for node in root.walk():
            if isinstance(node, Elementwise):
                one, other = self.evaluated(node.left), self.evaluated(node.right)
                if one is not None and other is not None and one.shape != other.shape:
                    return True
        return False


def is_usual_difference(node: Node) -> bool:
    """Tell whether this is ŷ − y or 1 − h, with index letters or without."""
    if not isinstance(node, Subtract):
        return False
    left, right = (each.base if isinstance(each, Indexed) else each for each in node.children())
    return (left, right) in (
        (Symbol(r"\hat y"), Symbol("y")), (Number(1.0), Symbol("h"))
    )  # fmt: skip
