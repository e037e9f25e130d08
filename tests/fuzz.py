"""Random and malicious text against the front ends: `python -m tests.fuzz --count 100000`.

Whatever the text is, a front end returns trees or raises EquationError, `check` returns a report or
raises EquationError, and each does so within a bound of time. The texts come from a seed.
"""

import argparse
import random
import string
import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from tqdm import tqdm

from mlp_lib.equations.chapters import displays
from mlp_lib.equations.check import check
from mlp_lib.equations.latex import parse_latex
from mlp_lib.equations.numpy_code.reader import parse_numpy
from mlp_lib.equations.tables import Table, question
from mlp_lib.equations.texts.reading import as_here, read
from mlp_lib.equations.tree import EquationError

CHAPTERS = sorted((Path(__file__).parents[1] / "chapters").glob("*.ipynb"))
TABLES = (question(), question("N"), question("N", "mean"))
# What reads a text. `check` reads LaTeX and computes too; `typed` is how the clinic reads what
# people type. All of them get all texts.
FRONT_ENDS: dict[str, Callable[[str, Table], object]] = {
    "latex": parse_latex,
    "numpy": parse_numpy,
    "check": check,
    "typed": lambda text, table: read(as_here(text, table).text, table),
}
SECONDS = 1.0  # of processor time for one text
VOCABULARY = r"""
\frac \partial \sum \cdot \circ \odot \otimes \underbrace \hat \delta \in \mathbb{R} \times \top
\sigma \sigma' \tanh \exp \log \operatorname{softmax} \operatorname{diag} \operatorname{vec}
\left( \right) \left[ \right] \begin{aligned} \end{aligned} \boldsymbol \mathbf{1} \, \quad \\ & %
x y W_1 b_1 z_1 h W_2 b_2 z_2 \hat{y} J D_x H D_y N I_H I_{D_x} T i j k m n
( ) [ ] { } ^ _ ^T ^2 ^{\circ2} + - = , : . 0 1 2 9 1.5 _{ij} _{1,ij} _k
"""
TOKENS = (*VOCABULARY.split(), "\n")
PLAIN_VOCABULARY = r"""
ŷ y x h W₁ W2 W1ᵀ W_2^T z₁ b₂ δ δ₁ δ2 δ^{(2)} δ_kj hᵢ e ∂J/∂W₁ ∂L/∂h dJ/dz2 dW1 dZ^{[2]} A1 a²
σ σ'(z₁) sigmoid' relu Σₖ ∇_W1 ∇ + - − · ∘ ⊙ ⊗ × * @ / = := ← <- ( ) [ ] , . : ' ² ᵀ ^T ½ 1 2 0.1
where with and \text{where} \quad \delta \hat y \odot W^{(1)} \eta η $ %
"""
NAMINGS = ("δ", "e", "d", "δ₁", "∂J/∂W₁")
FUNCTIONS = [
    token for token in TOKENS if token.startswith(("\\operator", "\\sigma", "\\exp", "\\log"))
]
OPERATIONS = (r"\cdot", r"\circ", r"\otimes", "+", "-")
LETTERS = "ijklmnpqrstuvw"
ROWS = ("x", "y", r"\hat y", "h", "z_1", "z_2", "b_1", "b_2")
SYMBOLS = (*ROWS, "W_1", "W_2", "J", "N", "H", "2", "0", "I_H", "I_{D_y}", r"\mathbf{1}")


class Fault(NamedTuple):
    """A text that a front end did not answer as it has to."""

    front_end: str
    text: str
    problem: str


def book() -> list[str]:
    """Return the book's own equations."""
    return [each.text for path in CHAPTERS for each in displays(path)]


def texts(seed: int) -> Iterator[str]:
    """Yield texts without end, the same ones for the same seed."""
    rng = random.Random(seed)
    own = book()
    kinds = (spoilt, spoilt, spliced, tokens, formula, formula, malicious, noise, python, python,
             typed, typed)  # fmt: skip
    while True:
        yield rng.choice(kinds)(rng, own)


