"""The planted defect ack-before-durable."""

from __future__ import annotations

import threading
from collections.abc import Callable

from badgateway.reference.acknowledging import Acknowledging
from badgateway.reference.defects.base import Defect


class AckBeforeDurable(Defect):
    """An event is acknowledged when its job is in memory, and counts as known from then on.

    In the field: KanishJebaMathewM/Truxify#6069; dj-stripe#608 (the trade-off discussed).
    """

    id = "ack-before-durable"
    policy = "acknowledging"
    breaks = "E4"

    @classmethod
    def make(cls) -> Acknowledging:
        """Make a policy that answers first and works later."""
        return _AnswersFirst()


class _AnswersFirst(Acknowledging):
    def take(self, work: Callable[[], str]) -> str:
        threading.Thread(target=work, name="event", daemon=True).start()
        return "queued"

    def leaves_to_events(self) -> bool:
        return True
