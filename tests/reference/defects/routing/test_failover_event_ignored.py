"""failover-event-ignored: news from the provider before the current one is filed, and not booked."""

import pytest

from badgateway.reference.defects import policies_with
from badgateway.reference.seen import PaymentSeen
from badgateway.reference.states import State

SEEN = PaymentSeen("pi_1", State.SUCCEEDED, 4999, "EUR", 4999, 0, False, None, None, "o1", 1)


@pytest.mark.parametrize(("defect", "booked"), [("failover-event-ignored", 0), (None, 4999)])
def test_a_success_of_the_provider_before(defect, booked):
    news = policies_with(defect).routing.news(SEEN, "stripe", "adyen")

    assert (news.provider_id, news.captured_minor) == ("pi_1", booked)


@pytest.mark.parametrize("defect", ["failover-event-ignored", None])
def test_a_success_of_the_current_provider(defect):
    assert policies_with(defect).routing.news(SEEN, "adyen", "adyen") is SEEN
