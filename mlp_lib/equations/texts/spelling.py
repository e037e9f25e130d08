"""How other courses spell the same formula: their text is brought into the book's spelling.

Only spelling changes here, never what is said: \\nabla_{W_1} J is \\frac{\\partial J}{\\partial
W_1}, W^{(1)} is W_1. What could mean two things is left as it is, and refused where it is read.
"""

import re
import unicodedata
from collections.abc import Callable

Replacement = str | Callable[[re.Match[str]], str]

# Signs that only NumPy text has.
CODE = re.compile(r"@|\.m?T\b|\bj?np\.|\*\*|\.dot\(")
# A size has no transpose, no matrix product, and isn't subtracted from 1: there H is no size. It is
# a batch of h then, wherever it stands beside a sign but a fraction's.
IS_HIDDEN = re.compile(
    r"\bH\s*(?:\.T\b|@)|@\s*H\b|\b1\.?0?\s*-\s*H\b|\bY(?:_?hat)?\b.*(?<!\bN)(?<!\bN )\*\s*H\b"
)
HIDDEN = re.compile(r"\bH\b(?=\s*(?:\.T\b|[@*+-]))|(?<=[@*+-])H\b|(?<=[@*+-] )H\b")
SUBSCRIPTS = str.maketrans("₀₁₂₃−", "0123-")
# A superscript that is a layer, as in W^{(1)} or a^{[2]T}, and a transpose in it.
SPACE = r"(?:\s|\^|,|\\[,;:!])*+"
TRANSPOSE = r"T|\\top|\\mathsf\s*\{?T\}?"
LAYER = rf"\s*\^\s*\{{\s*[(\[]\s*([12])\s*[)\]](?:{SPACE}({TRANSPOSE}))?\s*\}}"
# The same with a bare number, W^2 or a^1_j, and with either, as an error's layer is written.
BARE_LAYER = (
    r"\s*\^\s*(?:(?P<digit>[12])(?!\d)"
    rf"|\{{\s*(?P<layer>[12])(?:{SPACE}(?P<turned>{TRANSPOSE}))?\s*\}})"
)
ANY_LAYER = BARE_LAYER.replace("(?P<layer>[12])", r"[(\[]?\s*(?P<layer>[12])\s*[)\]]?")
INDEX_FIRST = r"\s*_\s*(?:\{(?P<several>[a-z,]+)\}|(?P<one>[a-z]))"
# No letter stands in front of it, but a d may.
BY_ITSELF = r"(?:(?<![A-Za-z\\])|(?<=(?<![A-Za-z\\])d))"
# One of a sum's bounds, and what says that two indices are the same.
BOUND = r"(?:\{[^{}]*\}|\w)"
SAME = r"\s*([a-gi-w])\s*=\s*([a-gi-w])\s*"
# A size by a name of several letters, n_{out} or n^{[2]}.
OWN_SIZE = (
    r"[A-Za-z]\s*(?:_\s*\{\s*(?:[A-Za-z]{2,}|\\(?:text|mathrm)\s*\{\s*\w+\s*\})\s*\}"
    r"|\^\s*(?:\d|\{\s*[(\[]?\s*\d\s*[)\]]?\s*\}))"
)
INDICATOR = (
    r"(?:\\(?:mathbb|mathbf|mathds|boldsymbol|bm|mathrm)\s*\{?\s*[1I]\s*\}?\s*"
    r"|(?<![\w.\\{^_])1|\\delta\s*)"
)
SLOPE_LETTER = r"(?:(?<![A-Za-z\\])[fgs]|\\sigma|\\(?:var)?phi)"
INDICES = r"(?:\s*_\s*(?:\{([a-z,]+)\}|([a-z])))?"
STYLES = "bm|boldsymbol|pmb|vec|mathbf|mathit|mathrm|mathsf|mathcal|mathscr|text|mathbb"
LOSS = (
    r"(?:(?:B?CE|NLL|[LECJ]|\\ell|\\mathcal\s*\{?\s*[LECJ]\s*\}?)(?:_\{?(?:CE|BCE|NLL|ce)\}?)?"
    r"|\\(?:text|mathrm|operatorname)\{(?:B?CE|NLL|[Ll]oss|[Cc]ost)\})"
)
# What a loss is said to depend on: J(\theta), L(\hat y, y). Behind \nabla it may be a factor.
ARGUMENTS = r"(?:\s*(?:\\left\s*)?\([^()=]*\))?"
NAMES_ONLY = r"(?:\s*\((?:[^()=+-]*(?:[,;|]|\\[tT]heta)[^()=+-]*|\s*[Ww]\s*)\))?"
# What stands above or below a slash.
ATOM = r"(?:\\hat\s*(?:\{\s*\w\s*\}|\w)|[A-Za-z])(?:_(?:\w|\{[\w,]+\}))?"
# Says nothing but that dz_2 stood there, by which many courses mean N times ∂J/∂z₂.
SHORT = r"\,\!\,"
# A new row of its own even where it begins with a minus: an arrow stood there.
OWN_ROW = r"\\ \!\,"


