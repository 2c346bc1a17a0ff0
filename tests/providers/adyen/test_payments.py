"""POST /payments and /payments/details: result codes, refusal reasons, redirects."""

from urllib.parse import parse_qs, urlsplit

import pytest

from badgateway.payments.commands import Authenticate, CreatePayment
from badgateway.payments.decisions import CARDS
from badgateway.payments.model import Status
from badgateway.providers.adyen.codes import BY_HOLDER, REASONS
from badgateway.providers.adyen.instruments import TOKENS

CHALLENGED = {"number": "4212345678910006"}


def test_a_payment_is_authorised_and_captured_at_once(paid, account):
    answer = paid()

    payment = account.book.payment(answer["pspReference"])
    assert answer["resultCode"] == "Authorised"
    assert answer["merchantReference"] == "order-1"
    assert answer["amount"] == {"currency": "EUR", "value": 1000}
    assert (payment.status, payment.captured_minor) == (Status.SUCCEEDED, 1000)


def test_a_reference_is_of_sixteen_capital_letters_and_digits(paid):
    made = {paid()["pspReference"] for _ in range(20)}

    assert len(made) == 20
    assert all(len(one) == 16 and one.isalnum() and one == one.upper() for one in made)


def test_with_manual_capture_money_is_only_held(paid, account):
    payment = account.book.payment(paid(manual=True)["pspReference"])

    assert (payment.status, payment.held_minor, payment.captured_minor) == (Status.AUTHORIZED, 1000, 0)


@pytest.mark.parametrize("holder", sorted(set(BY_HOLDER) - {"APPROVED", "PENDING"}))
def test_a_holders_name_asks_for_a_refusal(paid, account, holder):
    answer = paid(holder=holder)

    reason = REASONS[BY_HOLDER[holder]]
    assert answer["resultCode"] == reason.result
    assert (answer["refusalReason"], answer["refusalReasonCode"]) == (reason.text, str(reason.number))
    assert account.book.payment(answer["pspReference"]).captured_minor == 0
    assert account.codes() == [("AUTHORISATION", "false")]


def test_a_number_in_additional_data_asks_for_a_refusal(paid):
    assert paid(extra={"RequestedTestAcquirerResponseCode": 6})["refusalReason"] == "Expired Card"
    assert paid(extra={"RequestedTestAcquirerResponseCode": "12"})["refusalReasonCode"] == "12"
    assert paid(extra={"RequestedTestAcquirerResponseCode": 1})["resultCode"] == "Authorised"


def test_a_refusal_has_status_200(ask, paid, account):
    paid(holder="DECLINED")

    assert account.answers[-1].reply.status == 200
    assert account.answers[-1].refusal == "declined"


@pytest.mark.parametrize("wrong", [{"cvc": "123"}, {"expiryYear": "2031"}, {"expiryMonth": "12"}])
def test_a_wrong_code_or_date_is_refused(paid, wrong):
    assert paid(card=wrong)["refusalReason"] == "Refused"


def test_what_a_browser_has_encrypted_is_taken(paid):
    sealed = {
        "number": None,
        "cvc": None,
        "encryptedCardNumber": "test_5555555555554444",
        "encryptedExpiryMonth": "test_03",
        "encryptedExpiryYear": "test_2030",
        "encryptedSecurityCode": "test_737",
    }

    answer = paid(card={**sealed, "expiryMonth": None, "expiryYear": None})

    assert (answer["resultCode"], answer["paymentMethod"]["brand"]) == ("Authorised", "mc")


@pytest.mark.parametrize("word", sorted(CARDS))
def test_each_neutral_card_word_has_a_stored_method(ask, account, word):
    method = {"type": "scheme", "storedPaymentMethodId": TOKENS[word]}
    body = {
        "amount": {"currency": "EUR", "value": 500},
        "reference": "o",
        "paymentMethod": method,
        "returnUrl": "https://shop.example/",
    }

    code = ask("/payments", body)[1]["resultCode"]

    kind = CARDS[word].kind
    wanted = {"approved": {"Authorised"}, "action": {"RedirectShopper"}, "pending": {"Received"}}
    assert code in wanted.get(kind, {"Refused", "Error"})


@pytest.mark.parametrize("name", ["storedPaymentMethodId", "recurringDetailReference"])
def test_a_stored_method_that_nobody_has_is_refused(ask, account, name):
    body = {
        "amount": {"currency": "EUR", "value": 500},
        "reference": "o",
        "paymentMethod": {"type": "scheme", name: "8415736344864224"},
        "returnUrl": "https://shop.example/",
    }

    status, error, _ = ask("/payments", body)

    assert (status, error["errorCode"], error["errorType"]) == (422, "803", "validation")
    assert account.book.payments() == ()


