"""What becomes of a card that its issuer approved although the postal or the security code was wrong."""

from __future__ import annotations

from badgateway.reference.records import Attempt

_WEIGHTY = {"address_postal_code", "cvc"}  # a street is written in too many ways to be held against anybody


class Checking:
    """A human looks before goods leave; a capture or refund that a merchant asks for is such a look."""

    def doubts(self, attempt: Attempt) -> bool:
        """Say whether an attempt went through with a check that weighs something failed."""
        return bool(_WEIGHTY & set((attempt.failed_checks or "").split(",")))

    def status(self, derived: str, capture: str) -> str:
        """Give the status of an order that such an attempt has paid or holds money for."""
        is_taken_by_hand = derived == "PAID" and capture == "manual"
        return "REVIEW" if derived in {"PAID", "AUTHORIZED"} and not is_taken_by_hand else derived
