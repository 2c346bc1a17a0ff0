"""The planted defect body-reserialised."""

from __future__ import annotations

import json

from badgateway.reference.defects.base import Defect
from badgateway.reference.signatures import Signatures


class BodyReserialised(Defect):
    """The signature is verified over JSON that was parsed and written again, as the framework hands it over.

    As long as the provider writes its JSON as we do, nobody notices. In the field: stripe/stripe-node#341,
    #494 and #1254; stripe/stripe-php#884.
    """

    id = "body-reserialised"
    policy = "signatures"
    breaks = "E6"

    @classmethod
    def make(cls) -> Signatures:
        """Make a verification that does not see the bytes that were signed."""
        return _OverParsedJson()


class _OverParsedJson(Signatures):
    def is_genuine(self, raw: bytes, header: str | None, secrets: tuple[str, ...], tolerance_s: int) -> bool:
        try:
            again = json.dumps(json.loads(raw), indent=2, ensure_ascii=False).encode()
        except ValueError:
            return False
        return super().is_genuine(again, header, secrets, tolerance_s)
