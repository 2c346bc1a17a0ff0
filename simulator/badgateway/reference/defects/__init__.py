"""Planted defects: each replaces exactly one policy of the correct integration, and tells nobody."""

from __future__ import annotations

from dataclasses import replace

from badgateway.reference.defects.authentication.abandonment_never_expires import (
    AbandonmentNeverExpires,
)
from badgateway.reference.defects.authentication.threeds_failed_shown_ok import ThreedsFailedShownOk
from badgateway.reference.defects.availability.deadline_not_total import DeadlineNotTotal
from badgateway.reference.defects.availability.no_breaker import NoBreaker
from badgateway.reference.defects.availability.no_timeout import NoTimeout
from badgateway.reference.defects.availability.pool_held_during_call import PoolHeldDuringCall
from badgateway.reference.defects.base import Defect
from badgateway.reference.defects.disputes.dispute_not_tracked import DisputeNotTracked
from badgateway.reference.defects.disputes.refund_after_chargeback import RefundAfterChargeback
from badgateway.reference.defects.drift.decline_read_as_success import DeclineReadAsSuccess
from badgateway.reference.defects.drift.field_removed import FieldRemoved
from badgateway.reference.defects.drift.garbage_body import GarbageBody
from badgateway.reference.defects.drift.new_enum_value import NewEnumValue
from badgateway.reference.defects.drift.refund_reason_unlisted import RefundReasonUnlisted
from badgateway.reference.defects.effects.effect_forgotten import EffectForgotten
from badgateway.reference.defects.lifecycle.auth_expiry_unnoticed import AuthExpiryUnnoticed
from badgateway.reference.defects.lifecycle.cancel_leaves_hold import CancelLeavesHold
from badgateway.reference.defects.lifecycle.capture_after_void import CaptureAfterVoid
from badgateway.reference.defects.lifecycle.failed_terminal_blocks_success import FailedTerminalBlocksSuccess
from badgateway.reference.defects.lifecycle.late_capture_failed import LateCaptureFailed
from badgateway.reference.defects.lifecycle.paid_after_cancel import PaidAfterCancel
from badgateway.reference.defects.lifecycle.partial_capture_as_full import PartialCaptureAsFull
from badgateway.reference.defects.lifecycle.pending_as_paid import PendingAsPaid
from badgateway.reference.defects.lifecycle.raise_taken_as_granted import RaiseTakenAsGranted
from badgateway.reference.defects.lifecycle.refund_failed_shown_done import RefundFailedShownDone
from badgateway.reference.defects.lifecycle.terminal_regress_by_sync import TerminalRegressBySync
from badgateway.reference.defects.money.amount_not_verified import AmountNotVerified
from badgateway.reference.defects.money.breakdown_rounding import BreakdownRounding
from badgateway.reference.defects.money.captured_total_double_count import CapturedTotalDoubleCount
from badgateway.reference.defects.money.fee_misbooked import FeeMisbooked
from badgateway.reference.defects.money.float_truncation import FloatTruncation
from badgateway.reference.defects.money.over_refund_race import OverRefundRace
from badgateway.reference.defects.money.partial_refund_as_full import PartialRefundAsFull
from badgateway.reference.defects.money.refund_retry_doubles import RefundRetryDoubles
from badgateway.reference.defects.money.refund_wrong_currency import RefundWrongCurrency
from badgateway.reference.defects.money.three_decimal_x10 import ThreeDecimalX10
from badgateway.reference.defects.money.zero_decimal_x100 import ZeroDecimalX100
from badgateway.reference.defects.reconciliation.difference_tolerated import DifferenceTolerated
from badgateway.reference.defects.reconciliation.orphan_after_local_failure import OrphanAfterLocalFailure
from badgateway.reference.defects.reconciliation.providers_in_one_pot import ProvidersInOnePot
from badgateway.reference.defects.reconciliation.reconcile_blind_spot import ReconcileBlindSpot
from badgateway.reference.defects.reconciliation.repeated_row_swallowed import RepeatedRowSwallowed
from badgateway.reference.defects.reconciliation.report_missed_too_soon import ReportMissedTooSoon
from badgateway.reference.defects.reconciliation.second_report_unread import SecondReportUnread
from badgateway.reference.defects.reconciliation.settlement_mismatch import SettlementMismatch
from badgateway.reference.defects.reconciliation.unknown_never_resolved import UnknownNeverResolved
from badgateway.reference.defects.retries.cached_error_replay import CachedErrorReplay
from badgateway.reference.defects.retries.client_retry_no_key import ClientRetryNoKey
from badgateway.reference.defects.retries.double_submit import DoubleSubmit
from badgateway.reference.defects.retries.dunning_against_advice import DunningAgainstAdvice
from badgateway.reference.defects.retries.duplicate_scheduler import DuplicateScheduler
from badgateway.reference.defects.retries.hard_decline_retried import HardDeclineRetried
from badgateway.reference.defects.retries.key_reuse_new_body import KeyReuseNewBody
from badgateway.reference.defects.retries.key_too_coarse import KeyTooCoarse
from badgateway.reference.defects.retries.raise_retry_new_key import RaiseRetryNewKey
from badgateway.reference.defects.retries.renewal_rerun import RenewalRerun
from badgateway.reference.defects.retries.retry_new_key import RetryNewKey
from badgateway.reference.defects.retries.retry_storm import RetryStorm
from badgateway.reference.defects.retries.timeout_marked_failed import TimeoutMarkedFailed
from badgateway.reference.defects.returns.return_and_webhook_both import ReturnAndWebhookBoth
from badgateway.reference.defects.returns.return_before_final import ReturnBeforeFinal
from badgateway.reference.defects.returns.return_url_trusted import ReturnUrlTrusted
from badgateway.reference.defects.routing.authorizing_ordered_anew import AuthorizingOrderedAnew
from badgateway.reference.defects.routing.failover_double_charge import FailoverDoubleCharge
from badgateway.reference.defects.routing.failover_event_ignored import FailoverEventIgnored
from badgateway.reference.defects.routing.failover_on_decline import FailoverOnDecline
from badgateway.reference.defects.routing.first_failure_final import FirstFailureFinal
from badgateway.reference.defects.routing.late_success_ships_again import LateSuccessShipsAgain
from badgateway.reference.defects.security.key_in_span import KeyInSpan
from badgateway.reference.defects.security.pan_in_logs import PanInLogs
from badgateway.reference.defects.security.secret_in_url_or_page import SecretInUrlOrPage
from badgateway.reference.defects.security.ssrf_cert_url import SsrfCertUrl
from badgateway.reference.defects.telemetry.attempts_counted_as_success import AttemptsCountedAsSuccess
from badgateway.reference.defects.telemetry.transition_without_actor import TransitionWithoutActor
from badgateway.reference.defects.tenancy.foreign_tenant_event import ForeignTenantEvent
from badgateway.reference.defects.tenancy.test_event_in_live import TestEventInLive
from badgateway.reference.defects.tenancy.wrong_merchant_config import WrongMerchantConfig
from badgateway.reference.defects.webhooks.ack_before_durable import AckBeforeDurable
from badgateway.reference.defects.webhooks.batch_partial import BatchPartial
from badgateway.reference.defects.webhooks.body_reserialised import BodyReserialised
from badgateway.reference.defects.webhooks.dedupe_before_process import DedupeBeforeProcess
from badgateway.reference.defects.webhooks.dup_concurrent import DupConcurrent
from badgateway.reference.defects.webhooks.dup_sequential import DupSequential
from badgateway.reference.defects.webhooks.event_read_lag import EventReadLag
from badgateway.reference.defects.webhooks.expiry_after_paid_elsewhere import ExpiryAfterPaidElsewhere
from badgateway.reference.defects.webhooks.forged_unsigned import ForgedUnsigned
from badgateway.reference.defects.webhooks.late_failure_after_success import LateFailureAfterSuccess
from badgateway.reference.defects.webhooks.late_success_after_refund import LateSuccessAfterRefund
from badgateway.reference.defects.webhooks.missing_webhook_no_poll import MissingWebhookNoPoll
from badgateway.reference.defects.webhooks.non2xx_disables_endpoint import Non2xxDisablesEndpoint
from badgateway.reference.defects.webhooks.out_of_order_regress import OutOfOrderRegress
from badgateway.reference.defects.webhooks.sig_presence_only import SigPresenceOnly
from badgateway.reference.defects.webhooks.skew_rejects_genuine import SkewRejectsGenuine
from badgateway.reference.defects.webhooks.slow_ack_overlap import SlowAckOverlap
from badgateway.reference.defects.webhooks.stale_replay import StaleReplay
from badgateway.reference.defects.webhooks.two_xx_on_failure import TwoXxOnFailure
from badgateway.reference.defects.webhooks.unknown_as_success import UnknownAsSuccess
from badgateway.reference.defects.webhooks.unknown_type_crash import UnknownTypeCrash
from badgateway.reference.defects.webhooks.wrong_or_rotated_secret import WrongOrRotatedSecret
from badgateway.reference.policies import Policies

