"""The icons: the pages load only those that they show."""

from pathlib import Path
from shutil import copytree

import pydata_sphinx_theme
import pytest
from fontTools.ttLib import TTFont

from book.icons import FONTS, icons_of, with_font_icons, write_icons

STYLE = (
    r'.fa-search-location:before{content:"\f689"}'
    r'.fa-magnifying-glass:before,.fa-search:before{content:"\f002"}'
    r'.now:after{content:"\f107";opacity:1}'
    ':root{--pst-icon-bell:"\uf0f3"}'
)
THEME = Path(pydata_sphinx_theme.__file__).parent / "theme" / "pydata_sphinx_theme" / "static"


@pytest.fixture
def static(tmp_path):
    """Return a folder with the theme's styles and fonts."""
    for part in ("styles", "vendor/fontawesome/webfonts"):
        copytree(THEME / part, tmp_path / part)
    return tmp_path


def test_icons_are_those_of_pages_and_rules():
    pages = ['<i class="fas fa-search fa-lg"></i>', "<p>fa search-location</p>"]
    assert icons_of(pages, STYLE) == {0xF002, 0xF107, 0xF0F3}


def test_the_fonts_hold_the_icons_shown_and_few_others(static):
    write_icons(static, ['<i class="fas fa-rocket"></i><i class="fab fa-github"></i>'])
    glyphs = {name: set(TTFont(static / "icons" / f"{name}.woff").getBestCmap()) for name in FONTS}
    assert 0xF135 in glyphs["solid"]
    assert 0xF09B in glyphs["brands"]
    assert 0xF002 not in glyphs["solid"]
    assert sum(file.stat().st_size for file in (static / "icons").iterdir()) < 10_000


def test_what_is_cut_out_of_the_fonts_is_not_told(static, caplog):
    caplog.set_level("INFO")
    write_icons(static, [])
    assert caplog.records == []


def test_icons_are_written_again_over_those_of_an_earlier_build(static):
    write_icons(static, [])
    write_icons(static, ['<i class="fas fa-rocket"></i>'])
    assert 0xF135 in TTFont(static / "icons" / "solid.woff").getBestCmap()


def test_a_theme_without_the_fonts_is_refused(static):
    (static / "vendor" / "fontawesome" / "webfonts" / FONTS["solid"]).unlink()
    with pytest.raises(FileNotFoundError, match=FONTS["solid"]):
        write_icons(static, [])


def test_the_script_goes_and_icons_are_hidden_from_screen_readers():
    page = (
        '<script src="../_static/scripts/fontawesome.js?digest=1"></script><script src="a.js">'
        '</script><i class="fas fa-file"></i><i class="fa-solid fa-x" aria-hidden="true"></i>'
        '<i class="title">x</i>'
    )
    assert with_font_icons(page) == (
        '<script src="a.js"></script><i aria-hidden="true" class="fas fa-file"></i>'
        '<i class="fa-solid fa-x" aria-hidden="true"></i><i class="title">x</i>'
    )
