"""What contract checks find, as plain records."""

from __future__ import annotations

from dataclasses import dataclass

BOUNDARIES = ("merchant", "internal", "provider")


@dataclass(frozen=True, slots=True)
class Verified:
    """One interaction of a pact, held against its provider."""

    consumer: str
    provider: str
    description: str
    is_ok: bool
    mismatches: tuple[str, ...] = ()  # one sentence each, sorted: the verifier's own order varies
    broken_by: str | None = None  # whose promise was broken; None: nobody's, or it could not be tried
    overreach: tuple[str, ...] = ()  # what the pact asks for that the provider's document does not promise


@dataclass(frozen=True, slots=True)
class Failure:
    """One way in which an operation broke its OpenAPI document; `curl` sends the request again."""

    check: str
    message: str
    curl: str


@dataclass(frozen=True, slots=True)
class Fuzzed:
    """One operation of an OpenAPI document, tried with generated requests."""

    operation: str  # POST /orders
    cases: int
    failures: tuple[Failure, ...] = ()

    @property
    def is_ok(self) -> bool:
        """Say whether it was tried at all and every answer kept the document's promise."""
        return self.cases > 0 and not self.failures


@dataclass(frozen=True, slots=True)
class Fuzzing:
    """All operations of one OpenAPI document; the same seed sends the same requests again."""

    document: str
    party: str  # whose promise the document is
    seed: int
    operations: tuple[Fuzzed, ...]
    problems: tuple[str, ...] = ()  # what kept the tool from trying all of it
    faults: int | None = None  # calls to the provider that went wrong meanwhile; None: none was to

    @property
    def is_ok(self) -> bool:
        """Say whether every operation was tried and none broke its promise."""
        return bool(self.operations) and not self.problems and all(row.is_ok for row in self.operations)
