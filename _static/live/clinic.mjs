// The clinic's form: a formula in, its diagnosis below, and both in the page's address.
import { formula, typeset } from "./mathematics.mjs";
import { Session } from "./session.mjs";

const PATIENCE = 250; // milliseconds without a key, before the preview is typeset
const form = document.querySelector("form.clinic");
const { attempt } = form.elements;
const preview = document.querySelector("#clinic-preview");
const place = form.querySelector(".clinic-diagnosis");
const said = form.querySelector(".live-said");
const session = new Session();
const chosen = [...form.elements].filter((each) => each.name);
const initial = asked();

/** What the form asks, under the names of `diagnose`'s arguments. */
function asked() {
  return Object.fromEntries(chosen.map(({ name, value }) => [name, value]));
}

/** Fill in the form. What isn't given, or isn't one of the choices, is as it was in the beginning. */
function fill(given) {
  for (const field of chosen) {
    field.value = given[field.name] ?? initial[field.name];
    if (field.selectedIndex === -1) field.value = initial[field.name];
  }
  showPreview();
}

async function diagnose() {
  const question = asked();
  said.classList.remove("visually-hidden");
  if (!question.attempt.trim()) {
    said.textContent = "There is no formula yet.";
    attempt.focus();
    return;
  }
  said.textContent = "reading the formula …";
  place.ariaBusy = "true";
  const answer = await session.queue((python) => diagnosed(python, question), {
    doing: "Reading the formula.",
    done: () => "Python is ready.",
  });
  place.ariaBusy = "false";
  said.textContent = answer.unavailable ?? answer.failed ?? (answer.stopped ? "stopped" : "");
  if (!answer.ok) return;
  await show(answer.html);
  // Read aloud: the verdict, not the tables. To be seen, it stands in the diagnosis.
  const verdict = place.querySelector(".diagnosis strong").textContent;
  said.textContent = `${verdict} ${answer.data.message.split("\n")[0]}`;
  said.classList.add("visually-hidden");
  bringIntoSight();
}

/** Scroll to the diagnosis, from the button on, if its first lines are below the window. */
function bringIntoSight() {
  const { top } = place.getBoundingClientRect();
  if (top > 0.75 * innerHeight) form.querySelector(".clinic-submit").scrollIntoView();
}

async function diagnosed(python, question) {
  try {
    return { ok: true, ...(await python.call("in_page.clinic.diagnosed", question)) };
  } catch (error) {
    return { ok: false, failed: error.message };
  }
}

/** Show the library's HTML, in which every piece of the reader's text is escaped. */
async function show(html) {
  const shown = document.createElement("div");
  shown.innerHTML = html;
  for (const link of shown.querySelectorAll("a[href]")) {
    // The links are those of a chapter, to its neighbours.
    link.href = new URL(link.getAttribute("href"), new URL("chapters/", document.baseURI));
  }
  await typeset(shown);
  place.replaceChildren(shown);
}

/** LaTeX is typeset as it is typed; NumPy and plain signs read well as they are. */
async function showPreview() {
  const text = attempt.value;
  preview.hidden = !/[\\^{]/.test(text);
  if (preview.hidden) return;
  let shown;
  try {
    shown = await formula(asLines(text));
  } catch (error) {
    shown = document.createElement("small");
    shown.textContent = `Not typeset: ${error.message}`;
  }
  if (attempt.value === text) preview.replaceChildren(shown);
}

/** Several lines are one derivation; the signs around a formula in a text are no part of it. */
function asLines(text) {
  const bare = text.trim().replace(/^(\$\$?|\\\[|\\\()|(\$\$?|\\\]|\\\))$/g, "");
  const several = /\\\\|&|\n/.test(bare) && !bare.includes("\\begin");
  const lines = bare.replace(/\s*\n\s*/g, bare.includes("\\\\") ? " " : " \\\\ ");
  return several ? `\\begin{aligned} ${lines} \\end{aligned}` : bare;
}

function readAddress() {
  const given = Object.fromEntries(new URLSearchParams(location.hash.slice(1)));
  if (given.attempt === undefined) return;
  fill(given);
  diagnose();
}

let typing;
attempt.addEventListener("input", () => {
  clearTimeout(typing);
  typing = setTimeout(showPreview, PATIENCE);
});
attempt.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey || event.shiftKey)) {
    event.preventDefault();
    form.requestSubmit();
  }
});
form.addEventListener("submit", (event) => {
  event.preventDefault();
  const address = `#${new URLSearchParams(asked())}`;
  if (address === location.hash) diagnose();
  else location.hash = address; // and readAddress hears of it
});
for (const example of form.querySelectorAll("[data-attempt]")) {
  example.addEventListener("click", () => {
    fill(example.dataset);
    form.requestSubmit();
  });
}
// Until here a button would have done nothing.
for (const each of form.querySelectorAll("button")) each.disabled = false;
window.addEventListener("hashchange", readAddress);
readAddress();
