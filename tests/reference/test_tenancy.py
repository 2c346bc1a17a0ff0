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


@pytest.mark.parametrize(
    ("merchant", "currency", "status"), [("second", "EUR", 201), ("second", "KWD", 422), ("main", "KWD", 201)]
)
def test_an_order_in_a_currency_that_its_merchant_does_not_take_is_refused(
    fake, start, merchant, currency, status
):
    shop = start(**fake.second_merchant, CURRENCIES_SECOND="EUR, USD")

    answer = shop.client.post("/orders", json=WANTED | {"merchant": merchant, "currency": currency})

    assert answer.status_code == status
    if status == 422:
        assert answer.json["error"]["code"] == "currency_not_taken"


@pytest.mark.parametrize(
    ("merchant", "said", "kept"),
    [
        ("second", {}, "manual"),
        ("second", {"capture": "manual"}, "manual"),
        ("second", {"capture": "automatic"}, None),
        ("main", {}, "automatic"),
        ("main", {"capture": "manual"}, "manual"),
    ],
)
def test_money_is_taken_as_the_merchant_has_it_taken(fake, start, merchant, said, kept):
    shop = start(**fake.second_merchant, CAPTURE_SECOND="manual")

    answer = shop.client.post("/orders", json=WANTED | {"merchant": merchant} | said)

    assert (answer.status_code, answer.json.get("capture")) == (201 if kept else 422, kept)


def test_a_way_to_capture_that_nobody_knows_is_told_at_the_start():
    environment = {"STRIPE_API_KEY": "sk_test_1", "CAPTURE": "later"}

    with pytest.raises(BadSetting, match="CAPTURE must be automatic or manual, not 'later'"):
        read_settings(environment, 1)
