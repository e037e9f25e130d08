"""A suggestion changes the smallest part, in the place where that stands, and keeps the names."""

import pytest

from mlp_lib.equations import diagnose

BATCH = {"setup": "batch"}
MEAN = {"setup": "batch", "loss": "mean"}
BY = r"\frac{\partial J}{\partial "
ERROR = r"(\hat y_{k} - y_{k})"
# In indices: target, setting, the attempt and what is right. The factors of a product are numbers.
IN_INDICES = [
    ("dJ_dz1", {}, r"z_{1,j}} = \sum_k (\hat y_k - y_k) W_{2,jk} h_j h_j",
     r"z_{1,j}} = \sum_k (\hat y_k - y_k) W_{2,jk} h_j (1 - h_{j})"),
    ("dJ_dz1", {}, r"z_{1,j}} = \sum_k (\hat y_k - y_k) W_{2,jk} h_j",
     r"z_{1,j}} = \sum_k (\hat y_k - y_k) W_{2,jk} h_j (1 - h_{j})"),
    ("dJ_dz1", {}, r"z_{1,j}} = \sum_k (\hat y_k - y_k) W_{2,jk} (1-h_j)",
     r"z_{1,j}} = \sum_k (\hat y_k - y_k) W_{2,jk} (1-h_j) h_{j}"),
    ("dJ_dz1", {}, r"z_{1,j}} = \sum_k (\hat y_k - y_k) h_j (1 - h_j)",
     r"z_{1,j}} = \sum_k (\hat y_k - y_k) W_{2,jk} h_j (1 - h_j)"),
    ("dJ_dz1", {}, r"z_{1,j}} = h_j (1 - h_j)",
     rf"z_{{1,j}}}} = h_j (1 - h_j) \sum_{{k}} {ERROR} W_{{2,jk}}"),
    ("dJ_dh", {}, r"h_j} = \sum_k W_{2,jk}", rf"h_j}} = \sum_k {ERROR} W_{{2,jk}}"),
    ("dJ_dh", {}, r"h_j} = \sum_k (\hat y_k - y_k)", r"h_j} = \sum_k (\hat y_k - y_k) W_{2,jk}"),
    ("dJ_dW1", {}, r"W_{1,ij}} = x_i \sum_k W_{2,jk} h_j (1 - h_j)",
     rf"W_{{1,ij}}}} = x_i \sum_k {ERROR} W_{{2,jk}} h_j (1 - h_j)"),
    ("dJ_dW1", {}, r"W_{1,ij}} = \sum_k (\hat y_k - y_k) W_{2,jk} h_j (1 - h_j)",
     r"W_{1,ij}} = x_{i} \sum_k (\hat y_k - y_k) W_{2,jk} h_j (1 - h_j)"),
    ("dJ_dW2", MEAN, r"W_{2,jk}} = \frac{1}{N} \sum_n (\hat y_{nk} - y_{nk})",
     r"W_{2,jk}} = \frac{1}{N} \sum_n (\hat y_{nk} - y_{nk}) h_{nj}"),
    ("dJ_db1", BATCH,
     r"b_{1,j}} = \sum_n \left[\sum_k (\hat y_{nk} - y_{nk}) W_{2,jk}\right] h_{nj}",
     r"b_{1,j}} = \sum_n \left[\sum_k (\hat y_{nk} - y_{nk}) W_{2,jk}\right] h_{nj} (1 - h_{nj})"),
    ("dJ_dx", {}, r"x_i} = \sum_j \sum_k (\hat y_k - y_k) W_{2,jk} h_j (1-h_j)",
     r"x_i} = \sum_j W_{1,ij} \sum_k (\hat y_k - y_k) W_{2,jk} h_j (1-h_j)"),
]  # fmt: skip


