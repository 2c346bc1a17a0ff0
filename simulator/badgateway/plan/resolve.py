"""Resolve every name of a case: faults with their options, cards, provider event types, invariants."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal

from badgateway.errors import Problem, nearest
from badgateway.faults import FAULTS
from badgateway.faults.base import CONNECT, Option
from badgateway.faults.base import Fault as Effectful
from badgateway.faults.kill import Kill
from badgateway.ground.duration import EXPECTED, to_ms, to_offset_ms
from badgateway.ground.money import to_minor
from badgateway.ground.shape import show
from badgateway.ground.yaml12 import Path, number_trap
from badgateway.invariants import INVARIANTS
from badgateway.plan.aim import aim
from badgateway.plan.model import ANY, CALLS, EFFECT, PlannedDelivery, PlannedFault, PlannedLoad, Selector
from badgateway.providers import DIALECTS
from badgateway.providers.base import Batches, Dialect, KnowsStrangers, Retells, raises_holds, signs_moment
from badgateway.scenario.language import CANARY_DOORS, SHORT_FAULTS
from badgateway.scenario.model import Case, Delivery, Fault, Step
from badgateway.scenario.model import Selector as Asked


class Resolver:
    """Resolves the names of one case for one provider, and collects what is unknown."""

    def __init__(self, case: Case, provider: str) -> None:
        self.case = case
        self.provider = provider
        known = (name for name in case.world.behind if name in DIALECTS.names())
        self.providers = case.world.route or (provider, *known)
        self.currency = "EUR"  # of the amounts that faults state; the compiler knows better
        self.problems: list[Problem] = []

    def faults(self) -> tuple[PlannedFault, ...]:
        """Resolve the faults; one that cannot be is left out and told."""
        found: dict[tuple[Selector, str, bool], PlannedFault] = {}
        for fault in self.case.faults:
            planned = self._fault(fault)
            if planned is None:
                continue
            place = (planned.at, planned.phase, FAULTS[planned.do].shapes_wire)
            if place in found:
                self.tell(fault.path, f"strikes where fault {found[place].index} strikes already")
            found.setdefault(place, planned)
        return tuple(found.values())

    def deliveries(self) -> tuple[PlannedDelivery, ...]:
        """Resolve the deliveries."""
        for one in self.case.deliveries:
            self._look_for_means(one)
        return tuple(
            PlannedDelivery(
                one.index,
                self._event(one.event, (*one.path, "event")),
                copies=one.copies,
                how=one.how,
                before="reply" if one.is_before_reply else None,
                after=self._event(one.after, (*one.path, "after")) if one.after is not None else None,
                delay_ms=one.delay_ms,
                is_lost=one.is_lost,
                is_late=one.is_late,
                signature=one.signature or "ok",
                beside=one.beside,
                then=one.then,
                mutate=self._aimed(one.mutate, (*one.path, "mutate"), "event", one.event)
                if one.mutate
                else {},
                line=self.case.line(one.path),
                batch=self._batch(one),
                is_renamed=one.is_renamed,
                to=one.to,
                is_of_strangers=one.is_of_strangers,
                is_resent=one.is_resent,
            )
            for one in self.case.deliveries
        )

    def load(self) -> tuple[PlannedLoad, ...]:
        """Resolve what is asked while a call is held."""
        return tuple(
            PlannedLoad(
                one.index,
                one.on,
                self._event(one.during, (*one.path, "while")),
                one.order,
                one.times,
                self.case.line(one.path),
            )
            for one in self.case.load
        )

    def broken(self) -> tuple[str, ...]:
        """Resolve the invariants that are expected to break."""
        for index, name in enumerate(self.case.expect.broken):
            if name not in INVARIANTS:
                what = f"unknown invariant {name!r}{nearest(name, INVARIANTS.names())}"
                self.tell(("expect", "broken", index), what)
        return self.case.expect.broken

    def check_raising(self, path: Path) -> None:
        """Tell of providers of the story at which a hold stays as it is."""
        for provider in self.providers:
            if not raises_holds(DIALECTS[provider]):
                able = ", ".join(dialect.name for dialect in DIALECTS if raises_holds(dialect))
                what = f"{provider} cannot raise a hold; `increment` is for: {able}"
                self.tell((*path, "increment"), what, at_key=True)

    def check_settling(self, step: Step) -> str | None:
        """Give the provider at which a step settles, and tell one of which the story knows nothing."""
        there = self.case.world.behind or self.providers
        if step.provider is not None and step.provider not in there:
            what = f"{step.provider!r} is no provider of this story{nearest(step.provider, there)}"
            self.tell((*step.path, step.do, "provider"), what)
        return step.provider

    def canary(self) -> tuple[str, ...]:
        """Resolve the doors by which canaries come in."""
        for index, name in enumerate(self.case.world.canary):
            if name not in CANARY_DOORS:
                what = f"unknown canary {name!r}{nearest(name, CANARY_DOORS)}"
                self.tell(("world", "canary", index), what)
            elif name == "card" and self.case.world.card != "approved":
                what = f"a typed card is approved, and the world's card is {self.case.world.card!r}"
                self.tell(("world", "canary", index), what)
        return self.case.world.canary

    def card(self, word: str, path: Path) -> str:
        """Check that the dialect has a card of this word."""
        for provider in self.providers:
            cards = DIALECTS[provider].cards
            if word not in cards:
                self.tell(path, f"unknown card {word!r} of {provider}{nearest(word, cards)}")
                break
        return word

    def _event(self, asked: Asked, path: Path) -> Selector:
        self._look_up(asked, path)
        return planned_selector(asked)

    def _look_up(self, asked: Asked, path: Path) -> None:
        """Tell of a provider or a caller that a selector names and nobody knows."""
        for name in (asked.provider, asked.by):
            if name not in {None, EFFECT, *DIALECTS.names()}:
                self.tell(path, f"unknown provider {name!r}{nearest(str(name), DIALECTS.names())}")
                return
        is_there = asked.provider in {None, EFFECT, *self.providers} or asked.by is not None
        if not is_there and self.case.world.route:
            what = f"{asked.provider!r} takes no part in this story; its route is {', '.join(self.providers)}"
            self.tell(path, what)
        elif not is_there and asked.name in CALLS:
            self.tell(path, f"the story's provider is {self.provider}, not {asked.provider}")

    def _dialect_of(self, asked: Asked) -> Dialect:
        """Give the dialect of what a selector names: its provider's, else the first one's."""
        there = asked.provider is not None and asked.provider in self.providers
        return DIALECTS[str(asked.provider) if there else self.provider]

    def _batch(self, one: Delivery) -> tuple[Selector, ...]:
        return tuple(self._event(asked, (*one.path, "batch", place)) for place, asked in enumerate(one.batch))

    def _look_for_means(self, one: Delivery) -> None:
        """Tell what a delivery asks for and this provider never does."""
        dialect = self._dialect_of(one.event)
        is_own_type = one.is_of_strangers and one.event.provider is not None
        wanted: tuple[tuple[str, object, type, str], ...] = (
            ("batch", one.batch, Batches, "sends one event in each request"),
            ("as", one.is_renamed, Retells, "has one event for each fact"),
            ("from", is_own_type, KnowsStrangers, "tells of payments only: name a neutral event"),
        )
        for word, is_asked, ability, why in wanted:
            if is_asked and not isinstance(dialect, ability):
                able = ", ".join(dialect.name for dialect in DIALECTS if isinstance(dialect, ability))
                what = f"{dialect.name} {why}; `{word}` is for: {able or 'no provider yet'}"
                self.tell((*one.path, word), what, at_key=True)
        if one.signature == "stale" and not signs_moment(dialect):
            what = f"{dialect.name} signs no moment: none of its signatures is ever too old"
            self.tell((*one.path, "signature"), what)

    def _look_for_caller(self, fault: Fault) -> None:
        """Tell of a fault on a hop that nobody takes."""
        if fault.at.by is None or self.case.world.route:
            return
        if fault.at.by != self.provider or not self.case.world.behind:
            self.tell((*fault.path, "at"), f"{fault.at.by} calls nobody in this story")
        elif fault.do == Kill.name:
            self.tell((*fault.path, "at"), f"{fault.at.by} is nobody's to kill")

    def _fault(self, fault: Fault) -> PlannedFault | None:
        if fault.do not in FAULTS:
            self.tell((*fault.path, "do"), f"unknown fault {fault.do!r}{nearest(fault.do, FAULTS.names())}")
            return None
        kind = FAULTS[fault.do]
        self._look_up(fault.at, (*fault.path, "at"))
        self._look_for_caller(fault)
        if fault.at.provider == EFFECT and not kind.shapes_wire:
            self.tell((*fault.path, "at"), f"{fault.do!r} is for calls to a provider, not for an effect")
            return None
        phase = fault.phase or kind.phase
        if phase not in kind.phases:
            what = f"{fault.do!r} does not strike at {phase!r}; it strikes at: {', '.join(kind.phases)}"
            self.tell((*fault.path, "phase"), what)
        if kind.ops is not None and fault.at.name not in {ANY, *kind.ops}:
            where = " or ".join((*kind.ops, ANY))
            self.tell((*fault.path, "at"), f"{fault.do!r} strikes at {where}, not at {fault.at.name}")
        if phase == CONNECT and fault.options.get("stored"):
            self.tell((*fault.path, "stored"), "at 'connect' the provider has seen no key to store it under")
        values = self._options(fault, kind)
        if values is None:
            return None
        objection = kind(values=values).objection()
        if objection is not None:
            self.tell(fault.path, objection)
        elif fault.do == "mutate":
            values = self._aimed(values, fault.path, "reply", fault.at)
        return PlannedFault(
            fault.index, planned_selector(fault.at), phase, fault.do, values, self.case.line(fault.path)
        )

    def _aimed(self, values: Mapping[str, object], path: Path, body: str, at: Asked) -> dict[str, object]:
        """Resolve what a mutation of an event or a reply aims at, in the dialect's own paths."""
        dialect = self._dialect_of(at)
        landmarks = dialect.event_landmarks if body == "event" else dialect.reply_landmarks
        try:
            return aim(values, landmarks)
        except ValueError as error:
            self.tell((*path, "field"), str(error))
            return dict(values)

    def _options(self, fault: Fault, kind: type[Effectful]) -> dict[str, object] | None:
        options = {option.name: option for option in kind.options}
        values: dict[str, object] = {}
        before = len(self.problems)
        for name, value in fault.options.items():
            is_short = SHORT_FAULTS.get(fault.do) == name
            path = (*fault.path, fault.do if is_short else name)
            if name not in options:
                near = nearest(name, [*options, "at", "phase"])
                self.tell(path, f"unknown option {name!r} of {fault.do!r}{near}", at_key=True)
                continue
            try:
                currency = str(fault.options.get("currency") or self.currency)
                values[name] = option_value(options[name], value, currency)
            except ValueError as error:
                self.tell(path, str(error))
        return values if len(self.problems) == before else None

    def tell(self, path: Path, what: str, *, at_key: bool = False) -> None:
        """Remember a problem with a part of the file."""
        self.problems.append(self.case.document.problem(path, what, at_key=at_key))


