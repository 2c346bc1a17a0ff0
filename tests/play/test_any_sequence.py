"""Whatever is asked of the simulated Stripe, in whatever order and at whatever time, its books stay true."""

from __future__ import annotations

import json
import os
from collections import Counter
from contextlib import contextmanager
from urllib.parse import parse_qsl, urlencode

import pytest
from hypothesis import HealthCheck, Phase, note, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from badgateway.ground.chance import stream
from badgateway.ground.clock import Clock
from badgateway.ground.ids import Ids
from badgateway.ground.message import Request
from badgateway.ground.records import changed
from badgateway.journal.journal import Journal
from badgateway.payments import transitions
from badgateway.payments.commands import ExpireAuthorization, FailCapture, FailRefund, OpenDispute
from badgateway.payments.idempotency import KeyStore
from badgateway.payments.ledger import ACCOUNTS, DISPUTED, HOLDS, MERCHANT, Ledger
from badgateway.payments.model import Status
from badgateway.play.freeplay import pass_time
from badgateway.play.keeping import PAY_OUT, SETTLE, keep_command, keep_settlement
from badgateway.play.limbo import empty_plan, make_limbo
from badgateway.play.rebuilding import rebuild
from badgateway.play.switchboard import Worlds
from badgateway.play.telling import tell
from badgateway.play.world import make_world
from badgateway.providers import DIALECTS
from badgateway.providers.base import Endpoint

KEY, SECRET, HOUR_MS = "sk_test_of_any_sequence", "whsec_of_any_sequence", 3_600_000
LISTS = """payment_intents charges refunds disputes customers setup_intents checkout/sessions
balance_transactions payouts webhook_endpoints events""".split()  # noqa: SIM905 - eleven words on two lines
BACK = "https://shop.example/back"
# Stripe's statuses in which an operation may be carried out, as its page on the life of an intent says.
OPEN = {"requires_payment_method", "requires_confirmation", "requires_action"}
MAY = {
    "confirm": OPEN,
    "capture": {"requires_capture"},
    "increment_authorization": {"requires_capture"},
    "cancel": OPEN | {"requires_capture"},
}
FINAL = {"canceled"}
TOLD_ONCE = {
    "succeeded": "payment_intent.succeeded",
    "canceled": "payment_intent.canceled",
    "processing": "payment_intent.processing",
}
GOOD = ["pm_card_visa", "pm_card_pendingRefund", "pm_card_refundFail"]
BAD = [
    "pm_card_chargeDeclined",
    "pm_card_authenticationRequired",
    "pm_card_threeDSecureRequiredChargeDeclined",
]
BANKS = ["pm_usBankAccount_success", "pm_usBankAccount_insufficientFunds"]
CARDS = [*GOOD, *GOOD, *BAD, *BANKS]
NUMBERS = ["4242424242424242", "4000000000000002", "4000002760003184"]
AMOUNTS = [1000, 1000, 1000, 600, 400, 1, 1001, 49, 0]
OPERATIONS = ["refund", "refund", "capture", "confirm", "cancel", "increment_authorization"]
ACTS = ["dispute", "dispute", "fail_refund", "fail_capture", "expire"]
PICKS = [0, 0, 0, 0, 1, 1, 2, 3, 9]
KEYS = [None] * 8 + ["k1", "k2", "k3"]
FLAGS = [False, True]


def a_world():
    clock = Clock(started_ms=1_700_000_000_000)
    plan, ids, endpoint = empty_plan(), Ids(1, "any"), Endpoint("http://127.0.0.1:9/hook", SECRET)
    world = make_world(plan, DIALECTS["stripe"], Journal(clock), clock, ids, KEY, endpoint)
    world.is_free = world.is_kept = True
    return world


def look(world, path, query=""):
    """Give what a look shows, without a trace in the journal."""
    request = Request("GET", f"/v1/{path}", query, (("Authorization", f"Bearer {KEY}"),))
    return json.loads(world.dialect.answer(world.dialect.parse(request), world.account).reply.body)


def everything(world):
    """Give all that the API shows: each list, and the balance."""
    world.account.cause, world.account.request_id = "a look", "looking"
    return {name: look(world, name, "limit=100")["data"] for name in LISTS} | {
        "balance": look(world, "balance")
    }


