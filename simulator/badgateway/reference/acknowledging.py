"""What a provider is answered when it tells something."""

from __future__ import annotations

from collections.abc import Callable


class Acknowledging:
    """A 2xx for all that need not be told again, ours or not; anything else asks for another delivery."""

    def take(self, work: Callable[[], str]) -> str:
        """Work on an event and give what came of it: before the answer, so that a crash loses nothing."""
        return work()

    def leaves_to_events(self) -> bool:
        """Say whether the job spares what events tell: no, one may be lost or still wait in the inbox."""
        return False

    def status(self, word: str) -> int:
        """Give the HTTP status of a word: ignored, duplicate, foreign, applied, later or unreadable."""
        return {"later": 503, "unreadable": 422}.get(word, 200)
