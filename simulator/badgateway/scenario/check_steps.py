"""The order of steps: each must be possible after those before it, and each word must be played."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from badgateway.errors import Problem, nearest
from badgateway.scenario.language import ORDER_STEPS, STEP_KINDS
from badgateway.scenario.model import Case, Step
from badgateway.scenario.read import order_names


@dataclass(slots=True)
class _Past:
    """What has happened to one order so far."""

    is_paid: bool = False
    is_manual: bool = False
    is_captured: bool = False
    is_refunded: bool = False
    is_disputed: bool = False
    is_saved: bool = False
    is_renewal: bool = False
    cards: set[str] = field(default_factory=set)


def check_steps(case: Case) -> list[Problem]:
    """Give what is impossible in the order of steps, and orders that expectations name and no step opens."""
    teller = _Teller(case)
    for step in case.steps:
        teller.take(step)
    orders = order_names(case.steps)
    for name in ("order", "captured", "refunded"):
        for order in getattr(case.expect, name):
            if order not in orders:
                what = f"unknown order {order!r}{nearest(order, orders)}"
                problem = case.document.problem(("expect", name, order), what, at_key=True)
                teller.problems.append(problem)
    return teller.problems


class _Teller:
    """Goes through the story once and says what cannot be."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.past: dict[str, _Past] = {}
        self.is_killed = self.is_deployed = False
        self.problems: list[Problem] = []

    def take(self, step: Step) -> None:
        """Check one step against the past, and make it part of the past."""
        if step.do == "together":
            self._together(step)
            return
        self._check(step)
        self._remember(step)

    def _together(self, step: Step) -> None:
        if len(step.members) < 2:
            self._tell(step, "`together` needs two or more steps", "a race has two sides")
        pays = [member for member in step.members if member.do == "pay"]
        # Whoever pays in a race opens the order for the others: the race is about who is first.
        for member in [*pays, *(member for member in step.members if member.do != "pay")]:
            self.take(member)

    def _check(self, step: Step) -> None:
        kind = STEP_KINDS[step.do]
        if not kind.is_played:
            self._tell(step, f"{step.do!r} is known, not played yet")
            return
        self._check_life(step)
        if step.do == "renew":
            self._check_renewal(step)
            return
        if step.do == "settle":
            self._check_flaws(step)
            return
        if step.do not in ORDER_STEPS or step.do == "pay" or step.is_forged:
            self._check_pay(step)
            return
        past = self.past.get(step.order or "")
        if past is None or not past.is_paid:
            others = [name for name, one in self.past.items() if one.is_paid]
            later = step.order in order_names(self.case.steps)
            found = "is paid only later" if later else f"is never paid{nearest(step.order or '', others)}"
            self._tell(step, f"{step.do} before pay: order {step.order!r} {found}", "pay it first")
            return
        for is_impossible, why, mend in _RULES.get(step.do, ()):
            if is_impossible(past, self.case):
                self._tell(step, why.format(order=step.order), mend)
                break

    def _check_pay(self, step: Step) -> None:
        past = self.past.get(step.order or "")
        if step.is_again and (past is None or not past.is_paid):
            self._tell(step, f"order {step.order!r} is paid again before it was paid", "leave `again` out")

    def _check_flaws(self, step: Step) -> None:
        for order, flaw in step.flaws.items():
            past = self.past.get(order)
            if past is None or not past.is_captured:
                known = [name for name, one in self.past.items() if one.is_captured]
                what = f"{flaw}: nothing of order {order!r} was taken{nearest(order, known)}"
                self._tell(step, what, "settle after it was captured")
        is_misstated = "misstated" in (step.flaw, *step.flaws.values())
        if step.amount is not None and not is_misstated:
            self._tell(step, "the amount is that of a misstated line, and there is none", "leave it out")

    def _check_renewal(self, step: Step) -> None:
        first, own = self.past.get(step.renews or ""), self.past.get(step.order or "")
        mend = f"say `pay: {{order: {step.renews}, save: true}}` first"
        if first is None or not first.is_saved:
            self._tell(step, f"renew without a kept payment method: {step.renews!r} was not paid so", mend)
        elif first.is_renewal:
            self._tell(
                step, f"{step.renews!r} is a later period itself", "renew the order that was paid first"
            )
        elif own is not None and not own.is_renewal:
            what = f"{step.order!r} is a period of {step.renews!r}, and another order of this story"
            self._tell(step, what, "give the other order another name")
        elif step.is_again and own is None:
            self._tell(step, f"{step.renews!r} is renewed again before it was renewed", "leave `again` out")

    def _check_life(self, step: Step) -> None:
        who = STEP_KINDS[step.do].who
        if step.do == "restart" and not self.is_killed:
            self._tell(step, "restart before kill: the integration is running", "say `- kill` first")
        elif step.do == "retire" and not self.is_deployed:
            self._tell(step, "retire before deploy: there is one version only", "say `- deploy: next` first")
        elif step.do == "deploy" and self.is_deployed:
            self._tell(step, "deploy after deploy: two versions run already", "say it once in a story")
        elif self.is_killed and (who in ("merchant", "shopper") or step.do == "kill") and step.do not in (
            "authenticate", "abandon",
        ):  # fmt: skip
            self._tell(step, f"{step.do} after kill: the integration is not running", "say `- restart` first")

    def _remember(self, step: Step) -> None:
        self.is_deployed = self.is_deployed or step.do == "deploy"
        if step.do in ("kill", "restart"):
            self.is_killed = step.do == "kill"
        if step.order is None:
            return
        past = self.past.setdefault(step.order, _Past())
        if step.do == "renew":
            past.is_paid = past.is_captured = past.is_renewal = True
            past.cards |= self.past.setdefault(step.renews or "", _Past()).cards
        if step.do == "pay":
            past.is_paid = True
            past.is_saved = past.is_saved or step.is_saving
            past.is_manual = step.capture == "manual"
            past.is_captured = past.is_captured or not past.is_manual
            past.cards.add(step.card or self.case.world.card)
        past.is_captured = past.is_captured or step.do == "capture"
        past.is_disputed = past.is_disputed or step.do == "dispute"
        past.is_refunded = past.is_refunded or step.do in ("refund", "refund_from_dashboard", "cancel")

    def _tell(self, step: Step, what: str, mend: str = "") -> None:
        line, column = self.case.document.mark(step.path)
        self.problems.append(Problem(self.case.document.file, line, column, what, mend))


