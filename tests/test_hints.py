"""With suggest=False nothing that is shown holds the answer."""

import re

import pytest

from mlp_lib.equations import diagnose
from mlp_lib.equations.answers.answer import Diagnosis
from mlp_lib.equations.answers.hints import HINTS, TITLES, without_answer
from mlp_lib.equations.answers.mistakes import MISTAKES
from mlp_lib.equations.answers.shown import as_html, as_text
from tests.learners import SLIPS, WRONG

ATTEMPTS = [(each.text, each.target, each.setting) for each in WRONG]
ATTEMPTS += [(text, target, where) for text, target, where, _ in SLIPS]
ATTEMPTS += [
    (r"\frac{\partial J}{\partial z_{1,j}} = \sum_k (\hat y_k - y_k) W_{2,jk} h_j", "dJ_dz1", {}),
    ("dz2 = yhat - y\ndb1 = dz2", "dJ_db1", {"setup": "batch"}),
    ("dW2 = yhat\n    - y", "dJ_dz2", {}), ("g = yhat\n- y", "dJ_dz2", {}),
    ("x.T @ ((y - yhat) @ W2.T)", "dJ_dW1", {"setup": "batch", "loss": "mean"}),
]  # fmt: skip
# The right formulas and their factors, as people write them.
ANSWERS = re.compile(
    r"ŷ − [y1]|ŷₖ − yₖ|yhat - y|\\hat y - y|ŷ Σy|h ?\(1 − h\)|h \* \(1 - h\)|hⱼ ?\(1 − hⱼ\)|−?y/ŷ|"
    r"−?yₖ/ŷₖ|[WXx]₂?₁?ᵀ|δᵀx|aᵀd|diag\(|δₖ|δᵢ|ŷᵀ|keepdims=|np\.(?!diag |argmax|sum without|"
    r"outer (?:makes|with)|mean count|clip)|ni,nj|a\[:, None\]"
)


def said(found: Diagnosis) -> str:
    """Return what a diagnosis says in its own words, without the reader's formula."""
    mistake, message = found.mistake, found.message.partition("\n")[0]
    message = re.sub(r"^In .* the shapes don't fit: (?:np\.\w+ )?", "", message)
    words = (mistake.title, mistake.explanation) if mistake else ()
    return "\n".join((message, found.remark, *words))


@pytest.mark.parametrize(("attempt", "target", "where"), ATTEMPTS)
def test_an_exercise_gives_no_answer_away(attempt, target, where):
    right = diagnose(attempt, target, **where).suggestion
    found = diagnose(attempt, target, **where, suggest=False)
    assert not found.ok
    assert found.suggestion is None
    for shown in (as_text(found), as_html(found)):
        assert right is None or right in attempt or right not in shown
        assert "This is right" not in shown
    assert not ANSWERS.search(said(found)), said(found)


@pytest.mark.parametrize("name", MISTAKES)
def test_a_hint_holds_no_formula(name):
    hint = without_answer(MISTAKES[name])
    assert not ANSWERS.search(f"{hint.title}\n{hint.explanation}")
    assert hint.link == MISTAKES[name].link


def test_every_hint_is_of_a_mistake_and_needed():
    assert HINTS.keys() | TITLES.keys() <= MISTAKES.keys()
    assert all(HINTS[name] != MISTAKES[name].explanation for name in HINTS)
    assert all(TITLES[name] != MISTAKES[name].title for name in TITLES)


def test_two_mistakes_at_once_have_titles_without_the_answer():
    attempt = "x.T @ ((yhat - y) * yhat * (1 - yhat) @ W2.T)"
    found = diagnose(attempt, "dJ_dW1", suggest=False)
    assert found.mistake.title == TITLES["output slope on ŷ − y"]
    assert "The sigmoid's slope is missing" in found.remark
    swapped = diagnose("x.T @ ((yhat - y) * yhat * (1 - yhat) @ W2.T * (1 - h))", "dJ_dW1")
    assert swapped.mistake.title == MISTAKES["output slope on ŷ − y"].title