def test_a_method_that_is_no_card_is_refused(paid, account):
    error = paid(card={"type": "ideal"})

    assert (error["status"], error["errorCode"]) == (422, "905_1")
    assert account.book.payments() == ()


def test_a_payment_that_no_request_has_made_has_no_redirect_to_come_back_from(ask, account):
    account.act(CreatePayment("PAIDPAIDPAIDPAID", 500, "EUR"))

    told = {"redirectResult": "PAIDPAIDPAIDPAIDofnobody"}

    assert ask("/payments/details", {"details": told})[0] == 422


def test_a_pending_method_is_received_and_authorised_later(paid, account):
    answer = paid(holder="PENDING")
    first = account.codes()
    account.wait(4 * 86_400_000)

    assert answer["resultCode"] == "Received"
    assert first == []
    assert account.codes() == [("AUTHORISATION", "true")]


def redirected(answer):
    return answer["action"]["url"]


def came_back(ask, url, result):
    """Answer the challenge in the browser, and give what the shopper brings back to the shop."""
    parts = urlsplit(url)
    _, _, headers = ask(f"{parts.path}?{parts.query}&result={result}", method="GET", version="")
    return parse_qs(urlsplit(headers["location"]).query)


def test_a_challenge_redirects_and_the_details_charge(ask, paid, account):
    answer = paid(card=CHALLENGED)
    back = came_back(ask, redirected(answer), "pass")
    told_before = account.codes()

    done = ask("/payments/details", {"details": {"redirectResult": back["redirectResult"][0]}})[1]

    assert (answer["resultCode"], "pspReference" in answer) == ("RedirectShopper", False)
    assert back["order"] == ["1"]
    assert told_before == []
    assert done["resultCode"] == "Authorised"
    assert account.book.payment(done["pspReference"]).captured_minor == 1000
    assert account.codes() == [("AUTHORISATION", "true")]


def test_details_that_come_twice_charge_once(ask, paid, account):
    back = came_back(ask, redirected(paid(card=CHALLENGED)), "pass")
    body = {"details": {"redirectResult": back["redirectResult"][0]}}

    first, second = (ask("/payments/details", body)[1] for _ in range(2))

    assert first == second
    assert account.codes() == [("AUTHORISATION", "true")]


def test_a_challenge_that_is_not_passed_is_refused(ask, paid, account):
    back = came_back(ask, redirected(paid(card=CHALLENGED)), "fail")

    done = ask("/payments/details", {"details": {"redirectResult": back["redirectResult"][0]}})[1]

    assert (done["resultCode"], done["refusalReason"]) == ("Refused", "3D Not Authenticated")
    assert account.codes() == [("AUTHORISATION", "false")]


def test_a_shopper_who_only_says_that_he_was_there_pays_nothing(ask, paid, account):
    answer = paid(card=CHALLENGED)
    token = parse_qs(urlsplit(redirected(answer)).query)["MD"][0]

    done = ask("/payments/details", {"details": {"redirectResult": token}})[1]

    assert done["resultCode"] == "RedirectShopper"
    assert account.book.payments()[0].captured_minor == 0


@pytest.mark.parametrize("told", ["nothing", "A" * 40])
def test_an_invented_redirect_result_is_refused(ask, paid, told):
    paid(card=CHALLENGED)

    assert ask("/payments/details", {"details": {"redirectResult": told}})[0] == 422


def test_without_a_shopper_nobody_can_be_challenged(paid):
    answer = paid(card=CHALLENGED, shopperInteraction="ContAuth")

    assert (answer["resultCode"], answer["refusalReason"]) == ("Refused", "Authentication required")


def test_the_issuers_page_shows_two_answers(ask, paid):
    url = urlsplit(redirected(paid(card=CHALLENGED)))

    status, page, _ = ask(f"{url.path}?{url.query}", method="GET", version="")

    assert status == 200
    assert "value=pass" in page
    assert "value=fail" in page


def test_a_page_of_an_unknown_payment_is_not_there(ask):
    assert ask("/checkoutshopper/threeDS/redirect?MD=<script>", method="GET", version="")[0] == 404


def test_a_challenge_can_be_passed_elsewhere(ask, paid, account):
    token = parse_qs(urlsplit(redirected(paid(card=CHALLENGED))).query)["MD"][0]
    account.act(Authenticate(token[:16]))

    done = ask("/payments/details", {"details": {"redirectResult": token}})[1]

    assert done["resultCode"] == "Authorised"
