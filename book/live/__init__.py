"""The site's own Python: what lets a chapter's cells run in the reader's browser.

`sources` gathers Pyodide's files and verifies each; `wheels` thins them and packs the wheels of
this project; `site` writes all of it among the pages. `in_page` is the Python code that runs there.
"""
