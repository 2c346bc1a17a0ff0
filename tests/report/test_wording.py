"""Entries as sentences."""

import pytest

from badgateway.journal.entry import KINDS, Entry
from badgateway.report.wording import lane, sentence

EVERY_KIND = sorted(KINDS)


def an_entry(kind, /, **data):
    return Entry(1, 0, 0.0, kind, "o1", data)


@pytest.mark.parametrize("kind", EVERY_KIND)
def test_every_kind_of_entry_has_words_even_where_all_fields_are_null(kind):
    said = sentence(an_entry(kind, **dict.fromkeys(KINDS[kind])), "EUR")

    assert said.startswith("o1: ")
    assert said != f"o1: {kind}"


def test_an_amount_takes_the_currency_of_the_order_where_it_has_none():
    said = sentence(an_entry("view.read", status="PAID", paid_minor=500, is_readable=True), "JPY")

    assert said == "o1: PAID, paid 500 JPY"


def test_a_currency_that_does_not_exist_is_shown_and_does_not_fail():
    said = sentence(an_entry("call.arrived", op="charge", n=1, amount_minor=5, currency="XXQ"), "EUR")

    assert said == "o1: charge[1] arrives, 5 minor units of XXQ, no key"


def test_a_forged_copy_is_told_apart_from_the_genuine_event():
    forged = an_entry(
        "webhook.sent", name="payment.succeeded", copy=1, attempt=1, **{"class": "forged"}, signature="none"
    )
    genuine = an_entry(
        "webhook.sent", name="payment.succeeded", copy=1, attempt=1, **{"class": "genuine"}, signature="ok"
    )

    assert sentence(forged, None) == "o1: payment.succeeded sent, forged, signature none"
    assert sentence(genuine, None) == "o1: payment.succeeded sent"


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"retells": "evt_1", "copy": 2}, "duplicate, copy 2, under a new id"),
        ({"request": "delivery1"}, "duplicate, in the same request"),
        ({"to": "backoffice"}, "duplicate, to backoffice"),
    ],
)
def test_a_webhook_that_is_not_like_the_others_says_how(said, words):
    sent = an_entry(
        "webhook.sent", name="payment.succeeded", **{"class": "duplicate"}, signature="ok", **said
    )

    assert sentence(sent, None) == f"o1: payment.succeeded sent, {words}"


def test_the_end_of_an_endpoint_is_told():
    assert "the endpoint is disabled, after 3 events in vain" in sentence(
        an_entry("webhook.disabled", given_up=3), None
    )


@pytest.mark.parametrize(
    ("kind", "data", "words"),
    [
        ("op.invoked", {"do": "refund", "instance": "new"}, "refund, asked of the new version"),
        ("op.acted", {"do": "pay_elsewhere"}, "pay elsewhere"),
        ("process.exited", {"instance": "old", "is_expected": True, "code": 0}, "the old version of the"),
        ("process.killed", {"pid": 7, "why": "step 2"}, "is killed (pid 7), step 2"),
        ("load.answered", {"on": "health", "call": "call1"}, "the health page is asked for while call1"),
        ("effect.seen", {"effect": "mail", "n": 2, "is_taken": True}, "mail sent, number 2"),
        ("effect.seen", {"effect": "mail", "is_taken": False}, "the receiver fails, nothing is done"),
        ("settlement.line", {"term": "captured", "flaw": "missing"}, "missing in the provider's list"),
        ("call.committed", {"status": 200, "is_old": True}, "what was true before"),
        ("call.answered", {"status": 429, "retry_after_ms": 2000}, "asked to wait 2s"),
        ("webhook.sent", {"name": "e", "class": "genuine", "skew_ms": -360000}, "signed 6m behind the clock"),
        ("webhook.sent", {"name": "e", "class": "genuine", "merchant": "b"}, "by the account of merchant b"),
        ("webhook.lost", {"name": "e", "why": "exhausted"}, "never delivered: every attempt was in vain"),
        ("telemetry.transitions", {"reported": 3, "without_actor": 1}, "are reported, 1 without actor"),
        (
            "fault.fired",
            {"do": "mutate", "at": "charge[1]", "mutation": "drop_field $.id"},
            "drop_field $.id",
        ),
        ("run.barrier", {"what": "pay and pay and pay at the same moment"}, "3 times pay at the same moment"),
        ("run.barrier", {"what": "x", "is_achieved": True, "strength": "gate"}, "parked and let go together"),
    ],
)
def test_what_makes_an_entry_unlike_others_is_in_its_words(kind, data, words):
    assert words in sentence(an_entry(kind, **data), "EUR")


@pytest.mark.parametrize(
    ("kind", "do", "who"),
    [
        ("op.invoked", "pay", "shopper"),
        ("op.acted", "abandon", "shopper"),
        ("op.returned", "refund", "merchant"),
        ("op.acted", "settle", "provider"),
        ("settlement.read", None, "payout"),
        ("canary.seen", None, "leak"),
    ],
)
def test_the_lane_says_who_acts(kind, do, who):
    assert lane(an_entry(kind, do=do)) == who
