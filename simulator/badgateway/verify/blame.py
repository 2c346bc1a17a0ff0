"""Whose promise was broken: decided by the specification and the pact alone, never by a name."""

from __future__ import annotations


def blamed(consumer: str, provider: str, *, is_kept: bool, overreach: tuple[str, ...]) -> str | None:
    """Name who broke its promise over one interaction; None: nobody did.

    Who asks for more than the document promises is the consumer, also where the answer happens to fit today.
    Where the document promises all that is asked for, an answer that does not fit is the provider's.
    """
    if overreach:
        return consumer
    return None if is_kept else provider
