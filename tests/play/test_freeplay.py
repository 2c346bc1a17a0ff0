"""A world without a player: its time is the integration's own, so idempotency keys age with it."""

import json

from badgateway.play.freeplay import pass_time

HOUR_MS = 3_600_000


def paid(lab, world, key="k1"):
    (told,) = lab.ask_now(world, lab.request("POST", "/v1/payment_intents", lab.pay_form(world), idem=key))
    return told.body["id"]


def test_a_key_is_remembered_for_24_hours_and_then_good_for_another_payment(lab, world):
    """Source: Stripe's API reference, idempotent requests: keys can be removed after 24 hours."""
    first = paid(lab, world)
    started_ms = world.clock.now_ms()
    pass_time(world, started_ms + 24 * HOUR_MS - 1)
    again = paid(lab, world)
    pass_time(world, started_ms + 24 * HOUR_MS)
    afterwards = paid(lab, world)

    assert again == first
    assert afterwards != first
    assert len(world.account.book.payments()) == 2


def test_what_falls_due_is_done_and_told(lab, world):
    form = lab.pay_form(world, card="pm_usBankAccount_success")
    form |= {"currency": "usd", "payment_method_types[]": "us_bank_account", "capture_method": "automatic"}
    (told,) = lab.ask_now(world, lab.request("POST", "/v1/payment_intents", form))
    before = len(world.outbox.items)
    pass_time(world, world.clock.now_ms() + 10 * 24 * HOUR_MS)

    types = [json.loads(item.event.body)["type"] for item in world.outbox.items[before:]]
    assert told.body["status"] == "processing"
    assert "payment_intent.succeeded" in types


def test_a_checkout_that_lapses_tells_its_cancelled_payment_at_once(lab, world):
    line = "line_items[0]"
    form = {
        "mode": "payment",
        "success_url": "https://shop.example/done",
        f"{line}[quantity]": 1,
        f"{line}[price_data][currency]": "eur",
        f"{line}[price_data][unit_amount]": 900,
        f"{line}[price_data][product_data][name]": "A book",
    }
    (opened,) = lab.ask_now(world, lab.request("POST", "/v1/checkout/sessions", form))
    card = {
        "email": "a@b.example",
        "card[number]": "4000002760003184",
        "card[expiry]": "12/34",
        "card[cvc]": "123",
    }
    call = lab.worlds_of(world).arrive(lab.request("POST", f"/c/pay/{opened.body['id']}", card))
    call.commit()
    call.finished(is_complete=True, bytes_sent=1)
    before = len(world.outbox.items)
    pass_time(world, world.clock.now_ms() + 25 * HOUR_MS)

    types = [json.loads(item.event.body)["type"] for item in world.outbox.items[before:]]
    assert types == ["checkout.session.expired", "payment_intent.canceled"]
