"""Attempts that are right as they stand, and wrong in a known way where one part is changed."""

from typing import NamedTuple

from mlp_lib.equations import diagnose

WHERE = {
    "": {}, "batch": {"setup": "batch"}, "mean": {"setup": "batch", "loss": "mean"},
}  # fmt: skip


class Change(NamedTuple):
    """What is changed in a right attempt, into what, and a word of what that mistake is called."""

    old: str
    new: str
    named: str


TURNED = Change(r"\hat y - y", r"y - \hat y", "sign")
TURNED_IN_LETTERS = Change(r"\hat y_k - y_k", r"y_k - \hat y_k", "sign")


def assert_only_as_it_stands(attempt: str, target: str, where: str, change: Change) -> None:
    """Assert that an attempt is right, and that what is changed in it is found and mended."""
    found = diagnose(attempt, target, **WHERE[where])
    assert found.ok, found.message
    old, new, named = change
    assert old in attempt
    found = diagnose(attempt.replace(old, new), target, **WHERE[where])
    assert not found.ok
    assert found.mistake is not None, found.message
    assert named in found.mistake.name
    assert found.suggestion is not None
    assert diagnose(found.suggestion, target, **WHERE[where]).ok
