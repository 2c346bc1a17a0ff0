"""When a provider that is down is left alone, and when it is tried again."""

from __future__ import annotations


class Breaking:
    """Ask no more after several failures in a row; after a pause, let one call find out."""

    def opens(self, failures: int, failures_max: int) -> bool:
        """Say whether a provider that failed so often in a row is asked no more."""
        return failures >= failures_max

    def probes(self, open_for_ms: float, pause_ms: float) -> bool:
        """Say whether one call may find out, so long after the last failure."""
        return open_for_ms >= pause_ms
