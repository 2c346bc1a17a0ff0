"""The planted defect key-in-span."""

from __future__ import annotations

from collections.abc import Mapping

from badgateway.reference.defects.base import Defect
from badgateway.reference.spans import Attributes, SpanRules


class KeyInSpan(Defect):
    """The span of a call keeps every header of it, and so the key that the call was made with.

    In the field: elysiajs/opentelemetry#69; adirbenyossef/flusk-dev#67.
    """

    id = "key-in-span"
    policy = "span_rules"
    breaks = "H1"

    @classmethod
    def make(cls) -> SpanRules:
        """Make rules that record all headers."""
        return _AllHeaders()


class _AllHeaders(SpanRules):
    def asked(self, method: str, url: str, headers: Mapping[str, str]) -> Attributes:
        kept = {f"http.request.header.{name.lower()}": str(value) for name, value in headers.items()}
        return {**super().asked(method, url, headers), **kept}
