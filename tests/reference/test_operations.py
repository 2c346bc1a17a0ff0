"""What a merchant can do, against a provider that answers."""

from __future__ import annotations

import threading

import pytest


def test_a_paid_order_is_paid_fulfilled_and_receipted_once(fake, start):
    shop = start()
    shop.opened()

    answer = shop.pay()

    assert answer.status_code == 200
    assert answer.json["status"] == "PAID"
    assert (answer.json["paid"], answer.json["paid_minor"]) == ("49.99", 4999)
    assert answer.json["effects"] == {"fulfilments": 1, "receipts": 1}
    assert answer.json["provider_payment_ids"] == list(fake.payments)


def test_a_declined_order_may_be_paid_by_another_card_under_another_key(fake, start):
    shop = start()
    shop.opened()

    first, second = shop.pay(method="pm_card_declined"), shop.pay()

    assert (first.status_code, first.json["status"], first.json["failure_code"]) == (
        402,
        "FAILED",
        "insufficient_funds",
    )
    assert (second.status_code, second.json["status"]) == (200, "PAID")
    assert len(set(fake.keys("pay"))) == 2


def test_the_late_failure_of_an_earlier_attempt_leaves_a_paid_order_paid(fake, start):
    shop = start()
    shop.opened()
    shop.pay(method="pm_card_declined")
    shop.pay()

    answer = shop.tell(fake.event("payment_intent.payment_failed", fake.payments["pi_1"]))

    assert (answer.status_code, shop.view()["status"]) == (200, "PAID")


def test_a_webhook_settles_a_payment_that_was_pending(fake, start):
    shop = start()
    shop.opened()
    pending = shop.pay(method="pm_slow")
    payment = fake.payments["pi_1"]
    fake.become(payment, "succeeded", 4999)

    answer = shop.tell(fake.event("payment_intent.succeeded", payment))

    assert (pending.status_code, pending.json["status"]) == (202, "PENDING")
    assert (answer.status_code, answer.json) == (200, {"result": "applied"})
    assert shop.view()["status"] == "PAID"


def test_an_order_that_is_opened_twice_is_one_order(start):
    shop = start()
    shop.opened()
    wanted = {
        "reference": "o1",
        "amount": "49.99",
        "currency": "EUR",
        "shopper": {"name": "A", "email": "a@b"},
    }

    again = shop.client.post("/orders", json=wanted)
    other = shop.client.post("/orders", json={**wanted, "amount": "50.00"})

    assert (again.status_code, other.status_code) == (200, 409)


@pytest.mark.parametrize(
    "change",
    [
        {"amount": "1.999"},
        {"amount": "-1"},
        {"amount": "NaN"},
        {"amount": 10},
        {"amount": "1e30"},
        {"currency": "eur"},
        {"capture": "later"},
        {"reference": "../o1"},
        {"shopper": {}},
        {"shopper": {"name": "A"}},
        {"shopper": {"name": "\ud800", "email": "a@b"}},
    ],
)
def test_an_order_that_cannot_be_read_is_refused(start, change):
    shop = start()
    wanted = {"reference": "o1", "amount": "10", "currency": "EUR", "shopper": {"name": "A", "email": "a@b"}}

    answer = shop.client.post("/orders", json=wanted | change)

    assert answer.status_code in {400, 422}
    assert answer.json["error"]["message"]


def test_a_body_of_endless_brackets_is_refused(start):
    assert start().client.post("/orders", data="[" * 100_000).status_code == 400


def test_an_unknown_order_is_not_found(start):
    shop = start()

    assert shop.client.get("/orders/nobody").status_code == 404
    assert shop.client.get("/orders/nobody/return").status_code == 404
    assert shop.pay("nobody").status_code == 404


def test_two_payments_of_one_order_at_once_make_one_charge(fake, start):
    shop, answers = start(), []
    shop.opened()
    fake.gate = threading.Event()
    payers = [threading.Thread(target=lambda: answers.append(shop.pay().status_code)) for _ in range(4)]
    for payer in payers:
        payer.start()
    assert fake.arrived.acquire(timeout=5)

    fake.gate.set()
    for payer in payers:
        payer.join()

    assert len(fake.payments) == 1
    assert set(answers) <= {200, 202}
    assert shop.view()["effects"]["fulfilments"] == 1


def test_another_card_while_the_first_waits_for_the_issuer_replaces_it(fake, start):
    shop = start()
    shop.opened()
    first = shop.pay(method="pm_action")

    second = shop.pay()

    assert (first.status_code, first.json["redirect_url"]) == (202, "https://bank.test/3ds")
    assert (second.status_code, second.json["paid_minor"]) == (200, 4999)
    assert fake.payments["pi_1"]["status"] == "canceled"


def test_the_same_card_again_gives_the_same_redirect(fake, start):
    shop = start()
    shop.opened()
    shop.pay(method="pm_action")

    again = shop.pay(method="pm_action")

    assert (again.status_code, again.json["redirect_url"], len(fake.payments)) == (
        202,
        "https://bank.test/3ds",
        1,
    )


def test_a_forged_return_pays_nothing(start):
    shop = start()
    shop.opened()

    answer = shop.client.get("/orders/o1/return?redirect_status=succeeded")

    assert (answer.status_code, answer.json["status"]) == (402, "UNPAID")


def test_the_return_looks_the_payment_up(fake, start):
    shop = start()
    shop.opened()
    shop.pay(method="pm_action")
    fake.become(fake.payments["pi_1"], "succeeded", 4999)

    answer = shop.client.get("/orders/o1/return")

    assert (answer.status_code, answer.json["status"]) == (200, "PAID")


