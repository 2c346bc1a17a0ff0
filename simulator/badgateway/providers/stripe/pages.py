"""The hosted pages: which address shows what, and where a shopper is sent afterwards."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from badgateway.ground.message import Reply
from badgateway.payments.model import Payment, Status
from badgateway.providers.base import Account, Answer
from badgateway.providers.shopper_page import onward, with_query
from badgateway.providers.stripe import methods
from badgateway.providers.stripe.call import Ask
from badgateway.providers.stripe.cards import wording
from badgateway.providers.stripe.checkout import (
    SESSION,
    authenticate_payment,
    authenticate_setup,
    pay,
)
from badgateway.providers.stripe.errors import Refused
from badgateway.providers.stripe.page_text import Notice, challenge_page, checkout_page, notice_page
from badgateway.providers.stripe.sessions import find_session
from badgateway.providers.stripe.shelf import Session, Setup, shelf

CHECKOUT, CHALLENGE = "/c/pay/", "/3d_secure_2/hosted"
_HEADERS = (
    ("Content-Type", "text/html; charset=utf-8"),
    ("Cache-Control", "no-store"),
    ("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'"),
    ("Referrer-Policy", "no-referrer"),
)
_BANK = "us_bank_account"


def is_page(path: str) -> bool:
    """Say whether an address is one of a page for shoppers, who have no API key."""
    return path.startswith(CHECKOUT) or path == CHALLENGE


def answer(ask: Ask, account: Account) -> Answer:
    """Show a page, or do what its form says and send the shopper on."""
    is_sent = ask.method == "POST"
    if ask.method not in {"GET", "POST"} or ask.problem is not None:
        return Answer(_page(400, notice_page("This request makes no sense.")), is_stored=False)
    if ask.path.startswith(CHECKOUT):
        session = find_session(ask.path.removeprefix(CHECKOUT), account)
        if session is None:
            return _lost()
        return _pay(session, ask, account) if is_sent else Answer(_checkout(session, account))
    payment: Payment | None = account.book.payment(str(ask.params.get("payment_intent")))
    setup = shelf(account).setups.get(str(ask.params.get("setup_intent")))
    if payment is None and setup is None:
        return _lost()
    if is_sent:
        return _authenticate(payment or setup, ask, account)
    return Answer(_challenge(payment or setup, account))


def _pay(session: Session, ask: Ask, account: Account) -> Answer:
    if session.status != "open":
        return Answer(_checkout(session, account))
    try:
        method = _method(ask.params, account)
    except Refused as refused:
        return Answer(_checkout(session, account, refused.problem.message))
    name, email = (_line(ask.params.get(one)) for one in ("name", "email"))
    now = pay(session, method, name, email, account)
    payment: Payment | None = account.book.payment(now.payment_id) if now.payment_id else None
    setup = shelf(account).setups.get(now.setup_id or "")
    reply = _after(now, payment, setup, account)
    return Answer(
        reply,
        is_applied=True,
        payment_id=payment.id if payment else None,
        payment_status=payment.status.value if payment else None,
    )


def _after(session: Session, payment: Payment | None, setup: Setup | None, account: Account) -> Reply:
    if session.status == "complete":
        return _onward(_success(session))
    if payment is not None and payment.status is Status.ACTION:
        return _onward(f"{CHALLENGE}?payment_intent={payment.id}")
    if setup is not None and setup.status == "requires_action":
        return _onward(f"{CHALLENGE}?setup_intent={setup.id}")
    return _checkout(session, account)


def _authenticate(known: Payment | Setup | None, ask: Ask, account: Account) -> Answer:
    is_passed = ask.params.get("result") == "pass"
    if isinstance(known, Payment):
        now: Payment | Setup = authenticate_payment(known, account, is_passed=is_passed)
    else:
        assert known is not None, "an address without either was answered before"
        now = authenticate_setup(known, account, is_passed=is_passed)
    return Answer(
        _back(now, account),
        is_applied=True,
        payment_id=now.id if isinstance(now, Payment) else None,
        payment_status=now.status.value if isinstance(now, Payment) else None,
    )


def _back(known: Payment | Setup, account: Account) -> Reply:
    """Send the shopper back: to the checkout that sent him, or to the shop with how it ended."""
    session = shelf(account).sessions.get(str(known.details.get(SESSION)))
    if session is not None:
        return _onward(_success(session) if session.status == "complete" else CHECKOUT + session.id)
    to = known.details.get("return_url")
    if not to:
        return _page(200, notice_page("You can close this page now.", "The shop knows how it ended."))
    kind = "payment_intent" if isinstance(known, Payment) else "setup_intent"
    secret = known.details.get("client_secret") if isinstance(known, Payment) else known.secret
    told = {
        kind: known.id,
        f"{kind}_client_secret": secret,
        "redirect_status": _ending(known),
    }
    return _onward(with_query(str(to), ((name, str(value)) for name, value in told.items())))


def _ending(known: Payment | Setup) -> str:
    if isinstance(known, Setup):
        return "succeeded" if known.status == "succeeded" else "failed"
    if known.status is Status.PENDING:
        return "pending"
    is_good = known.is_authenticated or known.status in {Status.AUTHORIZED, Status.SUCCEEDED}
    return "succeeded" if is_good else "failed"


def _checkout(session: Session, account: Account, problem: str | None = None) -> Reply:
    if session.status == "complete":
        return _page(
            200, notice_page("You have paid already.", "Nothing is charged again.", _success(session))
        )
    if session.status == "expired":
        text = "This checkout has expired. Go back to the shop and begin anew."
        return _page(200, notice_page("This checkout has expired.", text, session.details.get("cancel_url")))
    payment: Payment | None = account.book.payment(session.payment_id) if session.payment_id else None
    setup = shelf(account).setups.get(session.setup_id or "")
    failed = (payment.failure if payment else None) or (setup.failure if setup else None)
    words = problem or (wording(failed).message if failed else None)
    return _page(200, checkout_page(session, shelf(account).customers.get(session.customer or ""), words))


def _challenge(known: Payment | Setup | None, account: Account) -> Reply:
    is_open = known is not None and known.status in {Status.ACTION, "requires_action"}
    if known is None or not is_open:
        return _page(200, notice_page("This challenge is over.", "Nothing is left to confirm here."))
    method = shelf(account).methods.get(known.method or "")
    return _page(200, challenge_page(known, method, CHALLENGE))


def _method(params: Mapping[str, Any], account: Account) -> Any:
    if params.get("method") == _BANK:
        ending = "insufficientFunds" if params.get("bank") == "fails" else "success"
        return methods.take(f"pm_usBankAccount_{ending}", account)
    card = params.get("card")
    card = dict(card) if isinstance(card, dict) else {}
    month, _, year = str(card.pop("expiry", "")).replace(" ", "").partition("/")
    name = _line(params.get("name"))
    data = {"type": "card", "card": {**card, "exp_month": month, "exp_year": year}}
    return methods.from_data({**data, "billing_details": {"name": name} if name else {}}, account)


def _line(value: Any) -> str | None:
    return value.strip()[:200] or None if isinstance(value, str) else None


def _success(session: Session) -> str:
    return str(session.details["success_url"]).replace("{CHECKOUT_SESSION_ID}", session.id)


def _onward(url: str) -> Reply:
    return onward(url, _HEADERS[1:])


def _lost() -> Answer:
    text = "The address is wrong, or the simulator was started anew since it was made."
    return Answer(_page(404, notice_page("There is nothing here.", text)), refusal="unknown_object")


def _page(status: int, html: Notice) -> Reply:
    return Reply(status, html.encode(), _HEADERS)
