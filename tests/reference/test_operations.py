"""What a merchant can do, against a provider that answers."""

from __future__ import annotations


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
