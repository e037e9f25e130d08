"""A reader for displays that are marked as prose: it knows only the symbols that it is given.

The check of equations passes over these displays, because their symbols are no network's. Here each
symbol is a piece of LaTeX with a value, so that a formula's own text is what is computed.
"""

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

# What doesn't change a value: comments, sizes of brackets, spaces, how rows are set.
LAYOUT = re.compile(
    r"^[ \t]*%.*$|\\left(?=[(\[|])|\\right(?=[)\]|])|\\,|&|\\(?:begin|end)\{aligned\}|\s|\\dots",
    re.MULTILINE,
)
RELATIONS = ("=", r"\approx", r"\leftarrow", ">", r"\\")
SUM = re.compile(
    r"\\sum_\{(?P<letter>[a-z])(?:=1\}\^\{?(?P<upper>\w+)\}?|\\in(?P<set>.+?)\}(?=\\))"
)
# What stands between terms, and between factors that aren't side by side.
BETWEEN = ("+", "-", r"\pm", r"\circ")
BRACKETS = {"(": ")", "[": "]", "{": "}", "|": "|", r"\|": r"\|"}


class Entries(NamedTuple):
    """An array of which a symbol is the entry at the letters, which are bound by sums."""

    letters: str
    array: np.ndarray


def read(text: str, symbols: Mapping[str, Any]) -> list[Any]:
    """Return the values of a display's sides, and between each two the relation that stands there.

    Two matrices side by side are a matrix product. A series may end in + … ; a function takes what
    stands in brackets. Raises SyntaxError for what is neither a given symbol nor an operation.
    """
    reader = Reader(LAYOUT.sub("", text), {LAYOUT.sub("", key): symbols[key] for key in symbols})
    found = [reader.terms()]
    while reader.rest not in ("", "."):
        relation = next((each for each in RELATIONS if reader.skip(each)), None)
        if relation is None:
            raise SyntaxError(f"not known: {reader.rest}")
        found += [relation, reader.terms()]
    return found


class Reader:
    """What is left of a text, and what its symbols are."""

    def __init__(self, rest: str, symbols: dict[str, Any]) -> None:
        self.rest, self.symbols, self.letters, self.ends = rest, symbols, {}, []

    def skip(self, start: str) -> bool:
        """Pass over `start`, if the rest begins with it."""
        found = self.rest.startswith(start)
        self.rest = self.rest[len(start) :] if found else self.rest
        return found

    def terms(self) -> Any:
        value = -self.entrywise() if self.skip("-") else self.entrywise()
        while sign := next((s for s in ("+", "-", r"\pm") if self.skip(s)), ""):
            if sign == "+" and self.at_end():  # … behind it is layout
                break
            term = self.entrywise()
            value = value + term * (self.symbols[sign] if sign == r"\pm" else int(sign + "1"))
        return value

    def at_end(self) -> bool:
        return not self.rest or self.rest == "." or self.rest.startswith(RELATIONS)

    def entrywise(self) -> Any:
        value = self.factors()
        while self.skip(r"\circ"):
            value = value * self.factors()
        return value

    def factors(self) -> Any:
        value = self.power()
        while True:
            if self.skip("/"):
                value = value / self.power()
                continue
            self.skip(r"\cdot")
            if self.at_end() or self.rest.startswith((*BETWEEN, *self.ends[-1:])):
                return value
            factor = self.power()
            both = np.ndim(value) == np.ndim(factor) == 2
            value = value @ factor if both else value * factor

    def power(self) -> Any:
        value = self.primary()
        if self.skip("^"):
            value = value ** self.primary()
        return value

    def primary(self) -> Any:
        known = max((s for s in self.symbols if self.rest.startswith(s)), key=len, default="")
        if self.skip(known) and known:
            value = self.symbols[known]
            if isinstance(value, Entries):
                return value.array[tuple(self.letters[letter] for letter in value.letters)]
            return value(self.primary()) if callable(value) else self.entry(value)
        if found := re.match(r"\d", self.rest):
            self.skip(found[0])
            return int(found[0])
        if self.skip(r"\frac"):
            above, below = self.primary(), self.primary()
            with np.errstate(all="ignore"):  # no number equals none
                return np.divide(above, below)
        if found := SUM.match(self.rest):
            return self.sum(found)
        for opening, closing in BRACKETS.items():
            if self.skip(opening):
                self.ends.append(closing)
                value = self.terms()
                self.ends.pop()
                if not self.skip(closing):
                    break
                value = abs(value) if opening == "|" else value
                return np.linalg.norm(value) if opening == r"\|" else self.entry(value)
        raise SyntaxError(f"not known: {self.rest}")

    def sum(self, found: re.Match) -> Any:
        self.skip(found[0])
        body, total = self.rest, 0
        places = self.symbols[found["upper"] or found["set"]]
        for place in range(places) if found["upper"] else places(self.letters):
            self.rest = body
            self.letters[found["letter"]] = place
            total = total + self.factors()
        del self.letters[found["letter"]]
        return total

    def entry(self, value: Any) -> Any:
        """Return the entry that letters behind an array name, or the whole."""
        if found := re.match(r"_\{?([a-z]+)\}?", self.rest):
            self.skip(found[0])
            return value[tuple(self.letters[letter] for letter in found[1])]
        return value