def _decides(case: Case, *outcomes: str) -> bool:
    return any(fault.options.get("outcome") in outcomes for fault in case.faults)


def _is_never_asked(past: _Past, case: Case) -> bool:
    # Card words are the dialect's; all that lead to a challenge begin with the same word.
    return not any(card.startswith("authentication") for card in past.cards) and not _decides(case, "action")


def _is_not_taken(past: _Past, _: Case) -> bool:
    return not past.is_captured


def _holds_nothing(past: _Past, _: Case) -> bool:
    return not past.is_manual


def _is_undisputed(past: _Past, _: Case) -> bool:
    return not past.is_disputed


def _has_no_refund(past: _Past, _: Case) -> bool:
    return not past.is_refunded


def _is_no_debit(past: _Past, case: Case) -> bool:
    is_card = not any(card.startswith(("bank_debit", "pending")) for card in past.cards)
    return is_card and not _decides(case, "pending")


_Rule = tuple[Callable[[_Past, Case], bool], str, str]
_NOT_TAKEN = "before capture: order {order!r} is paid with capture: manual and nothing is taken yet"
_RULES: dict[str, Iterable[_Rule]] = {
    "authenticate": (
        (_is_never_asked, "nobody asks the shopper of {order!r} to authenticate",
         "say `card: authentication_required` or `decide: action`"),
    ),
    "increment": (
        (_holds_nothing, "order {order!r} is captured automatically and holds nothing that could be raised",
         "say `capture: manual` in its pay"),
    ),
    "capture": (
        (_holds_nothing, "order {order!r} is captured automatically when it is paid",
         "say `capture: manual` in its pay"),
    ),
    "refund": ((_is_not_taken, "refund " + _NOT_TAKEN, "capture it first"),),
    "refund_from_dashboard": (
        (_is_not_taken, "refund " + _NOT_TAKEN, "capture it first"),
    ),
    "dispute": ((_is_not_taken, "dispute " + _NOT_TAKEN, "capture it first"),),
    "contest": (
        (_is_undisputed, "contest before dispute: nobody disputes {order!r} yet", "dispute it first"),
    ),
    "return_debit": (
        (_is_no_debit, "order {order!r} is not paid by a bank debit", "say `card: bank_debit`"),
    ),
    "fail_capture": ((_is_not_taken, "fail_capture " + _NOT_TAKEN, "capture it first"),),
    "fail_refund": (
        (_has_no_refund, "fail_refund before refund: nothing of {order!r} is refunded yet",
         "refund it first"),
    ),
    "expire_authorization": (
        (_holds_nothing, "order {order!r} is captured automatically and holds nothing",
         "say `capture: manual` in its pay"),
    ),
}  # fmt: skip
