"""Customers and payment methods, driven by the official SDK."""

import pytest
import stripe

from badgateway.providers.stripe import methods
from badgateway.providers.stripe.cards import BY_TOKEN


def test_a_customer_lives_and_dies(client):
    made = client.customers.create({"email": "a@example.com", "metadata": {"k": "v"}})
    changed = client.customers.update(made.id, {"name": "Ada", "email": ""})
    gone = client.customers.delete(made.id)

    assert (made.email, changed.name, changed.email) == ("a@example.com", "Ada", None)
    assert gone.deleted is True
    assert client.customers.retrieve(made.id).deleted is True
    assert client.customers.list().data == []
    with pytest.raises(stripe.InvalidRequestError):
        client.customers.update(made.id, {"name": "Eve"})


def test_methods_of_a_deleted_customer_belong_to_nobody(client):
    customer = client.customers.create({"payment_method": "pm_card_visa"})
    (method,) = client.customers.payment_methods.list(customer.id).data

    client.customers.delete(customer.id)

    assert client.payment_methods.retrieve(method.id).customer is None
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.payment_intents.create({"amount": 500, "currency": "usd", "customer": customer.id})
    assert refused.value.code == "resource_missing"


def test_customers_are_found_by_e_mail(client):
    client.customers.create({"email": "a@example.com"})
    wanted = client.customers.create({"email": "b@example.com"})

    assert [one.id for one in client.customers.list({"email": "b@example.com"}).data] == [wanted.id]


def test_a_payment_method_is_attached_and_detached(client):
    customer = client.customers.create()
    method = client.payment_methods.create({"type": "card", "card": {"token": "tok_mastercard"}})

    attached = client.payment_methods.attach(method.id, {"customer": customer.id})
    listed = client.customers.payment_methods.list(customer.id, {"type": "card"})
    detached = client.payment_methods.detach(method.id)

    assert (method.card.brand, method.customer) == ("mastercard", None)
    assert attached.customer == customer.id
    assert [one.id for one in listed.data] == [method.id]
    assert detached.customer is None
    assert client.payment_methods.list({"customer": customer.id}).data == []


def test_a_test_number_becomes_a_method_that_pays(client):
    method = client.payment_methods.create(
        {
            "type": "card",
            "card": {"number": "5555 5555 5555 4444", "exp_month": 3, "exp_year": 31, "cvc": "123"},
            "billing_details": {"name": "Ada"},
        }
    )
    intent = client.payment_intents.create(
        {"amount": 500, "currency": "usd", "payment_method": method.id, "confirm": True}
    )

    assert (method.card.last4, method.card.exp_year, method.billing_details.name) == ("4444", 2031, "Ada")
    assert (intent.status, intent.payment_method) == ("succeeded", method.id)


@pytest.mark.parametrize(
    ("number", "code", "decline_code"),
    [
        ("4242424242424241", "incorrect_number", None),
        ("4111111111111111", "card_declined", "testmode_decline"),
    ],
)
def test_other_numbers_are_refused_and_never_shown(ask, account, number, code, decline_code):
    status, body = ask(
        "POST", "/v1/payment_methods", f"type=card&card[number]={number}&card[exp_month]=1&card[exp_year]=30"
    )

    assert (status, body["error"]["code"], body["error"].get("decline_code")) == (402, code, decline_code)
    assert number not in str(body)
    assert number not in repr(account.shelf)


@pytest.mark.parametrize(
    ("card", "param"),
    [
        ({"exp_month": 1, "exp_year": 30}, "card[number]"),
        ({"number": "4242424242424242", "exp_year": 30}, "card[exp_month]"),
        ({"token": "tok_unheard"}, "card[token]"),
    ],
)
def test_a_card_that_is_not_whole_is_refused(client, card, param):
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.payment_methods.create({"type": "card", "card": card})

    assert refused.value.param == param


def test_method_data_pays_in_one_call(client):
    intent = client.payment_intents.create(
        {
            "amount": 500,
            "currency": "usd",
            "confirm": True,
            "payment_method_data": {"type": "card", "card": {"token": "tok_visa"}},
        }
    )

    assert intent.status == "succeeded"


def test_metadata_and_billing_details_of_a_method_can_be_changed(client):
    method = client.payment_methods.retrieve("pm_card_visa")

    client.payment_methods.update(
        method.id, {"metadata": {"a": "1"}, "billing_details": {"email": "a@example.com"}}
    )
    found = client.payment_methods.retrieve(method.id)

    assert found.metadata.to_dict() == {"a": "1"}
    assert found.billing_details.email == "a@example.com"


def test_two_methods_of_one_card_differ_in_nothing_but_what_is_their_own(account):
    one, other = (methods.make(BY_TOKEN["pm_card_visa"], account) for _ in range(2))
    dated = methods.make(BY_TOKEN["pm_card_visa"], account, billing={"name": "Ada"}, month=3, year=2031)

    assert one.id != other.id
    assert one.fingerprint == other.fingerprint == dated.fingerprint
    assert one.fingerprint != methods.make(BY_TOKEN["pm_card_mastercard"], account).fingerprint
    assert (one.exp_month, one.exp_year, one.billing) == (12, 2034, {})
    assert (dated.exp_month, dated.exp_year, dated.billing) == (3, 2031, {"name": "Ada"})
    assert one.billing is not other.billing
    assert one.metadata is not other.metadata
