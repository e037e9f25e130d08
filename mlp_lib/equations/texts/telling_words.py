"""Words beside a formula that change what it is, "divided by N": they are not passed over."""

import re
from collections import Counter
from collections.abc import Iterator

from mlp_lib.equations.texts.prose import SIGNS
from mlp_lib.equations.tree import EquationError

# Three kinds of operation that a formula may show by a sign.
MEAN = (
    r"averag(?:ed?|ing)|mean|divid(?:ed?|ing)|division|gemittelt|mittel(?:wert|n)?|durchschnitt\w*"
    r"|geteilt|teilen|dividier\w*|durch\s+(?-i:N|m)(?!\w)"
    r"|(?<!sum\s)(?<!summed\s)(?<!summing\s)over\s+(?-i:N|m)(?!\w|\s+[a-z])"
)
SUM = r"sums?|summed|summing|summation|total|add|added|summe|summiert|summieren"
TRANSPOSE = r"transpos(?:e|ing)|transponieren"
OPERATION = (
    r"minus|plus|negat(?:ive|ed?)|opposite|reversed?|flip(?:s|ped)?|swap(?:ped)?|exchanged?"
    r"|interchanged?|times|twice|thrice|half|halved?|double[ds]?|tripled?|a\s+multiple"
    r"|multipl(?:y|ied|ying)|factors?\s+(?:is|of|\w{1,2}|two|three)"
    r"|(?:re)?scal(?:ed?|ing)|proportional"
    r"|subtract|subtracted|transposed|inverse|invert|inverted|squared?|cubed?|root"
    r"|absolute|norm|normali[sz]ed?|clip|clipped|rounded|truncated|masked|permuted|shifted"
    r"|diagonal|up\s+to|except|without(?!\s+loss)|apart\s+from|ignoring|omitting|neglecting"
    r"|per\s+(?:example|sample|row)|(?:first|second|third|last)\s+(?:row|column|entry|component)"
    r"|replac(?:ed?|ing)|instead\s+of|(?:the\s+)?other\s+way\s+(?:a?round)|vice\s+versa|mirrored"
    r"|magnitude|reciprocal|quarter(?:ed)?|excluding|leaving\s+out|zeroed"
    r"|signs?\s+(?:is\s+|are\s+)?(?:changed|switched|turned|wrong)"
    r"|(?:another|different|changed?)\s+(?:the\s+)?sign"
    r"|(?:zwei|drei|vier|zehn|hundert)?mal|negativ\w*|transponiert\w*|halb\w*|hälfte"
    r"|(?:ver)?doppelt\w*|verdreifacht|drittel|viertel|kehrwert|betrag|wurzel|invers\w*|minuszeichen"
    r"|negier\w*|gegenteil|subtrahier\w*|addier\w*|abgezogen|normiert\w*"
    r"|multiplizier\w*|faktor|umgekehrt\w*|vertauscht\w*|(?:um)?gedreht\w*|gespiegelt\w*"
    r"|vorzeichen|davon|quadriert|ersetzt|statt|bis\s+auf|ohne"
    r"|(?:erste|zweite|dritte|letzte)[rns]?\s+(?:zeile|spalte|eintrag|komponente)"
)
# The loss, and labels that sum to 1, are no part of the formula.
OF_THE_LOSS = r"(?!\s+(?:(?:squared\s+)?(?:loss|cost|cross)|(?:up\s+)?to\s+(?:1|one)(?!\w)))"
OF_WHAT_FOLLOWS = (
    r"(?:of|von)(?:\s+(?:this|that|these|it|the\s+(?:following|formula|expression)))?"
    r"(?=[ \t]*(?:$|:))"
)
# A function that is named in front of a formula is of it.
FUNCTION_OF = (
    r"^[ \t]*+(?:(?:the|der)[ \t]++)?(?:log(?:arithm(?:us)?)?|softmax|sigmoid|exponential)"
    r"(?=[ \t]*+:)"
)
TELLING = re.compile(
    rf"(?<![\w\\.])(?:(?:(?P<mean>{MEAN})|(?P<sum>{SUM})|(?P<transpose>{TRANSPOSE})|{OPERATION})"
    rf"(?!\w){OF_THE_LOSS}|{OF_WHAT_FOLLOWS})|{FUNCTION_OF}",
    re.IGNORECASE | re.MULTILINE,
)
# What a formula has that words of these kinds only repeat, if they don't say it is still to do.
SHOWN = {
    "mean": re.compile(r"/\s*[Nm](?![A-Za-z])|\}\s*\{\s*[Nm]\s*\}|(?<!\w)mean\("),
    "sum": re.compile(r"[Σ∑𝟏]|\\(?:sum|mathbf\s*\{?\s*1)|(?<!\w)sum"),
    "transpose": re.compile(r"ᵀ|\^\s*\{?\s*(?:T|\\top)|\.T(?!\w)|'"),
}
STILL_TO_DO = re.compile(
    r"(?<!\w)(?:again|still|then|now|must|noch|nochmals?|muss|müssen)(?!\w)", re.IGNORECASE
)
# Below a part of a formula these say that it is another, unless it has such a sign.
CHANGED_PART = re.compile(
    r"(?<!\w)(?:negated|flipped|swapped|reversed|halved|doubled|tripled|twice|squared"
    r"|gespiegelt|verdoppelt|halbiert|vertauscht)(?!\w)",
    re.IGNORECASE,
)
SIGN_OR_NUMBER = re.compile(r"\A\W*-|(?<![_^{\d])\d|\\frac|\^\s*\{?\s*2")
# Who writes this doesn't say that the formula is the answer; who asks what is wrong does.
DENIED = re.compile(
    r"(?<!\w)(?:(?<!what\sis\s)(?<!what's\s)(?<!go\s)(?<!went\s)wrong|incorrect|false|falsch\w*"
    r"|(?:not|\w{2,6}n't)\s+(?:quite\s+)?(?:correct|right|true|it|the\s+(?:answer|solution|gradient|derivative|right))"
    r"|nicht\s+(?:richtig|korrekt|die\s+(?:antwort|lösung|ableitung)))(?!\w)",
    re.IGNORECASE,
)
QUESTION = re.compile(r"(?:^|(?<=\?))[^\n?]*+\?", re.MULTILINE)
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
    words = IN_TEXT.sub(inside_in_place, blank(NAMES, blank(COMMENT, told)))
    formulas = IN_TEXT.sub(" ", formulas)
    for denied in beside(DENIED, blank(QUESTION, words), formulas):
        raise EquationError(
            f"the words “{denied[0]}” say that the formula isn't the answer: leave out one of both",
            told,
            denied.span(),
        )
    for lead in (BEFORE_EQUATION, FOUND):
        words = lead.sub(
            lambda found: spaces(found) if leads_to_a_formula(found) else found[0], words
        )
    for found in beside(TELLING, words, formulas):
        if not repeats(found, formulas):
            said = " ".join(found[0].split())
            raise EquationError(
                f"the words “{said}” change what a formula is: write what they say as a part of "
                "it, or leave them out",
                told,
                found.span(),
            )


