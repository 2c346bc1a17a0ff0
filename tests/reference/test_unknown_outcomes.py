"""What happens when the provider's answer does not come: the same key, a bound on time, and no guess."""

from __future__ import annotations

import time

import pytest

SERVER_ERROR = (500, {"error": {"type": "api_error"}}, {})
GARBAGE = (502, b"<html>bad gateway</html>", {})
BUSY = (429, {"error": {"type": "invalid_request_error", "code": "rate_limit"}}, {})
IN_FLIGHT = (409, {"error": {"type": "invalid_request_error", "code": "idempotency_key_in_use"}}, {})


@pytest.mark.parametrize(
    "wrong", ["close_before", "close_after", SERVER_ERROR, GARBAGE, BUSY, IN_FLIGHT, "trickle"]
)
def test_a_retry_carries_the_same_key_and_charges_once(fake, start, wrong):
    shop = start()
    shop.opened()
    fake.script["pay"] = [wrong]

    answer = shop.pay()

    assert (answer.status_code, answer.json["status"]) == (200, "PAID")
    assert len(fake.keys("pay")) == 2
    assert len(set(fake.keys("pay"))) == 1
    assert len(fake.payments) == 1


@pytest.mark.parametrize("wrong", ["close_after", SERVER_ERROR, GARBAGE, (200, b"{}", {}), (200, b"[1]", {})])
def test_without_any_answer_the_order_is_pending_and_a_sync_resolves_it(fake, start, wrong):
    shop = start()
    shop.opened()
    fake.script["pay"] = [wrong] * 3

    answer = shop.pay()
    pending = shop.view()["status"]
    shop.client.post("/internal/sync")

    assert (answer.status_code, pending) == (202, "PENDING")
    assert shop.view()["status"] == "PAID"
    assert len(fake.payments) == 1


def test_the_shoppers_return_resolves_it_too(fake, start):
    shop = start()
    shop.opened()
    fake.script["pay"] = ["close_after"] * 3
    shop.pay()

    answer = shop.client.get("/orders/o1/return")

    assert (answer.status_code, answer.json["status"]) == (200, "PAID")
    assert len(fake.payments) == 1


def test_a_key_that_has_lived_too_long_is_not_sent_again_but_searched_for(fake, start):
    shop = start(KEY_LIFE_MS="0")
    shop.opened()
    fake.script["pay"] = ["close_after"] * 3
    shop.pay()
    fake.stored.clear()

    shop.client.post("/internal/sync")

    assert shop.view()["status"] == "PAID"
    # After three failures the first look asks whether the provider is there, the second searches.
    assert (len(fake.payments), fake.count("pay"), fake.count("list")) == (1, 3, 2)


def test_a_refusal_after_a_lost_answer_proves_nothing(fake, start):
    shop = start()
    shop.opened()
    fake.script["pay"] = ["close_after", (401, {"error": {"type": "invalid_request_error"}}, {})]

    answer = shop.pay()

    assert (answer.status_code, answer.json["status"]) == (202, "PENDING")


def test_a_refusal_at_once_is_a_failure(fake, start):
    shop = start()
    shop.opened()
    fake.script["pay"] = [
        (400, {"error": {"type": "invalid_request_error", "code": "parameter_missing"}}, {})
    ]

    answer = shop.pay()

    assert (answer.status_code, answer.json["status"], fake.count("pay")) == (402, "FAILED", 1)


def test_a_provider_that_surely_did_nothing_may_be_asked_again_by_the_shopper(fake, start):
    shop = start()
    shop.opened()
    fake.script["pay"] = [BUSY] * 3

    first, second = shop.pay(), shop.pay()

    assert (first.status_code, first.json["status"]) == (503, "FAILED")
    assert (second.status_code, len(fake.payments)) == (200, 1)


def test_the_provider_may_forbid_a_retry(fake, start):
    shop = start()
    shop.opened()
    fake.script["pay"] = [(500, {"error": {"type": "api_error"}}, {"Stripe-Should-Retry": "false"})]

    answer = shop.pay()

    assert (answer.status_code, fake.count("pay")) == (202, 1)


def test_retry_after_is_obeyed(fake, start):
    shop = start(TOTAL_DEADLINE_MS="5000")
    shop.opened()
    fake.script["pay"] = [(*BUSY[:2], {"Retry-After": "0.3"})]
    began = time.monotonic()

    answer = shop.pay()

    assert answer.status_code == 200
    assert time.monotonic() - began >= 0.3


def test_an_answer_in_several_pieces_is_read_to_its_end(fake, start):
    shop = start()
    shop.opened()
    fake.script["pay"] = ["in_parts"]

    answer = shop.pay()

    assert (answer.status_code, fake.count("pay")) == (200, 1)


def test_a_trickling_answer_cannot_hold_the_operation(fake, start):
    shop = start(CALL_TIMEOUT_MS="150", TOTAL_DEADLINE_MS="400")
    shop.opened()
    fake.script["pay"] = ["trickle"] * 3
    began = time.monotonic()

    answer = shop.pay()

    assert answer.status_code == 202
    assert time.monotonic() - began < 2


def test_an_unreachable_provider_was_not_asked(start, nowhere):
    shop = start(STRIPE_API_BASE=nowhere)
    shop.opened()

    answer = shop.pay()

    assert (answer.status_code, answer.json["attempts"][0]["state"]) == (503, "FAILED")


def test_a_refund_whose_answer_was_lost_is_made_once(fake, start):
    shop = start()
    shop.opened()
    shop.pay()
    fake.script["refund"] = ["close_after"] * 3

    answer = shop.client.post("/orders/o1/refunds", json={"amount": "10.00", "refund_reference": "r1"})
    shop.client.post("/internal/sync")

    assert answer.status_code == 202
    assert (len(fake.refunds), len(set(fake.keys("refund")))) == (1, 1)
    assert (shop.view()["status"], shop.view()["refunded_minor"]) == ("PARTIALLY_REFUNDED", 1000)
