"""raise-taken-as-granted: what the bank declined is captured."""

import pytest


@pytest.mark.parametrize(
    ("defect", "answers", "asked"), [("raise-taken-as-granted", (200, 200), "5999"), (None, (402, 409), None)]
)
def test_a_declined_increment(fake, start, defect, answers, asked):
    """The capture goes up to what was wished for."""
    shop = start(defect)
    shop.opened(capture="manual", increments=True)
    shop.pay()
    fake.declines = {"code": "card_declined", "decline_code": "insufficient_funds", "message": "no"}

    raised = shop.client.post("/orders/o1/increments", json={"amount": "10.00"})
    captured = shop.client.post("/orders/o1/capture", json={"amount": "59.99"})

    sent = [params["amount_to_capture"] for name, _, params in fake.calls if name == "capture"]
    assert (raised.status_code, captured.status_code) == answers
    assert sent == ([asked] if asked else [])
