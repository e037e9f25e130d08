"""Equations that execute: LaTeX text is parsed into a tree, and its shapes and values checked."""

from mlp_lib.equations.check import Report, check
from mlp_lib.equations.diagnosis import Diagnosis, diagnose
from mlp_lib.equations.diagnosis_shown import Overview
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
