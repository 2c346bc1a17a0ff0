"""Carrying a request out on the account's book, and wording the answer by the file's templates."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import partial
from typing import Any

from badgateway.ground.message import Reply
from badgateway.ground.records import changed
from badgateway.payments.commands import (
    CapturePayment,
    ChargePayment,
    Command,
    CreatePayment,
    RefundPayment,
    VoidPayment,
)
from badgateway.payments.decisions import CARDS, refund_outcome
from badgateway.payments.model import Capture, Decision, Outcome, Payment, Refund, Refusal
from badgateway.providers.base import Account, Answer, Parsed
from badgateway.providers.declared.amounts import from_wire
from badgateway.providers.declared.model import Route, Spec
from badgateway.providers.declared.names import value
from badgateway.providers.declared.request import CHANGING, Ask
from badgateway.providers.declared.scene import Fault, Page, Scene
from badgateway.providers.declared.templates import fill

JSON = ("content-type", "application/json; charset=utf-8")


class Refused(Exception):
    """A request that is not carried out; `word` is one of fields.ERRORS."""

    def __init__(
        self, word: str, message: str, param: str | None = None, payment: Payment | None = None
    ) -> None:
        super().__init__(message)
        self.word, self.message, self.param, self.payment = word, message, param, payment


def answer(parsed: Parsed, account: Account, spec: Spec) -> Answer:
    """Carry a request out and word the answer."""
    ask: Ask = parsed.payload
    scene = Scene(spec, account, home=ask.home, sent=ask.said)
    if ask.home:
        account.shelf["home"] = ask.home
    try:
        route = _admitted(ask, account)
        if route.does in CHANGING and account.book.decide is None:
            account.book.decide = partial(decide, spec=spec)
        if route.does == "answer":
            return Answer(_reply(route, scene), is_stored=False)
        if route.does == "list":
            return Answer(_reply(route, changed(scene, page=_page(ask, account, spec))))
        return _worked(ask, route, parsed, scene)
    except Refused as refused:
        return _refusal(refused, scene)


def decide(payment: Payment, spec: Spec) -> Decision:
    """Give what issuer and gateway answer to a test token."""
    return changed(CARDS[card_word(payment.method, spec) or "approved"], held_ms=spec.holds_ms)


def card_word(token: str | None, spec: Spec) -> str | None:
    """Give the neutral word of a test token, or None."""
    return next((word for word, own in spec.cards.items() if own == token), None)


def error_reply(
    word: str, scene: Scene, *, message: str = "", param: str | None = None, status: int = 0
) -> Reply:
    """Word a refusal by the file's own words for it."""
    known = scene.spec.errors.get(word, scene.spec.errors["else"])
    status = status or known.status
    said = known.message or message
    scene = changed(scene, error=Fault(word, status, known.code, said, param))
    return Reply(status, _bytes(fill(known.body, scene)), (JSON,))


def _admitted(ask: Ask, account: Account) -> Route:
    if ask.route is not None and ask.route.is_open:
        return ask.route
    if not ask.credential or ask.credential != account.api_key or not ask.is_user_known:
        raise Refused("unauthorized", "The API key is missing or wrong.")
    if ask.route is None:
        raise Refused("unknown_route", "There is nothing at this address.")
    if ask.problem is not None:
        raise Refused(*ask.problem)
    for name, read in ask.route.reads.items():
        if read.is_required and ask.said.get(name) is None:
            raise Refused("missing", f"{read.at} is missing.", read.at)
    return ask.route


def _worked(ask: Ask, route: Route, parsed: Parsed, scene: Scene) -> Answer:
    account, spec = scene.account, scene.spec
    payment = _payment(ask, parsed, account)
    if route.does == "fetch":
        return _shown(parsed, route, scene, payment)
    before = payment
    command = _command(ask, route, payment, account, spec)
    outcome: Outcome = account.book.do(command, account.cause)
    if outcome.refusal is not None:
        refused = _refused(outcome.refusal, outcome, ask)
        return _refusal(refused, scene, outcome)
    payment = outcome.payment
    assert payment is not None, "what was done was done to a payment"
    refund = outcome.refund
    shown = scene.about(payment, refund)
    if route.is_asynchronous:
        shown = scene.about(before or payment, changed(refund, status="pending") if refund else None)
    return Answer(
        _reply(route, shown),
        is_applied=outcome.is_applied,
        is_stored=_keeps(spec, "success"),
        payment_id=payment.id,
        payment_status=None if route.is_asynchronous else payment.status.value,
        refund_id=refund.id if refund else None,
    )


