"""The next version: a second process beside the first, with the same folder and a port of its own."""

import asyncio


def with_next(text):
    return text.replace("  ready: {within: 8s}", '  ready: {within: 8s}\n  next: {env: {RELEASE: "2"}}')


def test_the_next_version_runs_beside_the_first_and_each_is_asked_by_itself(bench):
    async def scene():
        async with bench.running(change=with_next) as shop:
            following = shop.following()
            try:
                await following.start()
                first = await shop.operate("pay", {"order.reference": "o1a", "amount_minor": 100})
                second = await following.operate("pay", {"order.reference": "o1b", "amount_minor": 100})
                return shop, following, (first.outcome, second.outcome), (shop.pid, following.pid)
            finally:
                await following.stop()

    shop, following, outcomes, pids = asyncio.run(scene())

    assert outcomes == ("ok", "ok")
    assert len(set(pids)) == 2
    assert shop.base_url != following.base_url
    assert shop.workdir == following.workdir
    assert shop.log_path != following.log_path
    assert following.description.start.env["RELEASE"] == "2"
    assert following.following() is None


def test_without_a_described_next_version_there_is_none(bench):
    assert bench.make().following() is None
