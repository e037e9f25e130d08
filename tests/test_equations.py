"""LaTeX is parsed into a tree whose shapes and values are checked."""

import re
import sys
import tracemalloc

import pytest

from mlp_lib.equations import EquationError, Report, check, question
from mlp_lib.equations.evaluate import point
from mlp_lib.equations.latex import COMMANDS, MAX_LENGTH, WORDS, grammar
from mlp_lib.equations.tables import deep

ASKED = (
    r"\frac{\partial J}{\partial \boldsymbol{W_1}} = \left( \hat{\boldsymbol{y}} - \boldsymbol{y}"
    r" \right) \cdot W_2^T \circ h \circ (1 -h) \cdot"
    r" \frac{\partial \boldsymbol{z_1}}{\partial \boldsymbol{W_1}}"
)

RIGHT = [
    ASKED,
    r"\frac{\partial J}{\partial W_1} ="
    r" x^T \left[ (\hat y - y) W_2^T \circ h \circ (1 - h) \right]",
    r"\frac{\partial z_{1,k}}{\partial W_{1,ij}} = x_i \delta_{kj}",
    r"\left[\frac{\partial J}{\partial W_1}\right]_{ij} ="
    r" \sum_k \frac{\partial J}{\partial z_{1,k}}"
    r" \frac{\partial z_{1,k}}{\partial W_{1,ij}} = x_i \frac{\partial J}{\partial z_{1,j}}",
    r"J = -\sum_{k=1}^{D_y} y_k \log \hat y_k",
    r"W_1 \in \mathbb{R}^{D_x\times H}",
    r"\underbrace{\hat y - y}_{1\times D_y} = \frac{\partial J}{\partial z_2}",
    r"\begin{aligned} z_1 &= x W_1 + b_1 \\ h &= \sigma(z_1) \end{aligned}",
    r"\frac{\partial}{\partial h}\left[h W_2 + b_2\right] = W_2^T",
    r"\operatorname{vec}(x W_1) = (I_H \otimes x) \operatorname{vec}(W_1)",
    r"\frac{\partial h}{\partial z_1} = \operatorname{diag}(h \circ (1-h))",
    r"\frac{\partial \hat y}{\partial z_2} = \operatorname{diag}(\hat y) - \hat y^T \hat y",
    r"\sigma'(z_1) = h \circ (1-h)",
    r"\sigma(z_1)^2 = h \circ h",
    r"J = -\log \exp \left( \sum_k y_k \log \hat y_k \right)",
]
WRONG = [
    (ASKED.replace("W_2^T", "W_2"), "shape"),
    (ASKED.replace("(1 -h)", "(1 +h)"), "value"),
    (r"\frac{\partial J}{\partial W_1} = (y - \hat y) W_2^T \circ h \circ (1-h) x", "shape"),
    (r"\frac{\partial z_{1,k}}{\partial W_{1,ij}} = x_i \delta_{ki}", "shape"),
    (r"\frac{\partial \hat y}{\partial z_2} = \operatorname{diag}(\hat y)", "value"),
    (r"\underbrace{\hat y - y}_{1\times H} = \frac{\partial J}{\partial z_2}", "shape"),
    (r"z_1 = x W_1 + b_1 = x W_1", "value"),
    (r"W_1 \in \mathbb{R}^{H\times D_x}", "shape"),
    (r"\sigma(z_1)^2 = \sigma(z_1 \circ z_1)", "value"),
    (r"J = -\sum_{k=1}^{H} y_k \log \hat y_k", "shape"),
    (r"\operatorname{vec}(x W_1) = (x \otimes I_H) \operatorname{vec}(W_1)", "shape"),
]


@pytest.mark.parametrize("text", RIGHT)
def test_right_equation_holds(text):
    assert check(text).holds


@pytest.mark.parametrize(("text", "failure"), WRONG)
def test_wrong_equation_fails_for_its_reason(text, failure):
    report = check(text)
    assert (report.holds, report.failure) == (False, failure)


@pytest.mark.parametrize(
    ("reduction", "text", "holds"),
    [
        (
            "sum",
            r"\frac{\partial J}{\partial b_1} = \mathbf{1} \frac{\partial J}{\partial z_1}",
            True,
        ),
        ("sum", r"\frac{\partial J}{\partial z_2} = \hat y - y", True),
        ("mean", r"\frac{\partial J}{\partial z_2} = \frac{1}{N} (\hat y - y)", True),
        ("mean", r"\frac{\partial J}{\partial z_2} = \hat y - y", False),
        ("sum", r"\frac{\partial J}{\partial b_1} = \frac{\partial J}{\partial z_1}", False),
    ],
)
def test_batch(reduction, text, holds):
    assert check(text, question("N", reduction)).holds is holds


