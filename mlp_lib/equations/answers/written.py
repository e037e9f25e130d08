"""A formula with a change: what its value is, and how it stands in the reader's own text."""

import re
from collections import Counter
from contextlib import suppress
from dataclasses import replace
from functools import partial

from mlp_lib.equations.answers.edits import (
    PRODUCTS,
    Edit,
    is_in,
    is_inserted,
    places,
    replaced,
    replaced_everywhere,
    with_bounds,
    with_inserted,
    written,
)
from mlp_lib.equations.answers.judging import Judged, Outcome, first_misfit
from mlp_lib.equations.arrays import Array, DoesNotFit, Rules, evaluate, value_of
from mlp_lib.equations.latex import by_name
from mlp_lib.equations.letters import all_letters, claimed_by, free_letters, has_letters
from mlp_lib.equations.numpy_code.lines import names_of_lines
from mlp_lib.equations.numpy_code.names import names, numpy_name
from mlp_lib.equations.numpy_code.printing import numpy
from mlp_lib.equations.printing import latex
from mlp_lib.equations.routes import close, on_a_route
from mlp_lib.equations.setting import Setting, setting
from mlp_lib.equations.texts.reading import own_parts, read
from mlp_lib.equations.tree import (
    Contract,
    EquationError,
    Negate,
    Node,
    Number,
    OverLetters,
    Partial,
    SizeOf,
    Span,
    Symbol,
)

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
# A line that is left of an update: W2 = W2.
GIVEN_TO_ITSELF = re.compile(r"^(\w+) = \1(?:\n|\Z)", re.MULTILINE)
# A name in code that is no attribute.
WORD = re.compile(r"(?<![\w.])[A-Za-z_]\w*")


class Written:
    """A formula that is searched, and what becomes of it with a change: its values and its text."""

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
        self.right_rows = [
            node.span
            for node, values in judged.done
            if node.span in judged.named and node is not self.root and judged.known(values)
        ]

    def axes_of(self, node: Node) -> int:
        """Return how many axes a part has; 2 where it has no value."""
        value = self.evaluated(node)
        return 2 if value is None else value.ndim

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

    def nodes(self) -> list[Node]:
        """Return the parts, each once, the innermost first."""
        found = {id(node): node for node in self.root.walk()}
        return [node for node in found.values() if not isinstance(node, OverLetters)]

    def count(self, symbol: str, axis: int | None) -> Node:
        """Return the number of rows, or of entries, in the reader's notation."""
        if self.numpy and (axis is None or "N" not in WORD.findall(self.attempt)):
            return SizeOf(Symbol(symbol), axis)
        return Symbol("N") if axis == 0 else Contract(Symbol("N"), Symbol("D_y"))

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
            if brackets == "" and isinstance(self.root, OverLetters):
                if (text := with_bounds(edit, self.attempt)) is not None:
                    return text
                if is_inserted(edit):
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
        edit = self.outside_right_lines(edit)
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

    def outside_right_lines(self, edit: Edit) -> Edit:
        """Return a change of a known quantity that has a row of LaTeX as one of what uses it."""
        while id(edit.old) in self.places and any(
            is_in(edit.old.span, row) for row in self.right_rows
        ):
            edit = self.in_place(edit)
        return edit

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
