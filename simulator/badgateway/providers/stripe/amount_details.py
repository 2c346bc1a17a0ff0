"""What an amount is made of: line items, tax, shipping and discount, and whether they add up to it.

Source: the fields, their bounds and the two error codes are those of stripe-python 16.1.0 (PaymentIntent,
amount_details). How Stripe words the refusal is not published.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from badgateway.providers.stripe.errors import Problem, Refused, invalid
from badgateway.providers.stripe.units import to_minor

LINES_MAX, NAME_MAX = 200, 1024
MISMATCH = "amount_details_amount_mismatch"
TOO_GREAT = "amount_details_tax_shipping_discount_greater_than_amount"
# What is shown of an amount that nobody has broken down; lines are there when they are expanded.
NOTHING: Mapping[str, Any] = {
    "discount_amount": None,
    "error": None,
    "shipping": None,
    "tax": None,
    "tip": {},
}
_ROOT = "amount_details"


def breakdown_minor(params: Mapping[str, Any], currency: str | None) -> int | None:
    """Give what the parts come to, minor units; None where there are no lines, or they cannot be read."""
    details = params.get(_ROOT)
    if not isinstance(details, Mapping) or not isinstance(details.get("line_items"), list):
        return None
    try:
        return to_minor(_total(details), currency or "")
    except (Refused, ValueError):
        return None


def checked(details: Any, amount: int) -> dict[str, Any] | None:
    """Give the details as they are shown; raises Refused where they do not add up to a wire amount."""
    if details is None or details == "":
        return None
    if not isinstance(details, Mapping):
        raise Refused(invalid(f"Invalid object: {_ROOT} takes a hash.", _ROOT))
    shown: dict[str, Any] = {**NOTHING, "tip": {}}
    error = _mismatch(details, amount)
    if error is not None and details.get("enforce_arithmetic_validation") != "false":
        raise Refused(Problem(400, error[1], error[0], param=_ROOT, refusal="invalid"))
    if error is not None:
        shown["error"] = {"code": error[0], "message": error[1]}
    if details.get("discount_amount"):
        shown["discount_amount"] = _whole(details, "discount_amount")
    for part, name in (("tax", "total_tax_amount"), ("shipping", "amount")):
        if isinstance(details.get(part), Mapping):
            shown[part] = {name: _whole(details[part], name)}
    return shown


def _mismatch(details: Mapping[str, Any], amount: int) -> tuple[str, str] | None:
    beside = _inner(details, "tax", "total_tax_amount") + _inner(details, "shipping", "amount")
    if not details.get("line_items"):
        is_over = max(beside, _whole(details, "discount_amount")) > amount
        what = "The tax, shipping and discount of amount_details exceed the amount."
        return (TOO_GREAT, what) if is_over else None
    total = _total(details)
    what = f"The parts of amount_details come to {total}, and the amount is {amount}."
    return None if total == amount else (MISMATCH, what)


def _total(details: Mapping[str, Any]) -> int:
    lines = details["line_items"]
    if len(lines) > LINES_MAX:
        raise Refused(invalid(f"There are at most {LINES_MAX} line items.", f"{_ROOT}[line_items]"))
    total = sum(_line(line, n) for n, line in enumerate(lines))
    for name, part in (("discount_amount", ()), ("total_tax_amount", ("tax",))):
        of_all = _inner(details, *part, name)
        of_lines = any(_inner(line, *part, name) for line in lines if isinstance(line, Mapping))
        if of_all and of_lines:
            raise Refused(invalid(f"{name} stands either on the whole or on its lines.", _ROOT))
    tax, shipping = _inner(details, "tax", "total_tax_amount"), _inner(details, "shipping", "amount")
    return total + tax + shipping - _whole(details, "discount_amount")


def _line(line: Any, n: int) -> int:
    place = f"{_ROOT}[line_items][{n}]"
    if not isinstance(line, Mapping) or not line.get("product_name"):
        raise Refused(invalid(f"Missing required param: {place}[product_name].", f"{place}[product_name]"))
    if len(str(line["product_name"])) > NAME_MAX:
        raise Refused(invalid(f"A product's name has at most {NAME_MAX} characters.", place))
    quantity, cost = (_required(line, name, place) for name in ("quantity", "unit_cost"))
    if quantity < 1:
        raise Refused(invalid("This value must be greater than or equal to 1.", f"{place}[quantity]"))
    return quantity * cost + _inner(line, "tax", "total_tax_amount") - _whole(line, "discount_amount")


def _required(line: Mapping[str, Any], name: str, place: str) -> int:
    if line.get(name) in {None, ""}:
        raise Refused(invalid(f"Missing required param: {place}[{name}].", f"{place}[{name}]"))
    return _whole(line, name)


def _inner(details: Mapping[str, Any], *path: str) -> int:
    for name in path[:-1]:
        found = details.get(name)
        if not isinstance(found, Mapping):
            return 0
        details = found
    return _whole(details, path[-1])


def _whole(details: Mapping[str, Any], name: str) -> int:
    text = details.get(name)
    if text in {None, ""}:
        return 0
    if not isinstance(text, str) or not text.isdecimal() or len(text) > 15:
        raise Refused(invalid(f"Invalid integer: {str(text)[:40]}", name, "parameter_invalid_integer"))
    return int(text)
