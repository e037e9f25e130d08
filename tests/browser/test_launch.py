"""A chapter's launch links, and JupyterLite: a whole chapter run on the site's own files."""

import json
from zipfile import ZipFile

import pytest
from conftest import ROOT
from page_links import Anchors

from book.live.colab import BRANCH
from book.live.lite import FOLDER, LOCK
from book.live.packs import DATA
from book.notebooks import code_cells, read

CHAPTERS = sorted((ROOT / "chapters").glob("*.ipynb"))
REPOSITORY = "every-jacobian/every-jacobian-has-a-shape"
# It reads its ledgers' equations from the notebook's own file, and draws with matplotlib.
WHOLE = ROOT / "chapters" / "shapes.ipynb"
PATIENCE = 240_000
# By which rules the page may not ask this address for data, or show an image from there.
REFUSED = """async address => {
    const rules = [];
    const note = event => rules.push(event.effectiveDirective);
    document.addEventListener("securitypolicyviolation", note);
    await fetch(address).catch(() => {});
    const image = new Image();
    await new Promise(resolve => {
        image.onload = image.onerror = resolve;
        image.src = address;
    });
    await new Promise(resolve => setTimeout(resolve, 200));
    document.removeEventListener("securitypolicyviolation", note);
    return rules;
}"""


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_each_launch_link_opens_this_chapter(html, path):
    page = html / "chapters" / f"{path.stem}.html"
    links = Anchors(page.read_text(encoding="utf-8")).addresses
    name = f"chapters/{path.name}"
    for link in (
        f"../{FOLDER}/lab/index.html?path={name}",
        f"https://mybinder.org/v2/gh/{REPOSITORY}/main?urlpath=lab/tree/{name}",
        f"https://colab.research.google.com/github/{REPOSITORY}/blob/{BRANCH}/{name}",
    ):
        assert links.count(link) == 1
    assert (html / FOLDER / "files" / name).read_bytes() == path.read_bytes()


def test_jupyterlite_has_every_file_that_a_chapter_reads(html):
    paths = [path.relative_to(ROOT) for pattern in DATA for path in ROOT.glob(pattern)]
    assert len(paths) > len(CHAPTERS)
    for path in paths:
        assert (html / FOLDER / "files" / path).read_bytes() == (ROOT / path).read_bytes()
        listing = html / FOLDER / "api" / "contents" / path.parent / "all.json"
        assert path.name in {each["name"] for each in json.loads(listing.read_text())["content"]}


def test_the_kernels_lock_names_only_files_that_are_there(html):
    (path,) = html.glob(f"_static/live/*/{LOCK}")
    packages = json.loads(path.read_text())["packages"]
    assert {"mlp-lib", "lark", "tqdm", "numpy", "matplotlib", "ipython"} < set(packages)
    for package in packages.values():
        assert (path.parent / package["file_name"]).is_file()
        for needed in package["depends"]:
            assert needed.lower().replace("_", "-") in {
                name.lower().replace("_", "-") for name in packages
            }


def test_a_kernel_unpacks_only_what_it_needs(html):
    (path,) = html.glob(f"_static/live/*/{LOCK}")
    packages = json.loads(path.read_text())["packages"]
    needed, waiting = set(), ["ipython", "jedi", "mlp-lib"]
    while waiting:
        name = waiting.pop()
        needed.add(name)
        waiting += set(packages[name]["depends"]) - needed
    # To unpack a file takes a millisecond there.
    wheels = {name: ZipFile(path.parent / packages[name]["file_name"]) for name in needed}
    files = {name: len(wheel.namelist()) for name, wheel in wheels.items()}
    assert sum(files.values()) < 3500, files
    assert "jedi/third_party/typeshed/stdlib/json/__init__.pyi" in wheels["jedi"].namelist()


def test_a_chapter_runs_whole_in_jupyterlite(alien, address):
    foreign: list[str] = []
    errors: list[str] = []
    own = (address, "data:", "blob:")
    alien.on("console", lambda line: line.type == "error" and errors.append(line.text))
    alien.on("pageerror", lambda error: errors.append(str(error)))
    alien.context.on(
        "request", lambda request: request.url.startswith(own) or foreign.append(request.url)
    )
    alien.goto(f"{address}/{FOLDER}/lab/index.html?path=chapters/{WHOLE.name}")
    alien.wait_for_selector(".jp-Notebook .jp-CodeCell", timeout=PATIENCE)
    for menu, entry in (("Edit", "Clear Outputs of All Cells"), ("Run", "Run All Cells")):
        alien.get_by_role("menuitem", name=menu, exact=True).click()
        alien.get_by_role("menuitem", name=entry, exact=True).click()
    cells = code_cells(read(WHOLE))
    last = alien.locator(".jp-CodeCell .jp-InputPrompt", has_text=f"[{len(cells)}]:")
    last.wait_for(timeout=PATIENCE)
    # Saved, the notebook holds what every cell has shown.
    alien.keyboard.press("Control+s")
    saved = saved_notebook(alien)
    shown = [[text_of(output) for output in cell["outputs"]] for cell in saved]
    assert shown == [[text_of(output) for output in cell.outputs] for cell in cells]
    assert sum(map(len, shown)) > 3
    assert foreign == []
    assert errors == []
    # What a notebook shows may not ask another host: the policy refuses it before it is asked.
    assert alien.evaluate(REFUSED, "https://example.org/") == ["connect-src", "img-src"]
    assert alien.evaluate(REFUSED, "/objects.inv") == []


def saved_notebook(page) -> list[dict]:
    """Return the code cells of the notebook that JupyterLite has stored in the browser."""
    content = page.evaluate(
        """async (path) => {
          const open = (name) => new Promise((resolve, reject) => {
            const request = indexedDB.open(name);
            request.onsuccess = () => resolve(request.result);
            request.onerror = () => reject(request.error);
          });
          const found = (store) => new Promise((resolve, reject) => {
            const request = store.get(path);
            request.onsuccess = () => resolve(request.result);
            request.onerror = () => reject(request.error);
          });
          for (let attempt = 0; attempt < 100; attempt++) {
            for (const { name } of await indexedDB.databases()) {
              const database = await open(name);
              if ([...database.objectStoreNames].includes("files")) {
                const store = database.transaction("files").objectStore("files");
                const file = await found(store);
                if (file) return file.content;
              }
            }
            await new Promise((resolve) => setTimeout(resolve, 100));
          }
          return null;
        }""",
        f"chapters/{WHOLE.name}",
    )
    assert content, "JupyterLite has stored no notebook"
    notebook = json.loads(content) if isinstance(content, str) else content
    return [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]


def text_of(output: dict) -> str:
    """Return an output's text: of a drawing the text that stands for it."""
    text = output["text"] if "text" in output else output["data"]["text/plain"]
    return text if isinstance(text, str) else "".join(text)
