// The page's Python runs here, away from the page: a cell that never ends can be stopped by ending
// the worker. python.mjs sends {type: "load"} first, then "run" and "call"; they are done in turn.

let site; // live.json: which files there are, and how large they are
let base; // the address of its folder
let pyodide;
let notebook; // Python's in_page.cells.Notebook
let current; // the id of the cell that runs
const unpacked = new Set();
const progress = { loaded: 0, total: 0 };
const BLOCK = 512; // bytes: the unit of tar archives
const KEPT = "packs of "; // the name, before `base`, of the store of unpacked packs

let turn = Promise.resolve();
self.onmessage = ({ data }) => {
  turn = turn.then(() => handle(data));
};

async function handle(message) {
  try {
    if (message.type === "load") {
      ({ site, base } = message);
      return;
    }
    const missing = new Promise((_, reject) => (giveUp = reject));
    await Promise.race([prepare(message.source ?? message.path), missing]);
    giveUp = null;
  } catch (error) {
    // Should a pack that was kept be damaged, the next run fetches it again.
    await self.caches?.delete(KEPT + base).catch(() => {});
    self.postMessage({ type: "failed", message: explained(error) });
    return;
  }
  current = message.id;
  self.postMessage({ type: "running", id: current });
  try {
    if (message.type === "run") {
      const ok = await notebook.run(message.source, message.name);
      self.postMessage({ type: "done", id: current, ok, count: notebook.count });
    } else {
      const { called } = pyodide.pyimport("in_page.cells");
      const value = JSON.parse(called(message.path, JSON.stringify(message.keywords)));
      self.postMessage({ type: "done", id: current, ok: true, value });
    }
  } catch (error) {
    // A Python error of a call; anything else, such as memory that has run out, is Python's end.
    const type = error.name === "PythonError" ? "done" : "ended";
    self.postMessage({ type, id: current, ok: false, message: lastLine(error) });
  }
}

// Load Python, when it is first needed, and the packs that the text's imports need.
async function prepare(text) {
  const packs = Object.keys(site.packs).filter((name) => !unpacked.has(name) && needs(text, name));
  if (packs.length === 0) return;
  const sizes = packs.map((name) => site.packs[name].size);
  if (!pyodide) sizes.push(...Object.values(site.core));
  Object.assign(progress, { loaded: 0, total: sizes.reduce((a, b) => a + b, 0) });
  report();
  const contents = packs.map(fetchPack);
  for (const content of contents) content.catch(giveUp);
  pyodide ??= await loadCore();
  for (const [place, name] of packs.entries()) {
    unpack(site.packs[name].file, await contents[place]);
    unpacked.add(name);
  }
  notebook ??= pyodide.pyimport("in_page.cells").notebook(emit, "/home/pyodide/book/chapters");
}

// A pack that isn't always needed names modules: those whose parts all occur in the text.
function needs(text, pack) {
  const modules = site.packs[pack].for;
  if (modules === null) return true;
  const words = new Set(text.match(/\w+/g));
  return modules.some((module) => module.split(".").every((part) => words.has(part)));
}

async function loadCore() {
  const paths = Object.keys(site.core);
  const [entry, program] = paths.map((path) => new URL(path, base));
  const stdLibURL = new URL(paths.find((path) => path.endsWith(".zip")), base).href;
  import(program).then(() => add(fileSize(program)), giveUp);
  const { loadPyodide } = await import(entry);
  add(fileSize(entry));
  const folder = new URL("./", entry).href;
  return loadPyodide({
    indexURL: folder,
    packageBaseUrl: folder,
    lockFileContents: site.lock,
    stdLibURL,
  });
}

// A pack comes compressed the first time. The browser keeps it as it is then unpacked, because
// that takes a second of each start, and every chapter's page starts Python anew.
async function fetchPack(name) {
  const { file, integrity, size } = site.packs[name];
  const kept = await (await keptPacks())?.match(keptAs(file));
  if (kept) {
    add(size);
    return { format: "tar", bytes: await kept.arrayBuffer() };
  }
  const answer = await fetch(new URL(file, base), { integrity });
  return { format: "xztar", bytes: await answer.arrayBuffer() };
}

