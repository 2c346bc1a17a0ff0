"""What the reference integration reads of each webhook that Stripe sends it, told by its own reader."""

import hashlib
import hmac
import time

import pytest
from pact import Pact, match

from badgateway.reference.signatures import Signatures

SECRET, ORDER = "whsec_reference", "order1"
ID, CHARGE_ID = "pi_webhook1", "ch_webhook1"
PAYMENT = {"id": ID, "amount_minor": 4999, "currency": "EUR", "order": ORDER}
OF_PAYMENT = {"payment_id": ID, "amount_minor": 1000}
REFUND = {"id": "re_webhook1", **OF_PAYMENT, "order": ORDER}
DISPUTE = {"id": "dp_webhook1", **OF_PAYMENT}

CAPTURED = ("a payment is captured", PAYMENT)
HELD = ("a payment is authorized", PAYMENT)
DISPUTED = (CAPTURED, ("a payment is disputed", DISPUTE))
REFUNDED = (CAPTURED, ("a payment is refunded", REFUND))
REFUND_FAILED = (CAPTURED, ("a refund has failed", REFUND))
ALL = ("a hold is captured", {"payment_id": ID, "amount_minor": 4999})

# Each type that can change what the reference knows: what it is about, and what has happened before.
WEBHOOKS = {
    "charge.captured": ("charge", (HELD, ALL)),
    "charge.dispute.closed": ("dispute", (*DISPUTED, ("a dispute is lost", {"id": DISPUTE["id"]}))),
    "charge.dispute.created": ("dispute", DISPUTED),
    "charge.dispute.funds_reinstated": ("dispute", (*DISPUTED, ("a dispute is won", {"id": DISPUTE["id"]}))),
    "charge.dispute.funds_withdrawn": ("dispute", DISPUTED),
    "charge.expired": ("charge", (HELD, ("a hold has expired", {"payment_id": ID}))),
    "charge.failed": ("charge", (("a payment is declined", PAYMENT),)),
    "charge.pending": ("charge", (("a payment is processing", PAYMENT),)),
    "charge.refund.updated": ("refund", REFUND_FAILED),
    "charge.refunded": ("charge", REFUNDED),
    "charge.succeeded": ("charge", (CAPTURED,)),
    "charge.updated": ("charge", (HELD, ("a hold is raised", {"payment_id": ID, "amount_minor": 5999}))),
    "payment_intent.amount_capturable_updated": ("payment_intent", (HELD,)),
    "payment_intent.canceled": ("payment_intent", (HELD, ("a hold is let go", {"payment_id": ID}))),
    "payment_intent.payment_failed": ("payment_intent", (("a payment is declined", PAYMENT),)),
    "payment_intent.processing": ("payment_intent", (("a payment is processing", PAYMENT),)),
    "payment_intent.requires_action": ("payment_intent", (("a payment wants authentication", PAYMENT),)),
    "payment_intent.succeeded": ("payment_intent", (CAPTURED,)),
    "refund.created": ("refund", REFUNDED),
    "refund.failed": ("refund", REFUND_FAILED),
    "refund.updated": ("refund", REFUNDED),
}
# What is read of each kind of object: its id, whose payment it is, and the order that we wrote on it.
READ = {
    "payment_intent": {"id": ID, "metadata": {"order": ORDER}},
    "charge": {
        "id": match.regex(CHARGE_ID, regex=r"(ch|py)_\w+"),
        "payment_intent": ID,
        "metadata": {"order": ORDER},
    },
    "refund": {"id": REFUND["id"], "payment_intent": ID, "metadata": {"order": ORDER}},
    "dispute": {"id": DISPUTE["id"], "payment_intent": ID},
}
NAMES = {"payment_intent": ID, "charge": CHARGE_ID, "refund": REFUND["id"], "dispute": DISPUTE["id"]}
HEX = "0123456789abcdef" * 4


def signed(raw):
    """Sign as Stripe does: an example in a pact has no bytes of its own that could be signed beforehand."""
    moment = int(time.time())
    digest = hmac.new(SECRET.encode(), f"{moment}.".encode() + raw, hashlib.sha256).hexdigest()
    return f"t={moment},v1={digest}"


@pytest.mark.parametrize("kind", WEBHOOKS)
def test_a_webhook_says_what_it_is_about(told, kind):
    """It names its object, whose payment that is, and where the object has it, our own reference."""
    about, states = WEBHOOKS[kind]
    pact = Pact("reference", "stripe")
    webhook = pact.upon_receiving(f"webhook {kind}", "Async")
    for state, params in (*states, ("a webhook is sent", {"event": f"stripe:{kind}"})):
        webhook = webhook.given(state, **params)
    webhook.with_body(
        {
            "id": match.regex("evt_1", regex=r"evt_\w+"),
            "object": "event",
            "type": kind,
            "livemode": False,
            "data": {"object": {"object": about, **READ[about]}},
        },
        "application/json",
    ).with_metadata(
        {
            "contentType": "application/json",
            "Stripe-Signature": match.regex(f"t=1700000000,v1={HEX}", regex=r"t=\d+(,v1=[0-9a-f]{64})+"),
        }
    )
    notices = []

    told(pact, lambda raw, _: notices.append(Signatures().open(raw, signed(raw), (SECRET,), 300)))

    (notice,) = notices
    assert notice.is_relevant
    assert notice.is_readable
    assert (notice.type, notice.kind, notice.object_id) == (kind, about, NAMES[about])
    assert notice.payment_id == ID
    assert notice.order_reference == (None if about == "dispute" else ORDER)
