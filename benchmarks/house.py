"""What the project's own commands cost: import, equation check, notebooks, pages."""

import subprocess
import sys
import time
from pathlib import Path
from statistics import median

from tqdm import tqdm

CHAPTERS = sorted(str(path) for path in Path("chapters").glob("*.ipynb"))
# Each command with how often it runs.
COMMANDS = {
    "start Python": (("-c", "pass"), 5),
    "import numpy": (("-c", "import numpy"), 5),
    "import mlp_lib": (("-c", "import mlp_lib"), 5),
    "diagnose one derivation": (
        (
            "-c",
            "from mlp_lib.equations.answers.diagnosis import diagnose; "
            "assert not diagnose('dz1.T @ x', 'dJ_dW1', setup='row').ok",
        ),
        5,
    ),
    "check every equation": (("-m", "mlp_lib.equations", *CHAPTERS), 1),
    "execute every chapter": (("-m", "book.notebooks", "--check", *CHAPTERS), 1),
    "build the pages": (("-m", "book.build"), 1),
}


def measure() -> list[dict]:
    """Return the median seconds of each command."""
    rows = []
    for name, (arguments, times) in tqdm(COMMANDS.items(), desc="commands", unit="command"):
        found = [run(arguments) for _ in range(times)]
        rows.append({"command": name, "seconds": round(median(found), 3)})
    return rows


def run(arguments: tuple[str, ...]) -> float:
    """Return the time of one run; raise CalledProcessError when it fails."""
    start = time.perf_counter()
    subprocess.run([sys.executable, *arguments], check=True, capture_output=True)
    return time.perf_counter() - start
