"""The simulated Adyen keeps its OpenAPI document, and takes just what the document offers."""

import asyncio
import json

import jsonschema
import pytest
import requests
import yaml

from badgateway.contract.document import read_contract
from badgateway.providers.adyen.routes import ROUTES
from badgateway.providers.adyen.shapes import SHAPES, problem_of
from badgateway.verify.dialects import (
    API_KEY,
    HELD,
    Held,
    narrowed,
    prepare,
    provider_documents,
    provider_of,
    verify_dialect,
)
from badgateway.verify.fuzz import Effort, Terms
from badgateway.verify.simulator import Simulator

(STRIPE,) = [path for path in provider_documents() if provider_of(path) == "stripe"]
(ADYEN,) = [path for path in provider_documents() if provider_of(path) == "adyen"]
DOCUMENT = yaml.safe_load(ADYEN.read_text(encoding="utf-8"))
SCHEMAS = DOCUMENT["components"]["schemas"]
OPERATIONS = [
    (method.upper(), path, operation)
    for path, item in DOCUMENT["paths"].items()
    for method, operation in item.items()
]
EXAMPLES = [
    (path, operation, name)
    for _, path, operation in OPERATIONS
    if "requestBody" in operation
    for name in operation["requestBody"]["content"]["application/json"]["examples"]
]
# What an example is answered with, where it is not done.
REFUSED = {
    ("createPayment", "unknown_method"): "803",
    ("continuePayment", "nobody"): "14_0418",
    ("describeCard", "short"): "14_013",
}
# What the examples' payments come to.
RESULTS = {"taken": "Authorised", "declined": "Refused", "redirected": "RedirectShopper"}


def served_as(path):
    """Give the pattern by which the simulator knows an address."""
    return path.replace("{paymentPspReference}", "{id}").replace("{sessionId}", "{id}")


