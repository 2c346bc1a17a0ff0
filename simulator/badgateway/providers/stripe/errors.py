"""Stripe's errors: what each is called on the wire, and the one exception by which handlers end early."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from badgateway.providers.stripe.left_out import why_left_out

DOCS = "https://docs.stripe.com/error-codes"
EXPIRED = ("sk_test_expired", "sk_live_expired", "rk_test_expired", "rk_live_expired")
LOGS = "https://dashboard.stripe.com/test/logs"


@dataclass(frozen=True, slots=True)
class Problem:
    """One error. `refusal` is the neutral code; what was refused before it began is not stored."""

    status: int
    message: str
    code: str | None = None
    type: str = "invalid_request_error"
    param: str | None = None
    decline_code: str | None = None
    advice_code: str | None = None
    network_advice_code: str | None = None
    network_decline_code: str | None = None
    charge: str | None = None
    payment_intent: dict[str, Any] | None = None
    payment_method: dict[str, Any] | None = None
    payment_method_type: str | None = None
    setup_intent: dict[str, Any] | None = None
    refusal: str = "invalid"
    is_stored: bool = False
    payment_id: str | None = None
    payment_status: str | None = None
    is_applied: bool = False


class Refused(Exception):
    """Ends a handler with an error; caught in one place, where the answer is made."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem


def to_body(problem: Problem, request_id: str | None = None) -> dict[str, Any]:
    """Give the error object: fields that say nothing are left out, unlike in all other objects."""
    fields: dict[str, Any] = {
        "advice_code": problem.advice_code,
        "charge": problem.charge,
        "code": problem.code,
        "decline_code": problem.decline_code,
        "doc_url": f"{DOCS}#{problem.code.replace('_', '-')}" if problem.code else None,
        "message": problem.message,
        "network_advice_code": problem.network_advice_code,
        "network_decline_code": problem.network_decline_code,
        "param": problem.param,
        "payment_intent": problem.payment_intent,
        "payment_method": problem.payment_method,
        "payment_method_type": problem.payment_method_type,
        "request_log_url": f"{LOGS}/{request_id}" if request_id else None,
        "setup_intent": problem.setup_intent,
        "type": problem.type,
    }
    return {"error": {name: value for name, value in fields.items() if value is not None}}


def invalid(message: str, param: str | None = None, code: str | None = None) -> Problem:
    """Refuse a malformed parameter; nothing was begun."""
    return Problem(400, message, code, param=param)


def missing(param: str) -> Problem:
    """Refuse a request without a parameter that it needs."""
    return invalid(f"Missing required param: {param}.", param, "parameter_missing")


def no_such(kind: str, wanted: str, param: str = "id", status: int = 404) -> Problem:
    """Refuse an id that the account does not have."""
    return Problem(
        status,
        f"No such {kind}: '{wanted[:80]}'",
        "resource_missing",
        param=param,
        refusal="unknown_object",
        is_stored=True,
    )


def unknown_address(method: str, path: str) -> Problem:
    """Refuse an address that is not Stripe's, or that this simulator does not have."""
    what = f"Unrecognized request URL ({method}: {path[:200]})."
    if path.startswith("/v2/"):
        what += " Of version 2 this simulator has /v2/core/events and /v2/core/event_destinations only."
    reason = why_left_out(method, path)
    if reason is not None:
        what += f" Stripe has it, and this simulator has not: {reason}"
    return Problem(404, what, refusal="unknown_object")


def unauthorized(credential: str | None) -> Problem:
    """Refuse a request without a key, or with one of another account."""
    if not credential:
        return Problem(
            401,
            "No API key was given: send it as a bearer token or as the user of basic authentication.",
            refusal="unauthorized",
        )
    if credential.startswith("pk_"):
        return Problem(
            403,
            "A publishable key cannot make this request; use the secret key.",
            "secret_key_required",
            refusal="unauthorized",
        )
    shown = _masked(credential)
    if credential.startswith(EXPIRED):
        what = f"The API key {shown} has expired; use the one that took its place."
        return Problem(401, what, "api_key_expired", refusal="unauthorized")
    return Problem(401, f"Invalid API Key provided: {shown}", refusal="unauthorized")


def _masked(credential: str) -> str:
    return f"{credential[:8]}{'*' * 12}{credential[-4:]}" if len(credential) > 16 else "*" * 12


def no_access(credential: str | None, wanted: str) -> Problem:
    """Refuse a request on behalf of an account that is not connected. Source: answers that users reported."""
    return Problem(
        403,
        f"The key {_masked(credential or '')} has no access to the account {wanted[:80]!r}, or it does not "
        "exist. No account is connected to any other here.",
        "account_invalid",
        refusal="unauthorized",
    )


def other_mode(kind: str, wanted: str, param: str, mode: str) -> Problem:
    """Refuse an id of the other mode, where the id itself says so."""
    what = f"No such {kind}: '{wanted[:80]}'; it belongs to the other mode, and this is a {mode} mode key."
    return replace(no_such(kind, wanted, param), message=what, code="livemode_mismatch")


def key_in_use() -> Problem:
    """Refuse a key whose first request is not answered yet."""
    return Problem(
        409,
        "There is currently another in-progress request using this Idempotency-Key; try again later.",
        "idempotency_key_in_use",
    )


def lock_timeout() -> Problem:
    """Refuse a call that has waited for an object in vain. Source: Stripe's page on rate limits."""
    return Problem(
        429,
        "This object cannot be accessed right now because another request is working on it; try again later.",
        "lock_timeout",
    )


_PAGES = {
    401: unauthorized(None),
    402: Problem(
        402, "Your card was declined.", "card_declined", "card_error", decline_code="generic_decline"
    ),
    403: Problem(403, "The API key lacks the permission for this request."),
    409: key_in_use(),
    424: Problem(424, "Something that this request depends on has failed outside of the provider."),
    429: Problem(429, "Too many requests in too short a time; slow down.", "rate_limit"),
}


def server_problem(status: int) -> Problem:
    """Word what the provider says of itself with a status: too many requests, trouble, and so on."""
    if status >= 500:
        return Problem(status, "Something went wrong on the provider's side.", type="api_error")
    return _PAGES.get(status) or Problem(status, "The request was refused.")
