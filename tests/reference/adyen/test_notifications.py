"""Which notifications are believed, and what they are read as."""

import json

import pytest

from badgateway.reference.adyen.notifications import open_items, read_fact, read_notice
from badgateway.reference.signatures import NotGenuine

# Source: the example on Adyen's page on HMAC signatures.
KEY = "44782DEF547AAA06C910C43932B1EB0C71FC68D9D0C057550C48EC2ACF6BA056"
ITEM = {
    "additionalData": {"hmacSignature": "coqCmt/IZ4E3CzPvMY8zTjQVL5hYJUiBRg8UU+iCWo0="},
    "pspReference": "7914073381342284",
    "merchantAccountCode": "TestMerchant",
    "merchantReference": "TestPayment-1407325143704",
    "amount": {"value": 1130, "currency": "EUR"},
    "eventCode": "AUTHORISATION",
    "success": "true",
}


def body(*items, live="false"):
    return json.dumps(
        {"live": live, "notificationItems": [{"NotificationRequestItem": item} for item in items]}
    ).encode()


def test_what_is_signed_with_any_of_the_keys_is_believed():
    items, is_live = open_items(body(ITEM), ("00" * 32, KEY))

    assert (items, is_live) == ([ITEM], False)
    assert open_items(body(ITEM, live="true"), (KEY,))[1]


@pytest.mark.parametrize(
    "changed",
    [
        {"amount": {"value": 1131, "currency": "EUR"}},
        {"success": "false"},
        {"merchantReference": "another"},
        {"pspReference": "7914073381342285"},
        {"originalReference": "7914073381342284"},
        {"additionalData": {}},
        {"additionalData": {"hmacSignature": ""}},
        {"amount": None},
    ],
)
def test_what_was_changed_is_not(changed):
    with pytest.raises(NotGenuine):
        open_items(body({**ITEM, **changed}), (KEY,))


@pytest.mark.parametrize("keys", [(), ("00" * 32,), ("no hexadecimal digits",), ("",)])
def test_without_the_key_nothing_is(keys):
    with pytest.raises(NotGenuine):
        open_items(body(ITEM), keys)


def test_one_forged_item_spoils_the_batch():
    with pytest.raises(NotGenuine):
        open_items(body(ITEM, {**ITEM, "success": "false"}), (KEY,))


@pytest.mark.parametrize(
    "raw", [b"", b"[]", b"{}", b'{"notificationItems": []}', b'{"notificationItems": 1}']
)
def test_what_is_no_notification_is_not(raw):
    with pytest.raises(NotGenuine):
        open_items(raw, (KEY,))


def test_a_modification_is_about_its_payment():
    item = {**ITEM, "eventCode": "REFUND", "originalReference": "PAYMENT", "merchantReference": "o1.2"}

    fact = read_fact(item, 7)
    notice = read_notice(fact, "main", is_live=True)

    assert (fact.psp, fact.payment_psp, fact.amount_minor, fact.at_ms) == (
        ITEM["pspReference"],
        "PAYMENT",
        1130,
        7,
    )
    assert (notice.kind, notice.object_id, notice.payment_id) == ("refund", ITEM["pspReference"], "PAYMENT")
    assert (notice.order_reference, notice.is_live, notice.merchant) == ("o1", True, "main")


@pytest.mark.parametrize(
    ("code", "kind"), [("CAPTURE", "payment_intent"), ("CHARGEBACK", "dispute"), ("REFUND_FAILED", "refund")]
)
def test_what_an_event_leads_to(code, kind):
    notice = read_notice(read_fact({**ITEM, "eventCode": code}, 0), "main", is_live=False)

    assert notice.kind == kind


def test_the_same_event_has_the_same_id_whatever_its_date():
    one, two = (read_fact({**ITEM, "eventDate": date}, 0) for date in ("2026-01-01", "2026-01-02"))

    assert one.key == two.key
    assert one.key != read_fact({**ITEM, "success": "false"}, 0).key


def test_amounts_are_in_iso_units():
    item = {**ITEM, "amount": {"value": 120_000, "currency": "ISK"}}

    assert read_fact(item, 0).amount_minor == 1200


@pytest.mark.parametrize(
    "changed", [{"success": True}, {"pspReference": ""}, {"amount": {"currency": "EUR"}}]
)
def test_what_does_not_say_enough_is_refused(changed):
    with pytest.raises((ValueError, LookupError)):
        read_fact({**ITEM, **changed}, 0)
