"""The planted defect stale-replay."""

from __future__ import annotations

from badgateway.reference.defects.base import Defect
from badgateway.reference.notice import Notice
from badgateway.reference.signatures import Signatures

_FOR_EVER_S = 10 * 365 * 24 * 3_600


class StaleReplay(Defect):
    """A signature never grows old: what comes too late for a look is taken at its word, whoever kept it.

    In the field: profullstack/sh1pt PR#711; yc-software/qm PR#584; stripe/stripe-php#657 and
    stripe/stripe-dotnet#1183 (libraries that looked at one side of the time only).
    """

    id = "stale-replay"
    policy = "signatures"
    breaks = "E5"

    @classmethod
    def make(cls) -> Signatures:
        """Make a check without a clock."""
        return _Ageless()


class _Ageless(Signatures):
    def open(self, raw: bytes, header: str | None, secrets: tuple[str, ...], tolerance_s: int) -> Notice:
        if self.is_genuine(raw, header, secrets, tolerance_s):
            return self.read(raw)
        super().open(raw, header, secrets, _FOR_EVER_S)
        # It says how things stood when it was signed, and that is what the books are to say.
        return self.read(raw, is_hint=False)
