"""The head of an ordinary answer is written as it reads, and whatever is odd is left to uvicorn."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from badgateway.server.heads import LINES, head_of

NAMES = st.sampled_from(
    ["content-type", "x-%s", "x-100%", "request-id", "x-é", "X-Upper", "a b", "connection"]
)
VALUES = st.sampled_from(["application/json", "%d of 100%", "", "é", "☃", "a\tb"])
ODD = {"x-é", "X-Upper", "a b", "connection"}


@given(st.lists(st.tuples(NAMES, VALUES), max_size=4), st.integers(0, 9))
def test_each_header_is_a_line_of_its_own(headers, length):
    head = head_of(200, tuple(headers), length)

    if any(name in ODD or value in {"☃", "a\tb"} for name, value in headers):
        assert head is None
    else:
        lines = [f"{name}: {value}\r\n" for name, value in headers]
        expected = f"HTTP/1.1 200 OK\r\n{''.join(lines)}content-length: {length}\r\n\r\n"
        assert head == expected.encode("latin-1")


@pytest.mark.parametrize("status", [100, 204, 304, 999])
def test_a_status_without_an_ordinary_head_has_none(status):
    assert head_of(status, (), 0) is None


def test_names_beyond_those_that_are_remembered_are_looked_at_each_time(monkeypatch):
    monkeypatch.setattr("badgateway.server.heads.NAMES_MAX", 0)

    for _ in range(2):
        assert head_of(200, (("x-never-seen", "a"),), 0) is not None
        assert head_of(200, (("X-Never-Seen", "a"),), 0) is None
    assert not {"x-never-seen", "X-Never-Seen"} & {*LINES}
