"""What several bodies have in common, and what a value of a recorded pact may be."""

import pytest

from badgateway.verify.generalised import (
    ABSENT,
    OTHER,
    differing,
    example,
    is_word,
    loosened,
    merged,
    only,
    rules,
)


def matcher(*values):
    found = rules(merged(values))
    return found["$"]["matchers"][0] if found else None


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (("succeeded", "succeeded"), None),
        (("succeeded", "pending"), {"match": "type"}),
        ((True, True), None),
        ((True, False), {"match": "type"}),
        ((4999, 1), {"match": "integer"}),
        ((4999, 0.5), {"match": "number"}),
        (("pi_000001", "pi_000002"), {"match": "regex", "regex": r"^pi_\w+$"}),
        (("ch_000001", "py_000001"), {"match": "regex", "regex": r"^(ch_\w+|py_\w+)$"}),
        (("4999", "10.50"), {"match": "regex", "regex": r"^-?\d+(\.\d+)?$"}),
        (("A sentence, always the same.",), {"match": "type"}),
        (("Bearer sk_test_recorded",), {"match": "regex", "regex": r"^Bearer \w+$"}),
    ],
)
def test_a_value_is_asked_for_by_its_form_and_a_word_as_it_is(values, expected):
    assert matcher(*values) == expected


def test_what_is_not_in_all_or_null_or_empty_or_of_two_kinds_is_not_asked_for():
    one = {"id": "x", "gone": 1, "nothing": None, "none": [], "mixed": "1", "inner": {"a": None}}
    other = {"id": "x", "nothing": 2, "none": [1], "mixed": 1, "inner": {"a": 1}}

    assert example(merged([one, other])) == {"id": "x"}


def test_a_list_is_asked_for_by_what_all_of_its_elements_have():
    node = merged([{"data": [{"id": "re_000001", "note": "n"}, {"id": "re_000002"}]}])

    assert example(node) == {"data": [{"id": "re_000001"}]}
    assert rules(node)["$.data"]["matchers"] == [{"match": "type", "min": 1}]
    assert rules(node)["$.data[*].id"]["matchers"] == [{"match": "regex", "regex": r"^re_\w+$"}]


def test_a_name_that_is_no_plain_word_is_quoted_in_a_path():
    assert list(rules(merged([{"metadata[order]": "7"}]))) == ["$['metadata[order]']"]


def test_differences_say_what_is_not_there_and_what_is_otherwise():
    node = merged([{"status": "paid", "amount": 5, "of": {"id": "pi_000001"}, "rows": [{"n": 1}]}])

    found = dict(differing(node, {"status": "open", "amount": "5", "of": None, "rows": []}))

    assert found == {
        ("status",): OTHER,
        ("amount",): ABSENT,
        ("of", "id"): ABSENT,
        ("rows", "*", "n"): ABSENT,
    }
    assert list(differing(loosened(node, [("status",)]), example(node) | {"status": "open"})) == []
    assert only(node, lambda path: path == ("status",)) == merged([{"status": "paid"}])


def test_words_name_choices_and_ids_amounts_and_currencies_do_not():
    assert [one for one in ("manual", True, "eur", "EUR", "4999", "pi_000001", "a b", 3) if is_word(one)] == [
        "manual",
        True,
    ]
