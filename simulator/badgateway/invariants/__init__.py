"""CATALOGUE of invariants: laws over the journal, one small file each."""

from __future__ import annotations

from badgateway.ground.catalogue import Catalogue
from badgateway.invariants.ack_means_durable import AckMeansDurable
from badgateway.invariants.amounts_agree import AmountsAgree
from badgateway.invariants.base import Invariant
from badgateway.invariants.captured_implies_recorded import CapturedImpliesRecorded
from badgateway.invariants.contract_kept import ContractKept
from badgateway.invariants.disputes_agree import DisputesAgree
from badgateway.invariants.drift_tolerated import DriftTolerated
from badgateway.invariants.effects_once import EffectsOnce
from badgateway.invariants.every_payment_owned import EveryPaymentOwned
from badgateway.invariants.exact_amount import ExactAmount
from badgateway.invariants.genuine_accepted import GenuineAccepted
from badgateway.invariants.holds_are_legal import HoldsAreLegal
from badgateway.invariants.honest_ambiguity import HonestAmbiguity
from badgateway.invariants.hygiene import Hygiene
from badgateway.invariants.isolation import Isolation
from badgateway.invariants.justified_transitions import JustifiedTransitions
from badgateway.invariants.no_overcharge import NoOvercharge
from badgateway.invariants.nothing_left_pending import NothingLeftPending
from badgateway.invariants.one_intent_one_key import OneIntentOneKey
from badgateway.invariants.one_live_hold import OneLiveHold
from badgateway.invariants.only_genuine_counts import OnlyGenuineCounts
from badgateway.invariants.order_does_not_matter import OrderDoesNotMatter
from badgateway.invariants.paid_implies_captured import PaidImpliesCaptured
from badgateway.invariants.reconciliation_exact import ReconciliationExact
from badgateway.invariants.refunds_conserved import RefundsConserved
from badgateway.invariants.retries_are_polite import RetriesArePolite
from badgateway.invariants.settlement_closes import SettlementCloses
from badgateway.invariants.shopper_agrees import ShopperAgrees
from badgateway.invariants.telemetry_agrees import TelemetryAgrees

INVARIANTS: Catalogue[Invariant] = Catalogue(
    "invariant",
    (
        NoOvercharge(),
        OneLiveHold(),
        ExactAmount(),
        PaidImpliesCaptured(),
        CapturedImpliesRecorded(),
        EveryPaymentOwned(),
        RefundsConserved(),
        AmountsAgree(),
        HoldsAreLegal(),
        DisputesAgree(),
        SettlementCloses(),
        ReconciliationExact(),
        EffectsOnce(),
        OrderDoesNotMatter(),
        JustifiedTransitions(),
        AckMeansDurable(),
        OnlyGenuineCounts(),
        GenuineAccepted(),
        OneIntentOneKey(),
        RetriesArePolite(),
        HonestAmbiguity(),
        NothingLeftPending(),
        Isolation(),
        Hygiene(),
        DriftTolerated(),
        ShopperAgrees(),
        TelemetryAgrees(),
        ContractKept(),
    ),
)