# Each item that issue 3 lists for the language: one true and one false equation.
LANGUAGE = [
    ("matrix product", r"z_1 = x W_1 + b_1", r"z_1 = x W_1 - b_1", "1"),
    ("dot", r"z_1 = x \cdot W_1 + b_1", r"z_1 = x \cdot W_1", "1"),
    (
        "third-order tensor",
        r"x^T \frac{\partial J}{\partial z_1} ="
        r" \frac{\partial J}{\partial z_1} \frac{\partial z_1}{\partial W_1}",
        r"x^T h = \frac{\partial J}{\partial z_1} \frac{\partial z_1}{\partial W_1}",
        "1",
    ),
    (
        "third-order shape",
        r"\underbrace{\frac{\partial z_1}{\partial W_1}}_{H\times D_x\times H}"
        r" = \frac{\partial z_1}{\partial W_1}",
        r"\underbrace{\frac{\partial z_1}{\partial W_1}}_{D_x\times H\times H}"
        r" = \frac{\partial z_1}{\partial W_1}",
        "1",
    ),
    (
        "sum over an index",
        r"z_{1,k} = \sum_{i=1}^{D_x} x_i W_{1,ik} + b_{1,k}",
        r"z_{1,k} = \sum_{i=1}^{D_x} x_i W_{1,ik}",
        "1",
    ),
    ("sum without bounds", r"J = -\sum_k y_k \log \hat y_k", r"J = \sum_k y_k \log \hat y_k", "1"),
    (
        "Kronecker delta",
        r"\frac{\partial z_{1,k}}{\partial W_{1,ij}} = x_i \delta_{kj}",
        r"\frac{\partial z_{1,k}}{\partial W_{1,ij}} = h_j \delta_{kj} x_i",
        "1",
    ),
    (
        "diag",
        r"\frac{\partial h}{\partial z_1} = \operatorname{diag}(h \circ (1 - h))",
        r"\frac{\partial h}{\partial z_1} = \operatorname{diag}(h)",
        "1",
    ),
    (
        "Kronecker product and vec",
        r"\operatorname{vec}(x W_1) = (I_H \otimes x) \operatorname{vec}(W_1)",
        r"\operatorname{vec}(x W_1) = (x \otimes I_H) \operatorname{vec}(W_1)",
        "1",
    ),
    (
        "vec of a product",
        r"\operatorname{vec}(W_1 W_2) = (W_2^T \otimes I_{D_x}) \operatorname{vec}(W_1)",
        r"\operatorname{vec}(W_1 W_2) = 2 (W_2^T \otimes I_{D_x}) \operatorname{vec}(W_1)",
        "1",
    ),
    (
        "Kronecker product of matrices",
        r"(W_1 \otimes W_2)^T = W_1^T \otimes W_2^T",
        r"(W_1 \otimes W_2)^T = W_2^T \otimes W_1^T",
        "1",
    ),
    ("log exp", r"z_1 = \log \exp z_1", r"z_1 = \exp \log h", "1"),
    (
        "log of a quotient",
        r"\log \hat y_k = z_{2,k} - \log \sum_i \exp(z_{2,i})",
        r"\log \hat y_k = z_{2,k} + \log \sum_i \exp(z_{2,i})",
        "1",
    ),
    ("sigma", r"h = \sigma(z_1)", r"h = \sigma(-z_1)", "1"),
    ("slope of sigma", r"\sigma'(z_1) = h \circ (1 - h)", r"\sigma'(z_1) = h", "1"),
    ("softmax", r"\hat y = \operatorname{softmax}(z_2)", r"y = \operatorname{softmax}(z_2)", "1"),
    ("fraction", r"h = \frac{1}{1 + \exp(-z_1)}", r"h = \frac{1}{1 + \exp(z_1)}", "1"),
    ("small fraction", r"h = \tfrac{2h}{2}", r"h = \dfrac{h}{2}", "1"),
    ("power", r"(1 - h)^2 = 1 - 2 h + h^{\circ 2}", r"(1 - h)^2 = 1 - h^2", "1"),
    (
        "transpose",
        r"\frac{\partial z_1}{\partial x} = W_1^\top",
        r"\frac{\partial z_1}{\partial x} = W_1",
        "1",
    ),
    (
        "derivative of a bracket",
        r"\frac{\partial}{\partial h}\left[h W_2 + b_2\right] = W_2^T",
        r"\frac{\partial}{\partial h}\left[h W_2 + b_2\right] = 2 W_2^T",
        "1",
    ),
    (
        "entry of a derivative",
        r"\left[\frac{\partial J}{\partial W_1}\right]_{ij}"
        r" = x_i \frac{\partial J}{\partial z_{1,j}}",
        r"\left[\frac{\partial J}{\partial W_1}\right]_{ij} = x_i \frac{\partial J}{\partial h_j}",
        "1",
    ),
    (
        "mean over a batch",
        r"\frac{\partial J}{\partial z_2} = \frac{1}{N} (\hat y - y)",
        r"\frac{\partial J}{\partial z_2} = \frac{1}{H} (\hat y - y)",
        "mean",
    ),
    (
        "row of ones",
        r"\frac{\partial J}{\partial b_1} = \mathbf{1} \frac{\partial J}{\partial z_1}",
        r"\frac{\partial J}{\partial b_1} = \frac{1}{N} \mathbf{1} \frac{\partial J}{\partial z_1}",
        "mean",
    ),
    ("column of ones", r"z_1 = x W_1 + \mathbf{1}^T b_1", r"z_1 = x W_1 - \mathbf{1}^T b_1", "sum"),
    (
        "underbrace",
        r"\underbrace{\hat y - y}_{1\times D_y} = \frac{\partial J}{\partial z_2}",
        r"\underbrace{\hat y - y}_{D_y\times 1} = \frac{\partial J}{\partial z_2}",
        "1",
    ),
    ("membership", r"W_1 \in \mathbb{R}^{D_x\times H}", r"W_1 \in \mathbb{R}^{H\times D_x}", "1"),
    ("row in a space", r"x \in \mathbb{R}^{1\times D_x}", r"x \in \mathbb{R}^{D_x\times 1}", "1"),
    (
        "chain",
        r"z_1^T = (x W_1 + b_1)^T = W_1^T x^T + b_1^T",
        r"h = \sigma(z_1) = \sigma(x W_1)",
        "1",
    ),
    (
        "aligned",
        "\\begin{aligned} z_1 &= x W_1 \\\\ &\\quad + b_1 \\\\ h &= \\sigma(z_1) \\end{aligned}",
        "\\begin{aligned} z_1 &= x W_1 \\\\ &\\quad + b_1 \\\\ h &= \\sigma(x W_1) \\end{aligned}",
        "1",
    ),
    (
        "spelling",
        r"\boldsymbol{\hat{y}} \, - \mathbf{y} = \dfrac{\partial J}{\partial \boldsymbol{z}_{2}}",
        r"\boldsymbol{\hat{y}} \, + \mathbf{y} = \dfrac{\partial J}{\partial \boldsymbol{z}_{2}}",
        "1",
    ),
    (
        "nothing left",
        r"\sum_{k=1}^{D_y} \frac{\partial \hat y_k}{\partial z_{2,i}} = 0",
        r"\sum_{k=1}^{D_y} \frac{\partial \hat y_k}{\partial \hat y_i} = 0",
        "1",
    ),
]
TABLES = {"1": question(), "sum": question("N"), "mean": question("N", "mean")}


