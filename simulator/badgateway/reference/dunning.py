"""When a renewal that failed is charged again, and when it is left to its shopper."""

from __future__ import annotations

DAY_MS = 24 * 3_600_000
PAUSES_MS = (1 * DAY_MS, 3 * DAY_MS, 5 * DAY_MS)  # after the first failure, the second, the third
# A debit that bounced for want of money may be presented twice more (Nacha rules, subsection 2.12.4).
BOUNCED_MAX = 2


class Dunning:
    """A few times, days apart, and only where the provider says that trying later may help."""

    def next_ms(self, code: str | None, advice: str | None, failures: int, now_ms: int) -> int | None:
        """Give when to charge again after so many failures, from 1; None: never without the shopper."""
        if failures > len(PAUSES_MS) or not self.may_pass(code, advice, failures):
            return None
        return now_ms + PAUSES_MS[failures - 1]

    def may_pass(self, code: str | None, advice: str | None, failures: int) -> bool:
        """Say whether the same charge may go through later; what nobody says anything about may not."""
        if code == "authentication_required":
            return False
        if advice is None:
            return code == "insufficient_funds" and failures <= BOUNCED_MAX
        return advice == "try_again_later"
