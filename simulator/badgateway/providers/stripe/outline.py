"""Forms whose names came before: what the names alone tell is worked out once, and kept for the next one.

What is a hash and what a list, which value counts where a name comes twice, which are secret, and in which
order a fingerprint reads them: none of it depends on the values.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from operator import itemgetter
from typing import Any
from urllib.parse import unquote_plus

from badgateway.providers.stripe.forms import decode, flatten, hashed
from badgateway.providers.stripe.methods import SECRETS, masked

_OUTLINES_MAX = 256  # that are kept
_PAIRS_MAX, _LENGTH_MAX = 64, 4000  # pairs and characters of a form whose outline is kept

Pick = Callable[[Sequence[Any]], Sequence[Any]]


@dataclass(frozen=True, slots=True)
class Outline:
    """A form without its values, each of which is known by its place among the pairs.

    `parts` are its hashes and lists, the innermost first: what each is made of, and the keys of a hash. Each
    takes the place after the last value when it is made, so that the next one can be made of it.
    """

    parts: tuple[tuple[Pick, tuple[str, ...] | None], ...]
    flat: str  # as a fingerprint reads it, with %s for each value
    flat_order: Pick
    secrets: tuple[tuple[int, Callable[[str], str]], ...]  # which values are secret, and what stands for each


@dataclass(slots=True)
class _Known:
    """What is known of some names: they have an outline from the second time on, as many come only once."""

    comings: int = 0
    outline: Outline | None = None


def read(text: str) -> tuple[dict[str, Any], str]:
    """Give a form without its secrets, nested and as its fingerprint reads it; raises UnreadableForm."""
    if len(text) > _LENGTH_MAX:
        return _read_anew(text)
    names, values = [], []
    for pair in text.split("&"):
        if pair:
            name, _, value = pair.partition("=")
            names.append(name)
            values.append(value)
    outline = _outline_of(tuple(names)) if 0 < len(names) <= _PAIRS_MAX else None
    if outline is None:
        return _read_anew(text)
    if "%" in text:
        values = [unquote_plus(value) if "%" in value or "+" in value else value for value in values]
    elif "+" in text:
        values = [value.replace("+", " ") for value in values]
    for place, stand_in in outline.secrets:
        values[place] = stand_in(values[place])
    flat = outline.flat % tuple(outline.flat_order(values))
    made: list[Any] = values
    for pick, keys in outline.parts:
        inner = pick(made)
        made.append(list(inner) if keys is None else dict(zip(keys, inner, strict=True)))
    return made[-1], flat


def _read_anew(text: str) -> tuple[dict[str, Any], str]:
    params = masked(decode(text))
    return params, hashed(params)


def _outline_of(names: tuple[str, ...]) -> Outline | None:
    known = _known(names)
    if known.comings < 2:
        known.comings += 1
        if known.comings == 2:
            known.outline = _outline(names)
    return known.outline


@lru_cache(maxsize=_OUTLINES_MAX)
def _known(_names: tuple[str, ...]) -> _Known:
    return _Known()


def _outline(names: tuple[str, ...]) -> Outline | None:
    """Read a form in which each value is its own place; None where a hash stands in the place of a secret."""
    form = decode("&".join([f"{name}={place}" for place, name in enumerate(names)]))
    secrets = list(_secrets(form, ""))
    if not all(isinstance(value, str) for value, _ in secrets):
        return None
    flat = flatten(form)
    parts: list[tuple[Pick, tuple[str, ...] | None]] = []
    _place(form, parts, len(names))
    return Outline(
        parts=tuple(parts),
        flat="".join([f"\x1e{key.replace('%', '%%')}\x1f%s" for key, _ in flat]),
        flat_order=_pick([int(place) for _, place in flat]),
        secrets=tuple([(int(value), stand_in) for value, stand_in in secrets]),
    )


def _secrets(part: Any, name: str) -> Iterator[tuple[Any, Callable[[str], str]]]:
    """Give what stands where a secret belongs, in a hash of this name or in a list of such."""
    if isinstance(part, list):
        for one in part:
            yield from _secrets(one, name)
    if isinstance(part, dict):
        hidden = SECRETS.get(name, {})
        for key, one in part.items():
            if key in hidden:
                yield one, hidden[key]
            else:
                yield from _secrets(one, key)


def _place(part: Any, parts: list[tuple[Pick, tuple[str, ...] | None]], values: int) -> int:
    """Give the place of a value; a hash or list is added to the parts first, behind what it is made of."""
    if isinstance(part, str):
        return int(part)
    is_hash = isinstance(part, dict)
    places = [_place(one, parts, values) for one in (part.values() if is_hash else part)]
    parts.append((_pick(places), tuple(part) if is_hash else None))
    return values + len(parts) - 1


def _pick(places: Sequence[int]) -> Pick:
    # Of one place an itemgetter gives the value itself, and of a slice a list of it.
    return itemgetter(*places) if len(places) > 1 else itemgetter(slice(places[0], places[0] + 1))
