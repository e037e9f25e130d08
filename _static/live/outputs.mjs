// What a cell prints and returns, shown as the stored outputs are: the same elements and classes.
import { typeset } from "./mathematics.mjs";

// The richest form first. Text is always there.
const FORMS = {
  "text/html": (box, text) => markup(box, "text_html", text),
  "image/svg+xml": (box, text) => markup(box, "image_svg", text),
  "image/png": (box, data) => picture(box, "png", data),
  "image/jpeg": (box, data) => picture(box, "jpeg", data),
  "text/latex": formula,
  "text/markdown": preformatted,
  "text/plain": preformatted,
};
const COLOURS = /\x1b\[[0-9;]*m/g;

/** Show outputs in nbformat's form, in their order; what is shown already and hasn't changed stays. */
export function show(outputs, place) {
  for (const [n, output] of outputs.entries()) {
    const content = output.text ?? output.data ?? output.traceback;
    const old = place.children[n];
    if (old && shown.get(old) === content) continue;
    const box = made(output);
    shown.set(box, content);
    if (old) old.replaceWith(box);
    else place.append(box);
    typeset(box);
  }
  while (place.children.length > outputs.length) place.lastElementChild.remove();
}

const shown = new WeakMap();

function made(output) {
  const box = document.createElement("div");
  box.className = "output";
  if (output.output_type === "stream") {
    box.classList.add("stream", output.name);
    preformatted(box, output.text);
  } else if (output.output_type === "error") {
    box.classList.add("traceback");
    preformatted(box, output.traceback.join("\n").replace(COLOURS, ""));
  } else {
    const form = Object.keys(FORMS).find((each) => each in output.data) ?? "text/plain";
    FORMS[form](box, [output.data[form] ?? ""].flat().join(""));
  }
  return box;
}

/** The page's policy refuses every script and handler that markup may hold. */
function markup(box, kind, text) {
  box.classList.add(kind);
  box.innerHTML = text;
}

function preformatted(box, text) {
  const frame = document.createElement("div");
  frame.className = "highlight";
  const shown = document.createElement("pre");
  shown.textContent = text;
  // A line of carets marks a place in the line above it, so these lines don't wrap.
  if (/^ *\^+$/m.test(text)) shown.className = "marked";
  frame.append(shown);
  box.append(frame);
}

function picture(box, kind, data) {
  const image = document.createElement("img");
  image.src = `data:image/${kind};base64,${data.trim()}`;
  image.alt = "The picture that this cell draws";
  box.append(image);
}

function formula(box, text) {
  box.classList.add("text_latex", "math");
  box.textContent = `\\[${text.replace(/^\s*\${1,2}|\${1,2}\s*$/g, "")}\\]`;
}