def layer_letter(match: re.Match[str]) -> str:
    """Return W_{1,ij} for W^{(1)}_{ij}, h for a^{(1)}, and [W_1^T]_{ij} for W^{(1)T}_{ij}."""
    letter, number, turned, several, one = match.groups()
    indices = several or one or ""
    if letter in "aA":
        symbol, own = "h" if number == "1" else r"\hat y", ""
    else:
        symbol, own = letter.lower() if letter in "ZB" else letter, number
    if turned and indices:
        return rf"\left[ {symbol}{f'_{own}' if own else ''}^T \right]_{{{indices}}} "
    both = ",".join(filter(None, (own, indices)))
    subscript = f"_{{{both}}}" if indices else f"_{both}" if both else ""
    return symbol + subscript + ("^T" if turned else "")


def layer_in_brackets(match: re.Match[str]) -> str:
    """Return W^{(2)}_{jk} for W^2_{jk} and W_{jk}^2; a letter that a row gives is another one."""
    found = match.groupdict()
    letter = found["letter"]
    if re.search(rf"(?<![\w\\^{{]){letter}(?:_(?:\w|\{{[^{{}}]*\}}))?\s*+&?\s*+=", match.string):
        return match[0]
    indices = found.get("several") or found.get("one") or ""
    layer = f"{letter}^{{({found['layer'] or found['digit']}){found['turned'] or ''}}}"
    return f"{layer}_{{{indices}}}" if indices else layer


def entry_of_transpose(match: re.Match[str]) -> str:
    r"""Return \left[ W_2^T \right]_{kj} for W^T_{2,kj}, and W_2^T for W^T_2."""
    number, indices = match[1] or match[3], match[2]
    return rf"\left[ W_{number}^T \right]_{{{indices}}} " if indices else f"W_{number}^T"


# What belongs to one example: \hat y^{(n)}, z_1^{(i)T}, h^{(n)}_j or h_j^{(n)}.
OF_EXAMPLE = (
    r"(?P<base>\\hat\s*(?:\{\s*y\s*\}|y)|\\delta|(?<![A-Za-z\\])[xyhzXYZ])"
    r"(?:_(?:(?P<layer>[12])|\{(?P<layer_too>[12])\}|(?P<before>[a-z])|\{(?P<before_too>[a-z])\}))?"
    r"\s*\^\s*\{\s*\(\s*(?P<example>[nim])\s*\)\s*(?P<turned>T|\\top|\\intercal)?\s*\}"
    r"(?:\s*_\s*(?:(?P<behind>[a-z])|\{(?P<behind_too>[a-z])\}))?"
)


def row_of_example(match: re.Match[str]) -> str:
    """Return \\hat y_{n} for \\hat y^{(n)}, and h_{nj} for h^{(n)}_j."""
    found = {name: text or "" for name, text in match.groupdict().items()}
    layer = found["layer"] + found["layer_too"]
    entry = "".join(found[name] for name in ("before", "before_too", "behind", "behind_too"))
    letters = (f"{layer}," if layer else "") + found["example"] + entry
    return f"{found['base']}_{{{letters}}}" + ("^T" if found["turned"] else "")


