"""Characters that look like others and stand for them: ⋅ for ·, 𝑊 for W, full-width letters.

Superscripts and subscripts stay what they are: W₂ᵀ is no W2T.
"""

import re
import unicodedata

SPACES = "\u00a0\u1680\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200B)))
# What takes no room: joiners, marks of direction, a byte order mark, a soft hyphen.
UNSEEN = [0xAD, 0xFEFF, *range(0x200B, 0x2010), *range(0x202A, 0x202F), 0x2060, 0x2061, 0x2063,
          0x2064, *range(0x2066, 0x206A)]  # fmt: skip
STANDS_FOR = {
    "-": "\u2010\u2011\u2012\u2013\u2014\u2015\ufe63", "·": "⋅∙•", "∘": "◦○⚬", "⊙": "⨀", "⊗": "⨂",
    "Σ": "∑", "ᵀ": "⊤ᵗ", "*": "∗", "/": "⊘∕⁄", "=": "≡", "'": "’′ʹ", "𝟏": "𝟙", "h": "ℎ",
    " ": SPACES + "\u2062", "\n": "\u0085\u2028\u2029", "": map(chr, UNSEEN),
}  # fmt: skip
SIGNS = str.maketrans({sign: to for to, signs in STANDS_FOR.items() for sign in signs})
# Full-width signs, and letters and digits of mathematical alphabets but the bold and the double 1.
STYLED = re.compile(
    "[\uff01-\uff5e\U0001d400-\U0001d7ce\U0001d7d0-\U0001d7d8\U0001d7da-\U0001d7ff]"
)
RAISED_T = re.compile(r"\^\s*+(?:\{\s*+[ᵀt]\s*+\}|ᵀ|t(?!\w))")
# One pair of quotation marks around all of a text.
QUOTED = re.compile(r"""\s*+(?:["“„«]([^"“”„«»]*+)["”“»]|['‘]([^'‘’]*+)['’])\s*+""")


def usual_characters(text: str) -> str:
    """Return the text with the usual character for each that looks like it.

    Quotation marks around all of it go, and outside of LaTeX ^T becomes ᵀ, and 𝟏 − h becomes 1 − h.
    """
    if quoted := QUOTED.fullmatch(text):
        text = quoted[1] or quoted[2] or ""
    text = STYLED.sub(lambda match: unicodedata.normalize("NFKC", match[0]), text)
    text = text.replace("\r\n", "\n").translate(SIGNS)
    return text if "\\" in text else RAISED_T.sub("ᵀ", re.sub("𝟏(?=[ ]*+[-−])", "1", text))
