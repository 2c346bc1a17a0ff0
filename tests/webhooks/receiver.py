"""A tiny integration on bare sockets: asks Stripe once for each operation and notes what comes in.

It writes one JSON line for each webhook and each call of its own to the file WIRE. It keeps no books
worth the name: it is here to see what reaches it, not to be right.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import time
from urllib.parse import urlencode, urlsplit

STRIPE = urlsplit(os.environ["STRIPE_URL"])
KEY = os.environ["STRIPE_KEY"]
# What it answers to an event's first webhook, its second, and so on; the last one stands for the rest.
ANSWERS = [int(word) for word in os.environ.get("ANSWERS", "200").split()]
# How long it works on a webhook.
SLOW_S = float(os.environ.get("SLOW_MS", "0")) / 1000
# A type of event about whose payment it asks the provider before it answers.
LOOKS_AT = os.environ.get("LOOKS_AT")
HOOKS = ("/hook", "/elsewhere")
# A type of event that it refuses only when the wall clock shows a new second.
SLEEPY = os.environ.get("NEW_SECOND")

# A type of event for which it registers a place of its own through the provider's API when it starts.
REGISTER, REGISTER_AT = os.environ.get("REGISTER"), os.environ.get("REGISTER_AT", "/elsewhere")
# What it answers there; without it, the same as everywhere.
ELSEWHERE = int(os.environ.get("ELSEWHERE", "0"))


class Shop:
    """What it knows and what it saw."""

    def __init__(self) -> None:
        self.payments: dict[str, str] = {}  # order -> payment id
        self.statuses: dict[str, str] = {}
        self.attempts: dict[str, int] = {}  # event -> webhooks so far
        self.open_hooks = 0  # begun and not yet answered
        self.asking: list[asyncio.Event] = []  # calls without a first byte of their answer

    def note(self, **what: object) -> None:
        with open(os.environ["WIRE"], "a") as file:  # noqa: PTH123 - one line is one write
            file.write(json.dumps(what) + "\n")

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Read raw bytes, noting when a request began, lacked only its last byte, and was whole."""
        raw, times = b"", {}
        try:
            while piece := await reader.read(65_536):
                raw += piece
                if raw.startswith((b"POST /hook", b"POST /elsewhere")) and "begun" not in times:
                    times["begun"] = time.monotonic()
                    self.open_hooks += 1
                    times["others"] = self.open_hooks - 1
                head, end, body = raw.partition(b"\r\n\r\n")
                lines = head.decode().split("\r\n")
                fields = dict(line.lower().split(": ", 1) for line in lines[1:] if ": " in line)
                missing = int(fields.get("content-length", "0")) - len(body)
                if end and missing <= 1:
                    times.setdefault("nearly", time.monotonic())
                if end and missing <= 0:
                    times["whole"] = time.monotonic()
                    status, answer = await self.answer(lines[0], raw, body, times)
                    text = json.dumps(answer).encode()
                    writer.write(b"HTTP/1.1 %d x\r\nContent-Length: %d\r\n\r\n" % (status, len(text)) + text)
                    await writer.drain()
                    raw, times = b"", {}
        finally:
            writer.close()

    async def answer(
        self, first: str, raw: bytes, body: bytes, times: dict[str, float]
    ) -> tuple[int, object]:
        method, path, _ = first.split()
        if path in HOOKS:
            status = await self.hear(raw, json.loads(body), times)
            return (ELSEWHERE or status) if path == "/elsewhere" else status, {}
        parts = path.strip("/").split("/")
        if method == "POST":
            given = json.loads(body)
            await (self.pay if parts[2] == "pay" else self.refund)(parts[1], given)
        return 200, {"status": self.statuses.get(parts[-1] if method == "GET" else parts[1], "OPEN")}

    async def hear(self, raw: bytes, event: dict[str, object], times: dict[str, float]) -> int:
        attempt = self.attempts[event["id"]] = self.attempts.get(event["id"], 0) + 1
        status = ANSWERS[min(attempt, len(ANSWERS)) - 1]
        asking = list(self.asking)
        await asyncio.sleep(SLOW_S)
        if event["type"] == LOOKS_AT:
            await self.ask(f"/v1/payment_intents/{event['data']['object']['id']}", {}, "GET")
        if status >= 300 and event["type"] == SLEEPY:
            await asyncio.sleep(1 - time.time() % 1 + 0.01)
        self.open_hooks -= 1
        self.note(
            what="webhook",
            raw=raw.decode("latin-1"),
            wall_s=time.time(),
            status=status,
            asking=len(asking),
            heard_meanwhile=sum(heard.is_set() for heard in asking),
            answered=time.monotonic(),
            **times,
        )
        return status

    async def pay(self, order: str, given: dict[str, str]) -> None:
        asked = {
            "amount": given["amount_minor"],
            "currency": given["currency"],
            "capture_method": given["capture"],
            "confirm": "true",
            "payment_method": given["card"],
            "payment_method_types[]": "card",
            "metadata[order]": order,
        }
        payment = await self.ask("/v1/payment_intents", asked)
        self.payments[order] = payment.get("id", "")
        self.statuses[order] = {"succeeded": "PAID"}.get(payment.get("status", ""), "OPEN")

    async def refund(self, order: str, given: dict[str, str]) -> None:
        asked = {"payment_intent": self.payments[order], "amount": given["amount_minor"]}
        refund = await self.ask("/v1/refunds", asked)
        if refund.get("status") == "succeeded":
            self.statuses[order] = "REFUNDED"

    async def ask(self, path: str, form: dict[str, str], method: str = "POST") -> dict[str, str]:
        """Send one request on a connection of its own, and note when the first byte of the answer came."""
        reader, writer = await asyncio.open_connection(STRIPE.hostname, STRIPE.port)
        body, heard = urlencode(form).encode(), asyncio.Event()
        head = (
            f"{method} {STRIPE.path.rstrip('/')}{path} HTTP/1.1\r\nHost: {STRIPE.netloc}\r\n"
            "Connection: close\r\n"
            f"Authorization: Bearer {KEY}\r\nContent-Type: application/x-www-form-urlencoded\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        self.asking.append(heard)
        begun = time.monotonic()
        writer.write(head.encode() + body)
        raw = await reader.read(1)
        heard.set()
        self.asking.remove(heard)
        first_byte = time.monotonic()
        raw += await reader.read()
        writer.close()
        self.note(what="call", path=path, begun=begun, first_byte=first_byte)
        return json.loads(raw.partition(b"\r\n\r\n")[2] or b"{}")


async def main(port: int) -> None:
    shop = Shop()
    shop.note(what="secret", secret=os.environ["STRIPE_WEBHOOK_SECRET"])
    if REGISTER:
        wanted = {"url": f"http://127.0.0.1:{port}{REGISTER_AT}", "enabled_events[]": REGISTER}
        made = await shop.ask("/v1/webhook_endpoints", wanted)
        shop.note(what="registered", secret=made["secret"])
    server = await asyncio.start_server(shop.serve, "127.0.0.1", port)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
