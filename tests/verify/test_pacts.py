"""The simulated provider keeps the committed pact, and is found out where it does not answer as promised."""

import asyncio
import json

import pytest

from badgateway.errors import InputError
from badgateway.verify.provider_pacts import verify_pact

# The interactions of the pact, sorted by description as they stand in it.
DESCRIPTIONS = (
    "cancel an authorized payment",
    "capture an authorized payment",
    "charge a card without funds",
    "create and charge a payment, capture automatic",
    "create and charge a payment, capture manual",
    "list the refunds of a payment",
    "look a captured payment up with its charge",
    "refund more than was captured",
    "refund part of a captured payment",
)
CAPTURE, AUTOMATIC, MANUAL = 1, 3, 4


def verified(path, **more):
    return asyncio.run(verify_pact(path, **more))


def test_the_simulated_stripe_keeps_what_the_reference_was_promised(pact_path):
    """All use one idempotency key: each interaction must begin in a world of its own."""
    rows = verified(pact_path)

    assert [(row.description, row.is_ok, row.mismatches) for row in rows] == [
        (description, True, ()) for description in DESCRIPTIONS
    ]


def test_the_simulated_stripe_sends_every_webhook_as_the_reference_reads_it(webhooks_path):
    rows = verified(webhooks_path)

    assert len(rows) == 21
    assert [row for row in rows if not row.is_ok] == []


def test_a_webhook_that_is_signed_otherwise_than_promised_is_found_out(webhooks_path, tmp_path):
    pact = json.loads(webhooks_path.read_text(encoding="utf-8"))
    first, second, *_ = pact["interactions"]
    first["metadata"]["X-Signature"] = first["metadata"].pop("Stripe-Signature")
    second["contents"]["content"]["livemode"] = True
    del pact["interactions"][2:]
    path = tmp_path / "webhooks.json"
    path.write_text(json.dumps(pact), encoding="utf-8")

    renamed, live = verified(path)

    assert (renamed.broken_by, live.broken_by) == ("reference", "stripe")
    assert renamed.overreach == (
        "/metadata/X-Signature: the pact has this header, the document has no such header",
    )
    assert any("X-Signature" in one for one in renamed.mismatches)
    assert any(one.startswith("$.livemode: ") for one in live.mismatches)


def test_a_broken_promise_is_laid_at_the_door_of_the_provider(doctored):
    def change(pact):
        pact["interactions"][AUTOMATIC]["response"]["body"]["content"]["status"] = "processing"
        pact["interactions"][MANUAL]["response"]["status"] = 402

    rows = verified(doctored(change))

    capture, automatic, manual = rows[CAPTURE], rows[AUTOMATIC], rows[MANUAL]
    assert (capture.is_ok, automatic.is_ok, manual.is_ok) == (True, False, False)
    assert (automatic.consumer, automatic.broken_by) == ("reference", "stripe")
    (wording,) = automatic.mismatches
    assert wording.startswith("$.status: ")
    assert "'succeeded'" in wording
    assert "'processing'" in wording


def test_who_asks_for_more_than_the_document_promises_is_to_blame_itself(doctored):
    def change(pact):
        pact["interactions"][AUTOMATIC]["response"]["body"]["content"]["status"] = "paid"
        pact["interactions"][MANUAL]["response"]["status"] = 201
        pact["interactions"][CAPTURE]["response"]["body"]["content"]["loyalty_points"] = 3

    rows = verified(doctored(change))

    told = [rows[n] for n in (CAPTURE, AUTOMATIC, MANUAL)]
    assert [row.broken_by for row in told] == ["reference"] * 3
    assert all(row.overreach for row in told)


def test_blame_follows_the_side_and_not_the_name(doctored):
    def change(pact):
        pact["consumer"]["name"], pact["provider"]["name"] = "stripe", "reference"
        pact["interactions"][AUTOMATIC]["response"]["body"]["content"]["status"] = "processing"
        pact["interactions"][MANUAL]["response"]["body"]["content"]["status"] = "paid"

    rows = verified(doctored(change), dialect="stripe")

    assert (rows[AUTOMATIC].broken_by, rows[MANUAL].broken_by) == ("reference", "stripe")


@pytest.mark.timeout(100)
def test_an_unknown_state_fails_quickly_with_the_reason_and_nobody_is_blamed(doctored):
    def change(pact):
        pact["interactions"][CAPTURE]["providerStates"][1]["name"] = "a payment is authorised"

    rows = verified(doctored(change))

    capture, others = rows[CAPTURE], [*rows[:CAPTURE], *rows[CAPTURE + 1 :]]
    assert (capture.is_ok, capture.broken_by) == (False, None)
    assert "did you mean 'a payment is authorized'?" in capture.mismatches[0]
    assert all(row.is_ok for row in others)


def test_a_credential_that_no_state_opened_is_refused_as_the_provider_would(doctored):
    def change(pact):
        pact["interactions"][CAPTURE]["providerStates"][0]["params"]["api_key"] = "sk_test_another"

    capture = verified(doctored(change))[CAPTURE]

    assert "expected 200 but was 401" in capture.mismatches


def test_what_a_state_answers_feeds_the_generators_of_a_pact(doctored):
    """A pact that leaves the id to the provider is verified with the id that the state gives."""

    def change(pact):
        request = pact["interactions"][CAPTURE]["request"]
        expression = "/v1/payment_intents/${id}/capture"
        request["path"] = "/v1/payment_intents/pi_unknown/capture"
        request["generators"] = {"path": {"type": "ProviderState", "expression": expression}}

    assert verified(doctored(change))[CAPTURE].is_ok


def test_an_empty_pact_fails(doctored):
    (row,) = verified(doctored(lambda pact: pact["interactions"].clear()))

    assert not row.is_ok
    assert row.mismatches == ("the pact holds no interaction: nothing was verified",)


def test_an_interaction_that_the_verifier_passes_over_fails(doctored):
    def change(pact):
        pact["interactions"][CAPTURE]["type"] = "Synchronous/Pigeon"

    capture = verified(doctored(change))[CAPTURE]

    assert not capture.is_ok
    assert capture.mismatches == ("Pact's verifier passed this interaction over",)


def test_a_verifier_that_takes_too_long_is_ended_and_nothing_counts_as_verified(pact_path):
    rows = verified(pact_path, timeout_s=0.01)

    assert [row.is_ok for row in rows] == [False] * len(DESCRIPTIONS)
    assert rows[0].mismatches == ("Pact's verifier was not done within 0.01 s",)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda pact: pact.pop("provider"), "this is no pact"),
        (lambda pact: pact["provider"].update(name="stripes"), "'stripes' is not simulated; known: stripe"),
        (lambda pact: pact["interactions"].append(pact["interactions"][0]), "two interactions have one desc"),
        (lambda pact: pact.update(interactions=[1]), "this is no pact"),
    ],
)
def test_what_is_no_pact_is_refused(doctored, change, why):
    with pytest.raises(InputError, match=why):
        verified(doctored(change))


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(InputError, match="No such file"):
        verified(tmp_path / "none.json")
