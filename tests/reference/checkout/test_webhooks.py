"""Webhooks of Checkout.com: believed with their signature only, and looked up in any case."""

import json

import pytest

from badgateway.payments.commands import Clear, CloseDispute, FailCapture, FailRefund, OpenDispute
from badgateway.reference.checkout.notifications import read_notice


def test_news_is_looked_up_and_counts_once(shop, bench):
    shop.pay("pending_then_succeeds")
    (payment,) = bench.book.payments()
    bench.told.clear()
    bench.act(Clear(payment.id))
    body = next(one.body for one in bench.told if one.wire_type == "payment_captured")

    assert [shop.hear(body), shop.hear(body)] == [[200], [200]]
    assert (shop.view()["status"], shop.view()["effects"]["fulfilments"]) == ("PAID", 1)


def test_what_an_event_says_is_not_believed(shop, bench):
    shop.pay("pending_then_succeeds")
    (payment,) = bench.book.payments()
    lie = {"id": "evt_1", "type": "payment_captured", "data": {"id": payment.id, "amount": 4999}}

    assert shop.hear(json.dumps(lie).encode()) == [200]
    assert shop.view()["status"] == "PENDING"


@pytest.mark.parametrize(
    "headers", [{}, {"Cko-Signature": ""}, {"Cko-Signature": "0" * 64}, {"Cko-Signature": "ü"}]
)
def test_a_stranger_is_sent_away_unread(shop, bench, headers):
    shop.pay()
    body = bench.told[0].body
    bench.seen.clear()

    assert shop.hear(body, headers) == [401]
    assert bench.seen == []


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"null", b"{}", b'{"id": 1, "type": "x"}', b"\xff", b"[" * 5000]
)
def test_a_body_that_is_no_event_is_refused(shop, body):
    assert shop.hear(body) == [401]


def test_an_event_that_names_nothing_is_told_again(shop):
    assert shop.hear(b'{"id": "evt_1", "type": "payment_captured", "data": {}}') == [422]


def test_an_event_of_another_kind_is_acknowledged(shop):
    assert shop.hear(b'{"id": "evt_1", "type": "card_verified", "data": {"id": "pay_1"}}') == [200]


def test_a_refund_and_a_dispute_are_followed_to_their_end(shop, bench):
    shop.pay("refund_pending")
    shop.client.post("/orders/o1/refunds", json={"amount": "10.00", "refund_reference": "r1"})
    (payment,) = bench.book.payments()
    (refund,) = bench.book.refunds()
    bench.act(FailRefund(refund.id))
    assert set(shop.hear()) == {200}
    assert (shop.view()["refunds"][0]["state"], shop.view()["status"]) == ("FAILED", "PAID")

    bench.act(OpenDispute("dsp_1", payment.id))
    assert set(shop.hear()) == {200}
    assert shop.view()["status"] == "DISPUTED"

    bench.act(CloseDispute("dsp_1", is_won=True))
    assert set(shop.hear()) == {200}
    assert shop.view()["status"] == "PAID"


def test_a_bank_that_only_asks_changes_nothing(shop, bench):
    shop.pay()
    (payment,) = bench.book.payments()
    bench.act(OpenDispute("dsp_1", payment.id, is_inquiry=True))

    assert set(shop.hear()) == {200}
    assert shop.view()["status"] == "PAID"


def test_a_dispute_that_no_event_told_is_found_by_the_job(shop, bench):
    shop.pay()
    (payment,) = bench.book.payments()
    bench.act(OpenDispute("dsp_1", payment.id))
    shop.client.post("/internal/sync")

    assert shop.view()["status"] == "DISPUTED"


def test_a_capture_that_was_taken_back_is_not_paid(shop, bench):
    shop.pay()
    (payment,) = bench.book.payments()
    bench.act(FailCapture(payment.id))
    shop.hear()

    assert shop.view()["paid_minor"] == 0


def test_while_checkout_is_away_it_has_to_tell_again(shop, bench):
    shop.pay("pending_then_succeeds")
    (payment,) = bench.book.payments()
    bench.told.clear()
    bench.act(Clear(payment.id))
    body = bench.told[0].body
    bench.spoils += [("GET", payment.id, "lose")]

    assert [shop.hear(body), shop.hear(body)] == [[503], [200]]
    assert shop.view()["status"] == "PAID"


@pytest.mark.parametrize(
    ("word", "data", "kind", "object_id", "payment_id"),
    [
        ("payment_approved", {"id": "pay_1"}, "payment_intent", "pay_1", "pay_1"),
        ("payment_refunded", {"id": "pay_1", "action_id": "act_1"}, "refund", "pay_1/act_1", "pay_1"),
        ("payment_refunded", {"id": "pay_1"}, "refund", "", "pay_1"),
        ("dispute_lost", {"id": "dsp_1", "payment_id": "pay_1"}, "dispute", "dsp_1", "pay_1"),
        ("dispute_lost", None, "dispute", "", None),
    ],
)
def test_an_event_says_where_to_look(word, data, kind, object_id, payment_id):
    notice = read_notice({"id": "evt_1", "type": word, "data": data}, "main", is_live=False)

    assert (notice.kind, notice.object_id, notice.payment_id) == (kind, object_id, payment_id)
