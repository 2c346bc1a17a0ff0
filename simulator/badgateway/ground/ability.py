"""What something may offer beside the rest, asked for with `isinstance` on every request."""

from __future__ import annotations

from abc import ABCMeta
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    _OfProtocols = ABCMeta
else:
    _OfProtocols = type(Protocol)

# Not kept on the protocol itself, where it would count as one of its members.
_known: dict[tuple[type, type], bool] = {}


class Ability(_OfProtocols):
    """The class of protocols whose answer is the same for all instances of a class, and is kept.

    A plain runtime protocol looks its members up anew at each question, which takes tens of microseconds.
    """

    def __instancecheck__(cls, instance: object) -> bool:  # noqa: N805 - a class of classes
        """Say whether an instance offers it."""
        asked = cls, type(instance)
        known = _known.get(asked)
        if known is None:
            known = _known[asked] = super().__instancecheck__(instance)
        return known
