"""Runs stories against the unruly shop, and fails a test that leaves a copy of it behind."""

import asyncio
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from badgateway import pipeline
from badgateway.integration.read import read_description
from badgateway.plan.compile import compile_scenario
from badgateway.scenario.load import read_scenario

SHOP = Path(__file__).parent / "shop.py"
YAML = """\
name: unruly shop
start:
  command: ["{python}", "SHOP", MOOD]
  env:
    STRIPE_URL: "{stripe.url}"
    STRIPE_KEY: "{stripe.api_key}"
    STRIPE_WEBHOOK_SECRET: "{stripe.webhook_secret}"
  ready: {path: /health, within: 5s}
base_url: "http://127.0.0.1:{port}"
operations:
  pay:
    request: POST /pay
    json: {reference: "{order.reference}", amount: "{order.amount_minor}", currency: "{order.currency}",
      card: "{order.card}"}
  sync: {request: POST /sync}
  view: {request: "GET /orders/{order.reference}"}
view: {status: $.state, paid: $.paid, currency: $.currency}
statuses: {open: UNPAID, waiting: PENDING, paid: PAID, failed: FAILED}
webhooks: {stripe: {path: /hook}}
declares: {deadline: 1500ms, background: 0ms}
"""
PAY = """\
title: One order is paid
why: It is the smallest story.
providers: [stripe]
steps:
  - pay: {order: o1, amount: 49.99}
"""
LOST = PAY + 'faults: [{at: "charge[1]", phase: after_commit, do: close}]\n'


@pytest.fixture
def unruly(tmp_path):
    """Write a shop's badgateway.yaml, and run stories against it."""

    def write(mood, *changes):
        text = YAML.replace("SHOP", SHOP.as_posix()).replace("MOOD", mood)
        for old, new in changes:
            assert old in text
            text = text.replace(old, new)
        path = tmp_path / "badgateway.yaml"
        path.write_text(text, encoding="utf-8")
        return path

    def run(mood, *changes, story=PAY, **settings):
        description = read_description(write(mood, *changes))
        plans = compile_scenario(read_scenario(story, "story.yaml"), 1)
        settings = {"workdir": tmp_path / "work", "reproduce": lambda _: "", **settings}
        return asyncio.run(pipeline.run(plans, description, **settings))[0]

    return SimpleNamespace(write=write, run=run, folder=tmp_path, pay=PAY, lost=LOST)


@pytest.fixture(autouse=True)
def _no_process_left(tmp_path):
    yield
    if sys.platform == "linux":
        left = [
            entry.name
            for entry in Path("/proc").iterdir()
            if entry.name.isdigit()
            and SHOP.as_posix().encode() in _command(entry)
            and _is_in(entry, tmp_path)
        ]
        assert left == []


def _command(entry):
    try:
        return (entry / "cmdline").read_bytes()
    except OSError:
        return b""


def _is_in(process, folder):
    """Say whether a process works in a folder: other tests may have shops of their own at this moment."""
    try:
        return (process / "cwd").readlink() == folder
    except OSError:
        return False
