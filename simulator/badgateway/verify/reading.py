"""Which fields of its provider's answers and webhooks an integration reads, as its maker says in a file."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from badgateway.errors import InputError, Problem
from badgateway.ground.yaml12 import read_yaml

ANY = "*"
_MEND = "give a list of fields for each operation: `POST /v1/refunds: [id, status, amount]`"


class Reading:
    """Fields by operation (`POST /v1/refunds`), by webhook (`webhook charge.refunded`), or for all (`*`)."""

    def __init__(self, fields: Mapping[str, frozenset[tuple[str, ...]]]) -> None:
        self._fields = dict(fields)
        self._asked: set[str] = set()

    def of(self, name: str) -> frozenset[tuple[str, ...]]:
        """Give the fields that are read of an operation or a webhook; none: its status is all that counts."""
        self._asked |= {name, ANY}
        return self._fields.get(name, frozenset()) | self._fields.get(ANY, frozenset())

    def unread(self) -> tuple[str, ...]:
        """Name what was listed and never asked for."""
        return tuple(name for name in self._fields if name not in self._asked)


def read_reading(path: Path) -> Reading:
    """Read a file of fields; raises InputError where it is none."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(
            [Problem(str(path), 0, 0, f"it cannot be read: {error}", "check the path")]
        ) from None
    value = read_yaml(text, str(path)).value
    if not isinstance(value, Mapping) or not value:
        raise InputError([Problem(str(path), 0, 0, "it names no operation", _MEND)])
    wrong = [str(name) for name, fields in value.items() if not _is_list(fields)]
    if wrong:
        raise InputError(
            [Problem(str(path), 0, 0, f"{name!r} has no list of names", _MEND) for name in wrong]
        )
    return Reading({str(name): frozenset(map(_steps, fields)) for name, fields in value.items()})


def _is_list(fields: Any) -> bool:
    return isinstance(fields, list) and all(isinstance(one, str) and one for one in fields)


def _steps(field: str) -> tuple[str, ...]:
    return tuple(field.split("."))
