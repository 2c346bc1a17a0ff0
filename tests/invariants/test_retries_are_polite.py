"""R2 over small journals."""

from badgateway.ground.records import changed
from badgateway.invariants import INVARIANTS
from badgateway.journal.history import History

LAW = "retries_are_polite"


def storm(story, times):
    begun = story()
    asked = begun.invoke("pay")
    for _ in range(times):
        call = begun.arrive(amount=4_999)
        begun.answer(call, 500)
    return begun.returned(asked, "info")


def rate_limited(story, after_ms, prompt=None):
    """Ask to wait two seconds, and let the same call come again."""
    begun = story()
    begun.invoke("pay")
    first = begun.arrive(amount=4_999)
    begun.answer(first, 429, retry_after_ms=2_000)
    since = begun.entries[-1].seq
    if prompt:
        begun.ask(prompt)
    begun.answer(begun.arrive(amount=4_999))
    timed = [changed(one, real_ms=10 + after_ms * (one.seq > since)) for one in begun.entries]
    return INVARIANTS[LAW].judge(History(timed), None)


def declined(story, is_hard=True, status=402):
    """Let the issuer decline; status None: the answer is lost."""
    begun = story()
    begun.ask("pay", outcome="fail")
    call = begun.arrive(amount=4_999)
    begun.commit(call, status=402, refusal="declined", hard=is_hard)
    return begun.answer(call, status, effect=None if status else "close")


def test_a_few_attempts_are_fine(story):
    assert storm(story, 10).state(LAW) == "held"


def test_it_breaks_when_there_is_no_end_of_attempts(story):
    (breach,) = storm(story, 11).judge(LAW).breaches

    assert breach.sentence == "the charge was attempted 11 times without a new reason"


def test_attempts_for_another_order_count_by_themselves(story):
    two = story("o1", "o2")
    for n in range(12):
        two.answer(two.arrive(order=f"o{n % 2 + 1}"), 500)

    assert two.state(LAW) == "held"


def test_a_new_reason_begins_anew(story):
    begun = storm(story, 8)
    begun.ask("sync")
    for _ in range(8):
        begun.answer(begun.arrive(amount=4_999), 500)

    assert begun.state(LAW) == "held"


def test_it_breaks_when_it_does_not_wait_as_long_as_it_was_asked(story):
    (breach,) = rate_limited(story, 300).breaches

    assert breach.sentence == "the charge came again after 300 ms, it was asked to wait 2000 ms"


def test_who_waits_in_real_time_is_polite(story):
    opinion = rate_limited(story, 2_000)

    assert (opinion.breaches, opinion.antecedents) == ((), 2)


def test_who_is_asked_to_look_again_meanwhile_need_not_wait(story):
    assert rate_limited(story, 300, prompt="sync").breaches == ()


def test_it_breaks_when_a_hard_decline_is_tried_again(story):
    (breach,) = declined(story).charge("k2", "pi_2").judge(LAW).breaches

    assert breach.sentence == "o1 was charged again after a decline that must not be repeated"


def test_it_breaks_when_an_expired_card_is_charged_again_days_later(story):
    begun = story()
    call = begun.arrive()
    begun.commit(call, status=402, refusal="declined", advice="shopper").answer(call, 402)
    begun.journal.write("run.advanced", by_ms=86_400_000, why="step")

    assert begun.charge("k2", "pi_2").state(LAW) == "broken"


def test_it_breaks_when_a_card_is_charged_more_often_than_its_network_allows(story):
    begun = story()
    for n in range(22):
        call = begun.arrive(key=f"k{n}")
        begun.commit(call, f"pi_{n}", status=402, refusal="declined", advice="later").answer(call, 402)
        begun.journal.write("run.advanced", by_ms=86_400_000, why="step")

    (breach,) = begun.judge(LAW).breaches

    assert breach.sentence == "o1 was charged 21 times more after a soft decline"


def test_the_shopper_may_try_another_card(story):
    again = declined(story)
    again.ask("pay")

    assert again.charge("k2", "pi_2").state(LAW) == "held"


def test_a_soft_decline_may_be_tried_again(story):
    assert declined(story, is_hard=False).charge("k2", "pi_2").state(LAW) == "held"


def test_a_hard_decline_whose_answer_was_lost_may_be_asked_for_again(story):
    assert declined(story, status=None).charge("k2", "pi_2").state(LAW) == "held"


def test_it_is_vacuous_when_nothing_is_tried_again(good_day):
    assert good_day.state(LAW) == "vacuous"


def test_a_declared_bound_counts_in_place_of_ours(story):
    begun = story(declares={"retries_max": 2})
    for _ in range(3):
        begun.answer(begun.arrive(amount=4_999), 500)

    (breach,) = begun.judge(LAW).breaches

    assert breach.sentence == "the charge was attempted 3 times without a new reason"


def test_two_decisions_at_once_are_tried_as_often_each(story):
    begun = story(declares={"retries_max": 2})
    asked = [begun.invoke("refund", amount=10, intent=f"o1/refund{n}") for n in (1, 2)]
    for n in range(4):
        begun.answer(begun.arrive("refund", key=f"r{n % 2}", amount=10), 500)
    for one in asked:
        begun.returned(one, "info")

    assert begun.state(LAW) == "held"


def test_a_look_at_the_health_page_is_no_reason_to_ask_again(story):
    begun = storm(story, 8)
    begun.ask("health", order=None)
    for _ in range(3):
        begun.answer(begun.arrive(amount=4_999), 500)

    assert begun.state(LAW) == "broken"


def paused(story, *pauses_ms, **declares):
    """Try again after each of these real milliseconds."""
    begun, moments, now = story(declares=declares), {}, 0.0
    for pause in (0, *pauses_ms):
        now += pause
        begun.answer(begun.arrive(amount=4_999), 500)
        moments |= {entry.seq: now for entry in begun.entries[-2:]}
    entries = [changed(one, real_ms=moments.get(one.seq, 0.0)) for one in begun.entries]
    return INVARIANTS[LAW].judge(History(entries), None)


def test_it_breaks_when_the_pauses_shrink(story):
    (breach,) = paused(story, 4_000, 1_500, 200).breaches

    assert breach.sentence == "the pauses before the charge shrink: 4000, 1500, 200 ms"


def test_growing_equal_and_stalled_pauses_are_fine(story):
    for pauses_ms in ((20, 40, 80), (500, 500, 500), (900, 20, 40), (400, 150, 60)):
        assert paused(story, *pauses_ms).breaches == ()


def test_pauses_at_the_declared_cap_may_differ(story):
    assert paused(story, 9_000, 4_000, 1_500, retry_cap_ms=2_000).breaches == ()


def carded(story, *cards):
    """Decline the first card for good, and charge the next without a new decision."""
    begun = declined(story)
    call = begun.arrive(key="k2", amount=4_999)
    begun.commit(call, "pi_2").answer(call)
    entries = list(begun.entries)
    commits = [place for place, one in enumerate(entries) if one.kind == "call.committed"]
    for place, card in zip(commits, cards, strict=True):
        entries[place] = changed(entries[place], data={**entries[place].data, "card": card})
    return INVARIANTS[LAW].judge(History(entries), None)


def test_another_card_on_file_may_be_charged_after_a_hard_decline(story):
    assert carded(story, "card1", "card2").breaches == ()


def test_the_same_card_under_another_token_may_not(story):
    assert len(carded(story, "card1", "card1").breaches) == 1


def test_a_card_that_nobody_knows_counts_as_the_same(story):
    assert len(carded(story, "card1", None).breaches) == 1
