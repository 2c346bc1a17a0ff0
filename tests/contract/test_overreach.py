"""What a pact asks for beyond its document is named, field by field, and nothing else is."""

import copy
import json
from pathlib import Path

import pytest

from badgateway.contract.document import contract_of
from badgateway.contract.overreach import Overreach

PACTS = Path(__file__).parents[2] / "contracts" / "provider" / "pacts"
HTTP = json.loads((PACTS / "reference-stripe.json").read_text(encoding="utf-8"))["interactions"]
WEBHOOKS = json.loads((PACTS / "reference-stripe-webhooks.json").read_text(encoding="utf-8"))["interactions"]
CREATE = next(one for one in HTTP if one["description"] == "create and charge a payment, capture automatic")
LOOK = next(one for one in HTTP if one["description"].startswith("look a captured payment up"))


@pytest.fixture
def overreach():
    return Overreach(contract_of("stripe"))


@pytest.mark.parametrize("interaction", [*HTTP, *WEBHOOKS], ids=lambda one: one["description"])
def test_what_the_reference_asks_for_is_promised(overreach, interaction):
    assert overreach.of(interaction) == ()


def test_a_key_of_a_webhook_is_a_header_that_it_comes_with():
    assert contract_of("euler").event_headers("ORDER_SUCCEEDED") == ("Authorization",)
    # The document's own keys are those of who calls the provider.
    assert contract_of("stripe").event_headers("charge.refunded") == ("Stripe-Signature",)


def changed(interaction, change):
    made = copy.deepcopy(interaction)
    change(made)
    return made


@pytest.mark.parametrize(
    ("base", "change", "told"),
    [
        (CREATE, lambda one: one["request"].update(path="/v1/payments"), "has no POST /v1/payments"),
        (CREATE, lambda one: one["request"].update(method="PUT"), "has no PUT /v1/payment_intents"),
        (CREATE, lambda one: one["response"].update(status=201), "/response/status: the pact has 201, the"),
        (LOOK, lambda one: one["request"].update(query={"depth": ["2"]}), "/request/query/depth: "),
        (
            CREATE,
            lambda one: one["request"]["body"].update(content="amount=4999&currency=eur&colour=red"),
            'the pact has colour: "red", the document has colour: nothing of this name',
        ),
        (
            CREATE,
            lambda one: one["request"]["body"].update(content="amount=many&currency=eur"),
            'the pact has amount: "many", the document has amount: an integer',
        ),
        (
            CREATE,
            lambda one: one["response"]["body"]["content"].update(amount="4999"),
            '/response/body/content/amount: the pact has "4999", the document has an integer',
        ),
        (
            CREATE,
            lambda one: one["response"]["body"]["content"].update(points=1),
            "/response/body/content/points: the pact has 1, the document has nothing of this name",
        ),
        (
            CREATE,
            lambda one: one["response"]["body"]["content"].update(status="paid"),
            "/response/body/content/status: ",
        ),
        (
            CREATE,
            lambda one: one["response"]["body"]["content"].update(amount=None),
            "has null, the document has an integer",
        ),
        (
            CREATE,
            lambda one: one["response"]["body"].update(contentType="text/html", content="<p>"),
            "/response/body: the pact has text/html, the document has application/json",
        ),
        (
            CREATE,
            lambda one: one["response"]["headers"].update({"X-Total": ["1"]}),
            "/response/headers/X-Total: the pact has this header, the document has no such header",
        ),
        (
            WEBHOOKS[0],
            lambda one: one["contents"]["content"].update(type="charge.eaten"),
            "has no webhook 'charge.eaten'",
        ),
        (
            WEBHOOKS[0],
            lambda one: one["contents"]["content"]["data"]["object"].update(flavour="sour"),
            "/contents/content/data/object/flavour: ",
        ),
        (
            WEBHOOKS[0],
            lambda one: one["metadata"].update({"X-Signature": "1"}),
            "/metadata/X-Signature: the pact has this header",
        ),
    ],
)
def test_what_is_asked_for_beyond_the_document_is_named(overreach, base, change, told):
    problems = overreach.of(changed(base, change))

    assert problems
    assert any(told in problem for problem in problems), problems