def planned_selector(asked: Asked) -> Selector:
    """Give the plan's own record of a selector."""
    return Selector(asked.name, asked.n, asked.order, asked.provider, asked.by)


def option_value(option: Option, value: object, currency: str = "EUR") -> object:
    """Check one option of a fault; raises ValueError. Durations become milliseconds, amounts minor units."""
    if option.kind == "amount":
        return _amount(value, currency)
    checked = _READERS[option.kind](option, value)
    if isinstance(checked, int) and not isinstance(checked, bool):
        _in_bounds(option, checked, show(value))
    return checked


def _duration(_: Option, value: object) -> object:
    if not isinstance(value, str):
        raise ValueError(f"expected {EXPECTED}, found {show(value)}")  # noqa: TRY004 - one family
    return to_ms(value)


def _offset(_: Option, value: object) -> object:
    return to_offset_ms(value if isinstance(value, str) else show(value))


def _amount(value: object, currency: str) -> int:
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
        raise ValueError(f"expected an amount such as 4.99, found {show(value)}")  # noqa: TRY004 - one family
    minor = to_minor(value, currency)
    if minor <= 0:
        raise ValueError("an amount is more than nothing")
    return minor


def _flag(_: Option, value: object) -> object:
    if not isinstance(value, bool):
        raise ValueError(f"expected true or false, found {show(value)}")  # noqa: TRY004 - one family
    return value


