"""Equal plays have equal fingerprints, whatever their ids, amounts and times."""

from hypothesis import given
from hypothesis import strategies as st

from badgateway.ground.clock import Clock
from badgateway.ground.records import changed
from badgateway.journal.entry import Entry
from badgateway.journal.fingerprint import fingerprint, fingerprint_outside_races, happenings
from badgateway.journal.journal import Journal

ID_FIELDS = ("call", "op", "delivery", "event", "payment", "refund", "key", "body_hash", "cause", "nonce")


def write(script, mark="", amount=4_999, clock_ms=0):
    """Play a script of small scenes under one set of ids, amounts and times."""
    record = Journal(Clock(clock_ms))
    for place, scene in enumerate(script):
        SCENES[scene](record, f"{place}{mark}", amount)
    return record.entries


def charge(record, mark, amount):
    record.write(
        "call.arrived",
        "o1",
        call=f"c{mark}",
        provider="stripe",
        op="charge",
        n=1,
        key=f"key{mark}",
        body_hash=mark,
        credential="sk",
        amount_minor=amount,
        currency="EUR",
        path="/v1",
        method="POST",
    )
    record.write(
        "call.committed",
        "o1",
        call=f"c{mark}",
        is_applied=True,
        is_replayed=False,
        status=200,
        is_final=True,
        payment=f"pi_{mark}",
        payment_status="succeeded",
    )
    record.write(
        "ledger.entry",
        "o1",
        seq=1,
        kind="capture",
        payment=f"pi_{mark}",
        amount_minor=amount,
        currency="EUR",
        cause=f"c{mark}",
    )
    record.write(
        "call.answered", "o1", call=f"c{mark}", status=200, is_complete=True, parked_ms=float(amount)
    )


def tell(record, mark, amount):
    send(record, mark, "payment.succeeded")
    answer(record, mark, amount)


def tell_refund(record, mark, amount):
    send(record, mark, "refund.succeeded")
    answer(record, mark, amount)


def send(record, mark, name, how="in_turn", copy=1):
    record.write(
        "webhook.sent",
        "o1",
        delivery=f"d{mark}",
        event=f"e{mark[:1]}",
        name=name,
        wire_type=name,
        attempt=1,
        copy=copy,
        how=how,
        signature="ok",
        **{"class": "genuine"},
    )


def answer(record, mark, amount, status=200):
    record.write(
        "webhook.answered", "o1", delivery=f"d{mark}", status=status, elapsed_ms=float(amount), parked_ms=0
    )


def view_paid(record, mark, amount):
    look(record, "PAID", amount, mark)


def view_pending(record, mark, amount):
    look(record, "PENDING", amount, mark)


def look(record, status, amount, mark):
    record.write(
        "view.read",
        "o1",
        status=status,
        paid_minor=amount,
        refs=[mark],
        effects={"mail": 1},
        is_readable=True,
        after="step",
    )


SCENES = {one.__name__: one for one in (charge, tell, tell_refund, view_paid, view_pending)}
scripts = st.lists(st.sampled_from(sorted(SCENES)), max_size=12)


@given(scripts, st.text("abc123", max_size=5), st.integers(1, 10**9), st.integers(0, 10**12))
def test_ids_amounts_and_times_make_no_difference(script, mark, amount, clock_ms):
    assert fingerprint(write(script)) == fingerprint(write(script, mark, amount, clock_ms))


@given(st.permutations(["charge", "tell", "tell_refund", "view_paid"]))
def test_another_order_makes_a_difference(script):
    plain = ["charge", "tell", "tell_refund", "view_paid"]

    assert (fingerprint(write(script)) == fingerprint(write(plain))) == (script == plain)


def test_a_view_that_says_nothing_new_is_left_out():
    assert fingerprint(write(["charge", "view_paid"])) == fingerprint(
        write(["charge", "view_paid", "view_paid"])
    )


def test_a_view_that_changes_back_is_kept():
    there_and_back = write(["view_pending", "view_paid", "view_pending"])

    assert len(happenings(there_and_back)) == 3


def test_a_view_of_another_order_is_no_repetition():
    entries = write(["view_paid", "view_paid"])
    other = changed(entries[1], order="o2")

    assert len(happenings([entries[0], other])) == 2


def test_no_id_is_told():
    told = str(happenings(write(["charge", "tell", "view_paid"], mark="secretid")))

    assert "secretid" not in told


def burst(first, second, *, before=(), statuses=(200, 200)) -> list[Entry]:
    record = Journal(Clock(0))
    for scene in before:
        SCENES[scene](record, "9", 1)
    for name in (first, second):
        send(record, f"1{name}", "payment.succeeded", "at_once", copy=int(name))
    for name, status in zip((second, first), statuses, strict=True):
        answer(record, f"1{name}", 1, status)
    SCENES["view_paid"](record, "5", 1)
    return record.entries


def test_who_won_a_race_makes_no_difference_outside_it():
    one, other = burst("1", "2", statuses=(200, 409)), burst("2", "1", statuses=(409, 200))

    assert fingerprint(one) != fingerprint(other)
    assert fingerprint_outside_races(one) == fingerprint_outside_races(other)


def test_what_happens_outside_a_race_makes_a_difference():
    one, other = burst("1", "2"), burst("1", "2", before=["view_pending"])

    assert fingerprint_outside_races(one) != fingerprint_outside_races(other)


def test_what_became_of_the_members_of_a_race_makes_a_difference():
    one, other = burst("1", "2"), burst("1", "2", statuses=(200, 500))

    assert fingerprint_outside_races(one) != fingerprint_outside_races(other)


def operations(*kinds):
    record = Journal(Clock(0))
    for kind, op in kinds:
        if kind == "invoked":
            record.write("op.invoked", "o1", op=op, step=1, do="pay", intent="o1")
        else:
            record.write(
                "op.returned",
                "o1",
                op=op,
                do="pay",
                outcome="ok" if op == "a" else "fail",
                elapsed_ms=1.0,
                parked_ms=0.0,
            )
    return record.entries


def test_operations_of_one_step_that_overlap_are_a_race():
    one = operations(("invoked", "a"), ("invoked", "b"), ("returned", "a"), ("returned", "b"))
    other = operations(("invoked", "a"), ("invoked", "b"), ("returned", "b"), ("returned", "a"))

    assert fingerprint_outside_races(one) == fingerprint_outside_races(other)


def test_an_operation_and_the_delivery_that_was_kept_for_it_are_a_race():
    def met(*ends):
        record = Journal(Clock(0))
        send(record, "1", "payment.succeeded", "with")
        record.write("op.invoked", "o1", op="a", step=1, do="return", intent="o1")
        for end in ends:
            if end == "answered":
                answer(record, "1", 1, 200)
            else:
                told = {"do": "return", "outcome": "ok", "elapsed_ms": 1.0, "parked_ms": 0.0}
                record.write("op.returned", "o1", op="a", **told)
        return record.entries

    one, other = met("answered", "returned"), met("returned", "answered")

    assert fingerprint(one) != fingerprint(other)
    assert fingerprint_outside_races(one) == fingerprint_outside_races(other)


def test_operations_that_follow_each_other_are_none():
    one = operations(("invoked", "a"), ("returned", "a"), ("invoked", "b"), ("returned", "b"))
    other = operations(("invoked", "b"), ("returned", "b"), ("invoked", "a"), ("returned", "a"))

    assert fingerprint_outside_races(one) != fingerprint_outside_races(other)
