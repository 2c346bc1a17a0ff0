"""Setup intents and payment methods that are kept for later, driven by the official SDK."""

import json

import pytest
import stripe

from badgateway.payments.commands import Authenticate
from badgateway.providers.stripe.setups import authenticate
from badgateway.providers.stripe.shelf import shelf


@pytest.fixture
def customer(client, account):
    """Make a customer of whom nothing was told yet."""
    made = client.customers.create({"email": "a@example.com"}).id
    account.told.clear()
    return made


@pytest.fixture
def saved(client, customer, account):
    """Give a maker of payment methods that were set up for the customer."""

    def save(card, *, is_challenged=False):
        setup = client.setup_intents.create({"customer": customer, "payment_method": card, "confirm": True})
        if is_challenged:
            authenticate(shelf(account).setups[setup.id], account, is_passed=True)
        return client.setup_intents.retrieve(setup.id).payment_method

    return save


def renew(client, customer, method, **more):
    return client.payment_intents.create(
        {
            "amount": 900,
            "currency": "usd",
            "customer": customer,
            "payment_method": method,
            "confirm": True,
            "off_session": True,
            **more,
        }
    )


def test_a_setup_goes_its_way_and_gives_the_method_to_the_customer(client, account, customer):
    made = client.setup_intents.create({"customer": customer, "metadata": {"order": "o1"}})
    chosen = client.setup_intents.update(made.id, {"payment_method": "pm_card_visa", "metadata": {"k": "v"}})
    done = client.setup_intents.confirm(made.id)

    assert [one.status for one in (made, chosen, done)] == [
        "requires_payment_method",
        "requires_confirmation",
        "succeeded",
    ]
    assert done.metadata.to_dict() == {"order": "o1", "k": "v"}
    assert done.usage == "off_session"
    assert client.payment_methods.retrieve(done.payment_method).customer == customer
    assert account.types() == ["setup_intent.created", "setup_intent.succeeded", "payment_method.attached"]


def test_without_a_customer_a_method_is_attached_to_nobody(client, account):
    client.setup_intents.create({"payment_method": "pm_card_visa", "confirm": True})

    assert account.types() == ["setup_intent.created", "setup_intent.succeeded"]


@pytest.mark.parametrize(("is_passed", "status"), [(True, "succeeded"), (False, "requires_payment_method")])
def test_a_challenge_ends_as_the_shopper_ends_it(client, account, customer, is_passed, status):
    asked = client.setup_intents.create(
        {
            "customer": customer,
            "payment_method": "pm_card_authenticationRequired",
            "confirm": True,
            "return_url": "https://shop.example/back",
        }
    )
    authenticate(shelf(account).setups[asked.id], account, is_passed=is_passed)
    authenticate(shelf(account).setups[asked.id], account, is_passed=not is_passed)
    done = client.setup_intents.retrieve(asked.id)

    assert asked.next_action.redirect_to_url.return_url == "https://shop.example/back"
    assert asked.id in asked.next_action.redirect_to_url.url
    assert (done.status, done.next_action) == (status, None)
    if not is_passed:
        assert done.last_setup_error.code == "setup_intent_authentication_failure"
        assert account.types()[-1] == "setup_intent.setup_failed"


def test_a_declined_setup_is_a_card_error_with_the_intent(client, account):
    with pytest.raises(stripe.CardError) as refused:
        client.setup_intents.create({"payment_method": "pm_card_chargeDeclinedLostCard", "confirm": True})

    error = refused.value.error
    assert (error.code, error.decline_code) == ("card_declined", "lost_card")
    assert error.setup_intent.status == "requires_payment_method"
    assert error.setup_intent.last_setup_error.payment_method.id.startswith("pm_")
    assert account.types() == ["setup_intent.created", "setup_intent.setup_failed"]


def test_cancelling_and_what_cannot_be_done_after_it(client):
    setup = client.setup_intents.create({"payment_method": "pm_card_visa"})
    gone = client.setup_intents.cancel(setup.id, {"cancellation_reason": "abandoned"})

    assert (gone.status, gone.cancellation_reason) == ("canceled", "abandoned")
    for again in (client.setup_intents.confirm, client.setup_intents.cancel):
        with pytest.raises(stripe.InvalidRequestError) as refused:
            again(setup.id)
        assert refused.value.code == "setup_intent_unexpected_state"
        assert refused.value.json_body["error"]["setup_intent"]["status"] == "canceled"


def test_a_setup_without_a_method_cannot_be_confirmed(client):
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.setup_intents.confirm(client.setup_intents.create({}).id)

    assert refused.value.code == "setup_intent_unexpected_state"


