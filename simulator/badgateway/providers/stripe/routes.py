"""Every address that is simulated, with the parameters that it knows."""

from __future__ import annotations

from badgateway.providers.stripe import (
    acting,
    balances,
    charges,
    customers,
    destinations,
    disputes,
    endpoints,
    event_log,
    increments,
    intents,
    own_account,
    payment_methods,
    refunds,
    registrations,
    search,
    sessions,
    setups,
    shapes,
    thin,
)
from badgateway.providers.stripe.call import Route
from badgateway.providers.stripe.lists import SHAPE as PAGED
from badgateway.providers.stripe.nothing import find_nothing

_PI, _RE, _CH = "/v1/payment_intents", "/v1/refunds", "/v1/charges"
_TXN, _PO = "/v1/balance_transactions", "/v1/payouts"
_SETI, _WE = "/v1/setup_intents", "/v1/webhook_endpoints"
_CS, _HELP = "/v1/checkout/sessions", "/v1/test_helpers"
_ED, _THIN = "/v2/core/event_destinations", "/v2/core/events"
_CUS, _PM, _EVT, _DU = "/v1/customers", "/v1/payment_methods", "/v1/events", "/v1/disputes"

ROUTES: tuple[Route, ...] = (
    Route("POST", _PI, intents.create, shapes.CREATE, "create", required=("amount", "currency")),
    Route("GET", _PI, intents.listing, f"{PAGED} customer customer_account:refused", "list"),
    Route("GET", f"{_PI}/{{id}}", intents.retrieve, "client_secret", "fetch"),
    Route("POST", f"{_PI}/{{id}}", intents.update, shapes.UPDATE),
    Route("POST", f"{_PI}/{{id}}/confirm", intents.confirm, shapes.CONFIRM, "charge"),
    Route("POST", f"{_PI}/{{id}}/capture", intents.capture, shapes.CAPTURE, "capture"),
    Route("POST", f"{_PI}/{{id}}/cancel", intents.cancel, shapes.CANCEL, "void"),
    Route(
        "POST",
        f"{_PI}/{{id}}/increment_authorization",
        increments.increment,
        shapes.INCREMENT,
        "increment",
        required=("amount",),
    ),
    Route("GET", f"{_PI}/search", search.intents, search.SHAPE, "list", required=("query",)),
    Route("POST", _SETI, setups.create, shapes.SETUP),
    Route(
        "GET",
        _SETI,
        setups.listing,
        f"{PAGED} attach_to_self:unused customer customer_account:refused payment_method",
        "list",
    ),
    Route("GET", f"{_SETI}/{{id}}", setups.retrieve, "client_secret", "fetch"),
    Route(
        "POST",
        f"{_SETI}/{{id}}",
        setups.update,
        shapes.SETUP_UPDATE,
    ),
    Route("POST", f"{_SETI}/{{id}}/confirm", setups.confirm, shapes.SETUP_CONFIRM),
    Route("POST", f"{_SETI}/{{id}}/cancel", setups.cancel, shapes.SETUP_CANCEL),
    Route("POST", _RE, refunds.create, shapes.REFUND, "refund"),
    Route("GET", _RE, refunds.listing, f"{PAGED} payment_intent charge", "list"),
    Route("GET", f"{_RE}/{{id}}", refunds.retrieve, "", "fetch"),
    Route("POST", f"{_RE}/{{id}}", refunds.update, "metadata:metadata"),
    Route("POST", f"{_RE}/{{id}}/cancel", refunds.cancel, ""),
    Route("GET", _CH, charges.listing, f"{PAGED} payment_intent customer transfer_group", "list"),
    Route("GET", f"{_CH}/{{id}}", charges.retrieve, "", "fetch"),
    Route("POST", f"{_CH}/{{id}}", charges.update, shapes.CHARGE),
    Route("GET", f"{_CH}/search", search.charges, search.SHAPE, "list", required=("query",)),
    Route("GET", _DU, disputes.listing, f"{PAGED} payment_intent charge", "list"),
    Route("GET", f"{_DU}/{{id}}", disputes.retrieve, "", "fetch"),
    Route("POST", f"{_DU}/{{id}}", disputes.update, shapes.DISPUTE),
    Route("POST", f"{_DU}/{{id}}/close", disputes.close, ""),
    Route("GET", "/v1/balance", balances.balance, "", shown="balance"),
    Route("GET", _TXN, balances.transactions, shapes.LINES, "list"),
    Route("GET", f"{_TXN}/{{id}}", balances.transaction, ""),
    Route("GET", _PO, balances.payouts, f"{PAGED} arrival_date:created destination:unused status", "list"),
    Route("GET", f"{_PO}/{{id}}", balances.payout, ""),
    Route("POST", _CUS, customers.create, f"{shapes.CUSTOMER} payment_method"),
    Route("GET", _CUS, customers.listing, f"{PAGED} email test_clock:unused", "list"),
    Route("GET", f"{_CUS}/search", search.customers, search.SHAPE, "list", required=("query",)),
    Route("GET", f"{_CUS}/{{id}}", customers.retrieve, ""),
    Route("POST", f"{_CUS}/{{id}}", customers.update, shapes.CUSTOMER_UPDATE),
    Route("DELETE", f"{_CUS}/{{id}}", customers.delete, ""),
    Route("GET", f"{_CUS}/{{id}}/payment_methods", customers.payment_methods, shapes.METHODS, "list"),
    Route("POST", _PM, payment_methods.create, shapes.METHOD, required=("type",)),
    Route("GET", _PM, payment_methods.listing, shapes.METHODS, "list"),
    Route("GET", f"{_PM}/{{id}}", payment_methods.retrieve, ""),
    Route("POST", f"{_PM}/{{id}}", payment_methods.update, shapes.METHOD_UPDATE),
    Route("POST", f"{_PM}/{{id}}/attach", payment_methods.attach, shapes.ATTACH, required=("customer",)),
    Route("POST", f"{_PM}/{{id}}/detach", payment_methods.detach, ""),
    Route("GET", _EVT, event_log.listing, f"{PAGED} type types:list delivery_success:boolean", "list"),
    Route("GET", f"{_EVT}/{{id}}", event_log.retrieve, ""),
    Route("POST", _CS, sessions.create, shapes.SESSION, required=("mode",), shown="checkout.session"),
    Route("GET", _CS, sessions.listing, shapes.SESSIONS, "list", shown="list of checkout.session"),
    Route("GET", f"{_CS}/{{id}}", sessions.retrieve, "", "fetch", shown="checkout.session"),
    Route("POST", f"{_CS}/{{id}}/expire", sessions.expire, "", shown="checkout.session"),
    Route("GET", f"{_CS}/{{id}}/line_items", sessions.line_items, PAGED, shown="list of item"),
    Route("POST", _WE, endpoints.create, shapes.NEW_ENDPOINT, required=("enabled_events", "url")),
    Route("GET", _WE, endpoints.listing, PAGED, "list"),
    Route("GET", f"{_WE}/{{id}}", endpoints.retrieve, ""),
    Route("POST", f"{_WE}/{{id}}", endpoints.update, shapes.ENDPOINT),
    Route("DELETE", f"{_WE}/{{id}}", endpoints.delete, ""),
    Route("GET", "/v1/account", own_account.retrieve, ""),
    Route("GET", "/v1/accounts", own_account.listing, PAGED),
    Route("GET", "/v1/accounts/{id}", own_account.retrieve, ""),
    # These are ours: Stripe rolls secrets in its dashboard only, and does the rest by itself.
    Route("POST", f"{_HELP}/payment_intents/{{id}}/expire", acting.expire, "", shown="payment_intent"),
    Route(
        "POST", f"{_HELP}/payment_intents/{{id}}/clear", acting.clear, "paid:boolean", shown="payment_intent"
    ),
    Route("POST", f"{_HELP}/refunds/{{id}}/fail", acting.fail_refund, "", shown="refund"),
    Route("POST", f"{_HELP}/payouts", acting.pay_out, "", shown="payout"),
    Route(
        "POST",
        f"{_HELP}/webhook_endpoints/{{id}}/roll_secret",
        registrations.roll,
        "expire_old_after:integer",
        shown="webhook_endpoint",
    ),
    Route("POST", _ED, destinations.create, destinations.SHAPE, required=destinations.REQUIRED),
    Route("GET", _ED, destinations.listing, f"{destinations.SHOWN} limit:unused page:unused", "list"),
    Route("GET", f"{_ED}/{{id}}", destinations.retrieve, destinations.SHOWN),
    Route("POST", f"{_ED}/{{id}}", destinations.update, destinations.CHANGES),
    Route("DELETE", f"{_ED}/{{id}}", destinations.delete, ""),
    Route("POST", f"{_ED}/{{id}}/disable", destinations.disable, ""),
    Route("POST", f"{_ED}/{{id}}/enable", destinations.enable, ""),
    Route("POST", f"{_ED}/{{id}}/ping", destinations.ping, ""),
    Route("GET", _THIN, thin.listing, thin.SHAPE, "list"),
    Route("GET", f"{_THIN}/{{id}}", thin.retrieve, ""),
)
_BY_PARTS = {(route.method, *route.pattern.strip("/").split("/")): route for route in ROUTES}
# Behind these the id stands one part later.
_AREAS = frozenset({"checkout", "core", "test_helpers"})
_NO_IDS = frozenset({"", "search"})
# By the path as nearly all write it: without an id, with one at its end, and with one before its last part.
_FIXED = {(route.method, route.pattern): route for route in ROUTES if "{id}" not in route.pattern}
_OBJECTS = {
    (route.method, route.pattern.removesuffix("/{id}")): route
    for route in ROUTES
    if route.pattern.endswith("/{id}")
}
_ACTIONS = {
    (route.method, *route.pattern.split("/{id}/")): route for route in ROUTES if "/{id}/" in route.pattern
}


def find(method: str, path: str) -> tuple[Route | None, str]:
    """Give the route of a path and the id in it; (None, "") where there is none."""
    route = _FIXED.get((method, path))
    if route is not None:
        return route, ""
    front, _, last = path.rpartition("/")
    route = _OBJECTS.get((method, front))
    if route is not None and last not in _NO_IDS:
        return route, last
    front, _, wanted = front.rpartition("/")
    route = _ACTIONS.get((method, front, last))
    if route is not None and wanted not in _NO_IDS:
        return route, wanted
    return _find_by_parts(method, path)


def _find_by_parts(method: str, path: str) -> tuple[Route | None, str]:
    parts = path.strip("/").split("/")
    whole = _BY_PARTS.get((method, *parts))
    if whole is not None and "{id}" not in parts:
        return whole, ""
    at = 3 if len(parts) > 1 and parts[1] in _AREAS else 2
    wanted = parts[at] if len(parts) > at else ""
    if wanted not in _NO_IDS:
        route = _BY_PARTS.get((method, *parts[:at], "{id}", *parts[at + 1 :]))
        if route is not None:
            return route, wanted
    # Not an object that is missing, but an address that is not simulated, or one of which there is none.
    return find_nothing(method, f"/{'/'.join(parts)}")
