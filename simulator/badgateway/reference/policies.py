"""The decisions that correctness rests on, collected: a planted defect replaces exactly one."""

from __future__ import annotations

from dataclasses import dataclass, field

from badgateway.reference.apply_event import ApplyEvent
from badgateway.reference.inbox import Inbox
from badgateway.reference.keys import RetryKeys
from badgateway.reference.money import MinorUnits
from badgateway.reference.recovery import Recovery
from badgateway.reference.signatures import Signatures
from badgateway.reference.states import StateRules
from badgateway.reference.unknown import UnknownOutcome


@dataclass(frozen=True, slots=True)
class Policies:
    """One policy for each kind of decision; the defaults are the correct ones."""

    retry_keys: RetryKeys = field(default_factory=RetryKeys)
    unknown_outcome: UnknownOutcome = field(default_factory=UnknownOutcome)
    inbox: Inbox = field(default_factory=Inbox)
    state_rules: StateRules = field(default_factory=StateRules)
    apply_event: ApplyEvent = field(default_factory=ApplyEvent)
    recovery: Recovery = field(default_factory=Recovery)
    signatures: Signatures = field(default_factory=Signatures)
    minor_units: MinorUnits = field(default_factory=MinorUnits)
