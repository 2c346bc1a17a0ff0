"""What unmodified stripe-python SDKs of four years see of the simulator; run once for each of them.

Each docstring ends with its source: [api] Stripe's API reference, [lifecycle] its page on intents, [testing]
its page on test cards, [errors] its error codes, [idempotency], [webhooks], [sdk] what the SDK demands.
"""

import os

import pytest
import stripe

VERSION = int(stripe.VERSION.split(".")[0]) if hasattr(stripe, "VERSION") else int(stripe.version.VERSION[:2])
# Classes moved from stripe.error to the top in version 8.
errors = stripe if hasattr(stripe, "CardError") else stripe.error


@pytest.fixture(autouse=True)
def settings():
    """Point the SDK at the simulator as its own documentation says."""
    stripe.api_base = os.environ["STRIPE_URL"]
    stripe.api_key = os.environ["STRIPE_API_KEY"]
    stripe.max_network_retries = 0


def bought(card="pm_card_visa", **more):
    return stripe.PaymentIntent.create(
        **{
            "amount": 2000,
            "currency": "eur",
            "payment_method": card,
            "confirm": True,
            "payment_method_types": ["card"],
            **more,
        }
    )


def test_this_is_the_version_that_was_asked_for():
    """The vendor's own number [sdk]."""
    assert os.environ["SDK_VERSION"] == str(VERSION)


def test_a_good_card_is_charged():
    """A test card that always passes [testing]."""
    intent = bought()

    assert (intent.status, intent.amount_received) == ("succeeded", 2000)


def test_a_hold_is_captured_in_part():
    """amount_to_capture, and the rest is released [api]."""
    held = bought(capture_method="manual")

    done = stripe.PaymentIntent.capture(held.id, amount_to_capture=1500)

    assert (held.status, held.amount_capturable) == ("requires_capture", 2000)
    assert (done.status, done.amount_received, done.amount_capturable) == ("succeeded", 1500, 0)


def test_a_hold_is_cancelled():
    """Status and reason of a cancellation [api]."""
    done = stripe.PaymentIntent.cancel(bought(capture_method="manual").id, cancellation_reason="abandoned")

    assert (done.status, done.cancellation_reason) == ("canceled", "abandoned")


def test_a_decline_is_a_card_error():
    """Codes of an insufficient balance [testing]."""
    with pytest.raises(errors.CardError) as refused:
        bought("pm_card_chargeDeclinedInsufficientFunds")

    told = refused.value
    assert (told.http_status, told.code) == (402, "card_declined")
    assert told.error.decline_code == "insufficient_funds"
    assert told.error.payment_intent["status"] == "requires_payment_method"


def test_a_wrong_state_is_an_invalid_request():
    """Capturing what was never held [errors]."""
    with pytest.raises(errors.InvalidRequestError) as refused:
        stripe.PaymentIntent.capture(bought().id)

    assert refused.value.code == "payment_intent_unexpected_state"


def test_an_unknown_id_is_missing():
    """404 with the name of the parameter [errors]."""
    with pytest.raises(errors.InvalidRequestError) as refused:
        stripe.PaymentIntent.retrieve("pi_nothing")

    assert (refused.value.http_status, refused.value.code) == (404, "resource_missing")


def test_an_unknown_parameter_is_refused():
    """parameter_unknown with its name [errors]."""
    with pytest.raises(errors.InvalidRequestError) as refused:
        stripe.PaymentIntent.create(amount=500, currency="eur", amonut=5)

    assert (refused.value.code, refused.value.param) == ("parameter_unknown", "amonut")


def test_a_wrong_key_is_an_authentication_error():
    """401 for a key that nobody has [errors]."""
    with pytest.raises(errors.AuthenticationError):
        stripe.PaymentIntent.retrieve("pi_nothing", api_key="sk_test_wrong")


def test_one_key_gives_one_intent():
    """The same answer under the same key [idempotency]."""
    key = f"python {VERSION} one"
    first = stripe.PaymentIntent.create(amount=500, currency="eur", idempotency_key=key)

    again = stripe.PaymentIntent.create(amount=500, currency="eur", idempotency_key=key)

    assert again.id == first.id


