"""The planted defect sig-presence-only."""

from __future__ import annotations

from badgateway.reference.defects.base import Defect
from badgateway.reference.notice import Notice
from badgateway.reference.signatures import NotGenuine, Signatures


class SigPresenceOnly(Defect):
    """An event with any signature at all is believed, and what it carries is taken as it stands.

    In the field: Azuriom/Plugin-Shop#284; cashfree-pg-sdk-nodejs#124 (loosely compared).
    """

    id = "sig-presence-only"
    policy = "signatures"
    breaks = "E5"

    @classmethod
    def make(cls) -> Signatures:
        """Make a check that only looks whether there is something to check."""
        return _AnySignature()


class _AnySignature(Signatures):
    def open(self, raw: bytes, header: str | None, _secrets: tuple[str, ...], _tolerance_s: int) -> Notice:
        if not header:
            raise NotGenuine("there is no signature")
        return self.read(raw, is_hint=False)
