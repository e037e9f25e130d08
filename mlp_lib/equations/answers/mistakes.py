"""The mistakes that learners make in this derivation: in words, and where the book treats them.

How each is recognised stands in `recognition`.
"""

from typing import NamedTuple

from mlp_lib.equations.tree import Partial

# Where the book derives each derivative: the chapter and the section.
DERIVED = {
    ("J", r"\hat y"): ("softmax", "the-loss-by-hat-y"),
    ("J", "z_2"): ("softmax", "the-product-and-what-it-needs-of-y"),
    ("J", "h"): ("output_layer", "by-h-where-the-transpose-comes-from"),
    ("J", "W_2"): ("output_layer", "by-w-2-three-axes"),
    ("J", "b_2"): ("output_layer", "by-b-2-the-identity"),
    ("J", "z_1"): ("sigmoid", "why-circ-is-a-product-with-it"),
    ("J", "W_1"): ("tensor", "the-collapse"),
    ("J", "b_1"): ("chain", "one-more-factor-for-each-gradient"),
    ("J", "x"): ("chain", "one-more-factor-for-each-gradient"),
    (r"\hat y", "z_2"): ("softmax", "softmax-by-z-2"),
    ("z_2", "h"): ("output_layer", "by-h-where-the-transpose-comes-from"),
    ("z_2", "W_2"): ("output_layer", "by-w-2-three-axes"),
    ("z_2", "b_2"): ("output_layer", "by-b-2-the-identity"),
    ("h", "z_1"): ("sigmoid", "the-jacobian-is-diagonal"),
    ("z_1", "W_1"): ("tensor", "derivation-in-indices"),
    ("z_1", "b_1"): ("chain", "the-two-links-still-missing"),
    ("z_1", "x"): ("chain", "the-two-links-still-missing"),
}
# Mistakes that no section is about: what helps is how the target is derived.
ANYWHERE = {
    "sign inside", "factor missing", "factor too many", "another symbol", "symbol of another shape",
    "value", "shape", "product of the wrong kind", "order of a product",
}  # fmt: skip


class Mistake(NamedTuple):
    """A known mistake: what happened, why it is wrong, and the chapter and section about it."""

    name: str
    title: str
    explanation: str
    chapter: str
    section: str

    @property
    def link(self) -> str:
        """Return the page and the section, as seen from a neighbouring page."""
        return f"{self.chapter}.html#{self.section}"


