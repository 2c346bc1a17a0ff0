"""Orders as every answer and every webhook shows them, with the attempt that speaks for them."""

from __future__ import annotations

from typing import Any

from badgateway.providers.base import Account
from badgateway.providers.euler.acquirer import UNKNOWN, Disputed, Returned, Standing
from badgateway.providers.euler.codes import code_of
from badgateway.providers.euler.progress import leading, order_status, txn_status
from badgateway.providers.euler.shelf import Order, Txn, acquirer_of, merchant_id, shelf
from badgateway.providers.euler.statuses import IDS, PAID
from badgateway.providers.euler.units import date_text, to_wire

GATEWAY_ID = 100  # numbers of gateways are not published
KEPT = (
    "customer_id",
    "customer_email",
    "customer_phone",
    "description",
    "product_id",
    "return_url",
    *(f"udf{n}" for n in range(1, 11)),
)
_REFUNDS = {"pending": "PENDING", "succeeded": "SUCCESS", "failed": "FAILURE"}
_CHARGEBACKS = {
    "open": "CHARGEBACK_RECEIVED",
    "won": "CHARGEBACK_RESOLVED_IN_MERCHANT_FAVOUR",
    "lost": "CHARGEBACK_RESOLVED_IN_CUSTOMER_FAVOUR",
}
# A bank that only asks: answered or not, it ends without a chargeback.
_QUESTIONS = {
    "open": "CHARGEBACK_EVIDENCE_REQUIRED",
    "won": "CHARGEBACK_CANCELED",
    "lost": "CHARGEBACK_CANCELED",
}


def look(txn: Txn, account: Account) -> Standing | None:
    """Ask the gateway how an attempt stands; where it does not say, what was last heard counts."""
    if txn.handle is None:
        return txn.standing
    found = acquirer_of(account).fetch(txn.handle)
    return txn.standing if found is not None and found.outcome == UNKNOWN else found


def looked(order: Order, account: Account, told: Standing | None = None) -> list[tuple[Txn, Standing | None]]:
    """Give each attempt with how it stands; `told` is what one of them is known to stand like."""
    return [
        (txn, told if told is not None and told.reference == txn.reference else look(txn, account))
        for txn in order.txns
    ]


def order_shown(
    order: Order, account: Account, told: Standing | None = None, queued: str | None = None
) -> dict[str, Any]:
    """Give an order as it stands. `queued` is a refund that was taken in just now and not sent on yet."""
    seen = looked(order, account, told)
    leader = leading(seen)
    word = order_status(order, leader)
    standing = leader[1] if leader is not None else None
    refunds = [
        _refund(one, order, stands, is_queued=one.id == queued, is_own=txn.is_given_back)
        for txn, stands in seen
        if stands is not None
        for one in stands.refunds
    ]
    back = standing.refunded_minor if standing is not None else 0
    shown: dict[str, Any] = {
        "id": order.id,
        "order_id": order.order_id,
        "merchant_id": merchant_id(account.api_key),
        "status": word,
        "status_id": IDS[word],
        "amount": to_wire(order.amount_minor, order.currency),
        "currency": order.currency,
        "effective_amount": to_wire(_effective(order, standing), _currency(order, standing)),
        "date_created": date_text(order.created_ms),
        **{name: order.kept.get(name) or "" for name in KEPT},
        "metadata": dict(order.kept.get("metadata") or {}),
        "payment_links": links(order, account),
        "refunded": bool(back) and standing is not None and back >= standing.captured_minor,
        "amount_refunded": to_wire(back, _currency(order, standing)),
        "refunds": refunds,
        "chargebacks": [
            _chargeback(one, order, stands)
            for _, stands in seen
            if stands is not None
            for one in stands.disputes
        ],
    }
    if leader is not None:
        shown |= _leader_shown(order, *leader, account)
        shown["txn_list"] = [_txn_detail(order, *one, account) for one in seen]
    return shown


def txn_shown(order: Order, txn: Txn, account: Account) -> dict[str, Any]:
    """Give one attempt as the answers to a charge, a capture or a void show it."""
    standing = look(txn, account)
    word = txn_status(txn, standing)
    shown: dict[str, Any] = {
        "order_id": order.order_id,
        "txn_id": txn_id(order, txn, account),
        "txn_uuid": txn.uuid,
        "status": word,
        "status_id": IDS[word],
        "gateway": standing.gateway if standing is not None else None,
        "txn_detail": _txn_detail(order, txn, standing, account),
        "payment_gateway_response": _response(order, txn, standing, account),
    }
    return shown | _question(txn, word, account)


def _question(txn: Txn, word: str, account: Account) -> dict[str, Any]:
    """Give where the shopper has to go on, while an attempt waits for that."""
    if word != "PENDING_VBV":
        return {}
    url = f"{shelf(account).home}/v2/pay/start/{txn.token}"
    return {"payment": {"authentication": {"method": "GET", "url": url}}}


