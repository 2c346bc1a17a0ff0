"""Webhooks at the merchant's address: believed with our own password only, and looked up in any case."""

import base64
import json

import pytest

from badgateway.payments.commands import Clear, CloseDispute, OpenDispute
from badgateway.reference.euler.notifications import read_event, read_notices
from badgateway.reference.signatures import NotGenuine


@pytest.fixture
def hear(route, shop):
    """Give what brings a webhook in: `hear(event)` gives the status."""

    def bring(body, headers=None):
        sent = route.headers() if headers is None else headers
        return shop.post("/webhooks/euler/main", data=body, headers=sent).status_code

    return bring


def test_news_is_looked_up_and_counts_once(route, bought, shop, hear):
    bought("o1", "pending_then_succeeds")
    route.account.told.clear()
    route.account.act(Clear("o1A1"))
    told = {one.wire_type: one.body for one in route.account.told}

    assert [hear(told["ORDER_SUCCEEDED"]) for _ in range(2)] == [200, 200]
    shown = shop.get("/orders/o1").json
    assert (shown["status"], shown["effects"]["fulfilments"]) == ("PAID", 1)


def test_what_an_event_says_is_not_believed(route, bought, shop, hear):
    bought("o1", "authentication_required")
    forged = route.account.dialect.forge("payment.succeeded", 1, "o1", 4999, "EUR", route.account)

    assert hear(forged.body) == 200
    assert shop.get("/orders/o1").json["status"] == "PENDING"


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": "Basic !!!"},
        {"Authorization": "Bearer x"},
        {"Authorization": f"Basic {base64.b64encode(b'euler-webhooks:wrong').decode()}"},
        {"Authorization": f"Basic {base64.b64encode(b'').decode()}"},
    ],
    ids=str,
)
def test_a_stranger_is_sent_away_unread(route, bought, hear, headers):
    bought("o1")
    route.seen.clear()

    assert hear(route.account.told[-1].body, headers) == 401
    assert route.seen == []


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"id": 1, "event_name": "X"}'])
def test_a_body_that_is_no_event_is_refused(hear, body):
    assert hear(body) == 401


def test_refunds_and_chargebacks_are_followed_to_their_end(route, bought, shop, hear):
    bought("o1", "refund_pending")
    shop.post("/orders/o1/refunds", json={"amount": "10.00", "refund_reference": "back1"})
    (refund,) = route.account.book.refunds_of("o1A1")
    route.account.told.clear()
    route.account.act(Clear("o1A1", refund_id=refund.id))
    hear(route.account.told[-1].body)
    route.account.act(OpenDispute("du_1", "o1A1", 500))
    hear(route.account.told[-1].body)

    shown = shop.get("/orders/o1").json
    assert [one["state"] for one in shown["refunds"]] == ["SUCCEEDED"]
    assert shown["status"] == "DISPUTED"


def test_an_order_that_is_not_ours_is_no_reason_to_be_told_again(route, hear):
    assert hear(route.account.dialect.stranger("ORDER_SUCCEEDED", route.account).body) == 200
    assert hear(route.account.dialect.stranger("MANDATE_ACTIVATED", route.account).body) == 200


def test_while_euler_is_away_it_has_to_tell_again(route, bought, hear):
    bought("o1", "pending_then_succeeds")
    route.account.act(Clear("o1A1"))
    route.spoils.append(("GET", "/orders", 500))
    body = route.account.told[-1].body

    assert [hear(body), hear(body)] == [503, 200]


@pytest.mark.parametrize(
    ("word", "kinds"),
    [
        ("ORDER_SUCCEEDED", ["payment_intent"]),
        ("SOMETHING_NEW", ["payment_intent"]),
        ("ORDER_CREATED", []),
        ("REFUND_INITIATED", []),
        ("ORDER_REFUNDED", ["payment_intent", "refund"]),
        ("CHARGEBACK_RECEIVED", ["payment_intent", "dispute"]),
    ],
)
def test_an_event_says_where_to_look(word, kinds):
    order = {
        "order_id": "o1A1",
        "udf1": "o1",
        "refunds": [{"id": "r"}, {"id": 1}, 2],
        "chargebacks": [{"id": "d"}],
    }
    event = read_event(json.dumps({"id": "evt_1", "event_name": word, "content": {"order": order}}).encode())

    told = read_notices(event, "main", is_live=False)

    assert [one.kind for one in told] == kinds
    assert all((one.payment_id, one.order_reference) == ("o1A1", "o1") for one in told)
    assert len({one.event_id for one in told}) == len(told)


def test_an_event_without_its_order_says_nothing():
    event = read_event(b'{"id": "evt_1", "event_name": "ORDER_SUCCEEDED", "content": {"order": null}}')

    assert read_notices(event, "main", is_live=False) == []
    with pytest.raises(NotGenuine):
        read_event(b"\xff")


def test_a_chargeback_that_was_won_before_anybody_looked_is_in_the_books(route, bought, shop, hear):
    bought("o1")
    route.account.act(OpenDispute("du_1", "o1A1", 500))
    route.account.act(CloseDispute("du_1", is_won=True))
    hear(route.account.told[-1].body)

    shown = shop.get("/orders/o1").json
    assert ([one["state"] for one in shown["disputes"]], shown["status"]) == (["WON"], "PAID")


def test_a_bank_that_only_asks_changes_nothing(route, bought, shop, hear):
    bought("o1")
    route.account.act(OpenDispute("du_1", "o1A1", is_inquiry=True))
    hear(route.account.told[-1].body)
    asked = shop.get("/orders/o1").json
    route.account.act(CloseDispute("du_1", is_won=True))
    hear(route.account.told[-1].body)

    over = shop.get("/orders/o1").json
    assert (asked["status"], asked["disputes"], over["status"], over["disputes"]) == ("PAID", [], "PAID", [])


def test_a_second_chargeback_is_found_beside_the_first(route, bought, shop, hear):
    bought("o1")
    route.account.act(OpenDispute("du_1", "o1A1", 500))
    route.account.act(CloseDispute("du_1", is_won=True))
    hear(route.account.told[-1].body)
    route.account.act(OpenDispute("du_2", "o1A1", 500))
    hear(route.account.told[-1].body)

    shown = shop.get("/orders/o1").json
    assert (shown["status"], [one["state"] for one in shown["disputes"]]) == ("DISPUTED", ["WON", "OPEN"])
