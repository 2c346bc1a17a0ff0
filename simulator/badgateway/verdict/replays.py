"""How often a finding showed when its story was played again: k of n, and what that says about its rate."""

from __future__ import annotations

from math import sqrt

from badgateway.verdict.model import Replays

Z_95 = 1.959964  # quantile of the normal distribution at 97.5 %


def counted(outcomes: list[bool], fingerprints: list[str]) -> Replays:
    """Count plays of one plan: how many broke the law, and whether they went the same way at all."""
    broke, plays = sum(outcomes), len(outcomes)
    low, high = wilson(broke, plays)
    return Replays(plays, broke, low, high, is_racy=len(set(fingerprints)) > 1 or 0 < broke < plays)


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