@pytest.mark.parametrize(("target", "where", "attempt", "right"), IN_INDICES)
def test_a_factor_in_indices_is_mended_where_it_is_missing(target, where, attempt, right):
    found = diagnose(BY + attempt, target, **where)
    assert found.suggestion == BY + right
    assert diagnose(BY + right, target, **where).ok
    turned = right.replace(r"\hat y_k - y_k", r"y_k - \hat y_k")
    turned = turned.replace(r"\hat y_{k} - y_{k}", r"y_{k} - \hat y_{k}")
    turned = turned.replace(r"\hat y_{nk} - y_{nk}", r"y_{nk} - \hat y_{nk}")
    assert turned != right
    assert diagnose(BY + turned, target, **where, suggest=False).mistake.name == "sign"


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        (r"g_j = \sum_k W_{2,jk}", r"g_j = \sum_k \delta_{k} W_{2,jk}"),
        (r"= x_i h_j (1 - h_j)", r"= x_i h_j (1 - h_j) g_{j}"),
        (r"= x_i g_j h_j h_j", r"= x_i g_j h_j (1 - h_{j})"),
        (r"= g_j h_j (1 - h_j)", r"= x_{i} g_j h_j (1 - h_j)"),
    ],
)
def test_a_missing_factor_is_written_by_its_own_name(wrong, right):
    rows = [r"\delta_k = \hat y_k - y_k", r"g_j = \sum_k W_{2,jk} \delta_k",
            BY + r"W_{1,ij}} = x_i g_j h_j (1 - h_j)"]  # fmt: skip
    start = wrong[:3].rstrip()
    place = 1 if start.startswith("g") else 2
    head = "" if place == 1 else BY + "W_{1,ij}} "
    attempt, mended = list(rows), list(rows)
    attempt[place], mended[place] = head + wrong, head + right
    found = diagnose(r" \\ ".join(attempt), "dJ_dW1")
    assert found.mistake.name != "index letters"
    assert found.suggestion == r" \\ ".join(mended)


LINES = "err = yhat - y\nback = err @ W2.T\ngrad = back * h * (1 - h)\ndW1 = x.T @ grad"


@pytest.mark.parametrize(
    "changes",
    [
        [("yhat - y", "y - yhat"), ("W2.T", "W2")],
        [("W2.T", "W2"), ("x.T @", "x @")],
        [("h * (1 - h)", "h * h"), ("x.T @", "x @")],
        [("yhat - y", "y - yhat"), ("W2.T", "W2"), ("x.T @", "x @")],
        [("W2.T", "W2"), ("h * (1 - h)", "h * h"), ("x.T @", "x @")],
    ],
)
@pytest.mark.parametrize("where", [BATCH, MEAN])
def test_each_wrong_line_is_mended_where_it_stands(changes, where):
    right = LINES + (" / N" if where == MEAN else "")
    assert diagnose(right, "dJ_dW1", **where).ok
    attempt = right
    for old, new in changes:
        attempt = attempt.replace(old, new)
    found = diagnose(attempt, "dJ_dW1", **where)
    assert not found.ok
    assert found.suggestion == right


@pytest.mark.parametrize(
    ("wrong", "right", "where"),
    [("dz2", "dz1", {}), ("dz2", "np.sum(dz1, axis=0)", BATCH),
     ("np.sum(dz2, axis=0)", "np.sum(dz1, axis=0)", BATCH)],
)  # fmt: skip
def test_a_name_alone_is_mended_by_a_name(wrong, right, where):
    lines = "dz2 = yhat - y\ndb2 = {}\ndz1 = dz2 @ W2.T * h * (1 - h)\ndb1 = "
    lines = lines.format("np.sum(dz2, axis=0)" if where else "dz2")
    found = diagnose(lines + wrong, "dJ_db1", **where)
    assert found.suggestion == lines + right


def test_other_code_is_said_to_be_written_as_numpy():
    words = "@ is the matrix product"
    for code in ("d2 = y - yhat;\ndW2 = h' * d2;", "d2 <- y - yhat\nt(h) %*% d2",
                 "h' * (y .- yhat)"):  # fmt: skip
        found = diagnose(code, "dJ_dW2")
        assert found.mistake.name == "sign"
        assert words in found.remark
        assert "@" in found.suggestion
    for code in ("h.T @ (y - yhat)", "hᵀ (y − ŷ)", r"h^T (y - \hat y)"):
        assert words not in diagnose(code, "dJ_dW2").remark


