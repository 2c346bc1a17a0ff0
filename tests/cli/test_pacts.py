"""`badgateway pacts`: Pact's own command line and library, against a double of a broker (no real one)."""

import json
import os
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from tests.verify.broker_double import BrokerDouble

from badgateway.errors import EnvironmentProblem, InputError
from badgateway.verify.broker import Broker, broker_from, find_program, tell

ROOT = Path(__file__).parents[2]
PACT = ROOT / "contracts" / "provider" / "pacts" / "reference-stripe.json"
TOKEN = "broker_token_that_nobody_may_see"


@pytest.fixture
def broker(monkeypatch):
    """Give a double that knows one token, and name it in the environment as a user would."""
    for name in ("PACT_BROKER_USERNAME", "PACT_BROKER_PASSWORD"):
        monkeypatch.delenv(name, raising=False)
    with BrokerDouble(TOKEN) as double:
        monkeypatch.setenv("PACT_BROKER_BASE_URL", double.url)
        monkeypatch.setenv("PACT_BROKER_TOKEN", TOKEN)
        yield double


@pytest.fixture
def small(tmp_path):
    """Give a pact of two interactions, in a folder whose name holds characters of a pattern."""
    pact = json.loads(PACT.read_text(encoding="utf-8"))
    pact["interactions"] = pact["interactions"][:2]
    path = tmp_path / "pacts [1]" / "reference-stripe.json"
    path.parent.mkdir()
    path.write_text(json.dumps(pact), encoding="utf-8")
    return path


def test_a_pact_is_published_fetched_verified_and_its_results_are_published(
    badgateway, broker, small, folder
):
    """The whole way, as two pipelines would go it: the consumer's, and then the provider's."""
    published = badgateway(
        "pacts", "publish", str(small), "--consumer-version", "4f2", "--branch", "main", "--tag", "t1"
    )
    fetched = badgateway("pacts", "fetch", "stripe", "--to", "got", "--branch", "main")
    verified = badgateway(
        *(
            "pacts",
            "verify",
            "stripe",
            "--consumer-branch",
            "main",
            "--consumer-tag",
            "t1",
            "--report",
            "junit",
        ),
        *("--publish", "9c1", "--branch", "trunk", "--tag", "prod"),
    )

    assert (published.exit_code, fetched.exit_code, verified.exit_code) == (0, 0, 0)
    (told,) = broker.published
    assert (told["pacticipantName"], told["pacticipantVersionNumber"]) == ("reference", "4f2")
    assert (told["branch"], told["tags"]) == ("main", ["t1"])
    (got,) = (folder / "got").glob("*.json")
    assert len(json.loads(got.read_text(encoding="utf-8"))["interactions"]) == 2
    assert verified.stdout.splitlines()[-1] == (
        "provider  pact  reference, from the broker  2 interactions  kept"
    )
    assert broker.asked["consumerVersionSelectors"] == [
        {"branch": "main", "latest": True},
        {"latest": True, "tag": "t1"},
    ]
    (result,) = broker.results
    assert (result["success"], result["providerApplicationVersion"]) == (True, "9c1")
    assert broker.marks == {"branches:stripe:trunk:9c1", "tags:stripe:prod:9c1"}
    assert len(ET.parse(folder / "badgateway-report" / "junit.xml").getroot().findall("*/testcase")) == 2
    assert TOKEN not in published.output + fetched.output + verified.output


def test_what_is_broken_is_told_and_published_as_broken(badgateway, broker, small):
    pact = json.loads(small.read_text(encoding="utf-8"))
    pact["interactions"][0]["response"]["status"] = 202
    pact["interactions"][1]["providerStates"][1]["name"] = "a payment is authorised"
    small.write_text(json.dumps(pact), encoding="utf-8")
    badgateway("pacts", "publish", str(small), "--consumer-version", "1")

    result = badgateway("pacts", "verify", "stripe", "--publish", "2", "--format", "json")

    (row,) = json.loads(result.stdout)["rows"]
    assert result.exit_code == 1
    assert [finding["broken_by"] for finding in row["findings"]] == ["stripe", None]
    assert "expected 202 but was 200" in row["findings"][0]["told"]
    assert "did you mean 'a payment is authorized'?" in row["findings"][1]["told"][0]
    assert [one["success"] for one in broker.results] == [False]


