"""Settlement: each movement of the merchant's money becomes a line with its fee, and lines become payouts."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from badgateway.ground.clock import Clock
from badgateway.ground.ids import Ids
from badgateway.ground.money import exponent
from badgateway.ground.rates import converted, rate
from badgateway.payments.change import Move
from badgateway.payments.ledger import ADJUSTMENTS, BANK, CONVERSION, FEES, MERCHANT, Ledger, moved
from badgateway.payments.model import LedgerEntry

FLAWS = ("missing", "late", "repeated", "misstated")
REPORT_DUE_MS = 86_400_000  # a payout's report is due a day after it
# kind of a ledger entry -> (term of the settlement equation, its sign on the merchant's balance)
TERMS = {
    "capture": ("captured", 1),
    "capture_fail": ("captured", -1),
    "refund": ("refunded", -1),
    "refund_fail": ("refunded", 1),
    "dispute_open": ("lost", -1),
    "dispute_won": ("won", 1),
    "adjust": ("adjusted", 1),
}
# What the provider keeps: a share of every capture and a fixed part; for a dispute a fixed fee. Nothing of
# it comes back with a refund or a won dispute. Hundredths of the currency's unit.
SHARE_PER_MILLE, FIXED, DISPUTE_FEE = 15, 25, 2000


@dataclass(frozen=True, slots=True)
class Line:
    """One movement of the merchant's balance as it is settled. Amounts are signed minor units."""

    id: str
    kind: str  # of the ledger entry that it settles
    gross_minor: int
    fee_minor: int
    currency: str  # in which it is settled
    created_ms: int
    source_minor: int  # before conversion
    source_currency: str
    payment_id: str | None = None
    refund_id: str | None = None
    dispute_id: str | None = None
    reason: str | None = None  # of an adjustment
    payout_id: str | None = None
    flaw: str | None = None  # how the provider's own list gets it wrong
    short_minor: int | None = None  # by how much a misstated one falls short; None: by a tenth
    facts: tuple[int, ...] = ()  # ledger entries

    @property
    def net_minor(self) -> int:
        """Give what it adds to the merchant's balance."""
        return self.gross_minor - self.fee_minor

    @property
    def term(self) -> str:
        """Give the term of the settlement equation that it belongs to."""
        return TERMS[self.kind][0]

    @property
    def exchange_rate(self) -> str | None:
        """Give the rate it was converted at, as decimal text; None where it was not."""
        is_same = self.currency == self.source_currency
        return None if is_same else str(rate(self.source_currency, self.currency))


@dataclass(frozen=True, slots=True)
class Payout:
    """Settled money on its way to the merchant's bank."""

    id: str
    amount_minor: int
    currency: str
    created_ms: int
    lines: tuple[Line, ...]
    cause: str
    facts: tuple[int, ...] = ()
    cutoff_ms: int = 0  # what moved until then is in it
    report_ms: int = 0  # when its report is handed out

    @property
    def due_ms(self) -> int:
        """Give when its report has to be there."""
        return self.created_ms + REPORT_DUE_MS


