"""Setup intents: create, confirm, cancel, retrieve, update, list, and the shopper's answer to a challenge."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from badgateway.ground.records import changed
from badgateway.payments.decisions import CARDS, failure
from badgateway.payments.model import Decision, Failure
from badgateway.providers.base import Account
from badgateway.providers.stripe import methods
from badgateway.providers.stripe.call import Call, Done
from badgateway.providers.stripe.errors import Problem, Refused, invalid, no_such
from badgateway.providers.stripe.intents import check_customer
from badgateway.providers.stripe.lists import page
from badgateway.providers.stripe.news import note
from badgateway.providers.stripe.params import merged
from badgateway.providers.stripe.saving import check_owner, set_up
from badgateway.providers.stripe.setup_object import setup_intent_object, setup_problem
from badgateway.providers.stripe.shelf import Method, Setup, shelf

_REMEMBERED = (
    "attach_to_self customer description flow_directions on_behalf_of payment_method_options "
    "payment_method_types return_url usage"
)
_OPEN = {"requires_payment_method", "requires_confirmation", "requires_action"}


def create(call: Call) -> Done:
    """Make a setup intent, and confirm it where `confirm` says so."""
    params = call.params
    check_customer(call)
    method = _method(call, params.get("customer"))
    if params.get("confirm") and method is None:
        what = "You cannot confirm this SetupIntent because it's missing a payment method."
        raise Refused(invalid(what, "payment_method", "parameter_missing"))
    made_id = f"seti_1{call.account.ids.make('setup intent', 23)}"
    made = Setup(
        id=made_id,
        secret=f"{made_id}_secret_{call.account.ids.make('client secret', 25)}",
        created_s=call.now_s(),
        status="requires_confirmation" if method else "requires_payment_method",
        method=method.id if method else None,
        details={
            **_details(params),
            "metadata": merged({}, params.get("metadata")),
            "automatic_payment_methods": methods.automatic(params),
        },
    )
    _keep(made, call.account, "setup_intent.created")
    if params.get("confirm"):
        made = _ask_issuer(made, call.account)
    return _done(made, call)


def confirm(call: Call) -> Done:
    """Ask the issuer whether the method may be used later."""
    setup, params = _need(call), call.params
    if setup.status not in _OPEN:
        raise Refused(_wrong_state(setup, "confirm", call.account))
    method = _method(call, setup.customer)
    if method is None and setup.method is None:
        raise Refused(_wrong_state(setup, "confirm", call.account))
    asked = changed(
        setup,
        method=method.id if method else setup.method,
        details={**setup.details, **_details(params)},
    )
    return _done(_ask_issuer(asked, call.account), call)


def cancel(call: Call) -> Done:
    """Cancel a setup intent that is still open."""
    setup = _need(call)
    if setup.status not in _OPEN:
        raise Refused(_wrong_state(setup, "cancel", call.account))
    gone = changed(setup, status="canceled", cancellation_reason=call.params.get("cancellation_reason"))
    return _done(_keep(gone, call.account, "setup_intent.canceled"), call)


def update(call: Call) -> Done:
    """Change a setup intent; its method only while it is open."""
    setup, params = _need(call), call.params
    check_customer(call)
    method = _method(call, params.get("customer") or setup.customer)
    if method is not None and setup.status not in _OPEN:
        raise Refused(_wrong_state(setup, "update", call.account))
    details = {**setup.details, **_details(params)}
    if "metadata" in params:
        details["metadata"] = merged(setup.details.get("metadata") or {}, params["metadata"])
    after = changed(setup, details=details)
    if method is not None:
        after = changed(after, method=method.id, status="requires_confirmation")
    return _done(_keep(after, call.account), call)


def retrieve(call: Call) -> Done:
    """Show a setup intent."""
    setup = _need(call)
    return Done(setup_intent_object(setup, call.account))


def listing(call: Call) -> Done:
    """List setup intents, newest first."""
    customer, method = call.params.get("customer"), call.params.get("payment_method")
    found = [
        setup
        for setup in reversed(shelf(call.account).setups.values())
        if customer in {None, setup.customer} and method in {None, setup.method}
    ]
    rows = page(call, found, lambda one: one.id, lambda one: one.created_s)
    return Done(rows.show([setup_intent_object(setup, call.account) for setup in rows.items]))


def begin(known: Setup | None, method: Method, details: dict[str, Any], account: Account) -> Setup:
    """Confirm the setup of a checkout with a method; what the issuer says is seen in it afterwards."""
    if known is None:
        made_id = f"seti_1{account.ids.make('setup intent', 23)}"
        secret = f"{made_id}_secret_{account.ids.make('client secret', 25)}"
        known = Setup(
            made_id, secret, int(account.clock.now_s()), "requires_confirmation", method.id, details=details
        )
        _keep(known, account, "setup_intent.created")
    try:
        return _ask_issuer(changed(known, method=method.id), account)
    except Refused:
        return shelf(account).setups[known.id]


def authenticate(setup: Setup, account: Account, *, is_passed: bool) -> Setup:
    """Let the shopper end the challenge; one that is over already is left as it is."""
    if setup.status != "requires_action":
        return setup
    if not is_passed:
        return _refuse(setup, failure("authentication_failed"), account)
    decided = _decision(setup, account)
    if decided.then == "declined":
        return _refuse(setup, decided.failure or failure("declined"), account)
    return _accept(setup, account)


def _ask_issuer(setup: Setup, account: Account) -> Setup:
    attempt = f"setatt_1{account.ids.make('setup attempt', 23)}"
    asked = changed(setup, attempt=attempt, failure=None)
    decided = _decision(asked, account)
    if decided.kind == "action":
        return _keep(changed(asked, status="requires_action"), account, "setup_intent.requires_action")
    if decided.kind == "declined":
        why = decided.failure or failure("declined")
        refused = _refuse(asked, why, account)
        problem = setup_problem(refused, why, account)
        raise Refused(
            replace(
                problem,
                setup_intent=setup_intent_object(refused, account),
                refusal="declined",
                is_stored=True,
                is_applied=True,
            )
        )
    return _accept(asked, account)


def _decision(setup: Setup, account: Account) -> Decision:
    method = shelf(account).methods.get(setup.method or "")
    return CARDS[method.setup_word] if method else CARDS["approved"]


def _accept(setup: Setup, account: Account) -> Setup:
    method = shelf(account).methods[setup.method or ""]
    is_off_session = setup.details.get("usage") != "on_session"
    done = _keep(changed(setup, status="succeeded", failure=None), account, "setup_intent.succeeded")
    set_up(method, setup.customer, account, is_off_session=is_off_session)
    return done


def _refuse(setup: Setup, why: Failure, account: Account) -> Setup:
    # The intent lets go of a method that was refused, and its last error still shows it.
    details = {**setup.details, "refused_method": setup.method}
    after = changed(setup, status="requires_payment_method", method=None, failure=why, details=details)
    return _keep(after, account, "setup_intent.setup_failed")


def _keep(setup: Setup, account: Account, told: str | None = None) -> Setup:
    shelf(account).setups[setup.id] = setup
    if told is not None:
        note(told, setup_intent_object(setup, account), account)
    return setup


def _method(call: Call, customer: str | None) -> Method | None:
    chosen, data = call.params.get("payment_method"), call.params.get("payment_method_data")
    if chosen is None:
        return methods.from_data(data, call.account) if data else None
    method = methods.take(chosen, call.account)
    check_owner(method, customer)
    return method


def _details(params: Mapping[str, Any]) -> dict[str, Any]:
    return {name: params[name] for name in _REMEMBERED.split() if name in params}


def _wrong_state(setup: Setup, verb: str, account: Account) -> Problem:
    return Problem(
        400,
        f"You cannot {verb} this SetupIntent because it has a status of {setup.status}.",
        "setup_intent_unexpected_state",
        setup_intent=setup_intent_object(setup, account),
        refusal="wrong_state",
        is_stored=True,
    )


def _need(call: Call) -> Setup:
    found: Setup | None = shelf(call.account).setups.get(call.id)
    if found is None or call.params.get("client_secret") not in {None, found.secret}:
        raise Refused(no_such("setupintent", call.id, "intent"))
    return found


def _done(setup: Setup, call: Call) -> Done:
    return Done(setup_intent_object(setup, call.account), is_applied=True)
