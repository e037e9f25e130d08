"""What learners write, wrong and right, that no choice of factors generates.

Of a wrong one: target, setting, verdict, mistake, first wrong step, and the suggestion.
"""

from typing import NamedTuple


class Attempt(NamedTuple):
    """A wrong attempt, and what the clinic has to say of it."""

    text: str
    target: str
    setting: dict
    verdict: str
    mistake: str
    first_wrong: str
    suggestion: str


ROW: dict = {}
VEC = {"setup": "vec"}
BATCH = {"setup": "batch"}
MEAN = {"setup": "batch", "loss": "mean"}
E, EB = "(yhat - y)", "(yhat - Y)"
D, DB = f"{E} @ W2.T * h * (1 - h)", f"{EB} @ W2.T * h * (1 - h)"

WRONG = [Attempt(*each) for each in (
    # The output.
    (f"{EB} / Y.size", "dJ_dz2", MEAN, "factor", "mean over all entries", f"{EB} / Y.size",
     f"{EB} / Y.shape[0]"),
    (f"2 * {E} * yhat * (1 - yhat)", "dJ_dz2", ROW, "value", "output slope on ŷ − y", f"2 * {E}",
     "yhat - y"),
    ("softmax(yhat) - y", "dJ_dz2", ROW, "value", "softmax twice", "softmax(yhat)",
     "softmax(z2) - y"),
    ("-np.sum(y * np.log(yhat))", "dJ_dz2", ROW, "broadcast", "loss for its gradient",
     "np.log(yhat)", "yhat - y"),
    ("-1 / yhat", "dJ_dyhat", ROW, "value", "every class for the true one", "-1 / yhat",
     "-y / yhat"),
    ("-yhat / y", "dJ_dyhat", ROW, "value", "quotient upside down", "-yhat / y", "-y / yhat"),
    ("yhat - (y > 0.5)", "dJ_dz2", ROW, "value", "one-hot only", "y > 0.5", "yhat - y"),
    ("-y / yhat * (np.diagflat(yhat) - yhat.T @ yhat)", "dJ_dz2", ROW, "broadcast",
     "product of the wrong kind", "-y / yhat * (np.diagflat(yhat) - yhat.T @ yhat)", "yhat - y"),
    ("-y / yhat @ (np.diagflat(yhat) + yhat.T @ yhat)", "dJ_dz2", ROW, "value", "sign inside",
     "np.diagflat(yhat) + yhat.T @ yhat", "yhat - y"),
    # The output layer.
    (f"h[:, None] @ {E}", "dJ_dW2", VEC, "shape", "product of the wrong kind", f"h[:, None] @ {E}",
     f"h[:, None] * {E}"),
    (f"np.dot(h.T, {E})", "dJ_dW2", VEC, "shape", "transpose of one axis", f"np.dot(h.T, {E})",
     "np.outer(h, yhat - y)"),
    (f"np.mean(h.T @ {EB}, axis=0)", "dJ_dW2", MEAN, "broadcast", "summed once more",
     f"np.mean(h.T @ {EB}, axis=0)", f"h.T @ {EB} / X.shape[0]"),
    ("np.einsum('ni,nj->nij', h, yhat - Y)", "dJ_dW2", BATCH, "broadcast", "products not summed",
     "np.einsum('ni,nj->nij', h, yhat - Y)", "np.einsum('ni,nj->ij', h, yhat - Y)"),
    ("np.einsum('ij,jk->ik', h, yhat - Y)", "dJ_dW2", BATCH, "shape", "einsum letters",
     "np.einsum('ij,jk->ik', h, yhat - Y)", "np.einsum('ji,jk->ik', h, yhat - Y)"),
    ("-h.T.dot(Y - yhat) / 2", "dJ_dW2", BATCH, "factor", "factor", "-h.T.dot(Y - yhat) / 2",
     "-h.T.dot(Y - yhat)"),
    (f"{EB}[0]", "dJ_db2", BATCH, "right for one example only", "bias not summed", f"{EB}[0]",
     "np.sum(yhat - Y, axis=0)"),
    ("np.mean(dJ_dz2, axis=0)", "dJ_db2", MEAN, "factor", "1/N twice", "np.mean(dJ_dz2, axis=0)",
     "np.sum(dJ_dz2, axis=0)"),
    (f"{E} @ W2", "dJ_dh", VEC, "shape", "weights not transposed", f"{E} @ W2", f"{E} @ W2.T"),
    (f"{E} @ np.linalg.inv(W2)", "dJ_dh", ROW, "shape", "pseudo-inverse", "np.linalg.inv(W2)",
     f"{E} @ W2.T"),
    (f"np.sum({EB} @ W2.T, axis=0)", "dJ_dh", BATCH, "broadcast", "examples summed too early",
     f"np.sum({EB} @ W2.T, axis=0)", f"{EB} @ W2.T"),
    # The hidden layer.
    (f"{E} @ W2.T * (h - 1) * h", "dJ_dz1", ROW, "sign", "sign", "h - 1",
     f"{E} @ W2.T * (1 - h) * h"),
    (f"{E} @ W2.T * np.maximum(z1, 0)", "dJ_dz1", ROW, "value", "activation for its slope",
     "np.maximum(z1, 0)", f"{E} @ W2.T * (h * (1 - h))"),
    (f"{E} @ W2.T * yhat * (1 - yhat)", "dJ_dz1", ROW, "shape", "slope of the wrong layer",
     f"{E} @ W2.T * yhat", f"{E} @ W2.T * h * (1 - h)"),
    (f"{E} @ W2.T @ (h * (1 - h)).T", "dJ_dz1", ROW, "broadcast", "matrix product with the slope",
     f"{E} @ W2.T @ (h * (1 - h)).T", f"{E} @ W2.T * (h * (1 - h))"),
    (f"{EB} @ W2.T @ np.diagflat(h * (1 - h))", "dJ_dz1", BATCH, "right for one example only",
     "diagonal matrix of a batch", "np.diagflat(h * (1 - h))", f"{EB} @ W2.T * h * (1 - h)"),
    ("dJ_dh * dh_dz1", "dJ_dz1", ROW, "broadcast", "entry by entry with a diagonal matrix",
     "dJ_dh * dh_dz1", "dJ_dh @ dh_dz1"),
    (f"x.T @ {E}", "dJ_dW1", ROW, "shape", "error not sent through the weights", f"x.T @ {E}",
     f"x.T @ ({D})"),
    ("x.T @ ((y - yhat) @ W2.T * h * (1 - h))", "dJ_dW1", ROW, "sign", "sign", "y - yhat",
     f"x.T @ ({D})"),
    (D, "dJ_dW1", VEC, "broadcast", "gradient by the pre-activation", D, f"np.outer(x, {D})"),
    ("dz1_dW1 @ dJ_dz1", "dJ_dW1", ROW, "shape", "tensor as a stack", "dz1_dW1 @ dJ_dz1",
     "x.T @ dJ_dz1"),
    ("np.tensordot(dJ_dz1, dz1_dW1, 1)", "dJ_dW1", ROW, "broadcast", "axis of length 1",
     "np.tensordot(dJ_dz1, dz1_dW1, 1)", "np.tensordot(dJ_dz1, dz1_dW1, 1)[0]"),
    (f"X.T @ ({DB}) / N / N", "dJ_dW1", MEAN, "factor", "1/N twice", f"X.T @ ({DB}) / N / N",
     f"X.T @ ({DB}) / N"),
    (f"np.sum({EB}, axis=0) @ W2.T * h * (1 - h)", "dJ_db1", BATCH, "broadcast",
     "examples summed too early", f"np.sum({EB}, axis=0) @ W2.T", f"np.sum({DB}, axis=0)"),
    (f"({D}) @ W1.reshape(H, D_x)", "dJ_dx", ROW, "value", "reshape for transpose",
     "W1.reshape(H, D_x)", f"({D}) @ W1.T"),
    # Local Jacobians.
    ("np.diagflat(yhat * (1 - yhat)) @ W2.T", "dyhat_dh", ROW, "value", "softmax diagonal only",
     "1 - yhat", "(np.diagflat(yhat) - np.outer(yhat, yhat)) @ W2.T"),
    ("np.diagflat(z1 * (1 - z1))", "dh_dz1", ROW, "value", "slope of the pre-activation", "1 - z1",
     "np.diagflat(h * (1 - h))"),
    ("np.outer(yhat, 1 - yhat)", "dyhat_dz2", ROW, "value", "1 for δ", "1 - yhat",
     "np.diagflat(yhat) - np.outer(yhat, yhat)"),
    ("h * (1 - h)", "dh_dz1", ROW, "shape", "diagonal for its matrix", "h * (1 - h)",
     "np.diagflat(h * (1 - h))"),
    # Lines.
    ("dz2 = yhat - Y\ndW2 = dz2.T @ h\ndz1 = dz2 @ W2.T * h * (1 - h)\ndW1 = X.T @ dz1", "dJ_dW1",
     BATCH, "transposed", "outer product transposed", "dz2.T @ h",
     "dz2 = yhat - Y\ndW2 = h.T @ dz2\ndz1 = dz2 @ W2.T * h * (1 - h)\ndW1 = X.T @ dz1"),
    ("dz2 = yhat - Y\ndz1 = dz2 @ W2 * h * (1 - h)\ndW1 = X.T @ dz1", "dJ_dW1", MEAN, "shape",
     "weights not transposed", "dz2 @ W2",
     "dz2 = yhat - Y\ndz1 = dz2 @ W2.T * h * (1 - h)\ndW1 = X.T @ dz1 / X.shape[0]"),
    # LaTeX, in matrices and in indices, and plain text.
    (r"(\hat y - y) W_2^T \circ \operatorname{diag}(h \circ (1 - h))", "dJ_dz1", ROW, "shape",
     "entry by entry with a diagonal matrix",
     r"\left( \hat y - y \right) W_2^T \circ \operatorname{diag}\left( h \circ \left( 1 - h "
     r"\right) \right)", r"(\hat y - y) W_2^T \circ (h \circ \left( 1 - h \right))"),
    (r"(\hat y - y) \cdot W_2^T \cdot h \cdot (1-h) \cdot x", "dJ_dW1", ROW, "shape",
     "matrix product with the slope", r"\left( \hat y - y \right) W_2^T h",
     r"x^T \left( \left( \hat y - y \right) W_2^T \circ h \circ \left( 1 - h \right) \right)"),
    (r"\frac{\partial J}{\partial h_j} = \sum_k (y_k - \hat y_k) W_{2,jk}", "dJ_dh", ROW, "sign",
     "sign", r"y_{k} - \hat y_{k}",
     r"\frac{\partial J}{\partial h_j} = \sum_k (\hat y_{k} - y_{k}) W_{2,jk}"),
    (r"\frac{\partial J}{\partial W_{2,ij}} = z_{1,i} (\hat y_j - y_j)", "dJ_dW2", ROW, "value",
     "wrong row in the outer product", "z_{1,i}",
     r"\frac{\partial J}{\partial W_{2,ij}} = h_{i} (\hat y_j - y_j)"),
    (r"\frac{\partial z_{1,k}}{\partial W_{1,ij}} = x_j \delta_{ki}", "dz1_dW1", ROW, "shape",
     "index letters", "x_j",
     r"\frac{\partial z_{1,k}}{\partial W_{1,ij}} = x_{i} \delta_{kj}"),
    ("∂J/∂W₁ = (ŷ − y) W₂ᵀ σ'(z₁) x", "dJ_dW1", ROW, "shape", "matrix product with the slope",
     "(ŷ − y) W₂ᵀ σ'(z₁)", "∂J/∂W₁ = xᵀ ((ŷ − y) W₂ᵀ ∘ σ'(z₁))"),
)]  # fmt: skip

