"""Stripe as a dialect: each question of the harness handed to the file that knows the answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from badgateway.ground.message import Headers, Reply, Request
from badgateway.ground.records import changed
from badgateway.payments.settlement import Payout
from badgateway.providers.base import (
    Account,
    Answer,
    Endpoint,
    Parsed,
    Patience,
    Registered,
    WireEvent,
)
from badgateway.providers.stripe import pages, registrations
from badgateway.providers.stripe.call import API_VERSION, Ask, Call, Done, Route
from badgateway.providers.stripe.cards import TOKENS
from badgateway.providers.stripe.disputing import dispute
from badgateway.providers.stripe.errors import (
    Problem,
    Refused,
    invalid,
    lock_timeout,
    no_access,
    server_problem,
    to_body,
    unauthorized,
    unknown_address,
)
from badgateway.providers.stripe.events import render_events
from badgateway.providers.stripe.expand import check_paths, expand
from badgateway.providers.stripe.forge import forge
from badgateway.providers.stripe.keeping import kept, recalled
from badgateway.providers.stripe.landmarks import EVENT, REPLY
from badgateway.providers.stripe.methods import decide
from badgateway.providers.stripe.news import take_news
from badgateway.providers.stripe.nothing import ANYTHING
from badgateway.providers.stripe.own_account import account_id
from badgateway.providers.stripe.params import check
from badgateway.providers.stripe.parse import parse
from badgateway.providers.stripe.payout_events import payout_events
from badgateway.providers.stripe.render import in_mode, reply, request_id
from badgateway.providers.stripe.retelling import retell, stranger
from badgateway.providers.stripe.sessions import lapse, overdue
from badgateway.providers.stripe.shelf import Asked, shelf
from badgateway.providers.stripe.signing import sign
from badgateway.providers.stripe.versions import in_version, is_old, is_version, version_of

HOUR_MS = 3_600_000
# What Stripe-Should-Retry says, where it says anything: an SDK goes by it before it looks at the status.
_RETRIED = {409: "true", 500: "false"}


class Stripe:
    """Stripe's API of 2026-10-28, as far as payments go."""

    name = "stripe"
    # Unpublished: an hour, doubling, never more than twelve, for three days in all.
    retry_ladder_ms: tuple[int, ...] = tuple(hours * HOUR_MS for hours in (1, 2, 4, 8, 12, 12, 12, 12, 9))
    # Unpublished as well; another provider disables an endpoint after three events given up.
    hosts = ("api.stripe.com",)
    patience = Patience(deadline_ms=10_000, given_up_max=3)
    raises_holds = True
    cards: Mapping[str, str] = TOKENS
    event_landmarks = EVENT
    reply_landmarks = REPLY
    # What is asked at every request is found without a step between.
    parse = staticmethod(parse)
    events = staticmethod(render_events)
    registrations = staticmethod(registrations.registrations)

    def answer(self, parsed: Parsed, account: Account) -> Answer:
        """Carry a request out and word the answer."""
        ask: Ask = parsed.payload
        default = account.api_version
        if default and default != ask.version and not ask.names_version:
            ask = changed(ask, version=default)
        request = request_id(account)
        book, kept = account.book, shelf(account)
        if book.decide is None:
            book.decide = partial(decide, account=account)
        kept.home = ask.home or kept.home
        kept.asked = Asked(account.cause, request, ask.key)
        if ask.is_page:
            return pages.answer(ask, account)
        try:
            done = _carry_out(ask, account)
        except Refused as refused:
            return _refusal(refused.problem, request, ask, account)
        payment = done.payment
        shown = in_mode(done.shown, account) if account.is_live else done.shown
        return Answer(
            reply=reply(200, shown, request, ask),
            is_applied=done.is_applied,
            payment_id=payment.id if payment else None,
            payment_status=str(payment.status) if payment else None,
            refund_id=done.refund_id,
        )

    def instrument(self, method: str | None, account: Account) -> str | None:
        """Give the fingerprint of a payment method: every token of one card has the same."""
        known = shelf(account).methods.get(method or "")
        return known.fingerprint if known else None

    def replayed(self, stored: Answer, account: Account) -> Reply:
        """Give the stored answer again, marked; Original-Request names the one that was carried out."""
        marked = stored.reply.with_header("Request-Id", request_id(account))
        return marked.with_header("Idempotent-Replayed", "true")

    def key_in_flight(self, account: Account) -> Reply:
        """Refuse a key whose first request is not answered yet; it may be tried again."""
        return self.server_error(409, account)

    def object_locked(self, account: Account) -> Reply:
        """Refuse a call about an object on which another call has not finished its work; it may come again.

        Source: all SDKs of Stripe say in their rules for retries that the API advises it of lock timeouts.
        """
        return _page(lock_timeout(), account).with_header("Stripe-Should-Retry", "true")

    def key_reused(self, parsed: Parsed, account: Account) -> Reply:
        """Refuse a key that came with other parameters before."""
        problem = Problem(
            400,
            f"The idempotency key {(parsed.key or '')[:80]!r} was used with another endpoint or other "
            "parameters; use it only for the same request again.",
            type="idempotency_error",
        )
        ask: Ask = parsed.payload
        version = version_of(ask.version if ask.names_version else None, account)
        page = _page(problem, account).with_header("Stripe-Version", version)
        return page.with_header("Idempotency-Key", ask.key or "")

    def kept(self, request: Request) -> Request:
        """Give a request as it may be written down."""
        return kept(request)

    def recalled(self, request: Request, credential: str | None) -> Request:
        """Give a request that was written down as it came."""
        return recalled(request, credential)

    def server_error(self, status: int, account: Account | None) -> Reply:
        """Word trouble of the provider as a whole."""
        page = _page(server_problem(status), account)
        if status == 429:
            return page.with_header("Stripe-Rate-Limited-Reason", "global-rate")
        return page.with_header("Stripe-Should-Retry", advised) if (advised := _RETRIED.get(status)) else page

    def is_wanted(self, event: WireEvent, url: str, account: Account) -> bool:
        """Say whether an address is told of an event."""
        return registrations.is_wanted(event.wire_type, url, account)

    def holds(self, ids: Sequence[str], account: Account) -> bool:
        """Say whether an account has the session or intent that a page is about."""
        kept = shelf(account)
        return any(
            one in kept.sessions or one in kept.setups or account.book.payment(one) is not None for one in ids
        )

    def told(self, event: WireEvent, registered: Registered, account: Account) -> WireEvent | None:
        """Give what a registered endpoint is sent of an event."""
        return registrations.told(event, registered, account)

    def disable(self, registered: Registered, account: Account) -> None:
        """Tell a registered endpoint nothing any more."""
        registrations.disable(registered, account)

    def inherit(self, account: Account, older: Account) -> None:
        """Register what was registered with the same key before."""
        registrations.inherit(account, older)

    def acknowledged(self, event: WireEvent, endpoint: str | None, account: Account) -> None:
        """Note that an endpoint has taken an event."""
        shelf(account).take(event.id, endpoint)

    def news(self, account: Account) -> tuple[WireEvent, ...]:
        """Give the events about objects that the book does not know, since the last time."""
        kept = shelf(account)
        # This is asked after every call, and most have nothing of the kind.
        if kept.lapses:
            lapse(account)
        if kept.to_dispute:
            dispute(account)
        return take_news(account) if kept.news else ()

    def has_news(self, account: Account) -> bool:
        """Say whether time alone has brought something about."""
        return bool(overdue(account))

    def payout_events(self, payout: Payout, account: Account) -> tuple[WireEvent, ...]:
        """Render the webhooks of one payout."""
        return payout_events(payout, account)

    def sign(self, body: bytes, endpoint: Endpoint, at_s: int) -> Headers:
        """Sign the exact bytes that are sent."""
        return sign(body, endpoint, at_s)

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

    def retell(self, event: WireEvent, account: Account) -> WireEvent:
        """Make a second event of one fact."""
        return retell(event, account)

    def stranger(self, wire_type: str, account: Account) -> WireEvent:
        """Make an event of any type about something that is not ours."""
        return stranger(wire_type, account)

    def settings(self, url: str, api_key: str, webhook_secret: str) -> Mapping[str, str]:
        """Name what an integration's configuration may ask for."""
        return {"url": url, "api_key": api_key, "webhook_secret": webhook_secret}


