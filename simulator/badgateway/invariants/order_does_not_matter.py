"""E2: the same facts in another order, or told twice, end in the same books."""

from __future__ import annotations

from badgateway.invariants.base import AT_REST, Breach, Invariant, Opinion, at_rest, shown
from badgateway.journal.belief import regressions
from badgateway.journal.history import History
from badgateway.journal.telling import is_same_story, plainly_told, told

PARTS = ("status", "paid_minor", "refunded_minor", "currency", "effects")
GONE = ("REFUNDED", "CANCELLED", "DISPUTED")  # who hears of the money only after that rightly ships nothing


class OrderDoesNotMatter(Invariant):
    """The same webhooks in another order, or more than once, lead to the same view in the end.

    E2. For two plays of one story, with equal ledgers and equal sets of delivered facts but another order
    or multiplicity of deliveries, both at rest: status, amounts and, where its money is not gone again,
    effects of every order are equal; and no view on the way goes back after a webhook (E3) in one of them
    only. What a later poll mends was wrong all the same.
    """

    name = "order_does_not_matter"
    code = "E2"
    when = AT_REST
    remedy = (
        "Treat a webhook as a hint to look, not as the new state: fetch the object, or compare its state "
        "with yours in an explicit state machine that never goes back. Providers promise no order and no "
        "single delivery."
    )

    def judge(self, history: History, twin: History | None) -> Opinion:
        """Compare the final views of the play and its twin."""
        if told(history) == plainly_told(history) or (twin is None and not history.plan.get("deliveries")):
            return Opinion()
        if twin is None:
            return Opinion(unknown="there is no play of the same story with its webhooks in the plain order")
        if why := at_rest(history) or at_rest(twin):
            return Opinion(unknown=why)
        tested, breaches, missing = 0, [], ""
        for order in history.orders:
            if told(history, order) == told(twin, order) or not is_same_story(history, twin, order):
                continue
            sent = tuple(one.sent.seq for one in history.deliveries(order) if one.is_genuine)
            back = () if regressions(twin, order) else regressions(history, order)
            for change in back[:1]:
                sentence = f"{change.sentence} by webhooks that do no harm in plain order"
                breaches.append(Breach(order, sentence, (*sent, change.after.seq), began=change.after.seq))
            mine, other = history.final_view(order), twin.final_view(order)
            if mine is None or other is None:
                missing = f"the final view of {order} could not be read in both plays"
                continue
            tested += 1
            parts = PARTS[:-1] if mine.data["status"] in GONE else PARTS
            pairs = [(one, shown(other.data[one]), shown(mine.data[one])) for one in parts]
            differ = ", ".join(f"{one} {then} became {now}" for one, then, now in pairs if now != then)
            if differ and "REVIEW" not in {mine.data["status"], other.data["status"]}:
                sentence = f"{order} ends otherwise than with its webhooks in plain order: {differ}"
                breaches.append(Breach(order, sentence, (*sent, mine.seq), is_always=False))
        return Opinion(tested, tuple(breaches), missing)
