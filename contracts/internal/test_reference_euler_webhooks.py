"""What the reference integration reads of each webhook that Euler sends it, told by its own reader."""

import base64

import pytest
from pact import Pact, match

from badgateway.reference.euler.notifications import check_sender, read_event, read_notices

SECRET = "euler-webhooks:whsec_reference"
PAIR = base64.b64encode(SECRET.encode()).decode()
ORDER_ID, ORDER = "order1A1", "order1"
PAYMENT = {"id": ORDER_ID, "amount_minor": 4999, "currency": "EUR", "order": ORDER}
OF_PAYMENT = {"payment_id": ORDER_ID, "amount_minor": 1000}
REFUND, DISPUTE = {"id": "rfd1", **OF_PAYMENT}, {"id": "chb1", **OF_PAYMENT}
OF_ONE = {"payment_id": ORDER_ID}

ACCOUNT = ("a merchant account", {"api_key": "sk_test_reference"})
OPEN = ("a payment is open", PAYMENT)
CAPTURED = ("a payment is captured", PAYMENT)
DECLINED = ("a payment is declined", PAYMENT)
HELD = ("a payment is authorized", PAYMENT)
REFUNDED = (CAPTURED, ("a payment is refunded", REFUND))
REFUND_FAILED = (CAPTURED, ("a refund has failed", REFUND))
DISPUTED = (CAPTURED, ("a payment is disputed", DISPUTE))
ASKED = (CAPTURED, ("a bank asks about a payment", DISPUTE))
# The shopper finishes an older attempt after a newer one has paid: that money goes back by itself.
PAID_TWICE = (
    ("a payment wants authentication", PAYMENT),
    ("an order is paid by another attempt", OF_ONE),
    ("a shopper has authenticated", OF_ONE),
)
AUTO_FAILED = (*PAID_TWICE, ("the newest refund has come back", OF_ONE))

# Each event: what it is about beside the order, and what has happened before.
WEBHOOKS = {
    "AUTO_REFUND_FAILED": ("refunds", AUTO_FAILED),
    "AUTO_REFUND_INITIATED": (None, PAID_TWICE),
    "AUTO_REFUND_SUCCEEDED": ("refunds", PAID_TWICE),
    "CHARGEBACK_CANCELED": ("chargebacks", (*ASKED, ("a dispute is won", {"id": DISPUTE["id"]}))),
    "CHARGEBACK_EVIDENCE_REQUIRED": ("chargebacks", ASKED),
    "CHARGEBACK_RECEIVED": ("chargebacks", DISPUTED),
    "CHARGEBACK_RESOLVED_IN_CUSTOMER_FAVOUR": (
        "chargebacks",
        (*DISPUTED, ("a dispute is lost", {"id": DISPUTE["id"]})),
    ),
    "CHARGEBACK_RESOLVED_IN_MERCHANT_FAVOUR": (
        "chargebacks",
        (*DISPUTED, ("a dispute is won", {"id": DISPUTE["id"]})),
    ),
    "ORDER_AUTHORIZED": (None, (HELD,)),
    "ORDER_CAPTURE_FAILED": (None, (CAPTURED, ("a capture has failed", OF_ONE))),
    "ORDER_CREATED": (None, (OPEN,)),
    "ORDER_FAILED": (None, (DECLINED,)),
    "ORDER_PARTIAL_CHARGED": (None, (HELD, ("a hold is captured", OF_PAYMENT))),
    "ORDER_REFUNDED": ("refunds", REFUNDED),
    "ORDER_REFUND_FAILED": ("refunds", REFUND_FAILED),
    "ORDER_SUCCEEDED": (None, (CAPTURED,)),
    "ORDER_VOIDED": (None, (HELD, ("a hold is let go", OF_ONE))),
    "REFUND_INITIATED": (None, REFUNDED),
    "TXN_CHARGED": (None, (CAPTURED,)),
    "TXN_CREATED": (None, (CAPTURED,)),
    "TXN_FAILED": (None, (DECLINED,)),
}
# What says no more than that something was begun is taken, and changes nothing.
NO_NEWS = {"ORDER_CREATED", "TXN_CREATED", "REFUND_INITIATED", "AUTO_REFUND_INITIATED"}
PARTS = {"refunds": ("refund", REFUND["id"]), "chargebacks": ("dispute", DISPUTE["id"])}


def part_of(kind, name):
    """Give the id of the refund or chargeback that an event is about; Euler names its own refunds."""
    _, known = PARTS[name]
    return match.regex(known, regex=r"rfd\w+") if kind.startswith("AUTO_") else known


@pytest.mark.parametrize("kind", WEBHOOKS)
def test_a_webhook_says_what_it_is_about(told, kind):
    """It comes with our user and password, and names its order, our reference, and the part that is meant."""
    part, states = WEBHOOKS[kind]
    pact = Pact("reference", "euler")
    webhook = pact.upon_receiving(f"webhook {kind}", "Async")
    for state, params in (ACCOUNT, *states, ("a webhook is sent", {"event": f"euler:{kind}"})):
        webhook = webhook.given(state, **params)
    order = {"order_id": ORDER_ID, "udf1": ORDER}
    if part is not None:
        order[part] = [{"id": part_of(kind, part)}]
    webhook.with_body(
        {"id": match.regex("evt_1", regex=r"evt_\w+"), "event_name": kind, "content": {"order": order}},
        "application/json",
    ).with_metadata(
        {
            "contentType": "application/json",
            "Authorization": match.regex(f"Basic {PAIR}", regex=r"Basic [A-Za-z0-9+/]+=*"),
        }
    )
    events = []

    def take(raw, metadata):
        check_sender(metadata["Authorization"], (SECRET,))
        events.append(read_event(raw))

    told(pact, take)

    notices = read_notices(events[0], "main", is_live=False)
    about = [("payment_intent", ORDER_ID)]
    if part is not None:
        about.append((PARTS[part][0], f"{ORDER_ID}/{PARTS[part][1]}"))
    assert [(one.kind, one.object_id) for one in notices] == ([] if kind in NO_NEWS else about)
    assert {(one.payment_id, one.order_reference) for one in notices} <= {(ORDER_ID, ORDER)}
