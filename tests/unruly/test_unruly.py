"""What comes of a run against an integration that is down, dies, talks garbage, or is merely unusual."""

import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner

from badgateway.cli import main
from badgateway.errors import IntegrationDown
from badgateway.journal.ndjson import read_journal

SHOP = Path(__file__).parent / "shop.py"
NO_START = 'start:\n  command: ["{python}"'


def command(folder, monkeypatch, story, *more):
    """Run the command line in the folder of the shop's badgateway.yaml."""
    monkeypatch.chdir(folder)
    (folder / "story.yaml").write_text(story, encoding="utf-8")
    return CliRunner().invoke(main, ["run", "story.yaml", *more], prog_name="badgateway")


def wait_for(port):
    """Wait until something listens there."""
    until = time.monotonic() + 10
    while time.monotonic() < until:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except ConnectionRefusedError:
            os.sched_yield()
        else:
            return
    raise AssertionError(f"nothing listens on {port}")


def states(result):
    return {row.code: row.state for row in result.verdict.rows}


def test_the_shop_in_no_mood_at_all_is_held(unruly):
    result = unruly.run("well", story=unruly.lost)

    assert (result.verdict.state, result.verdict.problems) == ("held", ())
    assert result.verdict.faults_fired == 1


def test_nothing_that_listens_is_exit_3_with_the_address(unruly, monkeypatch):
    path = unruly.write("well")
    text = path.read_text(encoding="utf-8")
    head, rest = text.split("start:\n")[0], text[text.index("base_url") :]
    path.write_text(head + rest.replace("{port}", "9"), encoding="utf-8")

    result = command(unruly.folder, monkeypatch, unruly.pay)

    assert result.exit_code == 3
    assert "nothing answers at http://127.0.0.1:9; start it, or describe `start`" in result.output
    assert "Traceback" not in result.output


def test_one_that_never_becomes_ready_is_exit_3_with_what_was_waited_for(unruly, monkeypatch):
    unruly.write("never_ready", ("within: 5s", "within: 400ms"))

    result = command(unruly.folder, monkeypatch, unruly.pay)

    assert result.exit_code == 3
    assert "did not answer 200 at http://127.0.0.1:" in result.output
    assert "within 0.4 s" in result.output
    assert "opening in mood never_ready" in result.output


def test_one_that_ends_before_it_is_ready_is_exit_3_with_its_last_lines(unruly, monkeypatch):
    unruly.write("dies_at_start")

    result = command(unruly.folder, monkeypatch, unruly.pay)

    assert result.exit_code == 3
    assert "ended with exit code 7 before it was ready" in result.output
    assert "opening in mood dies_at_start" in result.output


def test_one_that_dies_in_the_middle_is_exit_3_with_its_last_lines(unruly, monkeypatch):
    unruly.write("dies")

    result = command(unruly.folder, monkeypatch, unruly.pay)

    assert result.exit_code == 3
    assert "story.yaml: the integration died with exit code 7 during step 1 (pay)" in result.output
    assert "the last thing that I say" in result.output
    assert "Traceback" not in result.output


