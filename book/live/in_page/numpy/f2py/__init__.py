"""Compiles Fortran, which no page can. `from numpy import *` looks for it all the same."""
