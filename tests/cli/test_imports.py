"""A command loads what it needs: the heavy libraries of other commands stay on the disk."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

# What only some commands need; each is tens or hundreds of milliseconds of a process that loads it.
HEAVY = {
    "aiohttp", "faker", "flask", "hypothesis", "jsonschema", "jsonschema_rs", "pact", "requests", "rich",
    "schemathesis", "sqlalchemy", "stripe", "trustme", "uvicorn", "waitress",
}  # fmt: skip
LOADED = """
import asyncio, json, sys
from badgateway.cli import main

def tell():
    print(json.dumps(sorted(set(sys.modules) & set({heavy!r}))))

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
    task = asyncio.ensure_future(serve(None, port=0, webhook_url=None, on_ready=lambda _: ready.set()))
    await ready.wait()
    task.cancel()
    await asyncio.wait([task])

run(until_ready())
tell()
"""


def loaded(body):
    """Give the heavy libraries that a new process has loaded at the end of a command."""
    program = LOADED.format(heavy=sorted(HEAVY), body=body)
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT
    )
    return set(json.loads(done.stdout.splitlines()[-1]))


@pytest.mark.parametrize(
    ("arguments", "needed"),
    [
        (["--help"], ()),
        (["serve", "--help"], ()),
        (["check", "--help"], ()),
        (["check", "scenarios/retries/lost_answer.yaml"], ("faker", "jsonschema")),
    ],
    ids=" ".join,
)
def test_a_command_loads_no_library_that_it_does_not_need(arguments, needed):
    assert loaded(COMMAND.format(arguments=arguments)) <= set(needed)


def test_a_served_provider_needs_its_server_and_its_client_and_no_more():
    """No schema is checked, nothing is drawn, and nothing of the demo or of the contract checks is there."""
    assert loaded(SERVE) == {"aiohttp", "flask", "uvicorn"}
