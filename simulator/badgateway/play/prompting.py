"""Where a served provider is asked to send an event of its own, by what brings it about."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any
from urllib.parse import parse_qs, unquote

from badgateway.errors import UnknownWord
from badgateway.faults.base import Effect
from badgateway.ground.message import Reply, Request
from badgateway.play.account import Account
from badgateway.play.handing_out import key_of
from badgateway.play.keeping import PROMPT, keep_settlement
from badgateway.play.occasions import CAUSE, Prompted, bring_about
from badgateway.play.telling import tell
from badgateway.play.world import World

PREFIX = "/trigger"
_HEADERS = (("content-type", "application/json"),)


def is_for_prompting(request: Request) -> bool:
    """Say whether a request asks for an event."""
    return request.path == PREFIX or request.path.startswith(f"{PREFIX}/")


class Prompt:
    """One event that is asked for; implements `play.seam.Exchange`. Only worlds without a player take it.

    GET /trigger lists the events; POST /trigger/EVENT makes one, ?card=WORD with another card.
    """

    def __init__(self, worlds: Sequence[World], request: Request) -> None:
        self._request, self._key = request, key_of(request) or "no key"
        free = (world for world in worlds if world.is_free)
        self._found = [(world, one) for world in free for one in world.accounts if one.api_key == self._key]

    async def admit(self) -> Effect | None:
        """Wait for nothing."""
        return None

    def commit(self) -> Reply:
        """Bring the event about, and give its id; or list the events."""
        try:
            return _reply(200, **self._told())
        except _Refused as refused:
            return _reply(refused.status, error=str(refused))

    async def release(self, reply: Reply) -> Effect:
        """Send it as it is."""
        return Effect(reply)

    def finished(self, *, is_complete: bool, bytes_sent: int) -> None:
        """Do nothing: nobody waits for it."""

    def _told(self) -> dict[str, Any]:
        if not self._found:
            raise _Refused(401, "send the API key of a served account: Authorization: Bearer KEY")
        world, account = self._found[0]
        dialect = account.dialect
        if not isinstance(dialect, Prompted):
            raise _Refused(404, f"events of {dialect.name} are not made here")
        if self._request.method == "GET":
            return {"provider": dialect.name, "events": list(dialect.prompts)}
        event = unquote(self._request.path.removeprefix(PREFIX).strip("/"))
        if event not in dialect.prompts:
            raise _Refused(404, str(UnknownWord(f"event of {dialect.name}", event, dialect.prompts)))
        card = parse_qs(self._request.query).get("card", [None])[0]
        if card is not None and card not in dialect.cards:
            raise _Refused(404, str(UnknownWord(f"card of {dialect.name}", card, dialect.cards)))
        return _made(world, account, event, card)


class _Refused(Exception):
    """An event that is not made; `status` is HTTP's."""

    def __init__(self, status: int, said: str) -> None:
        super().__init__(said)
        self.status = status


def _made(world: World, account: Account, event: str, card: str | None) -> dict[str, Any]:
    # Written down first: whoever is killed in the middle of it does it again, and whole.
    keep_settlement(world, account, PROMPT, {"event": event, "card": card}, CAUSE)
    seen = world.journal.count
    payment = bring_about(world, account, event, card)
    tell(world)
    made = [one for one in world.journal.entries if one.seq > seen and one.kind == "event.created"]
    told = next((one for one in made if one.data["wire_type"] == event), None)
    if told is None:
        others = ", ".join(dict.fromkeys(str(one.data["wire_type"]) for one in made)) or "nothing"
        raise _Refused(409, f"no {event} came of it, but {others}")
    return {
        "event": told.data["event"],
        "type": event,
        "payment": payment.id if payment is not None else None,
    }


def _reply(status: int, **told: Any) -> Reply:
    return Reply(status, json.dumps(told).encode(), _HEADERS)
