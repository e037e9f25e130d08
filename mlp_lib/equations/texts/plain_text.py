"""Plain text → LaTeX → tree: what `printing.plain` writes, and what people type without LaTeX.

`∂J/∂W₁ = xᵀ [(ŷ − y) W₂ᵀ ∘ h ∘ (1 − h)]` reads as the tree of the same formula in LaTeX. Text is
only ever translated and parsed; nothing runs it.
"""

import re
import unicodedata
from functools import lru_cache

from mlp_lib.equations.latex import MAX_DEPTH, MAX_LENGTH, parse_latex
from mlp_lib.equations.printing import HAT, SUBSCRIPTS, SUPERSCRIPTS
from mlp_lib.equations.tables import Table
from mlp_lib.equations.texts.spelling import OWN_ROW
from mlp_lib.equations.tree import ONES, Equation, EquationError, Span

SMALL = {chr(small): chr(letter) for letter, small in SUBSCRIPTS.items()}
RAISED = {chr(raised): chr(digit) for digit, raised in SUPERSCRIPTS.items()} | {"ᵀ": "T"}
OPERATORS = {"=": "=", "+": "+", "-": "-", "−": "-", "·": r"\cdot", "∘": r"\circ", "⊙": r"\circ",
             "⊗": r"\otimes", "×": r"\times", "*": r"\ast", "\n": r"\\", "⇒": OWN_ROW}  # fmt: skip
CLOSING = {"(": ")", "[": "]"}

# A name that a line gives to a part and that is no single letter: error, d1, grad_{out}, ε.
OWN_NAME = re.compile(
    r"^[ \t]*+((?:[A-Za-z][A-Za-z0-9]|(?![σΣδ])[Α-Ωα-ω])[A-Za-z0-9_]*+(?:\{[A-Za-z0-9]++\})?)"
    rf"[{''.join(SMALL)}]*+[ \t]*+=",
    re.MULTILINE,
)
SYMBOLS = set("xyhzWbJHN")  # xW₁ = … says nothing of a name
FUNCTIONS = "logsoftmax|softmax|diag|vec|exp|log"
TOKEN = (
    r"(?P<space>[^\S\n]+)"
    r"|(?<![A-Za-z0-9_])(?P<own>NAMES)(?![A-Za-z0-9_])"
    rf"|(?P<function>{FUNCTIONS}|relu'?|tanh'?|σ'?)"
    r"|(?P<identity>I_(?P<axis>[A-Z](?:_[a-z0-9])?))"
    rf"|(?P<letter>[A-Za-z]{HAT}?|𝟏|δ)"
    r"|(?P<number>\d+(?:\.\d+)?)"
    r"|(?P<sum>Σ)"
    rf"|(?P<sub>,?[{''.join(SMALL)}]+|_[A-Za-z0-9]|_\{{[A-Za-z0-9,=]+\}})"
    rf"|(?P<sup>[{''.join(RAISED)}]|\^(?:[A-Z](?:_[a-z0-9])?|\d|\{{\w+\}}))"
    r"|(?P<partial>∂)"
    r"|(?P<slash>/)"
    r"|(?P<open>[(\[])"
    r"|(?P<close>[)\]])"
    r"|(?P<shape>:\s*(?P<sizes>\w+(?:\s*×\s*\w+)*))"
    rf"|(?P<operator>[{re.escape(''.join(OPERATORS))}])"
)


@lru_cache(maxsize=64)
def token(names: frozenset[str]) -> re.Pattern[str]:
    """Return what finds the next part of a text in which lines give these names."""
    longest_first = map(re.escape, sorted(names, key=lambda name: (-len(name), name)))
    return re.compile(TOKEN.replace("NAMES", "|".join(longest_first) or "(?!)"))


KINDS = [name for name in token(frozenset()).groupindex if name not in ("axis", "sizes")]


# What is said of each kind of part to a reader.
KIND_WORDS = {
    **dict.fromkeys(("own", "letter", "identity"), "a symbol"), "function": "a function",
    "number": "a number", "open": "a bracket", "close": ")", "slash": "/", "partial": "∂",
}  # fmt: skip


