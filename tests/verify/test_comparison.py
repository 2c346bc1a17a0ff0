"""A pact and a document compared, with nothing started: every planted difference is named, and no other."""

import copy
import json

import pytest

from badgateway.contract.difference import ASKS, LACKS, OMITS, SENDS
from badgateway.errors import InputError
from badgateway.verify.boundaries import merchant_document, pacts_at
from badgateway.verify.comparison import compare
from badgateway.verify.tried import BROKEN, KEPT, UNTRIED

STRIPE = merchant_document().parent / "providers" / "stripe.openapi.yaml"
COMMITTED = [(path, merchant_document()) for path in pacts_at("merchant")] + [
    (path, STRIPE) for path in pacts_at("provider") if path.name.startswith("reference-stripe")
]
BANK = """\
openapi: 3.1.0
info: {title: A bank, version: "1"}
servers: [{url: "https://bank.test/{release}", variables: {release: {default: v2}}}]
security: [{key: []}, {token: []}, {asked: []}]
paths:
  /payments:
    post:
      parameters:
        - {name: X-Request, in: header, required: true, schema: {type: string, minLength: 4}}
      requestBody:
        $ref: "#/components/requestBodies/New"
      responses:
        "201":
          description: Made.
          headers: {Location: {schema: {type: string}}}
          content: {application/json: {schema: {$ref: "#/components/schemas/Payment"}}}
        default: {$ref: "#/components/responses/Refused"}
  /payments/{id}:
    parameters:
      - {name: id, in: path, required: true, schema: {type: integer}}
      - {name: view, in: query, required: true, schema: {enum: [short, long]}}
      - {name: with, in: query, schema: {type: array, items: {enum: [fees, tax]}}}
      - {name: only, in: query, explode: false, schema: {allOf: [{$ref: "#/components/schemas/Numbers"}]}}
      - {name: above, in: query, schema: {type: number}}
    get:
      security: []
      responses:
        "200":
          description: It.
          content: {application/*+json: {schema: {$ref: "#/components/schemas/Payment"}}}
        "204": {description: Nothing.}
webhooks:
  paid:
    post:
      parameters: [{name: Signature, in: header, schema: {type: string}}]
      requestBody:
        content: {application/json: {schema: {$ref: "#/components/schemas/Payment"}}}
  /refunded:
    post:
      requestBody:
        content:
          application/json:
            schema:
              allOf:
                - {$ref: "#/components/schemas/Payment"}
                - {properties: {back: {type: integer}, list: {type: array, items: {type: integer}}}}
components:
  securitySchemes:
    key: {type: apiKey, in: header, name: X-Key}
    token: {type: http, scheme: bearer}
    asked: {type: apiKey, in: query, name: api_key}
  requestBodies:
    New:
      required: true
      content:
        application/json:
          schema:
            type: object
            additionalProperties: false
            required: [amount]
            properties: {amount: {type: integer}, note: {type: string}}
  responses:
    Refused:
      description: No.
      content: {application/json: {schema: {type: object, properties: {code: {type: string}}}}}
  schemas:
    Numbers: {type: array, items: {type: integer}}
    Payment:
      type: object
      additionalProperties: true
      required: [id, status, amount]
      properties:
        id: {type: string}
        status: {enum: [paid, open]}
        amount: {type: number}
        labels: {type: object, additionalProperties: {type: string}}
        extra: {type: object}
        source: {anyOf: [{type: "null"}, {type: object, properties: {bank: {type: string}}}]}
"""
JSON = {"contentType": "application/json", "encoded": False}
MAKE = {
    "type": "Synchronous/HTTP",
    "description": "make a payment",
    "request": {
        "method": "POST",
        "path": "/payments",
        "headers": {"X-Request": ["r-001"], "X-Key": ["k"], "User-Agent": ["shop"]},
        "body": {"content": {"amount": 100}, **JSON},
    },
    "response": {
        "status": 201,
        "headers": {"Location": ["/payments/1"]},
        "body": {"content": {"id": "1", "labels": {"shop": "a"}, "source": {"bank": "b"}}, **JSON},
    },
}
LOOK = {
    "type": "Synchronous/HTTP",
    "description": "look at a payment",
    "request": {"method": "GET", "path": "/v2/payments/7", "query": {"view": ["long"]}},
    "response": {
        "status": 200,
        "body": {"content": {"status": "paid"}, "contentType": "application/bank+json", "encoded": False},
    },
}
PAID = {
    "type": "Asynchronous/Messages",
    "description": "a webhook that says paid",
    "contents": {"content": {"id": "1"}, **JSON},
    "metadata": {"Signature": "s", "contentType": "application/json"},
}


