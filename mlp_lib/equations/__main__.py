"""`python -m mlp_lib.equations chapters/*.ipynb` checks every display equation of the chapters."""

import argparse
from pathlib import Path

from mlp_lib.equations.chapters import displays, judge


def main() -> None:
    """Print a line an equation, and fail if one doesn't hold."""
    parser = argparse.ArgumentParser(prog="python -m mlp_lib.equations", description=__doc__)
    parser.add_argument("chapters", nargs="+", type=Path)
    held = total = 0
    for path in parser.parse_args().chapters:
        for display in displays(path):
            report = judge(display)
            total, held = total + 1, held + report.holds
            verdict = "wrong, as it says" if display.wrong else "holds"
            print(
                f"{display.chapter}: {display.label or '(no label)'}: "
                f"{verdict if report.holds else f'FAILS ({report.failure}) {report.message}'}"
            )
    print(f"{total} equations: {held} hold")
    if held < total or not total:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