def links(order: Order, account: Account) -> dict[str, str]:
    """Give the addresses of an order's payment page."""
    web = f"{shelf(account).home}/merchant/pay/{order.id}"
    return {
        "web": web,
        "mobile": f"{web}?mobile=true",
        "iframe": f"{shelf(account).home}/merchant/ipay/{order.id}",
    }


def txn_id(order: Order, txn: Txn, account: Account) -> str:
    """Give the name of an attempt: merchant, order and number."""
    return f"{merchant_id(account.api_key)}-{order.order_id}-{txn.n}"


def _effective(order: Order, standing: Standing | None) -> int:
    """Give what an order came to: what is held, or what was taken; before that, its amount."""
    if standing is None or not standing.approved_minor:
        return order.amount_minor
    return standing.captured_minor or standing.held_minor or standing.approved_minor


def _currency(order: Order, standing: Standing | None) -> str:
    return (standing.currency if standing is not None else "") or order.currency


def _leader_shown(order: Order, txn: Txn, standing: Standing | None, account: Account) -> dict[str, Any]:
    word, response = txn_status(txn, standing), _response(order, txn, standing, account)
    is_failed = standing is not None and standing.failure is not None and word not in PAID
    return {
        "txn_id": txn_id(order, txn, account),
        "txn_uuid": txn.uuid,
        "gateway_id": GATEWAY_ID if standing is not None else None,
        "payment_method_type": txn.instrument.type,
        "payment_method": txn.instrument.brand,
        "auth_type": "THREE_DS",
        "bank_error_code": response["resp_code"] if is_failed else "",
        "bank_error_message": response["resp_message"] if is_failed else "",
        "txn_detail": _txn_detail(order, txn, standing, account),
        "payment_gateway_response": response,
        **({"card": _card(txn)} if txn.instrument.type == "CARD" else {}),
        **_question(txn, word, account),
    }


def _card(txn: Txn) -> dict[str, Any]:
    return {
        "last_four_digits": txn.instrument.last4,
        "card_brand": txn.instrument.brand,
        "card_type": "CREDIT",
        "expiry_month": "03",
        "expiry_year": "2030",
        "using_saved_card": False,
        "saved_to_locker": False,
    }


def _txn_detail(order: Order, txn: Txn, standing: Standing | None, account: Account) -> dict[str, Any]:
    word, currency = txn_status(txn, standing), _currency(order, standing)
    code = code_of(standing)
    net = standing.approved_minor if standing is not None and standing.approved_minor else txn.amount_minor
    return {
        "txn_id": txn_id(order, txn, account),
        "order_id": order.order_id,
        "txn_uuid": txn.uuid,
        "status": word,
        "status_id": IDS[word],
        "gateway": standing.gateway if standing is not None else None,
        "gateway_id": GATEWAY_ID if standing is not None else None,
        "txn_amount": to_wire(txn.amount_minor, order.currency),
        "net_amount": to_wire(net, currency),
        "currency": currency,
        "error_code": code.number if code.is_error else None,
        "error_message": code.text if code.is_error else "",
        "express_checkout": False,
        "redirect": True,
        "created": date_text(txn.created_ms),
    }


def _response(order: Order, txn: Txn, standing: Standing | None, account: Account) -> dict[str, Any]:
    code = code_of(standing)
    return {
        "txn_id": txn_id(order, txn, account),
        "epg_txn_id": standing.reference if standing is not None else None,
        "resp_code": code.number,
        "resp_message": code.text,
        "rrn": "",
        "auth_id_code": "",
        "created": date_text(txn.created_ms),
    }


def _refund(
    one: Returned, order: Order, standing: Standing | None, *, is_queued: bool, is_own: bool
) -> dict[str, Any]:
    by_hand = "SYSTEM" if is_own else "DASHBOARD"
    is_failed = one.status == "failed"
    return {
        "id": one.id,
        "unique_request_id": one.request_id or one.id,
        "ref": None if is_queued else one.id,
        "amount": to_wire(one.amount_minor, _currency(order, standing)),
        "status": "PENDING" if is_queued else _REFUNDS[one.status],
        "created": date_text(one.created_ms),
        "initiated_by": "API" if one.request_id is not None else by_hand,
        "refund_type": "STANDARD",
        "refund_source": standing.gateway if standing is not None else None,
        "sent_to_gateway": not is_queued,
        "epg_txn_id": None if is_queued else one.id,
        "error_code": "REFUND_RETURNED" if is_failed else None,
        "error_message": "The shopper's bank sent the money back." if is_failed else "",
    }


def _chargeback(one: Disputed, order: Order, standing: Standing) -> dict[str, Any]:
    return {
        "id": one.id,
        "object_reference_id": standing.reference,
        "amount": to_wire(one.amount_minor, _currency(order, standing)),
        "dispute_status": (_QUESTIONS if one.is_question else _CHARGEBACKS)[one.status],
        "reason": one.reason,
        "date_created": date_text(one.created_ms),
    }
