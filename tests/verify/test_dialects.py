"""The simulated providers keep their OpenAPI documents, and one that they do not keep is found out."""

import asyncio

import jsonschema
import pytest
import requests
import yaml

from badgateway.errors import EnvironmentProblem
from badgateway.providers.shipped import SHIPPED
from badgateway.providers.stripe.forms import flatten
from badgateway.providers.stripe.params import kinds
from badgateway.providers.stripe.routes import ROUTES
from badgateway.verify.dialects import (
    API_KEY,
    HELD,
    held_of,
    internal_document,
    prepare,
    provider_documents,
    provider_of,
    verify_dialect,
)
from badgateway.verify.fuzz import Effort
from badgateway.verify.simulator import Simulator

SMALL = Effort(seed=1, examples_max=2)
(STRIPE,) = [path for path in provider_documents() if provider_of(path) == "stripe"]
DOCUMENT = yaml.safe_load(STRIPE.read_text(encoding="utf-8"))
FORM, JSON = "application/x-www-form-urlencoded", "application/json"
# What is served and not in the document, each with its reason.
LEFT_OUT = {
    ("POST", "/v1/test_helpers/webhook_endpoints/{id}/roll_secret"): "Stripe does it in its dashboard only",
    ("POST", "/v1/test_helpers/payment_intents/{id}/expire"): "Stripe does it by itself",
    ("POST", "/v1/test_helpers/payment_intents/{id}/clear"): "Stripe does it by itself",
    ("POST", "/v1/test_helpers/refunds/{id}/fail"): "Stripe does it by itself",
    ("POST", "/v1/test_helpers/payouts"): "Stripe does it by itself",
}
OPERATIONS = [
    (method.upper(), path, operation)
    for path, item in DOCUMENT["paths"].items()
    for method, operation in item.items()
    if method != "parameters"
]
# What an example is answered with, where that is not 200.
REFUSED = {"arrived": 400, "declined": 402, "nobody": 404, "unasked": 400}


def example_id(path, operation):
    """Give the id that an operation's example names."""
    own = [row["example"] for row in operation.get("parameters", ()) if row.get("name") == "id"]
    of_path = [row.get("example") for row in DOCUMENT["paths"][path].get("parameters", ())]
    return (own or of_path or [None])[0]


def body_of(path, operation):
    """Give what is said of an operation's body; version 2 takes JSON."""
    kind = JSON if path.startswith("/v2/") else FORM
    return (operation.get("requestBody") or {"content": {kind: {}}})["content"][kind]


EXAMPLES = [
    (path, method, operation, name)
    for method, path, operation in OPERATIONS
    for name in body_of(path, operation).get("examples", ())
    # Ids of charges, customers and methods are made by the simulator: Schemathesis tries chains of calls.
    if "{id}" not in path or example_id(path, operation) is not None
]


@pytest.fixture
def doctored(tmp_path):
    """Give a function that changes a copy of Stripe's document, cut down to a few paths."""

    def doctor(paths, change=None):
        document = yaml.safe_load(STRIPE.read_text(encoding="utf-8"))
        document["paths"] = {path: document["paths"][path] for path in paths}
        for item in document["paths"].values():
            for operation in item.values():
                if isinstance(operation, dict):
                    operation["responses"]["200"].pop("links", None)
        if change is not None:
            change(document)
        path = tmp_path / "stripe.openapi.yaml"
        path.write_text(yaml.safe_dump(document, sort_keys=False), encoding="utf-8")
        return path

    return doctor


async def answered(method, path, given):
    async with Simulator("stripe") as simulator:
        prepare(simulator, HELD["stripe"])
        headers = {"Authorization": f"Bearer {API_KEY}"}
        body = {"json": given} if path.startswith("/v2/") else {"data": flatten(given)}
        return await asyncio.to_thread(
            requests.request, method, simulator.url + path, headers=headers, timeout=30, **body
        )


@pytest.mark.parametrize(
    ("path", "method", "operation", "name"),
    EXAMPLES,
    ids=[f"{row[2]['operationId']} {row[3]}" for row in EXAMPLES],
)
def test_each_example_is_answered_as_the_document_says(path, method, operation, name):
    given = body_of(path, operation)["examples"][name]["value"]
    wanted = example_id(path, operation)
    reply = asyncio.run(answered(method, path.replace("{id}", str(wanted)), given))

    assert reply.status_code == REFUSED.get(name, 200), reply.text
    answer = operation["responses"][str(reply.status_code)]
    if "$ref" in answer:
        answer = DOCUMENT["components"]["responses"][answer["$ref"].rpartition("/")[2]]
    schema = {**answer["content"]["application/json"]["schema"], "components": DOCUMENT["components"]}
    jsonschema.Draft202012Validator(schema).validate(reply.json())


