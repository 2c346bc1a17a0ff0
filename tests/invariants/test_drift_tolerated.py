"""H2 over small journals."""

import pytest

LAW = "drift_tolerated"
ENUM = "unknown_enum $.data.object.status"
NO_ID = "drop_field $.data.object.id"
EXTRA = "extra_field $.data.object"


def send(story, event, *statuses, mutation=ENUM, drift="unclear", lost=False):
    """Send an event in other words, once for each answer; `lost`: then the provider gives up."""
    for attempt, status in enumerate(statuses, start=1):
        delivery = f"m{event[0]}{attempt}"
        story.journal.write(
            "webhook.sent",
            event[2],
            delivery=delivery,
            event=event[0],
            name=event[1],
            wire_type=f"wire.{event[1]}",
            attempt=attempt,
            copy=1,
            how="in_turn",
            signature="ok",
            mutation=mutation,
            drift=drift,
            **{"class": "genuine"},
        )
        story.journal.write(
            "webhook.answered", event[2], delivery=delivery, status=status, elapsed_ms=5.0, parked_ms=0.0
        )
    if lost:
        story.journal.write("webhook.lost", event[2], event=event[0], name=event[1], why="exhausted")
    return story


def paid(story):
    """Pay an order whose answer told nothing yet; what comes is told by webhook."""
    begun = story()
    begun.ask("pay", outcome="info", status="PENDING")
    return begun.charge().view("PENDING", 0)


def pending(story):
    """Ask for an order whose money has not moved."""
    begun = story()
    begun.ask("pay", outcome="info", status="PENDING")
    begun.commit(begun.arrive("charge"), applied=True).view("PENDING", 0)
    return begun


def mutated_answer(begun, op, mutation, drift="unclear", status=200):
    """Look a payment up, and answer in other words."""
    call = begun.arrive(op, key=None, payment="pi_1")
    begun.commit(call, applied=False)
    begun.journal.write(
        "fault.fired",
        "o1",
        fault=1,
        at="fetch[1]",
        phase="after_commit",
        do="mutate",
        call=call[0],
        mutation=mutation,
        drift=drift,
    )
    return begun.answer(call, status, effect="mutate")


def test_it_is_vacuous_while_every_word_is_one_of_today(good_day):
    assert good_day.state(LAW) == "vacuous"


def test_it_holds_where_an_unknown_word_is_no_news(story):
    begun = pending(story)

    state = send(begun, begun.event("payment.pending", facts=[]), 200).view("PENDING", 0).final("PENDING", 0)

    assert state.state(LAW) == "held"


def test_it_breaks_where_an_unknown_word_is_a_success(story):
    begun = pending(story)
    send(begun, begun.event("payment.pending", facts=[]), 200).view("PAID", 4_999, 0, {"fulfil": 1})

    (breach,) = begun.final("PAID", 4_999).judge(LAW).breaches

    assert breach.sentence.startswith(
        f"wire.payment.pending with {ENUM} counted: o1 went from PENDING to PAID"
    )
    assert breach.is_always
    assert [begun.entries[seq - 1].kind for seq in breach.proof] == [
        "webhook.sent",
        "webhook.answered",
        "view.read",
    ]


def test_it_breaks_where_an_unknown_word_makes_a_taken_payment_failed(story):
    begun = paid(story).tell().view("PAID", 4_999)

    assert send(begun, begun.event(), 200).view("FAILED", 0).final("PAID", 4_999).state(LAW) == "broken"


def test_what_was_looked_up_and_is_true_may_change_the_view(story):
    begun = paid(story)

    assert (
        send(begun, begun.event(), 200).look_up().view("PAID", 4_999).final("PAID", 4_999).state(LAW)
        == "held"
    )


def test_a_lie_that_was_told_before_is_not_its_doing(story):
    begun = pending(story).view("PAID", 4_999)
    send(begun, begun.event("payment.pending", facts=[]), 200).view("PAID", 4_999)

    assert begun.final("PENDING", 0).state(LAW) == "held"


def test_a_human_may_look_at_it(story):
    begun = paid(story)

    assert send(begun, begun.event(), 200).view("REVIEW").final("REVIEW").state(LAW) == "held"


def test_it_breaks_where_an_unknown_word_is_an_error_until_the_provider_gives_up(story):
    begun = paid(story)
    send(begun, begun.event(), 500, 500, None, lost=True)

    (breach,) = begun.look_up().final("PAID", 4_999).judge(LAW).breaches

    assert (
        breach.sentence
        == f"wire.payment.succeeded with {ENUM} was answered with an error until the provider gave up"
    )
    assert breach.is_always


@pytest.mark.parametrize("answers", [(500, 200), (503, 503, 204), (500, 400)])
def test_an_error_that_ends_is_fine(story, answers):
    begun = paid(story)

    assert send(begun, begun.event(), *answers, lost=True).look_up().final("PAID", 4_999).state(LAW) == "held"


@pytest.mark.parametrize("status", [400, 422, 500, None])
def test_what_lacks_its_id_may_be_refused_to_the_last(story, status):
    begun = paid(story)
    send(begun, begun.event(), status, status, mutation=NO_ID, drift="breaking", lost=True)

    assert begun.look_up().final("PAID", 4_999).state(LAW) == "held"


def test_it_breaks_where_what_lacks_its_id_is_accepted_and_nothing_comes_of_it(story):
    begun = paid(story)
    send(begun, begun.event(), 200, mutation=NO_ID, drift="breaking")

    (breach,) = begun.final("PENDING", 0).judge(LAW).breaches

    assert breach.sentence.startswith(
        f"wire.payment.succeeded with {NO_ID} was accepted: the provider holds 49.99 EUR"
    )
    assert not breach.is_always


