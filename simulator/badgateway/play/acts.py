"""What the shopper's bank and the provider do by themselves, as commands to the book."""

from __future__ import annotations

from collections.abc import Callable

from badgateway.payments.book import Book
from badgateway.payments.commands import (
    Authenticate,
    CloseDispute,
    Command,
    ContestDispute,
    CreatePayment,
    ExpireAuthorization,
    FailCapture,
    FailRefund,
    OpenDispute,
    RefundPayment,
)
from badgateway.payments.model import Payment, Status
from badgateway.plan.model import Step
from badgateway.play.account import Account
from badgateway.play.keeping import keep_command
from badgateway.play.stage import Stage
from badgateway.play.telling import tell
from badgateway.play.world import ELSEWHERE, World


def act(stage: Stage, step: Step) -> None:
    """Carry out one act; one that cannot apply is journalled and leaves everything as it is."""
    world = stage.world
    commands = ACTS[step.do](world, step)
    cause = f"act:{step.do}"
    if not commands:
        world.journal.write(
            "run.skipped",
            step.order,
            step=step.n,
            do=step.do,
            why="no payment is in a state for it",
            is_planned=False,
        )
        return
    for command in commands:
        account = _account_of(world, step, command)
        account.cause = cause
        outcome = account.book.do(command, cause)
        keep_command(world, account, command, cause, step.order)
        payment = outcome.payment.id if outcome.payment is not None else None
        refusal = outcome.refusal.code if outcome.refusal is not None else None
        world.journal.write("op.acted", step.order, do=step.do, payment=payment, detail=refusal)
        if outcome.refusal is not None and not outcome.is_applied:
            world.journal.write(
                "run.skipped",
                step.order,
                step=step.n,
                do=step.do,
                why=outcome.refusal.message,
                is_planned=False,
            )
        tell(world)


def _account_of(world: World, step: Step, command: Command) -> Account:
    """Give the account whose book a command is for."""
    there = world.accounts_holding(step.order)
    if step.do == "pay_elsewhere":
        return world.account_elsewhere(str(step.order), step.merchant) or there[0]
    named = [str(getattr(command, name, "")) for name in ("payment_id", "refund_id", "dispute_id")]
    for account in there:
        book = account.book
        if any(book.payment(one) or book.refund(one) or book.dispute(one) for one in named):
            return account
    return there[0]


def _payments(world: World, step: Step, *states: Status) -> list[Payment]:
    """Give the order's payments in these states, latest first, over all providers of the story."""
    books = [account.book for account in world.accounts_holding(step.order)]
    owned = [payment for book in books for payment in world.payments_of(step.order, book)]
    if len(books) > 1:
        owned.sort(key=lambda payment: payment.created_ms)
    return [payment for payment in reversed(owned) if not states or payment.status in states]


def _book_of(world: World, step: Step, payment: Payment) -> Book:
    """Give the book in which a payment of the order stands."""
    books = [account.book for account in world.accounts_holding(step.order)]
    return next(book for book in books if book.payment(payment.id) is not None)


def _authenticate(world: World, step: Step) -> list[Command]:
    found = _payments(world, step, Status.ACTION)
    return [Authenticate(found[0].id, step.is_passed)] if found else []


def _expire(world: World, step: Step) -> list[Command]:
    found = _payments(world, step, Status.AUTHORIZED)
    return [ExpireAuthorization(found[0].id)] if found else []


def _fail_capture(world: World, step: Step) -> list[Command]:
    found = _payments(world, step, Status.SUCCEEDED)
    return [FailCapture(found[0].id)] if found else []


def _fail_refund(world: World, step: Step) -> list[Command]:
    for payment in _payments(world, step):
        refunds = [
            one
            for one in _book_of(world, step, payment).refunds_of(payment.id)
            if one.status in ("succeeded", "pending")
        ]
        if refunds:
            return [FailRefund(refunds[-1].id)]
    return []


def _refund(world: World, step: Step) -> list[Command]:
    found = [payment for payment in _payments(world, step) if payment.captured_minor > payment.refunded_minor]
    if not found:
        return []
    return [RefundPayment("re_" + world.ids.make("dashboard refund", 24), found[0].id, step.amount_minor)]


def _dispute(world: World, step: Step) -> list[Command]:
    opened = [
        one
        for payment in _payments(world, step)
        for one in _book_of(world, step, payment).disputes_of(payment.id)
        if one.status == "open"
    ]
    commands: list[Command] = []
    if opened and opened[-1].is_inquiry and step.stage == "chargeback":
        # What the bank asked is answered by its taking the money.
        commands.append(CloseDispute(opened[-1].id, is_won=False))
        opened = []
    if step.stage == "pre_arbitration" and not _was_won(world, step):
        return []
    if opened:
        dispute = opened[-1].id
    else:
        found = [
            payment for payment in _payments(world, step) if payment.captured_minor > payment.refunded_minor
        ]
        if not found:
            return []
        dispute = "du_" + world.ids.make("dispute", 24)
        is_inquiry, is_second = step.stage == "inquiry", step.stage == "pre_arbitration"
        commands.append(
            OpenDispute(dispute, found[0].id, step.amount_minor, is_inquiry=is_inquiry, is_second=is_second)
        )
    if step.result in ("won", "lost"):
        commands.append(CloseDispute(dispute, step.result == "won"))
    return commands


def _contest(world: World, step: Step) -> list[Command]:
    opened = [
        one
        for payment in _payments(world, step)
        for one in _book_of(world, step, payment).disputes_of(payment.id)
        if one.status == "open"
    ]
    return [ContestDispute(opened[-1].id)] if opened else []


def _was_won(world: World, step: Step) -> bool:
    """Say whether a chargeback of the order was won, and nothing is open."""
    known = [
        one
        for payment in _payments(world, step)
        for one in _book_of(world, step, payment).disputes_of(payment.id)
        if not one.is_inquiry
    ]
    return bool(known) and known[-1].status == "won"


def _return_debit(world: World, step: Step) -> list[Command]:
    """Take back what a debit had brought: at the provider a dispute that is lost as it is opened."""
    found = [payment for payment in _payments(world, step) if payment.captured_minor > payment.refunded_minor]
    if not found:
        return []
    dispute = "du_" + world.ids.make("dispute", 24)
    opened = OpenDispute(dispute, found[0].id, reason=step.reason or "insufficient_funds")
    return [opened, CloseDispute(dispute, is_won=False)]


def _pay_elsewhere(world: World, step: Step) -> list[Command]:
    """Pay what has the same number in another shop, which the same software may well have sent as our own."""
    if world.account_elsewhere(str(step.order), step.merchant) is None:
        return []
    order = world.plan.order(str(step.order))
    reference, own = world.reference(order.name), _payments(world, step)
    payment_id = f"pi_3{world.ids.make('payment elsewhere', 23)}"
    world.paid_elsewhere[payment_id] = order.name
    world.own(payment_id, ELSEWHERE)
    metadata = own[0].details.get("metadata") if own else None
    details = {"metadata": metadata or {"order": reference, "order_id": reference}}
    paid = CreatePayment(
        payment_id, order.amount_minor, order.currency, order_ref=reference, charge=True, details=details
    )
    return [paid]


ACTS: dict[str, Callable[[World, Step], list[Command]]] = {
    "authenticate": _authenticate,
    "expire_authorization": _expire,
    "fail_capture": _fail_capture,
    "fail_refund": _fail_refund,
    "refund_from_dashboard": _refund,
    "dispute": _dispute,
    "contest": _contest,
    "return_debit": _return_debit,
    "pay_elsewhere": _pay_elsewhere,
}
