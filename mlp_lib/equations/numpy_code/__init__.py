"""NumPy code: how it is read, what is refused, and how a formula is written as it."""
