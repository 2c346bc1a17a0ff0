"""The ledger: every movement of money as an entry whose postings sum to zero, in integer minor units."""

from __future__ import annotations

from collections import Counter

from badgateway.ground.attic import Attic
from badgateway.ground.chronicle import Scroll
from badgateway.payments.change import Move
from badgateway.payments.model import LedgerEntry

SHOPPER = "shopper"  # the shopper's bank, seen from the provider: negative is what it has given
HOLDS = "holds"  # authorized, not yet captured
MERCHANT = "merchant"  # captured, and owed to the merchant
DISPUTED = "disputed"  # frozen while a dispute is open
FEES = "fees"  # kept by the provider
ADJUSTMENTS = "adjustments"  # reserves and corrections: what no payment stands behind
CONVERSION = "conversion"  # from the shopper's currency into the merchant's
BANK = "bank"  # the merchant's: paid out
ACCOUNTS = (SHOPPER, HOLDS, MERCHANT, DISPUTED, FEES, ADJUSTMENTS, CONVERSION, BANK)


class Ledger:
    """The entries of one book, in order, and the balance of every account; old entries are in the attic."""

    def __init__(self, attic: Attic | None = None) -> None:
        self._entries: Scroll[LedgerEntry] = Scroll(attic or Attic())
        self._posted = 0  # how many entries there are
        self._balances: Counter[tuple[str, str]] = Counter()  # of the entries up to `_counted`
        self._counted = 0

    def post(
        self, move: Move, *, payment_id: str | None, currency: str, cause: str, at_ms: int
    ) -> LedgerEntry:
        """Write one entry; unbalanced postings are our bug and stop the play."""
        moves_minor, postings = move.amount_minor, move.postings
        # An adjustment goes either way, and its amount says which; all other kinds have one direction.
        assert moves_minor > 0 or (moves_minor and move.kind == "adjust"), "an entry moves something"
        sum_minor = 0
        for _, amount in postings:
            sum_minor += amount
        assert sum_minor == 0, "postings sum to zero"
        seq = self._posted = self._posted + 1
        entry = LedgerEntry(
            seq,
            move.kind,
            payment_id,
            moves_minor,
            currency,
            cause,
            at_ms,
            postings,
            move.refund_id,
            move.dispute_id,
        )
        self._entries.append(entry)
        return entry

    def balance(self, account: str, currency: str) -> int:
        """Give what stands on an account in one currency, in minor units; new entries are added up now."""
        assert account in ACCOUNTS, account
        for entry in self._entries.since(self._counted):
            for moved_on, amount in entry.postings:
                self._balances[moved_on, entry.currency] += amount
        self._counted = self._posted
        return self._balances[account, currency]

    def entries(self) -> tuple[LedgerEntry, ...]:
        """Give every entry, oldest first."""
        return tuple(self._entries)

    def since(self, seq: int) -> tuple[LedgerEntry, ...]:
        """Give the entries after the one with this number."""
        return tuple(self._entries.since(seq))

    def __len__(self) -> int:
        return self._posted


def moved(amount_minor: int, source: str, target: str) -> tuple[tuple[str, int], ...]:
    """Give the postings that carry an amount from one account to another."""
    return ((source, -amount_minor), (target, amount_minor))