def own_names(text: str) -> frozenset[str]:
    """Return the names of several letters, or of a Greek one, that lines give to parts."""
    return frozenset(
        name for name in OWN_NAME.findall(text) if not set(filter(str.isalpha, name)) <= SYMBOLS
    )


def parse_plain(text: str, table: Table) -> list[Equation]:
    """Return the equations that the plain text states.

    Raises EquationError for a text that cannot be read.
    """
    return parse_latex(latex_of_plain(text), table)


def latex_of_plain(text: str) -> str:
    """Return the plain text as LaTeX.

    Raises EquationError with a caret under a character that has no meaning here.
    """
    if len(text) > MAX_LENGTH:
        raise EquationError(
            f"the formula has {len(text)} characters, at most {MAX_LENGTH} are read"
        )
    return Translation(text.strip()).expression("", 0)


WORD = re.compile(r"(?<![A-Za-z{_])[A-Za-z]{3,}(?![A-Za-z])")
FUNCTION = re.compile(rf"{FUNCTIONS}|relu|tanh")
GIVEN_LETTER = re.compile(r"^[ \t]*+([A-Za-z])(?:_\w++)?[ \t]*+=", re.MULTILINE)


def refuse_words(text: str) -> None:
    """Refuse a word that is no function, no name that a line gives, and no product of symbols."""
    letters, names = SYMBOLS | set(GIVEN_LETTER.findall(text)), own_names(text)
    for found in WORD.finditer(text):
        named = any(name.startswith(found[0]) for name in names)
        if not named and not set(FUNCTION.sub("", found[0])) <= letters:
            said = f"{found[0]} is no name here, and no line says what it is"
            raise EquationError(said, text, found.span())


class MissingError(EquationError):
    """A part of another kind than may stand in its place, by the names of the kinds."""

    def __init__(self, kinds: tuple[str, ...], found: str, text: str, span: Span):
        self.kinds, self.found = kinds, found
        named = " or ".join(kind for kind in kinds if kind != "own")
        super().__init__(f"expected {named} here", text, span)

    def in_words(self) -> EquationError:
        """Return the error as it is said to a reader."""
        if self.found == "sum" and "letter" in self.kinds:
            return EquationError("a sum stands in brackets here: (Σₖ …)", self.text, self.span)
        words = dict.fromkeys(KIND_WORDS.get(kind, kind) for kind in self.kinds)
        *others, last = words
        said = f"{', '.join(others)} or {last}" if others else last
        has = "the text ends" if not self.found else "this can't stand here"
        return EquationError(f"{has}: {said} is missing", self.text, self.span)


