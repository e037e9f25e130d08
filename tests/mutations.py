"""Change one thing in a formula and see that something fails: `python -m tests.mutations`.

Each mutant is one change to network.py or jacobians.py, found in their syntax trees. It has to be
caught twice: by the unit tests of the core alone, and by the chapters alone (pytest --nbval).
"""

import argparse
import ast
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

import nbformat
from tqdm import tqdm

ROOT = Path(__file__).parents[1]
FILES = ("mlp_lib/network.py", "mlp_lib/jacobians.py")
UNIT_TESTS = [f"tests/test_{name}.py" for name in ("jacobians", "network", "gradient_check")]
# What builds messages or refuses arguments is no formula; its own tests look at it.
NO_FORMULA = {"one_hot", "check_row", "initialise"}
# (function, old, new): why the change is none to anyone who calls it.
EQUIVALENT = {
    ("row_by_weights", '"i,kj->kij"', "'i,kj->jik'"): "the identity is its own transpose",
    ("dyhat_dz2", "yhat.T @ yhat", "(yhat.T * yhat)"): "a column times a row is an outer product",
}
SWAPPED = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult,
    ast.MatMult: ast.Mult,
}  # fmt: skip


class Mutant(NamedTuple):
    """One change: the file, the function, where the old text stands, and what replaces it."""

    file: str
    function: str
    start: int
    old: str
    new: str


def mutants() -> list[Mutant]:
    """Return every mutant of every formula, in the order of the source, each once."""
    found = {}
    for file in FILES:
        source = (ROOT / file).read_text(encoding="utf-8")
        for function in ast.parse(source).body:
            if isinstance(function, ast.FunctionDef) and function.name not in NO_FORMULA:
                for node in formula_nodes(function):
                    start, end = span(source, node)
                    old = source.encode()[start:end].decode()
                    for changed in changes(node):
                        mutant = Mutant(file, function.name, start, old, changed)
                        found[mutant] = None
    return [m for m in found if (m.function, m.old, m.new) not in EQUIVALENT]


def formula_nodes(function: ast.FunctionDef) -> Iterator[ast.expr]:
    """Walk the assigned and returned expressions, and leave out the text of errors."""
    for statement in function.body:
        if isinstance(statement, ast.Assign | ast.Return):
            yield from (n for n in ast.walk(statement.value) if isinstance(n, ast.expr))


def span(source: str, node: ast.expr) -> tuple[int, int]:
    """Return where the node begins and ends, in bytes, as the syntax tree counts columns."""
    starts = [0]
    for line in source.encode().splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    return (
        starts[node.lineno - 1] + node.col_offset,
        starts[node.end_lineno - 1] + node.end_col_offset,
    )


def changes(node: ast.expr) -> Iterator[str]:
    """Return the texts that a mistake would put in the node's place."""
    match node:
        case ast.BinOp(left, op, right):
            if type(op) in SWAPPED:
                yield f"({ast.unparse(ast.BinOp(left, SWAPPED[type(op)](), right))})"
            if isinstance(op, ast.MatMult | ast.Sub | ast.Div):
                yield f"({ast.unparse(ast.BinOp(right, op, left))})"
            yield ast.unparse(left)
            if isinstance(op, ast.Mult | ast.MatMult):
                yield ast.unparse(right)
        case ast.UnaryOp(ast.USub(), operand):
            yield ast.unparse(operand)
        case ast.Attribute(value, "T"):
            yield ast.unparse(value)
        case ast.Constant(bool()):
            yield str(not node.value)
        case ast.Constant(int() | float()):
            yield str(1 - node.value) if node.value in (0, 1) else str(2 * node.value)
        case ast.Constant("i,kj->kij"):
            yield from ("'i,kj->ikj'", "'i,kj->jik'", "'i,kj->kji'")
        case ast.IfExp(test, body, orelse):
            yield f"({ast.unparse(ast.IfExp(test, orelse, body))})"
        case ast.Call(ast.Attribute(_, "eye"), _, _):
            yield f"(2 * {ast.unparse(node)})"


def applied(mutant: Mutant, tree: Path) -> None:
    """Write the mutant into a copy of the tree, over the unchanged source."""
    for file in FILES:
        shutil.copyfile(ROOT / file, tree / file)
    source = (ROOT / mutant.file).read_bytes()
    end = mutant.start + len(mutant.old.encode())
    changed = source[: mutant.start] + mutant.new.encode() + source[end:]
    (tree / mutant.file).write_bytes(changed)


