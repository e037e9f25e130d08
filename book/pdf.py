"""Print the built pages as one PDF, with bookmarks and tags.

`python -m book.pdf` writes `_build/every-jacobian-has-a-shape.pdf` from the pages in `_build/html`.
Chromium prints it: it sets the mathematics with the pages' own MathJax and reads the pages' files
from the disk. It prints twice, since the contents need the page numbers of the first time.
"""

import mimetypes
import re
from collections.abc import Iterator
from pathlib import Path
from unicodedata import normalize
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

from bs4 import BeautifulSoup, Tag
from playwright.sync_api import Browser, Page, Route, sync_playwright
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DictionaryObject, NameObject, TextStringObject

from book.build import HTML, documents
from book.chromium import FLAGS, VARIABLE, find

PDF = Path("_build") / "every-jacobian-has-a-shape.pdf"
HERE = "http://book.invalid/"  # answered from the disk: no name of that kind exists
STYLE = Path(__file__).with_name("print.css")
MARGIN = {"top": "16mm", "bottom": "18mm", "left": "18mm", "right": "18mm"}
# The width between the margins of A4, in the browser's pixels, of which an inch has 96.
TEXT_WIDTH = int((210 - 18 - 18) / 25.4 * 96)
FOOTER = (
    '<div style="width: 100%; text-align: center; font: 8pt sans-serif">'
    '<span class="pageNumber"></span></div>'
)
# A page's attributes that name an id of the page.
NAMING = ("aria-labelledby", "aria-describedby", "for", "headers")
# What is wider than the text, a long formula or table, is made smaller until it fits.
FIT = """
() => document.querySelectorAll("article :is(div.math, table, figure)").forEach(part => {
  const room = part.parentElement.clientWidth, wide = Math.max(part.scrollWidth, part.offsetWidth);
  if (room > 0 && wide > room + 1) part.style.zoom = Math.max(0.4, room / wide);
})
"""


# The headings in the order of their bookmarks; one that is nothing but a formula gets none.
HEADINGS = """
() => [...document.querySelectorAll("h1, h2, h3, h4, h5, h6, [role=heading]")].filter(heading => {
  const words = heading.cloneNode(true);
  words.querySelectorAll(".math").forEach(formula => formula.remove());
  return words.textContent.trim();
}).map(heading => heading.innerText.replace(/\\s+/g, " ").trim())
"""
NUMBER_CONTENTS = """
numbers => document.querySelectorAll(".toctree-wrapper li a").forEach(link => {
  link.nextElementSibling.textContent = numbers[link.getAttribute("href").slice(1)] ?? "";
})
"""


def whole_book(html: Path, names: list[str]) -> str:
    """Return all pages as one, in their order."""
    pages = {name: BeautifulSoup(read(html, name), "html.parser") for name in names}
    first = pages[names[0]]
    book = BeautifulSoup("<!doctype html><html lang='en' data-theme='light'></html>", "html.parser")
    head = first.head.extract()
    own = head.select("meta[charset], title, link[rel=stylesheet], [src*=mathjax]")
    own += [script for script in head.select("script") if "MathJax" in script.text]
    for tag in [tag for tag in head.find_all(True) if tag not in own]:
        tag.decompose()
    head.title.string = first.h1.get_text().removesuffix("#")
    style = book.new_tag("style")
    style.string = STYLE.read_text(encoding="utf-8")
    head.append(style)
    main = book.new_tag("main", attrs={"class": "bd-content"})
    for name, page in pages.items():
        main.append(article(page, name, names))
    for link in main.select(".toctree-wrapper li a"):
        link.insert_after(book.new_tag("span", attrs={"class": "page-number"}))
    body = book.new_tag("body")
    body.append(main)
    book.html.extend([head, body])
    return str(book)


def read(html: Path, name: str) -> str:
    """Return the text of a built page.

    Raises FileNotFoundError when the book has not been built.
    """
    return (html / f"{name}.html").read_text(encoding="utf-8")


def article(page: BeautifulSoup, name: str, names: list[str]) -> Tag:
    """Return a page's text with ids and links that hold in the whole book, everything opened."""
    text = page.select_one("article.bd-article").extract()
    for tag in text.select(".headerlink, script, .tableofcontents-wrapper > p:empty"):
        tag.decompose()
    for details in text.select("details"):
        details["open"] = ""
    canonical = page.select_one("link[rel=canonical]")["href"] if page.head else ""
    for tag in text.find_all(True):
        if tag.has_attr("id") and tag.find_parent("svg") is None:
            tag["id"] = own_id(name, tag["id"])
        for attribute in NAMING:
            if tag.has_attr(attribute):
                value = tag[attribute]
                words = value if isinstance(value, list) else value.split()
                tag[attribute] = " ".join(own_id(name, each) for each in words)
        if tag.name == "a" and tag.has_attr("href"):
            tag["href"] = address(tag["href"], name, names, canonical)
        elif tag.has_attr("src"):
            tag["src"] = urljoin(f"{HERE}{name}.html", tag["src"])
    text["id"] = name
    return text


def own_id(name: str, identifier: str) -> str:
    """Return an id that no other page has."""
    return f"{name}.{identifier}"


