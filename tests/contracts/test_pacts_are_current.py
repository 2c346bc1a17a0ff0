"""The committed pacts are what the consumer tests write today."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CONTRACTS = ROOT / "contracts"
PACTS = sorted(path.relative_to(CONTRACTS) for path in CONTRACTS.rglob("*.json"))
# The process that writes them has as long as the machine needs, however busy it is.
pytestmark = pytest.mark.timeout(360)


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """Run the consumer tests in a process of their own, where Pact may change what it likes."""
    folder = tmp_path_factory.mktemp("written")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(CONTRACTS)]
    environment = {**os.environ, "BADGATEWAY_PACT_DIR": str(folder)}
    for name in [name for name in environment if name.startswith("PYTEST_")]:
        del environment[name]
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=300
    )
    assert done.returncode == 0, done.stdout
    return folder


def promises(path):
    """Give what a pact promises, without the versions of the tools that wrote it."""
    pact = json.loads(path.read_text(encoding="utf-8"))
    pact.pop("metadata")
    pact["interactions"].sort(key=lambda interaction: interaction["description"])
    return pact


@pytest.mark.parametrize("pact", PACTS, ids=str)
def test_a_committed_pact_says_what_its_consumer_test_says(written, pact):
    assert promises(CONTRACTS / pact) == promises(written / pact.name)


def test_every_pact_that_is_written_is_committed(written):
    assert {path.name for path in written.glob("*.json")} == {pact.name for pact in PACTS}


def test_each_pact_lies_at_its_boundary_and_is_named_for_its_two_sides():
    for pact in PACTS:
        sides = json.loads((CONTRACTS / pact).read_text(encoding="utf-8"))
        boundary, folder, name = pact.parts

        assert boundary in {"merchant", "internal", "provider"}
        both = f"{sides['consumer']['name']}-{sides['provider']['name']}"
        assert folder == "pacts"
        assert name in {f"{both}.json", f"{both}-webhooks.json"}
