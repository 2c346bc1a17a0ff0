"""Refusals, as the official SDK raises them."""

import json

import pytest
import stripe

from badgateway.providers.stripe.cards import TOKENS


@pytest.mark.parametrize(
    ("card", "code", "decline_code", "advice"),
    [
        ("declined", "card_declined", "generic_decline", "do_not_try_again"),
        ("insufficient_funds", "card_declined", "insufficient_funds", "try_again_later"),
        ("lost_card", "card_declined", "lost_card", "do_not_try_again"),
        ("expired_card", "expired_card", "expired_card", "confirm_card_data"),
        ("incorrect_cvc", "incorrect_cvc", "incorrect_cvc", "confirm_card_data"),
        ("processing_error", "processing_error", "processing_error", "try_again_later"),
        ("fraudulent", "card_declined", "fraudulent", "do_not_try_again"),
    ],
)
def test_a_decline_is_a_card_error_with_its_codes(paid, client, card, code, decline_code, advice):
    with pytest.raises(stripe.CardError) as declined:
        paid(card=TOKENS[card])

    error = declined.value.error
    assert (declined.value.http_status, error.type, error.code) == (402, "card_error", code)
    assert (error.decline_code, error.advice_code) == (decline_code, advice)
    assert error.payment_intent.status == "requires_payment_method"
    assert error.payment_method.card.brand == "visa"
    assert client.charges.retrieve(error.charge).status == "failed"


def test_off_session_a_challenge_is_a_decline(paid):
    with pytest.raises(stripe.CardError) as declined:
        paid(card="pm_card_authenticationRequired", off_session=True)

    assert declined.value.code == "authentication_required"


@pytest.mark.parametrize(
    ("changes", "code", "param"),
    [
        ({"amount": None}, "parameter_missing", "amount"),
        ({"amuont": 5}, "parameter_unknown", "amuont"),
        ({"amount": "five"}, "parameter_invalid_integer", "amount"),
        ({"amount": "five", "amuont": 5}, "parameter_unknown", "amuont"),
        ({"amount": ""}, "parameter_invalid_empty", "amount"),
        ({"amount": 0}, "parameter_invalid_integer", "amount"),
        ({"amount": 49}, "amount_too_small", "amount"),
        ({"amount": 100_000_000}, "amount_too_large", "amount"),
        ({"currency": "xxz"}, None, "currency"),
        ({"currency": "kwd", "amount": 1234}, None, "amount"),
        ({"capture_method": "later"}, None, "capture_method"),
        ({"confirm": "yes"}, None, "confirm"),
        ({"metadata": {"k": "v" * 501}}, None, "metadata"),
        ({"payment_method": None}, "parameter_missing", "payment_method"),
        ({"payment_method": "pm_card_unheard"}, "resource_missing", "payment_method"),
        ({"customer": "cus_unheard"}, "resource_missing", "customer"),
    ],
)
def test_a_wrong_parameter_is_refused_by_its_name(paid, account, changes, code, param):
    with pytest.raises(stripe.InvalidRequestError) as refused:
        paid(**({"card": changes["payment_method"]} if "payment_method" in changes else changes))

    assert (refused.value.http_status, refused.value.code, refused.value.param) == (400, code, param)
    assert account.book.payments() == ()


def test_an_unknown_parameter_is_told_the_nearest_known_one(paid):
    with pytest.raises(stripe.InvalidRequestError, match=r"amuont\. Did you mean amount\?"):
        paid(amuont=5)


@pytest.mark.parametrize(
    ("path", "param"),
    [
        ("payment_intents/pi_x", "intent"),
        ("refunds/re_x", "id"),
        ("charges/ch_x", "id"),
        ("events/evt_x", "id"),
        ("customers/cus_x", "id"),
        ("payment_methods/pm_x", "payment_method"),
        ("disputes/du_x", "id"),
    ],
)
def test_an_unknown_id_is_missing(ask, path, param):
    status, body = ask("GET", f"/v1/{path}")

    assert (status, body["error"]["code"], body["error"]["param"]) == (404, "resource_missing", param)
    assert f"'{path.partition('/')[2]}'" in body["error"]["message"]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/v1/payment_intent"),
        ("PUT", "/v1/refunds"),
        ("GET", "/"),
        ("POST", "/v1/refunds/re_1/undo"),
        ("GET", "/v2/x"),
        ("GET", "/v1/refunds/search"),
    ],
)
def test_an_address_that_is_none_is_not_recognised(ask, method, path):
    status, body = ask(method, path)

    assert status == 404
    assert body["error"]["type"] == "invalid_request_error"
    assert body["error"]["message"].startswith("Unrecognized request URL")


@pytest.mark.parametrize(
    ("header", "status"),
    [
        (None, 401),
        ("Bearer sk_test_of_somebody_else", 401),
        ("Bearer", 401),
        ("Basic !!", 401),
        ("Basic c2tfdGVzdF9vZl90aGVzZV90ZXN0czo=", 200),  # sk_test_of_these_tests:
    ],
)
def test_a_key_of_this_account_is_needed(ask, header, status):
    found, body = ask("GET", "/v1/events", headers=(("Authorization", header),) if header else ())

    assert found == status
    assert "somebody_else" not in str(body)


