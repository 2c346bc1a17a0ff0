"""E2 over pairs of small journals."""

LAW = "order_does_not_matter"
DELIVERIES = [{"index": 1, "event": {"name": "payment.succeeded", "n": 1, "order": "o1", "provider": None}}]


def play(story, order, *, copies=1, status="PARTIALLY_REFUNDED", paid=4_999, effects=None, **plan):
    """Pay and refund a part; `order` says which event is delivered first."""
    told = story(**({"deliveries": DELIVERIES} | plan))
    told.ask("pay", status="PENDING")
    told.charge()
    events = {"succeeded": told.event("payment.succeeded")}
    told.ask("refund", amount=1_000, intent="o1/refund1")
    told.refund(1_000)
    events["refunded"] = told.event("refund.succeeded")
    for name in order:
        for copy in range(copies):
            told.send(events[name], copy=copy + 1, kind="duplicate" if copy else "genuine")
    return told.final(status, paid, 1_000, effects=effects or {})


PLAIN, SWAPPED = ("succeeded", "refunded"), ("refunded", "succeeded")


def test_it_holds_when_the_end_is_the_same(story):
    assert play(story, SWAPPED).state(LAW, play(story, PLAIN)) == "held"


def test_it_breaks_when_the_older_event_wins(story):
    bad, twin = play(story, SWAPPED, status="PAID"), play(story, PLAIN)

    (breach,) = bad.judge(LAW, twin).breaches

    assert breach.sentence == (
        "o1 ends otherwise than with its webhooks in plain order: status PARTIALLY_REFUNDED became PAID"
    )


def test_it_breaks_when_copies_are_added_up(story):
    bad, twin = play(story, PLAIN, copies=2, paid=9_998), play(story, PLAIN)

    assert bad.state(LAW, twin) == "broken"


def test_it_is_vacuous_when_the_deliveries_are_the_plain_ones(story):
    assert play(story, PLAIN).state(LAW, play(story, PLAIN)) == "vacuous"
    assert play(story, PLAIN).state(LAW) == "vacuous"


def test_it_is_unknown_without_a_twin(story):
    assert play(story, SWAPPED).state(LAW) == "unknown"


def test_a_mere_interleaving_of_the_seed_needs_no_twin(story):
    assert play(story, SWAPPED, deliveries=[]).state(LAW) == "vacuous"


def test_a_lost_webhook_is_another_story(story):
    bad, twin = play(story, ("refunded",), status="PAID"), play(story, PLAIN)

    assert bad.state(LAW, twin) == "vacuous"


def test_another_ledger_is_another_story(story):
    bad, twin = play(story, SWAPPED, status="PAID"), play(story, PLAIN)
    twin.ledger("refund_fail", 1_000)

    assert bad.state(LAW, twin) == "vacuous"


def test_another_number_of_looks_is_the_same_story(story):
    bad, twin = play(story, SWAPPED, status="PAID"), play(story, PLAIN)
    twin.ask("sync", order=None)

    assert bad.state(LAW, twin) == "broken"


def test_more_looks_at_the_order_itself_are_the_same_story(story):
    bad, twin = play(story, SWAPPED, status="PAID"), play(story, PLAIN)
    bad.ask("sync")

    assert bad.state(LAW, twin) == "broken"


def test_review_is_no_difference(story):
    assert play(story, SWAPPED, status="REVIEW").state(LAW, play(story, PLAIN)) == "held"


def test_it_is_vacuous_for_an_integration_without_webhooks(story):
    assert play(story, ()).state(LAW, play(story, ())) == "vacuous"


def test_it_is_unknown_when_one_of_both_has_no_final_view(story):
    blind = play(story, PLAIN).view(None, after="final", is_readable=False)

    assert play(story, SWAPPED).state(LAW, blind) == "unknown"


def healed(story, order):
    """Let the events arrive in an order; whatever came last is shown until a poll mends it."""
    begun = story(deliveries=DELIVERIES)
    begun.ask("pay", status="PENDING")
    begun.charge().view("PAID", 4_999, 0)
    events = {"succeeded": begun.event("payment.succeeded")}
    begun.ask("refund", amount=1_000, intent="o1/refund1")
    begun.refund(1_000).view("PARTIALLY_REFUNDED", 4_999, 1_000)
    events["refunded"] = begun.event("refund.succeeded")
    for name in order:
        begun.send(events[name]).view(
            "PAID" if name == "succeeded" and order[-1] == name else "PARTIALLY_REFUNDED"
        )
    return begun.look_up().final("PARTIALLY_REFUNDED", 4_999, 1_000)


def test_it_breaks_when_an_older_event_wins_for_a_while(story):
    bad = healed(story, SWAPPED)

    (breach,) = bad.judge(LAW, healed(story, PLAIN)).breaches

    assert breach.is_always
    assert breach.sentence == (
        "o1 went from PARTIALLY_REFUNDED to PAID by webhooks that do no harm in plain order"
    )


def test_an_order_that_goes_back_in_plain_order_too_is_no_matter_of_order(story):
    twin = healed(story, PLAIN).tell("payment.pending").view("PENDING")

    assert not any(breach.is_always for breach in healed(story, SWAPPED).judge(LAW, twin).breaches)


def test_another_event_of_a_fact_is_the_fact_told_twice(story):
    def retold(paid):
        twice = story(deliveries=DELIVERIES)
        twice.ask("pay", status="PENDING")
        twice.charge()
        first = twice.event("payment.succeeded")
        twice.ask("refund", amount=1_000, intent="o1/refund1")
        twice.refund(1_000)
        twice.send(first).send(("evt_again", *first[1:]), "duplicate", copy=2, retells=first[0])
        twice.send(twice.event("refund.succeeded"))
        return twice.final("PARTIALLY_REFUNDED", paid, 1_000).state(LAW, play(story, PLAIN))

    assert (retold(4_999), retold(9_998)) == ("held", "broken")


def test_goods_that_were_shipped_in_one_order_only_are_a_difference_where_the_money_stays(story):
    late = play(story, SWAPPED, effects={"shipped": 0})

    (breach,) = late.judge(LAW, play(story, PLAIN, effects={"shipped": 1})).breaches

    assert breach.sentence.endswith("effects shipped 1 became shipped 0")


def test_who_hears_of_money_only_after_it_went_back_need_not_ship(story):
    late = play(story, SWAPPED, status="REFUNDED", effects={"shipped": 0})

    assert late.state(LAW, play(story, PLAIN, status="REFUNDED", effects={"shipped": 1})) == "held"


def test_ids_and_free_text_may_differ(story):
    one, twin = play(story, SWAPPED), play(story, PLAIN)
    one.final("PARTIALLY_REFUNDED", 4_999, 1_000, refs=["pi_1"], raw="part refunded, thank you")
    twin.final("PARTIALLY_REFUNDED", 4_999, 1_000, refs=["pi_2"], raw="refunded in part at 12:31")

    assert one.state(LAW, twin) == "held"
