"""cached-error-replay: a key whose stored answer is an error."""

import pytest

STORED = (500, {"error": {"type": "api_error"}}, {"Stripe-Should-Retry": "false"})
REPLAYED = (STORED[0], STORED[1], {**STORED[2], "Idempotent-Replayed": "true"})


@pytest.mark.parametrize(("defect", "status"), [("cached-error-replay", "PENDING"), (None, "PAID")])
def test_the_shopper_pays_again_after_a_stored_error(fake, start, defect, status):
    shop = start(defect)
    shop.opened()
    fake.script["pay"] = [STORED, REPLAYED, *([REPLAYED] if defect else [])]
    shop.pay()
    shop.client.post("/internal/sync")

    shop.pay()

    assert shop.view()["status"] == status
    assert len(set(fake.keys("pay"))) == (1 if defect else 2)
