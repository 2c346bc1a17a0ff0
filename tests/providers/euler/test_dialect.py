"""What the harness asks of every dialect: who is meant, what is repeated, forged, retold, or of strangers."""

import base64
import json

import pytest

from badgateway.ground.message import Request
from badgateway.providers import DIALECTS
from badgateway.providers.base import Endpoint
from badgateway.providers.euler import signing
from badgateway.providers.euler.events import TOLD
from badgateway.providers.euler.shelf import order_id_in, uuid_of

EULER = DIALECTS["euler"]


def parsed(method, path, form="", key="sk_1"):
    pair = base64.b64encode(f"{key}:".encode()).decode()
    headers = (("Authorization", f"Basic {pair}"), ("Content-Type", "application/x-www-form-urlencoded"))
    return EULER.parse(Request(method, path, "", headers, form.encode()))


@pytest.mark.parametrize(
    ("path", "form", "key"),
    [
        ("/orders", "order_id=Ab1&amount=5", "order ab1"),
        ("/txns", "order.order_id=Ab1&order.amount=5", "order ab1"),
        ("/txns", "order_id=Ab1", None),
        ("/orders/Ab1/refunds", "unique_request_id=r1", "refund ab1 r1"),
        ("/order/refund", "order_id=Ab1&unique_request_id=r1", "refund ab1 r1"),
        ("/v2/txns/eul1zAb1/capture", "idempotence_key=k", "capture eul1zAb1 k"),
        ("/v2/txns/eul1zAb1/capture", "", None),
        ("/v2/txns/eul1zAb1/void", "", "void eul1zAb1"),
    ],
)
def test_what_counts_once_is_what_stands_in_a_request(path, form, key):
    assert parsed("POST", path, form).key == key


def test_a_request_says_whose_it_is_and_how_much():
    charge = parsed(
        "POST", "/txns", "order.order_id=o1&order.amount=49.99&order.currency=EUR&order.udf1=mine"
    )

    assert (charge.op, charge.amount_minor, charge.currency) == ("charge", 4999, "EUR")
    assert set(charge.hints) == {"o1", "mine"}
    assert parsed("GET", "/orders/o1").hints == ("o1",)
    capture = parsed("POST", "/v2/txns/eul2zo1/capture")
    assert (capture.op, capture.payment_id, capture.other_ids) == ("capture", "o1.2", ("o1",))
    assert parsed("GET", "/euler/orders/o1").op == "fetch"


def test_card_data_goes_no_further_than_the_parser():
    form = (
        "order_id=o1&card_number=4242424242424242&card_security_code=987&name_on_card=Ada&card_exp_year=2030"
    )
    shown = str(parsed("POST", "/txns", form))

    assert "987" not in shown
    assert "Ada" not in shown
    assert "4929123456789012" not in str(parsed("POST", "/txns", "order_id=o1&card_number=4929123456789012"))


@pytest.mark.parametrize(("order_id", "n"), [("o1", 1), ("A-b_9", 12), ("1z2", 3)])
def test_a_txn_uuid_holds_its_order(order_id, n):
    assert order_id_in(uuid_of(order_id, n)) == (order_id, n)


def test_the_ladder_has_sixteen_steps_in_a_day():
    assert len(EULER.retry_ladder_ms) == 16
    assert sum(EULER.retry_ladder_ms) == (1 + 10 + 50 + 300 + 1080) * 60_000


def test_a_webhook_carries_the_password_and_the_custom_headers():
    endpoint = Endpoint("http://127.0.0.1", "new", "old", headers=(("X-Shop", "1"),))

    headers = dict(EULER.sign(b"{}", endpoint, 0))

    pair = base64.b64decode(headers["Authorization"].removeprefix("Basic ")).decode()
    assert (pair, headers["X-Shop"]) == (f"{signing.USER}:old", "1")


def test_a_return_is_signed_as_the_vendors_samples_do():
    # Made with the steps of Juspay's page on the signature, by openssl: printf %s
    # 'order_id%3Do1%26status%3DCHARGED%26status_id%3D21' | openssl dgst -sha256 -hmac KEY -binary | base64
    told = {"status": "CHARGED", "status_id": "21", "order_id": "o1"}

    assert signing.signature(told, "KEY") == "kpxEw%2BerjWng%2BxS2VWuCQfNGQN1BsDKzlCWdjQKRQNA%3D"


@pytest.mark.parametrize("name", sorted(TOLD))
def test_a_forgery_looks_like_the_event_that_it_imitates(pay, account, name):
    pay(manual=True)
    forged = EULER.forge(name, 1, "o1", 4999, "EUR", account)
    about_nobody = EULER.forge(name, 1, "nobodys", 4999, "EUR", account)

    assert (forged.name, forged.wire_type) == (name, TOLD[name][-1])
    assert json.loads(forged.body)["content"]["order"]["order_id"] == "o1"
    assert json.loads(about_nobody.body)["content"]["order"]["udf1"] == "nobodys"
    assert account.book.payments()[0].captured_minor == 0


def test_an_event_is_retold_under_another_id(pay, account):
    pay()
    event = account.told[-2]
    again = EULER.retell(event, account)

    assert again.retells == event.id != again.id
    assert {**json.loads(again.body), "id": ""} == {**json.loads(event.body), "id": ""}


def test_a_stranger_is_nobodys(account):
    told = EULER.stranger("MANDATE_ACTIVATED", account)

    assert (told.wire_type, told.name, told.payment_id, told.order_ref) == (
        "MANDATE_ACTIVATED",
        None,
        None,
        None,
    )


def test_one_card_is_one_instrument(pay, account):
    pay("o1")
    pay("o2")
    pay("o3", card="declined")
    known = [EULER.instrument(one.method, account) for one in account.book.payments()]

    assert known[0] == known[1] != known[2]


@pytest.mark.parametrize("status", [429, 500, 503])
def test_trouble_is_worded_as_its_own(status):
    reply = EULER.server_error(status, None)

    assert (reply.status, bool(json.loads(reply.body)["error_code"])) == (status, True)