def test_one_key_with_another_body_is_refused():
    """idempotency_error where the parameters differ [idempotency]."""
    key = f"python {VERSION} two"
    stripe.PaymentIntent.create(amount=500, currency="eur", idempotency_key=key)

    with pytest.raises(errors.IdempotencyError):
        stripe.PaymentIntent.create(amount=501, currency="eur", idempotency_key=key)


def test_a_refund_of_a_part_and_of_the_rest():
    """Amounts of refunds and of the charge [api]."""
    intent = bought()
    part = stripe.Refund.create(payment_intent=intent.id, amount=500)

    rest = stripe.Refund.create(payment_intent=intent.id)

    charge = stripe.Charge.retrieve(part.charge)
    assert (part.amount, rest.amount) == (500, 1500)
    assert (charge.refunded, charge.amount_refunded) == (True, 2000)


def test_a_refund_of_too_much_is_refused():
    """More than what is left [errors]."""
    with pytest.raises(errors.InvalidRequestError):
        stripe.Refund.create(payment_intent=bought().id, amount=2001)


def test_the_pager_walks_through_a_list():
    """Cursors and has_more, newest first [api]."""
    made = [stripe.Customer.create(email=f"pages@{n}.example").id for n in range(5)]

    seen = [one.id for one, _ in zip(stripe.Customer.list(limit=2).auto_paging_iter(), made, strict=False)]

    assert seen == made[::-1]


def test_what_is_expanded_is_an_object():
    """expand[] of an id [api]."""
    assert bought(expand=["latest_charge"]).latest_charge.object == "charge"


def test_a_customer_lives_and_is_deleted():
    """Create, update, retrieve and delete [api]."""
    customer = stripe.Customer.create(name="A Shopper", metadata={"tier": "gold"})
    changed = stripe.Customer.modify(customer.id, metadata={"tier": ""})

    gone = stripe.Customer.delete(customer.id)

    assert str(changed.metadata) == "{}"
    assert gone.deleted
    assert stripe.Customer.retrieve(customer.id).deleted


def test_a_method_is_attached_to_a_customer():
    """attach, list and detach [api]."""
    customer = stripe.Customer.create()
    method = stripe.PaymentMethod.attach("pm_card_visa", customer=customer.id)

    kept = stripe.PaymentMethod.list(customer=customer.id, type="card")

    assert [one.id for one in kept.data] == [method.id]
    assert stripe.PaymentMethod.detach(method.id).customer is None


def test_a_challenge_is_asked_for():
    """requires_action with its next action [testing]."""
    intent = bought("pm_card_authenticationRequired", return_url="https://shop.example/back")

    assert intent.status == "requires_action"
    assert intent.next_action


def test_events_tell_what_happened():
    """An event of the type, with the object as it was [webhooks]."""
    intent = bought()

    told = stripe.Event.list(type="payment_intent.succeeded", limit=1).data[0]

    assert told.data.object.id == intent.id
    assert told["request"]["id"].startswith("req_")


def test_a_setup_saves_a_card_for_later():
    """A setup, then a charge off session [lifecycle]."""
    customer = stripe.Customer.create().id
    setup = stripe.SetupIntent.create(
        customer=customer,
        payment_method="pm_card_authenticationRequiredSetupForOffSession",
        confirm=True,
        payment_method_types=["card"],
    )

    later = bought(setup.payment_method, customer=customer, off_session=True)

    assert (setup.status, later.status) == ("succeeded", "succeeded")


def test_a_declined_setup_is_a_card_error():
    """The setup intent comes with the error [errors]."""
    with pytest.raises(errors.CardError) as refused:
        stripe.SetupIntent.create(
            payment_method="pm_card_chargeDeclined", confirm=True, payment_method_types=["card"]
        )

    assert refused.value.error.setup_intent["status"] == "requires_payment_method"


