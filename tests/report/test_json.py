"""JSON for programs."""

import json
from types import MappingProxyType

from badgateway.report.json import SCHEMA, render


def test_verdicts_are_whole_and_the_summary_has_the_exit_code(held, overcharged):
    document = json.loads(render([held, overcharged], real_ms=10))

    assert document["schema"] == SCHEMA
    assert document["summary"]["exit_code"] == 1
    assert document["summary"]["states"] == {"held": 1, "broken": 1, "unknown": 0, "vacuous": 0}
    assert document["cases"][1]["cause"]["customer_loss_minor"] == 4999
    assert document["cases"][1]["journal"] == "runs/j.ndjson"


def test_mappings_that_cannot_be_changed_are_written_like_others(held):
    document = json.loads(render([held.but(matrix=MappingProxyType({"copies": 2}))]))

    assert document["cases"][0]["matrix"] == {"copies": 2}
