"""Supabase's sync engine with a Postgres of its own, started with nothing but its settings.

What it found when it first ran against the simulator: a backfill of everything asks for lists of resources
that were unknown addresses; they are empty lists now. What it taught about itself: it drops an event whose
second is that of another event about the same object, so that a payment that was made and confirmed in one
request stays `requires_confirmation` in its tables unless it is told to ask again (`revalidate...`, as here);
for the same reason the day of this test takes a new second for each step.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import time
from pathlib import Path
from urllib.request import urlopen

import pytest

PROGRAM = Path(__file__).with_name("node")
pytestmark = [pytest.mark.conformance, pytest.mark.timeout(600)]  # a registry may take its time


@pytest.fixture(scope="module")
def packages():
    """Install the engine, and a Postgres that needs no server, as the lock file names them."""
    assert shutil.which("npm"), "Node's package manager is needed (Debian: apt-get install npm)"
    subprocess.run(["npm", "ci", "--silent"], cwd=PROGRAM, check=True, timeout=400)


@pytest.mark.usefixtures("packages")
def test_its_tables_are_what_the_ledger_says_by_webhook_and_by_backfill(served, merchant, a_day, start):
    options = {"cwd": PROGRAM, "env": {**os.environ, **served}, "stderr": subprocess.STDOUT}
    with start(["node", "engine.mjs"], "ready at", **options) as (engine, said):
        place = said[-1].split()[-1]
        answers = []

        def taken():
            """Read its log until it has answered every event so far; then let a new second begin."""
            events = merchant.events.list({"limit": 100}).data
            while len(answers) < len(events):
                answers.append(engine.stdout.readline().strip())
            # The simulator's clock follows the machine's in ticks, late where it is busy: a second to spare.
            time.sleep(2 - time.time() % 1)

        a_day(taken)
        by_webhook, by_backfill = _read(f"{place}/rows"), _read(f"{place}/backfill")

    assert set(answers) == {"/webhook 200"}, answers
    assert by_webhook == _truth(merchant)
    assert by_backfill == by_webhook


def _read(url):
    with urlopen(url, timeout=100) as answer:
        return json.load(answer)


def _truth(merchant):
    """Give what the simulator shows of its ledger, in the columns of the engine's tables."""
    found = {
        "customers": (merchant.customers, "id email"),
        "payment_intents": (merchant.payment_intents, "id amount amount_received status customer"),
        "charges": (
            merchant.charges,
            "id amount amount_refunded status captured refunded payment_intent",
        ),
        "refunds": (merchant.refunds, "id amount status charge"),
    }
    return {
        table: [
            {name: one[name] for name in names.split()}
            for one in sorted(service.list({"limit": 100}).data, key=lambda one: one.id)
        ]
        for table, (service, names) in found.items()
    }
