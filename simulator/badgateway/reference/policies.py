"""The decisions that correctness rests on, collected: a planted defect replaces exactly one."""

from __future__ import annotations

from dataclasses import dataclass, field

from badgateway.reference.acknowledging import Acknowledging
from badgateway.reference.apply_event import ApplyEvent
from badgateway.reference.as_of import AsOf
from badgateway.reference.breakdown import Breakdown
from badgateway.reference.breaking import Breaking
from badgateway.reference.cancelling import Cancelling
from badgateway.reference.capturing import Capturing
from badgateway.reference.checking import Checking
from badgateway.reference.comparing import Comparing
from badgateway.reference.deadlines import Deadlines
from badgateway.reference.dunning import Dunning
from badgateway.reference.effect_address import EffectAddress
from badgateway.reference.expiring import Expiring
from badgateway.reference.holding import Holding
from badgateway.reference.inbox import Inbox
from badgateway.reference.incrementing import Incrementing
from badgateway.reference.keys import RetryKeys
from badgateway.reference.logs import LogRules
from badgateway.reference.money import MinorUnits
from badgateway.reference.one_attempt import OneAttempt
from badgateway.reference.orchestrating import Orchestrating
from badgateway.reference.order_status import OrderStatus
from badgateway.reference.presentment import Presentment
from badgateway.reference.reconciling import Reconciling
from badgateway.reference.recovery import Recovery
from badgateway.reference.refunding import Refunding
from badgateway.reference.renewing import Renewing
from badgateway.reference.retrying import Retrying
from badgateway.reference.return_page import ReturnPage
from badgateway.reference.routing import Routing
from badgateway.reference.scheduling import Scheduling
from badgateway.reference.sending import Sending
from badgateway.reference.settling import Settling
from badgateway.reference.signatures import Signatures
from badgateway.reference.spans import SpanRules
from badgateway.reference.states import StateRules
from badgateway.reference.tallies import Tallies
from badgateway.reference.tenancy import Tenancy
from badgateway.reference.tracing import Tracing
from badgateway.reference.unbatching import Unbatching
from badgateway.reference.unknown import UnknownOutcome


@dataclass(frozen=True, slots=True)
class Policies:
    """One policy for each kind of decision; the defaults are the correct ones."""

    retry_keys: RetryKeys = field(default_factory=RetryKeys)
    retrying: Retrying = field(default_factory=Retrying)
    deadlines: Deadlines = field(default_factory=Deadlines)
    unknown_outcome: UnknownOutcome = field(default_factory=UnknownOutcome)
    one_attempt: OneAttempt = field(default_factory=OneAttempt)
    incrementing: Incrementing = field(default_factory=Incrementing)
    capturing: Capturing = field(default_factory=Capturing)
    cancelling: Cancelling = field(default_factory=Cancelling)
    refunding: Refunding = field(default_factory=Refunding)
    return_page: ReturnPage = field(default_factory=ReturnPage)
    inbox: Inbox = field(default_factory=Inbox)
    state_rules: StateRules = field(default_factory=StateRules)
    order_status: OrderStatus = field(default_factory=OrderStatus)
    apply_event: ApplyEvent = field(default_factory=ApplyEvent)
    recovery: Recovery = field(default_factory=Recovery)
    scheduling: Scheduling = field(default_factory=Scheduling)
    as_of: AsOf = field(default_factory=AsOf)
    reconciling: Reconciling = field(default_factory=Reconciling)
    signatures: Signatures = field(default_factory=Signatures)
    acknowledging: Acknowledging = field(default_factory=Acknowledging)
    settling: Settling = field(default_factory=Settling)
    minor_units: MinorUnits = field(default_factory=MinorUnits)
    presentment: Presentment = field(default_factory=Presentment)
    breakdown: Breakdown = field(default_factory=Breakdown)
    tenancy: Tenancy = field(default_factory=Tenancy)
    breaking: Breaking = field(default_factory=Breaking)
    holding: Holding = field(default_factory=Holding)
    expiring: Expiring = field(default_factory=Expiring)
    effect_address: EffectAddress = field(default_factory=EffectAddress)
    log_rules: LogRules = field(default_factory=LogRules)
    sending: Sending = field(default_factory=Sending)
    tallies: Tallies = field(default_factory=Tallies)
    tracing: Tracing = field(default_factory=Tracing)
    unbatching: Unbatching = field(default_factory=Unbatching)
    span_rules: SpanRules = field(default_factory=SpanRules)
    renewing: Renewing = field(default_factory=Renewing)
    dunning: Dunning = field(default_factory=Dunning)
    checking: Checking = field(default_factory=Checking)
    comparing: Comparing = field(default_factory=Comparing)
    routing: Routing = field(default_factory=Routing)
    orchestrating: Orchestrating = field(default_factory=Orchestrating)
