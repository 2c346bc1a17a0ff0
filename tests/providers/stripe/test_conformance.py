"""What we show and take, held against the real API's field lists, which stay outside of the project."""

import json
from pathlib import Path

import pytest
import stripe
from stripe._request_options import RequestOptions
from stripe.params import AccountListParams, PayoutListParams
from stripe.params.v2.core import (
    EventDestinationCreateParams,
    EventDestinationListParams,
    EventDestinationRetrieveParams,
    EventDestinationUpdateParams,
    EventListParams,
)

from badgateway.payments.commands import OpenDispute
from badgateway.providers.stripe import events
from badgateway.providers.stripe.cards import WORDINGS
from badgateway.providers.stripe.params import kinds
from badgateway.providers.stripe.routes import ROUTES

VENDOR = Path(__file__).resolve().parents[4] / "shared" / "vendor" / "stripe"
pytestmark = pytest.mark.conformance

# Only there when they are expanded (customer), or when the customer is deleted.
EXPANDED_ONLY = {"cash_balance", "deleted", "sources", "subscriptions", "tax", "tax_ids"}


SESSION = {
    "mode": "payment",
    "success_url": "https://shop.example/done",
    "line_items": [
        {
            "price_data": {"currency": "eur", "unit_amount": 500, "product_data": {"name": "A book"}},
            "quantity": 1,
        }
    ],
}


@pytest.fixture(scope="module")
def fields():
    """Give object -> {fields, nested} of the real API."""
    return json.loads((VENDOR / "sdk-16.1.0-response-fields.json").read_text())["objects"]


@pytest.fixture(scope="module")
def accepted():
    """Give resource.method -> parameters of the real API."""
    return json.loads((VENDOR / "sdk-16.1.0-request-params.json").read_text())["params"]


def unlike(shown, known, *, missing=()):
    """Give the fields that only one of the two has."""
    return set(shown) ^ (set(known) - set(missing))


def test_intents_have_every_field_in_every_state(paid, client, fields):
    known = fields["payment_intent"]["fields"]
    held = paid(capture_method="manual")
    with pytest.raises(stripe.CardError) as declined:
        paid(card="pm_card_chargeDeclined")
    shown = [
        paid(),
        held,
        client.payment_intents.cancel(held.id),
        client.payment_intents.create({"amount": 500, "currency": "usd"}),
        paid(card="pm_card_authenticationRequired"),
        paid(card="pm_usBankAccount_success"),
        declined.value.error.payment_intent,
    ]

    assert [unlike(one.to_dict(), known) for one in shown] == [set()] * len(shown)
    assert {one.status for one in shown} <= set(known["status"]["enum"])
    assert len({one.status for one in shown}) == 6


def test_charges_have_every_field(paid, client, fields):
    known = fields["charge"]
    for card in ("pm_card_visa", "pm_usBankAccount_success"):
        shown = client.charges.retrieve(paid(card=card).latest_charge).to_dict()

        assert unlike(shown, known["fields"]) == set()
        assert unlike(shown["billing_details"], known["nested"]["BillingDetails"]) == set()
        if shown["outcome"]:
            assert unlike(shown["outcome"], known["nested"]["Outcome"]) == set()
        card_details = shown["payment_method_details"].get("card")
        if card_details:
            assert unlike(card_details, known["nested"]["PaymentMethodDetails.Card"]) == set()


def test_lines_and_payouts_have_every_field(paid, client, account, fields):
    paid(amount=10_000)
    account.book.settlement.settle("act:settle")
    account.book.settlement.adjust(-50, "EUR", "reserve", "act:adjust")
    (made,) = account.book.settlement.pay_out("act:payout")
    known = fields["balance_transaction"]
    lines = [one.to_dict() for one in client.balance_transactions.list().data]

    assert [unlike(one, known["fields"]) for one in lines] == [set()] * 3
    assert {one["type"] for one in lines} <= set(known["fields"]["type"]["enum"])
    assert unlike(lines[-1]["fee_details"][0], known["nested"]["FeeDetail"]) == set()
    assert unlike(client.payouts.retrieve(made.id).to_dict(), _fields_of(stripe.Payout)) == set()


def _fields_of(kind):
    return {name for name in kind.__annotations__ if not name.startswith("_") and name != "OBJECT_NAME"}


def test_refunds_and_disputes_have_every_field(paid, client, account, fields):
    refund = client.refunds.create({"payment_intent": paid().id}).to_dict()
    account.act(OpenDispute("du_1test", paid().id))
    dispute = client.disputes.retrieve("du_1test").to_dict()

    assert unlike(refund, fields["refund"]["fields"]) == set()
    assert unlike(dispute, fields["dispute"]["fields"]) == set()
    assert unlike(dispute["evidence"], fields["dispute"]["nested"]["Evidence"]) == set()
    assert unlike(dispute["evidence_details"], fields["dispute"]["nested"]["EvidenceDetails"]) == set()