def changes(before, after):
    """Give the old values of what is different now, hashes gone into."""
    found = {name: None for name in after if name not in before and after[name] is not None}
    for name, old in before.items():
        new = after.get(name)
        if isinstance(old, dict) and isinstance(new, dict):
            if inner := changes(old, new):
                found[name] = inner
        elif old != new:
            found[name] = old
    return found


def drawn(weight, **choices):
    """Mark a step, with how often it comes and what it is called with."""

    def mark(step):
        step.weight, step.choices = weight, choices
        return step

    return mark


class Sequence(RuleBasedStateMachine):
    """One account at Stripe, its shoppers and their banks."""

    new_ledger = None
    new_keys = None

    def __init__(self):
        super().__init__()
        self.world = self.a_fresh_one()
        self.worlds = Worlds(make_limbo())
        self.worlds.open(self.world)
        self.remembered = {}  # key -> request, reply, until when
        self.state = everything(self.world)

    def a_fresh_one(self):
        world = a_world()
        if self.new_ledger is not None:
            book = world.account.book
            book.ledger = book.settlement._ledger = self.new_ledger()
        if self.new_keys is not None:
            world.account.keys = self.new_keys()
        return world

    def teardown(self):
        self.lists_agree_with_retrieves()
        self.a_second_simulator_ends_in_the_same_state()

    # What is asked.

    def bring(self, request):
        call = self.worlds.arrive(request)
        reply = call.commit()
        call.finished(is_complete=True, bytes_sent=len(reply.body))
        return reply

    def send(self, method, path, form=None, key=None):
        """Ask, and hold the answer and everything that it changed against what must be."""
        headers = (("Authorization", f"Bearer {KEY}"), ("Host", "stripe.test"))
        if key is not None:
            headers = (*headers, ("Idempotency-Key", key))
        text = urlencode({name: value for name, value in (form or {}).items() if value is not None})
        is_post = method == "POST"
        request = Request(
            method, f"/v1/{path}", "" if is_post else text, headers, text.encode() if is_post else b""
        )
        known = self.remembered.get(key)
        is_known = known is not None and self.world.clock.now_ms() < known[2]
        before, reply = self.state, self.bring(request)
        self.state = everything(self.world)
        shown = json.loads(reply.body)

        self.answered_in_its_shape(reply, shown, before)
        if is_known:
            self.key_is_respected(known, request, reply, shown, before)
        elif key is not None and reply.status in {200, 402}:
            self.remembered[key] = (request, reply, self.world.clock.now_ms() + 24 * HOUR_MS)
        if not (is_known and reply.status == 200):
            self.in_the_table(path, before, reply)
        self.told_once(before)
        return shown

    def answered_in_its_shape(self, reply, shown, before):
        assert reply.status in {200, 400, 402, 404}, (reply.status, shown)
        assert ("error" in shown) == (reply.status != 200)
        if reply.status == 200:
            return
        error = shown["error"]
        kind = {"card_error"} if reply.status == 402 else {"invalid_request_error", "idempotency_error"}
        assert error["type"] in kind
        assert error["message"]
        assert error.get("code") is not None or reply.status == 400
        if reply.status != 402:
            assert self.state == before, "an illegal command changes nothing"

    def key_is_respected(self, known, request, reply, shown, before):
        first, answer, _ = known
        assert self.state == before, "a key is good for one change"
        if (request.path, request.body) == (first.path, first.body):
            assert (reply.status, reply.body) == (answer.status, answer.body)
            assert reply.header("Idempotent-Replayed") == "true"
        else:
            assert shown["error"]["type"] == "idempotency_error"

    def in_the_table(self, path, before, reply):
        """Hold what was applied against the statuses in which it may be."""
        parts = path.split("/")
        if reply.status != 200 or parts[0] != "payment_intents" or parts[2:3] == []:
            return
        was = next(one["status"] for one in before["payment_intents"] if one["id"] == parts[1])
        assert was in MAY[parts[2]], (parts[2], was)

    def told_once(self, before):
        """Hold the events of the last change against what is different now."""
        old = {one["id"]: one for one in before["payment_intents"]}
        known = {one["id"] for one in before["events"]}
        fresh = [one for one in self.state["events"][::-1] if one["id"] not in known]
        if len(self.state["events"]) >= 100:
            return
        assert len({one["id"] for one in self.state["events"]}) == len(self.state["events"])
        counts = Counter((one["type"], one["data"]["object"]["id"]) for one in fresh)
        for intent in self.state["payment_intents"]:
            was = old.get(intent["id"], {"status": None})["status"]
            assert was not in FINAL or intent["status"] == was
            for status, kind in TOLD_ONCE.items():
                is_entered = intent["status"] == status != was
                assert counts[kind, intent["id"]] == is_entered, (kind, was, intent["status"])
            assert counts["payment_intent.created", intent["id"]] == (was is None)
        self.previous_attributes_are_what_changed(before, fresh)

    def previous_attributes_are_what_changed(self, before, fresh):
        shown = {one["id"]: one for rows in before.values() if isinstance(rows, list) for one in rows}
        older = {}  # what an object was before it became what is shown; several events may tell one change
        for event in fresh:
            now = event["data"]["object"]
            last = shown.get(now["id"], {})
            if last != now:
                older[now["id"]], shown[now["id"]] = last, now
            if "previous_attributes" in event["data"] and older.get(now["id"]):
                expected = changes(older[now["id"]], now)
                assert event["data"]["previous_attributes"] == expected, event["type"]

    # What must hold at any moment.

    @invariant()
    def the_ledger_balances(self):
        book = self.world.account.book
        for entry in book.ledger.entries():
            assert sum(amount for _, amount in entry.postings) == 0
        for currency in ("EUR", "USD"):
            assert sum(book.ledger.balance(account, currency) for account in ACCOUNTS) == 0

    @invariant()
    def no_payment_is_beyond_what_is_possible(self):
        book = self.world.account.book
        stands = Counter()
        for entry in book.ledger.entries():
            for account, amount in entry.postings:
                stands[entry.payment_id, account] += amount
        for payment in book.payments():
            assert 0 <= payment.refunded_minor <= payment.captured_minor
            assert payment.captured_minor + payment.held_minor <= payment.amount_minor
            assert stands[payment.id, HOLDS] == payment.held_minor
            frozen = [one for one in book.disputes_of(payment.id) if one.status == "open"]
            assert stands[payment.id, DISPUTED] == sum(one.amount_minor for one in frozen)

    @invariant()
    def the_balance_is_the_sum_of_its_transactions(self):
        balance, rows = self.state["balance"], self.state["balance_transactions"]
        sums = Counter()
        for row in rows:
            assert row["net"] == row["amount"] - row["fee"]
            sums[row["currency"]] += row["net"]
        for ready, waiting in zip(balance["available"], balance["pending"], strict=True):
            currency = ready["currency"]
            stands = self.world.account.book.ledger.balance(MERCHANT, currency.upper())
            assert ready["amount"] == sums[currency]
            assert ready["amount"] + waiting["amount"] == stands

    def lists_agree_with_retrieves(self):
        for name in LISTS:
            for row in self.state[name]:
                assert look(self.world, f"{name}/{row['id']}") == row

    def a_second_simulator_ends_in_the_same_state(self):
        second = self.a_fresh_one()

        beyond = rebuild(second, self.world.journal.entries, secret=SECRET)

        pass_time(second, self.world.clock.now_ms())
        assert beyond == ()
        assert everything(second) == self.state
        assert second.outbox.items == self.world.outbox.items
        for request, answer, until_ms in self.remembered.values():
            if self.world.clock.now_ms() < until_ms:
                self.world = second
                self.worlds = Worlds(make_limbo())
                self.worlds.open(second)
                assert self.bring(request).body == answer.body

    # Who asks. Hypothesis draws a number, which stands for a step: so all steps are as frequent as they say.

    @rule(number=st.integers(0, 2**32))
    def step(self, number):
        draw = stream(number, "step")
        steps = [one for one in vars(Sequence).values() if hasattr(one, "weight")]
        (chosen,) = draw.choices(steps, [one.weight for one in steps])
        called = {name: draw.choice(values) for name, values in chosen.choices.items()}
        note(f"{chosen.__name__}({called})")
        chosen(self, **called)

    def pick(self, name, n):
        """Give an id of a list, most often the newest, or one that is nobody's."""
        rows = self.state[name]
        return rows[n % len(rows)]["id"] if rows and n < 9 else "nobody"

    @initialize(manual=st.booleans(), card=st.sampled_from(CARDS))
    def begin(self, manual, card):
        self.send("POST", "customers", {"email": "ann@example.com"})
        self.create(1000, card, manual, confirm=True, key="k1")

    @drawn(3, amount=AMOUNTS, card=CARDS, manual=FLAGS, confirm=[True, True, False], key=KEYS)
    def create(self, amount, card, manual, confirm, key):
        is_bank = card.startswith("pm_us")
        form = {
            "amount": amount,
            "currency": "usd" if is_bank else "eur",
            "payment_method": card,
            "capture_method": "manual" if manual and not is_bank else "automatic",
            "confirm": "true" if confirm else None,
            "return_url": BACK if confirm else None,
            "payment_method_types[]": "us_bank_account" if is_bank else "card",
            "payment_method_options[card][request_incremental_authorization]": "if_available",
        }
        self.send("POST", "payment_intents", form, key)

    @drawn(8, n=PICKS, do=OPERATIONS, amount=[None, *AMOUNTS], card=[None, *CARDS], error=FLAGS, key=KEYS)
    def operate(self, n, do, amount, card, error, key):
        intent = self.pick("payment_intents", n)
        forms = {
            "confirm": {
                "payment_method": card,
                "return_url": BACK,
                "error_on_requires_action": "true" if error else None,
            },
            "capture": {"amount_to_capture": amount},
            "increment_authorization": {"amount": 1200 if amount is None else amount},
            "cancel": {},
        }
        if do == "refund":
            self.send("POST", "refunds", {"payment_intent": intent, "amount": amount}, key)
        else:
            self.send("POST", f"payment_intents/{intent}/{do}", forms[do], key)

    @drawn(2, n=PICKS, text=["winning_evidence", "losing_evidence", "a letter", "", None])
    def answer(self, n, text):
        if text is None:
            self.send("POST", f"refunds/{self.pick('refunds', n)}/cancel")
        elif text == "":
            self.send("POST", f"disputes/{self.pick('disputes', n)}/close")
        else:
            form = {"evidence[uncategorized_text]": text}
            self.send("POST", f"disputes/{self.pick('disputes', n)}", form)

    @drawn(2, n=PICKS, passes=FLAGS, number=NUMBERS)
    def shop(self, n, passes, number):
        if n % 2 and self.state["checkout/sessions"]:
            path = f"/c/pay/{self.pick('checkout/sessions', n)}"
            form = {
                "email": "a@example.com",
                "card[number]": number,
                "card[expiry]": "12/34",
                "card[cvc]": "123",
            }
        else:
            path, intent = "/3d_secure_2/hosted", self.pick("payment_intents", n)
            form = {"payment_intent": intent, "result": "pass" if passes else "fail"}
        headers = (("Host", "stripe.test"),)
        with self.told():
            reply = self.bring(Request("POST", path, "", headers, urlencode(form).encode()))
        assert reply.status in {200, 303, 404}

    @drawn(2, n=PICKS, do=range(7), card=CARDS, amount=AMOUNTS)
    def keep(self, n, do, card, amount):
        customer, kind = self.pick("customers", n), "us_bank_account" if card.startswith("pm_us") else "card"
        setup, session = self.pick("setup_intents", n), self.pick("checkout/sessions", n)
        line = "line_items[0][price_data]"
        saved = {"customer": customer, "payment_method": card, "payment_method_types[]": kind}
        sold = {
            "mode": "payment",
            "success_url": BACK,
            "line_items[0][quantity]": 1,
            f"{line}[currency]": "eur",
        }
        sold |= {f"{line}[unit_amount]": amount, f"{line}[product_data][name]": "A book"}
        asked = [
            ("POST", "setup_intents", {**saved, "confirm": "true", "return_url": BACK}),
            ("POST", f"setup_intents/{setup}/confirm", {"return_url": BACK}),
            ("POST", f"setup_intents/{setup}/cancel", {}),
            ("POST", "checkout/sessions", sold),
            ("POST", f"checkout/sessions/{session}/expire", {}),
            ("POST", f"payment_methods/{card}/attach", {"customer": customer}),
            ("DELETE", f"customers/{customer}", {}),
        ]
        self.send(*asked[do])

    @drawn(1, key=["k1", "k2", "k3"])
    def repeat(self, key):
        if key in self.remembered:
            request = self.remembered[key][0]
            form = dict(parse_qsl(request.body.decode(), keep_blank_values=True))
            self.send("POST", request.path.removeprefix("/v1/"), form, key)

    # What happens by itself.

    @contextmanager
    def told(self):
        """Look at everything after something that no client asked for, and at the events of it."""
        before = self.state
        yield
        self.state = everything(self.world)
        self.told_once(before)

    @drawn(2, n=PICKS, do=ACTS, amount=[None, *AMOUNTS])
    def act(self, n, do, amount):
        intent = self.pick("payment_intents", n)
        command = {
            "fail_refund": FailRefund(self.pick("refunds", n)),
            "fail_capture": FailCapture(intent),
            "expire": ExpireAuthorization(intent),
            "dispute": OpenDispute(f"du_{self.world.ids.make('dispute')}", intent, amount),
        }[do]
        account = self.world.account
        with self.told():
            account.cause = "act:test"
            account.book.do(command, account.cause)
            keep_command(self.world, account, command, account.cause, None)
            tell(self.world)

    @drawn(2, days=[0.05, 1, 4, 8])
    def wait(self, days):
        with self.told():
            pass_time(self.world, self.world.clock.now_ms() + int(days * 24 * HOUR_MS))

    @drawn(1, pays_out=FLAGS)
    def settle(self, pays_out):
        account, settlement = self.world.account, self.world.account.book.settlement
        with self.told():
            account.cause = "act:settle"
            settlement.settle(account.cause)
            keep_settlement(self.world, account, SETTLE, {"flaw": None}, account.cause)
            if pays_out:
                settlement.pay_out(account.cause)
                keep_settlement(self.world, account, PAY_OUT, {}, account.cause)
            tell(self.world)


