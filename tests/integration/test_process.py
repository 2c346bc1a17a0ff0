"""Real processes: they start, fail to start, die, are killed and come back, and none is left behind."""

import asyncio
import gc
import os
import signal
import subprocess
import sys
import textwrap
import warnings
from pathlib import Path

import aiohttp
import pytest

from badgateway.errors import EnvironmentProblem, IntegrationDown
from badgateway.integration.process import RunningIntegration

VALUES = {"order.reference": "o1abc", "amount_minor": 4999, "order.currency": "EUR"}


def is_alive(pid):
    """Say whether a process runs (one that nobody reaped yet is dead)."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


async def until(condition):
    """Wait until something is true; the test's own time-out bounds it."""
    while not condition():  # noqa: ASYNC110 - the condition is about another process, which sets no event
        await asyncio.sleep(0.005)


def pay_and_view(shop):
    async def work():
        paid = await shop.operate("pay", VALUES)
        captured = {f"captured.{name}": item for name, item in paid.captured.items()}
        return paid, await shop.view(VALUES | captured)

    return work()


def test_starts_pays_and_shows_the_order(bench):
    async def scene():
        async with bench.running() as shop:
            return await pay_and_view(shop)

    paid, view = asyncio.run(scene())

    assert (paid.outcome, paid.http_status, paid.status, paid.problem) == ("ok", 200, "PAID", None)
    assert paid.captured == {"id": "id-o1abc"}
    assert (view.status, view.raw, view.paid_minor, view.refunded_minor) == ("PAID", "paid", 4999, None)
    assert (view.currency, view.refs, view.effects) == ("EUR", ("pi_1",), {"mails": 1})


def test_a_process_that_ends_at_once_is_reported_with_its_last_redacted_lines(bench):
    shop = bench.make("dies_at_start")

    with pytest.raises(IntegrationDown) as caught:
        asyncio.run(shop.start())

    message = str(caught.value)
    assert "ended with exit code 7 before it was ready" in message
    assert "starting in mood dies_at_start with [redacted] and card [card " in message
    assert "verysecret" not in message + shop.log_path.read_text()
    assert "4242 4242" not in message + shop.log_path.read_text()


def test_a_process_that_is_never_ready_is_reported_and_ended(bench):
    shop = bench.make("never_ready", lambda text: text.replace("within: 8s", "within: 400ms"))

    with pytest.raises(
        IntegrationDown, match=r"did not answer 200 at http://127.0.0.1:\d+/health within 0.4 s"
    ):
        asyncio.run(shop.start())

    assert shop.pid is not None
    assert not is_alive(shop.pid)


def test_a_command_that_does_not_exist_is_named(bench):
    shop = bench.make(change=lambda text: text.replace("{python}", "no-such-program"))

    with pytest.raises(IntegrationDown, match="'no-such-program' cannot be started"):
        asyncio.run(shop.start())


def test_death_in_the_middle_leaves_the_outcome_open_and_the_exit_code(bench):
    async def scene():
        async with bench.running("dies_in_the_middle") as shop:
            result = await shop.operate("pay", VALUES)
            await until(lambda: shop.exit_code() is not None)
            after = await shop.operate("pay", VALUES)
            await until(lambda: "about to die" in shop.tail())
            return result, after, shop.exit_code(), shop.tail()

    result, after, code, tail = asyncio.run(scene())

    assert (result.outcome, result.problem) == (
        "info",
        "connection lost: it closed the connection without an answer",
    )
    assert (after.outcome, after.problem) == ("info", "connection refused")
    assert code == 3
    assert tail.endswith("about to die with key [redacted]")


def test_kill_and_restart_keep_port_and_folder(bench):
    async def scene():
        async with bench.running() as shop:
            first = (shop.pid, shop.base_url)
            await shop.kill()
            died, refused = shop.exit_code(), await shop.operate("pay", VALUES)
            await shop.start()
            return first, died, refused, (shop.pid, shop.base_url), shop.exit_code(), await pay_and_view(shop)

    first, died, refused, second, code, (paid, view) = asyncio.run(scene())

    assert died == -signal.SIGKILL
    assert refused.problem == "connection refused"
    assert first[0] != second[0]
    assert first[1] == second[1]
    assert code is None
    assert (paid.outcome, view.status) == ("ok", "PAID")


