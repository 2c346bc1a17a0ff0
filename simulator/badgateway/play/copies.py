"""Which copy of the integration is asked next while two of them run: strictly in turn, the older first."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

OLD, NEW = "old", "new"


@dataclass(slots=True)
class Copies:
    """The copies of one play by name, with their base URLs; empty: one copy, which nobody has to name."""

    home: str = ""  # base URL under which every endpoint was written down
    bases: dict[str, str] = field(default_factory=dict)
    _turns: Counter[str] = field(default_factory=Counter)

    def next(self, lane: str) -> str | None:
        """Give the name of the copy whose turn it is in a lane: operation | webhook."""
        if not self.bases:
            return None
        names = tuple(self.bases)
        self._turns[lane] += 1
        return names[(self._turns[lane] - 1) % len(names)]

    def place(self, url: str, name: str | None) -> str:
        """Give where a URL lies at a copy; whole URLs elsewhere stay what they are."""
        if name is None or not url.startswith(self.home):
            return url
        return self.bases[name] + url.removeprefix(self.home)
