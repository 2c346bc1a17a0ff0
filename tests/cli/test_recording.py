"""`badgateway run --record-pacts`: what is written, what is said of it, and that it is kept."""

import json
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
STORY = str(ROOT / "scenarios" / "lifecycle" / "pay.yaml")


def test_a_run_writes_a_pact_that_the_simulated_provider_keeps(badgateway, folder):
    (folder / "fields.yaml").write_text('"*": [id, status, type]\nGET /nowhere: [x]\n', encoding="utf-8")
    wanted = ("--record-pacts", "pacts", "--pact-fields", "fields.yaml")

    played = badgateway("run", STORY, "--config", "reference", "-q", *wanted)
    verified = badgateway("verify", "provider", "--pact", "pacts/reference-stripe.json")

    assert played.exit_code == 0
    assert "pact: pacts/reference-stripe.json: " in played.stderr
    assert "'GET /nowhere', of which nothing was recorded" in played.stderr
    pact = json.loads((folder / "pacts" / "reference-stripe.json").read_text(encoding="utf-8"))
    bodies = [one["response"]["body"]["content"] for one in pact["interactions"] if "response" in one]
    assert bodies
    assert all(set(body) == {"id", "status"} for body in bodies)
    assert verified.exit_code == 0
    amount = f"{len(pact['interactions'])} interactions"
    (line,) = verified.stdout.splitlines()[1:]
    assert line.split("  ")[0] == "provider"
    assert f"reference-stripe.json  {amount}" in line
    assert line.endswith("kept")


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (("run", STORY, "--pact-fields", "x.yaml"), "--pact-fields goes with --record-pacts DIR"),
        (("run", STORY, "--record-pacts", "p", "--pact-fields", "x.yaml"), "it cannot be read"),
        (("verify", "provider", "--pact", "x.json", "--tool", "schemathesis"), "leave --tool out"),
        (("verify", "provider", "--pact", "x.json"), "No such file"),
    ],
)
def test_what_cannot_be_recorded_or_held_to_is_bad_input(badgateway, arguments, why):
    result = badgateway(*arguments)

    assert result.exit_code == 2
    assert why in result.stderr