DEFECTS: tuple[type[Defect], ...] = (
    RetryNewKey,
    ClientRetryNoKey,
    TimeoutMarkedFailed,
    KeyReuseNewBody,
    KeyTooCoarse,
    CachedErrorReplay,
    HardDeclineRetried,
    RetryStorm,
    DoubleSubmit,
    DuplicateScheduler,
    RenewalRerun,
    DunningAgainstAdvice,
    RaiseRetryNewKey,
    DupSequential,
    DupConcurrent,
    BatchPartial,
    OutOfOrderRegress,
    LateFailureAfterSuccess,
    LateSuccessAfterRefund,
    ExpiryAfterPaidElsewhere,
    MissingWebhookNoPoll,
    ForgedUnsigned,
    SigPresenceOnly,
    SkewRejectsGenuine,
    WrongOrRotatedSecret,
    DedupeBeforeProcess,
    BodyReserialised,
    TwoXxOnFailure,
    UnknownTypeCrash,
    UnknownAsSuccess,
    AckBeforeDurable,
    EventReadLag,
    StaleReplay,
    SlowAckOverlap,
    Non2xxDisablesEndpoint,
    TerminalRegressBySync,
    PaidAfterCancel,
    CancelLeavesHold,
    CaptureAfterVoid,
    PartialCaptureAsFull,
    RaiseTakenAsGranted,
    AuthExpiryUnnoticed,
    PendingAsPaid,
    LateCaptureFailed,
    RefundFailedShownDone,
    FailedTerminalBlocksSuccess,
    FloatTruncation,
    ZeroDecimalX100,
    ThreeDecimalX10,
    AmountNotVerified,
    PartialRefundAsFull,
    OverRefundRace,
    RefundRetryDoubles,
    CapturedTotalDoubleCount,
    RefundWrongCurrency,
    BreakdownRounding,
    FeeMisbooked,
    ReturnUrlTrusted,
    ReturnBeforeFinal,
    ReturnAndWebhookBoth,
    OrphanAfterLocalFailure,
    UnknownNeverResolved,
    ReconcileBlindSpot,
    SettlementMismatch,
    RepeatedRowSwallowed,
    SecondReportUnread,
    ProvidersInOnePot,
    ReportMissedTooSoon,
    DifferenceTolerated,
    ThreedsFailedShownOk,
    GarbageBody,
    FieldRemoved,
    NewEnumValue,
    DeclineReadAsSuccess,
    RefundReasonUnlisted,
    NoTimeout,
    DeadlineNotTotal,
    PoolHeldDuringCall,
    NoBreaker,
    AbandonmentNeverExpires,
    DisputeNotTracked,
    RefundAfterChargeback,
    EffectForgotten,
    PanInLogs,
    SecretInUrlOrPage,
    KeyInSpan,
    SsrfCertUrl,
    AttemptsCountedAsSuccess,
    TransitionWithoutActor,
    TestEventInLive,
    ForeignTenantEvent,
    WrongMerchantConfig,
    FailoverDoubleCharge,
    FailoverEventIgnored,
    FailoverOnDecline,
    LateSuccessShipsAgain,
    FirstFailureFinal,
    AuthorizingOrderedAnew,
)


class UnknownDefect(ValueError):
    """No planted defect has this id."""


def policies_with(defect_id: str | None) -> Policies:
    """Give the policies with one defect planted, or the correct ones for None; raises UnknownDefect."""
    correct = Policies()
    if defect_id is None:
        return correct
    for defect in DEFECTS:
        if defect.id == defect_id:
            return replace(correct, **{defect.policy: defect.make()})
    known = ", ".join(defect.id for defect in DEFECTS)
    raise UnknownDefect(f"no planted defect is called {defect_id!r}; known: {known}")
