"""`badgateway verify`: one table, and an exit code that says whether all promises were kept."""

import sys

import pytest


def test_the_provider_boundary_is_told_as_a_table(badgateway):
    result = badgateway("verify", "provider")

    assert result.exit_code == 0
    assert result.stdout.splitlines() == [
        "provider  Pact: 3 of 3 interactions verified",
        "  kept      reference → stripe: capture an authorized payment",
        "  kept      reference → stripe: create and charge a payment, capture automatic",
        "  kept      reference → stripe: create and charge a payment, capture manual",
    ]


def test_a_boundary_that_is_not_verified_yet_says_so(badgateway):
    result = badgateway("verify", "internal")

    assert result.exit_code == 2
    assert "'internal' is known, but not verified yet" in result.stderr


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
