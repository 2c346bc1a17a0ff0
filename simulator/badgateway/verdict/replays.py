"""How often a finding showed when its story was played again: k of n, and what that says about its rate."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import sqrt

from badgateway.verdict.model import Replays

Z_95 = 1.959964  # quantile of the normal distribution at 97.5 %


def counted(outcomes: list[bool], fingerprints: list[str]) -> Replays:
    """Count plays of one plan: how many broke the law, and whether they went the same way at all."""
    broke, plays = sum(outcomes), len(outcomes)
    low, high = wilson(broke, plays)
    return Replays(plays, broke, low, high, is_racy=len(set(fingerprints)) > 1 or 0 < broke < plays)


def no_return(steps: Sequence[int], broke: Mapping[int, bool]) -> int | None:
    """Give the number of the step after which every continuation broke, or None where that is not known.

    `steps`: the numbers of a story's steps; `broke`: how many of them a beginning had -> whether it broke.
    The whole story did, and beginnings were tried from the longest down.
    """
    for length in range(len(steps) - 1, 0, -1):
        if length not in broke:
            return None
        if not broke[length]:
            return steps[length]
    return steps[0]


def wilson(hits: int, tries: int) -> tuple[float, float]:
    """Give the 95 % score interval of a rate, which holds for few tries and for rates of 0 and 1, too.

    E. B. Wilson, Probable inference, the law of succession, and statistical inference (JASA 22, 1927).
    """
    if not tries:
        return 0.0, 1.0
    rate, square = hits / tries, Z_95 * Z_95
    middle = rate + square / (2 * tries)
    reach = Z_95 * sqrt(rate * (1 - rate) / tries + square / (4 * tries * tries))
    scale = 1 + square / tries
    return max(0.0, (middle - reach) / scale), min(1.0, (middle + reach) / scale)
