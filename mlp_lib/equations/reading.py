"""Which notation a reader's text is in, and what it says."""

from mlp_lib.equations.arrays import Rules
from mlp_lib.equations.latex import parse_latex
from mlp_lib.equations.numpy_text import parse_numpy
from mlp_lib.equations.plain_text import latex_of_plain
from mlp_lib.equations.tables import Table
from mlp_lib.equations.tree import Equation, EquationError

ONLY_IN_LATEX = ("\\", "^", "_{", "{")
# Signs that people type, or copy from a page, where they write neither NumPy nor LaTeX.
ONLY_IN_PLAIN_TEXT = "∂∘⊙⊗·−ᵀ₁₂Σσ"


def without_plain_text(text: str) -> str:
    """Return a formula in plain text, (ŷ − y) W₂ᵀ, as LaTeX, and any other text as it is.

    Raises EquationError for plain text that can't be read.
    """
    plain = any(sign in text for sign in ONLY_IN_PLAIN_TEXT) and "\\" not in text
    return latex_of_plain(text) if plain else text


def read(text: str, table: Table) -> tuple[list[Equation], Rules]:
    """Return the equations that the text states, and by which rules it is evaluated.

    Raises EquationError for what is neither NumPy nor LaTeX.
    """
    if any(sign in text for sign in ONLY_IN_LATEX):
        return parse_latex(text, table), "book"
    try:
        return parse_numpy(text, table), "numpy"
    except EquationError as error:
        try:
            return parse_latex(text, table), "book"
        except EquationError:
            raise error from None
