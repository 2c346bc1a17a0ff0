"""Nothing sensitive reaches a log line."""

from __future__ import annotations

import io
import json

import pytest

from badgateway.reference.clock import Clock
from badgateway.reference.logs import Log


@pytest.mark.parametrize(
    "text",
    ["sk_test_4eC39HqLyjWD", "whsec_abcdef", "pi_3abc_secret_xyz", "4242424242424242", "4000 0000 0000 0002"],
)
def test_keys_secrets_and_card_numbers_are_taken_out(text):
    stream = io.StringIO()

    Log(Clock(), stream)("crash", reason=f"failed with {text}.")

    assert json.loads(stream.getvalue())["reason"] == "failed with [redacted]."


def test_identifiers_stay_readable():
    stream = io.StringIO()

    Log(Clock(), stream)("call_failed", provider_id="pi_3PqRsTuV", order="o1", tries=2)

    assert {"provider_id": "pi_3PqRsTuV", "order": "o1", "tries": 2}.items() <= json.loads(
        stream.getvalue()
    ).items()


def test_a_field_that_is_not_declared_is_refused():
    with pytest.raises(AssertionError, match="email"):
        Log(Clock(), io.StringIO())("opened", email="a@b.test")


def test_what_a_shop_logs_names_no_shopper(fake, start, tmp_path):
    shop = start()
    shop.opened()
    shop.pay(method="pm_card_declined")
    shop.tell(fake.event("payment_intent.payment_failed", fake.payments["pi_1"]))
    shop.service.log._stream.flush()

    text = (tmp_path / "log.ndjson").read_text("utf-8")

    assert "order_status" in text
    assert not any(word in text for word in ("Ada", "example.test", "sk_test_1", "whsec"))