def test_a_wrong_state_comes_with_the_intent(paid, client, account):
    intent = paid()

    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.payment_intents.capture(intent.id)

    assert refused.value.code == "payment_intent_unexpected_state"
    assert refused.value.error.payment_intent.id == intent.id
    assert account.answers[-1].refusal == "wrong_state"


def test_more_than_is_held_is_not_captured(paid, client):
    held = paid(capture_method="manual")

    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.payment_intents.capture(held.id, {"amount_to_capture": 5000})

    assert (refused.value.code, refused.value.param) == ("amount_too_large", "amount_to_capture")


@pytest.mark.parametrize(
    ("kind", "text", "told"),
    [
        ("application/json", '{"amount": 1}', "not JSON"),
        ("Application/JSON; charset=utf-8", '{"amount": 1}', "not JSON"),
        ("multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data\r\n", "not in parts"),
    ],
)
def test_what_is_no_form_is_not_taken(ask, account, kind, text, told):
    headers = (("Authorization", f"Bearer {account.api_key}"), ("Content-Type", kind))

    status, body = ask("POST", "/v1/refunds", text, headers=headers)

    assert status == 400
    assert "form-encoded" in body["error"]["message"]
    assert told in body["error"]["message"]


@pytest.mark.parametrize(
    ("status", "kind", "code"),
    [
        (500, "api_error", None),
        (503, "api_error", None),
        (429, "invalid_request_error", "rate_limit"),
        (409, "invalid_request_error", "idempotency_key_in_use"),
        (402, "card_error", "card_declined"),
        (403, "invalid_request_error", None),
        (401, "invalid_request_error", None),
        (418, "invalid_request_error", None),
    ],
)
def test_trouble_of_the_provider_has_its_own_page(account, status, kind, code):
    page = account.dialect.server_error(status, None)

    assert page.status == status
    assert f'"type": "{kind}"'.encode() in page.body
    assert code is None or code.encode() in page.body
    assert page.header("Request-Id").startswith("req_")


@pytest.mark.parametrize(
    ("status", "should_retry", "reason"),
    [(429, None, "global-rate"), (500, "false", None), (503, None, None)],
)
def test_headers_say_whether_to_try_again(account, status, should_retry, reason):
    """Sources: what the official SDKs read of an answer, and Stripe's page on rate limits."""
    page = account.dialect.server_error(status, account)

    assert page.header("Stripe-Should-Retry") == should_retry
    assert page.header("Stripe-Rate-Limited-Reason") == reason


@pytest.mark.parametrize(
    ("word", "decline", "advice"),
    [
        ("lost_card", "41", "03"),
        ("insufficient_funds", "51", "02"),
        ("expired_card", "54", "01"),
        ("fraudulent", None, None),
    ],
)
def test_a_decline_says_what_the_network_said(paid, ask, word, decline, advice):
    with pytest.raises(stripe.CardError) as refused:
        paid(card=TOKENS[word])

    error = refused.value.json_body["error"]
    last = error["payment_intent"]["last_payment_error"]
    outcome = ask("GET", f"/v1/charges/{error['charge']}")[1]["outcome"]
    assert (error.get("network_decline_code"), error.get("network_advice_code")) == (decline, advice)
    assert (last.get("network_decline_code"), last.get("network_advice_code")) == (decline, advice)
    assert (outcome["network_decline_code"], outcome["network_advice_code"]) == (decline, advice)


def test_an_expired_key_says_so(client, url):
    with pytest.raises(stripe.AuthenticationError) as refused:
        client.payment_intents.list({}, {"api_key": "sk_test_expired_123456789"})

    assert (refused.value.http_status, refused.value.error.code) == (401, "api_key_expired")
    assert "123456789" not in str(refused.value)


@pytest.mark.parametrize("header", ["stripe_account", "stripe_context"])
def test_only_the_own_account_may_be_named(client, account, header):
    own = client.accounts.retrieve_current().id

    named = client.payment_intents.list({}, {header: own})
    with pytest.raises(stripe.PermissionError) as refused:
        client.payment_intents.create({"amount": 500, "currency": "eur"}, {header: "acct_1elsewhere"})

    assert named.data == []
    assert (refused.value.http_status, refused.value.error.code) == (403, "account_invalid")
    assert refused.value.error.type == "invalid_request_error"
    assert account.book.payments() == ()


def test_a_session_of_the_other_mode_is_told_by_its_id(client):
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.checkout.sessions.retrieve("cs_live_a1anything")

    assert (refused.value.http_status, refused.value.code) == (404, "livemode_mismatch")


def test_what_failed_elsewhere_is_an_error_without_a_code(account):
    page = account.dialect.server_error(424, account)

    assert page.status == 424
    assert "code" not in json.loads(page.body)["error"]