@pytest.mark.parametrize(
    ("true", "false", "rows"), [pytest.param(*rest, id=name) for name, *rest in LANGUAGE]
)
def test_language(true, false, rows):
    assert check(true, TABLES[rows]) == Report(True)
    assert not check(false, TABLES[rows]).holds


KNOWN = "known here: D_x, D_y, H, J, N, W_1, W_2, \\hat y, b_1, b_2, h, x, y, z_1, z_2"
START = r"a symbol, a number, \frac, \sum, a function such as \sigma, \underbrace, ( or ["


@pytest.mark.parametrize(
    ("text", "message", "line", "carets"),
    [
        ("z_1 = Q", f"unknown symbol Q; {KNOWN}", "z_1 = Q", "      ^"),
        ("W_3 = x", f"unknown symbol W_3; {KNOWN}", "W_3 = x", "^^^"),
        ("= x", f"cannot read the formula here; expected {START}, {{ or -", "= x", "^"),
        ("x + ", f"the formula ends too early; expected {START} or {{", "x + ", "   ^"),
        (r"x \in", r"the formula ends too early; expected \mathbb{R}", r"x \in", "     ^"),
        (r"z_1 = \frac{x", "this { is never closed", r"z_1 = \frac{x", "           ^"),
        (r"\left( x", "this ( is never closed", r"\left( x", "^^^^^^"),
        (r"\left( x )", r"\left without its \right", r"\left( x )", "^^^^^^"),
        (r"( x \right)", r"\right without its \left", r"( x \right)", "    ^^^^^^^"),
        (r"x \right(", r"\right is followed by the opening (", r"x \right(", "  ^^^^^^^"),
        ("z_1 = x W_1 + )", "this ) closes nothing: no bracket is open", None, " " * 14 + "^"),
        ("z_1 = (x]", "( is closed by ), but here stands ]", "z_1 = (x]", "        ^"),
        (r"h \hadamard x", r"unknown command \hadamard; known here: \frac, ", None, "  ^^^^^^^^^"),
        (r"\simga(z_1)", r"unknown command \simga; did you mean \sigma? known", None, "^^^^^^"),
        (
            r"h = \operatorname{norm}(z_1)",
            r"unknown command \operatorname{norm}; known here: diag, logsoftmax, relu, ",
            None,
            "    " + "^" * 19,
        ),
        ("x = | y", "cannot read the formula here; expected a symbol", "x = | y", "    ^"),
        (
            "x = y\0",
            "cannot read the formula here; expected ",
            "x = y\N{REPLACEMENT CHARACTER}",
            None,
        ),
        ("x = y\nz = Q", "unknown symbol z; ", "z = Q", "^"),
        ("W_1^{99} = W_1", "the exponent 99 is not a whole number up to 9", None, "   ^^^^^"),
        ("x = 1234567890123456", "a number has at most 15 digits", None, " " * 4 + "^" * 16),
        ("x^T^T^T^T^T", "at most 4 scripts are read", None, "^" * 11),
    ],
)
def test_unreadable_text_is_quoted_with_a_caret_under_the_place(text, message, line, carets):
    with pytest.raises(EquationError) as caught:
        check(text)
    said, quote, marked = str(caught.value).split("\n")
    assert said.startswith(message)
    assert quote == f"  {line or text}"
    assert carets is None or marked == f"  {carets}"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "the formula is empty"),
        ("% only a comment", "the formula is empty"),
        ("x" * (MAX_LENGTH + 1), "the formula has 2001 characters, at most 2000 are read"),
        ("(" * 41 + "x" + ")" * 41, "at most 40 brackets are read inside each other"),
        ("+".join("x" * 201), "the formula has 201 symbols, at most 200 are read"),
        ("x" * 150, "the formula is 153 operations deep, at most 120 are read"),
    ],
)
def test_text_beyond_a_bound_is_refused(text, message):
    with pytest.raises(EquationError, match=re.escape(message)):
        check(text)


