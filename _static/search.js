// The search page shows a piece of each page that it finds. Sphinx's script takes it from all of the
// page, with the names of its buttons, whose handlers the policy refuses aloud: this takes it from
// the text alone.
const SIGNS = {
  alpha: "α", approx: "≈", cdot: "·", circ: "∘", delta: "δ", div: "÷", dots: "…", eta: "η",
  infty: "∞", ldots: "…", le: "≤", leftarrow: "←", mapsto: "↦", mu: "μ", ne: "≠", neq: "≠",
  otimes: "⊗", partial: "∂", pm: "±", sigma: "σ", sqrt: "√", sum: "Σ", times: "×",
  varepsilon: "ε",
};
const BELOW = { ..."₀₁₂₃₄₅₆₇₈₉", i: "ᵢ", j: "ⱼ", k: "ₖ", m: "ₘ", n: "ₙ", ",": "," };
const ABOVE = { ..."⁰¹²³⁴⁵⁶⁷⁸⁹", T: "ᵀ", n: "ⁿ", "−": "⁻", "+": "⁺", "(": "⁽", ")": "⁾" };

// What stands below or above a letter, in small signs if there is one for each.
function small(text, signs, mark) {
  const found = [...text].map((each) => signs[each]);
  if (found.every((each) => each)) return found.join("");
  return mark + (text.length > 1 ? `(${text})` : text);
}

// A formula as people type it, ∂J/∂W₁: its LaTeX is hard to read, and MathJax isn't on this page.
function inSigns(latex) {
  const steps = [
    [/\\\\/g, ";"],
    [/\\(?:left|right)(?![A-Za-z])|\\(?:begin|end)\{[^}]*\}/g, ""],
    [/\\mathbf\s*\{?\s*1\s*\}?/g, "𝟏"],
    [/\\(?:operatorname|text)\s*\{([^{}]*)\}/g, "$1"],
    [/\\partial\s*/g, "∂"],
    [/\\([A-Za-z]+)/g, (all, name) => (/frac$|^hat$/.test(name) ? all : SIGNS[name] ?? name)],
    [/\\hat\s*(?:\{\s*([A-Za-z])\s*\}|([A-Za-z]))/g, (all, one, other) => `${one ?? other}\u0302`],
    [/\{,\}/g, ","],
    [/\\[;,!| ]|&/g, " "],
    [/-/g, "−"],
    [/([_^])\s*(?:\{([^{}]*)\}|([^\s{}\\]))/g, (all, mark, several, one) =>
      small(several ?? one, mark === "_" ? BELOW : ABOVE, mark)],
    [/\\d?frac\s*(?:\{([^{}]*)\}|(\d))\s*(?:\{([^{}]*)\}|(\d))/g,
      (all, top, digit, bottom, other) => `${part(top ?? digit)}/${part(bottom ?? other)} `],
    [/[{}]/g, ""],
    [/(?<! )([·×∘⊗≤]) /g, "$1"],
    [/\s+/g, " "],
    [/ (?=[),.;]|$)|(?<=\() |^ /g, ""],
  ];
  return steps.reduce((found, [sought, meant]) => found.replaceAll(sought, meant), latex);
}

// The top or the bottom of a fraction, in brackets where it is a sum or a product.
function part(text) {
  return /[−+·× ].|\d[A-Za-z]/.test(text.trim()) ? `(${text.trim()})` : text.trim();
}

document.addEventListener("DOMContentLoaded", () => {
  Search.htmlToText = (page, anchor) => {
    const text = page.slice(page.indexOf("<article"), page.lastIndexOf("</article>"));
    const article = new DOMParser().parseFromString(text, "text/html");
    const aside = ".headerlink, script, style, svg, div.math";
    for (const each of article.querySelectorAll(aside)) each.remove();
    for (const each of article.querySelectorAll("span.math")) {
      each.textContent = inSigns(each.textContent.replace(/^\\\(|\\\)$/g, ""));
    }
    // An anchor may be empty: then its section has the text. Sphinx's script fails without any.
    const place = anchor ? article.querySelector(anchor) : null;
    const found = [place, place?.closest("section"), article.body];
    const texts = found.map((each) => each?.textContent.replace(/\s+/g, " ").trim());
    return texts.find((each) => each) ?? article.title;
  };
});
