"""What unmodified Adyen SDKs of several years see of the simulator; run once for each of them.

Each docstring ends with its source: [api] the Checkout API's reference, [modifications] Adyen's pages on
captures, cancels and refunds, [testing] its page on test cards and result codes, [idempotency], [webhooks]
its pages on notifications and their signatures, [errors] its page on error codes, [sdk] what the SDK demands.
"""

import copy
import json
import os
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit
from urllib.request import HTTPRedirectHandler, build_opener

import Adyen
import pytest
from Adyen.settings import LIB_VERSION
from Adyen.util import is_valid_hmac_notification

WAIT_S = 30
MERCHANT, HMAC_KEY = os.environ["ADYEN_MERCHANT_ACCOUNT"], os.environ["ADYEN_WEBHOOK_SECRET"]
CARD = {
    "type": "scheme",
    "encryptedCardNumber": "test_4111111111111111",
    "encryptedExpiryMonth": "test_03",
    "encryptedExpiryYear": "test_2030",
    "encryptedSecurityCode": "test_737",
    "holderName": "Ada Lovelace",
}


class Inbox:
    """What was told so far; a test waits for what is about its own payment."""

    def __init__(self):
        self.bodies, self.changed = [], threading.Condition()

    def take(self, body):
        with self.changed:
            self.bodies.append(json.loads(body))
            self.changed.notify_all()

    def wait(self, code, original):
        """Give the notification of a payment, or of a modification of it, with this eventCode."""
        with self.changed:
            assert self.changed.wait_for(lambda: self.find(code, original), WAIT_S), f"no {code} came"
            return self.find(code, original)

    def find(self, code, original):
        for body in self.bodies:
            item = body["notificationItems"][0]["NotificationRequestItem"]
            if item["eventCode"] == code and original in (
                item["pspReference"],
                item.get("originalReference"),
            ):
                return body
        return None


INBOX = Inbox()


class Handler(BaseHTTPRequestHandler):
    """Acknowledges as Adyen's older pages want it."""

    def do_POST(self):
        INBOX.take(self.rfile.read(int(self.headers["Content-Length"])))
        self.send_response(200)
        self.send_header("Content-Length", "10")
        self.end_headers()
        self.wfile.write(b"[accepted]")

    def log_message(self, *_):
        pass