def spoilt(rng: random.Random, own: list[str]) -> str:
    """Return an equation of the book after a few deletions, insertions and copies."""
    text = rng.choice(own)
    for _ in range(rng.randint(1, 4)):
        start = rng.randrange(len(text) + 1)
        end = min(len(text), start + rng.randint(0, 8))
        piece = rng.choice(
            ("", rng.choice(TOKENS), text[start:end] * 2, rng.choice(string.printable))
        )
        text = text[:start] + piece + text[end:]
    return text


def spliced(rng: random.Random, own: list[str]) -> str:
    """Return the beginning of one equation and the end of another."""
    one, other = rng.choice(own), rng.choice(own)
    return one[: rng.randrange(len(one) + 1)] + other[rng.randrange(len(other) + 1) :]


def tokens(rng: random.Random, _: list[str]) -> str:
    """Return tokens of the language in any order."""
    return " ".join(rng.choices(TOKENS, k=rng.randint(1, 40)))


def formula(rng: random.Random, _: list[str]) -> str:
    """Return an equation that the grammar allows, mostly without sense."""
    depth = rng.randint(1, 5)
    return " = ".join(expression(rng, depth) for _ in range(rng.randint(1, 3)))


def expression(rng: random.Random, depth: int) -> str:
    """Return an expression of at most that depth."""
    if depth == 0:
        return rng.choice((rng.choice(SYMBOLS), indexed(rng)))
    inner = [expression(rng, depth - 1) for _ in range(2)]
    letter = rng.choice(LETTERS)
    axis = rng.choice(("D_x", "H", "D_y", "N"))
    return rng.choice(
        (
            rf"{inner[0]} {inner[1]}",
            f"{inner[0]} {rng.choice(OPERATIONS)} {inner[1]}",
            rf"\left( {inner[0]} \right){rng.choice(('', '^T', '^2', '_{' + letter + '}'))}",
            rf"\frac{{{inner[0]}}}{{{inner[1]}}}",
            rf"\frac{{\partial {rng.choice(SYMBOLS)}}}{{\partial {rng.choice(SYMBOLS)}}}",
            rf"\frac{{\partial {indexed(rng)}}}{{\partial {indexed(rng)}}}",
            rf"\frac{{\partial}}{{\partial {rng.choice(SYMBOLS)}}} \left[ {inner[0]} \right]",
            rf"\left[ {inner[0]} \right]_{{{letter}{rng.choice(LETTERS)}}}",
            rf"\sum_{{{letter}=1}}^{{{axis}}} {inner[0]}",
            rf"\sum_{letter} {inner[0]}",
            rf"{rng.choice(FUNCTIONS)}\left( {inner[0]} \right)",
            rf"\underbrace{{{inner[0]}}}_{{{axis} \times H}}",
            rf"\delta_{{{letter}{rng.choice(LETTERS)}}} {inner[0]}",
        )
    )


def indexed(rng: random.Random) -> str:
    """Return a symbol with index letters."""
    if rng.random() < 0.5:
        return f"W_{{{rng.choice('12')},{rng.choice(LETTERS)}{rng.choice(LETTERS)}}}"
    return f"{rng.choice(('x', 'h', 'y', 'z_1', 'z_2'))}_{rng.choice(LETTERS)}"