def test_a_long_line_is_quoted_around_the_place():
    with pytest.raises(EquationError) as caught:
        check("x = " + "x + " * 60 + "Q" + " + x" * 20)
    _, line, carets = str(caught.value).split("\n")
    assert len(line) < 200
    assert line[carets.index("^")] == "Q"


def test_all_that_the_grammar_names_has_words():
    assert {each.name for each in grammar().terminals} - {"__IGNORE_0"} == WORDS.keys() - {"$END"}


@pytest.mark.parametrize("command", COMMANDS)
def test_known_commands_are_those_of_the_grammar(command):
    patterns = [
        re.compile(each.pattern.to_regexp()) for each in grammar().terminals if each.pattern
    ]
    spellings = (command, command + "{vec}", command + "{R}")
    assert any(pattern.fullmatch(each) for pattern in patterns for each in spellings)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("".join(f"x_{letter} " for letter in "ijklmnpqr") + "= J", "9 index letters, at most 8"),
        ("".join(f"h_{letter} " for letter in "ijklmnpq") + "= J", "this has 390625 entries"),
        (r"W_1 \otimes W_1 \otimes W_1 \otimes W_1 \otimes W_1 = W_1", "entries here, at most"),
        (
            r"\operatorname{diag}(\operatorname{vec}(W_1 \otimes W_1 \otimes W_1)^T) = x",
            "this has 64000000 entries here, at most 200000",
        ),
        (
            r"\frac{\partial}{\partial W_1}[ W_1 \otimes W_1 \otimes W_2 \otimes x ] = x",
            "entries here, at most",
        ),
    ],
)
def test_what_would_take_too_much_is_refused_before_it_is_computed(text, message):
    tracemalloc.start()
    try:
        with pytest.raises(EquationError, match=message):
            check(text)
        assert tracemalloc.get_traced_memory()[1] < 30e6
    finally:
        tracemalloc.stop()


