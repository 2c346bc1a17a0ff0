"""Adyen as a dialect: each question of the harness handed to the file that knows the answer."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import partial

from badgateway.ground.message import Headers, Reply, Request
from badgateway.payments.idempotency import HOUR_MS, Rules
from badgateway.payments.model import Happening, Payment
from badgateway.providers.addresses import methods_of
from badgateway.providers.adyen import keeping, pages, prompts
from badgateway.providers.adyen.call import Ask, Call, Done
from badgateway.providers.adyen.errors import (
    Problem,
    Refused,
    in_progress,
    key_reused,
    to_body,
    trouble,
    unauthorized,
    unknown_address,
    unreadable,
    wrong_method,
)
from badgateway.providers.adyen.events import render_events
from badgateway.providers.adyen.forge import forge, stranger
from badgateway.providers.adyen.instruments import TOKENS, decide
from badgateway.providers.adyen.landmarks import EVENT, REPLY
from badgateway.providers.adyen.notifications import envelope, to_bytes
from badgateway.providers.adyen.parse import parse
from badgateway.providers.adyen.routes import ROUTES
from badgateway.providers.adyen.shelf import Shelf, merchant_account, new_reference, psp_reference, shelf
from badgateway.providers.adyen.signing import hmac_key, sign_inside
from badgateway.providers.base import Account, Answer, Endpoint, Parsed, Patience, WireEvent

_SECOND_MS, _MINUTE_MS = 1000, 60_000
_LADDER_MIN = (2, 5, 10, 15, 30, 60, 120, 240)
_STEADY = 89  # every eight hours for what is left of thirty days


class Adyen:
    """Adyen's Checkout API of version 71 and 72, and its standard notifications."""

    name = "adyen"
    retry_ladder_ms: tuple[int, ...] = (
        *(seconds * _SECOND_MS for seconds in (9, 18, 27)),
        *(minutes * _MINUTE_MS for minutes in _LADDER_MIN),
        *(8 * HOUR_MS,) * _STEADY,
    )
    patience = Patience(deadline_ms=10_000)
    key_rules = Rules(retention_ms=7 * 24 * HOUR_MS)
    raises_holds = True
    # Received first, and told of when they are done.
    asynchronous = ("increment", "capture", "void", "refund")
    signs_moment = False  # a signature has no time in it, so none is ever too old
    cards: Mapping[str, str] = TOKENS
    prompts: Mapping[str, str] = prompts.PROMPTS
    event_landmarks = EVENT
    reply_landmarks = REPLY

    def parse(self, request: Request) -> Parsed:
        """Understand a request."""
        return parse(request)

    def answer(self, parsed: Parsed, account: Account) -> Answer:
        """Carry a request out and word the answer."""
        ask: Ask = parsed.payload
        kept = _opened(account)
        kept.home = ask.home or kept.home
        if ask.is_page:
            return pages.answer(ask, account)
        try:
            done = _carry_out(ask, account)
        except Refused as refused:
            problem = refused.problem
            return Answer(_page(problem, account), is_stored=False, refusal=problem.refusal)
        return _answer(done, ask, account)

    def instrument(self, method: str | None, account: Account) -> str | None:
        """Give what is the same for every payment with one card."""
        known = shelf(account).instruments.get(method or "")
        return f"{known.word} {known.last4} {known.asked}" if known else None

    def replayed(self, stored: Answer, account: Account) -> Reply:  # noqa: ARG002 - nothing in it is new
        """Give the stored answer again; the echoed key is all that shows it."""
        return stored.reply

    def key_in_flight(self, account: Account) -> Reply:
        """Refuse a key whose first request is not answered yet; it may be tried again."""
        return _page(in_progress(), account)

    def key_reused(self, parsed: Parsed, account: Account) -> Reply:
        """Refuse a key that came with another request before."""
        ask: Ask = parsed.payload
        return _page(key_reused(), account).with_header("Idempotency-Key", ask.key or "")

    def server_error(self, status: int, account: Account | None) -> Reply:
        """Word trouble of the provider as a whole."""
        return _page(trouble(status), account)

    def events(self, happening: Happening, account: Account) -> tuple[WireEvent, ...]:
        """Render the notifications of one happening."""
        return render_events(happening, account)

    def news(self, account: Account) -> tuple[WireEvent, ...]:
        """Give what is told of modifications that came to nothing."""
        kept = shelf(account)
        told, kept.news = tuple(kept.news), []
        return told

    def has_news(self, account: Account) -> bool:
        """Say whether something is to be told that nobody has asked for."""
        return bool(shelf(account).news)

    def batch(self, events: Sequence[WireEvent]) -> bytes:
        """Put several notifications into one request."""
        told = [json.loads(event.body) for event in events]
        items = [wrapped["NotificationRequestItem"] for one in told for wrapped in one["notificationItems"]]
        return envelope(items, is_live=told[0]["live"] == "true")

    def sign(self, body: bytes, endpoint: Endpoint, at_s: int) -> Headers:  # noqa: ARG002 - it is in the body
        """Give the headers that an endpoint asks for; the signature is not among them."""
        return endpoint.headers

    def sign_inside(self, body: bytes, endpoint: Endpoint | None) -> bytes:
        """Put the signatures into the body, or leave them out."""
        return sign_inside(body, endpoint)

    def forge(
        self,
        name: str,
        n: int,  # noqa: ARG002 - every forged event of a name is about the same order
        order_ref: str,
        amount_minor: int,
        currency: str,
        account: Account,
    ) -> WireEvent:
        """Make an event that never happened."""
        return forge(name, order_ref, amount_minor, currency, account)

    def stranger(self, wire_type: str, account: Account) -> WireEvent:
        """Make an event of any type about something that is not ours."""
        return stranger(wire_type, account)

    def kept(self, request: Request) -> Request:
        """Give a request without card data and credential."""
        return keeping.kept(request)

    def recalled(self, request: Request, credential: str | None) -> Request:
        """Give a kept request as it came, with this credential."""
        return keeping.recalled(request, credential)

    def take(
        self, card: str, reference: str, amount_minor: int, currency: str, account: Account, *, is_held: bool
    ) -> None:
        """Take a purchase in as from a shop of this account."""
        _opened(account)
        prompts.take(card, reference, amount_minor, currency, account, is_held=is_held)

    def shown_id(self, known: str) -> str:
        """Give the pspReference of a refund or dispute."""
        return psp_reference(known)

    def settings(self, url: str, api_key: str, webhook_secret: str) -> Mapping[str, str]:
        """Name what an integration's configuration may ask for."""
        return {
            "url": f"{url}{pages.SERVED_AT}",
            "api_key": api_key,
            "webhook_secret": hmac_key(webhook_secret),
            "merchant_account": merchant_account(api_key),
        }


