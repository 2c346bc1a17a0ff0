"""When this integration asks the provider by itself, without having been told."""

from __future__ import annotations

from sqlalchemy import Connection


class Recovery:
    """Ask on every occasion: at the shopper's return, at a sync, and from the poller."""

    def asks_on(self, _occasion: str) -> bool:
        """Say whether open payments are looked up on `return`, `sync` or `poll`."""
        return True

    def at_start(self, _tx: Connection) -> None:
        """Do what is due when the program starts: nothing, what was under way waits for the next sync."""

    def resolves_unknown(self) -> bool:
        """Say whether a call without an outcome is asked about until it has one."""
        return True