@pytest.fixture
def held(tmp_path):
    """Compare interactions with the bank's document."""

    def give(*interactions, document=BANK, **more):
        pact = {
            "consumer": {"name": "shop"},
            "provider": {"name": "bank"},
            "interactions": list(interactions),
            "metadata": {"pactSpecification": {"version": "4.0"}},
            **more,
        }
        (tmp_path / "pact.json").write_text(json.dumps(pact), encoding="utf-8")
        (tmp_path / "bank.yaml").write_text(document, encoding="utf-8")
        return compare(tmp_path / "pact.json", tmp_path / "bank.yaml")

    return give


@pytest.mark.parametrize(("pact", "document"), COMMITTED, ids=lambda path: path.name)
def test_every_committed_pact_asks_for_no_more_than_its_document_promises(pact, document):
    row = compare(pact, document)

    assert (row.state, row.findings) == (KEPT, ())
    assert len(row.names) == len(json.loads(pact.read_text(encoding="utf-8"))["interactions"])


def test_what_is_promised_is_no_difference(held):
    more = {"view": ["short"], "with": ["fees", "tax"], "only": ["1,2"], "above": ["1.5"]}

    assert held(MAKE, LOOK, PAID).state == KEPT
    assert held(changed(LOOK, "request/query", more)).state == KEPT


def changed(interaction, path, value):
    """Give a copy in which one place has another value; `None` takes it away."""
    made = copy.deepcopy(interaction)
    *parents, last = path.split("/")
    place = made
    for part in parents:
        place = place.setdefault(part, {})
    if value is None:
        del place[last]
    else:
        place[last] = value
    return made


def ruled(side, place, kind):
    """Give the change that puts a matcher on one place of a body."""
    return f"{side}/matchingRules", {"body": {place: {"matchers": [{"match": kind}]}}}


RESPONSE, REQUEST = "response/body/content", "request/body/content"
PLANTED = [
    (MAKE, "request/path", "/refunds", "/request/path", LACKS, "no POST /refunds in bank.yaml"),
    (MAKE, "request/method", "PUT", "/request/path", LACKS, "which has POST there"),
    (MAKE, f"{REQUEST}/amount", "100", f"/{REQUEST}/amount", SENDS, 'has "100", the document has an integer'),
    (MAKE, f"{REQUEST}/tip", 1, f"/{REQUEST}/tip", SENDS, "nothing of this name"),
    (MAKE, f"{REQUEST}/amount", None, f"/{REQUEST}/amount", OMITS, "has nothing, the document has it has to"),
    (MAKE, "request/body", None, "/request/body", OMITS, "a body: application/json"),
    (MAKE, "request/body/contentType", "text/xml", f"/{REQUEST}", SENDS, "text/xml"),
    (MAKE, "request/headers/X-Request", None, "/request/headers/X-Request", OMITS, "it has to be there"),
    (MAKE, "request/headers/X-Request", ["r"], "/request/headers/X-Request", SENDS, "minLength 4"),
    (MAKE, "request/headers/X-Tier", ["1"], "/request/headers/X-Tier", LACKS, "no such header"),
    (MAKE, "request/headers/X-Key", None, "/request/headers/Authorization", OMITS, "header X-Key or Auth"),
    (
        MAKE,
        *ruled("request", "$.amount", "decimal"),
        f"/{REQUEST}/amount",
        SENDS,
        "any number (matcher decimal)",
    ),
    (MAKE, "response/status", 202, f"/{RESPONSE}/id", ASKS, "nothing of this name"),
    (MAKE, "response/headers/X-Left", ["1"], "/response/headers/X-Left", ASKS, "no such header"),
    (MAKE, "response/body/contentType", "text/plain", "/response/body", ASKS, "application/json"),
    (MAKE, f"{RESPONSE}/id", 1, f"/{RESPONSE}/id", ASKS, "has 1, the document has a text"),
    (MAKE, f"{RESPONSE}/points", 1, f"/{RESPONSE}/points", ASKS, "nothing of this name"),
    (MAKE, f"{RESPONSE}/status", "lost", f"/{RESPONSE}/status", ASKS, 'one of "paid", "open"'),
    (MAKE, f"{RESPONSE}/labels/shop", 1, f"/{RESPONSE}/labels/shop", ASKS, "a text"),
    (MAKE, f"{RESPONSE}/extra", {"a/b": 1}, f"/{RESPONSE}/extra/a~1b", ASKS, "nothing of this name"),
    (MAKE, f"{RESPONSE}/source/branch", "x", f"/{RESPONSE}/source/branch", ASKS, "nothing of this name"),
    (LOOK, "request/path", "/payments/seven", "/request/path/id", SENDS, "an integer"),
    (LOOK, "request/query", {}, "/request/query/view", OMITS, "it has to be there"),
    (LOOK, "request/query/view", ["wide"], "/request/query/view", SENDS, 'one of "short", "long"'),
    (LOOK, "request/query/with", ["fees", "tips"], "/request/query/with/1", SENDS, 'one of "fees", "tax"'),
    (LOOK, "request/query/only", ["1,two"], "/request/query/only/1", SENDS, "an integer"),
    (LOOK, "request/query/above", ["much"], "/request/query/above", SENDS, "a number"),
    (LOOK, "request/query/depth", ["2"], "/request/query/depth", LACKS, "nothing of this name"),
    (LOOK, "response/status", 404, "/response/status", LACKS, "the document has 200, 204"),
    (LOOK, "response/status", 204, "/response/body", LACKS, "no body with the status 204"),
    (PAID, "contents/content/id", 1, "/contents/content/id", ASKS, "a text"),
    (PAID, "contents/content/total", 1, "/contents/content/total", ASKS, "nothing of this name"),
    (
        PAID,
        "contents/content/type",
        "lost",
        "/contents/content",
        LACKS,
        "no webhook 'lost'; it has paid, /refunded",
    ),
    (PAID, "metadata/X-Hash", "1", "/metadata/X-Hash", ASKS, "no such header"),
]


