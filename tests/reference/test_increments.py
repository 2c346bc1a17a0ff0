"""Holds that are raised: what is asked for, what counts as held, and what may be captured then."""

import pytest

NO_FUNDS = {"code": "card_declined", "decline_code": "insufficient_funds", "message": "no"}


@pytest.fixture
def held(start):
    """Give a shop with an order of 49.99 whose money is held, and may be asked to be raised."""
    shop = start(CALL_TIMEOUT_MS="5000", TOTAL_DEADLINE_MS="9000")
    shop.opened(capture="manual", increments=True)
    shop.pay()
    return shop


def ask(shop, amount="20.00", **more):
    return shop.client.post("/orders/o1/increments", json={"amount": amount, **more})


def states(shop):
    return [one["state"] for one in shop.view()["increments"]]


def test_a_granted_increment_is_asked_for_as_a_total_and_captured_with_the_rest(fake, held):
    """The provider is asked for 69.99 in all, and a capture of everything takes it."""
    raised = ask(held)
    captured = held.client.post("/orders/o1/capture", json={})

    sent = next(params for name, _, params in fake.calls if name == "increment_authorization")
    assert (raised.status_code, raised.json["status"], sent["amount"]) == (200, "AUTHORIZED", "6999")
    assert (captured.status_code, captured.json["paid_minor"]) == (200, 6999)
    assert (held.view()["status"], states(held)) == ("PAID", ["GRANTED"])


def test_the_wish_is_told_when_the_payment_is_made(fake, start):
    """Only an order that may be raised asks for a hold that can be, and others are refused an increment."""
    shop = start()
    shop.opened(capture="manual")
    shop.pay()

    answer = ask(shop)

    paid = next(params for name, _, params in fake.calls if name == "pay")
    assert not any("incremental" in name for name in paid)
    assert (answer.status_code, answer.json["error"]["code"]) == (409, "not_raisable")


def test_a_declined_increment_leaves_the_first_hold(fake, held):
    """What the bank declined is neither held nor captured."""
    fake.declines = NO_FUNDS

    declined = ask(held)
    too_much = held.client.post("/orders/o1/capture", json={"amount": "69.99"})
    captured = held.client.post("/orders/o1/capture", json={})

    assert (declined.status_code, states(held)) == (402, ["DECLINED"])
    assert (too_much.status_code, captured.json["paid_minor"], captured.json["status"]) == (409, 4999, "PAID")


@pytest.mark.parametrize("wrong", ["close_before", "close_after"])
def test_a_lost_answer_is_asked_for_again_under_one_key(fake, held, wrong):
    """However the answer was lost, the wish is granted once."""
    fake.script["increment_authorization"] = [wrong]

    answer = ask(held)

    assert (answer.status_code, states(held)) == (200, ["GRANTED"])
    assert len(fake.keys("increment_authorization")) == 2
    assert len(set(fake.keys("increment_authorization"))) == 1


def test_an_increment_nobody_knows_of_is_settled_by_a_sync(fake, held):
    """While nobody knows, a capture must say how much; afterwards everything is taken."""
    fake.script["increment_authorization"] = ["close_after"] * 3

    unknown = ask(held)
    unsaid = held.client.post("/orders/o1/capture", json={})
    held.client.post("/internal/sync")
    captured = held.client.post("/orders/o1/capture", json={})

    assert (unknown.status_code, unknown.json["increments"][0]["state"]) == (202, "REQUESTED")
    assert (unsaid.status_code, unsaid.json["error"]["code"]) == (409, "increment_under_way")
    assert (captured.json["paid_minor"], states(held)) == (6999, ["GRANTED"])


def test_a_webhook_alone_tells_that_a_hold_was_raised(fake, held):
    """Where each answer was lost, the look behind an event closes the call."""
    fake.script["increment_authorization"] = ["close_after"] * 3
    ask(held)

    held.tell(fake.event("payment_intent.amount_capturable_updated", fake.payments["pi_1"]))

    assert states(held) == ["GRANTED"]
    held.client.post("/internal/sync")
    assert len(fake.keys("increment_authorization")) == 3


def test_the_same_reference_is_the_same_increment(fake, held):
    """A merchant that asks twice under one name is granted once, and must not change its mind."""
    first, again = ask(held, increment_reference="i1"), ask(held, increment_reference="i1")
    other = ask(held, "30.00", increment_reference="i1")

    assert (first.status_code, again.status_code, other.status_code) == (200, 200, 409)
    assert (fake.count("increment_authorization"), states(held)) == (1, ["GRANTED"])


def test_an_answer_with_another_total_proves_nothing(fake, held):
    """A provider that shows less than was asked for has not granted it."""
    shown = dict(fake.payments["pi_1"], amount=4999)
    fake.script["increment_authorization"] = [(200, shown, {})] * 3

    answer = ask(held)

    assert (answer.status_code, states(held)) == (202, ["REQUESTED"])


@pytest.mark.parametrize(
    ("body", "status"),
    [({}, 400), ({"amount": "0.00"}, 422), ({"amount": "1.00", "increment_reference": "no good"}, 400)],
)
def test_a_wish_that_says_too_little_is_refused(held, body, status):
    """It has an amount, and its name is a name."""
    assert held.client.post("/orders/o1/increments", json=body).status_code == status


def test_a_cancelled_order_is_not_raised(held):
    """There is nothing to raise any more."""
    held.client.post("/orders/o1/cancel")

    assert ask(held).status_code == 409
