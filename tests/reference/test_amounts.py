"""Amounts that the provider confirms and nobody agreed on: a human decides, and nothing is handed over."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize(
    ("received", "currency", "paid"), [(500, "eur", 500), (4999, "usd", 0), (4999, "jpy", 0)]
)
def test_less_money_or_other_money_is_for_a_human(fake, start, received, currency, paid):
    shop = start()
    shop.opened()
    shop.pay(method="pm_slow")
    fake.become(fake.payments["pi_1"], "succeeded", received, currency=currency)

    shop.tell(fake.event("payment_intent.succeeded", fake.payments["pi_1"]))

    shown = shop.view()
    assert (shown["status"], shown["paid_minor"], shown["effects"]["fulfilments"]) == ("REVIEW", paid, 0)


def test_a_hold_in_other_money_is_for_a_human(fake, start):
    shop = start()
    shop.opened(capture="manual")
    shop.pay(method="pm_slow")
    fake.become(fake.payments["pi_1"], "requires_capture", 0, amount_capturable=4999, currency="usd")

    shop.client.post("/internal/sync")

    assert shop.view()["status"] == "REVIEW"


@pytest.mark.parametrize(
    ("held", "status", "answered", "captures"), [(500, "REVIEW", 409, 0), (4999, "AUTHORIZED", 200, 1)]
)
def test_a_hold_of_a_part_is_for_a_human(fake, start, held, status, answered, captures):
    shop = start()
    shop.opened(capture="manual")
    shop.pay(method="pm_slow")
    fake.become(fake.payments["pi_1"], "requires_capture", 0, amount_capturable=held)

    shop.client.post("/internal/sync")
    shown = shop.view()["status"]
    captured = shop.client.post("/orders/o1/capture", json={"amount": "49.99"})

    assert (shown, captured.status_code, fake.count("capture")) == (status, answered, captures)


def test_a_hold_of_a_part_is_let_go_by_a_cancellation(fake, start):
    shop = start()
    shop.opened(capture="manual")
    shop.pay(method="pm_slow")
    fake.become(fake.payments["pi_1"], "requires_capture", 0, amount_capturable=500)
    shop.client.post("/internal/sync")

    cancelled = shop.client.post("/orders/o1/cancel")

    assert (cancelled.status_code, cancelled.json["status"], fake.count("cancel")) == (200, "CANCELLED", 1)
