"""Reading what most requests carry: texts, an amount with its currency, the order that is meant."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from badgateway.ground.money import currencies
from badgateway.providers.euler.call import Call
from badgateway.providers.euler.errors import Refused, invalid, missing, unknown_order, unknown_txn
from badgateway.providers.euler.shelf import Order, Txn, shelf
from badgateway.providers.euler.units import to_minor

ORDER_ID = re.compile(r"[A-Za-z0-9_-]{1,21}")
_CURRENCIES = frozenset(currencies())
_MINOR_MAX = 10**13


def text_of(fields: Mapping[str, Any], name: str) -> str | None:
    """Give a text of a request; raises Refused where it is something else."""
    value = fields.get(name)
    if value is None or value == "":
        return None
    if not isinstance(value, str | int) or isinstance(value, bool):
        raise Refused(invalid(name, "Invalid Value"))
    return str(value)


def flag_of(fields: Mapping[str, Any], name: str, *, default: bool) -> bool:
    """Give a yes or no, which forms write as text; raises Refused."""
    value = fields.get(name)
    if value is None or value == "":
        return default
    word = str(value).lower()
    if word not in {"true", "false"}:
        raise Refused(invalid(name, "Invalid Value"))
    return word == "true"


def order_id_of(fields: Mapping[str, Any], name: str = "order_id") -> str:
    """Give the merchant's id of an order; raises Refused."""
    found = text_of(fields, name)
    if found is None:
        raise Refused(missing())
    if not ORDER_ID.fullmatch(found):
        raise Refused(invalid(name, "Has to be 1 to 21 letters, digits, - or _"))
    return found


def currency_of(fields: Mapping[str, Any]) -> str:
    """Give the currency of an order; raises Refused."""
    found = text_of(fields, "currency")
    if found is None:
        raise Refused(invalid("currency", "Missing field or Invalid Value"))
    if found not in _CURRENCIES:
        raise Refused(invalid("currency", "Missing field or Invalid Value"))
    return found


def amount_of(fields: Mapping[str, Any], currency: str, name: str = "amount") -> int | None:
    """Give minor units, None where no amount is named; raises Refused."""
    value = fields.get(name)
    if value is None:
        return None
    if value == "":
        # Not as good as none: who means to give a part back must not give back all of it.
        raise Refused(missing())
    try:
        minor = to_minor(value, currency)
    except ValueError as problem:
        raise Refused(invalid(name, f"Invalid Value: {problem}")) from problem
    if not 0 < minor <= _MINOR_MAX:
        raise Refused(invalid(name, "Invalid Value: more than zero, and not more than anybody has"))
    return minor


def order_of(call: Call) -> Order:
    """Give the order that a request is about, by its path or its fields; raises Refused."""
    wanted = call.id or text_of(call.fields, "order_id") or text_of(call.fields, "orderId")
    if wanted is None:
        raise Refused(missing())
    found = shelf(call.account).order(wanted)
    if found is None:
        raise Refused(unknown_order(wanted[:64]))
    return found


def txn_of(call: Call) -> tuple[Order, Txn]:
    """Give the transaction that the path names, with its order; raises Refused."""
    found = shelf(call.account).txn(call.id)
    if found is None:
        raise Refused(unknown_txn(call.id[:64]))
    return found
