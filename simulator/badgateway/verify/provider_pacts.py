"""The provider boundary: a simulated provider held to the pacts of integrations, webhooks included."""

from __future__ import annotations

from pathlib import Path

from badgateway.contract.document import contract_of
from badgateway.errors import InputError, Problem
from badgateway.providers import DIALECTS
from badgateway.verify.model import Verified
from badgateway.verify.pacts import TIMEOUT_S, hold_to_pact, read_pact
from badgateway.verify.scene import ProviderScene
from badgateway.verify.simulator import Simulator

# Signs the webhooks that a pact asks for. A pact says how a signature looks, not what it is.
WEBHOOK_SECRET = "whsec_verify"  # noqa: S105 - of a simulated account that nobody else ever sees


async def verify_pact(
    path: Path, *, dialect: str | None = None, timeout_s: float = TIMEOUT_S
) -> tuple[Verified, ...]:
    """Hold a simulated provider to one pact; `dialect` says which one, where the pact calls it otherwise.

    Raises InputError for a file that is no pact or names a provider that nobody plays, EnvironmentProblem
    where the verifier cannot run.
    """
    pact = read_pact(path)
    name = dialect or pact.provider
    if name not in DIALECTS:
        known = ", ".join(DIALECTS.names())
        raise InputError(
            [Problem(str(path), 0, 0, f"the provider {name!r} is not simulated; known: {known}")]
        )
    async with Simulator(name, WEBHOOK_SECRET) as simulator:
        scene = ProviderScene(simulator)
        return await hold_to_pact(pact, simulator.url, scene, contract_of(name), timeout_s=timeout_s)
