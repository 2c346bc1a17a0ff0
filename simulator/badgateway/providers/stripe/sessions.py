"""Checkout sessions: create, retrieve, list, expire, and their lines."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from badgateway.ground.records import changed
from badgateway.payments.commands import VoidPayment
from badgateway.providers.base import Account
from badgateway.providers.stripe import shapes
from badgateway.providers.stripe.amounts import charged, currency_of
from badgateway.providers.stripe.call import Call, Done
from badgateway.providers.stripe.errors import Refused, invalid, missing, no_such, other_mode
from badgateway.providers.stripe.hints import hints
from badgateway.providers.stripe.intents import check_customer
from badgateway.providers.stripe.lists import page
from badgateway.providers.stripe.nested import LINE
from badgateway.providers.stripe.news import note
from badgateway.providers.stripe.params import check, inside, merged
from badgateway.providers.stripe.registrations import checked_url
from badgateway.providers.stripe.session_object import ECHOED, lines_object, session_object
from badgateway.providers.stripe.settled import settlement_of
from badgateway.providers.stripe.shelf import Session, shelf

LIFE_S, LIFE_S_MIN = 24 * 3600, 30 * 60
LINES_MAX = 100
_KEPT = (*ECHOED.split(), "payment_method_options", "payment_method_types", "ui_mode")


def create(call: Call) -> Done:
    """Make a session; its payment intent is made when the shopper pays."""
    params = call.params
    if params.get("success_url") is None:
        raise Refused(missing("success_url"))
    for name in ("success_url", "cancel_url"):
        if params.get(name) is not None:
            checked_url(params[name], name)
    check_customer(call)
    mode = params["mode"]
    currency, lines = _lines(call) if mode == "payment" else (params.get("currency"), [])
    made = Session(
        id=f"cs_{_mode(call.account)}_a1{call.account.ids.make('checkout session', 56)}",
        created_s=call.now_s(),
        expires_s=_expiry(call),
        mode=mode,
        currency=currency.lower() if currency else None,
        lines=tuple(lines),
        customer=params.get("customer"),
        order_ref=" ".join(_hints(params)) or None,
        details={
            **{name: params[name] for name in _KEPT if params.get(name) is not None},
            "metadata": merged({}, params.get("metadata")),
            "payment_intent_data": _inner(call, "payment_intent_data", shapes.SESSION_PAYMENT),
            "setup_intent_data": _inner(call, "setup_intent_data", shapes.SESSION_SETUP),
        },
    )
    shelf(call.account).open_session(made)
    return Done(session_object(made, call.account), is_applied=True)


def retrieve(call: Call) -> Done:
    """Show a session."""
    return Done(session_object(_need(call), call.account))


def listing(call: Call) -> Done:
    """List sessions, newest first."""
    lapse(call.account)
    wanted = {
        "customer": call.params.get("customer"),
        "payment_id": call.params.get("payment_intent"),
        "status": call.params.get("status"),
    }
    found = [
        session
        for session in reversed(shelf(call.account).sessions.values())
        if all(value in {None, getattr(session, name)} for name, value in wanted.items())
    ]
    rows = page(call, found, lambda one: one.id, lambda one: one.created_s)
    return Done(rows.show([session_object(session, call.account) for session in rows.items]))


def line_items(call: Call) -> Done:
    """List the lines of a session."""
    shown = lines_object(_need(call))
    rows = page(call, shown, lambda one: str(one["id"]), lambda _one: call.now_s())
    return Done(rows.show(list(rows.items)))


def expire(call: Call) -> Done:
    """End a session that nobody has paid; its intent is cancelled with it."""
    session = _need(call)
    if session.status != "open":
        what = f"Only Checkout Sessions with a status of open can be expired; this one is {session.status}."
        raise Refused(replace(invalid(what), refusal="wrong_state", is_stored=True))
    return Done(session_object(end(session, call.account), call.account), is_applied=True)


def end(session: Session, account: Account) -> Session:
    """Let a session expire, and tell of it."""
    gone = shelf(account).sessions[session.id] = changed(session, status="expired")
    if session.payment_id is not None:
        account.book.do(VoidPayment(session.payment_id), account.cause)
    note("checkout.session.expired", session_object(gone, account), account, order_ref=session.order_ref)
    return gone


def lapse(account: Account) -> None:
    """Let every session expire whose time is over."""
    for session in overdue(account):
        end(session, account)


def overdue(account: Account) -> list[Session]:
    """Give the open sessions whose time is over; a read replica, in which nothing is done, has none."""
    if settlement_of(account) is None:
        return []
    return shelf(account).overdue(account.clock.now_s())


def find_session(wanted: str, account: Account) -> Session | None:
    """Give a session as it is now, or None."""
    lapse(account)
    found: Session | None = shelf(account).sessions.get(wanted)
    return found


def _mode(account: Account) -> str:
    return "live" if account.is_live else "test"


def _need(call: Call) -> Session:
    found = find_session(call.id, call.account)
    if found is None:
        mode = _mode(call.account)
        if call.id.startswith(("cs_live_", "cs_test_")) and not call.id.startswith(f"cs_{mode}_"):
            raise Refused(other_mode("checkout.session", call.id, "session", mode))
        raise Refused(no_such("checkout.session", call.id, "session"))
    return found


def _hints(params: Mapping[str, Any]) -> list[str]:
    inner = params.get("payment_intent_data")
    texts = [*hints(params), params.get("client_reference_id"), params.get("customer_email")]
    texts += hints(inner) if isinstance(inner, Mapping) else ()
    return [text for text in dict.fromkeys(texts) if isinstance(text, str) and text]


def _inner(call: Call, name: str, shape: str) -> dict[str, Any]:
    """Check the parameters inside of one; what is wrong is named with its path."""
    return check(call.params.get(name) or {}, shape, (), within=name)


def _expiry(call: Call) -> int:
    asked = call.params.get("expires_at")
    if asked is None:
        return call.now_s() + LIFE_S
    if not call.now_s() + LIFE_S_MIN <= asked <= call.now_s() + LIFE_S:
        what = "The `expires_at` timestamp must be from 30 minutes to 24 hours after the session is made."
        raise Refused(invalid(what, "expires_at"))
    return int(asked)


def _lines(call: Call) -> tuple[str, list[dict[str, Any]]]:
    given = call.params.get("line_items")
    if not given:
        raise Refused(missing("line_items"))
    if not isinstance(given, list) or len(given) > LINES_MAX:
        raise Refused(invalid(f"line_items takes a list of at most {LINES_MAX} lines.", "line_items"))
    lines = [_line(one, f"line_items[{n}]", call) for n, one in enumerate(given)]
    currencies = {line["currency"] for line in lines}
    if len(currencies) > 1:
        raise Refused(invalid("All line items have one currency.", "line_items"))
    currency: str = currencies.pop()
    # The sum is bounded like any amount, in Stripe's own reading of the currency.
    charged(sum(line["unit_amount"] * line["quantity"] for line in lines), currency)
    return currency, lines


def _line(given: Any, path: str, call: Call) -> dict[str, Any]:
    if not isinstance(given, dict):
        raise Refused(invalid(f"Invalid object: {path} takes a hash.", path))
    inside(path, LINE, given)
    if "price" in given:
        what = f"{path}[price]: this simulator has no prices; describe the line by its price_data."
        raise Refused(invalid(what, f"{path}[price]"))
    data = given.get("price_data")
    if not isinstance(data, dict):
        raise Refused(missing(f"{path}[price_data]"))
    if "recurring" in data:
        what = f"{path}[price_data][recurring]: this simulator has no subscriptions."
        raise Refused(invalid(what, f"{path}[price_data][recurring]"))
    product = data.get("product_data")
    name = product.get("name") if isinstance(product, dict) else None
    if not isinstance(name, str) or not name:
        raise Refused(missing(f"{path}[price_data][product_data][name]"))
    if not isinstance(data.get("currency"), str):
        raise Refused(missing(f"{path}[price_data][currency]"))
    return {
        "id": f"li_1{call.account.ids.make('line item', 23)}",
        "product": f"prod_{call.account.ids.make('product', 14)}",
        "name": name,
        "currency": currency_of(data["currency"]),
        "unit_amount": _whole(data.get("unit_amount"), f"{path}[price_data][unit_amount]", 0),
        "quantity": _whole(given.get("quantity"), f"{path}[quantity]", 1),
    }


def _whole(value: Any, path: str, least: int) -> int:
    if value is None:
        raise Refused(missing(path))
    if not isinstance(value, str) or not (value.isascii() and value.isdigit() and len(value) < 13):
        raise Refused(invalid(f"Invalid integer: {str(value)[:40]}", path, "parameter_invalid_integer"))
    if int(value) < least:
        raise Refused(invalid(f"This value must be at least {least}.", path, "parameter_invalid_integer"))
    return int(value)
