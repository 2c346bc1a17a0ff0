"""Several merchants in one integration: credentials, secrets and orders stay apart."""

import pytest

from badgateway.reference.settings import BadSetting, read_settings

SHOPPER = {"name": "Ada Byron", "email": "ada@example.test"}
WANTED = {"reference": "o1", "amount": "49.99", "currency": "EUR", "shopper": SHOPPER}


@pytest.fixture
def shop(fake, start):
    """Give an integration with two merchants."""
    return start(**fake.second_merchant)


def test_an_order_is_paid_and_looked_up_with_the_account_of_its_merchant(fake, shop):
    shop.opened(merchant="second")
    shop.pay(method="pm_action")

    shop.client.post("/internal/sync")

    assert set(fake.credentials) == {"Bearer sk_live_2"}
    assert len(fake.credentials) > 1


def test_without_a_name_it_is_the_usual_merchants(fake, shop):
    shop.opened()

    shop.pay()

    assert set(fake.credentials) == {"Bearer sk_test_1"}


def test_an_order_of_a_merchant_that_is_not_there_is_refused(shop):
    refused = shop.client.post("/orders", json=WANTED | {"merchant": "third"})

    assert refused.status_code == 404


def test_a_reference_is_not_opened_again_for_another_merchant(shop):
    shop.opened()

    again, taken = (
        shop.client.post("/orders", json=WANTED | {"merchant": name}) for name in ("main", "second")
    )

    assert (again.status_code, taken.status_code) == (200, 409)


@pytest.mark.parametrize(
    ("to", "whose", "status"),
    [
        (None, "main", 200),
        ("main", "main", 200),
        ("second", "second", 200),
        ("second", "main", 400),
        (None, "second", 400),
        ("third", "main", 404),
    ],
)
def test_a_webhook_is_believed_with_the_secret_of_its_address_only(fake, shop, to, whose, status):
    event = fake.event("customer.created", {"id": "cus_1", "object": "customer"})
    secret = {"secret": fake.second_merchant["STRIPE_WEBHOOK_SECRET_SECOND"]} if whose == "second" else {}

    answer = shop.tell(event, to=to, **secret)

    assert answer.status_code == status


def test_nothing_stands_in_for_a_key_that_is_missing():
    environment = {"STRIPE_API_KEY": "sk_test_1", "FURTHER_MERCHANTS": "second"}

    with pytest.raises(BadSetting, match="STRIPE_API_KEY_SECOND is not set"):
        read_settings(environment, 1)


@pytest.mark.parametrize(
    ("key", "is_live"),
    [("sk_test_1", False), ("sk_live_1", True), ("rk_live_1", True), ("rk_test_live_1", False)],
)
def test_the_key_tells_the_mode(key, is_live):
    assert read_settings({"STRIPE_API_KEY": key}, 1).merchant.is_live is is_live