def test_a_thin_event_may_be_accepted_and_looked_up(story):
    begun = paid(story)
    send(begun, begun.event(), 200, mutation="thin $", drift="breaking")

    assert begun.look_up().view("PAID", 4_999).final("PAID", 4_999).state(LAW) == "held"


def test_it_breaks_where_the_facts_that_come_after_it_are_not_taken_in(story):
    begun = pending(story)
    send(begun, begun.event("payment.pending", facts=[]), 200)
    begun.ledger("capture").tell(status=503)

    (breach,) = begun.final("PENDING", 0).judge(LAW).breaches

    assert "stopped what came after it" in breach.sentence


def test_an_integration_that_was_told_only_in_unknown_words_is_not_accused_of_more(story):
    """It has no way to ask: that it relies on webhooks alone is the matter of M5."""
    begun = paid(story)
    send(begun, begun.event(), 200)
    sibling = begun.event(None)

    assert begun.send(sibling, status=200).final("PENDING", 0).state(LAW) == "held"


def test_who_cannot_ask_need_not_make_sense_of_a_refund_of_what_it_never_heard_of(story):
    begun = paid(story)
    send(begun, begun.event(), 200)
    begun.ledger("refund", refund="re_1").tell("refund.succeeded")

    assert begun.final("PENDING", 0).state(LAW) == "held"


def test_it_breaks_where_a_further_field_stops_what_comes_after_it(story):
    begun = paid(story)
    send(begun, begun.event(), 200, mutation=EXTRA, drift="compatible")
    begun.ledger("refund", refund="re_1").tell("refund.succeeded")

    assert begun.final("PAID", 4_999, 0).state(LAW) == "broken"


def test_other_bytes_of_the_same_content_are_not_its_matter(story):
    begun = paid(story)

    assert send(begun, begun.event(), 400, mutation="spacing", drift="same").rest().state(LAW) == "vacuous"


def test_it_breaks_where_an_answer_without_an_error_is_taken_for_a_success(story):
    begun = pending(story)
    mutated_answer(begun, "fetch", "drop_field $.last_payment_error", drift="breaking")
    begun.view("PAID", 4_999, 0, {"fulfil": 1})

    (breach,) = begun.final("PAID", 4_999).judge(LAW).breaches

    assert begun.entries[breach.began - 1].data["status"] == "PAID"


def test_an_answer_in_other_words_that_is_taken_for_no_news_is_fine(story):
    begun = mutated_answer(pending(story), "fetch", "unknown_enum $.status")

    assert begun.view("PENDING", 0).final("PENDING", 0).state(LAW) == "held"


def test_it_is_unknown_before_the_run_is_at_rest(story):
    begun = paid(story)

    assert send(begun, begun.event(), 200).rest(is_quiescent=False, why="no").state(LAW) == "unknown"


def test_an_unreadable_decline_told_nothing_to_the_laws_of_retrying(story):
    begun = story()
    begun.ask("pay", outcome="info", status="PENDING")
    call = begun.commit(begun.arrive("charge"), hard=True, refusal="declined") and ("call1", "o1")
    begun.journal.write(
        "fault.fired",
        "o1",
        fault=1,
        at="charge[1]",
        phase="after_commit",
        do="mutate",
        call=call[0],
        mutation="drop_field $.error",
        drift="breaking",
    )
    begun.answer(call, 402, effect="mutate")

    (joined,) = begun.history.calls("o1", "charge")
    assert not joined.is_telling
    assert begun.state("retries_are_polite") == "vacuous"
    assert begun.state("honest_ambiguity") == "vacuous"


@pytest.mark.parametrize(
    ("drift", "is_told"), [("same", True), ("compatible", True), ("unclear", False), ("breaking", False)]
)
def test_only_what_can_be_read_counts_as_told(story, drift, is_told):
    begun = paid(story)
    send(begun, begun.event(), 200, drift=drift)

    assert bool(begun.history.accepted_deliveries("o1")) is is_told


def test_what_is_compatible_is_told_and_has_to_be_taken_in(story):
    begun = paid(story)
    send(begun, begun.event(), 200, mutation=EXTRA, drift="compatible")

    assert begun.final("PENDING", 0).state("ack_means_durable") == "broken"


def test_genuine_accepted_lets_an_event_without_its_id_be_refused(story):
    begun = paid(story)
    send(begun, begun.event(), 400, mutation=NO_ID, drift="breaking", lost=True)

    assert begun.look_up().final("PAID", 4_999).state("genuine_accepted") == "vacuous"


def test_genuine_accepted_asks_for_unknown_words_all_the_same(story):
    begun = paid(story)

    assert send(begun, begun.event(), 400, lost=True).rest().state("genuine_accepted") == "broken"


def test_ack_means_durable_forgives_what_nobody_could_understand(story):
    begun = paid(story)
    send(begun, begun.event(), 200)

    assert (
        begun.send(begun.event(None), status=200).final("PENDING", 0).state("ack_means_durable") == "vacuous"
    )


def test_ack_means_durable_holds_whoever_accepts_an_event_without_its_id_to_his_word(story):
    begun = paid(story)

    assert (
        send(begun, begun.event(), 200, mutation=NO_ID, drift="breaking")
        .final("PENDING", 0)
        .state("ack_means_durable")
        == "broken"
    )
