"""A small builder of journals: each story writes through the real journal, so its shape is checked."""

from __future__ import annotations

import pytest

from badgateway.ground.clock import Clock
from badgateway.invariants import INVARIANTS
from badgateway.journal.history import History
from badgateway.journal.journal import Journal

DECLARES = {
    "deadline_ms": 1_000,
    "ship_on": "captured",
    "once": ["fulfil"],
    "background_ms": 0,
    "pending_refunds_count": True,
}
SHOWN = ["status", "paid", "refunded", "currency", "refs", "effects", "counters", "transitions"]
EXPECT = {"order": {}, "captured_minor": {}, "refunded_minor": {}, "broken": []}


class Story:
    """One play of orders of 49.99 EUR, written entry by entry."""

    def __init__(self, *orders, amount=4_999, currency="EUR", declares=None, shown=SHOWN, **plan):
        self.clock = Clock(1_700_000_000_000)
        self.journal = Journal(self.clock)
        self.counts = {}
        self.plan = {
            "scenario": "tests/story.yaml",
            "title": "A story",
            "case": 1,
            "cases": 1,
            "seed": 7,
            "matrix": {},
            "faults": [],
            "deliveries": [],
        } | plan
        self.plan["expect"] = EXPECT | self.plan.get("expect", {})
        self.journal.write(
            "run.started",
            scenario="tests/story.yaml",
            title="A story",
            case=1,
            seed=7,
            nonce="n1",
            role="main",
            plan=self.plan,
            integration="toy",
            revision="1",
            declares=DECLARES | (declares or {}),
            judgeable=shown,
            provider="stripe",
            is_strict=True,
        )
        for order in orders or ("o1",):
            self.journal.write(
                "run.order",
                order,
                reference=f"ref{order}",
                amount_minor=amount,
                currency=currency,
                capture="automatic",
                card="approved",
                shopper="Ada",
            )
        self.amount, self.currency = amount, currency

    def _count(self, kind):
        self.counts[kind] = self.counts.get(kind, 0) + 1
        return self.counts[kind]

    @property
    def entries(self):
        return self.journal.entries

    @property
    def history(self):
        return History(self.entries)

    def judge(self, law, twin=None):
        return INVARIANTS[law].judge(self.history, twin.history if twin else None)

    def state(self, law, twin=None):
        """Give the state that a verdict would give this law."""
        opinion = self.judge(law, twin)
        if opinion.breaches:
            return "broken"
        if opinion.unknown or opinion.not_judged:
            return "unknown" if opinion.unknown else "not judged"
        return "held" if opinion.antecedents else "vacuous"

    # The shopper and the merchant.

    def invoke(self, do, order="o1", amount=None, intent=None):
        op = f"op{self._count('op')}"
        if amount is None and do == "pay":
            amount = self.amount
        self.journal.write(
            "op.invoked",
            order,
            op=op,
            step=self.counts["op"],
            do=do,
            amount_minor=amount,
            currency=self.currency,
            intent=intent or order or "",
        )
        return op, do, order

    def returned(self, asked, outcome="ok", status=None, elapsed=20.0, parked=0.0):
        op, do, order = asked
        self.journal.write(
            "op.returned",
            order,
            op=op,
            do=do,
            outcome=outcome,
            status=status,
            elapsed_ms=elapsed,
            parked_ms=parked,
        )
        return self

    def ask(self, do, order="o1", amount=None, intent=None, **answer):
        return self.returned(self.invoke(do, order, amount, intent), **answer)

    # The integration's calls.

    def arrive(self, op="charge", key="k1", order="o1", payment=None, amount=None, body="b1", **more):
        call = f"call{self._count('call')}"
        self.journal.write(
            "call.arrived",
            order,
            call=call,
            op=op,
            n=self._count((order, op)),
            key=key,
            body_hash=body,
            payment=payment,
            amount_minor=amount,
            path="/v1",
            method="POST",
            **(
                {
                    "provider": "stripe",
                    "credential": "sk…",
                    "currency": self.currency if amount is not None else None,
                }
                | more
            ),
        )
        return call, order

    def commit(
        self,
        call,
        payment="pi_1",
        applied=True,
        replayed=False,
        status=200,
        refusal=None,
        final=True,
        hard=None,
        old=None,
        advice=None,
        card=None,
    ):
        self.journal.write(
            "call.committed",
            call[1],
            call=call[0],
            is_applied=applied,
            is_replayed=replayed,
            status=status,
            refusal=refusal,
            is_final=final,
            payment=payment,
            payment_status=None,
            is_hard=hard,
            is_old=old,
            advice=advice,
            card=card,
        )
        return self

    def answer(self, call, status=200, effect=None, retry_after_ms=None):
        self.journal.write(
            "call.answered",
            call[1],
            call=call[0],
            status=status,
            effect=effect,
            is_complete=status is not None,
            is_true=None if status is None else effect is None,
            parked_ms=0.0,
            body_status=None,
            retry_after_ms=retry_after_ms,
        )
        return self

    def fire(self, call=(None, "o1"), fault=1, phase="after_commit", do="close"):
        self.journal.write(
            "fault.fired", call[1], fault=fault, at="charge[1]", phase=phase, do=do, call=call[0]
        )
        return self

    def look_up(self, order="o1", status=200, old=None):
        call = self.arrive("fetch", key=None, order=order, payment="pi_1")
        return self.commit(call, applied=False, old=old).answer(call, status)

    def charge(self, key="k1", payment="pi_1", amount=None, order="o1", status=200, asked=None, body="b1"):
        """Charge and capture at once; status None: the answer is lost."""
        amount = self.amount if amount is None else amount
        call = self.arrive("charge", key, order, amount=amount if asked is None else asked, body=body)
        self.commit(call, payment)
        self.ledger("auth", amount, order, payment, cause=call[0])
        self.ledger("capture", amount, order, payment, cause=call[0])
        if status is None:
            self.fire(call)
        return self.answer(call, status, effect=None if status else "close")

    def refund(self, amount, key="r1", order="o1", refund="re_1", status=200):
        call = self.arrive("refund", key, order, payment="pi_1", amount=amount)
        self.commit(call)
        self.ledger("refund", amount, order, refund=refund, cause=call[0])
        if status is None:
            self.fire(call)
        return self.answer(call, status, effect=None if status else "close")

    # The provider.

    def ledger(
        self, kind, amount=None, order="o1", payment="pi_1", refund=None, cause="act:test", currency=None
    ):
        self.journal.write(
            "ledger.entry",
            order,
            seq=self._count("ledger"),
            kind=kind,
            payment=payment,
            refund=refund,
            amount_minor=self.amount if amount is None else amount,
            currency=currency or self.currency,
            cause=cause,
        )
        return self

    def event(self, name="payment.succeeded", order="o1", payment="pi_1", facts=None, cause="call1"):
        event = f"evt_{self._count('event')}"
        facts = [self.counts["ledger"]] if facts is None and self.counts.get("ledger") else facts or []
        self.journal.write(
            "event.created",
            order,
            event=event,
            name=name,
            n=self._count((order, name)),
            facts=facts,
            wire_type=f"wire.{name}",
            payment=payment,
            tells=None,
            cause=cause,
        )
        return event, name, order

    def stranger(self, *statuses, name="payment.succeeded"):
        """Tell of somebody else's payment, once for each answer, and give the event up."""
        event = (f"evt_stranger{self._count('stranger')}", name, None)
        for attempt, status in enumerate(statuses, start=1):
            self.send(event, "foreign", status, attempt)
        if not any(status is not None and status < 300 for status in statuses):
            self.lose(event, "exhausted")
        return self

    def lose(self, event, why):
        self.journal.write("webhook.lost", event[2], event=event[0], name=event[1], why=why)
        return self

    def disable(self, given_up=3):
        self.journal.write("webhook.disabled", None, given_up=given_up)
        return self

    def send(
        self, event, kind="genuine", status=200, attempt=1, copy=1, signature="ok", how="in_turn", **more
    ):
        delivery = f"d{self._count('delivery')}"
        self.journal.write(
            "webhook.sent",
            event[2],
            delivery=delivery,
            event=event[0],
            name=event[1],
            wire_type=f"wire.{event[1]}",
            attempt=attempt,
            copy=copy,
            how=how,
            signature=signature,
            **{"class": kind},
            **more,
        )
        self.journal.write(
            "webhook.answered", event[2], delivery=delivery, status=status, elapsed_ms=5.0, parked_ms=0.0
        )
        return self

    def tell(self, name="payment.succeeded", order="o1", **sending):
        return self.send(self.event(name, order), **sending)

    def forge(self, name="payment.succeeded", kind="forged", status=200, order="o1"):
        return self.send((f"evt_fake{self._count('fake')}", name, order), kind, status, signature="none")

    # What the integration shows.

    def view(self, status, paid=None, refunded=None, effects=None, order="o1", after="step", **more):
        self.journal.write(
            "view.read",
            order,
            status=status,
            paid_minor=paid,
            refunded_minor=refunded,
            effects=effects or {},
            after=after,
            **({"is_readable": True, "refs": None, "raw": status} | more),
        )
        return self

    def sink(self, effect="mail", key="k1", taken=True, again=False, order="o1"):
        """Let an effect arrive at the sink."""
        self.journal.write(
            "effect.seen",
            order,
            effect=effect,
            n=self._count((order, effect)),
            key=key,
            body_hash="b1",
            is_taken=taken,
            is_again=again,
        )
        return self

    def final(self, status, paid=None, refunded=None, **more):
        self.journal.write("run.phase", name="final_read")
        return self.view(status, paid, refunded, after="final", **more).rest()

    def rest(self, is_quiescent=True, why=None):
        self.journal.write("run.finished", is_quiescent=is_quiescent, rounds=2, why=why)
        return self

    def paid(self, order="o1"):
        """Pay an order on a good day, told by webhook and shown as PAID."""
        asked = self.invoke("pay", order)
        self.charge(f"key {order}", order.replace("o", "pi_"), order=order)
        self.returned(asked, status="PENDING")
        self.tell(order=order)
        return self.view("PAID", self.amount, 0, {"fulfil": 1}, order=order)


@pytest.fixture
def story():
    """Start a story of one order, o1, or of those that are named."""
    return Story


@pytest.fixture
def good_day():
    """Give a whole story without any fault."""
    return Story().paid().final("PAID", 4_999, 0, effects={"fulfil": 1}, refs=["pi_1"])
