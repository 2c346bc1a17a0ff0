"""Entries as sentences."""

import pytest

from badgateway.journal.entry import KINDS, Entry
from badgateway.report.wording import sentence

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
