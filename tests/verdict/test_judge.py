"""The rules by which opinions become one verdict."""

import pytest

from badgateway.invariants import INVARIANTS
from badgateway.invariants.no_overcharge import NoOvercharge
from badgateway.journal.ndjson import read_journal, write_journal
from badgateway.verdict.judge import judge
from badgateway.verdict.model import BROKEN, HELD, NOT_JUDGED, UNKNOWN, VACUOUS

FAULT = {"index": 1, "at": {"name": "charge", "n": 1, "order": "o1", "provider": None}, "do": "close"}
SWAPPED = {
    "index": 1,
    "event": {"name": "payment.succeeded", "n": 1, "order": "o1", "provider": None},
    "signature": "ok",
}


def row(verdict, name):
    return next(row for row in verdict.rows if row.invariant == name)


def good_day(story, **plan):
    return story(**plan).paid().final("PAID", 4_999, 0, effects={"fulfil": 1})


def charged_twice(story, *, is_struck=True, **plan):
    bad = story(**({"faults": [FAULT]} | plan))
    asked = bad.invoke("pay")
    bad.charge("k1", "pi_1", status=None if is_struck else 504)
    bad.charge("k2", "pi_2").returned(asked)
    return bad.view("PAID", 4_999).final("PAID", 4_999)


def forgotten(story, **plan):
    """Money is taken and never shown: broken at rest only."""
    bad = story(**plan)
    bad.ask("pay", outcome="info", status="PENDING")
    return bad.charge().final("PENDING", 0)


def test_a_good_day_holds_and_tells_what_was_not_tested(story):
    verdict = judge(good_day(story).entries)

    assert verdict.state == HELD
    assert verdict.cause is None
    assert row(verdict, "only_genuine_counts").state == VACUOUS
    assert [judged.code for judged in verdict.rows] == [law.code for law in INVARIANTS]


def test_the_verdict_carries_what_the_plan_says(story):
    verdict = judge(
        good_day(story, case=2, cases=3, matrix={"copies": 2}).entries, reproduce="badgateway run x"
    )

    assert (verdict.scenario, verdict.case, verdict.cases, verdict.seed) == ("tests/story.yaml", 2, 3, 7)
    assert verdict.matrix == {"copies": 2}
    assert verdict.reproduce == "badgateway run x"


def test_the_earliest_break_is_the_cause_and_the_others_its_consequences(story):
    verdict = judge(charged_twice(story).entries)

    assert verdict.state == BROKEN
    assert verdict.cause.invariant == "one_intent_one_key"
    assert {"no_overcharge", "amounts_agree"} <= {finding.invariant for finding in verdict.consequences}


def test_what_entries_prove_comes_before_what_is_seen_at_rest(story):
    bad = story(faults=[FAULT])
    asked = bad.invoke("pay")
    bad.charge(status=None).returned(asked, outcome="info", status="PENDING").view("FAILED").final("FAILED")

    verdict = judge(bad.entries)

    assert verdict.cause.invariant == "honest_ambiguity"
    assert "captured_implies_recorded" in {finding.invariant for finding in verdict.consequences}


def test_a_finding_states_the_money_at_stake(story):
    finding = next(one for one in row(judge(charged_twice(story).entries), "no_overcharge").findings)

    assert (finding.customer_loss_minor, finding.merchant_loss_minor, finding.currency) == (4_999, 0, "EUR")


def test_a_fault_that_did_not_fire_makes_a_good_day_unknown(story):
    verdict = judge(good_day(story, faults=[FAULT]).entries)

    assert verdict.state == UNKNOWN
    assert verdict.problems == ("fault 1 (close at o1.charge[1]) did not fire",)
    assert (verdict.faults_planned, verdict.faults_fired) == (1, 0)


def test_a_fault_that_did_not_fire_takes_the_weight_from_what_is_seen_at_rest(story):
    verdict = judge(forgotten(story, faults=[FAULT]).entries)

    assert verdict.state == UNKNOWN
    assert row(verdict, "captured_implies_recorded").state == UNKNOWN
    assert "did not fire" in row(verdict, "captured_implies_recorded").why


def test_what_entries_prove_stays_broken_though_a_fault_did_not_fire(story):
    verdict = judge(charged_twice(story, is_struck=False).entries)

    assert verdict.state == BROKEN
    assert row(verdict, "no_overcharge").state == BROKEN


@pytest.mark.parametrize(
    ("kind", "order", "data", "problem"),
    [
        ("run.skipped", "o1", {"step": 2, "do": "refund", "why": "no", "is_planned": False}, "step 2"),
        ("run.stray", None, {"path": "/v1/x", "method": "GET", "reason": "?"}, "belong to no world"),
    ],
)
def test_a_play_that_went_astray_is_unknown(story, kind, order, data, problem):
    astray = story()
    astray.journal.write(kind, order, **data)
    astray.paid().final("PAID", 4_999, 0)

    verdict = judge(astray.entries)

    assert verdict.state == UNKNOWN
    assert problem in verdict.problems[0]