def beside(pattern: re.Pattern[str], words: str, formulas: str) -> Iterator[re.Match[str]]:
    """Yield what matches in what was told more often than it does in the formulas."""
    left = Counter(found[0].lower() for found in pattern.finditer(formulas))
    for found in pattern.finditer(words):
        left[found[0].lower()] -= 1
        if left[found[0].lower()] < 0:
            yield found


def refuse_changed_part(body: str, label: str) -> None:
    """Refuse a label below a part of a formula that says that the part is another one."""
    found = CHANGED_PART.search(label)
    if found and not SIGN_OR_NUMBER.search(body):
        raise EquationError(
            f"“{found[0]}” below {body.strip()} changes it: write what it says as a part of the "
            "formula, or leave it out",
            label,
            found.span(),
        )


def repeats(found: re.Match[str], formulas: str) -> bool:
    """Tell whether words only repeat what an equation shows by a sign: (averaged), beside 1/N."""
    start = found.string.rfind("\n", 0, found.start()) + 1
    line = found.string[start:].partition("\n")[0]
    is_shown = found.lastgroup in SHOWN and SHOWN[found.lastgroup].search(formulas)
    return bool(is_shown) and "=" in formulas and not STILL_TO_DO.search(line)


def spaces(found: re.Match[str]) -> str:
    """Return as many spaces as what was found has characters; lines stay."""
    return re.sub(r"[^\n]", " ", found[0])


def blank(pattern: re.Pattern[str], text: str) -> str:
    """Return a text with spaces for what matches, so that places stay."""
    return pattern.sub(spaces, text)


def inside_in_place(found: re.Match[str]) -> str:
    r"""Return what \text{…} says, in its place."""
    start, end = found.start(1) - found.start(), found.end() - found.end(1)
    return " " * start + found[1] + " " * end


def leads_to_a_formula(found: re.Match[str]) -> bool:
    """Tell whether words have no formula in front of them in their line, and one behind them."""
    is_formula = SIGNS.search(found[0]) or OF_WHAT_FOLLOWS_AT_END.search(found[0])
    return not is_formula and bool(SIGNS.search(found.string, found.end()))
