"""second-report-unread: what the second provider paid out is in no book."""

import pytest


@pytest.mark.parametrize(
    ("defect", "asked"),
    [("second-report-unread", {"Bearer sk_test_1"}), (None, {"Bearer sk_test_1", "Bearer key_adyen"})],
)
def test_the_reports_of_each_provider_are_asked_for(gateway, fake, start, defect, asked):
    both = {"PROVIDER": "stripe,adyen", "ADYEN_API_KEY": "key_adyen", "ADYEN_API_BASE": gateway.url}
    shop = start(defect, SETTLEMENT_URL=gateway.url, **both)

    shop.client.post("/internal/reconciliation")

    assert set(fake.credentials) == asked
