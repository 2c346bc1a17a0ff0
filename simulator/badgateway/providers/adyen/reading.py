"""Reading what most requests carry: an amount, a merchant account, a reference."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from badgateway.ground.money import currencies
from badgateway.payments.model import Payment
from badgateway.providers.adyen.call import Call
from badgateway.providers.adyen.errors import Refused, foreign_merchant, missing, unknown_payment, unreadable
from badgateway.providers.adyen.shelf import merchant_account
from badgateway.providers.adyen.units import to_minor

_CURRENCIES = frozenset(currencies())
_VALUE_MAX = 10**13


def check_merchant(call: Call) -> str:
    """Give the merchant account of a request; raises Refused where the key is for another one."""
    wanted = call.body.get("merchantAccount")
    if wanted != merchant_account(call.account.api_key):
        raise Refused(foreign_merchant())
    return str(wanted)


def amount_of(call: Call, *, least: int = 1) -> tuple[int, str]:
    """Give ISO minor units and currency; raises Refused."""
    amount = call.body.get("amount")
    if not isinstance(amount, Mapping):
        raise Refused(missing("100", "No amount specified"))
    value, currency = amount.get("value"), amount.get("currency")
    if not isinstance(value, int) or isinstance(value, bool):
        raise Refused(unreadable("Structure of Amount contains an invalid value for: value"))
    if currency not in _CURRENCIES:
        raise Refused(missing("138", "Unsupported currency specified"))
    try:
        minor = to_minor(value, str(currency))
    except ValueError as problem:
        raise Refused(missing("137", f"Invalid amount specified: {problem}")) from problem
    if not least <= minor <= _VALUE_MAX:
        raise Refused(missing("137", "Invalid amount specified"))
    return minor, str(currency)


def text_of(call: Call, name: str) -> str | None:
    """Give a text of the request; raises Refused where it is something else."""
    value = call.body.get(name)
    if value is None or isinstance(value, str):
        return value or None
    raise Refused(unreadable(f"Structure of the request contains an invalid value for: {name}"))


def flag_of(body: Mapping[str, Any], name: str) -> bool:
    """Say whether `additionalData` switches something on; there every value is text."""
    extra = body.get("additionalData")
    return isinstance(extra, Mapping) and str(extra.get(name)).lower() == "true"


def payment_of(call: Call) -> Payment:
    """Give the payment that the path names; raises Refused."""
    found: Payment | None = call.account.book.payment(call.id)
    if found is None:
        raise Refused(unknown_payment())
    return found
