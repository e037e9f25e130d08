// The code cells of a chapter, to edit and to run.
import { show } from "./outputs.mjs";
import { STOPPED, Session, button } from "./session.mjs";

const KEYS = "Shift-Enter runs it, Escape leaves the editor";
const MISSING = "The chapter's notebook could not be loaded.";

/** A code cell on the page. One whose code isn't shown has no buttons, but takes part all the same. */
class Cell {
  #editor;
  #place;
  #storedOutputs;
  #storedNumbers;
  #showsStored = true;

  constructor(element, number, chapter) {
    this.name = `Cell ${number}`;
    this.chapter = chapter;
    this.element = element;
    this.#place = element.querySelector(".cell_output");
    this.#storedOutputs = this.#place && [...this.#place.childNodes];
    this.#storedNumbers = [...(this.#place?.querySelectorAll("figure.drawing[id]") ?? [])].map(
      (drawing) => ({ id: drawing.id, text: drawing.querySelector(".caption-number") }),
    );
    this.input = element.querySelector(".cell_input");
    if (this.input) this.#addBar();
  }

  #addBar() {
    const name = this.name.toLowerCase();
    this.bar = document.createElement("div");
    this.bar.className = "live-bar";
    this.bar.setAttribute("role", "group");
    this.bar.setAttribute("aria-label", this.name);
    this.run = button("Run", () => this.chapter.run([this]), `Run ${name}`);
    this.above = button("Run all above", () => this.chapter.runAbove(this), `Run all above ${name}`);
    this.edit = button("Edit", () => this.open(), `Edit ${name}`);
    this.stop = button("Stop", () => this.chapter.session.stop(), `Stop ${name}`);
    this.reset = button("Reset", () => this.restore(), `Reset ${name}`);
    this.stop.hidden = this.reset.hidden = true;
    this.said = document.createElement("span");
    this.said.className = "live-said";
    const number = document.createElement("span");
    number.className = "live-name";
    number.textContent = this.name;
    this.bar.append(number, this.run, this.stop, this.above, this.edit, this.reset, this.said);
    this.input.after(this.bar);
  }

  /** Take the code from the notebook, which has every cell's. */
  read({ source, metadata }) {
    this.stored = [source].flat().join("");
    this.text ??= this.stored;
    this.mayFail = metadata.tags?.includes("raises-exception") ?? false;
  }

  say(text) {
    if (this.said) this.said.textContent = text;
  }

  /** Put the editor in the place of the code. */
  async open() {
    if (!this.#editor) {
      try {
        const [{ editor }] = await Promise.all([import("./editor.mjs"), this.chapter.notebook()]);
        this.#editor ??= this.#made(editor);
      } catch {
        this.say("The editor could not be loaded: is the site still there?");
        return;
      }
    }
    this.#editor.focus();
  }

  #made(editor) {
    const frame = document.createElement("div");
    frame.className = "live-editor highlight";
    const made = editor(frame, {
      text: this.text,
      label: `Code of ${this.name.toLowerCase()}. ${KEYS}.`,
      keys: {
        "Shift-Enter": () => this.chapter.run([this]),
        Escape: () => this.run.focus(),
      },
      onchange: (text) => {
        this.text = text;
        this.reset.hidden = false;
      },
    });
    this.input.firstElementChild.hidden = true;
    this.edit.hidden = true;
    this.input.append(frame);
    this.say(`${KEYS}.`);
    return { ...made, frame };
  }

  /** Bring back the text and the outputs that the page came with. */
  restore() {
    this.#editor?.destroy();
    this.#editor?.frame.remove();
    this.#editor = undefined;
    this.input.firstElementChild.hidden = false;
    this.text = this.stored;
    if (this.#storedOutputs) this.#place.replaceChildren(...this.#storedOutputs);
    else this.#place?.remove();
    if (!this.#storedOutputs) this.#place = null;
    this.#showsStored = true;
    this.reset.hidden = true;
    this.edit.hidden = false;
    this.say("");
    this.run.focus();
  }

  waits() {
    this.say("waits for its turn");
    this.#busy(true);
  }

  /** Run the cell; its outputs appear as they come, in the place of the ones before. */
  async now(python) {
    this.say("is running …");
    const answer = await python.run(this.text, {
      name: this.name.toLowerCase(),
      onOutput: (_, outputs) => this.#show(outputs),
    });
    this.#show(answer.outputs);
    return answer;
  }

  #show(outputs) {
    if (!this.#place && outputs.length) {
      this.#place = document.createElement("div");
      this.#place.className = "cell_output docutils container";
      this.bar.after(this.#place);
    }
    if (!this.#place) return;
    if (this.#showsStored) this.#place.replaceChildren();
    this.#showsStored = false;
    show(outputs, this.#place);
    this.#number();
    const folded = this.#place.closest("details");
    if (folded) folded.open = true;
  }

  /** A drawing in the place of a stored one has its number: the text speaks of it. */
  #number() {
    const drawings = this.#place.querySelectorAll("figure.drawing");
    for (const [n, { id, text }] of this.#storedNumbers.entries()) {
      const drawing = drawings[n];
      if (!drawing || drawing.id) continue;
      drawing.id = id;
      if (!drawing.querySelector("figcaption")) drawing.append(document.createElement("figcaption"));
      drawing.querySelector("figcaption").prepend(text.cloneNode(true), " ");
    }
  }

  ended({ ok, outputs, stopped, unavailable }, hint = "") {
    this.#busy(false);
    if (unavailable) this.say(unavailable);
    else if (stopped) this.say("stopped");
    else if (ok) this.say(outputs.length ? "your result" : "has run");
    else this.say(`an error${hint}`);
    if (this.reset && !this.#showsStored) this.reset.hidden = false;
  }

  #busy(busy) {
    this.busy = busy;
    this.element.classList.toggle("live-busy", busy);
    if (this.#place) this.#place.ariaBusy = String(busy);
    if (!this.stop) return;
    // Whoever pressed Stop goes on from Run.
    if (!busy && document.activeElement === this.stop) this.run.focus();
    this.stop.hidden = !busy;
  }
}

/** A cell that isn't on the page at all. */
class Unseen {
  name = "A cell that the page doesn't show";

  read({ source, metadata }) {
    this.text = [source].flat().join("");
    this.mayFail = metadata.tags?.includes("raises-exception") ?? false;
  }

  now = (python) => python.run(this.text, { name: "cell that the page doesn't show" });
  waits() {}
  ended() {}
}

/** The cells of the page, and the notebook that they come from. */
class Chapter {
  #notebook;
  /** Why the chapter can't run in a page, if it can't. */
  refusal;
  #haveRun = new Set();

  constructor(elements) {
    this.session = new Session();
    this.session.onempty = () => this.#haveRun.clear();
    this.shown = new Map(
      elements.map((element, n) => [Number(element.id.slice(5)), new Cell(element, n + 1, this)]),
    );
  }

  /** Return all code cells of the notebook in their order, those that aren't shown among them. */
  notebook() {
    this.#notebook ??= this.#fetch();
    this.#notebook.catch(() => {
      this.#notebook = undefined;
    });
    return this.#notebook;
  }

  async #fetch() {
    const { content_root: root = "./" } = document.documentElement.dataset;
    const { pagename } = DOCUMENTATION_OPTIONS; // Sphinx writes it into the page
    const answer = await fetch(`${root}_sources/${pagename}.ipynb`);
    if (!answer.ok) throw new Error(`${answer.url}: ${answer.status}`);
    const { cells, metadata } = await answer.json();
    this.refusal = metadata.not_in_page;
    const code = [...cells.entries()].filter(([, cell]) => cell.cell_type === "code");
    return code.map(([index, stored]) => {
      const cell = this.shown.get(index) ?? new Unseen();
      cell.read(stored);
      return cell;
    });
  }

  async runAbove(cell) {
    const all = await this.notebook().catch(() => null);
    if (!all || this.refusal) return cell.say(this.refusal ?? MISSING);
    const above = all.slice(0, all.indexOf(cell));
    if (!above.length) return cell.say("There is nothing above.");
    const failed = await this.run(above);
    cell.say(failed ? `${failed.name} above ended with an error or was stopped` : "all above has run");
  }

  /** Run these cells, one after another, up to the first that fails, and return that one. */
  async run(asked) {
    const cells = asked.filter((cell) => !cell.busy);
    for (const cell of cells) cell.waits();
    const all = await this.notebook().catch(() => null);
    let failed = null;
    for (const cell of cells) {
      if (failed || !all || this.refusal) {
        cell.ended(STOPPED);
        cell.say(this.refusal ?? (all ? "not run" : MISSING));
        continue;
      }
      const answer = await this.session.queue((python) => cell.now(python), {
        doing: `${cell.name} is running.`,
        done: ({ ok }) => `${cell.name} ${ok ? "has run" : "ended with an error"}.`,
      });
      const above = all.slice(0, all.indexOf(cell));
      const missing = above.some((each) => !this.#haveRun.has(each));
      cell.ended(answer, missing ? ": not all cells above have run" : "");
      if (answer.ok || cell.mayFail) this.#haveRun.add(cell);
      else failed = cell;
    }
    return failed;
  }
}

new Chapter([...document.querySelectorAll(".cell[id^='cell-']")]);
