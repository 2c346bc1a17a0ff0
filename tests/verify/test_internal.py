"""The internal boundary: the simulated orchestrator is held to its consumers' pacts and to its document."""

import asyncio
import json

import yaml

from badgateway.verify.boundaries import pacts_at
from badgateway.verify.dialects import HELD, internal_document, narrowed, verify_dialect
from badgateway.verify.fuzz import Effort
from badgateway.verify.verification import Wanted, verify

CALLS = next(path for path in pacts_at("internal") if "webhooks" not in path.name)
SMALL = Effort(seed=1, examples_max=2)


def cut_down(folder, paths):
    """Write the document of the boundary with a few of its paths, and without chains of calls."""
    document = yaml.safe_load(internal_document().read_text(encoding="utf-8"))
    document["paths"] = {path: document["paths"][path] for path in paths}
    for item in document["paths"].values():
        for operation in item.values():
            operation["responses"]["200"].pop("links", None)
    path = folder / internal_document().name
    path.write_text(yaml.safe_dump(document, sort_keys=False), encoding="utf-8")
    return path


def test_a_pact_of_ones_own_is_held_against_the_orchestrator(tmp_path):
    pact = json.loads(CALLS.read_text(encoding="utf-8"))
    pact["consumer"]["name"] = "shop"
    pact["interactions"] = [one for one in pact["interactions"] if "not there" in one["description"]]
    path = tmp_path / "shop-euler.json"
    path.write_text(json.dumps(pact), encoding="utf-8")

    (row,) = asyncio.run(verify(Wanted(("internal",), (), ("pact",), pacts=(path,))))

    assert (row.boundary, row.party, row.state) == ("internal", "euler", "kept")
    assert row.names == ("look at an order that is not there",)
    assert row.again == f"badgateway verify internal --pact {path}"


def test_the_orchestrator_keeps_its_document(tmp_path):
    document = cut_down(tmp_path, ["/orders/{order_id}", "/v2/txns/{txn_uuid}/void"])

    fuzzing = asyncio.run(verify_dialect(document, SMALL))

    assert fuzzing.problems == ()
    assert {row.operation: row.failures for row in fuzzing.operations if row.failures} == {}
    assert (fuzzing.is_ok, fuzzing.party) == (True, "euler")


def test_generated_requests_name_the_merchant_whose_key_they_carry(tmp_path):
    made = json.loads(narrowed(internal_document(), HELD["euler"], tmp_path).read_text(encoding="utf-8"))

    item = made["paths"]["/merchants/{merchant_id}/paymentmethods"]["get"]
    (named,) = (row for row in item["parameters"] if row.get("name") == "merchant_id")
    assert made["components"]["schemas"]["MerchantName"] == {"const": named["example"]}
