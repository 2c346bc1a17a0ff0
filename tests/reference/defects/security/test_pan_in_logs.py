"""pan-in-logs: what the provider says is logged as it came."""

import io

import pytest

NUMBER = "4000990000000000"


@pytest.mark.parametrize(("defect", "is_logged"), [("pan-in-logs", True), (None, False)])
def test_a_card_number_in_the_providers_words(fake, start, defect, is_logged):
    shop = start(defect)
    shop.opened()
    said = {"error": {"type": "api_error", "message": f"cannot charge {NUMBER}"}}
    fake.script["pay"] = [(500, said, {})]
    shop.service.log._stream = log = io.StringIO()

    shop.pay()

    assert (NUMBER in log.getvalue()) is is_logged
    assert "cannot charge" in log.getvalue()