# The same in plain text: ŷ^{(n)}, h^(n)ᵀ, δ₂⁽ⁿ⁾.
OF_EXAMPLE_IN_PLAIN = (
    r"(?P<base>ŷ|δ|(?<![A-Za-z])[xyhzXYZ])_?(?P<layer>[12₁₂])?[ ]?"
    r"(?:\^\{[ ]?\((?P<example>[nim])\)[ ]?\^?(?P<turned>ᵀ|T)?[ ]?\}"
    r"|\^\((?P<bare>[nim])\)|⁽(?P<small>[ⁿⁱᵐ])⁾)"
)
RAISED_LETTERS = str.maketrans("ⁿⁱᵐ", "nim")


def row_of_example_in_plain(match: re.Match[str]) -> str:
    """Return ŷ_{n} for ŷ^{(n)}, and δ_{2,n} for δ₂^{(n)}."""
    found = {name: text or "" for name, text in match.groupdict().items()}
    example = (found["example"] + found["bare"] + found["small"]).translate(RAISED_LETTERS)
    layer = found["layer"].translate(SUBSCRIPTS)
    turned = "ᵀ" if found["turned"] else ""
    return f"{found['base']}_{{{layer},{example}}}{turned}".replace("{,", "{")


def error_by_layer(match: re.Match[str]) -> str:
    """Return \\delta_{2,k} for \\delta^{(2)}_k and \\delta_k^{(2)}, \\delta_2 for \\delta^{(2)}."""
    found = match.groupdict()
    indices = found.get("several") or found.get("one") or ""
    layer = found["layer"] or found["digit"]
    turned = "^T" if found["turned"] else ""
    return rf"\delta_{{{layer},{indices}}}{turned} " if indices else rf"\delta_{layer}{turned} "


def derivative_by_layer(match: re.Match[str]) -> str:
    """Return ∂J/∂W₂ for dW^{[2]} and for dW_2, its transpose kept."""
    capital, number, turned, letter, one, in_braces = match.groups()
    letter, number = capital or letter, number or one or in_braces
    base = {"a1": "h", "A1": "h", "a2": r"\hat y", "A2": r"\hat y"}.get(
        letter + number, f"{letter if letter == 'W' else letter.lower()}_{number}"
    )
    mark = "" if letter in "WbB" else SHORT
    derivative = rf"\frac{{\partial J}}{{\partial {base}{mark}}}"
    return rf"\left( {derivative} \right)^T" if turned else derivative + " "


# A loss, and a quantity that is differentiated, as people type them: dL/dz2, ∂z₂/∂h.
TYPED_LOSS = r"(?:J|L|E|C|CE|[Ll]oss|[Cc]ost|ℒ|ℓ)"
TYPED = r"(?:y_?hat|ŷ|[Wbza]_?[12₁₂]|[hx])"
QUOTIENT = re.compile(
    rf"(?<![A-Za-z0-9_\\])[d∂]({TYPED_LOSS}|{TYPED})\s*/\s*[d∂]({TYPED})(?![A-Za-z0-9_])"
)
# A line that calls something dz2 makes a quotient of dz2/dh.
GIVEN = re.compile(r"(?<![\w/])d[A-Za-z]\w*\s*=(?!=)")


def quotients_as(form: str, text: str) -> str:
    """Return the text with each dL/dz2 in the form, dJ_dz2 for one: "d{}_d{}"."""

    def written(match: re.Match[str]) -> str:
        of, by = match.groups()
        return form.format("J" if re.fullmatch(TYPED_LOSS, of) else of, by)

    return QUOTIENT.sub(written, text)


# Signs that give a value to the left side.
GIVES = re.compile(
    r"^([^()\n]*?)(?::=|≔|←|<-(?=\s)|\\(?:leftarrow|gets|coloneqq)(?![A-Za-z]))", re.MULTILINE
)