def test_setup_intents_have_every_field_in_every_state(client, fields):
    known = fields["setup_intent"]["fields"]
    made = [
        client.setup_intents.create({}),
        client.setup_intents.create({"payment_method": "pm_card_visa"}),
        client.setup_intents.create({"payment_method": "pm_card_visa", "confirm": True}),
        client.setup_intents.create({"payment_method": "pm_card_authenticationRequired", "confirm": True}),
        client.setup_intents.cancel(client.setup_intents.create({}).id),
    ]
    with pytest.raises(stripe.CardError) as declined:
        client.setup_intents.create({"payment_method": "pm_card_chargeDeclined", "confirm": True})

    shown = [*(one.to_dict() for one in made), declined.value.json_body["error"]["setup_intent"]]

    assert [unlike(one, known) for one in shown] == [set()] * 6
    assert {one["status"] for one in shown} <= set(known["status"]["enum"])
    assert len({one["status"] for one in shown}) == 5


def test_sessions_have_every_field_but_what_is_expanded(client, fields):
    made = client.checkout.sessions.create(SESSION)
    gone = client.checkout.sessions.expire(made.id)

    for shown in (made, gone):
        assert unlike(shown.to_dict(), fields["checkout.session"]["fields"], missing={"line_items"}) == set()
    total = fields["checkout.session"]["nested"]["TotalDetails"]
    assert unlike(made.total_details.to_dict(), total, missing={"breakdown"}) == set()


def test_endpoints_balances_and_answered_disputes_have_every_field(client, account, paid, fields):
    endpoint = client.webhook_endpoints.create({"url": "http://127.0.0.1:9/", "enabled_events": ["*"]})
    account.act(OpenDispute("du_1test", paid().id))
    dispute = client.disputes.update("du_1test", {"evidence": {"customer_name": "Ada"}}).to_dict()

    assert unlike(endpoint.to_dict(), fields["webhook_endpoint"]["fields"], missing={"deleted"}) == set()
    assert unlike(client.balance.retrieve().to_dict(), fields["balance"]["fields"]) == set()
    assert unlike(dispute, fields["dispute"]["fields"]) == set()
    assert unlike(dispute["evidence"], fields["dispute"]["nested"]["Evidence"]) == set()


def test_customers_have_every_field(client, fields):
    shown = client.customers.create({"email": "a@example.com"}).to_dict()

    assert unlike(shown, fields["customer"]["fields"], missing=EXPANDED_ONLY) == set()


@pytest.mark.parametrize("token", ["pm_card_visa", "pm_usBankAccount_success"])
def test_payment_methods_have_their_own_type_and_the_common_fields(client, fields, token):
    known = fields["payment_method"]["fields"]
    shown = client.payment_methods.retrieve(token).to_dict()
    types = set(known["type"]["enum"])

    assert set(shown) <= set(known)
    assert set(shown) & types == {shown["type"]}
    assert set(known) - types - {"radar_options"} <= set(shown)
    if shown["type"] == "card":
        assert unlike(shown["card"], fields["payment_method"]["nested"]["Card"]) == set()


def test_events_have_every_field(paid, account, fields):
    paid()

    for event in account.told:
        shown = json.loads(event.body)
        assert unlike(shown, fields["event"]["fields"]) == set()
        assert shown["type"] in fields["event"]["fields"]["type"]["enum"]


def test_every_event_type_is_a_real_one(fields):
    tables = [
        *events._USUAL.values(),
        *(kinds for name, kinds in vars(events).items() if _is_table(name, kinds)),
    ]
    types = {kind.type for table in tables for kind in table}

    assert types <= set(fields["event"]["fields"]["type"]["enum"])


def test_errors_have_only_known_fields(paid, client, fields):
    known = set(fields["error"]["fields"])
    with pytest.raises(stripe.CardError) as declined:
        paid(card="pm_card_chargeDeclined")
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.payment_intents.retrieve("pi_unheard")

    assert {*declined.value.json_body["error"], *refused.value.json_body["error"]} <= known


def test_every_code_of_an_error_is_a_real_one(fields):
    codes = fields["payment_intent"]["nested"]["LastPaymentError"]["code"]["enum"]

    assert {words.code for words in WORDINGS.values()} <= set(codes)


