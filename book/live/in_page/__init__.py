"""Python code that runs in the page's worker: the reader's cells, what they display, the clinic.

In the page, the folder `IPython` here lies over a few modules of IPython itself, and the rest of
IPython is left out.
"""
