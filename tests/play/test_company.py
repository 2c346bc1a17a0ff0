"""Integrations hired for a run, the plans that stand beside a plan, and what a play leaves behind."""

import asyncio
from dataclasses import replace

import pytest

from badgateway.errors import IntegrationDown
from badgateway.integration.model import Ready, Start
from badgateway.journal.ndjson import read_journal
from badgateway.plan.model import Step
from badgateway.play.company import Company, Player, in_ledger_order, without_faults
from badgateway.play.limbo import make_limbo
from badgateway.play.switchboard import Worlds
from badgateway.webhooks.deliver import Courier

PAY = (Step(1, "pay", "o1"),)


def perform(lab, plan, folder, shop_of=lambda worlds, lab: lab.Shop(worlds, lab.describe())):
    """Play a plan with the smallest shop, and give the worlds and the journal's path."""
    worlds, path = Worlds(make_limbo()), folder / "play.ndjson"
    company = Company(lab.describe(), worlds, "http://127.0.0.1:9", folder, "stripe")

    async def story():
        async with Courier(500) as courier:
            player = Player(1, shop_of(worlds, lab), courier, lab.KEY, lab.SECRET)
            return await company.perform(player, plan, "main", path)

    return worlds, path, story


def test_a_play_is_a_journal_from_its_plan_to_its_last_look(lab, tmp_path):
    plan = lab.a_plan(steps=PAY)
    _, path, story = perform(lab, plan, tmp_path)

    entries = asyncio.run(story())

    assert [entry.kind for entry in entries[:2]] == ["run.started", "run.order"]
    assert "run.finished" in [entry.kind for entry in entries]
    assert [entry.data["after"] for entry in entries if entry.kind == "view.read"][-1] == "final"
    assert tuple(read_journal(path)) == entries


def test_each_play_has_its_own_nonce_and_references(lab, tmp_path):
    plan = lab.a_plan(steps=PAY)

    plays = [asyncio.run(perform(lab, plan, tmp_path)[2]()) for _ in range(2)]

    assert len({entries[0].data["nonce"] for entries in plays}) == 2
    assert len({entries[1].data["reference"] for entries in plays}) == 2


def test_a_world_is_closed_and_its_journal_kept_where_the_integration_died(lab, tmp_path):
    def dead(worlds, lab):
        return replace(lab.Shop(worlds, lab.describe()), code=3)

    worlds, path, story = perform(lab, lab.a_plan(steps=PAY), tmp_path, dead)

    with pytest.raises(IntegrationDown, match=r"died with exit code 3 during step 1 \(pay\)"):
        asyncio.run(story())

    assert (worlds.current, len(worlds.closed)) == ([], 1)
    assert read_journal(path)[-1].data["tail"] == "its last line"


def test_the_baseline_has_no_fault_and_the_twin_only_no_deliveries(lab):
    plan = lab.a_plan(
        faults=(lab.fault("o1.charge[1]", "after_commit", "close"),),
        deliveries=(lab.delivery("o1.payment.succeeded[1]", copies=2),),
        interleaving=5,
    )

    baseline, twin = without_faults(plan), in_ledger_order(plan)

    assert (baseline.faults, baseline.deliveries, baseline.interleaving) == ((), (), 0)
    assert (twin.faults, twin.deliveries, twin.interleaving) == (plan.faults, (), 0)


def test_one_integration_that_does_not_start_ends_all_that_were_hired(lab, tmp_path):
    start = Start(
        ("{python}", "-c", "print('no shop today'); raise SystemExit(4)"), ready=Ready(within_ms=5_000)
    )
    description = replace(lab.describe(), start=start)

    async def story():
        async with Company(description, Worlds(make_limbo()), "http://127.0.0.1:9", tmp_path, "stripe", 3):
            pass

    with pytest.raises(IntegrationDown, match="exit code 4 before it was ready") as down:
        asyncio.run(story())

    assert "no shop today" in str(down.value)


def test_every_player_has_keys_of_its_own(lab, tmp_path):
    """The shop that runs already is one that answers anything at all."""

    async def answer(_reader, writer):
        writer.write(b"HTTP/1.1 404 X\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        writer.close()

    async def story():
        server = await asyncio.start_server(answer, "127.0.0.1", 0)
        url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        description = replace(lab.describe(), base_url=url)
        async with Company(description, Worlds(make_limbo()), url, tmp_path, "stripe", 2) as company:
            keys = {player.api_key for player in company.players}
            secrets = {player.webhook_secret for player in company.players}
        server.close()
        return keys, secrets

    keys, secrets = asyncio.run(story())

    assert (len(keys), len(secrets)) == (2, 2)
    assert all(key.startswith("sk_test_") for key in keys)
