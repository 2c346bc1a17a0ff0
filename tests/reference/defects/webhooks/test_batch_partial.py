"""batch-partial: of several events in one request, only the first is worked on."""

import json

import pytest
from sqlalchemy import func, select

from badgateway.providers.adyen.signing import UNSIGNED, hmac_key, sign_inside
from badgateway.providers.base import Endpoint
from badgateway.reference.adyen.mirror import facts
from badgateway.reference.adyen.webhooks import receive
from badgateway.reference.defects import policies_with
from badgateway.reference.service import build_service
from badgateway.reference.settings import read_settings

SECRET = "whsec_of_the_route"


def request_of(*codes):
    items = [
        {
            "NotificationRequestItem": {
                "additionalData": {"hmacSignature": UNSIGNED},
                "amount": {"currency": "EUR", "value": 100},
                "eventCode": code,
                "merchantAccountCode": "M",
                "merchantReference": "order.1",
                "pspReference": f"{n:016}",
                "success": "true",
            }
        }
        for n, code in enumerate(codes)
    ]
    raw = json.dumps({"live": "false", "notificationItems": items}).encode()
    return sign_inside(raw, Endpoint("", SECRET))


@pytest.mark.parametrize(("defect", "kept"), [(None, 3), ("batch-partial", 1)])
def test_what_came_with_the_first_event_is_acknowledged_and_forgotten(tmp_path, defect, kept):
    given = {
        "PROVIDER": "adyen",
        "ADYEN_API_BASE": "http://127.0.0.1:1",
        "ADYEN_API_KEY": "sk_test_1",
        "ADYEN_WEBHOOK_SECRET": hmac_key(SECRET),
        "ADYEN_MERCHANT_ACCOUNT": "M",
        "DATABASE": str(tmp_path / "books.sqlite"),
    }
    service = build_service(read_settings(given, 1), policies_with(defect))

    answer = receive(service, request_of("AUTHORISATION", "CAPTURE", "REFUND"))

    with service.store.read() as tx:
        assert tx.scalar(select(func.count()).select_from(facts)) == kept
    assert answer == (200, "[accepted]")
    service.close()
