"""The provider's list held against the books: what nobody knew of, and whose keys tell nothing."""

from __future__ import annotations

import pytest

from badgateway.reference.orphans import adopt_orphans

STORED = (500, {"error": {"type": "api_error"}}, {"Stripe-Should-Retry": "false"})
REPLAYED = (STORED[0], STORED[1], {**STORED[2], "Idempotent-Replayed": "true"})


def made(fake, order="o1", attempt="7"):
    """Let somebody pay an order without our knowledge."""
    asked = {
        "amount": "4999",
        "currency": "eur",
        "capture_method": "automatic",
        "payment_method": "pm_card_visa",
    }
    return fake.pay({**asked, "metadata[order]": order, "metadata[attempt]": attempt})[1]


def listed(*rows, has_more=False):
    return (200, {"object": "list", "data": list(rows), "has_more": has_more, "url": "/v1/x"}, {})


def test_a_payment_of_our_order_that_no_attempt_has_made_is_adopted(fake, start):
    shop = start()
    shop.opened()
    payment = made(fake)

    adopted = adopt_orphans(shop.service)

    assert adopted == 1
    assert (shop.view()["status"], shop.view()["provider_payment_ids"]) == ("PAID", [payment["id"]])


def test_a_payment_that_is_known_is_not_adopted_again(fake, start):
    shop = start()
    shop.opened()
    shop.pay()

    assert adopt_orphans(shop.service) == 0
    assert len(shop.view()["attempts"]) == 1


def test_a_payment_of_nobody_we_know_is_counted_and_left_alone(fake, start):
    shop = start()
    made(fake, "theirs")

    assert adopt_orphans(shop.service) == 0
    assert b"orphan" in shop.client.get("/metrics").data


def test_a_second_payment_of_a_paid_order_is_for_a_human(fake, start):
    shop = start()
    shop.opened()
    shop.pay()
    made(fake)

    adopt_orphans(shop.service)

    assert shop.view()["status"] == "REVIEW"


def test_a_list_is_read_to_its_end(fake, start):
    shop = start()
    shop.opened()
    payment = made(fake)
    fake.script["list"] = [listed({**payment, "id": "pi_7", "metadata": {}}, has_more=True)]

    adopt_orphans(shop.service)

    assert shop.view()["status"] == "PAID"
    assert fake.calls[1][2]["starting_after"] == "pi_7"


def test_a_list_that_cannot_be_read_changes_nothing(fake, start):
    shop = start()
    shop.opened()
    made(fake)
    fake.script["list"] = [STORED]

    assert adopt_orphans(shop.service) == 0
    assert shop.view()["status"] == "UNPAID"


@pytest.fixture
def burnt(fake, start):
    """Give a shop that has paid with a key under which the provider has stored an error."""
    shop = start()
    shop.opened()
    fake.script["pay"] = [STORED, REPLAYED]
    shop.pay()
    return shop


def test_a_key_that_repeats_an_error_is_given_up_where_the_list_does_not_have_its_payment(fake, burnt):
    burnt.client.post("/internal/sync")

    assert burnt.view()["status"] == "FAILED"
    assert burnt.pay().json["status"] == "PAID"


def test_it_is_kept_where_the_list_was_not_read_to_its_end(fake, burnt):
    # After a failure the first look only asks whether the provider is there.
    fake.script["list"] = [listed(), STORED]

    burnt.client.post("/internal/sync")

    assert burnt.view()["status"] == "PENDING"


def test_an_error_that_took_the_money_is_found_on_the_list(fake, burnt):
    made(fake, attempt="1")

    burnt.client.post("/internal/sync")

    assert (burnt.view()["status"], len(burnt.view()["attempts"])) == ("PAID", 1)


def test_the_search_begins_early_enough_for_clocks_that_differ(fake, burnt):
    burnt.client.post("/internal/sync")

    since_s = int(
        next(params for name, _, params in fake.calls if name == "list" and "created[gte]" in params)[
            "created[gte]"
        ]
    )
    assert burnt.service.clock.wall_ms() // 1000 - since_s >= 900


def test_a_payment_that_the_list_lacked_is_found_when_it_is_there(fake, burnt):
    payment = made(fake, attempt="1")
    fake.script["list"] = [listed(), listed()]
    burnt.client.post("/internal/sync")
    shown = burnt.view()["status"]

    burnt.client.post("/internal/sync")

    assert (shown, burnt.view()["status"]) == ("FAILED", "PAID")
    assert burnt.view()["provider_payment_ids"] == [payment["id"]]


def test_what_was_found_is_not_looked_for_again(fake, burnt):
    made(fake, attempt="1")
    burnt.client.post("/internal/sync")
    looks = fake.count("list")

    burnt.client.post("/internal/sync")

    assert fake.count("list") == looks