@pytest.mark.parametrize(("base", "place", "value", "pointer", "way", "told"), PLANTED)
def test_a_planted_difference_is_named_with_its_place_and_its_way(
    held, base, place, value, pointer, way, told
):
    row = held(changed(base, place, value), {**MAKE, "description": "as it was"})

    assert row.state == BROKEN
    assert {(one.about, one.broken_by) for one in row.findings} == {(base["description"], "shop")}
    (finding,) = [one for one in row.findings if one.told[0].startswith(f"{pointer}: ")]
    assert finding.check == way
    assert told in finding.told[0]


def test_a_matcher_that_asks_for_integers_asks_for_more_than_a_number(held):
    make = changed(MAKE, f"{RESPONSE}/amount", 100)

    plain = held(make)
    whole = held(changed(make, *ruled("response", "$.amount", "integer")))

    assert plain.state == KEPT
    (finding,) = whole.findings
    assert finding.told[0].endswith(
        "an integer (matcher integer), the document has a number, fractions as well"
    )


@pytest.mark.parametrize(
    ("headers", "query"),
    [
        ({"X-Key": "k"}, {}),
        ({"authorization": "Bearer t"}, {}),
        ({}, {"api_key": ["k"]}),
    ],
)
def test_one_of_the_keys_that_a_document_takes_is_enough(held, headers, query):
    sent = changed(MAKE, "request/headers", {"X-Request": "r-001", **headers})

    assert held(changed(sent, "request/query", query)).state == KEPT


def test_a_wrong_value_does_not_make_its_neighbours_unknown(held):
    """What one part of a schema refuses, it says nothing of; nor does a wrong member renumber its list."""
    content = {"id": 1, "status": "paid", "labels": {"a": "b"}, "back": 5, "list": [1, "2", 3], "new": 0}
    told = {**PAID, "description": "refunded", "contents": {"content": content, **JSON}, "metadata": {}}

    row = held(told)

    assert sorted(one.told[0].partition(":")[0] for one in row.findings) == [
        "/contents/content/id",
        "/contents/content/list/1",
        "/contents/content/new",
    ]


def test_who_expects_a_refusal_may_send_what_is_refused(held):
    refused = changed(changed(MAKE, f"{REQUEST}/amount", "many"), RESPONSE, {"code": "bad"})
    refused = changed(changed(refused, "response/status", 400), "response/headers", {})

    assert held(refused).state == KEPT


