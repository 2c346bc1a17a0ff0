"""The names inside of hashes, held against the vendor's document and the newest SDK's classes."""

import importlib
import json
import re
from pathlib import Path

import pytest

from badgateway.providers.stripe.nested import TREES
from badgateway.providers.stripe.params import kinds
from badgateway.providers.stripe.routes import ROUTES

VENDOR = Path(__file__).resolve().parents[4] / "shared" / "vendor" / "stripe"
FORM = "application/x-www-form-urlencoded"
CLASSES = {
    "_payment_intent_create_params": "PaymentIntentCreateParams",
    "_payment_intent_confirm_params": "PaymentIntentConfirmParams",
    "_payment_intent_modify_params": "PaymentIntentModifyParams",
    "_setup_intent_create_params": "SetupIntentCreateParams",
    "_setup_intent_confirm_params": "SetupIntentConfirmParams",
    "_customer_create_params": "CustomerCreateParams",
    "_customer_modify_params": "CustomerModifyParams",
    "_charge_modify_params": "ChargeModifyParams",
    "_payment_method_create_params": "PaymentMethodCreateParams",
    "_payment_method_modify_params": "PaymentMethodModifyParams",
    "checkout._session_create_params": "SessionCreateParams",
}
TAKEN = {(route.method, route.pattern): kinds(route.shape) for route in ROUTES}
NAMES_MIN = 140  # fewer means that a list was not really read
pytestmark = pytest.mark.conformance


def below(tree, name):
    found = {known.removesuffix("!"): inner for known, inner in tree.items()}
    return found.get(name)


def unknown(schema, tree, path, seen):
    """Give the paths of a vendor's schema that a tree does not have."""
    for name, inner in schema.items():
        known = below(tree, name)
        seen.add(f"{path}[{name}]")
        if known is None:
            yield f"{path}[{name}]"
        elif inner and not isinstance(known, str):
            yield from unknown(inner, known, f"{path}[{name}]", seen)


def of_the_document():
    """Give what stands inside of each hash of each address: name -> what is inside of it again."""
    document = json.loads((VENDOR / "stripe-payments-2023-08-16.min.json").read_text())
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            taken = TAKEN.get((method.upper(), re.sub(r"\{\w+\}", "{id}", path)), {})
            form = operation.get("requestBody", {}).get("content", {}).get(FORM, {}).get("schema", {})
            yield from ((name, one) for name, one in _inside(form).items() if taken.get(name) == "mapping")


def of_the_sdk():
    """Give the same as the SDK's classes have it."""
    for module_name, class_name in CLASSES.items():
        module = importlib.import_module(f"stripe.params.{module_name}")
        yield from _fields(getattr(module, class_name), module).items()


def _inside(schema):
    shapes = [schema, *schema.get("anyOf", ())]
    return {name: _inside(one) for shape in shapes for name, one in shape.get("properties", {}).items()}


def _fields(kind, module):
    found = {}
    for name, annotation in kind.__annotations__.items():
        text = getattr(annotation, "__forward_arg__", str(annotation))
        inner = [getattr(module, word, None) for word in re.findall(r"\w+Params\w+", text)]
        found[name] = {key: value for one in inner if one for key, value in _fields(one, module).items()}
    return found


@pytest.mark.parametrize("source", [of_the_document, of_the_sdk])
def test_no_name_that_the_vendor_lists_is_unknown(source):
    hashes = {name for taken in TAKEN.values() for name, kind in taken.items() if kind == "mapping"} & set(
        TREES
    )
    seen = set()

    missing = sorted(
        {
            path
            for name, inner in source()
            if name in hashes and inner
            for path in unknown(inner, TREES[name], name, seen)
        }
    )

    assert missing == []
    assert len(seen) >= NAMES_MIN
