"""When this integration asks the provider by itself, without having been told."""

from __future__ import annotations


class Recovery:
    """Ask on every occasion: at the shopper's return, at a sync, and from the poller."""

    def asks_on(self, _occasion: str) -> bool:
        """Say whether open payments are looked up on `return`, `sync` or `poll`."""
        return True

    def resolves_unknown(self) -> bool:
        """Say whether a call without an outcome is asked about until it has one."""
        return True
