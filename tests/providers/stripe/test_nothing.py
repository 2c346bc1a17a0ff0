"""What an account has none of, and the account itself."""

import pytest
import stripe

from badgateway.providers.stripe.nothing import NONE, OF_CUSTOMERS


@pytest.mark.parametrize("path", [path for path in NONE if path.startswith("/v1/")])
def test_a_list_of_what_there_is_none_of_is_empty_and_no_id_is_found(ask, path):
    status, listed = ask("GET", path, "limit=100&expand[]=data.anything&status=all")
    missing, refused = ask("GET", f"{path}/x_1")

    assert (status, listed) == (200, {"object": "list", "data": [], "has_more": False, "url": path})
    assert (missing, refused["error"]["code"]) == (404, "resource_missing")


def test_nothing_of_it_can_be_made(ask):
    status, body = ask("POST", "/v1/products", "name=Hat")

    assert (status, body["error"]["message"]) == (404, "Unrecognized request URL (POST: /v1/products).")


def test_version_2_has_lists_of_its_own_shape(ask):
    assert ask("GET", "/v2/core/accounts")[1] == {
        "data": [],
        "next_page_url": None,
        "previous_page_url": None,
    }


@pytest.mark.parametrize("what", sorted(OF_CUSTOMERS))
def test_a_customer_has_none_of_some_things(ask, client, what):
    customer = client.customers.create({}).id

    assert ask("GET", f"/v1/customers/{customer}/{what}", "object=card")[1]["data"] == []
    assert ask("GET", f"/v1/customers/cus_x/{what}")[0] == 404


def test_the_account_of_a_key_is_always_the_same(ask, client):
    account = client.accounts.retrieve_current()

    assert account.id.startswith("acct_1")
    assert (account.object, account.charges_enabled, account.settings.dashboard.timezone) == (
        "account",
        True,
        "Etc/UTC",
    )
    assert client.accounts.retrieve(account.id).id == account.id
    assert client.accounts.list().data == []
    with pytest.raises(stripe.InvalidRequestError):
        client.accounts.retrieve("acct_of_somebody_else")


def test_the_totals_of_a_session_are_expanded_to_empty_lists(client):
    line = {
        "price_data": {"currency": "eur", "unit_amount": 500, "product_data": {"name": "Hat"}},
        "quantity": 1,
    }
    made = client.checkout.sessions.create(
        {"mode": "payment", "success_url": "https://shop.example/", "line_items": [line]}
    )

    shown = client.checkout.sessions.retrieve(made.id, {"expand": ["total_details.breakdown"]})

    assert "breakdown" not in made.total_details
    assert shown.total_details.breakdown.to_dict() == {"discounts": [], "taxes": []}
