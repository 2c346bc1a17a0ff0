"""The planted defect foreign-tenant-event."""

from __future__ import annotations

from badgateway.reference.defects.base import Defect
from badgateway.reference.tenancy import Tenancy


class ForeignTenantEvent(Defect):
    """An event is applied to the order whose number it carries, whichever merchant's account told it.

    In the field: coinbase-commerce-woocommerce#27; woocommerce-gateway-stripe#4951; invoiceninja#12217.
    """

    id = "foreign-tenant-event"
    policy = "tenancy"
    breaks = "R5"

    @classmethod
    def make(cls) -> Tenancy:
        """Make a rule that goes by the order's number alone."""
        return _AnyOrder()


class _AnyOrder(Tenancy):
    def may_touch(self, _owner: str, _teller: str) -> bool:
        return True
