"""Expanding: ids in an answer replaced by the objects that they name, four levels deep at most."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from badgateway.providers.base import Account
from badgateway.providers.stripe.balance_object import find_balance
from badgateway.providers.stripe.charge_object import PREFIX, charge_object
from badgateway.providers.stripe.charges import find_charge
from badgateway.providers.stripe.dispute_object import dispute_object
from badgateway.providers.stripe.errors import Refused, invalid
from badgateway.providers.stripe.intent_object import payment_intent_object
from badgateway.providers.stripe.refund_object import refund_object
from badgateway.providers.stripe.session_object import lines_object
from badgateway.providers.stripe.setup_object import setup_intent_object
from badgateway.providers.stripe.shelf import shelf
from badgateway.providers.stripe.shopper_objects import customer_object, payment_method_object

DEPTH_MAX = 4
LIST = "list of "
_ANYTHING = "?"
_KINDS = {
    "balance_transaction": "balance_transaction",
    "charge": "charge",
    "customer": "customer",
    "latest_charge": "charge",
    "payment_intent": "payment_intent",
    "payment_method": "payment_method",
    "setup_intent": "setup_intent",
    "charges": f"{LIST}charge",
    "refunds": f"{LIST}refund",
    "line_items": f"{LIST}item",
    "total_details": "total_details",
}
# What may be asked for; what this simulator has nothing to put in stays null.
_FIELDS = {
    "payment_intent": (
        "application customer latest_charge on_behalf_of payment_method payment_record review source"
    ),
    "charge": (
        "application application_fee balance_transaction customer failure_balance_transaction on_behalf_of "
        "payment_intent refunds review source_transfer transfer"
    ),
    "refund": (
        "balance_transaction charge customer failure_balance_transaction payment_intent payment_method "
        "source_transfer_reversal transfer_reversal"
    ),
    "dispute": "charge payment_intent",
    "payment_method": "customer",
    "customer": "cash_balance default_source sources subscriptions tax tax_ids test_clock",
    "setup_intent": (
        "application customer latest_attempt mandate on_behalf_of payment_method single_use_mandate"
    ),
    "checkout.session": (
        "customer line_items payment_intent payment_link setup_intent subscription total_details"
    ),
    "total_details": "breakdown",
    "item": "discounts price taxes",
    "balance": "",
    "webhook_endpoint": "",
    "event": "",
    "balance_transaction": "source",
    "payout": "balance_transaction destination failure_balance_transaction original_payout reversed_by",
}


def check_paths(paths: Iterable[str], kind: str, *, has_charges: bool = False) -> None:
    """Refuse paths that lead nowhere from an object or list of this kind, before anything is done.

    Intents of old versions have `charges` and no `latest_charge`.
    """
    for path in paths:
        parts = path.split(".")
        if len(parts) > DEPTH_MAX:
            what = f"You cannot expand more than {DEPTH_MAX} levels of a property ({path[:80]})."
            raise Refused(invalid(what, "expand"))
        here = kind
        for part in parts:
            here = _below(here, part, path, has_charges=has_charges)


def expand(shown: dict[str, Any], paths: Iterable[str], account: Account) -> dict[str, Any]:
    """Give the answer with every path expanded; the paths were checked."""
    for path in paths:
        shown = _expanded(shown, path.split("."), account)
    return shown


def _below(kind: str, part: str, path: str, *, has_charges: bool) -> str:
    """Give the kind of object that a part of a path leads to."""
    if kind == _ANYTHING:
        return _ANYTHING
    if kind.startswith(LIST) and part == "data":
        return kind.removeprefix(LIST)
    known = _FIELDS.get(kind, "").split()
    if kind == "payment_intent" and has_charges:
        known = [*known, "charges"]
    if kind.startswith(LIST) or part not in known:
        raise Refused(invalid(f"This property cannot be expanded ({path[:80]}).", "expand"))
    return _KINDS.get(part, _ANYTHING)


def _expanded(shown: Any, parts: list[str], account: Account) -> Any:
    if not parts or not isinstance(shown, dict):
        return shown
    name, rest = parts[0], parts[1:]
    if shown.get("object") in {"list", "search_result"}:
        return {**shown, "data": [_expanded(one, rest, account) for one in shown["data"]]}
    value = shown.get(name)
    if isinstance(value, str):
        value = _look_up(name, value, account) or value
    elif name == "line_items" and shown.get("object") == "checkout.session":
        value = _lines(shown, account)
    elif name == "refunds" and value is None:
        value = _refunds(shown, account)
    elif name == "breakdown" and value is None:
        value = {"discounts": [], "taxes": []}
    return {**shown, name: _expanded(value, rest, account)}


def _look_up(name: str, wanted: str, account: Account) -> dict[str, Any] | None:
    if name == "customer":
        customer = shelf(account).customers.get(wanted)
        return customer if customer is None or customer.get("deleted") else customer_object(customer)
    if name == "payment_method":
        method = shelf(account).methods.get(wanted)
        return payment_method_object(method) if method else None
    if name == "payment_intent":
        payment = account.book.payment(wanted)
        return payment_intent_object(payment, account) if payment else None
    if name == "setup_intent":
        setup = shelf(account).setups.get(wanted)
        return setup_intent_object(setup, account) if setup else None
    if name == "balance_transaction":
        return find_balance(wanted, account)
    return _source(wanted, account)


def _source(wanted: str, account: Account) -> dict[str, Any] | None:
    if wanted.startswith(PREFIX):
        found = find_charge(wanted, account)
        return charge_object(*found, account) if found else None
    refund, dispute = account.book.refund(wanted), account.book.dispute(wanted)
    if refund is not None:
        return refund_object(refund, account)
    if dispute is not None:
        return dispute_object(dispute, account.book.payment(dispute.payment_id), account)
    return None


def _lines(session: dict[str, Any], account: Account) -> dict[str, Any]:
    data = lines_object(shelf(account).sessions[session["id"]])
    url = f"/v1/checkout/sessions/{session['id']}/line_items"
    return {"object": "list", "data": data[:10], "has_more": len(data) > 10, "url": url}


def _refunds(charge: dict[str, Any], account: Account) -> dict[str, Any]:
    refunds = account.book.refunds_of(charge["payment_intent"])
    shown = [refund_object(refund, account) for refund in reversed(refunds)]
    data = [one for one in shown if one["charge"] == charge["id"]]
    url = f"/v1/charges/{charge['id']}/refunds"
    return {"object": "list", "data": data[:10], "has_more": len(data) > 10, "url": url}
