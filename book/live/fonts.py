"""The fonts that come with matplotlib, without the letters that no chapter is likely to draw.

DejaVu Sans has 6,000 letters of thirty scripts, four times over: half of what drawings weigh. From
the STIX fonts mathtext takes what DejaVu lacks.
"""

from hashlib import sha256
from io import BytesIO
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

from book.live.sources import store

# Latin, Greek, Cyrillic, signs, arrows, mathematics, and what mathtext takes from private places.
KEPT = (
    (0x20, 0x17F),
    (0x2B0, 0x45F),
    (0x1D00, 0x1DBF),
    (0x2000, 0x23FF),
    (0x2500, 0x27FF),
    (0x2900, 0x2BFF),
    (0xE000, 0xF8FF),
    (0xFB00, 0xFB06),
    (0xFFFC, 0xFFFD),
    (0x1D400, 0x1D7FF),
)
# matplotlib knows nothing of the tables for scripts that join their letters, and fits letters to
# dots by rules of its own.
SUBSET = {
    "layout_features": [],
    "legacy_kern": True,
    "hinting": False,
    "name_IDs": ["*"],
    "glyph_names": True,
    "notdef_outline": True,
    "drop_tables": [*Options().drop_tables, "FFTM"],
}


def cut_down(font: bytes, cache: Path) -> bytes:
    """Return the font with the letters that are kept; the cache holds it for next time."""
    kept = cache / f"font-{sha256(font + repr((KEPT, SUBSET)).encode()).hexdigest()[:12]}.ttf"
    if not kept.exists():
        subsetter = Subsetter(Options(**SUBSET))
        subsetter.populate(unicodes=[code for a, z in KEPT for code in range(a, z + 1)])
        content, whole = BytesIO(), TTFont(BytesIO(font), recalcTimestamp=False)
        subsetter.subset(whole)
        whole.save(content)
        store(kept, content.getvalue())
    return kept.read_bytes()
