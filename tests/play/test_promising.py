"""The contract watch: what an integration asked and what it was told, held against Stripe's own document."""

from badgateway.ground.records import changed

FORM = ("Content-Type", "application/x-www-form-urlencoded")


def pay(lab, world, **more):
    """Pay as a client does that says what its body is."""
    request = lab.pay(world, **more)
    return changed(request, headers=(*request.headers, FORM))


def test_a_payment_as_the_document_has_it_breaks_nothing_on_either_side(lab):
    world = lab.a_world()

    broken, watch = lab.watched(world, pay(lab, world))

    assert broken == []
    assert (watch["document"], watch["requests"], watch["replies"]) == ("stripe.openapi.yaml", 1, 1)
    assert watch["webhooks"] == 3
    assert (watch["exempt"], watch["undescribed"], watch["left_out"]) == (0, 0, 0)


def test_a_parameter_that_the_provider_does_not_know_is_the_integrations_fault(lab):
    world = lab.a_world()

    (broken,), _ = lab.watched(world, pay(lab, world, amuont="5"))

    assert (broken["party"], broken["about"], broken["call"]) == ("integration", "request", "call1")
    assert broken["where"] == "POST /v1/payment_intents"
    assert "'amuont' was unexpected" in broken["problem"]


def test_an_answer_that_a_fault_gave_is_nobodys_promise(lab):
    world = lab.a_world(lab.a_plan(faults=(lab.fault("o1.charge[1]", "before_commit", "reply", status=503),)))

    broken, watch = lab.watched(world, pay(lab, world))

    assert broken == []
    assert (watch["requests"], watch["replies"], watch["exempt"]) == (1, 0, 1)


def test_a_world_without_a_player_keeps_nothing(lab):
    world = lab.a_world()
    world.is_free = True

    lab.watched(world, pay(lab, world))

    assert world.seen_of["stripe"].asked == []
