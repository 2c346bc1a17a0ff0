"""`badgateway verify`: one table, and an exit code that says whether all promises were kept."""

import sys

import pytest

from badgateway.cli.verify import _fuzzing_lines, _pact_lines
from badgateway.report.line import lay_out
from badgateway.verify.model import Failure, Fuzzed, Fuzzing, Verified


def test_the_provider_boundary_is_told_as_a_table(badgateway):
    result = badgateway("verify", "provider", "--tool", "pact")

    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert lines[0] == "provider  Pact: 30 of 30 interactions verified"
    assert "  kept      reference → stripe: webhook charge.dispute.closed" in lines
    assert all(line.startswith("  kept      reference → stripe: ") for line in lines[1:])


def test_a_boundary_that_is_not_verified_yet_says_so(badgateway):
    result = badgateway("verify", "internal")

    assert result.exit_code == 2
    assert "'internal' is known, but not verified yet" in result.stderr


def test_a_tool_that_has_nothing_to_do_is_bad_input_and_not_success(badgateway):
    result = badgateway("verify", "merchant", "--tool", "pact")

    assert result.exit_code == 2
    assert "at the boundary 'merchant' there is nothing that pact verifies" in result.stderr


def test_an_unknown_boundary_is_bad_input(badgateway):
    result = badgateway("verify", "shopper")

    assert result.exit_code == 2
    assert "'merchant', 'internal', 'provider', 'all'" in result.stderr


@pytest.mark.parametrize("library", ["pact", "schemathesis"])
def test_a_missing_extra_is_one_sentence(badgateway, monkeypatch, library):
    # What stands as None in sys.modules counts as not installed (Python reference, section 5.3.1).
    monkeypatch.setitem(sys.modules, library, None)

    result = badgateway("verify")

    assert result.exit_code == 3
    assert result.stderr.startswith(f"contract checks need the extra 'contracts' ({library} missing): ")
    assert result.stderr.count("\n") == 1


def test_a_broken_pact_says_whose_promise_was_broken():
    row = Verified("shop", "stripe", "pay", False, ("$.amount: 5 is not 4",), broken_by="stripe")
    stateless = Verified("shop", "stripe", "refund", False, ("provider state: 'x' is unknown",))

    text = lay_out(_pact_lines((row, stateless)), 100, is_coloured=False)

    assert text.splitlines() == [
        "provider  Pact: 0 of 2 interactions verified",
        "  broken    shop → stripe: pay",
        "            stripe broke its promise to shop",
        "            $.amount: 5 is not 4",
        "  broken    shop → stripe: refund",
        "            provider state: 'x' is unknown",
    ]


def test_a_broken_document_is_told_with_a_curl_line_that_never_wraps_and_the_seed():
    curl = "curl -i -X POST " + "x" * 200
    failure = Failure("not_a_server_error", "Server error", curl)
    rows = (Fuzzed("GET /health", 3), Fuzzed("POST /orders", 4, (failure,)))
    found = Fuzzing("merchant.openapi.yaml", "shop", 7, rows, ("1 of 2 operations were tried",))

    text = lay_out(_fuzzing_lines(found, "merchant", " --defect x"), 100, is_coloured=False)

    assert text.splitlines() == [
        "merchant  Schemathesis: 7 cases over 2 operations, seed 7",
        "  kept      shop: GET /health, 3 cases",
        "  broken    shop: POST /orders, 4 cases",
        "            shop broke merchant.openapi.yaml, not_a_server_error",
        "            Server error",
        f"            {curl}",
        "  not tried 1 of 2 operations were tried",
        "  Reproduce: badgateway verify merchant --seed 7 --defect x",
    ]
