"""The sink: where the integration sends mail, fulfilment and stock, so that nobody guesses at effects."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from badgateway.faults.base import AFTER_COMMIT, BEFORE_COMMIT, CONNECT, Effect, bare_page
from badgateway.ground.message import Reply, Request
from badgateway.integration.paths import find
from badgateway.plan.model import EFFECT, PlannedFault
from badgateway.play.dossier import named_in
from badgateway.play.world import World

if TYPE_CHECKING:
    from badgateway.integration.model import EffectDoor

PREFIX = "/sink"
NOT_OURS = Reply(
    404, b'{"error": "badgateway: no order of a play, and no effect that badgateway.yaml declares"}'
)


def is_for_sink(request: Request) -> bool:
    """Say whether a request comes to the sink."""
    return request.path == PREFIX or request.path.startswith(f"{PREFIX}/")


def is_told_in(world: World, request: Request) -> bool:
    """Say whether a request to the sink names an order of this world."""
    text = _text(request)
    return world.names_order((text,))


class Arrival:
    """One effect on its way into the sink; implements `play.seam.Exchange`. Never parks at a gate."""

    def __init__(self, world: World, request: Request) -> None:
        self._world, self._request = world, request
        self._body = _document(request.body)
        world.watch.look("URL", f"{request.path}?{request.query}", world)
        world.watch.look("effect", request.body, world)
        self.door = next((one for one in world.effects if _is_at(one, request)), None)
        self.order = self._order()
        self.op = f"{EFFECT}:{self.door.name if self.door else ''}"
        self.n = world.count(self.order, self.op)
        self.arrival, self.own_n = 0, self.n
        self.by, self.provider = None, EFFECT
        world.effects_seen += 1

    async def admit(self) -> Effect | None:
        """Let a fault before the commit answer: then nothing was taken."""
        struck = self._world.faults.striking(self, CONNECT, BEFORE_COMMIT)
        if struck is None:
            return None
        self._note(is_taken=False)
        self._tell(struck[0])
        return struck[1].strike(bare_page(500))

    def commit(self) -> Reply:
        """Take it; the same key for the same order and effect is taken once."""
        if self.door is None or self.order is None:
            self._world.journal.write(
                "run.stray",
                path=self._request.path,
                method=self._request.method,
                reason="badgateway.yaml declares no effect that comes here",
            )
            return NOT_OURS
        self._note(is_taken=True)
        return Reply(200, b'{"taken": true}')

    async def release(self, reply: Reply) -> Effect:
        """Let a fault after the commit shape the answer: it was taken, whatever the integration hears."""
        struck = self._world.faults.striking(self, AFTER_COMMIT)
        if struck is None:
            return Effect(reply)
        self._tell(struck[0])
        return struck[1].strike(reply)

    def finished(self, *, is_complete: bool, bytes_sent: int) -> None:  # noqa: ARG002 - the seam tells both
        """Wake whoever waits: something has moved."""
        self._world.gates.note()

    def _note(self, *, is_taken: bool) -> None:
        door, key = self.door, self._key()
        name = door.name if door else self._request.path
        known = (self.order, f"{self.op} key {key}")
        self._world.journal.write(
            "effect.seen",
            self.order,
            effect=name,
            n=self.n,
            key=key,
            body_hash=_short(self._request.body),
            is_taken=is_taken,
            is_again=key is not None and self._world.dossiers.counted(*known) > 0,
        )
        if is_taken and key is not None:
            self._world.count(*known)

    def _tell(self, planned: PlannedFault) -> None:
        self._world.faults.fired.add(planned.index)
        self._world.journal.write(
            "fault.fired",
            self.order,
            fault=planned.index,
            at=str(planned.at),
            phase=planned.phase,
            do=planned.do,
        )

    def _order(self) -> str | None:
        """Give the order that the declared place names; without one, the order whose reference is in it."""
        path = self.door.order if self.door else None
        if path is not None and self._body is not None:
            told = {str(one) for one in find(path, self._body)}
            return next((name for reference, name in self._world.orders.items() if reference in told), None)
        text = _text(self._request)
        reference = named_in((text,), self._world.orders)
        return self._world.orders[reference] if reference is not None else None

    def _key(self) -> str | None:
        """Give a short digest of what is the same when this effect is sent again; None: it has none."""
        path = self.door.key if self.door else ""
        if path.startswith("$"):
            told = find(path, self._body) if self._body is not None else []
            return _short(json.dumps(told[0]).encode()) if told and told[0] is not None else None
        header = self._request.header(path)
        return _short(header.encode()) if header else None


def _is_at(door: EffectDoor, request: Request) -> bool:
    return request.method == door.method and request.path.rstrip("/") == (PREFIX + door.path).rstrip("/")


def _text(request: Request) -> str:
    return f"{request.path}?{request.query} {request.body.decode('utf-8', 'replace')}"


def _document(body: bytes) -> Any:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict | list) else None


def _short(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:12]
