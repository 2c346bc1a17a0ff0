"""The shopper's way back: a signature that is there has to be right, and proves nothing about the money."""

import pytest

from badgateway.payments.commands import Authenticate
from badgateway.providers.euler.pages import back_to
from badgateway.providers.euler.shelf import shelf


@pytest.fixture
def told(route, bought):
    """Give the parameters with which Euler sends the shopper of an order back."""
    bought("o1", "authentication_required")
    return back_to(shelf(route.account).order("o1A1"), route.account)


def test_a_signed_return_shows_the_order_as_it_stands(route, shop, told):
    route.account.act(Authenticate("o1A1"))

    answer = shop.get("/orders/o1/return", query_string=told)
    assert told["status"] == "PENDING_VBV"
    assert (answer.status_code, answer.json["status"]) == (200, "PAID")


@pytest.mark.parametrize(
    "change",
    [
        {"status": "CHARGED", "status_id": "21"},
        {"signature": "x"},
        {"signature": ""},
        {"signature": "é"},
        {"signature_algorithm": "none"},
        {"order_id": "o2A1"},
        {"more": "1"},
    ],
    ids=str,
)
def test_a_return_that_was_changed_is_refused_without_a_look(route, shop, told, change):
    route.seen.clear()
    answer = shop.get("/orders/o1/return", query_string={**told, **change})

    assert (answer.status_code, answer.json["error"]["code"]) == (400, "bad_return")
    assert route.seen == []


def test_a_return_of_another_order_is_refused(shop, bought, told):
    bought("o2")

    assert shop.get("/orders/o2/return", query_string=told).status_code == 400


def test_who_comes_back_by_hand_is_shown_the_order(route, shop, told):
    assert shop.get("/orders/o1/return").json["status"] == "PENDING"
    assert shop.get("/orders/o1/return", query_string={"status": "CHARGED"}).json["status"] == "PENDING"
