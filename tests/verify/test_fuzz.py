"""Schemathesis holds a running integration to its document, and says who broke it and how to see it again."""

import asyncio
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

import badgateway
from badgateway.errors import InputError
from badgateway.integration.read import read_description
from badgateway.verify.boundaries import EXAMPLE_ORDER, merchant_document, verify_merchant
from badgateway.verify.fuzz import Effort, Terms, fuzz, settings_text

REFERENCE = Path(badgateway.__file__).parent / "reference" / "badgateway.yaml"
SMALL = Effort(seed=1, examples_max=2)
NOWHERE = "http://127.0.0.1:9"  # the discard port: nothing listens there


def held(document):
    return asyncio.run(verify_merchant(read_description(REFERENCE), document, SMALL))


def operations_of(document):
    paths = yaml.safe_load(document.read_text(encoding="utf-8"))["paths"].items()
    return {f"{way.upper()} {path}" for path, item in paths for way in item if way != "parameters"}


@pytest.fixture
def doctored(tmp_path):
    """Give a function that changes a copy of the merchant document, cut down to a few paths."""

    def doctor(paths, change=None):
        document = yaml.safe_load(merchant_document().read_text(encoding="utf-8"))
        document["paths"] = {path: document["paths"][path] for path in paths}
        if change is not None:
            change(document)
        path = tmp_path / "doctored.yaml"
        path.write_text(yaml.safe_dump(document, sort_keys=False), encoding="utf-8")
        return path

    return doctor


def test_the_reference_keeps_the_document_of_the_merchant_boundary():
    fuzzing = held(merchant_document())

    assert fuzzing.problems == ()
    assert {row.operation: row.failures for row in fuzzing.operations if row.failures} == {}
    chains = {"Stateful tests"}
    assert {row.operation for row in fuzzing.operations} == operations_of(merchant_document()) | chains
    assert fuzzing.is_ok


def test_a_document_that_the_reference_does_not_keep_is_found_out(doctored):
    def change(document):
        order = document["components"]["schemas"]["Order"]
        order["required"].append("loyalty_points")
        del document["paths"]["/orders/{reference}/pay"]["post"]["responses"]["200"]
        del document["paths"]["/health"]["get"]["responses"]["200"]
        document["paths"]["/health"]["get"]["responses"]["204"] = {"description": "It is up."}

    fuzzing = held(doctored(["/orders", "/orders/{reference}/pay", "/health"], change))

    failures = {(row.operation, failure.check) for row in fuzzing.operations for failure in row.failures}
    assert ("POST /orders", "response_schema_conformance") in failures
    assert ("GET /health", "status_code_conformance") in failures
    assert ("POST /orders/{reference}/pay", "status_code_conformance") in failures
    assert (fuzzing.is_ok, fuzzing.party, fuzzing.seed) == (False, "reference", 1)
    curls = [failure.curl for row in fuzzing.operations for failure in row.failures]
    assert all(curl.startswith("curl -i -X ") and "http://127.0.0.1:" in curl for curl in curls)


def test_an_integration_whose_order_is_not_paid_is_a_problem(doctored):
    """A fuzzed API in which nothing was ever bought would only ever say 404."""
    description = read_description(REFERENCE)
    pay = replace(description.operations["pay"], path="/orders/{order.reference}/play")
    lost = replace(description, operations={**description.operations, "pay": pay})

    fuzzing = asyncio.run(verify_merchant(lost, doctored(["/health"]), SMALL))

    assert not fuzzing.is_ok
    assert fuzzing.problems[0].startswith("the order of the examples was not paid: pay came to ")


def test_the_order_that_is_paid_is_the_one_of_the_examples():
    document = yaml.safe_load(merchant_document().read_text(encoding="utf-8"))
    body = document["paths"]["/orders"]["post"]["requestBody"]["content"]["application/json"]
    opened = body["examples"]["simple"]["value"]

    assert opened == {
        **{name: EXAMPLE_ORDER[f"order.{name}"] for name in ("reference", "amount", "currency", "capture")},
        "shopper": {name: EXAMPLE_ORDER[f"shopper.{name}"] for name in ("name", "email")},
    }
    assert document["components"]["parameters"]["reference"]["example"] == EXAMPLE_ORDER["order.reference"]


def test_a_service_that_does_not_answer_is_a_problem_and_not_success(doctored):
    document = doctored(["/health"])

    fuzzing = asyncio.run(fuzz(document, NOWHERE, party="nobody", effort=SMALL))

    assert not fuzzing.is_ok
    assert any("GET /health" in problem for problem in fuzzing.problems)


def test_a_tool_that_takes_too_long_is_ended_and_its_run_is_no_success():
    effort = Effort(timeout_s=0.05)

    fuzzing = asyncio.run(fuzz(merchant_document(), NOWHERE, party="nobody", effort=effort))

    assert fuzzing.problems[0] == "Schemathesis was not done within 0.05 s"
    assert not fuzzing.is_ok


def test_a_document_that_is_none_is_refused(tmp_path):
    document = tmp_path / "none.yaml"
    document.write_text("a: [", encoding="utf-8")

    with pytest.raises(InputError, match=r"none\.yaml: "):
        asyncio.run(fuzz(document, NOWHERE, party="nobody", effort=SMALL))


def test_a_document_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(InputError, match="there is no such OpenAPI document"):
        asyncio.run(fuzz(tmp_path / "none.yaml", NOWHERE, party="nobody", effort=SMALL))


def test_the_settings_leave_nothing_to_chance_and_keep_nothing():
    settings = tomllib.loads(
        settings_text(Effort(seed=7, examples_max=3), Terms(signed=("POST /webhooks/stripe",)))
    )

    assert (settings["seed"], settings["workers"]) == (7, 1)
    assert settings["generation"] == {"max-examples": 3, "database": "none"}
    assert settings["cache"] == {"enabled": False}
    assert "402" in settings["checks"]["positive_data_acceptance"]["expected-statuses"]
    (signed,) = settings["operations"]
    assert signed["include-name"] == "POST /webhooks/stripe"
    assert "400" in signed["checks"]["positive_data_acceptance"]["expected-statuses"]


def test_the_terms_of_a_service_are_settings_of_the_tool():
    terms = Terms(
        refuses=True, passed_over=("unsupported_method",), headers={"Authorization": "x"}, is_stateful=True
    )

    settings = tomllib.loads(settings_text(Effort(), terms))

    assert settings["headers"] == {"Authorization": "x"}
    assert settings["phases"] == {"stateful": {"enabled": True}}
    assert "400" in settings["checks"]["positive_data_acceptance"]["expected-statuses"]
    assert settings["checks"]["unsupported_method"] == {"enabled": False}
