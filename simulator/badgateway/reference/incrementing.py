"""When more of the shopper's money counts as held."""

from __future__ import annotations


class Incrementing:
    """A hold is raised when the provider shows that it was; a wish for more is none."""

    def is_granted(self, verdict: str) -> bool:
        """Say whether a hold counts as raised that the provider has not shown to be."""
        return verdict == "done"
