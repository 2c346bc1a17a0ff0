"""Small shops with the provider's real address written down, attached and played with."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from badgateway import pipeline
from badgateway.integration.read import read_description

HERE = Path(__file__).parent
DESCRIPTION = """\
name: shop
start:
  command: {command}
  attach: {ways}
  env:
    STRIPE_API_KEY: "{{stripe.api_key}}"
    STRIPE_WEBHOOK_SECRET: "{{stripe.webhook_secret}}"
  ready: {{path: /health, status: 200}}
base_url: "http://127.0.0.1:{{port}}"
operations:
  pay:
    request: POST /orders/{{order.reference}}/pay
    json:
      amount: "{{order.amount_minor}}"
      currency: "{{order.currency}}"
      payment_method: "{{order.card}}"
  refund:
    request: POST /orders/{{order.reference}}/refunds
    json: {{amount: "{{amount_minor}}", reference: "{{refund.reference}}"}}
  view: {{request: "GET /orders/{{order.reference}}"}}
view:
  status: $.status
  paid: $.paid
  refunded: $.refunded
  currency: $.currency
  effects: {{shipped: $.shipped}}
statuses: {{{statuses}}}
webhooks: {{stripe: {{path: /webhooks/stripe}}}}
declares: {{deadline: 10s, background: 0s, once: [shipped]}}
"""
STATUSES = ("UNPAID", "PENDING", "PAID", "PARTIALLY_REFUNDED", "REFUNDED")
STORY = """\
title: Paid, told twice, and given back in part
why: A shop with a hard-coded address must be as testable as any other.
providers: [stripe]
world: {currency: EUR}
steps:
  - pay: {order: o1, amount: 20}
  - refund: {order: o1, amount: 5}
deliveries:
  - {event: "payment.succeeded[1]", copies: 2}
expect:
  order: {o1: PARTIALLY_REFUNDED}
  captured: {o1: 20}
  refunded: {o1: 5}
"""


@pytest.fixture
def played(tmp_path):
    """Give what plays the story against a shop that is started by a command and attached in some ways."""

    def play(command, *ways):
        described, story = tmp_path / "badgateway.yaml", tmp_path / "story.yaml"
        statuses = ", ".join(f"{word}: {word}" for word in STATUSES)
        quoted = [f'"{word}"' for word in command]
        text = DESCRIPTION.format(
            command=f"[{', '.join(quoted)}]", ways=f"[{', '.join(ways)}]", statuses=statuses
        )
        described.write_text(text)
        story.write_text(STORY)
        (result,) = asyncio.run(
            pipeline.run(
                pipeline.load([str(story)], [1]),
                read_description(described),
                workdir=tmp_path / "work",
                reproduce=lambda plan: plan.scenario,
            )
        )
        return result

    return play