def test_a_session_has_a_page_and_can_be_expired():
    """A hosted page while it is open [api]."""
    line = {"price_data": {"currency": "eur", "unit_amount": 900, "product_data": {"name": "A book"}}}
    made = stripe.checkout.Session.create(
        mode="payment", success_url="https://shop.example/done", line_items=[{**line, "quantity": 1}]
    )

    gone = stripe.checkout.Session.expire(made.id)

    assert made.url.startswith(os.environ["STRIPE_URL"])
    assert (made.amount_total, gone.status, gone.url) == (900, "expired", None)


def test_intents_are_searched():
    """A query over metadata [api]."""
    intent = bought(metadata={"mark": f"python{VERSION}"})

    found = stripe.PaymentIntent.search(query=f"metadata['mark']:'python{VERSION}'")

    assert [one.id for one in found.data] == [intent.id]


def test_a_client_of_an_old_version_sees_charges():
    """The shape of before 2022-11-15 [api]."""
    shown = stripe.PaymentIntent.retrieve(bought().id, stripe_version="2020-08-27")

    assert shown.charges.data[0].amount == 2000
    assert "latest_charge" not in shown


def test_a_kept_card_is_charged_while_the_shopper_is_away():
    """setup_future_usage, then off_session [api]."""
    customer = stripe.Customer.create().id
    first = bought(customer=customer, setup_future_usage="off_session")

    later = bought(first.payment_method, customer=customer, off_session=True)

    assert (later.status, later.payment_method) == ("succeeded", first.payment_method)


def test_who_must_authenticate_cannot_be_charged_while_away():
    """The card that always asks, off session [testing]."""
    with pytest.raises(errors.CardError) as refused:
        bought("pm_card_authenticationRequired", off_session=True)

    assert (refused.value.http_status, refused.value.code) == (402, "authentication_required")


def test_a_decline_says_whether_to_try_again():
    """The issuer's advice beside the decline code [errors]."""
    told = []
    for card in ("pm_card_chargeDeclinedInsufficientFunds", "pm_card_chargeDeclinedLostCard"):
        with pytest.raises(errors.CardError) as refused:
            bought(card)
        told.append(refused.value.json_body["error"]["advice_code"])

    assert told == ["try_again_later", "do_not_try_again"]


def test_a_decline_shows_the_networks_codes():
    """network_decline_code and network_advice_code of the charge [api]."""
    with pytest.raises(errors.CardError) as refused:
        bought("pm_card_chargeDeclinedInsufficientFunds")

    outcome = stripe.Charge.retrieve(refused.value.json_body["error"]["charge"]).outcome
    assert (outcome.network_decline_code, outcome.network_advice_code) == ("51", "02")


def test_a_bank_debit_is_processing_first():
    """An account that can be debited, by Stripe's test number [testing]."""
    intent = stripe.PaymentIntent.create(
        amount=2000,
        currency="usd",
        confirm=True,
        payment_method_types=["us_bank_account"],
        payment_method_data={
            "type": "us_bank_account",
            "billing_details": {"name": "Ada Byron"},
            "us_bank_account": {
                "account_holder_type": "individual",
                "account_number": "000123456789",
                "routing_number": "110000000",
            },
        },
    )

    assert (intent.status, intent.amount_received) == ("processing", 0)


def test_an_approved_card_may_fail_its_checks():
    """The card whose security code is never right [testing]."""
    charge = stripe.Charge.retrieve(bought("pm_card_cvcCheckFail").latest_charge)

    assert (charge.status, charge.payment_method_details.card.checks.cvc_check) == ("succeeded", "fail")


def refusal(**changes):
    """Give the error of an intent that is not made."""
    with pytest.raises(errors.StripeError) as refused:
        stripe.PaymentIntent.create(**{"amount": 500, "currency": "eur", **changes})
    return refused.value


def typed(number="4242424242424242", **changes):
    """Give the data of a card that a shopper typed in."""
    card = {"number": number, "exp_month": 12, "exp_year": 2034, "cvc": "314", **changes}
    return {"type": "card", "card": card}