function unpack(file, { format, bytes }) {
  if (format === "xztar") {
    const unxz = "lambda packed: __import__('lzma').decompress(packed.to_bytes())";
    const whole = pyodide.runPython(unxz)(new Uint8Array(bytes));
    bytes = whole.toJs();
    whole.destroy();
    keep(file, bytes).catch(() => {}); // there is no room: it will be unpacked again
  }
  for (const { folder, name, content } of filesOf(new Uint8Array(bytes))) {
    pyodide.FS.mkdirTree(folder);
    // What lies in the archive is the file: nothing is copied.
    pyodide.FS.writeFile(folder + name, content, { canOwn: true });
  }
}

// The files of a tar archive as the build writes it: only files, in the format "ustar". Python would
// take half a second to unpack the packs.
export function* filesOf(tar) {
  const utf8 = new TextDecoder();
  const text = (at, length) => utf8.decode(tar.subarray(at, at + length)).split("\0", 1)[0];
  let at = 0;
  while (tar[at]) {
    const path = [text(at + 345, 155), text(at, 100)].filter(Boolean).join("/");
    const size = parseInt(text(at + 124, 12), 8);
    const end = at + BLOCK + size;
    if (text(at + 257, 6) !== "ustar" || !(end <= tar.length)) break;
    const [, folder, name] = `/${path}`.match(/^(.*\/)(.*)$/);
    yield { folder, name, content: tar.subarray(at + BLOCK, end) };
    at += BLOCK * (1 + Math.ceil(size / BLOCK));
  }
  // Behind the last file there is a block of zeros.
  if (tar[at] !== 0) throw new Error("a pack is damaged: the next run fetches it again");
}

async function keep(file, bytes) {
  const cache = await keptPacks();
  if (!cache) return;
  const current = Object.values(site.packs).map((pack) => keptAs(pack.file));
  for (const { url } of await cache.keys()) {
    if (!current.includes(url)) await cache.delete(url);
  }
  await cache.put(keptAs(file), new Response(bytes));
}

// A page that comes from another machine without encryption has no such store.
async function keptPacks() {
  return self.caches?.open(KEPT + base);
}

function keptAs(file) {
  return new URL(file.replace(/\.xz$/, ""), base).href;
}

// While Python loads, every file is fetched through this, by Pyodide too: the bytes of a copy are
// counted, and a file that can't be had ends the loading, because Pyodide would wait for it.
const fetchUncounted = self.fetch;
let giveUp = null; // set while Python loads
self.fetch = async (...request) => {
  if (!giveUp) return fetchUncounted(...request);
  try {
    const response = await fetchUncounted(...request);
    if (!response.ok) throw new Error(`status ${response.status}`);
    count(response.clone().body).catch(giveUp);
    return response;
  } catch (error) {
    const file = new URL(request[0].url ?? request[0], base).pathname.split("/").at(-1);
    const absent = new Error(`${file} didn't arrive: is this device online? (${error.message})`);
    giveUp(absent);
    throw absent;
  }
};

async function count(body) {
  const reader = body.getReader();
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    add(part.value.length);
  }
}

function fileSize(url) {
  return site.core[url.href.slice(base.length)];
}

function add(bytes) {
  progress.loaded += bytes;
  report();
}

function report() {
  self.postMessage({ type: "loading", ...progress });
}

function emit(output) {
  self.postMessage({ type: "output", id: current, output: JSON.parse(output) });
}

// Say in a reader's words why Python can't be loaded.
function explained(error) {
  const text = lastLine(error);
  if (/didn't arrive/.test(text)) return text;
  if (/WebAssembly/.test(text)) {
    return `this browser, or this site's policy, doesn't let WebAssembly run (${text})`;
  }
  if (/imported module|module script/i.test(text)) {
    return `a file didn't arrive: is this device online? (${text})`;
  }
  return text;
}

// Of a Python error the last line is the message; what comes before is its traceback.
function lastLine(error) {
  return String(error?.message ?? error).trim().split("\n").at(-1);
}