def profile(examples, steps):
    return settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate],
        report_multiple_bugs=False,
    )


DEEP = os.environ.get("BADGATEWAY_DEEP")  # examples of a long run, for example 2000


def test_any_sequence_keeps_the_books_true():
    run_state_machine_as_test(Sequence, settings=profile(int(DEEP or 30), 60 if DEEP else 25))


class Forgetful(Ledger):
    """Forgets where refunded money went."""

    def post(self, move, **about):
        entry = super().post(move, **about)
        if move.kind == "refund":
            entry = changed(entry, postings=entry.postings[:1])
            self._entries[-1] = entry
        return entry


class Careless(KeyStore):
    """Forgets every key."""

    def finish(self, key, stored, *, is_stored):
        super().finish(key, stored, is_stored=is_stored and key is None)


class WithForgetfulLedger(Sequence):
    new_ledger = Forgetful


class WithCarelessKeys(Sequence):
    new_keys = Careless


def finds(machine):
    """Say whether the machine finds what was planted."""
    with pytest.raises(AssertionError):
        run_state_machine_as_test(machine, settings=profile(30, 25))


def test_it_finds_a_ledger_that_forgets_a_leg():
    finds(WithForgetfulLedger)


def test_it_finds_a_provider_that_forgets_its_keys():
    finds(WithCarelessKeys)


@pytest.mark.parametrize(
    ("kind", "status"),
    [("void", Status.SUCCEEDED), ("increment_authorization", Status.SUCCEEDED)],
    ids=str,
)
def test_it_finds_a_wrong_edge_in_the_table(monkeypatch, kind, status):
    wrong = {**transitions.TABLE, (kind, status): transitions.ALLOWED}
    monkeypatch.setattr(transitions, "TABLE", wrong)

    finds(Sequence)