def test_an_unknown_parameter_in_a_hash_is_refused_by_its_path():
    """parameter_unknown, deeper [errors]."""
    told = refusal(shipping={"name": "Ada", "address": {"city": "Linz", "zip": "4020"}})

    assert (told.code, told.param) == ("parameter_unknown", "shipping[address][zip]")


def test_a_missing_parameter_in_a_hash_is_refused_by_its_path():
    """parameter_missing, deeper [errors]."""
    told = refusal(shipping={"address": {"city": "Linz"}})

    assert (told.code, told.param) == ("parameter_missing", "shipping[name]")


def test_a_parameter_of_confirmations_needs_one():
    """off_session can only be used with confirm=true [api]."""
    assert refusal(off_session=True).param == "off_session"


def test_an_address_of_mail_is_looked_at():
    """email_invalid [errors]."""
    assert refusal(receipt_email="nobody").code == "email_invalid"


def test_an_amount_that_is_too_small_is_refused():
    """amount_too_small [errors]."""
    assert (refusal(amount=1).code, refusal(amount=1).param) == ("amount_too_small", "amount")


def test_an_amount_that_is_too_large_is_refused():
    """amount_too_large [errors]."""
    assert refusal(amount=100_000_000).code == "amount_too_large"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"exp_month": 13}, "invalid_expiry_month"),
        ({"exp_year": 2020}, "invalid_expiry_year"),
        ({"cvc": "99"}, "invalid_cvc"),
        ({"number": "4242424242424241"}, "incorrect_number"),
    ],
)
def test_card_data_that_cannot_be_are_a_card_error(changes, code):
    """Numbers, dates and codes that no card has [testing]."""
    told = refusal(confirm=True, payment_method_data=typed(**changes))

    assert isinstance(told, errors.CardError)
    assert (told.http_status, told.code) == (402, code)


@pytest.mark.parametrize("number", ["2223003122003222", "6200000000000005", "4000000032200000"])
def test_rarer_numbers_are_charged(number):
    """The table of cards by number [testing]."""
    assert bought(None, payment_method_data=typed(number)).status == "succeeded"


def test_a_publishable_key_lacks_the_permission():
    """403, secret_key_required [errors]."""
    with pytest.raises(errors.PermissionError) as refused:
        stripe.PaymentIntent.retrieve("pi_nothing", api_key="pk_test_of_a_shop")

    assert refused.value.error.code == "secret_key_required"


def test_cards_alone_are_captured_by_hand():
    """payment_method_options[card][capture_method] [api]."""
    held = bought(payment_method_options={"card": {"capture_method": "manual"}})

    assert held.status == "requires_capture"


def test_charges_are_found_by_their_group():
    """transfer_group as a filter [api]."""
    intent = bought(transfer_group="one")

    found = stripe.Charge.list(transfer_group="one").data

    assert [one.payment_intent for one in found] == [intent.id]


def held(*wishes, **more):
    options = {"card": {f"request_{wish}": "if_available" for wish in wishes}} if wishes else None
    more = {**more, "payment_method_options": options} if options else more
    return bought(capture_method="manual", **more)


def card_of(intent):
    return stripe.Charge.retrieve(intent.latest_charge).payment_method_details.card


def test_a_hold_tells_when_it_lapses():
    """capture_before: seven days, and less where the shopper was away [lifecycle]."""
    week, alone = held(), held(off_session=True)

    assert round((card_of(week).capture_before - week.created) / 86_400, 1) == 7
    assert round((card_of(alone).capture_before - alone.created) / 86_400, 2) == 4.75


def test_an_extended_hold_lasts_a_month():
    """request_extended_authorization [lifecycle]."""
    intent = held("extended_authorization")

    card = card_of(intent)
    assert card.extended_authorization.status == "enabled"
    assert round((card.capture_before - intent.created) / 86_400, 2) == 29.75


