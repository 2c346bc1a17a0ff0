"""Parameters: which an address knows, of which kind, and the refusal of all others."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from difflib import get_close_matches
from functools import lru_cache, partial
from typing import Any

from badgateway.providers.stripe.errors import Problem, Refused, invalid, missing
from badgateway.providers.stripe.nested import TREES, Tree

_DIGITS_MAX = 18
_INTEGER = re.compile(rf"-?[0-9]{{1,{_DIGITS_MAX}}}")
_TEXT_MAX = 5000
# Source: Stripe's API reference, Metadata
_METADATA_KEYS_MAX, _METADATA_KEY_MAX, _METADATA_VALUE_MAX = 50, 40, 500
# SDKs of .NET, and of Python before 8, send the words of their language, and are understood.
TRUE, FALSE = ("true", "True"), ("false", "False")
_TEXTS = {str}
_RANGE = {"gt", "gte", "lt", "lte"}
_URL = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:.+", re.DOTALL)
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")

Kinds = Mapping[str, str]
Reader = Callable[[str, Any], Any]  # path and value -> the value in its kind; raises Refused


@lru_cache(maxsize=128)
def kinds(shape: str) -> Kinds:
    """Read a shape such as `amount:integer confirm:boolean expand:list`; a bare name is text."""
    found = {}
    for word in f"{shape} expand:list".split():
        name, _, kind = word.partition(":")
        found[name] = kind or "text"
    return found


def check(
    params: Mapping[str, Any], shape: str, required: Iterable[str], within: str | None = None
) -> dict[str, Any]:
    """Give typed parameters; an empty text is None, which unsets a field. Raises Refused.

    `within` is the hash in which they stand, where they do not stand at the top.
    """
    known = _readers(shape)
    typed = {}
    try:
        for name, value in params.items():
            read = known[name]
            if read is _text and type(value) is str and 0 < len(value) <= _TEXT_MAX:
                typed[name] = value  # as nearly all are
            else:
                typed[name] = read(name if within is None else _path(within, name), value)
    except (KeyError, Refused):
        # Names that are not known are told before whatever is wrong with the others.
        if not params.keys() <= known.keys():
            raise Refused(_unknown(params, known, within)) from None
        raise
    for name in required:
        if typed.get(name):
            continue
        if params.get(name) == "":
            raise Refused(_empty(_path(within, name)))
        if typed.get(name) is None:
            raise Refused(missing(_path(within, name)))
    return typed


def merged(old: Mapping[str, str], new: dict[str, str] | None) -> dict[str, str]:
    """Give metadata after an update: an empty value takes its key away, None all. Raises Refused."""
    if new is None:
        return {}
    whole = {**old, **new} if old else new.copy()
    if "" in whole.values():
        whole = {name: value for name, value in whole.items() if value != ""}
    if len(whole) > _METADATA_KEYS_MAX:
        raise Refused(invalid(f"Metadata holds at most {_METADATA_KEYS_MAX} keys.", "metadata"))
    return whole


def _path(within: str | None, name: str) -> str:
    return f"{within}[{name[:80]}]" if within else name[:80]


def _unknown(params: Mapping[str, Any], known: Mapping[str, Any], within: str | None) -> Problem:
    """Refuse names that are not known: all of them are told, the first is the parameter of the error."""
    unknown = [name for name in params if name not in known]
    paths = [_path(within, name) for name in unknown]
    if len(paths) > 1:
        what = f"Received unknown parameters: {', '.join(paths[:20])}"
    else:
        what = f"Received unknown parameter: {paths[0]}{_hint(unknown[0], known)}"
    return invalid(what, paths[0], "parameter_unknown")


def _hint(name: str, known: Iterable[str]) -> str:
    close = get_close_matches(name, known, n=1, cutoff=0.55)
    return f". Did you mean {close[0]}?" if close else ""


def _empty(path: str) -> Problem:
    what = f"{path} was given an empty value; leave it out instead."
    return invalid(what, path, "parameter_invalid_empty")


def inside(path: str, tree: Tree, value: Mapping[str, Any]) -> None:
    """Check what stands inside of a hash, by its tree; raises Refused, with the path of the first mistake."""
    inner = {name.removesuffix("!"): below for name, below in tree.items()}
    if not value.keys() <= inner.keys():
        raise Refused(_unknown(value, inner, path))
    for name, one in value.items():
        here, below = _path(path, name), inner[name]
        if isinstance(below, str):
            _reader(below)(here, one)
        elif one != "":
            inside(here, below, _hash(here, one))
    for name in (name.removesuffix("!") for name in tree if name.endswith("!")):
        if name not in value:
            raise Refused(missing(_path(path, name)))
        if value[name] == "":
            raise Refused(_empty(_path(path, name)))


@lru_cache(maxsize=128)
def _readers(shape: str) -> Mapping[str, Reader]:
    """Give what reads each parameter of a shape."""
    return {name: _reader(kind) for name, kind in kinds(shape).items()}


@lru_cache(maxsize=512)
def _reader(kind: str) -> Reader:
    """Give what reads a kind: one by its name, a text of so many characters, or words to choose from."""
    if kind in _READERS:
        return _READERS[kind]
    if kind.isdecimal():
        return partial(_text, length_max=int(kind))
    return partial(_choices, kind.split(",")) if "," in kind else partial(_choice, kind.split("|"))


def _text(name: str, value: Any, length_max: int = _TEXT_MAX) -> str | None:
    if not isinstance(value, str):
        raise Refused(invalid(f"Invalid string: {name} takes a text.", name))
    if len(value) > length_max:
        raise Refused(invalid(f"Invalid string: {name} is longer than {length_max} characters.", name))
    return value or None


def _email(name: str, value: Any) -> str | None:
    text = _text(name, value)
    if text is not None and not _EMAIL.fullmatch(text):
        raise Refused(invalid(f"Invalid email address: {text[:80]}", name, "email_invalid"))
    return text


def _integer(name: str, value: Any) -> int:
    if isinstance(value, str) and len(value) <= _DIGITS_MAX and value.isascii() and value.isdigit():
        return int(value)  # as nearly all are
    if value == "":
        raise Refused(_empty(name))
    if not isinstance(value, str) or not _INTEGER.fullmatch(value):
        shown = value[:40] if isinstance(value, str) else "a hash"
        raise Refused(invalid(f"Invalid integer: {shown}", name, "parameter_invalid_integer"))
    return int(value)


def _boolean(name: str, value: Any) -> bool | None:
    if value == "":
        return None
    if value not in TRUE + FALSE:
        raise Refused(invalid(f"Invalid boolean: {value if isinstance(value, str) else 'a hash'}", name))
    return value in TRUE


def _choices(words: list[str], name: str, value: Any) -> list[str | None]:
    return [_choice(words, f"{name}[{at}]", one) for at, one in enumerate(_list(name, value))]


def _choice(words: list[str], name: str, value: Any) -> str | None:
    if value == "":
        return None
    if value not in words:
        raise Refused(invalid(f"Invalid {name}: must be one of {', '.join(words)}", name))
    return str(value)


def _hash(name: str, value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise Refused(invalid(f"Invalid object: {name} takes a hash.", name))
    return value


def _mapping(name: str, value: Any) -> dict[str, Any] | None:
    """Read a hash; what may stand inside is told by its name, or for one within another by its last part."""
    if value == "":
        return None
    found = _hash(name, value)
    tree = TREES.get(name.rpartition("[")[2].removesuffix("]"))
    if tree is not None:
        inside(name, tree, found)
    return found


def _metadata(name: str, value: Any) -> dict[str, str] | None:
    if value == "":
        return None
    found = value if isinstance(value, dict) else _hash(name, value)
    if len(found) > _METADATA_KEYS_MAX:
        raise Refused(invalid(f"Metadata holds at most {_METADATA_KEYS_MAX} keys.", name))
    for key, one in found.items():
        if not isinstance(one, str):
            raise Refused(invalid("Invalid string: the values of metadata are texts.", _path(name, key)))
        is_key = 0 < len(key) <= _METADATA_KEY_MAX and "[" not in key and "]" not in key
        if not is_key or len(one) > _METADATA_VALUE_MAX:
            what = "Metadata takes keys of 1 to 40 characters but brackets, and values of at most 500."
            raise Refused(invalid(what, name))
    return found


def _list(name: str, value: Any) -> list[str]:
    if value == "":
        return []
    if not isinstance(value, list) or not _TEXTS.issuperset(map(type, value)):
        raise Refused(invalid(f"Invalid array: {name} takes a list of texts.", name))
    if "" in value:
        # Only a whole parameter is unset by an empty text.
        raise Refused(_empty(f"{name}[{value.index('')}]"))
    return value


def _created(name: str, value: Any) -> dict[str, int]:
    """Read a moment or a range of moments (seconds) as a range."""
    if isinstance(value, str):
        moment = _integer(name, value)
        return {"gte": moment, "lte": moment}
    if not isinstance(value, dict) or not set(value) <= _RANGE:
        raise Refused(invalid(f"Invalid object: {name} takes gt, gte, lt and lte.", name))
    return {bound: _integer(f"{name}[{bound}]", moment) for bound, moment in value.items()}


def _presence(name: str, value: Any) -> str | None:
    """Read whether the shopper is there: a boolean, or why not."""
    if value in ("one_off", "recurring"):
        return str(value)
    found = _boolean(name, value)
    return None if found is None else str(found).lower()


def _url(name: str, value: Any) -> str | None:
    """Read an address, of the web or of an application's own scheme."""
    text = _text(name, value)
    if text is not None and not _URL.fullmatch(text):
        raise Refused(invalid(f"Not a valid URL: {text[:80]}", name, "url_invalid"))
    return text


def _anything(_name: str, value: Any) -> Any:
    return value or None


def _refused(name: str, _value: Any) -> Any:
    what = f"Stripe knows the parameter {name}; this simulator does not, and would answer wrongly."
    raise Refused(invalid(what, name))


_READERS: dict[str, Reader] = {
    "text": _text,
    "email": _email,
    "presence": _presence,
    "url": _url,
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
