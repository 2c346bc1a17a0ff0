"""The front desk keeps its README: the plain cases by program, one call each, and the porter for the rest."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from types import SimpleNamespace

import pytest
import stripe

FILE = Path(__file__).parent / "frontdesk" / "app.py"
ANSWER = {
    "id": "pi_1",
    "object": "payment_intent",
    "amount": 5000,
    "amount_received": 5000,
    "currency": "eur",
    "status": "succeeded",
}


@pytest.fixture(scope="module")
def module():
    spec = importlib.util.spec_from_file_location("front_desk", FILE)
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    return made


class Line:
    """What Stripe says next, of any kind of call; an exception is raised."""

    def __init__(self):
        self.says, self.asked = [], []

    def call(self, *asked):
        self.asked.append(asked)
        said = self.says.pop(0)
        if isinstance(said, Exception):
            raise said
        return SimpleNamespace(to_dict=lambda: said)

    create = capture = cancel = retrieve = call


@pytest.fixture
def line():
    return Line()


@pytest.fixture
def desk(module, line, tmp_path):
    """Give a desk with one open stay of 50.00 EUR."""
    v1 = SimpleNamespace(payment_intents=line, refunds=line)
    made = module.Desk(tmp_path / "stays", SimpleNamespace(v1=v1), 60)
    made.open({"name": "s1", "units": 5000, "currency": "EUR", "at": "automatic"})
    yield made
    made.lines.shutdown()


def settle(desk, line, *says):
    line.says.extend(says)
    return desk.settle("s1", {"card": "pm_card_visa"})


def test_a_plain_payment_checks_the_guest_in_once(desk, line):
    settle(desk, line, ANSWER)

    stay = desk.settle("s1", {"card": "pm_card_visa"})

    assert (stay["state"], stay["taken"], stay["checkins"]) == ("paid", 5000, 1)
    assert len(line.asked) == 1


def test_a_decline_is_plain_and_the_next_try_has_a_key_of_its_own(desk, line):
    declined = settle(desk, line, stripe.CardError("no", "card", "card_declined"))["state"]

    paid = settle(desk, line, ANSWER)["state"]

    assert (declined, paid) == ("refused", "paid")
    assert [asked[-1]["idempotency_key"] for asked in line.asked] == ["s1-pay1", "s1-pay2"]


@pytest.mark.parametrize(
    "says",
    [
        stripe.APIConnectionError("lost"),
        stripe.APIError("500", http_status=500),
        ANSWER | {"amount": 500},
        ANSWER | {"currency": "usd"},
        ANSWER | {"amount_received": 4000},
        ANSWER | {"status": "a new one"},
        {"object": "payment_intent"},
    ],
)
def test_what_is_not_plain_is_the_porters_and_stays_his(desk, line, says):
    settle(desk, line, says)

    again = desk.settle("s1", {"card": "pm_card_visa"})
    desk.audit()

    assert again["state"] == desk.stay("s1")["state"] == "porter"
    assert len(line.asked) == 1


def test_a_call_that_nobody_saw_the_end_of_is_the_porters(module, desk, line, tmp_path):
    desk.keep(desk.stay("s1") | {"state": "calling"})

    again = module.Desk(tmp_path / "stays", None, 60)
    again.lines.shutdown()

    assert again.stay("s1")["state"] == "porter"


def test_one_number_is_one_return_and_returns_never_exceed_what_was_taken(module, desk, line):
    settle(desk, line, ANSWER)
    line.says.append({"id": "re_1", "amount": 3000, "status": "succeeded"})
    desk.give_back("s1", {"units": 3000, "number": "n1"})
    again = desk.give_back("s1", {"units": 3000, "number": "n1"})

    with pytest.raises(module.Sorry) as refusal:
        desk.give_back("s1", {"units": 2001, "number": "n2"})

    assert (again["state"], refusal.value.status) == ("part_back", 409)
    assert len(line.asked) == 2


def told(kind, **shown):
    return {"type": kind, "data": {"object": {"payment_intent": "pi_1", **shown}}}


@pytest.mark.parametrize(
    "event",
    [
        told("charge.dispute.created", object="dispute", id="du_1"),
        told("refund.created", object="refund", id="re_9", status="succeeded"),
        told("charge.refunded", object="charge", status="succeeded", disputed=False, amount_refunded=5000),
        told("charge.expired", object="charge"),
    ],
)
def test_an_event_that_contradicts_the_file_is_for_the_porter(desk, line, event):
    settle(desk, line, ANSWER)

    desk.post(event)

    assert desk.stay("s1")["state"] == "porter"


def test_an_event_that_says_what_the_file_says_changes_nothing(desk, line):
    settle(desk, line, ANSWER)
    before = json.dumps(desk.stay("s1"))

    desk.post({"type": "payment_intent.succeeded", "data": {"object": ANSWER}})

    assert json.dumps(desk.stay("s1")) == before


def test_a_guest_who_comes_back_from_the_bank_is_checked_in_by_the_post(desk, line):
    waiting = settle(desk, line, ANSWER | {"status": "requires_action", "amount_received": 0})["state"]

    desk.post({"type": "payment_intent.succeeded", "data": {"object": ANSWER}})

    assert (waiting, desk.stay("s1")["state"], desk.stay("s1")["checkins"]) == ("guest_at_bank", "paid", 1)


def test_the_night_audit_passes_over_a_look_that_fails(desk, line):
    settle(desk, line, ANSWER)
    line.says.append(stripe.APIConnectionError("lost"))

    assert desk.audit() == {"asked": 1}
    assert desk.stay("s1")["state"] == "paid"
