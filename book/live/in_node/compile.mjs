// node compile.mjs PYODIDE FOLDER: load the Pyodide of the first folder, unpack the second one's
// packs.tar.xz at its root, run opening.py, and write the bytecode of all that was imported into
// bytecode.tar. info.json is that part of Pyodide's lock; undocumented.json is told in compile.py.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

// Node would show the line of the program, which is all of Pyodide, in place of the message.
process.on("uncaughtException", (error) => {
  console.error(String(error?.message ?? error).trim().split("\n").at(-1));
  process.exit(1);
});

const [core, folder] = process.argv.slice(2);
const text = (name) => readFileSync(join(folder, name), "utf8");
const { loadPyodide } = await import(pathToFileURL(join(core, "pyodide.mjs")));
const lockFileContents = { info: JSON.parse(text("info.json")), packages: {} };
const pyodide = await loadPyodide({ indexURL: core, lockFileContents });
const packs = new Uint8Array(readFileSync(join(folder, "packs.tar.xz")));
pyodide.unpackArchive(packs, "xztar", { extractDir: "/" });
const globals = pyodide.toPy({});
pyodide.runPython(readFileSync(new URL("compile.py", import.meta.url), "utf8"), { globals });
pyodide.runPython("first = list(imported())", { globals });
pyodide.runPython(text("opening.py"), { globals: pyodide.toPy({}) });
globals.set("undocumented", pyodide.toPy(JSON.parse(text("undocumented.json"))));
const bytecode = pyodide.runPython("archive(first, undocumented)", { globals });
writeFileSync(join(folder, "bytecode.tar"), bytecode.toJs());