def test_a_visa_card_is_captured_beyond_its_hold():
    """request_overcapture and maximum_amount_capturable [lifecycle]."""
    intent = held("overcapture")
    most = card_of(intent).overcapture.maximum_amount_capturable

    with pytest.raises(errors.InvalidRequestError) as refused:
        stripe.PaymentIntent.capture(intent.id, amount_to_capture=most + 1)
    done = stripe.PaymentIntent.capture(intent.id, amount_to_capture=most)

    assert (most, refused.value.code) == (2300, "amount_too_large")
    assert (done.status, done.amount, done.amount_received) == ("succeeded", 2000, 2300)


def test_several_captures_have_to_be_asked_for():
    """request_multicapture and final_capture [api]."""
    with pytest.raises(errors.InvalidRequestError) as refused:
        stripe.PaymentIntent.capture(held().id, amount_to_capture=500, final_capture=False)
    part = stripe.PaymentIntent.capture(held("multicapture").id, amount_to_capture=500, final_capture=False)

    assert refused.value.param == "final_capture"
    assert (part.status, part.amount_capturable) == ("requires_capture", 1500)


def test_who_confirms_in_vain_too_often_finds_the_intent_cancelled():
    """A limit of confirmations, after which one cancels [api]."""
    intent = stripe.PaymentIntent.create(amount=500, currency="eur", payment_method_types=["card"])
    for _ in range(10):
        with pytest.raises(errors.CardError):
            stripe.PaymentIntent.confirm(intent.id, payment_method="pm_card_chargeDeclined")

    with pytest.raises(errors.InvalidRequestError) as refused:
        stripe.PaymentIntent.confirm(intent.id, payment_method="pm_card_visa")

    ended = stripe.PaymentIntent.retrieve(intent.id)
    assert refused.value.code == "payment_intent_unexpected_state"
    assert (ended.status, ended.cancellation_reason) == ("canceled", "automatic")


def test_nothing_is_done_for_an_account_that_is_not_connected():
    """Stripe-Account: 403, account_invalid [errors]."""
    with pytest.raises(errors.PermissionError) as refused:
        stripe.Customer.list(stripe_account="acct_1elsewhere")
    assert refused.value.error.code == "account_invalid"


def test_an_expired_key_is_told_from_a_wrong_one():
    """api_key_expired [errors]."""
    with pytest.raises(errors.AuthenticationError) as refused:
        stripe.Customer.list(api_key="sk_test_expired_and_replaced")

    assert refused.value.error.code == "api_key_expired"


def test_a_euro_account_is_debited():
    """sepa_debit, by its test IBAN [testing]."""
    data = {"type": "sepa_debit", "sepa_debit": {"iban": "AT611904300234573201"}}
    data["billing_details"] = {"name": "Ada", "email": "ada@shop.example"}
    intent = bought(None, payment_method_types=["sepa_debit"], payment_method_data=data)

    method = stripe.PaymentMethod.retrieve(intent.payment_method)
    assert (intent.status, method.sepa_debit.last4, method.sepa_debit.country) == ("processing", "3201", "AT")


def test_a_euro_account_pays_in_euro_only():
    """payment_method_currency_mismatch [errors]."""
    told = refusal(payment_method="pm_success_de", currency="usd", payment_method_types=["sepa_debit"])

    assert told.code == "payment_method_currency_mismatch"


def test_evidence_is_handed_in_once():
    """submit, which cannot be taken back [api]."""
    intent = bought("pm_card_createDispute")
    dispute = stripe.Dispute.list(payment_intent=intent.id).data[0]
    stripe.Dispute.modify(dispute.id, evidence={"customer_name": "Ada"}, submit=False)
    handed_in = stripe.Dispute.modify(dispute.id, submit=True)

    with pytest.raises(errors.InvalidRequestError):
        stripe.Dispute.modify(dispute.id, evidence={"customer_name": "Eve"})
    assert (handed_in.status, handed_in.evidence.customer_name) == ("under_review", "Ada")


def test_a_session_of_the_other_mode_is_known_by_its_id():
    """livemode_mismatch [errors]."""
    with pytest.raises(errors.InvalidRequestError) as refused:
        stripe.checkout.Session.retrieve("cs_live_a1nothing")

    assert (refused.value.http_status, refused.value.code) == (404, "livemode_mismatch")