def deepest(text: str, limit: int) -> bool:
    """Read and check a text with so many calls inside each other left, and tell whether it goes."""
    frame, used = sys._getframe(), 0
    while frame:
        frame, used = frame.f_back, used + 1
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(used + limit)
    try:
        check(text)
    except EquationError:
        pass
    finally:
        sys.setrecursionlimit(before)
    return True


@pytest.mark.parametrize(
    "text",
    [
        "+".join("x" * 110) + "= x",
        "x" * 110,
        "{" * 39 + "x" + "^T^T^T^T}" * 39 + " = x",
        r"\log " * 110 + "x = x",
        r"\exp(" * 39 + "x" + ")" * 39 + " = x",
        "[" * 39 + "x" + "]_i" * 39,
        r"\frac{1}{" * 39 + "x" + "}" * 39 + " = x",
        "".join(rf"\sum_{letter} " for letter in "ijklmnpq" * 13) + "x_i = x_i",
    ],
)
def test_the_deepest_formulas_that_are_read_need_few_calls(text):
    check("z_1 = x W_1 + b_1")  # what is computed once is not counted
    assert deepest(text, 700)


@pytest.mark.parametrize(
    ("text", "failure"),
    [
        (r"\frac{1}{0} = 2", "value"),
        (r"2 = \frac{1}{0}", "value"),
        (r"\frac{1}{0} = \frac{1}{0}", "value"),
        (r"\frac{0}{0} = \frac{0}{0}", "value"),
        (r"\log(-1) = \log(-1)", "value"),
        (r"h = h + \frac{0}{0}", "value"),
        (r"\exp(\exp(9 \exp(9))) = \exp(\exp(9 \exp(9)))", "value"),
        (r"\frac{\partial x}{\partial W_1} = \frac{\partial x}{\partial W_1}", "vacuous"),
        (r"2 \frac{\partial x}{\partial W_1} = h - h + 0", "shape"),
        (r"3 (h - h) = z_1 - z_1", "vacuous"),
        ("0 = 0", "vacuous"),
        ("x W_1", "vacuous"),
        ("J = 0", "value"),
        (r"999999999999999 - 999999999999999 + J = 0", "value"),
        (r"\sum_k \sum_k h_k = H \sum_k h_k", "shape"),
    ],
)
def test_what_says_nothing_does_not_hold(text, failure):
    report = check(text)
    assert (report.holds, report.failure) == (False, failure)


@pytest.mark.parametrize(
    "text",
    [
        r"\frac{\partial x}{\partial W_1} = 0",
        r"0 = \frac{\partial J}{\partial z_1} - (\hat y - y) W_2^T \circ h \circ (1 - h)",
    ],
)
def test_a_claim_that_something_vanishes_holds(text):
    assert check(text).holds


def test_an_index_may_stand_on_the_axis_of_one_row():
    assert check(r"\sum_s \left[ b_1 \right]_{si} = b_{1,i}").holds
    assert check(r"\delta_{su} J = \left[ b_1 \right]_{si}").failure == "shape"


