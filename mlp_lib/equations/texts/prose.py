"""Words and marks around formulas: `Answer: …`, `a) …`, `> …`, `… ∎`, and lines of nothing else."""

import re

from mlp_lib.equations.brackets import change, outside
from mlp_lib.equations.texts.shapes_beside import without_shapes

COUNTED = r"(?:\d{1,2}|[a-hA-F]|[ivx]{1,4})"
# A number or a dash in front of each line, as lists have them.
NUMBERED = re.compile(
    rf"\s*(?:{COUNTED}[.)]|\({COUNTED}\)|[①-⑳]|[Ss]tep\s*\d+\s*[:.)])(?:\s+|(?<=[①-⑳]))"
)
DASHED = re.compile(r"\s*[-*•·]\s+")
# What is no part of a formula in front of a single line: a) closes nothing.
FIRST_MARK = re.compile(
    rf"[ \t]*+(?:>+[ \t]++|[=-]+>[ \t]*+|[①-⑳][ \t]*+|{COUNTED}\)[ \t]++"
    rf"|(?:\({COUNTED}\)|\d{{1,2}}\.)[ \t]++(?=(?:[d∂]\S{{1,20}}|\w{{1,20}})[ \t]*+=))"
)
BOLD = re.compile(
    r"(^[ \t]*+|[:=>][ \t]*+)(?:\*\*(?=[^\s*])([^*\n]*+)\*\*|\*(?=[^\s*])([^*\n]*+)\*(?=\s))",
    re.MULTILINE,
)
# Small letters above and below a line are no letters of a word: hⱼ yₖ is a product.
WORD = re.compile(r"[^\W\d_\u1d2c-\u1d6a\u2071-\u209c\u2c7c]{2,}")
NO_WORDS = {"yhat", "softmax", "logsoftmax", "diag", "vec", "exp", "log", "relu", "tanh", "sigmoid"}
# A sentence has none of these, and a formula nearly always one.
SIGNS = re.compile(r"""[^\w\s.,;:'’!?()-]|(?<!\w)-|-(?!\w)|[ᵀ_]|\w\(|\w\w\.\w""")
DASH = re.compile(r"(?<=\s)-(?=\s)")
GIVEN = re.compile(r"^[ \t]*+(\w++)[ \t]*+=", re.MULTILINE)
# What ends the words in front of a formula.
VERBS = "is|are|gives|yields|get|have|find|obtain|that|ist|sind|folgt"
LEAD = re.compile(rf"[:,](?:[ \t]++|$)|(?<![^ \t])(?:{VERBS})[ \t]++(?=\S)")
# Words in front of an equation that say nothing, and the end of a sentence in front of another.
LET_WORDS = (
    r"(?:we[ \t]++(?:let|set|define|write)|(?:wir|man)[ \t]++(?:setzen?|setzt|definier(?:en|t)"
    r"|schreib(?:en|t))|es[ \t]++sei|let|with|using|given|define|set|from|since|mit|sei|setze"
    r"|definiere|wegen)"
)
LET = re.compile(rf"[ \t]*+{LET_WORDS}[ \t]++(?=[^=\n]++=)", re.IGNORECASE)
SENTENCE_END = re.compile(r"(?<=[^\W\d_]|[)\]ᵀ₁₂])\.[ \t]++(?=[A-Z][a-z]|[∂∇δ\\$])")
# A derivative in front of a colon: ∂J/∂W₂: hᵀ (ŷ − y).
NAMED = re.compile(
    r"[ \t]*+([d∂]\w{1,9}+(?:[ \t]*+/[ \t]*+[d∂]\w{1,9}+)?)[ \t]*+:[ \t]++(?=[^=]*+$)"
)
BULLET = re.compile(r"\A\s*+·[ \t]++")
STATEMENT = re.compile(
    r"\s*(?:def|class|return|for|while|if|elif|else|try|with|from|import|assert|lambda|pass|raise|del"
    r"|global|nonlocal)\b"
)
SEVERAL = re.compile(r"\s*+\w++(?:,[ \t]*+\w++)++[ \t]*+=(?!=)")
ANNOTATED = re.compile(r"\s*\w+:\s*(?:j?np\.|float\b|int\b|\w*[Aa]rray\b)")
# In plain text a comment is that of any language; // before one word or number is a division.
COMMENT = re.compile(r"(?<![ \t])[ \t]*+(?:#|//[ \t]++\w++[ \t]++\w)[^\n]*+")
# What stands behind the end of a formula.
ENDED = re.compile(
    r"(?<![ \t])[ \t]*+(?:[✓✔✅☑∎□■◻▢]\ufe0f?[ \t]*+)++$"
    r"|(?<=[\s.,;])\(?[Qq]\.?[Ee]\.?[Dd]\.?\)?[ \t.]*+$",
    re.MULTILINE,
)
ASIDE = re.compile(r"(?<![ \t])([ \t]++)\(([^()=]*+)\)[ \t.]*+$")
ARROW_TO_WORDS = re.compile(r"(?<![ \t])[ \t]++(?:←|<-{1,2})[ \t]++([^=\n]++)$")
LONG_WORD = 4  # of letters: a shorter one may be a product of symbols


