"""The merchant API keeps its own contract: answers fit the schemas, and the examples are answers."""

from __future__ import annotations

from pathlib import Path

import jsonschema
import pytest
import yaml

from badgateway.reference.web import build_app

SPEC = yaml.safe_load((Path(__file__).parents[2] / "specs" / "merchant.openapi.yaml").read_text("utf-8"))
EXAMPLES = SPEC["components"]["examples"]


def schema_of(path, method, status):
    """Give the schema of one answer, references into the components included."""
    answer = SPEC["paths"][path][method]["responses"][str(status)]
    if "$ref" in answer:
        answer = SPEC["components"]["responses"][answer["$ref"].rpartition("/")[2]]
    return {**answer["content"]["application/json"]["schema"], "components": SPEC["components"]}


def paid(shop, **more):
    shop.opened("order1", **more)
    return shop.pay("order1")


def captured(shop):
    paid(shop, capture="manual")
    return shop.client.post("/orders/order1/capture", json={})


def refunded(shop):
    paid(shop)
    return shop.client.post("/orders/order1/refunds", json={"amount": "10.00", "refund_reference": "r1"})


def cancelled(shop):
    paid(shop, capture="manual")
    return shop.client.post("/orders/order1/cancel")


def method(token):
    def play(shop):
        shop.opened("order1")
        return shop.pay("order1", method=token)

    return play


def opened(shop):
    shopper = {"name": "Ada Byron", "email": "ada@example.test"}
    wanted = {"reference": "order1", "amount": "49.99", "currency": "EUR", "shopper": shopper}
    return shop.client.post("/orders", json=wanted)


STORIES = {
    "opened": ("/orders", "post", 201, opened),
    "paid": ("/orders/{reference}/pay", "post", 200, paid),
    "authorized": ("/orders/{reference}/pay", "post", 200, lambda shop: paid(shop, capture="manual")),
    "pending": ("/orders/{reference}/pay", "post", 202, method("pm_slow")),
    "challenged": ("/orders/{reference}/pay", "post", 202, method("pm_action")),
    "declined": ("/orders/{reference}/pay", "post", 402, method("pm_card_declined")),
    "unreachable": ("/orders/{reference}/pay", "post", 503, method("pm_card_visa")),
    "captured": ("/orders/{reference}/capture", "post", 200, captured),
    "refunded": ("/orders/{reference}/refunds", "post", 200, refunded),
    "cancelled": ("/orders/{reference}/cancel", "post", 200, cancelled),
}


def settled(order):
    """Give an order without the moments of its changes, and the numbers of their causes."""
    return {**order, "changes": [{**one, "at_ms": 0, "correlation": ""} for one in order["changes"]]}


@pytest.mark.parametrize("name", STORIES)
def test_an_example_is_what_the_api_answers(start, nowhere, name):
    path, verb, status, play = STORIES[name]
    shop = start(**({"STRIPE_API_BASE": nowhere} if name == "unreachable" else {}))

    answer = play(shop)

    assert answer.status_code == status
    assert settled(answer.json) == settled(EXAMPLES[name]["value"])
    jsonschema.validate(answer.json, schema_of(path, verb, status))


def test_every_example_has_its_story():
    assert set(EXAMPLES) == set(STORIES)


@pytest.mark.parametrize(
    ("path", "verb", "url", "body", "status"),
    [
        ("/orders", "post", "/orders", [], 400),
        ("/orders/{reference}", "get", "/orders/none", None, 404),
        ("/orders/{reference}/return", "get", "/orders/none/return", None, 404),
        ("/orders/{reference}/cancel", "post", "/orders/none/cancel", None, 404),
        ("/internal/sync", "post", "/internal/sync", None, 200),
        ("/internal/settlement", "post", "/internal/settlement", None, 200),
        ("/webhooks/stripe", "post", "/webhooks/stripe", {}, 400),
        ("/health", "get", "/health", None, 200),
    ],
)
def test_other_answers_fit_their_schemas(start, path, verb, url, body, status):
    answer = start().client.open(url, method=verb.upper(), json=body)

    assert answer.status_code == status
    jsonschema.validate(answer.json, schema_of(path, verb, status))


def test_the_document_knows_every_route_and_no_other(start):
    app = build_app(start().service)
    routes = {
        (rule.rule.replace("<", "{").replace(">", "}"), verb.lower())
        for rule in app.url_map.iter_rules()
        for verb in rule.methods - {"HEAD", "OPTIONS"}
        if rule.endpoint != "static"
    }

    assert routes == {
        (path, verb) for path, item in SPEC["paths"].items() for verb in item if verb in {"get", "post"}
    }


def test_wrong_methods_and_endless_bodies_are_worded_as_json(start):
    client = start().client

    wrong, large = client.delete("/orders"), client.post("/orders", data=b" " * 1_000_001)

    assert (wrong.status_code, large.status_code) == (405, 413)
    assert {"code", "message"} == set(wrong.json["error"]) == set(large.json["error"])
    assert wrong.content_type == "application/json"
    assert set(wrong.headers["Allow"].split(", ")) == {"POST", "OPTIONS"}