def copy_of_tree(folder: str) -> Path:
    """Copy what the checks read into a folder of its own."""
    tree = Path(tempfile.mkdtemp(dir=folder))
    for name in ("mlp_lib", "tests", "chapters", "benchmarks"):
        if (ROOT / name).exists():
            # The bytecode comes along, but for that of the files that are changed.
            stale = [f"{Path(file).stem}.*.pyc" for file in FILES]
            ignored = shutil.ignore_patterns(*stale, ".ipynb_checkpoints", "browser")
            shutil.copytree(ROOT / name, tree / name, ignore=ignored)
    shutil.copyfile(ROOT / "pyproject.toml", tree / "pyproject.toml")
    return tree


def caught(tree: Path, checks: list[str]) -> bool:
    """Run pytest on the copy and tell whether a check failed.

    Raises RuntimeError for a run that ended badly without a failed check: a kernel that did not
    start has seen no mistake.
    """
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", *checks]
    environment = {**os.environ, "PYTHONPATH": str(tree), "PYTHONDONTWRITEBYTECODE": "1"}
    # To load every plugin takes longer than the checks of the core.
    environment["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    command += ["-p", "xdist", *(["-p", "nbval.plugin"] if "--nbval" in checks else [])]
    run = subprocess.run(command, cwd=tree, env=environment, capture_output=True, text=True)
    # An error of a test module: it computes with the library as soon as it is imported.
    failed = re.search(r"^(FAILED|ERROR tests/)", run.stdout, re.MULTILINE)
    if run.returncode != 0 and not failed:
        raise RuntimeError(f"pytest ended with {run.returncode}:\n{run.stdout}{run.stderr}")
    return run.returncode != 0


def survivors(
    found: list[Mutant], checks: Callable[[str], list[str]], jobs: int, title: str = ""
) -> list[Mutant]:
    """Return the mutants that the checks let pass; the unchanged tree has to pass them.

    `checks` gives pytest's arguments for the function that is changed.
    """
    with tempfile.TemporaryDirectory() as folder:
        if caught(copy_of_tree(folder), checks("")):
            raise RuntimeError(f"the checks fail without any change: {' '.join(checks(''))}")

        def survives(mutant: Mutant) -> bool:
            tree = copy_of_tree(folder)
            applied(mutant, tree)
            survived = not caught(tree, checks(mutant.function))
            shutil.rmtree(tree)
            return survived

        with ThreadPoolExecutor(jobs) as pool:
            runs = tqdm(pool.map(survives, found), title, len(found), unit="mutant")
            return [m for m, alive in zip(found, runs, strict=True) if alive]


def unit_checks(function: str = "") -> list[str]:
    """Return pytest's arguments for the core's unit tests, whichever function is changed."""
    return UNIT_TESTS


def chapter_checks(function: str = "") -> list[str]:
    """Return pytest's arguments for all chapters, those first that see most of the function."""
    names = re.compile(rf"\b(?:{'|'.join(users(function))})\b")
    chapters = sorted(
        (ROOT / "chapters").glob("*.ipynb"),
        key=lambda path: (-len(names.findall(code(path))), path.stat().st_size),
    )
    return ["--nbval", *(str(path.relative_to(ROOT)) for path in chapters)]


def users(function: str) -> set[str]:
    """Return the function's name and those of the functions that call it, directly or not."""
    found = {function}
    bodies = [
        node
        for file in FILES
        for node in ast.parse((ROOT / file).read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef)
    ]
    while True:
        callers = {body.name for body in bodies if found & called(body)}
        if callers <= found:
            return found
        found |= callers


def called(function: ast.FunctionDef) -> set[str]:
    """Return every name that the function's body mentions."""
    return {node.id for node in ast.walk(function) if isinstance(node, ast.Name)}


def code(path: Path) -> str:
    """Return the source of a notebook's code cells."""
    cells = nbformat.read(path, as_version=4).cells
    return "\n".join(cell.source for cell in cells if cell.cell_type == "code")


KINDS = {"unit tests": unit_checks, "chapters": chapter_checks}


def main() -> int:
    """Run the mutants against one or both kinds of check and print who survived."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", choices=KINDS)
    parser.add_argument("--jobs", type=int, default=2)
    arguments = parser.parse_args()
    found, failed = mutants(), False
    for kind, checks in KINDS.items():
        if arguments.only in (None, kind):
            alive = survivors(found, checks, arguments.jobs, kind)
            failed |= bool(alive)
            print(f"{kind}: {len(found)} mutants, {len(alive)} survived", flush=True)
            for m in alive:
                print(f"  {m.file} {m.function}: {m.old}  →  {m.new}")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
