"""Disputes: evidence, giving in, and the words by which a test decides; driven by the official SDK."""

import json

import pytest
import stripe

from badgateway.payments.commands import OpenDispute


@pytest.fixture
def dispute(paid, account):
    """Open a dispute of which everything was told."""
    account.act(OpenDispute("du_1test", paid().id))
    account.told.clear()
    return "du_1test"


def test_evidence_is_kept_and_handed_in_later(client, account, dispute):
    staged = client.disputes.update(
        dispute, {"evidence": {"customer_name": "Ada"}, "metadata": {"k": "v"}, "submit": False}
    )
    handed_in = client.disputes.update(dispute, {"evidence": {"product_description": "A book"}})

    assert (staged.status, staged.evidence_details.submission_count) == ("needs_response", 0)
    assert staged.evidence_details.has_evidence is True
    assert (handed_in.status, handed_in.evidence_details.submission_count) == ("under_review", 1)
    assert handed_in.evidence.customer_name == "Ada"
    assert handed_in.metadata.to_dict() == {"k": "v"}
    assert account.types() == ["charge.dispute.updated"] * 2


def test_an_update_tells_what_was_before(client, account, dispute):
    client.disputes.update(dispute, {"evidence": {"customer_name": "Ada"}})

    (told,) = [json.loads(event.body)["data"] for event in account.told]
    assert told["previous_attributes"]["status"] == "needs_response"
    assert told["object"]["status"] == "under_review"


@pytest.mark.parametrize(("word", "status"), [("winning_evidence", "won"), ("losing_evidence", "lost")])
def test_the_words_of_tests_decide_at_once(client, account, dispute, word, status):
    decided = client.disputes.update(dispute, {"evidence": {"uncategorized_text": word}})

    assert decided.status == status
    assert client.disputes.retrieve(dispute).status == status
    assert "charge.dispute.closed" in account.types()
    assert account.book.dispute(dispute).status == status


def test_giving_in_loses_the_dispute(client, account, dispute):
    closed = client.disputes.close(dispute)

    assert closed.status == "lost"
    assert account.types() == ["charge.dispute.closed"]
    for again in (
        client.disputes.close,
        lambda one: client.disputes.update(one, {"evidence": {"receipt": "f"}}),
    ):
        with pytest.raises(stripe.InvalidRequestError):
            again(dispute)


def test_unknown_and_endless_evidence_is_refused(client, dispute):
    with pytest.raises(stripe.InvalidRequestError) as unknown:
        client.disputes.update(dispute, {"evidence": {"alibi": "x"}})
    with pytest.raises(stripe.InvalidRequestError):
        client.disputes.update(dispute, {"evidence": {"uncategorized_text": "x" * 150_001}})

    assert unknown.value.code == "parameter_unknown"
    assert client.disputes.retrieve(dispute).evidence_details.has_evidence is False
