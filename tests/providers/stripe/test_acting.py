"""What a provider does by itself, asked for by hand."""

import pytest

HELP = "/v1/test_helpers"


def test_a_hold_lapses(paid, ask, account):
    held = paid(capture_method="manual")
    account.types()

    status, shown = ask("POST", f"{HELP}/payment_intents/{held.id}/expire")

    assert (status, shown["status"], shown["cancellation_reason"]) == (200, "canceled", "automatic")
    assert account.types() == ["charge.expired", "payment_intent.canceled"]


@pytest.mark.parametrize(("form", "ending"), [("", "succeeded"), ("paid=false", "requires_payment_method")])
def test_a_debit_clears_or_fails(paid, ask, form, ending):
    debited = paid(card="pm_usBankAccount_success")

    assert ask("POST", f"{HELP}/payment_intents/{debited.id}/clear", form)[1]["status"] == ending


def test_a_refund_comes_back(paid, client, ask, account):
    refund = client.refunds.create({"payment_intent": paid().id})
    account.types()

    status, shown = ask("POST", f"{HELP}/refunds/{refund.id}/fail")

    assert (status, shown["status"]) == (200, "failed")
    assert account.types() == ["refund.failed", "refund.updated", "charge.refund.updated"]


def test_what_has_moved_is_paid_out_once(paid, ask, account):
    paid(amount=2000)

    status, shown = ask("POST", f"{HELP}/payouts")
    again = ask("POST", f"{HELP}/payouts")

    assert (status, shown["object"], shown["amount"]) == (200, "payout", 2000 - 55)
    assert again[0] == 400


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("payment_intents/pi_unheard/expire", "resource_missing"),
        ("refunds/re_unheard/fail", "resource_missing"),
        ("payment_intents/{0}/expire", "payment_intent_unexpected_state"),
    ],
)
def test_what_cannot_be_done_is_refused(paid, ask, path, code):
    status, shown = ask("POST", f"{HELP}/{path.format(paid().id)}")

    assert (status, shown["error"]["code"]) == (404 if code == "resource_missing" else 400, code)
