"""How a call that gave no answer is tried again, and whether a declined card is."""

from __future__ import annotations


class Retrying:
    """Few tries with growing pauses, the provider's own wish first; a decline is the shopper's to answer."""

    def tries_max(self, configured: int) -> int:
        """Give how often one call is made at most."""
        return configured

    def pause_ms(self, retry_after_ms: float, base_ms: float, try_n: int, share: float) -> float:
        """Give the pause after a try, from 1; `share` is jitter from 0 up to 1."""
        return max(retry_after_ms, base_ms * (1 << (try_n - 1)) * (1 + share / 2))

    def charges_again(self, _attempts: int) -> bool:
        """Say whether a declined card is charged again without being asked, after so many attempts."""
        return False
