"""What stands inside of hashes is checked as well, and refused by its whole path."""

import pytest

from badgateway.providers.stripe.nested import TREES
from badgateway.providers.stripe.shapes import CREATE

INTENT = "amount=500&currency=usd"
SHIPPING = "shipping[name]=Ada&shipping[address][city]=Linz"


@pytest.mark.parametrize(
    ("form", "path"),
    [
        (f"{SHIPPING}&shipping[street]=1", "shipping[street]"),
        (f"{SHIPPING}&shipping[address][zip]=1", "shipping[address][zip]"),
        ("payment_method_options[card][request_3ds]=any", "payment_method_options[card][request_3ds]"),
        ("payment_method_options[cards][moto]=true", "payment_method_options[cards]"),
        ("automatic_payment_methods[on]=true", "automatic_payment_methods[on]"),
        ("payment_method_data[type]=card&payment_method_data[crad][token]=x", "payment_method_data[crad]"),
        (
            "payment_method_data[type]=card&payment_method_data[billing_details][mail]=x",
            "payment_method_data[billing_details][mail]",
        ),
    ],
)
def test_an_unknown_name_in_a_hash_is_told_with_its_path(ask, account, form, path):
    status, body = ask("POST", "/v1/payment_intents", f"{INTENT}&{form}")

    assert (status, body["error"]["code"], body["error"]["param"]) == (400, "parameter_unknown", path)
    assert f"Received unknown parameter: {path}" in body["error"]["message"]
    assert account.book.payments() == ()


@pytest.mark.parametrize(
    ("form", "path", "code"),
    [
        ("shipping[name]=Ada", "shipping[address]", "parameter_missing"),
        ("shipping[address][city]=Linz", "shipping[name]", "parameter_missing"),
        ("shipping[address][city]=Linz&shipping[name]=", "shipping[name]", "parameter_invalid_empty"),
        ("shipping[name]=Ada&shipping[address]=Linz", "shipping[address]", None),
        ("shipping[name][first]=Ada&shipping[address][city]=x", "shipping[name]", None),
        ("automatic_payment_methods[enabled]=maybe", "automatic_payment_methods[enabled]", None),
        (
            "payment_method_options[card][request_multicapture]=always",
            "payment_method_options[card][request_multicapture]",
            None,
        ),
        (
            "payment_method_options[card][capture_method]=later",
            "payment_method_options[card][capture_method]",
            None,
        ),
        ("metadata[a][b]=c", "metadata[a]", None),
    ],
)
def test_a_wrong_value_in_a_hash_is_told_with_its_path(ask, form, path, code):
    status, body = ask("POST", "/v1/payment_intents", f"{INTENT}&{form}")

    assert (status, body["error"]["param"], body["error"].get("code")) == (400, path, code)


def test_a_hash_is_unset_by_an_empty_text(ask):
    status, body = ask("POST", "/v1/payment_intents", f"{INTENT}&{SHIPPING}")
    status, body = ask("POST", f"/v1/payment_intents/{body['id']}", "shipping=")

    assert (status, body["shipping"]) == (200, None)


def test_all_unknown_parameters_are_told_and_the_first_is_the_errors(ask):
    _, body = ask("POST", "/v1/payment_intents", f"{INTENT}&name=Ada&adress=Linz")

    assert body["error"]["message"] == "Received unknown parameters: name, adress"
    assert body["error"]["param"] == "name"


def test_a_sessions_inner_parameters_are_told_with_their_path(ask):
    form = (
        "mode=payment&success_url=http://shop.test/ok&line_items[0][quantity]=1"
        "&line_items[0][price_data][currency]=usd&line_items[0][price_data][unit_amount]=500"
        "&line_items[0][price_data][product_data][name]=Tea"
        "&payment_intent_data[shipping][name]=Ada&payment_intent_data[shipping][address][zip]=1"
    )
    status, body = ask("POST", "/v1/checkout/sessions", form)

    assert status == 400
    assert body["error"]["param"] == "payment_intent_data[shipping][address][zip]"


@pytest.mark.parametrize("inner", ["[colour]", "[price_data][vat]", "[price_data][product_data][sku]"])
def test_an_unknown_name_in_a_line_is_told_with_its_path(ask, inner):
    form = (
        "mode=payment&success_url=http://shop.test/ok&line_items[0][quantity]=1"
        "&line_items[0][price_data][currency]=usd&line_items[0][price_data][unit_amount]=500"
        f"&line_items[0][price_data][product_data][name]=Tea&line_items[0]{inner}=1"
    )
    status, body = ask("POST", "/v1/checkout/sessions", form)

    assert (status, body["error"]["code"]) == (400, "parameter_unknown")
    assert body["error"]["param"] == f"line_items[0]{inner}"


def test_every_tree_belongs_to_a_parameter():
    hashes = {word.partition(":")[0] for word in CREATE.split() if word.endswith(":mapping")}

    assert hashes <= set(TREES)


