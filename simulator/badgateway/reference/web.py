"""The HTTP edge of the integration: reads requests, calls the operations, words the answers."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import fields
from http import HTTPStatus
from pathlib import Path
from typing import Any

from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException

from badgateway.reference import cards, operations, outbox, renewals, resolve, webhooks
from badgateway.reference.adyen import webhooks as notified
from badgateway.reference.calls import Verdict
from badgateway.reference.checkout import webhooks as told_by_checkout
from badgateway.reference.clock import new_token
from badgateway.reference.euler import webhooks as told_by_euler
from badgateway.reference.euler.returning import check_return
from badgateway.reference.money import AMOUNT
from badgateway.reference.order_request import check_base, check_cart
from badgateway.reference.orders import open_order, read_amount, view
from badgateway.reference.provider import CallFailed
from badgateway.reference.report_import import import_reports
from badgateway.reference.service import Problem, Service
from badgateway.reference.settlement import import_settlement
from badgateway.reference.settlement_report import report
from badgateway.reference.three_ways import reconciliation

_REFERENCE = re.compile(r"[A-Za-z0-9_-]{1,64}")
_METHOD = re.compile(r"[A-Za-z0-9_]{1,255}")
_MOMENT = re.compile(r"[0-9]{1,15}")
_MOMENTS_MAX = 10**15
_CARD = {
    "number": re.compile("[0-9]{12,19}"),
    "cvc": re.compile("[0-9]{3,4}"),
    "month": re.compile("0[1-9]|1[0-2]"),
    "year": re.compile("20[0-9]{2}"),
}
_TEXT_MAX = 200
_SETTLED = {"AUTHORIZED", "PAID", "PARTIALLY_REFUNDED", "REFUNDED"}
_BODY_BYTES_MAX = 1_000_000

Answer = tuple[dict[str, Any], int]


def build_app(service: Service) -> Flask:
    """Make the WSGI application over a service."""
    app = Flask("integration")
    app.config["MAX_CONTENT_LENGTH"] = _BODY_BYTES_MAX
    _order_routes(app, service)
    _money_routes(app, service)
    _billing_routes(app, service)
    _finance_routes(app, service)
    _machine_routes(app, service)
    _word_errors(app, service)

    @app.before_request
    def _begin_trace() -> None:
        service.policies.tracing.begin(request.endpoint, request.headers.get("X-Correlation-Id"))

    @app.after_request
    def _send_effects(answer: Response) -> Response:
        # What this request has committed is sent before it is answered; what fails is the next sync's.
        if request.method == "POST" or request.path.endswith("/return"):
            outbox.send_due(service)
        return answer

    return app


def _order_routes(app: Flask, service: Service) -> None:
    @app.post("/orders")
    def _open() -> Answer:
        body = _body(reference=str, amount=str, currency=str, shopper=dict)
        _check_order(body)
        order, is_new = open_order(service, body)
        return view(service, order.reference), 201 if is_new else 200

    @app.get("/orders/<reference>")
    def _view(reference: str) -> Answer:
        return view(service, reference), 200

    @app.post("/orders/<reference>/pay")
    def _pay(reference: str) -> Answer:
        body = _body(payment_method=str)
        if not _METHOD.fullmatch(body["payment_method"]):
            raise Problem(400, "bad_request", "payment_method must be 1 to 255 of A-Z a-z 0-9 _")
        method, others = body["payment_method"], _others(body)
        verdict = operations.pay(service, reference, method, saves=_saves(body), others=others)
        return _paid(service, reference, verdict)

    @app.post("/orders/<reference>/card")
    def _card(reference: str) -> Answer:
        body = _body(number=str, cvc=str, month=str, year=str)
        for name, shape in _CARD.items():
            if not shape.fullmatch(body[name]):
                raise Problem(400, "bad_request", f"{name} is no {name} of a card")
        return {"payment_method": cards.tokenise(service, reference, body)}, 200

    @app.get("/orders/<reference>/return")
    def _return(reference: str) -> Answer:
        if "euler" in service.settings.route:
            check_return(service, reference, request.args)
        resolve.on_return(service, reference)
        return _paid(service, reference, None)


def _money_routes(app: Flask, service: Service) -> None:
    @app.post("/orders/<reference>/increments")
    def _increment(reference: str) -> Answer:
        minor, name = _amount(service, reference), (_json() or {}).get("increment_reference", new_token())
        if not minor or not isinstance(name, str) or not _REFERENCE.fullmatch(name):
            raise Problem(400, "bad_request", "amount says how much more, and increment_reference names it")
        return _raised(service, reference, name, operations.increment(service, reference, minor, name))

    @app.post("/orders/<reference>/capture")
    def _capture(reference: str) -> Answer:
        minor = _amount(service, reference)
        return _changed(service, reference, operations.capture(service, reference, minor))

    @app.post("/orders/<reference>/refunds")
    def _refund(reference: str) -> Answer:
        minor, name = _amount(service, reference), (_json() or {}).get("refund_reference")
        if name is not None and not (isinstance(name, str) and _REFERENCE.fullmatch(name)):
            raise Problem(400, "bad_request", "refund_reference must be 1 to 64 of A-Z a-z 0-9 _ -")
        return _refunded(service, reference, name, operations.refund(service, reference, minor, name))

    @app.post("/orders/<reference>/cancel")
    def _cancel(reference: str) -> Answer:
        operations.cancel(service, reference)
        shown = view(service, reference)
        return shown, 200 if shown["status"] == "CANCELLED" else 202


def _billing_routes(app: Flask, service: Service) -> None:
    @app.post("/orders/<reference>/renewals")
    def _renew(reference: str) -> Answer:
        body = _body(reference=str, amount=str)
        now = body.get("now")
        if not _REFERENCE.fullmatch(body["reference"]) or not AMOUNT.fullmatch(body["amount"]):
            raise Problem(400, "bad_request", "reference and amount name the period and what it costs")
        if now is not None and not (type(now) is int and 0 <= now < _MOMENTS_MAX):
            raise Problem(400, "bad_request", "now must be milliseconds since 1970")
        verdict = renewals.renew(service, reference, body["reference"], body["amount"], now)
        return _paid(service, body["reference"], verdict)


def _finance_routes(app: Flask, service: Service) -> None:
    @app.post("/internal/settlement")
    def _settlement() -> Answer:
        try:
            import_settlement(service)
        except CallFailed as problem:
            raise Problem(503, "provider", f"the settlement cannot be read now: {problem.code}") from None
        return report(service), 200

    @app.post("/internal/reconciliation")
    def _reconciliation() -> Answer:
        now = _now()
        try:
            import_reports(service)
        except CallFailed as problem:
            raise Problem(503, "provider", f"no report can be read now: {problem.code}") from None
        return reconciliation(service, service.clock.wall_ms() if now is None else now), 200


def _now() -> int | None:
    """Give what time the caller says it is by the provider's clock."""
    now = request.args.get("now")
    if now is not None and not _MOMENT.fullmatch(now):
        raise Problem(400, "bad_request", "now must be milliseconds since 1970")
    return int(now) if now else None


