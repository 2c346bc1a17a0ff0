"""POST /orders/{order_id}/refunds: taken in at once, sent on, and told when it is done."""

from __future__ import annotations

import re

from badgateway.providers.euler.acquirer import UNAVAILABLE, Returned, Standing
from badgateway.providers.euler.call import Call, Done
from badgateway.providers.euler.errors import Refused, duplicate_call, invalid, missing, refused, trouble
from badgateway.providers.euler.reading import amount_of, order_of, text_of
from badgateway.providers.euler.render import looked, order_shown
from badgateway.providers.euler.shelf import Txn, acquirer_of

REFUNDS_MAX = 25
SAME_AMOUNT_MS = 5_000  # so long another refund of the same amount counts as the same call
_REQUEST_ID = re.compile(r"[A-Za-z0-9_-]{1,21}")
_CODES = {
    "amount_too_large": ("invalid.amount.exceeded", "Refund amount exceeds what is left to refund."),
    "already_refunded": ("invalid.amount.exceeded", "Refund amount exceeds what is left to refund."),
    "disputed": ("invalid.order.chargeback", "The shopper's bank has taken the money back."),
}


def create(call: Call) -> Done:
    """Give captured money back, all that is left without an amount; each unique_request_id counts once."""
    order, request_id = order_of(call), text_of(call.fields, "unique_request_id")
    if request_id is None:
        raise Refused(missing())
    if not _REQUEST_ID.fullmatch(request_id):
        raise Refused(invalid("unique_request_id", "Has to be 1 to 21 letters, digits, - or _"))
    minor = amount_of(call.fields, order.currency)
    seen = looked(order, call.account)
    given = [one for _, stands in seen if stands is not None for one in stands.refunds]
    if request_id in {one.request_id or one.id for one in given}:
        raise Refused(
            duplicate_call("A refund call was completed with this unique_request_id for the order.")
        )
    paid = next(
        ((txn, one) for txn, one in seen if one is not None and one.captured_minor and not txn.is_given_back),
        None,
    )
    if paid is None:
        what = "There is nothing to refund: the order is not successful."
        raise Refused(refused("invalid.order.not_successful", what, "nothing_to_refund"))
    txn, standing = paid
    asked = standing.captured_minor - standing.refunded_minor if minor is None else minor
    _check(call, given, asked)
    return _carry_out(call, txn, standing, request_id, asked)


def _check(call: Call, given: list[Returned], asked: int) -> None:
    if len(given) >= REFUNDS_MAX:
        raise Refused(refused("request.exceeded", f"At most {REFUNDS_MAX} refunds for an order.", "invalid"))
    now_ms = call.account.clock.now_ms()
    is_running = any(
        one.status == "pending" and one.amount_minor == asked and now_ms - one.created_ms < SAME_AMOUNT_MS
        for one in given
    )
    if is_running:
        raise Refused(duplicate_call("A refund of this amount is being worked on for the order."))


def _carry_out(call: Call, txn: Txn, standing: Standing, request_id: str, asked: int) -> Done:
    assert standing.reference is not None, "who has captured has a reference"
    result = acquirer_of(call.account).refund(standing.reference, request_id, asked)
    refusal = result.refusal
    if refusal is not None and not result.is_applied:
        if refusal.code == UNAVAILABLE:
            raise Refused(trouble(502))
        code, what = _CODES.get(refusal.code, ("invalid.amount", "The refund cannot be made."))
        raise Refused(refused(code, what, refusal.code))
    txn.standing = result.standing
    shown = order_shown(order_of(call), call.account, queued=result.refund_id)
    # Nobody knows yet how it ends: it is only queued.
    return Done(shown, result.standing, result.refund_id, is_applied=True, is_final=False)