def test_a_broker_without_a_pact_fails_a_verification_instead_of_passing_it(badgateway, broker):
    result = badgateway("pacts", "verify", "adyen")

    assert result.exit_code == 1
    assert "No pacts found for provider 'adyen'" in " ".join(result.stdout.split())
    assert broker.results == []


def test_the_answer_of_can_i_deploy_is_passed_on(badgateway, broker):
    asked = (
        "pacts",
        "can-i-deploy",
        "--pacticipant",
        "shop",
        "--version",
        "1",
        "--to-environment",
        "production",
    )

    may = badgateway(*asked)
    broker.is_deployable = False
    may_not = badgateway(*asked)

    assert (may.exit_code, may_not.exit_code) == (0, 1)
    assert "all is verified" in may.output
    assert "nothing is verified" in may_not.output
    assert broker.paths == ["GET /matrix"] * 2


def test_a_wrong_token_is_refused_and_not_repeated_to_anybody(badgateway, broker, small, monkeypatch):
    monkeypatch.setenv("PACT_BROKER_TOKEN", "another_token_that_nobody_may_see")

    published = badgateway("pacts", "publish", str(small), "--consumer-version", "1")
    verified = badgateway("pacts", "verify", "stripe")

    assert (published.exit_code, verified.exit_code) == (1, 1)
    assert "401" in published.output
    assert "401" in verified.output
    assert "another_token" not in published.output + verified.output
    assert broker.published == []


def test_secrets_are_neither_shown_nor_on_a_command_line(broker):
    known = Broker(broker.url, TOKEN)

    said = tell(known, ["describe-pacticipant", f"--name=a{TOKEN}"])

    assert TOKEN not in repr(known) + said.out + said.err
    assert known.environment()["PACT_BROKER_TOKEN"] == TOKEN


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (("verify", "stripe", "--tag", "prod"), "give --publish as well"),
        (("verify", "stripes"), "'stripes' is not simulated"),
        (("verify", "stripe", "--broker-base-url", "https://me:pw@broker.test"), "holds credentials"),
        (("verify", "stripe", "--broker-base-url", "broker.test"), "no http or https URL"),
        (("publish", "empty", "--consumer-version", "1"), "empty: there is no pact with interactions"),
        (("can-i-deploy", "--broker-token", "x"), "credentials stand in the environment"),
    ],
)
def test_what_cannot_be_asked_is_bad_input(badgateway, folder, broker, arguments, why):
    (folder / "empty").mkdir()

    result = badgateway("pacts", *arguments)

    assert result.exit_code == 2
    assert why in result.stderr
    assert broker.paths == []


def test_a_broker_is_named_and_takes_one_kind_of_credentials():
    with pytest.raises(InputError, match="which broker"):
        broker_from(None, environment={})
    with pytest.raises(InputError, match="not both"):
        broker_from("https://b.test", "t", "me", environment={})
    known = broker_from(
        "https://b.test/", environment={"PACT_BROKER_TOKEN": "", "PACT_BROKER_USERNAME": "me"}
    )
    assert (known.url, known.token, known.username) == ("https://b.test", None, "me")


def test_a_missing_command_line_is_one_sentence_that_says_how_to_get_it(monkeypatch, tmp_path):
    monkeypatch.setattr("sys.executable", str(tmp_path / "python"))
    monkeypatch.setenv("PATH", str(tmp_path) + os.pathsep)

    with pytest.raises(EnvironmentProblem, match="pip install pact-python-cli"):
        find_program()
