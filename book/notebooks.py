"""Execute and normalise the chapters, and name what would make nbval compare nothing.

`python -m book.notebooks chapters/*.ipynb` executes each notebook in its own folder and stores
its outputs. With `--check` it writes nothing and fails if it would have changed a file.
"""

import argparse
import json
import re
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from copy import deepcopy
from hashlib import sha256
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbformat import NotebookNode
from nbval.plugin import find_comment_markers, metadata_tags
from tqdm import tqdm

KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}
LANGUAGE = {"name": "python", "pygments_lexer": "ipython3"}
KEPT_CELL_METADATA = {"mystnb", "tags"}
ONLY_ERRORS = ["--log-level=40"]  # a kernel warns at each start that it runs without encryption

# nbval leaves PNG, JPEG and widgets out of its comparison; these it compares, as text.
COMPARED_FORMATS = {"text/plain", "text/html", "text/latex", "text/markdown", "image/svg+xml"}
# nbval's own tags, and the one by which nbclient passes a cell over.
UNCHECKED_TAGS = set(metadata_tags) | {"skip-execution"}

NOT_REPRODUCIBLE = {
    "a warning": re.compile(r"\w*Warning: "),
    "a traceback": re.compile(r"Traceback \(most recent call last\)"),
    "an object's address": re.compile(r"\b0x[0-9a-fA-F]{6,}"),
    "an absolute path": re.compile(
        r"(?<![\w./:<-])/(?:bin|etc|home|media|mnt|opt|private|root|srv|tmp|usr|var|work|Users)/\w"
        r"|file://|\b[A-Z]:\\\w|site-packages|ipykernel_\d"
    ),
    "a timing": re.compile(r"\b(?:Wall time|CPU times): |\b[nµm]?s ± [\d.]+ [nµm]?s\b"),
    "a carriage return": re.compile(r"\r"),
}


def read(path: Path) -> NotebookNode:
    """Return the notebook as its file has it: no ids added, no outputs merged."""
    return nbformat.v4.reads(path.read_text(encoding="utf-8"))


def text_of(notebook: NotebookNode) -> str:
    """Return the notebook as the text that its file holds."""
    return nbformat.v4.writes(notebook) + "\n"


def executed(notebook: NotebookNode, folder: Path) -> NotebookNode:
    """Return the notebook run from top to bottom in a fresh kernel that starts in `folder`.

    Raises nbclient's CellExecutionError when a cell does.
    """
    cleared = deepcopy(notebook)
    for cell in code_cells(cleared):
        cell.outputs, cell.execution_count = [], None
    client = NotebookClient(
        cleared,
        extra_arguments=ONLY_ERRORS,
        kernel_name=KERNEL["name"],
        record_timing=False,
        resources={"metadata": {"path": str(folder)}},
        timeout=300,
    )
    return client.execute()