def _opened(account: Account) -> Shelf:
    """Give an account's shelf, once its issuer knows the instruments on it."""
    kept = shelf(account)
    if account.book.decide is None:
        account.book.decide = partial(decide, known=kept.instruments)
    return kept


def _carry_out(ask: Ask, account: Account) -> Done:
    if not ask.credential or ask.credential != account.api_key:
        raise Refused(unauthorized())
    if ask.route is None:
        allowed = methods_of(ROUTES, ask.path)
        if allowed:
            raise Refused(wrong_method(ask.method, ask.path, allowed))
        raise Refused(unknown_address(ask.method, ask.path))
    if ask.problem is not None:
        raise Refused(unreadable(ask.problem))
    return ask.route.handler(Call(ask, account))


def _answer(done: Done, ask: Ask, account: Account) -> Answer:
    payment: Payment | None = done.payment
    shown = done.shown
    reply = _reply(done.status, to_bytes(shown), shown.get("pspReference") or new_reference(account))
    if ask.key is not None:
        reply = reply.with_header("Idempotency-Key", ask.key)
    return Answer(
        reply=reply,
        is_applied=done.is_applied,
        is_final=done.is_final,
        refusal=done.refusal,
        payment_id=payment.id if payment else None,
        payment_status=payment.status.value if payment else None,
        refund_id=done.refund_id,
    )


def _reply(status: int, body: bytes, psp_reference: str) -> Reply:
    headers = (("Content-Type", "application/json;charset=utf-8"), ("pspReference", psp_reference))
    return Reply(status, body, headers)


def _page(problem: Problem, account: Account | None) -> Reply:
    psp_reference = new_reference(account) if account is not None else "0000000000000000"
    reply = _reply(problem.status, to_bytes(to_body(problem, psp_reference)), psp_reference)
    if problem.allowed:
        reply = reply.with_header("Allow", ", ".join(problem.allowed))
    return reply.with_header("transient-error", "true") if problem.is_transient else reply
