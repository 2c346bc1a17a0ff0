"""Pacts from traffic: what an integration asked of its provider in many plays becomes one pact."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from badgateway.contract.document import Contract, contract_of
from badgateway.contract.overreach import Overreach
from badgateway.errors import EnvironmentProblem, InputError
from badgateway.ground.redact import redact
from badgateway.play.world import World
from badgateway.verify import generalised
from badgateway.verify.interactions import Group, Interaction, draft, groups_of
from badgateway.verify.observations import Call, LeftOut, Observer, Webhook
from badgateway.verify.reading import Reading
from badgateway.verify.rehearsal import Rehearsal

SAMPLES_MAX = 60  # of one kind of call; more of the same tells nothing new
TRIES_MAX = 3  # of the samples of a group, each of them as the example
_ROUNDS_MAX = 6
_NO_STATE = "no provider state brings it about"


@dataclass(frozen=True, slots=True)
class Recorded:
    """The pact of one provider, and what was left out of it, by reason."""

    path: Path
    calls: int
    messages: int
    plays: int
    left_out: Mapping[tuple[str, str], int]  # name and reason -> how often it was seen


@dataclass(slots=True)
class _Seen:
    """What was seen of one provider."""

    contract: Contract | None
    calls: dict[tuple[Any, ...], list[Call]] = field(default_factory=dict)
    webhooks: dict[tuple[Any, ...], list[Webhook]] = field(default_factory=dict)
    left_out: Counter[tuple[str, str]] = field(default_factory=Counter)
    secrets: set[str] = field(default_factory=set)
    plays: int = 0


class Recorder:
    """Watches plays, and writes what they have in common."""

    def __init__(self, consumer: str, reading: Reading | None = None) -> None:
        self._consumer, self._reading = consumer, reading
        self._seen: dict[str, _Seen] = {}
        self._pool: ThreadPoolExecutor | None = None
        self._unread: list[Future[None]] = []

    def watch(self, world: World) -> None:
        """Take a play that is over; one in which something was struck on purpose promises nothing."""
        for dialect in world.dialects:
            # Reading a play takes longer than anybody should wait whose answer this loop has to give.
            self._pool = self._pool or ThreadPoolExecutor(1)
            self._unread.append(self._pool.submit(self._read, dialect.name, Observer(world, dialect)))

    def _read(self, provider: str, observer: Observer) -> None:
        seen = self._seen.setdefault(provider, _Seen(contract_of(provider)))
        seen.plays += not observer.is_struck
        seen.secrets |= set(observer.secrets)
        for one in observer.observations(seen.contract):
            match one:
                case Call():
                    _keep(seen.calls, one, (one.name, one.status, *_shape(one)))
                case Webhook():
                    _keep(seen.webhooks, one, (one.name, *(state.name for state in one.states)))
                case LeftOut():
                    seen.left_out[one.name, one.why] += 1

    def write(self, folder: Path) -> tuple[Recorded, ...]:
        """Write a pact for each provider; raises EnvironmentProblem where the folder refuses it."""
        for reading in self._unread:
            reading.result()
        self._unread.clear()
        if self._pool is not None:
            self._pool.shutdown()
            self._pool = None
        return tuple(self._write(folder, provider, seen) for provider, seen in self._seen.items())

    def unread(self) -> tuple[str, ...]:
        """Name what the list of fields names and no interaction has."""
        return self._reading.unread() if self._reading is not None else ()

    def _write(self, folder: Path, provider: str, seen: _Seen) -> Recorded:
        made: dict[str, dict[str, Any]] = {}
        calls, left_out = 0, Counter(seen.left_out)
        maker = _Maker(provider, seen, self._reading)
        for group in groups_of(seen.calls.values(), seen.webhooks.values()):
            found = maker.make(group)
            if isinstance(found, str):
                left_out[group.name, found] += len(group.samples)
            elif found is not None:
                made[found["description"]] = found
                calls += group.is_call
        # Pact's own tools name their files so; a name may hold what a file's name cannot.
        path = folder / f"{re.sub(r'[^A-Za-z0-9_.-]+', '_', self._consumer)}-{provider}.json"
        pact = {
            "consumer": {"name": self._consumer},
            "provider": {"name": provider},
            "interactions": [made[name] for name in sorted(made)],
            "metadata": {"pactSpecification": {"version": "4.0"}},
        }
        try:
            folder.mkdir(parents=True, exist_ok=True)
            path.write_text(json.dumps(pact, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
        except OSError as error:
            raise EnvironmentProblem(f"the pact cannot be written to {folder}: {error.strerror}") from error
        return Recorded(path, calls, len(made) - calls, seen.plays, dict(left_out))


class _Maker:
    """Makes the interaction of a group: drafted, rehearsed, cut down to what is promised."""

    def __init__(self, provider: str, seen: _Seen, reading: Reading | None) -> None:
        self._rehearsal = Rehearsal(provider)
        self._overreach = Overreach(seen.contract) if seen.contract is not None else None
        self._secrets, self._reading = tuple(seen.secrets), reading

    def make(self, group: Group) -> dict[str, Any] | str:
        """Give an interaction as a pact holds it, or why it is left out."""
        why = ""
        for first in range(min(TRIES_MAX, len(group.samples))):
            found = self._made(draft(group, first))
            if not isinstance(found, str):
                return found
            why = why or found
        return why

    def _made(self, one: Interaction) -> dict[str, Any] | str:
        if self._reading is not None:
            one.keep(self._reading.of(one.group.name))
        for _ in range(_ROUNDS_MAX):
            text = json.dumps(one.data)
            if redact(text, self._secrets) != text:
                return "it carries card data or a secret"
            beyond = list(self._beyond(one))
            if (wrong := next((why for path, why in beyond if path is None), None)) is not None:
                return wrong
            if beyond:
                one.drop([path for path, _ in beyond if path is not None])
                continue
            found = self._rehearsed(one)
            if isinstance(found, str):
                return found
            if not found:
                return one.data
            # What the states do not settle, such as a bank's wording, may be otherwise; what they do not
            # bring about at all cannot be asked for.
            one.loosen([path for path, why in found if why == generalised.OTHER])
            one.drop([path for path, why in found if why == generalised.ABSENT])
        return "what it was answered and what is promised could not be brought together"

    def _beyond(self, one: Interaction) -> Iterator[tuple[generalised.Path | None, str]]:
        """Give what of the answer the document does not promise; no path: something else is beyond it."""
        if self._overreach is None:
            return
        for difference in self._overreach.differences(one.data) or ():
            yield one.place(difference.pointer), f"beyond the provider's document: {difference}"

    def _rehearsed(self, one: Interaction) -> list[tuple[generalised.Path, str]] | str:
        """Give where the states bring about something else than was recorded, or why it is no such answer."""
        try:
            shown = (self._rehearsal.call if one.group.is_call else self._rehearsal.message)(one.data)
        except InputError as error:
            return f"{_NO_STATE}: {error}"
        if one.group.is_call and shown.status != one.data["response"]["status"]:
            return f"{_NO_STATE}: {one.data['response']['status']} was recorded, {shown.status} came back"
        if shown.stands not in one.group.statuses:
            return f"{_NO_STATE}: the payment was recorded otherwise than as {shown.stands}"
        if shown.headers:
            one.sign(shown.headers)
        return list(generalised.differing(one.node, shown.body))


def _keep(kept: dict[tuple[Any, ...], list[Any]], one: Any, key: tuple[Any, ...]) -> None:
    samples = kept.setdefault(key, [])
    if len(samples) < SAMPLES_MAX:
        samples.append(one)


def _shape(call: Call) -> Sequence[Any]:
    """Give what two calls have in common that can be one interaction: states, and what is asked with."""
    node = generalised.merged([call.asked]) if call.asked is not None else None
    body = sorted(path for path, _ in generalised.leaves(node)) if node is not None else ()
    return (
        tuple(state.name for state in call.states),
        tuple(name for name, _ in call.query),
        tuple(body),
        tuple(name for name, _ in call.headers),
    )
