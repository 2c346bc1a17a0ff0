"""One way in which an interaction of a pact is not what a document promises."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from badgateway.contract.breach import MISSING, UNKNOWN, Breach

ASKS = "asks for more than is promised"
SENDS = "sends what the document does not take"
OMITS = "leaves out what the document requires"
LACKS = "the document does not speak of it"


@dataclass(frozen=True, slots=True)
class Difference:
    """Where it stands in its interaction (RFC 6901), and the two sides' words about it."""

    pointer: str
    has: str
    says: str
    way: str

    def __str__(self) -> str:
        return f"{self.pointer}: the pact has {self.has}, the document has {self.says}"


def pointer_of(*parts: str | int) -> str:
    """Give the JSON pointer of a path (RFC 6901, section 3)."""
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in parts)


def of_request(breach: Breach, place: tuple[str | int, ...], *, is_text: bool = False) -> Difference:
    """Give the difference that a breach of a request is; what stands inside a text is named with it."""
    way = {MISSING: OMITS, UNKNOWN: LACKS if breach.part in {"query", "header"} else SENDS}.get(
        breach.way, SENDS
    )
    return _made(breach, place, way, is_text=is_text)


def of_answer(breach: Breach, place: tuple[str | int, ...]) -> Difference:
    """Give the difference that a breach of an answer or of a webhook is."""
    return _made(breach, place, LACKS if breach.part == "status" else ASKS)


def unique(found: Iterator[Difference]) -> tuple[Difference, ...]:
    """Give each difference once, in the order in which they were found."""
    return tuple(dict.fromkeys(found))


def _made(breach: Breach, place: tuple[str | int, ...], way: str, *, is_text: bool = False) -> Difference:
    if is_text and breach.path:
        name = str(breach.path[0]) + "".join(f"[{part}]" for part in breach.path[1:])
        return Difference(pointer_of(*place), f"{name}: {breach.has}", f"{name}: {breach.says}", way)
    return Difference(pointer_of(*place, *breach.path), breach.has, breach.says, way)
