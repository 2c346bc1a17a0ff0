"""The noticeboard: a box office that tells Stripe what it wants and believes only what Stripe announces."""

import argparse
import hashlib
import hmac
import json
import os
import signal
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from board import OPEN, WHOLE, Board, No, moment
from wire import Wire

SETTLED = ("held", "sold", "part_returned", "returned")


class Office:
    def __init__(self, board, wire, secret):
        self.board, self.wire, self.secret = board, wire, secret

    def known(self, ref):
        if ref not in self.board.tickets:
            raise No(404, "no such ticket")
        return self.board.tickets[ref]

    def make(self, body):
        ref, minor, currency, hold = (body[name] for name in ("ref", "minor", "currency", "hold"))
        if (
            not isinstance(ref, str)
            or type(minor) is not int
            or minor <= 0
            or hold not in ("manual", "automatic")
        ):
            raise No(400, "no ticket")
        with self.board.lock:
            old = self.board.tickets.get(ref)
            if old is None:
                self.board.post(
                    {"kind": "ticket", "ref": ref, "minor": minor, "currency": currency, "hold": hold}
                )
            elif (old["minor"], old["currency"], old["hold"]) != (minor, currency, hold):
                raise No(409, "another ticket has this name")
        return self.answer(ref)

    def pay(self, ref, body):
        with self.board.lock:
            ticket, state = self.known(ref), self.board.state(ref)["state"]
            if ticket["withdrawn"]:
                raise No(409, "withdrawn")
            if state not in ("blank", "refused", "withdrawn"):
                return self.answer(ref)
            form = {
                "amount": ticket["minor"] * WHOLE.get(ticket["currency"], 1),
                "currency": ticket["currency"].lower(),
                "payment_method": str(body["card"]),
                "confirm": "true",
                "capture_method": ticket["hold"],
                "return_url": "https://tickets.example/back",
            }
            wish = self.board.wish(ref, "pay", "/v1/payment_intents", form)
        self.send(wish)
        return self.answer(ref, status=202)

    def collect(self, ref, body):
        with self.board.lock:
            ticket, minor = self.known(ref), body.get("minor")
            held = [
                one for one in self.board.of(ref, "payment_intent") if one["status"] == "requires_capture"
            ]
            asked = [
                one for one in self.board.wishes.values() if one["ref"] == ref and one["do"] == "collect"
            ]
            if ticket["withdrawn"] or not held or not 0 < minor <= ticket["minor"]:
                raise No(409, "nothing is held")
            wanted = minor * WHOLE.get(ticket["currency"], 1)
            again = next((one for one in asked if one["intent"] == held[0]["id"]), None)
            if again is not None and again["form"]["amount_to_capture"] != wanted:
                raise No(409, "another amount is being collected")
            path = f"/v1/payment_intents/{held[0]['id']}/capture"
            wish = again or self.board.wish(
                ref, "collect", path, {"amount_to_capture": wanted}, held[0]["id"]
            )
        self.send(wish)
        return self.answer(ref, status=202)

    def refund(self, ref, body):
        with self.board.lock:
            ticket, minor, slip = self.known(ref), body["minor"], f"{ref}-refund-{body['slip']}"
            wish = self.board.wishes.get(slip)
            if wish is None:
                shown = self.board.state(ref)
                going = sum(one["minor"] for one in self.wanted_back(ref))
                paid = [one for one in self.board.of(ref, "charge") if one["status"] == "succeeded"]
                left = shown["taken"] - shown["back"] - going
                if shown["state"] == "contested" or not paid or not 0 < minor <= left:
                    raise No(409, f"{left} are left")
                wish = self.give_back(ref, ticket, paid[0]["intent"], minor, slip)
        self.send(wish)
        return self.answer(ref, status=202)

    def wanted_back(self, ref):
        return [
            one for one in self.board.wishes.values()
            if one["ref"] == ref and one["do"] == "refund" and not self.board.is_fulfilled(one)
        ]  # fmt: skip

    def give_back(self, ref, ticket, intent, minor, slip):
        form = {"payment_intent": intent, "amount": minor * WHOLE.get(ticket["currency"], 1)}
        wish = self.board.wish(ref, "refund", "/v1/refunds", form, intent, slip)
        self.board.wishes[slip]["minor"] = minor
        return wish

    def withdraw(self, ref):
        with self.board.lock:
            self.known(ref)
            if self.board.state(ref)["taken"] and not self.board.tickets[ref]["withdrawn"]:
                raise No(409, "it is sold")
            self.board.post({"kind": "withdrawn", "ref": ref})
        self.call_off(ref)
        return self.answer(ref)

    def call_off(self, ref):
        """End what a withdrawn ticket has open, and send money back that came all the same."""
        wishes = []
        with self.board.lock:
            ticket, shown = self.known(ref), self.board.state(ref)
            for intent in self.board.of(ref, "payment_intent"):
                if intent["status"] in ("requires_capture", *OPEN) and not self.is_wished(intent, "cancel"):
                    path = f"/v1/payment_intents/{intent['id']}/cancel"
                    wishes.append(self.board.wish(ref, "cancel", path, {}, intent["id"]))
            for charge in self.board.of(ref, "charge"):
                slip = f"{ref}-refund-all-{charge['id']}"
                left = shown["taken"] - shown["back"]
                if (
                    charge["status"] == "succeeded"
                    and charge["captured"]
                    and left
                    and slip not in self.board.wishes
                ):
                    wishes.append(
                        self.give_back(ref, ticket, charge["intent"], min(left, charge["captured"]), slip)
                    )
        for wish in wishes:
            self.send(wish)

    def is_wished(self, intent, do):
        return any(one["do"] == do and one["intent"] == intent["id"] for one in self.board.wishes.values())

    def send(self, wish):
        self.board.post({"kind": "sent", "name": wish["name"]})
        if self.wire.tell(wish["path"], wish["form"], wish["key"]):
            self.board.post({"kind": "failed", "name": wish["name"]})

    def read_log(self):
        after, pages = None, 0
        while pages < 20:
            page = self.wire.events(after)
            if page is None:
                return False
            for event in reversed(page[0]):
                try:
                    self.board.notice(event)
                except No as problem:
                    sys.stderr.write(f"an event of the log: {problem}\n")
            if not page[1] or not page[0]:
                return True
            after, pages = page[0][-1].get("id"), pages + 1
        return False

    def catch_up(self, now):
        if self.read_log():
            self.board.renew()
        owed = self.board.owed(now)
        for wish in owed:
            self.send(wish)
        for ref in [ref for ref, ticket in self.board.tickets.items() if ticket["withdrawn"]]:
            self.call_off(ref)
        if owed:
            self.read_log()
        return 200, {"sent": len(owed)}

    def notice(self, raw, header):
        if not self.is_genuine(raw, header):
            raise No(400, "not signed by Stripe")
        try:
            event = json.loads(raw)
        except ValueError:
            raise No(400, "no JSON") from None
        if not isinstance(event, dict):
            raise No(400, "no event")
        self.board.notice(event)
        for ref in [ref for ref, ticket in self.board.tickets.items() if ticket["withdrawn"]]:
            self.call_off(ref)
        return 200, {}

    def is_genuine(self, raw, header):
        parts = [part.partition("=") for part in (header or "").split(",")]
        at = next((value for name, _, value in parts if name.strip() == "t"), "")
        if not at.isdecimal() or abs(time.time() - int(at)) > 300:
            return False
        wanted = hmac.new(self.secret.encode(), at.encode() + b"." + raw, hashlib.sha256).hexdigest()
        return any(name.strip() == "v1" and hmac.compare_digest(value, wanted) for name, _, value in parts)

    def answer(self, ref, status=None):
        with self.board.lock:
            self.known(ref)
            return status or 200, self.board.state(ref)

    def returned(self, ref):
        self.known(ref)
        self.read_log()
        _, shown = self.answer(ref)
        return 200 if shown["state"] in SETTLED else 402 if shown["state"] == "refused" else 202, shown


