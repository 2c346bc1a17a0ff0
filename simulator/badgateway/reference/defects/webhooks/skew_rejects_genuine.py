"""The planted defect skew-rejects-genuine."""

from __future__ import annotations

from badgateway.reference.defects.base import Defect
from badgateway.reference.signatures import Signatures

_AGE_S_MAX = 60


class SkewRejectsGenuine(Defect):
    """A signature may be a minute old and no more, so a clock that is a little off makes every event stale.

    In the field: stripe-node#407, #1778 (verified after a queue).
    """

    id = "skew-rejects-genuine"
    policy = "signatures"
    breaks = "E6"

    @classmethod
    def make(cls) -> Signatures:
        """Make a check that allows for no clock but its own."""
        return _NoSlack()


class _NoSlack(Signatures):
    def is_genuine(self, raw: bytes, header: str | None, secrets: tuple[str, ...], tolerance_s: int) -> bool:
        return super().is_genuine(raw, header, secrets, min(tolerance_s, _AGE_S_MAX))