def test_a_step_that_the_plan_foresaw_as_skipped_is_no_problem(story):
    foreseen = story()
    foreseen.journal.write("run.skipped", "o1", step=2, do="refund", why="no", is_planned=True)

    assert judge(foreseen.paid().final("PAID", 4_999, 0).entries).state == HELD


def test_a_run_that_did_not_come_to_rest_is_unknown(story):
    verdict = judge(story().paid().view("PAID", 4_999).rest(is_quiescent=False, why="still changing").entries)

    assert verdict.state == UNKNOWN
    assert "the run did not come to rest: still changing" in verdict.problems


def test_a_run_that_was_broken_off_is_unknown(story):
    verdict = judge(story().paid().entries)

    assert verdict.state == UNKNOWN
    assert "broken off" in verdict.problems[0]


def test_an_unreadable_view_is_unknown_and_never_held(story):
    blind = story().paid().view(None, is_readable=False, problem="500").final("PAID", 4_999, 0)

    verdict = judge(blind.entries)

    assert verdict.state == UNKNOWN
    assert verdict.problems == ("the view of o1 could not be read: 500",)


def test_a_process_that_we_killed_owes_no_view(story):
    killed = story().paid()
    killed.journal.write("process.killed", pid=1, why="kill step")
    killed.view(None, is_readable=False, problem="refused")
    killed.journal.write("process.started", pid=2, ready_ms=10.0)

    assert judge(killed.final("PAID", 4_999, 0).entries).state == HELD


def test_a_journal_that_reached_its_limit_is_unknown(story):
    full = good_day(story)
    full.journal.write("run.bounded", what="journal entries", limit=20)

    assert judge(full.entries).state == UNKNOWN


def test_an_empty_journal_is_unknown():
    assert judge(()).state == UNKNOWN


def test_a_planned_delivery_whose_event_never_came_is_unknown(story):
    never = {"index": 1, "event": {"name": "refund.failed", "n": 1, "order": "o1", "provider": None}}

    verdict = judge(good_day(story, deliveries=[never]).entries)

    assert "the planned delivery of o1.refund.failed[1] did not come about" in verdict.problems


def test_a_planned_delivery_by_its_wire_name_is_found(story):
    own = {
        "index": 1,
        "event": {"name": "wire.payment.succeeded", "n": 1, "order": "o1", "provider": "stripe"},
    }

    assert judge(good_day(story, deliveries=[own]).entries).problems == ()


def test_an_attack_that_was_not_sent_is_unknown(story):
    attack = SWAPPED | {"signature": "none"}

    assert judge(good_day(story, deliveries=[attack]).entries).state == UNKNOWN


def test_a_story_about_webhooks_says_nothing_about_an_integration_without_any(story):
    polling = story(deliveries=[SWAPPED])
    asked = polling.invoke("pay")
    polling.charge().returned(asked).view("PAID", 4_999).final("PAID", 4_999)

    assert judge(polling.entries).state == HELD


def test_another_order_of_webhooks_without_a_twin_is_unknown(story):
    told = story(deliveries=[SWAPPED]).paid()
    told.send((told.entries[-3].data["event"], "payment.succeeded", "o1"), "duplicate", copy=2)

    assert judge(told.final("PAID", 4_999, 0).entries).state == UNKNOWN


def test_the_same_story_without_faults_tells_whether_a_fault_is_to_blame(story):
    blamed = judge(charged_twice(story).entries, baseline=good_day(story).entries)
    excused = judge(charged_twice(story).entries, baseline=charged_twice(story, faults=[]).entries)

    assert (blamed.state, blamed.baseline) == (BROKEN, HELD)
    assert (excused.state, excused.baseline) == (BROKEN, BROKEN)
    assert judge(good_day(story).entries).baseline == NOT_JUDGED


def test_what_breaks_only_without_faults_is_a_problem(story):
    verdict = judge(good_day(story).entries, baseline=charged_twice(story, faults=[]).entries)

    assert verdict.state == UNKNOWN
    assert any("without any fault, no_overcharge breaks" in problem for problem in verdict.problems)


def test_an_invariant_that_crashes_is_unknown_and_hides_no_other(story, monkeypatch):
    def crash(*_):
        raise ZeroDivisionError("by zero")

    monkeypatch.setattr(NoOvercharge, "judge", crash)
    verdict = judge(good_day(story).entries)

    assert verdict.state == UNKNOWN
    assert "crashed: ZeroDivisionError" in row(verdict, "no_overcharge").why
    assert row(verdict, "captured_implies_recorded").state == HELD


