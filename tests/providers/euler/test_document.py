"""specs/internal.openapi.yaml: its examples are played, and it speaks of just what is served."""

import json

import jsonschema
import pytest
import yaml

from badgateway.contract.document import contract_of
from badgateway.ground.artifacts import artifact_dir
from badgateway.ground.message import Request
from badgateway.providers.euler.events import TOLD
from badgateway.providers.euler.routes import ROUTES
from badgateway.providers.euler.statuses import IDS

PATH = artifact_dir("specs") / "internal.openapi.yaml"
DOCUMENT = yaml.safe_load(PATH.read_text(encoding="utf-8"))
OPERATIONS = [
    (method, path, operation)
    for path, item in DOCUMENT["paths"].items()
    for method, operation in item.items()
]
BODIES = [
    (f"{method.upper()} {path}", operation, kind, name)
    for method, path, operation in OPERATIONS
    for kind, media in operation.get("requestBody", {}).get("content", {}).items()
    for name in media.get("examples", {})
]
LOOKS = [(path, operation) for method, path, operation in OPERATIONS if method == "get"]
REFUSED = {
    ("charge", "taken_id"): "duplicate.order_id",
    ("charge", "unknown_method"): "INVALID_REQUEST",
    ("refundOrder", "too_much"): "invalid.amount.exceeded",
}
STATUS = {
    "taken": "CHARGED",
    "held": "AUTHORIZED",
    "declined": "AUTHORIZATION_FAILED",
    "asked": "PENDING_VBV",
    "again": "CHARGED",
}


@pytest.fixture
def prepared(ask, pay, account):
    """Bring about what the examples speak of."""
    ask("POST /orders", {"order_id": "orderopen", "amount": "49.99", "currency": "EUR"})
    pay("orderpaid")
    pay("orderheld", manual=True)
    pay("orderidle", manual=True)
    return account


def placed(path, operation, merchant=None):
    """Give an address with the examples of what stands in it."""
    for row in operation["parameters"]:
        if row.get("in") == "path":
            path = path.replace(f"{{{row['name']}}}", merchant or row["example"])
    named = [f"{row['name']}={row['example']}" for row in operation["parameters"] if row.get("in") == "query"]
    return path + (f"?{'&'.join(named)}" if named else "")


@pytest.mark.parametrize(
    ("what", "operation", "kind", "name"), BODIES, ids=[f"{row[1]['operationId']} {row[3]}" for row in BODIES]
)
def test_each_example_is_answered_as_the_document_says(prepared, ask, what, operation, kind, name):
    form = operation["requestBody"]["content"][kind]["examples"][name]["value"]
    method, _, path = what.partition(" ")
    status, shown = ask(f"{method} {placed(path, operation)}", form, is_json=kind == "application/json")

    refusal = REFUSED.get((operation["operationId"], name))
    assert (status, shown.get("error_code")) == (400 if refusal else 200, refusal)
    if operation["operationId"] == "charge" and name in STATUS:
        assert shown["status"] == STATUS[name]
    request = Request(method, placed(path, operation).partition("?")[0], "", (), json.dumps(form).encode())
    assert contract_of("euler").operation(request) is not None


@pytest.mark.parametrize(("path", "operation"), LOOKS, ids=[row[1]["operationId"] for row in LOOKS])
def test_each_look_is_answered_as_the_document_says(prepared, ask, path, operation):
    own = prepared.dialect.settings("", prepared.api_key, "")["merchant_id"]

    assert ask(f"GET {placed(path, operation, own if 'merchant_id' in path else None)}")[0] == 200


def test_the_document_speaks_of_every_address_that_is_served_and_of_no_other():
    described = {(method.upper(), placeless(path)) for method, path, _ in OPERATIONS}

    assert described == {(route.method, placeless(route.pattern)) for route in ROUTES}


def placeless(path):
    return "/".join("{}" if part.startswith("{") else part for part in path.split("/"))


def test_every_webhook_and_every_status_is_in_the_document():
    words = {word for told in TOLD.values() for word in told}
    words |= {"ORDER_CREATED", "TXN_CREATED", "ORDER_PARTIAL_CHARGED", "REFUND_INITIATED"}
    words |= {f"AUTO_REFUND_{end}" for end in ("INITIATED", "SUCCEEDED", "FAILED")}
    words |= {"CHARGEBACK_EVIDENCE_REQUIRED", "CHARGEBACK_CANCELED"}
    schemas = DOCUMENT["components"]["schemas"]

    assert set(DOCUMENT["webhooks"]) == words
    assert set(schemas["Status"]["enum"]) == set(IDS) - {"NOT_FOUND"}
    assert set(schemas["StatusId"]["enum"]) == set(IDS.values()) - {40}


def test_every_link_leads_to_an_operation():
    known = {operation["operationId"] for _, _, operation in OPERATIONS}
    leads = {
        link["operationId"]
        for _, _, operation in OPERATIONS
        for answer in operation["responses"].values()
        for link in answer.get("links", {}).values()
    }

    assert leads == {"fetchOrder", "refundOrder", "captureTxn", "voidTxn"}
    assert leads <= known


def test_the_document_notices_what_is_wrong(prepared, pay):
    pay("another")
    event = prepared.told[-2]
    body = json.loads(event.body)
    contract = contract_of("euler")

    for broken in (
        {**body, "event_name": "ORDER_FAILED"},
        {**body, "extra": 1},
        {**body, "content": {"order": {**body["content"]["order"], "status": "SUCCESS"}}},
        {**body, "content": {"order": {**body["content"]["order"], "amount": "49.99"}}},
    ):
        assert contract.event_problems(event.wire_type, json.dumps(broken).encode())
    jsonschema.Draft202012Validator.check_schema(DOCUMENT["components"]["schemas"]["Order"])