def _carry_out(ask: Ask, account: Account) -> Done:
    route = ask.route
    if (
        route is None
        or ask.credential != account.api_key
        or ask.version != API_VERSION
        or ask.on_behalf
        or ask.problem is not None
    ):
        route = _route(ask, account)
    params: dict[str, Any] = {}
    if (ask.params or route.required) and route.shape != ANYTHING:
        params = check(ask.params, route.shape, route.required)
    paths = params.get("expand")
    if paths:
        check_paths(paths, route.shows, has_charges=is_old(ask.version))
    done = route.handler(Call(ask, account, params))
    if ask.version == API_VERSION and not paths:
        return done
    shown = in_version(done.shown, ask.version, account)
    if paths:
        # What an expansion has brought in is of the same version.
        shown = in_version(expand(shown, paths, account), ask.version, account)
    return done if shown is done.shown else changed(done, shown=shown)


def _route(ask: Ask, account: Account) -> Route:
    """Give the address that is asked; raises Refused for what is wrong before its parameters count."""
    if not ask.credential or ask.credential != account.api_key:
        raise Refused(unauthorized(ask.credential))
    for wanted in ask.on_behalf:
        if wanted != account_id(account):
            raise Refused(no_access(ask.credential, wanted))
    if ask.route is None:
        raise Refused(unknown_address(ask.method, ask.path))
    if ask.version != API_VERSION and not is_version(ask.version):
        raise Refused(invalid(f"Invalid Stripe API version: {ask.version[:40]}"))
    if ask.problem is not None:
        raise Refused(invalid(ask.problem))
    return ask.route


def _refusal(problem: Problem, request: str, ask: Ask, account: Account) -> Answer:
    shown = in_version(to_body(problem, request), ask.version, account)
    return Answer(
        reply=reply(problem.status, shown, request, ask),
        is_applied=problem.is_applied,
        is_stored=problem.is_stored,
        refusal=problem.refusal,
        payment_id=problem.payment_id,
        payment_status=problem.payment_status,
    )


def _page(problem: Problem, account: Account | None) -> Reply:
    request = request_id(account)
    page = reply(problem.status, to_body(problem, request), request)
    return page.with_header("Stripe-Version", version_of(None, account)) if account is not None else page
