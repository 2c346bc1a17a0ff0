"""Operations: filling a request template, and reading what the answer says about the outcome."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from badgateway.integration.client import Incoming, Outgoing
from badgateway.integration.model import Description, OperationResult, RequestTemplate
from badgateway.integration.paths import find
from badgateway.integration.template import fill, fill_json, fill_url

OK, FAIL, INFO = "ok", "fail", "info"

_MONEY_TAKEN = ("PAID", "AUTHORIZED", "PARTIALLY_REFUNDED", "REFUNDED", "DISPUTED")
_PAYING = dict.fromkeys(_MONEY_TAKEN, OK) | {"FAILED": FAIL, "CANCELLED": FAIL}
# What an order's status in the answer to an operation says about that operation; not here: not known.
_BY_STATUS: Mapping[str, Mapping[str, str]] = {
    "pay": _PAYING,
    "authenticate": _PAYING,
    "return": _PAYING,
    "renew": _PAYING,
    # A hold that still stands does not say whether a part was captured.
    "capture": {**_PAYING, "AUTHORIZED": INFO},
    # An order that still reads PAID may have a refund under way; releasing a hold returns the money too.
    "refund": {"PARTIALLY_REFUNDED": OK, "REFUNDED": OK, "CANCELLED": OK, "FAILED": FAIL},
    # An order that still reads PAID may be cancelled a moment later.
    "cancel": {"CANCELLED": OK, "REFUNDED": OK},
}
# These answers are about the order itself, so that a word which nobody mapped leaves the outcome open.
_ABOUT_THE_ORDER = ("pay", "authenticate", "return", "renew")
# RFC 9110 and RFC 6585: the request may be sent again as it is, so nothing final was said.
_NOT_FINAL = (408, 409, 425, 429)


def fill_request(request: RequestTemplate, base_url: str, values: Mapping[str, object]) -> Outgoing:
    """Fill a request template; raises TemplateError for a name without a value."""
    url = fill_url(request.path, values)
    headers = {name: fill(text, values) for name, text in request.headers.items()}
    body = None
    if request.json is not None:
        body = json.dumps(fill_json(request.json, values), ensure_ascii=False).encode()
        headers = _with_type(headers, "application/json")
    elif request.form is not None:
        pairs = (f"{_encoded(name)}={_encoded(fill(text, values))}" for name, text in request.form.items())
        body = "&".join(pairs).encode()
        headers = _with_type(headers, "application/x-www-form-urlencoded")
    return Outgoing(request.method, url if "://" in url else base_url + url, headers, body)


def read_outcome(description: Description, operation: str, answer: Incoming) -> OperationResult:
    """Say what an answer means for its operation."""
    if answer.problem is not None:
        return OperationResult(INFO, answer.status, None, answer.elapsed_ms, answer.problem)
    assert answer.status is not None, "an answer has a status or a problem"
    request = description.operations[operation]
    document, garbage = _document(answer)
    captured = _captured(request, document)
    word = _word(description, document)
    status = description.statuses.get(word) if word is not None else None
    outcome, problem = _outcome(operation, request, answer, status)
    is_said = status is not None or answer.status in request.outcomes.get(OK, ())
    if outcome is OK and not is_said:
        if request.capture and not captured:
            reason = garbage or f"the answer holds nothing of capture: {', '.join(request.capture)}"
            outcome, problem = INFO, f"garbage: {reason}"
        elif word is not None and operation in _ABOUT_THE_ORDER:
            outcome, problem = INFO, f"status word {word!r} is not mapped in statuses: add it"
    return OperationResult(outcome, answer.status, status, answer.elapsed_ms, problem, captured)


def not_sent(problem: str) -> OperationResult:
    """Give the result of an operation for which no request could be made."""
    return OperationResult(FAIL, None, None, 0.0, f"not sent: {problem}", is_sent=False)


def _outcome(
    operation: str, request: RequestTemplate, answer: Incoming, status: str | None
) -> tuple[str, str | None]:
    code = answer.status or 0
    for outcome, statuses in request.outcomes.items():
        if code in statuses:
            return outcome, None
    if 200 <= code < 300:
        by_status = _BY_STATUS.get(operation)
        return (OK if status is None or by_status is None else by_status.get(status, INFO)), None
    if 400 <= code < 500 and code not in _NOT_FINAL:
        return FAIL, None
    problem = f"HTTP {code}"
    if code in _NOT_FINAL:
        problem += ": it may be tried again"
    elif 300 <= code < 400:
        where = f" to {answer.location[:200]}" if answer.location else ""
        problem += f": redirects{where} are not followed; say under outcomes what it means"
    return INFO, problem


def _document(answer: Incoming) -> tuple[Any, str | None]:
    try:
        return answer.document(), None
    except ValueError as error:
        return None, str(error)


def _word(description: Description, document: Any) -> str | None:
    if not isinstance(document, dict | list):
        return None
    found = find(description.view.status, document)
    return found[0] if len(found) == 1 and isinstance(found[0], str) else None


def _captured(request: RequestTemplate, document: Any) -> dict[str, Any]:
    captured: dict[str, Any] = {}
    if not isinstance(document, dict | list):
        return captured
    for name, path in request.capture.items():
        found = find(path, document)
        if found and isinstance(found[0], str | int) and not isinstance(found[0], bool):
            captured[name] = found[0]
    return captured


def _with_type(headers: dict[str, str], kind: str) -> dict[str, str]:
    has_one = any(name.lower() == "content-type" for name in headers)
    return headers if has_one else {**headers, "Content-Type": kind}


def _encoded(text: str) -> str:
    return fill_url("{text}", {"text": text})