def test_setups_are_listed_by_customer_and_method(client, customer):
    first = client.setup_intents.create({"customer": customer})
    second = client.setup_intents.create({"payment_method": "pm_card_visa"})

    assert [one.id for one in client.setup_intents.list().data] == [second.id, first.id]
    assert [one.id for one in client.setup_intents.list({"customer": customer}).data] == [first.id]
    of_method = client.setup_intents.list({"payment_method": second.payment_method})
    assert [one.id for one in of_method.data] == [second.id]


def test_a_card_that_asks_unless_set_up_pays_off_session_once_it_was(client, customer, saved):
    with pytest.raises(stripe.CardError) as refused:
        renew(client, customer, "pm_card_authenticationRequiredOnSetup")
    method = saved("pm_card_authenticationRequiredOnSetup", is_challenged=True)

    assert refused.value.code == "authentication_required"
    assert renew(client, customer, method).status == "succeeded"
    assert renew(client, customer, method, off_session=False).status == "requires_action"


def test_a_card_that_was_prepared_elsewhere_pays_off_session_at_once(client, customer, saved):
    method = saved("pm_card_authenticationRequiredSetupForOffSession")

    assert renew(client, customer, method).status == "succeeded"


def test_a_card_that_always_asks_is_refused_off_session_even_when_set_up(client, customer, saved):
    method = saved("pm_card_authenticationRequired", is_challenged=True)

    with pytest.raises(stripe.CardError) as refused:
        renew(client, customer, method)
    assert refused.value.code == "authentication_required"


def test_a_card_that_fails_later_is_set_up_all_the_same(client, customer, saved):
    with pytest.raises(stripe.CardError) as refused:
        renew(client, customer, saved("pm_card_chargeCustomerFail"))

    assert refused.value.code == "card_declined"


def test_setup_future_usage_keeps_the_method_of_a_payment(client, account, customer, paid):
    intent = paid(customer=customer, setup_future_usage="off_session")

    assert client.payment_methods.retrieve(intent.payment_method).customer == customer
    assert account.types()[-1] == "payment_method.attached"
    assert renew(client, customer, intent.payment_method).status == "succeeded"


def test_a_method_is_kept_after_the_challenge_and_not_before(client, account, customer, paid):
    intent = paid(
        card="pm_card_authenticationRequiredOnSetup", customer=customer, setup_future_usage="off_session"
    )
    before = client.payment_methods.retrieve(intent.payment_method).customer
    account.act(Authenticate(intent.id))

    assert before is None
    assert client.payment_methods.retrieve(intent.payment_method).customer == customer
    assert renew(client, customer, intent.payment_method).status == "succeeded"


def test_a_customers_method_is_not_used_without_the_customer(client, customer, saved):
    method = saved("pm_card_visa")
    other = client.customers.create().id

    for named in ({}, {"customer": other}):
        with pytest.raises(stripe.InvalidRequestError) as refused:
            client.payment_intents.create(
                {"amount": 900, "currency": "usd", "payment_method": method, "confirm": True, **named}
            )
        assert refused.value.param == "payment_method"


def test_an_error_on_required_action_is_a_decline(client, paid, account):
    with pytest.raises(stripe.CardError) as refused:
        paid(card="pm_card_authenticationRequired", error_on_requires_action=True)

    assert refused.value.code == "authentication_required"
    assert refused.value.error.payment_intent.status == "requires_payment_method"
    assert account.types()[-1] == "payment_intent.payment_failed"


def test_an_intent_that_waits_for_the_shopper_can_be_confirmed_with_another_card(client, paid, account):
    intent = paid(card="pm_card_authenticationRequired")
    again = client.payment_intents.confirm(intent.id)
    done = client.payment_intents.confirm(intent.id, {"payment_method": "pm_card_visa"})

    assert (again.status, done.status) == ("requires_action", "succeeded")
    assert account.book.do(Authenticate(intent.id), "act:test").refusal is not None
    assert sum(one.kind == "capture" for one in account.book.ledger.entries()) == 1


def test_the_events_of_a_customer(client, account):
    customer = client.customers.create({"name": "Ada"}).id
    client.customers.update(customer, {"name": "Eve"})
    client.customers.delete(customer)

    told = [json.loads(event.body) for event in account.told]
    assert [one["type"] for one in told] == ["customer.created", "customer.updated", "customer.deleted"]
    assert told[1]["data"]["previous_attributes"] == {"name": "Ada"}
    assert told[1]["request"]["id"] is not None


def test_a_parameter_that_is_not_simulated_is_refused_by_name(client):
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.setup_intents.create({"confirmation_token": "ctoken_1"})

    assert refused.value.param == "confirmation_token"
    assert "simulator" in str(refused.value)
