"""Disputes: evidence, giving in, and the words by which a test decides; driven by the official SDK."""

import json

import pytest
import stripe

from badgateway.payments.commands import Clear, CloseDispute, ContestDispute, OpenDispute


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


def test_a_dispute_without_evidence_is_lost_on_the_day_that_is_shown(client, account, dispute):
    """Until then it needs a response; afterwards evidence is refused."""
    due_ms = client.disputes.retrieve(dispute).evidence_details.due_by * 1000
    account.clock.advance(due_ms - account.clock.now_ms() - 1)
    account.book.run_due()
    before = client.disputes.retrieve(dispute).status
    account.clock.advance(1)
    account.book.run_due()
    account.tell()

    with pytest.raises(stripe.InvalidRequestError, match="already closed"):
        client.disputes.update(dispute, {"evidence": {"receipt": "f"}})
    assert (before, client.disputes.retrieve(dispute).status) == ("needs_response", "lost")
    assert account.types() == ["charge.dispute.closed"]


def test_evidence_in_the_very_moment_that_is_too_late_is_refused(client, account, dispute):
    """Whether or not the loss was told already."""
    due_ms = client.disputes.retrieve(dispute).evidence_details.due_by * 1000
    account.clock.advance(due_ms - account.clock.now_ms())

    with pytest.raises(stripe.InvalidRequestError, match="evidence was due has passed"):
        client.disputes.update(dispute, {"evidence": {"receipt": "f"}})
    assert client.disputes.retrieve(dispute).evidence_details.submission_count == 0


def test_evidence_from_the_dashboard_is_told_and_ends_the_deadline(client, account, dispute):
    """Nobody of the integration has called, so the event is all that says it."""
    account.act(ContestDispute(dispute))
    (told,) = [json.loads(event.body)["data"] for event in account.told]
    account.clock.advance(30 * 86_400_000)
    account.book.run_due()

    assert account.types() == ["charge.dispute.updated"]
    assert told["previous_attributes"]["status"] == "needs_response"
    assert client.disputes.retrieve(dispute).status == "under_review"


def test_unknown_and_endless_evidence_is_refused(client, dispute):
    with pytest.raises(stripe.InvalidRequestError) as unknown:
        client.disputes.update(dispute, {"evidence": {"alibi": "x"}})
    with pytest.raises(stripe.InvalidRequestError):
        client.disputes.update(dispute, {"evidence": {"uncategorized_text": "x" * 150_001}})

    assert unknown.value.code == "parameter_unknown"
    assert client.disputes.retrieve(dispute).evidence_details.has_evidence is False


def test_a_returned_debit_is_lost_from_the_first(client, paid, account):
    """The bank has taken the money already, and nobody can answer it."""
    intent = paid(card="pm_usBankAccount_success")
    account.act(Clear(intent.id))
    account.told.clear()

    account.act(OpenDispute("du_1debit", intent.id, reason="insufficient_funds"))
    account.act(CloseDispute("du_1debit", is_won=False))

    shown = [json.loads(event.body)["data"]["object"] for event in account.told]
    assert account.types() == [
        "charge.dispute.created",
        "charge.dispute.funds_withdrawn",
        "charge.dispute.closed",
    ]
    assert {one["status"] for one in shown} == {"lost"}
    assert {one["reason"] for one in shown} == {"insufficient_funds"}
    assert not any("payment_method_details" in one for one in shown)


@pytest.mark.parametrize(
    ("number", "code"),
    [("000222222227", "insufficient_funds"), ("000111111113", "account_closed")],
)
def test_a_bank_account_that_fails_says_why_days_later(client, account, number, code):
    data = {"type": "us_bank_account", "us_bank_account": {"account_number": number}}
    asked = {"amount": 2000, "currency": "usd", "confirm": True, "payment_method_data": data}
    intent = client.payment_intents.create({**asked, "payment_method_types": ["us_bank_account"]})

    account.act(Clear(intent.id, is_paid=False))

    failed = client.payment_intents.retrieve(intent.id, {"expand": ["latest_charge"]})
    assert (intent.status, failed.status) == ("processing", "requires_payment_method")
    assert (failed.last_payment_error.code, failed.latest_charge.failure_code) == (code, code)


@pytest.mark.parametrize(
    ("form", "param", "code"),
    [
        ("evidence[alibi]=x", "evidence[alibi]", "parameter_unknown"),
        ("evidence[receipt][page]=x", "evidence[receipt]", None),
    ],
)
def test_wrong_evidence_is_told_with_its_path_and_not_handed_in(ask, dispute, form, param, code):
    status, body = ask("POST", f"/v1/disputes/{dispute}", form)

    assert (status, body["error"]["param"], body["error"].get("code")) == (400, param, code)
    assert ask("GET", f"/v1/disputes/{dispute}")[1]["status"] == "needs_response"


def test_evidence_is_handed_in_once(client, account, dispute):
    client.disputes.update(dispute, {"evidence": {"customer_name": "Ada"}})

    for again in ({"evidence": {"customer_name": "Eve"}}, {"submit": True}):
        with pytest.raises(stripe.InvalidRequestError):
            client.disputes.update(dispute, again)
    noted = client.disputes.update(dispute, {"metadata": {"k": "v"}})

    assert (noted.evidence.customer_name, noted.evidence_details.submission_count) == ("Ada", 1)
    assert noted.metadata.to_dict() == {"k": "v"}


def test_what_was_only_kept_is_handed_in_by_itself(client, account, dispute):
    client.disputes.update(dispute, {"evidence": {"uncategorized_text": "winning_evidence"}, "submit": False})
    noted = client.disputes.update(dispute, {"metadata": {"k": "v"}})
    decided = client.disputes.update(dispute, {"submit": True})

    assert (noted.status, decided.status) == ("needs_response", "won")


def test_what_a_dispute_took_from_the_balance_is_shown_with_it(client, account, dispute):
    before = client.disputes.retrieve(dispute)
    account.book.settlement.settle("act:settle")

    (taken,) = client.disputes.retrieve(dispute).balance_transactions
    assert before.balance_transactions == []
    assert (taken.type, taken.source, taken.amount) == ("adjustment", dispute, -before.amount)


def test_events_are_listed_in_the_order_in_which_they_are_sent(client, account, dispute):
    client.disputes.update(dispute, {"evidence": {"uncategorized_text": "winning_evidence"}})

    listed = [one.id for one in reversed(client.events.list({"limit": 3}).data)]
    assert listed == [event.id for event in account.told]