def malicious(rng: random.Random, own: list[str]) -> str:
    """Return text that is made to be deep, long or dear."""
    n = rng.choice((3, 10, 39, 60, 100, 199, 500, 1000))
    letters = rng.sample(LETTERS, rng.randint(2, len(LETTERS)))
    few = rng.randint(2, 12)
    return rng.choice(
        (
            "{" * n,
            "(" * n + "x" + ")" * n,
            r"\left(" * n + "x" + r"\right)" * n,
            "[" * few + "x" + "]_i" * few,
            "[" * n + "x" + "]_i" * n,
            "{" * few + "W_1" + "^T}" * few,
            r"\frac{1}{" * n + "x" + "}" * n,
            "x" + "^T" * n,
            "x" + "^9" * few,
            "(x" + "^9)" * few,
            "x" + "_1" * n,
            "x_{" + "1" * n + "}",
            "x^{" + "9" * n + "}",
            "9" * n + "x = " + "1." + "0" * n,
            r"\log " * n + "x",
            r"\exp(" * few + "x" + ")" * few + " = x",
            r"\sigma'" * n + "x",
            r"\hat" * n + " y",
            "-" * n + "x",
            "x" * n,
            "+".join("x" * n),
            "=".join("x" * n),
            r"\\".join(["x = x"] * n),
            r" \otimes ".join(["W_1"] * few) + " = x",
            r"\left(" + r" \otimes ".join(["I_H"] * few) + r"\right) \otimes (x \otimes x)",
            r"\operatorname{diag}\left(" * few + "x" + r"\right)" * few,
            r"\operatorname{diag}(\operatorname{vec}(W_1 \otimes W_2)^T) = x",
            r"\operatorname{vec}(" * few + "W_1" + ")" * few,
            r"\frac{\partial}{\partial W_1}\left[" * few + "x" + r"\right]" * few,
            r"\frac{\partial}{\partial W_1}[" + r" \otimes ".join(["W_1"] * few) + "] = J",
            r"\frac{\partial z_1}{\partial W_1}" * few + " = J",
            "".join(rf"\sum_{a} " for a in letters) + "".join(f"x_{a}" for a in letters) + " = J",
            "".join(f"x_{a} " for a in letters) + " = J",
            "".join(rf"\delta_{{{a}{b}}}" for a in letters for b in letters)[: 1900] + "x_i",
            "".join(rf"W_{{1,{a}{b}}}" for a, b in pairwise(letters)) + "=J",
            r"\underbrace{" * few + "x" + r"}_{1\times D_x}" * few + " = x",
            rng.choice(own) * few,
            "\0" * few + rng.choice(own),
            rng.choice(own).replace(" ", rng.choice("\t\u00a0\u200b\r\x0b\ud800")),
            rng.choice(own).replace("x", rng.choice("хｘ𝑥²٣é")),
            rng.choice(own).replace("T", rng.choice("ᵀ⊤┬")),
            "__import__('os').system('true')",
            r"\input{/etc/passwd}",
            r"\def\a{\a\a}\a",
            "%" * n + "\n" + rng.choice(own),
            "x = " + rng.choice(("1e999", "0x10", "1_000", "nan", "-0", "1/0", r"\frac{1}{0}")),
        )
    )  # fmt: skip


def noise(rng: random.Random, _: list[str]) -> str:
    """Return characters of any kind."""
    alphabet = rng.choice((string.printable, "\\{}_^()[]xT1= ", "".join(map(chr, range(0x3000)))))
    return "".join(rng.choices(alphabet, k=rng.randint(0, 80)))


NUMPY = (
    "x.T @ ((yhat - y) @ W2.T * h * (1 - h))",
    "np.einsum('i,kj->kij', x[0], np.eye(H))",
    "dJ_dz1 = (yhat - y) @ W2.T * h * (1 - h)\ndJ_dW1 = x.T @ dJ_dz1",
    "np.outer(x, (yhat - y) @ W2.T) / N",
    "(yhat - y).sum(axis=0, keepdims=True)",
    "np.kron(np.eye(H), x) @ W1.reshape(-1, 1, order='F')",
    "np.where(z1 > 0, z1, 0)[:, None, ::2]",
)
PIECES = """
x y W1 b1 z1 h W2 b2 z2 yhat J N H D_x np . ( ) [ ] { } @ * ** / // % - + ~ not in is and or == <
> = := , : ; 0 1 2 -1 1e9 1e999 0x1F 1_0 1j .T .sum( .reshape( .shape [0] axis=0 order='F' np.dot(
np.einsum( np.exp( np.diag( np.ones( np.eye( np.tensordot( 'ij,jk->ik' f'{x}' b'x' lambda x: x if
else for while def class import from return yield await async with try: None True ... __class__
__import__ eval( exec( open( getattr( globals( os.system( *x **x # \\ <<10**9 9**9**9 'a'*10**9
"""


