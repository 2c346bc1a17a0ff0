"""The first files of a user."""

from badgateway.integration.read import read_description
from badgateway.scenario.load import load_scenarios


def test_what_is_written_is_valid_as_it_stands(badgateway, folder):
    result = badgateway("init")

    assert result.exit_code == 0
    assert result.stdout.split() == ["badgateway.yaml", "scenarios/first_payment.yaml"]
    assert read_description(folder / "badgateway.yaml").name == "my-integration"
    assert len(load_scenarios(("scenarios",))) == 1


def test_check_has_nothing_to_say_about_it(badgateway):
    badgateway("init")

    result = badgateway("check")

    assert (result.exit_code, result.stderr) == (0, "")
    assert "1 scenario, 1 configuration: no problems" in result.stdout


def test_nothing_is_written_over_what_is_there(badgateway, folder):
    (folder / "badgateway.yaml").write_text("mine")

    result = badgateway("init")

    assert result.exit_code == 2
    assert "badgateway.yaml: is there already (use --force to write over it)" in result.stderr
    assert (folder / "badgateway.yaml").read_text() == "mine"
    assert not (folder / "scenarios").exists()


def test_force_writes_over_it(badgateway, folder):
    (folder / "badgateway.yaml").write_text("mine")

    assert badgateway("init", "--force").exit_code == 0
    assert (folder / "badgateway.yaml").read_text() != "mine"
