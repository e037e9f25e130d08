"""What explains a verdict: the trace, the first wrong step, and which known mistake it is."""

from collections.abc import Iterator
from contextlib import suppress
from itertools import pairwise, permutations
from typing import NamedTuple

import numpy as np

from mlp_lib.equations.answers import edits
from mlp_lib.equations.answers.edits import Edit
from mlp_lib.equations.answers.judging import Judged, Outcome
from mlp_lib.equations.answers.mistakes import MISTAKES, Mistake, mistake_in
from mlp_lib.equations.answers.recognition import (
    SLOPES,
    Clash,
    by_clash,
    by_value,
    is_call,
    parts,
    route,
    rows,
    symbols_in,
    updated_weights,
)
from mlp_lib.equations.answers.slips import Slips
from mlp_lib.equations.arrays import Array, DoesNotFit
from mlp_lib.equations.numpy_code.expressions import scales
from mlp_lib.equations.routes import close, on_a_route, shown_name, worth_a_line
from mlp_lib.equations.tables import Table
from mlp_lib.equations.tree import (
    ONES,
    Add,
    Apply,
    Call,
    Claim,
    Compare,
    Contract,
    Divide,
    Elementwise,
    EquationError,
    Identity,
    Negate,
    Node,
    Number,
    OverLetters,
    Partial,
    Subscript,
    Subtract,
    Sum,
    Symbol,
    Transpose,
    free_letters,
)

EDITED = {
    "transpose": "transpose missing",
    "order": "order of a product",
    "kind of product": "product of the wrong kind",
    "grouping": "grouping",
    "brackets": "brackets missing",
    "sign": "sign inside",
    "order of storage": "reshape for transpose",
    "side": "row for a column",
    "upside down": "quotient upside down",
    "factor dropped": "factor too many",
    "term dropped": "term too many",
    "no sum": "not summed",
    "dropped": "factor too many",
    "call dropped": "factor too many",
    "symbol": "another symbol",
    "factor added": "factor missing",
    "axis": "bias summed over the wrong axis",
    "letters": "einsum letters",
    "scale": "factor",
    "activation": "another activation",
}
# What people write for a local Jacobian of one row, and the mistake in it.
OF_SOFTMAX = {
    "np.eye(D_y) - yhat": "Jacobian of log ŷ",
    "np.eye(D_y) - yhat.T": "Jacobian of log ŷ",
    "np.diagflat(yhat)": "one term of softmax",
    "yhat * (np.eye(D_y) - yhat)": "one letter for two",
    "yhat.T * (np.eye(D_y) - yhat.T)": "one letter for two",
    "np.diagflat(sigmoid_prime(z2))": "sigmoid for softmax",
    "-np.outer(yhat, yhat)": "one term of softmax",
    "np.outer(yhat, yhat)": "one term of softmax",
    "np.diagflat(yhat) + np.outer(yhat, yhat)": "sign inside",
    "np.diagflat(z2) - np.outer(z2, z2)": "softmax Jacobian of the logits",
    "np.diagflat(y) - np.outer(y, y)": "softmax Jacobian of the labels",
}
LOCAL_MISTAKES = {
    ("h", "z_1"): {
        "h": "activation for its slope",
        "np.diagflat(yhat * (1 - yhat))": "slope of the wrong layer",
        "np.diagflat(x * (1 - x))": "slope of the wrong layer",
    },
    ("z_1", "x"): {"np.reshape(W1, W1.T.shape)": "reshape for transpose"},
    ("z_2", "h"): {"np.reshape(W2, W2.T.shape)": "reshape for transpose"},
    ("z_1", "W_1"): {
        "np.einsum('i,kj->kij', np.ravel(x), np.ones((H, H)))": "δ missing",
        "np.einsum('i,kj->kij', np.ravel(h), np.eye(H))": "wrong row in the outer product",
        "np.kron(np.eye(H), x)": "Jacobian by vec(W)",
        "np.kron(x, np.eye(H))": "Jacobian by vec(W)",
    },
    ("z_2", "W_2"): {
        "np.einsum('i,kj->kij', np.ravel(h), np.ones((D_y, D_y)))": "δ missing",
        "np.einsum('i,kj->kij', np.ravel(x), np.eye(D_y))": "wrong row in the outer product",
        "np.kron(np.eye(D_y), h)": "Jacobian by vec(W)",
        "np.kron(h, np.eye(D_y))": "Jacobian by vec(W)",
    },
    ("z_1", "b_1"): {
        "np.ones((H, H))": "δ missing", "np.ones((1, H))": "diagonal for its matrix",
        "1": "δ missing",
    },
    ("z_2", "b_2"): {
        "np.ones((D_y, D_y))": "δ missing", "np.ones((1, D_y))": "diagonal for its matrix",
        "1": "δ missing",
    },
}  # fmt: skip
# The links of one row from the slope of σ, or from softmax, up to the output and down to the input.
UP_TO = {
    "h": "…", "z_2": "W2.T @ …", r"\hat y": "(np.diagflat(yhat) - np.outer(yhat, yhat)) @ W2.T @ …",
}  # fmt: skip
DOWN_TO = {"z_1": "", "x": " @ W1.T"}
SOFTMAX_DOWN_TO = {
    "z_2": "", "h": " @ W2.T", "z_1": " @ W2.T @ np.diagflat(h * (1 - h))",
    "x": " @ W2.T @ np.diagflat(h * (1 - h)) @ W1.T",
}  # fmt: skip

