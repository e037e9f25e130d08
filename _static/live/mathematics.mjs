// Formulas, by the page's own MathJax.

// MathJax does one thing at a time.
let last = Promise.resolve();

/** Set the formulas in an element, those that stand in elements of the class `math`. */
export function typeset(element) {
  const formulas = [...element.querySelectorAll(".math")];
  if (element.matches(".math")) formulas.push(element);
  // A page without a formula of its own has no MathJax: its readers see the source.
  if (formulas.length && window.MathJax) {
    last = last
      .then(() => window.MathJax.startup.promise)
      .then(() => window.MathJax.typesetPromise(formulas));
  }
  return last;
}

/**
 * Return a LaTeX formula as an element.
 * The text can say nothing but mathematics: of MathJax's packages only the basic commands, those of
 * the American Mathematical Society and bold symbols are known to it, so that there are no links, no
 * classes, no macros and nothing to load. Throws an error that names what it doesn't know.
 */
export async function formula(latex) {
  await window.MathJax.startup.promise;
  reader ??= await plainReader();
  const set = reader.convert(latex, { display: true });
  // A sign that the page hasn't had so far has no shape until MathJax's style sheet knows it.
  reader.clear().updateDocument();
  return set;
}

let reader;

async function plainReader() {
  const { MathJax } = window;
  await MathJax.loader.load("[tex]/boldsymbol");
  const { TeX } = MathJax._.input.tex_ts;
  const tex = new TeX({
    packages: ["base", "ams", "boldsymbol"],
    maxBuffer: 10_000,
    formatError: (_, error) => {
      throw error;
    },
  });
  return MathJax._.mathjax.mathjax.document(document, {
    ...MathJax.config.options,
    InputJax: tex,
    OutputJax: MathJax.startup.output,
  });
}