NAMES = {
    "POST /v1/payment_intents": "payment_intent.create",
    "GET /v1/payment_intents": "payment_intent.list",
    "GET /v1/payment_intents/{id}": "payment_intent.retrieve",
    "POST /v1/payment_intents/{id}": "payment_intent.update",
    "POST /v1/payment_intents/{id}/confirm": "payment_intent.confirm",
    "POST /v1/payment_intents/{id}/capture": "payment_intent.capture",
    "POST /v1/payment_intents/{id}/cancel": "payment_intent.cancel",
    "POST /v1/payment_intents/{id}/increment_authorization": "payment_intent.increment_authorization",
    "GET /v1/payment_intents/search": "payment_intent.search",
    "GET /v1/charges/search": "charge.search",
    "GET /v1/customers/search": "customer.search",
    "POST /v1/refunds/{id}/cancel": "refund.cancel",
    "POST /v1/disputes/{id}": "dispute.update",
    "POST /v1/disputes/{id}/close": "dispute.close",
    "POST /v1/checkout/sessions": "checkout.session.create",
    "GET /v1/checkout/sessions": "checkout.session.list",
    "GET /v1/checkout/sessions/{id}": "checkout.session.retrieve",
    "POST /v1/checkout/sessions/{id}/expire": "checkout.session.expire",
    "GET /v1/checkout/sessions/{id}/line_items": "checkout.session.line_items",
    "POST /v1/webhook_endpoints": "webhook_endpoint.create",
    "GET /v1/webhook_endpoints": "webhook_endpoint.list",
    "GET /v1/webhook_endpoints/{id}": "webhook_endpoint.retrieve",
    "POST /v1/webhook_endpoints/{id}": "webhook_endpoint.update",
    "DELETE /v1/webhook_endpoints/{id}": "webhook_endpoint.delete",
    "POST /v1/setup_intents": "setup_intent.create",
    "GET /v1/setup_intents": "setup_intent.list",
    "GET /v1/setup_intents/{id}": "setup_intent.retrieve",
    "POST /v1/setup_intents/{id}": "setup_intent.update",
    "POST /v1/setup_intents/{id}/confirm": "setup_intent.confirm",
    "POST /v1/setup_intents/{id}/cancel": "setup_intent.cancel",
    "POST /v1/refunds": "refund.create",
    "GET /v1/refunds": "refund.list",
    "GET /v1/refunds/{id}": "refund.retrieve",
    "POST /v1/refunds/{id}": "refund.update",
    "GET /v1/charges": "charge.list",
    "GET /v1/charges/{id}": "charge.retrieve",
    "POST /v1/charges/{id}": "charge.update",
    "GET /v1/disputes": "dispute.list",
    "GET /v1/disputes/{id}": "dispute.retrieve",
    "POST /v1/customers": "customer.create",
    "GET /v1/customers": "customer.list",
    "GET /v1/balance": "balance.retrieve",
    "GET /v1/customers/{id}": "customer.retrieve",
    "POST /v1/customers/{id}": "customer.update",
    "DELETE /v1/customers/{id}": "customer.delete",
    "GET /v1/balance_transactions": "balance_transaction.list",
    "GET /v1/balance_transactions/{id}": "balance_transaction.retrieve",
    "GET /v1/payouts": "payout.list",
    "GET /v1/payouts/{id}": "payout.retrieve",
    "GET /v1/customers/{id}/payment_methods": "customer.list_payment_methods",
    "GET /v1/payment_methods": "payment_method.list",
    "GET /v1/payment_methods/{id}": "payment_method.retrieve",
    "POST /v1/payment_methods/{id}": "payment_method.update",
    "POST /v1/payment_methods/{id}/attach": "payment_method.attach",
    "POST /v1/payment_methods/{id}/detach": "payment_method.detach",
    "GET /v1/events": "event.list",
    "GET /v1/events/{id}": "event.retrieve",
}


# The lists that stay outside of the project know no payouts; the installed SDK does.
OF_THE_SDK = {
    "payout.list": set(PayoutListParams.__annotations__) - set(RequestOptions.__annotations__),
    "payout.retrieve": {"expand"},
    "balance.retrieve": {"expand"},
    "checkout.session.retrieve": {"expand"},
    "checkout.session.line_items": {"ending_before", "expand", "limit", "starting_after"},
    "POST /v2/core/event_destinations": set(EventDestinationCreateParams.__annotations__),
    "GET /v2/core/event_destinations": set(EventDestinationListParams.__annotations__),
    "GET /v2/core/event_destinations/{id}": set(EventDestinationRetrieveParams.__annotations__),
    "POST /v2/core/event_destinations/{id}": set(EventDestinationUpdateParams.__annotations__),
    "GET /v1/accounts": set(AccountListParams.__annotations__) - set(RequestOptions.__annotations__),
    "GET /v2/core/events": set(EventListParams.__annotations__),
}
# Addresses without parameters, and those of ours that the real API does not have.
BARE = {
    "GET /v1/account",
    "GET /v1/accounts/{id}",
    "DELETE /v2/core/event_destinations/{id}",
    "POST /v2/core/event_destinations/{id}/disable",
    "POST /v2/core/event_destinations/{id}/enable",
    "POST /v2/core/event_destinations/{id}/ping",
    "GET /v2/core/events/{id}",
    *(f"{route.method} {route.pattern}" for route in ROUTES if "/test_helpers/" in route.pattern),
}


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{route.method} {route.pattern}")
def test_no_parameter_of_the_real_api_is_unknown_here(route, accepted):
    """A client that sends what the real API takes is never told that it is unknown."""
    place = f"{route.method} {route.pattern}"
    name = {**NAMES, "POST /v1/payment_methods": "payment_method.create"}.get(place, place)
    taken = set(kinds(route.shape))

    assert (OF_THE_SDK.get(name) or set(() if place in BARE else accepted[name])) <= taken


def _is_table(name, value):
    return name.startswith("_") and name.isupper() and isinstance(value, tuple)
