"""R4 while a provider is slow or down: what must be served, what must not be asked, who is waited for."""

import pytest

from badgateway.ground.records import changed
from badgateway.invariants import INVARIANTS
from badgateway.journal.history import History

LAW = "nothing_left_pending"
BREAKER = {"breaker_failures": 2, "breaker_pause_ms": 1_000}
DAY_MS = 86_400_000


def loaded(story, *in_time, status=200, control=None, control_ms=2.0):
    """Ask for the health page at each held charge; `control`: what it said when nothing was held."""
    begun = story()
    call, _ = begun.arrive(amount=4_999)

    def answered(**more):
        begun.journal.write("load.answered", None, load=1, on="health", n=1, call=call, held_ms=400.0, **more)

    for one in in_time:
        answered(is_in_time=one, is_control=False, http_status=status, elapsed_ms=400.0)
    if control is not None:
        answered(is_in_time=False, is_control=True, http_status=control, elapsed_ms=control_ms)
    return begun.rest()


def test_a_page_that_answers_while_a_call_is_held_is_fine(story):
    assert loaded(story, True).state(LAW) == "held"


def test_it_breaks_when_only_the_end_of_the_call_brings_an_answer(story):
    breach, _ = loaded(story, False, False, control=200).judge(LAW).breaches

    assert breach.sentence == "the health page was not answered while charge[1] was held for 400 ms"


def test_it_breaks_when_the_page_fails_for_as_long_as_the_call_is_held(story):
    (breach,) = loaded(story, True, status=500, control=200).judge(LAW).breaches

    assert breach.sentence.endswith("was held for 400 ms: HTTP 500")


@pytest.mark.parametrize(
    ("control", "control_ms"), [(200, 390.0), (500, 2.0), (None, 0.0)], ids=["slow", "failing", "unasked"]
)
def test_a_machine_that_is_no_better_afterwards_proves_nothing(story, control, control_ms):
    begun = loaded(story, False, False, control=control, control_ms=control_ms)

    assert begun.state(LAW) == "unknown"


@pytest.mark.parametrize("in_time", [(False,), (False, True)], ids=["once", "better"])
def test_a_machine_that_stalls_once_is_not_the_integration(story, in_time):
    assert loaded(story, *in_time, control=200).state(LAW) == "unknown"


def test_a_page_that_says_no_is_an_answer(story):
    assert loaded(story, True, status=404).state(LAW) == "held"


def outage(story, *statuses, declares=BREAKER, between=None, later_ms=0, is_new=True):
    """Let calls end as told, and one more come after so many real ms; `is_new`: for a new shopper."""
    begun = story(declares=declares)
    for n, status in enumerate(statuses):
        begun.answer(begun.arrive(key=f"k{n}", amount=4_999), status)
    since = begun.entries[-1].seq
    if between:
        between(begun)
    if is_new:
        begun.invoke("pay")
    begun.arrive(key="k9", amount=4_999)
    begun.rest()
    entries = [changed(one, real_ms=10.0 + later_ms * (one.seq > since)) for one in begun.entries]
    return INVARIANTS[LAW].judge(History(entries), None)


def test_it_breaks_when_a_provider_that_is_down_is_asked_at_once(story):
    (breach,) = outage(story, None, 503, later_ms=40).breaches

    assert breach.sentence == (
        "2 calls in a row had failed, and another came after 40 ms; "
        "the declared breaker opens after 2 and waits 1000 ms"
    )


@pytest.mark.parametrize(
    "statuses", [(None,), (None, 200, None), (None, 402), (429, 429)], ids=["few", "between", "no", "busy"]
)
def test_a_provider_that_answers_is_not_down(story, statuses):
    assert outage(story, *statuses).antecedents == 0


def test_after_the_pause_a_probe_may_come(story):
    opinion = outage(story, None, None, later_ms=990)

    assert (opinion.breaches, opinion.antecedents) == ((), 1)


def test_a_call_that_was_under_way_may_not_have_heard_of_the_failure(story):
    assert outage(story, None, None, is_new=False).antecedents == 0


def test_who_declares_no_breaker_is_not_held_to_one(story):
    assert outage(story, None, None, None, declares={}).antecedents == 0


def test_a_started_process_knows_of_no_failure(story):
    def restart(begun):
        begun.journal.write("process.started", None, pid=1, ready_ms=5.0)

    assert outage(story, None, None, between=restart).antecedents == 0


def test_a_sync_and_a_webhook_may_look(story):
    def sync(begun):
        begun.invoke("sync", None)

    def webhook(begun):
        begun.journal.write(
            "webhook.sent", "o1", delivery="d1", event="e1", name=None, wire_type="x", attempt=1, copy=1,
            how="in_turn", signature="ok", **{"class": "genuine"},
        )  # fmt: skip

    assert outage(story, None, None, between=sync).antecedents == 0
    assert outage(story, None, None, between=webhook).antecedents == 0


def left(story, status, after_ms, *, expiry_ms=DAY_MS, comes_back=False, is_paid=False):
    """Leave during the challenge, let time pass, and read the view a last time."""
    begun = story(declares={"expiry_ms": expiry_ms})
    begun.ask("pay", outcome="info", status="PENDING")
    begun.journal.write("op.acted", "o1", do="abandon", payment=None, detail=None)
    begun.clock.advance(after_ms)
    if comes_back:
        begun.ask("return", outcome="info", status="PENDING")
    begun.ask("sync")
    if is_paid:
        begun.charge()
    return begun.final(status)


def test_it_breaks_when_an_order_waits_for_a_shopper_who_left_long_ago(story):
    (breach,) = left(story, "PENDING", 2 * DAY_MS).judge(LAW).breaches

    assert breach.sentence == (
        "o1 is still PENDING, 2880 minutes after its shopper left; it declares that it gives up after 1440"
    )


def test_an_order_that_was_given_up_is_over(story):
    assert left(story, "CANCELLED", 2 * DAY_MS).state(LAW) == "held"


@pytest.mark.parametrize(
    "how",
    [
        {"after_ms": DAY_MS // 2},
        {"after_ms": 2 * DAY_MS, "comes_back": True},
        {"after_ms": 2 * DAY_MS, "expiry_ms": None},
    ],
    ids=["early", "back", "undeclared"],
)
def test_who_may_still_come_is_waited_for(story, how):
    assert left(story, "PENDING", **how).judge(LAW).breaches == ()


def test_money_that_arrived_is_another_matter(story):
    (breach,) = left(story, "PENDING", 2 * DAY_MS, is_paid=True).judge(LAW).breaches

    assert "captured" in breach.sentence
