"""The planted defect forged-unsigned."""

from __future__ import annotations

from badgateway.reference.defects.base import Defect
from badgateway.reference.notice import Notice
from badgateway.reference.signatures import Signatures


class ForgedUnsigned(Defect):
    """An event without a signature skips verification, and what it carries is believed.

    In the field: invoiceninja/invoiceninja#12217; Azuriom/Plugin-Shop#284; open-mercato/open-mercato PR#1311;
    liberusoftware/genealogy-laravel PR#1602; enupal/stripe#191.
    """

    id = "forged-unsigned"
    policy = "signatures"
    breaks = "E5"

    @classmethod
    def make(cls) -> Signatures:
        """Make a check that is open when there is nothing to check."""
        return _FailOpen()


class _FailOpen(Signatures):
    def open(self, raw: bytes, header: str | None, secrets: tuple[str, ...], tolerance_s: int) -> Notice:
        if header:
            return super().open(raw, header, secrets, tolerance_s)
        return self.read(raw, is_hint=False)
