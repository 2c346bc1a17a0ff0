"""Idempotency keys: one for each decision, made before the first call and kept with the intent."""

from __future__ import annotations

from badgateway.reference.clock import new_token
from badgateway.reference.records import Intent


class RetryKeys:
    """Which idempotency key a try carries."""

    def for_intent(self) -> str:
        """Make the key of a new intent."""
        return new_token()

    def for_try(self, intent: Intent, _try_n: int) -> str:
        """Give the key of one try, from 1: the intent's own, whatever happened before."""
        return intent.key

    def gives_up(self) -> bool:
        """Say whether a key that only repeats an error is given up, once a look has found nothing done."""
        return True

    def asks_again(self) -> bool:
        """Say whether paying again sends a call without an outcome once more; a sync does that, and looks."""
        return False
