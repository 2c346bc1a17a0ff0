"""The bookshop keeps its own README, against a tiny Stripe over real sockets."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from email.utils import formatdate
from pathlib import Path

import pytest

from badgateway.integration.read import read_description

SHOP = Path(__file__).parent / "bookshop"


def test_its_description_can_be_read():
    description = read_description(SHOP / "badgateway.yaml")

    assert description.name == "bookshop"
    assert description.webhooks == ()
    assert description.declares.once == ("parcels",)


def test_a_checkout_creates_first_and_confirms_then(stripe, shop):
    shop.put()

    status, basket = shop.pay()

    assert (status, basket["state"], basket["settled"], basket["parcels"]) == (200, "settled", "49.99", 1)
    assert [kind for kind, _, _ in stripe.calls] == ["payment_intent", "confirm"]
    assert len(set(stripe.keys("payment_intent") + stripe.keys("confirm"))) == 2


@pytest.mark.parametrize("kind", ["payment_intent", "confirm"])
@pytest.mark.parametrize("how", ["lose", "drop", "500"])
def test_a_try_without_an_answer_is_repeated_with_the_same_key(stripe, shop, kind, how):
    shop.put()
    stripe.goes_wrong(kind, how)

    status, basket = shop.pay()

    assert (status, basket["state"]) == (200, "settled")
    assert len(stripe.keys(kind)) == 2
    assert len(set(stripe.keys(kind))) == 1
    assert stripe.captured() == 4999


def test_a_decline_leaves_the_basket_open_for_another_card(stripe, shop):
    shop.put()

    declined, refused = shop.pay(card="pm_card_chargeDeclined")
    paid, settled = shop.pay()

    assert (declined, refused["state"], refused["parcels"]) == (402, "refused", 0)
    assert (paid, settled["state"]) == (200, "settled")
    assert len(set(stripe.keys("confirm"))) == 2
    assert len(stripe.intents) == 1


@pytest.mark.parametrize("kind", ["payment_intent", "confirm"])
@pytest.mark.parametrize("how", ["lose", "drop"])
def test_reconciling_finds_what_was_lost(stripe, shop, kind, how):
    shop.put()
    stripe.goes_wrong(kind, how, how, how)

    status, basket = shop.pay()
    told = shop.reconcile()

    assert (status, basket["state"]) == (202, "waiting")
    assert told == {"looked_at": 1, "left": 0}
    assert (shop.view()["state"], shop.view()["parcels"]) == ("settled", 1)
    assert stripe.captured() == 4999
    assert len(set(stripe.keys(kind))) == 1


@pytest.mark.parametrize("how", ["lose", "drop"])
def test_a_lost_second_decline_is_not_taken_for_the_first(stripe, shop, how):
    shop.put()
    shop.pay(card="pm_card_chargeDeclined")
    stripe.goes_wrong("confirm", how, how, how)

    waiting, _ = shop.pay(card="pm_card_visa_chargeDeclined")
    shop.reconcile()

    assert waiting == 202
    assert shop.view()["state"] == "refused"
    assert len(set(stripe.keys("confirm"))) == 2


@pytest.mark.parametrize(
    ("card", "state"), [("pm_card_visa", "settled"), ("pm_card_chargeDeclined", "refused")]
)
def test_an_old_letter_is_not_sent_again_before_a_look(stripe, shop, card, state):
    """A provider forgets its keys after a day, and the same key would then charge anew."""
    shop.put()
    stripe.goes_wrong("confirm", "lose", "drop", "drop")
    shop.pay(card=card)
    stripe.stored.clear()

    shop.reconcile()

    assert shop.view()["state"] == state
    assert len(stripe.keys("confirm")) == 3


def test_an_old_refund_is_not_sent_again_before_a_look(stripe, shop):
    shop.put()
    shop.pay()
    stripe.goes_wrong("refund", "lose", "drop", "drop")
    shop.post("give-back", amount="20.00", receipt="r1")
    stripe.stored.clear()

    shop.reconcile()

    assert shop.view()["given_back"] == "20.00"
    assert [refund["amount"] for refund in stripe.refunds] == [2000]


@pytest.mark.parametrize(
    ("bank_says", "status", "state"),
    [
        ({"status": "requires_action"}, 202, "waiting"),
        ({"status": "processing"}, 202, "waiting"),
        ({"status": "succeeded", "amount_received": 4999}, 200, "settled"),
        ({"status": "requires_payment_method", "last_payment_error": {"code": "x"}}, 402, "refused"),
    ],
)
def test_the_shopper_who_comes_back_is_told_what_stripe_says(stripe, shop, bank_says, status, state):
    shop.put()
    asked, waiting = shop.pay(card="pm_card_authenticationRequired")
    stripe.intents["pi_0"] |= bank_says

    told, basket = shop.ask("GET", "/baskets/b1/return")

    assert (asked, waiting["state"], waiting["bank_page"]) == (202, "waiting", "https://bank.example/page")
    assert (told, basket["state"]) == (status, state)
    assert ("bank_page" in basket) == (bank_says["status"] == "requires_action")


def test_a_look_that_is_old_does_not_take_a_settled_basket_back(stripe, shop):
    shop.put()
    shop.pay()
    stripe.intents["pi_0"] |= {"status": "requires_payment_method", "latest_charge": None}

    shop.reconcile()

    assert (shop.view()["state"], shop.view()["settled"]) == ("settled", "49.99")


def test_a_checkout_while_waiting_carries_the_same_payment_on(stripe, shop):
    shop.put()
    stripe.goes_wrong("confirm", "lose", "lose", "lose")
    shop.pay()

    status, basket = shop.pay(card="pm_card_mastercard")

    assert (status, basket["state"]) == (200, "settled")
    assert {form["payment_method"] for form in stripe.forms("confirm")} == {"pm_card_visa"}
    assert stripe.captured() == 4999


def test_a_stored_server_error_gets_a_new_key_only_after_a_look(stripe, shop):
    shop.put()
    stripe.goes_wrong("confirm", "stored 500")

    status, _ = shop.pay()
    shop.reconcile()

    assert status == 202
    assert len(set(stripe.keys("confirm"))) == 2
    assert shop.view()["state"] == "settled"
    assert stripe.captured() == 4999


@pytest.mark.parametrize("is_date", [False, True])
def test_who_asks_to_come_back_later_is_not_asked_sooner(stripe, shop, is_date):
    shop.put()
    since = time.time()
    # A date has whole seconds, so this one is more than a second away.
    stripe.goes_wrong("confirm", f"later {formatdate(since + 2, usegmt=True) if is_date else 1}")

    waiting, _ = shop.pay()
    still, basket = shop.pay()
    soon = len(stripe.keys("confirm"))
    shop.reconcile()

    assert (waiting, still, basket["state"], soon) == (202, 202, "waiting", 1)
    assert time.time() - since > 1
    assert shop.view()["state"] == "settled"
    assert len(stripe.keys("confirm")) == 2
    assert len(set(stripe.keys("confirm"))) == 1


@pytest.mark.parametrize("when", ["0", "soon", "Mon, 32 Foo 2024 25:00:00 GMT"])
def test_who_asks_for_no_time_is_asked_again_in_the_same_request(stripe, shop, when):
    shop.put()
    stripe.goes_wrong("confirm", f"later {when}")

    status, basket = shop.pay()

    assert (status, basket["state"]) == (200, "settled")
    assert len(set(stripe.keys("confirm"))) == 1


def test_a_refund_that_was_put_off_is_given_when_it_is_due(stripe, shop):
    shop.put()
    shop.pay()
    since = time.time()
    stripe.goes_wrong("refund", "later 1")

    status, _ = shop.post("give-back", amount="20.00", receipt="r1")
    shop.reconcile()

    assert status == 202
    assert time.time() - since > 1
    assert shop.view()["given_back"] == "20.00"
    assert len(set(stripe.keys("refund"))) == 1


def test_an_answer_that_trickles_is_cut_off_in_time(stripe, shop):
    shop.put()
    stripe.goes_wrong("confirm", "trickle", "trickle", "trickle")
    since = time.monotonic()

    status, basket = shop.pay()

    assert time.monotonic() - since < 1.0
    assert (status, basket["state"]) == (202, "waiting")


def test_two_checkouts_at_once_charge_once(stripe, shop):
    shop.put()

    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda _: shop.pay(), range(6)))

    assert {status for status, _ in answers} == {200}
    assert len(stripe.keys("confirm")) == 1
    assert stripe.captured() == 4999


def test_a_killed_shop_knows_what_it_had_sent(stripe, shop):
    shop.put()
    stripe.goes_wrong("confirm", "lose", "lose", "lose")
    shop.pay()

    shop.kill()
    shop.open()
    shop.reconcile()

    assert shop.view()["state"] == "settled"
    assert len(set(stripe.keys("confirm"))) == 1


def test_refunds_never_exceed_what_was_taken(stripe, shop):
    shop.put()
    shop.pay()

    part, after_part = shop.post("give-back", amount="20.00", receipt="r1")
    again, _ = shop.post("give-back", amount="20.00", receipt="r1")
    too_much, _ = shop.post("give-back", amount="30.00", receipt="r2")
    rest, after_rest = shop.post("give-back", receipt="r3")

    assert (part, after_part["state"], after_part["given_back"]) == (200, "given_back_some", "20.00")
    assert (again, too_much) == (200, 409)
    assert (rest, after_rest["state"], after_rest["given_back"]) == (200, "given_back", "49.99")
    assert [refund["amount"] for refund in stripe.refunds] == [2000, 2999]


def test_a_refund_at_the_dashboard_counts_before_the_next_one(stripe, shop):
    shop.put()
    shop.pay()
    stripe.refund(stripe.intents["pi_0"], {"amount": "4000"})

    status, basket = shop.post("give-back", amount="20.00", receipt="r1")

    assert (status, basket["state"], basket["given_back"]) == (409, "given_back_some", "40.00")
    assert len(stripe.refunds) == 1


@pytest.mark.parametrize("how", ["lose", "drop"])
def test_a_refund_without_an_answer_is_found_by_reconciling(stripe, shop, how):
    shop.put()
    shop.pay()
    stripe.goes_wrong("refund", how, how, how)

    status, basket = shop.post("give-back", amount="20.00", receipt="r1")
    shop.reconcile()

    assert (status, basket["given_back"]) == (202, "0.00")
    assert shop.view()["given_back"] == "20.00"
    assert len(stripe.refunds) == 1
    assert len(set(stripe.keys("refund"))) == 1


def test_a_refund_that_fails_later_no_longer_counts(stripe, shop):
    shop.put()
    shop.pay()
    shop.post("give-back", receipt="r1")
    stripe.refunds[0]["status"] = "failed"

    shop.reconcile()

    assert (shop.view()["state"], shop.view()["given_back"]) == ("settled", "0.00")


def contested(stripe, status):
    """Let the shopper's bank dispute the first payment."""
    stripe.intents["pi_0"]["latest_charge"]["disputed"] = True
    stripe.disputes[:] = [{"id": "du_1", "status": status}]


