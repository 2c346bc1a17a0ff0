"""Disputes: retrieve, list, answer with evidence, and give in."""

from __future__ import annotations

from dataclasses import replace

from badgateway.ground.records import changed
from badgateway.payments.commands import CloseDispute, ContestDispute
from badgateway.payments.model import Dispute
from badgateway.providers.stripe.call import Call, Done
from badgateway.providers.stripe.charge_object import charge_id
from badgateway.providers.stripe.dispute_object import EVIDENCE, dispute_object
from badgateway.providers.stripe.errors import Problem, Refused, invalid, no_such
from badgateway.providers.stripe.lists import page_of
from badgateway.providers.stripe.news import note
from badgateway.providers.stripe.params import merged
from badgateway.providers.stripe.render import changes
from badgateway.providers.stripe.shelf import Evidence, shelf

EVIDENCE_CHARACTERS_MAX = 150_000
# Words by which a test decides what becomes of a dispute, or that an inquiry is over.
_DECISIONS = {"winning_evidence": True, "losing_evidence": False}
OF_HASHES = ("appeal", "enhanced_evidence")  # evidence that is no text
_ESCALATED = "escalate_inquiry_evidence"


def retrieve(call: Call) -> Done:
    """Show a dispute."""
    return _done(_need(call), call)


def update(call: Call) -> Done:
    """Keep evidence, and hand it in, once, unless `submit` is false; Stripe's test words decide at once."""
    dispute, params = _need(call), call.params
    given = params.get("evidence") or {}
    for name in given:
        if name not in EVIDENCE:
            path = f"evidence[{name[:80]}]"
            raise Refused(invalid(f"Received unknown parameter: {path}", path, "parameter_unknown"))
        if name not in OF_HASHES and not isinstance(given[name], str):
            path = f"evidence[{name}]"
            raise Refused(invalid(f"Invalid string: {path} takes a text.", path))
    if sum(len(text) for text in given.values() if isinstance(text, str)) > EVIDENCE_CHARACTERS_MAX:
        what = f"The evidence has more than {EVIDENCE_CHARACTERS_MAX} characters in all."
        raise Refused(invalid(what, "evidence"))
    kept = shelf(call.account).evidence
    told = kept.get(dispute.id) or Evidence()
    if (given or params.get("submit")) and dispute.status != "open":
        raise Refused(_is_over(dispute))
    if (given or params.get("submit")) and told.submissions:
        what = "The evidence of this dispute was handed in already, and that can be done only once."
        raise Refused(replace(invalid(what), refusal="wrong_state", is_stored=True))
    if given.get("uncategorized_text") == _ESCALATED:
        raise Refused(invalid("This simulator does not escalate inquiries to disputes.", "evidence"))
    whole = {**told.given, **{name: value or None for name, value in given.items()}}
    # What was only kept so far goes with it; changing metadata alone hands nothing in.
    is_handed_in = bool(given and params.get("submit") is not False) or params.get("submit") is True
    if is_handed_in:
        dispute = _contest(call, dispute)
    payment = call.account.book.payment(dispute.payment_id)
    before = dispute_object(changed(dispute, is_contested=False), payment, call.account)
    kept[dispute.id] = Evidence(
        given=whole,
        metadata=merged(told.metadata, params["metadata"]) if "metadata" in params else told.metadata,
        submissions=told.submissions + is_handed_in,
        method=params.get("intended_submission_method") or told.method,
    )
    done = _done(dispute, call)
    previous = changes(before, done.shown)
    note("charge.dispute.updated", done.shown, call.account, before=previous, payment=done.payment)
    decided = _DECISIONS.get(str(whole.get("uncategorized_text"))) if is_handed_in else None
    return done if decided is None else _decide(call, dispute, is_won=decided)


def close(call: Call) -> Done:
    """Give in: the dispute is lost."""
    dispute = _need(call)
    if dispute.status != "open":
        raise Refused(_is_over(dispute))
    return _decide(call, dispute, is_won=False)


def listing(call: Call) -> Done:
    """List disputes, newest first."""
    book, intent, charge = call.account.book, call.params.get("payment_intent"), call.params.get("charge")
    rows = page_of(
        call,
        book.disputes() if intent is None else book.disputes_of(intent),
        lambda one: one.id,
        lambda one: one.created_ms // 1000,
        lambda one: charge in {None, charge_id(book.payment(one.payment_id).attempts[-1])},
    )
    shown = [dispute_object(one, book.payment(one.payment_id), call.account) for one in rows.items]
    return Done(rows.show(shown))


def _contest(call: Call, dispute: Dispute) -> Dispute:
    outcome = call.account.book.do(ContestDispute(dispute.id), call.account.cause)
    if outcome.refusal is not None:
        what = f"The evidence can't be submitted: {outcome.refusal.message}."
        raise Refused(replace(invalid(what), refusal="wrong_state", is_stored=True))
    assert outcome.dispute is not None, "what was contested is a dispute"
    contested: Dispute = outcome.dispute
    return contested


def _decide(call: Call, dispute: Dispute, *, is_won: bool) -> Done:
    outcome = call.account.book.do(CloseDispute(dispute.id, is_won), call.account.cause)
    assert outcome.dispute is not None, "an open dispute can be decided"
    return _done(outcome.dispute, call)


def _is_over(dispute: Dispute) -> Problem:
    what = f"This dispute is already closed: it was {dispute.status}."
    return replace(invalid(what), refusal="wrong_state", is_stored=True)


def _need(call: Call) -> Dispute:
    dispute: Dispute | None = call.account.book.dispute(call.id)
    if dispute is None:
        raise Refused(no_such("dispute", call.id))
    return dispute


def _done(dispute: Dispute, call: Call) -> Done:
    payment = call.account.book.payment(dispute.payment_id)
    shown = dispute_object(dispute, payment, call.account)
    return Done(shown, payment, is_applied=call.ask.method == "POST")
