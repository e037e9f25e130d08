"""What is told of LaTeX that isn't read, and how an attempt is quoted."""

import pytest

from mlp_lib.equations import diagnose


@pytest.mark.parametrize(
    ("attempt", "words"),
    [
        (r"\hat y_k \sum_{j \neq k} y_j", "a sum that leaves an index out isn't read"),
        (r"\begin{cases} \hat y_k - 1 & k = c \\ \hat y_k & k \neq c \end{cases}", "cases aren't"),
        (r"\newcommand{\pd}[2]{\frac{\partial #1}{\partial #2}} \pd{J}{h}", "macros aren't"),
        (r"\begin{array}{cc} 1 & 0 \\ 0 & 1 \end{array}", "a matrix that is written out"),
        (r"h \ast (\hat y - y)", r"\ast could be either product"),
        (r"\left\{ \begin{array}{ll} a & k = c \\ b & k \neq c \end{array} \right.", "a matrix"),
        (r"\mathbb{1}[y=k] - \hat y_k", "cannot read the formula here"),
        (r"\nabla_\theta J(\theta)", "what it is by and of"),
        (r"\hat y - \text{y}", r"unknown command \text{y}"),
        (r"h_j (\hat y_k - y_k) \quad (h = \sigma(z_1))", "cannot read the formula here"),
    ],
)  # fmt: skip
def test_what_is_not_read_is_refused_in_a_sentence(attempt, words):
    found = diagnose(attempt, "dJ_dh")
    assert found.verdict == "unusable input"
    assert found.message.startswith(words) or words in found.message.split("\n")[0]


QUOTED = [
    (r"dz_2 = \hat y - y, dW_2 = h^T dz_2 + q", "dJ_dW2", "q"),
    (r"\frac{\partial C}{\partial W^2_{jk}} = a^1_j q_k", "dJ_dW2", "q_k"),
    (r"dz_2 = \hat y_j - y_k, dW_2 = h_i dz_2", "dJ_dW2", r"\hat y_j - y_k"),
    (r"\frac1N \times Q", "dJ_dh", "Q"),
]


@pytest.mark.parametrize(("attempt", "target", "marked"), QUOTED)
def test_a_message_quotes_what_was_typed(attempt, target, marked):
    _, line, carets = diagnose(attempt, target).message.split("\n")
    assert line == f"  {attempt}"
    start = carets.index("^")
    assert line[start : start + carets.count("^")] == marked


@pytest.mark.parametrize(
    "attempt", [r"dz_2 = \hat y_j - q, dz_2", r"dz_2 = e \Rightarrow -e dz_2 dz_2"]
)
def test_no_message_quotes_a_mark_of_the_reader(attempt):
    message = diagnose(attempt, "dJ_dz2").message
    assert r"\!" not in message


def test_an_unknown_command_is_answered_with_the_nearest_one_and_few_others():
    said = diagnose(r"h^T \odt (\hat y - y)", "dJ_dW2").message.split("\n")[0]
    assert said.startswith(r"unknown command \odt; did you mean \odot?")
    assert len(said) < 160
