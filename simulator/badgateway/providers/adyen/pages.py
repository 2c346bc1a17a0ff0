"""The page to which a shopper is redirected: it asks him to confirm, and sends him back to the shop."""

from __future__ import annotations

from urllib.parse import parse_qsl, quote, urlencode

from badgateway.ground.message import Reply
from badgateway.payments.commands import Authenticate
from badgateway.payments.model import Payment, Status
from badgateway.providers.adyen.call import Ask
from badgateway.providers.base import Account, Answer

SERVED_AT = "/adyen"
PATH = "/checkoutshopper/threeDS/redirect"
_HEADERS = (
    ("Content-Type", "text/html; charset=utf-8"),
    ("Cache-Control", "no-store"),
    ("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; form-action *"),
    ("Referrer-Policy", "no-referrer"),
)
_SHELL = (
    "<!doctype html><html lang=en><meta charset=utf-8><title>{title}</title>"
    "<body style='font:1rem/1.5 sans-serif;max-width:30rem;margin:4rem auto'><h1>{title}</h1>{content}</body>"
)
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
        text = "<p>The address is wrong, or the simulator was started anew since it was made.</p>"
        return Answer(_page(404, "There is nothing here", text), refusal="unknown_object")
    result = ask.query.get("result")
    if result not in {"pass", "fail"} or payment.status is not Status.ACTION:
        if payment.status is not Status.ACTION:
            return Answer(_back(payment, token), payment_id=payment.id, payment_status=payment.status.value)
        return Answer(_page(200, "Confirm your payment", _FORM.format(token=quote(token))))
    account.book.do(Authenticate(payment.id, is_passed=result == "pass"), account.cause)
    now: Payment = account.book.payment(payment.id)
    return Answer(_back(now, token), is_applied=True, payment_id=now.id, payment_status=now.status.value)


def _back(payment: Payment, token: str) -> Reply:
    """Send the shopper back to the shop, with what it needs to go on."""
    to = str(payment.details.get("returnUrl") or "")
    if not to:
        return _page(200, "You can close this page now", "<p>The shop knows how it ended.</p>")
    base, mark, fragment = to.partition("#")
    path, _, query = base.partition("?")
    pairs = [*parse_qsl(query, keep_blank_values=True), ("redirectResult", token)]
    url = quote(f"{path}?{urlencode(pairs)}{mark}{fragment}", safe="%/:=&?~#+!$,;'@()*[]{}")
    return Reply(303, b"", (("Location", url), *_HEADERS[1:]))


def _page(status: int, title: str, content: str) -> Reply:
    return Reply(status, _SHELL.format(title=title, content=content).encode(), _HEADERS)
