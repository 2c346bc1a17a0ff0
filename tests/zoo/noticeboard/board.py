"""The board: facts in a file, and what they amount to. Nothing here speaks to anybody."""

import json
import os
import secrets
import threading
import time
from contextlib import suppress
from datetime import datetime
from pathlib import Path

WHOLE = {"ISK": 100, "UGX": 100}  # Stripe writes these two with two zeros more than ISO 4217
INTENT = (
    "requires_payment_method",
    "requires_confirmation",
    "requires_action",
    "processing",
    "refused",
    "requires_capture",
    "canceled",
    "succeeded",
)
CHARGE = ("pending", "succeeded", "failed")
REFUND = ("pending", "requires_action", "succeeded", "failed", "canceled")
DISPUTE = ("open", "closed", "lost", "won")  # closed: the bank had only asked
OPEN = ("requires_confirmation", "requires_action", "processing")
TIMES_MAX, KEY_S_MAX = 12, 20 * 3600


class No(Exception):
    def __init__(self, status, why):
        super().__init__(why)
        self.status = status


class Board:
    def __init__(self, path):
        self.lock = threading.RLock()
        self.tickets, self.objects, self.wishes = {}, {}, {}
        self.torn = False
        with suppress(FileNotFoundError), Path(path).open(encoding="utf-8") as old:
            for line in old:
                with suppress(ValueError):  # the last line of a killed process may be half a line
                    self._fold(json.loads(line))
        self.file = Path(path).open("a", encoding="utf-8")  # noqa: SIM115 - open for as long as the office is
        self.file.write("\n")

    def post(self, fact):
        """Keep a fact: first on disk, then in mind."""
        with self.lock:
            self.file.write(json.dumps(fact) + "\n")
            self.file.flush()
            os.fsync(self.file.fileno())
            self._fold(fact)

    def _fold(self, fact):
        kind = fact["kind"]
        if kind == "ticket":
            self.tickets.setdefault(fact["ref"], {**fact, "withdrawn": False, "issued": 0})
        elif kind in ("withdrawn", "issued"):
            self.tickets[fact["ref"]][kind] = 1
        elif kind == "wish":
            self.wishes.setdefault(fact["name"], {**fact, "times": 0, "failed": 0})
        elif kind == "sent":
            self.wishes[fact["name"]]["times"] += 1
        elif kind == "failed":
            self.wishes[fact["name"]]["failed"] += 1
        elif kind == "key":
            self.wishes[fact["name"]] |= {"key": fact["key"], "failed": 0}
        elif kind == "object":
            known = self.objects.get(fact["id"])
            self.objects[fact["id"]] = fact if known is None else further(known, fact)

    # What Stripe announces.

    def notice(self, event):
        """Take an event in; raises No where it is none."""
        shown = (event.get("data") or {}).get("object") if isinstance(event.get("data"), dict) else None
        if not isinstance(shown, dict) or not isinstance(event.get("type"), str):
            raise No(400, "no event")
        kind, id_ = shown.get("object"), shown.get("id")
        if kind not in ("payment_intent", "charge", "refund", "dispute"):
            return
        if not isinstance(id_, str):
            raise No(400, "an object without an id")
        try:
            fact = SNAPSHOTS[kind](shown)
        except (KeyError, TypeError, ValueError) as problem:
            raise No(400, f"not to be read: {type(problem).__name__}") from None
        if fact is None:
            return
        fact |= {"kind": "object", "what": kind, "id": id_}
        with self.lock:
            known = self.objects.get(id_)
            if known is None or further(known, fact) != known:
                self.post(fact)
            self.issue()

    def issue(self):
        for ref, ticket in self.tickets.items():
            if not ticket["issued"] and not ticket["withdrawn"] and self.state(ref)["state"] == "sold":
                self.post({"kind": "issued", "ref": ref})

    # What it amounts to.

    def of(self, ref, what):
        """Give the objects of a ticket; charges, refunds and disputes hang on its intents."""
        intents = {
            one["id"]: one
            for one in self.objects.values()
            if one["what"] == "payment_intent" and one["ref"] == ref
        }
        if what == "payment_intent":
            return sorted(intents.values(), key=lambda one: one["n"])
        charges = {
            one["id"]: one
            for one in self.objects.values()
            if one["what"] == "charge" and one["intent"] in intents
        }
        if what == "charge":
            return list(charges.values())
        return [
            one
            for one in self.objects.values()
            if one["what"] == what and (one["intent"] in intents or one["charge"] in charges)
        ]

    def state(self, ref):  # noqa: C901 - one branch for each word, in order of weight
        ticket = self.tickets[ref]
        intents, charges = self.of(ref, "payment_intent"), self.of(ref, "charge")
        alive = [one for one in charges if one["status"] == "succeeded"]
        taken = sum(one["captured"] for one in alive)
        back = sum(one["amount"] for one in self.of(ref, "refund") if one["status"] in REFUND[:3])
        disputes = [one["status"] for one in self.of(ref, "dispute")]
        owed = [wish for wish in self.wishes.values() if wish["ref"] == ref and not self.is_fulfilled(wish)]
        paying = [wish for wish in owed if wish["do"] == "pay"]
        state = "blank"
        if any(status in ("open", "lost") for status in disputes):
            state = "contested"
        elif taken:
            kept = 0 if ticket["withdrawn"] else ticket["minor"]
            state = "sold" if not back else "part_returned" if back < taken else "returned"
            # Less than agreed, or other money than agreed: a human, not a machine, decides what it is worth.
            if any(one["currency"] != ticket["currency"] for one in alive) or self.is_short(ref, taken):
                state = "ask_a_human"
            elif taken - back > kept:
                state = "ask_a_human" if not ticket["withdrawn"] or not owed else "waiting"
        elif any(one["status"] == "requires_capture" for one in intents):
            state = "waiting" if ticket["withdrawn"] else "held"
            held = [one for one in intents if one["status"] == "requires_capture"]
            if any(one["held"] < ticket["minor"] or one["currency"] != ticket["currency"] for one in held):
                state = "ask_a_human"
        elif paying or any(
            one["status"] in OPEN or (one["status"] == "succeeded" and not self.is_reversed(one))
            for one in intents
        ):
            state = "waiting"
        elif ticket["withdrawn"]:
            state = "withdrawn"
        elif intents:
            state = "withdrawn" if intents[-1]["status"] == "canceled" else "refused"
        if state in ("waiting", "held", "sold") and any(wish["times"] >= TIMES_MAX for wish in owed):
            state = "ask_a_human"
        return {
            "ref": ref,
            "state": state,
            "taken": taken,
            "back": back,
            "currency": ticket["currency"],
            "minor": ticket["minor"],
            "intents": [one["id"] for one in intents],
            "issued": ticket["issued"],
        }

    def is_short(self, ref, taken):
        wanted = [one["form"] for one in self.wishes.values() if one["ref"] == ref and one["do"] == "collect"]
        minor = self.tickets[ref]["minor"]
        if wanted:
            minor = wanted[-1]["amount_to_capture"] // WHOLE.get(self.tickets[ref]["currency"], 1)
        return 0 < taken < minor

    def is_reversed(self, intent):
        mine = [
            one for one in self.objects.values() if one["what"] == "charge" and one["intent"] == intent["id"]
        ]
        return bool(mine) and all(one["status"] == "failed" for one in mine)

    def is_fulfilled(self, wish):
        if wish["do"] == "refund":
            return any(one.get("name") == wish["name"] for one in self.of(wish["ref"], "refund"))
        if wish["do"] == "pay":
            return any(one["name"] == wish["name"] for one in self.of(wish["ref"], "payment_intent"))
        intent = self.objects.get(wish["intent"])
        return intent is not None and intent["status"] in ("succeeded", "canceled", "refused")

    # Wishes.

    def wish(self, ref, do, path, form, intent=None, name=None):
        made = {
            "kind": "wish",
            "ref": ref,
            "do": do,
            "path": path,
            "form": form,
            "intent": intent,
            "name": name or f"{ref}-{do}-{secrets.token_hex(4)}",
            "key": secrets.token_hex(16),
            "made": time.time(),
        }
        if do in ("pay", "refund"):
            made["form"] = {**form, "metadata[wish]": made["name"], "metadata[ticket]": ref}
        self.post(made)
        return made

    def renew(self):
        """Give a new key to what the server failed at twice, and left no trace of in the log."""
        with self.lock:
            for wish in self.wishes.values():
                if wish["failed"] >= 2 and not self.is_fulfilled(wish):
                    self.post({"kind": "key", "name": wish["name"], "key": secrets.token_hex(16)})

    def owed(self, now):
        """Give the wishes that are to be sent again; old ones are for a human."""
        with self.lock:
            return [
                one
                for one in self.wishes.values()
                if not self.is_fulfilled(one) and one["times"] < TIMES_MAX and now - one["made"] < KEY_S_MAX
            ]


