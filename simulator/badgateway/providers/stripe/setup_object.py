"""The setup intent as Stripe shows it: a payment method made ready for later, without any money."""

from __future__ import annotations

from typing import Any

from badgateway.payments.model import Failure
from badgateway.providers.base import Account
from badgateway.providers.stripe.cards import advice, wording
from badgateway.providers.stripe.errors import Problem, to_body
from badgateway.providers.stripe.networks import network_advice, network_decline
from badgateway.providers.stripe.shelf import Setup, shelf
from badgateway.providers.stripe.shopper_objects import payment_method_object

_FIELDS = (
    "id object allowed_payment_method_types application attach_to_self automatic_payment_methods "
    "cancellation_reason client_secret created customer customer_account description "
    "excluded_payment_method_types flow_directions last_setup_error latest_attempt livemode "
    "managed_payments mandate metadata next_action on_behalf_of payment_method "
    "payment_method_configuration_details payment_method_options payment_method_types single_use_mandate "
    "status usage"
)
_CARD_OPTIONS = {"mandate_options": None, "network": None, "request_three_d_secure": "automatic"}


def setup_intent_object(setup: Setup, account: Account) -> dict[str, Any]:
    """Show a setup intent."""
    shown: dict[str, Any] = dict.fromkeys(_FIELDS.split())
    shown.update({name: value for name, value in setup.details.items() if name in shown})
    types = setup.details.get("payment_method_types")
    shown.update(
        id=setup.id,
        object="setup_intent",
        attach_to_self=bool(setup.details.get("attach_to_self")),
        cancellation_reason=setup.cancellation_reason,
        client_secret=setup.secret,
        created=setup.created_s,
        last_setup_error=_last_error(setup, account),
        latest_attempt=setup.attempt,
        livemode=False,
        next_action=_next_action(setup, account) if setup.status == "requires_action" else None,
        payment_method=setup.method,
        payment_method_options=setup.details.get("payment_method_options") or {"card": dict(_CARD_OPTIONS)},
        payment_method_types=list(types or ["card"]),
        status=setup.status,
        usage=setup.details.get("usage") or "off_session",
    )
    return shown


def setup_problem(setup: Setup, why: Failure, account: Account) -> Problem:
    """Word why a payment method could not be made ready."""
    words = wording(why)
    method = shelf(account).methods.get(setup.method or setup.details.get("refused_method") or "")
    is_unauthenticated = why.code == "authentication_failed"
    return Problem(
        402,
        words.message,
        "setup_intent_authentication_failure" if is_unauthenticated else words.code,
        words.type,
        decline_code=words.decline_code,
        advice_code=advice(why),
        network_advice_code=network_advice(why),
        network_decline_code=network_decline(why),
        payment_method=payment_method_object(method) if method else None,
        payment_method_type=method.type if method else None,
    )


def _last_error(setup: Setup, account: Account) -> dict[str, Any] | None:
    if setup.failure is None:
        return None
    shown: dict[str, Any] = to_body(setup_problem(setup, setup.failure, account))["error"]
    return shown


def _next_action(setup: Setup, account: Account) -> dict[str, Any]:
    page = f"{shelf(account).home}/3d_secure_2/hosted?setup_intent={setup.id}"
    return {
        "type": "redirect_to_url",
        "redirect_to_url": {"return_url": setup.details.get("return_url"), "url": page},
    }
