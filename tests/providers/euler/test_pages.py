"""The pages of shoppers: the payment page, the bank's question, and the signed way back to the shop."""

from urllib.parse import parse_qsl, urlsplit

import pytest

from badgateway.ground.message import Request
from badgateway.providers.euler.shelf import response_key
from badgateway.reference.euler.returning import is_genuine

OTHER = {
    "order_id": "o1",
    "amount": "49.99",
    "currency": "EUR",
    "return_url": "https://shop.example/back?a=1#top",
}


@pytest.fixture
def browse(account):
    """Give a browser: `browse(url)` opens a page, `browse(url, "result=pass")` sends its form."""

    def opened(url, form=None):
        method = "GET" if form is None else "POST"
        headers = (("Host", "127.0.0.1:1"), ("Content-Type", "application/x-www-form-urlencoded"))
        return account.serve(Request(method, urlsplit(url).path, "", headers, (form or "").encode()))

    return opened


def told_by(reply):
    return dict(parse_qsl(urlsplit(reply.header("Location")).query))


def test_a_shopper_who_confirms_comes_back_with_a_signature(pay, look, browse, account):
    url = pay(card="authentication_required")["payment"]["authentication"]["url"]
    page = browse(url)
    back = browse(url, "result=pass")

    assert (page.status, b"49.99 EUR" in page.body) == (200, True)
    assert (back.status, look()["status"]) == (303, "CHARGED")
    told = told_by(back)
    assert told["order"] == "1"
    assert (told["order_id"], told["status"], told["status_id"]) == ("o1", "CHARGED", "21")
    assert account.answers[-2].is_applied


def test_a_shopper_who_says_no_comes_back_as_well(pay, look, browse):
    url = pay(card="authentication_required")["payment"]["authentication"]["url"]
    back = browse(url, "result=fail")

    assert (told_by(back)["status"], look()["status"]) == ("AUTHENTICATION_FAILED", "AUTHENTICATION_FAILED")
    assert told_by(browse(url, "result=pass"))["status"] == "AUTHENTICATION_FAILED"


def test_what_comes_back_is_signed_over_its_sorted_parameters(pay, browse, account):
    url = pay(card="authentication_required", **{"order.return_url": "https://shop.example/"})["payment"]
    told = told_by(browse(url["authentication"]["url"], "result=pass"))

    assert is_genuine(told, response_key(account.api_key))
    assert not is_genuine({**told, "status": "NEW"}, response_key(account.api_key))
    assert not is_genuine(told, response_key("another"))


def test_a_shopper_pays_on_the_page_of_the_order(ask, look, browse):
    links = ask("POST /orders", OTHER)[1]["payment_links"]
    declined = browse(links["web"], "card_token=tkn_declined")
    page = browse(links["web"])
    asked = browse(links["iframe"], "card_token=tkn_authentication_required")
    back = browse(asked.header("Location"), "result=pass")

    assert told_by(declined)["status"] == "AUTHORIZATION_FAILED"
    assert b"AUTHORIZATION_FAILED" in page.body
    assert "/v2/pay/start/" in asked.header("Location")
    assert back.header("Location").startswith("https://shop.example/back?a=1&order_id=o1&status=CHARGED")
    assert back.header("Location").endswith("#top")
    assert look()["status"] == "CHARGED"
    assert browse(links["web"]).status == 303


def test_a_page_that_is_not_there_says_so(browse, ask):
    links = ask("POST /orders", OTHER)[1]["payment_links"]

    assert browse("/v2/pay/start/nothing").status == 404
    assert browse("/merchant/pay/nothing").status == 404
    assert browse(links["web"], "card_token=tkn_of_nobody").status == 400


def test_an_order_without_an_address_ends_on_the_page(ask, browse):
    links = ask("POST /orders", {**OTHER, "return_url": ""})[1]["payment_links"]

    assert browse(links["web"], "card_token=tkn_approved").status == 200


def test_a_page_belongs_to_the_account_that_has_its_order(pay, account):
    url = pay(card="authentication_required")["payment"]["authentication"]["url"]
    token = urlsplit(url).path.rpartition("/")[2]

    assert account.dialect.parse(Request("GET", urlsplit(url).path)).is_open
    assert account.dialect.holds((token,), account)
    assert account.dialect.holds(("O1",), account)
    assert not account.dialect.holds(("nobodys",), account)