def address(link: str, name: str, names: list[str], canonical: str) -> str:
    """Return where a link of the page leads in the whole book, or on the book's site."""
    absolute = urljoin(f"{HERE}{name}.html", link)
    if not absolute.startswith(HERE):
        return link
    path, fragment = urldefrag(absolute)
    target = unquote(urlsplit(path).path).lstrip("/").removesuffix(".html")
    if target in names:
        return f"#{own_id(target, unquote(fragment)) if fragment else target}"
    return urljoin(canonical, link)


def answer(html: Path, text: str, route: Route) -> None:
    """Give the browser the whole book or a file that it loads."""
    path = unquote(urlsplit(route.request.url).path).lstrip("/")
    file = html / path
    if not path:
        route.fulfill(body=text, content_type="text/html; charset=utf-8")
    elif file.is_file() and route.request.url.startswith(HERE):
        kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
        route.fulfill(body=file.read_bytes(), content_type=kind)
    else:
        route.abort()


def load(page: Page, html: Path, text: str) -> None:
    """Open the whole book, set its formulas and make what is too wide fit."""
    page.route("**/*", lambda route: answer(html, text, route))
    page.goto(HERE)
    page.wait_for_load_state("networkidle")
    page.emulate_media(media="print", color_scheme="light")
    page.evaluate("() => window.MathJax?.startup.promise")
    page.evaluate("() => document.fonts.ready.then(() => null)")
    page.evaluate(FIT)


def print_pdf(page: Page, path: Path, tagged: bool) -> None:
    """Print the page to `path`, with tags and bookmarks if it is to be `tagged`."""
    path.parent.mkdir(parents=True, exist_ok=True)
    page.pdf(
        path=path, format="A4", margin=MARGIN, tagged=tagged, outline=tagged, print_background=True,
        display_header_footer=True, header_template="<span></span>", footer_template=FOOTER,
    )  # fmt: skip


def page_numbers(path: Path, names: list[str]) -> dict[str, int]:
    """Return the printed page on which each document begins, of those that something links to."""
    reader = PdfReader(path)
    places = {name.removeprefix("/"): place for name, place in reader.named_destinations.items()}
    return {
        name: reader.get_destination_page_number(places[name]) + 1
        for name in names
        if name in places
    }


def finish(path: Path, headings: list[str], about: dict[str, str]) -> None:
    """Write the headings' own text into the bookmarks, and what the PDF is about.

    Chromium doubles a heading that begins a sheet, and joins the lines of a long one.
    Raises RuntimeError where bookmarks and headings don't belong together.
    """
    writer = PdfWriter(clone_from=path)
    entries = list(bookmarks(writer.root_object["/Outlines"]))
    if len(entries) != len(headings):
        raise RuntimeError(f"{len(entries)} bookmarks for {len(headings)} headings")
    for entry, heading in zip(entries, headings, strict=True):
        printed = re.sub(r"\s+", "", entry["/Title"])
        if any(word not in printed for word in re.findall("[A-Za-z]{4,}", heading)):
            raise RuntimeError(f"the bookmark {entry['/Title']!r} stands for {heading!r}")
        entry[NameObject("/Title")] = TextStringObject(plain(heading))
    writer.metadata = about
    writer.write(path)


def bookmarks(parent: DictionaryObject) -> Iterator[DictionaryObject]:
    """Yield the bookmarks below `parent` in the order of the book."""
    entry = parent.get("/First")
    while entry is not None:
        entry = entry.get_object()
        yield entry
        yield from bookmarks(entry)
        entry = entry.get("/Next")


def plain(heading: str) -> str:
    """Return a heading with its formulas in plain letters: no space in b2, none before a stop."""
    letters = re.sub(r"\b([A-Za-z]) (\d)\b", r"\1\2", normalize("NFKC", heading))
    return re.sub(r" ([:,;.?])", r"\1", letters)


def make_pdf(browser: Browser, root: Path, names: list[str], path: Path) -> None:
    """Print these documents of the built book to `path`.

    Raises FileNotFoundError when a page is not built, RuntimeError for bookmarks that don't fit.
    """
    html = root / HTML
    text = whole_book(html, names)
    page = browser.new_page(viewport={"width": TEXT_WIDTH, "height": 1000})
    page.set_default_timeout(600_000)
    load(page, html, text)
    print_pdf(page, path, tagged=False)
    page.evaluate(NUMBER_CONTENTS, page_numbers(path, names))
    print_pdf(page, path, tagged=True)
    headings, title = page.evaluate(HEADINGS), page.title()
    page.close()
    finish(path, headings, {"/Title": title, "/Producer": "book.pdf, Chromium"})


def main() -> None:
    """Print the book of the current folder and say where the PDF is."""
    root = Path.cwd()
    if (chromium := find()) is None:
        raise SystemExit(f"No Chromium found. Install one, or set {VARIABLE} to its path.")
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium, args=list(FLAGS))
            make_pdf(browser, root, documents(root), root / PDF)
            browser.close()
    except FileNotFoundError as missing:
        raise SystemExit(f"{missing.filename} is missing: run `make book` first") from missing
    except RuntimeError as failure:
        raise SystemExit(f"The PDF was not made: {failure}") from failure
    print(f"\nThe PDF has {len(PdfReader(root / PDF).pages)} pages:\n  {root / PDF}")


if __name__ == "__main__":
    main()
