"""The page on which a payment's shopper is asked by his bank, and the way back to the shop."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from urllib.parse import parse_qs, unquote

from badgateway.ground.message import Reply, Request
from badgateway.ground.money import to_text
from badgateway.ground.records import changed
from badgateway.payments.commands import Authenticate
from badgateway.payments.model import Payment, Status
from badgateway.providers.base import Account, Answer, Parsed
from badgateway.providers.declared.model import Spec, steps_of
from badgateway.providers.declared.request import home_of, known_as, named_in
from badgateway.providers.declared.scene import Scene
from badgateway.providers.declared.templates import fill
from badgateway.providers.shopper_page import back_to_shop, nothing_here, page

PASS, FAIL = "pass", "fail"
_METHODS = ("GET", "POST")
_KEPT = frozenset({"content-type", "host"})
_PASSED = frozenset({Status.PENDING, Status.AUTHORIZED, Status.SUCCEEDED})
_QUESTION = (
    "<p>Your bank wants to know whether it is you who pays {amount}.</p>"
    "<form method=post><button name=result value=pass>Yes, confirm</button> "
    "<button name=result value=fail>No</button></form>"
)


@dataclass(frozen=True, slots=True)
class Visit:
    """A shopper at the page; `result` is what he says, and None while he only looks."""

    payment_id: str
    result: str | None
    home: str


def visit(request: Request, spec: Spec) -> Parsed | None:
    """Understand a shopper's request for the page; None: it is for something else."""
    asks = spec.challenge
    named = None
    if asks is not None and request.method in _METHODS:
        named = named_in(unquote(request.path), steps_of(asks.page))
    if named is None:
        return None
    payment_id = next((known for kind, wire in named.items() for _, known in known_as(kind, wire, spec)), "")
    seen = Visit(payment_id, _result(request), home_of(request, spec))
    told = f"{request.method} {payment_id} {seen.result}"
    return Parsed(None, None, told, None, other_ids=(payment_id,), is_open=True, payload=seen)


def answer(seen: Visit, account: Account, spec: Spec) -> Answer:
    """Ask the shopper, or do what he says and send him back to the shop."""
    payment: Payment | None = account.book.payment(seen.payment_id)
    if payment is None:
        return Answer(nothing_here(), is_stored=False, refusal="unknown_object")
    account.shelf["home"] = seen.home
    if payment.status is not Status.ACTION:
        return _told(_back(payment, seen, account, spec), payment)
    if seen.result is None:
        amount = escape(to_text(payment.amount_minor, payment.currency))
        return _told(page(200, "Confirm your payment", _QUESTION.format(amount=amount)), payment)
    said = Authenticate(payment.id, is_passed=seen.result == PASS)
    outcome = account.book.do(said, account.cause)
    payment = outcome.payment or payment
    return changed(_told(_back(payment, seen, account, spec), payment), is_applied=outcome.is_applied)


def holds(ids: Sequence[str], account: Account) -> bool:
    """Say whether an account has the payment that a page is about."""
    return any(account.book.payment(one) is not None for one in ids)


def kept(request: Request) -> Request:
    """Give a shopper's request as it may be written down: of what he sends, only his answer."""
    headers = tuple(pair for pair in request.headers if pair[0].lower() in _KEPT)
    said = _result(request)
    return changed(request, headers=headers, query="", body=f"result={said}".encode() if said else b"")


def _result(request: Request) -> str | None:
    if request.method != "POST":
        return None
    said = parse_qs(request.body.decode(errors="replace")).get("result", [""])[-1]
    return said if said in {PASS, FAIL} else None


def _back(payment: Payment, seen: Visit, account: Account, spec: Spec) -> Reply:
    asks = spec.challenge
    assert asks is not None, "without a page nobody visits it"
    way = asks.passed if payment.status in _PASSED else asks.failed
    scene = Scene(spec, account, home=seen.home).about(payment)
    told = {name: fill(text, scene) for name, text in way.told.items()}
    shown = [(name, str(what)) for name, what in told.items() if what is not None]
    return back_to_shop(str(fill(way.to, scene) or ""), shown)


def _told(reply: Reply, payment: Payment) -> Answer:
    return Answer(reply, is_stored=False, payment_id=payment.id, payment_status=payment.status.value)
