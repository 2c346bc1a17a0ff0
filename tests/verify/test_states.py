"""Provider states: their texts and parameters become steps, and each of them can be reached."""

import pytest

from badgateway.errors import InputError
from badgateway.payments.commands import CreatePayment
from badgateway.payments.model import Capture
from badgateway.verify.simulator import Simulator
from badgateway.verify.states import STATES, OpenAccount, steps_of

PAYMENT = {"id": "pi_1", "amount_minor": 4999, "currency": "EUR"}
EXAMPLES = {
    "": {},
    "a merchant account": {"api_key": "sk_test_1"},
    "a payment is authorized": PAYMENT,
    "a payment is captured": PAYMENT,
    "a payment is open": PAYMENT,
    "a payment is refunded": {"id": "re_1", "payment_id": "pi_1", "amount_minor": 500},
    "a payment is disputed": {"id": "dp_1", "payment_id": "pi_1", "amount_minor": 500},
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


@pytest.mark.parametrize("text", [state.text for state in STATES])
def test_every_state_can_be_reached(text):
    simulator = Simulator("stripe")
    if "payment_id" in EXAMPLES[text]:
        simulator.reach("a payment is captured", PAYMENT)

    simulator.reach(text, EXAMPLES[text])

    assert (simulator.payment("pi_1") is not None) == ("payment" in text)