def _machine_routes(app: Flask, service: Service) -> None:
    revision = _revision(service)

    @app.post("/internal/sync")
    def _sync() -> Answer:
        looked_at = resolve.sync(service, "sync", request.args.get("reference"), _now())
        return {"looked_at": looked_at}, 200

    @app.post("/webhooks/stripe")
    @app.post("/webhooks/stripe/<merchant>")
    def _webhook(merchant: str | None = None) -> Answer:
        signature = request.headers.get("Stripe-Signature")
        since_ms = service.clock.monotonic_ms()
        status, word = webhooks.receive(service, request.get_data(cache=False), signature, merchant)
        service.metrics.lag((service.clock.monotonic_ms() - since_ms) / 1000)
        return {"result": word}, status

    @app.post("/webhooks/adyen")
    @app.post("/webhooks/adyen/<merchant>")
    def _notification(merchant: str | None = None) -> Response:
        since_ms = service.clock.monotonic_ms()
        status, word = notified.receive(service, request.get_data(cache=False), merchant)
        service.metrics.lag((service.clock.monotonic_ms() - since_ms) / 1000)
        return Response(word, status, content_type="text/plain; charset=utf-8")

    @app.post("/webhooks/euler")
    @app.post("/webhooks/euler/<merchant>")
    def _tidings(merchant: str | None = None) -> Answer:
        since_ms, sender = service.clock.monotonic_ms(), request.headers.get("Authorization")
        status, word = told_by_euler.receive(service, request.get_data(cache=False), sender, merchant)
        service.metrics.lag((service.clock.monotonic_ms() - since_ms) / 1000)
        return {"result": word}, status

    @app.post("/webhooks/checkout")
    @app.post("/webhooks/checkout/<merchant>")
    def _news(merchant: str | None = None) -> Answer:
        since_ms, signature = service.clock.monotonic_ms(), request.headers.get("Cko-Signature")
        status, word = told_by_checkout.receive(service, request.get_data(cache=False), signature, merchant)
        service.metrics.lag((service.clock.monotonic_ms() - since_ms) / 1000)
        return {"result": word}, status

    @app.get("/health")
    def _health() -> Answer:
        return {"status": "ok", "service": "reference", "revision": revision}, 200

    @app.get("/metrics")
    def _metrics() -> Response:
        return Response(service.metrics.render(), content_type="text/plain; version=0.0.4; charset=utf-8")


