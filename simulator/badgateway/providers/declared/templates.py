"""Templates: JSON whose texts hold declared names in braces, with `each` for lists and `when` for choices.

A text that is nothing but one name keeps the value's own type; a key that ends in ? is left out where its
value is null. `{{` and `}}` are literal braces. Nothing else is understood, and nothing is ever executed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from badgateway.ground.records import changed
from badgateway.providers.declared.names import value
from badgateway.providers.declared.scene import Scene

SHAPE = "shape."
_TOKEN = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[{}]")


class TemplateError(ValueError):
    """A text that is no template; its message is a plain sentence."""


@lru_cache(maxsize=4096)
def split(text: str) -> tuple[tuple[str, str | None], ...]:
    """Give the parts of a text in turn: (literal, None) or ("", name); raises TemplateError."""
    parts: list[tuple[str, str | None]] = []
    end = 0
    for found in _TOKEN.finditer(text):
        if found.start() > end:
            parts.append((text[end : found.start()], None))
        end = found.end()
        token = found.group()
        if token in {"{{", "}}"}:
            parts.append((token[0], None))
        elif found.group(1) is not None:
            parts.append(("", found.group(1)))
        else:
            raise TemplateError(f"a brace without its partner; a literal one is written {token * 2}")
    if end < len(text):
        parts.append((text[end:], None))
    return tuple(parts)


def sole_name(text: object) -> str | None:
    """Give the name that a text is nothing but, or None."""
    parts = split(text) if isinstance(text, str) else ()
    return parts[0][1] if len(parts) == 1 else None


def is_each(template: object) -> bool:
    """Say whether a mapping stands for a list with a member for each of something."""
    return isinstance(template, Mapping) and set(template) == {"each", "show"}


def is_when(template: object) -> bool:
    """Say whether a mapping stands for one of two templates."""
    return isinstance(template, Mapping) and {"when", "then"} <= set(template) <= {"when", "then", "else"}


def holds(name: str, scene: Scene) -> bool:
    """Say whether what a name gives is true, as `when` asks."""
    return bool(_named(name, scene))


def fill(template: Any, scene: Scene) -> Any:
    """Fill a template of a checked file."""
    match template:
        case str():
            return _text(template, scene)
        case list():
            return [one for part in template for one in _items(part, scene)]
        case Mapping() if is_each(template):
            return [fill(template["show"], one) for one in _members(template["each"], scene)]
        case Mapping() if is_when(template):
            branch = "then" if holds(template["when"], scene) else "else"
            return fill(template.get(branch), scene)
        case Mapping():
            filled = {key: fill(part, scene) for key, part in template.items()}
            return {
                key.removesuffix("?"): part
                for key, part in filled.items()
                if part is not None or not key.endswith("?")
            }
        case _:
            return template


def _items(part: Any, scene: Scene) -> list[Any]:
    """Give what one part of a list comes to: the members of an `each`, or nothing of an untrue `when`."""
    filled = fill(part, scene)
    if is_each(part):
        return list(filled)
    return [] if filled is None and is_when(part) else [filled]


def fill_words(text: str, words: Mapping[str, str]) -> str:
    """Fill a text with words of its own instead of a scene: {body}, {timestamp}, {signature} ..."""
    return "".join(part if name is None else words[name] for part, name in split(text))


def _text(text: str, scene: Scene) -> Any:
    name = sole_name(text)
    if name is not None:
        return _named(name, scene)
    parts = (part if name is None else _named(name, scene) for part, name in split(text))
    return "".join("" if part is None else str(part) for part in parts)


def _named(name: str, scene: Scene) -> Any:
    if name.startswith(SHAPE):
        return fill(scene.spec.shapes[name.removeprefix(SHAPE)], scene)
    return value(name, scene)


def _members(what: str, scene: Scene) -> Iterator[Scene]:
    payment = scene.payment
    if what == "page" and scene.page is not None:
        yield from (scene.about(one) for one in scene.page.items)
    elif what == "refunds" and payment is not None:
        yield from (scene.about(payment, one) for one in scene.account.book.refunds_of(payment.id))
    elif what == "disputes" and payment is not None:
        about = scene.about(payment)
        yield from (changed(about, dispute=one) for one in scene.account.book.disputes_of(payment.id))
    elif what == "attempts" and payment is not None:
        yield from (changed(scene, attempt=one) for one in payment.attempts)


def names_in(text: str) -> list[str]:
    """Give the names in a text; raises TemplateError."""
    return [name for _, name in split(text) if name is not None]


def mappings(
    template: Any, path: tuple[str | int, ...] = ()
) -> Iterator[tuple[tuple[str | int, ...], Mapping[str, Any]]]:
    """Give every mapping of a template with its place."""
    if isinstance(template, Mapping):
        yield path, template
        for key, part in template.items():
            yield from mappings(part, (*path, key))
    elif isinstance(template, list):
        for index, part in enumerate(template):
            yield from mappings(part, (*path, index))


def texts(template: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Give every text of a template with its place; what `each` and `when` name is none."""
    match template:
        case str():
            yield path, template
        case Mapping():
            for key, part in template.items():
                if not (key == "each" and is_each(template)) and not (key == "when" and is_when(template)):
                    yield from texts(part, (*path, key))
        case list():
            for index, part in enumerate(template):
                yield from texts(part, (*path, index))
        case _:
            return


def places(template: Any, wanted: str, shapes: Mapping[str, Any], at: str = "$") -> tuple[str, ...]:
    """Give the paths at which a filled template holds what a name gives, the first member for a list."""
    found: tuple[str, ...] = ()
    match template:
        case str():
            name = sole_name(template) or ""
            if name == wanted:
                found = (at,)
            elif name.startswith(SHAPE):
                found = places(shapes[name.removeprefix(SHAPE)], wanted, shapes, at)
        case list():
            # The members of an `each` stand in the list itself.
            parts = [one["show"] if is_each(one) else one for one in template]
            found = tuple(p for n, one in enumerate(parts) for p in places(one, wanted, shapes, f"{at}[{n}]"))
        case Mapping() if is_each(template):
            found = places(template["show"], wanted, shapes, f"{at}[0]")
        case Mapping() if is_when(template):
            branches = (template["then"], template.get("else"))
            found = tuple(p for one in branches for p in places(one, wanted, shapes, at))
        case Mapping():
            found = tuple(
                p
                for key, one in template.items()
                for p in places(one, wanted, shapes, f"{at}.{key.removesuffix('?')}")
            )
    return tuple(dict.fromkeys(found))
