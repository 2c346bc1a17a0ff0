"""The page to which a shopper is redirected: it asks him to confirm, and sends him back to the shop."""

from __future__ import annotations

from urllib.parse import quote

from badgateway.ground.message import Reply
from badgateway.payments.commands import Authenticate
from badgateway.payments.model import Payment, Status
from badgateway.providers.adyen.call import Ask
from badgateway.providers.base import Account, Answer
from badgateway.providers.shopper_page import back_to_shop, nothing_here, page

SERVED_AT = "/adyen"
PATH = "/checkoutshopper/threeDS/redirect"
_FORM = (
    "<p>Your bank wants to know whether it is you who pays.</p>"
    "<form method=get><input type=hidden name=MD value='{token}'>"
    "<button name=result value=pass>Yes, confirm</button> <button name=result value=fail>No</button></form>"
)


def is_page(path: str) -> bool:
    """Say whether an address is one for shoppers; the edge serves it under the name of the dialect."""
    return path.removeprefix(SERVED_AT) == PATH


def redirect_url(home: str, token: str) -> str:
    """Give where a shopper is sent; the token is of letters and digits."""
    return f"{home}{PATH}?MD={token}"


def answer(ask: Ask, account: Account) -> Answer:
    """Show the page, or take what the shopper has answered there."""
    token = ask.query.get("MD") or ""
    payment: Payment | None = account.book.payment(token[:16])
    if payment is None or token != f"{payment.id}{payment.details.get('redirect')}":
        return Answer(nothing_here(), refusal="unknown_object")
    result = ask.query.get("result")
    if result not in {"pass", "fail"} or payment.status is not Status.ACTION:
        if payment.status is not Status.ACTION:
            return Answer(_back(payment, token), payment_id=payment.id, payment_status=payment.status.value)
        return Answer(page(200, "Confirm your payment", _FORM.format(token=quote(token))))
    account.book.do(Authenticate(payment.id, is_passed=result == "pass"), account.cause)
    now: Payment = account.book.payment(payment.id)
    return Answer(_back(now, token), is_applied=True, payment_id=now.id, payment_status=now.status.value)


def _back(payment: Payment, token: str) -> Reply:
    """Send the shopper back to the shop, with what it needs to go on."""
    to = str(payment.details.get("returnUrl") or "")
    return back_to_shop(to, [("redirectResult", token)])
