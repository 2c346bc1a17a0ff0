"""What a provider is answered when it tells something."""

from __future__ import annotations

from collections.abc import Callable


class Acknowledging:
    """A 2xx for all that need not be told again, ours or not; anything else asks for another delivery."""

    def take(self, work: Callable[[], str]) -> str:
        """Work on an event and give what came of it: before the answer, so that a crash loses nothing."""
        return work()

    def asks_about_settled(self) -> bool:
        """Say whether the job looks at settled payments again: yes, what was told may have been missed."""
        return True

    def status(self, word: str) -> int:
        """Give the HTTP status for what came of an event: ignored, duplicate, foreign, applied or later."""
        return 503 if word == "later" else 200
