"""Settings of Schemathesis survive being written, and a user's lie over ours."""

import tomllib

import pytest

from badgateway.errors import InputError
from badgateway.verify.fuzz import Effort, Terms, settings_text
from badgateway.verify.settings import as_toml, merged, read_settings

NESTED = {
    "a": 1,
    "b c": [True, "x\n\"'é"],
    "d": {"e": {"f-g": [], "h": {}}},
    "operations": [{"include-name": "GET /", "checks": {"x": {"enabled": False}}}],
    "max": 2.5,
}


def test_what_is_written_is_read_again():
    assert tomllib.loads(as_toml(NESTED)) == NESTED


def test_a_users_settings_lie_over_ours_and_operations_are_joined():
    theirs = {
        "generation": {"max-examples": 50},
        "checks": {"unsupported_method": {"enabled": False}},
        "operations": [{"include-name": "GET /a"}],
    }

    made = tomllib.loads(settings_text(Effort(settings=theirs), Terms(signed=("POST /b",))))

    assert made["generation"] == {"max-examples": 50, "database": "none"}
    assert made["checks"]["unsupported_method"] == {"enabled": False}
    assert made["checks"]["positive_data_acceptance"]
    assert [one["include-name"] for one in made["operations"]] == ["POST /b", "GET /a"]


def test_merging_leaves_both_as_they_are():
    ours, theirs = {"a": {"b": 1}}, {"a": {"c": 2}}

    assert merged(ours, theirs) == {"a": {"b": 1, "c": 2}}
    assert (ours, theirs) == ({"a": {"b": 1}}, {"a": {"c": 2}})


@pytest.mark.parametrize("name", ["seed", "workers", "cache", "reports", "base-url"])
def test_what_makes_a_run_repeat_is_ours_to_set(tmp_path, name):
    path = tmp_path / "schemathesis.toml"
    path.write_text(f"{name} = 1\n", encoding="utf-8")

    with pytest.raises(InputError, match=f"{name!r} is set by badgateway"):
        read_settings(path)
