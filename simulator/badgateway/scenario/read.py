"""From a filled-in document of the right shape to the records of one case."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from badgateway.errors import Problem
from badgateway.ground.duration import to_ms
from badgateway.ground.yaml12 import Document, Path
from badgateway.scenario import language
from badgateway.scenario.model import Case, Delivery, Expect, Fault, Load, Selector, Step, World
from badgateway.scenario.periods import with_periods
from badgateway.scenario.selector import parse_call, parse_event


def read_case(document: Document, n: int, matrix: Mapping[str, object]) -> tuple[Case, list[Problem]]:
    """Read one case; a fault or delivery whose selector cannot be read is left out and told as a problem."""
    value = document.value
    steps = with_periods(
        _step(step, ("steps", index), index + 1, document) for index, step in enumerate(value["steps"])
    )
    reader = _Reader(document, order_names(steps))
    world = value.get("world") or {}
    case = Case(
        n,
        matrix,
        World(
            world.get("currency"),
            world.get("card", "approved"),
            world.get("mode") != "permissive",
            tuple(world.get("merchants") or ()),
            tuple(world.get("canary") or ()),
            world.get("base_currency"),
            world.get("cart"),
            tuple(world.get("route") or ()),
            tuple(world.get("behind") or ()),
            tuple(world.get("rules") or ()),
        ),
        steps,
        reader.faults(value.get("faults") or []),
        reader.deliveries(value.get("deliveries") or []),
        _expect(value.get("expect") or {}),
        document,
        reader.load(value.get("load") or []),
    )
    return case, reader.problems


def order_names(steps: tuple[Step, ...]) -> tuple[str, ...]:
    """Give the orders that the story opens: by paying, renewing, or coming back without having paid."""
    single = [one for step in steps for one in (step.members or (step,))]
    opened = [one.order for one in single if one.order and (one.do in {"pay", "renew"} or one.is_forged)]
    return tuple(dict.fromkeys(opened))


def _step(step: Any, path: Path, n: int, document: Document) -> Step:
    if isinstance(step, str):
        return Step(n, step, path)
    ((do, value),) = step.items()
    inner = (*path, do)
    if do == "together":
        repeat = value["repeat"] if isinstance(value, dict) else 1
        inner = (*inner, "steps") if isinstance(value, dict) else inner
        raced = value["steps"] if isinstance(value, dict) else value
        members = tuple(_step(member, (*inner, index), n, document) for index, member in enumerate(raced))
        return Step(n, do, path, members=members, repeat=repeat)
    short = language.STEP_KINDS[do].short
    fields = value if isinstance(value, dict) else {short: value} if short is not None else {}
    return Step(
        n,
        do,
        path,
        order=fields.get("order"),
        amount=fields.get("amount"),
        capture=fields.get("capture"),
        card=fields.get("card"),
        is_again=fields.get("again", False),
        result=fields.get("result"),
        is_forged=fields.get("forged", False),
        by_ms=to_ms(fields["by"]) if "by" in fields else _late_ms(do, fields),
        flaw=fields.get("flaw"),
        flaws=_flaws(do, fields),
        reason=fields.get("reason"),
        stage=fields.get("stage"),
        merchant=fields.get("merchant"),
        provider=fields.get("provider"),
        is_saving=fields.get("save", False),
        script=tuple(fields.get("script", ())),
    )


def _late_ms(do: str, fields: Mapping[str, Any]) -> int:
    """Give how late the report of a payout is."""
    return to_ms(fields["late"]) if do == "payout" and "late" in fields else 0


def _flaws(do: str, fields: Mapping[str, Any]) -> dict[str, str]:
    """Give the orders whose lines are told wrongly, and how."""
    return {fields[flaw]: flaw for flaw in language.FLAWS if do == "settle" and flaw in fields}


def _mutation(value: str | Mapping[str, str] | None) -> Mapping[str, str]:
    return {"kind": value} if isinstance(value, str) else value or {}


def _expect(value: Mapping[str, Any]) -> Expect:
    return Expect(
        value.get("order") or {},
        value.get("captured") or {},
        value.get("refunded") or {},
        tuple(value.get("broken") or ()),
    )


class _Reader:
    """Reads what has selectors in it."""

    def __init__(self, document: Document, orders: tuple[str, ...]) -> None:
        self.document = document
        self.orders = orders
        self.problems: list[Problem] = []

    def faults(self, values: list[Any]) -> tuple[Fault, ...]:
        """Read the faults; unplayed words are told here, because nothing can be compiled from them."""
        known = {field.name for field in language.FAULT}
        found = []
        for index, value in enumerate(values):
            path: Path = ("faults", index)
            self._refuse_unplayed(language.FAULT, value, path)
            words = [word for word in ("do", *language.SHORT_FAULTS) if word in value]
            if len(words) > 1:
                what = f"either `{words[0]}` or `{words[1]}`, not both"
                self.problems.append(self.document.problem((*path, words[1]), what, at_key=True))
                continue
            at = self._selector(value["at"], (*path, "at"), is_call=True)
            if at is not None and words:
                options = {name: option for name, option in value.items() if name not in known}
                if words[0] != "do":
                    options = {language.SHORT_FAULTS[words[0]]: value[words[0]], **options}
                do = value.get("do", words[0])
                found.append(Fault(index + 1, path, at, do, value.get("phase"), options))
        return tuple(found)

    def deliveries(self, values: list[Any]) -> tuple[Delivery, ...]:
        """Read the deliveries."""
        found = []
        for index, value in enumerate(values):
            path: Path = ("deliveries", index)
            self._refuse_unplayed(language.DELIVERY, value, path)
            event = self._selector(value["event"], (*path, "event"), is_call=False)
            after = self._selector(value.get("after"), (*path, "after"), is_call=False)
            batch = [
                self._selector(one, (*path, "batch", place), is_call=False)
                for place, one in enumerate(value.get("batch", ()))
            ]
            if event is None:
                continue
            found.append(
                Delivery(
                    index + 1,
                    path,
                    event,
                    copies=value.get("copies", 2 if "as" in value else 1),
                    how=value.get("how", "in_turn"),
                    is_before_reply="before" in value,
                    after=after,
                    delay_ms=to_ms(value["delay"]) if "delay" in value else 0,
                    is_lost=value.get("lose", False),
                    is_late=value.get("late", False),
                    signature=value.get("signature"),
                    beside=value.get("with"),
                    then=value.get("then"),
                    mutate=_mutation(value.get("mutate")),
                    batch=tuple(one for one in batch if one is not None),
                    is_renamed="as" in value,
                    to=value.get("to"),
                    is_of_strangers="from" in value,
                    is_resent="resend" in value,
                )
            )
        return tuple(found)

    def load(self, values: list[Any]) -> tuple[Load, ...]:
        """Read what is asked while a call is held."""
        found = []
        for index, value in enumerate(values):
            path: Path = ("load", index)
            during = self._selector(value["while"], (*path, "while"), is_call=True)
            if during is not None:
                order, times = value.get("order"), value.get("times", 1)
                found.append(Load(index + 1, path, tuple(value["on"]), during, order, times))
        return tuple(found)

    def _refuse_unplayed(
        self, fields: tuple[language.Field, ...], value: Mapping[str, Any], path: Path
    ) -> None:
        for field in fields:
            if not field.is_played and field.name in value:
                what = f"{field.name!r} is known, not played yet"
                self.problems.append(self.document.problem((*path, field.name), what, at_key=True))

    def _selector(self, text: str | None, path: Path, *, is_call: bool) -> Selector | None:
        if text is None:
            return None
        try:
            return (parse_call if is_call else parse_event)(text, self.orders)
        except ValueError as error:
            self.problems.append(self.document.problem(path, str(error)))
            return None
