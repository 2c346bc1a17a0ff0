"""Which gateways an attempt goes to, and in which order: by a table of rules, never by chance."""

from __future__ import annotations

from badgateway.providers.euler.acquirer import DECLINED, UNKNOWN, Charge, Standing
from badgateway.providers.euler.behind import Behind, Health, Rule

OUTCOMES_MAX = 100  # of a gateway's last attempts that are remembered
TURNED_AWAY = "gateway_unavailable"  # a refusal of the gateway itself: the issuer was never asked


def choose(behind: Behind, charge: Charge, now_ms: int) -> list[str]:
    """Give the gateways for an attempt, the first to be asked first.

    The order of priority; before it what a rule prefers for such a payment, after it what a rule finds too
    seldom successful. One that rests is left out, unless all of them rest.
    """
    names = [one.name for one in behind.gateways]
    preferred = [rule.prefer for rule in behind.rules if rule.prefer in names and _is_about(rule, charge)]
    ordered = list(dict.fromkeys([*(str(name) for name in preferred), *names]))
    weak = [name for name in ordered if any(_is_weak(rule, _health(behind, name)) for rule in behind.rules)]
    ordered = [*(name for name in ordered if name not in weak), *weak]
    awake = [name for name in ordered if _health(behind, name).until_ms <= now_ms]
    return awake or ordered


def moves_on(behind: Behind, standing: Standing) -> bool:
    """Say whether the next gateway may be asked: always where nothing was done, else where a rule says so."""
    if standing.outcome == DECLINED:
        failure = standing.failure
        if failure is not None and failure.code == TURNED_AWAY:
            return True
        is_final = failure is not None and failure.is_hard
        return not is_final and any(rule.following == "declined" for rule in behind.rules)
    return standing.outcome == UNKNOWN and any(rule.following == "unknown" for rule in behind.rules)


def note(behind: Behind, gateway: str, now_ms: int, *, is_there: bool, is_good: bool) -> None:
    """Remember how an attempt at a gateway went: whether it answered at all, and took the money."""
    health = behind.health.setdefault(gateway, Health())
    health.outcomes = [*health.outcomes, is_good][-OUTCOMES_MAX:]
    health.failures = 0 if is_there else health.failures + 1
    for rule in behind.rules:
        if rule.failures is not None and health.failures >= rule.failures:
            health.failures, health.until_ms = 0, now_ms + rule.rest_ms


def _health(behind: Behind, name: str) -> Health:
    return behind.health.get(name) or Health()


def _is_about(rule: Rule, charge: Charge) -> bool:
    return (
        rule.method in {None, charge.kind}
        and rule.currency in {None, charge.currency}
        and (rule.at_least_minor is None or charge.amount_minor >= rule.at_least_minor)
        and (rule.at_most_minor is None or charge.amount_minor <= rule.at_most_minor)
    )


def _is_weak(rule: Rule, health: Health) -> bool:
    if rule.success_percent is None or len(health.outcomes) < rule.of:
        return False
    last = health.outcomes[-rule.of :]
    return sum(last) * 100 < rule.success_percent * len(last)
