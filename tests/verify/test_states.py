"""Provider states: their texts and parameters become steps, and each of them can be reached."""

import json

import pytest
import stripe

from badgateway.errors import InputError
from badgateway.payments.commands import CreatePayment
from badgateway.payments.model import Capture
from badgateway.verify.simulator import Simulator
from badgateway.verify.states import STATES, OpenAccount, steps_of

PAYMENT = {"id": "pi_1", "amount_minor": 4999, "currency": "EUR"}
REFUND = {"id": "re_1", "payment_id": "pi_1", "amount_minor": 500}
DISPUTE = {"id": "dp_1", "payment_id": "pi_1", "amount_minor": 500}
# What a state builds on.
BEFORE = {
    **dict.fromkeys(
        (
            "a payment is refunded",
            "a refund is on its way",
            "a refund has failed",
            "a capture has failed",
            "a payment is disputed",
            "a bank asks about a payment",
            "a webhook is sent",
        ),
        (("a payment is captured", PAYMENT),),
    ),
    **dict.fromkeys(
        ("a hold is captured", "a hold is raised", "a hold is let go", "a hold has expired"),
        (("a payment is authorized", PAYMENT),),
    ),
    **dict.fromkeys(
        ("a pending payment has come through", "a pending payment has failed"),
        (("a payment is processing", PAYMENT),),
    ),
    **dict.fromkeys(
        ("a shopper has authenticated", "a shopper has failed to authenticate"),
        (("a payment wants authentication", PAYMENT),),
    ),
    "the newest refund has come back": (
        ("a payment is captured", PAYMENT),
        ("a payment is refunded", REFUND),
    ),
    "an order is paid by another attempt": (("a payment is declined", PAYMENT),),
    "a payment is disputed again": (
        ("a payment is captured", PAYMENT),
        ("a payment is disputed", {**DISPUTE, "id": "dp_0"}),
        ("a dispute is won", {"id": "dp_0"}),
    ),
    **dict.fromkeys(
        ("a dispute is won", "a dispute is lost"),
        (("a payment is captured", PAYMENT), ("a payment is disputed", DISPUTE)),
    ),
}
EXAMPLES = {
    "": {},
    "a merchant account": {"api_key": "sk_test_1"},
    "a payment is authorized": PAYMENT,
    "a payment is captured": PAYMENT,
    "a payment is open": PAYMENT,
    "a payment is declined": PAYMENT,
    "a payment is processing": PAYMENT,
    "a payment wants authentication": {**PAYMENT, "order": "order1"},
    "a pending payment has come through": {"payment_id": "pi_1"},
    "a pending payment has failed": {"payment_id": "pi_1"},
    "a shopper has authenticated": {"payment_id": "pi_1"},
    "a shopper has failed to authenticate": {"payment_id": "pi_1"},
    "a capture has failed": {"payment_id": "pi_1"},
    "a hold is captured": {"payment_id": "pi_1", "amount_minor": 3000},
    "a hold is raised": {"payment_id": "pi_1", "amount_minor": 5999},
    "a hold is let go": {"payment_id": "pi_1"},
    "a hold has expired": {"payment_id": "pi_1"},
    "a payment is refunded": REFUND,
    "a refund is on its way": REFUND,
    "a refund has failed": {**REFUND, "order": "order1"},
    "a payment is disputed": DISPUTE,
    "a payment is disputed again": DISPUTE,
    "a bank asks about a payment": DISPUTE,
    "the newest refund has come back": {"payment_id": "pi_1"},
    "an order is paid by another attempt": {"payment_id": "pi_1"},
    "a dispute is won": {"id": "dp_1"},
    "a dispute is lost": {"id": "dp_1"},
    "a webhook is sent": {"event": "payment.succeeded"},
}


def test_an_account_is_opened_with_its_key():
    assert steps_of("a merchant account", {"api_key": "sk_test_1"}) == (OpenAccount("sk_test_1"),)


def test_a_payment_gets_the_very_id_that_the_pact_names():
    steps = steps_of("a payment is authorized", PAYMENT)

    assert steps == (CreatePayment("pi_1", 4999, "EUR", Capture.MANUAL, method="approved", charge=True),)


def test_an_unknown_state_is_refused_with_the_nearest_one():
    with pytest.raises(InputError, match="is unknown; did you mean 'a payment is authorized'"):
        steps_of("a payment is authorised", PAYMENT)


