"""Where mail, fulfilment and stock are told of an order."""

from __future__ import annotations

from badgateway.reference.settings import Settings


class EffectAddress:
    """An address is a place and nothing more: whoever may post there is shown in a header, if at all."""

    def url(self, settings: Settings, door: str) -> str:
        """Give the URL of one door."""
        return f"{settings.effects_url}/{door}"
