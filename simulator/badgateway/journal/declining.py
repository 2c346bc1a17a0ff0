"""Declines, and the charges that followed them: what the issuer advised, and how often it was tried again."""

from __future__ import annotations

from collections.abc import Iterator

from badgateway.journal.history import History
from badgateway.journal.joined import Call
from badgateway.journal.retrying import is_prompted

# One card and amount may be tried again so often in so many days of virtual time after a soft decline: Visa's
# rule since May 2025 (15 before it), as acquirers publish it; Mastercard's 35 in 30 days is wider.
REPEATS_MAX = 20
WINDOW_MS = 30 * 24 * 3_600_000
_SHOPPER = ("open", "pay", "return")  # by these the shopper decides anew


def against_advice(history: History) -> Iterator[tuple[Call, Call | None]]:
    """Give the declines that only the shopper can mend, each with the charge that followed without her.

    A charge of another card is another matter; where nobody knows which card it was, it counts as the same.
    Who was told to authenticate her may charge again while she is there: only a second such refusal counts.
    """
    for order in history.orders:
        charges = history.calls(order, "charge")
        for call in charges:
            if not _is_final(call) or not call.is_telling:
                continue
            told = call.answered.seq if call.answered else 0
            again = next(
                (
                    one
                    for one in charges
                    if one.arrived.seq > told and one.is_applied and _is_same_again(call, one)
                ),
                None,
            )
            if again and is_prompted(history, order, told, again.arrived.seq, *_SHOPPER):
                again = None
            yield call, again


def repeats(history: History) -> Iterator[tuple[tuple[Call, ...], bool]]:
    """Give the charges of one card after a soft decline without the shopper, and if they are too many.

    They begin with the decline, and lie within the days that card networks look at.
    """
    for order in history.orders:
        charges = [one for one in history.calls(order, "charge") if one.is_applied]
        for place, first in enumerate(charges):
            if not _is_soft(first) or (place and _goes_on(history, order, charges[place - 1], first)):
                continue
            chain = [first]
            for one in charges[place + 1 :]:
                if not _goes_on(history, order, chain[-1], one):
                    break
                chain.append(one)
            if len(chain) > 1:
                yield _densest(chain)


def _goes_on(history: History, order: str, last: Call, one: Call) -> bool:
    since = last.answered.seq if last.answered else last.arrived.seq
    is_hers = is_prompted(history, order, since, one.arrived.seq, *_SHOPPER)
    return _is_soft(last) and _may_be_same(last, one) and not is_hers


def _densest(chain: list[Call]) -> tuple[tuple[Call, ...], bool]:
    for place, first in enumerate(chain):
        within = [one for one in chain[place:] if one.arrived.at_ms - first.arrived.at_ms < WINDOW_MS]
        if len(within) - 1 > REPEATS_MAX:
            return tuple(within), True
    return tuple(chain), False


def _is_final(call: Call) -> bool:
    data = call.committed.data if call.committed else {}
    return bool(data.get("is_hard")) or data.get("advice") == "shopper"


def _is_soft(call: Call) -> bool:
    return call.refusal == "declined" and not _is_final(call)


def _is_same_again(first: Call, other: Call) -> bool:
    is_about_her = first.refusal == "authentication_required"
    return _may_be_same(first, other) and (not is_about_her or other.refusal == first.refusal)


def _may_be_same(first: Call, other: Call) -> bool:
    cards = [one.committed.data.get("card") if one.committed else None for one in (first, other)]
    # Each provider has marks of its own for cards: none says that another provider's is another card.
    return first.provider != other.provider or None in cards or cards[0] == cards[1]
