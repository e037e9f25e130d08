"""Words beside a formula that change what it is, "divided by N": they are not passed over."""

import re
from collections import Counter

from mlp_lib.equations.texts.prose import SIGNS
from mlp_lib.equations.tree import EquationError

OPERATION = (
    r"minus|plus|negat(?:ive|ed?)|opposite|reversed?|flip(?:s|ped)?|swap(?:ped)?|exchanged?"
    r"|interchanged?|times|twice|thrice|half|halved?|double[ds]?|tripled?|a\s+multiple"
    r"|multipl(?:y|ied)|divided?|division|factors?\s+(?:is|of|\w{1,2}|two|three)"
    r"|(?:re)?scal(?:ed?|ing)|proportional|averaged?|averaging|mean|sums?|summed|summing|summation"
    r"|total|add|added|subtract|subtracted|transposed?|inverse|invert|inverted|squared?|cubed?|root"
    r"|absolute|norm|normali[sz]ed?|clip|clipped|rounded|truncated|masked|permuted|shifted"
    r"|diagonal|up\s+to|except|without(?!\s+loss)|apart\s+from|ignoring|omitting|neglecting"
    r"|per\s+(?:example|sample|row)"
    r"|mal|negativ\w*|gemittelt|mittelwert|summe|summiert|transponiert\w*|halb\w*|hälfte|doppelt\w*"
    r"|geteilt|faktor|umgekehrt\w*|quadriert|bis\s+auf|ohne"
)
# The loss, and labels that sum to 1, are no part of the formula.
OF_THE_LOSS = r"(?!\s+(?:(?:squared\s+)?(?:loss|cost|cross)|(?:up\s+)?to\s+(?:1|one)(?!\w)))"
OF_WHAT_FOLLOWS = (
    r"(?:of|von)(?:\s+(?:this|that|these|it|the\s+(?:following|formula|expression)))?"
    r"(?=[ \t]*(?:$|:))"
)
TELLING = re.compile(
    rf"(?<![\w\\.])(?:(?:{OPERATION})(?!\w){OF_THE_LOSS}|{OF_WHAT_FOLLOWS})",
    re.IGNORECASE | re.MULTILINE,
)
OF_WHAT_FOLLOWS_AT_END = re.compile(rf"(?<!\w){OF_WHAT_FOLLOWS}:?\Z", re.IGNORECASE)
# Behind these stands what came out; the words in front say how it was found, or ask.
FOUND = re.compile(
    r"^[^\n]*(?:(?<!\w)(?:gives?|giving|yields?|gets?|obtain|find|follows|becomes?|so"
    r"|hence|thus|therefore|then|ergibt|folgt|also|damit)(?!\w)|\?)",
    re.IGNORECASE | re.MULTILINE,
)
# An equation says for itself what it is; words in front of it say what is done.
BEFORE_EQUATION = re.compile(r"^[^\n=:]*:(?=\s*[^\n]*\S[ \t]*=)", re.MULTILINE)
COMMENT = re.compile(r"(?<!\\)%.*|//.*")
IN_TEXT = re.compile(r"\\(?:text|mbox|textrm|textit|textbf)\s*+\{([^{}]*+)\}")
NAMES = re.compile(r"\\(?:label|tag|ref|eqref)\*?\s*+\{[^{}]*+\}")


def refuse_telling_words(told: str, formulas: str) -> None:
    """Refuse words that change what a formula is and are in what was told, but in no formula."""
    words = NAMES.sub(" ", IN_TEXT.sub(r" \1 ", COMMENT.sub("", told)))
    for lead in (BEFORE_EQUATION, FOUND):
        words = lead.sub(lambda found: "" if leads_to_a_formula(found) else found[0], words)
    left = Counter(map(str.lower, TELLING.findall(formulas)))
    for found in TELLING.finditer(words):
        left[found[0].lower()] -= 1
        if left[found[0].lower()] < 0:
            place = max(told.find(found[0]), 0)
            raise EquationError(
                f"the words “{found[0]}” change what a formula is: write what they say as a part "
                "of it, or leave them out",
                told,
                (place, place + len(found[0])),
            )


def leads_to_a_formula(found: re.Match[str]) -> bool:
    """Tell whether words have no formula in front of them in their line, and one behind them."""
    is_formula = SIGNS.search(found[0]) or OF_WHAT_FOLLOWS_AT_END.search(found[0])
    return not is_formula and bool(SIGNS.search(found.string, found.end()))
