"""The pages that a shopper sees: the payment page of an order, and the bank's question about one attempt."""

from __future__ import annotations

import re
from html import escape

from badgateway.ground.message import Reply
from badgateway.ground.money import to_text
from badgateway.providers.base import Account, Answer
from badgateway.providers.euler import instruments
from badgateway.providers.euler.acquirer import Result, Standing
from badgateway.providers.euler.call import Ask
from badgateway.providers.euler.errors import Refused
from badgateway.providers.euler.progress import leading, order_status, txn_status
from badgateway.providers.euler.render import look, looked
from badgateway.providers.euler.shelf import Order, Txn, acquirer_of, response_key, shelf
from badgateway.providers.euler.signing import signed
from badgateway.providers.euler.statuses import FAILED, IDS
from badgateway.providers.euler.txns import attempt
from badgateway.providers.shopper_page import back_to_shop, nothing_here, onward, page

SERVED_AT = "/euler"
_PAY = re.compile(r"/merchant/i?pay/([A-Za-z0-9_]{1,64})")
_START = re.compile(r"/v2/pay/start/([A-Za-z0-9]{1,64})")
_QUESTION = (
    "<p>Your bank wants to know whether it is you who pays {amount}.</p>"
    "<form method=post><button name=result value=pass>Yes, confirm</button> "
    "<button name=result value=fail>No</button></form>"
)
_METHODS = (
    ("approved", "a card"),
    ("authentication_required", "a card whose bank asks"),
    ("declined", "a card that is declined"),
    ("insufficient_funds", "a card without money"),
)


def page_id(path: str) -> str | None:
    """Give what a page is about, the order's own id or the token of an attempt; None: it is no page."""
    found = _PAY.fullmatch(path) or _START.fullmatch(path)
    return found[1] if found else None


def answer(ask: Ask, account: Account) -> Answer:
    """Show a page, or do what its form says and send the shopper on."""
    wanted = page_id(ask.path) or ""
    known = shelf(account).by_page("txn" if _START.fullmatch(ask.path) else "order", wanted)
    if known is None:
        return Answer(nothing_here(), is_stored=False, refusal="unknown_object")
    order, txn = known
    if ask.method not in {"GET", "POST"} or ask.problem is not None:
        return Answer(page(400, "This request makes no sense", ""), is_stored=False)
    return _start(order, txn, ask, account) if txn is not None else _pay(order, ask, account)


def _start(order: Order, txn: Txn, ask: Ask, account: Account) -> Answer:
    standing = look(txn, account)
    if txn_status(txn, standing) != "PENDING_VBV":
        return _told(_back(order, account), standing)
    result = ask.fields.get("result")
    if ask.method != "POST" or result not in {"pass", "fail"} or txn.reference is None:
        amount = escape(to_text(order.amount_minor, order.currency))
        return _told(page(200, "Confirm your payment", _QUESTION.format(amount=amount)), standing)
    done = acquirer_of(account).challenged(txn.reference, is_passed=result == "pass")
    txn.standing = done.standing
    return _told(_back(order, account), done.standing, done)


def _pay(order: Order, ask: Ask, account: Account) -> Answer:
    leader = leading(looked(order, account))
    word, standing = order_status(order, leader), leader[1] if leader is not None else None
    if word not in FAILED | {"NEW", "PENDING_VBV"}:
        return _told(_back(order, account), standing)
    if ask.method != "POST":
        return _told(page(200, "Pay", _form(order, word)), standing)
    chosen = instruments.read(ask.fields, account.ids.make("instrument", 16))
    if chosen is None:
        return _told(page(400, "Pay", _form(order, "There is no such method.")), standing)
    try:
        txn, done = attempt(order, chosen, account)
    except Refused as refused:
        return _told(page(409, "Pay", escape(refused.problem.message)), standing)
    if txn_status(txn, done.standing) == "PENDING_VBV":
        at = f"{shelf(account).home}/v2/pay/start/{txn.token}"
        return _told(onward(at), done.standing, done)
    return _told(_back(order, account), done.standing, done)


def _form(order: Order, word: str) -> str:
    note = f"<p>Last time: {escape(word)}</p>" if word in FAILED else ""
    buttons = " ".join(
        f"<button name=card_token value={instruments.TOKENS[word]}>{text}</button>" for word, text in _METHODS
    )
    amount = escape(to_text(order.amount_minor, order.currency))
    return f"{note}<p>{amount}, paid with:</p><form method=post>{buttons}</form>"


def _told(reply: Reply, standing: Standing | None, done: Result | None = None) -> Answer:
    return Answer(
        reply,
        is_applied=done is not None and done.is_applied,
        is_stored=False,
        payment_id=standing.reference if standing is not None else None,
        payment_status=standing.status.value
        if standing is not None and standing.status is not None
        else None,
    )


def back_to(order: Order, account: Account) -> dict[str, str]:
    """Give the signed parameters with which a shopper comes back to the shop."""
    word = order_status(order, leading(looked(order, account)))
    told = {"order_id": order.order_id, "status": word, "status_id": str(IDS[word])}
    return signed(told, response_key(account.api_key))


def _back(order: Order, account: Account) -> Reply:
    return back_to_shop(str(order.kept.get("return_url") or ""), back_to(order, account).items())
