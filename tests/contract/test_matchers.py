"""A matcher's path finds its values, and a fraction is put where it asks for a number."""

import pytest

from badgateway.contract.matchers import FRACTIONAL, WHOLE, with_fractions

BODY = {"rows": [{"n": 1}, {"n": 2}], "a.b": 3, "text": "4", "is": True, "deep": {"er": {"n": 5}}}


def ruled(path, kind="integer"):
    return {path: {"matchers": [{"match": "type"}, {"match": kind}]}}


@pytest.mark.parametrize(
    ("path", "places"),
    [
        ("$.rows[1].n", [("rows", 1, "n")]),
        ("$.rows[*].n", [("rows", 0, "n"), ("rows", 1, "n")]),
        ("$['a.b']", [("a.b",)]),
        ('$.deep["er"].n', [("deep", "er", "n")]),
        ("$.deep.*.n", [("deep", "er", "n")]),
        ("$.rows[7].n", []),
        ("$.text", []),
        ("$.is", []),
        ("$.gone", []),
    ],
)
def test_a_path_finds_the_numbers_that_it_means(path, places):
    assert [place for place, _, _ in with_fractions(ruled(path), BODY, WHOLE)] == places


def test_one_number_gets_a_fraction_and_the_rest_stays():
    ((_, kind, body),) = with_fractions(ruled("$.rows[0].n", "decimal"), BODY, FRACTIONAL)

    assert kind == "decimal"
    assert body == {**BODY, "rows": [{"n": 1.5}, {"n": 2}]}
    assert BODY["rows"][0] == {"n": 1}


def test_a_body_may_be_the_number_itself():
    assert [body for _, _, body in with_fractions(ruled("$"), 7, WHOLE)] == [7.5]


def test_other_matchers_say_nothing_about_fractions():
    assert list(with_fractions(ruled("$.rows[0].n", "regex"), BODY, WHOLE | FRACTIONAL)) == []
