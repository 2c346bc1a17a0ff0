"""The dialect as the harness sees it."""

import pytest

from badgateway.ground.message import Request
from badgateway.payments.decisions import CARDS
from badgateway.providers import DIALECTS
from badgateway.providers.stripe.call import API_VERSION
from badgateway.providers.stripe.cards import BY_TOKEN

HOUR_MS = 3_600_000


def test_every_neutral_card_has_a_token_and_back():
    tokens = DIALECTS["stripe"].cards

    assert set(tokens) == set(CARDS)
    assert {word: BY_TOKEN[token].word for word, token in tokens.items()} == {word: word for word in CARDS}


def test_the_retry_ladder_doubles_to_twelve_hours_within_three_days():
    ladder = DIALECTS["stripe"].retry_ladder_ms

    assert ladder[:5] == tuple(hours * HOUR_MS for hours in (1, 2, 4, 8, 12))
    assert max(ladder) == 12 * HOUR_MS
    assert sum(ladder) == 72 * HOUR_MS


def test_settings_name_what_an_integration_needs():
    assert DIALECTS["stripe"].settings("http://127.0.0.1:1", "sk", "whsec") == {
        "url": "http://127.0.0.1:1",
        "api_key": "sk",
        "webhook_secret": "whsec",
    }


def test_an_answer_says_what_was_done(paid, account):
    intent = paid()
    answer = account.answers[-1]

    assert (answer.is_applied, answer.is_final, answer.refusal) == (True, True, None)
    assert (answer.payment_id, answer.payment_status) == (intent.id, "succeeded")


def test_a_decline_is_applied_and_stored(ask, account):
    ask(
        "POST",
        "/v1/payment_intents",
        "amount=500&currency=usd&payment_method=pm_card_chargeDeclined&confirm=true",
    )
    answer = account.answers[-1]

    assert (answer.reply.status, answer.is_applied, answer.is_stored) == (402, True, True)
    assert (answer.refusal, answer.payment_status) == ("declined", "new")


def test_every_answer_names_its_request_and_version(account, ask):
    ask(
        "GET",
        "/v1/events",
        headers=(("Authorization", f"Bearer {account.api_key}"), ("Stripe-Version", "2024-06-20")),
    )
    reply = account.answers[-1].reply

    assert reply.header("Request-Id") == f"req_{account.request_id}"
    assert reply.header("Stripe-Version") == "2024-06-20"


def test_two_accounts_with_one_seed_say_the_same(account):
    """Nothing in an answer depends on chance or on the machine's clock."""
    other = type(account)()
    form = "amount=500&currency=usd&payment_method=pm_card_visa&confirm=true"

    bodies = [_paid(one, form) for one in (account, other)]

    assert bodies[0] == bodies[1]


def _paid(account, form):
    headers = (("Authorization", f"Bearer {account.api_key}"),)
    reply = account.serve(Request("POST", "/v1/payment_intents", "", headers, form.encode()))
    return reply.body, [event.body for event in account.told]


@pytest.mark.parametrize(
    ("default", "asked", "expected"),
    [
        (None, None, API_VERSION),
        ("2020-08-27", None, "2020-08-27"),
        ("2020-08-27", "2024-06-20", "2024-06-20"),
        ("2020-08-27", API_VERSION, API_VERSION),
        (API_VERSION, None, API_VERSION),
    ],
)
def test_an_answer_is_of_the_version_that_was_asked_for_or_of_the_accounts(account, default, asked, expected):
    account.api_version = default
    headers = [("Authorization", f"Bearer {account.api_key}"), ("Idempotency-Key", "k"), ("Host", "a.test")]
    if asked:
        headers.append(("Stripe-Version", asked))
    form = b"amount=500&currency=usd&metadata[order]=o1"
    reply = account.serve(Request("POST", "/v1/payment_intents", "", tuple(headers), form))

    assert reply.header("Stripe-Version") == expected
    assert reply.header("Idempotency-Key") == "k"
    assert account.parsed[-1].hints == ("o1",)
    assert account.book.payments()[0].order_ref == "o1"
