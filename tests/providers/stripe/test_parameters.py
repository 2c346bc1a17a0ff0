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


DESTINATION = (
    '{"name": "a", "type": "webhook_endpoint", "event_payload": "thin", '
    '"webhook_endpoint": {"url": "http://127.0.0.1:9/hook"}, '
    '"enabled_events": ["v1.payment_intent.succeeded"], %s}'
)


@pytest.mark.parametrize(
    ("address", "given", "param", "code"),
    [
        ("/v1/customers", "preferred_locales[]=", "preferred_locales[0]", "parameter_invalid_empty"),
        ("/v1/customers", f"metadata[{'k' * 41}]=v", "metadata", None),
        ("/v2/core/event_destinations", DESTINATION % '"metadata": {"": ""}', "metadata", None),
        ("/v2/core/event_destinations", DESTINATION % '"metadata": {"a[b": ""}', "metadata", None),
        (
            "/v2/core/event_destinations",
            DESTINATION % '"snapshot_api_version": "newest"',
            "snapshot_api_version",
            None,
        ),
        (
            "/v2/core/event_destinations",
            DESTINATION % '"snapshot_api_version": ""',
            "snapshot_api_version",
            None,
        ),
        (
            "/v1/webhook_endpoints",
            f"url=http://127.0.0.1:9/hook&enabled_events[]=0.{'0' * 99}",
            "enabled_events",
            None,
        ),
    ],
)
def test_what_a_parameter_cannot_be_is_refused_by_its_name(ask, address, given, param, code):
    status, body = ask("POST", address, given)

    assert (status, body["error"].get("param"), body["error"].get("code")) == (400, param, code)


def test_the_address_of_an_endpoint_is_not_unset(ask):
    _, made = ask("POST", "/v1/webhook_endpoints", "url=http://127.0.0.1:9/hook&enabled_events[]=*")

    status, body = ask("POST", f"/v1/webhook_endpoints/{made['id']}", "url=")

    assert (status, body["error"]["code"]) == (400, "url_invalid")
