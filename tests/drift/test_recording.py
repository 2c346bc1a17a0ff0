"""Recordings as files."""

import json

import pytest

from badgateway.drift.recording import Answered, Asked, Body, Exchange, Tape, read_recording
from badgateway.errors import InputError

FORM = Body("form", (("a[b]", "1"), ("a[b]", "2")), "application/x-www-form-urlencoded", 9)
FIRST = Exchange(1, 0, 3, Asked("POST", "/v1/x", (), (("accept", "*/*"),), FORM), Answered(200))
SECOND = Exchange(2, 1, 4, Asked("GET", "/v1/x"), None, "no answer in time")
HEAD = {"schema": "badgateway.recording/1", "provider": "stripe", "upstream": "https://a.test"}


def test_what_was_written_is_read_in_the_order_of_arrival(tmp_path):
    path = tmp_path / "a.ndjson"
    with Tape(path, "stripe", "https://a.test") as tape:
        tape.keep(SECOND)
        tape.keep(FIRST)

    found = read_recording(path)

    assert (found.provider, found.upstream) == ("stripe", "https://a.test")
    assert found.exchanges == (FIRST, SECOND)


@pytest.mark.parametrize(
    ("lines", "place"),
    [
        ([], ""),
        ([{"schema": "other"}], ":1:1"),
        (["[]"], ":1:1"),
        ([HEAD, "{"], ":2:1"),
        ([HEAD, {"n": 1}], ":2:1"),
        ([HEAD, {"n": 1, "request": {"method": "BREW", "path": "/"}, "reply": None}], ":2:1"),
        ([HEAD, {"n": 1, "request": {"method": "GET", "path": "https://b.test/"}, "reply": None}], ":2:1"),
    ],
)
def test_the_first_line_that_is_none_is_named(tmp_path, lines, place):
    path = tmp_path / "a.ndjson"
    path.write_text("".join((one if isinstance(one, str) else json.dumps(one)) + "\n" for one in lines))

    with pytest.raises(InputError) as caught:
        read_recording(path)

    assert str(caught.value).startswith(f"{path}{place}: ")
    assert "record it again" in str(caught.value)