def normalised(notebook: NotebookNode) -> NotebookNode:
    """Return the notebook without what differs between machines or runs."""
    metadata = {**notebook.metadata, "kernelspec": KERNEL, "language_info": LANGUAGE}
    cells = [normalised_cell(cell, place) for place, cell in enumerate(notebook.cells)]
    return nbformat.from_dict(
        {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
    )


def normalised_cell(cell: NotebookNode, place: int) -> NotebookNode:
    """Return the cell with an id, with no metadata but the author's, its lines as one string."""
    kept = {key: value for key, value in cell.metadata.items() if key in KEPT_CELL_METADATA}
    # An id of the cell's own stays. A missing one follows from the cell, so it is the same again.
    name = cell.get("id") or sha256(f"{place} {cell.source}".encode()).hexdigest()[:8]
    plain = {"cell_type": cell.cell_type, "id": name, "metadata": kept, "source": cell.source}
    if cell.cell_type == "code":
        plain["execution_count"] = cell.execution_count
        plain["outputs"] = merged_streams([normalised_output(output) for output in cell.outputs])
    return nbformat.from_dict(plain)


def normalised_output(output: NotebookNode) -> NotebookNode:
    """Return the output without metadata, which nbval doesn't compare."""
    return nbformat.from_dict({**output, "metadata": {}} if "metadata" in output else output)


def merged_streams(outputs: list[NotebookNode]) -> list[NotebookNode]:
    """Return the outputs with neighbours of one stream joined.

    How a kernel cuts printed text into messages depends on timing.
    """
    merged: list[NotebookNode] = []
    for output in outputs:
        last = merged[-1] if merged else {}
        if output.output_type == "stream" and last.get("name") == output.name:
            last["text"] += output.text
        else:
            merged.append(output)
    return merged


def code_cells(notebook: NotebookNode) -> list[NotebookNode]:
    """Return the notebook's code cells in their order."""
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def faults(notebook: NotebookNode) -> list[str]:
    """Return what makes nbval's comparison of this notebook empty or unrepeatable."""
    cells = code_cells(notebook)
    found = [] if cells else ["the notebook has no code cell"]
    found += metadata_faults(notebook)
    for number, cell in enumerate(cells, start=1):
        rules = (count_faults(cell, number), marker_faults(cell), output_faults(cell))
        found += [f"code cell {number}: {fault}" for rule in rules for fault in rule]
    return found


def metadata_faults(notebook: NotebookNode) -> Iterator[str]:
    """Name what the normalised form of the notebook hasn't: timings, machine's names, no id."""
    if text_of(normalised(notebook)) != text_of(notebook):
        yield "the notebook isn't in normal form: run `make notebooks`"
    names = [cell.get("id") for cell in notebook.cells]
    if len(set(names)) < len(names):
        yield "two cells have the same id"


def count_faults(cell: NotebookNode, number: int) -> Iterator[str]:
    """Name a count that isn't the one a fresh run gives: nbval skips a cell without one."""
    if cell.execution_count is None and cell.outputs:
        yield "outputs without an execution count"
    if cell.execution_count != number:
        yield f"execution count {cell.execution_count}, expected {number}"
    for output in cell.outputs:
        if output.output_type == "execute_result" and output.execution_count != number:
            yield f"a result with execution count {output.execution_count}, expected {number}"


def marker_faults(cell: NotebookNode) -> Iterator[str]:
    """Name the tags and comments that make nbval or nbclient pass over the cell."""
    for tag in sorted(UNCHECKED_TAGS.intersection(cell.metadata.get("tags", []))):
        yield f"tag {tag}"
    for kind, _ in find_comment_markers(cell.source):
        yield f"an nbval comment ({kind})"


def output_faults(cell: NotebookNode) -> Iterator[str]:
    """Name the outputs that nbval doesn't compare, or that another run may change."""
    for output in cell.outputs:
        if output.output_type == "error":
            yield f"an error, {output.ename}"
        if output.get("name") == "stderr":
            yield "text on stderr"
        for name in sorted(set(output.get("data", {})) - COMPARED_FORMATS):
            yield f"an output that isn't compared, {name}"
        for text in texts(output):
            for name, pattern in NOT_REPRODUCIBLE.items():
                if match := pattern.search(text):
                    yield f"{name} in an output: {match.group()!r}"


def texts(output: NotebookNode) -> Iterator[str]:
    """Yield every text of the output."""
    if "text" in output:
        yield output.text
    for value in output.get("data", {}).values():
        yield value if isinstance(value, str) else json.dumps(value)


def fresh_text(path: Path) -> str:
    """Return what the notebook's file holds after a new run."""
    return text_of(normalised(executed(read(path), path.parent)))


def run(paths: list[Path], check: bool) -> list[Path]:
    """Execute the notebooks and return those whose files changed or, with `check`, would."""
    changed = []
    with ProcessPoolExecutor(max_workers=2) as pool:
        runs = {pool.submit(fresh_text, path): path for path in paths}
        for done in tqdm(as_completed(runs), total=len(runs), unit="notebook"):
            path, text = runs[done], done.result()
            if text != path.read_text(encoding="utf-8"):
                changed.append(path)
                if not check:
                    path.write_text(text, encoding="utf-8")
    return sorted(changed)


def main() -> None:
    """Execute the notebooks named on the command line."""
    parser = argparse.ArgumentParser(prog="python -m book.notebooks", description=__doc__)
    parser.add_argument("notebooks", nargs="+", type=Path)
    parser.add_argument("--check", action="store_true", help="write nothing, fail on a change")
    options = parser.parse_args()
    changed = run(options.notebooks, options.check)
    for path in changed:
        print(f"{'would change' if options.check else 'changed'}: {path}")
    if options.check and changed:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
