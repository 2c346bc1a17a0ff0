"""Idempotency keys, as Stripe answers them."""

import pytest
import stripe

PAY = "amount=500&currency=usd&payment_method=pm_card_visa&confirm=true"


def test_the_same_request_again_gets_the_same_answer_marked(client, account):
    params = {"amount": 500, "currency": "usd", "payment_method": "pm_card_visa", "confirm": True}

    first = client.payment_intents.create(params, {"idempotency_key": "k1"})
    second = client.payment_intents.create(params, {"idempotency_key": "k1"})

    assert first.id == second.id
    assert len(account.book.payments()) == 1
    headers = second.last_response.headers
    assert headers["Idempotent-Replayed"] == "true"
    assert headers["Idempotency-Key"] == "k1"
    assert headers["Original-Request"] == first.last_response.headers["Request-Id"]
    assert "Idempotent-Replayed" not in first.last_response.headers


def test_a_decline_is_replayed_too(paid, client, account):
    card = "pm_card_chargeDeclined"
    params = {"amount": 500, "currency": "usd", "payment_method": card, "confirm": True}

    for _ in range(2):
        with pytest.raises(stripe.CardError):
            client.payment_intents.create(params, {"idempotency_key": "k1"})

    assert len(account.book.payments()) == 1


def test_a_key_with_other_parameters_is_refused(client):
    client.customers.create({"email": "a@example.com"}, {"idempotency_key": "k1"})

    with pytest.raises(stripe.IdempotencyError) as refused:
        client.customers.create({"email": "b@example.com"}, {"idempotency_key": "k1"})

    assert (refused.value.http_status, refused.value.error.type) == (400, "idempotency_error")


def test_a_key_in_flight_may_be_tried_again(account):
    page = account.dialect.key_in_flight(account)

    assert page.status == 409
    assert b"idempotency_key_in_use" in page.body
    assert page.header("Stripe-Should-Retry") == "true"


def test_a_malformed_request_does_not_use_its_key_up(ask, account):
    refused, _ = ask("POST", "/v1/payment_intents", "amount=x&currency=usd", key="k1")
    paid, _ = ask("POST", "/v1/payment_intents", PAY, key="k1")

    assert (refused, paid) == (400, 200)
    assert [answer.is_stored for answer in account.answers] == [False, True]


def test_a_get_has_no_key(ask, account):
    ask("GET", "/v1/events", key="k1")

    assert account.parsed[-1].key is None


def test_a_key_that_is_too_long_is_refused(ask):
    status, body = ask("POST", "/v1/payment_intents", PAY, key="k" * 256)

    assert status == 400
    assert "255" in body["error"]["message"]


def test_the_order_of_parameters_is_not_another_request(ask, account):
    ask("POST", "/v1/payment_intents", PAY, key="k1")
    status, _ = ask("POST", "/v1/payment_intents", "&".join(reversed(PAY.split("&"))), key="k1")

    assert status == 200
    assert len(account.book.payments()) == 1
