"""The front desk: plain cases by program, everything else by the night porter."""

import argparse
import json
import os
import signal
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import stripe

PADDED = ("ISK", "UGX")
PLAIN = {
    "requires_action": "guest_at_bank",
    "processing": "guest_at_bank",
    "requires_capture": "reserved",
    "succeeded": "paid",
    "canceled": "cancelled",
}


class Sorry(Exception):
    def __init__(self, status, why):
        super().__init__(why)
        self.status = status


class Porter(Exception):
    """Not plain."""


class Desk:
    def __init__(self, folder, client, seconds):
        self.folder, self.client, self.seconds = Path(folder), client, seconds
        # The SDK's own limit begins anew with each byte; ours is for the whole call.
        self.lines = ThreadPoolExecutor(32)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.guard, self.busy = threading.Lock(), {}
        for path in self.folder.glob("*.json"):
            stay = json.loads(path.read_text())
            if stay["state"] == "calling":
                self.keep({**stay, "state": "porter", "why": "a call that nobody saw the end of"})

    def turn(self, name):
        """Give the lock of a stay: what is asked of one stay is done in turn."""
        with self.guard:
            return self.busy.setdefault(name, threading.RLock())

    def path(self, name):
        if not name.isalnum():
            raise Sorry(404, "no such stay")
        return self.folder / f"{name}.json"

    def stay(self, name):
        try:
            return json.loads(self.path(name).read_text())
        except FileNotFoundError:
            raise Sorry(404, "no such stay") from None

    def keep(self, stay):
        path = self.path(stay["name"])
        new = path.with_suffix(f".new{threading.get_ident()}")
        with new.open("w") as file:
            json.dump(stay, file)
            file.flush()
            os.fsync(file.fileno())
        new.replace(path)
        return stay

    def open(self, body):
        name, units, currency, at = body["name"], body["units"], body["currency"], body["at"]
        if type(units) is not int or units <= 0 or at not in ("automatic", "manual"):
            raise Sorry(400, "no stay")
        with self.turn(name):
            if self.path(name).exists():
                old = self.stay(name)
                if (old["units"], old["currency"], old["at"]) != (units, currency, at):
                    raise Sorry(409, "another stay has this name")
                return old
            return self.keep(
                {
                    "name": name,
                    "units": units,
                    "currency": currency,
                    "at": at,
                    "state": "open",
                    "tries": 0,
                    "payments": [],
                    "taken": 0,
                    "expected": units,
                    "back": {},
                    "checkins": 0,
                    "why": None,
                }
            )

    # The plain cases. Each call is written down before it is made, and made once.

    def call(self, stay, key, ask, **notes):
        """Make one call; what it answers, or Porter."""
        self.keep({**stay, **notes, "state": "calling"})
        try:
            how = {"idempotency_key": f"{stay['name']}-{key}"}
            return self.lines.submit(ask, how).result(self.seconds * 1.5)
        except stripe.CardError:
            raise
        except (stripe.StripeError, TimeoutError, ValueError, TypeError, KeyError, AttributeError) as problem:
            raise Porter(f"{key}: {type(problem).__name__}") from None

    def settle(self, name, body):
        with self.turn(name):
            stay = self.stay(name)
            if stay["state"] not in ("open", "refused"):
                return stay
            n = stay["tries"] + 1
            form = {
                "amount": self.wire(stay, stay["units"]), "currency": stay["currency"].lower(),
                "payment_method": str(body["card"]), "confirm": True, "capture_method": stay["at"],
                "return_url": "https://hotel.example/back", "metadata": {"stay": name, "try": str(n)},
            }  # fmt: skip
            stay["tries"] = n
            try:
                made = self.call(
                    stay, f"pay{n}", lambda how: self.client.v1.payment_intents.create(form, how)
                )
                return self.keep(self.learned(stay, made.to_dict()))
            except stripe.CardError as no:
                shown = (no.json_body or {}).get("error", {}).get("payment_intent") or {}
                if shown.get("id"):
                    stay["payments"].append(shown["id"])
                return self.keep({**stay, "state": "refused"})
            except Porter as problem:
                return self.to_porter(stay, problem)

    def checkout(self, name, body):
        with self.turn(name):
            stay, units = self.stay(name), body["units"]
            if stay["state"] != "reserved" or not 0 < units <= stay["units"]:
                raise Sorry(409, "nothing is reserved")
            form = {"amount_to_capture": self.wire(stay, units)}
            stay["expected"], id_ = units, stay["payments"][-1]
            try:
                done = self.call(
                    stay, "take", lambda how: self.client.v1.payment_intents.capture(id_, form, how)
                )
                return self.keep(self.learned(stay, done.to_dict()))
            except (Porter, stripe.CardError) as problem:
                return self.to_porter(stay, problem)

    def give_back(self, name, body):
        with self.turn(name):
            stay, units, number = self.stay(name), body["units"], str(body["number"])
            if number in stay["back"]:
                return stay
            left = stay["taken"] - sum(one["units"] for one in stay["back"].values())
            if stay["state"] not in ("paid", "part_back") or not 0 < units <= left:
                raise Sorry(409, "it cannot be given back")
            form = {
                "payment_intent": stay["payments"][-1],
                "amount": self.wire(stay, units),
                "metadata": {"number": number},
            }
            try:
                done = self.call(stay, f"back{number}", lambda how: self.client.v1.refunds.create(form, how))
                made = done.to_dict()
                if made.get("amount") != form["amount"] or made.get("status") not in ("pending", "succeeded"):
                    return self.to_porter(stay, "another refund than we asked for")
                stay["back"][number] = {"units": units, "id": made["id"]}
                return self.keep({**stay, "state": self.paid(stay)})
            except (Porter, stripe.CardError) as problem:
                return self.to_porter(stay, problem)

    def cancel(self, name):
        with self.turn(name):
            stay = self.stay(name)
            if stay["state"] in ("open", "refused"):
                return self.keep({**stay, "state": "cancelled"})
            if stay["state"] not in ("reserved", "guest_at_bank"):
                raise Sorry(409, f"it is {stay['state']}")
            id_ = stay["payments"][-1]
            try:
                done = self.call(
                    stay, "cancel", lambda how: self.client.v1.payment_intents.cancel(id_, {}, how)
                )
                return self.keep(self.learned(stay, done.to_dict()))
            except (Porter, stripe.CardError) as problem:
                return self.to_porter(stay, problem)

    def learned(self, stay, shown):
        """Give the stay as a payment shows it; Porter where that is not plain."""
        try:
            id_, status, wanted = shown["id"], shown["status"], self.wire(stay, stay["units"])
            if (
                shown["amount"] != wanted
                or shown["currency"].upper() != stay["currency"]
                or status not in PLAIN
            ):
                raise Porter(f"not what we asked for: {status}")
            if status == "succeeded" and shown["amount_received"] != self.wire(stay, stay["expected"]):
                raise Porter("another sum than we asked for")
        except (KeyError, TypeError):
            raise Porter("an answer that cannot be read") from None
        if id_ not in stay["payments"]:
            stay["payments"].append(id_)
        stay = {**stay, "state": PLAIN[status]}
        if status == "succeeded":
            stay |= {"taken": stay["expected"], "checkins": 1}
        return stay

    def paid(self, stay):
        back = sum(one["units"] for one in stay["back"].values())
        return "paid" if not back else "part_back" if back < stay["taken"] else "all_back"

    def to_porter(self, stay, why):
        sys.stderr.write(f"{stay['name']} is for the porter: {why}\n")
        return self.keep({**self.stay(stay["name"]), **stay, "state": "porter", "why": str(why)})

    def wire(self, stay, units):
        return units * 100 if stay["currency"] in PADDED else units

    def audit(self):
        """Look at every stay that has a payment and is not the porter's; what is not plain becomes his."""
        done = 0
        for path in sorted(self.folder.glob("*.json")):
            with self.turn(path.stem):
                stay = self.stay(path.stem)
                if stay["state"] not in ("guest_at_bank", "reserved", "paid", "part_back", "all_back"):
                    continue
                done += 1
                try:
                    id_ = stay["payments"][-1]
                    ask = self.lines.submit(
                        self.client.v1.payment_intents.retrieve, id_, {"expand": ["latest_charge"]}
                    )
                    shown = ask.result(self.seconds * 1.5).to_dict()
                    self.next(stay, shown)
                    if stay["taken"]:
                        self.charge(stay, shown["latest_charge"])
                except Porter as problem:
                    self.to_porter(stay, problem)
                except (stripe.StripeError, TimeoutError, ValueError, TypeError, KeyError, AttributeError):
                    continue  # nothing was asked for, so nothing is in doubt
        return {"asked": done}

    # The post.

    def post(self, event):
        kind, shown = event["type"], event["data"]["object"]
        if not isinstance(shown, dict):
            raise Sorry(400, "no event")
        payment = shown["id"] if shown.get("object") == "payment_intent" else shown.get("payment_intent")
        name = (shown.get("metadata") or {}).get("stay") or self.owner(payment)
        if not isinstance(name, str) or not name.isalnum() or not self.path(name).exists():
            return
        with self.turn(name):
            stay = self.stay(name)
            if payment and payment not in stay["payments"] and stay["state"] == "porter":
                stay["payments"].append(payment)
                self.keep(stay)
            if stay["state"] != "porter":
                try:
                    self.read(stay, kind, shown, payment)
                except (Porter, KeyError, TypeError) as problem:
                    self.to_porter(stay, problem)

    def owner(self, payment):
        for path in self.folder.glob("*.json"):
            if payment and payment in json.loads(path.read_text())["payments"]:
                return path.stem
        return None

    def read(self, stay, kind, shown, payment):
        """Take a plain event in; Porter for the others."""
        if payment not in stay["payments"]:
            raise Porter("a payment that we did not see made")
        is_last = payment == stay["payments"][-1]
        if kind.startswith("charge.dispute."):
            raise Porter("the guest's bank disputes it")
        if kind in ("charge.expired", "refund.failed"):
            raise Porter(kind)
        if kind.startswith("refund.") or kind == "charge.refund.updated":
            if shown.get("status") not in ("pending", "succeeded") or shown["id"] not in [
                one["id"] for one in stay["back"].values()
            ]:
                raise Porter("a refund that is not ours, or that failed")
            return
        if kind.startswith("charge."):
            self.charge(stay, shown)
            return
        if not kind.startswith("payment_intent."):
            return
        if not is_last:
            if shown["status"] == "succeeded":
                raise Porter("an earlier try was paid")
            return
        self.next(stay, shown)

    def charge(self, stay, shown):
        """Hold a charge against the file."""
        if not stay["taken"]:
            return
        ours = self.wire(stay, sum(one["units"] for one in stay["back"].values()))
        if shown["status"] == "failed" or shown["disputed"] or shown["amount_refunded"] > ours:
            raise Porter("the charge is not as we left it")

    def next(self, stay, shown):
        """Go on from the bank, or hear again what is known; an older word is passed over."""
        status, state = shown["status"], stay["state"]
        if state == "guest_at_bank":
            if status == "requires_payment_method" and shown.get("last_payment_error"):
                self.keep({**stay, "state": "refused"})
            elif status in ("succeeded", "requires_capture", "canceled"):
                self.keep(self.learned(stay, shown))
        elif status == "succeeded" and state in ("reserved", "refused", "cancelled", "open"):
            raise Porter(f"paid, while it is {state}")
        elif status == "requires_capture" and state in ("refused", "cancelled"):
            raise Porter(f"reserved, while it is {state}")
        elif status == "canceled" and state in ("reserved", "paid", "part_back"):
            raise Porter(f"cancelled, while it is {state}")