def _shown(parsed: Parsed, route: Route, scene: Scene, payment: Payment | None) -> Answer:
    refund: Refund | None = None
    book = scene.account.book
    if "refund" in route.names:
        refund = book.refund(parsed.refund_id)
        payment = book.payment(refund.payment_id) if refund is not None else None
    dispute = next(filter(None, map(book.dispute, parsed.other_ids)), None)
    if "dispute" in route.names:
        payment = book.payment(dispute.payment_id) if dispute is not None else None
    if payment is None:
        raise Refused("unknown_object", "There is no such object.", (route.names or (None,))[-1])
    scene = scene.about(payment, refund)
    wanted = next((one for one in payment.attempts if one.id in parsed.other_ids), scene.attempt)
    reply = _reply(route, changed(scene, attempt=wanted, dispute=dispute))
    return Answer(
        reply,
        payment_id=payment.id,
        payment_status=payment.status.value,
        refund_id=refund.id if refund else None,
    )


def _payment(ask: Ask, parsed: Parsed, account: Account) -> Payment | None:
    """Give the payment that a request names; raises Refused where it names one that there is not."""
    found: Payment | None = account.book.payment(parsed.payment_id) if parsed.payment_id else None
    if found is None and "attempt" in ask.named:
        tried = map(account.book.payment_of_attempt, parsed.other_ids)
        found = next(filter(None, tried), None)
    is_named = ask.said.get("payment") is not None or set(ask.named) - {"refund", "dispute"}
    if is_named and found is None:
        raise Refused("unknown_object", "There is no such payment.", next(iter(ask.named), "payment"))
    return found


def _command(ask: Ask, route: Route, payment: Payment | None, account: Account, spec: Spec) -> Command:
    if payment is None:
        assert route.does in {"create", "charge"}, "the file was checked: others name their payment"
        return _creation(ask, account, spec, charge=route.does == "charge")
    amount = _amount(ask, payment.currency, spec) if ask.said.get("amount") is not None else None
    currency = ask.said.get("currency")
    if currency is not None and str(currency).upper() != payment.currency:
        raise Refused("currency_mismatch", f"The payment is in {payment.currency}.", "currency", payment)
    match route.does:
        case "charge":
            method = _method(ask, spec) or payment.method
            return ChargePayment(payment.id, method, error_on_action=_asks_nobody(ask, route))
        case "capture":
            more = route.reads["final"].words.get("no", ()) if "final" in route.reads else ()
            return CapturePayment(payment.id, amount, is_final=ask.said.get("final") not in more)
        case "void":
            return VoidPayment(payment.id, _text(ask, "reason"))
    made = spec.prefix("refund") + account.ids.make("refund", 24)
    outcome = refund_outcome(card_word(payment.method, spec))
    return RefundPayment(made, payment.id, amount, _text(ask, "reason"), outcome)


def _creation(ask: Ask, account: Account, spec: Spec, *, charge: bool) -> CreatePayment:
    currency = str(ask.said.get("currency") or "").upper()
    reads = ask.route.reads if ask.route else {}
    capture = Capture.AUTOMATIC
    if "capture" in reads:
        said, words = ask.said.get("capture"), reads["capture"].words
        is_manual = said in words.get("manual", ())
        if not is_manual and said not in words.get("automatic", ()):
            raise Refused("invalid", f"{reads['capture'].at} has an unknown value.", reads["capture"].at)
        capture = Capture.MANUAL if is_manual else Capture.AUTOMATIC
    return CreatePayment(
        id=spec.prefix("payment") + account.ids.make("payment", 24),
        amount_minor=_amount(ask, currency, spec),
        currency=currency,
        capture=capture,
        order_ref=_text(ask, "reference"),
        method=_method(ask, spec),
        charge=charge,
        error_on_action=ask.route is not None and _asks_nobody(ask, ask.route),
        details={name: found for name, found in ask.remembered.items() if found is not None},
    )