@pytest.mark.parametrize(
    ("attempt", "target", "where", "mistake"),
    [
        ("p = np.exp(z2) / np.sum(np.exp(z2), axis=0)\ndW2 = h.T @ (p - y)", "dJ_dW2", BATCH,
         "softmax over the examples"),
        ("e = np.exp(z2)\np = e / e.sum(0)\nx.T @ ((p - y) @ W2.T * h * (1 - h)) / N", "dJ_dW1",
         MEAN, "softmax over the examples"),
        ("h.T @ (y / y.sum(axis=0) - y)", "dJ_dW2", BATCH, "product of sums"),
        ("g = -y / np.clip(yhat, 1e-9, 1)\ng @ (np.diagflat(yhat) - np.outer(yhat, yhat))",
         "dJ_dz2", {}, "clipped"),
        ("-y / yhat @ (np.diagflat(yhat) - np.outer(yhat, yhat))", "dJ_dz2", {}, "overflow"),
        ("-y / (yhat + 1e-8)", "dJ_dyhat", {}, "clipped"),
        ("-y / np.maximum(yhat, 0.1)", "dJ_dyhat", {}, "clipped"),
        ("y / np.maximum(yhat, 1e-12)", "dJ_dyhat", {}, "sign"),
    ],
)  # fmt: skip
def test_how_probabilities_are_made_and_guarded_is_told_apart(attempt, target, where, mistake):
    assert diagnose(attempt, target, **where).mistake.name == mistake


def test_a_right_formula_with_a_guard_says_where_it_ends():
    said = "Where the smallest values are cut off"
    assert said in diagnose("-y / np.clip(yhat, 1e-9, 1)", "dJ_dyhat").remark
    assert said not in diagnose("-y / yhat", "dJ_dyhat").remark


@pytest.mark.parametrize(
    ("attempt", "target", "section"),
    [
        ("h.T @ (yhat * y)", "dJ_dW2", "output_layer.html#by-w-2-three-axes"),
        ("x.T @ (yhat * y @ W2.T)", "dJ_dW1", "tensor.html#the-collapse"),
        ("yhat * y", "dJ_dz2", "softmax.html#the-product-and-what-it-needs-of-y"),
        ("np.diagflat(h * (1 + h))", "dh_dz1", "sigmoid.html#one-number"),
    ],
)
def test_a_link_leads_to_the_mistake_or_to_the_target(attempt, target, section):
    assert diagnose(attempt, target, suggest=False).mistake.link == section


@pytest.mark.parametrize(
    ("attempt", "target", "where", "mistake", "suggestion"),
    [
        (BY + r"z_1} = \frac{\partial J}{\partial z_2} \frac{\partial z_2}{\partial h}", "dJ_dz1",
         {}, "slope missing", BY + r"z_1} = \frac{\partial J}{\partial z_2} "
         r"\frac{\partial z_2}{\partial h} \frac{\partial h}{\partial z_1}"),
        (BY + r"b_2} = \frac{1}{N} \sum_k (\hat y_{nk} - y_{nk})", "dJ_db2", MEAN,
         "bias summed over the wrong axis",
         BY + r"b_2} = \frac{1}{N} \sum_{n} \left( \hat y_{nk} - y_{nk} \right)"),
        ("x.T @ ((yhat - y) @ W2.T * sigmoid_prime(z2))", "dJ_dW1", {}, "slope of the wrong layer",
         "x.T @ ((yhat - y) @ W2.T * sigmoid_prime(z1))"),
    ],
)  # fmt: skip
def test_what_is_missing_is_named_and_mended_in_the_same_words(
    attempt, target, where, mistake, suggestion
):
    found = diagnose(attempt, target, **where)
    assert (found.mistake.name, found.suggestion) == (mistake, suggestion)


@pytest.mark.parametrize("suggest", [True, False])
def test_a_sign_in_the_slope_is_not_said_to_be_the_losss(suggest):
    in_slope = diagnose("x.T @ ((yhat - y) @ W2.T * h * (h - 1))", "dJ_dW1", suggest=suggest)
    in_error = diagnose("x.T @ ((y - yhat) @ W2.T * h * (1 - h))", "dJ_dW1", suggest=suggest)
    assert in_slope.mistake.name == in_error.mistake.name == "sign"
    assert "log ŷ" not in in_slope.mistake.explanation
    assert "log ŷ" in in_error.mistake.explanation


def test_only_a_parameter_makes_a_step():
    step = "A step of gradient descent"
    assert step in diagnose("dJ_dz1", "dJ_dW1").message
    assert step not in diagnose("dJ_dz1 + W1", "dJ_dz1").message


BACK = "g = (yhat - y) @ W2.T\n"


