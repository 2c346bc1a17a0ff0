"""The planted defect pan-in-logs."""

from __future__ import annotations

from badgateway.reference.defects.base import Defect
from badgateway.reference.logs import LogRules


class PanInLogs(Defect):
    """What the provider says about a failed call is logged as it came, card number and all.

    In the field: AuthorizeNet/sdk-php#20 and #48; spree-contrib/spree_gateway#80; lat9/one_page_checkout#37.
    """

    id = "pan-in-logs"
    policy = "log_rules"
    breaks = "H1"

    @classmethod
    def make(cls) -> LogRules:
        """Make rules that take nothing out."""
        return _AsItCame()


class _AsItCame(LogRules):
    def shown(self, text: str) -> str:
        return text
