"""A web server on the loopback address, whose answers the tests write byte by byte."""

import http.server
import threading
from collections.abc import Callable

import pytest


class Site:
    """A server: `pages` has a function for each path, which writes the answer with the handler it is called with."""

    def __init__(self):
        self.pages: dict[str, Callable] = {}
        self.requests: list[str] = []
        self.over = threading.Event()  # what handlers that stall wait for
        site = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                site.requests.append(self.path)
                site.pages[self.path](self)

            def log_message(self, *args):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True)
        self.thread.start()

    def url(self, path):
        return f"http://127.0.0.1:{self.server.server_port}{path}"

    def close(self):
        self.over.set()
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


def answer(body, length=None, status=200, **headers):
    """Returns a page: the body, and as its length what it has by default."""

    def page(handler):
        handler.send_response(status)
        if length != "none":
            handler.send_header("Content-Length", str(len(body) if length is None else length))
        for name, value in headers.items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(body)

    return page


@pytest.fixture
def site(monkeypatch):
    monkeypatch.setenv("no_proxy", "*")
    site = Site()
    yield site
    site.close()
