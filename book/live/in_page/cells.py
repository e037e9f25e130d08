"""Run cells as a notebook does and hand over their outputs, in the form that notebooks store."""

import builtins
import io
import json
import os
import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable
from importlib import import_module
from typing import Any

from in_page.drawing import start_sooner
from IPython.core.display_functions import display
from IPython.core.interactiveshell import InteractiveShell
from pyodide.code import CodeRunner

Output = dict[str, Any]
# How long printed text may wait to be sent on together with the next, in seconds.
PATIENCE = 0.05
# A page that is given more text than this from one cell stops answering.
MOST_TEXT = 500_000
CELL = "cell "


class Printed(io.TextIOBase):
    """A stream whose text becomes outputs, several short ones together."""

    def __init__(self, name: str, emit: Callable[[Output], None]) -> None:
        self.name, self.emit = name, emit
        self.waiting: list[str] = []
        self.sent = time.monotonic()
        self.room = MOST_TEXT

    def writable(self) -> bool:
        """Say that text can be written."""
        return True

    def write(self, text: str) -> int:
        """Keep the text and, if the last was sent a while ago, send all that waits."""
        if self.room > 0:
            kept = text[: self.room]
            self.room -= len(kept)
            self.waiting.append(kept)
            if self.room == 0:
                self.waiting.append(f"\n… the rest, beyond {MOST_TEXT:,} characters, is left out\n")
        if time.monotonic() - self.sent > PATIENCE:
            self.flush()
        return len(text)

    def flush(self) -> None:
        """Send what waits."""
        if text := "".join(self.waiting):
            self.emit({"output_type": "stream", "name": self.name, "text": text})
        self.waiting.clear()
        self.sent = time.monotonic()


class Notebook:
    """The names that cells share, and how many cells have run."""

    def __init__(self, emit: Callable[[Output], None]) -> None:
        self.names: dict[str, Any] = {"__name__": "__main__", "display": display}
        self.count = 0
        self.runs: Counter[str] = Counter()
        self.shell = InteractiveShell.instance()
        self.shell.display_pub.emit = self.emit_in_order
        self.send = emit
        self.streams = [Printed(name, self.send) for name in ("stdout", "stderr")]

    def emit_in_order(self, output: Output) -> None:
        """Send an output after the text that was printed before it."""
        for stream in self.streams:
            stream.flush()
        self.send(output)

    async def run(self, source: str, name: str = "") -> bool:
        """Run one cell, hand over its outputs as they come, and tell whether it ended well.

        Tracebacks call the cell by its name in the page, with the number of the run if it isn't
        the first: a function may come from an earlier one, whose lines were others.
        """
        self.count += 1
        name = name or f"{CELL}{self.count}"
        self.runs[name] += 1
        again = f", run {self.runs[name]}" if self.runs[name] > 1 else ""
        before = sys.stdout, sys.stderr
        self.streams = [Printed(name, self.send) for name in ("stdout", "stderr")]
        sys.stdout, sys.stderr = self.streams
        try:
            runner = CodeRunner(source, filename=name + again).compile()
            value = await runner.run_async(self.names)
            if value is not None:
                self.show(value)
            self.show_figures()
        except BaseException as error:
            self.emit_in_order(as_output(error))
            return False
        finally:
            for stream in self.streams:
                stream.flush()
            sys.stdout, sys.stderr = before
        return True

    def show(self, value: Any) -> None:
        """Hand over the value of a cell's last expression, unless it displays itself."""
        data, metadata = self.shell.display_formatter.format(value)
        if data:
            kind = {"output_type": "execute_result", "execution_count": self.count}
            self.emit_in_order(kind | {"data": data, "metadata": metadata})

    def show_figures(self) -> None:
        """Display the figures that pyplot has open, as a notebook does at the end of a cell."""
        if pyplot := sys.modules.get("matplotlib.pyplot"):
            for number in pyplot.get_fignums():
                display(pyplot.figure(number))
            pyplot.close("all")


def as_output(error: BaseException) -> Output:
    """Return an exception as an output, with the part of its traceback that is in cells."""
    shown = traceback.TracebackException.from_exception(error)
    keep_cells(shown)
    return {
        "output_type": "error",
        "ename": type(error).__name__,
        "evalue": str(error),
        "traceback": "".join(shown.format()).rstrip("\n").split("\n"),
    }


def keep_cells(shown: traceback.TracebackException) -> None:
    """Drop every line of the traceback, and of those that it came from, that is in no cell."""
    shown.stack[:] = [frame for frame in shown.stack if frame.filename.startswith(CELL)]
    for other in (shown.__cause__, shown.__context__, *(getattr(shown, "exceptions", None) or [])):
        if other is not None:
            keep_cells(other)


def refuse_input(prompt: object = "") -> str:
    """Stand for `input`, which a page's Python can't have: it runs where nobody can be asked."""
    raise RuntimeError("input() can't ask in a page: write the value into the cell")


def started() -> None:
    """Do nothing: who calls this wants Python to be there."""


def called(path: str, keywords: str) -> str:
    """Call a function named by its module and its own name; keywords and result are JSON."""
    module, _, name = path.rpartition(".")
    return json.dumps(getattr(import_module(module), name)(**json.loads(keywords)))


def notebook(emit: Callable[[str], None], folder: str) -> Notebook:
    """Return a notebook that hands over outputs as JSON and whose cells run in the folder."""
    builtins.input = refuse_input
    os.environ["MPLBACKEND"] = "agg"
    start_sooner()
    os.chdir(folder)
    return Notebook(lambda output: emit(json.dumps(output)))