@pytest.fixture(scope="session", autouse=True)
def inbox():
    """Listen where the simulator sends its notifications."""
    server = ThreadingHTTPServer(("127.0.0.1", int(os.environ["INBOX_PORT"])), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield
    server.shutdown()
    server.server_close()
    thread.join()


def client(api_key=None):
    made = Adyen.Adyen()
    made.client.xapikey = api_key or os.environ["ADYEN_API_KEY"]
    made.client.platform = "test"
    for api in (made.checkout.payments_api, made.checkout.modifications_api):
        # As the facts say: the SDK has no option for it. The version in the path stays the SDK's own.
        api.baseUrl = os.environ["ADYEN_URL"] + "/" + api.baseUrl.rpartition("/")[2]
    return made.checkout


def request(**more):
    return {
        "merchantAccount": MERCHANT,
        "amount": {"currency": "EUR", "value": 2000},
        "reference": "order-7",
        "returnUrl": "https://shop.example/return",
        "paymentMethod": CARD,
        **more,
    }


def bought(card=None, key=None, **more):
    asked = request(paymentMethod={**CARD, **(card or {})}, **more)
    return client().payments_api.payments(asked, idempotency_key=key).message


def held():
    return bought(additionalData={"manualCapture": "true"})["pspReference"]


def part(value, **more):
    amount = {"currency": "EUR", "value": value}
    return {"merchantAccount": MERCHANT, "amount": amount, "reference": "my-own", **more}


def item_of(body):
    # The oldest of these SDKs takes the signature out of what it verifies.
    assert is_valid_hmac_notification(copy.deepcopy(body), HMAC_KEY)
    return body["notificationItems"][0]["NotificationRequestItem"]


def test_this_is_the_version_that_was_asked_for():
    """The vendor's own number [sdk]."""
    assert LIB_VERSION.partition(".")[0] == os.environ["SDK_VERSION"]


def test_a_good_card_is_authorised():
    """A test card as a browser encrypts it [testing]."""
    told = bought()

    assert (told["resultCode"], told["merchantReference"]) == ("Authorised", "order-7")
    assert told["amount"] == {"currency": "EUR", "value": 2000}


def test_the_sdk_knows_the_reference_from_a_header():
    """The pspReference of every answer is in its headers as well [sdk]."""
    told = client().payments_api.payments(request())

    assert told.psp == told.message["pspReference"]
    assert told.status_code == 200


def test_an_authorisation_is_told():
    """Its operations and its reason, signed with the key of the endpoint [webhooks]."""
    psp = bought()["pspReference"]

    item = item_of(INBOX.wait("AUTHORISATION", psp))

    assert (item["pspReference"], item["success"], item["merchantReference"]) == (psp, "true", "order-7")
    assert item["operations"] == ["CANCEL", "CAPTURE", "REFUND"]
    assert item["reason"].count(":") == 2
    assert item["merchantAccountCode"] == MERCHANT


def test_another_key_verifies_nothing():
    """The library compares what it has signed itself [sdk]."""
    body = INBOX.wait("AUTHORISATION", bought()["pspReference"])

    assert not is_valid_hmac_notification(body, "00" * 32)


@pytest.mark.parametrize(
    ("holder", "code", "result"),
    [
        ("NOT_ENOUGH_BALANCE", "12", "Refused"),
        ("CARD_EXPIRED", "6", "Refused"),
        ("DECLINED", "2", "Refused"),
        ("ERROR", "4", "Error"),
        ("ACQUIRER_FRAUD", "14", "Refused"),
    ],
)
def test_a_refusal_is_an_answer_like_any_other(holder, code, result):
    """A holder's name asks for a refusal reason, and the status is 200 [testing]."""
    told = bought({"holderName": holder})

    assert (told["resultCode"], told["refusalReasonCode"]) == (result, code)
    assert item_of(INBOX.wait("AUTHORISATION", told["pspReference"]))["success"] == "false"


def test_a_number_asks_for_a_refusal_too():
    """RequestedTestAcquirerResponseCode in additionalData [testing]."""
    told = bought(additionalData={"RequestedTestAcquirerResponseCode": "9"})

    assert told["refusalReason"] == "Issuer Unavailable"


def test_a_capture_is_received_and_told_later():
    """A new pspReference, and the payment's as the original one [modifications]."""
    psp = held()

    told = client().modifications_api.capture_authorised_payment(part(1500), psp)

    item = item_of(INBOX.wait("CAPTURE", psp))
    assert (told.status_code, told.message["status"]) == (201, "received")
    assert (item["pspReference"], item["originalReference"]) == (told.message["pspReference"], psp)
    assert (item["amount"]["value"], item["success"], item["merchantReference"]) == (1500, "true", "my-own")


def test_a_capture_of_too_much_is_received_and_fails_later():
    """Whether a modification was carried out is told by its notification alone [modifications]."""
    psp = held()

    told = client().modifications_api.capture_authorised_payment(part(2001), psp)

    assert told.message["status"] == "received"
    assert item_of(INBOX.wait("CAPTURE", psp))["success"] == "false"


def test_a_hold_is_cancelled():
    """CANCELLATION tells it [modifications]."""
    psp = held()

    told = client().modifications_api.cancel_authorised_payment_by_psp_reference(
        {"merchantAccount": MERCHANT}, psp
    )

    assert told.message["paymentPspReference"] == psp
    assert item_of(INBOX.wait("CANCELLATION", psp))["success"] == "true"


def test_a_hold_is_cancelled_by_its_reference():
    """TECHNICAL_CANCEL tells it [modifications]."""
    asked = request(reference="order-of-a-lost-answer", additionalData={"manualCapture": "true"})
    psp = client().payments_api.payments(asked).message["pspReference"]

    told = client().modifications_api.cancel_authorised_payment(
        {"merchantAccount": MERCHANT, "paymentReference": "order-of-a-lost-answer"}
    )

    assert told.message["paymentReference"] == "order-of-a-lost-answer"
    assert item_of(INBOX.wait("TECHNICAL_CANCEL", psp))["success"] == "true"


def test_a_refund_is_received_and_told_later():
    """REFUND tells it, with the amount that goes back [modifications]."""
    psp = bought()["pspReference"]

    told = client().modifications_api.refund_captured_payment(part(700, merchantRefundReason="RETURN"), psp)

    item = item_of(INBOX.wait("REFUND", psp))
    assert (told.message["status"], told.message["merchantRefundReason"]) == ("received", "RETURN")
    assert (item["amount"]["value"], item["success"]) == (700, "true")


def test_a_refund_of_too_much_fails_later():
    """More than was captured does not go back [modifications]."""
    psp = bought()["pspReference"]

    client().modifications_api.refund_captured_payment(part(2001), psp)

    assert item_of(INBOX.wait("REFUND", psp))["success"] == "false"


@pytest.mark.parametrize(("is_held", "action"), [(True, "cancel"), (False, "refund")])
def test_a_reversal_says_what_it_came_to(is_held, action):
    """CANCEL_OR_REFUND with modification.action [modifications]."""
    psp = held() if is_held else bought()["pspReference"]

    client().modifications_api.refund_or_cancel_payment({"merchantAccount": MERCHANT}, psp)

    body = INBOX.wait("CANCEL_OR_REFUND", psp)
    assert item_of(body)["additionalData"]["modification.action"] == action


def test_a_hold_is_raised():
    """AUTHORISATION_ADJUSTMENT with the new amount [modifications]."""
    psp = held()

    client().modifications_api.update_authorised_amount(part(2600, industryUsage="delayedCharge"), psp)

    assert item_of(INBOX.wait("AUTHORISATION_ADJUSTMENT", psp))["amount"]["value"] == 2600


class NoRedirect(HTTPRedirectHandler):
    """Shows where a browser would be sent."""

    def http_error_303(self, _request, answer, *_):
        return answer


@pytest.mark.parametrize(("result", "code"), [("pass", "Authorised"), ("fail", "Refused")])
def test_a_challenge_goes_on_with_what_the_shopper_brings_back(result, code):
    """RedirectShopper, the redirectResult on the way back, and /payments/details [api]."""
    asked = bought({"encryptedCardNumber": "test_4212345678910006"})
    answer = build_opener(NoRedirect).open(asked["action"]["url"] + "&result=" + result)
    with answer:
        back = parse_qs(urlsplit(answer.headers["Location"]).query)

    done = client().payments_api.payments_details({"details": {"redirectResult": back["redirectResult"][0]}})

    assert asked["resultCode"] == "RedirectShopper"
    assert done.message["resultCode"] == code


def test_a_key_gives_the_same_answer_again():
    """One payment, and the same pspReference [idempotency]."""
    first, second = (bought(key="key-of-" + os.environ["SDK_VERSION"]) for _ in range(2))

    assert first == second


def test_a_session_is_made_and_looked_up():
    """Where a checkout is left to the browser [api]."""
    api = client().payments_api
    asked = request(reference="order-of-a-session")
    made = api.sessions({name: value for name, value in asked.items() if name != "paymentMethod"})

    found = api.get_result_of_payment_session(made.message["id"], query_parameters={"sessionResult": "x"})

    assert made.status_code == 201
    assert found.message["status"] == "active"


def test_the_methods_of_payment():
    """What a checkout may show [api]."""
    told = client().payments_api.payment_methods({"merchantAccount": MERCHANT}).message

    assert [one["type"] for one in told["paymentMethods"]] == ["scheme"]


def test_a_wrong_key_is_no_authentication():
    """Status 401 is an exception of its own [sdk]."""
    with pytest.raises(Adyen.AdyenAPIAuthenticationError) as refused:
        client("wrong").payments_api.payments(request())

    assert refused.value.error_code == "000"


def test_another_merchants_account_is_no_permission():
    """Status 403 with code 901 [errors]."""
    with pytest.raises(Adyen.AdyenAPIInvalidPermission) as refused:
        client().payments_api.payments(request(merchantAccount="SomebodyElse"))

    assert refused.value.error_code == "901"


def test_an_unfit_amount_is_unprocessable():
    """Status 422 [errors]."""
    with pytest.raises(Adyen.AdyenAPIUnprocessableEntity) as refused:
        client().payments_api.payments(request(amount={"currency": "EUR", "value": -1}))

    assert (refused.value.status_code, refused.value.error_code) == (422, "137")


def test_a_real_card_is_refused():
    """Only test cards are charged in test [testing]."""
    with pytest.raises(Adyen.AdyenAPIUnprocessableEntity) as refused:
        bought({"encryptedCardNumber": "test_4532015112830366"})

    assert refused.value.error_code == "101"


def test_a_modification_of_nothing_is_unprocessable():
    """Code 167 [errors]."""
    with pytest.raises(Adyen.AdyenAPIUnprocessableEntity) as refused:
        client().modifications_api.capture_authorised_payment(part(100), "A" * 16)

    assert refused.value.error_code == "167"


def test_amounts_of_two_decimals_for_a_currency_without():
    """ISK is written with two decimals, against ISO 4217 [api]."""
    psp = client().payments_api.payments(request(amount={"currency": "ISK", "value": 120_000})).message

    assert psp["amount"] == {"currency": "ISK", "value": 120_000}
    with pytest.raises(Adyen.AdyenAPIUnprocessableEntity):
        client().payments_api.payments(request(amount={"currency": "ISK", "value": 120_050}))