# A number that is added to keep a quotient finite is no larger.
LARGEST_GUARD = 1e-3
# What a misfit alone says; what mends it says more.
GENERAL = {
    "", "order of a product", "transpose missing", "product of the wrong kind", "grouping",
    "grouped with the weights",
}  # fmt: skip
# What nothing speaks for if no single change mends it.
UNPROVEN = {"order of a product", "transpose missing", "product of the wrong kind"}
TELLING = {"transpose", "order", "kind of product", "grouping", "letters"}
# A chain from J back to W₁ has no more.
MOST_LINKS = 5
# Mistakes that another grouping mends.
OF_GROUPING = {"grouped with the weights", "slope before the weights", "grouping"}


def is_chain(node: Node) -> bool:
    """Tell whether this is a product of the chain's Jacobians: each has its name, and its shape."""
    match node:
        case Partial():
            return True
        case Contract(left, right) | Elementwise(left, right):
            return is_chain(left) and is_chain(right)
    return False


class Step(NamedTuple):
    """One sub-expression: its text, its shape by names, and the known quantity that it equals."""

    text: str
    shape: str
    quantity: str = ""


class FirstWrong(NamedTuple):
    """The first sub-expression off the right routes, and how far the attempt was right."""

    text: str
    span: tuple[int, int]
    so_far: str


