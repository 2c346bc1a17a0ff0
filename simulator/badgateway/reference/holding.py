"""What is held while a provider is asked."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext

from badgateway.reference.store import Store


class Holding:
    """Nothing is held: no transaction, no lock and no connection of the database."""

    def during_call(self, _store: Store) -> AbstractContextManager[object]:
        """Give what is entered before a call to a provider, and left after it."""
        return nullcontext()

    def before_call(self, store: Store) -> None:
        """Fail where this thread is inside a transaction; called before each byte goes to a provider."""
        store.assert_idle()