# One slip in each, which the mistake names: text, target, setting, mistake. The change that mends
# it tells slips apart that the shapes alone don't.
SLIPS = [
    ("x.T @ dJ_dz1 + 0.01 * W1", "dJ_dW1", {}, "term too many"),
    ("h.T @ (yhat - y) - 2 * W2", "dJ_dW2", {}, "term too many"),
    ("h + (yhat - y) @ W2.T * h * (1 - h)", "dJ_dz1", {}, "term too many"),
    ("np.max(yhat - y, axis=0)", "dJ_db2", {"setup": "batch"}, "not summed"),
    ("np.prod(dJ_dz1, axis=0)", "dJ_db1", {"setup": "batch"}, "not summed"),
    ("h.T @ y", "dJ_dW2", {}, "prediction forgotten"),
    ("x.T @ (y @ W2.T * h * (1 - h))", "dJ_dW1", {"setup": "batch"}, "prediction forgotten"),
    # Whole factors in the other order.
    ("dh_dz1 @ dz2_dh", "dz2_dz1", ROW, "order of a product"),
    ("dh_dz1 @ dJ_dh", "dJ_dz1", ROW, "order of a product"),
    ("dyhat_dz2 @ dJ_dyhat", "dJ_dz2", ROW, "order of a product"),
    ("dz1_dx @ dh_dz1", "dh_dx", ROW, "order of a product"),
    ("dz1_dx @ dh_dz1 @ dz2_dh", "dz2_dx", ROW, "order of a product"),
    ("dJ_dyhat @ dz2_dh @ dyhat_dz2", "dJ_dh", ROW, "order of a product"),
    ("np.dot(dh_dz1, dJ_dh)", "dJ_dz1", ROW, "order of a product"),
    ("W2.T @ (yhat - Y)", "dJ_dh", BATCH, "order of a product"),
    ("W1.T @ dJ_dz1", "dJ_dx", MEAN, "order of a product"),
    ("W2.T @ (y - yhat)", "dJ_dh", ROW, "order of a product"),
    (r"\frac{\partial h}{\partial z_1} \frac{\partial z_2}{\partial h}", "dz2_dz1", ROW,
     "order of a product"),
    (r"\frac{\partial \hat y}{\partial z_2} \cdot \frac{\partial J}{\partial \hat y}", "dJ_dz2",
     ROW, "order of a product"),
    (r"W_1^T \operatorname{diag}(h \circ (1-h))", "dh_dx", ROW, "order of a product"),
    ("((yhat - y) @ np.kron(h, np.eye(D_y))).reshape(H, D_y, order='F')", "dJ_dW2", ROW,
     "order of a Kronecker product"),
    # A transpose is missing, and nothing else.
    ("x @ dJ_dz1", "dJ_dW1", BATCH, "transpose missing"),
    ("h @ (yhat - Y)", "dJ_dW2", MEAN, "transpose missing"),
    ("np.dot(x, dJ_dz1)", "dJ_dW1", BATCH, "transpose missing"),
    (r"h (\hat y - y)", "dJ_dW2", ROW, "transpose missing"),
    ("dyhat_dz2 @ W2", "dyhat_dh", ROW, "weights not transposed"),
    ("W2 * h * (1 - h)", "dz2_dz1", ROW, "weights not transposed"),
    ("W1", "dz1_dx", ROW, "weights not transposed"),
    ("W2 @ (yhat - Y)", "dJ_dh", BATCH, "weights in front of a row"),
    ("W1 @ dJ_dz1", "dJ_dx", ROW, "weights in front of a row"),
    ("dh_dz1 @ W2", "dz2_dz1", ROW, "input's axes first"),
    ("W2 @ dyhat_dz2", "dyhat_dh", ROW, "input's axes first"),
    # Rows are to be scaled, and columns are; or a row stands where its matrix is needed.
    ("h * (1 - h) * W1.T", "dh_dx", ROW, "row for a column"),
    ("W1.T * h * (1 - h)", "dh_dx", VEC, "row for a column"),
    ("(yhat - y) @ (W2 * h * (1 - h)).T", "dJ_dz1", ROW, "row for a column"),
    ("dJ_dz2 @ W2.T @ (W1.T * (h * (1 - h)))", "dJ_dx", ROW, "row for a column"),
    (r"W_1^T \circ h \circ (1-h)", "dh_dx", ROW, "row for a column"),
    ("np.diagflat(h * (1 - h)) * W1.T", "dh_dx", ROW, "entry by entry with a diagonal matrix"),
    ("dh_dz1 * dz1_dx", "dh_dx", ROW, "entry by entry with a diagonal matrix"),
    ("(h * (1 - h)) @ W1.T", "dh_dx", ROW, "diagonal for its matrix"),
    ("np.sum((yhat - y) * W2.T * h * (1 - h), axis=0)", "dJ_db1", ROW, "product of the wrong kind"),
    ("W2 * (yhat - Y)", "dJ_dW2", BATCH, "weights times the error"),
    # The links of the chain.
    ("(yhat - y) @ W2.T @ W1.T * h * (1 - h)", "dJ_dx", ROW, "order of the links"),
    ("(yhat - Y) @ W2.T @ W1.T * (h * (1 - h))", "dJ_dx", BATCH, "order of the links"),
    (r"(\hat y - y) W_2^T W_1^T \circ h \circ (1-h)", "dJ_dx", ROW, "order of the links"),
    ("W2.T @ W1.T", "dz2_dx", ROW, "slope missing"),
    ("W2.T * (1 - h ** 2)", "dz2_dz1", ROW, "slope of tanh"),
    ("W1.T", "dh_dx", ROW, "slope missing"),
    ("(yhat - y) @ (W2.T * (1 - h))", "dJ_dz1", ROW, "slope incomplete"),
    ("W2.T", "dyhat_dh", ROW, "factor missing"),
    ("dz2_dx", "dz1_dx", ROW, "factor too many"),
    # Softmax's Jacobian.
    ("np.eye(D_y) - yhat", "dyhat_dz2", ROW, "Jacobian of log ŷ"),
    ("(np.eye(D_y) - yhat) @ W2.T", "dyhat_dh", ROW, "Jacobian of log ŷ"),
    (r"\delta_{ki} - \hat y_i", "dyhat_dz2", ROW, "Jacobian of log ŷ"),
    ("np.diagflat(yhat)", "dyhat_dz2", VEC, "one term of softmax"),
    (r"\hat y_k \delta_{ki}", "dyhat_dz2", ROW, "one term of softmax"),
    ("np.diagflat(yhat) - yhat @ yhat.T", "dyhat_dz2", ROW, "outer product meant"),
    (r"\operatorname{diag}(\hat y) - \hat y \circ \hat y", "dyhat_dz2", ROW, "outer product meant"),
    ("np.diagflat(yhat) - yhat ** 2", "dyhat_dz2", ROW, "one letter for two"),
    (r"\hat y_i (\delta_{ki} - \hat y_i)", "dyhat_dz2", ROW, "one letter for two"),
    ("np.diagflat(yhat) + np.outer(yhat, yhat)", "dyhat_dz2", ROW, "sign inside"),
    # δ, and another layer's row.
    ("np.einsum('i,kj->kij', x[0], np.ones((H, H)))", "dz1_dW1", ROW, "δ missing"),
    ("np.einsum('i,kj->kij', h, np.ones((D_y, D_y)))", "dz2_dW2", VEC, "δ missing"),
    ("np.ones((H, H))", "dz1_db1", ROW, "δ missing"),
    (r"\frac{\partial z_{1,k}}{\partial W_{1,ij}} = x_i", "dz1_dW1", ROW, "δ missing"),
    (r"h_k (1 - h_k)", "dh_dz1", ROW, "δ missing"),
    (r"h_{nk} (1 - h_{nk}) \delta_{kj}", "dh_dz1", BATCH, "δ missing"),
    (r"x_i \delta_{kj}", "dz2_dW2", ROW, "wrong row in the outer product"),
    (r"\frac{\partial z_{1,k}}{\partial W_{1,ij}} = h_i \delta_{kj}", "dz1_dW1", ROW,
     "wrong row in the outer product"),
    (r"x_i (\hat y_j - y_j)", "dJ_dW2", ROW, "wrong row in the outer product"),
    ("np.einsum('i,kj->ikj', x[0], np.eye(H))", "dz1_dW1", ROW, "axes of the tensor"),
    ("np.kron(np.eye(H), x)", "dz1_dW1", ROW, "Jacobian by vec(W)"),
    # Sums over the examples.
    ("np.einsum('ni,nj->nij', X, dJ_dz1)", "dJ_dW1", BATCH, "products not summed"),
    ("np.einsum('ni,nj->nji', X, dJ_dz1)", "dJ_dW1", BATCH, "products not summed"),
    ("h[:, :, None] * (yhat - Y)[:, None, :]", "dJ_dW2", MEAN, "products not summed"),
    ("np.mean(yhat - Y)", "dJ_db2", MEAN, "bias summed over the wrong axis"),
    ("np.sum(yhat - Y) / N", "dJ_db2", MEAN, "bias summed over the wrong axis"),
    ("np.mean(yhat - Y, axis=1)", "dJ_db2", MEAN, "bias summed over the wrong axis"),
    ("np.mean(dJ_dz1)", "dJ_db1", BATCH, "bias summed over the wrong axis"),
    # np.diag of a row, brackets, a reshape.
    ("np.diag(h * (1 - h)) @ W1.T", "dh_dx", ROW, "diag extracts"),
    ("dJ_dh * h * 1 - h", "dJ_dz1", BATCH, "brackets missing"),
    ("((yhat - y) @ np.kron(np.eye(D_y), h)).reshape(H, D_y)", "dJ_dW2", ROW,
     "reshape for transpose"),
    # A factor too many or too few, and other values.
    ("h.T @ (yhat - y) * h * (1 - h)", "dJ_dW2", ROW, "factor too many"),
    ("h * (1 - h)", "dJ_dz1", ROW, "factor missing"),
    (f"{EB} @ W2.T + h * (1 - h)", "dJ_dz1", BATCH, "sum for a product"),
    ("dJ_dz2 + W2.T", "dJ_dh", ROW, "sum for a product"),
    (r"x^T ((\hat y - y) W_2^T \circ h + (1 - h))", "dJ_dW1", ROW, "sum for a product"),
    (f"{EB} @ (W2 - 0.1 * h.T @ {EB}).T / N", "dJ_dh", MEAN, "updated weights"),
    ("W2.reshape(D_y, H)", "dz2_dh", ROW, "reshape for transpose"),
    ("np.diagflat(yhat * (1 - yhat))", "dh_dz1", ROW, "slope of the wrong layer"),
    ("sigmoid(z1)", "dh_dz1", ROW, "activation for its slope"),
    # The same shapes, and another mistake: none of the above.
    ("dJ_dz1 @ x", "dJ_dW1", ROW, "order of the factors"),
    ("dJ_dz1 @ x.T", "dJ_dW1", BATCH, "column formula on rows"),
    ("h * (yhat - y)", "dJ_dW2", ROW, "input multiplied entry by entry"),
    ("(yhat - Y) @ (W2.T * h * (1 - h))", "dJ_dz1", BATCH, "grouped with the weights"),
    ("(yhat - Y) @ W2.T @ W1.T", "dJ_dx", BATCH, "slope missing"),
    ("X.T @ (yhat - Y)", "dJ_dW2", BATCH, "wrong row in the outer product"),
    ("x @ h", "dJ_dW1", BATCH, "shape"),
]