def test_several_copies_run_side_by_side(bench):
    async def scene():
        async with bench.running() as one, bench.running() as two, bench.running() as three:
            await one.operate("pay", VALUES)
            elsewhere = await two.view(VALUES | {"captured.id": "id-o1abc"})
            return {one.base_url, two.base_url, three.base_url}, elsewhere

    urls, elsewhere = asyncio.run(scene())

    assert len(urls) == 3
    assert (elsewhere.is_readable, elsewhere.problem) == (False, "HTTP 404")


def test_cancellation_during_the_start_leaves_no_process(bench):
    shop = bench.make("never_ready")

    async def scene():
        starting = asyncio.create_task(shop.start())
        await until(lambda: shop.pid is not None and "starting" in shop.tail())
        starting.cancel()
        return await asyncio.gather(starting, return_exceptions=True)

    outcome = asyncio.run(scene())

    assert isinstance(outcome[0], asyncio.CancelledError)
    assert not is_alive(shop.pid)


def test_cancellation_during_the_stop_leaves_no_process(bench, tmp_path):
    stubborn = "import signal; signal.signal(signal.SIGTERM, lambda *_: write('not yet'))\n"
    app = tmp_path / "stubborn.py"
    app.write_text(stubborn + (Path(__file__).parent / "apps" / "shop.py").read_text())

    async def scene():
        shop = bench.make(
            change=lambda text: text.replace(str(Path(__file__).parent / "apps" / "shop.py"), str(app))
        )
        await shop.start()
        stopping = asyncio.create_task(shop.stop())
        await until(lambda: "not yet" in shop.tail())
        stopping.cancel()
        await asyncio.gather(stopping, return_exceptions=True)
        return shop.pid

    with warnings.catch_warnings(record=True) as leaks:
        warnings.simplefilter("always", ResourceWarning)
        pid = asyncio.run(scene())
        gc.collect()

    assert not is_alive(pid)
    assert [str(leak.message) for leak in leaks] == []


def test_a_process_does_not_outlive_a_badgateway_that_was_killed(tmp_path):
    app = Path(__file__).parent / "apps" / "shop.py"
    (tmp_path / "badgateway.yaml").write_text(
        textwrap.dedent(f"""\
        name: shop
        start: {{command: ["{{python}}", "{app}"]}}
        base_url: "http://127.0.0.1:{{port}}"
        operations: {{pay: {{request: POST /orders}}, view: {{request: GET /orders/1}}}}
        view: {{status: $.status}}
        statuses: {{paid: PAID}}
        """)
    )
    script = textwrap.dedent("""\
        import asyncio, sys
        from pathlib import Path
        from badgateway.integration.process import RunningIntegration
        from badgateway.integration.read import read_description
        async def main():
            folder = Path(sys.argv[1])
            shop = RunningIntegration(read_description(folder / "badgateway.yaml"), {}, folder)
            await shop.start()
            print(shop.pid, flush=True)
            await asyncio.Event().wait()
        asyncio.run(main())
        """)
    with subprocess.Popen(
        [sys.executable, "-c", script, str(tmp_path)], stdout=subprocess.PIPE, text=True
    ) as ours:
        assert ours.stdout is not None
        pid = int(ours.stdout.readline())
        assert is_alive(pid)

        ours.kill()

        asyncio.run(until(lambda: not is_alive(pid)))


def test_children_of_the_process_end_with_it(bench, tmp_path):
    app = tmp_path / "parent.py"
    shop_py = Path(__file__).parent / "apps" / "shop.py"
    app.write_text(
        "import subprocess, sys\n"
        f"child = subprocess.Popen([sys.executable, {str(shop_py)!r}])\n"
        "print('child', child.pid, flush=True)\n"
        "child.wait()\n"
    )

    async def scene():
        async with bench.running(change=lambda text: text.replace(str(shop_py), str(app))) as shop:
            child = int(shop.tail().split("child ")[1].split()[0])
            was_alive = is_alive(child)
            await shop.kill()
            await until(lambda: not is_alive(child))
            return was_alive

    assert asyncio.run(scene())