class Settlement:
    """The settled lines and the payouts of one book. `settles_in` None: each currency on its own.

    Several books may share a ledger; `is_own` says of a payment's id whether it is of this book.
    """

    def __init__(
        self, ledger: Ledger, clock: Clock, ids: Ids, is_own: Callable[[str], bool] = lambda _: True
    ) -> None:
        self.settles_in: str | None = None
        self._is_own = is_own
        self._ledger, self._clock, self._ids = ledger, clock, ids
        self._seen = self._counted = 0
        self._waiting: Counter[str] = Counter()  # of the movements up to `_counted`
        self._lines: dict[str, Line] = {}
        self._about: defaultdict[tuple[str, str], list[str]] = defaultdict(list)  # what -> its lines
        self._payouts: dict[str, Payout] = {}
        self.undrained: list[Payout] = []  # the payouts since the last drain
        self._mended: Counter[str | None] = Counter()  # payout -> how often its list was mended
        self._cutoff_ms = 0

    def settle(
        self,
        cause: str,
        flaw: str | None = None,
        flaws: Mapping[str, str] | None = None,
        short_minor: int | None = None,
    ) -> tuple[Line, ...]:
        """Settle every movement since the last time; with a flaw, one line of them is told wrongly.

        `flaws` names payments whose line is told wrongly, and how; `short_minor` is by how much a misstated
        one falls short. What was told late before is in the list from now on.
        """
        flaws = flaws or {}
        assert {flaw, *flaws.values()} <= {None, *FLAWS}, (flaw, flaws)
        late = [one for one in self._lines.values() if one.flaw == "late"]
        self._lines |= {line.id: replace(line, flaw=None) for line in late}
        self._mended.update({line.payout_id for line in late})
        self._cutoff_ms = self._clock.now_ms()
        new = (one for one in self._ledger.since(self._seen) if one.kind in TERMS and one.kind != "adjust")
        moves = [one for one in new if self._is_own(one.payment_id or "")]
        self._seen = len(self._ledger)
        made = [self._settled(entry, cause) for entry in moves]
        self._seen = self._counted = len(self._ledger)
        self._waiting.clear()
        if made and flaw is not None:
            struck = next((one for one in made if one.kind == "capture"), made[0])
            made[made.index(struck)] = replace(struck, flaw=flaw, short_minor=short_minor)
        for payment, how in flaws.items():
            of_it = [one for one in made if one.payment_id == payment]
            for struck in [one for one in of_it if one.kind == "capture"][:1] or of_it[:1]:
                made[made.index(struck)] = replace(struck, flaw=how, short_minor=short_minor)
        self._add(made)
        return tuple(made)

    def waiting(self) -> Counter[str]:
        """Give what is not settled yet, in each currency; only movements since the last time are added up."""
        for entry in self._ledger.since(self._counted):
            if entry.kind in TERMS and entry.kind != "adjust" and self._is_own(entry.payment_id or ""):
                self._waiting[entry.currency] += TERMS[entry.kind][1] * entry.amount_minor
        self._counted = len(self._ledger)
        return Counter(self._waiting)

    def adjust(self, amount_minor: int, currency: str, reason: str, cause: str) -> Line:
        """Change the balance outside of any payment; a negative amount is taken from the merchant."""
        target = self.settles_in or currency
        amount = converted(amount_minor, currency, target)
        entry = self._post(Move("adjust", amount, moved(amount, ADJUSTMENTS, MERCHANT)), target, cause)
        line = replace(self._line(entry, amount, 0, target), reason=reason)
        self._add([line])
        return line

    def pay_out(self, cause: str, late_ms: int = 0) -> tuple[Payout, ...]:
        """Pay out what is settled, one payout for each currency; a balance that is not positive waits.

        The report of each is handed out `late_ms` (virtual) after it.
        """
        waiting = [line for line in self._lines.values() if line.payout_id is None]
        made = []
        for currency, amount in sorted(nets(waiting).items()):
            if amount <= 0:
                continue
            entry = self._post(Move("payout", amount, moved(amount, MERCHANT, BANK)), currency, cause)
            payout_id = f"po_1{self._ids.make('payout', 23)}"
            lines = tuple(replace(line, payout_id=payout_id) for line in waiting if line.currency == currency)
            self._lines |= {line.id: line for line in lines}
            now_ms = self._clock.now_ms()
            paid = Payout(payout_id, amount, currency, now_ms, lines, cause, (entry.seq,))
            made.append(replace(paid, cutoff_ms=self._cutoff_ms, report_ms=now_ms + late_ms))
        self._payouts |= {payout.id: payout for payout in made}
        self.undrained += made
        return tuple(made)

    def lines(self) -> tuple[Line, ...]:
        """Give every line as it is, oldest first."""
        return tuple(self._lines.values())

    def lines_of_payment(self, payment_id: str) -> list[Line]:
        """Give the lines of a payment, with those of its refunds and disputes, oldest first."""
        return self._of("payment", payment_id)

    def lines_of_refund(self, refund_id: str) -> list[Line]:
        """Give the lines of a refund, oldest first."""
        return self._of("refund", refund_id)

    def lines_of_dispute(self, dispute_id: str) -> list[Line]:
        """Give the lines of a dispute, oldest first."""
        return self._of("dispute", dispute_id)

    def payouts(self) -> tuple[Payout, ...]:
        """Give every payout, oldest first."""
        return tuple(self._payouts.values())

    def payout(self, payout_id: str) -> Payout | None:
        """Give a payout, or None."""
        return self._payouts.get(payout_id)

    def revision(self, payout_id: str) -> int:
        """Give which state of a payout's list this is, from 1: it grows when the list is mended."""
        return 1 + self._mended[payout_id]

    def stated(self) -> tuple[Line, ...]:
        """Give the lines as the provider lists them, flaws included, oldest first."""
        return tuple(shown for line in self._lines.values() for shown in as_stated(line))

    def drain(self) -> tuple[Payout, ...]:
        """Give the payouts since the last drain."""
        if not self.undrained:
            return ()
        drained, self.undrained = tuple(self.undrained), []
        return drained

    def _of(self, what: str, known: str) -> list[Line]:
        found = self._about.get((what, known))
        return [self._lines[line_id] for line_id in found] if found else []

    def _add(self, lines: Iterable[Line]) -> None:
        """Keep lines that are new, and remember what they are about."""
        for line in lines:
            self._lines[line.id] = line
            parts = ("payment", line.payment_id), ("refund", line.refund_id), ("dispute", line.dispute_id)
            for what, known in parts:
                if known is not None:
                    self._about[what, known].append(line.id)

    def _settled(self, entry: LedgerEntry, cause: str) -> Line:
        target = self.settles_in or entry.currency
        sign = TERMS[entry.kind][1]
        gross = sign * converted(entry.amount_minor, entry.currency, target)
        facts = [entry.seq]
        if target != entry.currency:
            # Two entries, because an entry has one currency: out of the shopper's, into the merchant's.
            for amount, currency in ((-sign * entry.amount_minor, entry.currency), (gross, target)):
                if amount:
                    change = Move("convert", abs(amount), moved(amount, CONVERSION, MERCHANT))
                    facts.append(self._post(change, currency, cause, entry).seq)
        fee = fee_for(entry.kind, abs(gross), target)
        if fee:
            facts.append(self._post(Move("fee", fee, moved(fee, MERCHANT, FEES)), target, cause, entry).seq)
        return replace(self._line(entry, gross, fee, target), facts=tuple(facts))

    def _post(self, move: Move, currency: str, cause: str, source: LedgerEntry | None = None) -> LedgerEntry:
        payment = source.payment_id if source is not None else None
        return self._ledger.post(
            move, payment_id=payment, currency=currency, cause=cause, at_ms=self._clock.now_ms()
        )

    def _line(self, entry: LedgerEntry, gross: int, fee: int, currency: str) -> Line:
        sign = TERMS[entry.kind][1]
        return Line(
            id=f"txn_3{self._ids.make('balance transaction', 23)}",
            kind=entry.kind,
            gross_minor=gross,
            fee_minor=fee,
            currency=currency,
            created_ms=self._clock.now_ms(),
            source_minor=sign * entry.amount_minor,
            source_currency=entry.currency,
            payment_id=entry.payment_id,
            refund_id=entry.refund_id,
            dispute_id=entry.dispute_id,
            facts=(entry.seq,),
        )