def meant(schema):
    return SCHEMAS[schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema


async def answered(path, body):
    async with Simulator("adyen") as simulator:
        prepare(simulator, HELD["adyen"])
        url = f"{simulator.url}{HELD['adyen'].served_at}{path}"
        headers = {"X-API-Key": API_KEY}
        return await asyncio.to_thread(requests.post, url, headers=headers, json=body, timeout=30)


@pytest.mark.parametrize(
    ("path", "operation", "name"), EXAMPLES, ids=[f"{row[1]['operationId']} {row[2]}" for row in EXAMPLES]
)
def test_each_example_is_answered_as_the_document_says(path, operation, name):
    body = operation["requestBody"]["content"]["application/json"]["examples"][name]["value"]
    named = [row["example"] for row in operation["parameters"] if row.get("in") == "path"]
    reply = asyncio.run(answered(path.replace("{paymentPspReference}", (named or [""])[0]), body))

    refusal = REFUSED.get((operation["operationId"], name))
    done = next(iter(operation["responses"]))
    assert reply.status_code == (int(done) if refusal is None else 422), reply.text
    assert reply.json().get("errorCode") == refusal
    if operation["operationId"] == "createPayment" and name in RESULTS:
        assert reply.json()["resultCode"] == RESULTS[name]
    answer = operation["responses"][str(reply.status_code)]
    if "$ref" in answer:
        answer = DOCUMENT["components"]["responses"][answer["$ref"].rpartition("/")[2]]
    schema = {**answer["content"]["application/json"]["schema"], "components": DOCUMENT["components"]}
    jsonschema.Draft202012Validator(schema).validate(reply.json())


def test_the_document_speaks_of_every_address_that_is_served_and_of_no_other():
    described = {(method, served_as(path)) for method, path, _ in OPERATIONS}

    assert described == {(route.method, route.pattern) for route in ROUTES}


@pytest.mark.parametrize("path", [path for method, path, _ in OPERATIONS if method == "POST"])
def test_what_the_document_offers_is_what_the_simulator_takes(path):
    content = DOCUMENT["paths"][path]["post"]["requestBody"]["content"]
    offered = meant(content["application/json"]["schema"])["properties"]
    shape = SHAPES[served_as(path)]

    assert set(offered) == shape.fields
    for name, inner in shape.within.items():
        assert set(meant(offered[name])["properties"]) == inner.fields


@pytest.mark.parametrize("value", ["", "x" * 8001, True, 1, {}, [], None], ids=str)
@pytest.mark.parametrize("path", ["/payments", "/sessions", "/payments/{paymentPspReference}/refunds"])
def test_a_value_that_the_document_does_not_allow_is_one_that_the_simulator_refuses(path, value):
    content = DOCUMENT["paths"][path]["post"]["requestBody"]["content"]
    offered = meant(content["application/json"]["schema"])
    for name in set(offered["properties"]) - set(offered["required"]):
        schema = {**offered["properties"][name], "components": DOCUMENT["components"]}
        is_allowed = jsonschema.Draft202012Validator(schema).is_valid(value)

        assert (problem_of(served_as(path), {name: value}) is None) == is_allowed, name


def test_the_simulator_keeps_the_document_of_captures_and_refunds(tmp_path):
    fuzzing = asyncio.run(verify_dialect(cut_down(tmp_path), Effort(seed=1, examples_max=2)))

    assert fuzzing.problems == ()
    assert {row.operation: row.failures for row in fuzzing.operations if row.failures} == {}
    assert (fuzzing.is_ok, fuzzing.party) == (True, "adyen")


def test_a_document_that_the_simulator_does_not_keep_is_found_out(tmp_path):
    def change(document):
        document["components"]["schemas"]["RefundResponse"]["properties"]["status"] = {"enum": ["refunded"]}

    fuzzing = asyncio.run(verify_dialect(cut_down(tmp_path, change), Effort(seed=1, examples_max=2)))

    failures = {(row.operation, failure.check) for row in fuzzing.operations for failure in row.failures}
    refund = "POST /payments/{paymentPspReference}/refunds"
    assert not fuzzing.is_ok
    assert (refund, "response_schema_conformance") in failures


def test_the_tool_tries_it_in_our_own_account_and_without_one_key_for_everything(tmp_path):
    held = HELD["adyen"]

    tried = json.loads(narrowed(ADYEN, held, tmp_path).read_text(encoding="utf-8"))

    bodies = [
        operation["requestBody"]["content"]["application/json"]["examples"][name]["value"]
        for _, operation, name in EXAMPLES
    ]
    named = {body["merchantAccount"] for body in bodies if "merchantAccount" in body}
    assert named == {tried["components"]["schemas"]["MerchantAccount"]["const"]}
    assert not any(
        "IdempotencyKey" in json.dumps(operation["parameters"])
        for path in tried["paths"].values()
        for operation in path.values()
    )
    assert narrowed(STRIPE, Held(Terms()), tmp_path) == STRIPE


@pytest.mark.parametrize("code", sorted(DOCUMENT["webhooks"]))
def test_a_notification_of_each_code_is_held_to_its_fields(code):
    contract = read_contract(ADYEN)
    told = item(code)

    assert contract.event_problems(code, wrapped(told)) == ()
    for broken in (
        {**told, "success": True},
        {**told, "originalReference": None},
        {**told, "additionalData": {}},
        {**told, "eventCode": "REPORT_AVAILABLE"},
        {**told, "extra": "1"},
    ):
        assert contract.event_problems(code, wrapped(broken)), broken


def cut_down(folder, change=None):
    """Write a copy of the document with two addresses."""
    document = yaml.safe_load(ADYEN.read_text(encoding="utf-8"))
    kept = [f"/payments/{{paymentPspReference}}/{what}" for what in ("captures", "refunds")]
    document["paths"] = {path: document["paths"][path] for path in kept}
    if change is not None:
        change(document)
    path = folder / ADYEN.name
    path.write_text(yaml.safe_dump(document, sort_keys=False), encoding="utf-8")
    return path


def item(code):
    made = {
        "additionalData": {
            "hmacSignature": "x=",
            "modification.action": "cancel",
            "chargebackReasonCode": "10.4",
            "disputeStatus": "Won",
        },
        "amount": {"currency": "EUR", "value": 4999},
        "eventCode": code,
        "eventDate": "2026-01-02T03:04:05+00:00",
        "merchantAccountCode": "Shop",
        "merchantReference": "order1",
        "originalReference": "A" * 16,
        "paymentMethod": "visa",
        "pspReference": "B" * 16,
        "reason": "because",
        "success": "true",
    }
    if code == "AUTHORISATION":
        del made["originalReference"]
    return made


def wrapped(told):
    return json.dumps({"live": "false", "notificationItems": [{"NotificationRequestItem": told}]}).encode()