@pytest.mark.parametrize(("asked", "captured"), [({}, 4999), ({"amount": "20.00"}, 2000)])
def test_a_hold_is_captured_whole_or_in_part(fake, start, asked, captured):
    shop = start()
    shop.opened(capture="manual")
    held = shop.pay()

    answer = shop.client.post("/orders/o1/capture", json=asked)

    assert (held.status_code, held.json["status"], held.json["effects"]["fulfilments"]) == (
        200,
        "AUTHORIZED",
        0,
    )
    assert (answer.status_code, answer.json["status"], answer.json["paid_minor"]) == (200, "PAID", captured)
    assert answer.json["effects"]["fulfilments"] == 1


def test_only_what_is_held_can_be_captured(fake, start):
    shop = start()
    shop.opened(capture="manual")
    unpaid = shop.client.post("/orders/o1/capture", json={})
    shop.pay()

    answer = shop.client.post("/orders/o1/capture", json={"amount": "50.00"})

    assert (unpaid.status_code, answer.status_code, fake.count("capture")) == (409, 409, 0)


def test_refunds_are_bounded_by_what_was_captured(fake, start):
    shop = start()
    shop.opened()
    shop.pay()

    part = shop.client.post("/orders/o1/refunds", json={"amount": "40.00"})
    over = shop.client.post("/orders/o1/refunds", json={"amount": "10.00"})
    rest = shop.client.post("/orders/o1/refunds", json={})

    assert (part.status_code, part.json["status"]) == (200, "PARTIALLY_REFUNDED")
    assert over.status_code == 409
    assert (rest.status_code, rest.json["status"], rest.json["refunded_minor"]) == (200, "REFUNDED", 4999)


def test_refunds_at_once_cannot_exceed_what_was_captured(fake, start):
    shop, answers = start(), []
    shop.opened()
    shop.pay()

    def give_back():
        answers.append(shop.client.post("/orders/o1/refunds", json={"amount": "30.00"}).status_code)

    givers = [threading.Thread(target=give_back) for _ in range(4)]
    for giver in givers:
        giver.start()
    for giver in givers:
        giver.join()

    assert sorted(answers) == [200, 409, 409, 409]
    assert sum(refund["amount"] for refund in fake.refunds.values()) == 3000


def test_a_refund_with_a_reference_is_made_once(fake, start):
    shop = start()
    shop.opened()
    shop.pay()
    asked = {"amount": "10.00", "refund_reference": "r1"}

    answers = [shop.client.post("/orders/o1/refunds", json=asked).status_code for _ in range(2)]
    other = shop.client.post("/orders/o1/refunds", json={**asked, "amount": "11.00"})

    assert (answers, other.status_code, len(fake.refunds)) == ([200, 200], 409, 1)


def test_a_refund_that_fails_later_is_taken_off_again(fake, start):
    shop = start()
    shop.opened()
    shop.pay()
    shop.client.post("/orders/o1/refunds", json={"amount": "10.00"})
    refund = next(iter(fake.refunds.values()))
    refund["status"] = "failed"

    shop.tell(fake.event("refund.failed", refund))

    assert (shop.view()["status"], shop.view()["refunded_minor"]) == ("PAID", 0)
    assert shop.view()["refunds"][0]["state"] == "FAILED"


def test_cancelling_voids_the_hold(fake, start):
    shop = start()
    shop.opened(capture="manual")
    shop.pay()

    answer = shop.client.post("/orders/o1/cancel")
    late = shop.client.post("/orders/o1/capture", json={})

    assert (answer.status_code, answer.json["status"]) == (200, "CANCELLED")
    assert (late.status_code, fake.payments["pi_1"]["status"], fake.count("capture")) == (409, "canceled", 0)
    assert shop.pay().status_code == 409


def test_money_that_arrives_for_a_cancelled_order_goes_back(fake, start):
    shop = start()
    shop.opened()
    fake.script["pay"] = ["close_after"] * 3
    shop.pay()
    cancelled = shop.client.post("/orders/o1/cancel")

    shop.tell(fake.event("payment_intent.succeeded", fake.payments["pi_1"]))

    assert (cancelled.status_code, cancelled.json["status"]) == (202, "PENDING")
    assert (shop.view()["status"], shop.view()["refunded_minor"]) == ("CANCELLED", 4999)
    assert shop.view()["effects"]["fulfilments"] == 0


def test_a_paid_order_is_refunded_not_cancelled(start):
    shop = start()
    shop.opened()
    shop.pay()

    assert shop.client.post("/orders/o1/cancel").status_code == 409


def test_a_hold_that_lapsed_cannot_be_captured(fake, start):
    shop = start()
    shop.opened(capture="manual")
    shop.pay()
    fake.become(fake.payments["pi_1"], "canceled", 0, cancellation_reason="automatic")

    shop.client.post("/internal/sync")

    assert shop.view()["attempts"][0]["state"] == "EXPIRED"
    assert shop.client.post("/orders/o1/capture", json={}).status_code == 409


def test_a_pending_refund_is_followed_up_by_the_sync(fake, start):
    shop = start()
    shop.opened()
    shop.pay()
    fake.script["refund"] = []
    shop.client.post("/orders/o1/refunds", json={"amount": "10.00"})
    refund = next(iter(fake.refunds.values()))
    refund["status"] = "pending"
    shop.tell(fake.event("refund.updated", refund))
    refund["status"] = "failed"
    fake.payments["pi_1"]["latest_charge"]["amount_refunded"] = 0

    shop.client.post("/internal/sync")

    assert shop.view()["refunds"][0]["state"] == "FAILED"
    assert shop.view()["status"] == "PAID"
