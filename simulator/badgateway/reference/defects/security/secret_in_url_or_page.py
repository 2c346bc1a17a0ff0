"""The planted defect secret-in-url-or-page."""

from __future__ import annotations

from urllib.parse import urlencode

from badgateway.reference.defects.base import Defect
from badgateway.reference.effect_address import EffectAddress
from badgateway.reference.settings import Settings


class SecretInUrlOrPage(Defect):
    """A key travels in the address, and so into the access log of everybody on the way.

    In the field: dualcube/moodle-enrol_stripepayment PR#45; 3scale/porta PR#3086;
    Ixotic27/The-Leetcode-City#1665.
    """

    id = "secret-in-url-or-page"
    policy = "effect_address"
    breaks = "H1"

    @classmethod
    def make(cls) -> EffectAddress:
        """Make addresses that hold the merchant's key."""
        return _WithKey()


class _WithKey(EffectAddress):
    def url(self, settings: Settings, door: str) -> str:
        return f"{super().url(settings, door)}?{urlencode({'key': settings.merchant.api_key})}"
