"""What the reference integration reads of each notification that Adyen sends it, told by its own reader."""

import base64
import hashlib
import hmac
import json
from dataclasses import dataclass

import pytest
from pact import Pact, match

from badgateway.reference.adyen.fold import disputes_of, payment_seen, refunds_of
from badgateway.reference.adyen.mirror import ASKED, Fact
from badgateway.reference.adyen.notifications import open_items, read_fact, read_notice
from badgateway.reference.states import State

HMAC_KEY = "0123456789ABCDEF" * 4
ORDER, REFERENCE = "order1", "order1.1"
ID, MADE = "PAYMENT000000001", "MADE000000000001"
REFUND_ID, DISPUTE_ID = "REFUND0000000001", "DISPUTE000000001"
PSP = r"[A-Z0-9]{16}"
PAYMENT = {"id": ID, "amount_minor": 4999, "currency": "EUR", "order": REFERENCE}
OF_PAYMENT = {"payment_id": ID, "amount_minor": 1000}
REFUND = {"id": REFUND_ID, **OF_PAYMENT, "order": REFERENCE}
DISPUTE = {"id": DISPUTE_ID, **OF_PAYMENT}

CAPTURED, HELD = ("a payment is captured", PAYMENT), ("a payment is authorized", PAYMENT)
SHORT = ("a payment is declined", {**PAYMENT, "card": "insufficient_funds"})
WAITING, CHALLENGED = ("a payment is processing", PAYMENT), ("a payment wants authentication", PAYMENT)
OF_ONE, WHICH = {"payment_id": ID}, {"id": DISPUTE_ID}
ALL = ("a hold is captured", {**OF_ONE, "amount_minor": 4999})
MORE = ("a hold is raised", {**OF_ONE, "amount_minor": 5999})
DISPUTED = (CAPTURED, ("a payment is disputed", DISPUTE))
FIRST = {"id": "DISPUTE000000000"}
AGAIN = (
    CAPTURED,
    ("a payment is disputed", {**DISPUTE, **FIRST}),
    ("a dispute is won", FIRST),
    ("a payment is disputed again", DISPUTE),
)
INQUIRED = (CAPTURED, ("a bank asks about a payment", DISPUTE))


@dataclass(frozen=True)
class Told:
    """One notification: what has happened before, what it says, and how things stand after it."""

    code: str
    states: tuple
    stands: object
    amount: int = 4999
    success: str = "true"
    reason: object = None  # where it is read
    about: str = "payment_intent"


def refused(states, reason):
    """Describe a charge that did not come about; the reason is told to the merchant."""
    return Told("AUTHORISATION", states, State.FAILED, success="false", reason=reason)


def of_refund(code, states, stands):
    """Describe what is told of a refund of 10.00 EUR."""
    return Told(code, states, stands, 1000, about="refund")


def of_dispute(code, states, stands):
    """Describe what is told of a dispute over 10.00 EUR."""
    return Told(code, states, stands, 1000, about="dispute")


NOTIFICATIONS = {
    "a payment is authorised": Told("AUTHORISATION", (CAPTURED,), State.SUCCEEDED),
    "money is held": Told("AUTHORISATION", (HELD,), State.AUTHORIZED),
    "what was pending is authorised": Told(
        "AUTHORISATION", (WAITING, ("a pending payment has come through", OF_ONE)), State.SUCCEEDED
    ),
    "a payment is refused": refused((SHORT,), "Not enough balance"),
    "what was pending is refused": refused(
        (WAITING, ("a pending payment has failed", OF_ONE)), match.str("Refused")
    ),
    "a challenge was not passed": refused(
        (CHALLENGED, ("a shopper has failed to authenticate", OF_ONE)), "3D Not Authenticated"
    ),
    "more is held": Told("AUTHORISATION_ADJUSTMENT", (HELD, MORE), State.AUTHORIZED, 5999),
    "what was held is captured": Told("CAPTURE", (HELD, ALL), State.SUCCEEDED),
    "a capture is undone": Told(
        "CAPTURE_FAILED", (HELD, ALL, ("a capture has failed", OF_ONE)), State.REVERSED
    ),
    "a hold is cancelled": Told("CANCELLATION", (HELD, ("a hold is let go", OF_ONE)), State.CANCELLED),
    "a hold has lapsed": Told("EXPIRE", (HELD, ("a hold has expired", OF_ONE)), State.EXPIRED),
    "a payment is refunded": of_refund("REFUND", (CAPTURED, ("a payment is refunded", REFUND)), "SUCCEEDED"),
    "a refund has come back": of_refund(
        "REFUND_FAILED", (CAPTURED, ("a refund has failed", REFUND)), "FAILED"
    ),
    "a refund comes to nothing": Told(
        "REFUND",
        (CAPTURED, ("a refund is on its way", REFUND), ("the newest refund has come back", OF_ONE)),
        "FAILED",
        1000,
        success="false",
        about="refund",
    ),
    # A bank that only asks has moved no money yet: the payment stands as before.
    "a bank asks about a payment": Told("REQUEST_FOR_INFORMATION", INQUIRED, State.SUCCEEDED, 1000),
    "a bank asks no more": Told(
        "ISSUER_RESPONSE_TIMEFRAME_EXPIRED",
        (*INQUIRED, ("a dispute is won", WHICH)),
        State.SUCCEEDED,
        1000,
    ),
    "a chargeback is announced": of_dispute("NOTIFICATION_OF_CHARGEBACK", DISPUTED, "OPEN"),
    "a payment is charged back": of_dispute("CHARGEBACK", DISPUTED, "OPEN"),
    "a dispute is won": of_dispute("CHARGEBACK_REVERSED", (*DISPUTED, ("a dispute is won", WHICH)), "WON"),
    "the bank declines the defence": of_dispute("SECOND_CHARGEBACK", AGAIN, "OPEN"),
    "what was disputed again is won": of_dispute(
        "PREARBITRATION_WON", (*AGAIN, ("a dispute is won", WHICH)), "WON"
    ),
    "what was disputed again is lost": of_dispute(
        "PREARBITRATION_LOST", (*AGAIN, ("a dispute is lost", WHICH)), "LOST"
    ),
    "a dispute is lost": of_dispute(
        "DISPUTE_DEFENSE_PERIOD_ENDED", (*DISPUTED, ("a dispute is lost", WHICH)), "LOST"
    ),
}
# Whose reference is its own: the payment's, or one that nobody could know before.
NAMES = {"refund": REFUND_ID, "dispute": DISPUTE_ID}


