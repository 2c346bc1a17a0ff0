"""The planted defect transition-without-actor."""

from __future__ import annotations

from badgateway.reference.defects.base import Defect
from badgateway.reference.tracing import Tracing


class TransitionWithoutActor(Defect):
    """What a webhook or a job has changed is written down as nobody's doing.

    Own: an audit trail that names people only, and leaves a gap wherever a machine decided.
    """

    id = "transition-without-actor"
    policy = "tracing"
    breaks = "T1"

    @classmethod
    def make(cls) -> Tracing:
        """Make traces that know people only."""
        return _PeopleOnly()


class _PeopleOnly(Tracing):
    def actor(self, endpoint: str) -> str:
        actor = super().actor(endpoint)
        return actor if actor in {"shopper", "merchant"} else ""
