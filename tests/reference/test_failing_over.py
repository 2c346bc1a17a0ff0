"""Failover: the next provider is asked when the first has done nothing for sure, and money moves once."""

import json

import pytest
from tests.reference.listening import listening

from badgateway.ground.message import Reply
from badgateway.reference.settings import BadSetting, read_settings

AWAY = (429, {"error": {"type": "rate_limit_error", "message": "not now"}}, {})
BROKEN = (500, {"error": {"type": "api_error", "message": "oops"}}, {})
TOKENS = {"stripe": "pm_card_visa", "adyen": "8416_adyen_token"}


class FakeAdyen:
    """As much of Adyen as one payment and its refund need."""

    def __init__(self):
        self.asked = []  # (path, body)

    def answer(self, request):
        body = json.loads(request.body)
        self.asked.append((request.path, body))
        made = {
            "pspReference": f"ADYEN{len(self.asked)}",
            "status": "received",
            "resultCode": "Authorised",
            "amount": body["amount"],
        }
        return Reply(200 if request.path == "/v71/payments" else 201, json.dumps(made).encode())

    def paths(self):
        return [path for path, _ in self.asked]


@pytest.fixture
def second():
    """Give the provider that is asked after the first."""
    made = FakeAdyen()
    with listening(made.answer) as made.url:
        yield made


@pytest.fixture
def shop(start, second):
    """Give a function: the integration with a route over both, and an order that is open."""

    def make(defect=None, **more):
        adyen = {
            "PROVIDER": "stripe,adyen",
            "ADYEN_API_BASE": second.url,
            "ADYEN_API_KEY": "key of the second",
            "ADYEN_WEBHOOK_SECRET": "AB",
            "ADYEN_MERCHANT_ACCOUNT": "Shop",
        }
        made = start(defect, **adyen, **more)
        made.opened()
        return made

    return make


def pay(shop, method="pm_card_visa"):
    body = {"payment_method": method, "payment_methods": {**TOKENS, "stripe": method}}
    return shop.client.post("/orders/o1/pay", json=body)


def test_a_provider_that_did_nothing_is_followed_by_the_next(fake, second, shop):
    shop, fake.script["pay"] = shop(), [AWAY, AWAY, AWAY]

    answer = pay(shop)

    assert (answer.status_code, answer.json["status"]) == (200, "PAID")
    assert (fake.count("pay"), second.paths()) == (3, ["/v71/payments"])
    assert second.asked[0][1]["paymentMethod"]["storedPaymentMethodId"] == TOKENS["adyen"]
    assert len(fake.payments) == 0


def test_an_answer_that_was_lost_is_found_out_at_the_provider_that_was_asked(fake, second, shop):
    shop, fake.script["pay"] = shop(), ["close_after"] * 3

    answer = pay(shop)
    shop.client.post("/internal/sync")

    assert (answer.status_code, answer.json["status"]) == (202, "PENDING")
    assert (shop.view()["status"], second.asked) == ("PAID", [])


@pytest.mark.parametrize("script", [[BROKEN, AWAY, AWAY], ["close_before", AWAY, AWAY]])
def test_a_no_after_a_doubtful_try_says_nothing_about_that_try(fake, second, shop, script):
    shop, fake.script["pay"] = shop(), script

    assert pay(shop).json["status"] == "PENDING"
    assert second.asked == []


def test_the_issuers_no_is_taken_for_an_answer(fake, second, shop):
    shop = shop()

    assert pay(shop, "pm_card_declined").status_code == 402
    assert (fake.count("pay"), second.asked) == (1, [])


def test_a_provider_that_knows_no_token_of_the_shopper_is_left_out(fake, second, shop):
    shop, fake.script["pay"] = shop(), [AWAY, AWAY, AWAY]

    answer = shop.client.post("/orders/o1/pay", json={"payment_method": "pm_card_visa"})

    assert (answer.status_code, second.asked) == (503, [])


def test_a_refund_goes_to_the_provider_that_took_the_money(fake, second, shop):
    shop, fake.script["pay"] = shop(), [AWAY, AWAY, AWAY]
    pay(shop)

    answer = shop.client.post("/orders/o1/refunds", json={"amount": "10.00", "refund_reference": "r1"})

    assert answer.status_code == 200
    assert second.paths() == ["/v71/payments", "/v71/payments/ADYEN1/refunds"]
    assert fake.count("refund") == 0


def test_money_that_turns_up_at_the_first_after_the_second_took_over_goes_back(fake, second, shop):
    shop, fake.script["pay"] = shop(), [AWAY, AWAY, AWAY]
    pay(shop)
    attempt = {"metadata[order]": "o1", "metadata[attempt]": "1", "amount": "4999", "currency": "eur"}
    fake.pay({**attempt, "payment_method": "pm_card_visa", "capture_method": "automatic"})

    shop.tell(fake.event("payment_intent.succeeded", fake.payments["pi_1"]))

    assert [refund["amount"] for refund in fake.refunds.values()] == [4999]
    assert (shop.view()["paid_minor"], shop.view()["refunded_minor"]) == (9998, 4999)
    assert second.paths() == ["/v71/payments"]


def test_a_hold_that_turns_up_at_the_first_is_let_go_and_the_other_one_captured(fake, second, shop, start):
    shop, fake.script["pay"] = shop(), [AWAY, AWAY, AWAY]
    shop.opened("o2", capture="manual")
    body = {"payment_method": "pm_card_visa", "payment_methods": TOKENS}
    shop.client.post("/orders/o2/pay", json=body)
    attempt = {"metadata[order]": "o2", "metadata[attempt]": "1", "amount": "4999", "currency": "eur"}
    fake.pay({**attempt, "payment_method": "pm_card_visa", "capture_method": "manual"})

    shop.tell(fake.event("payment_intent.amount_capturable_updated", fake.payments["pi_1"]))
    shop.client.post("/orders/o2/capture", json={})

    assert (fake.payments["pi_1"]["status"], fake.count("capture")) == ("canceled", 0)
    assert second.paths() == ["/v71/payments", "/v71/payments/ADYEN1/captures"]


def test_a_route_is_configuration_alone():
    account = {"ADYEN_API_KEY": "a", "ADYEN_API_BASE": "http://adyen.test", "STRIPE_API_KEY": "s"}

    settings = read_settings({"PROVIDER": "adyen, stripe", **account}, 1)

    assert settings.route == ("adyen", "stripe")
    assert settings.at("adyen").api_base == "http://adyen.test"
    assert settings.at("stripe").merchant.api_key == "s"
    assert settings.at("nobody") is settings


@pytest.mark.parametrize("provider", ["stripe,nobody", "stripe,adyen"])
def test_a_route_over_what_is_not_configured_is_refused(provider):
    with pytest.raises(BadSetting, match=r"PROVIDER|ADYEN_API_KEY"):
        read_settings({"PROVIDER": provider, "STRIPE_API_KEY": "s"}, 1)
