"""The cards: one SQLite file with parcels, slips and what Stripe showed of each intent."""

import json
import secrets
import sqlite3
import time

PADDED = ("ISK", "UGX")
SCHEMA = """
create table if not exists parcels (id text primary key, cents int, currency text, mode text,
  stopped int default 0, shipped int default 0);
create table if not exists slips (id integer primary key, parcel text, what text, path text, form text,
  key text, mark text unique, intent text, not_before real default 0, state text default 'open', cents int,
  looks int default 0);
create table if not exists intents (id text primary key, parcel text, n integer, status text, wanted int,
  charge text, taken int default 0, held int default 0, currency text, reversed int default 0,
  rounds int default 0);
create table if not exists refunds (id text primary key, intent text, cents int, status text, mark text);
create table if not exists disputes (id text primary key, intent text, status text);
create table if not exists seen (event text primary key);
"""
BUSY = ("requires_action", "processing", "requires_confirmation")
# An inquiry that was closed may still become a dispute; it is not asked again.
DISPUTES = {
    "won": "won",
    "lost": "lost",
    "warning_closed": "closed",
    "warning_needs_response": "asked",
    "warning_under_review": "asked",
}
ROUNDS_AFTER = 10
LOOKS_MIN = 8  # a list may be behind, for about as long as so many rounds take


class Refused(Exception):
    def __init__(self, status, why):
        super().__init__(why)
        self.status = status