def _revision(service: Service) -> str:
    """Give a short hash of this program's source and of the policies it runs with."""
    digest = hashlib.sha256()
    for path in sorted(Path(__file__).parent.rglob("*.py")):
        digest.update(path.read_bytes())
    for part in fields(service.policies):
        digest.update(type(getattr(service.policies, part.name)).__qualname__.encode())
    return digest.hexdigest()[:12]


def _word_errors(app: Flask, service: Service) -> None:
    @app.errorhandler(Problem)
    def _problem(problem: Problem) -> Answer:
        return _error(problem.code, str(problem)), problem.status

    @app.errorhandler(HTTPException)
    def _http(problem: HTTPException) -> tuple[dict[str, Any], int, dict[str, str]]:
        status = problem.code or 500
        worded = _error(HTTPStatus(status).phrase.lower().replace(" ", "_"), problem.description or "")
        # What HTTP wants beside a status stays, such as Allow with 405 (RFC 9110, section 15.5.6).
        headers = {name: value for name, value in problem.get_headers() if name != "Content-Type"}
        return worded, status, headers

    @app.errorhandler(Exception)
    def _crash(problem: Exception) -> Answer:
        service.log("crash", reason=f"{type(problem).__name__}: {problem}", path=request.path)
        return _error("internal", "something went wrong here; nothing is lost, try again"), 500


def _error(code: str, message: str) -> dict[str, Any]:
    return {"error": {"code": code, "message": message}}


def _paid(service: Service, reference: str, verdict: Verdict | None) -> Answer:
    shown = view(service, reference)
    if shown["status"] in _SETTLED:
        return shown, 200
    if verdict is not None and verdict.kind == "not_done":
        return shown, 503
    return shown, 202 if shown["status"] in {"PENDING", "REVIEW"} else 402


def _changed(service: Service, reference: str, verdict: Verdict) -> Answer:
    if verdict.kind == "done":
        return view(service, reference), 200
    if verdict.kind == "unknown":
        return view(service, reference), 202
    status = 503 if verdict.kind == "not_done" else 409
    raise Problem(status, verdict.code or verdict.kind, "the provider did not do it")


