"""How long a diagnosis takes: `python -m benchmarks.clinic`, from the root of the repository.

Prints the median and the slowest diagnosis of the known confusions, with a suggestion and without,
in a Python in which each setting has been used once.
"""

import json
import statistics
import time
from pathlib import Path

from mlp_lib.equations import diagnose

CONFUSIONS = Path(__file__).parents[1] / "tests" / "confusions.json"


def seconds(confusion: dict, suggest: bool) -> float:
    """Return how long one diagnosis takes."""
    loss = "mean" if confusion.get("batch_loss") == "mean" else "sum"
    begun = time.perf_counter()
    diagnose(
        confusion["wrong"],
        confusion["target"],
        setup=confusion["setup"],
        loss=loss,
        suggest=suggest,
    )
    return time.perf_counter() - begun


def main() -> None:
    """Print the figures."""
    confusions = json.loads(CONFUSIONS.read_text(encoding="utf-8"))
    for suggest, words in ((False, "without"), (True, "with")):
        for confusion in confusions:
            seconds(confusion, suggest)
        times = [seconds(confusion, suggest) for confusion in confusions]
        print(
            f"{len(times)} diagnoses {words} a suggestion: "
            f"median {1e3 * statistics.median(times):.1f} ms, slowest {1e3 * max(times):.1f} ms"
        )


if __name__ == "__main__":
    main()
