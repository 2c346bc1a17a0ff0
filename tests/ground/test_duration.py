"""Durations are read in whole units and become integer milliseconds."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from badgateway.ground.duration import duration_text, to_ms


@pytest.mark.parametrize(
    ("text", "ms"),
    [("250ms", 250), ("30s", 30_000), ("15m", 900_000), ("2h", 7_200_000), ("3d", 259_200_000), ("0s", 0)],
)
def test_duration_becomes_milliseconds(text, ms):
    assert to_ms(text) == ms


@pytest.mark.parametrize(
    "text", ["3 days", "3", "", "1.5s", "-3s", "3D", "٣s", "1e3s", "3s\n", "9999999999d"]
)
def test_other_text_is_refused_with_an_example(text):
    with pytest.raises(ValueError, match="expected a duration such as 250ms"):
        to_ms(text)


@given(st.integers(0, 10**8))
@settings(derandomize=True, database=None)
def test_text_of_a_duration_is_read_back(ms):
    assert to_ms(duration_text(ms)) == ms