class Translation:
    """One reading of a text, from left to right."""

    def __init__(self, text: str):
        # ŷ becomes y and a hat; small letters such as ᵢ stay as they are.
        self.text = unicodedata.normalize("NFD", text)
        self.tokens: list[re.Match[str]] = []
        place = 0
        next_token = token(own_names(self.text))
        while place < len(self.text):
            match = next_token.match(self.text, place)
            if match is None:
                raise self.unreadable(place)
            if not match["space"]:
                self.tokens.append(match)
            place = match.end()
        self.next = 0

    def unreadable(self, place: int) -> EquationError:
        """Return the error about a character, with what stands above it: ö, and no mark alone."""
        start = place
        while start and unicodedata.combining(self.text[start]):
            start -= 1
        end = place + 1
        while end < len(self.text) and unicodedata.combining(self.text[end]):
            end += 1
        character = unicodedata.normalize("NFC", self.text[start:end])
        at = len(unicodedata.normalize("NFC", self.text[:start]))
        text = unicodedata.normalize("NFC", self.text)
        return EquationError(f"cannot read {character!r} in plain text", text, (at, at + 1))

    def fail(self, message: str, place: int) -> EquationError:
        """Return the error with the place in the text."""
        return EquationError(message, self.text, (place, place + 1))

    def kind(self) -> str:
        """Return what kind of token comes next, "" at the end."""
        if self.next == len(self.tokens):
            return ""
        token = self.tokens[self.next]
        return next(name for name in KINDS if token[name])

    def take(self, *kinds: str) -> re.Match[str]:
        """Return the next token, which must be of one of the kinds."""
        if self.kind() not in kinds:
            at_end = self.next == len(self.tokens)
            place = len(self.text) if at_end else self.tokens[self.next].start()
            raise MissingError(kinds, self.kind(), self.text, (place, place + 1))
        self.next += 1
        return self.tokens[self.next - 1]

    def expression(self, closing: str, depth: int) -> str:
        """Translate up to the closing bracket, or to the end."""
        if depth > MAX_DEPTH:
            raise EquationError(f"the formula is more than {MAX_DEPTH} brackets deep")
        parts: list[str] = []
        while self.kind() not in ("", "close", "shape"):
            if self.kind() == "operator":
                parts.append(OPERATORS[self.take("operator").group()])
            elif self.kind() == "sum":
                parts.append(self.summed())
            else:
                parts.append(self.quotient(depth))
        body = " ".join(parts)
        if not closing:
            if self.kind():
                raise self.fail("a bracket that was not opened", self.tokens[self.next].start())
            return body
        sizes = self.take("shape")["sizes"] if self.kind() == "shape" else ""
        end = self.take("close")
        if end.group() != closing:
            raise self.fail(f"expected {closing} here", end.start())
        if sizes:
            shape = re.sub(r"\s*×\s*", r" \\times ", sizes)
            return rf"\underbrace{{{body}}}_{{{shape}}}"
        return rf"\left( {body} \right)"

    def summed(self) -> str:
        """Translate Σₖ or Σ_{k=1}^{D_y}."""
        self.take("sum")
        letter = self.scripts("sub", "sup")
        return rf"\sum{letter}"

    def quotient(self, depth: int) -> str:
        """Translate a part, or one part over another."""
        top = self.part(depth)
        while self.kind() == "slash":
            self.take("slash")
            top = rf"\frac{{{top}}}{{{self.part(depth)}}}"
        return top

    def part(self, depth: int) -> str:
        """Translate a derivative, or one letter, number, function or bracket with its scripts."""
        if self.kind() != "partial":
            return self.unit(depth)
        self.take("partial")
        of = "" if self.kind() == "slash" else " " + self.unit(depth)
        self.take("slash")
        self.take("partial")
        return rf"\frac{{\partial{of}}}{{\partial {self.unit(depth)}}}"

    def unit(self, depth: int) -> str:
        """Translate one letter, number, function or bracket with its scripts."""
        token = self.take("own", "function", "identity", "letter", "number", "open")
        text = token.group()
        if token["open"]:
            base = self.expression(CLOSING[text], depth + 1)
        elif token["own"]:
            base = rf"\mathit{{{re.sub('[{}]', '', text)}}}"
        elif token["identity"]:
            base = f"I_{{{token['axis']}}}"
        elif token["function"]:
            plain = text.removesuffix("'")
            base = {"σ": r"\sigma", "exp": r"\exp", "log": r"\log", "tanh": r"\tanh"}.get(
                plain, rf"\operatorname{{{plain}}}"
            ) + text.removeprefix(plain)
            if self.kind() == "open":
                self.take("open")
                opened = self.tokens[self.next - 1].group()
                base += self.expression(CLOSING[opened], depth + 1)
        elif text.endswith(HAT):
            base = rf"\hat {text[0]}"
        else:
            base = {"𝟏": ONES, "δ": r"\delta"}.get(text, text)
        scripts = self.scripts("sub", "sup")
        # A number has no transpose: 1ᵀ is the ones' one.
        return (ONES if base == "1" and scripts.startswith("^{T") else base) + scripts

    def scripts(self, *kinds: str) -> str:
        """Translate subscripts, joined to one, then transposes and powers."""
        below, above = "", ""
        while self.kind() in kinds:
            text = self.take(*kinds).group()
            if text[0] in "_^":
                inner = text[1:].strip("{}")
            else:
                inner = "".join({**SMALL, **RAISED}.get(each, each) for each in text)
            if text[0] == "_" or text[-1] in SMALL:
                below += inner
            else:
                above += f"^{{{inner}}}"
        return (f"_{{{below}}}" if below else "") + above
