"""Notifications at the merchant's address: all items or none, acknowledged as Adyen wants it."""

import json

import pytest

from badgateway.providers.adyen.signing import UNSIGNED, hmac_key, sign_inside
from badgateway.providers.base import Endpoint
from badgateway.reference.adyen.webhooks import receive
from badgateway.reference.service import build_service
from badgateway.reference.settings import read_settings

SECRET = "whsec_of_the_route"


@pytest.fixture
def service(tmp_path):
    """Give an integration whose provider is Adyen."""
    made = build_service(
        read_settings(
            {
                "PROVIDER": "adyen",
                "ADYEN_API_BASE": "http://127.0.0.1:1",
                "ADYEN_API_KEY": "sk_test_1",
                "ADYEN_WEBHOOK_SECRET": hmac_key(SECRET),
                "ADYEN_MERCHANT_ACCOUNT": "M",
                "DATABASE": str(tmp_path / "books.sqlite"),
            },
            1,
        )
    )
    yield made
    made.close()


def body(*codes, secret=SECRET, live="false"):
    items = [
        {
            "NotificationRequestItem": {
                "additionalData": {"hmacSignature": UNSIGNED},
                "amount": {"currency": "EUR", "value": 100},
                "eventCode": code,
                "merchantAccountCode": "M",
                "merchantReference": "nobodys.1",
                "pspReference": f"{n:016}",
                "success": "true",
            }
        }
        for n, code in enumerate(codes)
    ]
    raw = json.dumps({"live": live, "notificationItems": items}).encode()
    return sign_inside(raw, Endpoint("", secret))


def test_a_batch_is_acknowledged_as_a_whole(service):
    assert receive(service, body("AUTHORISATION", "CAPTURE", "REPORT_AVAILABLE")) == (200, "[accepted]")


def test_the_same_again_is_acknowledged_as_well(service):
    assert [receive(service, body("AUTHORISATION")) for _ in range(2)] == [(200, "[accepted]")] * 2


@pytest.mark.parametrize("raw", [b"", b"{}", body("CAPTURE", secret="whsec_of_another")])
def test_what_is_not_genuine_is_refused(service, raw):
    assert receive(service, raw) == (400, "refused")


def test_what_is_of_the_other_mode_changes_nothing(service):
    assert receive(service, body("AUTHORISATION", live="true"))[0] == 200
    assert service.provider.payments_since(0, 1, service.policies.reconciling)[0] == []
