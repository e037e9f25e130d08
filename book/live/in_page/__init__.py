"""Python code that runs in the page's worker: the reader's cells, what they display, the clinic.

In the page, the folder `IPython` here lies over a few modules of IPython itself, and the rest of
IPython is left out.
"""

import sys

MAJOR, MINOR = sys.version_info[:2]
# What Python begins with is in a zip file; the packages in it are told where their rest is.
START, REST = f"/lib/python{MAJOR}{MINOR}.zip/", f"/lib/python{MAJOR}.{MINOR}/"

for package in list(sys.modules.values()):
    for place in list(getattr(package, "__path__", ())):
        if place.startswith(START):
            package.__path__.append(place.replace(START, REST))
