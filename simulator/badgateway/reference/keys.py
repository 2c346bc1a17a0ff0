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
