"""JSONPath (RFC 9535) into the integration's answers, compiled once; what is wrong with one is a sentence."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import jsonpath


class PathError(ValueError):
    """A JSONPath that cannot be read; its message is a plain sentence."""


def check_path(text: str) -> None:
    """Refuse what is no JSONPath; raises PathError."""
    _compiled(text)


def find(text: str, document: Any) -> list[Any]:
    """Give the values that a path finds, in document order."""
    return list(_compiled(text).findall(document))


def is_single(text: str) -> bool:
    """Say whether a path can find one value at most."""
    return bool(_compiled(text).singular_query())


@lru_cache(maxsize=256)
def _compiled(text: str) -> jsonpath.JSONPath:
    if not text.startswith("$"):
        raise PathError("no JSONPath: one starts with $, for example $.status")
    import jsonpath  # noqa: PLC0415 - a provider that is served reads no paths
    from jsonpath.exceptions import JSONPathError  # noqa: PLC0415 - a provider that is served reads no paths

    try:
        path = _rfc_9535().compile(text)
    except JSONPathError as error:
        # The library's own str() of an error may fail, so its first argument is used.
        raise PathError(f"no JSONPath: {error.args[0] if error.args else 'it cannot be read'}") from None
    assert isinstance(path, jsonpath.JSONPath), "the strict environment reads no compound paths"
    return path


@cache
def _rfc_9535() -> jsonpath.JSONPathEnvironment:
    import jsonpath  # noqa: PLC0415 - a provider that is served reads no paths

    return jsonpath.JSONPathEnvironment(strict=True)