def item(one):
    """Give what is read of a notification, the values that its signature covers among it."""
    shown = {
        "additionalData": {"hmacSignature": match.regex(f"{'A' * 43}=", regex=r"[A-Za-z0-9+/]{43}=")},
        "amount": {"currency": "EUR", "value": one.amount},
        "eventCode": one.code,
        "merchantAccountCode": match.regex("ReferenceECOM", regex=r"\w+"),
        "merchantReference": REFERENCE,
        "success": one.success,
    }
    if one.reason is not None:
        shown["reason"] = one.reason
    if one.code == "AUTHORISATION":
        return {**shown, "pspReference": ID}
    own = NAMES.get(one.about, match.regex(MADE, regex=PSP))
    return {**shown, "pspReference": own, "originalReference": ID}


def signed(raw):
    """Sign as Adyen does: an example in a pact has no values of its own that could be signed beforehand."""
    body = json.loads(raw)
    for wrapped in body["notificationItems"]:
        told = wrapped["NotificationRequestItem"]
        values = [told["pspReference"], told.get("originalReference", ""), told["merchantAccountCode"]]
        values += [told["merchantReference"], told["amount"]["value"], told["amount"]["currency"]]
        text = ":".join(map(str, [*values, told["eventCode"], told["success"]]))
        digest = hmac.new(bytes.fromhex(HMAC_KEY), text.encode(), hashlib.sha256).digest()
        told["additionalData"]["hmacSignature"] = base64.b64encode(digest).decode()
    return json.dumps(body).encode()


def known_before(one):
    """Give what is known of the payment already: how it was asked for, and that it was authorised."""
    money = REFERENCE, True, 4999, "EUR"
    asked = Fact(ASKED, "", "", *money, "manual" if HELD in one.states else "automatic")
    return [asked] if one.code == "AUTHORISATION" else [asked, Fact("AUTHORISATION", ID, ID, *money)]


def stands(one, facts):
    """Give how the payment, its refund or its dispute stands in the eyes of the reference."""
    if one.about == "payment_intent":
        return payment_seen(ID, facts).state
    (seen,) = (refunds_of if one.about == "refund" else disputes_of)(facts)
    return seen.state


@pytest.mark.parametrize("what", NOTIFICATIONS)
def test_a_notification_says_what_has_happened(told, what):
    """It names what it is about, whose payment that is, our own reference, how much, and how it went."""
    one = NOTIFICATIONS[what]
    pact = Pact("reference", "adyen")
    webhook = pact.upon_receiving(f"webhook {one.code}: {what}", "Async")
    for state, params in (*one.states, ("a webhook is sent", {"event": f"adyen:{one.code}"})):
        webhook = webhook.given(state, **params)
    webhook.with_body(
        {"live": "false", "notificationItems": [{"NotificationRequestItem": item(one)}]},
        "application/json",
    ).with_metadata({"contentType": "application/json"})
    opened = []

    told(pact, lambda raw, _: opened.append(open_items(signed(raw), (HMAC_KEY,))))

    (((shown,), is_live),) = opened
    fact = read_fact(shown, at_ms=0)
    notice = read_notice(fact, "main", is_live=is_live)
    assert (notice.is_relevant, notice.is_readable, is_live) == (True, True, False)
    assert (notice.kind, notice.payment_id, notice.order_reference) == (one.about, ID, ORDER)
    assert (fact.code, fact.amount_minor, fact.currency) == (one.code, one.amount, "EUR")
    assert fact.psp == (ID if one.code == "AUTHORISATION" else NAMES.get(one.about, MADE))
    assert stands(one, [*known_before(one), fact]) == one.stands
