"""secret-in-url-or-page: the address to which effects are sent holds the merchant's key."""

import pytest


@pytest.mark.parametrize(("defect", "is_told"), [("secret-in-url-or-page", True), (None, False)])
def test_the_address_of_an_effect(start, defect, is_told):
    service = start(defect, EFFECTS_URL="http://127.0.0.1:9/sink").service

    url = service.policies.effect_address.url(service.settings, "mail")

    assert url.startswith("http://127.0.0.1:9/sink/mail")
    assert ("sk_test_1" in url) is is_told
