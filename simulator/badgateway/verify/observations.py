"""What one play showed of a provider's promises: calls with their answers, and webhooks, without secrets."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from badgateway.contract.document import Contract
from badgateway.contract.media import is_json, media_of
from badgateway.contract.sightings import Asked, Told
from badgateway.play.world import World
from badgateway.providers.base import Dialect
from badgateway.verify.histories import Held, History, State
from badgateway.verify.stand_ins import STAND_IN, StandIns, pattern_of

ACCOUNT, SENT = "a merchant account", "a webhook is sent"
FORM = "application/x-www-form-urlencoded"
_SECRET = "whsec_recorded"  # noqa: S105 - stands in the place of the real one


@dataclass(frozen=True, slots=True)
class Call:
    """A request and its answer, with stand-ins; `name` is the operation's, or method and path."""

    name: str
    method: str
    path: str
    query: tuple[tuple[str, str], ...]
    headers: tuple[tuple[str, str], ...]
    media: str  # empty: no body
    body: str
    status: int
    answer: Any  # None: the answer has no JSON body
    states: tuple[State, ...]
    stands: str | None  # the payment then, in a neutral word

    @property
    def asked(self) -> Any:
        """Give the body as values; a form is flat, and one that says a name twice is none."""
        if self.media == FORM:
            pairs = parse_qsl(self.body, keep_blank_values=True)
            return dict(pairs) if len(dict(pairs)) == len(pairs) else None
        return json.loads(self.body) if self.media else None


