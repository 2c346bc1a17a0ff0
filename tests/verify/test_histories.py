"""What a provider held before each call and at each event, as provider states."""

from badgateway.journal.entry import Entry
from badgateway.verify.histories import History

REFERENCE, PAYMENT = "o7reference", "pi_1"
CAPTURED = {"id": PAYMENT, "amount_minor": 4999, "currency": "EUR", "order": REFERENCE}


def journal(*rows, card="approved"):
    """Make the entries of a play with one order, each row a kind and its data."""
    first = ("run.order", {"reference": REFERENCE, "card": card})
    return [Entry(n, 0, 0.0, kind, "o1", data) for n, (kind, data) in enumerate((first, *rows))]


def call(name, op, status, *, refusal=None, applied=True, payment=PAYMENT):
    asked = {"call": name, "op": op, "provider": "stripe", "amount_minor": 4999, "currency": "EUR"}
    done = {"call": name, "payment": payment, "payment_status": status, "refusal": refusal}
    return ("call.arrived", asked), ("call.committed", done | {"is_applied": applied, "is_replayed": False})


def moved(kind, cause, amount=4999, **more):
    data = {"kind": kind, "payment": PAYMENT, "amount_minor": amount, "cause": cause}
    return "ledger.entry", data | {"refund": None, "dispute": None} | more


def event(name, cause, tells="succeeded"):
    return "event.created", {"event": name, "payment": PAYMENT, "cause": cause, "tells": tells}


def states(held):
    return [(state.name, dict(state.params)) for one in held for state in one.states]


def test_money_that_a_charge_moves_is_part_of_its_own_state_and_what_follows_adds_one():
    history = History(
        journal(
            *call("c1", "charge", "succeeded"),
            moved("auth", "c1"),
            moved("capture", "c1"),
            *call("c2", "refund", "succeeded"),
            moved("refund", "c2", 1000, refund="re_1"),
            *call("c3", "fetch", "succeeded", applied=False),
            moved("refund_fail", "act:fail_refund", 1000, refund="re_1"),
            event("evt_1", "act:fail_refund"),
        )
    )

    refund = {"id": "re_1", "payment_id": PAYMENT, "amount_minor": 1000, "order": REFERENCE}
    assert states(history.before["c1"]) == []
    assert states(history.before["c2"]) == [("a payment is captured", CAPTURED)]
    assert states(history.before["c3"])[1:] == [("a payment is refunded", refund)]
    assert states(history.at["evt_1"])[1:] == [("a refund has failed", refund)]
    assert history.before["c3"][0].ids == {PAYMENT, "re_1"}


def test_a_declined_card_is_named_where_it_is_the_one_of_the_order():
    history = History(
        journal(
            *call("c1", "charge", "new", refusal="declined"),
            *call("c2", "fetch", "new", applied=False),
            card="declined",
        )
    )

    assert states(history.before["c2"]) == [("a payment is declined", {**CAPTURED, "card": "declined"})]


def test_what_was_pending_ends_well_with_money_and_badly_without():
    begun = call("c1", "charge", "pending")

    well = History(
        journal(*begun, moved("auth", "act:clear"), moved("capture", "act:clear"), event("e", "act:clear"))
    )
    badly = History(journal(*begun, event("e", "act:clear", "new")))

    ended = [[name for name, _ in states(one.at["e"])] for one in (well, badly)]
    assert ended == [
        ["a payment is processing", "a pending payment has come through"],
        ["a payment is processing", "a pending payment has failed"],
    ]
    assert badly.stood["e"] == "new"


def test_a_fault_that_fired_and_a_replayed_answer_are_known():
    asked, done = call("c1", "charge", "succeeded")
    replayed = (done[0], {**done[1], "is_replayed": True})

    history = History(journal(asked, replayed, ("fault.fired", {})))

    assert history.is_struck
    assert history.replayed == {"c1"}
    assert states(history.before["c1"]) == []
