"""Reading a settlement report: whole minor units or nothing, and a file that broke off is refused."""

from __future__ import annotations

import json

import pytest

from badgateway.reference.report_file import BadReport, read_file

HEAD = {"report": "sr_1", "revision": 1, "payout": "po_1"}
ROW = {
    **HEAD,
    "line": "l1",
    "kind": "charge",
    "payment": "pi_1",
    "order_reference": "o1",
    "source": "",
    "currency": "EUR",
    "gross_minor": 4_999,
    "fee_minor": 100,
    "net_minor": 4_899,
    "original_minor": 4_999,
    "original_currency": "EUR",
    "exchange_rate": "",
}
TOTAL = ROW | {
    "line": "l2",
    "kind": "payout",
    "payment": "",
    "gross_minor": -4_899,
    "fee_minor": 0,
    "net_minor": -4_899,
    "original_minor": -4_899,
}


def as_json(*rows):
    return "application/json", json.dumps({"rows": rows}).encode()


def as_csv(*rows):
    lines = [",".join(ROW), *(",".join(str(value) for value in row.values()) for row in rows)]
    return "text/csv; charset=utf-8", "\r\n".join(lines).encode()


@pytest.mark.parametrize("written", [as_json, as_csv])
def test_either_format_gives_the_same_report(written):
    seen = read_file(*written(ROW, TOTAL))

    assert (seen.report_id, seen.revision, seen.payout_id, seen.total_minor) == ("sr_1", 1, "po_1", 4_899)
    assert [(row.payment_id, row.source_id, row.net_minor) for row in seen.rows] == [("pi_1", None, 4_899)]


@pytest.mark.parametrize("written", [as_json, as_csv])
@pytest.mark.parametrize(
    ("row", "what"),
    [
        ({"gross_minor": "49.99"}, "no whole number"),
        ({"gross_minor": "4 999"}, "no whole number"),
        ({"gross_minor": "4_999"}, "no whole number"),
        ({"gross_minor": ""}, "no whole number"),
        ({"net_minor": 4_999}, "gross less fee is not net"),
        ({"kind": "gift"}, "unknown kind"),
        ({"currency": ""}, "currency is missing"),
        ({"exchange_rate": "cheap"}, "no exchange rate"),
        ({"exchange_rate": "-1"}, "no exchange rate"),
        ({"report": "sr_2"}, "not whole"),
        ({"currency": "USD"}, "several currencies"),
    ],
)
def test_a_row_that_cannot_be_believed_refuses_the_whole_report(written, row, what):
    with pytest.raises(BadReport, match=what):
        read_file(*written(ROW | row, TOTAL))


@pytest.mark.parametrize("rows", [[ROW], [TOTAL, ROW], [ROW, TOTAL, TOTAL], []])
@pytest.mark.parametrize("written", [as_json, as_csv])
def test_a_report_without_its_payout_at_its_end_is_not_whole(written, rows):
    with pytest.raises(BadReport, match="not whole"):
        read_file(*written(*rows))


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("application/json", b'{"rows": [{"gross_minor": 49.99}]}'),
        ("application/json", b'{"rows": [{"gross_minor": NaN}]}'),
        ("application/json", b"[]"),
        ("application/json", b"{"),
        ("text/csv", b"\xff\xfe"),
        ("text/html", b"<p>late</p>"),
        ("", b""),
    ],
)
def test_what_is_no_report_is_refused(kind, body):
    with pytest.raises(BadReport):
        read_file(kind, body)
