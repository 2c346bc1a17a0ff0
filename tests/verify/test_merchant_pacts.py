"""The reference keeps what a merchant's checkout was promised, and stories bring the states about."""

import asyncio
import json
from dataclasses import replace
from pathlib import Path

import pytest

import badgateway
from badgateway.errors import InputError
from badgateway.integration.contracts import State
from badgateway.integration.read import read_description
from badgateway.verify.boundaries import merchant_document, pacts_at
from badgateway.verify.merchant_pacts import pact_files, verify_merchant_pacts

REFERENCE = Path(badgateway.__file__).parent / "reference" / "badgateway.yaml"
(PACT,) = pacts_at("merchant")


def verified(path, description=None):
    described = description or read_description(REFERENCE)
    rows = asyncio.run(verify_merchant_pacts(described, [path], merchant_document()))
    return {row.description: row for row in rows}


@pytest.fixture
def doctored(tmp_path):
    """Give a function that keeps some interactions of the pact, changes them, and gives the copy's path."""

    def doctor(keep, change=lambda _: None):
        pact = json.loads(PACT.read_text(encoding="utf-8"))
        pact["interactions"] = [one for one in pact["interactions"] if one["description"] in keep]
        change({one["description"]: one for one in pact["interactions"]})
        path = tmp_path / "doctored.json"
        path.write_text(json.dumps(pact), encoding="utf-8")
        return path

    return doctor


def test_the_reference_keeps_what_the_checkout_was_promised():
    rows = verified(PACT)

    assert len(rows) == 21
    assert [row for row in rows.values() if not row.is_ok] == []


PAID, HELD, NOBODY = (
    "look at an order: PAID",
    "look at an order: AUTHORIZED",
    "look at an order that nobody opened",
)


def test_who_broke_its_promise_is_said(doctored):
    def change(pact):
        pact[PAID]["response"]["body"]["content"]["paid_minor"] = 5000
        pact[HELD]["response"]["body"]["content"]["loyalty_points"] = 3

    rows = verified(doctored([PAID, HELD, NOBODY], change))

    assert {name: row.broken_by for name, row in rows.items()} == {
        PAID: "reference",
        HELD: "checkout",
        NOBODY: None,
    }


def test_a_state_takes_parameters(doctored):
    def change(pact):
        pact[PAID]["providerStates"][0]["params"] = {"amount": "50.00"}
        pact[PAID]["response"]["body"]["content"] |= {"amount_minor": 5000, "paid_minor": 5000}

    assert verified(doctored([PAID], change))[PAID].is_ok


@pytest.mark.timeout(100)
def test_states_that_cannot_be_reached_fail_at_once_with_our_reason(doctored):
    """Pact's verifier would repeat a 5xx for two minutes, each of them."""
    description = read_description(REFERENCE)
    unlikely = State(({"pay": {"order": "o1", "amount": "1"}},), expect={"order": {"o1": "REFUNDED"}})
    states = {"an order is paid": unlikely}

    rows = verified(doctored([PAID, HELD, NOBODY]), replace(description, states=states))

    assert (rows[PAID].is_ok, rows[PAID].broken_by) == (False, None)
    assert "o1 should be REFUNDED, and the integration shows PAID" in rows[PAID].mismatches[0]
    assert "'an order is authorized' is unknown" in rows[HELD].mismatches[0]
    assert rows[NOBODY].is_ok


def test_pacts_are_files_or_folders_of_them(tmp_path):
    for name in ("b.json", "a.json", "c.txt"):
        (tmp_path / name).write_text("{}", encoding="utf-8")

    assert [path.name for path in pact_files([".", "b.json"], tmp_path)] == ["a.json", "b.json", "b.json"]


def test_a_pact_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(InputError, match="there is no pact"):
        pact_files(["pacts"], tmp_path)