def intent_of(shown):
    name, status = shown["metadata"].get("wish"), shown["status"]
    if status not in INTENT:
        return None
    failed = status == "requires_payment_method" and shown.get("last_payment_error")
    return {
        "ref": shown["metadata"].get("ticket"),
        "name": name,
        "status": "refused" if failed else status,
        "currency": shown["currency"].upper(),
        "held": int(shown["amount_capturable"] or 0) // WHOLE.get(shown["currency"].upper(), 1),
        "n": shown["created"],
    }


def charge_of(shown):
    if shown["status"] not in CHARGE:
        return None
    divisor = WHOLE.get(shown["currency"].upper(), 1)
    return {
        "intent": shown["payment_intent"],
        "status": shown["status"],
        "currency": shown["currency"].upper(),
        "captured": int(shown["amount_captured"]) // divisor,
    }


def refund_of(shown):
    if shown["status"] not in REFUND:
        return None
    return {
        "intent": shown["payment_intent"],
        "charge": shown.get("charge"),
        "status": shown["status"],
        "amount": int(shown["amount"]) // WHOLE.get(shown["currency"].upper(), 1),
        "name": (shown.get("metadata") or {}).get("wish"),
    }


def dispute_of(shown):
    status = {"warning_closed": "closed", "lost": "lost", "won": "won"}.get(shown["status"], "open")
    return {"intent": shown.get("payment_intent"), "charge": shown["charge"], "status": status}


SNAPSHOTS = {"payment_intent": intent_of, "charge": charge_of, "refund": refund_of, "dispute": dispute_of}
RANKS = {"payment_intent": INTENT, "charge": CHARGE, "refund": REFUND, "dispute": DISPUTE}


def further(known, seen):
    """Of two snapshots of one object give what is known after both."""
    rank = RANKS[known["what"]].index
    best = seen if rank(seen["status"]) > rank(known["status"]) else known
    if known["what"] == "charge":
        best = {**best, "captured": max(known["captured"], seen["captured"])}
    if known["what"] == "refund" and not best["name"]:
        best = {**best, "name": known["name"] or seen["name"]}
    return best


def moment(text):
    """Read the scheduler's now; our own clock where it names none, or one that is behind."""
    with suppress(ValueError, TypeError):
        return max(time.time(), datetime.fromisoformat(text).timestamp())
    return time.time()
