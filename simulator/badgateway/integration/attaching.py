"""How a program that has the provider's real address written down is led to the simulated one."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path

HOOKS = Path(__file__).with_name("hooks")
NODE_HOOK = HOOKS / "attached.cjs"
PROXY, AUTHORITY, HOSTS = "proxy", ".authority", ".hosts"  # names, or ends of names, of settings
WAYS: Mapping[str, str] = {
    "env": "sets the variables that often hold a provider's address, such as STRIPE_API_BASE",
    "python-sdk": "has Python send stripe-python to the simulator, by a start-up hook",
    "node-sdk": "has Node send stripe-node to the simulator, by a preload",
    PROXY: "sets a forward proxy that answers for the provider over TLS, and refuses every other host",
}
_ADDRESS = ("URL", "API_BASE", "BASE_URL", "API_URL", "API_BASE_URL")
_KEY = ("API_KEY", "SECRET_KEY")
_SECRET = ("WEBHOOK_SECRET", "WEBHOOK_SIGNING_SECRET", "ENDPOINT_SECRET")
_PROXIES = ("HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "https_proxy", "http_proxy", "all_proxy")
_AUTHORITIES = (
    "SSL_CERT_FILE",
    "REQUESTS_CA_BUNDLE",
    "CURL_CA_BUNDLE",
    "AWS_CA_BUNDLE",
    "NODE_EXTRA_CA_CERTS",
)
_DIRECT = "localhost,127.0.0.1,::1"  # the program's own database and the like


def variables(
    ways: Sequence[str], settings: Mapping[str, str], inherited: Mapping[str, str]
) -> dict[str, str]:
    """Give the environment variables that attach a program in these ways.

    `settings`: `stripe.url`, `stripe.api_key` and so on, `stripe.hosts`, and with the way `proxy` also
    `proxy.url` and `proxy.authority`, a file of certificates. `inherited`: what the program has already; its
    own PYTHONPATH and NODE_OPTIONS stay in force.
    """
    made: dict[str, str] = {}
    hosts = {
        name.removesuffix(HOSTS): listed.split(",")
        for name, listed in settings.items()
        if name.endswith(HOSTS)
    }
    bases = {host: settings[f"{provider}.url"] for provider, listed in hosts.items() for host in listed}
    if "env" in ways:
        for provider in hosts:
            made |= _named(provider, settings)
    if {"python-sdk", "node-sdk"} & set(ways):
        made["BADGATEWAY_ATTACHED"] = json.dumps(bases)
    if "python-sdk" in ways:
        made["PYTHONPATH"] = os.pathsep.join(filter(None, (str(HOOKS), inherited.get("PYTHONPATH"))))
    if "node-sdk" in ways:
        made["NODE_OPTIONS"] = " ".join(
            filter(None, (inherited.get("NODE_OPTIONS"), f"--require {json.dumps(str(NODE_HOOK))}"))
        )
    if PROXY in ways:
        made |= dict.fromkeys(_PROXIES, settings[f"{PROXY}.url"])
        made |= dict.fromkeys(_AUTHORITIES, settings[f"{PROXY}{AUTHORITY}"])
        # Node reads the proxy variables by itself only where it is told to, and only in newer versions.
        made |= {"NO_PROXY": _DIRECT, "no_proxy": _DIRECT, "NODE_USE_ENV_PROXY": "1"}
    return made


def as_variables(settings: Mapping[str, str]) -> dict[str, str]:
    """Give settings such as `stripe.api_key` as variables such as STRIPE_API_KEY."""
    return {name.upper().replace(".", "_"): value for name, value in settings.items()}


def _named(provider: str, settings: Mapping[str, str]) -> dict[str, str]:
    groups = (("url", _ADDRESS), ("api_key", _KEY), ("webhook_secret", _SECRET))
    return {
        f"{provider.upper()}_{name}": settings[f"{provider}.{key}"]
        for key, names in groups
        for name in names
        if f"{provider}.{key}" in settings
    }
