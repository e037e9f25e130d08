"""Equations that execute: LaTeX text is parsed into a tree, and its shapes and values checked.

`texts` and `numpy_code` read what people type, and `answers` is what the clinic says of it.
"""

from mlp_lib.equations.answers.answer import Diagnosis
from mlp_lib.equations.answers.diagnosis import diagnose
from mlp_lib.equations.answers.shown import Overview
from mlp_lib.equations.check import Report, check
from mlp_lib.equations.ledger import Ledger, ledger
from mlp_lib.equations.tables import question
from mlp_lib.equations.tree import EquationError

__all__ = [
    "Diagnosis",
    "EquationError",
    "Ledger",
    "Overview",
    "Report",
    "check",
    "diagnose",
    "ledger",
    "question",
]
