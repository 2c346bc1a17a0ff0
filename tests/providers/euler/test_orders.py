"""Orders and sessions: made once, found whatever the case of their id, looked up as they stand."""

import pytest

ORDER = {"order_id": "Order1", "amount": "49.99", "currency": "EUR", "udf1": "mine"}


def test_an_order_is_new_until_somebody_pays(ask, look, account):
    status, made = ask("POST /orders", ORDER)

    assert (status, made["status"], made["status_id"], made["amount"]) == (200, "NEW", 10, 49.99)
    assert made["payment_links"]["web"] == f"http://127.0.0.1:1/euler/merchant/pay/{made['id']}"
    assert look("Order1") == made
    assert account.types() == ["ORDER_CREATED"]
    assert account.book.payments() == ()


def test_the_same_order_again_is_the_order_that_there_is(ask, account):
    first = ask("POST /orders", ORDER)[1]

    assert ask("POST /orders", ORDER) == (200, first)
    assert account.answers[-1].is_applied is False
    assert account.types() == ["ORDER_CREATED"]


@pytest.mark.parametrize("other", [{"amount": "50.00"}, {"order_id": "ORDER1", "udf1": "yours"}])
def test_an_order_id_belongs_to_one_order_whatever_its_case(ask, other):
    ask("POST /orders", ORDER)
    status, refused = ask("POST /orders", {**ORDER, **other})

    assert (status, refused["error_code"]) == (400, "duplicate.order_id")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"amount": ""}, "mandatory.fields.missing"),
        ({"order_id": ""}, "mandatory.fields.missing"),
        ({"currency": ""}, "INVALID_REQUEST"),
        ({"currency": "XXY"}, "INVALID_REQUEST"),
        ({"amount": "49.999"}, "INVALID_REQUEST"),
        ({"amount": "0"}, "INVALID_REQUEST"),
        ({"amount": "-1"}, "INVALID_REQUEST"),
        ({"amount": "1e3"}, "INVALID_REQUEST"),
        ({"amount": "5.50", "currency": "JPY"}, "INVALID_REQUEST"),
        ({"order_id": "x" * 22}, "INVALID_REQUEST"),
        ({"order_id": "a/b"}, "INVALID_REQUEST"),
    ],
    ids=str,
)
def test_what_makes_no_order_is_refused_and_kept_nowhere(ask, account, change, code):
    status, refused = ask("POST /orders", {**ORDER, **change})

    assert (status, refused["error_code"]) == (400, code)
    assert account.types() == []


@pytest.mark.parametrize("name", ["order_id", "amount", "currency", "udf1"])
@pytest.mark.parametrize("value", [None, [], ["1"], {}, {"a": "1"}], ids=str)
def test_what_is_no_text_in_json_is_refused(ask, account, name, value):
    status, refused = ask("POST /orders", {**ORDER, name: value}, is_json=True)

    assert (status, refused["error_code"]) == (400, "INVALID_REQUEST")
    assert account.types() == []


@pytest.mark.parametrize(("amount", "currency"), [("5001", "JPY"), ("5001.00", "JPY"), ("49.99", "KWD")])
def test_amounts_are_decimals_of_the_currencys_own_unit(ask, amount, currency):
    made = ask("POST /orders", {**ORDER, "amount": amount, "currency": currency})[1]

    assert made["amount"] == float(amount)


def test_json_says_what_a_form_says(ask):
    body = {
        "order_id": "j1",
        "amount": 49.99,
        "currency": "EUR",
        "metadata": {"txns": {"auto_capture": False}},
    }

    made = ask("POST /orders", body, is_json=True)[1]

    assert (made["amount"], made["metadata"]) == (49.99, {"txns.auto_capture": "false"})


def test_a_session_has_what_a_payment_page_needs(ask, look):
    made = ask("POST /session", {**ORDER, "return_url": "https://shop.example/"}, is_json=True)[1]

    assert (made["status"], made["order_id"]) == ("NEW", "Order1")
    assert made["sdk_payload"]["payload"]["amount"] == "49.99"
    assert look("Order1")["id"] == made["id"]


def test_a_client_is_given_a_token_where_it_asks_for_one(ask):
    made = ask("POST /orders", {**ORDER, "options.get_client_auth_token": "true"})[1]

    assert made["juspay"]["client_auth_token"].startswith("tkn_")


@pytest.mark.parametrize(
    "what", ["GET /order/status?order_id=order1", "POST /order/status", "GET /orders/ORDER1"]
)
def test_older_addresses_show_the_same(ask, look, what):
    ask("POST /order/create", ORDER)

    assert ask(what, {"order_id": "Order1"}) == (200, look("Order1"))


def test_an_order_that_nobody_made_is_not_found(ask):
    status, refused = ask("GET /orders/nobodys")

    assert (status, refused["status"], refused["status_id"]) == (404, "NOT_FOUND", 40)


@pytest.mark.parametrize(
    "who",
    [{"api_key": None}, {"api_key": "sk_of_nobody"}, {"merchant": "another"}, {"merchant": ""}],
    ids=str,
)
def test_a_stranger_is_denied(ask, who):
    status, refused = ask("POST /orders", ORDER, **who)

    assert (status, refused["error_code"]) == (401, "access_denied")


@pytest.mark.parametrize(
    ("what", "status"), [("GET /nowhere", 404), ("GET /txns", 405), ("POST /orders/o1", 405)]
)
def test_addresses_and_methods_that_there_are_not(ask, what, status):
    assert ask(what)[0] == status


@pytest.mark.parametrize("raw", [b"{", b"[]", b'{"amount": NaN}', b"\xff"])
def test_a_body_that_cannot_be_read_is_refused(ask, raw):
    assert ask("POST /orders", raw, is_json=True)[0] == 400


def test_the_methods_of_a_merchant_are_shown_to_him_alone(ask, account):
    own = account.dialect.settings("", account.api_key, "")["merchant_id"]

    assert ask(f"GET /merchants/{own}/paymentmethods")[1]["payment_methods"]
    assert ask("GET /merchants/another/paymentmethods")[0] == 400
