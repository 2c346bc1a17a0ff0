"""What a look at the provider shows: how things stand, or where a fault says so how they stood before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from badgateway.faults.base import Fault
from badgateway.faults.lag import Lag
from badgateway.plan.model import PlannedFault
from badgateway.play.account import Account
from badgateway.providers.base import Answer, Dialect, Parsed

LOOKS = ("fetch", "list")


@dataclass(frozen=True, slots=True)
class Look:
    """What was shown, by which fault where it is not how things stand, and whether it is out of date."""

    answer: Answer
    fault: PlannedFault | None = None
    is_old: bool = False


def look(
    parsed: Parsed, account: Account, dialect: Dialect, struck: tuple[PlannedFault, Fault] | None
) -> Look:
    """Answer a look; a lag that shows nothing else than the truth has not fired."""
    true = dialect.answer(parsed, account)
    if struck is None:
        return Look(true)
    planned, lag = struck
    assert isinstance(lag, Lag), "only lag is looked up for a look"
    named = (parsed.payment_id, parsed.refund_id, *parsed.other_ids)
    known = [one for one in named if one is not None]
    old = _answer_of(parsed, account, dialect, lag.behind, known)
    is_old = old.reply.body != true.reply.body
    if lag.page is None:
        return Look(old, planned, is_old=True) if is_old else Look(true)
    short = _answer_of(parsed, account, dialect, lag.behind, known, lag.page)
    return Look(short, planned, is_old) if short.reply.body != true.reply.body else Look(true)


def _answer_of(
    parsed: Parsed,
    account: Account,
    dialect: Dialect,
    behind: int,
    known: Sequence[str],
    page_max: int | None = None,
) -> Answer:
    """Let the dialect answer from a book that has not heard of the newest changes."""
    before = account.book.behind(behind, *known)
    # A replica offers what a dialect reads of a book, and nothing of a look writes to one.
    return dialect.answer(parsed, replace(account, book=before, page_max=page_max))  # type: ignore[arg-type]