class Explanation:
    """The explanation of a judged formula."""

    def __init__(self, judged: Judged):
        self.judged, self.where, self.goal = judged, judged.where, judged.goal
        self.root, self.outcome, self.formula = judged.root, judged.outcome, judged.formula

    def trace(self) -> tuple[Step, ...]:
        """Return each sub-expression worth a line, with its shape and what it equals."""
        rows = [
            Step(self.judged.source(node), self.judged.shape(values), self.quantity(node, values))
            for node, values in self.judged.done
            if worth_a_line(node)
        ]
        if self.judged.error is not None:
            rows.append(Step(self.judged.source(self.judged.error.node), "doesn't fit"))
        return tuple(dict.fromkeys(rows))  # what stands in the formula twice is one row

    def quantity(self, node: Node, values: list[Array]) -> str:
        """Return the name of what a part equals: exactly, with its sign flipped, or transposed."""
        if node is self.root and all(map(self.outcome.accepts, values, self.judged.wanted)):
            return shown_name(self.goal)
        if (known := self.judged.known(values)) is not None:
            return shown_name(known)
        if (known := self.judged.known([-value for value in values])) is not None:
            return f"−{shown_name(known)}"
        if values[0].ndim == 2 and min(values[0].shape) > 1:
            known = self.judged.known([value.T for value in values])
            if known is not None:
                name = shown_name(known)
                return f"{name}ᵀ" if isinstance(known, Symbol) else f"({name})ᵀ"
        return self.gradient_name(values)

    def first_wrong(self, verdict: str, edit: Edit | None) -> FirstWrong:
        """Return the first part off every right route, and the last known quantity before it."""
        if verdict == "numerically unstable":
            node = self.first_not_finite()
            return FirstWrong(self.judged.source(node), node.span, self.so_far(node))
        node = self.off_route()
        if isinstance(self.root, OverLetters):
            node = edit.old if edit is not None and edit.kind != "written anew" else node
        elif edit is not None and node is self.root and edit.kind == "factor added":
            node = edit.old if self.has_name(edit.old) else node
        elif edit is not None and node is not self.root:
            related = {id(each) for each in edit.old.walk()}
            if id(node) not in related and edit.old not in tuple(node.walk()):
                # A factor is missing where a part is used, or at the end of the line that names it.
                missing = edit.kind == "factor added" and not self.has_name(edit.old)
                node = self.used_in(edit.old) if missing else edit.old
        node = self.scaled_for(self.wrong_row(node) or node)
        if self.judged.error is None and isinstance(
            known := self.judged.known(self.judged.values), Partial
        ):
            what = f"What you have is {shown_name(known)}"
            return FirstWrong(self.judged.source(self.root), self.root.span, what)
        return FirstWrong(self.judged.source(node), node.span, self.so_far(node))

    def wrong_row(self, node: Node) -> Node | None:
        """Return the first part off every route that a line names for each example, or None.

        What is summed over the examples, δ^{(n)}, has no value of its own there. As the last factor
        it is a gradient, and no piece of one.
        """
        sums = [part for part in node.walk() if isinstance(part, Sum)]
        last = {part.body.right.span for part in sums if isinstance(part.body, Contract)}
        for part, values in self.rows_of_examples(node) if sums else ():
            is_step = part.span not in last or not symbols_in(part) & {"y", "J"}
            is_step = is_step or self.judged.is_gradient(values)
            if not is_step or not on_a_route(values, self.where, self.judged.rules):
                return part
        return None

    def rows_of_examples(self, node: Node) -> Iterator[tuple[Node, list[Array]]]:
        """Yield each part, with its values, that a line names for each example, in order."""
        ones, used = self.where.table.ones, {part.span for part in node.walk()}
        for part in sorted(self.judged.own_parts(), key=lambda part: part.span):
            letters = free_letters(part)
            if part.span not in used or len(letters) != 1 or ones is None:
                continue
            with suppress(DoesNotFit, EquationError):
                yield part, self.judged.values_of(OverLetters(part, letters, (ones,)))

    def first_not_finite(self) -> Node:
        """Return where what makes the formula infinite or nan on extreme inputs comes from.

        If it is finite there, and another number, that comes from what keeps it finite.
        An infinity that makes nothing around it infinite does no harm, as in 1/(1 + exp(-z1)).
        """
        node, inside = None, (self.root,)
        while part := next((each for each in inside if not self.is_finite(each)), None):
            node, inside = part, part.children()
        guards = (part for part in self.root.walk() if guarded(part) is not None)
        return node or next(guards, self.root)

    def is_finite(self, part: Node) -> bool:
        """Tell whether a part that has a value is finite on extreme inputs."""
        evaluated = any(part is done for done, _ in self.judged.done)
        return not evaluated or self.judged.outcome.is_finite(part)

    def has_name(self, node: Node) -> bool:
        """Tell whether a line gives a name to this part."""
        return node.span in self.judged.names or node.span in self.judged.named

    def so_far(self, first: Node) -> str:
        """Say which gradient was had before the first wrong part, or else which derivative."""
        said = {"gradient": "", "derivative": ""}
        for part, values in self.judged.done:
            if part is first:
                break
            name = self.gradient_name(values) if worth_a_line(part) else ""
            if name:
                source = "" if isinstance(part, Partial) else f": {self.judged.source(part)}"
                kind = "gradient" if "∂J" in name else "derivative"
                said[kind] = f"Up to here you have {name}{source}"
        return said["gradient"] or said["derivative"]

    def gradient_name(self, values: list[Array]) -> str:
        """Return the name of the derivative with these values, N times it for a mean, or ""."""
        if isinstance(known := self.judged.known(values), Partial):
            return shown_name(known)
        if self.where.setup == "batch" and self.where.loss == "mean":
            known = self.judged.known(self.judged.over_rows(values))
            return f"N·{shown_name(known)}" if isinstance(known, Partial) else ""
        return ""

    def scaled_for(self, node: Node) -> Node:
        """Return the sum that a part times a number is for, as W2 - 0.1 * dW2; else the part."""
        if not any(isinstance(each, Number) for each in node.children()):
            return node
        above = node
        while isinstance(above, edits.PRODUCTS) and above is not self.root:
            above = self.used_in(above)
        return above if isinstance(above, Add | Subtract) else node

    def used_in(self, node: Node) -> Node:
        """Return the step that goes on from a part, or the whole."""
        place = edits.places(self.root).get(id(node))
        return place.parent if place is not None else self.root

    def off_route(self) -> Node:
        """Return the first part, in the order of evaluation, that no right derivation passes."""
        ratio = self.judged.ratio() if self.judged.error is None else None
        # Two flipped signs make a right one: then neither is wrong.
        signs = (1, -1) if ratio is not None and ratio[0] > 0 else (1,)
        turned = {
            id(node.body)
            for node, values in self.judged.done
            if isinstance(node, Negate) and on_a_route(values, self.where, self.judged.rules)
        }
        for node, values in self.judged.done:
            if node is self.root or isinstance(node, Number | Symbol | Identity) or is_shard(node):
                continue
            if id(node) in turned:
                continue  # y - ŷ, in -(y - ŷ)
            if isinstance(node, Negate) and isinstance(node.body, Symbol):
                continue
            if values[0].ndim and not any(
                on_a_route([sign * value for value in values], self.where, self.judged.rules)
                for sign in signs
            ):
                return node
        return self.judged.error.node if self.judged.error is not None else self.root

    def mistake(self, verdict: str, edit: Edit | None) -> tuple[Mistake, str]:
        """Return the known mistake, and what else is wrong, if it is two at once."""
        names = self.mistake_names(verdict, edit)
        if verdict == "shape" and names[0] == "sign":
            names = (*names[1:], *names[:1])  # no sign makes another shape
        also = ""
        if len(names) > 1:
            also = "Also: " + "; ".join(MISTAKES[name].title for name in names[1:])
        return self.in_its_place(MISTAKES[names[0]]), also

    def in_its_place(self, mistake: Mistake) -> Mistake:
        """Return a mistake as it is explained where it is: a sign in the slope isn't the loss's."""
        if mistake.name == "sign" and {"h"} <= symbols_in(self.off_route()) <= {"h", "z_1"}:
            return MISTAKES["sign of a link"]._replace(name="sign")
        return mistake_in(mistake, self.goal)

    def mistake_names(self, verdict: str, edit: Edit | None) -> tuple[str, ...]:
        """Return the names of the mistakes, the most telling evidence first."""
        if verdict == "numerically unstable":
            is_guarded = self.without_guards() != self.root
            return ("clipped" if is_guarded and self.is_finite(self.root) else "overflow",)
        by_edit = self.name_of_edit(edit) if edit is not None else ""
        if verdict == "ambiguous grouping":
            found = self.clash() if self.judged.error is not None else ""
            return (found if found in OF_GROUPING else "grouping",)
        if self.judged.error is not None and isinstance(self.judged.error.node, Claim):
            return ("shape",)
        if self.judged.error is not None:
            if any(self.is_target(self.formula.values(part)) for part in self.fitting_parts()):
                return ("factor too many",)
            found = self.extracted() or self.clash()
            if self.summed() == "examples summed too early":
                return ("examples summed too early",)
            if is_call(self.judged.error.node, "pinv", "inv"):
                found = "pseudo-inverse"
            if found in GENERAL:
                if slips := Slips(self.judged).mistakes():
                    return slips
                if edit is not None and edit.kind in TELLING:
                    return (self.of_edit(edit),)
            if found in UNPROVEN and self.lacks_a_link():
                return ("factor missing",)
            if found in UNPROVEN and not is_chain(self.judged.error.node):
                return self.entry_by_entry() or (by_edit or "shape",)
            return (found or by_edit or "shape",)
        if verdict == "sign":
            return ("sign" if self.goal.of == Symbol("J") else "sign of a link",)
        if verdict == "factor":
            return (self.judged.mistake_of_ratio(self.judged.ratio()),)
        if found := self.particular():
            return (found,)
        if self.goal.of == Symbol("J"):
            if found := self.by_value(multiples=False):
                return found
            if edit is not None and edit.kind == "sign":
                return (self.of_edit(edit),)
            if found := self.by_value(multiples=True):
                return found
            if self.has_other_activation():
                return ("another activation",)
            if updated_weights(self.judged.values, self.goal, self.where):
                return ("updated weights",)
        if verdict == "transposed":
            return (self.of_transpose(),)
        if self.goal.of != Symbol("J") and (found := self.of_local()):
            return (found,)
        if self.judged.known(self.judged.values) is None and (
            slips := Slips(self.judged).mistakes()
        ):
            return slips
        if found := self.of_known():
            return (found,)
        if edit is not None and by_edit:
            return (self.of_edit(edit),)
        if self.goal.of == Symbol("J") and not symbols_in(self.root) & {"y", r"\hat y", "z_2", "J"}:
            return ("factor missing",)  # nothing of the error at the output
        return ("value" if self.judged.same_shapes() else "shape",)

    def lacks_a_link(self) -> bool:
        """Tell whether the formula is a product of the chain's factors that no order makes whole.

        With a factor for each link each begins with what the one before is by.
        """
        if not is_chain(self.root):
            return False
        links = [(node.of, node.by) for node in self.root.walk() if isinstance(node, Partial)]
        return len(links) <= MOST_LINKS and not any(
            all(one[1] == other[0] for one, other in pairwise(order))
            for order in permutations(links)
        )

    def by_value(self, multiples: bool) -> tuple[str, ...]:
        """Return the mistakes that lead to the formula's values.

        Down the columns of one row softmax is 1 everywhere, and a 1 alone is no softmax.
        """
        found = by_value(self.judged.values, self.goal, self.where, multiples)
        makes_softmax = any(
            isinstance(node, Apply) and node.function in ("exp", "softmax")
            for node in self.root.walk()
        )
        if "softmax over the examples" in found and not makes_softmax:
            return ()
        # σ is above 0 everywhere, so h > 0 leaves nothing out.
        compares = any(isinstance(node, Compare) for node in self.root.walk())
        return ("slope of ReLU",) if compares and found == ("slope missing",) else found

    def entry_by_entry(self) -> tuple[str, ...]:
        """Return the mistakes of the formula when products that don't fit are read entry by entry.

        None are returned where one doesn't fit in that way either.
        """
        node = self.judged.error.node
        if not isinstance(node, Contract):
            return ()
        product = Elementwise(node.left, node.right, span=node.span)
        root = edits.replaced(node, product, edits.places(self.root))
        judged = Judged(
            self.judged.attempt, self.goal, root, self.where, self.judged.rules, self.judged.place
        )
        if judged.error is not None:
            return Explanation(judged).entry_by_entry()
        verdict, _ = judged.verdict()
        if verdict == "right":
            return ("product of the wrong kind",)
        found = Explanation(judged).mistake_names(verdict, None)
        return () if found[0] in ("shape", "value") else found

    def fitting_parts(self) -> list[Node]:
        """Return the factors of the product that doesn't fit."""
        node = self.judged.error.node
        return list(parts(node)) if isinstance(node, edits.PRODUCTS) else []

    def of_transpose(self) -> str:
        """Return the mistake of a formula that is the target's transpose."""
        if self.goal.of == Symbol("J"):
            return "transpose missing"
        of_product = (self.goal.of.name, self.goal.by.name) in (("z_2", "h"), ("z_1", "x"))
        return "weights not transposed" if of_product else "input's axes first"

    def of_edit(self, edit: Edit) -> str:
        """Return the mistake that a change mends."""
        if edit.kind == "letters" and self.judged.rules == "book":
            return "index letters"
        if edit.kind == "kind of product" and isinstance(edit.old, Contract):
            slopes = (symbols_in(part) for part in parts(edit.old))
            first_layer = route(self.goal)[0] == "W_1"
            if first_layer and any(each and each <= {"h", "z_1"} for each in slopes):
                return "matrix product with the slope"
        return self.name_of_edit(edit)

    def name_of_edit(self, edit: Edit) -> str:
        """Return the mistake that this kind of change mends, or ""."""
        fits = self.judged.error is None and self.judged.same_shapes()
        if edit.kind == "symbol" and not fits:
            return "symbol of another shape"
        if edit.kind == "axis" and not self.outcome.of_bias:
            return ""
        return EDITED.get(edit.kind, "")

    def has_other_activation(self) -> bool:
        """Tell whether a part is tanh(z₁), max(z₁, 0) or its slope, as in other networks."""
        networks = self.where.ordinary
        for text in ("np.tanh(z1)", "np.maximum(z1, 0)", "relu_prime(z1)"):
            wanted = [np.squeeze(rows(text, self.where, network)) for network in networks]
            for _, values in self.judged.done:
                if all(map(close, map(np.squeeze, values), wanted)):
                    return True
        return False

    def of_known(self) -> str:
        """Return the mistake of a formula that is another known quantity, or ""."""
        values = self.judged.values
        known = self.judged.known(values) or self.judged.known([value.T for value in values])
        if known == Symbol("J"):
            return "loss for its gradient"
        gradient = isinstance(known, Partial) and known.of == Symbol("J")
        if known is not None and not gradient and self.goal.of == Symbol("J"):
            return "factor missing"
        if isinstance(known, Partial) and not gradient:
            return self.part_of_chain(known)
        return "another quantity" if known is not None else ""

    def part_of_chain(self, known: Partial) -> str:
        """Return the mistake of a local Jacobian in place of one that shares an end with it."""
        order = [entry.name for entry in self.where.table.entries]
        length, wanted = (
            order.index(each.of.name) - order.index(each.by.name) for each in (known, self.goal)
        )
        if known.of == self.goal.of or known.by == self.goal.by:
            return "factor missing" if length < wanted else "factor too many"
        return "another quantity"

    def particular(self) -> str:
        """Return a mistake that shows in what is written, not only in the value."""
        if self.where.labels == "any":
            usual = self.where.but(labels="sum to 1")
            outcome = Outcome(self.goal, usual, self.judged.rules)
            if outcome.right(self.root, usual.ordinary):
                return "labels that don't sum to 1"
        if self.outcome.right(self.root, self.where.one_hot) and not self.outcome.right(
            self.root, self.where.ordinary
        ):
            return "one-hot only"
        if self.outcome.right(self.without_guards(), self.where.ordinary):
            return "clipped"
        if self.is_normalised_over_examples():
            return "softmax over the examples"
        if self.extracted():
            return "diag extracts"
        if self.is_update():
            return "update for its gradient"
        if self.goal.of == Symbol("J") and not symbols_in(self.root):
            return "factor missing"
        if self.is_squeezed():
            return "axis of length 1"
        if found := self.summed():
            return found
        bodies = [
            self.formula.values(node.arguments[0])
            for node, values in self.judged.done
            if is_call(node, "sum", "mean") and not self.is_target(transposed(values))
        ]
        if any(map(self.keeps_examples, (self.judged.values, *bodies))):
            return "products not summed"
        for node, values in self.judged.done:
            text = self.judged.source(node)
            is_sum = is_call(node, "sum", "mean") and not self.is_target(transposed(values))
            if is_sum and self.sums_examples(node, values):
                return "product of sums"
            if isinstance(node, Add | Subtract) and any(is_call(p, "argmax") for p in parts(node)):
                return "class index"
            if isinstance(node, Transpose) and values[0].ndim == 1 and self.outer_meant(node):
                return "transpose of one axis"
            if text.startswith("np.outer(") and self.judged.right_for_one_row():
                return "outer product of a batch"
            if text.startswith("np.einsum(") and self.judged.right_for_one_row():
                return "product of sums"
            if isinstance(node, Elementwise) and self.judged.rules == "numpy":
                left, right = parts(node)
                if any(is_diagonal(self.formula.values(part)) for part in (left, right)):
                    return "entry by entry with a diagonal matrix"
                if self.row_meets_jacobian(left, right) or self.row_meets_jacobian(right, left):
                    return "product of the wrong kind"
        if "stack(" in self.judged.attempt and "+1" in self.judged.shape(self.judged.values):
            return "bias row kept"
        return ""

    def without_guards(self) -> Node:
        """Return the formula without what keeps a quotient or a logarithm away from 0."""

        def bare(node: Node) -> Node:
            node = node.with_parts(bare)
            return guarded(node) or node

        return bare(self.root)

    def is_normalised_over_examples(self) -> bool:
        """Tell whether a part divides exponentials by their sum over the examples."""
        return self.where.setup == "batch" and any(
            isinstance(node, Divide)
            and is_call(node.right, "sum")
            and node.right.keyword("axis") == 0
            and node.right.arguments[0] == node.left
            and any(isinstance(each, Apply) and each.function == "exp" for each in node.walk())
            for node, _ in self.judged.done
        )

    def is_squeezed(self) -> bool:
        """Tell whether the values are the target's, in a shape with an axis of length 1 more."""
        return all(
            value.ndim > wanted.ndim and close(np.squeeze(value), np.squeeze(wanted))
            for value, wanted in zip(self.judged.values, self.judged.wanted, strict=True)
        ) and not isinstance(self.root, Transpose)

    def keeps_examples(self, values: list[Array]) -> bool:
        """Tell whether the values are the products of which the target is the sum, one a row."""
        if self.where.setup != "batch" or self.goal.by.name[0] != "W":
            return False
        if any(value.ndim != 3 for value in values):
            return False
        totals = [value.sum(axis=0) for value in values]
        return self.is_target(totals) or self.is_target([total.T for total in totals])

    def summed(self) -> str:
        """Return the mistake of a sum over what is the target already, or over rows too early."""
        if self.where.setup != "batch":
            return ""
        of_weights = self.goal.by.name[0] == "W"
        again = "summed once more" if of_weights else "examples summed too early"
        if self.outcome.of_bias:
            again = "bias summed over the wrong axis"
        for node, values in self.judged.done:
            inside = what_is_summed(node)
            if self.is_target(values) or inside is None or any(
                isinstance(each, Apply) and each.function == "exp" for each in node.walk()
            ):
                continue
            body = self.formula.values(inside)
            if self.is_target(body) or self.sums_entries(body, values):
                return again
            # A bias's gradient is a sum at last, which may be divided by N.
            whole = self.root
            if self.outcome.of_bias:
                whole = without_scale(whole, self.where.table)
            if not of_weights and node is not whole and self.goal.of == Symbol("J"):
                rows = [network.point.sizes["N"] for network in self.where.ordinary]
                one = self.formula.values(node)
                if all(
                    before.shape[:1] == (n,) and np.squeeze(after).shape == before.shape[1:] != ()
                    for before, after, n in zip(body, one, rows, strict=True)
                ):
                    return "examples summed too early"
        return ""

    def sums_entries(self, body: list[Array], values: list[Array]) -> bool:
        """Tell whether the rows that a bias's gradient is the sum of lose their entries here."""
        if not self.outcome.of_bias or not self.is_target([value.sum(axis=0) for value in body]):
            return False
        return all(
            rows.ndim == 2 and np.squeeze(value).shape != rows.shape[1:]
            for rows, value in zip(body, values, strict=True)
        )

    def is_target(self, values: list[Array]) -> bool:
        """Tell whether these values are the target's, or N times these."""
        return any(
            all(map(self.outcome.accepts, each, self.judged.wanted))
            for each in (values, self.judged.over_rows(values))
        )

    def outer_meant(self, node: Node) -> bool:
        """Tell whether this transpose stands in a product with its own row, which is a number."""
        above = self.used_in(node)
        if not isinstance(above, Contract):
            return False
        one, other = (self.formula.values(part)[0] for part in parts(above))
        return one.ndim == other.ndim == 1

    def row_meets_jacobian(self, row: Node, node: Node) -> bool:
        """Tell whether a part is a Jacobian, and the other one what it would be contracted with.

        W₂ᵀ * h isn't meant: there the slopes scale the columns of a Jacobian.
        """
        before, values = self.formula.values(row), self.formula.values(node)
        known = self.judged.known(values) if values[0].ndim > 1 else None
        if not isinstance(known, Partial) or known.of == Symbol("J") or min(values[0].shape) < 2:
            return False
        return before[0].ndim > 0 and before[0].shape[-1] == values[0].shape[0]

    def extracted(self) -> str:
        """Return the mistake of an np.diag that takes a diagonal out, or ""."""
        for node, values in self.judged.done:
            if self.judged.source(node).startswith("np.diag(") and values[0].ndim < 2:
                return "diag extracts"
        return ""

    def sums_examples(self, node: Node, values: list[Array]) -> bool:
        """Tell whether a part adds up the examples' rows before the last product."""
        of_weights = isinstance(self.goal.by, Symbol) and self.goal.by.name[0] == "W"
        rows = self.where.ordinary[0].point.sizes.get("N", 1)
        body = next(iter(node.children()), node)
        summed = self.formula.values(body)[0].shape[:1] == (rows,) != values[0].shape[:1]
        return summed and values[0].ndim > 0 and of_weights and self.where.setup == "batch"

    def is_update(self) -> bool:
        """Tell whether the formula is the parameter after a step, W − lr·gradient."""
        name = self.goal.by.name
        if name[0] not in "Wb" or not self.judged.same_shapes():
            return False
        rates = []
        for value, wanted, network in zip(
            self.judged.values, self.judged.wanted, self.where.ordinary, strict=True
        ):
            step = network.arrays(self.judged.rules).symbols[name] - value
            rate = np.vdot(step, wanted) / np.vdot(wanted, wanted)
            if step.shape != wanted.shape or not abs(rate) > 0 or not close(step, rate * wanted):
                return False
            rates.append(rate)
        return bool(np.ptp(rates) <= 1e-6 * abs(rates[0]))

    def of_local(self) -> str:
        """Return the mistake in a local Jacobian: its diagonal alone, or a row for a tensor."""
        values, wanted = self.judged.values, self.judged.wanted
        if found := self.by_text(values):
            return found
        if wanted[0].ndim > 2 and values[0].ndim <= 2:
            return "order of the factors"
        if wanted[0].ndim == values[0].ndim == 3 and any(
            all(map(close, [value.transpose(order) for value in values], wanted))
            for order in permutations(range(3))
        ):
            return "axes of the tensor"
        if found := self.slope(values):
            return found
        if self.goal.of == Symbol(r"\hat y") and self.goal.by == Symbol("h"):
            diagonal = "np.diagflat(yhat * (1 - yhat)) @ W2.T"
            if self.has_values(values, diagonal):
                return "softmax diagonal only"
        one = {r"\hat y": "yhat", "h": "h"}.get(self.goal.of.name, "")
        ones_for_delta = (
            f"np.outer({one}, 1 - {one})", f"np.outer({one} * (1 - {one}), 1 + 0 * {one})",
        )  # fmt: skip
        if one and any(self.has_values(values, text) for text in ones_for_delta):
            return "1 for δ"
        if wanted[0].ndim == 2 and wanted[0].shape[0] == wanted[0].shape[1]:
            if all(close(np.ravel(v), np.diag(w)) for v, w in zip(values, wanted, strict=True)):
                softmax = self.goal.of == Symbol(r"\hat y")
                return "softmax diagonal only" if softmax else "diagonal for its matrix"
            if all(close(v, np.diag(np.diag(w))) for v, w in zip(values, wanted, strict=True)):
                return "softmax diagonal only"
        return ""

    def by_text(self, values: list[Array]) -> str:
        """Return the mistake that has these values for a local Jacobian of one row, or ""."""
        if self.where.setup == "batch":
            return ""
        of, by = self.goal.of.name, self.goal.by.name
        known = dict(LOCAL_MISTAKES.get((of, by), {}))
        if of == r"\hat y" and by in SOFTMAX_DOWN_TO:
            after = SOFTMAX_DOWN_TO[by]
            known |= {f"({text}){after}": mistake for text, mistake in OF_SOFTMAX.items()}
        return next((known[text] for text in known if self.has_values(values, text)), "")

    def slope(self, values: list[Array]) -> str:
        """Return the mistake in the slope with which the links of one row have these values."""
        of, by = self.goal.of.name, self.goal.by.name
        if of not in UP_TO or by not in DOWN_TO or self.where.setup == "batch":
            return ""
        for text, mistake in SLOPES.items():
            whole = UP_TO[of].replace("…", f"np.diagflat({text})") + DOWN_TO[by]
            if mistake and self.has_values(values, whole):
                return mistake
        return ""

    def has_values(self, values: list[Array], text: str) -> bool:
        """Tell whether these are the values of a formula for one row."""
        networks = zip(values, self.where.ordinary, strict=True)
        try:
            return all(close(value, rows(text, self.where, network)) for value, network in networks)
        except DoesNotFit:
            return False  # of a batch

    def clash(self) -> str:
        """Return the mistake that makes two parts not fit."""
        node = self.judged.error.node
        if len(self.judged.error.shapes) != 2:
            return ""
        above = []
        inside = node
        found = edits.places(self.root)
        while (place := found.get(id(inside))) is not None:
            inside = place.parent
            above.append(inside)
        shapes = [self.where.shape_name(each) for each in self.judged.misfit_shapes()]
        clash = Clash(node, *shapes, tuple(above))
        return by_clash(clash, self.goal, self.where)

    def relies_on(self) -> str:
        """Say what a right formula relies on."""
        said = []
        if self.where.labels == "sum to 1" and not self.outcome.right(
            self.root, self.where.unnormalised
        ):
            said.append("It relies on rows of y that sum to 1.")
        if self.goal.by == Symbol(r"\hat y") and self.without_guards() != self.root:
            said.append("Where the smallest values are cut off it isn't the gradient of J.")
        if self.judged.rules == "book" and not self.outcome.stable(self.root):
            said.append(
                "Computed factor by factor it is nan where a probability underflows to 0; "
                "ŷ − y, the first two factors carried out, isn't."
                if self.judged.names_only()
                else "Computed as it is written, it is nan where a probability underflows to 0."
            )
        if self.judged.rules == "book" and self.judged.other_grouping():
            said.append(
                "Grouped another way it would have another value: products and ∘ group from the "
                "left, and brackets make sure of it."
            )
        return " ".join(said)