def followed_by_an_equation(words: str) -> re.Pattern[str]:
    """Return what finds one of the words, plain or in \text, if an equation stands behind it."""
    space = r"[\s,]*+(?:\\q?quad(?![A-Za-z])\s*+)?"  # gives nothing back: a long one takes no time
    word = rf"\\text\s*\{{[\s,]*+(?:{words})\s*+:?\s*+\}}|(?<![\w.\\{{])(?:{words})(?!\w|\s*\()"
    return re.compile(rf"{space}(?:{word}){space}(?=[^=]+=)")


# What stands between a formula and the equations that explain it.
EXPLAINS = "where|with|since|because"
EXPLAINED = followed_by_an_equation(EXPLAINS)
AND = followed_by_an_equation("and")

# Signs that stand among LaTeX's commands.
COMMAND_FOR = {"∇": r"\nabla", "∂": r"\partial", "δ": r"\delta", "σ": r"\sigma", "Σ": r"\sum",
               "·": r"\cdot", "∘": r"\circ", "⊙": r"\odot", "⊗": r"\otimes", "×": r"\times",
               "−": "-"}  # fmt: skip

# In this order: each takes the text that the ones before it leave.
LATEX: tuple[tuple[str, Replacement], ...] = (
    (r"\^\s*(?:\{\s*ᵀ\s*\}|ᵀ)|ᵀ", "^T "),
    (f"[{''.join(COMMAND_FOR)}]", lambda match: rf"{COMMAND_FOR[match[0]]} "),
    # What stands around a formula.
    (r"\\\[|\\\]|\\\(|\\\)|\$\$?|\\(?:begin|end)\{(?:equation|split|gather|displaymath)\*?\}", ""),
    (r"\\(begin|end)\{(?:align|eqnarray|multline)\*?\}", r"\\\1{aligned}"),
    (r"\\(?:nonumber|notag|displaystyle|limits|nolimits)(?![A-Za-z])", ""),
    (r"(\\begin\{aligned\})\s*\[[tbc]\]", r"\1"),
    (r"(?<!\\)[.,;]\s*(?=\\\\|\\end(?![A-Za-z])|$)", ""),
    (r"(?:\\\\\s*)+(?=\\end(?![A-Za-z])|$)", ""),
    ("~", " "),
    (r"\\(?:bigg|Bigg)[lrm]?(?![A-Za-z])", ""),
    (r"\\(?:equiv|triangleq|doteq)(?![A-Za-z])", "="),
    (r"\\ln(?![A-Za-z])", r"\\log"),
    # e is a name of one's own, too, but not with a z above it.
    (r"(?<![A-Za-z\\])e\s*\^\s*(?:\{([^{}]*z(?:[^{}]|\{[^{}]*\})*)\})",
     r"\\exp\\left( \1 \\right) "),
    (r"\\operatorname\s*\{Diag\}", r"\\operatorname{diag}"),
    (r"\\pdv\s*\{([^{}]*)\}\s*\{([^{}]*)\}", r"\\frac{\\partial \1}{\\partial \2}"),
    (r",\s*\\q?quad(?![A-Za-z])", r" \\\\ "),
    # Letters that stand side by side, XW_1, and an argument of \frac without braces.
    (r"(?<![A-Za-z\\])([A-Zhxy])(?=[A-Za-z]\s*[_^])", r"\1 "),
    (r"(\\[dt]?frac)\s*(\d|(?<=\s)[A-Za-z])(?=\s*[\w{\\])", r"\1{\2}"),
    (r"(\\[dt]?frac\s*\{[^{}]*\})\s*([\dA-Za-z])", r"\1{\2}"),
    # Kronecker's delta as an indicator.
    (rf"{INDICATOR}(?:_\s*\{{\s*(?:\\\{{{SAME}\\\}}|\[?{SAME}\]?)\s*\}}"
     rf"|(?:\\left|\\[bB]igl?)?(?:\\\{{|[\[(]){SAME}(?:\\right|\\[bB]igr?)?(?:\\\}}|[\])]))",
     lambda match: r"\delta_{{{}{}}} ".format(*filter(None, match.groups()))),
    (rf"(?<!\\)\[{SAME}\]", r"\\delta_{\1\2} "),
    # Letters.
    (r"\\mathbb\s+R(?![A-Za-z])", r"\\mathbb{R}"),
    (r"\{\s*\\(?:bf|rm|it|sf|cal)(?![A-Za-z])\s*(\\hat\s*\w|\w)\s*\}", r"\1"),
    (r"\\(?:mathbf|boldsymbol|bm|pmb)\s*\{\s*(\\delta|\\hat\s*\w)\s*\}", r"\1"),
    (r"\^\s*(?:t|\{\s*t\s*\})(?![A-Za-z])", "^T"),
    (r"\\widehat(?![A-Za-z])", r"\\hat"),
    (r"\\(?:mathbf|boldsymbol|bm|mathbb)\s*\{?\s*1\s*\}?", r"\\mathbf{1}"),
    (r"(?<![\w.\\{^_])1(?=\s*\^\s*\{?\s*(?:T|\\top)(?![A-Za-z]))", r"\\mathbf{1}"),
    (r"\\mathbf\{1\}(\s*-)", r"1\1"),
    (r"\\mathbf\{1\}\s*_\s*(?:[Nmn]|\{\s*[Nmn]\s*\})", r"\\mathbf{1}"),
    (rf"\\(?:{STYLES})\s*(?:\{{\s*T\s*\}}|T(?![A-Za-z]))|\\intercal(?![A-Za-z])", r"\\top "),
    (r"\\(?:mathrm|text|mathit|operatorname)\s*(?:\{\s*d\s*\}|d(?![A-Za-z]))", r"\\partial "),
    (rf"(\\partial|\{{\s*d|\}}\s*)\s*{LOSS}{ARGUMENTS}(?=\s*[}}/])", r"\1 J"),
    (rf"((?:\A|\\\\|\n)\s*+){LOSS}\s*\([^()=]+\)(?=\s*&?\s*=)", r"\1J"),
    (r"\\(?:bm|pmb|vec|mathit|mathsf|mathscr|mathcal)(?=[\s{\\])", ""),
    (r"\\(?:mathbf|boldsymbol|mathrm)\s*\{\s*([A-Za-z])\s*\}", r" \1"),
    (r"\\(?:mathrm|text)\s+(?=[A-Za-z](?![A-Za-z]))", ""),
    (r"\\hat\s*\{?\s*Y\s*\}?", r"\\hat y"),
    (rf"\\delta{ANY_LAYER}(?:{INDEX_FIRST})?", error_by_layer),
    (rf"\\delta{INDEX_FIRST}{ANY_LAYER}", error_by_layer),
    (OF_EXAMPLE, row_of_example),
    # The layer behind a transpose or an index, or as a bare number.
    (r"(?<![A-Za-z\\])w(?=\s*[_^])", "W"),
    (r"(?<![A-Za-z\\])W\s*\^\s*(?:T|\\top(?![A-Za-z])|\{\s*(?:T|\\top)\s*\})\s*_\s*"
     r"(?:\{\s*([12])\s*,?\s*([a-z,]+)?\s*\}|([12]))", entry_of_transpose),
    (rf"{BY_ITSELF}([WbBzZaA])\s*_\s*(?:\{{([a-z,]+)\}}|([a-z])){LAYER}",
     lambda match: f"{match[1]}^{{({match[4]}){match[5] or ''}}}_{{{match[2] or match[3]}}}"),
    (rf"{BY_ITSELF}(?P<letter>[WbzZaA]){INDEX_FIRST}{BARE_LAYER}", layer_in_brackets),
    (rf"{BY_ITSELF}(?P<letter>[WbzZaA]){BARE_LAYER}", layer_in_brackets),
    # dW^{[2]} is ∂J/∂W₂ where it stands by itself; in a fraction, dJ/dW, the d is a ∂.
    (rf"(?<![A-Za-z\\{{])d(?:([WbBzZaA]){LAYER}|([Wbz])_(?:([12])|\{{([12])\}}))",
     derivative_by_layer),
    (rf"\{{\s*([WbBzZaA]{LAYER})\s*\}}", r" \1 "),
    (rf"(?<![A-Za-z\\])([WbBzZaA]){LAYER}{INDICES}", layer_letter),
    (r"(?<![A-Za-z\\])[aA]_(?:1|\{1\})", "h"),
    (r"(?<![A-Za-z\\])[aA]_(?:2|\{2\})", r"\\hat y"),
    (r"(?<![A-Za-z\\])Z(?=_)", "z"),
    (r"(\\(?:text|operatorname|mathrm|begin|end)\s*\{[^{}]*\}|\\[A-Za-z]+)|([XY])",
     lambda match: match[1] or match[2].lower()),
    # A size has no transpose and isn't subtracted from 1: there H is the batch of h.
    (r"(1\s*-\s*|\\odot\s*|\\circ\s*)H(?![A-Za-z_])", r"\1h"),
    (r"(?<![A-Za-z\\_{])H(?=\s*&?=\s*\\sigma)", "h"),
    (r"(?<![A-Za-z\\_{])H(?=\s*(?:\^|\\odot|\\circ))", "h"),
    (r"(\^\s*(?:T|\\top|\{\s*T\s*\}|\{\s*\\top\s*\})\s*)H(?![A-Za-z_{])", r"\1h"),
    # Slopes: σ^{\prime}, g'(z_1), the hidden layer's g^{[1]\prime}, and x' for a transpose.
    (r"\^\s*(?:\\prime(?![A-Za-z])|\{\s*\\prime\s*\})", "'"),
    (rf"{SLOPE_LETTER}(?:\s*\^\s*\{{\s*[(\[]\s*1\s*[)\]]\s*(?:'|\^?\\prime)\s*\}}"
     r"|'\s*\^\s*\{\s*[(\[]\s*1\s*[)\]]\s*\})", r"\\sigma'"),
    (rf"{SLOPE_LETTER}'(?=\s*(?:\\left|\\[bB]igl?)?\s*\()", r"\\sigma'"),
    # h'(z_1) is the slope of h = σ(z_1); h'(ŷ − y) is a product with a transpose.
    (r"(?<![A-Za-z\\])h'(?=\s*(?:\\left|\\[bB]igl?)?\s*\(\s*z(?:_(?:\w|\{[\w,]+\}))?\s*(?:\\|\)))",
     r"\\sigma'"),
    (r"(?<![A-Za-z\\])([A-Za-z](?:_(?:\w|\{\w\}))?|\\hat\s*(?:\w|\{\w\}))'", r"\1^T"),
    (r"(?<=[)\]])'", "^T"),
    # Derivatives.
    (r"\\(?:nabla|partial)\s*_\s*(?:\{((?:[^{}]|\{[^{}]*\})++)\}|([A-Za-z](?:_\d)?))\s*"
     rf"\{{?\s*{LOSS}(?![A-Za-z_])\s*\}}?{NAMES_ONLY}",
     lambda match: rf"\frac{{\partial J}}{{\partial {match[1] or match[2]}}}"),
    (r"\\partial\s*(\\hat\s*\w|\w(?:_\w)?)\s*/\s*\\partial\s*"
     r"(\\hat\s*\w|\w(?:_(?:\w|\{[\w,]+\}))?)",
     r"\\frac{\\partial \1}{\\partial \2}"),
    # ŷ is the softmax of z₂.
    (r"(\\partial\s*\\hat\s*(?:\{\s*y\s*\}|y)(?:_\w|_\{\w\})?\s*\}\s*\{\s*\\partial\s*z)"
     r"_(?:([a-z])|\{([a-z])\})", lambda match: f"{match[1]}_{{2,{match[2] or match[3]}}}"),
    # Fractions and sums.
    (rf"({ATOM})\s*(?:/|\\oslash(?![A-Za-z]))\s*(?![Nm]\b)({ATOM})(?![\w^_(])", r"\\frac{\1}{\2}"),
    # Between a number and an array every product is the same.
    (r"(\\[dt]?frac\s*\{\s*\d+\s*\}\s*\{\s*(?:\d+|[NBKCMmn])\s*\})\s*"
     r"(?:\\(?:times|ast)(?![A-Za-z])|\*)", r"\1 \\cdot "),
    (r"\{\s*\}(?=\s*[\^_])", ""),
    (rf"(\\sum\s*_\s*{BOUND})\s*\^\s*\{{\s*{OWN_SIZE}\s*\}}", r"\1"),
    (rf"\\sum\s*\^\s*({BOUND})\s*_\s*({BOUND})", r"\\sum_\2^\1"),
    (r"(\\sum\s*_\s*(?:\w|\{[^{}]*\})(?:\s*\^\s*(?:\w|\{[^{}]*\}))?)\s*-", r"-\1 "),
    # Where something is divided by m, m is the number of examples.
    (r"\}\s*\{\s*m\s*\}", r"}{N}"),
    (r"/\s*[Nm]\b", r"\\cdot \\frac{1}{N}"),
)  # fmt: skip
NAMES: tuple[tuple[str, Replacement], ...] = (
    (r"(?<![\\A-Za-z{])d([Wb])_?([12])(?!\w)", r"\\frac{\\partial J}{\\partial \1_\2}"),
    (r"(?<![\\A-Za-z{])d[zZ]_?([12])(?!\w)", rf"\\frac{{\\partial J}}{{\\partial z_\1\{SHORT}}}"),
    (r"(?<![\\A-Za-z{])d(h|x|y_?hat|ŷ)(?!\w)", rf"\\frac{{\\partial J}}{{\\partial \1\{SHORT}}}"),
    (r"(?<![\\A-Za-z])sigm(?:oid|a)\b", r"\\sigma"),
    (r"\by_?hat\b|ŷ", r"\\hat y"),
    (r"\b([Wbz])([12])\b", r"\1_\2"),
    (r"\ba1\b", "h"),
    (r"\ba2\b", r"\\hat y"),
    (r"(?<![\\A-Za-z{])(diag|softmax|relu|vec)(?=\s*\()", r"\\operatorname{\1}"),
    (r"(?<![\\A-Za-z{])(log|exp|tanh)(?=\s*[(\\])", r"\\\1"),
)
# Beside a δ² a W² is no square: both are of the second layer.
LAYERS_ABOVE = re.compile(r"δ[¹²]")
LAYER_BELOW = str.maketrans("¹²", "₁₂")
# Plain text with names that are typed: ∂L/∂W1 = x^T (yhat − y) W2^T.
PLAIN: tuple[tuple[str, Replacement], ...] = (
    (r"y_?hat|Ŷ", "ŷ"),
    (OF_EXAMPLE_IN_PLAIN, row_of_example_in_plain),
    (rf"(?<![\w∂])d{TYPED_LOSS}\s*/\s*d({TYPED})(?=_[a-z]{{1,3}}(?!\w))", r"∂J/∂\1"),
    # ŷ is the softmax of z₂.
    (r"(∂ŷ\S{0,4}\s*/\s*∂z)(?=[ᵢⱼₖₗ]|_[a-z])", r"\1₂"),
    ("½", "(1/2)"),
    (r"/\s*m(?![A-Za-z])", "/N"),
    (r"(?<![\w/∂])dZ_?([12])", r"∂J/∂z\1"),
    (r"(?<![\w/∂])dW_?([12])(?!\w)", r"∂J/∂W\1"),
    (r"(?<![\w/∂])dB_?([12])(?!\w)", r"∂J/∂b\1"),
    (rf"(?<![\w/])d(J|{TYPED})_d({TYPED})(?!\w)", r"∂\1/∂\2"),
    (rf"(?<![\w/∂])d({TYPED})(?![\w/])", r"∂J/∂\1"),
    (r"(?<![A-Za-z])(ŷ|[xhyδ]|W_?[12₁₂])T(?![A-Za-z])", r"\1ᵀ"),
    (r"(?<=[\w)\]₁₂])'(?!\w|\s*\()", "ᵀ"),
    (rf"∇_?\{{?({TYPED})\}}?\s*{TYPED_LOSS}(?![A-Za-z])", r"∂J/∂\1"),
    # Several indices behind one sign: δ_kj.
    (r"_([a-z0-9][a-z]{1,3})(?![A-Za-z0-9_])", r"_{\1}"),
    (r"[Ss]igm(?:oid|a)(?![A-Za-z])", "σ"),
    (r"(?<![A-Za-z])[aA]_?[1₁](?!\d)", "h"),
    (r"(?<![A-Za-z])[aA]_?[2₂](?!\d)", "ŷ"),
    (r"[BZ](?=_?[12₁₂])", lambda match: match[0].lower()),
    (r"(?<![A-Za-z])h'(?=\s*\(\s*z(?:_?[12]|[₁₂])\s*\))|(?<![A-Za-z])[fgs]'(?=\s*\()", "σ'"),
    (r"([Wbz])1(?!\d)", r"\1₁"),
    (r"([Wbz])2(?!\d)", r"\1₂"),
    (r"(?<![A-Za-z])[XY](?![A-Za-z])", lambda match: match[0].lower()),
    (r"δ_?[1¹](?!\d)", "δ₁"),
    (r"δ_?[2²](?!\d)", "δ₂"),
    # A size has no transpose and isn't subtracted from 1: there H is the batch of h.
    (r"(1\s*[-−]\s*|[⊙∘]\s*|ᵀ\s*)H(?![A-Za-z_])", r"\1h"),
    (r"(?<![A-Za-z_×])H(?=\s*(?:ᵀ|\^|[⊙∘]|=\s*σ))", "h"),
)