@pytest.mark.parametrize(
    ("params", "why"),
    [
        ({}, "needs the parameter 'id' as text"),
        ({**PAYMENT, "amount_minor": "4999"}, "needs the parameter 'amount_minor' as a whole number"),
        ({**PAYMENT, "amount_minor": True}, "needs the parameter 'amount_minor' as a whole number"),
        ({**PAYMENT, "order": 7}, "takes the parameter 'order' as text"),
        ({**PAYMENT, "curency": "EUR"}, "has no parameter 'curency'; did you mean 'currency'"),
    ],
)
def test_parameters_that_do_not_fit_are_refused(params, why):
    with pytest.raises(InputError, match=why):
        steps_of("a payment is authorized", params)


@pytest.mark.parametrize("params", [{**PAYMENT, "amount_minor": -1}, {**PAYMENT, "amount_minor": 0}])
def test_a_state_that_the_book_refuses_says_why(params):
    simulator = Simulator("stripe")

    with pytest.raises(InputError, match="'a payment is captured' cannot be reached: "):
        simulator.reach("a payment is captured", params)


# What there is only where orders are paid by one attempt after another.
OF_ORDERS = {"an order is paid by another attempt"}


@pytest.mark.parametrize(
    ("provider", "text"),
    [("stripe", state.text) for state in STATES if state.text not in OF_ORDERS]
    # What is held can be raised at some providers only.
    + [("euler", state.text) for state in STATES],
)
def test_every_state_can_be_reached(provider, text):
    simulator = Simulator(provider, "whsec_1")
    for earlier, params in BEFORE.get(text, ()):
        simulator.reach(earlier, params)

    simulator.reach(text, EXAMPLES[text])

    without = {"", "a merchant account"} | ({"a payment is open"} if provider == "euler" else set())
    assert (simulator.payment("pi_1") is not None) == (text not in without)


@pytest.mark.parametrize(
    ("provider", "text", "params", "why"),
    [
        ("stripe", "an order is paid by another attempt", {"payment_id": "pi_1"}, "stripe has no orders"),
        ("euler", "an order is paid by another attempt", {"payment_id": "pi_1"}, "there is no order 'pi_1'"),
        (
            "euler",
            "a payment is captured",
            {**PAYMENT, "id": "x" * 30},
            "order_id: Has to be 1 to 21 letters",
        ),
        ("euler", "the newest refund has come back", {"payment_id": "pi_1"}, "'pi_1' has no refund"),
    ],
)
def test_a_state_that_a_provider_cannot_have_says_why(provider, text, params, why):
    with pytest.raises(InputError, match=f"cannot be reached: {why}"):
        Simulator(provider).reach(text, params)


def test_an_order_of_a_state_is_the_orchestrators_own():
    simulator = Simulator("euler", "whsec_1")
    simulator.reach("a payment wants authentication", {**PAYMENT, "order": "order1"})
    simulator.reach("an order is paid by another attempt", {"payment_id": "pi_1"})

    simulator.reach("a shopper has authenticated", {"payment_id": "pi_1"})

    # Paid twice, the older attempt's money goes back by itself.
    simulator.reach("a webhook is sent", {"event": "euler:AUTO_REFUND_SUCCEEDED"})
    order = json.loads(simulator.parcel.body)["content"]["order"]
    assert (order["order_id"], order["udf1"], order["status"]) == ("pi_1", "order1", "CHARGED")
    assert [one["status"] for one in order["txn_list"]] == ["AUTO_REFUNDED", "CHARGED"]


def test_a_webhook_is_given_as_it_goes_out_signed():
    simulator = Simulator("stripe", "whsec_1")
    simulator.reach("a payment is captured", {**PAYMENT, "order": "order1"})

    simulator.reach("a webhook is sent", {"event": "stripe:charge.succeeded"})

    stripe.Webhook.construct_event(
        simulator.parcel.body, dict(simulator.parcel.headers)["Stripe-Signature"], "whsec_1"
    )
    event = json.loads(simulator.parcel.body)
    assert event["type"] == "charge.succeeded"
    assert event["data"]["object"]["payment_intent"] == "pi_1"
    assert event["data"]["object"]["metadata"] == {"order": "order1"}


def test_a_webhook_that_nothing_has_caused_is_refused_with_those_that_there_are():
    simulator = Simulator("stripe", "whsec_1")
    simulator.reach("a payment is captured", PAYMENT)

    with pytest.raises(InputError, match=r"has made no 'refund.succeeded'; did you mean 'payment.succeeded'"):
        simulator.reach("a webhook is sent", {"event": "refund.succeeded"})


def test_without_a_secret_no_webhook_is_made():
    simulator = Simulator("stripe")
    simulator.reach("a payment is captured", PAYMENT)

    with pytest.raises(InputError, match=r"has made no 'payment\.succeeded'"):
        simulator.reach("a webhook is sent", {"event": "payment.succeeded"})
