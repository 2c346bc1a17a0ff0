"""The view: what the integration says about one order, in our words and integer minor units."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

from badgateway.ground.money import MINOR_MAX, exponent, to_minor
from badgateway.integration.client import Incoming
from badgateway.integration.model import Description, Transition, TransitionPaths, ViewPaths, ViewRead
from badgateway.integration.paths import find, is_single

_WORD_CHARACTERS_MAX = 200


class ViewError(ValueError):
    """An answer that shows something else than it was described to; its message is a plain sentence."""


def read_answer(description: Description, answer: Incoming, currency: str | None) -> ViewRead:
    """Read an answer of the view operation; `currency` is the order's, where the view shows none."""
    if answer.problem is not None:
        return unreadable(answer.problem)
    acceptable = description.operations["view"].outcomes.get("ok", range(200, 300))
    if answer.status not in acceptable:
        return unreadable(f"HTTP {answer.status}")
    try:
        document = answer.document()
        if not isinstance(document, dict | list):
            return unreadable("the answer is no JSON object")
        return _read(description, document, currency)
    except ValueError as error:
        return unreadable(str(error))


def unreadable(problem: str, raw: str | None = None) -> ViewRead:
    """Give a view of which nothing can be judged, and why."""
    return ViewRead(status=None, raw=raw, is_readable=False, problem=problem)


def _read(description: Description, document: Any, order_currency: str | None) -> ViewRead:
    paths = description.view
    raw = _status(paths.status, document)
    if raw not in description.statuses:
        return unreadable(f"status word {raw!r} is not mapped in statuses: add it", raw)
    shown = _currency(paths, document)
    currency = shown or order_currency
    return ViewRead(
        status=description.statuses[raw],
        raw=raw,
        paid_minor=_amount("paid", paths.paid, document, paths, currency),
        refunded_minor=_amount("refunded", paths.refunded, document, paths, currency),
        currency=shown,
        refs=_refs(paths.refs, document),
        effects=_effects(paths, document),
        transitions=_transitions(description.transitions, document),
    )


def _transitions(paths: TransitionPaths | None, document: Any) -> tuple[Transition, ...] | None:
    if paths is None:
        return None
    return tuple(
        Transition(
            _said(paths.correlation, record),
            _said(paths.actor, record),
            _said(paths.to, record) or None if paths.to else None,
        )
        for record in find(paths.list, document)
        if isinstance(record, dict | list)
    )


def _said(path: str, record: Any) -> str:
    found = find(path, record)
    return str(found[0])[:_WORD_CHARACTERS_MAX].strip() if found and found[0] is not None else ""


def _status(path: str, document: Any) -> str:
    found = _one("status", path, document)
    if found is None:
        raise ViewError(f"view.status ({path}) finds nothing in the answer")
    if isinstance(found, bool | int):
        return str(found).lower()
    if not isinstance(found, str):
        raise ViewError(f"view.status ({path}) finds {_kind(found)}, not a word")
    return found[:_WORD_CHARACTERS_MAX]


def _currency(paths: ViewPaths, document: Any) -> str | None:
    if paths.currency is None:
        return None
    found = _one("currency", paths.currency, document)
    if found is None:
        return None
    if not isinstance(found, str):
        raise ViewError(f"view.currency ({paths.currency}) finds {_kind(found)}, not a currency code")
    exponent(found.upper())  # refuses what is no currency
    return found.upper()


def _amount(name: str, path: str | None, document: Any, paths: ViewPaths, currency: str | None) -> int | None:
    """Give minor units; an amount that is absent or null is not shown, as before the first payment."""
    found = _one(name, path, document) if path is not None else None
    if found is None:
        return None
    try:
        number = (
            Decimal(found) if isinstance(found, str | int | Decimal) and not isinstance(found, bool) else None
        )
    except InvalidOperation:
        number = None
    if number is None or not number.is_finite():
        raise ViewError(f"view.{name} ({path}) finds {_kind(found)}, not an amount")
    if not 0 <= number <= MINOR_MAX:
        raise ViewError(f"view.{name} ({path}) finds {str(found)[:40]}, which is no amount of money")
    if paths.amounts == "minor":
        if number != number.to_integral_value():
            raise ViewError(
                f"view.{name} ({path}) finds {found}, but amounts are declared minor: whole numbers"
            )
        return int(number)
    if currency is None:
        raise ViewError(f"view.{name} ({path}) is decimal, and no currency is known: describe view.currency")
    try:
        return to_minor(_without_zeros(number), currency)
    except ValueError as error:
        raise ViewError(f"view.{name} ({path}): {error}") from None


def _without_zeros(number: Decimal) -> Decimal:
    # Databases show 49.9900; the zeros change nothing.
    whole = number.to_integral_value()
    return whole if number == whole else number.normalize()


def _refs(path: str | None, document: Any) -> tuple[str, ...] | None:
    if path is None:
        return None
    found = find(path, document)
    if is_single(path) and found:
        found = found[0] if isinstance(found[0], list) else found
    refs = [ref for ref in found if ref is not None]
    if any(isinstance(ref, bool) or not isinstance(ref, str | int) for ref in refs):
        raise ViewError(f"view.refs ({path}) finds what is no id")
    return tuple(dict.fromkeys(str(ref) for ref in refs))


def _effects(paths: ViewPaths, document: Any) -> dict[str, int]:
    counted = {}
    for name, path in paths.effects.items():
        count = _count(name, path, document)
        if count is not None:
            counted[name] = count
    return counted


def _count(name: str, path: str, document: Any) -> int | None:
    """Give a counter's value or a list's length; None where the answer does not show it."""
    found = find(path, document)
    if not is_single(path):
        return len(found)
    if not found:
        return None
    value = found[0]
    match value:
        case None:
            return 0
        case bool() | int():
            return int(value)
        case list() | dict():
            return len(value)
        case Decimal() if value == value.to_integral_value():
            return int(value)
        case _:
            raise ViewError(f"view.effects.{name} ({path}) finds {_kind(value)}, neither a number nor a list")


def _one(name: str, path: str, document: Any) -> Any:
    found = find(path, document)
    if len(found) > 1:
        raise ViewError(f"view.{name} ({path}) finds {len(found)} values, and one is due")
    return found[0] if found else None


def _kind(value: Any) -> str:
    match value:
        case bool():
            return str(value).lower()
        case str():
            return repr(value[:40])
        case list():
            return "a list"
        case dict():
            return "an object"
        case _:
            return str(value)[:40]