@pytest.mark.parametrize("status", ["needs_response", "lost"])
def test_what_the_bank_takes_back_is_not_given_back_as_well(stripe, shop, status):
    shop.put()
    shop.pay()
    contested(stripe, status)

    answered, basket = shop.post("give-back", receipt="r1")

    assert (answered, basket["state"], basket["given_back"]) == (409, "contested", "0.00")
    assert stripe.refunds == []


@pytest.mark.parametrize("status", ["won", "warning_needs_response", "warning_closed"])
def test_a_dispute_that_is_over_and_an_inquiry_hinder_no_refund(stripe, shop, status):
    shop.put()
    shop.pay()
    contested(stripe, status)

    answered, basket = shop.post("give-back", receipt="r1")

    assert (answered, basket["state"]) == (200, "given_back")


@pytest.mark.parametrize("kind", ["get payment_intents", "get disputes"])
def test_who_cannot_look_for_disputes_gives_nothing_back_yet(stripe, shop, kind):
    shop.put()
    shop.pay()
    contested(stripe, "won")
    stripe.goes_wrong(kind, "500", "500", "500")

    status, _ = shop.post("give-back", receipt="r1")
    too_early = len(stripe.refunds)
    shop.reconcile()

    assert (status, too_early) == (202, 0)
    assert shop.view()["state"] == "given_back"
    assert len(stripe.refunds) == 1


