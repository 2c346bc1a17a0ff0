"""The beginning of a plan: its first steps, after which the story is left to come to rest."""

from __future__ import annotations

from dataclasses import replace

from badgateway.plan.model import Expect, Plan


def beginning(plan: Plan, steps: int) -> Plan:
    """Give the plan cut off after so many steps; what it expects of its end goes with the rest."""
    assert 0 < steps < len(plan.steps), "a beginning is shorter than the story, and not empty"
    return replace(plan, steps=plan.steps[:steps], expect=Expect())
