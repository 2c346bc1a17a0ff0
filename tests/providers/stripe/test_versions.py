"""The shapes of the API before and after 2022-11-15, by header and by the account's default."""

import json

import pytest

from badgateway.ground.message import Request
from badgateway.providers.stripe.versions import is_old

OLD, NEW = "2020-08-27", "2022-11-15"
PAY = "amount=500&currency=usd&payment_method=pm_card_visa&confirm=true"


@pytest.fixture
def at(ask, account):
    """Give an asker at a version."""

    def send(version, method, path, form=""):
        headers = (("Authorization", f"Bearer {account.api_key}"), ("Stripe-Version", version))
        return ask(method, path, form, headers=headers)

    return send


@pytest.mark.parametrize(
    ("version", "answer"),
    [(OLD, True), ("2022-08-01", True), (NEW, False), ("2023-10-16", False), ("2026-10-28.endive", False)],
)
def test_which_versions_carry_charges(version, answer):
    assert is_old(version) is answer


def test_an_old_client_sees_the_charges_of_an_intent(at):
    _, intent = at(OLD, "POST", "/v1/payment_intents", PAY)
    _, listed = at(OLD, "GET", "/v1/payment_intents")
    _, new = at(NEW, "GET", f"/v1/payment_intents/{intent['id']}")

    assert "latest_charge" not in intent
    assert (intent["charges"]["total_count"], intent["charges"]["data"][0]["amount"]) == (1, 500)
    assert listed["data"][0]["charges"]["data"][0]["id"] == new["latest_charge"]
    assert "charges" not in new


def test_an_intent_inside_of_an_error_is_of_the_version_too(at):
    _, error = at(OLD, "POST", "/v1/payment_intents", PAY.replace("pm_card_visa", "pm_card_chargeDeclined"))

    assert error["error"]["payment_intent"]["charges"]["data"][0]["failure_code"] == "card_declined"


def test_expansion_goes_by_the_version(at):
    _, intent = at(OLD, "POST", "/v1/payment_intents", PAY)
    path = f"/v1/payment_intents/{intent['id']}"
    status, old = at(OLD, "GET", path, "expand[]=charges.data.payment_intent")
    refused, _ = at(NEW, "GET", path, "expand[]=charges")
    charge = f"/v1/charges/{intent['charges']['data'][0]['id']}"
    _, inside = at(OLD, "GET", charge, "expand[]=payment_intent")

    assert (status, refused) == (200, 400)
    assert old["charges"]["data"][0]["payment_intent"]["id"] == intent["id"]
    assert inside["payment_intent"]["charges"]["total_count"] == 1


def test_the_accounts_default_counts_where_no_version_is_asked_for(ask, at, account):
    account.api_version = OLD
    _, intent = ask("POST", "/v1/payment_intents", PAY)
    _, new = at(NEW, "GET", f"/v1/payment_intents/{intent['id']}")

    assert intent["charges"]["total_count"] == 1
    assert new["latest_charge"] == intent["charges"]["data"][0]["id"]
    assert account.answers[0].reply.header("Stripe-Version") == OLD


def test_events_are_of_the_accounts_version_whoever_looks_at_them(ask, at, account):
    account.api_version = OLD
    ask("POST", "/v1/payment_intents", PAY)
    told = [json.loads(event.body) for event in account.told]
    created, paid = (one for one in told if one["data"]["object"]["object"] == "payment_intent")
    _, kept = at(NEW, "GET", f"/v1/events/{paid['id']}")

    assert {one["api_version"] for one in told} == {OLD}
    assert created["data"]["object"]["charges"]["data"] == []
    assert paid["data"]["object"]["charges"]["total_count"] == 1
    assert kept == paid


def test_an_endpoint_that_names_a_version_gets_its_events_in_it(ask, account):
    hook = f"url=http://127.0.0.1:9/hook&enabled_events[]=*&api_version={OLD}"
    ask("POST", "/v1/webhook_endpoints", hook)
    _, intent = ask("POST", "/v1/payment_intents", PAY)

    paid = json.loads(account.told[-1].body)
    assert "charges" not in intent
    assert (paid["api_version"], paid["data"]["object"]["charges"]["total_count"]) == (OLD, 1)


def test_what_left_its_place_with_basil_is_there_before(at):
    session = "mode=setup&success_url=https://shop.example/done&currency=eur"
    _, intent = at("2024-06-20", "POST", "/v1/payment_intents", f"{PAY}&expand[]=latest_charge")
    _, made = at("2025-02-24.acacia", "POST", "/v1/checkout/sessions", session)
    _, newer = at("2025-03-31.basil", "GET", f"/v1/payment_intents/{intent['id']}", "expand[]=latest_charge")
    _, old = at(OLD, "GET", f"/v1/payment_intents/{intent['id']}")

    assert (intent["invoice"], intent["latest_charge"]["invoice"], made["shipping_details"]) == (None,) * 3
    assert "invoice" in old["charges"]["data"][0]
    assert "invoice" not in {**newer, **newer["latest_charge"]}


@pytest.mark.parametrize("version", ["nonsense", "2026", "2026-10-28endive", "2026-10-28.endive x"])
def test_what_is_no_version_is_refused(at, version):
    status, body = at(version, "GET", "/v1/balance", "")

    assert (status, body["error"]["message"]) == (400, f"Invalid Stripe API version: {version}")


@pytest.mark.parametrize("version", ["2019-12-03", "2025-03-31.preview", "2022-08-01; orders_beta=v4"])
def test_versions_of_all_times_are_taken(at, version):
    assert at(version, "GET", "/v1/balance", "")[0] == 200


def test_trouble_is_told_in_the_accounts_version(account):
    account.api_version = OLD
    dialect = account.dialect

    pages = [
        dialect.server_error(503, account),
        dialect.key_in_flight(account),
        dialect.object_locked(account),
    ]

    assert [page.header("Stripe-Version") for page in pages] == [OLD] * 3


@pytest.mark.parametrize(("asked", "told"), [(OLD, OLD), (None, NEW)])
def test_a_key_that_was_used_for_something_else_is_refused_in_the_version_that_is_asked_for(
    account, asked, told
):
    account.api_version = NEW
    headers = (("Authorization", f"Bearer {account.api_key}"), ("Idempotency-Key", "k1"))
    headers += (("Stripe-Version", asked),) if asked else ()

    _, refused = (
        account.serve(Request("POST", "/v1/customers", "", headers, text)) for text in (b"name=A", b"name=B")
    )

    assert (refused.status, refused.header("Idempotency-Key")) == (400, "k1")
    assert refused.header("Stripe-Version") == told