def test_a_hold_in_another_currency_is_puzzling_and_can_be_dropped(stripe, shop):
    shop.put(take="manual")
    stripe.goes_wrong("confirm", "lose", "lose", "lose")
    shop.pay()
    stripe.intents["pi_0"]["currency"] = "jpy"

    shop.reconcile()
    puzzling, shipped = shop.view(), shop.post("ship")[0]
    status, dropped = shop.post("drop")

    assert (puzzling["state"], puzzling["settled"], puzzling["parcels"], shipped) == (
        "puzzling",
        "0.00",
        0,
        409,
    )
    assert (status, dropped["state"]) == (200, "broken_off")
    assert stripe.intents["pi_0"]["status"] == "canceled"


def test_reserved_money_is_taken_once_by_shipping(stripe, shop):
    shop.put(take="manual")

    _, reserved = shop.pay()
    stripe.goes_wrong("capture", "lose")
    first, shipped = shop.post("ship", amount="30.00")
    again, _ = shop.post("ship", amount="30.00")
    other, _ = shop.post("ship", amount="19.99")

    assert (reserved["state"], reserved["settled"], reserved["parcels"]) == ("reserved", "0.00", 0)
    assert (first, shipped["state"], shipped["settled"], shipped["parcels"]) == (200, "settled", "30.00", 1)
    assert (again, other) == (200, 409)
    assert stripe.captured() == 3000