@pytest.mark.parametrize(
    ("form", "param", "code"),
    [
        ("currency=usd&amount=", "amount", "parameter_invalid_empty"),
        ("amount=500&currency=", "currency", "parameter_invalid_empty"),
        (f"{INTENT}&receipt_email=nobody", "receipt_email", "email_invalid"),
        (f"{INTENT}&statement_descriptor={'x' * 23}", "statement_descriptor", None),
        (f"{INTENT}&description={'x' * 1001}", "description", None),
        (f"{INTENT}&confirm=true&payment_method=pm_card_visa&off_session=perhaps", "off_session", None),
        (f"{INTENT}&off_session=true", "off_session", None),
        (f"{INTENT}&return_url=http://shop.test/back", "return_url", None),
        (f"{INTENT}&confirm=true&payment_method=pm_card_visa&return_url=back", "return_url", "url_invalid"),
        (f"{INTENT}&error_on_requires_action=true", "error_on_requires_action", None),
    ],
)
def test_a_value_that_stripe_refuses_is_refused(ask, account, form, param, code):
    status, body = ask("POST", "/v1/payment_intents", form)

    assert (status, body["error"]["param"], body["error"].get("code")) == (400, param, code)
    assert account.book.payments() == ()


@pytest.mark.parametrize("form", ["off_session=false", "error_on_requires_action=false", "return_url="])
def test_saying_no_needs_no_confirmation(ask, form):
    assert ask("POST", "/v1/payment_intents", f"{INTENT}&{form}")[0] == 200


def test_an_application_may_be_returned_to(ask):
    form = f"{INTENT}&confirm=true&payment_method=pm_card_visa&return_url=shop-app://back"

    assert ask("POST", "/v1/payment_intents", form)[0] == 200


def test_cards_are_captured_by_hand_where_their_options_say_so(ask):
    paid = f"{INTENT}&confirm=true&payment_method=pm_card_visa"

    _, body = ask(
        "POST", "/v1/payment_intents", f"{paid}&payment_method_options[card][capture_method]=manual"
    )

    assert (body["status"], body["capture_method"]) == ("requires_capture", "automatic")


def test_metadata_is_counted_over_all_of_its_updates(ask):
    _, made = ask("POST", "/v1/customers", "&".join(f"metadata[a{n}]=1" for n in range(30)))
    status, body = ask(
        "POST", f"/v1/customers/{made['id']}", "&".join(f"metadata[b{n}]=1" for n in range(21))
    )

    assert (status, body["error"]["param"]) == (400, "metadata")


def test_charges_are_listed_by_their_transfer_group(ask):
    form = f"{INTENT}&confirm=true&payment_method=pm_card_visa"
    _, grouped = ask("POST", "/v1/payment_intents", f"{form}&transfer_group=g1")
    ask("POST", "/v1/payment_intents", form)
    _, body = ask("GET", "/v1/charges", "transfer_group=g1")

    assert [one["id"] for one in body["data"]] == [grouped["latest_charge"]]


def test_a_publishable_key_lacks_the_permission(ask):
    headers = (("Authorization", "Bearer pk_test_of_these_tests"),)

    status, body = ask("GET", "/v1/balance", headers=headers)

    assert (status, body["error"]["type"]) == (403, "invalid_request_error")
    assert body["error"]["code"] == "secret_key_required"


@pytest.mark.parametrize(
    ("data", "code", "param"),
    [
        ("exp_month=13&exp_year=2034&cvc=123", "invalid_expiry_month", "exp_month"),
        ("exp_month=12&exp_year=2019&cvc=123", "invalid_expiry_year", "exp_year"),
        ("exp_month=1&exp_year=2023&cvc=123", "invalid_expiry_month", "exp_month"),
        ("exp_month=12&exp_year=2134&cvc=123", "invalid_expiry_year", "exp_year"),
        ("exp_month=12&exp_year=2034&cvc=99", "invalid_cvc", "cvc"),
    ],
)
def test_what_cannot_be_on_a_card_is_a_card_error(ask, data, code, param):
    card = "&".join(f"card[{name}]={value}" for name, value in (one.split("=") for one in data.split("&")))
    status, body = ask("POST", "/v1/payment_methods", f"type=card&card[number]=4242424242424242&{card}")

    assert (status, body["error"]["type"]) == (402, "card_error")
    assert (body["error"]["code"], body["error"]["param"]) == (code, param)


@pytest.mark.parametrize(
    ("number", "status"),
    [
        ("2223003122003222", "succeeded"),
        ("4000000032200000", "succeeded"),
        ("4000000000003097", "succeeded"),
        ("4000008400001280", None),
    ],
)
def test_rarer_test_numbers_are_known(ask, number, status):
    form = (
        f"{INTENT}&confirm=true&payment_method_data[type]=card&payment_method_data[card][number]={number}"
        "&payment_method_data[card][exp_month]=12&payment_method_data[card][exp_year]=2034"
    )
    _, body = ask("POST", "/v1/payment_intents", form)

    assert body.get("status") == status
    assert status or body["error"]["code"] == "processing_error"
