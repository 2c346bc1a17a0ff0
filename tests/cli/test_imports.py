"""A command loads what it needs: the heavy libraries of other commands stay on the disk."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

# What only some commands need; each is tens or hundreds of milliseconds of a process that loads it.
HEAVY = {
    "aiohttp", "faker", "flask", "hypothesis", "jsonpath", "jsonschema", "jsonschema_rs", "pact", "requests",
    "rich", "schemathesis", "sqlalchemy", "stripe", "trustme", "uvicorn", "waitress", "yaml",
}  # fmt: skip
# Rooms and files of ours with many records; making them is half of what a start costs.
OWN = {
    f"badgateway.{name}"
    for name in (
        "contract.document", "integration.model", "invariants", "payments.book", "plan.compile",
        "play.company", "play.posting", "providers.adyen.dialect", "providers.declared.dialect",
        "providers.euler.dialect", "providers.stripe.dialect", "reference", "scenario", "verify",
        "webhooks.deliver",
    )
}  # fmt: skip
LOADED = """
import asyncio, json, sys
from badgateway.cli import main

def tell():
    print(json.dumps(sorted(set(sys.modules) & set({looked_for!r}))))

{body}
"""
COMMAND = """
sys.argv = ["badgateway", *{arguments!r}]
try:
    main()
except SystemExit:
    tell()
"""
SERVE = """
from badgateway.server.loops import run
from badgateway.serving import serve

async def until_ready():
    ready = asyncio.Event()
    on_ready = lambda _: ready.set()
    task = asyncio.ensure_future(serve(None, port=0, on_ready=on_ready, **{asked!r}))
    await ready.wait()
    task.cancel()
    await asyncio.wait([task])

run(until_ready())
tell()
"""


def loaded(body):
    """Give what is heavy and a new process has loaded at the end of a command."""
    program = LOADED.format(looked_for=sorted(HEAVY | OWN), body=body)
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT
    )
    return set(json.loads(done.stdout.splitlines()[-1]))


@pytest.mark.parametrize(
    ("arguments", "needed"),
    [
        (["--help"], set()),
        (["serve", "--help"], set()),
        (["check", "--help"], set()),
        (["check", "scenarios/retries/lost_answer.yaml"], {"faker", "jsonschema", "yaml"}),
    ],
    ids=lambda one: " ".join(one) if isinstance(one, list) else "",
)
def test_a_command_loads_no_library_that_it_does_not_need(arguments, needed):
    assert loaded(COMMAND.format(arguments=arguments)) & HEAVY <= needed


@pytest.mark.parametrize("arguments", [["--help"], ["serve", "--help"], ["check", "--help"]], ids=" ".join)
def test_a_help_text_loads_nothing_of_a_play(arguments):
    assert loaded(COMMAND.format(arguments=arguments)) & OWN <= {"badgateway.scenario"}


SERVER = {"flask", "uvicorn", "badgateway.payments.book"}
CLIENT = {"aiohttp", "badgateway.play.posting", "badgateway.webhooks.deliver"}


@pytest.mark.parametrize(
    ("asked", "needed"),
    [
        ({}, {"badgateway.providers.stripe.dialect"}),
        ({"provider": "adyen"}, {"badgateway.providers.adyen.dialect"}),
        ({"webhook_url": "http://127.0.0.1:9/hook"}, {"badgateway.providers.stripe.dialect", *CLIENT}),
    ],
    ids=["Stripe", "Adyen", "with webhooks"],
)
def test_a_served_provider_needs_its_server_and_its_dialect_and_a_client_for_webhooks(asked, needed):
    """No schema is checked, nothing is drawn, and nothing of a play or of the contract checks is there."""
    assert loaded(SERVE.format(asked={"webhook_url": None, **asked})) == SERVER | needed
