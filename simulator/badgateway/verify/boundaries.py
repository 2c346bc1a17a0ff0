"""The boundaries of the payment flow: which contracts hold at each, and who is held to them."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlsplit

from badgateway.errors import InputError
from badgateway.ground.artifacts import artifact_dir
from badgateway.ground.ids import new_nonce
from badgateway.integration.model import Description
from badgateway.integration.process import RunningIntegration
from badgateway.providers import DIALECTS
from badgateway.verify.fuzz import Effort, fuzz
from badgateway.verify.model import Fuzzing, Verified
from badgateway.verify.pacts import verify_pact
from badgateway.verify.simulator import Simulator


def merchant_document() -> Path:
    """Give the OpenAPI document of the merchant boundary, as the reference integration promises it."""
    return artifact_dir("specs") / "merchant.openapi.yaml"


def provider_pacts() -> tuple[Path, ...]:
    """Give the pacts between integrations and providers; raises InputError where there are none."""
    folder = artifact_dir("contracts") / "provider" / "pacts"
    found = tuple(sorted(folder.glob("*.json")))
    if not found:
        raise InputError(f"there are no pacts in {folder}")
    return found


async def verify_provider(pacts: Sequence[Path]) -> tuple[Verified, ...]:
    """Hold the simulated providers to the pacts of their consumers."""
    return tuple([row for pact in pacts for row in await verify_pact(pact)])


async def verify_merchant(
    description: Description,
    document: Path,
    effort: Effort,
    extra_arguments: tuple[str, ...] = (),
) -> Fuzzing:
    """Start an integration against a provider that behaves, and hold it to its OpenAPI document.

    Raises IntegrationDown where it does not start, InputError where the document cannot be read.
    """
    nonce = new_nonce()
    async with Simulator(DIALECTS.names()[0]) as simulator:
        simulator.open_account(f"sk_test_{nonce}")
        settings = simulator.settings(f"sk_test_{nonce}", f"whsec_{nonce}")
        with tempfile.TemporaryDirectory(prefix="badgateway-verify-") as folder:
            integration = RunningIntegration(description, settings, Path(folder), extra_arguments)
            try:
                await integration.start()
                return await fuzz(
                    document,
                    integration.base_url,
                    party=description.name,
                    effort=effort,
                    signed=_webhooks(description),
                )
            finally:
                await integration.stop()


def _webhooks(description: Description) -> tuple[str, ...]:
    """Name the operations that take webhooks: what the tool sends there carries no valid signature."""
    return tuple(f"POST {urlsplit(target.path).path}" for target in description.webhooks)
