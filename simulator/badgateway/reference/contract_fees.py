"""What the contract says that the provider keeps; it finds which movement a report has left out."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from itertools import combinations

from badgateway.reference.own_ledger import Movement
from badgateway.reference.settings import Fees

CANDIDATES_MAX, AT_ONCE_MAX = 40, 3


def expected_net_minor(movement: Movement, fees: Fees, exponent: int) -> int:
    """Give what a movement adds to a payout, minor units, rounded half up."""
    scale = Decimal(10) ** exponent
    if movement.kind == "charge" and movement.amount_minor > 0:
        share = (movement.amount_minor * fees.share_per_mille + 500) // 1000
        return movement.amount_minor - share - int(fees.fixed_hundredths * scale / 100)
    if movement.kind == "dispute" and movement.amount_minor < 0:
        return movement.amount_minor - int(fees.dispute_hundredths * scale / 100)
    return movement.amount_minor


def explaining(
    left_minor: int, candidates: Sequence[Movement], fees: Fees, exponent: int
) -> tuple[Movement, ...]:
    """Give the fewest movements that come to what is left, the likeliest first; none: nothing comes to it."""
    known = [(one, expected_net_minor(one, fees, exponent)) for one in candidates[:CANDIDATES_MAX]]
    for many in range(1, AT_ONCE_MAX + 1):
        for some in combinations(known, many):
            if sum(net for _, net in some) == left_minor:
                return tuple(one for one, _ in some)
    return ()
