"""The planted defect non2xx-disables-endpoint."""

from __future__ import annotations

from badgateway.reference.acknowledging import Acknowledging
from badgateway.reference.defects.base import Defect


class Non2xxDisablesEndpoint(Defect):
    """What it has no use for is answered as an error, until the provider gives the endpoint up.

    In the field: 3scale/porta PR#3086; PayMongo disables an endpoint after three events given up;
    Adyen/adyen-commercetools#602.
    """

    id = "non2xx-disables-endpoint"
    policy = "acknowledging"
    breaks = "E6"

    @classmethod
    def make(cls) -> Acknowledging:
        """Make answers that blame the provider for telling of others."""
        return _NotMine()


class _NotMine(Acknowledging):
    def status(self, word: str) -> int:
        return {"ignored": 400, "foreign": 404}.get(word) or super().status(word)
