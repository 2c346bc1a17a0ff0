"""POST /txns: one more attempt to pay an order, with the order in the same request where it is a new one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from badgateway.providers.base import Account
from badgateway.providers.euler import instruments
from badgateway.providers.euler.acquirer import UNKNOWN, Charge, Result
from badgateway.providers.euler.call import Call, Done
from badgateway.providers.euler.errors import Refused, invalid, order_taken, refused
from badgateway.providers.euler.instruments import Instrument
from badgateway.providers.euler.orders import keep, read_order, texts_of
from badgateway.providers.euler.progress import leading, order_status, txn_status
from badgateway.providers.euler.reading import order_of, text_of
from badgateway.providers.euler.render import look, looked, txn_shown
from badgateway.providers.euler.shelf import Order, Txn, acquirer_of, merchant_id, shelf, uuid_of
from badgateway.providers.euler.statuses import FAILED, OPEN

_ORDER = "order."
# An attempt that ended like this, or that waits for a shopper who may have gone, leaves room for another.
_MAKES_ROOM = FAILED | {"NEW", "PENDING_VBV", "VOIDED", "CAPTURE_FAILED", "AUTO_REFUNDED"}


def create(call: Call) -> Done:
    """Make an attempt. A refusal of the issuer is an answer like any other, with status 200."""
    named = text_of(call.fields, "merchant_id")
    if named not in {None, merchant_id(call.account.api_key)}:
        raise Refused(invalid("merchant_id", "Invalid Value"))
    order, is_new = _order(call)
    instrument = _instrument(call.fields, call.account)
    if is_new:
        keep(order, call.account)
    txn, result = attempt(order, instrument, call.account)
    return answered(order, txn, result, call.account)


def attempt(order: Order, instrument: Instrument, account: Account) -> tuple[Txn, Result]:
    """Send an order to be paid once more; raises Refused where it has no room for another attempt."""
    word = order_status(order, leading(looked(order, account)))
    if word in OPEN - _MAKES_ROOM:
        what = "Nobody knows yet how the last transaction of this order ends."
        raise Refused(refused("txn.in.progress", what, "wrong_state"))
    if word not in _MAKES_ROOM:
        raise Refused(refused("order.already.paid", f"The order is {word}.", "wrong_state"))
    txn, result = _send(order, instrument, account)
    acquirer = acquirer_of(account)
    while acquirer.moves_on(order.order_id, result.standing):
        txn, result = _send(order, instrument, account, is_onward=True)
    return txn, result


def _send(
    order: Order, instrument: Instrument, account: Account, *, is_onward: bool = False
) -> tuple[Txn, Result]:
    n = len(order.txns) + 1
    txn = Txn(
        n=n,
        uuid=uuid_of(order.order_id, n),
        amount_minor=order.amount_minor,
        instrument=instrument,
        created_ms=account.clock.now_ms(),
        token=account.ids.make("page", 24),
    )
    shelf(account).instruments[instrument.id] = instrument
    charge = Charge(
        order.order_id,
        n,
        order.amount_minor,
        order.currency,
        instrument.id,
        order.is_manual,
        texts_of(order),
        instrument.word,
        instrument.type,
        is_onward,
    )
    # It is on the list before it is sent: should its answer be lost, it is still asked after.
    order.txns.append(txn)
    result = acquirer_of(account).charge(charge)
    txn.standing = result.standing
    if n > 1 or result.standing.outcome == UNKNOWN:
        shelf(account).watched[order.order_id] = order
    return txn, result


def answered(order: Order, txn: Txn, result: Result, account: Account) -> Done:
    """Answer with an attempt as it stands after something was asked of its gateway."""
    txn.standing = result.standing if result.standing.reference is not None else txn.standing
    return Done(
        txn_shown(order, txn, account),
        look(txn, account),
        result.refund_id,
        result.is_applied,
        result.refusal.code if result.refusal is not None else None,
        is_final=txn_status(txn, txn.standing) != "AUTHORIZING",
    )


def _order(call: Call) -> tuple[Order, bool]:
    fields = {
        name.removeprefix(_ORDER): value for name, value in call.fields.items() if name.startswith(_ORDER)
    }
    if not fields:
        return order_of(call), False
    if call.ask.credential is None:
        raise Refused(invalid("order.order_id", "An order is made with the API key only"))
    made = read_order(fields, call.account)
    if text_of(call.fields, "order_id") not in {None, made.order_id}:
        raise Refused(invalid("order_id", "Invalid Value"))
    if shelf(call.account).order(made.order_id) is not None:
        raise Refused(order_taken())
    return made, True


def _instrument(fields: Mapping[str, Any], account: Account) -> Instrument:
    found = instruments.read(fields, account.ids.make("instrument", 16))
    if found is None:
        name = "card_token" if fields.get("card_token") is not None else "payment_method"
        raise Refused(invalid(name, "Invalid Value"))
    return found
