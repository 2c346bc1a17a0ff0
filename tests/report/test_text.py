"""The terminal report."""

import re

from badgateway.report.text import render, render_case, render_summary


def test_a_case_that_held_is_one_line(held):
    told = render_case(held)

    assert told == "held     scenarios/happy/pay.yaml  case 1, seed 7\n"


def test_a_broken_case_tells_cause_money_consequences_remedy_and_how_to_repeat(overcharged):
    told = render_case(overcharged)

    assert "o1 was agreed at 49.99 EUR, the provider captured 99.98 EUR [no_overcharge, M1]" in told
    assert "the customer loses 49.99 EUR" in told
    assert "o1 shows 49.99 EUR paid, 99.98 EUR was captured [amount_agreement, M8]" in told
    assert "Keep the key of an unanswered charge." in told
    assert told.rstrip().endswith(f"Reproduce: {overcharged.verdict.reproduce}")


def test_the_reproduce_line_is_never_wrapped(overcharged):
    line = "badgateway run " + "scenarios/a-rather-long-name/" * 6 + "x.yaml --case 1 --seed 7"

    told = render_case(overcharged.but(reproduce=line), width=60)

    assert f"  Reproduce: {line}\n" in told


def test_no_line_but_the_reproduce_line_is_wider_than_the_terminal(overcharged):
    for width in (60, 80, 120):
        told = render_case(overcharged, width=width)

        assert all(len(line) <= width for line in told.splitlines() if ": " not in line[:14])


def test_the_journal_is_named_for_a_replay(overcharged):
    assert "  Journal:   runs/j.ndjson\n" in render_case(overcharged)


def test_colours_change_nothing_but_colours(overcharged, held):
    plain = render([held, overcharged], real_ms=1200)

    coloured = render([held, overcharged], real_ms=1200, is_coloured=True)

    assert "\x1b[" not in plain
    assert "\x1b[31m" in coloured
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == plain


def test_escape_sequences_of_the_integration_do_not_reach_the_terminal(overcharged):
    told = render_case(overcharged.but(problems=("it said \x1b]0;owned\x07\x1b[2J",), state="unknown"))

    assert "\x1b" not in told
    assert "\x07" not in told


def test_an_unknown_case_says_why(held):
    told = render_case(held.but(state="unknown", problems=("the run never became quiet",)))

    assert told.startswith("unknown  scenarios/happy/pay.yaml")
    assert "the run never became quiet" in told
    assert "Reproduce: badgateway run" in told


def test_faults_that_did_not_fire_are_said(held):
    told = render_case(held.but(state="unknown", faults_planned=2, faults_fired=1))

    assert "1 of 2 faults fired" in told


def test_a_break_of_the_baseline_is_no_faults_doing(overcharged):
    assert "without any fault" in render_case(overcharged.but(baseline="broken"))


def test_the_summary_counts_states_faults_and_laws_and_names_the_vacuous_ones(held, overcharged):
    told = render_summary([held, overcharged], real_ms=1500)

    assert "1 held, 1 broken, 0 unknown (2 scenarios, 2 cases in 1.5 s)" in told
    assert "1 of 1 fired" in told
    assert "no_overcharge 3, honest_ambiguity 1, amount_agreement 1" in told
    assert "Vacuous" not in told
    assert "honest_ambiguity (never put to the test)" in render_summary([held])


def test_a_break_that_was_announced_is_held_and_said(overcharged):
    told = render_case(overcharged.but(state="held"), width=200)

    assert told.startswith("held     scenarios/retries/charge-answer-lost.yaml")
    assert "what was announced to break broke" in told
    assert len(told.splitlines()) == 1


def test_one_empty_line_stands_before_the_summary(held, overcharged):
    for cases in ([held], [overcharged]):
        before, summary, _ = render(cases).partition("Summary")

        assert summary
        assert before.endswith("\n\n")
        assert not before.endswith("\n\n\n")


def test_in_brief_a_broken_case_is_its_cause_and_how_to_repeat_it(overcharged):
    told = render_case(overcharged, is_brief=True).splitlines()

    assert told[1:] == [
        "         o1 was agreed at 49.99 EUR, the provider captured 99.98 EUR",
        f"         {overcharged.verdict.reproduce}",
    ]


def test_a_long_run_ends_with_its_first_broken_case(held, overcharged):
    told = render_summary([held, held.but(state="unknown"), overcharged])

    assert told.endswith(f"Reproduce: {overcharged.verdict.reproduce}\n")


def test_a_run_in_which_everything_held_has_nothing_to_reproduce(held):
    assert "Reproduce" not in render_summary([held, held])


def test_many_consequences_are_told_in_part(overcharged):
    also = overcharged.verdict.consequences[0]

    told = render_case(overcharged.but(consequences=(also,) * 11), width=200)

    assert told.count(also.sentence) == 8
    assert "and 3 more, which the page and the JSON report tell" in told
