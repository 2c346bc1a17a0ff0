"""The fault `decide`: issuer and gateway answer a charge otherwise than the card says."""

from __future__ import annotations

from collections.abc import Mapping

from badgateway.faults.base import BEFORE_COMMIT, Effect, ErrorPage, Fault, Option, bare_page
from badgateway.ground.message import Reply


class Decide(Fault):
    """Change what the gateway decides about one charge.

    On the wire: nothing unusual; the provider words the decision as it always does.
    In the field: a soft decline, a stolen card, a challenge, a debit that bounces, an approval of a part.
    Should hold: a decline ends this attempt, not the order; an open outcome, or less money, is not paid.
    """

    name = "decide"
    phases = (BEFORE_COMMIT,)
    phase = BEFORE_COMMIT
    shapes_wire = False
    options = (
        Option(
            "outcome", "choice", "what is decided", "approved", ("approved", "declined", "action", "pending")
        ),
        Option("code", "text", "neutral code of the refusal, for example insufficient_funds"),
        Option(
            "advice",
            "choice",
            "what the issuer says may help; left out: what the code says",
            None,
            ("later", "shopper", "never"),
        ),
        Option("then", "choice", "what follows action or pending", "approved", ("approved", "declined")),
        Option("after", "duration", "virtual time until a pending outcome is known", minimum=0),
        Option("amount", "amount", "what is approved, where it is less than what was asked for"),
        Option("currency", "text", "currency of that amount, where it is another than the order's"),
    )
    remedy = (
        "Drive the order from the decision's own status, not from the HTTP status. Let the shopper try again "
        "after a soft decline, never repeat a hard one, wait while it is open, and compare the amount."
    )

    def objection(self) -> str | None:
        """Refuse words that this outcome would pass over in silence."""
        outcome, then = self.value("outcome"), self.value("then")
        is_no, said = "declined" in {outcome, then}, self.values
        objections = (
            ("then" in said and outcome not in {"action", "pending"},
             f"`then` goes with action or pending, not with {outcome}"),
            ("after" in said and outcome != "pending", f"`after` goes with pending, not with {outcome}"),
            ("code" in said and not is_no, "`code` says why something is declined, and here nothing is"),
            ("advice" in said and not is_no, "`advice` goes with a refusal, and here is none"),
            ("amount" in said and is_no, "`amount` says what is approved, and here nothing is"),
            ("currency" in said and "amount" not in said,
             "`currency` is that of an `amount`, and here is none"),
        )  # fmt: skip
        return next((why for is_wrong, why in objections if is_wrong), None)

    def strike(self, reply: Reply, page: ErrorPage = bare_page) -> Effect:  # noqa: ARG002 - nothing is lost
        """Leave the answer as it is: the decision was made before it."""
        return Effect(reply, fault=self.name)

    def decision(self) -> Mapping[str, object]:
        """Give the decision in plain words: kind, then, and what else was said; after_ms is virtual."""
        words: dict[str, object] = {"kind": self.value("outcome"), "then": self.value("then")}
        if self.value("code") is not None:
            words["code"] = self.value("code")
        if self.value("advice") is not None:
            words["advice"] = self.value("advice")
        if self.value("after") is not None:
            words["after_ms"] = self.value("after")
        if self.value("amount") is not None:
            words["approved_minor"] = self.value("amount")
        if self.value("currency") is not None:
            words["currency"] = self.value("currency")
        return words
