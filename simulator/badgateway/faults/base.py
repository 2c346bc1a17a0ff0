"""What a fault is: it sees the answer that would be given, and returns what shall happen on the wire instead."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from badgateway.ground.message import Reply

CONNECT, BEFORE_COMMIT, AFTER_COMMIT = "connect", "before_commit", "after_commit"
PHASES = (CONNECT, BEFORE_COMMIT, AFTER_COMMIT)


@dataclass(frozen=True, slots=True)
class Effect:
    """What one place in `server/` does to the transport. The defaults send the answer and keep the connection."""

    reply: Reply | None  # None: not a byte is sent
    wait_ms: int | None = 0  # before the first byte; None: until the other side leaves
    bytes_per_s: int | None = None  # slow body; None: at once
    body_bytes_max: int | None = None  # cut the body here; Content-Length still promises the whole
    ending: str = "keep"  # keep | fin | rst
    fault: str | None = None  # the fault that asked for it


@dataclass(frozen=True, slots=True)
class Option:
    """One declared parameter of a fault, from which the schema, the docs and `badgateway list` are derived."""

    name: str
    kind: str  # integer | duration | text | mapping | choice
    help: str
    default: object = None
    choices: tuple[str, ...] = ()
    minimum: int | None = None
    maximum: int | None = None


@dataclass(frozen=True, slots=True)
class Fault:
    """Base of the catalogue. A fault that is struck before the commit gets the provider's own 500 as `reply`."""

    name: ClassVar[str]
    phases: ClassVar[tuple[str, ...]] = PHASES
    options: ClassVar[tuple[Option, ...]] = ()
    remedy: ClassVar[str] = ""  # what an integration should do about it, two or three sentences

    values: dict[str, object] = field(
        default_factory=dict
    )  # checked against `options` when the plan is compiled

    def value(self, option: str) -> object:
        """Give an option's value, or its declared default."""
        if option in self.values:
            return self.values[option]
        return next(known.default for known in self.options if known.name == option)

    def strike(self, reply: Reply) -> Effect:
        """Say what shall happen to this answer."""
        raise NotImplementedError
