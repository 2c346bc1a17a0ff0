"""Parameters: which an address knows, of which kind, and the refusal of all others."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Any

from badgateway.errors import nearest
from badgateway.providers.stripe.errors import Refused, invalid, missing

_INTEGER = re.compile(r"-?[0-9]{1,18}")
_TEXT_MAX = 5000
_METADATA_KEYS_MAX, _METADATA_KEY_MAX, _METADATA_VALUE_MAX = 50, 40, 500
_RANGE = {"gt", "gte", "lt", "lte"}

Kinds = Mapping[str, str]


@lru_cache(maxsize=128)
def kinds(shape: str) -> Kinds:
    """Read a shape such as `amount:integer confirm:boolean expand:list`; a bare name is text."""
    found = {}
    for word in f"{shape} expand:list".split():
        name, _, kind = word.partition(":")
        found[name] = kind or "text"
    return found


def check(params: Mapping[str, Any], shape: str, required: Iterable[str]) -> dict[str, Any]:
    """Give typed parameters; an empty text is None, which unsets a field. Raises Refused."""
    known = kinds(shape)
    for name in params:
        if name not in known:
            hint = nearest(name, known) if len(known) > 1 else ""
            what = f"Received unknown parameter: {name[:80]}{hint if 'mean' in hint else ''}"
            raise Refused(invalid(what, name[:80], "parameter_unknown"))
    typed = {name: _typed(name, known[name], value) for name, value in params.items()}
    for name in required:
        if typed.get(name) is None:
            raise Refused(missing(name))
    return typed


def merged(old: Mapping[str, str], new: Mapping[str, str] | None) -> dict[str, str]:
    """Give metadata after an update: an empty value takes its key away, None takes all away."""
    if new is None:
        return {}
    return {name: value for name, value in {**old, **new}.items() if value != ""}


def _typed(name: str, kind: str, value: Any) -> Any:
    if "|" in kind:
        return _choice(name, kind.split("|"), value)
    return _READERS[kind](name, value)


def _text(name: str, value: Any) -> str | None:
    if not isinstance(value, str):
        raise Refused(invalid(f"Invalid string: {name} takes a text.", name))
    if len(value) > _TEXT_MAX:
        raise Refused(invalid(f"Invalid string: {name} is longer than {_TEXT_MAX} characters.", name))
    return value or None


def _integer(name: str, value: Any) -> int:
    if value == "":
        raise Refused(
            invalid(
                f"{name} was given an empty value; leave it out instead.", name, "parameter_invalid_empty"
            )
        )
    if not isinstance(value, str) or not _INTEGER.fullmatch(value):
        shown = value[:40] if isinstance(value, str) else "a hash"
        raise Refused(invalid(f"Invalid integer: {shown}", name, "parameter_invalid_integer"))
    return int(value)


def _boolean(name: str, value: Any) -> bool | None:
    if value == "":
        return None
    # SDKs of Python before 8 send the words of their language, and are understood.
    if value not in ("true", "false", "True", "False"):
        raise Refused(invalid(f"Invalid boolean: {value if isinstance(value, str) else 'a hash'}", name))
    return str(value).lower() == "true"


def _choice(name: str, words: list[str], value: Any) -> str | None:
    if value == "":
        return None
    if value not in words:
        raise Refused(invalid(f"Invalid {name}: must be one of {', '.join(words)}", name))
    return str(value)


def _mapping(name: str, value: Any) -> dict[str, Any] | None:
    if value == "":
        return None
    if not isinstance(value, dict):
        raise Refused(invalid(f"Invalid object: {name} takes a hash.", name))
    return value


def _metadata(name: str, value: Any) -> dict[str, str] | None:
    found = _mapping(name, value)
    if found is None:
        return None
    if len(found) > _METADATA_KEYS_MAX:
        raise Refused(invalid(f"Metadata holds at most {_METADATA_KEYS_MAX} keys.", name))
    for key, one in found.items():
        is_short = isinstance(one, str) and len(key) <= _METADATA_KEY_MAX and len(one) <= _METADATA_VALUE_MAX
        if not is_short:
            raise Refused(
                invalid("Metadata takes keys of at most 40 and values of at most 500 characters.", name)
            )
    return found


def _list(name: str, value: Any) -> list[str]:
    if value == "":
        return []
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise Refused(invalid(f"Invalid array: {name} takes a list of texts.", name))
    return value


def _created(name: str, value: Any) -> dict[str, int]:
    """Read a moment or a range of moments (seconds) as a range."""
    if isinstance(value, str):
        moment = _integer(name, value)
        return {"gte": moment, "lte": moment}
    if not isinstance(value, dict) or not set(value) <= _RANGE:
        raise Refused(invalid(f"Invalid object: {name} takes gt, gte, lt and lte.", name))
    return {bound: _integer(f"{name}[{bound}]", moment) for bound, moment in value.items()}


def _anything(_name: str, value: Any) -> Any:
    return value or None


def _refused(name: str, _value: Any) -> Any:
    what = f"Stripe knows the parameter {name}; this simulator does not, and would answer wrongly."
    raise Refused(invalid(what, name))


_READERS: dict[str, Callable[[str, Any], Any]] = {
    "text": _text,
    "integer": _integer,
    "boolean": _boolean,
    "mapping": _mapping,
    "metadata": _metadata,
    "list": _list,
    "created": _created,
    "any": _anything,
    "unused": _anything,
    "refused": _refused,
}