def answer(stay):
    back = sum(one["units"] for one in stay["back"].values())
    return {
        **{key: stay[key] for key in ("name", "state", "taken", "currency", "payments", "checkins", "why")},
        "returned": back,
    }


class Door(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    desk: Desk
    secret: str

    def do_GET(self):
        raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        try:
            status, shown = self.route(self.path.strip("/").split("/"), raw)
        except Sorry as problem:
            status, shown = problem.status, {"why": str(problem)}
        except (KeyError, TypeError, ValueError) as problem:
            status, shown = 400, {"why": type(problem).__name__}
        body = json.dumps(shown).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_GET  # noqa: N815 - the name that http.server looks for

    def route(self, parts, raw):  # noqa: PLR0911 - one return for each page
        desk = self.desk
        if self.command == "POST" and parts == ["post"]:
            try:
                stripe.WebhookSignature.verify_header(
                    raw.decode(), self.headers.get("Stripe-Signature") or "", self.secret, 300
                )
            except stripe.SignatureVerificationError:
                raise Sorry(400, "not signed by Stripe") from None
            desk.post(json.loads(raw))
            return 200, {}
        body = json.loads(raw) if raw else {}
        if self.command == "GET" and parts == [""]:
            return 200, {"desk": "open"}
        if self.command == "POST" and parts == ["night-audit"]:
            return 200, desk.audit()
        if self.command == "POST" and parts == ["stays"]:
            return 200, answer(desk.open(body))
        if self.command == "GET" and parts[0] == "stays" and len(parts) == 2:
            return 200, answer(desk.stay(parts[1]))
        doing = {"settle": desk.settle, "checkout": desk.checkout, "returns": desk.give_back}
        if self.command == "POST" and parts[0] == "stays" and len(parts) == 3:
            if parts[2] == "cancel":
                return self.said(desk.cancel(parts[1]))
            if parts[2] in doing:
                return self.said(doing[parts[2]](parts[1], body))
        raise Sorry(404, "no such page")

    def said(self, stay):
        status = {"porter": 202, "guest_at_bank": 202, "refused": 402}.get(stay["state"], 200)
        return status, answer(stay)

    def log_message(self, *_):
        pass


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--port", type=int, default=8000)
    port, env = options.parse_args().port, os.environ
    seconds = float(env.get("SDK_SECONDS", "0.4"))
    client = stripe.StripeClient(
        env["STRIPE_KEY"],
        base_addresses={"api": env["STRIPE_URL"]},
        http_client=stripe.RequestsClient(timeout=seconds),
        max_network_retries=0,
    )
    Door.desk, Door.secret = Desk(env.get("DESK_FOLDER", "stays"), client, seconds), env["STRIPE_SIGNS"]
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with Server(("127.0.0.1", port), Door) as server:
        server.serve_forever(0.05)


if __name__ == "__main__":
    main()
