"""matplotlib without what it writes for readers of its help, which is a third of its start.

For each class of things that can be drawn it takes the classes' methods apart and writes down what
may be set. The pages' matplotlib has no docstrings from which to write it.
"""

import sys
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType
from typing import Any

MODULE = "matplotlib.artist"


class Undescribed:
    """Finds the module that describes them, and has it describe nothing."""

    @staticmethod
    def find_spec(name: str, path: Any = None, _target: Any = None) -> ModuleSpec | None:
        """Return how that module is loaded; of others, nothing."""
        spec = PathFinder.find_spec(name, path) if name == MODULE else None
        if spec is None:
            return None
        load = spec.loader.exec_module

        def load_undescribed(module: ModuleType) -> None:
            load(module)
            module.Artist._update_set_signature_and_docstring = lambda: None

        spec.loader.exec_module = load_undescribed
        return spec


def start_sooner() -> None:
    """Let matplotlib, when it is imported, describe nothing."""
    sys.meta_path.insert(0, Undescribed)
