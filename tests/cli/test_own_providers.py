"""Providers of the user's own, each declared in one file."""

from pathlib import Path

import pytest
import yaml

import badgateway as package
from badgateway.cli.own_providers import word_for
from badgateway.cli.selection import Selection, plans
from badgateway.providers import DIALECTS, declare

ACME = (Path(__file__).parents[1] / "providers" / "every" / "acme.provider.yaml").read_text()
STORY = "title: A payment\nwhy: It is made.\nproviders: [acme]\nsteps:\n  - pay: {order: o1, amount: 10}\n"


@pytest.fixture(autouse=True)
def forgotten():
    """Let no provider of a test stay."""
    before = set(DIALECTS.names())
    yield
    for name in set(DIALECTS.names()) - before:
        del DIALECTS._parts[name]


@pytest.fixture
def described(folder):
    """Describe an integration, which takes acme's file for its own."""
    reference = Path(package.__file__).parent / "reference" / "badgateway.yaml"
    told = yaml.safe_load(reference.read_text()) | {"providers": {"acme": "./parts/acme.provider.yaml"}}
    (folder / "parts").mkdir()
    (folder / "parts" / "acme.provider.yaml").write_text(ACME)
    (folder / "badgateway.yaml").write_text(yaml.safe_dump(told))
    (folder / "story.yaml").write_text(STORY)
    return folder


def test_a_provider_file_is_checked(badgateway, folder):
    (folder / "acme.provider.yaml").write_text(ACME)

    result = badgateway("check", "acme.provider.yaml")

    assert (result.exit_code, result.stdout) == (0, "1 provider: no problems\n")


def test_its_problems_have_their_places(badgateway, folder):
    (folder / "acme.provider.yaml").write_text(ACME.replace("scheme: hmac", "scheme: hmca"))

    result = badgateway("check", "acme.provider.yaml")

    assert result.exit_code == 2
    assert result.stderr.startswith("acme.provider.yaml:")
    assert "did you mean 'hmac'" in result.stderr


def test_a_story_may_be_for_a_provider_of_the_configuration(badgateway, described):
    result = badgateway("check", "badgateway.yaml", "story.yaml")

    assert (result.exit_code, result.stderr) == (0, "")
    assert "acme" in DIALECTS


def test_without_the_configuration_nobody_knows_it(badgateway, described):
    (described / "badgateway.yaml").unlink()

    result = badgateway("check", "story.yaml")

    assert result.exit_code == 2
    assert "unknown provider 'acme'" in result.stderr


def test_the_configuration_of_the_folder_is_enough_for_every_command(badgateway, described):
    result = badgateway("explain", "story.yaml")

    assert result.exit_code == 0, result.output
    assert "acme" in DIALECTS


def test_a_problem_of_the_file_is_told_with_the_configuration(badgateway, described):
    (described / "parts" / "acme.provider.yaml").write_text(ACME.replace("kept: 2d", "kept: two"))

    result = badgateway("check", "badgateway.yaml")

    assert result.exit_code == 2
    assert "parts/acme.provider.yaml:" in result.stderr


def test_a_file_that_is_not_there_is_told(badgateway):
    result = badgateway("serve", "--provider", "./nowhere.provider.yaml")

    assert result.exit_code == 2
    assert "nowhere.provider.yaml: cannot be read" in result.stderr


def test_a_name_that_is_taken_is_refused(badgateway, folder):
    (folder / "mine.provider.yaml").write_text(ACME.replace("name: acme", "name: stripe"))

    result = badgateway("serve", "--provider", "mine.provider.yaml")

    assert result.exit_code == 2
    assert "there is a provider 'stripe' already" in result.stderr


def test_a_line_that_reproduces_names_the_file(folder):
    (folder / "acme.provider.yaml").write_text(ACME)

    declare(Path("acme.provider.yaml"))

    assert word_for("acme") == "acme.provider.yaml"
    assert (word_for("stripe"), word_for("checkout")) == ("stripe", "checkout")


def test_a_file_gives_its_provider_once(folder):
    (folder / "acme.provider.yaml").write_text(ACME)

    assert declare(Path("acme.provider.yaml")) is declare(folder / "acme.provider.yaml")
    assert declare(Path("acme.provider.yaml"), "other") is DIALECTS["other"]


def test_stories_with_cards_that_a_provider_does_not_have_are_left_out_and_said(badgateway, folder, capsys):
    (folder / "acme.provider.yaml").write_text(ACME)
    (folder / "scenarios").mkdir()
    story = "title: A payment\nwhy: It is made.\nsteps:\n  - pay: {order: o1, amount: 10}\n"
    (folder / "scenarios" / "fits.yaml").write_text(story)
    (folder / "scenarios" / "not.yaml").write_text(story + "world: {card: lost_card}\n")
    declare(Path("acme.provider.yaml"))

    chosen = plans(Selection(provider="acme"))

    assert [plan.scenario for plan in chosen] == ["scenarios/fits.yaml"]
    assert capsys.readouterr().err == "1 of 2 scenarios need a card that acme does not have\n"
