"""What a fault is: it sees the answer that would be given and returns what shall happen on the wire."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import ClassVar

from msgspec import Struct

from badgateway.ground.message import Reply
from badgateway.ground.mutation import Mutated

CONNECT, BEFORE_COMMIT, AFTER_COMMIT = "connect", "before_commit", "after_commit"
PHASES = (CONNECT, BEFORE_COMMIT, AFTER_COMMIT)

ErrorPage = Callable[[int], Reply]  # HTTP status -> the provider's own page for it


def bare_page(status: int) -> Reply:
    """Give an error page that belongs to no provider, for where none is at hand."""
    return Reply(status, b'{"error": "HTTP %d"}' % status)


class Effect(Struct, frozen=True, gc=False):
    """What one place in `server/` does to the transport; by default the answer is sent and nothing ends."""

    reply: Reply | None  # None: not a byte is sent
    wait_ms: int | None = 0  # before the first byte; None: until the other side leaves
    bytes_per_s: int | None = None  # slow body; None: at once
    body_bytes_max: int | None = None  # cut the body here; Content-Length still promises the whole
    ending: str = "keep"  # keep | fin | rst
    fault: str | None = None  # the fault that asked for it; None: it found nothing to do, and did not fire
    mutation: Mutated | None = None  # how the body was changed, where it was
    is_fatal: bool = False  # whoever asked is killed while it waits
    is_stored: bool = False  # the provider gives this answer again whenever the same key comes


@dataclass(frozen=True, slots=True)
class Option:
    """One declared parameter of a fault; schema, docs and `badgateway list` are derived from it."""

    name: str
    kind: str  # integer | duration | offset | amount | flag | text | mapping | choice
    help: str
    default: object = None
    choices: tuple[str, ...] = ()
    minimum: int | None = None
    maximum: int | None = None


@dataclass(frozen=True, slots=True)
class Fault:
    """Base of the catalogue. Before the commit, `reply` is the provider's own 500."""

    name: ClassVar[str]
    phases: ClassVar[tuple[str, ...]] = PHASES
    options: ClassVar[tuple[Option, ...]] = ()
    phase: ClassVar[str] = AFTER_COMMIT  # where the scenario does not say it
    ops: ClassVar[tuple[str, ...] | None] = None  # operations that it may be set on beside *; None: every one
    shapes_wire: ClassVar[bool] = True  # false: it changes a decision of the gateway, and is never struck
    remedy: ClassVar[str] = ""  # what an integration should do about it, two or three sentences

    values: dict[str, object] = field(
        default_factory=dict
    )  # checked against `options` when the plan is compiled

    def value(self, option: str) -> object:
        """Give an option's value, or its declared default."""
        if option in self.values:
            return self.values[option]
        return next(known.default for known in self.options if known.name == option)

    def objection(self) -> str | None:
        """Say why these values do not go together, or give None; asked when a scenario is checked."""
        return None

    def strike(self, reply: Reply, page: ErrorPage = bare_page) -> Effect:
        """Say what shall happen to this answer; `page` words the provider's own error for a status."""
        raise NotImplementedError
