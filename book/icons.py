"""The theme's icons, cut down to those that the pages show: two small fonts instead of two large.

The theme would load a script that draws 2,000 icons and two fonts that hold them.
"""

import re
from collections.abc import Iterable
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

FONTS = {"solid": "fa-solid-900.ttf", "brands": "fa-brands-400.ttf"}
SCRIPT = re.compile(r'\s*<script src="[^"]*/fontawesome\.js[^"]*"></script>')
ICON = re.compile(r'<i (?=class="[^"]*\bfa)(?![^>]*aria-hidden)')
NAMED = re.compile(r'((?:\.fa-[a-z0-9-]+:before,?)+)\{content:"\\([0-9a-f]+)"\}')
NAMES = re.compile(r"\bfa-[a-z0-9-]+")
IN_RULES = re.compile(r'"(?:\\([0-9a-f]{4})|([\ue000-\uf8ff]))"')


def with_font_icons(page: str) -> str:
    """Return a page without the script for icons, and its icons hidden from screen readers.

    Each icon stands beside a text or in a control that has a name.
    """
    return ICON.sub('<i aria-hidden="true" ', SCRIPT.sub("", page))


def icons_of(pages: Iterable[str], style: str) -> set[int]:
    """Return the code points of the icons that pages name and that rules of the style insert."""
    names = {name for page in pages for name in NAMES.findall(page)}
    codes = {
        int(code, 16)
        for selectors, code in NAMED.findall(style)
        if names.intersection(NAMES.findall(selectors))
    }
    inserted = IN_RULES.findall(NAMED.sub("", style))
    return codes | {int(code, 16) if code else ord(letter) for code, letter in inserted}


def write_icons(static: Path, pages: Iterable[str]) -> None:
    """Write `icons/solid.woff` and `icons/brands.woff` into the folder of static files.

    Raises FileNotFoundError when the theme no longer has the fonts.
    """
    style = "".join(path.read_text(encoding="utf-8") for path in (static / "styles").glob("*.css"))
    codes = icons_of(pages, style)
    (static / "icons").mkdir(exist_ok=True)
    for name, file in FONTS.items():
        font = TTFont(static / "vendor" / "fontawesome" / "webfonts" / file)
        options = Options(flavor="woff", drop_tables=["FFTM"])
        subsetter = Subsetter(options)
        subsetter.populate(unicodes=codes)
        subsetter.subset(font)
        font.flavor = "woff"
        font.save(static / "icons" / f"{name}.woff")
