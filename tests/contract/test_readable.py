"""A document is refused with the place of what cannot be used, and nothing is fetched for it."""

import json

import pytest

from badgateway.contract.readable import read_document
from badgateway.errors import InputError

WHOLE = {"openapi": "3.1.0", "paths": {"/a": {"get": {"responses": {"default": {"$ref": "#/components/r"}}}}}}


@pytest.fixture
def read(tmp_path):
    """Read a document that is written to a file first."""

    def give(text, name="api.json"):
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return read_document(path)

    return give


def test_a_document_may_be_json_with_numbers_that_yaml_would_not_take(read):
    document = {**WHOLE, "components": {"r": {"description": "x", "x-rate": 1e-3}}}

    assert read(json.dumps(document)) == document


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("api.json", json.dumps(WHOLE), "#/components/r is nowhere in this document"),
        ("api.json", '{"openapi": "3.1.0",}', "api.json:1:21: this is no JSON"),
        (
            "api.yaml",
            "openapi: 3.1.0\nwebhooks:\n  a: {$ref: 'http://x.test/a'}\n",
            "api.yaml:3:13: webhooks.a.$ref: http",
        ),
        ("api.yaml", b"\xff", "this is no UTF-8 text"),
        ("api.yaml", "- 1\n", "this is no OpenAPI document"),
        ("api.yaml", "openapi: 3.1.0\npaths: []\n", "`paths` and `webhooks` are mappings"),
    ],
)
def test_what_cannot_be_used_is_told_with_its_place(read, name, text, told):
    with pytest.raises(InputError) as found:
        read(text, name)

    assert told in str(found.value)
    assert all(problem.mend for problem in found.value.problems)


def test_what_is_only_shown_as_an_example_is_no_reference(read):
    shown = {"properties": {"example": {"type": "string"}}, "example": {"$ref": "#/nowhere"}}

    assert read(json.dumps({"openapi": "3.1.1", "paths": {"/a": shown}}))
