"""Reconciliation: reports imported once, and every difference told, no more and no less."""

from __future__ import annotations

import time

import pytest

from badgateway.reference.report_import import newest_reports, rows_of
from badgateway.reference.tables import attempts

DAY_MS = 86_400_000


@pytest.fixture
def shop(start, gateway, request):
    """Give a shop that has sold for 49.99 and for 20.00 and knows the gateway."""
    made = start(SETTLEMENT_URL=gateway.url, **getattr(request, "param", {}))
    for reference, amount in (("o1", "49.99"), ("o2", "20.00")):
        made.opened(reference, amount)
        made.pay(reference)
    return made


def reconcile(shop, status=200, **query):
    answer = shop.client.post("/internal/reconciliation", query_string=query)
    assert answer.status_code == status, answer.json
    return answer.json


def told(answer):
    return [(one["kind"], one["order"], one["amount_minor"]) for one in answer["exceptions"]]


def rows(gateway, **more):
    return gateway.row("pi_1", 4_999, 100, **more).row("pi_2", 2_000, 55, order="o2", **more)


@pytest.mark.parametrize("kind", ["text/csv", "application/json"])
def test_a_report_that_is_right_has_no_exceptions(shop, gateway, kind):
    rows(gateway).hand_out(6_844, kind=kind)

    answer = reconcile(shop)

    assert answer["exceptions"] == []
    assert [(one["id"], one["status"], one["total_minor"]) for one in answer["reports"]] == [
        ("sr_1", "imported", 6_844)
    ]


def test_a_report_is_imported_once_and_a_revision_replaces_it(shop, gateway, fake):
    gateway.row("pi_1", 4_999, 100).hand_out(6_844)
    first = told(reconcile(shop))
    again = told(reconcile(shop))
    rows(gateway).hand_out(6_844, revision=2)

    mended = told(reconcile(shop))

    assert first == again == [("missing", "o2", 2_000)]
    assert mended == []
    assert fake.handed_out == ["", "sr_1", "", "", "sr_1"]
    assert set(fake.credentials[-5:]) == {"Bearer sk_test_1"}
    with shop.service.store.read() as tx:
        assert [(one.report_id, one.revision) for one in newest_reports(tx)] == [("sr_1", 2)]
        assert len(rows_of(tx, "sr_1")) == 2


def test_a_missing_a_repeated_and_a_misstated_row_are_told_apart(shop, gateway):
    shop.opened("o3", "7.50")
    shop.pay("o3")
    gateway.row("pi_2", 2_000, 55, order="o2").row("pi_2", 2_000, 55, order="o2")
    gateway.row("pi_3", 700, 36, order="o3").hand_out(4_899 + 1_945 + 714)

    answer = reconcile(shop)

    assert sorted(told(answer)) == [
        ("missing", "o1", 4_999),
        ("misstated", "o3", 50),
        ("repeated", "o2", 2_000),
    ]
    assert all(one["owner"] == "provider" and one["remedy"] for one in answer["exceptions"])


def test_a_sale_that_is_not_settled_yet_is_not_missing(shop, gateway):
    gateway.row("pi_1", 4_999, 100).hand_out(4_899)

    assert told(reconcile(shop)) == []


def test_a_sale_after_the_report_was_seen_is_not_what_it_left_out(shop, gateway):
    gateway.row("pi_2", 2_000, 55, order="o2").hand_out(6_844)
    before = told(reconcile(shop))
    shop.opened("o3", "49.99")
    shop.pay("o3")

    assert told(reconcile(shop)) == before == [("missing", "o1", 4_999)]


def test_a_refund_has_a_row_of_its_own(shop, gateway):
    shop.client.post("/orders/o1/refunds", json={"amount": "10.00"})
    rows(gateway).row("pi_1", -900, kind="refund", source="re_3").hand_out(5_844)

    assert told(reconcile(shop)) == [("misstated", "o1", -100)]


def test_what_nothing_explains_is_said_to_be_unexplained(shop, gateway):
    rows(gateway).hand_out(6_800)

    assert told(reconcile(shop)) == [("unexplained", None, -44)]


def test_a_payment_that_we_do_not_know_is_unbooked(shop, gateway):
    rows(gateway).row("pi_9", 1_000, order="o9").hand_out(7_844)

    assert told(reconcile(shop)) == [("unbooked", "o9", 1_000)]


def test_a_reserve_and_a_fee_explain_themselves(shop, gateway):
    rows(gateway).row("", -500, kind="adjustment").row("", -250, kind="fee").hand_out(6_094)

    assert told(reconcile(shop)) == []


@pytest.mark.parametrize(("days", "kinds"), [(0, []), (1, ["overdue"]), (5, ["overdue"])])
def test_a_report_is_overdue_from_its_due_day_on(shop, gateway, days, kinds):
    now = int(time.time() * 1000)
    rows(gateway).hand_out(6_844, status="announced", due_ms=now + DAY_MS)

    answer = reconcile(shop, now=now + days * DAY_MS)

    assert [one["kind"] for one in answer["exceptions"]] == kinds
    assert [one["status"] for one in answer["reports"]] == ["awaited"]


def test_a_converted_row_is_held_against_its_rate(shop, gateway):
    rate = {"currency": "USD", "exchange_rate": "1.1"}
    gateway.row("pi_1", 5_499, original_minor=4_999, original_currency="EUR", **rate)
    gateway.row("pi_2", 2_100, original_minor=2_000, original_currency="EUR", order="o2", **rate)
    gateway.hand_out(7_699, currency="USD")

    assert told(reconcile(shop)) == [("misstated", "o2", 100)]


@pytest.mark.parametrize("broken", [(200, "text/csv", b"report"), (500, "text/csv", b""), (200, "x/y", b"")])
def test_a_report_that_cannot_be_read_is_not_imported_and_is_asked_for_again(shop, gateway, fake, broken):
    rows(gateway).hand_out(6_844)
    whole, fake.files["sr_1"] = fake.files["sr_1"], broken
    reconcile(shop, status=503)
    fake.files["sr_1"] = whole

    assert told(reconcile(shop)) == []


def test_a_file_that_is_another_report_is_refused(shop, gateway, fake):
    rows(gateway).hand_out(6_844)
    fake.reports[0]["total_minor"] = 6_845

    reconcile(shop, status=503)


def test_a_list_that_cannot_be_read_is_no_list(shop, fake):
    fake.reports.append({"id": "sr_1"})

    reconcile(shop, status=503)


def test_without_a_gateway_there_is_nothing_to_compare(start):
    assert reconcile(start()) == {"reports": [], "exceptions": []}


def test_now_is_a_moment(shop):
    assert reconcile(shop, status=400, now="soon")["error"]["code"] == "bad_request"


def test_a_report_of_the_gateway_behind_an_orchestrator_has_the_gateways_names(shop, gateway):
    with shop.service.store.write() as tx:
        sent_on = attempts.update().where(attempts.c.provider_id == "pi_1")
        tx.execute(sent_on.values(gateway_id="gateway_1"))
    gateway.row("gateway_1", 4_999, 100).row("pi_2", 2_000, 55, order="o2").hand_out(6_844)

    assert told(reconcile(shop)) == []
