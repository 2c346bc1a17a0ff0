"""Euler as a dialect: each question of the harness handed to the file that knows the answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from badgateway.ground.message import Headers, Reply, Request
from badgateway.payments.commands import CreatePayment
from badgateway.payments.idempotency import HOUR_MS, Rules
from badgateway.payments.model import Happening, Refusal
from badgateway.providers.addresses import methods_of
from badgateway.providers.base import Account, Answer, Endpoint, Parsed, Patience, WireEvent
from badgateway.providers.euler import events, keeping, pages, placing, prompts
from badgateway.providers.euler.behind import BEHIND, Behind, Gateway, Rule
from badgateway.providers.euler.call import Ask, Call, Done
from badgateway.providers.euler.errors import (
    Problem,
    Refused,
    access_denied,
    in_progress,
    invalid,
    order_taken,
    to_body,
    trouble,
    unknown_address,
    wrong_method,
)
from badgateway.providers.euler.forge import forge, stranger
from badgateway.providers.euler.instruments import TOKENS
from badgateway.providers.euler.landmarks import EVENT, REPLY
from badgateway.providers.euler.parse import parse
from badgateway.providers.euler.psps import Psps
from badgateway.providers.euler.routes import ROUTES
from badgateway.providers.euler.shelf import behind_of, merchant_id, response_key, shelf
from badgateway.providers.euler.signing import USER, basic

_MINUTE_MS = 60_000
_JSON = (("Content-Type", "application/json;charset=utf-8"),)


class Euler:
    """The orchestrator: orders and their transactions, after Juspay's Express Checkout."""

    name = "euler"
    # Source: Juspay's page on webhooks. Sixteen attempts more within a day.
    retry_ladder_ms: tuple[int, ...] = (
        _MINUTE_MS,
        *(5 * _MINUTE_MS,) * 2,
        *(10 * _MINUTE_MS,) * 5,
        *(HOUR_MS,) * 5,
        *(6 * HOUR_MS,) * 3,
    )
    patience = Patience(deadline_ms=10_000)
    key_rules = Rules(stores=frozenset())  # nothing is replayed: what came before is refused, and looked up
    idempotency = "order_id, unique_request_id; a repetition is refused"
    scheme = "basic"
    asynchronous = ("refund",)  # taken in first, and told of when it is done
    signs_moment = False  # a password has no time in it, so none is ever too old
    hosts = ("api.juspay.in", "sandbox.juspay.in")
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
        kept = shelf(account)
        kept.home = ask.home or kept.home
        if ask.is_page:
            return pages.answer(ask, account)
        try:
            done = _carry_out(ask, account)
        except Refused as refused:
            problem = refused.problem
            return Answer(_page(problem), is_stored=False, refusal=problem.refusal)
        return _answer(done)

    def instrument(self, method: str | None, account: Account) -> str | None:
        """Give what is the same for every payment with one card."""
        known = shelf(account).instruments.get(method or "")
        return f"{known.type} {known.word} {known.last4}" if known else None

    def holds(self, ids: Sequence[str], account: Account) -> bool:
        """Say whether an account has the order or the attempt that a page is about."""
        kept = shelf(account)
        return any(
            kept.by_page("order", one) or kept.by_page("txn", one) or kept.order(one) for one in ids if one
        )

    def replayed(self, stored: Answer, account: Account) -> Reply:  # noqa: ARG002 - nothing in it is new
        """Give a stored answer again; only a story ever has one stored."""
        return stored.reply

    def key_in_flight(self, account: Account) -> Reply:  # noqa: ARG002 - every account words it alike
        """Refuse what repeats a call that is not answered yet."""
        return _page(in_progress())

    def key_reused(self, parsed: Parsed, account: Account) -> Reply:  # noqa: ARG002 - as above
        """Refuse another order under the id of one that is being made."""
        return _page(order_taken())

    def server_error(self, status: int, account: Account | None) -> Reply:  # noqa: ARG002 - as above
        """Word trouble of Euler as a whole."""
        return _page(trouble(status))

    def events(self, happening: Happening, account: Account) -> tuple[WireEvent, ...]:
        """Render the webhooks of one happening."""
        return events.render_events(happening, account)

    def hear(self, happening: Happening, account: Account, told_by: Account) -> tuple[WireEvent, ...]:
        """Take in what a gateway behind an account tells, and render what the merchant is told of it."""
        return events.render_events(happening, account, told_by)

    def stand_before(self, account: Account, gateways: Sequence[Gateway], rules: Sequence[Rule]) -> None:
        """Send the attempts of an account to gateways behind it, by these rules."""
        account.shelf[BEHIND] = Behind(tuple(gateways), tuple(rules))

    def next_look_ms(self, account: Account) -> int | None:
        """Give when a gateway is asked after an attempt that was given up, and of which nothing was heard."""
        behind = behind_of(account)
        return Psps(account, behind).next_look_ms() if behind is not None else None

    def news(self, account: Account) -> tuple[WireEvent, ...]:
        """Give what is told of orders that were made."""
        return events.news(account)

    def has_news(self, account: Account) -> bool:
        """Say whether something is to be told that nobody has asked for."""
        look_ms = self.next_look_ms(account)
        return bool(shelf(account).fresh) or (look_ms is not None and look_ms <= account.clock.now_ms())

    def retell(self, event: WireEvent, account: Account) -> WireEvent:
        """Make another event of the same fact."""
        return events.retell(event, account)

    def sign(self, body: bytes, endpoint: Endpoint, at_s: int) -> Headers:  # noqa: ARG002 - neither is signed
        """Give user and password, by which the merchant knows who sends."""
        return basic(endpoint)

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

    def place(self, made: CreatePayment, account: Account) -> Refusal | None:
        """Make the order of a payment, as its merchant would have."""
        return placing.place(made, account)

    def take(
        self, card: str, reference: str, amount_minor: int, currency: str, account: Account, *, is_held: bool
    ) -> None:
        """Take a purchase in as from a shop of this account."""
        prompts.take(card, reference, amount_minor, currency, account, is_held=is_held)

    def pay_again(self, order_id: str, method: str, account: Account) -> Refusal | None:
        """Pay an order by one more attempt."""
        return placing.pay_again(order_id, method, account)

    def settings(self, url: str, api_key: str, webhook_secret: str) -> Mapping[str, str]:
        """Name what an integration's configuration may ask for."""
        return {
            "url": f"{url}{pages.SERVED_AT}",
            "api_key": api_key,
            "webhook_secret": webhook_secret,
            "webhook_user": USER,
            "merchant_id": merchant_id(api_key),
            "response_key": response_key(api_key),
        }


