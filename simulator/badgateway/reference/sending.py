"""When an effect that was sent is done with."""

from __future__ import annotations


class Sending:
    """An effect is done when somebody has answered that it was taken; until then it is sent again."""

    def is_done(self, *, is_taken: bool) -> bool:
        """Say whether an effect need not be sent again."""
        return is_taken
