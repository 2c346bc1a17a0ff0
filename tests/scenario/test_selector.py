"""Selectors name calls and events, counted per order, and refuse to guess."""

import pytest

from badgateway.scenario.selector import parse_call, parse_event

ONE, TWO = ("o1",), ("o1", "o2")


@pytest.mark.parametrize(
    ("text", "orders", "expected"),
    [
        ("capture[2]", ONE, ("capture", 2, "o1", None)),
        ("charge[*]", ONE, ("charge", None, "o1", None)),
        ("o2.refund[*]", TWO, ("refund", None, "o2", None)),
        ("*", TWO, ("*", None, None, None)),
        ("o2.*", TWO, ("*", None, "o2", None)),
        ("effect:mail[1]", ONE, ("mail", 1, "o1", "effect")),
        ("effect:o2.stock[*]", TWO, ("stock", None, "o2", "effect")),
    ],
)
def test_call_is_read(text, orders, expected):
    found = parse_call(text, orders)

    assert (found.name, found.n, found.order, found.provider) == expected
    assert found.text == text


@pytest.mark.parametrize(
    ("text", "orders", "expected"),
    [
        ("payment.succeeded[1]", ONE, ("payment.succeeded", 1, "o1", None)),
        ("o2.payment.succeeded[3]", TWO, ("payment.succeeded", 3, "o2", None)),
        ("stripe:charge.succeeded[1]", ONE, ("charge.succeeded", 1, "o1", "stripe")),
        ("stripe:o2.charge.succeeded[1]", TWO, ("charge.succeeded", 1, "o2", "stripe")),
        ("payout.paid[1]", ONE, ("payout.paid", 1, None, None)),
        ("payout.paid[2]", TWO, ("payout.paid", 2, None, None)),
    ],
)
def test_event_is_read(text, orders, expected):
    found = parse_event(text, orders)

    assert (found.name, found.n, found.order, found.provider) == expected


@pytest.mark.parametrize(
    ("text", "orders", "expected"),
    [
        ("adyen:charge[1]", ONE, ("charge", 1, "o1", "adyen", None)),
        ("adyen charge[1]", ONE, ("charge", 1, "o1", "adyen", None)),
        ("o1.adyen:charge[*]", TWO, ("charge", None, "o1", "adyen", None)),
        ("adyen:o2.charge[2]", TWO, ("charge", 2, "o2", "adyen", None)),
        ("adyen:*", TWO, ("*", None, None, "adyen", None)),
        ("o2.adyen:*", TWO, ("*", None, "o2", "adyen", None)),
        ("euler->stripe capture[1]", ONE, ("capture", 1, "o1", "stripe", "euler")),
        ("o2.euler->stripe:capture[1]", TWO, ("capture", 1, "o2", "stripe", "euler")),
        ("euler->stripe *", ONE, ("*", None, None, "stripe", "euler")),
        ("euler->capture[1]", ONE, ("capture", 1, "o1", None, "euler")),
    ],
)
def test_a_call_may_name_its_provider_and_who_makes_it(text, orders, expected):
    found = parse_call(text, orders)

    assert (found.name, found.n, found.order, found.provider, found.by) == expected


@pytest.mark.parametrize("text", ["adyen:payment.succeeded[1]", "o1.adyen:payment.succeeded[1]"])
def test_an_event_may_be_of_one_provider_by_its_neutral_name(text):
    found = parse_event(text, TWO if text.startswith("o1") else ONE)

    assert (found.name, found.n, found.order, found.provider) == ("payment.succeeded", 1, "o1", "adyen")


@pytest.mark.parametrize(
    ("parse", "text", "orders", "reason"),
    [
        (parse_call, "capture", ONE, r"say capture\[1\] or capture\[\*\]"),
        (parse_call, "capture[1]", TWO, r"say o1.capture\[1\]"),
        (parse_call, "captre[1]", ONE, "did you mean 'capture'"),
        (parse_call, "o3.capture[1]", TWO, "unknown order 'o3'; known: o1, o2"),
        (parse_call, "o3.*", TWO, "unknown order 'o3'"),
        (parse_call, "capture[0]", ONE, "counts from 1"),
        (parse_call, "capture[-1]", ONE, "no selector"),
        (parse_call, "capture[1][2]", ONE, "no selector"),
        (parse_call, "refund.succeeded[1]", ONE, "names an event"),
        (parse_call, "adyen:charge[1]", TWO, r"say adyen:o1.charge\[1\]"),
        (parse_call, "o3.adyen:charge[1]", TWO, "unknown order 'o3'"),
        (parse_call, "adyen:captre[1]", ONE, r"a fault strikes an operation such as adyen:charge\[1\]"),
        (parse_event, "euler->stripe payment.succeeded[1]", ONE, "an event is told by its provider alone"),
        (parse_call, "stripe:charge.succeeded[1]", ONE, "a provider's event"),
        (parse_event, "capture[1]", ONE, "names an operation"),
        (parse_event, "o1.capture[1]", ONE, "names an operation"),
        (parse_event, "*", ONE, "no selector"),
        (parse_event, "stripe:charge.succeeded[1]", TWO, r"say stripe:o1.charge.succeeded\[1\]"),
        (parse_event, "", ONE, "no selector"),
    ],
)
def test_bad_selector_says_how_to_mend_it(parse, text, orders, reason):
    with pytest.raises(ValueError, match=reason):
        parse(text, orders)
