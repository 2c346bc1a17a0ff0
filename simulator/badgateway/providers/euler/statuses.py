"""The status words of orders and transactions with their numbers, and which of them may still change."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

# Source: Juspay's pages on transaction status. 25, 29, 37 and 38 are guesses: the pages do not give them.
IDS: Mapping[str, int] = MappingProxyType(
    {
        "NEW": 10,
        "STARTED": 20,
        "CHARGED": 21,
        "JUSPAY_DECLINED": 22,
        "PENDING_VBV": 23,
        "VBV_SUCCESSFUL": 24,
        "AUTHORIZED": 25,
        "AUTHENTICATION_FAILED": 26,
        "AUTHORIZATION_FAILED": 27,
        "AUTHORIZING": 28,
        "COD_INITIATED": 29,
        "VOIDED": 31,
        "VOID_INITIATED": 32,
        "CAPTURE_INITIATED": 33,
        "CAPTURE_FAILED": 34,
        "VOID_FAILED": 35,
        "AUTO_REFUNDED": 36,
        "PARTIAL_CHARGED": 37,
        "TO_BE_CHARGED": 38,
        "NOT_FOUND": 40,
    }
)
# Nobody knows yet how these end: who sees one asks again.
OPEN = frozenset(
    {
        "STARTED",
        "PENDING_VBV",
        "VBV_SUCCESSFUL",
        "AUTHORIZING",
        "COD_INITIATED",
        "TO_BE_CHARGED",
        "CAPTURE_INITIATED",
        "VOID_INITIATED",
    }
)
FAILED = frozenset({"JUSPAY_DECLINED", "AUTHENTICATION_FAILED", "AUTHORIZATION_FAILED"})
PAID = frozenset({"CHARGED", "PARTIAL_CHARGED"})
# Where several transactions were made, the order has the word of the one that got furthest.
_RANKS = (
    FAILED | {"AUTO_REFUNDED"},
    {"VOIDED", "CAPTURE_FAILED"},
    {"STARTED"},
    {"PENDING_VBV", "VBV_SUCCESSFUL"},
    {"AUTHORIZING", "COD_INITIATED", "TO_BE_CHARGED"},
    {"AUTHORIZED", "CAPTURE_INITIATED", "VOID_INITIATED", "VOID_FAILED"},
    PAID,
)


def rank(word: str) -> int:
    """Give how far a transaction with this status has got."""
    return next((n for n, words in enumerate(_RANKS) if word in words), -1)
