// Python for one page: `new Python()`, then `run` and `call`. Nothing is loaded before the first.

const MANIFEST = "live.json";

export class Python {
  // Called with {phase, loaded, total, message} whenever one of them changes. `phase` is "off",
  // "loading" (`loaded` of `total` bytes are there), "running", "ready" or "failed".
  onstate = () => {};
  state = { phase: "off", loaded: 0, total: 0, message: "" };

  #base;
  #worker = null;
  #pending = new Map(); // what has been asked and not answered, in order, under its id
  #last = 0;
  #manifest = null;

  // `base` is the folder of live.json; by default the one of this file.
  constructor(base = new URL("./", import.meta.url)) {
    this.#base = new URL(base, self.location.href).href;
  }

  // Return {available, reason}: a book can be built without Python for its pages.
  async available() {
    try {
      const { available, reason } = await this.#site();
      return { available, reason: available ? "" : `live code isn't in this build: ${reason}` };
    } catch (error) {
      return { available: false, reason: error.message };
    }
  }

  // Run a cell and return {ok, outputs, count}: outputs as notebooks store them, and the cell's
  // number. `onOutput(output, outputs)` is called as each comes. A cell never fails by throwing: an
  // error is its last output, and `ok` is false; `stopped` is true if it was stopped. A traceback
  // calls the cell by its `name`, such as "cell 3", or by its number.
  run(source, { name = "", onOutput = () => {} } = {}) {
    const outputs = [];
    return this.#ask({ type: "run", source, name }, { outputs, onOutput });
  }

  // Call a Python function, such as "in_page.clinic.diagnosed", with keyword arguments that JSON
  // can hold, and return its value. Text stays text: no source is made of it.
  async call(path, keywords = {}) {
    const answer = await this.#ask({ type: "call", path, keywords }, {});
    if (!answer.ok) throw new Error(answer.message);
    return answer.value;
  }

  // End the worker and with it whatever runs; the next run starts a new one, without variables.
  stop() {
    this.#end("Stopped", "every variable is gone", { stopped: true });
    this.#say({ phase: "off", message: "Stopped: every variable is gone." });
  }

  // End the worker and start a new one at once.
  async restart() {
    this.stop();
    await this.call("in_page.cells.started");
  }

  async #ask(message, request) {
    const id = ++this.#last;
    const answer = new Promise((resolve) => this.#pending.set(id, { resolve, ...request }));
    try {
      const site = await this.#site();
      if (!site.available) throw new Error(`live code isn't in this build: ${site.reason}`);
      // Meanwhile it may have been stopped.
      if (this.#pending.has(id)) this.#started(site).postMessage({ id, ...message });
    } catch (error) {
      this.#fail(error.message);
    }
    return answer;
  }

  async #site() {
    if (this.#manifest) return this.#manifest;
    try {
      const answer = await fetch(this.#base + MANIFEST, { cache: "no-cache" });
      if (!answer.ok) throw new Error(`status ${answer.status}`);
      return (this.#manifest = await answer.json());
    } catch (error) {
      throw new Error(`${MANIFEST} didn't arrive: is this device online? (${error.message})`);
    }
  }

  #started(site) {
    if (!this.#worker) {
      const worker = new Worker(new URL("worker.mjs", import.meta.url), { type: "module" });
      worker.onmessage = ({ data }) => this.#hear(data);
      worker.onerror = (event) => this.#fail(event.message || "worker.mjs didn't arrive: is this device online?");
      worker.postMessage({ type: "load", base: this.#base, site });
      this.#worker = worker;
      this.#say({ phase: "loading", loaded: 0, total: 0 });
    }
    return this.#worker;
  }

  #hear({ type, id, ...said }) {
    const asked = this.#pending.get(id);
    if (type === "loading") this.#say({ phase: "loading", ...said });
    if (type === "running") this.#say({ phase: "running" });
    if (type === "failed") this.#fail(said.message);
    if (type === "output") {
      merge(asked.outputs, said.output);
      asked.onOutput(said.output, asked.outputs);
    }
    if (type === "done") {
      this.#pending.delete(id);
      if (this.#pending.size === 0) this.#say({ phase: "ready" });
      asked.resolve({ ...said, outputs: asked.outputs });
    }
    if (type === "ended") this.#fail(`Python came to an end (${said.message})`);
  }

  #fail(message) {
    this.#end("NotAvailable", message, {});
    this.#say({ phase: "failed", message: `Python can't run here: ${message}` });
  }

  #end(ename, evalue, more) {
    this.#worker?.terminate();
    this.#worker = null;
    const asked = [...this.#pending.values()];
    this.#pending.clear();
    for (const { resolve, outputs, onOutput } of asked) {
      if (outputs) {
        const output = { output_type: "error", ename, evalue, traceback: [`${ename}: ${evalue}`] };
        outputs.push(output);
        onOutput(output, outputs);
      }
      resolve({ ok: false, message: evalue, outputs, ...more });
    }
  }

  #say(change) {
    this.state = { ...this.state, message: "", ...change };
    this.onstate(this.state);
  }
}

// Add an output to those of a cell as a notebook does: neighbouring texts of one stream are joined,
// what has an id is replaced, and a request to clear is carried out.
export function merge(outputs, output) {
  if (outputs.clearsNext && output.output_type !== "clear_output") {
    outputs.length = 0;
    outputs.clearsNext = false;
  }
  const last = outputs.at(-1);
  if (output.output_type === "clear_output") {
    outputs.clearsNext = output.wait;
    if (!output.wait) outputs.length = 0;
  } else if (output.output_type === "update_display_data") {
    const id = output.transient.display_id;
    for (const earlier of outputs) {
      if (earlier.transient?.display_id === id) Object.assign(earlier, { data: output.data });
    }
  } else if (output.output_type === "stream" && last?.name === output.name) {
    last.text = overwritten(last.text + output.text);
  } else if (output.output_type === "stream") {
    outputs.push({ ...output, text: overwritten(output.text) });
  } else {
    outputs.push(output);
  }
}

// After a carriage return, as progress bars print it, a line is written over.
function overwritten(text) {
  return text.replace(/(^|\n)[^\n]*\r(?!\n|$)/g, "$1");
}
