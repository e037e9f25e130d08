"""What is said of a mistake in an exercise, where the answer must not be given away."""

from mlp_lib.equations.answers.mistakes import MISTAKES, Mistake

# Titles that hold a part of the answer, as they are then.
TITLES = {
    "slope before the weights": "The sigmoid's slope, multiplied on too early",
    "grouped with the weights": "The weights and the slope, grouped first",
    "output slope on ŷ − y": "One slope too many at the output",
    "labels that don't sum to 1": "This relies on rows of y that sum to 1",
    "weights not transposed": "The weights, and not their Jacobian",
}
# Explanations without the right formula, by the mistake's name. Those of all others have none.
HINTS = {
    "order of the factors": "∂z/∂W is a third-order tensor, not the layer's input itself. Write "
    "out one entry of the product with it: which index belongs to the input, which to the row?",
    "column formula on rows": "It holds where every example is a column. Here every example is a "
    "row: over which axis does the product have to sum, and where does it stand then?",
    "outer product transposed": "It is right where the weights are stored as (outputs, inputs), as "
    "in notes with columns or in PyTorch's nn.Linear. Here z = xW + b, and W is (inputs, outputs).",
    "gradient by the pre-activation": "This is the gradient by z, one row for each example. What "
    "is the derivative of z by W? Subtracted from W as it is, it broadcasts: every row of W gets "
    "the same update, and nothing is raised.",
    "transpose of one axis": "A row with one axis, such as x with the shape (D_x,), is its own "
    "transpose: there is no column, and @ takes a dot product. Which product of two such rows is a "
    "matrix?",
    "gradient by the input": "This goes on to the layer's input, and has the input's shape. What "
    "does z depend on besides its input?",
    "weights not transposed": "The Jacobian's rows belong to the output. Write ∂z₂/∂h entry by "
    "entry and compare its shape with that of W₂. Where two sizes coincide a product with the "
    "wrong one exists and is wrong in silence.",
    "error not sent through the weights": "The error at the output has one entry for each class, "
    "the hidden layer one for each hidden unit. Which derivative stands between them?",
    "slope before the weights": "* and @ have equal precedence and group from the left. Count the "
    "entries of the two parts that meet first: to which layer does each belong?",
    "bias row kept": "With a 1 beside h, as [1 h] or [h 1], the stacked matrix has H+1 rows. The 1 "
    "is a constant: no gradient goes into it.",
    "matrix product with the slope": "∂h/∂z₁ is a matrix with one number for each hidden unit. "
    "What kind of matrix is it, and what is a row times such a matrix?",
    "entry by entry with a diagonal matrix": "A row * a matrix broadcasts to a matrix whose "
    "off-diagonal entries are zero. A diagonal matrix and the row of its diagonal go with two "
    "different products.",
    "row for a column": "A row, multiplied on entry by entry, scales columns. Which of the two "
    "axes of the matrix do the slopes belong to?",
    "order of the links": "The way from J goes back one link at a time, from layer to layer. Count "
    "the entries of what each factor meets: the slope has one for each hidden unit.",
    "diagonal matrix of a batch": "Of N rows one diagonal matrix is made here, which belongs to no "
    "row. Each row has a diagonal matrix of its own.",
    "grouped with the weights": "For one row the result is right. For a batch each example has a "
    "slope of its own, one row for each, and the weights are the same for all. What has to meet "
    "the weights first?",
    "slope missing": "Between the weights W₂ and W₁ stands h = σ(z₁). What does the chain rule ask "
    "of a function on the way? Without it the shape is right, and the value is too large.",
    "slope incomplete": "The derivative of σ, written in its own value, has two factors. With one "
    "of them the shape is right, and what each example sends through a unit is too large.",
    "slope of the pre-activation": "The sigmoid's slope can be written in its output or in its "
    "input. This is the formula for the one, fed with the other.",
    "slope of the activation": "h is already σ(z₁), and here σ is applied to it again.",
    "another activation": "h = tanh(z₁) and h = max(z₁, 0), ReLU, are other networks, with other "
    "gradients. Here h = σ(z₁), the sigmoid.",
    "slope of tanh": "1 − h² is the slope where h = tanh(z₁). Here h = σ(z₁).",
    "slope of ReLU": "1 where z₁ > 0 is the slope where h = max(z₁, 0). Here h = σ(z₁).",
    "slope of the wrong layer": "The slope on the way from ∂J/∂h to ∂J/∂z₁ has H entries. x and "
    "the weights go through no sigmoid, and ŷ is a softmax.",
    "slope twice": "The chain goes through σ once. A gradient by z₁ holds its slope already.",
    "slope wrong": "The slope of σ is between 0 and 1/4 everywhere, and largest at z₁ = 0. This "
    "function isn't.",
    "activation for its slope": "Between ∂J/∂h and ∂J/∂z₁ stands the derivative of h = σ(z₁), not "
    "a value of the forward pass.",
    "sign": "J = −Σ y log ŷ has the minus in front. Follow it through each derivative. Steps along "
    "this would go uphill.",
    "1 for δ": "This holds for one entry by its own input, k = i. What is the derivative of an "
    "entry by another one's input?",
    "Jacobian of log ŷ": "This is the derivative of log ŷₖ. How does that of ŷₖ follow from it?",
    "one letter for two": "In the Jacobian stand two ŷ with different letters, one for the row and "
    "one for the column. ŷ² and ŷ * ŷ are one row, and * with the row ŷ scales columns.",
    "one term of softmax": "ŷₖ = exp(z₂ₖ) / Σ depends on z₂ᵢ in two ways: through its own "
    "exponential, and through the sum that all classes share. Each gives a term.",
    "softmax Jacobian of the labels": "Softmax's Jacobian is a formula in its output. The label y "
    "plays no part before the loss.",
    "outer product meant": "The term has two letters: every entry meets every other. A row times a "
    "column is one number, and * of two rows is one row.",
    "softmax diagonal only": "Every logit moves every probability, because they share one sum. "
    "Without the terms off the diagonal a class whose label is 0 gets no gradient.",
    "output slope on ŷ − y": "The error at the output is ∂J/∂z₂ already, with softmax's Jacobian "
    "inside. The factor s(1 − s) belongs to squared error with sigmoid outputs.",
    "softmax Jacobian twice": "The error at the output holds softmax's Jacobian already, and here "
    "it stands once more.",
    "softmax Jacobian of the logits": "Softmax's Jacobian is a formula in its output, not in its "
    "input z₂.",
    "softmax skipped": "This is the gradient by the probabilities: with a one-hot label only the "
    "true class has an entry. The way goes on through softmax to z₂.",
    "softmax not applied": "z₂ itself isn't a probability. What stands between it and the loss?",
    "softmax not normalised": "An exponential alone is no probability: what is the sum of a row?",
    "sigmoid for softmax": "In this network the probabilities of a row share one sum. A sigmoid "
    "treats each alone.",
    "slope of the error": "s(1 − s) is a slope written in an activation s. The error is none.",
    "class index": "np.argmax gives the number of the class. Subtracted from ŷ it is taken off "
    "every class, or, for a batch, it broadcasts along the wrong axis.",
    "label forgotten": "The gradient by z₂ depends on the label, and here it plays no part.",
    "prediction forgotten": "The label y alone is the same whatever the network says, and so would "
    "every step be.",
    "label added": "The entries of ∂J/∂z₂ sum to 0 in each row. Those of this sum to 2.",
    "loss for its gradient": "y log ŷ is a term of J itself. What is its derivative by ŷ?",
    "squared error": "This goes with squared error. Here the loss is cross-entropy.",
    "binary cross-entropy": "This is the gradient for one sigmoid output and a loss with two "
    "terms. Here the loss is −Σ y log ŷ over the classes, and ŷ is a softmax.",
    "softmax twice": "ŷ is a softmax already, and here softmax is applied to it again.",
    "every class for the true one": "In J = −Σ y log ŷ the label says which classes count. Without "
    "it each class gets an entry.",
    "quotient upside down": "What is the derivative of a logarithm? Turned over, the quotient is "
    "∞ wherever a label is 0.",
    "diag extracts": "np.diag makes a diagonal matrix of an array with one axis. Of one with two "
    "axes it takes the diagonal out, and rows have two: of one row that leaves one number, which "
    "then broadcasts.",
    "labels that don't sum to 1": "In general the sum of a row of y is a part of the gradient. "
    "Where does it drop out?",
    "softmax over the whole batch": "np.sum without an axis adds up all N rows, so the matrix sums "
    "to 1 in place of each row.",
    "softmax over the examples": "axis=0 adds up over the examples, so each column sums to 1. An "
    "example is a row: whose probabilities have to sum to 1?",
    "1 for the label": "A one-hot label is 1 for the true class only, and 0 for all others.",
    "outer product of a batch": "np.outer makes one long vector of each argument, so every example "
    "meets every other. Each example has an outer product of its own, and these are summed.",
    "brackets missing": "A product binds tighter than a minus: a * 1 - b is (a * 1) − b.",
    "diagonal for its matrix": "This is the Jacobian's diagonal, written as a row. The Jacobian "
    "has an axis for the output and one for the input.",
    "keepdims missing": "The sum over an axis has one axis less. NumPy lines up what is left of it "
    "with the last axis of the matrix.",
    "wrong row in the outer product": "W has one row for each entry of its layer's input. Is that "
    "what stands here?",
    "bias not summed": "One bias serves all N rows, so each row adds to its gradient. b − lr·g "
    "with N rows of g makes b a matrix of N rows, and nothing is raised.",
    "bias summed over the wrong axis": "A bias has one entry for each unit and serves all "
    "examples. What is left here has no entry for each unit. For b₂ it is even 0, and the bias "
    "never learns.",
    "product of sums": "Each example's input goes with its own error, then the products are "
    "summed. Two sums, each on its own, mix different examples.",
    "products not summed": "The array has an axis N: one outer product for each example. All "
    "examples share the weights.",
    "axis of length 1": "The values are right, the shape isn't: a row such as 1×H, or a column "
    "such as H×1, keeps its axis of length 1.",
    "overflow": "exp overflows beyond 709, and a probability may underflow to 0: then the formula "
    "is ∞/∞ or 0/0. Where could the division, or the large exponential, be avoided?",
    "pseudo-inverse": "An error is sent back with a Jacobian. Nothing is solved or undone here, so "
    "no inverse stands in the chain rule.",
    "tensor as a stack": "NumPy's @ takes the first axis of a third-order array as a stack of "
    "matrices. The chain rule sums over that axis.",
    "axes of the tensor": "The values are right and stand in other places. The output's axis comes "
    "first, then the two of the weights.",
    "weights in front of a row": "Where δ is a column, W δ sends it back. Here δ is a row.",
    "not summed": "What every row of a batch shares, such as a bias, acts on J through all rows. "
    "What do the contributions of several ways do?",
    "clipped": "np.clip is flat where it cuts, and the loss isn't clipped. Small probabilities are "
    "the ones that need their gradient most.",
}


def titles_without_answer(text: str) -> str:
    """Return a text with the titles in it that hold a part of the answer in other words."""
    for name, title in TITLES.items():
        text = text.replace(MISTAKES[name].title, title)
    return text


def without_answer(mistake: Mistake) -> Mistake:
    """Return a mistake with words that don't hold the right formula.

    Words that are said of one place, in the place of the usual ones, don't.
    """
    if mistake.explanation != MISTAKES[mistake.name].explanation:
        return mistake
    return mistake._replace(
        title=TITLES.get(mistake.name, mistake.title),
        explanation=HINTS.get(mistake.name, mistake.explanation),
    )
