"""The planted defect batch-partial."""

from __future__ import annotations

from collections.abc import Sequence

from badgateway.reference.defects.base import Defect
from badgateway.reference.unbatching import Item, Unbatching


class BatchPartial(Defect):
    """The first event of a request is worked on, and all of them are acknowledged.

    In the field: Adyen/adyen-magento2 PR#499; adyen-examples/adyen-rails-online-payments PR#55.
    """

    id = "batch-partial"
    policy = "unbatching"
    breaks = "E4"

    @classmethod
    def make(cls) -> Unbatching:
        """Make a handler written when there was one event in each request."""
        return _First()


class _First(Unbatching):
    def of(self, items: Sequence[Item]) -> Sequence[Item]:
        return items[:1]
