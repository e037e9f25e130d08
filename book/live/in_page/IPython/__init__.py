"""What the cells need of IPython: `IPython.display` and the printing of values.

The modules `display`, `core.display`, `core.display_functions`, `core.release`, `lib.display` and
`lib.pretty` are IPython's own, taken from its package when the pages are built.
"""

from IPython.core.display_functions import display
from IPython.core.release import version as __version__
from IPython.core.release import version_info

__all__ = ["__version__", "display", "get_ipython", "version_info"]


def get_ipython() -> None:
    """Return None, as IPython does where there is no shell with magics."""
