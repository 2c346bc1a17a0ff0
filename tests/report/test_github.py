"""Annotations for GitHub Actions."""

from badgateway.report.github import render


def test_only_what_is_not_held_is_annotated(held, overcharged):
    commands = render([held, overcharged, held.but(state="unknown", problems=("never quiet",))]).splitlines()

    assert len(commands) == 2
    assert commands[0].startswith("::error file=scenarios/retries/charge-answer-lost.yaml,title=broken%3A")
    assert commands[1].startswith("::warning file=scenarios/happy/pay.yaml,")
    assert "never quiet%0AReproduce: badgateway run" in commands[1]


def test_text_from_outside_cannot_start_another_command(overcharged):
    told = render([overcharged.but(title="a,b: c%\n::error::x", scenario="a,b:c.yaml")])

    assert told.count("\n") == 1
    assert told.startswith("::error file=a%2Cb%3Ac.yaml,title=broken%3A a%2Cb%3A c%25%0A%3A%3Aerror%3A%3Ax [")
