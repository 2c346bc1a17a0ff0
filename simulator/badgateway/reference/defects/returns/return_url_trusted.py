"""The planted defect return-url-trusted."""

from __future__ import annotations

from badgateway.reference.defects.base import Defect
from badgateway.reference.records import Attempt
from badgateway.reference.return_page import ReturnPage
from badgateway.reference.states import OPEN, State


class ReturnUrlTrusted(Defect):
    """Whoever opens the success page has paid.

    In the field: grails-paypal#8; better_spree_paypal_express#89; oc-omnipay-shopaholic-plugin#24.
    """

    id = "return-url-trusted"
    policy = "return_page"
    breaks = "E5"

    @classmethod
    def make(cls) -> ReturnPage:
        """Make a page that is proof of payment."""
        return _PageIsProof()


class _PageIsProof(ReturnPage):
    def outcome(self, attempt: Attempt) -> State | None:
        return State.SUCCEEDED if attempt.state in OPEN else None