def replaced(rules: tuple[tuple[str, Replacement], ...], text: str) -> str:
    """Return the text after all rules."""
    for pattern, new in rules:
        text = re.sub(pattern, new, text)
    return text


def explained_first(text: str) -> str:
    """Return the text with = for each sign that gives a value, and what `where` explains first."""
    rest, *explained = EXPLAINED.split(GIVES.sub(r"\1=", text))
    if not rest.strip():
        return text
    waiting = [line.strip(" .,;") for each in explained for line in AND.split(each)]
    lines = []
    while waiting:
        # What no other line explains comes first; with a circle, the last one does.
        names = "|".join(re.escape(line.split("=")[0].strip(" &")) for line in waiting)
        named = re.compile(rf"=.*(?<![A-Za-z_])(?:{names})(?![A-Za-z0-9_])", re.DOTALL)
        ready = (line for line in reversed(waiting) if not named.search(line))
        lines.append(next(ready, waiting[-1]))
        waiting.remove(lines[-1])
    return (" \\\\ " if r"\\" in text else "\n").join([*lines, rest])


def latex_as_here(text: str) -> str:
    """Return LaTeX of another course in the book's spelling."""
    return replaced(LATEX, text)


def code_as_here(text: str) -> str:
    """Return NumPy text as it is read: W2.T for W2^T, W2 for W₂, and h for a batch H of h."""
    text = re.sub(r"\^\s*(?:T\b|\{T\}|\{?\\top\}?|ᵀ)|ᵀ", ".T", text.translate(SUBSCRIPTS))
    text = re.sub(r"\bjnp\.", "np.", text)  # JAX has NumPy's functions under NumPy's names
    if not GIVEN.search(text):
        text = quotients_as("d{}_d{}", text)
    return HIDDEN.sub("h", text) if IS_HIDDEN.search(text) else text


def names_as_latex(text: str) -> str:
    """Return a formula that mixes NumPy's names with LaTeX's signs, yhat W2^T, as LaTeX."""
    return replaced(NAMES, quotients_as(r"\frac{{\partial {}}}{{\partial {}}}", text))


def plain_as_here(text: str) -> str:
    """Return plain text as it is read: ∂J/∂W₁ for dL/dW1, ŷ for yhat, W₂ for W2."""
    text = unicodedata.normalize("NFC", text).replace("′", "'")
    if LAYERS_ABOVE.search(text):
        text = re.sub(r"[Wbz][¹²]", lambda match: match[0].translate(LAYER_BELOW), text)
    return replaced(PLAIN, quotients_as("∂{}/∂{}", text))
