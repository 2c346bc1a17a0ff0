"""POST /orders and /session: an order is made; GET /orders/{order_id}: how it stands."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from badgateway.payments.idempotency import HOUR_MS
from badgateway.providers.base import Account
from badgateway.providers.euler.call import Call, Done
from badgateway.providers.euler.errors import Refused, missing, order_taken
from badgateway.providers.euler.progress import leading
from badgateway.providers.euler.reading import amount_of, currency_of, flag_of, order_id_of, order_of, text_of
from badgateway.providers.euler.render import KEPT, links, looked, order_shown
from badgateway.providers.euler.shelf import Order, merchant_id, shelf
from badgateway.providers.euler.units import date_text, to_wire

LIFE_MS = 24 * HOUR_MS  # until which a payment page is good
TOKEN_MS = HOUR_MS // 4
_METADATA = "metadata."
_AUTO_CAPTURE = "metadata.txns.auto_capture"


def create(call: Call) -> Done:
    """Make an order. The same request once more gives the order as it stands; another one is refused."""
    order, is_new = placed(call.fields, call.account)
    shown = order_shown(order, call.account)
    if flag_of(call.fields, "options.get_client_auth_token", default=False):
        shown["juspay"] = _client_token(call)
    return _done(shown, order, call.account, is_new=is_new)


def session(call: Call) -> Done:
    """Make an order together with what a checkout needs to show the payment page of it."""
    order, is_new = placed(call.fields, call.account)
    now_ms = call.account.clock.now_ms()
    payload = {
        "action": text_of(call.fields, "action") or "paymentPage",
        "amount": str(to_wire(order.amount_minor, order.currency)),
        "currency": order.currency,
        "merchantId": merchant_id(call.account.api_key),
        "clientId": text_of(call.fields, "payment_page_client_id") or merchant_id(call.account.api_key),
        "orderId": order.order_id,
        "returnUrl": order.kept.get("return_url") or "",
        "environment": "sandbox",
        "service": "in.juspay.hyperpay",
        "clientAuthToken": _client_token(call)["client_auth_token"],
    }
    shown = {
        "status": "NEW",
        "id": order.id,
        "order_id": order.order_id,
        "payment_links": {**links(order, call.account), "expiry": date_text(now_ms + LIFE_MS)},
        "sdk_payload": {
            "requestId": call.account.ids.make("sdk request", 32).lower(),
            "service": "in.juspay.hyperpay",
            "payload": payload,
            "expiry": date_text(now_ms + LIFE_MS),
        },
        "order_expiry": date_text(order.created_ms + LIFE_MS),
    }
    return _done(shown, order, call.account, is_new=is_new)


def status(call: Call) -> Done:
    """Show an order; whoever wants to know what is true asks here."""
    order = order_of(call)
    return _done(order_shown(order, call.account), order, call.account)


def placed(fields: Mapping[str, Any], account: Account) -> tuple[Order, bool]:
    """Give the order that these fields ask for, and whether it is new; raises Refused."""
    made, kept = read_order(fields, account), shelf(account)
    known = kept.order(made.order_id)
    if known is None:
        keep(made, account)
        return made, True
    asked = ("order_id", "amount_minor", "currency", "kept", "is_manual")
    if any(getattr(known, name) != getattr(made, name) for name in asked):
        raise Refused(order_taken())
    return known, False


def read_order(fields: Mapping[str, Any], account: Account) -> Order:
    """Read an order, and keep nothing of it yet; raises Refused."""
    order_id, currency = order_id_of(fields), currency_of(fields)
    amount = amount_of(fields, currency)
    if amount is None:
        raise Refused(missing())
    kept: dict[str, Any] = {name: found for name in KEPT if (found := text_of(fields, name)) is not None}
    metadata = {
        name.removeprefix(_METADATA): str(value)
        for name, value in fields.items()
        if name.startswith(_METADATA) and not isinstance(value, Mapping)
    }
    return Order(
        order_id=order_id,
        id=f"ordeh_{account.ids.make('order', 32).lower()}",
        amount_minor=amount,
        currency=currency,
        kept=MappingProxyType({**kept, "metadata": metadata} if metadata else kept),
        created_ms=account.clock.now_ms(),
        is_manual=not flag_of(fields, _AUTO_CAPTURE, default=True),
    )


def keep(order: Order, account: Account) -> None:
    """Keep an order, and tell of it."""
    kept = shelf(account)
    kept.orders[order.order_id.lower()] = order
    kept.fresh.append(order)


def texts_of(order: Order) -> str:
    """Give the texts of an order in which a merchant may have written the number of his own."""
    known = (order.order_id, *(order.kept.get(name) for name in KEPT if name != "return_url"))
    return " ".join(str(text) for text in known if text)


def _client_token(call: Call) -> dict[str, str]:
    expiry = date_text(call.account.clock.now_ms() + TOKEN_MS)
    made = f"tkn_{call.account.ids.make('client token', 32).lower()}"
    return {"client_auth_token": made, "client_auth_token_expiry": expiry}


def _done(shown: dict[str, Any], order: Order, account: Account, *, is_new: bool = False) -> Done:
    leader = leading(looked(order, account))
    return Done(shown, leader[1] if leader is not None else None, is_applied=is_new)
