"""Where Stripe's events and answers keep what drifts: the words by which a story names a field."""

from __future__ import annotations

from badgateway.ground.mutation import Landmarks

EVENT = Landmarks(
    {
        "event_id": "$.id",
        "type": "$.type",
        "object": "$.data.object",
        "id": "$.data.object.id",
        "status": "$.data.object.status",
        "amount": "$.data.object.amount",
        "currency": "$.data.object.currency",
        "reference": "$.data.object.metadata",
        "error": "$.data.object.last_payment_error | $.data.object.failure_code",
        # Versions have moved charges in and out of the intent, and balances out of the charge.
        "optional": "$.data.object.latest_charge | $.data.object.receipt_url | $.data.object.charge",
        "thin": "$.id | $.object | $.type | $.data.object.id | $.data.object.object",
    },
    required=("event_id", "type", "object", "id", "status", "amount", "currency"),
)
REPLY = Landmarks(
    {
        "type": "$.object | $.error.type",
        "object": "$.error.payment_intent | $.error | $",
        "id": "$.id | $.error.payment_intent.id | $.data[0].id",
        "status": "$.status | $.error.payment_intent.status | $.data[0].status",
        "amount": "$.amount | $.error.payment_intent.amount | $.data[0].amount",
        "currency": "$.currency | $.error.payment_intent.currency | $.data[0].currency",
        "reference": "$.metadata | $.error.payment_intent.metadata | $.data[0].metadata",
        "error": "$.error | $.last_payment_error | $.data[0].last_payment_error",
        "optional": "$.latest_charge | $.receipt_url | $.charge | $.error.doc_url | $.url",
        "thin": "$.id | $.object",
    },
    required=("type", "id", "status", "amount", "currency", "error"),
)
