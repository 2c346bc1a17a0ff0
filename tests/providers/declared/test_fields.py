"""The schema of provider files, as it lies under specs/."""

from badgateway.ground.artifacts import artifact_dir
from badgateway.providers.declared.fields import SCHEMA_FILE, schema_text


def test_the_schema_on_disk_is_what_the_declared_fields_make():
    assert schema_text() == (artifact_dir("specs") / SCHEMA_FILE).read_text()
