"""Euler's errors: three shapes of one body, and the one exception by which handlers end early."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from badgateway.providers.euler.statuses import IDS


@dataclass(frozen=True, slots=True)
class Problem:
    """One error; `refusal` is the neutral code of it."""

    http: int
    status: str
    code: str
    message: str
    refusal: str = "invalid"
    extra: Mapping[str, Any] = field(default_factory=dict)
    allowed: tuple[str, ...] = ()  # the methods that an address has, where it was asked with another


class Refused(Exception):
    """Ends a handler with an error; caught in one place, where the answer is made."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem


def to_body(problem: Problem) -> dict[str, Any]:
    """Give the error object."""
    return {
        "status": problem.status,
        **problem.extra,
        "error_code": problem.code,
        "error_message": problem.message,
    }


def access_denied() -> Problem:
    """Refuse a call without a key, with one that nobody has, or for a merchant whose key it is not."""
    return Problem(
        401, "error", "access_denied", "Authentication failed: the API key is not known.", "unauthorized"
    )


def unknown_address(method: str, path: str) -> Problem:
    """Refuse an address that there is not."""
    return Problem(
        404, "error", "not_found", f"There is no {method[:20]} {path[:120]} here.", "unknown_object"
    )


def wrong_method(method: str, path: str, allowed: tuple[str, ...]) -> Problem:
    """Refuse a method that an address does not have."""
    what = f"{method[:20]} is not for {path[:120]}."
    return Problem(405, "error", "method_not_allowed", what, "unknown_object", allowed=allowed)


def missing() -> Problem:
    """Refuse a request without something that it needs."""
    what = "Mandatory fields are missing"
    return Problem(400, "Bad Request", "mandatory.fields.missing", what)


def invalid(name: str, reason: str) -> Problem:
    """Refuse a field that cannot be read, or that has a value which nothing can be done with."""
    info = {
        "code": "INVALID_INPUT",
        "category": "USER_ERROR",
        "user_message": "Something in this request cannot be used.",
        "developer_message": f"{name}: {reason}",
        "fields": [{"field_name": name, "reason": reason}],
    }
    return Problem(400, "Bad Request", "INVALID_REQUEST", f"{name}: {reason}", extra={"error_info": info})


def unknown_order(order_id: str) -> Problem:
    """Refuse a question about an order that the merchant does not have."""
    what = "There is no order with this order_id."
    extra = {"status_id": IDS["NOT_FOUND"], "order_id": order_id}
    return Problem(404, "NOT_FOUND", "not_found", what, "unknown_object", extra)


def unknown_txn(txn_uuid: str) -> Problem:
    """Refuse a question about a transaction that the merchant does not have."""
    what = "There is no transaction with this txn_uuid."
    extra = {"status_id": IDS["NOT_FOUND"], "txn_uuid": txn_uuid}
    return Problem(404, "NOT_FOUND", "not_found", what, "unknown_object", extra)


def refused(code: str, message: str, refusal: str) -> Problem:
    """Refuse what cannot be done with the order or transaction as it stands."""
    return Problem(400, "ERROR", code, message, refusal, {"status_id": -1})


def order_taken() -> Problem:
    """Refuse an order_id that another order of the merchant has."""
    what = "An order with this order_id exists already; look up what became of it."
    return refused("duplicate.order_id", what, "key_reused")


def duplicate_call(what: str) -> Problem:
    """Refuse what was asked for before."""
    return refused("duplicate.call", what, "key_reused")


def in_progress() -> Problem:
    """Refuse a request that repeats one which is still worked on."""
    return refused("duplicate.call", "The same call is being worked on.", "key_in_flight")


def trouble(status: int) -> Problem:
    """Word trouble of Euler as a whole."""
    if status == 429:
        return Problem(429, "error", "too_many_requests", "Too many requests.", "server_error")
    return Problem(status, "error", "internal_error", "Something went wrong here.", "server_error")