def test_dropping_releases_the_hold_and_forbids_what_follows(stripe, shop):
    shop.put(take="manual")
    shop.pay()

    status, basket = shop.post("drop")

    assert (status, basket["state"]) == (200, "broken_off")
    assert stripe.intents["pi_0"]["status"] == "canceled"
    assert [shop.post("ship")[0], shop.pay()[0], shop.post("drop")[0]] == [409, 409, 200]


def test_money_that_arrives_for_a_dropped_basket_goes_back(stripe, shop):
    shop.put()
    stripe.goes_wrong("confirm", "lose", "lose", "lose")
    shop.pay()

    status, basket = shop.post("drop")

    assert (status, basket["state"], basket["parcels"]) == (200, "given_back", 0)
    assert [refund["amount"] for refund in stripe.refunds] == [4999]


def test_a_settled_basket_is_not_dropped(stripe, shop):
    shop.put()
    shop.pay()

    status, basket = shop.post("drop")

    assert (status, basket["state"]) == (409, "settled")


def test_a_lapsed_hold_a_reversal_and_a_dispute_are_seen(stripe, shop):
    shop.put("held", take="manual")
    shop.put("reversed")
    shop.put("disputed")
    for ref in ("held", "reversed", "disputed"):
        shop.pay(ref)
    held, turned, disputed = stripe.intents.values()
    held["status"] = "canceled"
    turned |= {"status": "requires_payment_method", "amount_received": 0, "last_payment_error": {"code": "x"}}
    turned["latest_charge"]["status"] = "failed"
    disputed["latest_charge"]["disputed"] = True
    stripe.disputes.append({"id": "du_1", "status": "needs_response"})

    told = shop.reconcile()

    assert told == {"looked_at": 3, "left": 0}
    assert [shop.view(ref)["state"] for ref in ("held", "reversed", "disputed")] == [
        "broken_off",
        "refused",
        "contested",
    ]
    stripe.disputes[0]["status"] = "won"
    shop.reconcile()
    assert shop.view("disputed")["state"] == "settled"


@pytest.mark.parametrize(
    ("price", "currency", "units", "shown"),
    [("500", "JPY", 500, "500"), ("1.250", "KWD", 1250, "1.250"), ("8.20", "EUR", 820, "8.20")],
)
def test_amounts_have_the_decimals_of_their_currency(stripe, shop, price, currency, units, shown):
    shop.put(price=price, currency=currency)

    _, basket = shop.pay()

    assert stripe.forms("payment_intent")[0]["amount"] == str(units)
    assert (basket["price"], basket["settled"]) == (price, shown)


@pytest.mark.parametrize(
    ("price", "currency"), [("5.50", "JPY"), ("0", "EUR"), ("1e3", "EUR"), ("5", "MGA"), ("-1", "EUR")]
)
def test_a_price_that_the_currency_does_not_have_is_refused(shop, price, currency):
    status, _ = shop.ask("PUT", "/baskets/b1", price=price, currency=currency)

    assert status == 400


def test_the_same_put_changes_nothing_and_another_is_forbidden(shop):
    shop.put()
    shop.put()

    status, basket = shop.ask("PUT", "/baskets/b1", price="1.00", currency="EUR")

    assert (status, basket["price"]) == (409, "49.99")


def test_what_nobody_put_is_not_found(shop):
    assert [shop.ask("GET", "/baskets/b9")[0], shop.pay("b9")[0]] == [404, 404]
