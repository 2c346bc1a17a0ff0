"""Searching: the query language of Stripe over what lists would show, newest first."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from badgateway.providers.stripe.call import Call, Done
from badgateway.providers.stripe.charge_object import charge_object
from badgateway.providers.stripe.errors import Refused, invalid
from badgateway.providers.stripe.intent_object import payment_intent_object
from badgateway.providers.stripe.lists import LIMIT, LIMIT_MAX
from badgateway.providers.stripe.shelf import shelf
from badgateway.providers.stripe.shopper_objects import customer_object

SHAPE = "query limit:integer page"
CLAUSES_MAX = 10
_CLAUSE = re.compile(
    r"""\s*(?P<not>-)?(?P<field>[a-z_.0-9]+)(?:\[(?P<q>["'])(?P<key>[^"']*)(?P=q)\])?\s*"""
    r"""(?P<sign>:|~|>=|<=|>|<)\s*(?:(?P<p>["'])(?P<text>.*?)(?<!\\)(?P=p)|(?P<bare>[^\s"']+))\s*"""
)
_JOINT = re.compile(r"(AND|OR)\s+", re.IGNORECASE)
# field -> whether it is compared as a number
_INTENTS = {"amount": True, "created": True, "currency": False, "customer": False, "status": False}
_CHARGES = {
    **_INTENTS,
    "disputed": False,
    "refunded": False,
    "payment_method_details.card.last4": False,
    "payment_method_details.card.brand": False,
    "payment_method_details.card.exp_month": True,
    "payment_method_details.card.exp_year": True,
    "payment_method_details.card.fingerprint": False,
}
_CUSTOMERS = {"created": True, "email": False, "name": False, "phone": False}
_ORDERED: Mapping[str, Callable[[int, int], bool]] = {
    ":": lambda a, b: a == b,
    ">": lambda a, b: a > b,
    "<": lambda a, b: a < b,
    ">=": lambda a, b: a >= b,
    "<=": lambda a, b: a <= b,
}


@dataclass(frozen=True, slots=True)
class Clause:
    """One comparison of a query."""

    field: str
    key: str | None  # of metadata
    sign: str
    value: str
    is_negated: bool
    is_number: bool


def intents(call: Call) -> Done:
    """Search payment intents."""
    payments = reversed(call.account.book.payments())
    return _found(call, _INTENTS, [payment_intent_object(one, call.account) for one in payments])


def charges(call: Call) -> Done:
    """Search charges."""
    attempts = [(one, payment) for payment in call.account.book.payments() for one in payment.attempts]
    attempts.sort(key=lambda one: one[0].created_ms)
    shown = [charge_object(attempt, payment, call.account) for attempt, payment in reversed(attempts)]
    return _found(call, _CHARGES, shown)


def customers(call: Call) -> Done:
    """Search customers."""
    records = reversed(shelf(call.account).customers.values())
    return _found(call, _CUSTOMERS, [customer_object(one) for one in records if not one.get("deleted")])


def _found(call: Call, fields: Mapping[str, bool], shown: Sequence[dict[str, Any]]) -> Done:
    clauses, is_any = _parsed(call.params["query"], fields)
    joined = any if is_any else all
    matching = [one for one in shown if joined(_holds(clause, one) for clause in clauses)]
    limit, begin = call.params.get("limit", LIMIT), _begin(call.params.get("page"))
    if not 1 <= limit <= LIMIT_MAX:
        raise Refused(invalid(f"Invalid integer: limit is from 1 to {LIMIT_MAX}", "limit"))
    end = begin + min(limit, call.account.page_max or limit)
    has_more = len(matching) > end
    return Done(
        {
            "object": "search_result",
            "data": matching[begin:end],
            "has_more": has_more,
            "next_page": f"page_{end}" if has_more else None,
            "url": call.ask.path,
        }
    )


def _begin(page: str | None) -> int:
    if page is None:
        return 0
    number = page.removeprefix("page_")
    if not (page.startswith("page_") and number.isascii() and number.isdigit() and len(number) < 8):
        raise Refused(invalid("Invalid page: it is the next_page of another answer.", "page"))
    return int(number)


def _parsed(query: str, fields: Mapping[str, bool]) -> tuple[list[Clause], bool]:
    clauses, joints, rest = [], set(), query
    while True:
        found = _CLAUSE.match(rest)
        if found is None:
            raise _unreadable(rest)
        clauses.append(_clause(found, fields))
        rest = rest[found.end() :]
        if not rest:
            break
        joint = _JOINT.match(rest)
        if joint is None:
            raise _unreadable(rest)
        joints.add(joint[1].upper())
        rest = rest[joint.end() :]
    if len(joints) > 1 or len(clauses) > CLAUSES_MAX:
        what = f"A query joins at most {CLAUSES_MAX} clauses, all by AND or all by OR."
        raise Refused(invalid(what, "query"))
    return clauses, "OR" in joints


def _clause(found: re.Match[str], fields: Mapping[str, bool]) -> Clause:
    field, key, sign = found["field"], found["key"], found["sign"]
    value = found["text"] if found["text"] is not None else found["bare"]
    is_number = fields.get(field, False)
    is_known = (field == "metadata" and key is not None) or (field in fields and key is None)
    if not is_known:
        raise Refused(invalid(f"Field `{field[:80]}` is an unsupported search field.", "query"))
    if is_number and (sign == "~" or re.fullmatch(r"[0-9]{1,15}", value) is None):
        raise Refused(invalid(f"The search field `{field}` is compared with a number.", "query"))
    if not is_number and sign not in {":", "~"}:
        raise Refused(invalid(f"The search field `{field}` knows `:` and `~` only.", "query"))
    if sign == "~" and len(value) < 3:
        raise Refused(invalid("A part of a text has at least three characters.", "query"))
    return Clause(field, key, sign, value.replace("\\", ""), bool(found["not"]), is_number)


def _holds(clause: Clause, shown: Mapping[str, Any]) -> bool:
    value: Any = shown
    for part in clause.field.split("."):
        value = value.get(part) if isinstance(value, Mapping) else None
    if clause.key is not None:
        value = (value or {}).get(clause.key)
    if clause.value == "null" and clause.sign == ":":
        is_so = value is None
    elif clause.is_number:
        is_so = value is not None and _ORDERED[clause.sign](int(value), int(clause.value))
    else:
        text = str(value).lower() if value is not None else ""
        wanted = clause.value.lower()
        is_so = value is not None and (wanted in text if clause.sign == "~" else wanted == text)
    return is_so is not clause.is_negated


def _unreadable(rest: str) -> Refused:
    what = f"We were unable to parse your search query near {rest[:40]!r}; write field:'value'."
    return Refused(invalid(what, "query"))
