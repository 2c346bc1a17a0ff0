"""The page of request parameters, held against every list of the vendor's."""

import ast
import inspect
import json
import re
from pathlib import Path

import pytest
import stripe
from stripe import params as sdk_params
from stripe._request_options import RequestOptions
from stripe.params.checkout import SessionCreateParams

from badgateway.providers.stripe.parameters import PAGE
from badgateway.providers.stripe.params import kinds
from badgateway.providers.stripe.routes import ROUTES

VENDOR = Path(__file__).resolve().parents[4] / "shared" / "vendor" / "stripe"
pytestmark = pytest.mark.conformance

# What the SDK calls the resources of the dialect; beside them stand those of /v2, which no list has.
SERVICES = (
    stripe.PaymentIntentService,
    stripe.PaymentIntentAmountDetailsLineItemService,
    stripe.ChargeService,
    stripe.RefundService,
    stripe.CustomerService,
    stripe.CustomerPaymentMethodService,
    stripe.PaymentMethodService,
    stripe.SetupIntentService,
    stripe.EventService,
    stripe.BalanceService,
    stripe.BalanceTransactionService,
    stripe.DisputeService,
    stripe.PayoutService,
    stripe.WebhookEndpointService,
    stripe.checkout.SessionService,
    stripe.checkout.SessionLineItemService,
)
# Fewer means that a list was not really read.
ADDRESSES_MIN, PARAMETERS_MIN = 65, 550
OWN_VERBS = {"create": "", "list": "", "retrieve": "/{id}", "update": "/{id}", "modify": "/{id}"}
OWN_VERBS |= {"delete": "/{id}", "search": "/search", "list_payment_methods": "/{id}/payment_methods"}
METHODS = {"list": "GET", "retrieve": "GET", "search": "GET", "list_payment_methods": "GET"}
METHODS |= {"delete": "DELETE", "line_items": "GET"}


@pytest.fixture(scope="module")
def rows():
    """Read the page: address -> all parameters in its columns; and the addresses that are left out."""
    known, _, missing = PAGE.read_text(encoding="utf-8").partition("## Addresses that are left out")
    listed = re.findall(r"^\| ([A-Z]+ /\S+) \| (.*) \|$", known, re.MULTILINE)
    gone = re.findall(r"^\| ([A-Z]+ /\S+) \| (.+) \|$", missing, re.MULTILINE)
    return {address: set(re.findall(r"`(\w+)`", columns)) for address, columns in listed}, dict(gone)


def of_the_document():
    """Give what the OpenAPI document of 2023-08-16 lists."""
    document = json.loads((VENDOR / "stripe-payments-2023-08-16.min.json").read_text())
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            form = operation.get("requestBody", {}).get("content", {}).get(FORM, {}).get("schema", {})
            asked = [one["name"] for one in operation.get("parameters", ()) if one["in"] == "query"]
            yield f"{method.upper()} {_general(path)}", {*form.get("properties", {}), *asked}


def of_the_list():
    """Give what the list of the SDK's requests has, by resource and method."""
    listed = json.loads((VENDOR / "sdk-16.1.0-request-params.json").read_text())["params"]
    for name, parameters in listed.items():
        resource, _, verb = name.rpartition(".")
        root = f"/v1/{resource.replace('.', '/')}s"
        yield f"{METHODS.get(verb, 'POST')} {root}{OWN_VERBS.get(verb, f'/{{id}}/{verb}')}", set(parameters)


def of_the_services():
    """Give what the SDK's services ask for, read from their code, since only that names the address."""
    for service in SERVICES:
        tree = ast.parse(inspect.getsource(inspect.getmodule(service)))
        for call in (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)):
            source = ast.unparse(call)
            asked = re.search(r"_request\('(\w+)', '([^']+)'", source)
            kind = re.search(r"params: .*?['\"](\w+Params)['\"]", source)
            if asked is None:
                continue
            home = stripe.params.checkout if "checkout" in service.__module__ else stripe.params
            names = set(getattr(home, kind[1]).__annotations__) if kind else set()
            yield f"{asked[1].upper()} {_general(asked[2])}", names - set(RequestOptions.__annotations__)


FORM = "application/x-www-form-urlencoded"
LISTS = [of_the_document, of_the_list, of_the_services]


def _general(path):
    return re.sub(r"\{\w+\}", "{id}", path)


@pytest.mark.parametrize("source", LISTS)
def test_every_parameter_is_used_passed_over_or_refused_by_its_name(rows, source):
    known, left_out = rows
    unknown = {
        address: sorted(names - known.get(address, set()))
        for address, names in source()
        if address not in left_out and not names <= known.get(address, set())
    }

    assert unknown == {}


@pytest.mark.parametrize("source", LISTS)
def test_every_address_of_the_resources_is_simulated_or_left_out_with_a_reason(rows, source):
    known, left_out = rows

    assert {address for address, _ in source()} <= {*known, *left_out}


def test_the_lists_are_read_whole():
    every = {}
    for source in LISTS:
        for address, names in source():
            every.setdefault(address, set()).update(names)

    assert len(every) >= ADDRESSES_MIN
    assert sum(map(len, every.values())) >= PARAMETERS_MIN


def test_nothing_is_left_out_that_is_not_the_vendors(rows):
    _, left_out = rows
    theirs = {address for source in LISTS for address, _ in source()}

    assert set(left_out) <= theirs


# Read by who uses them: a boolean or a reason, and a version of which there will be more.
FREE = {"off_session", "api_version"}


def of_words():
    """Give what the SDK says may be one of some words only: address, parameter, words."""
    for address, names in WORDED.items():
        for parameter, written in getattr(sdk_params, names, SessionCreateParams).__annotations__.items():
            whole = re.search(r"Literal\[(.*?)\]", str(getattr(written, "__forward_arg__", written)))
            words = set(re.findall(r"'([^']+)'", whole[1])) if whole else set()
            if words and parameter not in FREE:
                yield address, parameter, words


# Sessions of subscriptions, and pages that stand within the shop's own.
LEFT_OUT = {"subscribe", "subscription", "elements", "embedded_page", "form"}
WORDED = {
    "POST /v1/payment_intents": "PaymentIntentCreateParams",
    "POST /v1/payment_intents/{id}/cancel": "PaymentIntentCancelParams",
    "POST /v1/setup_intents": "SetupIntentCreateParams",
    "POST /v1/setup_intents/{id}/cancel": "SetupIntentCancelParams",
    "POST /v1/refunds": "RefundCreateParams",
    "POST /v1/payment_methods": "PaymentMethodCreateParams",
    "POST /v1/payment_methods/{id}": "PaymentMethodModifyParams",
    "GET /v1/payment_methods": "PaymentMethodListParams",
    "POST /v1/disputes/{id}": "DisputeModifyParams",
    "POST /v1/checkout/sessions": "(checkout)",
}


@pytest.mark.parametrize(("address", "parameter", "words"), list(of_words()))
def test_what_is_one_of_some_words_is_looked_up(address, parameter, words):
    """Whatever else is sent there is refused with the words that may be."""
    (route,) = [one for one in ROUTES if f"{one.method} {one.pattern}" == address]
    kind = kinds(route.shape)[parameter]

    missing = words - set(re.split(r"[|,]", kind))
    assert kind in {"unused", "refused"} or missing <= LEFT_OUT
