"""Stripe's own command line, which is written in Go and sends forms as no SDK here does, over real sockets.

Each behaviour ends with its source, as in the suites of the SDKs: [cli] is the command line's manual.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from tests.conformance.driving import served

PROGRAM = Path(__file__).with_name("cli")
NOWHERE = "http://127.0.0.1:9/"  # webhooks are not what is looked at
pytestmark = [pytest.mark.conformance, pytest.mark.timeout(600)]  # a registry may take its time
VISA = ("amount=2000", "currency=eur", "payment_method=pm_card_visa", "confirm=true")


@pytest.fixture(scope="module")
def command_line(tmp_path_factory):
    """Install it, and give a runner against a simulator that is served; it says what came back."""
    assert shutil.which("npm"), "Node's package manager is needed (Debian: apt-get install npm)"
    # Without a lock file: not all platforms of this version are in every registry, and one wants to see all.
    subprocess.run(["npm", "install", "--silent"], cwd=PROGRAM, check=True, timeout=400)
    folder = tmp_path_factory.mktemp("cli")
    with served("stripe", folder, NOWHERE) as variables:
        key = {"STRIPE_API_KEY": variables["STRIPE_API_KEY"]}
        own = {"XDG_CONFIG_HOME": str(folder), "STRIPE_CLI_TELEMETRY_OPTOUT": "1"}

        def run(*words, data=()):
            given = [word for pair in data for word in ("-d", pair)]
            done = subprocess.run(
                [
                    PROGRAM / "node_modules" / ".bin" / "stripe",
                    *words,
                    *given,
                    "--api-base",
                    variables["STRIPE_URL"],
                ],
                env={**os.environ, **key, **own},
                capture_output=True,
                text=True,
                check=False,
                timeout=60,
            )
            assert done.stdout.startswith("{"), done.stdout + done.stderr
            return json.loads(done.stdout)

        yield run


def test_lists_without_numbers_and_names_with_spaces_are_read(command_line):
    """expand[] twice, payment_method_types[], metadata[a b] [cli]."""
    words = ("post", "/v1/payment_intents", "-e", "customer", "-e", "latest_charge")

    made = command_line(*words, data=(*VISA, "payment_method_types[]=card", "metadata[a b]=c&d=é"))

    assert (made["status"], made["latest_charge"]["object"]) == ("succeeded", "charge")
    assert (made["payment_method_types"], made["metadata"]) == (["card"], {"a b": "c&d=é"})


def test_a_list_of_hashes_without_numbers_is_read_as_rack_does(command_line):
    """A hash ends where one of its keys comes again [api]."""
    lines = [
        f"line_items[][{part}"
        for name, price, count in (("A book", 900, 2), ("A pen", 100, 1))
        for part in (
            "price_data][currency]=eur",
            f"price_data][unit_amount]={price}",
            f"price_data][product_data][name]={name}",
            f"quantity]={count}",
        )
    ]
    made = command_line(
        *("post", "/v1/checkout/sessions"),
        data=("mode=payment", "success_url=https://shop.example/done", *lines),
    )

    shown = command_line("get", f"/v1/checkout/sessions/{made['id']}/line_items")

    assert made["amount_total"] == 1900
    assert [(one["description"], one["quantity"]) for one in shown["data"]] == [("A book", 2), ("A pen", 1)]


def test_a_command_of_a_resource_sends_what_its_flags_say(command_line):
    """Flags with a dot are nested, and some come again and again [cli]."""
    flags = {
        "amount": 2000,
        "currency": "eur",
        "payment-method": "pm_card_visa",
        "shipping.name": "Zoë & Ada",
    }
    given = [word for name, value in flags.items() for word in (f"--{name}", str(value))]
    types = ("--payment-method-types", "card", "--payment-method-types", "us_bank_account")

    made = command_line(
        *("payment_intents", "create", "--confirm=true", *given, *types),
        data=("shipping[address][city]=Linz",),
    )

    assert (made["status"], made["payment_method_types"]) == ("succeeded", ["card", "us_bank_account"])
    assert (made["shipping"]["name"], made["shipping"]["address"]["city"]) == ("Zoë & Ada", "Linz")


def test_brackets_stand_in_a_query_as_they_are(command_line):
    """created[gte] and expand[] of a list [cli]."""
    made = command_line("post", "/v1/payment_intents", data=VISA)

    shown = command_line(
        *("get", "/v1/payment_intents", "--limit", "1", "-e", "data.latest_charge"),
        data=(f"created[gte]={made['created']}",),
    )

    assert [(one["id"], one["latest_charge"]["object"]) for one in shown["data"]] == [(made["id"], "charge")]


def test_an_empty_value_unsets_and_a_customer_is_deleted(command_line):
    """metadata[k]=, description=, and DELETE [api]."""
    made = command_line("post", "/v1/customers", data=("metadata[a]=1", "metadata[b]=2", "description=x"))
    path = f"/v1/customers/{made['id']}"

    changed = command_line("post", path, data=("metadata[a]=", "description="))
    gone = command_line("delete", path, "--confirm")

    assert (changed["metadata"], changed["description"]) == ({"b": "2"}, None)
    assert gone["deleted"] is True


def test_a_key_and_a_version_are_headers(command_line):
    """-i and -v: one intent, and the shape of before 2022-11-15 [idempotency]."""
    words = ("post", "/v1/payment_intents", "-i", "of the command line", "-v", "2020-08-27")

    made, again = (command_line(*words, data=VISA) for _ in range(2))

    assert made == again
    assert made["charges"]["total_count"] == 1


def test_what_is_refused_is_shown_as_stripe_words_it(command_line):
    """parameter_unknown with its path [errors]."""
    told = command_line("post", "/v1/payment_intents", data=(*VISA, "shipping[address][zip]=4020"))

    assert (told["error"]["code"], told["error"]["param"]) == ("parameter_unknown", "shipping[address][zip]")
