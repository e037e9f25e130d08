"""`python -m mlp_lib.equations.clinic --target dJ_dW1 'EXPRESSION'` diagnoses a derivation.

Exit status: 0 if it is right, 1 if it is wrong, 2 if it cannot be used.
"""

import argparse
import io
import json
import sys

from mlp_lib.equations.answers.answer import Diagnosis
from mlp_lib.equations.answers.diagnosis import diagnose
from mlp_lib.equations.answers.shown import as_data


def status(diagnosis: Diagnosis) -> int:
    """Return the exit status that says whether the attempt is right, wrong, or unusable."""
    if diagnosis.verdict == "unusable input":
        return 2
    return 0 if diagnosis.ok else 1


def main() -> int:
    """Diagnose one attempt and print what is found."""
    parser = argparse.ArgumentParser(
        prog="python -m mlp_lib.equations.clinic",
        description="Tell where a derivation goes wrong, and the smallest change that mends it.",
    )
    parser.add_argument(
        "attempt",
        metavar="EXPRESSION",
        help="NumPy text or LaTeX, behind -- if it begins with a minus; - reads it",
    )
    parser.add_argument("--target", required=True, help="a derivative's name, such as dJ_dW1")
    parser.add_argument("--setup", choices=["row", "vec", "batch"], default="row")
    parser.add_argument("--loss", choices=["sum", "mean"], default="sum")
    parser.add_argument(
        "--labels", choices=["sum to 1", "any"], default="sum to 1", help="what rows of y sum to"
    )
    parser.add_argument("--json", action="store_true", help="print the fields as JSON")
    given = parser.parse_args()
    attempt = sys.stdin.read() if given.attempt == "-" else given.attempt
    try:
        found = diagnose(
            attempt, given.target, setup=given.setup, loss=given.loss, labels=given.labels
        )
    except ValueError as error:
        parser.error(str(error))
    if isinstance(sys.stdout, io.TextIOWrapper):
        # A terminal without ∂, or a formula with half a character, is no reason to fail.
        sys.stdout.reconfigure(errors="backslashreplace")
    shown = json.dumps(as_data(found), ensure_ascii=False, indent=2) if given.json else str(found)
    print(shown)
    return status(found)


if __name__ == "__main__":
    sys.exit(main())
