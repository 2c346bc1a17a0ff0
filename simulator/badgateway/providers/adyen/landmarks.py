"""Where Adyen's notifications and answers keep what drifts: the words by which a story names a field."""

from __future__ import annotations

from badgateway.ground.mutation import Landmarks

_ITEM = "$.notificationItems[0].NotificationRequestItem"
EVENT = Landmarks(
    {
        "event_id": f"{_ITEM}.pspReference",
        "type": f"{_ITEM}.eventCode",
        "object": _ITEM,
        "id": f"{_ITEM}.originalReference | {_ITEM}.pspReference",
        "status": f"{_ITEM}.success",
        "amount": f"{_ITEM}.amount.value",
        "currency": f"{_ITEM}.amount.currency",
        "reference": f"{_ITEM}.merchantReference",
        "error": f"{_ITEM}.reason",
        "optional": f"{_ITEM}.paymentMethod | {_ITEM}.operations | {_ITEM}.reason",
        # No index leads through an id-only body: there is none in this provider's next version.
        "thin": "$.live",
    },
    required=("event_id", "type", "object", "id", "status", "amount", "currency"),
)
REPLY = Landmarks(
    {
        "type": "$.errorType | $.resultCode | $.status",
        "object": "$",
        "id": "$.pspReference",
        "status": "$.resultCode | $.status",
        "amount": "$.amount.value",
        "currency": "$.amount.currency",
        "reference": "$.merchantReference | $.reference",
        "error": "$.errorCode | $.refusalReasonCode",
        "optional": "$.paymentMethod | $.refusalReason | $.errorType",
        "thin": "$.pspReference",
    },
    required=("type", "id", "status"),  # a refusal says so in its result; its reason is no more than advice
)
