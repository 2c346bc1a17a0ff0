"""The published schema is the table of kinds."""

import json

import jsonschema

from badgateway.ground.artifacts import artifact_dir
from badgateway.ground.clock import Clock
from badgateway.journal.journal import Journal
from badgateway.journal.schema import journal_schema, schema_text


def test_the_published_schema_is_current():
    assert schema_text() == (artifact_dir("specs") / "journal.schema.json").read_text()


def test_what_the_journal_writes_fits_its_schema(tmp_path):
    record = Journal(Clock(1_000), tmp_path / "run.ndjson")
    record.write("webhook.lost", "o1", event="evt_1", why="lose")
    record.write("ledger.entry", "o1", seq=1, kind="auth", amount_minor=100, currency="EUR", cause="c1")
    record.close()

    for line in (tmp_path / "run.ndjson").read_text().splitlines():
        jsonschema.validate(json.loads(line), journal_schema())


def test_a_fraction_of_a_cent_does_not_fit_the_schema(tmp_path):
    record = Journal(Clock(1_000), tmp_path / "run.ndjson")
    record.write("ledger.entry", "o1", seq=1, kind="auth", amount_minor=100, currency="EUR", cause="c1")
    record.close()
    line = json.loads((tmp_path / "run.ndjson").read_text())
    line["data"]["amount_minor"] = 1.5

    problems = list(jsonschema.Draft202012Validator(journal_schema()).iter_errors(line))

    assert len(problems) == 1