@pytest.mark.parametrize(
    ("target", "where", "wrong", "right"),
    [
        ("dJ_dW1", BATCH, BACK + "d = g * h + (1 - h)\ndW1 = x.T @ d",
         BACK + "d = g * h * (1 - h)\ndW1 = x.T @ d"),
        ("dJ_dW1", BATCH, BACK + "d = (g + h) * (1 - h)\ndW1 = x.T @ d",
         BACK + "d = g * h * (1 - h)\ndW1 = x.T @ d"),
        ("dJ_dz1", BATCH, "dJ_dz1 = dJ_dh * h + (1 - h)", "dJ_dz1 = dJ_dh * h * (1 - h)"),
        ("dJ_dz1", BATCH, BY + r"z_1} = \frac{\partial J}{\partial h} \circ h + (1 - h)",
         BY + r"z_1} = \frac{\partial J}{\partial h} \circ h \circ \left( 1 - h \right)"),
        # A sum over no letter of a part is a factor N: the 1/N goes.
        ("dJ_dh", BATCH, BY + r"h_{nj}} = \frac{1}{N} \sum_k (\hat y_{nk} - y_{nk}) W_{2,jk}",
         BY + r"h_{nj}} = \sum_{k} \left( \hat y_{nk} - y_{nk} \right) W_{2,jk}"),
        # A row that is right stays as it is.
        ("dJ_dW1", {}, "v = (ŷ − y) W₂ᵀ\n∂J/∂W₁ = xᵀ (v ∘ (1 − h))",
         "v = (ŷ − y) W₂ᵀ\n∂J/∂W₁ = xᵀ (v ∘ (1 − h) ∘ h)"),
        ("dJ_dW1", {}, "v = (ŷ − y) W₂ᵀ\ns = v ∘ (1 − h)\n∂J/∂W₁ = xᵀ s",
         "v = (ŷ − y) W₂ᵀ\ns = v ∘ (1 − h) ∘ h\n∂J/∂W₁ = xᵀ s"),
    ],
)  # fmt: skip
def test_what_is_right_around_a_mistake_stays(target, where, wrong, right):
    found = diagnose(wrong, target, **where)
    assert not found.ok
    assert found.suggestion == right
    assert diagnose(right, target, **where).ok


@pytest.mark.parametrize(
    ("attempt", "target", "where", "mistake"),
    [
        (BACK + "d = g * (h * (1 - yhat))\ndW1 = x.T @ d", "dJ_dW1", BATCH,
         "slope of the wrong layer"),
        (BACK + "d = g * (h * (1 - x))\ndW1 = x.T @ d", "dJ_dW1", BATCH,
         "slope of the wrong layer"),
        ("(yhat - y) @ W2.T * h * (1 - sigmoid(h))", "dJ_dz1", {}, "slope of the activation"),
        ("(yhat - y) @ W2.T * sigmoid(h) * (1 - h)", "dJ_dz1", {}, "slope of the activation"),
        ("d2 = yhat - y\nd1 = d2 @ W2.T * h * (1 - h)\ndb1 = d2.sum(axis=0) / N", "dJ_db1", MEAN,
         "error not sent through the weights"),
        ("d1 = (yhat - y) @ W2.T * h * (1 - h)\ndb1 = 1 / N * (h @ W2 + b2).sum(axis=0)",
         "dJ_db1", MEAN, "factor missing"),
        (r"\sum_{n=1}^{N} (\hat y_{nk} - y_{nk}) W_{2,jk} h_{nj} (1 - h_{nj})", "dJ_db1", BATCH,
         "index letters"),
        # What is called so still is.
        ("np.sum((yhat - y) @ W2.T * h * (1 - h), axis=1)", "dJ_db1", BATCH,
         "bias summed over the wrong axis"),
        ("np.sum(yhat - y, axis=0) @ W2.T * np.mean(h * (1 - h), axis=0)", "dJ_db1", BATCH,
         "examples summed too early"),
        (BACK + "d = h * (1 - h) * (yhat - y)\ndW1 = x.T @ d @ W2.T", "dJ_dW1", BATCH,
         "slope before the weights"),
    ],
)  # fmt: skip
def test_a_mistake_is_the_writers_own(attempt, target, where, mistake):
    for suggest in (True, False):
        assert diagnose(attempt, target, **where, suggest=suggest).mistake.name == mistake