class Cards:
    def __init__(self, path):
        self.db = sqlite3.connect(path, isolation_level=None)
        self.db.row_factory = sqlite3.Row
        self.db.execute("pragma journal_mode=wal")
        self.db.executescript(SCHEMA)

    def all(self, sql, *values):
        return self.db.execute(sql, values).fetchall()

    # What people file. Nothing here waits, so on the one loop each of these is alone.

    def make(self, id_, cents, currency, mode):
        old = self.all("select * from parcels where id=?", id_)
        if not old:
            self.all(
                "insert into parcels (id,cents,currency,mode) values (?,?,?,?)", id_, cents, currency, mode
            )
        elif (old[0]["cents"], old[0]["currency"], old[0]["mode"]) != (cents, currency, mode):
            raise Refused(409, "another parcel has this id")

    def parcel(self, id_):
        found = self.all("select * from parcels where id=?", id_)
        if not found:
            raise Refused(404, "no such parcel")
        return found[0]

    def file(self, parcel, what, path, form, intent=None, mark=None, cents=0):
        mark = mark or f"{parcel}-{what}-{secrets.token_hex(4)}"
        if what in ("charge", "credit"):
            form = {**form, "metadata[parcel]": parcel, "metadata[slip]": mark}
        self.all(
            "insert or ignore into slips (parcel,what,path,form,key,mark,intent,cents)"
            " values (?,?,?,?,?,?,?,?)",
            parcel, what, path, json.dumps(form), secrets.token_hex(12), mark, intent, cents,
        )  # fmt: skip

    def charge(self, id_, instrument, back):
        parcel, stage = self.parcel(id_), self.card(id_)["stage"]
        if parcel["stopped"]:
            raise Refused(409, "stopped")
        if stage not in ("new", "declined", "stopped"):
            return
        cents = parcel["cents"] * (100 if parcel["currency"] in PADDED else 1)
        form = {
            "amount": cents,
            "currency": parcel["currency"].lower(),
            "payment_method": instrument,
            "confirm": "true",
            "return_url": back,
            "capture_method": "manual" if parcel["mode"] == "on_dispatch" else "automatic",
        }
        self.file(id_, "charge", "/v1/payment_intents", form)

    def dispatch(self, id_, cents):
        parcel = self.parcel(id_)
        held = self.all(
            "select * from intents where parcel=? and held>0 and status='requires_capture' and currency=?",
            id_,
            parcel["currency"],
        )
        filed = self.all("select * from slips where parcel=? and what='dispatch' and state!='refused'", id_)
        if filed and filed[-1]["cents"] == cents:
            return
        if parcel["stopped"] or not held or filed or not 0 < cents <= held[0]["wanted"]:
            raise Refused(409, "nothing is held")
        amount = cents * (100 if parcel["currency"] in PADDED else 1)
        path = f"/v1/payment_intents/{held[0]['id']}/capture"
        self.file(id_, "dispatch", path, {"amount_to_capture": amount}, held[0]["id"], cents=cents)

    def credit(self, id_, cents, note):
        parcel, card, mark = self.parcel(id_), self.card(id_), f"{id_}-credit-{note}"
        if self.all("select 1 from slips where mark=?", mark):
            return
        open_cents = self.all(
            "select coalesce(sum(cents),0) s from slips where parcel=? and what='credit' and state='open'",
            id_,
        )[0]["s"]
        paid = self.all("select id from intents where parcel=? and taken>0", id_)
        if card["stage"] == "chargeback" or not paid:
            raise Refused(409, "nothing to credit")
        if not 0 < cents <= card["taken"] - card["credited"] - open_cents:
            raise Refused(409, "more than is left")
        amount = cents * (100 if parcel["currency"] in PADDED else 1)
        form = {"payment_intent": paid[0]["id"], "amount": amount}
        self.file(id_, "credit", "/v1/refunds", form, paid[0]["id"], mark, cents)

    def stop(self, id_):
        if self.card(id_)["taken"] and not self.parcel(id_)["stopped"]:
            raise Refused(409, "it is paid: credit it")
        # A charge that was never sent is never sent; one that may be under way is seen to its end.
        self.all(
            "update slips set state='refused'"
            " where parcel=? and what='charge' and state='open' and not_before=0",
            id_,
        )
        self.all("update parcels set stopped=1 where id=?", id_)
        self.call_off(id_)

    def call_off(self, id_):
        for intent in self.all("select * from intents where parcel=?", id_):
            if intent["status"] in (*BUSY, "requires_capture"):
                mark = f"{id_}-cancel-{intent['id']}"
                self.file(id_, "cancel", f"/v1/payment_intents/{intent['id']}/cancel", {}, intent["id"], mark)
            gone = sum(
                one["cents"]
                for one in self.all(
                    "select cents from refunds where intent=? and status in ('pending','succeeded')",
                    intent["id"],
                )
            )
            if intent["taken"] > gone:
                cents = intent["taken"] - gone
                amount = cents * (100 if intent["currency"] in PADDED else 1)
                form = {"payment_intent": intent["id"], "amount": amount}
                self.file(
                    id_,
                    "credit",
                    "/v1/refunds",
                    form,
                    intent["id"],
                    f"{id_}-credit-stop-{intent['id']}",
                    cents,
                )

    def hook(self, event):
        """File an event: which intent it is about. A second copy finds itself filed already."""
        shown = event["data"]["object"]
        intent = shown["id"] if shown.get("object") == "payment_intent" else shown.get("payment_intent")
        if isinstance(intent, str):
            self.all("insert or ignore into intents (id) values (?)", intent)
            self.all("update intents set rounds=0 where id=?", intent)

    # What the worker takes and brings.

    def slips(self, is_round):
        del is_round
        return self.all("select * from slips where state='open' and not_before<=? order by id", time.time())

    def take(self, id_):
        """Note that a slip is on its way: from here on nobody may say that it was never sent."""
        self.all("update slips set not_before=0.1 where id=?", id_)

    def keep(self, id_, until):
        self.all("update slips set not_before=? where id=?", max(until, time.time() + 0.1), id_)

    def missed(self, id_):
        """Note that a look did not find what became of a slip, and say whether to believe that."""
        self.all("update slips set looks=looks+1 where id=?", id_)
        return self.all("select looks from slips where id=?", id_)[0]["looks"] >= LOOKS_MIN

    def renew(self, id_, key):
        self.all("update slips set key=?, not_before=0.1, looks=0 where id=? and state='open'", key, id_)

    def close(self, slip, intent, is_refused):
        if intent:
            self.all("insert or ignore into intents (id) values (?)", intent)
            self.all(
                "update intents set rounds=0, parcel=coalesce(parcel,?) where id=?", slip["parcel"], intent
            )
        self.all("update slips set state=? where id=?", "refused" if is_refused else "done", slip["id"])

    def to_look_at(self, is_round):
        if not is_round:
            return [row["id"] for row in self.all("select id from intents where rounds=0")]
        return [
            row["id"]
            for row in self.all(
                "select id from intents where rounds<? or (parcel is not null and (status is null or status"
                " in ('requires_action','processing','requires_confirmation','requires_capture')))",
                ROUNDS_AFTER,
            )
        ]

    def looked(self, intent):
        self.all("update intents set rounds=rounds+1 where id=?", intent)

    def write(self, shown, charge, refunds, disputes):
        """Write down what was fetched of an intent; what is older than what we know changes nothing."""
        id_, meta = shown["id"], shown["metadata"]
        self.looked(id_)
        if not meta.get("parcel") or not self.all("select 1 from parcels where id=?", meta["parcel"]):
            return
        # A charge that we see is one that we have, whatever its answer was.
        self.all("update slips set state='done' where mark=? and state='open'", meta.get("slip"))
        known = self.all("select * from intents where id=?", id_)[0]
        divisor = 100 if shown["currency"].upper() in PADDED else 1
        status = shown["status"]
        if status == "requires_payment_method" and shown.get("last_payment_error"):
            status = "declined"
        is_reversed = bool(
            known["taken"] and charge.get("status") == "failed" and charge.get("id") == known["charge"]
        )
        taken = 0 if charge.get("status") != "succeeded" else charge["amount_captured"] // divisor
        if (
            (known["taken"] > taken or known["status"] in ("succeeded", "canceled"))
            and not is_reversed
            and status not in ("succeeded", "canceled")
        ):
            return
        self.all(
            "update intents set parcel=?, n=?, status=?, wanted=?, charge=?, taken=?, held=?, currency=?,"
            " reversed=? where id=?",
            meta["parcel"], shown["created"], status, shown["amount"] // divisor, charge.get("id"), taken,
            shown.get("amount_capturable", 0) // divisor,
            (charge.get("currency") or shown["currency"]).upper(),
            int(is_reversed or bool(known["reversed"])), id_,
        )  # fmt: skip
        for one in refunds:
            self.all(
                "insert into refunds values (?,?,?,?,?) on conflict (id) do update set status=excluded.status"
                " where refunds.status not in ('failed','canceled')",
                one["id"], id_, one["amount"] // divisor, one["status"],
                (one.get("metadata") or {}).get("slip"),
            )  # fmt: skip
        for one in disputes:
            self.all(
                "insert into disputes values (?,?,?) on conflict (id) do update set status=excluded.status"
                " where disputes.status!='won'"
                " and not (disputes.status='closed' and excluded.status='asked')",
                one["id"], id_, DISPUTES.get(one["status"], "open"),
            )  # fmt: skip
        if self.parcel(meta["parcel"])["stopped"]:
            self.call_off(meta["parcel"])
        elif self.card(meta["parcel"])["stage"] == "paid":
            self.all("update parcels set shipped=1 where id=?", meta["parcel"])

    # What the card says.

    def card(self, id_):
        parcel = self.parcel(id_)
        intents = self.all("select * from intents where parcel=? order by n, rowid", id_)
        owed = self.all("select * from slips where parcel=? and state='open'", id_)
        captured = self.all(
            "select cents from slips where parcel=? and what='dispatch' and state!='refused'", id_
        )
        taken = sum(one["taken"] for one in intents)
        credited = self.all(
            "select coalesce(sum(r.cents),0) s from refunds r join intents i on i.id=r.intent"
            " where i.parcel=? and r.status in ('pending','succeeded','requires_action')",
            id_,
        )[0]["s"]
        disputes = [
            row["status"]
            for row in self.all(
                "select d.status from disputes d join intents i on i.id=d.intent where i.parcel=?", id_
            )
        ]
        due = captured[-1]["cents"] if captured else parcel["cents"]
        if any(status not in ("won", "closed") for status in disputes):
            stage = "chargeback"
        elif taken:
            stage = "paid" if not credited else "credited_in_part" if credited < taken else "credited"
            odd = any(one["taken"] and one["currency"] != parcel["currency"] for one in intents)
            if odd or taken < due or taken - credited > parcel["cents"]:
                stage = "desk"
            elif parcel["stopped"] and credited < taken:
                stage = "filed" if any(one["what"] == "credit" for one in owed) else "desk"
        elif any(one["status"] == "requires_capture" for one in intents):
            is_moving = parcel["stopped"] or any(one["what"] == "dispatch" for one in owed)
            stage = "filed" if is_moving else "reserved"
            if any(
                one["status"] == "requires_capture"
                and (one["held"] < one["wanted"] or one["currency"] != parcel["currency"])
                for one in intents
            ):
                stage = "desk"
        elif any(one["what"] in ("charge", "cancel") for one in owed) or any(
            one["status"] in (None, *BUSY) or (one["status"] == "succeeded" and not one["reversed"])
            for one in intents
        ):
            stage = "filed"
        elif parcel["stopped"]:
            stage = "stopped"
        elif intents:
            stage = "stopped" if intents[-1]["status"] == "canceled" else "declined"
        else:
            refused = self.all("select 1 from slips where parcel=? and what='charge'", id_)
            stage = "declined" if refused else "new"
        return {
            "id": id_,
            "stage": stage,
            "taken": taken,
            "credited": credited,
            "currency": parcel["currency"],
            "intents": [one["id"] for one in intents],
            "shipped": parcel["shipped"],
        }