def _integer(_: Option, value: object) -> object:
    if not isinstance(value, int) or isinstance(value, bool):
        trap = number_trap(value) if isinstance(value, str) else None
        reason = f": {trap[0]}, {trap[1]}" if trap else ", expected a whole number"
        raise ValueError(f"found {show(value)}{reason}")  # noqa: TRY004 - one family
    return value


def _choice(option: Option, value: object) -> object:
    if value not in option.choices:
        raise ValueError(f"found {show(value)}{nearest(str(value), option.choices)}")
    return value


def _mapping(_: Option, value: object) -> object:
    if not isinstance(value, Mapping):
        raise ValueError(f"expected a mapping, found {show(value)}")  # noqa: TRY004 - one family
    return {name: one if isinstance(one, str) else show(one) for name, one in value.items()}


def _text(_: Option, value: object) -> object:
    if not isinstance(value, str):
        raise ValueError(f"expected text, found {show(value)} (quote it)")  # noqa: TRY004 - one family
    return value


_READERS: Mapping[str, Callable[[Option, object], object]] = {
    "duration": _duration,
    "offset": _offset,
    "flag": _flag,
    "integer": _integer,
    "choice": _choice,
    "mapping": _mapping,
    "text": _text,
}


def _in_bounds(option: Option, number: int, found: str) -> None:
    unit = " ms" if option.kind == "duration" else ""
    if option.minimum is not None and number < option.minimum:
        raise ValueError(f"found {found}, expected at least {option.minimum}{unit}")
    if option.maximum is not None and number > option.maximum:
        raise ValueError(f"found {found}, expected at most {option.maximum}{unit}")