class Door(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    office: Office

    def do_GET(self):
        where = urlsplit(self.path)
        raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        try:
            status, shown = self.route(where, raw)
        except No as problem:
            status, shown = problem.status, {"problem": str(problem)}
        except (KeyError, TypeError, ValueError) as problem:
            status, shown = 400, {"problem": type(problem).__name__}
        body = json.dumps(shown).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_GET  # noqa: N815 - the name that http.server looks for

    def route(self, where, raw):  # noqa: C901, PLR0911 - one case for each page
        office, parts = self.office, where.path.strip("/").split("/")
        if self.command == "POST" and parts == ["notices"]:
            return office.notice(raw, self.headers.get("Stripe-Signature"))
        body = json.loads(raw) if raw else {}
        if not isinstance(body, dict):
            raise No(400, "no object")
        match self.command, *parts:
            case "GET", "up":
                return 200, {"up": True}
            case "POST", "tickets":
                return office.make(body)
            case "GET", "tickets", ref:
                return office.answer(ref)
            case "GET", "tickets", ref, "return":
                return office.returned(ref)
            case "POST", "tickets", ref, "pay":
                return office.pay(ref, body)
            case "POST", "tickets", ref, "collect":
                return office.collect(ref, body)
            case "POST", "tickets", ref, "refunds":
                return office.refund(ref, body)
            case "POST", "tickets", ref, "withdraw":
                return office.withdraw(ref)
            case "POST", "catch-up":
                return office.catch_up(moment((parse_qs(where.query).get("now") or [None])[0]))
        raise No(404, "no such page")

    def log_message(self, *_):
        pass


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--port", type=int, default=8000)
    port, env = options.parse_args().port, os.environ
    wire = Wire(env["STRIPE_URL"], env["STRIPE_KEY"], int(env.get("PATIENCE_MS", "500")))
    Door.office = Office(Board(env.get("BOARD_FILE", "board.jsonl")), wire, env["STRIPE_HOOK_SECRET"])
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with Server(("127.0.0.1", port), Door) as server:
        server.serve_forever(0.05)


if __name__ == "__main__":
    main()
