"""An address of the loopback at which a function answers, for whatever the integration calls."""

import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

from badgateway.ground.message import Request


@contextmanager
def listening(answer):
    """Listen on a free port while inside, and give its URL; None for an answer ends the connection.

    Requests are answered one after the other, whoever sends them at the same time.
    """
    lock = threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            self.do_POST()

        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"] or 0))
            parts, headers = urlsplit(self.path), tuple(self.headers.items())
            with lock:
                reply = answer(Request(self.command, parts.path, parts.query, headers, body))
            if reply is None:
                return
            self.send_response(reply.status)
            for name, value in reply.headers:
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(reply.body)))
            self.end_headers()
            self.wfile.write(reply.body)

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
