"""The page of request parameters, and what passing over and refusing mean."""

import pytest
import stripe

from badgateway.providers.stripe.parameters import PAGE, parameters_text
from badgateway.providers.stripe.params import kinds
from badgateway.providers.stripe.routes import ROUTES


def test_the_page_says_what_the_code_does():
    assert PAGE.read_text(encoding="utf-8") == parameters_text(), (
        "renew it: python -m badgateway.providers.stripe.parameters"
    )


REFUSED = [
    (route, name) for route in ROUTES for name, kind in kinds(route.shape).items() if kind == "refused"
]


@pytest.mark.parametrize(("route", "name"), REFUSED, ids=lambda one: getattr(one, "pattern", one))
def test_what_the_page_calls_refused_is_refused_by_its_name(ask, route, name):
    is_json = route.pattern.startswith("/v2/") and route.method == "POST"
    given = f'{{"{name}": "x"}}' if is_json else f"{name}=x"

    status, body = ask(route.method, route.pattern.replace("{id}", "pi_x"), given)

    assert (status, body["error"]["param"]) == (400, name)
    assert "simulator" in body["error"]["message"]


def test_another_type_of_payment_method_is_refused_by_its_name(client):
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.payment_methods.create({"type": "klarna", "klarna": {"dob": {"day": 1}}})

    assert refused.value.param == "klarna"
