"""Where Euler's webhooks and answers keep what drifts: the words by which a story names a field."""

from __future__ import annotations

from badgateway.ground.mutation import Landmarks

_ORDER = "$.content.order"
EVENT = Landmarks(
    {
        "event_id": "$.id",
        "type": "$.event_name",
        "object": _ORDER,
        "id": f"{_ORDER}.order_id",
        "status": f"{_ORDER}.status",
        "amount": f"{_ORDER}.amount",
        "currency": f"{_ORDER}.currency",
        "reference": f"{_ORDER}.udf1",
        "error": f"{_ORDER}.bank_error_code",
        "optional": f"{_ORDER}.product_id | $.date_created",
        "thin": f"$.id | $.event_name | {_ORDER}.order_id",
    },
    required=("event_id", "type", "object", "id", "status", "amount", "currency"),
)
REPLY = Landmarks(
    {
        "type": "$.status",
        "object": "$",
        "id": "$.order_id",
        "status": "$.status",
        "amount": "$.amount | $.txn_detail.txn_amount",
        "currency": "$.currency | $.txn_detail.currency",
        "reference": "$.udf1 | $.txn_id",
        "error": "$.error_code | $.txn_detail.error_code",
        "optional": "$.product_id | $.txn_detail.express_checkout | $.error_message",
        "thin": "$.order_id | $.txn_uuid",
    },
    required=("id", "status"),
)