MISTAKES = {
    mistake.name: mistake
    for mistake in (
        Mistake(
            "order of the factors",
            "The chain rule's factors, multiplied in the order in which they are written",
            "∂z/∂W is a third-order tensor, T[k,i,j] = xᵢ δₖⱼ, not the row x. Contracting the row "
            "in front with it gives an outer product, and there the layer's input stands on the "
            "left, as a column: xᵀ times the row.",
            "tensor", "the-collapse",
        ),
        Mistake(
            "column formula on rows",
            "A formula for examples in columns, used with examples in rows",
            "dZ Xᵀ is right where every example is a column. Here every example is a row, N rows "
            "in all, so both the order and the transpose change: Xᵀ dZ sums over the examples.",
            "tensor", "a-batch",
        ),
        Mistake(
            "outer product transposed",
            "The outer product is transposed",
            "δᵀx has the shape of Wᵀ. It is right where the weights are stored as (outputs, "
            "inputs), as in notes with columns or in PyTorch's nn.Linear. Here z = xW + b, W is "
            "(inputs, outputs), and the layer's input gives the rows: xᵀδ.",
            "tensor", "wrong-variants",
        ),
        Mistake(
            "gradient by the pre-activation",
            "One factor short: the gradient by the pre-activation",
            "This is the gradient by z, one row for each example. The weights' gradient needs one "
            "more factor, the layer's input, as xᵀ on the left. Subtracted from W as it is, it "
            "broadcasts: every row of W gets the same update, and nothing is raised.",
            "tensor", "the-claim",
        ),
        Mistake(
            "input multiplied entry by entry",
            "The layer's input, multiplied entry by entry",
            "d(xw)/dw = x holds for numbers. For a row and a matrix, ∂z/∂W has three axes, and the "
            "product with it is an outer product: every entry of the input meets every entry of "
            "the row behind it.",
            "tensor", "derivation-in-indices",
        ),
        Mistake(
            "transpose of one axis",
            "A transpose of an array with one axis does nothing",
            "A row with one axis, such as x with the shape (D_x,), is its own .T: there is no "
            "column, and @ would take a dot product. With a for the layer's input and d for the "
            "error behind it, np.outer(a, d) makes the matrix; so does a[:, None] * d.",
            "question", "the-mismatch",
        ),
        Mistake(
            "gradient by the input",
            "The gradient by the layer's input in place of the one by its weights",
            "Going on with δWᵀ is the way back to the layer's input, which has the input's shape. "
            "The weights' gradient takes the layer's input instead: xᵀδ.",
            "chain", "one-more-factor-for-each-gradient",
        ),
        Mistake(
            "reshape for transpose",
            "A reshape in place of a transpose",
            "Both have the right shape. A transpose moves each number to its mirrored place; a "
            "reshape leaves the numbers in the order in which they are stored, and only breaks the "
            "lines elsewhere. The entries are scrambled, and even the norm is right.",
            "output_layer", "wrong-variants",
        ),
        Mistake(
            "weights not transposed",
            "The weights without their transpose",
            "The Jacobian's rows belong to the output: ∂z₂/∂h has entry [k, i] = W₂[i, k], so it "
            "is W₂ᵀ (and ∂z₁/∂x is W₁ᵀ). The row in front has the output's length, and only Wᵀ "
            "begins with it. Where two sizes coincide the product exists and is wrong in silence.",
            "output_layer", "by-h-where-the-transpose-comes-from",
        ),
        Mistake(
            "error not sent through the weights",
            "The output's error was not sent back through W₂",
            "ŷ − y has one entry for each class, the hidden layer one for each hidden unit. "
            "Between them stands ∂z₂/∂h = W₂ᵀ, which turns the one row into the other.",
            "sigmoid", "wrong-variants",
        ),
        Mistake(
            "slope before the weights",
            "The sigmoid's slope, multiplied on before W₂ᵀ",
            "* and @ have equal precedence and group from the left, so the slope meets ŷ − y "
            "first, and H entries meet D_y. The error first goes through W₂ᵀ; then the slope is "
            "multiplied on.",
            "sigmoid", "what-grouping-does",
        ),
        Mistake(
            "bias row kept",
            "The bias's row of the stacked matrix was kept on the way back",
            "With a 1 beside h, as [1 h] or [h 1], the stacked matrix has H+1 rows. The 1 is a "
            "constant: no gradient goes into it, so its row is dropped on the way back, and W₂ᵀ "
            "alone remains.",
            "output_layer", "by-h-where-the-transpose-comes-from",
        ),
        Mistake(
            "matrix product with the slope",
            "A matrix product with the sigmoid's slope",
            "∂h/∂z₁ is a matrix, diag(h(1 − h)). A row times a diagonal matrix is a product entry "
            "by entry, so with the row h(1 − h) itself the operation is * (∘), not @.",
            "sigmoid", "why-circ-is-a-product-with-it",
        ),
        Mistake(
            "entry by entry with a diagonal matrix",
            "A product entry by entry with a diagonal matrix",
            "diag(h(1 − h)) goes with @, the row h(1 − h) goes with *. A row * a matrix broadcasts "
            "to a matrix whose off-diagonal entries are zero: use one of the two, not both.",
            "sigmoid", "why-circ-is-a-product-with-it",
        ),
        Mistake(
            "row for a column",
            "A row, multiplied on where a column is needed",
            "A diagonal matrix on the left of a matrix scales its rows, one on the right its "
            "columns. * with the row h(1 − h) scales columns. To scale rows take the slopes as a "
            "column, (h(1 − h))ᵀ with *, or as diag(h(1 − h)) with @.",
            "sigmoid", "why-circ-is-a-product-with-it",
        ),
        Mistake(
            "order of the links",
            "The links of the chain in the wrong order",
            "The way from J goes back one link at a time: ŷ − y, then W₂ᵀ, then the slope "
            "h(1 − h), then W₁ᵀ. The slope has H entries, so it is multiplied on before W₁ᵀ turns "
            "H entries into D_x.",
            "sigmoid", "what-grouping-does",
        ),
        Mistake(
            "entry by entry over the examples",
            "* in place of @, where the product sums over the examples",
            "For one row, column * row broadcasts to the outer product and is right by accident. "
            "For N rows the sum over the examples is inside the matrix product, @.",
            "tensor", "a-batch",
        ),
        Mistake(
            "diagonal matrix of a batch",
            "One diagonal matrix made of N rows",
            "For one row, * with h(1 − h) is @ with diag(h(1 − h)). Of N rows np.diagflat makes "
            "one N·H×N·H matrix, which belongs to no row. Each row has a diagonal matrix of its "
            "own, and * multiplies all N rows by theirs at once.",
            "sigmoid", "why-circ-is-a-product-with-it",
        ),
        Mistake(
            "grouped with the weights",
            "W₂ᵀ ∘ h grouped first",
            "For one row this scales the columns of W₂ᵀ, and the result is right. For a batch each "
            "example has a slope of its own, so W₂ᵀ (D_y×H) and h (N×H) don't fit. Group from the "
            "left: first (ŷ − y) W₂ᵀ, then ∘ h ∘ (1 − h).",
            "sigmoid", "what-grouping-does",
        ),
        Mistake(
            "grouping",
            "Two products, grouped the other way",
            "Products and ∘ have equal rank and group from the left. Another grouping is another "
            "formula; brackets say which one is meant.",
            "sigmoid", "what-grouping-does",
        ),
        Mistake(
            "slope missing",
            "The sigmoid's slope is missing",
            "h = σ(z₁) stands between W₂ᵀ and W₁, so its derivative h(1 − h) is a factor. Without "
            "it the shape is right, and what each example sends through unit j is too large by "
            "1/(hⱼ(1 − hⱼ)), at least 4.",
            "sigmoid", "wrong-variants",
        ),
        Mistake(
            "slope incomplete",
            "Only a part of the sigmoid's slope",
            "σ′(z₁) = h(1 − h) has two factors, h and 1 − h. With one of them the shape is right, "
            "and what each example sends through a unit is too large.",
            "sigmoid", "wrong-variants",
        ),
        Mistake(
            "slope of the pre-activation",
            "The slope's formula, fed with z₁",
            "s(1 − s) is the sigmoid's slope written in its output: s = h = σ(z₁), not z₁.",
            "sigmoid", "wrong-variants",
        ),
        Mistake(
            "slope of the activation",
            "The sigmoid applied once too often",
            "h is already σ(z₁). The slope is h(1 − h), not σ(h)(1 − σ(h)).",
            "sigmoid", "wrong-variants",
        ),
        Mistake(
            "another activation",
            "Another activation than the network's",
            "h = tanh(z₁) and h = max(z₁, 0), ReLU, are other networks, with other gradients. Here "
            "h = σ(z₁), the sigmoid, whose slope is h(1 − h).",
            "sigmoid", "the-claim",
        ),
        Mistake(
            "slope of tanh",
            "The slope of tanh, for a sigmoid",
            "1 − h² is the slope where h = tanh(z₁). Here h = σ(z₁), whose slope is h(1 − h).",
            "sigmoid", "wrong-variants",
        ),
        Mistake(
            "slope of ReLU",
            "The slope of ReLU, for a sigmoid",
            "1 where z₁ > 0 is the slope where h = max(z₁, 0). Here h = σ(z₁), whose slope is "
            "h(1 − h).",
            "sigmoid", "wrong-variants",
        ),
        Mistake(
            "slope of the wrong layer",
            "The slope of another layer's activation",
            "Between ∂J/∂h and ∂J/∂z₁ stands the slope of h = σ(z₁), which has H entries: "
            "h(1 − h). x and the weights go through no sigmoid, and ŷ is a softmax.",
            "sigmoid", "wrong-variants",
        ),
        Mistake(
            "slope twice",
            "The sigmoid's slope, multiplied on twice",
            "The chain goes through σ once, so h(1 − h) is a factor once. A gradient by z₁ holds "
            "it already.",
            "sigmoid", "wrong-variants",
        ),
        Mistake(
            "slope wrong",
            "Another function in place of the sigmoid's slope",
            "The slope of σ is h(1 − h): between 0 and 1/4 everywhere, and largest at z₁ = 0.",
            "sigmoid", "one-number",
        ),
        Mistake(
            "activation for its slope",
            "The activation in place of its slope",
            "The factor between ∂J/∂h and ∂J/∂z₁ is the derivative of h = σ(z₁), h(1 − h), not a "
            "value of the forward pass.",
            "sigmoid", "one-number",
        ),
        Mistake(
            "sign",
            "The sign is flipped",
            "J = −Σ y log ŷ has the minus in front. Its derivative by ŷ keeps it, −y/ŷ, and by z₂ "
            "it gives ŷ − y, prediction minus label. Steps along this would go uphill.",
            "softmax", "the-loss-by-hat-y",
        ),
        Mistake(
            "sign of a link",
            "The sign is flipped",
            "This is exactly minus the derivative. A difference stands the other way round, or one "
            "of two signs that cancel was forgotten: in the slope of the sigmoid the derivative of "
            "1/u has a minus, and that of 1 + e^(−z) has one too.",
            "sigmoid", "one-number",
        ),
        Mistake(
            "sign inside",
            "A wrong sign inside the formula",
            "The sign of one term or factor is wrong. That doesn't flip the whole, so the result "
            "isn't minus the gradient but another value.",
            "where_wrong", "the-shape-is-right-and-the-value-is-wrong",
        ),
        Mistake(
            "1 for δ",
            "1 in the place of δ",
            "s(1 − s) is the derivative of one entry by its own input, k = i. In the matrix stands "
            "δₖᵢ, which is 1 there and 0 elsewhere: ŷₖ(δₖᵢ − ŷᵢ) for softmax, hₖ(1 − hₖ) δₖᵢ for "
            "the sigmoid. With 1 in its place the entries off the diagonal are wrong.",
            "softmax", "softmax-by-z-2",
        ),
        Mistake(
            "δ missing",
            "δ is missing",
            "δ is 1 where its two letters are equal and 0 elsewhere: each unit has its own "
            "weights, bias and slope, and each example its own row. Without it, or with ones in "
            "its place, a unit or an example depends on what belongs to another.",
            "tensor", "wrong-variants",
        ),
        Mistake(
            "Jacobian of log ŷ",
            "The factor ŷₖ of each row is missing",
            "Row k of softmax's Jacobian is ŷₖ(δₖᵢ − ŷᵢ). δₖᵢ − ŷᵢ alone is the derivative of "
            "log ŷₖ, and that of ŷₖ is ŷₖ times it.",
            "softmax", "softmax-by-z-2",
        ),
        Mistake(
            "one letter for two",
            "The same letter on both factors ŷ",
            "In ŷₖ(δₖᵢ − ŷᵢ) = ŷₖδₖᵢ − ŷₖŷᵢ the two ŷ have different letters, k for the row and i "
            "for the column, so the last term is an outer product. ŷ² and ŷ * ŷ are one row, and * "
            "with the row ŷ scales columns.",
            "softmax", "softmax-by-z-2",
        ),
        Mistake(
            "one term of softmax",
            "One of the two terms of softmax's Jacobian",
            "ŷₖ = exp(z₂ₖ) / Σ depends on z₂ᵢ in two ways: through its own exponential, which "
            "gives diag(ŷ), and through the sum that all classes share, which gives −ŷₖŷᵢ. The "
            "Jacobian is diag(ŷ) − ŷᵀŷ.",
            "softmax", "softmax-by-z-2",
        ),
        Mistake(
            "softmax Jacobian of the labels",
            "Softmax's Jacobian, written with the labels",
            "ŷᵢ(δᵢⱼ − ŷⱼ) is a formula in softmax's output ŷ. The label y plays no part before "
            "the loss.",
            "softmax", "softmax-by-z-2",
        ),
        Mistake(
            "outer product meant",
            "One number, or one row, in place of an outer product",
            "ŷₖŷᵢ has two letters: every entry meets every other. A column times a row gives that "
            "matrix, ŷᵀŷ or np.outer(ŷ, ŷ). A row times a column is one number, and * of two rows "
            "is one row.",
            "softmax", "softmax-by-z-2",
        ),
        Mistake(
            "softmax diagonal only",
            "Only the diagonal of softmax's Jacobian",
            "Softmax's Jacobian has entries ŷᵢ(δᵢⱼ − ŷⱼ). Every logit moves every probability, "
            "because they share one sum. Without the terms −ŷᵢŷⱼ a class whose label is 0 gets no "
            "gradient.",
            "softmax", "three-wrong-gradients-of-the-right-shape",
        ),
        Mistake(
            "output slope on ŷ − y",
            "One more slope on ŷ − y",
            "ŷ − y is already ∂J/∂z₂: softmax's Jacobian is inside. The factor ŷ(1 − ŷ) belongs to "
            "squared error with sigmoid outputs.",
            "softmax", "three-wrong-gradients-of-the-right-shape",
        ),
        Mistake(
            "softmax Jacobian twice",
            "Softmax's Jacobian, multiplied on twice",
            "ŷ − y is ∂J/∂ŷ times the Jacobian already. The Jacobian goes with ∂J/∂ŷ = −y/ŷ.",
            "softmax", "three-wrong-gradients-of-the-right-shape",
        ),
        Mistake(
            "softmax Jacobian of the logits",
            "Softmax's Jacobian, written with the logits",
            "ŷᵢ(δᵢⱼ − ŷⱼ) is a formula in softmax's output ŷ, not in z₂.",
            "softmax", "softmax-by-z-2",
        ),
        Mistake(
            "softmax skipped",
            "Softmax's Jacobian is missing: this is ∂J/∂ŷ",
            "−y/ŷ is the gradient by the probabilities: with a one-hot label only the true class "
            "has an entry. ∂J/∂z₂ is that times ∂ŷ/∂z₂, and comes out as ŷ − y.",
            "softmax", "the-loss-by-hat-y",
        ),
        Mistake(
            "softmax not applied",
            "Logits in place of probabilities",
            "∂J/∂z₂ = ŷ − y needs ŷ = softmax(z₂). z₂ itself isn't a probability.",
            "softmax", "the-claim",
        ),
        Mistake(
            "softmax not normalised",
            "Exponentials that are not divided by their sum",
            "softmax is exp(z₂) divided by the sum of its row. Without it the entries aren't "
            "probabilities.",
            "softmax", "with-numbers-first",
        ),
        Mistake(
            "sigmoid for softmax",
            "A sigmoid in place of softmax",
            "ŷ = softmax(z₂): the entries of a row share one sum. A sigmoid treats each alone.",
            "softmax", "with-numbers-first",
        ),
        Mistake(
            "slope of the error",
            "s(1 − s) applied to the error",
            "s(1 − s) is a slope written in an activation s. ŷ − y is no activation, and it is "
            "∂J/∂z₂ already.",
            "softmax", "three-wrong-gradients-of-the-right-shape",
        ),
        Mistake(
            "class index",
            "A class index in place of a one-hot row",
            "np.argmax gives the number of the class. Subtracted from ŷ it is taken off every "
            "class (or, for a batch, it broadcasts along the wrong axis). ŷ − y needs the row with "
            "a 1 in the place of the class.",
            "shapes", "labels",
        ),
        Mistake(
            "label forgotten",
            "The label is missing",
            "∂J/∂z₂ is prediction minus label, ŷ − y.",
            "softmax", "the-claim",
        ),
        Mistake(
            "prediction forgotten",
            "The prediction is missing",
            "∂J/∂z₂ = ŷ − y compares what the network says with what it should say. The label y "
            "alone is the same whatever the network says, and so would every step be.",
            "softmax", "the-product-and-what-it-needs-of-y",
        ),
        Mistake(
            "label added",
            "The label is added, not subtracted",
            "∂J/∂z₂ is prediction minus label, ŷ − y; its entries sum to 0.",
            "softmax", "the-claim",
        ),
        Mistake(
            "loss for its gradient",
            "A term of the loss in place of its derivative",
            "y log ŷ is a term of J itself. The derivative of −y log ŷ by ŷ is −y/ŷ.",
            "softmax", "the-loss-by-hat-y",
        ),
        Mistake(
            "squared error",
            "The gradient of another loss",
            "This goes with squared error. For cross-entropy behind softmax ∂J/∂z₂ is ŷ − y.",
            "softmax", "the-claim",
        ),
        Mistake(
            "binary cross-entropy",
            "The gradient of binary cross-entropy",
            "(ŷ − y)/(ŷ(1 − ŷ)) is ∂J/∂ŷ for one sigmoid output and a loss with two terms. Here "
            "the loss is −Σ y log ŷ over the classes, and ŷ is a softmax.",
            "softmax", "the-loss-by-hat-y",
        ),
        Mistake(
            "softmax twice",
            "Softmax, applied twice",
            "ŷ is softmax(z₂) already. ∂J/∂z₂ is ŷ − y, with no softmax around it.",
            "softmax", "the-claim",
        ),
        Mistake(
            "every class for the true one",
            "An entry for every class, whatever its label",
            "In J = −Σ y log ŷ the label says which classes count. The derivative of −yₖ log ŷₖ is "
            "−yₖ/ŷₖ: 0 for every class whose label is 0. Without yₖ each class gets an entry.",
            "softmax", "the-loss-by-hat-y",
        ),
        Mistake(
            "quotient upside down",
            "The quotient is upside down",
            "The derivative of log ŷ is 1/ŷ, so ŷ stands below and y above: −y/ŷ. Turned over it "
            "is ∞ wherever a label is 0.",
            "softmax", "the-loss-by-hat-y",
        ),
        Mistake(
            "diag extracts",
            "np.diag of a matrix takes the diagonal out",
            "np.diag makes a diagonal matrix of an array with one axis. Of one with two axes it "
            "takes the diagonal out, and rows have two. One row, (1, D_y) or (1, H), leaves one "
            "number, which then broadcasts; N rows, (N, H), leave min(N, H) numbers. np.diagflat "
            "makes the matrix of one row.",
            "softmax", "softmax-by-z-2",
        ),
        Mistake(
            "labels that don't sum to 1",
            "ŷ − y needs rows of y that sum to 1",
            "In general ∂J/∂z₂ = ŷ Σy − y. It is ŷ − y only where Σy = 1.",
            "softmax", "the-product-and-what-it-needs-of-y",
        ),
        Mistake(
            "one-hot only",
            "Right for one-hot labels only",
            "With labels of one 1 and zeros this is the gradient. With rows of probabilities that "
            "sum to 1 it isn't.",
            "shapes", "labels",
        ),
        Mistake(
            "softmax over the whole batch",
            "Softmax over the whole batch",
            "np.sum without an axis adds up all N rows, so the matrix sums to 1 in place of each "
            "row. Sum with axis=1, keepdims=True.",
            "softmax", "a-batch",
        ),
        Mistake(
            "softmax over the examples",
            "Softmax, normalised over the examples instead of the classes",
            "axis=0 adds up over the examples, so each column sums to 1. An example is a row, and "
            "its probabilities sum to 1: sum with axis=1, keepdims=True.",
            "softmax", "a-batch",
        ),
        Mistake(
            "1 for the label",
            "1 subtracted from every class",
            "A one-hot label is 1 for the true class only. There the gradient is ŷ − 1; for all "
            "other classes the label is 0, and the gradient is ŷ. ŷ − y says both.",
            "shapes", "labels",
        ),
        Mistake(
            "outer product of a batch",
            "np.outer with N rows",
            "np.outer makes one long vector of each argument, so every example meets every other. "
            "For N rows the sum of the N outer products is a matrix product: aᵀd, with a for the "
            "layer's input and d for its error.",
            "tensor", "a-batch",
        ),
        Mistake(
            "update for its gradient",
            "A step of gradient descent in place of the gradient",
            "This is the parameter after a step, W − lr·∂J/∂W. The gradient is what stands behind "
            "the learning rate.",
            "chain", "one-more-factor-for-each-gradient",
        ),
        Mistake(
            "brackets missing",
            "Brackets are missing around a difference",
            "A product binds tighter than a minus: h * 1 - h is (h * 1) − h. The slope is "
            "h * (1 - h).",
            "sigmoid", "what-grouping-does",
        ),
        Mistake(
            "diagonal for its matrix",
            "The diagonal in place of the matrix",
            "This is the Jacobian's diagonal, written as a row. The Jacobian has an axis for the "
            "output and one for the input: np.diagflat makes the matrix of it. In a product with "
            "the row in front, that matrix is the same as * with the row.",
            "sigmoid", "why-circ-is-a-product-with-it",
        ),
        Mistake(
            "keepdims missing",
            "A sum over an axis without keepdims",
            "np.sum(…, axis=1) gives (N,). Divided into or subtracted from N×D_y, NumPy lines up "
            "the N with D_y. With keepdims=True it is N×1 and lines up with the rows.",
            "softmax", "a-batch",
        ),
        Mistake(
            "wrong row in the outer product",
            "The wrong layer's row in the outer product",
            "W has one row for each entry of its layer's input. So the row on the left is what "
            "comes into the layer: x for W₁, h for W₂; not its output and not its pre-activation.",
            "output_layer", "wrong-variants",
        ),
        Mistake(
            "weights times the error",
            "The weights themselves, multiplied by the error",
            "The derivative of hW₂ by W₂ holds h, not W₂. W * δ has the right shape only because "
            "it broadcasts.",
            "output_layer", "by-w-2-three-axes",
        ),
        Mistake(
            "bias not summed",
            "The bias's gradient is not summed over the examples",
            "One bias serves all N rows, so each row adds to its gradient: sum over axis 0. "
            "b − lr·g with N rows of g makes b a matrix of N rows, and nothing is raised.",
            "batch", "why-the-bias-is-summed",
        ),
        Mistake(
            "bias summed over the wrong axis",
            "The bias's gradient, summed over the wrong axis",
            "The sum goes over the examples, axis 0, and keeps one entry for each unit. Over axis "
            "1, or over all entries, what is left has no entry for each unit. For b₂ it is even 0, "
            "because the rows of ŷ − y sum to 0, and the bias never learns.",
            "batch", "why-the-bias-is-summed",
        ),
        Mistake(
            "bias as a factor",
            "The bias as a factor of its own gradient",
            "z = xW + b: the derivative by b is the identity, 1 for each entry, not b.",
            "output_layer", "by-b-2-the-identity",
        ),
        Mistake(
            "factor",
            "A constant factor too much or too little",
            "The direction is right, and the cosine with the gradient is 1: only the scale is off.",
            "chain", "a-batch",
        ),
        Mistake(
            "1/N missing",
            "The loss is a mean, the gradient a sum",
            "With J the mean over N rows every gradient has the factor 1/N. Here it is exactly N "
            "times too large; the direction is right.",
            "batch", "mean-or-sum-the-place-of-1-n",
        ),
        Mistake(
            "1/N too much",
            "The loss is a sum, the gradient a mean",
            "With J summed over the rows no gradient has a factor 1/N. Here it is N times too "
            "small; the direction is right.",
            "batch", "mean-or-sum-the-place-of-1-n",
        ),
        Mistake(
            "1/N twice",
            "Divided by N twice",
            "J is the mean over N rows, so ∂J/∂z₂ has the 1/N, and every gradient behind it gets "
            "it from there. Here 1/N is a factor once more; the direction is right.",
            "batch", "mean-or-sum-the-place-of-1-n",
        ),
        Mistake(
            "mean over all entries",
            "Divided by the number of entries, not of examples",
            "yhat.size and np.mean count N·D_y entries. The mean of the loss is over the N "
            "examples, and a sum has no divisor at all.",
            "batch", "mean-or-sum-the-place-of-1-n",
        ),
        Mistake(
            "product of sums",
            "The product of two sums, in place of the sum of products",
            "Each example's input a goes with its own error d, then the products are summed: "
            "Σₙ aₙᵢ dₙⱼ, one letter n on both. Two sums, each on its own, mix different examples.",
            "tensor", "a-batch",
        ),
        Mistake(
            "products not summed",
            "The examples' products aren't summed",
            "The array has an axis N: one outer product for each example. All examples share the "
            "weights, so the gradient is the sum of the N products, in which n doesn't stand "
            "behind the arrow: ni,nj->ij, or aᵀd with the layer's input a and its error d.",
            "tensor", "a-batch",
        ),
        Mistake(
            "summed once more",
            "Summed once more, after the product",
            "The sum over the N examples is inside the product already: the axis N is the one that "
            "it takes away. A further sum or mean takes an axis of W away.",
            "tensor", "a-batch",
        ),
        Mistake(
            "examples summed too early",
            "The examples are summed or averaged too early",
            "Each example has its own row in x, h, δ and ŷ, and its own slope. Only the gradients "
            "by W and b are sums over the examples, because all examples share W and b, and the "
            "sum comes last.",
            "tensor", "a-batch",
        ),
        Mistake(
            "axis of length 1",
            "An axis of length 1 is left over",
            "The values are right, the shape isn't: a row such as 1×H, or a column such as H×1, "
            "keeps its axis of length 1. [0] or np.squeeze drops it.",
            "shapes", "which-axis-comes-first",
        ),
        Mistake(
            "einsum letters",
            "einsum's letters don't say what is meant",
            "An array has as many letters as axes, in their order. A letter that stands twice is "
            "one axis, walked along together; a letter that is missing behind -> is summed over.",
            "tensor", "the-same-tensor-as-an-einsum",
        ),
        Mistake(
            "overflow",
            "Right in exact arithmetic, nan on extreme inputs",
            "exp overflows beyond 709, and a probability may underflow to 0: then the formula is "
            "∞/∞ or 0/0. Subtract each row's largest logit first, or take ŷ − y, in which nothing "
            "is divided.",
            "softmax", "large-numbers",
        ),
        Mistake(
            "clipped",
            "A guard against 0 that changes the gradient",
            "np.clip, or a small number that is added, keeps 1/ŷ finite. The loss J has no such "
            "guard: where it acts, this is not J's gradient. ŷ − y needs none, because nothing is "
            "divided.",
            "softmax", "large-numbers",
        ),
        Mistake(
            "updated weights",
            "W₂ was updated before its gradient was passed on",
            "All gradients are taken at the same parameters. With the updated W₂ the error sent "
            "back is a little off: too little to see in the loss.",
            "chain", "wrong-variants",
        ),
        Mistake(
            "pseudo-inverse",
            "The pseudo-inverse in place of the transpose",
            "An error is sent back with the Jacobian, W₂ᵀ. Nothing is solved or undone here, so no "
            "inverse stands in the chain rule.",
            "output_layer", "by-h-where-the-transpose-comes-from",
        ),
        Mistake(
            "tensor as a stack",
            "@ with an array of three axes",
            "NumPy's @ takes the first axis of a third-order array as a stack of matrices. The "
            "chain rule sums over that axis: np.tensordot(row, tensor, 1), or the outer product "
            "that it collapses to.",
            "tensor", "the-same-tensor-as-an-einsum",
        ),
        Mistake(
            "index letters",
            "An index letter doesn't fit the axes that it stands on",
            "Each letter ranges over one axis wherever it stands. The result has one letter for "
            "each of its axes; a letter that isn't an index of the result needs a written Σ over "
            "it.",
            "forward", "in-letters",
        ),
        Mistake(
            "transpose missing",
            "A transpose is missing, or one too many",
            "Say the shapes beside each factor: where two meet, their names have to be the same. "
            "A transpose exchanges the two names.",
            "shapes", "which-axis-comes-first",
        ),
        Mistake(
            "order of a product",
            "The factors of a product in the wrong order",
            "A matrix product takes the last axis of the left factor against the first axis of the "
            "right one; in the other order other axes meet.",
            "shapes", "the-claim",
        ),
        Mistake(
            "order of a Kronecker product",
            "The factors of a Kronecker product in the wrong order",
            "A ⊗ B puts a whole B in the place of each entry of A. I ⊗ x has the row x once in "
            "each of its rows, one place further on; x ⊗ I has a whole identity for each entry "
            "of x. Which one goes with vec follows from its order, here column by column.",
            "tensor", "the-same-tensor-as-a-matrix-vec-and-kronecker",
        ),
        Mistake(
            "Jacobian by vec(W)",
            "The Jacobian by the weights as one long vector",
            "A Kronecker product of I and the input is the Jacobian by vec(W), the weights strung "
            "together: two axes, the second one as long as W has entries. By W itself there are "
            "three axes: the second one is split into the two of W.",
            "tensor", "the-same-tensor-as-a-matrix-vec-and-kronecker",
        ),
        Mistake(
            "axes of the tensor",
            "The tensor's axes in another order",
            "The values are right and stand in other places. The output's axis comes first, then "
            "the two of the weights: T[k,i,j], k for the unit, i and j for the weight's row and "
            "column.",
            "tensor", "derivation-in-indices",
        ),
        Mistake(
            "weights in front of a row",
            "A formula for columns, used with rows",
            "Where δ is a column, W δ sends it back. Here δ is a row, so both the order and the "
            "transpose change: δ Wᵀ, the transpose of the whole product.",
            "conventions", "one-rule-transpose-the-whole-product",
        ),
        Mistake(
            "input's axes first",
            "The axes of the derivative in the other order",
            "This is the transpose. In numerator layout, the book's, a Jacobian has one row for "
            "each entry of the output. In denominator layout it has one row for each entry of the "
            "input, and the chain rule reads from right to left.",
            "conventions", "numerator-and-denominator-layout",
        ),
        Mistake(
            "product of the wrong kind",
            "The wrong kind of product",
            "@ sums over the axis in the middle; * multiplies entry by entry and keeps the shape. "
            "Which of the two stands here follows from the Jacobian: a diagonal one gives *.",
            "sigmoid", "why-circ-is-a-product-with-it",
        ),
        Mistake(
            "factor missing",
            "A factor of the chain is missing",
            "Each arrow on the way from J back to the target gives one factor. Here one is left "
            "out.",
            "chain", "every-factor-its-shape-and-its-index-order",
        ),
        Mistake(
            "sum for a product",
            "Added where the chain multiplies",
            "Along one way from J back to the target the factors are multiplied. A sum comes from "
            "several ways to the same place: over the entries k of z₂ in ∂J/∂h, over the rows n "
            "in ∂J/∂W.",
            "chain", "the-claim",
        ),
        Mistake(
            "term too many",
            "A term too many",
            "A sum in a gradient comes from several ways between J and the target, and here there "
            "is no further way. The gradient of a penalty on the weights belongs to a loss that "
            "has the penalty.",
            "chain", "the-claim",
        ),
        Mistake(
            "not summed",
            "Another function in place of the sum",
            "What every row of a batch shares, such as a bias, acts on J through all rows, and the "
            "contributions of the ways add up: np.sum over the rows.",
            "batch", "why-the-bias-is-summed",
        ),
        Mistake(
            "factor too many",
            "A factor too many",
            "Each arrow on the way from J back to the target gives one factor, and only one.",
            "chain", "every-factor-its-shape-and-its-index-order",
        ),
        Mistake(
            "another symbol",
            "Another quantity of the same shape",
            "The shape is right and cannot tell the two apart; only the values can.",
            "chain", "every-factor-its-shape-and-its-index-order",
        ),
        Mistake(
            "symbol of another shape",
            "Another quantity than the one that belongs here",
            "Its shape tells: it has other axes than what belongs in this place. Ask of each "
            "factor which layer it belongs to, and what it is at the input and at the output.",
            "chain", "every-factor-its-shape-and-its-index-order",
        ),
        Mistake(
            "another quantity",
            "This is another gradient than the one that is asked for",
            "The formula is right for what it computes. The target is another quantity of the "
            "chain.",
            "chain", "one-more-factor-for-each-gradient",
        ),
        Mistake(
            "value",
            "The shape is right and the values are wrong",
            "A shape can't tell which of several quantities with the same axes stands in a place. "
            "Compare the value at each step with the quantity that it should be.",
            "where_wrong", "the-shape-is-right-and-the-value-is-wrong",
        ),
        Mistake(
            "shape",
            "The shapes don't fit one another or the target",
            "Say the shapes beside each factor: the axes that meet in a product need the same "
            "name, and what is left over has to be the target's shape. Where every product fits, "
            "look for one that sums over an axis of the target, or that leaves one too many.",
            "shapes", "the-claim",
        ),
    )
}  # fmt: skip


def mistake_in(mistake: Mistake, goal: Partial) -> Mistake:
    """Return a mistake that may happen anywhere with the section that derives the target."""
    section = DERIVED.get((goal.of.name, goal.by.name))
    if mistake.name not in ANYWHERE or section is None:
        return mistake
    return mistake._replace(chapter=section[0], section=section[1])
