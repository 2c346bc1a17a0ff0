"""Who is believed: only what Stripe's own library has verified, over the raw bytes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from badgateway.reference.notice import Notice, read_notice
from badgateway.reference.sdk import stripe


class NotGenuine(Exception):
    """The event is not verifiably from the provider, or cannot be read."""


class Signatures:
    """Verify raw bytes against any of the configured secrets; no secret means that nothing is believed."""

    def open(self, raw: bytes, header: str | None, secrets: tuple[str, ...], tolerance_s: int) -> Notice:
        """Verify and read an event; raises NotGenuine."""
        if not self.is_genuine(raw, header, secrets, tolerance_s):
            raise NotGenuine("the signature does not match")
        return self.read(raw)

    def is_genuine(self, raw: bytes, header: str | None, secrets: tuple[str, ...], tolerance_s: int) -> bool:
        """Say whether one of the secrets has signed these bytes recently."""
        for secret in secrets:
            try:
                stripe.WebhookSignature.verify_header(raw.decode(), header, secret, tolerance_s)
            except (stripe.SignatureVerificationError, ValueError, IndexError):
                continue
            return True
        return False

    def read(self, raw: bytes, *, is_hint: bool = True) -> Notice:
        """Read an event; raises NotGenuine where it is none."""
        try:
            event: Mapping[str, Any] = json.loads(raw)
            return read_notice(event, is_hint=is_hint)
        except (ValueError, AttributeError, RecursionError) as problem:
            raise NotGenuine("the body is no event") from problem