# Right ones in unusual words: target, setting.
RIGHT = [
    # Forms that a slip is told from: a right order, side, transpose or reshape.
    ("dz2_dh @ dh_dz1", "dz2_dz1", ROW), ("W2.T * h * (1 - h)", "dz2_dz1", ROW),
    ("(h * (1 - h)).T * W1.T", "dh_dx", ROW), ("(h * (1 - h))[:, None] * W1.T", "dh_dx", VEC),
    ("np.diagflat(h) * (1 - h)", "dh_dz1", ROW), ("np.diag(h * (1 - h))", "dh_dz1", VEC),
    ("(yhat - y) @ (W2 * (h * (1 - h)).T).T", "dJ_dz1", ROW),
    ("np.eye(D_y) * yhat - yhat.T * yhat", "dyhat_dz2", ROW),
    ("(np.eye(D_y) - yhat) * yhat.T", "dyhat_dz2", ROW),
    ("np.einsum('nij->ij', X[:, :, None] * dJ_dz1[:, None, :])", "dJ_dW1", BATCH),
    ("np.mean(yhat - Y, axis=0)", "dJ_db2", MEAN), (f"{EB} / np.size(Y, 0)", "dJ_dz2", MEAN),
    (f"{EB} / np.shape(Y)[0]", "dJ_dz2", MEAN), (f"{EB} / np.size(Y) * D_y", "dJ_dz2", MEAN),
    ("((yhat - y) @ np.kron(np.eye(D_y), h)).reshape(H, D_y, order='F')", "dJ_dW2", ROW),
    ("np.reshape(np.kron(yhat - y, h), (H, D_y), order='F')", "dJ_dW2", ROW),
    ("((yhat - y) @ np.kron(h, np.eye(D_y))).reshape(H, D_y, order='C')", "dJ_dW2", ROW),
    ("(h.T @ (yhat - y)).ravel(order='F').reshape(W2.shape, order='F')", "dJ_dW2", ROW),
    (r"h_{nk} (1 - h_{nk}) \delta_{kj} \delta_{nm}", "dh_dz1", BATCH),
    (r"\frac1{N} H^T (\hat Y - Y)", "dJ_dW2", MEAN), (r"((\hat Y - Y)^T H)^T", "dJ_dW2", BATCH),
    # NumPy.
    (f"1.0/N * {EB}", "dJ_dz2", MEAN), (f"{EB} * N ** -1", "dJ_dz2", MEAN),
    ("e = np.exp(z2 - z2.max(axis=-1, keepdims=True))\ne / e.sum(axis=-1, keepdims=True) - Y",
     "dJ_dz2", BATCH),
    ("yhat * (1 - y) - (1 - yhat) * y", "dJ_dz2", ROW),
    (f"np.multiply.outer(h, {E})", "dJ_dW2", VEC),
    (f"np.atleast_2d(h).T @ {E}[None]", "dJ_dW2", VEC),
    (f"np.tensordot(h, {EB}, axes=([0], [0]))", "dJ_dW2", BATCH),
    (f"np.mean(h[:, :, None] * {EB}[:, None, :], axis=0)", "dJ_dW2", MEAN),
    (f"sum({EB})", "dJ_db2", BATCH), (f"np.add.reduce({EB}, axis=0)", "dJ_db2", BATCH),
    (f"np.average({EB}, axis=0)", "dJ_db2", MEAN), (f"np.squeeze({E})", "dJ_db2", ROW),
    (f"np.sum({EB}[:, None, :] * W2, axis=2)", "dJ_dh", BATCH),
    (f"{E} @ W2.T * (0.25 - (h - 0.5) ** 2)", "dJ_dz1", ROW),
    (f"{E} @ W2.T * (1 - np.tanh(z1 / 2) ** 2) / 4", "dJ_dz1", ROW),
    ("np.einsum('ni,nk,jk,nj,nj->ij', X, yhat - Y, W2, h, 1 - h)", "dJ_dW1", BATCH),
    ("X.T @ ((Yhat - Y) @ W2.T * H * (1 - H)) / m", "dJ_dW1", MEAN),
    ("np.dot(H.T, Yhat - Y)", "dJ_dW2", BATCH),
    ("np.eye(H) * h * (1 - h)", "dh_dz1", ROW),
    ("np.einsum('nk,kij->ij', dJ_dz1, dz1_dW1)", "dJ_dW1", ROW),
    ("X.T @ ((a2 - Y) @ W2.T * a1 * (1 - a1))", "dJ_dW1", BATCH),
    ("dL_dz1 = dL_dh * h * (1 - h)\nx.T @ dL_dz1", "dJ_dW1", ROW),
    ("np.tensordot(np.eye(H), x, axes=0).transpose(0, 2, 1)", "dz1_dW1", VEC),
    ("yhat.T * (np.eye(D_y) - yhat)", "dyhat_dz2", ROW),
    ("(yhat - y) @ W2^T", "dJ_dh", ROW), ("(ŷ − y) @ W₂.T", "dJ_dh", ROW),
    # The 1/N of the mean comes with dW2 and dW1, not with dz2.
    ("dz2 = yhat - Y\ndW2 = h.T @ dz2 / N\ndz1 = dz2 @ W2.T * h * (1 - h)\ndW1 = X.T @ dz1 / N",
     "dJ_dW1", MEAN),
    # LaTeX of other courses.
    (r"\bm{\hat y} - \bm y", "dJ_dz2", ROW), (r"\hat{Y} - Y", "dJ_dz2", BATCH),
    (r"\frac{1}{m} X^T [(\hat Y - Y) W_2^T \odot H \odot (1-H)]", "dJ_dW1", MEAN),
    (r"\frac{1}{m} \sum_{n=1}^m (\hat y_{nk} - y_{nk})", "dJ_db2", MEAN),
    (r"\[ (\hat y - y) W_2^{\mathsf{T}} . \]", "dJ_dh", ROW), (r"(\hat y-y)W_2'", "dJ_dh", ROW),
    (r"\frac{\mathrm{d}J}{\mathrm{d}h} = (\hat y - y) W_2^\intercal", "dJ_dh", ROW),
    (r"\nabla_{W_2} J = h^T (\hat y - y)", "dJ_dW2", ROW),
    (r"\partial J / \partial h = (\hat y - y) W_2^T", "dJ_dh", ROW),
    (r"\frac{\partial \mathcal{L}}{\partial h} = (\hat y - y) W_2^T", "dJ_dh", ROW),
    (r"(\hat y - y) W^{(2)\top} \odot g'(z^{(1)})", "dJ_dz1", ROW),
    (r"\frac{\partial J}{\partial W^{[1]}_{ij}} = x_i \sum_k (a^{[2]}_k - y_k) W^{[2]}_{jk} "
     r"a^{[1]}_j (1 - a^{[1]}_j)", "dJ_dW1", ROW),
    (r"\begin{align} \frac{\partial J}{\partial h} &= \frac{\partial J}{\partial z_2} W_2^T \\ &= "
     r"(\hat y - y) W_2^T \end{align}", "dJ_dh", ROW),
    (r"X^T \left( (\hat Y - Y) W_2^T \odot H \odot (1 - H) \right) / N", "dJ_dW1", MEAN),
    (r"\sum_i -\frac{y_i}{\hat y_i} \hat y_i (\delta_{ij} - \hat y_j)", "dJ_dz2", ROW),
    (r"\frac{\partial z_{1,k}}{\partial W_{1,ij}} = x_i \delta_{kj}", "dz1_dW1", ROW),
    (r"x_i \delta_{kj}", "dz1_dW1", ROW),
    (r"\frac1N \sum_n (\hat y_{nk} - y_{nk})", "dJ_db2", MEAN),
    ("xᵀ [(ŷ − y) W₂ᵀ ⊙ σ′(z₁)]", "dJ_dW1", ROW), ("(y_hat - y) W2^T", "dJ_dh", ROW),
]  # fmt: skip

# What is outside, and words of the answer.
OUTSIDE = [
    (r"(\hat y - y) \times W_2", "could be either product: write \\cdot"),
    ("(ŷ − y) × W₂", "could be either product: write ·"),
    (r"x^T \delta", "δ takes two indices"),
    ("N.T @ (yhat - Y)", "a size is a number and has no transpose"),
    ("yhat[np.arange(N), y] - 1", "the function arange isn't read here"),
    ("torch.matmul(h.T, yhat - y)", "torch isn't read here, only NumPy"),
]
