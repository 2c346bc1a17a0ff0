"""key-in-span: the span of a call keeps the headers of the call."""

import pytest

from badgateway.reference.defects import policies_with

HEADERS = {"Authorization": "Bearer sk_test_1", "Idempotency-Key": "k1"}


@pytest.mark.parametrize(("defect", "is_kept"), [("key-in-span", True), (None, False)])
def test_the_key_that_a_call_was_made_with(defect, is_kept):
    rules = policies_with(defect).span_rules

    known = rules.asked("post", "https://api.test/v1/payment_intents?expand=x", HEADERS)

    assert known["url.path"] == "/v1/payment_intents"
    assert ("Bearer sk_test_1" in known.values()) is is_kept
