"""How many brackets are open at each place of a text, and where one of them is closed."""

from collections.abc import Iterable, Iterator

ALL = "()[]{}"  # each that opens, and behind it what closes it


def change(sign: str, kinds: str = ALL) -> int:
    """Return 1 for a sign that opens a bracket, −1 for one that closes one, 0 for any other."""
    return (sign in kinds[::2]) - (sign in kinds[1::2])


def depths(signs: Iterable[str], kinds: str = ALL, forgiving: bool = False) -> Iterator[int]:
    """Yield how many brackets are open behind each sign.

    Where it is forgiving, a bracket that closes nothing is passed over.
    """
    depth = 0
    for sign in signs:
        depth += change(sign, kinds)
        if forgiving:
            depth = max(0, depth)
        yield depth


def outside(text: str, sign: str, forgiving: bool = False) -> list[int]:
    """Return where a sign that is no bracket stands outside of all brackets."""
    around = zip(text, depths(text, forgiving=forgiving), strict=True)
    return [place for place, (each, depth) in enumerate(around) if each == sign and not depth]


def closing(text: str, start: int, kinds: str = ALL) -> int | None:
    """Return where the bracket is closed that was opened just before a place, or None."""
    inside = depths(text[start:], kinds)
    return next((start + place for place, depth in enumerate(inside) if depth < 0), None)
