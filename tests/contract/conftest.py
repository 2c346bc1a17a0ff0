"""A small provider's document."""

from __future__ import annotations

import pytest

from badgateway.contract.document import read_contract

BANK = """\
openapi: 3.1.0
info: {title: A bank, version: "1"}
paths:
  /v1/payments:
    post:
      parameters: []
      requestBody:
        required: true
        content:
          application/x-www-form-urlencoded:
            schema:
              type: object
              additionalProperties: false
              required: [amount]
              properties: {amount: {type: integer, minimum: 1}, note: {type: string}}
      responses:
        "200": {$ref: "#/components/responses/Shown"}
        4XX: {$ref: "#/components/responses/Refused"}
    get:
      parameters:
        - {$ref: "#/components/parameters/limit"}
        - name: created
          in: query
          style: deepObject
          schema: {type: object, additionalProperties: false, properties: {gte: {type: integer}}}
      responses:
        "200": {description: All.}
  /v1/payments/{id}:
    get:
      responses:
        "200": {$ref: "#/components/responses/Shown"}
  /v1/payments/last:
    get:
      responses:
        "204": {description: None yet.}
webhooks:
  payment.paid:
    post:
      requestBody:
        content: {application/json: {schema: {$ref: "#/components/schemas/Payment"}}}
components:
  parameters:
    limit: {name: limit, in: query, schema: {type: integer, maximum: 100}}
  responses:
    Shown: {description: It., content: {application/json: {schema: {$ref: "#/components/schemas/Payment"}}}}
    Refused: {description: No., content: {application/json: {schema: {type: object, required: [error]}}}}
  schemas:
    Payment:
      type: object
      required: [id, status]
      additionalProperties: false
      properties: {id: {type: string}, status: {enum: [paid, open]}}
"""


@pytest.fixture(scope="session")
def bank(tmp_path_factory):
    """Give the compiled document."""
    path = tmp_path_factory.mktemp("bank") / "bank.openapi.yaml"
    path.write_text(BANK, encoding="utf-8")
    return read_contract(path)
