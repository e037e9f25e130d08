"""How long the check takes: `python benchmarks/equations.py`, from the root of the repository.

Prints the time of all equations of the book on one core, the median and the slowest of one check
once everything is imported, and the time of `import mlp_lib` beyond NumPy's.
"""

import statistics
import subprocess
import sys
import time
from pathlib import Path

CHAPTERS = sorted((Path(__file__).parents[1] / "chapters").glob("*.ipynb"))
REPEATS = 7


def book() -> float:
    """Return the seconds that a Python of its own takes for all equations, its start included."""
    begun = time.perf_counter()
    command = [sys.executable, "-m", "mlp_lib.equations", *map(str, CHAPTERS)]
    subprocess.run(command, check=True, capture_output=True)
    return time.perf_counter() - begun


def single_checks() -> list[tuple[float, str]]:
    """Return the median of a few checks of each equation with its name, fastest first."""
    from mlp_lib.equations.chapters import displays, judge

    found = []
    for path in CHAPTERS:
        for display in displays(path):
            judge(display)  # builds the grammar and the networks
            times = []
            for _ in range(REPEATS):
                begun = time.perf_counter()
                judge(display)
                times.append(time.perf_counter() - begun)
            found.append((statistics.median(times), f"{display.chapter}, {display.label}"))
    return sorted(found)


def importing(statement: str) -> float:
    """Return the seconds that a new Python takes for a statement, the least of several."""
    code = f"import time; t = time.perf_counter(); {statement}; print(time.perf_counter() - t)"
    command = [sys.executable, "-c", code]
    return min(
        float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
        for _ in range(REPEATS)
    )


def main() -> None:
    """Print the figures."""
    checks = single_checks()
    slowest, name = checks[-1]
    print(f"all {len(checks)} equations of the book, from the command line: {book():.2f} s")
    print(f"one check: median {1e3 * statistics.median(t for t, _ in checks):.1f} ms,", end=" ")
    print(f"slowest {1e3 * slowest:.1f} ms ({name})")
    beyond = importing("import numpy; t = time.perf_counter(); import mlp_lib")
    print(f"import mlp_lib beyond NumPy: {1e3 * beyond:.1f} ms")
    with_equations = importing("import numpy; t = time.perf_counter(); import mlp_lib.equations")
    print(f"import mlp_lib.equations beyond NumPy: {1e3 * with_equations:.1f} ms")


if __name__ == "__main__":
    main()