def guarded(node: Node) -> Node | None:
    """Return what a part keeps away from 0: ŷ, of np.clip(ŷ, 1e-9, 1) or ŷ + 1e-9."""
    match node:
        case Call("clip" | "maximum" | "minimum", (body, *limits)):
            return body if all(isinstance(limit, Number) for limit in limits) else None
        case Add(body, Number(value)) if value <= LARGEST_GUARD:
            return body
    return None


def transposed(values: list[Array]) -> list[Array]:
    """Return the transpose of each value."""
    return [value.T for value in values]


def without_scale(node: Node, table: Table) -> Node:
    """Return a formula without the numbers and sizes that it is multiplied with or divided by."""
    while isinstance(node, Contract | Elementwise | Divide):
        left, right = parts(node)
        if scales(right, table):
            node = left
        elif scales(left, table) and not isinstance(node, Divide):
            node = right
        else:
            break
    return node


def what_is_summed(node: Node) -> Node | None:
    """Return what a part adds up: the inside of np.sum or np.mean, or what 𝟏 stands in front of."""
    if is_call(node, "sum", "mean"):
        return node.arguments[0]
    ones = (Symbol(ONES), Transpose(Symbol(ONES)))
    return node.right if isinstance(node, Contract) and node.left in ones else None


def is_shard(node: Node) -> bool:
    """Tell whether a part holds some of the rows only, as h[:3] does."""
    return any(
        isinstance(each, Subscript)
        and any(isinstance(item, slice) and item != slice(None) for item in each.items)
        for each in node.walk()
    )


def is_diagonal(values: list[Array]) -> bool:
    """Tell whether these are diagonal matrices of more than one row."""
    return all(
        value.ndim == 2
        and value.shape[0] == value.shape[1] > 1
        and bool(np.all(value[~np.eye(len(value), dtype=bool)] == 0))
        for value in values
    )
