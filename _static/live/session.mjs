// One Python for the page: what waits for it, what it does, and the bar that shows both.

const MEGABYTE = 1e6;

/** The answer for work that was stopped or whose turn never came. */
export const STOPPED = { ok: false, stopped: true };

export class Session {
  #python;
  #last = Promise.resolve();
  #turn = 0;
  #stop;
  #bar = new Bar({ onstop: () => this.stop(), onrestart: () => this.restart() });
  /** Told each time that Python has lost all names. */
  onempty = () => {};

  /**
   * Load Python, if that hasn't been done, and return what `work` returns when it has its turn.
   * `doing` is said meanwhile; `done` returns from the answer what is said afterwards.
   */
  queue(work, { doing, done }) {
    const turn = this.#turn;
    const answer = this.#last.then(() => (turn === this.#turn ? this.#now(work, doing, done) : STOPPED));
    this.#last = answer.catch(() => {});
    return answer;
  }

  /** End what runs and drop what waits; Python begins anew, without any name. */
  stop() {
    this.#begin("Stopped. Python has forgotten every name: run the cells above again.");
    this.#python?.stop();
  }

  restart() {
    this.#begin("Python begins anew, without any name.");
    this.#python?.restart().catch(() => {}); // the bar says why
  }

  #begin(message) {
    this.#turn += 1;
    this.#last = Promise.resolve();
    this.#stop?.();
    this.#bar.say(message);
    this.onempty();
  }

  async #now(work, doing, done) {
    const stopped = new Promise((resolve) => {
      this.#stop = () => resolve(STOPPED);
    });
    this.#bar.begin(doing);
    const answer = await Promise.race([this.#answer(work), stopped]);
    if (answer.unavailable) this.#bar.say(answer.unavailable);
    else if (!answer.stopped) this.#bar.end(done(answer));
    return answer;
  }

  /** Return what the work returns, or why there is no Python to do it. */
  async #answer(work) {
    const reason = await this.#missing();
    if (reason) return { ok: false, unavailable: `Python can't run here: ${reason}` };
    return work(this.#python);
  }

  async #missing() {
    try {
      this.#python ??= this.#made(await import("./python.mjs"));
    } catch {
      return "python.mjs didn't arrive: is this device online?";
    }
    const { available, reason } = await this.#python.available();
    return available ? null : reason;
  }

  #made({ Python }) {
    const python = new Python();
    python.onstate = (state) => {
      this.#bar.show(state);
      if (state.phase === "failed") this.onempty();
    };
    return python;
  }
}

/** The bar at the foot of the page, in sight while Python loads or works. */
class Bar {
  #doing = "";
  #failed = false;

  constructor({ onstop, onrestart }) {
    this.element = document.createElement("section");
    this.element.className = "live-python";
    this.element.setAttribute("aria-label", "Python");
    // A live region is heard only if it was on the page before its text changes.
    this.message = document.createElement("p");
    this.message.setAttribute("role", "status");
    this.progress = document.createElement("progress");
    this.progress.setAttribute("aria-label", "Loading Python");
    this.amount = document.createElement("span");
    this.stop = button("Stop", onstop);
    this.restart = button("Restart Python", onrestart);
    for (const part of [this.progress, this.amount, this.stop, this.restart]) part.hidden = true;
    this.element.append(this.message, this.progress, this.amount, this.stop, this.restart);
    document.querySelector("main").append(this.element);
  }

  /** Show what Python does: `loaded` and `total` are bytes. */
  show({ phase, loaded, total, message }) {
    const loading = phase === "loading";
    this.#failed = phase === "failed";
    this.progress.hidden = this.amount.hidden = !loading;
    if (loading) {
      this.say("Loading Python.");
      if (total) {
        this.progress.max = total;
        this.progress.value = loaded;
        this.amount.textContent =
          `${(loaded / MEGABYTE).toFixed(1)} of ${(total / MEGABYTE).toFixed(1)} MB`;
      }
    }
    if (phase === "running") this.say(this.#doing);
    if (this.#failed) this.say(message);
    const stopping = document.activeElement === this.stop;
    this.stop.hidden = !loading && phase !== "running";
    this.restart.hidden = loading;
    if (stopping && this.stop.hidden) this.restart.focus();
  }

  begin(doing) {
    this.#doing = doing;
    this.element.classList.add("live-in-sight");
  }

  /** Say what has come of it; if Python failed, why stands there already. */
  end(done) {
    if (!this.#failed) this.say(done);
  }

  /** Say something, once: a text that stays the same is not said again. */
  say(text) {
    if (this.message.textContent !== text) this.message.textContent = text;
  }
}

/** Return a button with this text; `label` says more to those who don't see what it belongs to. */
export function button(text, onclick, label = text) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "live-button";
  made.textContent = text;
  if (label !== text) made.setAttribute("aria-label", label);
  made.addEventListener("click", onclick);
  return made;
}