def _raised(service: Service, reference: str, name: str, verdict: Verdict | None) -> Answer:
    shown = view(service, reference)
    state = next(one["state"] for one in shown["increments"] if one["reference"] == name)
    if state in {"GRANTED", "REQUESTED"}:
        return shown, 200 if state == "GRANTED" else 202
    if verdict is not None and verdict.kind == "not_done":
        raise Problem(503, verdict.code or verdict.kind, "the provider did not do it")
    raise Problem(402 if state == "DECLINED" else 409, "not_raised", f"this increment is {state}")


def _refunded(service: Service, reference: str, name: str | None, verdict: Verdict | None) -> Answer:
    if verdict is not None:
        return _changed(service, reference, verdict)
    shown = view(service, reference)
    state = next(refund["state"] for refund in shown["refunds"] if refund["reference"] == name)
    if state in {"FAILED", "CANCELLED", "REFUSED"}:
        raise Problem(409, "refund_failed", f"this refund is {state}")
    return shown, 202 if state == "REQUESTED" else 200


def _json() -> Any:
    if not request.get_data():
        return {}
    try:
        return json.loads(request.get_data(), parse_float=_number)
    except (ValueError, RecursionError):
        return None


def _number(text: str) -> int | float:
    """Read 15024.0 as a whole number, which it is for JSON Schema."""
    value = float(text)
    return int(value) if value.is_integer() else value


def _body(**fields: type) -> dict[str, Any]:
    body = _json()
    if not isinstance(body, dict):
        raise Problem(400, "bad_request", "the body must be a JSON object")
    for name, kind in fields.items():
        if not isinstance(body.get(name), kind) or not body[name]:
            raise Problem(400, "bad_request", f"{name} is missing or of the wrong type")
    return body


def _check_order(body: dict[str, Any]) -> None:
    if not _REFERENCE.fullmatch(body["reference"]):
        raise Problem(400, "bad_request", "reference must be 1 to 64 of A-Z a-z 0-9 _ -")
    if not re.fullmatch("[A-Z]{3}", body["currency"]):
        raise Problem(400, "bad_request", "currency must be three capital letters")
    if not isinstance(body.get("merchant"), str | None):
        raise Problem(400, "bad_request", "merchant must be text")
    if body.get("capture", "automatic") not in ("automatic", "manual"):
        raise Problem(400, "bad_request", "capture must be automatic or manual")
    if not AMOUNT.fullmatch(body["amount"]):
        raise Problem(400, "bad_request", "amount must be decimal text such as 49.99")
    if not isinstance(body.get("increments", False), bool):
        raise Problem(400, "bad_request", "increments must be true or false")
    check_base(body)
    check_cart(body)
    for name in ("name", "email"):
        text = body["shopper"].get(name)
        if not isinstance(text, str) or len(text) > _TEXT_MAX or not _is_text(text):
            raise Problem(
                400, "bad_request", f"shopper.{name} must be text of at most {_TEXT_MAX} characters"
            )


def _saves(body: dict[str, Any]) -> bool:
    """Read whether the payment method is to be kept."""
    saves = body.get("save", False)
    if not isinstance(saves, bool):
        raise Problem(400, "bad_request", "save must be true or false")
    return saves


def _others(body: dict[str, Any]) -> dict[str, str]:
    """Read what stands for the payment method at further providers."""
    others = body.get("payment_methods")
    if others is None:
        return {}
    if not isinstance(others, dict) or not all(
        isinstance(one, str) and _METHOD.fullmatch(one) for one in others.values()
    ):
        raise Problem(400, "bad_request", "payment_methods must name a payment method for each provider")
    return others


def _is_text(text: str) -> bool:
    """Say whether a JSON string is whole characters; half of a surrogate pair is not."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _amount(service: Service, reference: str) -> int | None:
    body = _json()
    if not isinstance(body, dict):
        raise Problem(400, "bad_request", "the body must be a JSON object")
    text = body.get("amount")
    if text is None:
        return None
    if not isinstance(text, str) or not AMOUNT.fullmatch(text):
        raise Problem(400, "bad_request", "amount must be decimal text such as 49.99")
    return read_amount(service, text, view(service, reference)["currency"])
