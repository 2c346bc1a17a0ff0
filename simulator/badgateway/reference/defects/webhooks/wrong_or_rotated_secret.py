"""The planted defect wrong-or-rotated-secret."""

from __future__ import annotations

from badgateway.reference.defects.base import Defect
from badgateway.reference.signatures import Signatures


class WrongOrRotatedSecret(Defect):
    """Only the first signature of a header is compared, so events are refused during a rotation.

    In the field: razorpay-quick-payments PR#20; woocommerce-gateway-stripe#1257; alphagov/pay-connector
    PR#961.
    """

    id = "wrong-or-rotated-secret"
    policy = "signatures"
    breaks = "E6"

    @classmethod
    def make(cls) -> Signatures:
        """Make a check that reads one signature of several."""
        return _FirstOnly()


class _FirstOnly(Signatures):
    def is_genuine(self, raw: bytes, header: str | None, secrets: tuple[str, ...], tolerance_s: int) -> bool:
        parts = (header or "").split(",")
        first = next((part for part in parts if part.startswith("v1=")), "")
        kept = ",".join(part for part in parts if part == first or not part.startswith("v1="))
        return super().is_genuine(raw, kept, secrets, tolerance_s)