def test_the_environment_is_not_inherited_but_for_what_programs_need(bench, monkeypatch, tmp_path):
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "do-not-pass-on")
    monkeypatch.setenv("PYTHONHASHSEED", "0")
    app = tmp_path / "env.py"
    app.write_text("import json, os\nprint(json.dumps(dict(os.environ)), flush=True)\n")
    shop_py = str(Path(__file__).parent / "apps" / "shop.py")
    shop = bench.make(change=lambda text: text.replace(shop_py, str(app)))

    with pytest.raises(IntegrationDown):
        asyncio.run(shop.start())

    log = shop.log_path.read_text()
    assert "AWS_SECRET_ACCESS_KEY" not in log
    assert '"PYTHONHASHSEED": "0"' in log
    assert '"PORT": "' in log
    assert '"PATH": ' in log


def test_without_start_it_is_found_running_and_never_killed(bench, tmp_path):
    async def scene():
        async with bench.running() as shop:

            def attach(text):
                start = text[text.index("start:") : text.index("base_url")]
                return text.replace(start, "").replace("http://127.0.0.1:{port}", shop.base_url)

            attached = bench.make(change=attach)
            await attached.start()
            paid, view = await pay_and_view(attached)
            with pytest.raises(EnvironmentProblem, match="not killed"):
                await attached.kill()
            offers = attached.offers("kill"), attached.offers("pay"), attached.offers("refund")
            await attached.stop()
            return paid, view, offers, is_alive(shop.pid), attached.pid

    paid, view, offers, was_alive, pid = asyncio.run(scene())

    assert (paid.outcome, view.status) == ("ok", "PAID")
    assert offers == (False, True, False)
    assert was_alive
    assert pid is None


def test_the_revision_changes_with_the_program_and_is_equal_for_equal_copies(bench, tmp_path):
    app = tmp_path / "app.py"
    app.write_text((Path(__file__).parent / "apps" / "shop.py").read_text())
    shop_py = str(Path(__file__).parent / "apps" / "shop.py")

    def copy():
        bench.count = 0
        return bench.make(change=lambda text: text.replace(shop_py, str(app)))

    one, two = copy(), copy()
    app.write_text(app.read_text() + "# a change\n")
    three = copy()

    assert one.revision == two.revision
    assert one.revision != three.revision


def test_a_flood_of_output_is_drained_and_bounded(bench, tmp_path):
    app = tmp_path / "loud.py"
    shop_py = Path(__file__).parent / "apps" / "shop.py"
    app.write_text(
        "import sys\n"
        "sys.stdout.write('x' * 300_000 + ' sk_test_verysecret\\n')\n"
        "for n in range(20_000): sys.stdout.write(f'line {n}\\n')\n" + shop_py.read_text()
    )

    async def scene():
        async with bench.running(change=lambda text: text.replace(str(shop_py), str(app))) as shop:
            return shop.tail(), len(shop.tail())

    tail, length = asyncio.run(scene())

    assert "line 19999" in tail
    assert "starting in mood well" in tail
    assert length < 100_000


def test_webhooks_go_where_the_description_says(bench):
    async def scene():
        async with bench.running() as shop:
            return shop.base_url, shop.webhook_url("stripe"), shop.webhook_url("adyen")

    base, stripe, adyen = asyncio.run(scene())

    assert stripe == f"{base}/hooks"
    assert adyen is None


def test_a_provider_that_is_not_played_gets_an_address_that_refuses(bench, tmp_path):
    app = tmp_path / "env.py"
    app.write_text("import os\nprint(os.environ['ADYEN'], flush=True)\n")
    shop_py = str(Path(__file__).parent / "apps" / "shop.py")
    shop = bench.make(
        change=lambda text: text.replace(shop_py, str(app)).replace("env: {", 'env: {ADYEN: "{adyen.url}", ')
    )

    with pytest.raises(IntegrationDown):
        asyncio.run(shop.start())

    assert "http://127.0.0.1:9" in shop.tail()


async def _status(url):
    async with aiohttp.ClientSession() as session, session.get(url) as answer:
        return answer.status


def test_ready_means_that_it_answers(bench):
    async def scene():
        async with bench.running() as shop:
            assert isinstance(shop, RunningIntegration)
            return await _status(f"{shop.base_url}/health"), os.getpgid(shop.pid) == shop.pid

    assert asyncio.run(scene()) == (200, True)
