"""The published schema is made of the declared fields, and says what the reader says."""

from jsonschema import Draft202012Validator

from badgateway.faults import FAULTS
from badgateway.ground.artifacts import artifact_dir
from badgateway.ground.yaml12 import read_yaml
from badgateway.integration.model import VIEW_STATUSES
from badgateway.payments.decisions import KINDS
from badgateway.scenario import language
from badgateway.scenario.schema import scenario_schema, schema_text


def test_the_published_schema_is_current():
    assert schema_text() == (artifact_dir("specs") / "scenario.schema.json").read_text()


def test_every_bundled_scenario_fits_the_published_schema():
    validator = Draft202012Validator(scenario_schema(with_variables=True))
    files = sorted(artifact_dir("scenarios").rglob("*.yaml"))

    assert files
    assert [
        file.name for file in files if not validator.is_valid(read_yaml(file.read_text(), "f").value)
    ] == []


def test_schema_is_valid_and_closed():
    schema = scenario_schema(with_variables=True)

    Draft202012Validator.check_schema(schema)
    assert schema["additionalProperties"] is False
    assert set(schema["properties"]) == {field.name for field in language.STORY}


def test_variable_is_allowed_where_a_value_is_due_and_nowhere_else():
    story = {"title": "T", "steps": [{"pay": {"order": "o1", "amount": "$amount"}}]}

    assert Draft202012Validator(scenario_schema(with_variables=True)).is_valid(story)
    assert not Draft202012Validator(scenario_schema()).is_valid(story)


def test_words_are_those_of_the_rooms_that_play_them():
    assert language.STATUSES == VIEW_STATUSES
    assert language.DECISIONS == KINDS
    assert set(language.PHASES) == {phase for fault in FAULTS for phase in fault.phases}
