"""The counters say what was concluded, and every change says who caused it."""

from badgateway.integration.exposition import read_samples, read_series


def total(shop, series):
    return read_series(series).total(read_samples(shop.client.get("/metrics").text))


def test_a_payment_counts_once_whoever_tells_of_it(fake, start):
    shop = start()
    shop.opened()
    shop.pay()
    shop.tell(fake.event("payment_intent.succeeded", fake.payments["pi_1"]))
    shop.client.post("/internal/sync")

    assert total(shop, 'integration_payments_total{result="succeeded"}') == 1
    assert total(shop, "integration_payments_total") == 1


def test_a_call_that_was_sent_again_is_a_retry(fake, start):
    shop = start()
    shop.opened()
    fake.script["pay"] = ["close_after"]

    shop.pay()

    assert total(shop, "integration_retries_total") == fake.count("pay") - 1 == 1


def test_a_provider_that_could_not_be_asked_declined_nothing(start, nowhere):
    shop = start(STRIPE_API_BASE=nowhere)
    shop.opened()

    shop.pay()

    assert total(shop, 'integration_payments_total{result="declined"}') == 0


def test_every_webhook_adds_to_the_lag(fake, start):
    shop = start()
    shop.opened()
    shop.pay()

    shop.tell(fake.event("payment_intent.succeeded", fake.payments["pi_1"]))

    assert total(shop, "integration_webhook_lag_seconds_count") == 1
    assert 0 <= total(shop, "integration_webhook_lag_seconds_sum") < 60


def test_books_that_agree_are_not_apart(start):
    shop = start()
    shop.opened()
    shop.pay()

    shop.client.post("/internal/sync")

    assert total(shop, "integration_reconciliation_delta_minor") == 0


def test_what_one_request_changed_has_one_number_and_one_actor(start):
    shop = start()
    shop.opened()

    shop.pay()

    opened, *paid = shop.view()["changes"]
    assert opened["actor"] == "merchant"
    assert {one["actor"] for one in paid} == {"shopper"}
    assert len({one["correlation"] for one in paid}) == 1
    assert opened["correlation"] != paid[0]["correlation"]


def test_a_callers_own_number_is_kept_where_it_looks_like_one(start):
    shop = start()
    shop.opened()

    shop.client.post("/orders/o1/cancel", headers={"X-Correlation-Id": "cart-77"})
    shop.client.post("/orders/o1/cancel", headers={"X-Correlation-Id": "no number\tat all"})

    assert shop.view()["changes"][-1]["correlation"] == "cart-77"
