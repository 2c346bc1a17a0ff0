"""The entry of a document's content that a type of body is about is the most exact one."""

import pytest

from badgateway.contract.media import is_json, key_of, media_of


@pytest.mark.parametrize(
    ("keys", "media", "found"),
    [
        (["*/*", "application/json"], "application/json", "application/json"),
        (["application/JSON; charset=utf-8"], "application/json", "application/JSON; charset=utf-8"),
        (["*/*", "application/*", "application/*+json"], "application/hal+json", "application/*+json"),
        (["*/*", "application/*"], "application/xml", "application/*"),
        (["*/*"], "text/plain", "*/*"),
        (["application/json"], "text/plain", None),
        ([], "text/plain", None),
    ],
)
def test_the_most_exact_entry_is_found(keys, media, found):
    assert key_of(dict.fromkeys(keys), media) == found


def test_a_content_type_is_read_without_its_parameters():
    assert media_of("Application/Problem+JSON; charset=utf-8") == "application/problem+json"
    assert media_of(None) == ""


def test_json_is_known_by_its_suffix_too():
    assert [is_json(one) for one in ("application/json", "application/problem+json", "text/x-json")] == [
        *(True, True, False)
    ]
