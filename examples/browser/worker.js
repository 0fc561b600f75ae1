// Runs Python beside the page, which therefore stays responsive: loads Pyodide, numpy and minikeras, then
// `live_training.py`, to which it hands the messages of the page.

const VERSION = "314.0.8"; // of Pyodide
const OFFICIAL = `https://cdn.jsdelivr.net/pyodide/v${VERSION}/full/`;
const BESIDE = new URL("pyodide/", self.location).href;

const post = (text) => self.postMessage(text);
const tell = (text) => post(JSON.stringify({ kind: "status", text }));
const waiting = []; // messages that arrived before Python did
let session = null;
let takesTurns = false;

class Failure extends Error {}

// Returns what a step gives; if it fails, the reader is told so in a sentence.
async function tried(step, sentence) {
  try {
    return await step();
  } catch (error) {
    if (error instanceof Failure) throw error;
    console.error(error);
    throw new Failure(`${sentence} (${briefly(error)})`);
  }
}

// Errors of Python say what happened after many lines of where, and sometimes before lines of advice.
function briefly(error) {
  const lines = String(error.message ?? error).trim().split("\n");
  return lines.findLast((line) => /^[\w.]+: /.test(line)) ?? lines.at(-1);
}

async function fetched(name, hint) {
  return tried(async () => {
    const response = await fetch(name, { cache: "no-cache" });
    if (!response.ok) throw new Error(`the server answered ${response.status}`);
    return response;
  }, `The file ${name} is not there. ${hint}`);
}

async function loadedPyodide() {
  const beside = await fetch(`${BESIDE}pyodide.mjs`, { method: "HEAD", cache: "no-cache" }).catch(() => null);
  const folder = beside?.ok ? BESIDE : OFFICIAL;
  tell(`Loading Python from ${beside?.ok ? "the folder pyodide/" : OFFICIAL} …`);
  const sentence = beside?.ok
    ? "Pyodide, which runs Python in the browser, cannot be loaded from the folder pyodide/ beside this page. Put a whole "
      + `release of Pyodide ${VERSION} there.`
    : `Pyodide, which runs Python in the browser, cannot be loaded: there is no folder pyodide/ beside this page, and ${OFFICIAL} `
      + "cannot be reached. Connect to the internet and reload this page, or put a release of Pyodide into that folder.";
  return tried(async () => {
    const { loadPyodide } = await import(`${folder}pyodide.mjs`);
    return loadPyodide({ indexURL: folder });
  }, sentence);
}

async function start() {
  const hint = "Run “python examples/browser/prepare.py” in the folder of minikeras, and reload this page.";
  const { wheel } = await (await fetched("wheel.json", hint)).json();
  const content = await (await fetched(wheel, hint)).arrayBuffer();
  const source = await (await fetched("live_training.py", "It belongs beside this page.")).text();
  const python = await loadedPyodide();
  tell("Loading numpy …");
  await tried(async () => {
    await python.loadPackage("numpy");
    python.runPython("import numpy");
  }, `Pyodide is there, but its package numpy is not: put a whole release of Pyodide ${VERSION} into the folder pyodide/.`);
  tell("Loading minikeras …");
  session = await tried(() => {
    python.unpackArchive(content, "wheel", { extractDir: "/wheel" });
    python.runPython("import sys; sys.path.append('/wheel')");
    python.runPython(source);
    return python.globals.get("Session")(post);
  }, "minikeras cannot be started.");
  waiting.splice(0).forEach(handle);
}

function handle(text) {
  guarded(() => session.handle(text));
  if (!takesTurns) setTimeout(turn, 0);
  takesTurns = true;
}

// Messages arrive between two turns.
function turn() {
  takesTurns = Boolean(guarded(() => session.advance()));
  if (takesTurns) setTimeout(turn, 0);
}

function guarded(call) {
  try {
    return call();
  } catch (error) {
    console.error(error);
    post(JSON.stringify({ kind: "error", text: `Python raised an error: ${briefly(error)}` }));
    return false;
  }
}

self.onmessage = ({ data }) => (session ? handle(data) : waiting.push(data));
start().catch((error) => post(JSON.stringify({ kind: "error", text: error.message })));
