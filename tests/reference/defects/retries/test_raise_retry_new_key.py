"""raise-retry-new-key: each try to raise a hold carries a key of its own."""

import pytest


@pytest.mark.parametrize(("defect", "keys"), [("raise-retry-new-key", 2), (None, 1)])
def test_a_lost_answer_to_an_increment(fake, start, defect, keys):
    """Two tries are made, under so many keys."""
    shop = start(defect, CALL_TIMEOUT_MS="5000", TOTAL_DEADLINE_MS="9000")
    shop.opened(capture="manual", increments=True)
    shop.pay()
    fake.script["increment_authorization"] = ["close_after"]

    shop.client.post("/orders/o1/increments", json={"amount": "10.00"})

    sent = fake.keys("increment_authorization")
    assert (len(sent), len(set(sent))) == (2, keys)
