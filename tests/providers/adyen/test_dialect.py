"""The dialect as the harness sees it: parsing, retries, batches, forgeries, strangers."""

import json

import pytest

from badgateway.ground.message import Request
from badgateway.providers import DIALECTS
from badgateway.providers.base import Batches, KnowsStrangers, Retells, SignsInside, TellsMore, Wallets

ADYEN = DIALECTS["adyen"]


def parsed(path, body, method="POST"):
    return ADYEN.parse(Request(method, path, "", (("X-API-Key", "k"),), json.dumps(body).encode()))


@pytest.mark.parametrize(
    ("path", "op"),
    [
        ("/v71/payments", "charge"),
        ("/v72/payments/details", "charge"),
        ("/v71/payments/A/captures", "capture"),
        ("/checkout/v71/payments/A/refunds", "refund"),
        ("/v71/payments/A/cancels", "void"),
        ("/v71/payments/A/reversals", "void"),
        ("/v71/cancels", "void"),
        ("/v71/sessions", "create"),
        ("/v71/paymentMethods", None),
        ("/v71/payments/A/B/captures", None),
        ("/payments/A", None),
    ],
)
def test_operations(path, op):
    assert parsed(path, {}).op == op


def test_what_the_harness_reads_of_a_request():
    found = parsed(
        "/v71/payments/PSP1/captures", {"amount": {"currency": "ISK", "value": 100}, "reference": "o1"}
    )

    assert (found.payment_id, found.amount_minor, found.currency) == ("PSP1", 1, "ISK")
    assert (found.credential, found.hints) == ("k", ("o1",))


def test_metadata_and_references_may_hold_the_order():
    body = {"reference": "a", "metadata": {"order": "b"}, "shopperEmail": "c@d.e", "shopperReference": "f"}

    assert set(parsed("/v71/payments", body).hints) == {"a", "b", "c@d.e", "f"}


def test_two_bodies_have_two_fingerprints():
    one, two = (parsed("/v71/payments", {"reference": name}).fingerprint for name in "ab")

    assert one != two
    assert one == parsed("/v71/payments", {"reference": "a"}).fingerprint


def test_notifications_are_sent_for_thirty_days():
    ladder = ADYEN.retry_ladder_ms

    assert ladder[:6] == (9_000, 18_000, 27_000, 120_000, 300_000, 600_000)
    assert ladder[-1] == 8 * 3_600_000
    assert 29 <= sum(ladder) / 86_400_000 <= 31


@pytest.mark.parametrize("ability", [Batches, KnowsStrangers, SignsInside, TellsMore, Wallets])
def test_what_only_some_can_do(ability):
    assert isinstance(ADYEN, ability)


def test_an_event_has_no_other_id_of_its_own():
    assert not isinstance(ADYEN, Retells)


def test_a_forgery_is_about_the_orders_own_payment(paid, account):
    psp = paid()["pspReference"]

    forged = ADYEN.forge("refund.succeeded", 1, "order-1", 1000, "EUR", account)

    item = json.loads(forged.body)["notificationItems"][0]["NotificationRequestItem"]
    assert (item["eventCode"], item["originalReference"], item["success"]) == ("REFUND", psp, "true")
    assert (forged.name, forged.facts, forged.order_ref) == ("refund.succeeded", (), "order-1")


def test_a_forgery_about_an_order_without_a_payment(account):
    forged = ADYEN.forge("payment.succeeded", 1, "o9", 1000, "EUR", account)

    item = json.loads(forged.body)["notificationItems"][0]["NotificationRequestItem"]
    assert (item["merchantReference"], item["eventCode"]) == ("o9", "AUTHORISATION")


def test_a_stranger_is_nobodys(account):
    event = ADYEN.stranger("REPORT_AVAILABLE", account)

    assert (event.wire_type, event.payment_id, event.order_ref) == ("REPORT_AVAILABLE", None, None)


def test_settings_name_the_key_as_hexadecimal_digits():
    told = ADYEN.settings("http://127.0.0.1:1", "key", "whsec_1")

    assert told["url"] == "http://127.0.0.1:1/adyen"
    assert len(bytes.fromhex(told["webhook_secret"])) == 32
    assert set(told) == {"url", "api_key", "webhook_secret", "merchant_account"}


def test_one_card_has_one_mark(paid, account):
    marks = set()
    for holder in ("A", "B"):
        payment = account.book.payment(paid(holder=holder)["pspReference"])
        marks.add(ADYEN.instrument(payment.method, account))

    assert len(marks) == 1
    assert ADYEN.instrument("nobody's", account) is None
