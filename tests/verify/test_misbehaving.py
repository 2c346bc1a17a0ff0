"""Under faults the integration may fail only as its document says, and only for as long as it declares."""

import asyncio
import tomllib
from pathlib import Path

import yaml

import badgateway
from badgateway.integration.read import read_description
from badgateway.verify.boundaries import merchant_document, verify_merchant
from badgateway.verify.fuzz import Effort, Terms, settings_text
from badgateway.verify.misbehaving import EACH, faults_from

REFERENCE = Path(badgateway.__file__).parent / "reference" / "badgateway.yaml"
PAY, HEALTH = "/orders/{reference}/pay", "/health"


def test_every_other_call_goes_wrong_in_one_way_after_the_other():
    faults = faults_from(5, "stripe")

    assert [str(fault.at.n) for fault in faults[:3]] == ["5", "7", "9"]
    assert EACH == 2
    ways = [(fault.do, fault.phase, str(fault.values)) for fault in faults]
    assert len(set(ways)) == 9
    assert ways[:9] == ways[9:18]
    assert [fault.index for fault in faults] == list(range(1, len(faults) + 1))


def test_a_deadline_is_a_setting_of_the_tool():
    settings = tomllib.loads(settings_text(Effort(), Terms(answers_within_ms=2500)))

    assert settings["checks"]["max_response_time"] == 2.5


def held(folder, paths, change=lambda _: None):
    document = yaml.safe_load(merchant_document().read_text(encoding="utf-8"))
    document["paths"] = {path: document["paths"][path] for path in paths}
    change(document)
    path = folder / "merchant.openapi.yaml"
    path.write_text(yaml.safe_dump(document, sort_keys=False), encoding="utf-8")
    effort = Effort(seed=1, examples_max=2)
    return asyncio.run(verify_merchant(read_description(REFERENCE), path, effort, is_under_faults=True))


def test_the_reference_keeps_its_document_while_its_provider_misbehaves(tmp_path):
    found = held(tmp_path, [PAY])

    assert found.problems == ()
    assert found.faults
    assert [failure for row in found.operations for failure in row.failures] == []
    assert found.is_ok


def test_a_5xx_that_the_document_does_not_have_is_a_broken_promise(tmp_path):
    def change(document):
        for status in ("202", "503"):
            del document["paths"][PAY]["post"]["responses"][status]

    found = held(tmp_path, [PAY], change)

    assert {failure.check for row in found.operations for failure in row.failures} == {
        "status_code_conformance"
    }


def test_a_run_in_which_nothing_went_wrong_was_no_test(tmp_path):
    found = held(tmp_path, [HEALTH])

    assert not found.is_ok
    assert found.problems == ("no call to the provider went wrong, so nothing was put to the test",)
