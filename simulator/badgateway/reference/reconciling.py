"""How far the provider's list of payments is read before something is said not to be on it."""

from __future__ import annotations

_PAGES_MAX = 100


class Reconciling:
    """Read to the last page; a list that was not read to its end proves nothing about what is missing."""

    def reads_on(self, pages: int) -> bool:
        """Say whether another page is read after so many."""
        return pages < _PAGES_MAX

    def is_whole(self, has_more: bool) -> bool:
        """Say whether the pages that were read are the whole list; `has_more` is the last one's word."""
        return not has_more

    def looks_again(self) -> bool:
        """Say whether what was not on the list is looked for once more: a list may be behind, too."""
        return True
