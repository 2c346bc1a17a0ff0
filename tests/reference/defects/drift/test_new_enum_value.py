"""new-enum-value: a closed list of words that are not ours."""

import pytest

DEFECT = "new-enum-value"


def told(fake, shop, word):
    shop.client.application.testing = False
    shop.client.application.config["PROPAGATE_EXCEPTIONS"] = False
    shop.opened()
    shop.pay()
    snapshot = fake.payments["pi_1"] | {"status": word}
    return shop.tell(fake.event("payment_intent.succeeded", snapshot)).status_code


@pytest.mark.parametrize(("defect", "status"), [(DEFECT, 500), (None, 200)])
def test_a_word_that_is_new(fake, start, defect, status):
    assert told(fake, start(defect), "something_new") == status


@pytest.mark.parametrize("defect", [DEFECT, None])
@pytest.mark.parametrize("word", ["succeeded", "requires_capture", "processing"])
def test_a_word_of_today(fake, start, defect, word):
    assert told(fake, start(defect), word) == 200
