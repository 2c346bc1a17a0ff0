"""The short timeline around a finding."""

from badgateway.ground.records import changed
from badgateway.report.timeline import LINES_MAX, story_time, timeline


def test_proof_and_faults_are_always_shown(overcharged):
    moments = timeline(overcharged.entries, overcharged.verdict.cause, lines_max=4)

    assert [moment.seq for moment in moments] == [2, 6, 7, 10]
    assert [moment.is_proof for moment in moments] == [True, True, False, True]


def test_what_is_left_out_is_counted(overcharged):
    moments = timeline(overcharged.entries, overcharged.verdict.cause, lines_max=4)

    assert [moment.left_out for moment in moments] == [0, 2, 0, 2]


def test_times_count_from_the_beginning_and_include_virtual_time_that_was_jumped(overcharged):
    *before, last = overcharged.entries[:11]
    later = changed(last, at_ms=last.at_ms + 86_400_000)

    moments = timeline((*before, later), overcharged.verdict.cause)

    assert moments[0].at == "+0.000 s"
    assert moments[-2].at == "+0.041 s"
    assert moments[-1].at == "+1d 00:00:00"


def test_the_proof_of_consequences_comes_before_what_is_merely_near(overcharged):
    verdict = overcharged.verdict

    moments = timeline(overcharged.entries, verdict.cause, verdict.consequences, lines_max=5)

    assert [moment.seq for moment in moments] == [2, 6, 7, 10, 12]


def test_another_order_stays_out_unless_it_is_proof(overcharged):
    stranger = changed(overcharged.entries[2], seq=20, order="o2")

    moments = timeline((*overcharged.entries, stranger), overcharged.verdict.cause)

    assert 20 not in [moment.seq for moment in moments]


def test_a_long_journal_gives_a_short_timeline(overcharged):
    many = tuple(changed(overcharged.entries[2], seq=100 + n) for n in range(500))

    assert len(timeline((*overcharged.entries, *many), overcharged.verdict.cause)) == LINES_MAX


def test_long_spans_are_written_as_days_and_hours():
    assert story_time(12) == "+0.012 s"
    assert story_time(3_600_000) == "+01:00:00"
    assert story_time(3 * 86_400_000 + 7_000) == "+3d 00:00:07"


def test_a_case_without_a_journal_has_no_timeline(overcharged):
    assert timeline((), overcharged.verdict.cause) == ()
