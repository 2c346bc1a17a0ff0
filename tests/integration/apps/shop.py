"""A tiny integration for the tests: orders in memory, and a mood for each way to misbehave."""

import json
import os
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

MOOD = sys.argv[1] if len(sys.argv) > 1 else "well"
ORDERS = {}
BODIES = {
    "garbage": b"<html>oops</html>",
    "truncated": b'{"status": "pa',
    "empty": b"",
    "unmapped": b'{"id": "x", "status": "purple"}',
    "leaky": b"the card 4242424242424242 and the key sk_test_verysecret",
    "wrong": b'["not", "an", "order"]',
    "huge": b'{"status": "' + b"x" * (2 << 20) + b'"}',
}


def write(line):
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


class Shop(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def say(self, status, value, headers=()):
        body = value if isinstance(value, bytes) else json.dumps(value).encode()
        self.send_response(status)
        for name, text in headers:
            self.send_header(name, text)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def read(self):
        return self.rfile.read(int(self.headers.get("Content-Length") or 0))

    def do_GET(self):
        if self.path == "/health":
            self.say(503 if MOOD == "never_ready" else 200, {"version": "7", "pid": os.getpid()})
        elif MOOD in BODIES:
            self.say(200, BODIES[MOOD])
        else:
            order = ORDERS.get(self.path.rpartition("/")[2])
            self.say(200 if order else 404, order or {})

    def do_POST(self):
        body = self.read()
        if self.path == "/echo":
            self.say(200, {"headers": dict(self.headers), "body": body.decode()})
        elif MOOD == "dies_in_the_middle":
            write(f"about to die with key {os.environ.get('API_KEY')}")
            os._exit(3)
        elif MOOD == "never_answers":
            time.sleep(60)
        elif MOOD == "redirects":
            self.say(302, b"", [("Location", "http://169.254.169.254/")])
        elif MOOD == "hangs_up":
            self.close_connection = True
        elif MOOD == "cut":
            self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{")
            self.close_connection = True
        elif MOOD == "not_http":
            self.wfile.write(b"SSH-2.0-nothing\r\n\r\n")
            self.close_connection = True
        elif MOOD in BODIES:
            self.say(200, BODIES[MOOD])
        elif MOOD.isdigit():
            self.say(int(MOOD), {"error": MOOD})
        else:
            given = json.loads(body)
            order = {"id": f"id-{given['ref']}", "status": "paid", "paid": given["amount"], "refunded": None}
            ORDERS[order["id"]] = order | {"currency": "eur", "payments": [{"id": "pi_1"}], "mails": ["a"]}
            self.say(200, order)


if __name__ == "__main__":
    write(f"starting in mood {MOOD} with {os.environ.get('API_KEY')} and card 4242 4242 4242 4242")
    if MOOD == "dies_at_start":
        sys.exit(7)
    ThreadingHTTPServer.request_queue_size = 64
    ThreadingHTTPServer(("127.0.0.1", int(os.environ["PORT"])), Shop).serve_forever()
