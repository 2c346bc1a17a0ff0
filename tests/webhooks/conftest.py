"""A story played over real sockets against a tiny integration, and all that the integration saw of it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from badgateway import pipeline
from badgateway.integration.read import read_description
from badgateway.journal.entry import Entry

DESCRIPTION = """\
name: receiver
start:
  command: ["{{python}}", "{program}", "{{port}}"]
  env:
    STRIPE_URL: "{{stripe.url}}"
    STRIPE_KEY: "{{stripe.api_key}}"
    STRIPE_WEBHOOK_SECRET: "{{stripe.webhook_secret}}"
    WIRE: "{{workdir}}/wire.ndjson"
    {more}
  ready: {{path: /health}}
base_url: "http://127.0.0.1:{{port}}"
operations:
  pay:
    request: POST /orders/{{order.reference}}/pay
    json:
      amount_minor: "{{amount_minor}}"
      currency: "{{order.currency}}"
      capture: "{{order.capture}}"
      card: "{{order.card}}"
  refund:
    request: POST /orders/{{order.reference}}/refund
    json: {{amount_minor: "{{amount_minor}}"}}
  view:
    request: GET /orders/{{order.reference}}
view: {{status: $.status}}
statuses: {{OPEN: PENDING, PAID: PAID, REFUNDED: REFUNDED}}
webhooks:
  stripe: {{path: /hook}}
  elsewhere: {{path: /elsewhere}}
declares: {{deadline: 4s, background: 0ms}}
"""
STORY = """\
title: One delivery
providers: [stripe]
world: {{currency: EUR, card: {card}}}
steps:
{steps}
{deliveries}
"""


@dataclass(frozen=True, slots=True)
class Webhook:
    """One request as it came off the socket. Times are seconds of one monotonic clock."""

    head: str
    headers: dict[str, str]
    body: bytes
    wall_s: float  # when it was answered
    status: int
    begun: float
    nearly: float  # all but the last byte was there
    whole: float
    answered: float
    others: int  # webhooks that were open when it began
    asking: int  # our calls to the provider that had no first byte of an answer when it was whole
    heard_meanwhile: int  # of these: how many had one before the webhook was answered

    @property
    def event(self) -> str:
        return json.loads(self.body)["id"]

    @property
    def type(self) -> str:
        return json.loads(self.body)["type"]

    @property
    def signature(self) -> str | None:
        return self.headers.get("stripe-signature")

    @property
    def signed_s(self) -> int:
        return int(self.signature.split(",")[0].removeprefix("t="))


@dataclass(frozen=True, slots=True)
class Played:
    """What one play left: its journal, and what the integration saw of this play and no other."""

    entries: tuple[Entry, ...]
    webhooks: tuple[Webhook, ...]  # in the order in which they were answered
    calls: tuple[dict, ...]
    secret: str

    def journal(self, kind: str, **data: object) -> list[Entry]:
        return [
            entry
            for entry in self.entries
            if entry.kind == kind and data.items() <= dict(entry.data, at_ms=entry.at_ms).items()
        ]

    def events(self, name: str) -> set[str]:
        """Give the wire ids of the events of a neutral name, made or made up."""
        told = [*self.journal("event.created", name=name), *self.journal("webhook.sent", name=name)]
        return {entry.data["event"] for entry in told}

    def got(self, name: str) -> list[Webhook]:
        """Give the webhooks of one neutral event, in the order in which they were answered."""
        return [hook for hook in self.webhooks if hook.event in self.events(name)]


@pytest.fixture
def play(tmp_path) -> Callable[..., Played]:
    """Play one delivery of the language, or none, over real sockets; `settings` are those of receiver.py."""

    def play_one(
        delivery: str | None = None,
        *,
        steps: tuple[str, ...] = ("pay: o1",),
        card: str = "approved",
        **settings: str,
    ) -> Played:
        more = "\n    ".join(f'{name}: "{value}"' for name, value in settings.items())
        program = Path(__file__).parent / "receiver.py"
        (tmp_path / "badgateway.yaml").write_text(DESCRIPTION.format(program=program, more=more))
        lines = "\n".join(f"  - {step}" for step in steps)
        story = tmp_path / "story.yaml"
        deliveries = f"deliveries:\n  - {delivery}" if delivery else ""
        story.write_text(STORY.format(card=card, steps=lines, deliveries=deliveries))
        (result,) = asyncio.run(
            pipeline.run(
                pipeline.load([story.as_posix()], [1]),
                read_description(tmp_path / "badgateway.yaml"),
                workdir=tmp_path / "run",
                reproduce=lambda plan: f"badgateway run {plan.scenario}",
            )
        )
        return _seen(result.entries, tmp_path / "run" / "integration1" / "wire.ndjson")

    return play_one


def _seen(entries: tuple[Entry, ...], wire: Path) -> Played:
    """Read what the integration noted, without what it saw of the same story on a good day."""
    notes = [json.loads(line) for line in wire.read_text().splitlines()]
    secret = next(note["secret"] for note in notes if note["what"] == "secret")
    calls = tuple(note for note in notes if note["what"] == "call")
    hooks = [_webhook(note) for note in notes if note["what"] == "webhook"]
    ours = {entry.data["event"] for entry in entries if entry.kind in ("event.created", "webhook.sent")}
    return Played(entries, tuple(hook for hook in hooks if hook.event in ours), calls, secret)


def _webhook(note: dict) -> Webhook:
    raw = note.pop("raw").encode("latin-1")
    del note["what"]
    head, _, body = raw.partition(b"\r\n\r\n")
    lines = head.decode().split("\r\n")
    headers = {name.lower(): value for name, value in (line.split(": ", 1) for line in lines[1:])}
    return Webhook(head=lines[0], headers=headers, body=body, **note)
