"""The variables with which a program is attached."""

import json
import os

import pytest

from badgateway.integration.attaching import HOOKS, NODE_HOOK, WAYS, variables

SETTINGS = {
    "stripe.url": "http://127.0.0.1:1",
    "stripe.api_key": "sk_test_1",
    "stripe.webhook_secret": "whsec_1",
    "stripe.hosts": "api.stripe.com",
    "proxy.url": "http://127.0.0.1:2",
    "proxy.authority": "/run/authority.pem",
}


def test_without_a_way_nothing_is_set():
    assert variables((), SETTINGS, {}) == {}


def test_env_names_address_key_and_secret_as_programs_do():
    made = variables(["env"], SETTINGS, {})

    assert made["STRIPE_API_BASE"] == made["STRIPE_URL"] == "http://127.0.0.1:1"
    assert made["STRIPE_SECRET_KEY"] == "sk_test_1"
    assert made["STRIPE_WEBHOOK_SECRET"] == "whsec_1"


@pytest.mark.parametrize("way", ["python-sdk", "node-sdk"])
def test_a_hook_is_told_which_host_is_simulated_where(way):
    assert json.loads(variables([way], SETTINGS, {})["BADGATEWAY_ATTACHED"]) == {
        "api.stripe.com": "http://127.0.0.1:1"
    }


def test_what_a_program_has_set_already_stays_in_force():
    had = {"PYTHONPATH": "/its/own", "NODE_OPTIONS": "--enable-source-maps"}

    made = variables(["python-sdk", "node-sdk"], SETTINGS, had)

    assert made["PYTHONPATH"] == f"{HOOKS}{os.pathsep}/its/own"
    assert made["NODE_OPTIONS"] == f'--enable-source-maps --require "{NODE_HOOK}"'


def test_the_proxy_is_named_to_every_kind_of_client_and_not_used_for_this_machine():
    made = variables(["proxy"], SETTINGS, {})

    assert made["HTTPS_PROXY"] == made["https_proxy"] == "http://127.0.0.1:2"
    assert made["SSL_CERT_FILE"] == made["NODE_EXTRA_CA_CERTS"] == "/run/authority.pem"
    assert "127.0.0.1" in made["NO_PROXY"]


def test_each_way_sets_something():
    assert all(variables([way], SETTINGS, {}) for way in WAYS)


def test_the_hooks_are_where_they_are_said_to_be():
    assert (HOOKS / "sitecustomize.py").is_file()
    assert NODE_HOOK.is_file()