def _carry_out(ask: Ask, account: Account) -> Done:
    is_open = ask.credential is None and ask.route is not None and ask.route.is_open
    is_foreign = ask.merchant not in {None, merchant_id(account.api_key)}
    if is_foreign or not (is_open or ask.credential == account.api_key):
        raise Refused(access_denied())
    if ask.route is None:
        allowed = methods_of(ROUTES, ask.path)
        if allowed:
            raise Refused(wrong_method(ask.method, ask.path, allowed))
        raise Refused(unknown_address(ask.method, ask.path))
    if ask.problem is not None:
        raise Refused(invalid("body", ask.problem))
    return ask.route.handler(Call(ask, account))


def _answer(done: Done) -> Answer:
    standing = done.standing
    return Answer(
        reply=Reply(200, events.to_bytes(done.shown), _JSON),
        is_applied=done.is_applied,
        is_stored=False,
        is_final=done.is_final,
        refusal=done.refusal,
        payment_id=standing.reference if standing is not None else None,
        payment_status=standing.status.value
        if standing is not None and standing.status is not None
        else None,
        refund_id=done.refund_id,
    )


def _page(problem: Problem) -> Reply:
    reply = Reply(problem.http, events.to_bytes(to_body(problem)), _JSON)
    return reply.with_header("Allow", ", ".join(problem.allowed)) if problem.allowed else reply
