"""What a server receives, and what happens without one, or without the package."""

import json
import sys
import threading
import urllib.parse
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from minikeras.callbacks import RemoteMonitor
from minikeras.errors import ArgumentTypeError
from tests.callbacks.halving import fit, halving_model


@pytest.fixture
def server():
    requests = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            requests.append((self.path, self.headers["Content-Type"], self.headers["X-Run"], body))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *args):
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    server.received = requests
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def test_requests(server):
    root = f"http://127.0.0.1:{server.server_port}"
    fit(halving_model(), [RemoteMonitor(root, field="values", headers={"X-Run": "7"})], epochs=1)
    fit(halving_model(), [RemoteMonitor(root, path="/run", send_as_json=True)], epochs=1)
    form, plain = server.received
    assert form[:3] == ("/publish/epoch/end/", "application/x-www-form-urlencoded", "7")
    assert json.loads(urllib.parse.parse_qs(form[3])["values"][0]) == {"epoch": 0, "loss": 4.0}
    assert plain[:3] == ("/run", "application/json", None)
    assert json.loads(plain[3]) == {"epoch": 0, "loss": 4.0}


def test_training_goes_on_without_a_server(server):
    with pytest.warns(UserWarning, match="Could not reach RemoteMonitor root server at http://127.0.0.1:9"):
        assert len(fit(halving_model(), [RemoteMonitor("http://127.0.0.1:9")], epochs=1)["loss"]) == 1


def test_without_the_package(monkeypatch):
    monkeypatch.setitem(sys.modules, "requests", None)
    with pytest.raises(ImportError, match=r'RemoteMonitor needs .* pip install "minikeras\[remote\]"'):
        RemoteMonitor()


@pytest.mark.parametrize("arguments", [{"root": None}, {"path": 1}, {"field": b"a"}, {"headers": "X"}])
def test_bad_arguments(arguments):
    with pytest.raises(ArgumentTypeError, match=f"RemoteMonitor: expected `{next(iter(arguments))}`"):
        RemoteMonitor(**arguments)
