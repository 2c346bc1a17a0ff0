"""Adyen's errors: one flat object, and the one exception by which handlers end early."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Problem:
    """One error; `refusal` is the neutral code of it. None of them is remembered under a key."""

    status: int
    code: str
    message: str
    type: str = "validation"  # internal | validation | security | configuration
    refusal: str = "invalid"
    is_transient: bool = False  # the same request with the same key may be sent again later
    allowed: tuple[str, ...] = ()  # the methods that an address has, where it was asked with another


class Refused(Exception):
    """Ends a handler with an error; caught in one place, where the answer is made."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem


def to_body(problem: Problem, psp_reference: str | None = None) -> dict[str, Any]:
    """Give the error object."""
    body: dict[str, Any] = {
        "status": problem.status,
        "errorCode": problem.code,
        "message": problem.message,
        "errorType": problem.type,
    }
    return body | ({"pspReference": psp_reference} if psp_reference else {})


def unauthorized() -> Problem:
    """Refuse a call without a key, or with one that nobody has."""
    return Problem(401, "000", "HTTP Status Response - Unauthorized", "security", "unauthorized")


def foreign_merchant() -> Problem:
    """Refuse a merchant account that the credential may not use, or none."""
    return Problem(403, "901", "Invalid Merchant Account", "security", "unauthorized")


def unknown_address(method: str, path: str) -> Problem:
    """Refuse an address that there is not."""
    return Problem(404, "000", f"There is no {method} {path[:120]} here", "validation", "unknown_object")


def wrong_method(method: str, path: str, allowed: tuple[str, ...]) -> Problem:
    """Refuse a method that an address does not have."""
    what = f"{method[:20]} is not for {path[:120]}"
    return Problem(405, "000", what, refusal="unknown_object", allowed=allowed)


def unreadable(what: str) -> Problem:
    """Refuse a body that is no JSON object, or has another structure than it should."""
    return Problem(400, "702", what)


def missing(code: str, what: str) -> Problem:
    """Refuse a request without something that it needs."""
    return Problem(422, code, what)


def unknown_payment() -> Problem:
    """Refuse a modification of a payment that the account does not have."""
    return Problem(422, "167", "Original pspReference required for this operation", refusal="unknown_object")


def in_progress() -> Problem:
    """Refuse a key whose first request is still worked on."""
    what = "request already processed or in progress"
    return Problem(422, "704", what, refusal="key_in_flight", is_transient=True)


def key_reused() -> Problem:
    """Refuse a key that came with another request before."""
    return Problem(422, "704", "request already processed or in progress", refusal="key_reused")


def trouble(status: int) -> Problem:
    """Word trouble of the provider as a whole."""
    if status == 429:
        return Problem(429, "000", "Too many requests", "internal", "server_error", is_transient=True)
    if status == 503:
        what = "The required resource is temporarily unavailable"
        return Problem(503, "703", what, "internal", "server_error", is_transient=True)
    return Problem(status, "905", "An internal error occurred", "internal", "server_error")