@dataclass(frozen=True, slots=True)
class Webhook:
    """One event as it was told, with stand-ins."""

    name: str  # its own type
    body: Any
    states: tuple[State, ...]
    stands: str | None  # the payment in its snapshot, in a neutral word


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Something that was seen and is no part of a pact, and why not."""

    name: str
    why: str


Observation = Call | Webhook | LeftOut


class Observer:
    """One play that is over, read call by call for one of its providers."""

    def __init__(self, world: World, dialect: Dialect) -> None:
        """Take what a world holds now; it is read later, beside the loop that changes it."""
        sightings = world.seen_of[dialect.name]
        self.secrets = secrets_of(world, dialect)
        self.is_struck = any(entry.kind == "fault.fired" for entry in world.journal.entries)
        self._dialect, self._entries = dialect, tuple(world.journal.entries)
        self._asked, self._told = tuple(sightings.asked), tuple(sightings.told)
        self._keys = frozenset(account.api_key for account in world.accounts_at(dialect))
        self._key_of = {one.order: world.account_of(one.order, dialect).api_key for one in self._told}
        # A card's token is a word of the provider's, however it is spelt.
        self._fixed = _fixed(world, dialect) | {token: token for token in dialect.cards.values()}
        self._ids = {*world.owners, *world.orders}

    def observations(self, contract: Contract | None) -> Iterator[Observation]:
        """Give all that was asked, answered and told; nothing of a play in which something was struck."""
        if self.is_struck:
            return
        self._contract, self._history = contract, History(self._entries)
        held = (payment for held in self._history.at.values() for payment in held)
        self._ids |= {known for payment in held for known in payment.ids} | {*self._history.at}
        self._pattern = pattern_of({*self._ids, *self._fixed})
        for asked in self._asked:
            if asked.call in self._history.before and asked.call not in self._history.replayed:
                yield from self._of_call(asked)
        events: set[str] = set()
        for told in self._told:
            if not told.is_spoilt and told.event in self._history.at and told.event not in events:
                events.add(told.event)
                yield self._of_webhook(told)

    def _of_call(self, asked: Asked) -> Iterator[Observation]:
        request, reply = asked.request, asked.reply
        if reply is None:
            return
        operation = self._contract.operation(request) if self._contract is not None else None
        parsed = self._dialect.parse(request)
        name = operation.name if operation is not None else f"{request.method} {request.path}"
        if parsed.credential not in self._keys:
            yield LeftOut(self._bare(name), "it came with no key of an account of this play")
            return
        media = media_of(request.header("content-type") or "") if request.body else ""
        try:
            text, answer = request.body.decode(), json.loads(reply.body) if reply.body else None
        except ValueError:
            yield LeftOut(self._bare(name), "its bodies are no text, or its answer is no JSON")
            return
        if media and media != FORM and not is_json(media):
            yield LeftOut(self._bare(name), f"a body of the type {media} is not recorded")
            return
        held = self._here(self._history.before[asked.call])
        credential = str(parsed.credential)
        stand_ins = StandIns(self._pattern, self._fixed)
        named = _named(f"{request.path}?{request.query}\n{text}", held, is_look=request.method == "GET")
        states = self._put_states(stand_ins, (_account(credential), *named))
        kept = {"content-type"} if media else set()
        if operation is not None and self._contract is not None:
            rows = [row for _, row in self._contract.parameters(operation)]
            kept |= {str(row["name"]).lower() for row in rows if row["in"] == "header"}
        yield Call(
            name if operation is not None else self._bare(name),
            request.method,
            stand_ins.put(request.path),
            tuple(parse_qsl(stand_ins.put(request.query), keep_blank_values=True)),
            tuple(
                (_titled(key), stand_ins.put(value))
                for key, value in request.headers
                if key.lower() in kept or value == parsed.key or _carries(value, credential, stand_ins)
            ),
            media,
            stand_ins.put(text),
            reply.status,
            json.loads(stand_ins.put(json.dumps(answer))) if answer is not None else None,
            states,
            self._history.stood[asked.call],
        )

    def _of_webhook(self, told: Told) -> Observation:
        try:
            text = told.body.decode()
            json.loads(text)
        except ValueError:
            return LeftOut(told.wire_type, "its body is no JSON")
        stand_ins = StandIns(self._pattern, self._fixed)
        named = _named(text, self._here(self._history.at[told.event]), is_look=False)
        account = _account(self._key_of[told.order])
        event = State(SENT, {"event": f"{self._dialect.name}:{told.wire_type}"})
        states = self._put_states(stand_ins, (account, *named, event))
        body = json.loads(stand_ins.put(text))
        return Webhook(told.wire_type, body, states, self._history.stood[told.event])

    def _here(self, held: tuple[Held, ...]) -> tuple[Held, ...]:
        return tuple(one for one in held if one.provider == self._dialect.name)

    def _put_states(self, stand_ins: StandIns, states: tuple[State, ...]) -> tuple[State, ...]:
        return tuple(State(one.name, json.loads(stand_ins.put(json.dumps(one.params)))) for one in states)

    def _bare(self, name: str) -> str:
        """Give a name without ids, so that what is left out is counted together."""
        return STAND_IN.sub("…", StandIns(self._pattern, self._fixed).put(name))


def secrets_of(world: World, dialect: Dialect) -> tuple[str, ...]:
    """Give what must stand in no pact: keys, and what webhooks are signed with, as each side spells it."""
    found = [account.api_key for account in world.accounts]
    for merchant in (None, *world.tenants):
        endpoint = world.endpoint_of(merchant, dialect)
        if endpoint is not None:
            told = dialect.settings("", "", endpoint.secret)
            found += [endpoint.secret, told.get("webhook_secret", "")]
    return tuple(dict.fromkeys(filter(None, found)))


def _fixed(world: World, dialect: Dialect) -> dict[str, str]:
    """Give the stand-ins of each account's key, and of what a provider derives from it."""
    found: dict[str, str] = {}
    for n, account in enumerate(world.accounts_at(dialect)):
        key = f"sk_{'live' if account.is_live else 'test'}_recorded{n or ''}"
        real = dialect.settings("", account.api_key, _SECRET).values()
        stand_ins = dialect.settings("", key, _SECRET).values()
        found |= {one: other for one, other in zip(real, stand_ins, strict=True) if one and one != other}
        found[account.api_key] = key
    return found


def _account(api_key: str) -> State:
    return State(ACCOUNT, {"api_key": api_key})


def _named(text: str, held: tuple[Held, ...], *, is_look: bool) -> tuple[State, ...]:
    """Give the states of the payments that a text names; a look around sees the newest one."""
    found = [one for one in held if any(known in text for known in one.ids)]
    if not found and is_look:
        found = list(held[-1:])
    return tuple(state for one in found for state in one.states)


def _carries(value: str, credential: str, stand_ins: StandIns) -> bool:
    """Say whether a header carries the credential, be it as it is or as basic authentication sends it."""
    is_basic = value.startswith("Basic ") and stand_ins.put(value) != value
    return credential in value or is_basic


def _titled(name: str) -> str:
    return "-".join(part.capitalize() for part in name.split("-"))


def plain(states: tuple[State, ...]) -> list[Mapping[str, Any]]:
    """Give states as a pact holds them."""
    return [{"name": one.name, "params": dict(one.params)} for one in states]
