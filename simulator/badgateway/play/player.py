"""Playing one plan against the running integration, from its first step to its final reads."""

from __future__ import annotations

from badgateway.errors import IntegrationDown
from badgateway.integration.handle import Handle
from badgateway.plan.materialise import to_data
from badgateway.play.posting import post_before_reply
from badgateway.play.quiescence import come_to_rest
from badgateway.play.stage import Stage
from badgateway.play.steps import take
from badgateway.play.world import World
from badgateway.webhooks.deliver import Courier


async def play(world: World, handle: Handle, courier: Courier, role: str) -> None:
    """Play a world's plan into its journal. Raises IntegrationDown where the integration died."""
    stage = Stage(world, handle, courier, post_before_reply)
    _begin(world, handle, role)
    world.journal.write("run.phase", name="steps")
    for step in world.plan.steps:
        await take(stage, step)
        _check_alive(stage, f"step {step.n} ({step.do})")
    await come_to_rest(stage)
    _check_alive(stage, "coming to rest")


def _begin(world: World, handle: Handle, role: str) -> None:
    plan, description = world.plan, handle.description
    declares, view = description.declares, description.view
    shown = {"paid": view.paid, "refunded": view.refunded, "currency": view.currency, "refs": view.refs}
    judgeable = [
        "status",
        *(name for name, path in shown.items() if path),
        *(["effects"] if view.effects else []),
    ]
    world.journal.write(
        "run.started",
        scenario=plan.scenario,
        title=plan.title,
        case=plan.case,
        seed=plan.seed,
        nonce=world.ids.nonce,
        role=role,
        plan=to_data(plan),
        integration=description.name,
        revision=handle.revision,
        declares={name: getattr(declares, name) for name in declares.__dataclass_fields__},
        judgeable=judgeable,
        provider=plan.provider,
        is_strict=plan.is_strict,
    )
    for order in plan.orders:
        world.journal.write(
            "run.order",
            order.name,
            reference=world.reference(order.name),
            amount_minor=order.amount_minor,
            currency=order.currency,
            capture=order.capture,
            card=order.card,
            shopper=order.shopper["name"],
        )


def _check_alive(stage: Stage, when: str) -> None:
    code = stage.handle.exit_code()
    if code is None or stage.was_killed:
        return
    tail = stage.handle.tail()
    stage.world.journal.write("process.exited", pid=0, code=code, is_expected=False, tail=tail)
    raise IntegrationDown(
        f"{stage.world.plan.scenario}: the integration died with exit code {code} during {when}; "
        f"its last lines:\n{tail}"
    )
