"""A provider file as a dialect: each question of the harness answered by what the file declares."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from badgateway.ground.message import Headers, Reply, Request
from badgateway.ground.mutation import Landmarks
from badgateway.ground.records import changed
from badgateway.ground.redact import is_card_number
from badgateway.payments.idempotency import Rules
from badgateway.payments.model import Happening
from badgateway.payments.settlement import Payout
from badgateway.providers.base import Account, Answer, Endpoint, Parsed, Patience, WireEvent
from badgateway.providers.declared import challenge, events, keeping, prompts
from badgateway.providers.declared.answering import answer, card_word, error_reply
from badgateway.providers.declared.files import name_of
from badgateway.providers.declared.forge import forge
from badgateway.providers.declared.landmarks import event_landmarks, reply_landmarks
from badgateway.providers.declared.model import Spec
from badgateway.providers.declared.read import read_spec
from badgateway.providers.declared.request import Ask, parse, user_of
from badgateway.providers.declared.scene import Nobody, Scene
from badgateway.providers.declared.signing import STANDARD, sign, told_secret
from badgateway.providers.declared.templates import fill_words

_UNSEEN = "0"  # stands for an event's id where a signature is wanted of bytes alone


class Declared:
    """One provider that is described in a file; the file is read when it is first asked something."""

    spec: Spec
    about: str
    retry_ladder_ms: tuple[int, ...]  # virtual gaps between webhook attempts
    patience: Patience
    key_rules: Rules
    signs_moment: bool
    cards: Mapping[str, str]
    prompts: Mapping[str, str]
    event_landmarks: Landmarks
    reply_landmarks: Landmarks

    def __init__(self, path: Path, name: str | None = None) -> None:
        self.path = path
        self.name = name or name_of(path)

    def is_same(self, other: Declared) -> bool:
        """Say whether two are made of one file under one name."""
        return self.name == other.name and self.path.resolve() == other.path.resolve()

    def __getattr__(self, name: str) -> Any:
        """Read the file when it is first asked for something that stands in it; raises InputError."""
        if name not in Declared.__annotations__:
            raise AttributeError(name)
        self._read()
        return self.__dict__[name]

    def _read(self) -> None:
        spec = replace(read_spec(self.path), name=self.name)
        told, scheme = spec.webhooks, spec.webhooks.signature
        self.about = spec.about
        self.spec = spec
        self.retry_ladder_ms = told.ladder_ms
        self.patience = Patience(told.deadline_ms, told.give_up_after)
        self.key_rules = spec.rules or Rules()
        self.signs_moment = scheme.scheme == STANDARD or any(
            name in scheme.over for name in ("{timestamp}", "{created}")
        )
        self.cards = spec.cards
        self.prompts = prompts.prompts_of(spec)
        self.event_landmarks = event_landmarks(spec)
        self.reply_landmarks = reply_landmarks(spec)

    def parse(self, request: Request) -> Parsed:
        """Understand a request."""
        return challenge.visit(request, self.spec) or parse(request, self.spec)

    def answer(self, parsed: Parsed, account: Account) -> Answer:
        """Carry a request out and word the answer."""
        if isinstance(parsed.payload, challenge.Visit):
            return challenge.answer(parsed.payload, account, self.spec)
        return answer(parsed, account, self.spec)

    def holds(self, ids: Sequence[str], account: Account) -> bool:
        """Say whether an account has the payment that a shopper's page is about."""
        return challenge.holds(ids, account)

    def kept(self, request: Request) -> Request:
        """Give a request without card data and credential."""
        return keeping.kept(request, self.spec)

    def recalled(self, request: Request, credential: str | None) -> Request:
        """Give a kept request as it came, with this credential."""
        return keeping.recalled(request, credential, self.spec)

    def take(
        self, card: str, reference: str, amount_minor: int, currency: str, account: Account, *, is_held: bool
    ) -> None:
        """Take a purchase in as from a shop of this account."""
        prompts.take(self.spec, card, reference, amount_minor, currency, account, is_held=is_held)

    def instrument(self, method: str | None, account: Account) -> str | None:  # noqa: ARG002 - a token is its card
        """Give what is the same for every token of one card: the token, or its word where it is a number."""
        return card_word(method, self.spec) if is_card_number(method or "") else method

    def replayed(self, stored: Answer, account: Account) -> Reply:  # noqa: ARG002 - nothing of it is new
        """Give the stored answer again, marked as the file says."""
        told = self.spec.replays
        is_done = stored.reply.status < 300
        reply = changed(stored.reply, status=told.status) if told.status and is_done else stored.reply
        for name, value in told.headers.items():
            reply = reply.with_header(name, value)
        return reply

    def key_in_flight(self, account: Account) -> Reply:
        """Refuse a key whose first request is not answered yet."""
        said = "A request with this key is still being worked on."
        return error_reply("key_in_flight", Scene(self.spec, account), message=said)

    def key_reused(self, parsed: Parsed, account: Account) -> Reply:
        """Refuse a key that came with other parameters before."""
        ask: Ask = parsed.payload
        place = ask.route.key if ask.route else None
        said = "This key was used with other parameters."
        param = (place.header or place.body) if place else None
        return error_reply("key_reused", Scene(self.spec, account), message=said, param=param)

    def server_error(self, status: int, account: Account | None) -> Reply:
        """Word trouble of the provider as a whole."""
        word = "too_many_requests" if status == 429 else "server_error"
        said = "Too many requests." if status == 429 else "Something went wrong on our side."
        known = Scene(self.spec, account or Nobody())  # type: ignore[arg-type] # an error page reads no more of it
        return error_reply(word, known, message=said, status=status)

    def events(self, happening: Happening, account: Account) -> tuple[WireEvent, ...]:
        """Render the webhooks of one happening."""
        return events.events(happening, account, self.spec)

    def payout_events(self, payout: Payout, account: Account) -> tuple[WireEvent, ...]:
        """Render the webhooks of one payout."""
        return events.payout_events(payout, account, self.spec)

    def retell(self, event: WireEvent, account: Account) -> WireEvent:
        """Make a second event of one fact."""
        return events.retell(event, account, self.spec)

    def stranger(self, wire_type: str, account: Account) -> WireEvent:
        """Make an event of any type about something that is not ours."""
        return events.stranger(wire_type, account, self.spec)

    def sign(self, body: bytes, endpoint: Endpoint, at_s: int) -> Headers:
        """Sign the exact bytes that are sent, as those of an event without an id."""
        return sign(self.spec, body, endpoint, at_s, _UNSEEN, {})

    def sign_event(
        self, event: WireEvent, account: Account, body: bytes, endpoint: Endpoint, at_s: int
    ) -> Headers:
        """Sign the bytes of one event, whose id may be signed too or stand in a header."""
        home = str(account.shelf.get("home", ""))
        more = {"type": event.wire_type, "home": home}
        return sign(self.spec, body, endpoint, at_s, event.id, more)

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
        return forge(name, order_ref, amount_minor, currency, account, self.spec)

    def settings(self, url: str, api_key: str, webhook_secret: str) -> Mapping[str, str]:
        """Name what an integration's configuration may ask for; a secret as the provider would show it."""
        own = {
            "url": f"{url}/{self.name}",
            "api_key": api_key,
            "webhook_secret": told_secret(webhook_secret, self.spec.webhooks.signature),
            "user": user_of(api_key),
        }
        return own | {name: fill_words(text, own) for name, text in self.spec.settings.items()}