def formulas_in(text: str) -> str:
    """Return the lines of a text without the words and marks around their formulas."""
    text = BOLD.sub(r"\1\2\3", without_shapes(ENDED.sub("", text)))
    text = "\n".join(map(sentences_apart, BULLET.sub("", text).split("\n")))
    lines = without_numbers(text).split("\n")
    names = set(GIVEN.findall(text)) | NO_WORDS
    depth, kept = 0, []
    for line in lines:
        if depth == 0:
            line = without_aside(without_lead(without_mark(line), names), names)
        if depth or not is_sentence(line, names):
            kept.append(line)
        depth = max(0, depth + sum(map(change, line)))
    return "\n".join(kept if any(line.strip() for line in kept) else lines)


def without_numbers(text: str) -> str:
    """Return lines without the numbers or dashes in front, where all of several lines have them."""
    lines = [line for line in text.split("\n") if line.strip()]
    for mark in (NUMBERED, DASHED):
        listed = all(mark.match(line) and ("=" in line or mark is NUMBERED) for line in lines)
        if len(lines) > 1 and listed:
            return "\n".join(mark.sub("", line, count=1) for line in lines)
    return text


def without_mark(line: str) -> str:
    """Return a line without the list's or the quotation's mark in front of it."""
    mark = FIRST_MARK.match(line)
    return line[mark.end() :] if mark else line


def words_in(text: str, names: set[str]) -> list[str]:
    """Return the words of a text that has no sign of a formula, without the formulas' names."""
    if SIGNS.search(text) or text.count("(") != text.count(")"):
        return []
    return [each for each in WORD.findall(text) if each not in names]


def without_lead(line: str, names: set[str]) -> str:
    """Return a line without the words in front of its formula: Answer: …, By the chain rule, …."""
    if STATEMENT.match(line) and line.rstrip().endswith(":"):
        return line
    if (let := LET.match(line)) is not None:
        return line[let.end() :]
    if STATEMENT.match(line) or ANNOTATED.match(line) or gives_several(line):
        return line
    if (named := NAMED.match(line)) is not None:
        return f"{named[1]} = {line[named.end() :]}"
    start = 0
    for found in LEAD.finditer(line):
        lead, sign = line[: found.start()], found[0][0]
        words = words_in(DASH.sub(" ", lead) if sign == ":" else lead, names)
        # A comma behind one name may be that of a tuple.
        least = 2 if sign == "," and words != [lead.strip().capitalize()] else 1
        is_formula = sign in ":," or SIGNS.search(line, found.end())
        if is_formula and len(words) >= least and len(max(words, key=len)) > 2:
            start = found.end()
    return line[start:]


def gives_several(line: str) -> bool:
    """Tell whether a line gives several names to as many formulas: a, b = x, y."""
    if (names := SEVERAL.match(line)) is None:
        return False
    return len(outside(line[names.end() :], ",")) == names[0].count(",")


def without_aside(line: str, names: set[str]) -> str:
    """Return a line without words in brackets, or behind an arrow, at its end: … (the error).

    One word alone may be an argument in code.
    """
    if (arrow := ARROW_TO_WORDS.search(line)) and "=" in line[: arrow.start()]:
        words = words_in(arrow[1], names)
        return line[: arrow.start()] if has_a_long_word(words) else line
    if (aside := ASIDE.search(line)) is None:
        return line
    words = words_in(aside[2], names)
    no_code = "=" in line[: aside.start()] and (not line.isascii() or len(aside[1]) > 1)
    is_aside = len(words) > 1 or (no_code and has_a_long_word(words))
    return line[: aside.start()] if is_aside else line


def has_a_long_word(words: list[str]) -> bool:
    """Tell whether one of the words is too long to be a product of symbols."""
    return any(len(word) >= LONG_WORD for word in words)


def sentences_apart(line: str) -> str:
    """Return a line with each sentence on its own line, but where it may be of a comment."""
    return line if re.search(r"[#%\"]", line) else SENTENCE_END.sub("\n", line)


def is_sentence(line: str, names: set[str]) -> bool:
    """Tell whether a line is of words alone."""
    return not STATEMENT.match(line) and len(words_in(line, names)) > 1
