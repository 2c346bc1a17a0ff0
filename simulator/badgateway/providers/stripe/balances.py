"""The balance, its transactions and payouts: retrieve and list. Payouts are made by the provider alone."""

from __future__ import annotations

from badgateway.payments.ledger import Ledger
from badgateway.payments.settlement import Payout, Settlement, nets
from badgateway.providers.stripe.balance_object import (
    balance_object,
    find_balance,
    payout_balance_object,
    payout_object,
)
from badgateway.providers.stripe.call import Call, Done
from badgateway.providers.stripe.errors import Refused, no_such
from badgateway.providers.stripe.lists import page
from badgateway.providers.stripe.settled import settlement_of
from badgateway.providers.stripe.units import to_wire


def balance(call: Call) -> Done:
    """Show what can be paid out, and what is not settled yet."""
    settlement = _settlement(call)
    lines, waiting = settlement.lines(), settlement.waiting()
    ready = nets(line for line in lines if line.payout_id is None)
    currencies = sorted({*waiting, *ready}) or ["USD"]
    shown = {
        "object": "balance",
        "available": [_amount(ready[one], one) for one in currencies],
        "connect_reserved": None,
        "instant_available": None,
        "issuing": None,
        "livemode": False,
        "pending": [_amount(waiting[one], one) for one in currencies],
        "refund_and_dispute_prefunding": None,
    }
    return Done(shown)


def transaction(call: Call) -> Done:
    """Show a balance transaction."""
    shown = find_balance(call.id, call.account)
    if shown is None:
        raise Refused(no_such("balance_transaction", call.id))
    return Done(shown)


def transactions(call: Call) -> Done:
    """List balance transactions, newest first: all, or those of one payout, source, type or currency."""
    settlement, params = _settlement(call), call.params
    payout = params.get("payout")
    if payout is not None and settlement.payout(payout) is None:
        raise Refused(no_such("payout", payout, "payout"))
    shown = [
        balance_object(line, call.account) for line in settlement.stated() if payout in {None, line.payout_id}
    ]
    shown += [payout_balance_object(one) for one in settlement.payouts() if payout in {None, one.id}]
    wanted = {name: params.get(name) for name in ("source", "type", "currency")}
    kept = [one for one in shown if all(value in {None, one[name]} for name, value in wanted.items())]
    rows = page(call, kept[::-1], lambda one: str(one["id"]), lambda one: int(one["created"]))
    return Done(rows.show(list(rows.items)))


def payout(call: Call) -> Done:
    """Show a payout."""
    found = _settlement(call).payout(call.id)
    if found is None:
        raise Refused(no_such("payout", call.id))
    return Done(payout_object(found))


def payouts(call: Call) -> Done:
    """List payouts, newest first."""
    status, arrives = call.params.get("status"), call.params.get("arrival_date")
    found = [one for one in _settlement(call).payouts()[::-1] if status in {None, "paid"}]
    if arrives is not None:
        found = [one for one in found if _is_within(one, arrives)]
    rows = page(call, found, lambda one: one.id, lambda one: one.created_ms // 1000)
    return Done(rows.show([payout_object(one) for one in rows.items]))


def _amount(minor: int, currency: str) -> dict[str, object]:
    amount = to_wire(minor, currency)
    return {"amount": amount, "currency": currency.lower(), "source_types": {"card": amount}}


def _is_within(payout: Payout, bounds: dict[str, int]) -> bool:
    moment = payout.created_ms // 1000
    return (
        bounds.get("gte", moment) <= moment <= bounds.get("lte", moment)
        and moment > bounds.get("gt", moment - 1)
        and moment < bounds.get("lt", moment + 1)
    )


def _settlement(call: Call) -> Settlement:
    found = settlement_of(call.account)
    if found is None:
        # A replica that is behind: its lists are short, and nothing is found by its id.
        return Settlement(Ledger(), call.account.clock, call.account.ids)
    return found
