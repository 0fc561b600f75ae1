"""The page of `examples/browser`, served with a stand-in for Pyodide, and a Chromium to open it in.

The stand-in passes what the worker asks of Python on to this process, which runs `live_training.py` in CPython: there
is no Pyodide with numpy to test with. So everything is tested but Pyodide itself.
"""

import http.server
import importlib.util
import json
import pathlib
import shutil
import threading
from contextlib import contextmanager

ROOT = pathlib.Path(__file__).parent.parent.parent.parent
PAGE = ROOT / "examples" / "browser"
WHEEL = "minikeras-0.0.0-py3-none-any.whl"
WITHOUT_CHROMIUM = "needs Chromium and the package playwright: `apt-get install chromium`, `pip install playwright`"

STAND_IN = """
function ask(name, body) {
  const request = new XMLHttpRequest();
  request.open("POST", `/python/${name}`, false);
  request.send(body ?? "");
  if (request.status !== 200) throw new Error(request.responseText);
  return JSON.parse(request.responseText);
}

export async function loadPyodide({ indexURL }) {
  if (!indexURL.endsWith("/pyodide/")) throw new Error(`expected the folder pyodide/, received ${indexURL}`);
  return {
    loadPackage: async (name) => ask("package", name),
    unpackArchive: (content, format, { extractDir }) => ask("unpack", `${content.byteLength} ${format} ${extractDir}`),
    runPython: (source) => ask("run", source),
    globals: {
      get: (name) => (post) => {
        const told = (method, text) => {
          const { messages, result } = ask(method, text);
          messages.forEach(post);
          return result;
        };
        told(`new ${name}`);
        return { handle: (text) => told("handle", text), advance: () => told("advance") };
      },
    },
  };
}
"""


def live_training():
    """The Python of the page as a module."""
    spec = importlib.util.spec_from_file_location("live_training", PAGE / "live_training.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class Python:
    """What stands in for Pyodide: the session of one page.

    Args:
        module: The module `live_training`, or what has its `Session`.
    """

    def __init__(self, module):
        self.module, self.asked, self.messages, self.session = module, [], [], None

    def answer(self, name, text):
        """Does what the stand-in asks for, and returns what it is told."""
        self.asked.append((name, text))
        result = None
        if name == "new Session":
            self.session = self.module.Session(self.messages.append)
        elif name in ("handle", "advance"):
            result = getattr(self.session, name)(*([text] if text else []))
        messages, self.messages[:] = self.messages[:], []
        return {"messages": messages, "result": result}


@contextmanager
def served(folder, python=None):
    """Serves a folder; yields the address.

    Args:
        folder: The folder.
        python: A `Python`, if there is one behind the page.
    """

    class Handler(http.server.SimpleHTTPRequestHandler):
        def __init__(self, *args):
            super().__init__(*args, directory=folder)

        def log_message(self, *args):
            pass

        def do_POST(self):
            text = self.rfile.read(int(self.headers["Content-Length"])).decode()
            try:
                status, body = (
                    200,
                    json.dumps(python.answer(self.path.removeprefix("/python/").replace("%20", " "), text)),
                )
            except Exception as error:  # the page is to show it
                status, body = 500, f"Traceback\n{type(error).__name__}: {error}\n"
            self.send_response(status)
            self.end_headers()
            self.wfile.write(body.encode())

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/"
        finally:
            server.shutdown()
            thread.join()


def copied(folder, stand_in=STAND_IN, wheel=True):
    """Copies the page into a folder, with a stand-in for Pyodide and an empty wheel, unless they are to be missing."""
    target = pathlib.Path(folder) / "page"
    shutil.copytree(PAGE, target, ignore=shutil.ignore_patterns("*.whl", "wheel.json", "pyodide", "__pycache__"))
    if stand_in:
        (target / "pyodide").mkdir()
        (target / "pyodide" / "pyodide.mjs").write_text(stand_in, encoding="utf-8")
    if wheel:
        (target / WHEEL).write_bytes(b"PK")
        (target / "wheel.json").write_text(json.dumps({"wheel": WHEEL}), encoding="utf-8")
    return target


def chromium():
    """The path of Chromium; None if it, or playwright, is not installed."""
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    return found if found and importlib.util.find_spec("playwright") else None
