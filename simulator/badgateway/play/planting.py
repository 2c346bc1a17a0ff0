"""Canaries of one play: which are let in, by which door, and what is journalled where one comes out."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from badgateway.ground import canary
from badgateway.ground.canary import Canary
from badgateway.ground.message import Headers, Reply
from badgateway.ground.records import changed
from badgateway.integration.watch import Planted, Watch
from badgateway.play.world import World

BY_CARD, BY_PROVIDER = "card", "provider"  # words of a story's `world: {canary: [...]}`
MONTH, YEAR = "11", "2034"
DEPTH_MAX = 40

# Where providers put words for people; null or text, the canary's sentence goes there.
_TEXTS = ("message", "description", "failure_message", "detail", "statement_descriptor")


def plant(world: World, watch: Watch) -> tuple[Planted, ...]:
    """Let the canaries of a play in, journal each without its value, and look for them from now on."""
    world.watch = watch
    planted = []
    for door, one in _doors(world):
        world.journal.write("run.canary", canary=one.label, kind=one.kind, mark=one.mark, door=door)
        planted.append(watch.plant(one, lambda *found: _tell(world, *found), world))
    return tuple(planted)


def card_values(world: World) -> Mapping[str, object]:
    """Give what the shopper types into the checkout's card field."""
    known = world.canaries
    return {
        "card.number": known.number,
        "card.cvc": known.code,
        "card.month": MONTH,
        "card.year": YEAR,
    }


def with_canary(world: World, reply: Reply) -> Reply:
    """Give a provider's refusal with a canary in its words, where the story asks for that."""
    if BY_PROVIDER not in world.plan.canary or reply.status < 400:
        return reply
    return changed(reply, body=spoken(world, reply.body))


def with_cert_url(headers: Headers, world: World) -> Headers:
    """Give signature headers that also name where the certificate is said to be: at the trap."""
    url = f"{world.home}{world.canaries.trap}"
    named = ((name, f"{value},x5u={url}") for name, value in headers)
    return (*named, ("Signature-Cert-Url", url))


def spoken(world: World, body: bytes) -> bytes:
    """Give a provider's JSON document with a canary in every text for people; other bytes as they are."""
    if BY_PROVIDER not in world.plan.canary:
        return body
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        return body
    sentence = f"card {world.canaries.told} of {world.plan.orders[0].shopper['name']}"
    return json.dumps(_spoken(document, sentence, 0)).encode()


def _spoken(value: Any, sentence: str, depth: int) -> Any:
    if depth > DEPTH_MAX:
        return value
    match value:
        case dict():
            return {
                key: f"{item or 'Payment'} ({sentence})"
                if key in _TEXTS and (item is None or isinstance(item, str))
                else _spoken(item, sentence, depth + 1)
                for key, item in value.items()
            }
        case list():
            return [_spoken(item, sentence, depth + 1) for item in value]
    return value


def _doors(world: World) -> list[tuple[str, Canary]]:
    """Give every canary with the door by which it comes in."""
    known, plan = world.canaries, world.plan
    found = [("trap", Canary("trap address", canary.HOST, known.trap))]
    if BY_CARD in plan.canary:
        found.append(("card", Canary("card number", canary.CARD, known.number)))
        found.append(("card", Canary("card verification code", canary.CODE, known.code)))
    if BY_PROVIDER in plan.canary:
        found.append(("provider", Canary("card number in the provider's words", canary.CARD, known.told)))
    endpoints = [world.endpoint, *(tenant.endpoint for tenant in world.tenants.values())]
    secrets = {account.api_key: "API key" for account in world.accounts}
    secrets |= {one.secret: "webhook secret" for one in endpoints if one is not None}
    return [*found, *(("secret", Canary(label, canary.SECRET, one)) for one, label in secrets.items() if one)]


def _tell(world: World, one: Canary, place: str, form: str) -> None:
    world.journal.write("canary.seen", canary=one.label, mark=one.mark, place=place, form=form)