def test_every_served_address_is_in_the_document_or_left_out_for_a_reason():
    served = {(route.method, route.pattern) for route in ROUTES}
    described = {(method, path) for method, path, _ in OPERATIONS}

    assert served - described == set(LEFT_OUT)
    assert described <= served


def test_what_the_document_offers_is_what_the_simulator_takes():
    served = {(route.method, route.pattern): set(kinds(route.shape)) for route in ROUTES}
    parameters = DOCUMENT["components"]["parameters"]
    for method, path, operation in OPERATIONS:
        offered = set()
        if "requestBody" in operation:
            form = body_of(path, operation)["schema"]["$ref"].rpartition("/")[2]
            offered = set(DOCUMENT["components"]["schemas"][form]["properties"])
        elif method != "POST":
            rows = [
                parameters[row["$ref"].rpartition("/")[2]] if "$ref" in row else row
                for row in operation.get("parameters", ())
            ]
            offered = {row["name"].removesuffix("[]") for row in rows}

        assert offered <= served[method, path], f"{method} {path}"


def test_the_simulator_keeps_the_document_of_payments_and_refunds(doctored):
    paths = ["/v1/payment_intents/{id}", "/v1/payment_intents/{id}/cancel", "/v1/refunds/{id}"]

    fuzzing = asyncio.run(verify_dialect(doctored(paths), SMALL))

    assert fuzzing.problems == ()
    assert {row.operation: row.failures for row in fuzzing.operations if row.failures} == {}
    assert (fuzzing.is_ok, fuzzing.party) == (True, "stripe")


def test_a_document_that_the_simulator_does_not_keep_is_found_out(doctored):
    def change(document):
        document["components"]["schemas"]["Refund"]["properties"]["status"] = {"enum": ["done"]}
        answers = document["paths"]["/v1/payment_intents/{id}"]["get"]["responses"]
        answers["203"] = answers.pop("200")

    paths = ["/v1/payment_intents/{id}", "/v1/refunds/{id}"]
    fuzzing = asyncio.run(verify_dialect(doctored(paths, change), SMALL))

    failures = {(row.operation, failure.check) for row in fuzzing.operations for failure in row.failures}
    assert not fuzzing.is_ok
    assert ("GET /v1/refunds/{id}", "response_schema_conformance") in failures
    assert ("GET /v1/payment_intents/{id}", "status_code_conformance") in failures


def test_a_document_of_a_provider_that_nobody_prepares_is_refused(tmp_path):
    with pytest.raises(EnvironmentProblem, match="no terms are known for the provider 'bank'"):
        asyncio.run(verify_dialect(tmp_path / "bank.openapi.yaml", SMALL))


def test_every_document_has_its_terms():
    named = {provider_of(path) for path in (*provider_documents(), internal_document())}

    assert named == set(HELD) | {one.name for one in SHIPPED}
    assert all(held_of(name).terms.headers for name in named)


@pytest.fixture
def of_checkout(tmp_path):
    """Give a function that changes a copy of a declared provider's document, cut down to two paths."""

    def doctor(change=None):
        (path,) = [one for one in provider_documents() if provider_of(one) == "checkout"]
        document = yaml.safe_load(path.read_text(encoding="utf-8"))
        wanted = ("/payments/{payment}", "/payments/{payment}/refunds")
        document["paths"] = {path: document["paths"][path] for path in wanted}
        if change is not None:
            change(document)
        made = tmp_path / path.name
        made.write_text(yaml.safe_dump(document, sort_keys=False), encoding="utf-8")
        return made

    return doctor


def test_a_declared_provider_keeps_the_document_that_is_made_of_its_file(of_checkout):
    fuzzing = asyncio.run(verify_dialect(of_checkout(), SMALL))

    assert fuzzing.problems == ()
    assert {row.operation: row.failures for row in fuzzing.operations if row.failures} == {}
    assert (fuzzing.is_ok, fuzzing.party) == (True, "checkout")


def test_a_document_that_a_declared_provider_does_not_keep_is_found_out(of_checkout):
    def change(document):
        document["components"]["schemas"]["payment"]["properties"]["amount"] = {"type": "string"}
        document["paths"]["/payments/{payment}/refunds"]["post"]["responses"].pop("202")

    fuzzing = asyncio.run(verify_dialect(of_checkout(change), SMALL))

    failures = {(row.operation, failure.check) for row in fuzzing.operations for failure in row.failures}
    assert ("GET /payments/{payment}", "response_schema_conformance") in failures
    assert ("POST /payments/{payment}/refunds", "status_code_conformance") in failures