def test_a_pact_of_version_3_is_compared_and_its_places_are_those_of_its_file(held):
    made = {
        "description": "make a payment",
        "providerStates": [{"name": "open"}],
        "request": {
            "method": "post",
            "path": "/payments",
            "headers": {
                "X-Request": "r-001",
                "Authorization": "Bearer t",
                "Content-Type": "application/json",
            },
            "body": {"amount": "100"},
        },
        "response": {"status": 201, "body": {"id": 1}},
    }
    message = {"description": "paid", "contents": {"id": "1", "more": 1}, "metaData": {"Signature": "s"}}

    row = held(made, messages=[message], metadata={"pactSpecification": {"version": "3.0.0"}})

    assert [(one.about, one.told[0].partition(":")[0]) for one in row.findings] == [
        ("make a payment", "/request/body/amount"),
        ("make a payment", "/response/body/id"),
        ("paid", "/contents/more"),
    ]


def test_interactions_of_one_description_are_told_apart_by_their_states(held):
    other = {**MAKE, "providerStates": [{"name": "an account"}, {"name": "money on it"}]}

    assert held(MAKE, other, MAKE).names == (
        "make a payment",
        "make a payment (an account and money on it)",
        "make a payment (interaction 3)",
    )


def test_what_openapi_cannot_describe_is_not_called_kept(held):
    row = held(MAKE, {"type": "Synchronous/Messages", "description": "ask", "request": {}, "response": []})

    assert row.state == UNTRIED
    assert [(one.about, one.broken_by) for one in row.findings] == [("ask", None)]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (
            ('$ref: "#/components/requestBodies/New"', '$ref: "#/components/New"'),
            "#/components/New is nowhere",
        ),
        (
            ('$ref: "#/components/requestBodies/New"', '$ref: "other.yaml#/New"'),
            "is outside of this document",
        ),
        (("openapi: 3.1.0", "openapi: 3.0.3"), "OpenAPI 3.1 is read, this is 3.0.3 (convert it"),
        (("openapi: 3.1.0", "swagger: '2.0'"), "this is swagger 2.0"),
        (("openapi: 3.1.0", "title: x"), "this is no OpenAPI document"),
        (("info: {", "info: {{"), "bank.yaml:3:1: while parsing"),
    ],
)
def test_a_document_that_cannot_be_used_is_said_with_its_place(held, change, told):
    with pytest.raises(InputError) as found:
        held(MAKE, document=BANK.replace(*change))

    assert told in str(found.value)
    assert "/bank.yaml:" in str(found.value)


def test_a_schema_that_is_none_is_bad_input_as_soon_as_it_is_needed(held):
    with pytest.raises(InputError, match=r"bank\.yaml: .* has a schema that is none") as found:
        held(PAID, document=BANK.replace("id: {type: string}", "id: {type: words}"))

    assert found.value.exit_code == 2


def test_an_operation_or_a_webhook_without_words_about_its_body_promises_none(held):
    lines = ["openapi: 3.1.0", "paths: {/a: {get: {}}}", "webhooks: {gone: {}, told: {post: {}}}"]
    ask = {**LOOK, "request": {"method": "GET", "path": "/a"}}

    row = held(ask, PAID, {**PAID, "description": "told"}, document="\n".join(lines))

    assert [(one.about, one.check) for one in row.findings] == [
        ("look at a payment", LACKS),
        ("a webhook that says paid", LACKS),
        ("told", ASKS),
        ("told", ASKS),
    ]


def test_an_empty_pact_and_an_unusable_document_are_told_at_once(held):
    with pytest.raises(InputError) as found:
        held(document="openapi: 3.1.0\n")

    assert {problem.what for problem in found.value.problems} == {
        "it has neither paths nor webhooks, so it promises nothing",
        "it holds no interaction: nothing would be compared",
    }


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{", "1:2: this is no pact, since it is no JSON"),
        ("[]", "this is no pact: "),
        ('{"consumer": {"name": "a"}}', "this is no pact: KeyError: 'provider'"),
        (None, "No such file or directory (check the path)"),
        (
            """{"consumer": {"name": "a"}, "provider": {"name": "b"}, "interactions": [
                {"description": "x", "request": {"method": "GET"}, "response": {}}]}""",
            "'x': its request has no path",
        ),
    ],
)
def test_a_file_that_is_no_pact_is_said_with_how_to_mend_it(tmp_path, text, told):
    path = tmp_path / "pact.json"
    if text is not None:
        path.write_text(text, encoding="utf-8")

    with pytest.raises(InputError) as found:
        compare(path, STRIPE)

    assert told in str(found.value)
    assert all(problem.mend for problem in found.value.problems)
