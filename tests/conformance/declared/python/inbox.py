"""What the suites have in common: the provider's address, and an inbox for its webhooks."""

import json
import os
import queue
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PORT = int(os.environ["INBOX_PORT"])
HOOK = f"http://127.0.0.1:{PORT}/hook"
_hits = queue.Queue()


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        _hits.put((dict(self.headers.items()), body.decode()))
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


_server = ThreadingHTTPServer(("127.0.0.1", PORT), _Handler)
threading.Thread(target=_server.serve_forever, args=(0.01,), daemon=True).start()


def told(is_wanted):
    """Give headers and text of the first webhook that is wanted, of those that were not asked for yet."""
    while True:
        headers, text = _hits.get(timeout=20)
        if is_wanted(json.loads(text)):
            return headers, text
