"""dj-stripe, started with nothing but settings: its webhook view, its models and its sync command.

What it found when it first ran against the simulator: there was no account (`GET /v1/account`), without which
it syncs nothing; lists of resources of which the account has none were unknown addresses; the `total_details`
of a session could not be expanded; and a registered endpoint was told nothing. All of them are mended. It
refuses loopback addresses in the form of its admin, so it is registered as its documentation does it in code;
its newest model, AccountV2, passes over STRIPE_API_HOST and asks the real provider, and is left out; and it
learns of refunds from the charge alone, until its sync command is run.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).with_name("django")
WANTED = "dj-stripe>=2.11,<2.12"
pytestmark = [pytest.mark.conformance, pytest.mark.timeout(600)]  # a registry may take its time


@pytest.fixture(scope="module")
def python(folder):
    """Install dj-stripe, with the Django and the SDK that it wants, in an environment of its own."""
    own = folder / "dj-stripe"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", own], check=True, timeout=100)
    pip = [sys.executable, "-m", "pip", "--python", own / "bin" / "python", "install", "--quiet"]
    subprocess.run([*pip, "--disable-pip-version-check", WANTED], check=True, timeout=400)
    return own / "bin" / "python"


@pytest.fixture
def project(python, served, tmp_path):
    """Give a runner of programs in the Django project, with a database of their own each."""

    def run(*arguments, database="webhooks"):
        done = subprocess.run(
            [python, *arguments],
            cwd=PROJECT,
            env=_environment(served, tmp_path / f"{database}.sqlite"),
            capture_output=True,
            text=True,
            check=False,
            timeout=100,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        assert done.stderr == ""
        return done.stdout

    return run


def _environment(served, database):
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    own = {"DATABASE": str(database), "DJANGO_SETTINGS_MODULE": "settings"}
    return {**kept, **served, **own, "PYTHONUNBUFFERED": "1", "PYTHONPATH": str(PROJECT)}


def test_its_models_are_what_the_ledger_says_by_webhook_and_by_sync(
    python, project, served, merchant, a_day, start, tmp_path
):
    django = ["-m", "django"]
    project(*django, "migrate", "--run-syncdb", "--verbosity", "0")
    environment = _environment(served, tmp_path / "webhooks.sqlite")
    command = [python, *django, "runserver", "--noreload", "127.0.0.1:0"]
    options = {"cwd": PROJECT, "env": environment, "stderr": subprocess.STDOUT}
    with start(command, "Quit the server", **options) as (server, said):
        place = next(line.split()[-1] for line in said if "development server at" in line).rstrip("/")
        project("register.py", place)
        a_day()
        events = list(merchant.events.list({"limit": 100}).auto_paging_iter())
        taken = []
        for line in server.stdout:  # it writes a line for each webhook that it has answered
            taken += [line.strip()] if "POST /stripe/webhook/" in line else []
            if len(taken) == len(events):
                break

    project(*django, "migrate", "--run-syncdb", "--verbosity", "0", database="sync")
    models = project("rows.py", "models", database="sync").split()
    project(*django, "djstripe_sync_models", *models, database="sync")
    by_webhook, by_sync = json.loads(project("rows.py")), json.loads(project("rows.py", database="sync"))

    assert [line.split('"')[2].split()[0] for line in taken] == ["200"] * len(events)
    assert by_webhook["events"] == sorted([one.id, one.type] for one in events)
    truth = _truth(merchant)
    for name in ("intents", "charges"):
        assert by_webhook[name] == truth[name]
    assert {name: by_sync[name] for name in truth} == truth
    # It makes refunds of their own of what a charge carries, and charges have carried none since 2022-11-15.
    assert by_webhook["refunds"] == []
    project(*django, "djstripe_sync_models", "Refund")
    assert json.loads(project("rows.py")) == by_sync


def _truth(merchant):
    """Give what the simulator shows of its ledger, in the words of dj-stripe's models."""
    intents = merchant.payment_intents.list({"limit": 100}).data
    charges = merchant.charges.list({"limit": 100}).data
    refunds = merchant.refunds.list({"limit": 100}).data
    return {
        "intents": sorted([one.id, one.amount, one.status, one.customer] for one in intents),
        "charges": sorted(
            [
                *(one.id, f"{one.amount / 100:.2f}", one.currency, one.status, one.captured, one.refunded),
                *(one.amount_refunded, one.payment_intent),
            ]
            for one in charges
        ),
        "refunds": sorted([one.id, one.amount, one.status, one.charge] for one in refunds),
    }