@pytest.mark.parametrize(
    ("text", "link", "sub_expression", "said"),
    [
        (
            ASKED.replace("W_2^T", "W_2"),
            ASKED.replace("W_2^T", "W_2"),
            r"\left( \hat{\boldsymbol{y}} - \boldsymbol{y} \right) \cdot W_2",
            "1×D_y · H×D_y: D_y meets H",
        ),
        (
            r"h = \sigma(z_1) = \sigma(x W_1)",
            r"\sigma(z_1) = \sigma(x W_1)",
            r"\sigma(x W_1)",
            "the values differ at entry [0, ",
        ),
        (
            r"\frac{\partial z_{1,k}}{\partial W_{1,ij}} = x_i \delta_{kj} = 3 x_i \delta_{kj}",
            r"x_i \delta_{kj} = 3 x_i \delta_{kj}",
            r"3 x_i \delta_{kj}",
            r"the values differ at [i=",
        ),
        ("z_1 = x W_1 = x W_1", "z_1 = x W_1", "x W_1", "the values differ at entry [0, "),
        (r"z_1 = x W_1 + b_2", r"z_1 = x W_1 + b_2", "x W_1 + b_2", "1×H is added to 1×D_y"),
        (r"z_1 = W_2^T", r"z_1 = W_2^T", "W_2^T", "left is 1×H, right is D_y×H"),
        (r"x_i h_j = x_i", r"x_i h_j = x_i", "x_i", "the index j is free on one side only"),
        (
            "\\begin{aligned} z_1 &= x W_1 + b_1 \\\\"
            " h &= \\sigma\\left(\n  z_2 \\right) \\end{aligned}",
            r"h = \sigma\left( z_2 \right)",
            r"\sigma\left( z_2 \right)",
            "left is 1×H, right is 1×D_y",
        ),
        (
            r"\underbrace{x}_{1\times H} = x",
            r"\underbrace{x}_{1\times H} = x",
            r"\underbrace{x}_{1\times H}",
            "said to be 1×H, but it is 1×D_x",
        ),
        (
            r"x_i W_{1,ji} = J",
            r"x_i W_{1,ji} = J",
            "W_{1,ji}",
            "the index i ranges over D_x and over H",
        ),
    ],
)
def test_report_names_link_and_sub_expression(text, link, sub_expression, said):
    report = check(text)
    assert not report.holds
    assert (report.link, report.sub_expression) == (link, sub_expression)
    assert report.message.startswith(said)
    assert f"in {sub_expression}\nof {link}\n" in report.message


def test_both_values_stand_in_the_report():
    where = point(question(), 0)
    report = check("h = 2 h")
    entry = re.search(
        r"entry \[0, (\d)\] of 1×H: (\S+) on the left, (\S+) on the right", report.message
    )
    value = where.values["h"].array[0, int(entry[1])]
    assert (float(entry[2]), float(entry[3])) == pytest.approx((value, 2 * value), rel=1e-5)


@pytest.mark.parametrize("table", [question("1"), question("N"), deep("1"), deep("N")])
def test_the_sizes_of_each_network_that_is_tried_differ_and_none_is_1(table):
    # With equal sizes, or with an axis of length 1, many wrong formulas fit.
    assert len(table.sizes) >= 2
    for sizes in table.sizes:
        assert len(set(sizes.values())) == len(sizes)
        assert min(sizes.values()) > 1


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        (r"\left[ h_j h \right]_j = h_j h_j", "1"),
        (r"\left[ h_j W_2 \right]_{jk} = h_j W_{2,jk}", "1"),
        (r"\left[ h_{nj} h \right]_n = h_{nj} h_n", "N"),
    ],
)
def test_an_index_inside_of_a_bracket_and_behind_it_is_refused(text, rows):
    report = check(text, question(rows))
    assert report.failure == "shape"
    assert report.message.startswith("an index is used inside and outside of a bracket")


TENSOR = r"\frac{\partial z_1}{\partial W_1}"


@pytest.mark.parametrize(
    ("formula", "said"),
    [
        (r"\operatorname{vec}(J)", "vec takes a matrix, got a scalar"),
        (rf"\operatorname{{vec}}({TENSOR})", "vec takes a matrix, got H×D_x×H"),
        (r"\operatorname{diag}(J)", "diag takes a row, got a scalar"),
        (r"\operatorname{diag}(W_1)", "diag takes a row, got D_x×H"),
        (r"\operatorname{diag}(x^T)", "diag takes a row, got D_x×1"),
        (rf"\operatorname{{diag}}({TENSOR})", "diag takes a row, got H×D_x×H"),
        (r"J \otimes x", "⊗ takes two matrices, got a scalar, 1×D_x"),
        (r"x \otimes J", "⊗ takes two matrices, got 1×D_x, a scalar"),
        (rf"x \otimes {TENSOR}", "⊗ takes two matrices, got 1×D_x, H×D_x×H"),
        (r"\operatorname{softmax}(J)", "softmax takes a row, got a scalar"),
    ],
)
def test_what_a_function_does_not_take_is_refused_and_named(formula, said):
    report = check(f"{formula} = {formula}")
    assert report.failure == "shape"
    assert report.message.startswith(said)
