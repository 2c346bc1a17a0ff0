"""Programs run by hand with the provider's real address in them."""

import subprocess
import sys

ATTACH = (sys.executable, "-m", "badgateway", "attach")
PAY = """
import os, stripe
stripe.api_key = os.environ["STRIPE_API_KEY"]
intent = stripe.PaymentIntent.create(amount=700, currency="eur")
print(stripe.PaymentIntent.retrieve(intent.id).amount, stripe.api_base)
"""


def attached(folder, *words):
    """Run the command to its end."""
    return subprocess.run(
        [*ATTACH, *words], cwd=folder, capture_output=True, text=True, timeout=60, check=False
    )


def test_a_program_with_the_sdks_own_address_pays_at_the_simulator(folder):
    done = attached(folder, "--", sys.executable, "-c", PAY)

    assert done.stdout == "700 https://api.stripe.com\n"
    assert done.returncode == 0
    assert done.stderr.startswith("attached by env, python-sdk, node-sdk; set: ")


def test_the_exit_code_is_the_programs(folder):
    assert attached(folder, "--", sys.executable, "-c", "raise SystemExit(7)").returncode == 7


def test_start_up_code_that_a_program_has_already_is_still_run(folder, monkeypatch):
    (folder / "own").mkdir()
    (folder / "own" / "sitecustomize.py").write_text('print("own start-up code")\n')
    monkeypatch.setenv("PYTHONPATH", str(folder / "own"))

    done = attached(folder, "--", sys.executable, "-c", "print('program')")

    assert done.stdout.endswith("own start-up code\nprogram\n")


def test_through_the_proxy_other_hosts_are_refused_and_named(folder):
    asks = "curl -sS -u $STRIPE_API_KEY: https://api.stripe.com/v1/balance; curl -s https://example.org/"

    done = attached(folder, "--by", "proxy", "--", "sh", "-c", asks)

    assert '"object": "balance"' in done.stdout
    assert "refused: example.org:443 (1 time), not simulated" in done.stderr


def test_a_command_that_is_not_there_is_said_in_a_sentence(folder):
    done = attached(folder, "--", "no-such-program")

    assert done.returncode == 3
    assert "cannot start no-such-program: No such file or directory" in done.stderr


def test_webhooks_go_nowhere_else(folder):
    done = attached(folder, "--webhook", "http://example.org/hook", "--", "true")

    assert done.returncode == 2
    assert "loopback" in done.stderr
