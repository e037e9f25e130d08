"""What turns the chapters into pages."""

import logging

# It tells of each table that it cuts out of a font, a hundred lines in a build.
logging.getLogger("fontTools.subset").setLevel(logging.WARNING)
