"""Providers served for work by hand."""

import signal
import socket
import subprocess
import sys
from contextlib import contextmanager
from urllib.request import Request, urlopen

import pytest

LAST = "SETTLEMENT_URL"  # of the variables
SERVE = (sys.executable, "-m", "badgateway", "serve", "--print-env")


@contextmanager
def serving(folder, *more):
    """Start the server and give its process and its variables; end it whatever happens."""
    process = subprocess.Popen(
        [*SERVE, *more], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        variables: dict[str, str] = {}
        for line in process.stdout:
            name, _, value = line.strip().partition("=")
            variables[name] = value.strip("'")
            if name == LAST:
                break
        yield process, variables
    finally:
        process.kill()
        process.communicate()


def test_the_variables_are_on_stdout_and_the_provider_answers(folder):
    with serving(folder) as (_, variables):
        base = next(value for value in variables.values() if value.startswith("http://127.0.0.1:"))
        key = next(value for value in variables.values() if value.startswith("sk_test_"))
        request = Request(
            f"{base}/v1/payment_intents",
            data=b"amount=500&currency=eur",
            headers={"Authorization": f"Bearer {key}"},
        )

        with urlopen(request, timeout=10) as answer:
            body = answer.read()

    assert b'"amount": 500' in body or b'"amount":500' in body


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM], ids=lambda how: how.name)
def test_an_interrupt_ends_it_with_130(folder, how):
    with serving(folder, "scenarios/retries/lost_answer.yaml") as (process, _):
        process.send_signal(how)
        _, told = process.communicate(timeout=20)

    assert process.returncode == 130
    assert told.rstrip().endswith("interrupted")
    assert "Traceback" not in told


def test_a_port_that_is_taken_is_the_environments_problem(process):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        result = process("serve", "--port", str(taken.getsockname()[1]))

    assert result.returncode == 3
    assert "Traceback" not in result.stderr


def test_the_account_is_kept_at_the_version_that_was_asked_for(folder):
    with serving(folder, "--api-version", "2020-08-27") as (_, variables):
        key = {"Authorization": f"Bearer {variables['STRIPE_API_KEY']}"}
        request = Request(
            f"{variables['STRIPE_URL']}/v1/payment_intents", data=b"amount=500&currency=eur", headers=key
        )

        with urlopen(request, timeout=10) as answer:
            body, version = answer.read(), answer.headers["Stripe-Version"]

    assert version == "2020-08-27"
    assert b'"charges"' in body


def test_a_job_in_a_scripts_background_ends_when_it_is_told_to(folder):
    """Shells let the background jobs of a script ignore SIGINT; SIGTERM has to end them all the same."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with serving(folder) as (process, _):
            process.terminate()
            _, said = process.communicate(timeout=60)
    finally:
        signal.signal(signal.SIGINT, before)

    assert process.returncode == 130
    assert "interrupted" in said
    assert "Traceback" not in said
