"""What the player needs of a running integration; `process.py` makes one from a Description."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from badgateway.ground.barrier import Barrier
from badgateway.integration.model import (
    Description,
    OperationResult,
    ReconciliationRead,
    SettlementRead,
    ViewRead,
)
from badgateway.integration.watch import Watch


class Handle(Protocol):
    """One running copy of the integration under test."""

    description: Description
    revision: str
    watch: Watch

    @property
    def pid(self) -> int | None:
        """Give its process id, or None where it was not started by us."""

    async def start(self) -> None:
        """Start it and wait until it is ready; raises IntegrationDown with its last lines."""

    @property
    def base_url(self) -> str:
        """Give where it listens."""

    def following(self) -> Handle | None:
        """Give its next version, not started yet; None where badgateway.yaml describes none."""

    async def stop(self) -> None:
        """End it politely, then by force; never raises."""

    async def kill(self) -> None:
        """SIGKILL, as a crash would."""

    def exit_code(self) -> int | None:
        """Give its exit code where it died, else None."""

    def offers(self, operation: str) -> bool:
        """Say whether badgateway.yaml describes this operation."""

    async def operate(
        self, operation: str, values: Mapping[str, object], barrier: Barrier | None = None
    ) -> OperationResult:
        """Send one operation and read its outcome; never raises for what the integration does.

        Behind a barrier its last byte waits on the open socket until all members of a race are there.
        """

    async def view(self, values: Mapping[str, object]) -> ViewRead:
        """Read what it says about an order; never raises for what the integration does."""

    async def settlement(self) -> SettlementRead:
        """Ask for its settlement report; never raises for what the integration does."""

    async def reconciliation(self, values: Mapping[str, object]) -> ReconciliationRead:
        """Ask for the exceptions of its reconciliation; never raises for what the integration does."""

    async def look_around(self) -> str | None:
        """Look for canaries in its log files and metrics; gives the text of the metrics, where it has any."""

    def webhook_url(self, provider: str, merchant: str = "") -> str | None:
        """Give where a provider's webhooks for a merchant go, or None where it takes none."""

    def tail(self) -> str:
        """Give the last lines that the process wrote, redacted."""
