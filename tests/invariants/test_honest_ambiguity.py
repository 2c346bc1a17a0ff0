"""R3 over small journals."""

import pytest

LAW = "honest_ambiguity"


def in_doubt(story, **answer):
    """Pay, lose the answer of the charge, and let the integration say something."""
    begun = story()
    asked = begun.invoke("pay")
    begun.charge(status=None)
    return begun.returned(asked, **({"outcome": "info", "status": "PENDING"} | answer))


def test_it_holds_when_a_lost_answer_is_called_pending(story):
    assert in_doubt(story).view("PENDING").state(LAW) == "held"


@pytest.mark.parametrize("status", ["FAILED", "CANCELLED"])
def test_it_breaks_when_the_view_says_it_failed(story, status):
    bad = in_doubt(story).view(status)

    (breach,) = bad.judge(LAW).breaches

    assert breach.sentence == f"the view of o1 said {status} while the outcome of its charge was unknown"
    assert breach.began == bad.entries[-1].seq


def test_it_breaks_when_the_answer_says_it_failed(story):
    named = in_doubt(story, outcome="ok", status="FAILED")
    plain = in_doubt(story, outcome="fail", status=None)

    assert {named.state(LAW), plain.state(LAW)} == {"broken"}


def test_it_breaks_when_another_payment_is_charged_meanwhile(story):
    assert in_doubt(story).charge("k2", "pi_2").state(LAW) == "broken"


def test_it_breaks_when_a_capture_in_doubt_is_called_failed(story):
    bad = story()
    bad.ask("pay")
    bad.ledger("auth").view("AUTHORIZED")
    bad.ask("capture", amount=4_999, outcome="info")
    call = bad.arrive("capture", payment="pi_1")
    bad.commit(call).ledger("capture", cause=call[0]).fire(call).answer(call, None, "close")

    assert bad.view("FAILED").state(LAW) == "broken"


def test_an_answer_of_info_is_never_a_claim(story):
    assert in_doubt(story, outcome="info", status="FAILED").state(LAW) == "held"


def test_a_failure_beside_another_operation_may_speak_of_something_else(story):
    double = story()
    first, second = double.invoke("pay"), double.invoke("pay")
    double.charge(status=None).returned(second, outcome="fail").returned(first, outcome="info")

    assert double.state(LAW) == "held"


@pytest.mark.parametrize("settle", ["look_up", "tell"])
def test_what_is_said_after_the_doubt_was_settled_is_no_claim_about_it(story, settle):
    settled = in_doubt(story).view("PENDING")
    getattr(settled, settle)()

    assert settled.view("FAILED").state(LAW) == "held"


def test_a_retry_with_the_same_key_settles_it(story):
    settled = in_doubt(story)
    call = settled.arrive(key="k1", amount=4_999)
    settled.commit(call, applied=False, replayed=True, status=402, refusal="declined").answer(call, 402)

    assert settled.view("FAILED").state(LAW) == "held"


def test_a_key_in_flight_settles_nothing(story):
    blocked = in_doubt(story)
    call = blocked.arrive(key="k1", amount=4_999)
    blocked.commit(call, applied=False, status=409, refusal="key_in_flight", final=False).answer(call, 409)

    assert blocked.view("FAILED").state(LAW) == "broken"


def test_a_refused_connection_may_be_called_failed(story):
    refused = story()
    refused.ask("pay", outcome="info")
    call = refused.arrive(amount=4_999)

    assert (
        refused.fire(call, phase="connect").answer(call, None, "close").view("FAILED").state(LAW) == "vacuous"
    )


def test_a_decline_may_be_called_failed(story):
    declined = story()
    declined.ask("pay", outcome="fail", status="FAILED")
    call = declined.arrive(amount=4_999)

    assert (
        declined.commit(call, status=402, refusal="declined").answer(call, 402).view("FAILED").state(LAW)
        == "vacuous"
    )


def test_an_order_that_was_cancelled_on_purpose_may_be_called_so(story):
    cancelled = in_doubt(story)
    cancelled.ask("cancel")

    assert cancelled.view("CANCELLED").state(LAW) == "held"


def test_review_is_an_honest_word(story):
    assert in_doubt(story).view("REVIEW").state(LAW) == "held"


@pytest.mark.parametrize("status", [400, 409, 429, 503])
def test_an_answer_by_which_the_provider_promises_no_effect_leaves_no_doubt(story, status):
    refused = story()
    refused.ask("pay", outcome="fail", status="FAILED")
    call = refused.arrive(amount=4_999)
    refused.fire(call, phase="before_commit", do="reply").answer(call, status, "reply")

    assert refused.view("FAILED").state(LAW) == "vacuous"


def at_adyen(story, key="k2", status=200, refusal=None):
    """Ask another provider for the same money."""
    call = story.arrive("charge", key, provider="adyen", amount=4_999)
    story.commit(call, "psp_1", applied=refusal is None, refusal=refusal)
    if refusal is None:
        story.ledger("auth", 4_999, payment="psp_1", cause=call[0])
    return story.answer(call, status)


def test_it_breaks_when_another_provider_is_asked_meanwhile(story):
    bad = at_adyen(in_doubt(story))

    (breach,) = bad.judge(LAW).breaches

    assert breach.sentence == "o1 was sent to adyen while the outcome of its charge was unknown"
    assert bad.state("one_intent_one_key") == "held"


def test_it_breaks_even_when_the_other_provider_says_no(story):
    assert at_adyen(in_doubt(story), status=402, refusal="declined").state(LAW) == "broken"


def test_the_same_key_is_another_request_at_another_provider(story):
    assert at_adyen(in_doubt(story), key="k1").state(LAW) == "broken"


def test_a_look_at_another_provider_settles_nothing(story):
    begun = in_doubt(story)
    look = begun.arrive("list", key=None, provider="adyen")
    begun.commit(look, None, applied=False).answer(look)

    assert at_adyen(begun).state(LAW) == "broken"


def test_another_provider_may_be_asked_once_the_first_has_told_its_outcome(story):
    begun = in_doubt(story)
    again = begun.arrive("charge", "k1")
    begun.commit(again, applied=False, replayed=True).answer(again)

    assert at_adyen(begun).state(LAW) == "held"


@pytest.mark.parametrize(
    ("status", "refusal"), [(402, "declined"), (429, "rate_limited"), (401, "unauthorized")]
)
def test_a_definite_no_leaves_the_way_to_another_provider_open(story, status, refusal):
    begun = story()
    begun.ask("pay")
    call = begun.arrive("charge", "k1")
    begun.commit(call, None, applied=False, status=status, refusal=refusal).answer(call, status)

    assert at_adyen(begun).state(LAW) == "vacuous"


def test_a_refused_connection_leaves_the_way_to_another_provider_open(story):
    begun = story()
    begun.ask("pay")
    call = begun.arrive("charge", "k1")
    begun.fire(call, phase="connect").answer(call, None, "close")

    assert at_adyen(begun).state(LAW) == "vacuous"


def test_what_an_orchestrator_asks_behind_the_integration_is_not_its_doing(story):
    begun = in_doubt(story)
    hop = begun.arrive("charge", "k9", provider="adyen", by="euler")
    begun.commit(hop, "psp_1").answer(hop)

    assert begun.state(LAW) == "held"
