"""Raw HTTP towards Stripe: requests whose answers nobody reads, and one that reads the event log."""

import json
import socket
import ssl
import time
from urllib.parse import urlencode, urlsplit


class Wire:
    def __init__(self, url, key, patience_ms):
        self.parts, self.key, self.patience_s = urlsplit(url), key, patience_ms / 1000

    def tell(self, path, form, key):
        """Send and forget what comes back, but for this: whether it was the server that failed."""
        try:
            raw = self._exchange("POST", path, urlencode(form), {"Idempotency-Key": key})
        except OSError:
            return False
        return raw[9:10] == b"5" or raw[9:12] == b"429"

    def events(self, after=None):
        """Give (events, newest first; whether there are more), or None where the log could not be read."""
        query = urlencode({"limit": 100, **({"starting_after": after} if after else {})})
        try:
            raw = self._exchange("GET", f"/v1/events?{query}", "", {})
        except OSError:
            return None
        head, _, body = raw.partition(b"\r\n\r\n")
        if head.split(b" ")[1:2] != [b"200"]:
            return None
        try:
            page = json.loads(body)
            return [one for one in page["data"] if isinstance(one, dict)], bool(page["has_more"])
        except (ValueError, KeyError, TypeError):
            return None

    def _exchange(self, method, path, body, headers):
        """One request on a connection of its own; everything together takes no longer than our patience."""
        until = time.monotonic() + self.patience_s

        def left():
            rest = until - time.monotonic()
            if rest <= 0:
                raise TimeoutError
            return rest

        host, is_safe = self.parts.hostname, self.parts.scheme == "https"
        lines = [
            f"{method} {self.parts.path}{path} HTTP/1.1",
            f"Host: {self.parts.netloc}",
            f"Authorization: Bearer {self.key}",
            "Content-Type: application/x-www-form-urlencoded",
            f"Content-Length: {len(body)}",
            "Connection: close",
            *(f"{name}: {value}" for name, value in headers.items()),
        ]
        with socket.create_connection((host, self.parts.port or (443 if is_safe else 80)), left()) as plain:
            sock = ssl.create_default_context().wrap_socket(plain, server_hostname=host) if is_safe else plain
            sock.settimeout(left())
            sock.sendall("\r\n".join([*lines, "", body]).encode())
            raw = b""
            while len(raw) < 8_000_000:
                sock.settimeout(left())
                part = sock.recv(65536)
                if not part:
                    break
                raw += part
            return raw