def fee_for(kind: str, gross_minor: int, currency: str) -> int:
    """Give what the provider keeps of a movement, minor units, rounded half up."""
    scale = int(10 ** exponent(currency))
    if kind == "capture":
        return (gross_minor * SHARE_PER_MILLE + 500) // 1000 + FIXED * scale // 100
    return DISPUTE_FEE * scale // 100 if kind == "dispute_open" else 0


def nets(lines: Iterable[Line]) -> Counter[str]:
    """Give the sum of what lines add to the balance, for each currency."""
    found: Counter[str] = Counter()
    for line in lines:
        found[line.currency] += line.net_minor
    return found


def as_stated(line: Line) -> tuple[Line, ...]:
    """Give a line as the provider's list shows it: once, not at all, twice, or with too little."""
    if line.flaw in {"missing", "late"}:
        return ()
    if line.flaw == "repeated":
        return (line, replace(line, id=f"{line.id[:-1]}{'x' if line.id[-1] != 'x' else 'y'}"))
    if line.flaw == "misstated":
        short = max(1, abs(line.gross_minor) // 10) if line.short_minor is None else line.short_minor
        told = replace(line, gross_minor=line.gross_minor - short)
        is_same = line.currency == line.source_currency
        return (replace(told, source_minor=told.gross_minor) if is_same else told,)
    return (line,)