def test_one_that_was_running_already_and_dies_is_exit_3(unruly, monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    path = unruly.write("dies")
    text = path.read_text(encoding="utf-8")
    path.write_text(
        text.split("start:\n")[0] + text[text.index("base_url") :].replace("{port}", str(port)),
        encoding="utf-8",
    )
    away = {
        "PORT": str(port),
        "STRIPE_URL": "http://127.0.0.1:9",
        "STRIPE_KEY": "k",
        "STRIPE_WEBHOOK_SECRET": "s",
    }
    with subprocess.Popen([sys.executable, SHOP, "dies"], env={**os.environ, **away}) as shop:
        wait_for(port)

        result = command(unruly.folder, monkeypatch, unruly.pay)

        shop.wait(5)
    assert result.exit_code == 3
    assert (
        "the integration cannot be reached any more since step 1 (pay): connection refused" in result.output
    )


@pytest.mark.parametrize("story", ["pay", "lost"], ids=["in the play", "in its baseline"])
def test_the_journal_of_a_play_that_was_broken_off_is_kept_and_readable(unruly, story):
    with pytest.raises(IntegrationDown):
        unruly.run("dies", story=getattr(unruly, story))

    (path,) = (unruly.folder / "work" / "journals").glob("*.ndjson")
    entries = list(read_journal(path))
    assert [entry.kind for entry in entries][:2] == ["run.started", "run.order"]
    assert entries[-1].kind == "process.exited"
    assert (entries[-1].data["code"], entries[-1].data["is_expected"]) == (7, False)
    assert "the last thing that I say" in entries[-1].data["tail"]


@pytest.mark.parametrize(
    ("mood", "reason"),
    [
        ("html", "the answer is not JSON: it starts with '<html>"),
        ("broken_json", "the answer is not JSON"),
        ("wrong_types", "view.status ($.state) finds an object, not a word"),
        ("empty", "the answer is empty"),
        ("unmapped", "status word 'purple' is not mapped in statuses: add it"),
    ],
)
def test_garbage_is_unknown_with_its_reason_and_never_a_finding(unruly, mood, reason):
    result = unruly.run(mood)

    assert result.verdict.state == "unknown"
    assert result.verdict.cause is None
    assert any(reason in problem for problem in result.verdict.problems), result.verdict.problems


def test_garbage_is_exit_4_on_the_command_line(unruly, monkeypatch):
    unruly.write("html")

    result = command(unruly.folder, monkeypatch, unruly.pay)

    assert result.exit_code == 4
    assert "the answer is not JSON" in result.output
    assert "Traceback" not in result.output


def test_one_that_never_answers_breaks_its_own_deadline_and_the_run_ends(unruly):
    result = unruly.run("silent", ("deadline: 1500ms", "deadline: 200ms"))

    assert states(result)["R4"] == "broken"
    assert result.verdict.cause.invariant == "nothing_left_pending"
    assert "pay took" in result.verdict.cause.sentence
    assert [entry.kind for entry in result.entries].count("run.finished") == 1
    assert result.real_ms < 20_000


def test_webhooks_that_are_refused_for_ever_exhaust_the_ladder_in_virtual_time(unruly):
    result = unruly.run("refuses_webhooks")

    lost = [entry.data["why"] for entry in result.entries if entry.kind == "webhook.lost"]
    sent = [entry for entry in result.entries if entry.kind == "webhook.sent"]
    assert lost == ["exhausted"] * 3
    assert max(entry.data["attempt"] for entry in sent) == 10
    assert result.entries[-1].at_ms - result.entries[0].at_ms == 72 * 3_600_000
    assert [entry.data["is_quiescent"] for entry in result.entries if entry.kind == "run.finished"] == [True]
    assert not [code for code, state in states(result).items() if code[0] in "MR" and state == "broken"]
    assert result.real_ms < 20_000


def test_one_that_is_slow_is_held(unruly):
    result = unruly.run("slow", story=unruly.lost)

    assert (result.verdict.state, result.verdict.problems) == ("held", ())


@pytest.mark.parametrize("story", ["pay", "lost"])
def test_one_that_settles_later_by_webhook_is_held(unruly, story):
    result = unruly.run("asynchronous", ("background: 0ms", "background: 50ms"), story=getattr(unruly, story))

    assert (result.verdict.state, result.verdict.problems) == ("held", ())
    last = [entry for entry in result.entries if entry.kind == "view.read"][-1]
    assert last.data["status"] == "PAID"


def test_one_that_lives_on_webhooks_alone_and_says_nothing_is_unknown_and_told_how_to_mend_it(unruly):
    result = unruly.run("webhook_only", (", background: 0ms", ""), ("  sync: {request: POST /sync}\n", ""))

    assert result.verdict.state == "unknown"
    assert result.verdict.cause is None
    assert any(
        "declare background or poll_interval in badgateway.yaml, or describe its sync operation" in problem
        for problem in result.verdict.problems
    )