def test_what_the_integration_does_not_show_changes_nothing(story):
    plain = story(shown=["status"]).paid().final("PAID")

    verdict = judge(plain.entries)

    assert row(verdict, "amounts_agree").state == NOT_JUDGED
    assert verdict.state == HELD


def test_a_story_in_which_nothing_happens_is_vacuous(story):
    assert judge(story().rest().entries).state == VACUOUS


def test_expectations_of_the_story_are_judged(story):
    expect = {"order": {"o1": "PAID"}, "captured_minor": {"o1": 4_999}, "refunded_minor": {"o1": 0}}

    verdict = judge(good_day(story, expect=expect).entries)

    assert (row(verdict, "expectation").state, row(verdict, "expectation").antecedents) == (HELD, 3)


@pytest.mark.parametrize(
    ("expect", "sentence"),
    [
        ({"order": {"o1": "FAILED"}}, "o1 should end FAILED, it is PAID"),
        (
            {"captured_minor": {"o1": 3_000}},
            "o1 should end with 30.00 EUR captured, the provider has 49.99 EUR",
        ),
        (
            {"refunded_minor": {"o1": 1_000}},
            "o1 should end with 10.00 EUR refunded, the provider has 0.00 EUR",
        ),
    ],
)
def test_a_story_that_ends_otherwise_is_broken(story, expect, sentence):
    verdict = judge(good_day(story, expect=expect).entries)

    assert verdict.state == BROKEN
    assert verdict.cause.sentence == sentence


@pytest.mark.parametrize(("shown", "state"), [("PENDING", UNKNOWN), ("PAID", BROKEN)])
@pytest.mark.parametrize("expect", [{"order": {"o1": "REFUNDED"}}, {"refunded_minor": {"o1": 4_999}}])
def test_a_refund_that_a_pending_order_refused_did_not_come_about(story, expect, shown, state):
    late = story(expect=expect)
    late.ask("pay", status="PENDING")
    late.charge().view(shown)
    late.ask("refund", outcome="fail", status=None, intent="o1/refund1")

    verdict = judge(late.tell("payment.succeeded").final("PAID", 4_999, 0).entries)

    assert row(verdict, "expectation").state == state


def test_an_expectation_that_a_human_must_settle_is_unknown(story):
    review = story(expect={"order": {"o1": "PAID"}}).paid().final("REVIEW", 4_999, 0)

    assert judge(review.entries).state == UNKNOWN


@pytest.mark.parametrize(("captured", "state"), [(9_999, UNKNOWN), (1, BROKEN)], ids=["less", "more"])
def test_money_that_a_human_may_still_take_is_unknown_and_money_too_much_is_not(story, captured, state):
    review = story(expect={"captured_minor": {"o1": captured}}).paid().final("REVIEW", 4_999, 0)

    assert judge(review.entries).state == state


def test_paid_beside_the_refunded_amount_means_partially_refunded(story):
    beside = story(expect={"order": {"o1": "PARTIALLY_REFUNDED"}}).paid()
    beside.ask("refund", amount=1_000, intent="o1/refund1")

    assert judge(beside.refund(1_000).final("PAID", 4_999, 1_000).entries).state == HELD


ANNOUNCED = ("no_overcharge", "one_live_hold", "one_intent_one_key", "honest_ambiguity", "amounts_agree")


def test_a_story_passes_when_exactly_the_announced_laws_break(story):
    verdict = judge(charged_twice(story, expect={"broken": ANNOUNCED}).entries)

    assert verdict.state == HELD
    assert verdict.cause is not None


def test_a_story_fails_when_an_announced_law_does_not_break(story):
    verdict = judge(good_day(story, expect={"broken": ["no_overcharge"]}).entries)

    assert verdict.state == BROKEN
    assert verdict.cause.sentence == "no_overcharge was announced to break, and did not"


def test_a_story_fails_when_more_breaks_than_was_announced(story):
    verdict = judge(charged_twice(story, expect={"broken": ["no_overcharge"]}).entries)

    assert verdict.state == BROKEN


def test_an_announced_law_that_could_not_be_judged_is_unknown(story):
    restless = story(expect={"broken": ["captured_implies_recorded"]}).paid()

    assert judge(restless.rest(is_quiescent=False).entries).state == UNKNOWN


def test_an_old_journal_can_be_judged_again_from_its_file(story, tmp_path):
    told = charged_twice(story)
    write_journal(tmp_path / "run.ndjson", told.entries)

    assert judge(read_journal(tmp_path / "run.ndjson")) == judge(told.entries)
