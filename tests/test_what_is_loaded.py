"""`import mlp_lib` loads NumPy and nothing that only some of its readers need."""

import subprocess
import sys

import pytest

HEAVY = ("lark", "matplotlib", "IPython", "scipy", "mlp_lib.equations", "mlp_lib.figures")


def loaded_by(statement: str) -> set[str]:
    """Return the modules that a new Python has loaded after a statement."""
    code = f"import sys; {statement}; print(*sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(run.stdout.split())


@pytest.mark.parametrize(
    "statement", ["import mlp_lib", "import mlp_lib.network, mlp_lib.jacobians"]
)
def test_the_core_loads_neither_equations_nor_figures(statement):
    loaded = loaded_by(statement)
    assert "numpy" in loaded
    assert loaded.isdisjoint(HEAVY)


def test_beyond_numpy_the_core_loads_only_itself_and_the_standard_library():
    beyond = loaded_by("import mlp_lib") - loaded_by("import numpy")
    packages = {name.partition(".")[0] for name in beyond}
    # NumPy's own parts are compiled by Cython, which leaves a module of its own behind.
    assert {
        name
        for name in packages - set(sys.stdlib_module_names)
        if not name.startswith(("numpy", "cython", "_cython"))
    } == {"mlp_lib"}


def test_equations_load_no_figures():
    loaded = loaded_by("import mlp_lib.equations")
    assert "lark" in loaded
    assert loaded.isdisjoint({"matplotlib", "IPython", "scipy"})
