"""The boundaries of the payment flow: which contracts hold at each, and who is held to them."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from urllib.parse import urlsplit

from badgateway.errors import InputError
from badgateway.ground.artifacts import artifact_dir
from badgateway.ground.ids import new_nonce
from badgateway.integration.model import Description
from badgateway.integration.process import RunningIntegration
from badgateway.providers import DIALECTS
from badgateway.verify.fuzz import Effort, Terms, fuzz
from badgateway.verify.misbehaving import SLACK_MS
from badgateway.verify.model import Fuzzing
from badgateway.verify.simulator import Simulator

_ASKED_AGAIN_MAX = 5
_OF_MERCHANT = "/{merchant}"
# What the merchant document's examples open; another order under this reference would be a conflict.
EXAMPLE_ORDER: Mapping[str, object] = MappingProxyType(
    {
        "order.reference": "order1",
        "order.id": "order1",
        "order.amount": "49.99",
        "order.amount_minor": 4999,
        "order.currency": "EUR",
        "order.capture": "automatic",
        "order.base_currency": "EUR",
        "order.base_amount": "49.99",
        "order.base_amount_minor": 4999,
        "order.cart": None,
        "order.save": False,
        "order.increments": False,
        "order.cards": None,
        "shopper.name": "Ada Byron",
        "shopper.email": "ada@example.test",
        "amount": "49.99",
        "amount_minor": 4999,
        "currency": "EUR",
    }
)


def merchant_document() -> Path:
    """Give the OpenAPI document of the merchant boundary, as the reference integration promises it."""
    return artifact_dir("specs") / "merchant.openapi.yaml"


def pacts_at(boundary: str) -> tuple[Path, ...]:
    """Give the bundled pacts of a boundary; raises InputError where there are none."""
    folder = artifact_dir("contracts") / boundary / "pacts"
    found = tuple(sorted(folder.glob("*.json")))
    if not found:
        raise InputError(f"there are no pacts in {folder}")
    return found


async def verify_merchant(
    description: Description,
    document: Path,
    effort: Effort,
    extra_arguments: tuple[str, ...] = (),
    *,
    is_under_faults: bool = False,
) -> Fuzzing:
    """Start an integration against a provider that behaves, or not; hold it to its OpenAPI document.

    Under faults it may answer each 5xx that its document has for an operation, within its declared deadline.
    Raises IntegrationDown where it does not start, InputError where the document cannot be read.
    """
    nonce = new_nonce()
    async with Simulator(DIALECTS.names()[0]) as simulator:
        settings = _open_accounts(simulator, description, nonce)
        with tempfile.TemporaryDirectory(prefix="badgateway-verify-") as folder:
            integration = RunningIntegration(description, settings, Path(folder), extra_arguments)
            try:
                await integration.start()
                # Under faults it is the generated requests that pay, so that much is asked of the provider.
                steps = ("open",) if is_under_faults else ("open", "pay")
                problems = await _prepare(integration, simulator, description, steps)
                terms = Terms(
                    signed=_webhooks(description), headers=description.contracts.headers, is_stateful=True
                )
                if is_under_faults:
                    simulator.misbehave()
                    terms = _under_faults(terms, description)
                found = await fuzz(
                    document, integration.base_url, party=description.name, effort=effort, terms=terms
                )
                if is_under_faults and not simulator.faults_fired:
                    problems = (
                        *problems,
                        "no call to the provider went wrong, so nothing was put to the test",
                    )
                fired = simulator.faults_fired if is_under_faults else None
                return replace(found, problems=(*problems, *found.problems), faults=fired)
            finally:
                await integration.stop()


def _under_faults(terms: Terms, description: Description) -> Terms:
    """Let the document alone say which 5xx there are, and hold answers to the declared deadline."""
    deadline_ms = description.declares.deadline_ms + SLACK_MS
    return replace(
        terms, passed_over=("not_a_server_error",), is_stateful=False, answers_within_ms=deadline_ms
    )


def _open_accounts(simulator: Simulator, description: Description, nonce: str) -> dict[str, str]:
    """Open an account for each merchant, and give the settings that name them; the first one is the usual."""
    simulator.open_account(f"sk_test_{nonce}")
    settings = simulator.settings(f"sk_test_{nonce}", f"whsec_{nonce}")
    for n, one in enumerate(description.merchants):
        key = f"sk_{'live' if one.is_live else 'test'}_{nonce}{n or ''}"
        settings |= simulator.settings(key, f"whsec_{nonce}{n or ''}", one.name)
        if n:
            simulator.open_further_account(key, one.name, is_live=one.is_live)
    return settings


async def _prepare(
    integration: RunningIntegration, simulator: Simulator, description: Description, steps: tuple[str, ...]
) -> tuple[str, ...]:
    """Have the order that the document's examples name paid, so that generated requests find more than 404.

    Gives what kept it from being paid, in one sentence.
    """
    usual = description.merchants[0].name if description.merchants else "main"
    values = {**EXAMPLE_ORDER, "order.card": simulator.card("approved"), "order.merchant": usual}
    for operation in steps:
        if not integration.offers(operation):
            continue
        result = await integration.operate(operation, values)
        for _ in range(_ASKED_AGAIN_MAX):
            if result.outcome != "info":
                break
            # Nobody knows yet, as on a busy machine: it is asked again once it has looked itself.
            if integration.offers("sync"):
                await integration.operate("sync", values)
            result = await integration.operate(operation, values)
        if result.outcome != "ok":
            why = result.problem or f"HTTP status {result.http_status}"
            return (f"the order of the examples was not paid: {operation} came to {result.outcome} ({why})",)
    return ()


def _webhooks(description: Description) -> tuple[str, ...]:
    """Name the operations that take webhooks: what the tool sends there carries no valid signature.

    Where each merchant has an address of its own, the one without a merchant takes them as well.
    """
    paths = [urlsplit(target.path).path for target in description.webhooks]
    paths += [path.removesuffix(_OF_MERCHANT) for path in paths if path.endswith(_OF_MERCHANT)]
    return tuple(f"POST {path}" for path in paths)