def python(rng: random.Random, _: list[str]) -> str:
    """Return NumPy text, spoilt, or pieces of Python in any order."""
    pieces = PIECES.split()
    if rng.random() < 0.5:
        return rng.choice((" ", "", "\n")).join(rng.choices(pieces, k=rng.randint(1, 30)))
    text = rng.choice(NUMPY)
    for _ in range(rng.randint(0, 4)):
        start = rng.randrange(len(text) + 1)
        end = min(len(text), start + rng.randint(0, 6))
        text = text[:start] + rng.choice(("", rng.choice(pieces), text[start:end] * 2)) + text[end:]
    n = rng.choice((1, 1, 1, 1, 3, 39, 100))
    return rng.choice(("{}", "-" * n + "({})", "(" * n + "{}" + ")" * n, "{}" + ".T" * n)).replace(
        "{}", text
    )


def typed(rng: random.Random, _: list[str]) -> str:
    """Return lines of what people type, in any order, some of which begin with a name."""
    lines = []
    for _ in range(rng.randint(1, 4)):
        line = rng.choices(PLAIN_VOCABULARY.split(), k=rng.randint(1, 9))
        if rng.random() < 0.5:
            line = [rng.choice(NAMINGS), rng.choice(("=", ":=", "←")), *line]
        lines.append(" ".join(line))
    return "\n".join(lines) if rng.random() < 0.8 else rng.choice(lines) + " " * 1500 + lines[-1]


def answer(front_end: str, text: str, table: Table) -> tuple[str, float, Fault | None]:
    """Return how the front end answers, in how many seconds, and what is wrong with that."""
    begun = time.process_time()
    try:
        result = FRONT_ENDS[front_end](text, table)
        kind = ("holds" if result.holds else result.failure) if front_end == "check" else "a tree"
        fault = None
    except EquationError as error:
        kind, fault = "refused", None
        if not error.message.strip():
            fault = Fault(front_end, text, "an error without words")
    except Exception:
        kind, fault = "fault", Fault(front_end, text, traceback.format_exc(limit=-4))
    seconds = time.process_time() - begun
    if seconds > SECONDS and fault is None:
        fault = Fault(front_end, text, f"took {seconds:.1f} s, at most {SECONDS} s")
    return kind, seconds, fault


def run(count: int, seed: int = 0, progress: bool = False) -> tuple[Counter, float, list[Fault]]:
    """Put that many texts to every front end; return the answers, the longest time, the faults."""
    answers, longest, faults = Counter(), 0.0, []
    source = texts(seed)
    for number in tqdm(range(count), disable=not progress):
        text, table = next(source), TABLES[number % len(TABLES)]
        for front_end in FRONT_ENDS:
            kind, seconds, fault = answer(front_end, text, table)
            answers[front_end, kind] += 1
            longest = max(longest, seconds)
            faults += [fault] if fault else []
    return answers, longest, faults


def main() -> int:
    """Run and print the figures, and every fault."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    answers, longest, faults = run(arguments.count, arguments.seed, progress=True)
    for (front_end, kind), number in sorted(answers.items()):
        print(f"{front_end}: {number} {kind}")
    print(f"{arguments.count} texts, {len(faults)} faults, the slowest took {longest:.2f} s")
    for fault in faults[:20]:
        print(f"{fault.front_end}: {fault.text!r}\n{fault.problem}")
    return int(bool(faults))


if __name__ == "__main__":
    sys.exit(main())