def _asks_nobody(ask: Ask, route: Route) -> bool:
    """Say whether the request says that its shopper cannot be asked."""
    return "challenge" in route.reads and ask.said.get("challenge") in route.reads["challenge"].words["no"]


def _amount(ask: Ask, currency: str, spec: Spec) -> int:
    at = ask.route.reads["amount"].at if ask.route else None
    try:
        return from_wire(ask.said.get("amount"), currency, spec)
    except ValueError as error:
        is_currency = "currency" in str(error)
        raise Refused("invalid", f"{error}.", "currency" if is_currency else at) from None


def _method(ask: Ask, spec: Spec) -> str | None:
    token = _text(ask, "method")
    if token is not None and card_word(token, spec) is None:
        raise Refused("unknown_method", "There is no such payment method.", "method")
    return token


def _text(ask: Ask, name: str) -> str | None:
    found = ask.said.get(name)
    return None if found is None else str(found)


def _page(ask: Ask, account: Account, spec: Spec) -> Page:
    wanted = ask.said.get("reference")
    newest = tuple(one for one in reversed(account.book.payments()) if wanted in (None, one.order_ref))
    limit, after = ask.said.get("limit"), ask.said.get("after")
    size = int(str(limit)) if str(limit or "").isdecimal() else spec.page_default
    size = max(1, min(size, spec.page_max, account.page_max or spec.page_max))
    skipped = 0
    if spec.is_paged_by_id and after is not None:
        place = next((n for n, one in enumerate(newest) if one.id == after), None)
        if place is None:
            raise Refused("unknown_object", "There is no such object.", "after")
        skipped = place + 1
    elif str(after or "").isdecimal():
        skipped = int(str(after))
    return Page(newest[skipped : skipped + size], len(newest), skipped)


def _refused(refusal: Refusal, outcome: Outcome, ask: Ask) -> Refused:
    message = refusal.message[:1].upper() + refusal.message[1:].rstrip(".") + "."
    reads = ask.route.reads if ask.route else {}
    read = reads.get(refusal.param or "")
    param = read.at if read is not None else refusal.param
    return Refused(refusal.code, message, param, refusal.payment or outcome.payment)


def _refusal(refused: Refused, scene: Scene, outcome: Outcome | None = None) -> Answer:
    payment = refused.payment
    is_decline = refused.word in {"declined", "authentication_required"}
    return Answer(
        error_reply(refused.word, scene.about(payment), message=refused.message, param=refused.param),
        is_applied=outcome.is_applied if outcome else False,
        # What never came to the book is tried afresh.
        is_stored=outcome is not None and _keeps(scene.spec, "decline" if is_decline else "refusal"),
        refusal=refused.word,
        payment_id=payment.id if payment else None,
        payment_status=payment.status.value if payment else None,
    )


def _keeps(spec: Spec, kind: str) -> bool:
    return spec.rules is not None and spec.rules.keeps(kind)


def _reply(route: Route, scene: Scene) -> Reply:
    told = route.replies
    filled = fill(told.body, scene)
    is_plain = isinstance(filled, str) and any(name.lower() == "content-type" for name in told.headers)
    body = b"" if filled is None else filled.encode() if is_plain else _bytes(filled)
    is_waiting = told.waiting is not None and value("payment.is_waiting", scene)
    reply = Reply(told.waiting if is_waiting and told.waiting else told.status, body, (JSON,))
    for name, text in told.headers.items():
        reply = reply.with_header(name, str(fill(text, scene)))
    return reply


def _bytes(filled: Mapping[str, Any] | Any) -> bytes:
    return json.dumps(filled, separators=(",", ":"), ensure_ascii=False).encode(errors="replace")
